from odoo import api, models
from odoo.tools import SQL

from .customer_service_timeline_mixin import TimelinePlace


class CustomerServiceCaseTimeline(models.AbstractModel):
    """A case in the timelines: when it came, and each time it stands elsewhere than before.

    Whatever was said in it follows it to another customer and another order.
    """

    _name = "customer.service.case.timeline"
    _description = "Case in Timelines"
    _inherit = ["customer.service.timeline.mixin"]

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"status"}

    @api.model
    def _timeline_place_triggers(self):
        return super()._timeline_place_triggers() | {"sale_order_id"}

    def _timeline_facts(self):
        # What the shop sent by itself is a message of the customer, the case that holds it is
        # nobody's work.
        return {case.id: ("case", case.status, False) for case in self if not case.is_automatic}

    def _timeline_history(self):
        history = {}
        for case in self.filtered(lambda case: not case.is_automatic):
            past = [("case", "open", case.create_date)]
            if case.resolve_date:
                past.append(("case", "resolved", case.resolve_date))
            if case.status == "closed" and case.close_date:
                past.append(("case", "closed", case.close_date))
            if past[-1][1] != case.status:
                past.append(("case", case.status, case.last_message_date or case.create_date))
            history[case.id] = past
        return history

    def _timeline_places(self):
        return {
            case.id: TimelinePlace(
                case.commercial_partner_id.id, case.id, tuple(case.sale_order_id.ids)
            )
            for case in self
        }

    def _timeline_move(self):
        self.env.cr.execute(
            SQL(
                "UPDATE customer_service_timeline_entry e "
                "SET commercial_partner_id = c.commercial_partner_id, "
                "sale_order_id = c.sale_order_id FROM customer_service_case c "
                "WHERE c.id IN %s AND e.case_id = c.id AND e.res_model IN %s",
                tuple(self.ids),
                (self._name, "mail.message"),
            )
        )

    def _timeline_lines(self):
        return {case.id: {"title": case.name} for case in self}
