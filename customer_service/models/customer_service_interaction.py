from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import ORIGINATORS
from ..tools.own_context import moves_history

#: What an interaction that is a message takes from it.
_FACTS_OF_A_MESSAGE = frozenset(
    {"date", "originator", "channel_id", "user_id", "partner_id", "identity_id", "message_id"}
)

#: What decides who may change an interaction.
_OWNERS = frozenset({"user_id", "company_id"})

#: Before this nobody called anybody whom we know.
_EARLIEST = datetime(1970, 1, 1)  # noqa: DTZ001  naive and in UTC, as all that is stored


class CustomerServiceInteraction(models.Model):
    """One contact with one person: a call, a mail, a visit; it may touch many cases.

    What was said or done about each case is an action (``customer.service.action``). Messages
    make their interaction themselves (``customer.service.case.interactions``); calls, visits and
    letters are recorded by an agent (``customer.service.interaction.recording``).
    """

    _name = "customer.service.interaction"
    _description = "Interaction"
    _inherit = [
        "customer.service.interaction.handling",
        "customer.service.interaction.recording",
        "customer.service.interaction.timeline",
        "customer.service.lookup.mixin",
        "customer.service.caller.card",
        "customer.service.phone.desk",
        "customer.service.person.mixin",
        "customer.service.source.mixin",
        "customer.service.sight.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    originator = fields.Selection(
        ORIGINATORS,
        string="Begun By",
        required=True,
        default="customer",
        help="Who began it: the customer, one of us, or a machine.",
    )
    channel_id = fields.Many2one(
        "customer.service.channel", index="btree_not_null", ondelete="restrict"
    )
    channel_is_other = fields.Boolean(related="channel_id.is_other")
    channel_other = fields.Char("Other Channel", help="The way, where the list has no word for it.")
    user_id = fields.Many2one(
        "res.users",
        string="Handled By",
        index="btree_not_null",
        default=lambda self: self.env.uid,
    )
    is_remote = fields.Boolean("Remote Support", help="The customer's screen was looked at.")
    notes = fields.Text(help="What belongs to no case.")

    # with whom
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", precompute=True
    )
    identity_id = fields.Many2one(check_company=True)
    phone = fields.Char(help="The number this person called from, or was called at.")
    email = fields.Char()
    person_label = fields.Char("With", compute="_compute_person_label")

    action_ids = fields.One2many("customer.service.action", "interaction_id", string="Matters")
    case_ids = fields.Many2many(
        "customer.service.case", string="Cases", compute="_compute_case_ids"
    )
    case_count = fields.Integer("Number of Cases", compute="_compute_case_ids")
    message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", help="The message it was made of."
    )
    request_key = fields.Char(
        readonly=True,
        copy=False,
        help="Set by whoever records, so that the same recording sent twice is kept once.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _message_uniq = models.UniqueIndex("(message_id) WHERE message_id IS NOT NULL")
    _request_key_uniq = models.UniqueIndex("(request_key) WHERE request_key IS NOT NULL")
    _user_date_idx = models.Index("(user_id, date DESC)")

    @api.depends("partner_id", "identity_id", "email", "phone")
    def _compute_person_label(self):
        for interaction in self:
            # sudo: res.partner, identity - names of whom an agent sees the interaction
            known = interaction.sudo()
            interaction.person_label = (
                known.partner_id.display_name
                or known.identity_id.display_name
                or interaction.email
                or interaction.phone
                or False
            )

    @api.depends("date", "person_label")
    def _compute_display_name(self):
        for interaction in self:
            date = fields.Datetime.context_timestamp(interaction, interaction.date)
            stamp = f"{date:%Y-%m-%d %H:%M}"
            interaction.display_name = " · ".join(filter(None, [stamp, interaction.person_label]))

    @api.depends("action_ids.case_id")
    def _compute_case_ids(self):
        for interaction in self:
            interaction.case_ids = interaction.action_ids.case_id
            interaction.case_count = len(interaction.case_ids)

    @api.constrains("duration")
    def _check_duration(self):
        for interaction in self:
            if interaction.duration < 0:
                raise ValidationError(self.env._("Something cannot take less than no time."))

    @api.constrains("date")
    def _check_date(self):
        latest = fields.Datetime.now() + timedelta(days=1)
        for interaction in self:
            if not interaction.message_id and not _EARLIEST <= interaction.date <= latest:
                raise ValidationError(
                    self.env._("Say when it was: a contact is not in the future.")
                )

    @api.constrains("partner_id", "identity_id")
    def _check_person(self):
        # Where all the history of somebody moves, one old mistake in it must not hold it up.
        if not moves_history(self.env):
            self.action_ids._check_person()

    @api.model_create_multi
    def create(self, vals_list):
        default_id = self.env.context.get("default_message_id")
        self._check_message([{"message_id": default_id, **vals} for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        self._check_message([vals])
        if not _FACTS_OF_A_MESSAGE.isdisjoint(vals):
            self._check_facts()
        result = super().write(vals)
        if not self.env.su and not _OWNERS.isdisjoint(vals):
            self.check_access("write")  # nobody gives what is theirs to others
        return result

    @api.model
    def _check_message(self, vals_list):
        """Let nobody but the posting hook say of which message an interaction is made.

        The first words of the message are shown to whoever sees the interaction.

        :raise AccessError: somebody else tries
        """
        if not self.env.su and any(vals.get("message_id") for vals in vals_list):
            raise AccessError(self.env._("Interactions of messages are made by the messages."))

    def _check_facts(self):
        """Keep what a message says of itself: its date, its author, its way.

        :raise UserError: one of these interactions is a message
        """
        if not self.env.su and any(self.mapped("message_id")):
            raise UserError(
                self.env._("This contact is a message. When, how and with whom it was stays as is.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_message(self):
        for interaction in self:
            if interaction.message_id:
                raise UserError(
                    self.env._(
                        "%(interaction)s was made by a message of a case and stays with it.",
                        interaction=interaction.display_name,
                    )
                )

    def action_open_case(self):
        """Open the one case of this interaction, or the list where there are several."""
        self.ensure_one()
        if len(self.case_ids) == 1:
            return self.case_ids.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        return {**action, "domain": [("id", "in", self.case_ids.ids)], "context": {}}
