from odoo import api, models


class CustomerServiceTimelineEntry(models.Model):
    """What went to customers and what came back is told of too."""

    _inherit = "customer.service.timeline.entry"

    @api.model
    def _timeline_kinds(self):
        return {
            **super()._timeline_kinds(),
            "delivery": self._timeline_kind(
                self.env._("Delivery"),
                "fa-truck",
                done=self.env._("Delivery sent"),
                cancel=self.env._("Delivery cancelled"),
            ),
            "return": self._timeline_kind(
                self.env._("Return"),
                "fa-reply",
                expected=self.env._("Return expected"),
                done=self.env._("Return came back"),
                cancel=self.env._("Return cancelled"),
            ),
        }
