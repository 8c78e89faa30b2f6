from odoo import Command, api, fields, models
from odoo.tools import plaintext2html

from ..const import DONE, SPOKEN_MESSAGE_TYPES

#: Messages that can be a contact with somebody; what this shop sends by itself too.
_PUBLIC_MESSAGE_TYPES = (*SPOKEN_MESSAGE_TYPES, "auto_comment")


class CustomerServiceCaseInteractions(models.AbstractModel):
    """The contacts about a case: every public message makes one, calls are recorded by hand."""

    _name = "customer.service.case.interactions"
    _description = "Interactions about a Case"
    _inherit = ["customer.service.kept.mixin"]

    action_ids = fields.One2many(
        "customer.service.action",
        "case_id",
        string="Interactions",
        groups="base.group_user",
    )
    follow_up = fields.Text(
        "Follow-Up",
        copy=False,
        groups="base.group_user",
        help="What is still to be done, as it was promised in the last contact.",
    )
    resolve_user_id = fields.Many2one(
        "res.users",
        "Resolved By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        kept=True,
    )

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            # sudo: case - a note for agents, also where a customer ends the case
            done = self.filtered(lambda case: case.status in DONE and case.sudo().follow_up)
            if done:
                done._finish_follow_up()
        return result

    def unlink(self):
        # sudo: interaction - a contact about nothing but deleted cases says nothing any more
        interactions = self.sudo().action_ids.interaction_id
        result = super().unlink()
        interactions.invalidate_recordset()
        interactions.filtered(lambda interaction: not interaction.action_ids).unlink()
        return result

    # ------------------------------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # sudo: interaction - made by whoever writes, the customer too
        self.sudo()._record_messages(message.sudo())
        return result

    @api.model
    def _record_messages(self, messages):
        """Make the interactions of messages, in a batch.

        Internal notes, and what a machine wrote to us, are no contact with anybody.

        :param mail.message messages: messages of cases, without an interaction so far
        :return: the interactions
        """
        public = messages.filtered(
            lambda message: (
                message.message_type in _PUBLIC_MESSAGE_TYPES and not self._is_private(message)
            )
        )
        cases = {case.id: case for case in self.browse(set(public.mapped("res_id")))}
        return (
            self.env["customer.service.interaction"]
            .sudo()  # sudo: interaction - made by whoever writes, the customer too
            .create(
                [
                    cases[message.res_id]._values_of_message_interaction(message)
                    for message in public
                ]
            )
        )

    @api.model
    def _record_missing_messages(self, limit=1000):
        """Make the interactions of messages that came without being posted, as in an import.

        :param int limit: how many at once
        :return: the interactions; call again until there are none
        """
        # sudo: interaction, case - which messages are recorded does not depend on who asks
        recorded = (
            self.env["customer.service.interaction"].sudo()._search([("message_id", "!=", False)])
        )
        messages = (
            self.env["mail.message"]
            .sudo()  # sudo: mail.message - all of a conversation counts, whoever asks
            .search(
                [
                    ("model", "=", self._name),
                    ("message_type", "in", _PUBLIC_MESSAGE_TYPES),
                    ("subtype_id.internal", "=", False),
                    ("is_internal", "=", False),
                    ("id", "not in", recorded.select("message_id")),
                ],
                order="id",
                limit=limit,
            )
        )
        return self.sudo()._record_messages(messages)

    def _values_of_message_interaction(self, message):
        """Return the values of the interaction that a public message is."""
        self.ensure_one()
        originator = self._originator_of(message)
        author = message.author_id if originator == "customer" else self.partner_id.browse()
        is_colleague = author and author.commercial_partner_id == self.commercial_partner_id
        return {
            "date": min(message.date, fields.Datetime.now()),
            "originator": originator,
            "channel_id": self._channel_of(message, originator),
            "user_id": message.author_id.main_user_id.id if originator == "agent" else False,
            "partner_id": author.id if is_colleague else self.partner_id.id,
            "identity_id": self.identity_id.id,
            "message_id": message.id,
            "company_id": self.company_id.id,
            "action_ids": [Command.create({"case_id": self.id})],
        }

    @api.model
    def _originator_of(self, message):
        """Tell who began the contact that a message is: customer, agent or automatic."""
        if message.message_type == "auto_comment":
            return "automatic"
        if message.author_id.id == self._xmlid_id("base.partner_root"):
            return "automatic"
        return "agent" if self._is_from_agent(message) else "customer"

    @api.model
    def _channel_of(self, message, originator):
        """Return the id of the way a message went: the portal's own box, else mail."""
        by_portal = originator == "customer" and message.message_type == "comment"
        return self._xmlid_id(f"customer_service.channel_{'portal' if by_portal else 'email'}")

    @api.model
    def _hang_messages_on(self, messages, case):
        former = {message.id: message.res_id for message in messages}
        result = super()._hang_messages_on(messages, case)
        # sudo: interaction - the contacts go where the words go
        interactions = self.env["customer.service.interaction"].sudo()
        moved = self.env["customer.service.action"].sudo()
        for interaction in interactions.search([("message_id", "in", messages.ids)]):
            # The first one came with the message; a contact may touch other cases besides.
            case_id = former[interaction.message_id.id]
            ours = [action for action in interaction.action_ids if action.case_id.id == case_id]
            moved |= min(ours, key=lambda action: action.id, default=moved.browse())
        moved.case_id = case
        return result

    # ------------------------------------------------------------------------------------------
    # Contacts recorded by hand
    # ------------------------------------------------------------------------------------------

    def _count_contact(self, action):
        """Keep what a recorded contact changes: who answered first, and who is responsible.

        :param customer.service.action action: what was recorded about this case
        """
        values = {}
        if not self.first_response_date:
            values["first_response_date"] = action.date
        if not self.user_id and action.user_id.has_group("customer_service.group_agent"):
            values["user_id"] = action.user_id.id
        if values:
            self.write(values)

    def _resolve_by(self, action):
        """Resolve the case with the date and the agent of a recorded contact."""
        stage = self._stage_of_status("resolved", self.team_id)
        self.write({"stage_id": stage.id})
        # sudo: case - who resolved it is kept by the case itself
        self.sudo().write({"resolve_date": action.date, "resolve_user_id": action.user_id.id})

    def _note_follow_up(self, action):
        """Show what is still to be done, and remind whoever is responsible of it."""
        values = {"follow_up": action.follow_up}
        if not self.user_id:
            values["user_id"] = action.user_id.id
        if self.status in DONE:
            values["stage_id"] = self._stage_of_status("open", self.team_id).id
        self.write(values)
        self.activity_schedule(
            "customer_service.activity_type_follow_up",
            summary=action.follow_up.splitlines()[0][:80],
            note=plaintext2html(action.follow_up),
            user_id=self.user_id.id or self.env.uid,
        )

    def _finish_follow_up(self):
        """Nothing is left to do: forget the text, and take the reminders off the list."""
        self.follow_up = False
        self.activity_feedback(["customer_service.activity_type_follow_up"])

    def action_open_interactions(self):
        """Open the list of all contacts about this case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_interaction_action"
        )
        return {**action, "domain": [("action_ids.case_id", "=", self.id)], "context": {}}
