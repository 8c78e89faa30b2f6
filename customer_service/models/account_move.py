from odoo import models
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

    def _creditable_lines(self):
        """Return the lines of invoices that were sold, as opposed to taxes and texts."""
        return self.invoice_line_ids.filtered(lambda line: line.display_type == "product")

    def _credit_notes(self):
        """Return the credit notes of these invoices that the user may read, drafts too."""
        return self.search(
            [
                ("reversed_entry_id", "in", self.ids),
                ("move_type", "=", "out_refund"),
                ("state", "!=", "cancel"),
            ]
        )

    def _wait_for_other_credits(self):
        """Let one transaction at a time give back what was invoiced.

        The rows are written, not only locked: of two who credit an invoice at the same moment the
        second one is run again by the host, and counts what the first has given back.
        """
        self.env.cr.execute(
            SQL("UPDATE account_move SET write_date = write_date WHERE id IN %s", tuple(self.ids))
        )
