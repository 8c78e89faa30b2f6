"""Orders made from a case: by phone, by mail, paid by a link, and what becomes of them."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CustomerServiceCommon


class OrderCommon(CustomerServiceCommon):
    """A shop with two products, and agents who may sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp, cls.shade = cls.env["product.product"].create(
            [
                {"name": "Lamp", "type": "service", "list_price": 40.0, "taxes_id": False},
                {"name": "Shade", "type": "service", "list_price": 15.0, "taxes_id": False},
            ]
        )
        cls.agent_team.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.supervisor.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.case = cls._create_case()

    @classmethod
    def _bought(cls, product, quantity=1, partner=None):
        """Make a confirmed order of a customer."""
        order = cls._create_order(
            partner or cls.customer,
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
            ],
        )
        order.with_context(tracking_disable=True).action_confirm()
        return order

    def _dialog(self, case=None, user=None):
        """Return the form of the dialog, as the agent has it."""
        case = (case or self.case).with_user(user or self.agent_team)
        action = case.action_new_order()
        dialog = self.env[action["res_model"]].with_user(case.env.user)
        return Form(dialog.with_context(**action["context"]))

    def _order(self, quantity=2, case=None, user=None, **values):
        """Make a quotation of some lamps from a case."""
        case = (case or self.case).with_user(user or self.agent_team)
        line = {"product_id": self.lamp.id, "product_uom_qty": quantity}
        return case._make_order({"order_line": [Command.create(line)], **values}).sudo()

    def _notes(self, case=None):
        """Return the texts of the notes of a case, newest first."""
        return [str(message.body) for message in (case or self.case).message_ids]


