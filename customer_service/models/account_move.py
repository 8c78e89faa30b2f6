from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount


class AccountMove(models.Model):
    """An invoice that is sent is part of the history of its order; credit notes have a case."""

    _name = "account.move"
    # First the mixin: the host's hook after posting calls nothing behind it.
    _inherit = [
        "customer.service.automatic.mail.mixin",
        "account.move",
        "customer.service.move.timeline",
        "customer.service.case.document.mixin",
    ]

    def _automatic_mail_orders(self):
        return {
            move.id: order
            for move in self
            if (order := move.invoice_line_ids.sale_line_ids.order_id[:1])
        }

    def _case_document_name(self):
        # A draft has no number yet, but says of which invoice it is the reversal.
        return self.name if self.name and self.name != "/" else self.ref or self.display_name

    def _case_document_kind(self):
        return dict(self._fields["move_type"]._description_selection(self.env))[self.move_type]

    def _case_document_values(self):
        return {
            **super()._case_document_values(),
            "amount": format_amount(self.env, self.amount_total, self.currency_id),
        }

    # ------------------------------------------------------------------------------------------
    # What is given back
    # ------------------------------------------------------------------------------------------

    def _reverse_moves(self, default_values_list=None, cancel=False):
        reverse = super()._reverse_moves(default_values_list=default_values_list, cancel=cancel)
        reverse._note_credited_lines()
        return reverse

    def _note_credited_lines(self):
        """Keep which line of its invoice each line of these new reversals gives back."""
        # sudo: account.move - what gives back what is kept by this app, whoever reverses it
        for credit in self.sudo().filtered(lambda move: move.move_type == "out_refund"):
            given = credit._creditable_lines().sorted("id")
            invoiced = credit.reversed_entry_id._creditable_lines().sorted("id")
            # Line by line a copy, else some other app has a say in it: then product and order
            # line decide.
            if [line.product_id for line in given] != [line.product_id for line in invoiced]:
                continue
            for line, origin in zip(given, invoiced, strict=True):
                line.credited_line_id = origin

    def _creditable_lines(self):
        """Return the lines of invoices that were sold, as opposed to taxes and texts."""
        return self.invoice_line_ids.filtered(lambda line: line.display_type == "product")

    def _credit_notes(self):
        """Return the credit notes of these invoices that the user may read, drafts too.

        Those that a line says so of, the reversals, and what was written by hand and paid one
        of these invoices.
        """
        reconciled = self.line_ids.matched_credit_ids.credit_move_id.move_id
        return self.search(
            Domain("move_type", "=", "out_refund")
            & Domain("state", "!=", "cancel")
            & (
                Domain("reversed_entry_id", "in", self.ids)
                | Domain("invoice_line_ids.credited_line_id", "in", self.invoice_line_ids.ids)
                | (Domain("id", "in", reconciled.ids) & Domain("reversed_entry_id", "=", False))
            )
        )

    def _invoices_given_back(self):
        """Return the invoice that each of these credit notes gives back: ``{credit: invoice}``.

        None where it paid several, since nobody knows what of which it stands for.
        """
        given_back = {}
        for credit in self:
            paid = credit.line_ids.matched_debit_ids.debit_move_id.move_id.filtered(
                lambda move: move.move_type == "out_invoice"
            )
            given_back[credit] = credit.reversed_entry_id or (paid if len(paid) == 1 else paid[:0])
        return given_back

    def _amount_given_back(self):
        """Return how much of this invoice its credit notes give back, in its currency.

        Of one that was written by hand only what has paid this invoice counts.
        """
        self.ensure_one()
        invoice = self.sudo()  # sudo: account.move - all credit notes count, whoever made them
        payments = invoice.line_ids.matched_credit_ids.grouped(
            lambda partial: partial.credit_move_id.move_id
        )
        amount = 0.0
        for credit in invoice._credit_notes():
            if credit.reversed_entry_id or credit.invoice_line_ids.credited_line_id:
                amount += credit.currency_id._convert(
                    credit.amount_total, invoice.currency_id, invoice.company_id, credit.date
                )
            else:
                amount += sum(payments[credit].mapped("debit_amount_currency"))
        return amount

    def _is_credited_in_full(self):
        """Tell whether all the money of this invoice is given back, whatever it was for."""
        self.ensure_one()
        given_back = self._amount_given_back()
        return bool(given_back) and self.currency_id.compare_amounts(
            given_back, self.amount_total
        ) >= 0

    def _wait_for_other_credits(self):
        """Let one transaction at a time give back what was invoiced.

        The rows are written, not only locked: of two who credit an invoice at the same moment the
        second one is run again by the host, and counts what the first has given back.
        """
        self.env.cr.execute(
            SQL("UPDATE account_move SET write_date = write_date WHERE id IN %s", tuple(self.ids))
        )
