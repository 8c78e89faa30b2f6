import re

from odoo import api, fields, models
from odoo.tools import email_normalize, email_split, html2plaintext
from odoo.tools.mail import email_split_and_format_normalize

from ..const import PREVIEW_LENGTH
from ..tools.language import detect_language
from ..tools.text import first_words

#: Words that may be the number of an order: letters, then digits, perhaps with separators.
_ORDER_NUMBER = re.compile(r"\b[A-Z]{1,5}[-/]?\d[\d/-]{2,}\b", re.IGNORECASE)

#: A mail that lists more numbers than this is no question about an order.
_MOST_ORDER_NUMBERS = 20


class CustomerServiceCaseMail(models.AbstractModel):
    """Mail in and mail out.

    In: which team, whose matter, what language, who else takes part. Out: from the team's
    address, in the customer's language, with a link that opens this case and no other. An
    internal note goes to nobody outside, whoever follows or is mentioned.
    """

    _name = "customer.service.case.mail"
    _description = "Mail of a Case"

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
            case.reply_to_customer = case.partner_id.email_normalized or case.email_normalized
            # sudo: team - its address
            case.reply_from_team = case.team_id.sudo().address

    # ------------------------------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = self._values_from_mail(msg_dict, dict(custom_values or {}))
        case = super().message_new(msg_dict, custom_values=values)
        if case.identity_id.name and case.email_normalized:
            case.email_from = case.email_normalized  # the name has a field of its own
        return case

    def message_update(self, msg_dict, update_vals=None):
        # The host adds everybody in Cc, our own addresses among them, whoever wrote.
        if not self._takes_part(msg_dict):
            msg_dict = {**msg_dict, "cc": False}
        copies = self._foreign_addresses(
            ", ".join(filter(None, [self.email_cc, msg_dict.get("cc")])), self.email_normalized
        )
        values = {"email_cc": copies} if copies != (self.email_cc or "") else {}
        return super().message_update(msg_dict, {**(update_vals or {}), **values} or None)

    def _takes_part(self, msg_dict):
        """Tell whether the sender of a mail is one of those whom this case is answered to.

        Only they bring others in, who get our answers from then on, and with them the link. A
        machine brings in nobody.
        """
        self.ensure_one()
        if self.env.context.get("customer_service_automatic"):
            return False
        sender = email_normalize(msg_dict.get("email_from") or "")
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        # sudo: res.partner - to which company the sender belongs, whoever the gateway works as
        company = author.sudo().commercial_partner_id
        known = {self.email_normalized, self.partner_id.sudo().email_normalized}
        known.update(map(email_normalize, email_split(self.email_cc or "")))
        return bool(
            (sender and sender in known) or (company and company == self.commercial_partner_id)
        )

    @api.model
    def _values_from_mail(self, msg_dict, values):
        """Return the field values of the case that a mail starts.

        :param dict msg_dict: the parsed mail, as ``message_parse`` of the host returns it
        :param dict values: what the alias or the mail server prescribes; it wins
        """
        team = self._team_of_mail(msg_dict, values)
        values["team_id"] = team.id
        body = msg_dict.get("body") or ""
        sender = msg_dict.get("email_from") or ""
        partner = self._customer_of_mail(msg_dict, team.company_id)
        prescribed = {name: value for name, value in values.items() if value}
        return {
            "name": self._subject_of_mail(msg_dict),
            "partner_id": partner.id,
            "channel_id": self._xmlid_id("customer_service.channel_email"),
            "lang": self._lang_of_mail(partner, f"{msg_dict.get('subject') or ''}\n{body}"),
            "email_cc": self._foreign_addresses(msg_dict.get("cc"), email_normalize(sender)),
            **self._identity_values(partner, sender, team, msg_dict),
            **self._order_values(partner, team.company_id, msg_dict),
            **prescribed,
        }

    @api.model
    def _team_of_mail(self, msg_dict, values):
        """Return the team a mail is for: the alias's or mail server's, the mailbox's, the first.

        :raise ValueError: there is no team at all, so that the mail cannot become a case
        """
        team = self.env["customer.service.team"]
        found = team.browse(values.get("team_id"))
        if not found:
            recipients = [
                email_normalize(address)
                for address in email_split(msg_dict.get("recipients") or "")
            ]
            found = team.search([("mailbox_normalized", "in", recipients)], limit=1)
        found = found or team._default_for(self.env.company) or team.search([], limit=1)
        if not found:
            raise ValueError("No customer service team exists, this mail cannot become a case.")
        return found

    @api.model
    def _customer_of_mail(self, msg_dict, company):
        """Return the contact who wrote, none where the sender is unknown or one of us."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        fits = author.company_id in (company, self.env["res.company"])
        return author if author.partner_share and fits else author.browse()

    @api.model
    def _identity_values(self, partner, sender, team, msg_dict):
        """Return the unregistered person behind an address that is no contact's."""
        if partner or self.env["res.partner"].browse(msg_dict.get("author_id")):
            return {}
        identity = self.env["customer.service.identity"]._find_or_create_from_email(
            sender, team.company_id
        )
        return {
            "identity_id": identity.id,
            "partner_id": identity.partner_id.id,
            "partner_name": identity.partner_id.name or identity.name,
        }

    @api.model
    def _subject_of_mail(self, msg_dict):
        """Return the subject on one line; where there is none, the first words of the mail."""
        subject = " ".join((msg_dict.get("subject") or "").split())
        if not subject:
            subject = first_words(html2plaintext(msg_dict.get("body") or ""), PREVIEW_LENGTH)
        return subject or self.env._("(no subject)")

    @api.model
    def _lang_of_mail(self, partner, text):
        """Return the language to answer in: the customer's, else the text's, else the shop's."""
        if partner.lang:
            return partner.lang
        codes = [code for code, _name in self._selection_lang()]
        return detect_language(text, codes) or self._default_lang()

    @api.model
    def _order_values(self, partner, company, msg_dict):
        """Return the order whose number the mail names, if it is the sender's own.

        A stranger, or a customer who names the order of somebody else, gets no link: what a
        case shows of an order must never depend on knowing a number.
        """
        if not partner:
            return {}
        text = f"{msg_dict.get('subject') or ''} {html2plaintext(msg_dict.get('body') or '')}"
        numbers = {number.upper() for number in _ORDER_NUMBER.findall(text)}
        if not 0 < len(numbers) <= _MOST_ORDER_NUMBERS:
            return {}
        # sudo: sale.order - the gateway's user need not read orders
        order = self.env["sale.order"].sudo().search(
            [
                ("name", "in", list(numbers)),
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        return {"sale_order_id": order.id} if order else {}

    @api.model
    def _foreign_addresses(self, addresses, sender):
        """Return those of these addresses that are neither ours nor the sender's, each once.

        :param str addresses: as in a ``Cc`` header
        :param str sender: normalized address of the customer
        :return: addresses with names, comma separated; "" where none is left
        """
        named = {}
        for address in email_split_and_format_normalize(addresses or ""):
            named.setdefault(email_normalize(address), address)
        # sudo: mail.alias.domain, team - our own addresses, whoever writes
        ours = set(self.env["mail.alias.domain"].sudo()._find_aliases(list(named)))
        ours.update(
            self.env["customer.service.team"]
            .sudo()
            .search([("mailbox_normalized", "in", list(named))])
            .mapped("mailbox_normalized")
        )
        return ", ".join(
            address for email, address in named.items() if email not in ours and email != sender
        )

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # The host compares with ilike, which reads the whole table.
        return [("email_normalized", "=", email_from_normalized)]

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

    def _incoming_values(self, values):
        """Return the values of an incoming mail with its place in the conversation made sure.

        A machine's mail is logged as a note. So is mail that claims to come from one of us: the
        sender of a mail proves nothing, and an answer in our name goes out from the back office.
        Without a readable sender nobody is the author, least of all the host's robot.
        """
        author = self.env["res.partner"].browse(values.get("author_id"))
        ours = author and not author.partner_share
        if ours or self.env.context.get("customer_service_automatic"):
            note_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
            values = {**values, "subtype_id": note_id}
        return {
            **values,
            "author_id": author.id,
            "email_from": values.get("email_from") or self.env._("Unknown sender"),
        }

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
        if self.partner_id.email_normalized or self.partner_id.user_ids:
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
    # Out
    # ------------------------------------------------------------------------------------------

    def _message_compute_subject(self):
        self.ensure_one()
        return f"Re: {self.name} [{self.number}]"

    def _notify_get_reply_to(self, default=None, author_id=False):
        # sudo: team - its address
        own = {case.id: case.team_id.sudo()._formatted_address() for case in self}
        homeless = self.filtered(lambda case: not own[case.id])
        if homeless:
            own.update(
                super(CustomerServiceCaseMail, homeless)._notify_get_reply_to(
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
