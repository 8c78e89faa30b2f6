from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestVoid(LoyaltyCommon):
    """A card that nobody can use any more: who did it and why stays."""

    def test_what_is_left_is_taken_back(self):
        card = self._give()
        self._void(card)
        self.assertEqual(card.points, 0)
        self.assertFalse(card.active)
        self.assertEqual(card.history_ids[:1].used, 25)
        self.assertEqual(card.customer_service_void_user_id, self.sales_agent)
        self.assertEqual(card.customer_service_void_reason, "Made by mistake")
        self.assertTrue(card.customer_service_void_date)

    def test_the_case_says_so(self):
        card = self._give()
        self._void(card)
        self.assertIn("was made void: Made by mistake", self._notes())
        self.env.invalidate_all()
        [shown] = self.case.with_user(self.sales_manager).documents
        self.assertEqual((shown["state"], shown["amount"]), ("Void", False))

    def test_from_the_case(self):
        first, second = self._give(), self._give(amount=10)
        action = self.case.with_user(self.sales_agent).action_void_card()
        dialog = self.env[action["res_model"]].with_user(self.sales_agent)
        dialog = dialog.with_context(**action["context"]).create({"reason": "Twice"})
        self.assertEqual(dialog.card_id, second)
        self.assertEqual(dialog.allowed_card_ids, first | second)
        dialog.action_void()
        self.assertFalse(second.active)
        self.assertTrue(first.active)
        self._void(first)
        with self.assertRaisesRegex(UserError, "worth anything"):
            self.case.with_user(self.sales_agent).action_void_card()

    def test_not_twice(self):
        card = self._give()
        self._void(card)
        with self.assertRaisesRegex(UserError, "Sales Agent made .* void already"):
            self._void(card)
        with self.assertRaisesRegex(UserError, "void already"):
            card.with_user(self.sales_agent)._customer_service_void("Again")

    def test_not_what_is_used_up(self):
        card = self._give()
        card.points = 0
        with self.assertRaisesRegex(UserError, "used up"):
            self._void(card)

    def test_the_rest_of_what_is_partly_used(self):
        card = self._give()
        card.points = 5
        self._void(card)
        self.assertEqual(card.history_ids[:1].used, 5)

    def test_a_reason_is_demanded(self):
        card = self._give()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._void(card, reason=" ")

    def test_only_with_a_role_in_sales(self):
        card = self._give()
        with self.assertRaisesRegex(UserError, "role in Sales"):
            self._void(card, self.supervisor)
        with self.assertRaisesRegex(UserError, "role in Sales"):
            self.case.with_user(self.supervisor).action_void_card()

    def test_who_made_it_void_is_nobodys_to_write(self):
        card = self._give()
        with self.assertRaises(AccessError):
            card.with_user(self.sales_manager).customer_service_void_reason = "Nothing"

    def test_a_quotation_that_uses_it_cannot_be_confirmed(self):
        card = self._give()
        order = self._create_order(self.customer)
        order._try_apply_code(card.code)
        order._apply_program_reward(self.gift_cards.reward_ids, card)
        self.assertEqual(len(order.order_line), 2)
        self._void(card)
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_it_cannot_be_entered_any_more(self):
        card = self._give()
        self._void(card)
        order = self._create_order(self.customer, order_line=[Command.clear()])
        self.assertTrue(order._try_apply_code(card.code).get("not_found"))
