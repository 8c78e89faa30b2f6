from odoo import fields, models


class CustomerServiceHandlingCorrection(models.Model):
    """Who changed a time that a clock had measured, and why. Nobody changes it afterwards."""

    _name = "customer.service.handling.correction"
    _description = "Correction of a Handling"
    _order = "id desc"

    handling_id = fields.Many2one(
        "customer.service.handling", required=True, readonly=True, index=True, ondelete="cascade"
    )
    handling_user_id = fields.Many2one(
        "res.users", string="Agent", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", string="Corrected By", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime("Corrected On", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    duration_before = fields.Float("Before", readonly=True)
    duration_after = fields.Float("After", readonly=True)
    # what days it touches
    start = fields.Datetime("From", required=True, readonly=True)
    stop = fields.Datetime("To", required=True, readonly=True)

    _touched_idx = models.Index("(handling_user_id, date)")
