"""Credit notes made from a case: which lines, how much, and what is refused."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CustomerServiceCommon


class CreditCommon(CustomerServiceCommon):
    """A shop that invoices, an agent who may, and a customer with an invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company_admin.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company_admin, install_demo=False
            )
        cls.lamp, cls.shade = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "list_price": price, "invoice_policy": "order"}
                for name, price in (("Lamp", 40.0), ("Shade", 15.0))
            ]
        )
        (cls.lamp | cls.shade).taxes_id = False
        cls.agent_team.group_ids += cls.env.ref("account.group_account_invoice")
        cls.order, cls.invoice = cls._invoiced(cls.customer)
        cls.case = cls._create_case(sale_order_id=cls.order.id)

    @classmethod
    def _invoiced(cls, partner, post=True):
        """Make an order of four lamps and two shades, and its invoice."""
        order = cls._create_order(
            partner,
            order_line=[
                Command.create({"product_id": cls.lamp.id, "product_uom_qty": 4}),
                Command.create({"product_id": cls.shade.id, "product_uom_qty": 2}),
            ],
        )
        order.with_context(tracking_disable=True).action_confirm()
        invoice = order._create_invoices()
        if post:
            invoice.action_post()
        return order, invoice

    def _line(self, product, invoice=None):
        return (invoice or self.invoice).invoice_line_ids.filtered(
            lambda line: line.product_id == product
        )

    def _credit(self, lamps=0, shades=0, case=None, invoice=None, user=None):
        """Make a credit note as an agent does."""
        case = (case or self.case).with_user(user or self.agent_team)
        invoice = (invoice or self.invoice).with_user(case.env.user)
        quantities = {
            self._line(product, invoice): quantity
            for product, quantity in ((self.lamp, lamps), (self.shade, shades))
            if quantity
        }
        return case._make_credit_note(invoice, quantities, reason="Broken").sudo()

    def _dialog(self, case=None, user=None):
        case = (case or self.case).with_user(user or self.agent_team)
        action = case.action_credit_note()
        dialog = self.env[action["res_model"]].with_user(case.env.user)
        return Form(dialog.with_context(**action["context"]))


