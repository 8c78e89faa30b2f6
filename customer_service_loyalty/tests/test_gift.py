from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestGift(LoyaltyCommon):
    """What makes up for something: by those who may, linked both ways, its code told to nobody."""

    def test_a_gift_card(self):
        until = fields.Date.today() + timedelta(days=30)
        card = self._give(amount=25, valid_until=until, reason="For the long wait")
        self.assertEqual(card.partner_id, self.customer)
        self.assertEqual(card.points, 25)
        self.assertEqual(card.expiration_date, until)
        self.assertEqual(card.history_ids.description, "For the long wait")
        self.assertEqual(card.history_ids.issued, 25)

    def test_pressing_twice_gives_one_card(self):
        values = {"program_id": self.gift_cards.id, "amount": 25}
        dialog = self._press(self.case, "action_give_card", self.sales_manager, **values)
        dialog.action_give()
        with self.assertRaisesRegex(UserError, "done already"):
            dialog.action_give()
        with self.assertRaises(AccessError):
            dialog.is_done = False

    def test_a_dialog_that_was_refused_can_be_mended(self):
        values = {"program_id": self.gift_cards.id, "amount": 0}
        dialog = self._press(self.case, "action_give_card", self.sales_manager, **values)
        with self.assertRaisesRegex(UserError, "worth"), self.cr.savepoint():
            dialog.action_give()
        dialog.amount = 5
        self.assertTrue(dialog.action_give())

    def test_a_coupon_is_worth_one_use(self):
        card = self._give(program_id=self.coupons.id, amount=0)
        self.assertEqual(card.points, self.coupons.reward_ids.required_points)
        self.assertEqual(card._case_document_kind(), "Coupon")

    def test_it_is_linked_both_ways(self):
        card = self._give()
        self.assertEqual(card.customer_service_case_id, self.case)
        [shown] = self.case.with_user(self.sales_manager).documents
        self.assertEqual((shown["model"], shown["id"]), (card._name, card.id))
        self.assertEqual((shown["kind"], shown["state"]), ("Gift Card", "Valid"))
        self.assertIn("25.00", shown["amount"])
        action = card.with_user(self.sales_manager).action_open_customer_service_case()
        self.assertEqual(action["res_id"], self.case.id)

    def test_the_case_does_not_tell_the_code(self):
        card = self._give()
        self.assertIn(card.code[-4:], self._notes())
        self.assertNotIn(card.code, self._notes())
        [shown] = self.case.with_user(self.sales_manager).documents
        self.assertNotIn(card.code, str(shown))

    def test_agents_without_a_role_in_sales_do_not_see_it(self):
        card = self._give()
        self.env.invalidate_all()
        self.assertFalse(self.case.with_user(self.supervisor).documents)
        with self.assertRaises(AccessError):
            card.with_user(self.supervisor).read(["code"])
        with self.assertRaises(AccessError):
            card.with_user(self.portal_user).read(["customer_service_case_id"])

    def test_only_administrators_of_sales(self):
        for user in (self.supervisor, self.sales_agent):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, "administrators of Sales"),
            ):
                self._give(user)
            with (
                self.subTest(user=user.login, way="method"),
                self.assertRaisesRegex(UserError, "administrators of Sales"),
            ):
                self.case.with_user(user)._give_card(self.gift_cards, amount=5)

    def test_a_customer_who_is_not_known(self):
        case = self._create_case(partner_id=False, partner_name="Somebody")
        with self.assertRaisesRegex(UserError, "Make the contact"):
            self._give(case=case)

    def test_no_program(self):
        (self.gift_cards | self.coupons).active = False
        with self.assertRaisesRegex(UserError, "no program"):
            self._give()

    def test_programs_that_give_nothing_now(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        self.coupons.date_to = yesterday
        with self.assertRaisesRegex(UserError, "at the moment"):
            self._give(program_id=self.coupons.id)
        loyalty = self.env["loyalty.program"].create(self._program_values("loyalty"))
        with self.assertRaisesRegex(UserError, "at the moment"):
            self._give(program_id=loyalty.id)

    def test_a_program_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales_manager.company_ids += elsewhere
        self.coupons.company_id = elsewhere
        with self.assertRaisesRegex(UserError, "at the moment"):
            self.case.with_user(self.sales_manager)._give_card(self.coupons)

    def test_nothing_and_less(self):
        for amount in (0, -5):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, "worth"):
                self._give(amount=amount)

    def test_a_day_that_is_over(self):
        with self.assertRaisesRegex(UserError, "expired already"):
            self._give(valid_until=fields.Date.today() - timedelta(days=1))

    def test_a_case_that_one_may_not_change(self):
        self.agent_own.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.case.user_id = self.agent_team
        with self.assertRaises(AccessError):
            self._give(self.agent_own)

    def test_the_dialog_is_its_users_own(self):
        dialog = self.env["customer.service.case.gift"].with_user(self.sales_manager)
        dialog = dialog.create({"case_id": self.case.id, "program_id": self.gift_cards.id})
        with self.assertRaises(AccessError):
            dialog.with_user(self.sales_agent).read(["amount"])
