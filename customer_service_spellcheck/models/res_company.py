from odoo import fields, models


class ResCompany(models.Model):
    """Whether answers are checked before they are sent."""

    _inherit = "res.company"

    customer_service_spellcheck = fields.Boolean("Check Spelling before Sending", default=True)
