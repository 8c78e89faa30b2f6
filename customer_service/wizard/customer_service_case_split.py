from odoo import api, fields, models

_CHOSEN = "customer.service.case.split"


def _of_messages(field, *arguments, **attributes):
    """Return a field that follows from the chosen messages, and may be changed in the form."""
    return field(
        *arguments,
        compute="_compute_from_messages",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        **attributes,
    )


class CustomerServiceCaseSplit(models.TransientModel):
    """Split a case: which messages become a case of their own, and whose it is."""

    _name = _CHOSEN
    _description = "Split a Case"
    _inherit = ["customer.service.sight.mixin"]

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id")
    allowed_message_ids = fields.Many2many(
        "mail.message",
        "customer_service_case_split_allowed_rel",
        compute="_compute_allowed_message_ids",
    )
    message_ids = fields.Many2many(
        "mail.message",
        string="Messages",
        domain="[('id', 'in', allowed_message_ids)]",
    )
    name = _of_messages(fields.Char, "Subject")
    partner_id = _of_messages(fields.Many2one, "res.partner", string="Customer")
    customer_hint = _of_messages(fields.Char, "Written By")
    team_id = fields.Many2one(
        "customer.service.team",
        compute="_compute_team_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_team_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain=lambda self: self.env["res.users"]._domain_with_role(),
    )
    is_other = fields.Boolean(compute="_compute_is_other", compute_sudo=False)
    shares = fields.Boolean(
        "The customer may read all of these messages",
        help="Otherwise only colleagues see those that are not the customer's own.",
    )

    @api.depends("case_id")
    def _compute_allowed_message_ids(self):
        merge = self.env["customer.service.case.merge"]
        for wizard in self:
            case = wizard.case_id._origin
            case.check_access("read")
            wizard.allowed_message_ids = merge._splittable(case).sudo(False) if case else False

    @api.depends("case_id")
    def _compute_team_id(self):
        for wizard in self:
            wizard.team_id = wizard.case_id.team_id
            wizard.user_id = wizard.case_id.user_id

    def _chosen(self):
        """Return the chosen messages that belong to the case, in sudo and oldest first."""
        self.case_id._origin.check_access("read")
        known = self.env["customer.service.case.merge"]._splittable(self.case_id._origin)
        chosen = known.filtered(lambda message: message.id in self.message_ids._origin.ids)
        return chosen.sorted(lambda message: (message.date, message.id))

    @api.depends("message_ids", "case_id")
    def _compute_from_messages(self):
        merge = self.env["customer.service.case.merge"]
        for wizard in self:
            case, chosen = wizard.case_id._origin, wizard._chosen()
            if not chosen:
                wizard.name, wizard.partner_id, wizard.customer_hint = False, False, False
                continue
            wizard.name = merge._split_name(case, chosen)
            writer, address = merge._writer_of(case, chosen)
            is_known = not writer and not address
            wizard.partner_id = case.partner_id if is_known else writer
            wizard.customer_hint = False if is_known or writer else address

    @api.depends("partner_id", "customer_hint", "case_id")
    def _compute_is_other(self):
        for wizard in self:
            wizard.is_other = bool(wizard.customer_hint) or (
                bool(wizard.partner_id) and wizard.partner_id != wizard.case_id.partner_id
            )

    def action_split(self):
        """Make the new case and open it.

        :raise UserError: the messages are none of this case, or all of them
        """
        self.ensure_one()
        merge = self.env["customer.service.case.merge"]
        values = {"user_id": self.user_id.id}
        if self.name:
            values["name"] = self.name
        if self.team_id:
            values["team_id"] = self.team_id.id
        if self.partner_id != self.case_id.partner_id and self.partner_id:
            values["partner_id"] = self.partner_id.id
        log = merge._split(self.case_id, self.message_ids, values, shares=self.shares)
        return log.merged_ids.sudo(False).get_formview_action()
