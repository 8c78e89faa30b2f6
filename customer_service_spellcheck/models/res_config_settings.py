from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The switch of the company."""

    _inherit = "res.config.settings"

    customer_service_spellcheck = fields.Boolean(
        related="company_id.customer_service_spellcheck", readonly=False
    )
