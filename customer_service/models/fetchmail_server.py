from odoo import api, fields, models


class FetchmailServer(models.Model):
    """Mail fetched from a team's own mailbox becomes cases of that team."""

    _inherit = "fetchmail.server"

    customer_service_team_id = fields.Many2one(
        "customer.service.team",
        index="btree_not_null",
        help="Each mail from this server that answers nothing becomes a case of this team.",
    )

    start_new_cases = fields.Boolean(
        default=True,
        help="Switched off, only mail that continues a known case is taken.",
    )

    @api.onchange("customer_service_team_id")
    def _onchange_customer_service_team_id(self):
        if self.customer_service_team_id:
            self.object_id = self.env["ir.model"]._get("customer.service.case")
