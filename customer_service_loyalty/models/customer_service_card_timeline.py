from odoo import api, models


class CustomerServiceCardTimeline(models.AbstractModel):
    """A coupon or gift card in the timelines: given from a case, made void.

    What customers buy or collect is not told of.
    """

    _name = "customer.service.card.timeline"
    _description = "Gift in Timelines"
    _inherit = ["customer.service.timeline.mixin"]

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {
            "customer_service_case_id",
            "customer_service_void_date",
        }

    @api.model
    def _timeline_tells(self, vals):
        return bool(vals.get("customer_service_case_id"))

    def _timeline_facts(self):
        return {
            card.id: ("gift", "void" if card.customer_service_void_date else "given", False)
            for card in self
            if card.customer_service_case_id or card.customer_service_void_date
        }

    def _timeline_history(self):
        return {
            card.id: [
                ("gift", "given", card.create_date),
                *(
                    [("gift", "void", card.customer_service_void_date)]
                    if card.customer_service_void_date
                    else []
                ),
            ]
            for card in self.browse(self._timeline_facts())
        }

    def _timeline_lines(self):
        return {
            card.id: {
                "title": f"{card._case_document_kind()} {card._case_document_name()}",
                "text": card.customer_service_void_reason or "",
                "amount": card.points > 0 and card._customer_service_worth() or "",
            }
            for card in self
        }
