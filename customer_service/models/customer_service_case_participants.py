import re

from odoo import Command, api, fields, models
from odoo.tools import consteq, email_normalize, email_split, hmac

#: What our answers carry at the end of their subject: number and signature of the case.
_SUBJECT_REFERENCE = re.compile(r"\[\s{0,9}([^\[\]/]{1,32}?)\s{0,9}/\s{0,9}([0-9a-f]{12})\s{0,9}\]")

#: What our answers carry in the address that they are to be answered to.
_ADDRESS_REFERENCE = re.compile(r"^[^@]*\+c(\d{1,12})-([0-9a-f]{12})@", re.IGNORECASE)

#: Length of a signature, in hexadecimal digits.
_SIGNATURE_LENGTH = 12


class CustomerServiceCaseParticipants(models.AbstractModel):
    """Who takes part in a case, and how a mail without its thread finds it again.

    A reference alone opens nothing: only those who belong to a case write into it. What others
    write to it starts a case of its own, which proposes to bring the two together.
    """

    _name = "customer.service.case.participants"
    _description = "Participants of a Case"
    _inherit = ["customer.service.kept.mixin"]

    suggested_case_id = fields.Many2one(
        "customer.service.case",
        string="May Belong to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The mail answers this case, in which its sender has no part.",
        kept=True,
    )

    def _role_of_sender(self, address, partner):
        """Return what part the sender of a mail has in this case.

        :param str address: the sender's normalized address
        :param res.partner partner: the contact with that address, if any
        :return: "customer" for those whom a case is answered to, "agent" for one of us,
            "consulted" for those who were asked for help, "apart" for another customer whose
            case was merged into this one without being shown to this one's, "" for everybody else
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
        # sudo: case - whose it is, whoever the gateway works as
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

    # ------------------------------------------------------------------------------------------
    # The proposal
    # ------------------------------------------------------------------------------------------

    def action_dismiss_suggestion(self):
        """Keep this case by itself."""
        self.check_access("write")
        # sudo: case - what is proposed is kept by the case itself
        self.sudo().suggested_case_id = False
        return True

    @api.model
    @api.model
    def _hang_messages_on(self, messages, case):
        """Let messages belong to another case, and with them their files.

        A file that a message shows which stays is copied, and one of a third case stays there.
        """
        for former_id, moved in messages.grouped("res_id").items():
            files = moved.attachment_ids.filtered(
                lambda file, former_id=former_id: (
                    (file.res_model, file.res_id) == (case._name, former_id)
                )
            )
            staying = messages.search(
                [
                    ("model", "=", case._name),
                    ("res_id", "=", former_id),
                    ("id", "not in", moved.ids),
                    ("attachment_ids", "in", files.ids),
                ]
            )
            shared = files & staying.attachment_ids
            (files - shared).write({"res_id": case.id})
            for message in moved:
                for file in message.attachment_ids & shared:
                    copy = file.copy({"res_id": case.id})
                    message.attachment_ids = [Command.unlink(file.id), Command.link(copy.id)]
        self._rehang_messages(messages, case)

    @api.model
    def _rehang_messages(self, messages, case):
        """Let messages belong to another case, without anything that belongs to them."""
        messages.write({"res_id": case.id, "record_name": False})
