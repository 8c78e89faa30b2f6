from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of customer service, for one company each."""

    _inherit = "res.config.settings"

    customer_service_record_automatic_mail = fields.Boolean(
        related="company_id.customer_service_record_automatic_mail", readonly=False
    )
    customer_service_undo_seconds = fields.Integer(
        related="company_id.customer_service_undo_seconds", readonly=False
    )
    customer_service_clock_reminder_hours = fields.Float(
        related="company_id.customer_service_clock_reminder_hours", readonly=False
    )
    customer_service_remote_support_url = fields.Char(
        related="company_id.customer_service_remote_support_url", readonly=False
    )
    customer_service_authentication_servers = fields.Char(
        "Trusted Mail Servers", config_parameter="customer_service.authentication_servers"
    )
