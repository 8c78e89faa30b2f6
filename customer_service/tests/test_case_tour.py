"""An agent's day in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCaseTour(CustomerServiceCommon, HttpCase):
    """Take, note, answer, resolve and find again, as an agent without any other rights."""

    def test_agent_takes_answers_and_resolves_a_case(self):
        self.company_admin.customer_service_undo_seconds = 1
        case = self._receive(self._mail(Subject="Where is my lamp?"))
        case.lang = "en_US"  # that of the answer: the spell check, where it is there, finds nothing
        with self.mock_mail_gateway():
            self.start_tour("/odoo/cases", "customer_service_case_tour", login="cs_agent_team")
            sent = [address for mail in self._mails for address in mail["email_to"]]
        self.assertEqual(sent, ['"Anna Kowalska" <anna@lampy.example>'], "the note went nowhere")
        case.invalidate_recordset()
        self.assertEqual(case.user_id, self.agent_team)
        self.assertEqual(case.status, "resolved")
        self.assertFalse(case.awaiting_reply)
        self.assertEqual(case.message_count_agent, 1)
