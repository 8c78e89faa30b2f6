from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceHandlingCorrect(models.TransientModel):
    """Say how long something really took: a clock that was forgotten, or never started."""

    _name = "customer.service.handling.correct"
    _description = "Correction of a Time"
    _inherit = ["customer.service.sight.mixin"]

    handling_id = fields.Many2one("customer.service.handling", readonly=True, ondelete="cascade")
    case_id = fields.Many2one(
        "customer.service.case", compute="_compute_case_id", readonly=False, store=True
    )
    start = fields.Datetime("Began", default=fields.Datetime.now)
    minutes = fields.Integer(compute="_compute_minutes", store=True, readonly=False, required=True)
    measured = fields.Integer(compute="_compute_measured")
    reason = fields.Char(required=True)

    @api.depends("handling_id")
    def _compute_case_id(self):
        for wizard in self:
            wizard.case_id = wizard.handling_id.case_id or wizard.case_id

    @api.depends("handling_id")
    def _compute_minutes(self):
        for wizard in self:
            wizard.minutes = round(wizard.handling_id.duration * 60)

    @api.depends("handling_id")
    def _compute_measured(self):
        for wizard in self:
            wizard.measured = round(wizard.handling_id.duration * 60)

    def action_apply(self):
        """Correct the time, or add one that no clock measured."""
        self.ensure_one()
        handling = self.handling_id
        seconds = self.minutes * 60
        if handling:
            handling._correct(seconds, self.reason)
        else:
            handling._check_by_hand(seconds, self.reason)
            self._check_start(seconds)
            handling = handling._record_by_hand(self.start, seconds, self.case_id)
            handling._log_correction(self.reason, 0.0, [(handling.start_date, handling.stop_date)])
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"handling_id": handling.id},
        }

    def _check_start(self, seconds):
        """Make sure that what is added has happened already.

        :raise ValidationError: it has not
        """
        now = fields.Datetime.now()
        if not self.start or self.start + timedelta(seconds=seconds) > now + timedelta(minutes=1):
            raise ValidationError(self.env._("This time is not over yet. Choose when it began."))
