from odoo import fields, models


class ResUsers(models.Model):
    """Which teams an agent works for."""

    _inherit = "res.users"

    customer_service_team_ids = fields.Many2many(
        "customer.service.team",
        "customer_service_team_member_rel",
        "user_id",
        "team_id",
        string="Customer Service Teams",
    )
