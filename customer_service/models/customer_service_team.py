import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr

from ..const import UNRESOLVED


class CustomerServiceTeam(models.Model):
    """A department and a contact point: who answers, under which address, by which rules."""

    _name = "customer.service.team"
    _description = "Customer Service Team"
    _inherit = ["mail.thread", "mail.alias.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    member_ids = fields.Many2many(
        "res.users",
        "customer_service_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("customer_service.group_agent").ids),
        ],
        help="Agents who work on the cases of this team.",
    )

    # mail
    mailbox = fields.Char(
        "Own Mailbox",
        help="The address of a mailbox of this team that is fetched by an incoming mail server. "
        "Leave empty when customers write to the alias.",
    )
    mailbox_normalized = fields.Char(
        compute="_compute_mailbox_normalized", store=True, index="btree_not_null"
    )
    address = fields.Char(
        compute="_compute_address",
        help="Customers write to this address and get their answers from it.",
    )
    acknowledge_template_id = fields.Many2one(
        "mail.template",
        string="Acknowledgement",
        domain=[("model", "=", "customer.service.case")],
        ondelete="restrict",
        help="Sent to whoever starts a new case by mail, in their language: “We have your "
        "message”. Machines never get it, and nobody more than one an hour. Leave empty to send "
        "none.",
    )
    fetchmail_server_ids = fields.One2many(
        "fetchmail.server", "customer_service_team_id", string="Incoming Mail Servers"
    )

    # portal
    is_public = fields.Boolean(
        "Shown to Customers",
        default=True,
        help="Customers can choose this team when they write from the website or the portal.",
    )
    allow_attachments = fields.Boolean(
        "Customers May Attach Files",
        default=True,
        help="Customers can add files to what they write in the portal.",
    )

    # counters of the team's card, one grouped query for the page
    case_ids = fields.One2many("customer.service.case", "team_id", string="Cases")
    open_case_count = fields.Integer("Open", compute="_compute_case_counts")
    pending_case_count = fields.Integer("Pending", compute="_compute_case_counts")
    unassigned_case_count = fields.Integer("Unassigned", compute="_compute_case_counts")
    waiting_case_count = fields.Integer("Waiting for Us", compute="_compute_case_counts")
    overdue_case_count = fields.Integer("Overdue", compute="_compute_case_counts")

    @api.depends("mailbox")
    def _compute_mailbox_normalized(self):
        for team in self:
            team.mailbox_normalized = email_normalize(team.mailbox) or False

    @api.depends("mailbox_normalized", "alias_email")
    def _compute_address(self):
        for team in self:
            team.address = team.mailbox_normalized or team.alias_email

    def _compute_case_counts(self):
        unresolved = Domain("team_id", "in", self.ids) & Domain("status", "in", UNRESOLVED)
        conditions = {
            "open_case_count": Domain("status", "=", "open"),
            "pending_case_count": Domain("status", "=", "pending"),
            "unassigned_case_count": Domain("user_id", "=", False),
            "waiting_case_count": Domain("awaiting_reply", "=", True),
            "overdue_case_count": Domain("date_deadline", "<", fields.Datetime.now()),
        }
        case = self.env["customer.service.case"]
        for field_name, condition in conditions.items():
            counts = dict(case._read_group(unresolved & condition, ["team_id"], ["__count"]))
            for team in self:
                team[field_name] = counts.get(team._origin, 0)

    @api.constrains("mailbox")
    def _check_mailbox(self):
        for team in self:
            if team.mailbox and not team.mailbox_normalized:
                raise ValidationError(
                    self.env._("“%(mailbox)s” is not a mail address.", mailbox=team.mailbox)
                )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("customer.service.case")
        if self.id:
            defaults = ast.literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "team_id": self.id}
        return values

    def action_open_cases(self):
        """Open the cases of this team, with the ready filters that the context asks for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        asked = {
            key: value
            for key, value in self.env.context.items()
            if key.startswith("search_default_")
        }
        action["context"] = {
            "default_team_id": self.id,
            **(asked or {"search_default_unresolved": 1}),
        }
        action["domain"] = [("team_id", "=", self.id)]
        action["display_name"] = self.display_name
        return action

    @api.model
    def _default_for(self, company):
        """Return the team that takes what is addressed to nobody in particular.

        :param res.company company: the company that was written to
        :return: the company's first team, or none
        """
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _with_address(self, address):
        """Return the teams that customers write to under a normalized address."""
        return self.search(
            Domain("mailbox_normalized", "=", address)
            | Domain("alias_id.alias_full_name", "=", address)
        )

    def _formatted_address(self):
        """Return ``"Team" <address>`` for the header of a mail, False without an address."""
        self.ensure_one()
        return formataddr((self.name, self.address)) if self.address else False
