from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestReturn(StockCommon):
    """What comes back: no more than the customer has, by those who may, linked both ways."""

    def test_chosen_goods_come_back(self):
        delivery = self._deliver()
        dialog = self._return_dialog(lamp=2)
        self.assertEqual(dialog.line_ids.mapped("delivered"), [3, 2])
        dialog.reason = "Arrived broken"
        action = dialog.action_return()
        back = delivery.return_ids
        self.assertEqual(back.move_ids.product_id, self.lamp)
        self.assertEqual(back.move_ids.product_uom_qty, 2)
        self.assertEqual(back.sale_id, self.order)
        self.assertEqual(action["params"]["links"][0]["label"], back.name)
        self.assertIn("Arrived broken", "".join(back.message_ids.mapped("body")))

    def test_pressing_twice_makes_one_return(self):
        self._deliver()
        for dialog, button in (
            (self._return_dialog(lamp=1), "action_return"),
            (self._replace_dialog(lamp=1), "action_replace"),
        ):
            with self.subTest(button=button):
                getattr(dialog, button)()
                with self.assertRaisesRegex(UserError, "done already"):
                    getattr(dialog, button)()
        self.assertEqual(len(self._documents("stock.picking")), 1)
        self.assertEqual(len(self._documents("sale.order")), 1)

    def test_it_is_linked_both_ways(self):
        self._deliver()
        self._return_dialog(lamp=1).action_return()
        back = self._documents("stock.picking")
        self.assertEqual(back.customer_service_case_id, self.case)
        self.assertTrue(back.with_user(self.after_sales).is_from_customer_service)
        note = self.case.message_ids.filtered(lambda message: back.name in message.body)
        self.assertTrue(note.subtype_id.internal)
        action = back.with_user(self.after_sales).action_open_customer_service_case()
        self.assertEqual(action["res_id"], self.case.id)

    def test_money_back_lowers_what_is_invoiced(self):
        self._deliver()
        dialog = self._return_dialog(lamp=1)
        self.assertEqual(dialog.outcome, "refund")
        dialog.action_return()
        self._deliver(self._documents("stock.picking"))
        self.assertEqual(self.lamps.qty_delivered, 2)

    def test_the_same_once_more(self):
        self._deliver()
        dialog = self._return_dialog(lamp=1)
        dialog.outcome = "replace"
        dialog.action_return()
        self._deliver(self._documents("stock.picking"))
        self.assertEqual(self.lamps.qty_delivered, 3, "they pay for three and have three")
        replacement = self._documents("sale.order")
        self.assertEqual(replacement.customer_service_replaced_order_id, self.order)
        self.assertEqual(replacement.order_line.product_uom_qty, 1)
        self.assertEqual(replacement.amount_total, 0)

    def test_what_comes_back_is_credited_next_by_who_may(self):
        self._deliver()
        invoice = self._invoice()
        action = self._return_dialog(lamp=1).action_return()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        self.after_sales.group_ids += self.env.ref("account.group_account_invoice")
        action = self._return_dialog(lamp=2).action_return()["params"]["next"]
        dialog = self.env[action["res_model"]].with_user(self.after_sales)
        dialog = dialog.with_context(**action["context"]).create({})
        self.assertEqual(dialog.invoice_id, invoice)
        chosen = dialog.line_ids.filtered("is_chosen")
        self.assertEqual(chosen.move_line_id.product_id, self.lamp)
        self.assertEqual(chosen.quantity, 2)

    def test_nothing_is_credited_that_is_not_invoiced(self):
        self._deliver()
        self.after_sales.group_ids += self.env.ref("account.group_account_invoice")
        action = self._return_dialog(lamp=1).action_return()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")

    def test_several_deliveries_come_back_each_by_its_own(self):
        first = self._deliver(lamp=2)
        second = self._deliver()
        dialog = self._return_dialog()
        dialog.action_return_all()
        self.assertEqual(first.return_ids.move_ids.product_uom_qty, 2)
        back = {move.product_id: move.product_uom_qty for move in second.return_ids.move_ids}
        self.assertEqual(back, {self.lamp: 1, self.shade: 2})
        self.assertEqual(self._documents("stock.picking"), first.return_ids | second.return_ids)

    def test_not_more_than_was_delivered(self):
        self._deliver(lamp=2)
        dialog = self._return_dialog(lamp=3)
        with self.assertRaisesRegex(UserError, "3 of Lamp Luna cannot come back: 2 were"):
            dialog.action_return()

    def test_not_more_than_is_left(self):
        self._deliver()
        self._return_dialog(lamp=2).action_return()
        dialog = self._return_dialog(lamp=2)
        self.assertEqual(dialog.line_ids[:1].settled, 2, "what is on its way back counts")
        with self.assertRaisesRegex(UserError, "2 of them have come back or"):
            dialog.action_return()

    def test_a_return_that_was_cancelled_does_not_count(self):
        self._deliver()
        self._return_dialog(lamp=3).action_return()
        self._documents("stock.picking").action_cancel()
        self._return_dialog(lamp=3).action_return()

    def test_all_is_back_already(self):
        self._deliver()
        self._return_dialog().action_return_all()
        with self.assertRaisesRegex(UserError, "has come back, or is on its way"):
            self._return_dialog()

    def test_nothing_was_delivered(self):
        with self.assertRaisesRegex(UserError, "Nothing of .* has been delivered"):
            self._return_dialog()

    def test_nothing_is_chosen(self):
        self._deliver()
        with self.assertRaisesRegex(UserError, "Enter how many"):
            self._return_dialog().action_return()

    def test_nothing_less_than_nothing(self):
        self._deliver()
        with self.assertRaisesRegex(UserError, "Choose among"):
            self._return_dialog(lamp=-1).action_return()

    def test_a_case_without_order(self):
        case = self._create_case()
        with self.assertRaisesRegex(UserError, "Choose the order"):
            self._return_dialog(case=case)

    def test_without_a_role_in_inventory(self):
        self._deliver()
        with self.assertRaisesRegex(UserError, "role in Inventory"):
            self._return_dialog(self.supervisor)
        dialog = self._return_dialog(lamp=1)
        with self.assertRaises(AccessError):
            dialog.with_user(self.supervisor).action_return()

    def test_the_same_once_more_needs_a_role_in_sales(self):
        self._deliver()
        dialog = self._return_dialog(self.stock_agent, lamp=1)
        dialog.outcome = "replace"
        with self.assertRaisesRegex(UserError, "role in Sales"):
            dialog.action_return()
        self.assertFalse(self._documents("stock.picking"))

    def test_goods_of_somebody_else(self):
        self._deliver()
        other = self.order.copy({"partner_id": self.other_customer.id})
        other.action_confirm()
        foreign = self._deliver(other.picking_ids).move_ids[:1]
        dialog = self._return_dialog()
        dialog.line_ids[:1].write({"move_id": foreign.id, "quantity": 1})
        with self.assertRaisesRegex(UserError, "Choose among"):
            dialog.action_return()

    def test_a_case_that_one_may_not_change(self):
        self._deliver()
        agent = self.agent_own
        agent.group_ids += self.env.ref("stock.group_stock_user")
        self.case.user_id = self.agent_team
        with self.assertRaises(AccessError):
            self._return_dialog(agent)

    def test_the_dialog_is_its_users_own(self):
        self._deliver()
        dialog = self._return_dialog(lamp=1)
        with self.assertRaises(AccessError):
            dialog.with_user(self.stock_agent).read(["reason"])

    def test_the_customer_reads_nothing_of_it(self):
        self._deliver()
        self._return_dialog(lamp=1).action_return()
        back = self._documents("stock.picking")
        with self.assertRaises(AccessError):
            back.with_user(self.portal_user).read(["customer_service_case_id"])
        with self.assertRaises(AccessError):
            self.case.with_user(self.portal_user).read(["deliveries"])
