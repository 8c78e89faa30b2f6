from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestReplacement(StockCommon):
    """What is sent once more: an order of its own that costs the customer nothing."""

    def test_lost_goods_are_sent_once_more(self):
        self._deliver()
        dialog = self._replace_dialog(self.sales_agent, lamp=2)
        dialog.reason = "Lost by the carrier"
        dialog.action_replace()
        order = self._documents("sale.order", self.sales_agent)
        self.assertEqual(order.customer_service_case_id, self.case)
        self.assertEqual(order.customer_service_replaced_order_id, self.order)
        self.assertEqual(order.origin, self.order.name)
        self.assertEqual(order.partner_shipping_id, self.order.partner_shipping_id)
        self.assertEqual(order.user_id, self.sales_agent)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 2)
        self.assertIn("Lost by the carrier", "".join(order.message_ids.mapped("body")))

    def test_it_is_free_and_its_worth_is_known(self):
        self._deliver()
        self._replace_dialog(lamp=1).action_replace()
        order = self._documents("sale.order")
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(order.order_line.price_unit, self.lamps.price_unit)
        self.assertEqual(order.order_line.discount, 100)

    def test_a_quotation_that_somebody_confirms_later(self):
        self._deliver()
        dialog = self._replace_dialog(lamp=1)
        dialog.confirm = False
        dialog.action_replace()
        order = self._documents("sale.order")
        self.assertEqual(order.state, "draft")
        order.action_confirm()
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 1)

    def test_not_more_than_was_delivered(self):
        self._deliver(lamp=2)
        with self.assertRaisesRegex(UserError, "3 of Lamp Luna cannot be replaced: 2 were"):
            self._replace_dialog(lamp=3).action_replace()

    def test_not_twice(self):
        self._deliver()
        self._replace_dialog(lamp=2).action_replace()
        dialog = self._replace_dialog(lamp=2)
        self.assertEqual(dialog.line_ids[:1].settled, 2)
        with self.assertRaisesRegex(UserError, "2 of them are replaced"):
            dialog.action_replace()

    def test_a_cancelled_replacement_does_not_count(self):
        self._deliver()
        self._replace_dialog(lamp=3).action_replace()
        self._documents("sale.order").action_cancel()
        self._replace_dialog(lamp=3).action_replace()

    def test_what_came_back_is_replaced_too(self):
        self._deliver()
        self._return_dialog(lamp=3).action_return()
        self._deliver(self._documents("stock.picking"))
        self._replace_dialog(lamp=3).action_replace()
        self.assertEqual(self._documents("sale.order").order_line.product_uom_qty, 3)

    def test_a_replacement_is_replaced_from_a_case_about_it(self):
        self._deliver()
        self._replace_dialog(lamp=1).action_replace()
        replacement = self._documents("sale.order")
        self._deliver(replacement.picking_ids)
        self.case.sale_order_id = replacement
        self._replace_dialog(lamp=1).action_replace()

    def test_nothing_was_delivered(self):
        with self.assertRaisesRegex(UserError, "there is nothing to replace"):
            self._replace_dialog()

    def test_nothing_is_chosen(self):
        self._deliver()
        with self.assertRaisesRegex(UserError, "Enter how many"):
            self._replace_dialog().action_replace()

    def test_a_case_without_order(self):
        with self.assertRaisesRegex(UserError, "Choose the order"):
            self._replace_dialog(case=self._create_case())

    def test_without_a_role_in_sales(self):
        self._deliver()
        for user in (self.supervisor, self.stock_agent):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "role in Sales"):
                self._replace_dialog(user)

    def test_a_line_of_somebody_else(self):
        self._deliver()
        other = self.order.copy({"partner_id": self.other_customer.id})
        dialog = self._replace_dialog()
        dialog.line_ids[:1].write({"order_line_id": other.order_line[0].id, "quantity": 1})
        with self.assertRaisesRegex(UserError, "Choose among"):
            dialog.action_replace()

    def test_who_sells_only_their_own_orders_replaces_those_of_colleagues(self):
        self._deliver()
        self.order.user_id = self.sales_agent
        self.supervisor.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self._replace_dialog(self.supervisor, lamp=1).action_replace()
        replacement = self._documents("sale.order", self.supervisor)
        self.assertEqual(replacement.user_id, self.supervisor)

    def test_what_it_stands_in_for_is_nobodys_to_write(self):
        self._deliver()
        self._replace_dialog(lamp=1).action_replace()
        order = self._documents("sale.order").with_user(self.after_sales)
        with self.assertRaises(AccessError):
            order.customer_service_replaced_order_id = False
        with self.assertRaises(AccessError):
            order.order_line.customer_service_replaced_line_id = False

    def test_the_customer_does_not_read_what_it_replaces(self):
        self._deliver()
        self._replace_dialog(lamp=1).action_replace()
        order = self._documents("sale.order").with_user(self.portal_user)
        self.assertEqual(order.amount_total, 0)
        with self.assertRaises(AccessError):
            order.read(["customer_service_replaced_order_id"])
