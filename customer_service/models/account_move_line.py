from odoo import fields, models
from odoo.tools import float_compare


class AccountMoveLine(models.Model):
    """A line of a credit note knows which line of the invoice it gives back."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "customer.service.kept.mixin"]

    credited_line_id = fields.Many2one(
        "account.move.line",
        string="Gives Back",
        readonly=True,
        kept=True,  # else what was given back could be given back again
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The line of the invoice that this line of a credit note gives back.",
    )

    # ------------------------------------------------------------------------------------------
    # How much may still be given back
    # ------------------------------------------------------------------------------------------

    def _creditable_quantities(self):
        """Return how much of each of these lines of invoices has not been given back yet.

        Drafts of credit notes count, else two of them would give back the same goods. Of an order
        line never more comes back than is invoiced for it in all.

        :return: ``{line: quantity}``, in the unit of the line and never below zero
        """
        # sudo: account.move.line - all credit notes count, whoever made them
        credited = self.sudo()._credited_quantities()
        left = {}
        for line in self:
            quantity = abs(line.quantity) - credited[line.id]
            # sudo: sale.order.line - how much of it is invoiced, whoever sells it
            sold = line.sudo().sale_line_ids
            if sold and line.quantity > 0:
                invoiced = sum(
                    one.product_uom_id._compute_quantity(one.qty_invoiced, line.product_uom_id)
                    for one in sold
                )
                quantity = min(quantity, invoiced)
            left[line] = quantity if line._compare_quantities(quantity, 0.0) > 0 else 0.0
        return left

    def _credited_quantities(self):
        """Return how much of each of these lines has been given back, whatever way it was made.

        :return: ``{id of the line: quantity}``, in the unit of the line
        """
        credited = dict.fromkeys(self.ids, 0.0)
        credits = self.move_id._credit_notes()
        invoices = credits._invoices_given_back()
        for credit in credits._creditable_lines():
            line = credit.credited_line_id
            if not line:
                line = self._line_given_back(credit, invoices[credit.move_id], credited)
            if line.id in credited:
                credited[line.id] += abs(
                    credit.product_uom_id._compute_quantity(credit.quantity, line.product_uom_id)
                )
        return credited

    def _line_given_back(self, credit, invoice, credited):
        """Return the line that a line of a credit note without a link gives back.

        Such credit notes are older than this app, or were written by hand.

        :param account.move.line credit: the line of the credit note
        :param account.move invoice: what its credit note is known to give back
        :param dict credited: how much of these lines was given back so far, by id
        """
        alike = self.filtered(
            lambda line: line.move_id == invoice
            and line.product_id == credit.product_id
            and (not credit.sale_line_ids or line.sale_line_ids == credit.sale_line_ids)
        )
        free = alike.filtered(lambda line: credited[line.id] < abs(line.quantity))
        return (free or alike)[:1]

    def _compare_quantities(self, quantity, other):
        """Compare two quantities as precisely as the shop counts: -1, 0 or 1."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(quantity, other, precision_digits=digits)

    def _credit_label(self):
        """Return what a line is called: its product, else the first words on the invoice."""
        self.ensure_one()
        # sudo: product - its name stands on the invoice
        product = self.product_id.sudo().with_context(display_default_code=False)
        return product.display_name or (self.name or "").partition("\n")[0]
