from odoo import api, fields, models
from odoo.fields import Domain


class AccountMoveDue(models.Model):
    """Whether an invoice should have been paid, for alerts."""

    _inherit = "account.move"

    is_past_due = fields.Boolean(
        "Past Due",
        compute="_compute_is_past_due",
        search="_search_is_past_due",
        groups="base.group_user",
        help="An invoice to a customer that is not paid in full, though its due date has passed.",
    )

    @api.depends("move_type", "state", "payment_state", "invoice_date_due")
    def _compute_is_past_due(self):
        past_due = self.filtered_domain(self._past_due_domain())
        past_due.is_past_due = True
        (self - past_due).is_past_due = False

    @api.model
    def _search_is_past_due(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._past_due_domain()

    @api.model
    def _past_due_domain(self):
        return (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", fields.Date.context_today(self))
        )
