from odoo import fields, models


class CustomerServiceIdentityMatch(models.TransientModel):
    """Ask which customer an unregistered person is, and say why somebody is proposed."""

    _name = "customer.service.identity.match"
    _description = "Match of an Unregistered Person"
    _inherit = ["customer.service.sight.mixin"]

    identity_id = fields.Many2one(
        "customer.service.identity", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="identity_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    reason = fields.Char(readonly=True)
    case_count = fields.Integer("Cases", compute="_compute_case_count")

    def _compute_case_count(self):
        for match in self:
            match.case_count = len(match.identity_id.case_ids)

    def action_confirm(self):
        """Make the chosen customer the owner of this person's cases, for good."""
        self.ensure_one()
        return self.identity_id.action_become(self.partner_id.id)
