from odoo import api, models

from odoo.addons.customer_service.models.customer_service_timeline_mixin import TimelinePlace


class CustomerServicePickingTimeline(models.AbstractModel):
    """A delivery to a customer in the timelines: sent, cancelled; and a return: expected, here."""

    _name = "customer.service.picking.timeline"
    _description = "Delivery in Timelines"
    _inherit = ["customer.service.timeline.mixin"]

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"state"}

    @api.model
    def _timeline_place_triggers(self):
        return super()._timeline_place_triggers() | {"sale_id"}

    @api.model
    def _timeline_tells(self, vals):
        return vals.get("state", "draft") != "draft"

    def _timeline_facts(self):
        facts = {}
        for picking in self.filtered("sale_id"):
            event = {"done": "done", "cancel": "cancel"}.get(picking.state)
            date = event == "done" and picking.date_done
            if picking._customer_service_is_return():
                if picking.state != "draft":
                    facts[picking.id] = ("return", event or "expected", date)
            elif event and picking.location_dest_id.usage == "customer":
                facts[picking.id] = ("delivery", event, date)
        return facts

    def _timeline_history(self):
        history = {}
        for record_id, (kind, event, _date) in self._timeline_facts().items():
            picking = self.browse(record_id)
            past = []
            if kind == "return":
                past.append((kind, "expected", picking.create_date))
            if event != "expected":
                then = picking.date_done if event == "done" else picking.write_date
                past.append((kind, event, then or picking.write_date))
            history[record_id] = past
        return history

    def _timeline_places(self):
        cases = self.env["customer.service.timeline.entry"]._cases_of(self)
        return {
            picking.id: TimelinePlace(
                picking.sale_id.commercial_partner_id.id, cases[picking.id], picking.sale_id._ids
            )
            for picking in self
        }

    def _timeline_lines(self):
        # sudo: stock.picking - name and number of the carrier, of what the timeline may tell
        return {
            picking.id: {
                "title": picking.name or "",
                "text": picking._customer_service_tracking().get("tracking", ""),
            }
            for picking in self.sudo()
        }
