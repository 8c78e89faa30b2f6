from odoo import api, fields, models
from odoo.tools import formatLang

from .customer_service_timeline_mixin import TimelinePlace


class CustomerServiceOrderTimeline(models.AbstractModel):
    """An order in the timelines: made, sent, confirmed, cancelled."""

    _name = "customer.service.order.timeline"
    _description = "Order in Timelines"
    _inherit = ["customer.service.timeline.mixin"]

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"state"}

    def _timeline_facts(self):
        return {order.id: ("order", order.state, False) for order in self}

    def _timeline_history(self):
        now = fields.Datetime.now()
        history = {}
        for order in self:
            confirmed = order.state == "sale" and min(order.date_order, now)
            made = min(order.create_date, confirmed or now)
            history[order.id] = past = [("order", "draft", made)]
            if order.state != "draft":
                past.append(("order", order.state, confirmed or order.write_date))
        return history

    def _timeline_places(self):
        cases = self.env["customer.service.timeline.entry"]._cases_of(self)
        return {
            order.id: TimelinePlace(order.commercial_partner_id.id, cases[order.id], (order.id,))
            for order in self
        }

    def _timeline_lines(self):
        return {
            order.id: {
                "title": order.name,
                "amount": formatLang(self.env, order.amount_total, currency_obj=order.currency_id),
            }
            for order in self
        }
