from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import html2plaintext

from ..const import PRIORITIES, SEQUENCE_CODE, UNRESOLVED

_UNRESOLVED_SQL = f"status IN {UNRESOLVED}"


class CustomerServiceCase(models.Model):
    """One matter of one customer, whatever the way it came in.

    What a case *does* lives in the mixins beside this file, one concern each: its status, its
    customer, its conversation, its mail, its parent and children. Here are its facts, how it
    gets its number and how it is found fast.
    """

    _name = "customer.service.case"
    _description = "Case"
    _inherit = [
        "customer.service.case.merging",
        "customer.service.case.status",
        "customer.service.case.closing",
        "customer.service.case.customer",
        "customer.service.case.conversation",
        "customer.service.case.panel",
        "customer.service.case.product",
        "customer.service.case.remote.support",
        "customer.service.case.acknowledge",
        "customer.service.case.forward.mixin",
        "customer.service.case.escalation",
        "customer.service.case.call.back",
        "customer.service.case.interactions",
        "customer.service.intake.mixin",
        "customer.service.case.participants",
        "customer.service.case.sender",
        "customer.service.case.bounce",
        "customer.service.case.spam",
        "customer.service.case.order.mentions",
        "customer.service.case.mail.in",
        "customer.service.case.mail.out",
        "customer.service.case.composer",
        "customer.service.case.answer.all",
        "customer.service.case.handling",
        "customer.service.case.hierarchy",
        "customer.service.case.family",
        "customer.service.case.parent.suggestion",
        "customer.service.case.documents",
        "customer.service.case.sales",
        "customer.service.case.credit.notes",
        "customer.service.case.automatic.mail",
        "customer.service.case.portal",
        "customer.service.case.search",
        "customer.service.case.timeline",
        "customer.service.lookup.mixin",
        "customer.service.source.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "mail.thread.phone",
        "mail.activity.mixin",
    ]
    _order = "priority desc, id desc"
    _rec_names_search = ["number", "name"]
    _primary_email = "email_from"
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index="trigram")
    name = fields.Char("Subject", required=True, index="trigram")
    description = fields.Html(groups="base.group_user")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, index=True, precompute=True
    )

    # classification
    team_id = fields.Many2one(
        "customer.service.team",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self._default_team_id(),
    )
    use_hierarchy = fields.Boolean(related="team_id.use_hierarchy", groups="base.group_user")
    type_id = fields.Many2one(
        "customer.service.case.type", index="btree_not_null", ondelete="restrict"
    )
    type_is_other = fields.Boolean(related="type_id.is_other")
    type_other = fields.Char(
        "Other Type", groups="base.group_user", help="The kind, where the list has no word for it."
    )
    properties = fields.Properties(
        "Facts of the Type", definition="type_id.properties_definition", copy=True
    )
    tag_ids = fields.Many2many("customer.service.tag", string="Tags", groups="base.group_user")
    priority = fields.Selection(PRIORITIES, default="1", required=True)
    channel_id = fields.Many2one(
        "customer.service.channel",
        index="btree_not_null",
        ondelete="restrict",
        default=lambda self: self._xmlid_id("customer_service.channel_phone"),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain=lambda self: self.env["res.users"]._domain_with_role(),
    )
    assign_date = fields.Datetime("Assigned On", readonly=True, copy=False)
    date_deadline = fields.Datetime("Due", index="btree_not_null", copy=False)
    call_back_date = fields.Datetime(
        "Call Back At",
        copy=False,
        groups="base.group_user",
        help="When we promised to call. It comes before everything else in the list.",
    )

    # what it is about
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]"
        " if commercial_partner_id else []",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null")

    _number_uniq = models.UniqueIndex("(company_id, number)")
    _priority_idx = models.Index("(priority DESC, id DESC)")
    _unresolved_priority_idx = models.Index(f"(priority DESC, id DESC) WHERE {_UNRESOLVED_SQL}")
    _unresolved_waiting_idx = models.Index(
        "(call_back_date, priority DESC, last_customer_message_date DESC, id DESC) "
        f"WHERE {_UNRESOLVED_SQL}"
    )
    _unresolved_user_idx = models.Index(f"(user_id) WHERE {_UNRESOLVED_SQL}")
    _unresolved_team_idx = models.Index(
        f"(team_id, stage_id, user_id, priority) WHERE {_UNRESOLVED_SQL}"
    )

    @api.model
    def _xmlid_id(self, xmlid):
        """Return the id of a record of this app by its name, without a query; False if deleted."""
        return self.env["ir.model.data"]._xmlid_to_res_id(xmlid, raise_if_not_found=False)

    @api.model
    def _default_team_id(self):
        """Return the user's own team, else the first of the company."""
        company = self.env.company
        own = self.env.user.customer_service_team_ids.filtered(
            lambda team: team.company_id == company and team.active
        )
        return own[:1] or self.env["customer.service.team"]._default_for(company)

    @api.depends("number", "name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        hidden = self._hidden_from_user()
        for case in self:
            number = f"[{case.number}] " if case.number else ""
            name = "" if case in hidden else case.name or ""
            case.display_name = f"{number}{name}".rstrip()

    def _hidden_from_user(self):
        """Return those of these cases that one of us is shown although they may not read them.

        The host shows the name of whatever a record is linked to (the parent of a case) without
        a look at rights. Of a case that is the subject, so what is left is the number.
        """
        if not self.env.su or self.env.uid == SUPERUSER_ID or not self.env.user._is_internal():
            return self.browse()
        return self - self.sudo(False)._filtered_access("read")

    def _compute_access_url(self):
        for case in self:
            case.access_url = f"/my/cases/{case.id}"

    @api.onchange("type_id")
    def _onchange_type_id(self):
        """A new case takes team and urgency from its type; a known one keeps its own."""
        if self.type_id and not self._origin:
            self.team_id = self.type_id.default_team_id or self.team_id
            self.priority = self.type_id.priority

    @api.model_create_multi
    def create(self, vals_list):
        self._check_links(vals_list, with_defaults=True)
        vals_list = [dict(vals) for vals in vals_list]
        self._complete_classification_values(vals_list)
        self._complete_status_values(vals_list)
        self._number_values(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_links([vals])
        if vals.get("user_id"):
            vals = {"assign_date": fields.Datetime.now(), **vals}
        elif "user_id" in vals:
            vals = {**vals, "assign_date": False}
        return super().write(vals)

    @api.model
    def _check_links(self, vals_list, with_defaults=False):
        """Make sure that the user may see what cases are linked to.

        Whoever sees a case is shown the names of its links, without another look at rights.

        :param list vals_list: field values that are about to be written
        :param bool with_defaults: whether those of the context count where nothing is given
        :raise AccessError: the user may not read the parent or the unregistered person
        """
        for name in ("parent_id", "identity_id"):
            default = self.env.context.get(f"default_{name}") if with_defaults else False
            ids = {vals.get(name, default) or False for vals in vals_list} - {False}
            self.env[self._fields[name].comodel_name].browse(ids).check_access("read")

    @api.model
    def _complete_classification_values(self, vals_list):
        """Add what the type says, a team where none is named, and since when somebody has it.

        :param list vals_list: values of new cases; changed in place
        """
        for vals in vals_list:
            case_type = self.env["customer.service.case.type"].browse(vals.get("type_id"))
            if case_type:
                vals.setdefault("priority", case_type.priority)
                vals["team_id"] = vals.get("team_id") or case_type.default_team_id.id
            if vals.get("user_id"):
                vals.setdefault("assign_date", fields.Datetime.now())
        homeless = [vals for vals in vals_list if not vals.get("team_id")]
        if homeless:  # looked up once, however many there are
            team_id = self.env.context.get("default_team_id") or self._default_team_id().id
            for vals in homeless:
                vals["team_id"] = team_id

    @api.model
    def _number_values(self, vals_list):
        """Give each of these values its number, drawn once for each company in the batch.

        :param list vals_list: values of new cases, completed with their team; changed in place
        """
        team = self.env["customer.service.team"].sudo()  # sudo: team - its company only
        by_company = {}
        for vals in vals_list:
            if not vals.get("number"):
                company = team.browse(vals["team_id"]).company_id or self.env.company
                by_company.setdefault(company, []).append(vals)
        for company, unnumbered in by_company.items():
            numbers = self._case_sequence(company)._next_batch(len(unnumbered))
            for vals, number in zip(unnumbered, numbers, strict=True):
                vals["number"] = number

    @api.model
    def _case_sequence(self, company):
        """Return the sequence that numbers the cases of a company."""
        sequence = self.env["ir.sequence"].sudo()  # sudo: ir.sequence - numbering is not a right
        domain = [("code", "=", SEQUENCE_CODE), ("company_id", "=", company.id)]
        fields_read = ["implementation", "use_date_range", "prefix", "suffix", "padding"]
        found = sequence.search_fetch(domain, fields_read, limit=1)
        if not found:
            company._create_case_sequence()
            found = sequence.search_fetch(domain, fields_read, limit=1)
        return found

    def action_cc_me(self):
        """Follow these cases, or stop following them where I did: I get each public message."""
        me = self.env.user.partner_id
        following = self.filtered("message_is_follower")
        following.message_unsubscribe(me.ids)
        (self - following).message_subscribe(me.ids)
        return True

    def action_report_duplicate(self):
        """Report this case, or two that are selected, to the supervisors as one and the same."""
        return self.env["customer.service.duplicate.report"]._action_report(self)

    def action_open_order(self):
        """Open the order this case is about."""
        self.ensure_one()
        return self.sale_order_id.get_formview_action()

    @api.model
    def get_empty_list_help(self, help_message):
        """Tell an agent with an empty list how the next case arrives."""
        title = help_message
        if not html2plaintext(title or "").strip():
            title = Markup('<p class="o_view_nocontent_smiling_face">%s</p>') % self.env._(
                "No case here"
            )
        teams = self.env["customer.service.team"].search([], limit=3)
        addresses = ", ".join(filter(None, teams.mapped("address")))
        if addresses:
            hint = self.env._(
                "Customers write to %(addresses)s and a case appears here. For a call or a visit, "
                "start one with New.",
                addresses=addresses,
            )
        else:
            hint = self.env._("For a call, a letter or a visit, start a case with New.")
        return super().get_empty_list_help(Markup("%s<p>%s</p>") % (Markup(title), hint))
