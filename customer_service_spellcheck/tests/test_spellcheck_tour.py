"""The spell check in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import SpellcheckCommon


@tagged("post_install", "-at_install")
class TestSpellcheckTour(SpellcheckCommon, HttpCase):
    """An agent writes with mistakes."""

    def _run(self, tour, **values):
        """Let the agent answer a case in the browser.

        :return: the text of the answer
        """
        # Only the words of the agent are looked at, and leave at once.
        self.company_admin.customer_service_undo_seconds = 0
        self.case.team_id.reply_template_id = False
        self.case.write({"name": "Where is my lamp?", **values})
        with self.mock_mail_gateway():
            self.start_tour("/odoo/cases", tour, login="cs_agent_team")
        self.case.invalidate_recordset()
        return self.case.message_ids.filtered(
            lambda message: message.author_id == self.agent_team.partner_id
            and message.message_type == "comment"
        )[:1].preview

    def test_mistakes_are_mended_before_sending(self):
        answer = self._run("customer_service_spellcheck_tour")
        self.assertEqual(answer, "Hello Anna, you receive the Blorp lamp.")
        word = self.env["customer.service.dictionary.word"].search([("key", "=", "blorp")])
        self.assertEqual((word.lang, word.create_uid), ("en_US", self.agent_team))

    def test_an_answer_goes_out_as_it_is(self):
        answer = self._run("customer_service_spellcheck_anyway_tour")
        self.assertEqual(answer, "Helllo. Helllo again.")

    def test_the_large_composer_has_a_button(self):
        answer = self._run("customer_service_spellcheck_large_tour")
        self.assertIn("Hello Anna", answer)

    def test_an_answer_to_several_is_checked_in_each_language(self):
        self.case.team_id.use_hierarchy = True
        polish = self._create_case(name="Lampa", lang="pl_PL", parent_id=self.case.id)
        english = self._create_case(name="Lamp", lang="en_US", parent_id=self.case.id)
        self._run("customer_service_spellcheck_answer_all_tour")
        for case, words in ((english, "I recieve it, C"), (polish, "Paczka przyjdzie jutro.")):
            (answer,) = case.message_ids.filtered(lambda one: one.message_type == "comment")
            self.assertIn(words, answer.preview)

    def test_without_a_dictionary_an_answer_is_sent(self):
        answer = self._run("customer_service_spellcheck_japanese_tour", lang="ja_JP")
        self.assertEqual(answer, "ランプ helllo")
