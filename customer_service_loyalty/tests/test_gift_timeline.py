from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestGiftTimeline(LoyaltyCommon):
    """What the customer was given, for those who may read cards."""

    def _told(self, record=None, user=None):
        record = record or self.case
        timeline = self.env["customer.service.timeline"].with_user(user or self.sales_agent)
        entries = timeline.timeline(record._name, record.id)["entries"]
        return [entry for entry in entries if entry["kind"] in ("gift", "document")]

    def test_given_and_void(self):
        card = self._give()
        [given] = self._told()
        self.assertEqual(given["label"], "Given to the customer")
        self.assertIn("25.00", given["amount"])
        self.assertNotIn(card.code, str(given))
        self._void(card)
        void, _given = self._told(self.customer)
        self.assertEqual(void["label"], "Made void")
        self.assertEqual(void["text"], "Made by mistake")

    def test_agents_without_a_role_in_sales_are_not_told(self):
        self._give()
        self.assertFalse(self._told(user=self.supervisor))

    def test_what_customers_buy_is_not_told(self):
        self.env["loyalty.card"].create(
            {"program_id": self.gift_cards.id, "partner_id": self.customer.id, "points": 5}
        )
        self.assertFalse(self._told(self.customer))
