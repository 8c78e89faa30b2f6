from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..const import (
    PREVIEW_LENGTH,
    SPOKEN_MESSAGE_TYPES,
    UNRESOLVED,
)
from ..tools.text import first_words


class CustomerServiceCaseConversation(models.AbstractModel):
    """Who spoke last, how often, and since when the customer waits.

    Everything a list shows or sorts by is stored, and kept in one place: the hook that every
    message passes, by mail, by portal and by the agent's own reply.
    """

    _name = "customer.service.case.conversation"
    _description = "Conversation of a Case"

    awaiting_reply = fields.Boolean(
        "Waiting for Us",
        readonly=True,
        copy=False,
        index=True,
        help="The customer wrote last: it is our turn.",
    )
    waiting_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the customer wrote the first message that we have not answered.",
    )
    last_customer_message_date = fields.Datetime(
        "Customer's Last Message", copy=False, default=fields.Datetime.now
    )
    last_agent_message_date = fields.Datetime("Our Last Message", readonly=True, copy=False)
    first_response_date = fields.Datetime("First Answer", readonly=True, copy=False)
    message_count_customer = fields.Integer("Customer Messages", readonly=True, copy=False)
    message_count_agent = fields.Integer("Our Messages", readonly=True, copy=False)
    message_count = fields.Integer(
        "Number of Messages", compute="_compute_message_count", store=True
    )
    last_message_date = fields.Datetime("Last Message", readonly=True, copy=False)
    last_message_preview = fields.Char(
        "First Words of the Last Message", readonly=True, copy=False, groups="base.group_user"
    )
    last_message_private = fields.Boolean(
        "Private",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The last message is an internal note, which the customer does not see.",
    )

    @api.depends("message_count_customer", "message_count_agent")
    def _compute_message_count(self):
        for case in self:
            case.message_count = case.message_count_customer + case.message_count_agent

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {
            "customer_service_machine",
            "customer_service_sender_check",
        }

    def _message_post_after_hook(self, message, msg_values):
        super()._message_post_after_hook(message, msg_values)
        if message.message_type not in SPOKEN_MESSAGE_TYPES:
            return
        if self.env.context.get("customer_service_automatic") or msg_values.get(
            "customer_service_machine"
        ):
            return
        # sudo: case - a customer who writes changes the counters, and may change nothing else
        case = self.sudo()
        values = case._values_after_message(msg_values)
        if self._is_private(message):
            case.write({**values, **case._values_after_private_message(message)})
        elif case._is_from_agent(message):
            case.write({**values, **case._values_after_agent_message(message)})
        else:
            case.write({**values, **case._values_after_customer_message()})

    @api.model
    def _is_private(self, message):
        """Tell whether a message is an internal note, which customers do not see."""
        return message.subtype_id.internal or message.is_internal

    @api.model
    def _is_apart(self, message):
        """Tell whether a message was written to or by another customer than that of its case.

        It came with a case that was merged into this one. The customer of this case does not see
        it, and yet it is no note: somebody outside said it, or was told.
        """
        return message.is_internal and not message.subtype_id.internal

    @api.model
    def _is_from_agent(self, message):
        """Tell whether one of us wrote a message, not a customer."""
        author = message.author_id
        return bool(author) and not author.partner_share

    def _values_after_message(self, msg_values):
        """Return what lists show of the last message, public or private.

        :param dict msg_values: the values the message was made with; reading it costs a query
        """
        return {
            "last_message_date": fields.Datetime.now(),
            "last_message_preview": first_words(
                html2plaintext(msg_values.get("body") or ""), PREVIEW_LENGTH
            ),
            "last_message_private": False,
        }

    def _values_after_private_message(self, message):
        """Return what changes when something was said that the customer does not see."""
        if self._is_apart(message) and not self._is_from_agent(message):
            return {**self._values_after_customer_message(), "last_message_private": True}
        return {"last_message_private": True}

    def _values_after_customer_message(self):
        """Return what changes when the customer has spoken: we are to answer, the case is open."""
        now = fields.Datetime.now()
        values = {
            "message_count_customer": self.message_count_customer + 1,
            "last_customer_message_date": now,
            "awaiting_reply": True,
            "waiting_since": self.waiting_since or now,
        }
        if self.status != "open":
            values["stage_id"] = self._stage_of_status("open", self.team_id).id
        return values

    def _values_after_agent_message(self, message):
        """Return what changes when we have spoken; the first who answers becomes responsible."""
        now = fields.Datetime.now()
        values = {
            "message_count_agent": self.message_count_agent + 1,
            "last_agent_message_date": now,
            "first_response_date": self.first_response_date or now,
            "awaiting_reply": False,
            "waiting_since": False,
        }
        author = message.author_id.main_user_id
        if not self.user_id and author.has_group("customer_service.group_agent"):
            values["user_id"] = author.id
        return values

    def _refresh_conversation(self):
        """Count and date the conversations of these cases anew, from their messages.

        For whatever brings messages to a case without posting them: a merge, an import, demo data.
        """
        # sudo: mail.message - all of a conversation counts, whoever asks
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "in", SPOKEN_MESSAGE_TYPES),
                    ("customer_service_machine", "in", (False, "")),
                ],
                order="date, id",
            )
        )
        by_case = messages.grouped("res_id")
        for case in self:
            case.write(case._values_of_conversation(by_case.get(case.id, messages.browse())))

    def _values_of_conversation(self, messages):
        """Return what is stored of a conversation.

        :param mail.message messages: what was written, public or private, oldest first
        """
        self.ensure_one()
        private = messages.filtered(lambda message: self._is_private(message))
        notes = private.filtered(lambda message: not self._is_apart(message))
        # A mail that was logged as a note came from a machine, or from nobody known.
        spoken = messages - notes.filtered(lambda message: message.message_type == "email")
        ours = (messages - notes).filtered(self._is_from_agent)
        theirs = messages - notes - ours
        unanswered = theirs.filtered(lambda message: not ours or message.date > ours[-1].date)
        waiting = bool(unanswered) and self.status in UNRESOLVED
        last = spoken[-1:]
        return {
            **self._values_after_message({"body": last.body}),
            "last_message_date": last.date,
            "last_message_private": bool(last & private),
            "message_count_customer": len(theirs),
            "message_count_agent": len(ours),
            "last_customer_message_date": theirs[-1:].date or self.last_customer_message_date,
            "last_agent_message_date": ours[-1:].date,
            "first_response_date": ours[:1].date,
            "awaiting_reply": waiting,
            "waiting_since": unanswered[:1].date if waiting else False,
        }
