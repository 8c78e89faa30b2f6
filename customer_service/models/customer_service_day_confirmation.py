from odoo import fields, models


class CustomerServiceDayConfirmation(models.Model):
    """What an agent confirmed of a day, as it stood at that moment. It never changes."""

    _name = "customer.service.day.confirmation"
    _description = "Confirmation of a Day"
    _order = "id desc"

    day_id = fields.Many2one(
        "customer.service.day", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime("Confirmed On", required=True, readonly=True)
    handled_count = fields.Integer("Cases Handled", readonly=True)
    contact_count = fields.Integer("Contacts", readonly=True)
    duration = fields.Float("Time", readonly=True)
