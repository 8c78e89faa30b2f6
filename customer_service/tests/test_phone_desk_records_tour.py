"""Verifying a product, choosing a source, reporting and merging duplicates in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase
from odoo.tools import mute_logger

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestPhoneDeskRecordsTour(CustomerServiceCommon, HttpCase):
    def test_agent_verifies_the_product_while_answering(self):
        self.company_admin.customer_service_undo_seconds = 0
        lamp = self.env["product.product"].create({"name": "Lamp"})
        case = self._receive(self._mail())
        case.write(
            {
                "lang": "en_US",
                "product_id": lamp.id,
                "product_version": "L-2",
                "type_id": self.env["customer.service.case.type"]
                .create({"name": "Repair", "require_verified_product": True})
                .id,
            }
        )
        self.team.reply_template_id = False
        with self.mock_mail_gateway():
            self.start_tour(
                f"/odoo/cases/{case.id}",
                "customer_service_case_product_tour",
                login="cs_agent_team",
            )
        case.invalidate_recordset()
        self.assertEqual(case.verified_product_id, lamp)
        self.assertEqual(case.verified_version, "L-2")
        self.assertEqual(case.message_count_agent, 1)
        newsletter = self.env.ref("customer_service.contact_source_newsletter").source_id
        self.assertEqual((case.source_id, case.source_other), (newsletter, False))

    def test_agent_reports_and_supervisor_merges(self):
        twin = self.env["res.partner"].create(
            {"name": "A. Kowalska", "email": "anna.k@mail.example"}
        )
        case = self._create_case(partner_id=twin.id)
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "customer_service_duplicate_tour",
            login="cs_agent_team",
        )
        with mute_logger("odoo.addons.base.partner.merge"):
            self.start_tour(
                "/odoo/reported-duplicates", "customer_service_merge_tour", login="cs_supervisor"
            )
        self.env.invalidate_all()
        self.assertFalse(twin.exists())
        self.assertEqual(case.partner_id, self.customer)
