from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestGiftTour(LoyaltyCommon, HttpCase):
    """A gift card from a case, void again a moment later: in a real browser."""

    def test_a_gift_card_that_is_made_void(self):
        url = f"/odoo/cases/{self.case.id}"
        self.start_tour(url, "customer_service_gift_tour", login="cs_sales_manager")
        card = self.env["loyalty.card"].with_context(active_test=False).search(
            [("customer_service_case_id", "=", self.case.id)]
        )
        self.assertEqual(card.customer_service_void_reason, "One too many")
