import ast
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr, html2plaintext

from ..const import FORWARDED_HEADER, UNRESOLVED
from .customer_service_mail_destination import IgnoredMail

#: What stands behind a plus in an address.
_PLUS = re.compile(r"\+[^@]*@")


class CustomerServiceTeam(models.Model):
    """A department and a contact point: who answers, under which address, by which rules."""

    _name = "customer.service.team"
    _description = "Customer Service Team"
    _inherit = [
        "customer.service.team.handling",
        "customer.service.team.hierarchy",
        "mail.thread",
        "mail.alias.mixin",
    ]
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
        # Evaluated with each rule that looks at members: without a query.
        domain=lambda self: self.env["res.users"]._domain_with_role(),
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
    use_plus_address = fields.Boolean(
        "Reference in the Address",
        help="Answers are asked for at an address with the case's number behind a plus, such as "
        "support+c42-1a2b3c@shop.example, so that they find their case even if a mail program "
        "drops everything else. Your mail provider must deliver such addresses to this mailbox.",
    )
    is_mailing_list = fields.Boolean(
        "Address Is a Group or List",
        help="Customers write to a mailing list or group that hands their mail on. What it hands "
        "on is read as written by people, although the list marks it as its own.",
    )
    store_messages = fields.Boolean(
        default=True,
        help="Switched off, mail to this team becomes no case: it is only handed on, whole, to "
        "the address given here, and one line of the log remains.",
    )
    forward_email = fields.Char("Hand Mail on to")
    fetchmail_server_ids = fields.One2many(
        "fetchmail.server", "customer_service_team_id", string="Incoming Mail Servers"
    )

    # answers
    reply_template_id = fields.Many2one(
        "mail.template",
        string="Default Message",
        domain=[("model", "=", "customer.service.case")],
        ondelete="set null",
        default=lambda self: self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_service.reply_template_default", raise_if_not_found=False
        ),
        help="Each answer starts with this text, in the customer's language. The cursor waits in "
        "its first empty paragraph.",
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
    mail_failure_count = fields.Integer("Failed Mail", compute="_compute_mail_failure_count")
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

    def _compute_mail_failure_count(self):
        failure = self.env["customer.service.mail.failure"]
        counts = {}
        if failure.has_access("read"):
            waiting = Domain("team_id", "in", self.ids) & Domain("state", "=", "waiting")
            counts = dict(failure._read_group(waiting, ["team_id"], ["__count"]))
        for team in self:
            team.mail_failure_count = counts.get(team._origin, 0)

    @api.constrains("store_messages", "forward_email")
    def _check_forward_email(self):
        for team in self.filtered(lambda team: not team.store_messages):
            address = email_normalize(team.forward_email)
            if not address:
                raise ValidationError(
                    self.env._(
                        "%(team)s keeps no mail, so enter the address that it is handed on to.",
                        team=team.name,
                    )
                )
            # sudo: team - all our own addresses
            if team.sudo()._with_addresses([address]):
                raise ValidationError(
                    self.env._(
                        "%(address)s is an address of customer service itself: mail would go "
                        "round in circles.",
                        address=address,
                    )
                )

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
    def _with_addresses(self, addresses):
        """Return the teams that customers write to under these normalized addresses.

        What stands behind a plus in an address is not looked at.
        """
        addresses = set(addresses)
        plain = {_PLUS.sub("@", address) for address in addresses} | addresses
        if not plain:
            return self.browse()
        return self.search(
            Domain("mailbox_normalized", "in", list(plain))
            | Domain("alias_id.alias_full_name", "in", list(plain))
        )

    @api.model
    def _with_address(self, address):
        """Return the teams that customers write to under a normalized address."""
        return self._with_addresses([address])

    def action_open_mail_failures(self):
        """Open the failed mail of this team."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_mail_failure_action"
        )
        action["context"] = {"search_default_waiting": 1, "search_default_team_id": self.id}
        return action

    def _forward_mail(self, raw, mail):
        """Hand a mail on to the address of a team that keeps none.

        The whole mail goes along as a file, the text can be read right away, and an answer to it
        goes to whoever wrote the mail.

        :param bytes raw: the whole mail
        :param ReadMail mail: what was read of it
        :raise IgnoredMail: the mail was handed on by us before
        :raise odoo.exceptions.UserError: the mail server does not take it
        """
        self.ensure_one()
        if self._comes_back(raw, mail):
            raise IgnoredMail("loop", team_id=self.id, company_id=self.company_id.id)
        name = mail.sender_name or mail.sender_address or self.name
        # sudo: ir.mail_server - the gateway's user need not be an administrator
        server = self.env["ir.mail_server"].sudo()
        message = server._build_email__(
            email_from=formataddr((name, self.address or self.company_id.email)),
            email_to=[self.forward_email],
            subject=mail.subject or self.env._("(no subject)"),
            body=html2plaintext(mail.body),
            reply_to=mail.sender or False,
            attachments=[("mail.eml", raw, "application/octet-stream")],
            headers={FORWARDED_HEADER: "yes"},
        )
        server.send_email(message)

    def _comes_back(self, raw, mail):
        """Tell whether a mail is one that we handed on, or what a machine sends because of it.

        Handed on once more, a bounce of the address that mail is handed on to would bounce again.
        """
        if mail.headers.get(FORWARDED_HEADER):
            return True
        target = email_normalize(self.forward_email)
        return bool(mail.machine) and (
            mail.sender_address == target
            or any(address == target for address, _permanent, _reason in mail.bounces)
            or FORWARDED_HEADER.lower().encode() in raw.lower()
        )

    def _formatted_address(self):
        """Return ``"Team" <address>`` for the header of a mail, False without an address."""
        self.ensure_one()
        return formataddr((self.name, self.address)) if self.address else False
