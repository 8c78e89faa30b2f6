from datetime import datetime, time

from odoo import api, models
from odoo.tools import formatLang

from .customer_service_timeline_mixin import TimelinePlace

#: What customers get, and what a timeline calls it.
_KINDS = {"out_invoice": "invoice", "out_refund": "credit_note"}

#: How far it is paid, where a timeline tells of it.
_PAID = {"partial": "partial", "in_payment": "paid", "paid": "paid", "reversed": "reversed"}


class CustomerServiceMoveTimeline(models.AbstractModel):
    """An invoice or a credit note in the timelines: posted, paid, cancelled."""

    _name = "customer.service.move.timeline"
    _description = "Invoice in Timelines"
    _inherit = ["customer.service.timeline.mixin"]

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"state", "payment_state"}

    @api.model
    def _timeline_tells(self, vals):
        return vals.get("move_type") in _KINDS

    def _timeline_facts(self):
        facts = {}
        for move in self:
            kind = _KINDS.get(move.move_type)
            if kind and move.state == "cancel":
                facts[move.id] = (kind, "cancel", False)
            elif kind and move.state == "posted":
                facts[move.id] = (kind, _PAID.get(move.payment_state, "posted"), False)
        return facts

    def _timeline_history(self):
        history = {}
        for record_id, (kind, event, _date) in self._timeline_facts().items():
            move = self.browse(record_id)
            posted = move._timeline_moment(move.invoice_date)
            history[record_id] = [(kind, "posted", posted)]
            if event != "posted":
                paid = move._timeline_moment(move._timeline_last_payment())
                history[record_id].append((kind, event, max(paid, posted)))
        return history

    def _timeline_last_payment(self):
        """Return the day of the last payment of this invoice."""
        lines = self.line_ids
        payments = lines.matched_debit_ids | lines.matched_credit_ids
        return max(filter(None, payments.mapped("max_date")), default=None)

    def _timeline_moment(self, date):
        """Return a moment of a day: the middle, which is that day wherever the reader is, nearly.

        Of the day on which the record was made, the moment is known.
        """
        if not date or date == self.create_date.date():
            return self.create_date
        return datetime.combine(date, time(12))

    def _timeline_places(self):
        cases = self.env["customer.service.timeline.entry"]._cases_of(self)
        return {
            move.id: TimelinePlace(
                move.commercial_partner_id.id,
                cases[move.id],
                move.line_ids.sale_line_ids.order_id._ids,
            )
            for move in self
        }

    def _timeline_lines(self):
        return {
            move.id: {
                "title": move.name or "",
                "amount": formatLang(self.env, move.amount_total, currency_obj=move.currency_id),
            }
            for move in self
        }
