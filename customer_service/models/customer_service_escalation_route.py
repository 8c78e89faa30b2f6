from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceEscalationRoute(models.Model):
    """A topic's way up: who is asked, where, and what must be known before."""

    _name = "customer.service.escalation.route"
    _description = "Escalation Route"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char("Topic", required=True, translate=True)
    description = fields.Char("When to Take It", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    team_id = fields.Many2one(
        "customer.service.team",
        ondelete="restrict",
        help="A case that is handed over by this route goes to this team. Leave empty to let it "
        "stay where it is.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, index=True
    )
    discuss_channel_id = fields.Many2one(
        "discuss.channel",
        domain=[("channel_type", "in", ("channel", "group"))],
        ondelete="restrict",
        help="Where the question is posted. Without a channel it is a note on the case only.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "customer_service_escalation_route_user_rel",
        "route_id",
        "user_id",
        string="People to Mention",
        domain=lambda self: self.env["res.users"]._domain_with_role(),
        help="Whom the message calls by name, unless the customer asked for somebody.",
    )
    intake_fact_ids = fields.Many2many(
        "customer.service.intake.fact",
        "customer_service_escalation_route_fact_rel",
        "route_id",
        "fact_id",
        string="Must Be Known",
        help="Nobody is asked before these are on the case.",
    )
    next_route_id = fields.Many2one(
        "customer.service.escalation.route",
        string="Next Level",
        ondelete="restrict",
        check_company=True,
        help="Proposed to whoever cannot answer either.",
    )

    @api.depends("team_id")
    def _compute_company_id(self):
        for route in self:
            route.company_id = route.team_id.company_id or route.company_id

    @api.constrains("discuss_channel_id", "user_ids")
    def _check_somebody_notices(self):
        for route in self:
            if not route.discuss_channel_id and not route.user_ids:
                raise ValidationError(
                    self.env._(
                        "Nobody would notice what is escalated to “%(route)s”. Choose a Discuss "
                        "channel or people to mention.",
                        route=route.name,
                    )
                )

    @api.constrains("next_route_id")
    def _check_next_route(self):
        if self._has_cycle("next_route_id"):
            raise ValidationError(
                self.env._("A level cannot come after itself. Choose another next level.")
            )