@tagged("post_install", "-at_install")
class TestCaseCredit(CreditCommon):
    # ------------------------------------------------------------------------------------------
    # What is given back
    # ------------------------------------------------------------------------------------------

    def test_only_the_chosen_lines_and_quantities_are_credited(self):
        credit = self._credit(lamps=3)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.state, "draft")
        self.assertEqual(credit.reversed_entry_id, self.invoice)
        self.assertEqual(
            [(line.product_id, line.quantity) for line in credit.invoice_line_ids],
            [(self.lamp, 3)],
        )
        self.assertEqual(credit.amount_total, 120)
        self.assertEqual(credit.invoice_line_ids.credited_line_id, self._line(self.lamp))
        self.assertIn("Broken", credit.ref)

    def test_all_of_an_invoice_is_its_reversal(self):
        credit = self._credit(lamps=4, shades=2)
        self.assertEqual(credit.amount_total, self.invoice.amount_total)
        credit.action_post()
        self.assertIn(self.invoice.payment_state, ("reversed", "paid"))

    def test_the_order_counts_less_as_invoiced(self):
        self._credit(lamps=3).action_post()
        self.assertEqual(self.order.order_line[:1].qty_invoiced, 1)

    def test_the_dialog_offers_what_is_left_and_ticks_nothing(self):
        self._credit(lamps=3)
        form = self._dialog()
        self.assertEqual(form.invoice_id, self.invoice)
        self.assertFalse(form.obstacle)
        lines = form.save().line_ids
        self.assertEqual(lines.mapped("left_quantity"), [1, 2])
        self.assertEqual(lines.mapped("quantity"), [1, 2])
        self.assertFalse(any(lines.mapped("is_chosen")))

    def test_the_dialog_makes_what_was_ticked(self):
        form = self._dialog()
        with form.line_ids.edit(1) as line:
            line.is_chosen = True
            line.quantity = 1
        self.assertEqual(form.amount, 15)
        dialog = form.save()
        dialog.action_create_and_post()
        with self.assertRaisesRegex(UserError, "done already"):
            dialog.action_create_and_post()
        credit = self.invoice.reversal_move_ids
        self.assertEqual(credit.state, "posted")
        self.assertEqual(credit.amount_total, 15)

    def test_case_and_credit_note_are_linked_both_ways(self):
        credit = self._credit(lamps=1)
        self.assertEqual(credit.customer_service_case_id, self.case)
        self.assertIn("was made from this case", str(self.case.message_ids[0].body))
        (document,) = self.case.with_user(self.agent_team).documents
        self.assertEqual(document["kind"], "Customer Credit Note")
        self.assertEqual(document["state"], "Draft")
        self.assertIn("40", document["amount"])

    def test_who_may_not_see_invoices_is_not_shown_their_names(self):
        self._credit(lamps=1)
        self.case.user_id = self.agent_own
        self.assertFalse(self.case.with_user(self.agent_own).documents)

    # ------------------------------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------------------------------

    def test_more_than_was_invoiced_is_refused(self):
        with self.assertRaisesRegex(UserError, "5 are more than the 4 that were invoiced"):
            self._credit(lamps=5)

    def test_more_than_is_left_is_refused(self):
        self._credit(lamps=3)
        with self.assertRaisesRegex(UserError, "of 4 only 1 are not credited yet"):
            self._credit(lamps=2)
        self.assertTrue(self._credit(lamps=1))
        with self.assertRaisesRegex(UserError, "all of it has been credited already"):
            self._credit(lamps=1)

    def test_an_invoice_that_was_credited_is_refused_with_its_credit_note(self):
        credit = self._credit(lamps=4, shades=2)
        credit.action_post()
        with self.assertRaisesRegex(UserError, credit.name):
            self._credit(lamps=1)

    def test_a_cancelled_credit_note_gives_nothing_back(self):
        self._credit(lamps=4).button_cancel()
        self.assertTrue(self._credit(lamps=4))

    def test_a_credit_note_of_the_hosts_own_wizard_counts(self):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        wizard.create({"journal_id": self.invoice.journal_id.id}).refund_moves()
        with self.assertRaisesRegex(UserError, "credited already"):
            self._credit(lamps=1)

    def test_a_credit_note_without_links_of_its_lines_counts(self):
        credit = self._credit(lamps=3)
        credit.invoice_line_ids.credited_line_id = False
        with self.assertRaisesRegex(UserError, "only 1 are not credited yet"):
            self._credit(lamps=2)

    def _credit_by_hand(self, **values):
        """Write a credit note in Invoicing that says of no invoice that it is its reversal."""
        line = {"product_id": self.lamp.id, "quantity": 4, "price_unit": 40, "tax_ids": []}
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.invoice.invoice_date,
                "invoice_line_ids": [Command.create({**line, **values})],
            }
        )
        credit.action_post()
        return credit

    @classmethod
    def _pay_with(cls, credit, invoice):
        """Settle an invoice with a credit note."""
        receivable = (credit | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        receivable.reconcile()

    def test_a_credit_note_by_hand_that_paid_the_invoice_counts(self):
        credit = self._credit_by_hand()
        self.assertEqual(self._line(self.lamp)._creditable_quantities()[self._line(self.lamp)], 4)
        self._pay_with(credit, self.invoice)
        with self.assertRaisesRegex(UserError, "all of it has been credited already"):
            self._credit(lamps=1)
        self.assertTrue(self._credit(shades=2))

    def test_one_that_paid_several_invoices_counts_with_its_money_only(self):
        credit = self._credit_by_hand()
        _order, other = self._invoiced(self.customer)
        self._pay_with(credit, self.invoice)  # 160 of 190
        self._credit(lamps=0, shades=2)
        credit.line_ids.remove_move_reconcile()
        self.invoice.reversal_move_ids.button_cancel()
        self._credit_by_hand(quantity=1, price_unit=150, product_id=False, name="Sorry")
        self._pay_with(self.env["account.move"].search([("amount_total", "=", 150)]), other)
        with self.assertRaisesRegex(UserError, "120.00 more than the .*190.00"):
            self._credit(lamps=4, invoice=other)

    def test_money_without_goods_counts_as_money(self):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        wizard = wizard.create({"journal_id": self.invoice.journal_id.id})
        wizard.refund_moves()
        goodwill = wizard.new_move_ids
        goodwill.write(
            {
                "invoice_line_ids": [
                    Command.clear(),
                    Command.create({"name": "For the wait", "price_unit": 100, "tax_ids": []}),
                ]
            }
        )
        with self.assertRaisesRegex(UserError, "more than the"), self.cr.savepoint():
            self._credit(lamps=4)
        self.assertTrue(self._credit(lamps=2))

    def test_a_discount_on_a_line_of_its_own_is_not_given_back_as_money(self):
        order = self._create_order(
            self.customer,
            order_line=[
                Command.create({"product_id": self.lamp.id, "product_uom_qty": 4}),
                Command.create(
                    {"product_id": self.shade.id, "product_uom_qty": 1, "price_unit": -60}
                ),
            ],
        )
        order.with_context(tracking_disable=True).action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "60.00 more than the"), self.cr.savepoint():
            self._credit(lamps=4, invoice=invoice)
        credit = self._credit(lamps=4, shades=1, invoice=invoice)
        self.assertEqual(credit.amount_total, 100)

    def test_which_line_is_given_back_is_nobodys_to_write(self):
        credit = self._credit(lamps=3)
        accountant = self.agent_team
        line = credit.invoice_line_ids.with_user(accountant)
        with self.assertRaises(AccessError):
            line.credited_line_id = False
        with self.assertRaises(AccessError):
            credit.with_user(accountant).write(
                {"invoice_line_ids": [Command.update(line.id, {"credited_line_id": False})]}
            )
        values = {"move_type": "out_refund", "partner_id": self.customer.id}
        line = {"name": "Forged", "credited_line_id": self._line(self.shade).id}
        with self.assertRaises(AccessError):
            credit.with_user(accountant).create(
                {**values, "invoice_line_ids": [Command.create(line)]}
            )

    def test_a_default_does_not_write_it_either(self):
        foreign = self._line(self.shade).id
        accountant = self.agent_team
        self.env["ir.default"].with_user(accountant).sudo().create(
            {
                "field_id": self.env["ir.model.fields"]
                ._get("account.move.line", "credited_line_id")
                .id,
                "user_id": accountant.id,
                "json_value": str(foreign),
            }
        )
        moves = self.env["account.move"].with_user(accountant)
        for rights in (moves, moves.sudo().with_context(default_credited_line_id=foreign)):
            credit = rights.create(
                {
                    "move_type": "out_refund",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Forged", "price_unit": 1})],
                }
            )
            self.assertFalse(credit.invoice_line_ids.credited_line_id)

    def test_taking_the_invoice_off_a_credit_note_gives_nothing_free(self):
        credit = self._credit(lamps=4)
        credit.with_user(self.agent_team).reversed_entry_id = False
        with self.assertRaisesRegex(UserError, "all of it has been credited already"):
            self._credit(lamps=1)

    def test_what_the_order_gave_back_counts(self):
        self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.lamp.id,
                            "quantity": 3,
                            "sale_line_ids": [Command.set(self.order.order_line[:1].ids)],
                        }
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "only 1 are not credited yet"):
            self._credit(lamps=2)

    def test_a_draft_is_refused(self):
        _order, draft = self._invoiced(self.customer, post=False)
        with self.assertRaisesRegex(UserError, "is a draft"):
            self._credit(lamps=1, invoice=draft)
        form = self._dialog()
        form.invoice_id = draft
        self.assertIn("is a draft", form.obstacle)

    def test_a_cancelled_invoice_is_refused(self):
        _order, cancelled = self._invoiced(self.customer, post=False)
        cancelled.button_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self._credit(lamps=1, invoice=cancelled)

    def test_an_invoice_of_somebody_else_is_refused(self):
        _order, foreign = self._invoiced(self.other_customer)
        with self.assertRaisesRegex(UserError, "another customer"):
            self._credit(lamps=1, invoice=foreign)

    def test_lines_of_another_invoice_are_refused(self):
        _order, other = self._invoiced(self.customer)
        case = self.case.with_user(self.agent_team)
        with self.assertRaisesRegex(UserError, "Choose what is given back"):
            case._make_credit_note(self.invoice, {self._line(self.lamp, other): 1})

    def test_nothing_and_less_than_nothing_are_refused(self):
        with self.assertRaisesRegex(UserError, "Choose what is given back"):
            self._credit()
        with self.assertRaisesRegex(UserError, "above zero"):
            self._credit(lamps=-1)

    def test_a_customer_without_invoices_is_said_so(self):
        case = self._create_case(partner_id=self.other_customer.id)
        with self.assertRaisesRegex(UserError, "Bob Baker has no invoices"):
            self._dialog(case)
        case = self._create_case(partner_id=False, email_from="zed@new.example")
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            self._dialog(case)

    def test_who_may_not_invoice_is_told_whom_to_ask(self):
        self.agent_own.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.case.user_id = self.agent_own
        with self.assertRaisesRegex(UserError, "rights in Invoicing"):
            self._dialog(user=self.agent_own)
        with self.assertRaisesRegex(UserError, "rights in Invoicing"):
            self.case.with_user(self.agent_own)._make_credit_note(self.invoice, {})

    def test_customers_and_others_credit_nothing(self):
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.case.with_user(user).action_credit_note()

    def test_a_foreign_case_or_line_comes_into_no_dialog(self):
        foreign = self._create_case(team_id=self.other_team.id, user_id=self.supervisor.id)
        dialogs = self.env["customer.service.case.credit"]
        with self.assertRaises(AccessError):
            dialogs.with_user(self.agent_team).create({"case_id": foreign.id})
        values = {"case_id": self.case.id, "invoice_id": self.invoice.id}
        self.case.user_id = False
        with self.assertRaises(AccessError):
            dialogs.with_user(self.agent_own).create(values)
        dialog = self._dialog().save()
        line = {"credit_id": dialog.id, "move_line_id": self._line(self.lamp).id}
        with self.assertRaises(AccessError):
            self.env["customer.service.case.credit.line"].with_user(self.agent_own).create(line)

    def test_customers_do_not_see_which_line_is_given_back(self):
        self._credit(lamps=1)
        line = self.env["account.move.line"].with_user(self.portal_user)
        self.assertNotIn("credited_line_id", line.fields_get())
