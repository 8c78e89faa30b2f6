import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, email_normalize, email_split, hmac

#: What our answers carry at the end of their subject: number and signature of the case.
_SUBJECT_REFERENCE = re.compile(r"\[\s{0,9}([^\[\]/]{1,32}?)\s{0,9}/\s{0,9}([0-9a-f]{12})\s{0,9}\]")

#: What our answers carry in the address that they are to be answered to.
_ADDRESS_REFERENCE = re.compile(r"^[^@]*\+c(\d{1,12})-([0-9a-f]{12})@", re.IGNORECASE)

#: What the case itself writes down, and nobody else, whatever they may change of the case.
_KEPT_FIELDS = frozenset(
    {
        "suggested_case_id",
        "merged_into_id",
        "moved_message_ids",
        "consulted_emails",
        "escalation_id",
        "call_back_user_id",
        "resolve_user_id",
    }
)

#: Length of a signature, in hexadecimal digits.
_SIGNATURE_LENGTH = 12


class CustomerServiceCaseParticipants(models.AbstractModel):
    """Who takes part in a case, and how a mail without its thread finds it again.

    A reference alone opens nothing: only those who belong to a case write into it. What others
    write to it starts a case of its own, which proposes to bring the two together.
    """

    _name = "customer.service.case.participants"
    _description = "Participants of a Case"

    suggested_case_id = fields.Many2one(
        "customer.service.case",
        string="May Belong to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The mail answers this case, in which its sender has no part.",
    )
    merged_into_id = fields.Many2one(
        "customer.service.case",
        string="Continued in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="What was said here moved to that case, where answers to it arrive too.",
    )
    moved_message_ids = fields.Many2many(
        "mail.message",
        "customer_service_case_moved_message_rel",
        "case_id",
        "message_id",
        string="Moved Messages",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Let nobody write by hand what the case keeps itself: who takes part, who did what."""
        if operation == "write" and field.name in _KEPT_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _role_of_sender(self, address, partner):
        """Return what part the sender of a mail has in this case.

        :param str address: the sender's normalized address
        :param res.partner partner: the contact with that address, if any
        :return: "customer" for those whom a case is answered to, "agent" for one of us,
            "consulted" for those who were asked for help, "" for everybody else
        """
        self.ensure_one()
        if not address:
            return ""
        # sudo: res.partner, res.users - who the sender is, whoever the gateway works as
        partner = partner.sudo()
        if partner and not partner.partner_share:
            is_agent = partner.user_ids.filtered(
                lambda user: user.has_group("customer_service.group_agent")
            )
            follows = partner in self.sudo().message_partner_ids
            return "agent" if is_agent or follows else ""
        if address in self._participant_addresses() or self._is_participant(partner):
            return "customer"
        return "consulted" if address in self._consulted_addresses() else ""

    def _participant_addresses(self):
        """Return the normalized addresses of the customer, those in copy and the followers."""
        self.ensure_one()
        # sudo: case - who takes part, whoever asks
        case = self.sudo()
        addresses = {
            case.email_normalized,
            case.partner_id.email_normalized,
            case.identity_id.email_normalized,
            *map(email_normalize, email_split(case.email_cc or "")),
            *case.message_partner_ids.mapped("email_normalized"),
        }
        return addresses - {False, None, ""}

    def _is_participant(self, partner):
        """Tell whether a contact takes part, whichever of their addresses they write from."""
        # sudo: case - who takes part, whoever asks
        case = self.sudo()
        if partner and partner in (case.partner_id | case.message_partner_ids):
            return True
        return self._is_of_the_customer(partner)

    def _is_of_the_customer(self, partner):
        """Tell whether a contact may see all cases of the customer's company."""
        return bool(
            partner
            and partner.portal_company_cases
            and partner.commercial_partner_id == self.sudo().commercial_partner_id
        )

    def _consulted_addresses(self):
        """Return the normalized addresses of those who were asked for help on this case."""
        return set()

    # ------------------------------------------------------------------------------------------
    # The signed reference
    # ------------------------------------------------------------------------------------------

    def _reference_signature(self):
        """Return what proves that a reference to this case was made by us."""
        self.ensure_one()
        return hmac(self.env(su=True), "customer.service.case/reference", self.id)[
            :_SIGNATURE_LENGTH
        ]

    def _subject_reference(self):
        """Return ``[number/signature]`` for the end of a subject."""
        return f"[{self.number}/{self._reference_signature()}]"

    def _address_with_reference(self, address):
        """Return an address with the signed reference behind a plus: ``box+c7-1a2b…@shop``."""
        box, _at, domain = address.partition("@")
        return f"{box}+c{self.id}-{self._reference_signature()}@{domain}"

    @api.model
    def _find_by_reference(self, mail):
        """Return the case that a mail names in its subject or address with our signature.

        :param ReadMail mail: the mail
        :return: one case, none where nothing is named or the signature is not ours
        """
        # sudo: case - the case somebody names; whether they take part is checked afterwards
        cases = self.sudo()
        named = []
        for number, signature in _SUBJECT_REFERENCE.findall(mail.subject or "")[:3]:
            named += [(case, signature) for case in cases.search([("number", "=", number)])]
        for address in map(email_normalize, mail.recipients):
            match = _ADDRESS_REFERENCE.match(address or "")
            if match:
                named.append((cases.browse(int(match[1])).exists(), match[2].lower()))
        return next(
            (
                case.sudo(False)
                for case, signature in named
                if case and consteq(case._reference_signature(), signature)
            ),
            self.browse(),
        )

    def _final(self):
        """Return the case that this one is continued in, itself where it is not."""
        # sudo: case - where the conversation went, whoever the gateway works as
        case = self.sudo()
        seen = case
        while case.merged_into_id and case.merged_into_id not in seen:
            case = case.merged_into_id
            seen |= case
        return case.sudo(self.env.su)

    # ------------------------------------------------------------------------------------------
    # The proposal
    # ------------------------------------------------------------------------------------------

    def action_join_suggested_case(self):
        """Move what was said here to the case it belongs to, whose sender takes part from now on.

        :return: the action that opens that case
        :raise AccessError: the agent may not change one of the two
        """
        self.ensure_one()
        target = self.suggested_case_id._final()
        (self | target).check_access("write")
        if not target or target == self or target.company_id != self.company_id:
            raise UserError(self.env._("There is no case that this one could be added to."))
        self._move_messages_to(target)
        if self.email_normalized and self.email_normalized not in target._participant_addresses():
            target.email_cc = ", ".join(filter(None, [target.email_cc, self.email_normalized]))
        # sudo: case - where it is continued is kept by the case itself
        self.sudo().write({"suggested_case_id": False, "merged_into_id": target.id})
        if self.status != "closed":
            self.action_close()
        (self | target).sudo()._refresh_conversation()
        self._message_log(body=self.env._("Continued in %(case)s.", case=target._get_html_link()))
        target._message_log(
            body=self.env._("What was said in %(case)s was added here.", case=self._get_html_link())
        )
        return target.get_formview_action()

    def _move_messages_to(self, target):
        # sudo: mail.message - the whole conversation moves, what colleagues noted too
        messages = self.sudo().message_ids.filtered(
            lambda message: message.message_type in ("email", "comment", "email_outgoing")
        )
        self.sudo().moved_message_ids = messages
        self._hang_messages_on(messages, target)

    @api.model
    def _hang_messages_on(self, messages, case):
        """Let messages and their files belong to another case."""
        messages.write({"res_id": case.id, "record_name": False})
        messages.attachment_ids.filtered(
            lambda attachment: attachment.res_model == case._name
        ).write({"res_id": case.id})

    def action_leave_joined_case(self):
        """Take back what :meth:`action_join_suggested_case` did; this case is open again."""
        self.ensure_one()
        target = self.merged_into_id
        (self | target).check_access("write")
        if not target:
            raise UserError(self.env._("This case was not added to another one."))
        # sudo: mail.message - what was moved comes back, whoever wrote it
        moved = self.sudo().moved_message_ids.filtered(
            lambda message: message.model == self._name and message.res_id == target._final().id
        )
        target._final().check_access("write")  # it may have been added to a third one since
        self._hang_messages_on(moved, self)
        copies = [
            address
            for address in email_split(target.email_cc or "")
            if email_normalize(address) != self.email_normalized
        ]
        target.email_cc = ", ".join(copies)
        # sudo: case - where it is continued is kept by the case itself
        self.sudo().write(
            {
                "merged_into_id": False,
                "suggested_case_id": target.id,
                "moved_message_ids": False,
            }
        )
        self.action_reopen()
        (self | target).sudo()._refresh_conversation()
        # The conversation is shown anew as a whole: what comes back is older than what is there.
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_dismiss_suggestion(self):
        """Keep this case by itself."""
        self.check_access("write")
        # sudo: case - what is proposed is kept by the case itself
        self.sudo().suggested_case_id = False
        return True
