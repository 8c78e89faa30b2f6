"""Composing an answer in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCaseComposerTour(CustomerServiceCommon, HttpCase):
    """Prefill, template, two phrases, send, undo, send again, next case, send later."""

    def test_agent_composes_an_answer(self):
        self.company_admin.customer_service_undo_seconds = 6
        label = self.env["ir.attachment"].create(
            {"name": "label.txt", "raw": b"label", "res_model": "mail.template"}
        )
        self.env["mail.template"].create(
            {
                "name": "Sending back",
                "model_id": self.env["ir.model"]._get_id("customer.service.case"),
                "customer_service_answer": True,
                "body_html": "<p>Send it <b>back</b> to us.</p>",
                "attachment_ids": [(6, 0, label.ids)],
            }
        )
        agents = self.env.ref("customer_service.group_agent")
        self.env["mail.canned.response"].create(
            [
                {"source": source, "substitution": text, "group_ids": [(6, 0, agents.ids)]}
                for source, text in (
                    ("sorry", "We are sorry, {{ object.partner_id.name ||| dear customer }}."),
                    ("track", "And today is the day."),
                )
            ]
        )
        self.customer.lang = "en_US"
        case = self._receive(self._mail(Subject="Where is my lamp?"))
        other = self._receive(self._mail("It fell down.", Subject="Broken shade"))
        case.waiting_since = "2020-01-01 00:00:00"
        with self.mock_mail_gateway():
            self.start_tour("/odoo/cases", "customer_service_composer_tour", login="cs_agent_team")
            self.assertEqual(len(self._mails), 1, "twice pressed, once taken back, once sent")
            self.assertIn("The lamp left us today.", self._mails[0]["body"])
        case.invalidate_recordset()
        self.assertEqual(case.message_count_agent, 1)
        later = self.env["mail.scheduled.message"].search([("model", "=", case._name)])
        self.assertEqual(later.res_id, other.id)
        self.assertEqual(later.author_id, self.agent_team.partner_id)
