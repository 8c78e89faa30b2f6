from odoo import api, models


class CustomerServiceTimelineEntry(models.Model):
    """What went to customers and what came back is told of too."""

    _inherit = "customer.service.timeline.entry"

    @api.model
    def _timeline_kinds(self):
        return {
            **super()._timeline_kinds(),
            "delivery": {
                "label": self.env._("Delivery"),
                "icon": "fa-truck",
                "events": {
                    "done": self.env._("Delivery sent"),
                    "cancel": self.env._("Delivery cancelled"),
                },
            },
            "return": {
                "label": self.env._("Return"),
                "icon": "fa-reply",
                "events": {
                    "expected": self.env._("Return expected"),
                    "done": self.env._("Return came back"),
                    "cancel": self.env._("Return cancelled"),
                },
            },
        }
