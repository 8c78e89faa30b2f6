"""Real mails of other projects' tests, where they lie beside the repository: none is lost."""

import logging
import os
from pathlib import Path
from unittest import SkipTest

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerServiceCommon

_logger = logging.getLogger(__name__)

#: Kinds of files in the collection that are whole mails.
MAILS = ("message", "bounce")


def corpus():
    """Return the folder of the collection.

    :raise SkipTest: it is not on this machine
    """
    beside = Path(__file__).parents[3] / "shared" / "corpus"
    folder = Path(os.environ.get("MAIL_CORPUS") or beside)
    if not (folder / "MANIFEST.tsv").is_file():
        raise SkipTest("The collection of real mails is not beside this repository")
    return folder


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailCorpus(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = corpus()
        rows = (line.split("\t") for line in (folder / "MANIFEST.tsv").read_text().splitlines())
        cls.mails = [folder / path for path, _source, kind, _size in rows if kind in MAILS]
        # Many are of the same few senders, who would count as a machine that runs wild.
        cls.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "100000")
        cls.team.acknowledge_template_id = cls.env["mail.template"].search(
            [("model", "=", "customer.service.case")], limit=1
        )
        cls.robot = cls.env.ref("base.partner_root")

    def _deliver(self, raw):
        """Let a mail come in, and return its line of the log and what it made."""
        log = self.env["customer.service.mail.log"]
        last = log.search([], limit=1).id or 0
        last_message = self.env["mail.message"].search([], limit=1, order="id desc").id
        self.env["mail.thread"].message_process("customer.service.case", raw)
        lines = log.search([("id", ">", last)])
        messages = self.env["mail.message"].search(
            [("id", ">", last_message), ("message_type", "=", "email")]
        )
        return lines, messages

    @mute_logger(
        "odoo.addons.customer_service.models.customer_service_mail_intake",
        "odoo.addons.mail.models.mail_thread",
    )
    def test_each_becomes_something_once_and_no_machine_is_answered(self):
        self.assertTrue(self.mails)
        outcomes = {}
        for path in self.mails:
            with self.subTest(path.name), self.mock_mail_gateway():
                raw = path.read_bytes()
                lines, messages = self._deliver(raw)
                self.assertEqual(len(lines), 1)
                outcomes[lines.outcome] = outcomes.get(lines.outcome, 0) + 1
                self.assertIn(lines.outcome, dict(lines._fields["outcome"].selection))
                self.assertNotIn(self.robot, messages.author_id)
                self.assertFalse(messages.author_id.filtered(lambda author: author.user_ids))
                if lines.outcome in ("automatic", "note"):
                    self.assertNotSentEmail()
                again, more = self._deliver(raw)
                self.assertIn(again.outcome, ("ignored", "failed"))
                self.assertFalse(more)
        _logger.info("What %s real mails became: %s", len(self.mails), outcomes)