@tagged("post_install", "-at_install")
class TestCaseOrder(OrderCommon):
    # ------------------------------------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------------------------------------

    def test_past_purchases_are_offered_the_last_first_and_none_is_ticked(self):
        self._bought(self.lamp, 2)
        self._bought(self.lamp, 1)
        self._bought(self.shade, partner=self.colleague)
        self._bought(self.lamp, 5, partner=self.other_customer)
        dialog = self._dialog().save()
        lines = dialog.line_ids
        self.assertEqual(set(lines.mapped("product_id.name")), {"Lamp", "Shade"})
        self.assertEqual(
            lines.filtered(lambda line: line.product_id == self.lamp).bought_quantity, 3
        )
        self.assertFalse(any(lines.mapped("is_chosen")))
        self.assertEqual(lines.mapped("price_unit"), [p.list_price for p in lines.product_id])

    def test_last_ordered_is_the_day_of_the_order(self):
        old, new = self._bought(self.lamp), self._bought(self.shade)
        old.date_order = "2024-03-05 12:00:00"
        new.date_order = "2024-02-01 12:00:00"  # the later line, of the earlier order
        lines = self._dialog().save().line_ids
        self.assertEqual(lines.product_id, self.lamp | self.shade)
        self.assertEqual(lines[0].product_id, self.lamp)
        self.assertEqual(str(lines[0].bought_date), "2024-03-05")
        customer = self.customer.with_user(self.supervisor)
        self.assertEqual(customer.purchased_product_ids[0], self.lamp)

    def test_products_no_longer_sold_are_not_offered(self):
        self._bought(self.lamp)
        self.lamp.sale_ok = False
        self.assertFalse(self._dialog().save().line_ids)

    def test_ticked_and_added_products_are_ordered(self):
        self._bought(self.lamp)
        form = self._dialog()
        with form.line_ids.edit(0) as line:
            line.is_chosen = True
            line.quantity = 3
        with form.line_ids.new() as line:
            line.product_id = self.shade
        self.assertEqual(form.amount, 3 * 40 + 15)
        dialog = form.save()
        action = dialog.action_create_order()
        with self.assertRaisesRegex(UserError, "done already"):
            dialog.action_create_and_send()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(
            [(line.product_id, line.product_uom_qty) for line in order.order_line],
            [(self.lamp, 3), (self.shade, 1)],
        )

    def test_nothing_ticked_is_no_order(self):
        self._bought(self.lamp)
        with self.assertRaisesRegex(UserError, "Tick a product"):
            self._dialog().save().action_create_order()

    def test_a_quantity_of_zero_is_asked_for(self):
        form = self._dialog()
        with form.line_ids.new() as line:
            line.product_id = self.shade
            line.quantity = 0
        with self.assertRaisesRegex(UserError, "How many of Shade"):
            form.save().action_create_order()

    # ------------------------------------------------------------------------------------------
    # The quotation
    # ------------------------------------------------------------------------------------------

    def test_an_order_takes_over_what_the_case_knows(self):
        source = self.env["utm.source"].create({"name": "Catalogue"})
        self.case.source_id = source
        order = self._order()
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.company_id, self.case.company_id)
        self.assertEqual(order.origin, self.case.number)
        self.assertEqual(order.source_id, source)
        self.assertEqual(order.user_id, self.agent_team)
        self.assertEqual(order.state, "draft")

    def test_case_and_order_are_linked_both_ways(self):
        order = self._order()
        self.assertEqual(self.case.sale_order_id, order)
        self.assertEqual(order.customer_service_case_id, self.case)
        self.assertIn(order.name, self._notes()[0])
        self.assertIn(self.case.number, str(order.message_ids[0].body))
        (document,) = self.case.with_user(self.agent_team).documents
        self.assertEqual(document["name"], order.name)
        self.assertEqual(document["kind"], "Quotation")
        self.assertIn("80", document["amount"])

    def test_what_was_made_is_found_with_one_query_and_while_a_case_is_changed(self):
        self._order()
        self._order()
        case = self.case.with_user(self.supervisor)
        with self.assertQueryCount(1):
            made = case._documents_made()
        self.assertEqual(len(made["sale.order"]), 2)
        with Form(case) as form:
            form.name = "Two lamps"
            self.assertEqual(len(form.documents), 2)

    def test_a_case_about_another_order_stays_with_it(self):
        complained = self._bought(self.lamp)
        self.case.sale_order_id = complained
        order = self._order()
        self.assertEqual(self.case.sale_order_id, complained)
        self.assertEqual(order.customer_service_case_id, self.case)

    def test_addresses_are_the_customers_own(self):
        delivery = self.env["res.partner"].create(
            {"name": "Warehouse", "type": "delivery", "parent_id": self.customer.id}
        )
        form = self._dialog()
        self.assertEqual(form.partner_shipping_id, delivery)
        with form.line_ids.new() as line:
            line.product_id = self.shade
        action = form.save().action_create_order()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_shipping_id, delivery)

    def test_the_customers_own_salesperson_has_it(self):
        self.customer.user_id = self.supervisor
        self.assertEqual(self._order(user=self.supervisor).user_id, self.supervisor)

    def test_who_sees_only_their_own_orders_gets_it(self):
        self.customer.user_id = self.supervisor
        self.assertEqual(self._order(user=self.agent_team).user_id, self.agent_team)

    # ------------------------------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------------------------------

    def test_who_may_not_sell_is_told_whom_to_ask(self):
        case = self._create_case(user_id=self.agent_own.id).with_user(self.agent_own)
        with self.assertRaisesRegex(UserError, "rights in Sales"):
            case.action_new_order()
        with self.assertRaisesRegex(UserError, "rights in Sales"):
            case._make_order({})

    def test_a_case_without_a_customer_asks_for_one(self):
        case = self._create_case(partner_id=False, email_from="zed@new.example")
        with self.assertRaisesRegex(UserError, "Whose order is it"):
            case.with_user(self.agent_team).action_new_order()

    def test_cases_that_one_may_not_see_are_no_way_to_orders(self):
        foreign = self._create_case(team_id=self.other_team.id, user_id=self.supervisor.id)
        dialogs = self.env["customer.service.case.order"].with_user(self.agent_team)
        with self.assertRaises(AccessError):
            foreign.with_user(self.agent_team).action_new_order()
        with self.assertRaises(AccessError):
            dialogs.create({"case_id": foreign.id})
        with self.assertRaises(AccessError):
            dialogs.with_context(default_case_id=foreign.id).create({})

    def test_a_dialog_is_its_makers_only(self):
        dialog = self._dialog().save()
        with self.assertRaises(AccessError):
            dialog.with_user(self.supervisor).read(["case_id"])
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                dialog.with_user(user).read(["case_id"])

    def test_nobody_writes_which_case_an_order_is_from(self):
        order = self._order()
        with self.assertRaises(AccessError):
            order.with_user(self.supervisor).customer_service_case_id = False

    def test_a_copy_is_of_no_case(self):
        self.assertFalse(self._order().copy().customer_service_case_id)

    def test_the_link_is_for_those_who_see_the_case(self):
        order = self._order()
        self.assertTrue(order.with_user(self.agent_team).is_from_customer_service)
        self.case.user_id = self.supervisor
        self.env.invalidate_all()
        self.assertFalse(order.with_user(self.agent_own).is_from_customer_service)
        with self.assertRaises(AccessError):
            order.with_user(self.agent_own).action_open_customer_service_case()
        action = order.with_user(self.agent_team).action_open_customer_service_case()
        self.assertEqual(action["res_id"], self.case.id)

    # ------------------------------------------------------------------------------------------
    # The case follows
    # ------------------------------------------------------------------------------------------

    def test_a_mailed_quotation_is_sent_and_nobody_waits_for_us(self):
        self.case.write({"awaiting_reply": True, "waiting_since": "2020-01-01 00:00:00"})
        form = self._dialog()
        with form.line_ids.new() as line:
            line.product_id = self.shade
        dialog = form.save()
        with self.mock_mail_gateway():
            dialog.action_create_and_send()
            (mail,) = self._mails
        self.assertEqual(mail["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        order = self.case.sale_order_id
        self.assertIn(order.name, mail["body"])
        self.assertIn(order.access_token, mail["body"])
        self.assertEqual(order.state, "sent")
        self.assertFalse(self.case.awaiting_reply)
        self.assertIn("was sent to the customer", self._notes()[0])

    def test_a_quotation_without_an_address_is_not_made(self):
        self.customer.email = False
        form = self._dialog()
        with form.line_ids.new() as line:
            line.product_id = self.shade
        with self.assertRaisesRegex(UserError, "email address first"):
            form.save().action_create_and_send()

    def test_the_case_tells_who_confirmed_the_order(self):
        order = self._order()
        order.with_user(self.supervisor).action_confirm()
        message = self.case.message_ids[0]
        self.assertIn(f"{order.name}</a> is confirmed", message.body)
        self.assertEqual(message.author_id, self.supervisor.partner_id)
        self.assertTrue(message.subtype_id.internal)
        self.assertEqual(self.case.status, "open")

    def test_a_customer_who_confirms_on_their_page_is_named(self):
        order = self._order()
        order.with_user(self.env.ref("base.public_user")).sudo().action_confirm()
        self.assertEqual(self.case.message_ids[0].author_id, self.customer)

    def test_a_case_that_follows_waits_and_is_resolved(self):
        order = self._order(customer_service_moves_case=True)
        order.action_quotation_sent()
        self.assertEqual(self.case.status, "pending")
        order.action_confirm()
        self.assertEqual(self.case.status, "resolved")

    def test_a_case_that_follows_comes_back_when_the_order_is_cancelled(self):
        order = self._order(customer_service_moves_case=True)
        order.action_quotation_sent()
        order.with_user(self.portal_user).sudo()._action_cancel()
        self.assertEqual(self.case.status, "open")
        self.assertTrue(self.case.awaiting_reply)
        self.assertIn("is cancelled", self._notes()[0] + self._notes()[1])

    def test_a_case_that_is_done_stays_done(self):
        order = self._order(customer_service_moves_case=True)
        self.case.action_close()
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(self.case.status, "closed")

    def test_orders_of_no_case_tell_nothing(self):
        order = self._bought(self.lamp)
        self.case.sale_order_id = order
        notes = self._notes()
        order._action_cancel()
        self.assertEqual(self._notes(), notes)

    # ------------------------------------------------------------------------------------------
    # The link to pay
    # ------------------------------------------------------------------------------------------

    def _send_link(self, case=None, user=None):
        with self.mock_mail_gateway():
            (case or self.case).with_user(user or self.agent_team).action_send_payment_link()
            return list(self._mails)

    def test_the_customer_gets_the_hosts_link(self):
        self.case.email_cc = "boss@lampy.example"
        order = self._order()
        (mail,) = self._send_link()
        self.assertEqual(mail["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        self.assertIn(f"/my/orders/{order.id}", mail["body"])
        self.assertIn(order.access_token, mail["body"])
        self.assertIn("80", mail["body"])
        self.assertIn(self.team.address, mail["email_from"])

    def test_an_order_of_somebody_else_is_not_sent(self):
        self.case.sale_order_id = self._bought(self.lamp, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "another customer"):
            self._send_link(user=self.supervisor)

    def test_what_cannot_be_paid_is_not_sent(self):
        with self.assertRaisesRegex(UserError, "Choose the order"):
            self._send_link()
        order = self._order(quantity=0)
        with self.assertRaisesRegex(UserError, "nothing to be paid"):
            self._send_link()
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self._send_link()

    def test_others_send_no_link(self):
        self._order()
        self.case.user_id = self.agent_own
        with self.assertRaisesRegex(UserError, "rights in Sales"):
            self._send_link(user=self.agent_own)
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._send_link(user=user)
