from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_escalation import EscalationCommon


@tagged("post_install", "-at_install")
class TestEscalationTour(EscalationCommon, HttpCase):
    """An agent escalates, the supervisor asks back, the agent answers: in a real browser."""

    def test_from_missing_facts_to_the_answers(self):
        self.route.intake_fact_ids = self.fact_phone | self.fact_serial
        url = f"/odoo/cases/{self.case.id}"
        self.start_tour(url, "customer_service_escalation_tour", login="cs_agent_team")
        escalation = self.case.escalation_id
        self.assertEqual(self.case.intake_answers, {str(self.fact_serial.id): "SN-42"})
        self.assertEqual(escalation.message_id.partner_ids, self.supervisor.partner_id)
        self.start_tour(url, "customer_service_escalation_answer_tour", login="cs_supervisor")
        self.assertEqual(escalation.state, "advised")
        self.start_tour(url, "customer_service_escalation_return_tour", login="cs_agent_team")
        self.assertEqual(escalation.state, "open")
        self.assertEqual(escalation.question_ids.mapped("answer"), ["E27", False])
        self.assertFalse(self.case.call_back_date)
