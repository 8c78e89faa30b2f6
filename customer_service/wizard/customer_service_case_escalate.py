from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import INTAKE_FIELDS
from ..tools.client_action import notification


def _of_case(field, *arguments, **attributes):
    """Return a field that starts with what the case has, and may be changed in the form."""
    return field(
        *arguments,
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        readonly=False,
        **attributes,
    )


class CustomerServiceCaseEscalate(models.TransientModel):
    """Escalate a case: to whom, what must be known before, and what they will read.

    The facts are filled in right here and written to the case; what is shown below is the
    message as it will appear.
    """

    _name = "customer.service.case.escalate"
    _description = "Escalate a Case"
    _inherit = [
        "customer.service.intake.mixin",
        "customer.service.call.back.choice",
        "customer.service.sight.mixin",
    ]

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id")
    partner_id = fields.Many2one(related="case_id.partner_id")
    commercial_partner_id = fields.Many2one(related="case_id.commercial_partner_id")
    previous_id = fields.Many2one(
        "customer.service.escalation",
        string="So Far",
        compute="_compute_previous_id",
        compute_sudo=False,
        store=True,
    )

    # to whom
    route_id = fields.Many2one(
        "customer.service.escalation.route",
        string="Topic",
        compute="_compute_route_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    route_cards = fields.Json(compute="_compute_route_cards")
    asked_user_id = fields.Many2one(
        "res.users",
        string="Customer Asked for",
        domain=lambda self: [
            *self.env["res.users"]._domain_with_role(),
            ("id", "!=", self.env.uid),
        ],
        help="Only this colleague is mentioned then.",
    )
    kind = fields.Selection(
        [("advice", "Ask for advice; I stay responsible"), ("hand_over", "Hand the case over")],
        string="What Is Wanted",
        required=True,
        default="advice",
    )
    question = fields.Text()

    # the facts, as the case has them; see const.INTAKE_FIELDS
    type_id = _of_case(fields.Many2one, "customer.service.case.type")
    partner_name = _of_case(fields.Char, "Name")
    customer_company = _of_case(fields.Char)
    phone = _of_case(fields.Char)
    email_from = _of_case(fields.Char, "Email")
    sale_order_id = _of_case(
        fields.Many2one,
        "sale.order",
        string="Order",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]"
        " if commercial_partner_id else []",
    )
    order_email = _of_case(fields.Char)
    product_id = _of_case(fields.Many2one, "product.product")
    product_version = _of_case(fields.Char, "Version")
    verified_product_id = _of_case(fields.Many2one, "product.product")
    verified_version = _of_case(fields.Char)
    description = _of_case(fields.Html)
    intake_answers = _of_case(fields.Json)
    demanded_fields = fields.Char(compute="_compute_demanded_fields")

    # what will happen
    mention_user_ids = fields.Many2many(
        "res.users", string="Will Be Mentioned", compute="_compute_mention_user_ids"
    )
    blind_user_names = fields.Char(
        "Not Mentioned, as They Do Not See the Case", compute="_compute_mention_user_ids"
    )
    preview = fields.Html(compute="_compute_preview")

    @api.depends("case_id")
    def _compute_previous_id(self):
        for wizard in self:
            wizard.previous_id = wizard.case_id.escalation_id

    @api.depends("case_id")
    def _compute_route_id(self):
        for wizard in self:
            if wizard.case_id and not wizard.route_id:
                routes = wizard._routes()
                below = wizard.case_id.escalation_id.route_id
                by_type = wizard.case_id.type_id.escalation_route_id
                proposed = below.next_route_id if below else by_type
                wizard.route_id = (proposed & routes) or (len(routes) == 1 and routes)

    def _routes(self):
        """Return the ways up that this case can take."""
        self.ensure_one()
        return self.env["customer.service.escalation.route"].search(
            [("company_id", "in", [self.case_id.company_id.id, False])]
        )

    @api.depends("case_id")
    def _compute_route_cards(self):
        for wizard in self:
            wizard.route_cards = [
                {
                    "id": route.id,
                    "name": route.name,
                    "text": route.description or "",
                    "lines": [
                        {"icon": icon, "title": title, "text": text}
                        for icon, title, text in (
                            (
                                "fa-comments-o",
                                self.env._("Discuss channel"),
                                # sudo: discuss.channel - its name, for whoever asks there
                                route.sudo().discuss_channel_id.name,
                            ),
                            ("fa-users", self.env._("Team"), route.team_id.name),
                            (
                                "fa-at",
                                self.env._("People to mention"),
                                # sudo: res.users - names of colleagues
                                ", ".join(route.sudo().user_ids.mapped("name")),
                            ),
                        )
                        if text
                    ],
                }
                for route in wizard._routes()
            ] or False

    @api.depends("case_id")
    def _compute_from_case(self):
        for wizard in self:
            case = wizard.case_id
            for name in (*INTAKE_FIELDS, "intake_answers"):
                wizard[name] = case[name] if name in case._fields else False

    @api.model
    def _intake_depends(self):
        return [*super()._intake_depends(), "route_id.intake_fact_ids"]

    def _demanded_facts(self):
        return (self.route_id.intake_fact_ids | super()._demanded_facts()).sorted()

    @api.depends("route_id", "type_id")
    def _compute_demanded_fields(self):
        for wizard in self:
            names = filter(None, wizard._demanded_facts().mapped("field_name"))
            wizard.demanded_fields = f",{','.join(names)},"

    @api.depends("route_id", "asked_user_id", "kind")
    def _compute_mention_user_ids(self):
        for wizard in self:
            users = wizard.asked_user_id or wizard.route_id.user_ids - self.env.user
            users = users._origin
            readers = users.browse()
            if wizard.route_id:
                readers = wizard.case_id._origin._escalation_readers(
                    users, wizard.route_id._origin, wizard.kind, wizard.asked_user_id._origin
                )
            wizard.mention_user_ids = readers
            wizard.blind_user_names = ", ".join((users - readers).mapped("name"))

    @api.depends("route_id", "asked_user_id", "kind", "question", "call_back_date")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard._preview() if wizard.route_id else False

    def _preview(self):
        """Return the message as it will appear."""
        self.ensure_one()
        previous = self.previous_id._origin
        escalation = self.env["customer.service.escalation"].new(
            {
                "case_id": self.case_id._origin.id,
                "route_id": self.route_id._origin.id,
                "level": previous.level + 1,
                "kind": self.kind,
                "question": self.question,
                "from_user_id": self.env.uid,
                "asked_user_id": self.asked_user_id._origin.id,
                "call_back_date": self.call_back_date,
            }
        )
        return escalation._message_body(self.mention_user_ids._origin)

    def action_escalate(self):
        """Keep the facts on the case and escalate it.

        :raise UserError: no topic or no question, facts are missing, or nobody would notice
        """
        self.ensure_one()
        if not self.route_id:
            raise UserError(self.env._("Choose a topic."))
        case = self.case_id
        case.check_access("write")
        self._write_facts()
        # First what only the customer can tell, who may still be on the line.
        case._check_facts(self.route_id)
        if not (self.question or "").strip():
            raise UserError(self.env._("Write what you want to know, or how far you came."))
        self._check_call_back()
        escalation = case._escalate(
            self.route_id,
            question=self.question,
            kind=self.kind,
            asked_user=self.asked_user_id,
            call_back_date=self.call_back_date,
            previous=self.previous_id,
        )
        return self._done(escalation)

    def _write_facts(self):
        """Write to the case what was filled in of the facts that are demanded, nothing else."""
        case, facts = self.case_id, self._demanded_facts()
        values = {}
        for name in filter(None, facts.mapped("field_name")):
            field = case._fields.get(name)
            if field and case[name] != self[name]:
                values[name] = self[name].id if field.relational else self[name]
        own = {str(fact.id) for fact in facts if not fact.field_name}
        answers = {key: value for key, value in (self.intake_answers or {}).items() if key in own}
        known = case.intake_answers or {}
        if any(known.get(key) != value for key, value in answers.items()):
            values["intake_answers"] = {**known, **answers}
        if values:
            case.write(values)

    def _done(self, escalation):
        """Return the client action that says who was asked, and leads on."""
        # sudo: escalation - whoever handed it over may not see it any more
        names = ", ".join(escalation.sudo().mentioned_user_ids.mapped("name"))
        message = self.env._(
            "Escalated to %(target)s; recorded on the case.", target=names or self.route_id.name
        )
        return notification(message, then=self.case_id._after_handing_over())
