from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_case_forward import ForwardCommon


@tagged("post_install", "-at_install")
class TestCaseForwardTour(ForwardCommon, HttpCase):
    """An agent asks the carrier, in a real browser."""

    def test_agent_forwards_to_somebody_else(self):
        case = self._case_with_mail(Subject="My lamp is broken")
        self._note(case, body="CANARY-FORWARD")
        with self.mock_mail_gateway():
            self.start_tour(
                f"/odoo/cases/{case.id}", "customer_service_forward_tour", login="cs_agent_team"
            )
            (mail,) = self._mails
        self.assertEqual(mail["email_to"], ["claims@carrier.example"])
        self.assertIn("Was it insured?", mail["body"])
        self.assertNotIn("CANARY-FORWARD", mail["body"])
        self.assertEqual(len(mail["attachments"]), 1)
