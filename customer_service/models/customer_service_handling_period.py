from odoo import api, fields, models


class CustomerServiceHandlingPeriod(models.Model):
    """One stretch of time in which the clock of a handling ran. Without a stop it runs now."""

    _name = "customer.service.handling.period"
    _description = "Period of a Handling"
    _order = "start, id"

    handling_id = fields.Many2one(
        "customer.service.handling", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Agent", required=True, ondelete="restrict")
    start = fields.Datetime(required=True)
    stop = fields.Datetime()
    duration = fields.Float(
        "Hours", compute="_compute_duration", store=True, help="0 as long as the clock runs."
    )

    _runs_once = models.UniqueIndex(
        "(user_id) WHERE stop IS NULL", "One clock runs at a time: pause the other one."
    )
    _start_idx = models.Index("(user_id, start)")
    _stop_idx = models.Index("(user_id, stop)")
    _stop_after_start = models.Constraint("CHECK (stop >= start)", "A period ends after it began.")

    @api.depends("start", "stop")
    def _compute_duration(self):
        for period in self:
            length = period.stop - period.start if period.stop else None
            period.duration = length.total_seconds() / 3600 if length else 0.0
