from odoo import api, models
from odoo.tools import formatLang

from .customer_service_timeline_mixin import TimelinePlace


class AccountPayment(models.Model):
    """A payment is a line in the timelines of the customer and of the orders that it is for."""

    _name = "account.payment"
    _inherit = ["account.payment", "customer.service.timeline.mixin"]
    _timeline_is_line = True

    @api.model
    def _timeline_triggers(self):
        # What it is for is known only when it is reconciled.
        return super()._timeline_triggers() | {"state", "is_reconciled"}

    @api.model
    def _timeline_tells(self, vals):
        return vals.get("partner_type") == "customer"

    def _timeline_facts(self):
        facts = {}
        for payment in self:
            if payment.partner_type != "customer" or payment.state == "draft":
                continue
            done = payment.state in ("in_process", "paid")
            event = payment.payment_type if done else payment.state
            facts[payment.id] = ("payment", event, payment.create_date)
        return facts

    def _timeline_places(self):
        return {
            payment.id: TimelinePlace(
                payment.partner_id.commercial_partner_id.id, False, payment._timeline_orders()._ids
            )
            for payment in self
        }

    def _timeline_orders(self):
        """Return the orders that this payment is for, paid online or by their invoices."""
        invoices = self.invoice_ids | self.reconciled_invoice_ids
        return self.payment_transaction_id.sale_order_ids | invoices.line_ids.sale_line_ids.order_id

    def _timeline_lines(self):
        return {
            payment.id: {
                "title": payment.name or "",
                "text": payment.memo or "",
                "amount": formatLang(self.env, payment.amount, currency_obj=payment.currency_id),
            }
            for payment in self
        }
