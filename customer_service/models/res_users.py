from odoo import api, fields, models


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

    @api.model
    def _domain_with_role(self, role="group_agent"):
        """Return the domain of our own people who have a role in customer service, or more.

        :param str role: the name of a group of this app
        """
        group_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"customer_service.{role}", raise_if_not_found=False
        )
        return [("share", "=", False), ("all_group_ids", "in", [group_id])]
