from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, email_split, formataddr


class CustomerServiceCaseMailOut(models.AbstractModel):
    """Posting and mail out: who may say what, whom it reaches and in whose name.

    A public answer goes out from the team's address, in the customer's language, with a link
    that opens this case and no other. An internal note goes to nobody outside, whoever follows
    or is mentioned.
    """

    _name = "customer.service.case.mail.out"
    _description = "Outgoing Mail of a Case"

    reply_to_customer = fields.Char(
        "Answers Go to",
        compute="_compute_reply_addresses",
        help="The address that an answer is sent to.",
    )
    reply_from_team = fields.Char(
        "Answers Come from",
        compute="_compute_reply_addresses",
        help="The address that an answer is sent from.",
    )

    @api.depends("partner_id.email_normalized", "email_normalized", "team_id.address")
    def _compute_reply_addresses(self):
        for case in self:
            main = case.partner_id.email_normalized
            case.reply_to_customer = (
                case._further_reply_address() or main or case.email_normalized
            )
            # sudo: team - its address
            case.reply_from_team = case.team_id.sudo().address

    def _further_reply_address(self):
        """Return the further address that the customer wrote from last, False where it is none.

        The customer is answered there. An address that is the contact's no more is not used.
        """
        self.ensure_one()
        address, partner = self.email_normalized, self.partner_id
        if not partner or not address or address == partner.email_normalized:
            return False
        return address if partner._has_further_address(address) else False

    def _mailed_partner(self):
        """Return the contact who gets mail to the customer; none where an address gets it."""
        self.ensure_one()
        partner = self.partner_id
        has_address = partner.email_normalized and not self._further_reply_address()
        return partner if has_address else partner.browse()

    # ------------------------------------------------------------------------------------------
    # Posting
    # ------------------------------------------------------------------------------------------

    def message_post(self, *, message_type="notification", **kwargs):
        if self.env.user.share and not self.env.su:
            self.check_access("read")
            # sudo: case - whoever may read it may answer, with these values and no others
            case = self.sudo()
            message = case.message_post(message_type="comment", **self._guarded_values(kwargs))
            return message.sudo(False)
        if self.env.user.share and message_type == "comment":
            # By the host's routes too, what somebody outside says is no internal note.
            kwargs = {**kwargs, "subtype_xmlid": "mail.mt_comment", "subtype_id": False}
        if message_type == "email":
            kwargs = self._incoming_values(kwargs)
        elif message_type == "comment" and self._is_public(kwargs):
            kwargs = self._reply_values(kwargs)
        return super().message_post(message_type=message_type, **kwargs)

    @api.model
    def _guarded_values(self, values):
        """Return what a customer who calls the method directly may decide: text and files.

        Not whose message it is, to whom it goes or that it is a note. The host's portal routes
        check the customer first and then post with elevated rights, they do not come here.
        """
        allowed = {name: values[name] for name in ("body", "attachment_ids") if name in values}
        return {**allowed, "subtype_xmlid": "mail.mt_comment"}

    @api.model
    def _is_public(self, values):
        """Tell whether a message that is about to be posted is one that customers see."""
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        return (
            values.get("subtype_xmlid") == "mail.mt_comment"
            or values.get("subtype_id") == comment_id
        )

    def _reply_values(self, values):
        """Return the values of a public message with the people it goes to, and from whom.

        One of us writes to the customer and to everybody in Cc, from the team's address. What a
        customer writes in the portal goes to nobody outside.
        """
        self.ensure_one()
        author = self.env["res.partner"].browse(values.get("author_id"))
        author = author or self.env.user.partner_id
        if author.partner_share:
            return self._portal_values(values)
        partner_ids = list(values.get("partner_ids") or [])
        copies = email_split(values.get("outgoing_email_to") or "") + email_split(
            self.email_cc or ""
        )
        elsewhere = self._further_reply_address()
        if elsewhere:
            copies.append(elsewhere)
        elif self.partner_id.email_normalized or self.partner_id.user_ids:
            partner_ids.append(self.partner_id.id)
        elif self.email_normalized:
            copies.append(self.email_normalized)
        known = set(self.env["res.partner"].browse(partner_ids).mapped("email_normalized"))
        addresses = dict.fromkeys(filter(None, map(email_normalize, copies)))
        # sudo: team - its address
        sender = self.team_id.sudo()._formatted_address()
        return {
            **values,
            "author_id": author.id,
            "email_from": sender or values.get("email_from") or author.email_formatted,
            "partner_ids": list(dict.fromkeys(partner_ids)),
            "outgoing_email_to": ", ".join(
                address for address in addresses if address not in known
            ),
        }

    def _portal_values(self, values):
        """Return the values of what a customer writes in the portal, a guest with a link too."""
        if self.env.user._is_public() and not values.get("author_id"):
            return {
                **values,
                "author_id": self.partner_id.id,
                "email_from": self.email_from or self.env._("Unknown sender"),
            }
        return values

    # ------------------------------------------------------------------------------------------
    # Mail beside the conversation
    # ------------------------------------------------------------------------------------------

    def _mail_beside(self, template, **contact_values):
        """Mail the customer something that is no answer, such as a link, and record the contact.

        :param mail.template template: with elevated rights; rendered in the language of the case
        :param contact_values: more of the interaction that is recorded
        :return: the message
        """
        message = self.message_post(**self._mail_beside_values(template))
        # sudo: interaction - the one that this message has made
        interactions = self.env["customer.service.interaction"].sudo()
        interactions.search([("message_id", "=", message.id)]).write(
            {"originator": "agent", "user_id": self.env.uid, **contact_values}
        )
        return message

    def _mail_beside_values(self, template):
        """Return what is posted: a mail in the language of the case, to the customer alone.

        It is no answer: the customer still waits for one, and so does a product to be verified.
        It goes to nobody in Cc.
        """
        rendered = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        recipient = self._mailed_partner()
        # sudo: team - its address
        sender = self.team_id.sudo()._formatted_address()
        return {
            "message_type": "auto_comment",
            "subtype_xmlid": "mail.mt_comment",
            "subject": rendered.get("subject") or None,
            # markup: rendered and sanitized as any template
            "body": Markup(rendered["body_html"] or ""),
            "author_id": self.env.user.partner_id.id,
            "email_from": sender or self.env.user.email_formatted,
            "partner_ids": recipient.ids,
            "outgoing_email_to": False if recipient else self.email_normalized,
            "email_add_signature": True,
            "notify_skip_followers": True,
        }

    # ------------------------------------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------------------------------------

    def _partner_find_from_emails(self, *args, **kwargs):
        # The web client looks the addresses of an answer up here and makes a contact of each
        # that is unknown. A case answers strangers without putting them into the address book.
        return super()._partner_find_from_emails(*args, **{**kwargs, "no_create": True})

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        # The host proposes everybody who was ever in Cc. Whom an answer reaches, the customer
        # and those in Cc, is decided by the case when it is posted, and shown by the composer.
        return {case.id: [] for case in self}

    def _reply_recipients_label(self):
        """Return in words whom an answer reaches, and from which address it comes."""
        self.ensure_one()
        address = self.reply_to_customer or self.env._("nobody, as no address is known")
        copies = ", ".join(email_split(self.email_cc or ""))
        if copies:
            address = self.env._("%(address)s, in copy %(copies)s", address=address, copies=copies)
        if not self.reply_from_team:
            return address
        return self.env._("%(address)s, from %(team)s", address=address, team=self.reply_from_team)

    # ------------------------------------------------------------------------------------------
    # Notifying
    # ------------------------------------------------------------------------------------------

    def _message_compute_subject(self):
        self.ensure_one()
        return f"Re: {self.name} {self._subject_reference()}"

    def _answer_address(self):
        """Return the address, with the team's name, that answers to this case are sent to."""
        # sudo: team - its address
        team = self.team_id.sudo()
        if team.address and team.use_plus_address:
            return formataddr((team.name, self._address_with_reference(team.address)))
        return team._formatted_address()

    def _notify_get_reply_to(self, default=None, author_id=False):
        own = {case.id: case._answer_address() for case in self}
        homeless = self.filtered(lambda case: not own[case.id])
        if homeless:
            own.update(
                super(CustomerServiceCaseMailOut, homeless)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return own

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if message.subtype_id.internal or message.is_internal:
            return [recipient for recipient in recipients if not recipient["share"]]
        if self.lang:
            for recipient in recipients:
                if not recipient["id"] or recipient["id"] == self.partner_id.id:
                    recipient["lang"] = self.lang
        return recipients

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        title = self.env._("View your request")
        # The link opens this case and nothing else. The host would sign it in the customer's name
        # and add an invitation to log in as them; a mail is quoted in the next one, which others
        # read, and whoever has that link has the customer's account.
        # sudo: case - a link is made when somebody writes who may not change the case
        url = self.get_base_url() + self.sudo().get_portal_url()
        for name, _matches, data in groups:
            if name in ("portal_customer", "portal"):
                data.setdefault("button_access", {})["title"] = title
            if name == "portal_customer":
                data["button_access"]["url"] = url
        # Whoever takes part by address alone gets the same link.
        guest = {
            "active": True,
            "has_button_access": True,
            "button_access": {"url": url, "title": title},
        }
        return [("guest", lambda data: not data["id"], guest), *groups]
