from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

#: When a shop can be expected to have opened.
_MORNING = time(9)


class CustomerServiceCallBackChoice(models.AbstractModel):
    """When a customer is called back: one click for the usual times, or any other."""

    _name = "customer.service.call.back.choice"
    _description = "Choice of a Call-Back"

    call_back = fields.Selection(
        selection="_selection_call_back",
        string="Call-Back Promised",
        required=True,
        default="none",
    )
    call_back_date = fields.Datetime(
        "Call Back At", compute="_compute_call_back_date", store=True, readonly=False
    )

    @api.model
    def _selection_call_back(self):
        labels = {
            "none": self.env._("No"),
            "30": self.env._("In 30 minutes"),
            "60": self.env._("In 1 hour"),
            "120": self.env._("In 2 hours"),
            "tomorrow": self.env._("Tomorrow at 9"),
            "other": self.env._("At another time"),
        }
        return list(labels.items())

    @api.depends("call_back")
    def _compute_call_back_date(self):
        for choice in self:
            if choice.call_back in (False, "none"):
                choice.call_back_date = False
            elif choice.call_back == "tomorrow":
                choice.call_back_date = self._tomorrow_morning()
            elif choice.call_back.isdigit():
                minutes = timedelta(minutes=int(choice.call_back))
                choice.call_back_date = fields.Datetime.now() + minutes
            else:
                choice.call_back_date = choice.call_back_date  # whatever was typed

    def _check_call_back(self):
        """:raise UserError: a call-back is promised, but not for when"""
        for choice in self:
            if choice.call_back != "none" and not choice.call_back_date:
                raise UserError(self.env._("Choose when the customer is called back."))

    @api.model
    def _tomorrow_morning(self):
        """Return tomorrow morning where the user is, in UTC."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        day = datetime.now(zone).date() + timedelta(days=1)
        return datetime.combine(day, _MORNING, zone).astimezone(UTC).replace(tzinfo=None)
