from odoo import api, models


class CustomerServiceTimelineEntry(models.Model):
    """What customers were given to make up for something is told of too."""

    _inherit = "customer.service.timeline.entry"

    @api.model
    def _timeline_kinds(self):
        return {
            **super()._timeline_kinds(),
            "gift": self._timeline_kind(
                self.env._("Gift Card or Coupon"),
                "fa-gift",
                model="loyalty.card",
                given=self.env._("Given to the customer"),
                void=self.env._("Made void"),
            ),
        }
