"""Selling and giving back from a case, in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_case_credit import CreditCommon
from .test_case_order import OrderCommon


@tagged("post_install", "-at_install")
class TestCaseOrderTour(OrderCommon, HttpCase):
    def test_an_order_by_phone_is_made_confirmed_and_seen_in_the_case(self):
        self._bought(self.lamp)
        self.start_tour(
            f"/odoo/cases/{self.case.id}",
            "customer_service_case_order_tour",
            login=self.agent_team.login,
        )
        order = self.case.sale_order_id
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amount_total, 95)
        self.assertEqual(self.case.status, "resolved")


@tagged("post_install", "-at_install")
class TestCaseCreditTour(CreditCommon, HttpCase):
    def test_one_lamp_is_given_back(self):
        self.start_tour(
            f"/odoo/cases/{self.case.id}",
            "customer_service_case_credit_tour",
            login=self.agent_team.login,
        )
        credit = self.invoice.reversal_move_ids
        self.assertEqual((credit.state, credit.amount_total), ("posted", 40))
