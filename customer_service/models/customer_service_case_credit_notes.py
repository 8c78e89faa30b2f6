from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..tools.client_action import dialog


class CustomerServiceCaseCreditNotes(models.AbstractModel):
    """Money back from a case: a credit note for chosen lines of an invoice.

    The host's own wizard makes it, with the rights that the host demands. Here is what it does
    not look at: whether these goods were given back already.
    """

    _name = "customer.service.case.credit.notes"
    _description = "Credit Notes Made from a Case"

    def action_credit_note(self):
        """Ask for the invoice of this customer and its lines that are given back.

        :raise UserError: the user makes no credit notes, or there is nothing to credit
        """
        self.ensure_one()
        self._check_may_credit()
        if not self.env["account.move"].search_count(self._domain_creditable(), limit=1):
            raise UserError(
                self.env._("%(customer)s has no invoices.", customer=self.customer_label)
                if self.partner_id
                else self.env._("Choose the customer of this case first.")
            )
        return dialog("customer.service.case.credit", self.env._("Credit Note"), case_id=self.id)

    def _check_may_credit(self):
        """Make sure that the user may make credit notes, as the host has it.

        :raise UserError: they may not, or the case is continued in another one
        """
        self.check_access("write")
        self._check_not_merged()
        makes_moves = self.env["account.move"].has_access("create")
        if not makes_moves or not self.env["account.move.reversal"].has_access("create"):
            raise UserError(
                self.env._(
                    "Credit notes are made by colleagues with rights in Invoicing. Ask one of "
                    "them, or ask an administrator for these rights."
                )
            )

    def _domain_creditable(self):
        """Return the domain of the invoices of this customer, drafts too."""
        self.ensure_one()
        return [
            ("move_type", "=", "out_invoice"),
            ("commercial_partner_id", "=", self.commercial_partner_id.id or 0),
            ("company_id", "=", self.company_id.id),
            ("state", "!=", "cancel"),
        ]

    # ------------------------------------------------------------------------------------------
    # Making it
    # ------------------------------------------------------------------------------------------

    def _make_credit_note(self, invoice, quantities, reason="", date=False):
        """Make the credit note for some lines of an invoice, linked both ways.

        :param account.move invoice: a posted invoice of the customer of this case
        :param dict quantities: ``{line: quantity}``, how much of each line is given back
        :param str reason: what the credit note says
        :param date date: of the credit note, else today
        :return: the credit note, a draft
        :raise UserError: it may not be made, with the reason
        """
        self.ensure_one()
        self._check_may_credit()
        invoice.check_access("read")
        self._check_invoice(invoice)
        invoice._wait_for_other_credits()
        self._check_quantities(invoice, quantities)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(
                clean_context(self.env.context),
                active_model=invoice._name,
                active_ids=invoice.ids,
            )
            .create(
                {
                    "reason": reason,
                    "date": date or fields.Date.context_today(self),
                    "journal_id": invoice.journal_id.id,
                }
            )
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        self._keep_credited_lines(credit, quantities)
        self._check_amount(invoice)
        self._link_document(credit)
        return credit

    def _check_invoice(self, invoice):
        """Make sure that lines of an invoice can be credited from this case.

        :raise UserError: it is another customer's, no invoice, or none that is posted
        """
        obstacle = False
        if invoice.commercial_partner_id != self.commercial_partner_id:
            obstacle = self.env._(
                "%(invoice)s is an invoice of another customer.", invoice=invoice.display_name
            )
        elif invoice.move_type != "out_invoice" or invoice.company_id != self.company_id:
            obstacle = self.env._(
                "%(invoice)s is no invoice that can be credited here.",
                invoice=invoice.display_name,
            )
        else:
            obstacle = self._credit_obstacle(invoice)
        if obstacle:
            raise UserError(obstacle)

    def _credit_obstacle(self, invoice):
        """Return in a sentence why nothing of an invoice can be credited, False if it can."""
        if invoice.state == "draft":
            return self.env._(
                "%(invoice)s is a draft: nobody has to pay it yet. Change it or delete it "
                "instead of crediting it.",
                invoice=invoice.display_name,
            )
        if invoice.state == "cancel":
            return self.env._(
                "%(invoice)s is cancelled: there is nothing to credit.",
                invoice=invoice.display_name,
            )
        quantities = invoice._creditable_lines()._creditable_quantities()
        if not any(quantities.values()) or invoice._is_credited_in_full():
            return self.env._(
                "All of %(invoice)s has been credited already, see %(credits)s.",
                invoice=invoice.display_name,
                credits=", ".join(invoice._credit_notes().mapped("display_name")) or "-",
            )
        return False

    def _check_quantities(self, invoice, quantities):
        """Make sure that no more is given back than was invoiced and is not given back yet.

        :raise UserError: nothing is chosen, or too much; it names the first such line
        """
        lines = invoice._creditable_lines()
        if not quantities or any(line not in lines for line in quantities):
            raise UserError(self.env._("Choose what is given back of %s.", invoice.display_name))
        left = lines._creditable_quantities()
        for line, quantity in quantities.items():
            if quantity <= 0:
                raise UserError(
                    self.env._(
                        "How many of %(product)s are given back? Enter a number above zero.",
                        product=line._credit_label(),
                    )
                )
            if line._compare_quantities(quantity, left[line]) > 0:
                raise UserError(self._too_much_message(line, quantity, left[line]))

    def _check_amount(self, invoice):
        """Make sure that no more money is given back than was asked for.

        Goods say nothing of a discount on a line of its own, or of a credit note without goods.

        :param account.move invoice: its credit notes count, the one in the making too
        :raise UserError: they are more than the invoice
        """
        currency = invoice.currency_id
        too_much = invoice._amount_given_back() - invoice.amount_total
        # Each line may have been rounded up.
        if too_much > currency.rounding * (len(invoice.invoice_line_ids) + 1):
            raise UserError(
                self.env._(
                    "That would give back %(amount)s more than the %(total)s of %(invoice)s. Did "
                    "the customer have a discount, or has something been credited by hand?",
                    amount=currency.format(too_much),
                    total=currency.format(invoice.amount_total),
                    invoice=invoice.display_name,
                )
            )

    def _too_much_message(self, line, quantity, left):
        """Say why a quantity is too much: more than was invoiced, or given back before."""
        invoiced = abs(line.quantity)
        values = {
            "product": line._credit_label(),
            "quantity": f"{quantity:g}",
            "invoiced": f"{invoiced:g}",
            "left": f"{left:g}",
        }
        if line._compare_quantities(quantity, invoiced) > 0:
            return self.env._(
                "%(product)s: %(quantity)s are more than the %(invoiced)s that were invoiced.",
                **values,
            )
        if not left:
            return self.env._("%(product)s: all of it has been credited already.", **values)
        return self.env._(
            "%(product)s: of %(invoiced)s only %(left)s are not credited yet, %(quantity)s are "
            "too many.",
            **values,
        )

    def _keep_credited_lines(self, credit, quantities):
        """Leave on a new credit note what is given back, and no more.

        :param account.move credit: the reversal of a whole invoice, a draft
        :param dict quantities: ``{line of the invoice: quantity}``
        """
        ids = {line.id: quantity for line, quantity in quantities.items()}
        commands = []
        for line in credit.invoice_line_ids:
            quantity = ids.get(line.credited_line_id.id)
            if not quantity:
                commands.append(Command.delete(line.id))
            elif line._compare_quantities(quantity, abs(line.quantity)):
                sign = -1 if line.quantity < 0 else 1
                commands.append(Command.update(line.id, {"quantity": sign * quantity}))
        if commands:
            credit.write({"invoice_line_ids": commands})
