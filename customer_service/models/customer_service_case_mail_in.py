from odoo import api, models
from odoo.tools import email_normalize, email_split, html2plaintext
from odoo.tools.mail import email_split_and_format_normalize

from ..const import PREVIEW_LENGTH
from ..tools.language import detect_language
from ..tools.text import first_words


class CustomerServiceCaseMailIn(models.AbstractModel):
    """Mail in: which team, whose matter, what language, what order, who else takes part.

    And what a mail may do: a person's continues the conversation, a machine's is a note.
    """

    _name = "customer.service.case.mail.in"
    _description = "Incoming Mail of a Case"

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
        values.update(self._answer_values(msg_dict))
        self._mark_reachable(email_normalize(msg_dict.get("email_from") or ""))
        return super().message_update(msg_dict, {**(update_vals or {}), **values} or None)

    def _answer_values(self, msg_dict):
        """Return the values with the address that the customer wrote from, which is answered."""
        self.ensure_one()
        address = email_normalize(msg_dict.get("email_from") or "")
        is_customer = self.partner_id and self.partner_id.id == msg_dict.get("author_id")
        if not is_customer or address == self.email_normalized or not self._takes_part(msg_dict):
            return {}
        return {"email_from": msg_dict["email_from"]}

    def _takes_part(self, msg_dict):
        """Tell whether the sender of a mail is one of those whom this case is answered to.

        Only they bring others in, who get our answers from then on, and with them the link. A
        machine brings in nobody, and neither does somebody under a name proven to be wrong.
        """
        self.ensure_one()
        context = self.env.context
        if context.get("customer_service_automatic"):
            return False
        if context.get("customer_service_sender_check") == "failed":
            return False
        sender = email_normalize(msg_dict.get("email_from") or "")
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        return self._role_of_sender(sender, author) == "customer"

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
        found = team.browse(values.get("team_id") or False)
        if not found:
            recipients = map(email_normalize, email_split(msg_dict.get("recipients") or ""))
            found = team._with_addresses(filter(None, recipients))[:1]
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
        return identity._case_values()

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

    def _incoming_values(self, values):
        """Return the values of an incoming mail with its place in the conversation made sure.

        A machine's mail is logged as a note, and so is the help of those who were asked for it.
        So is mail that claims to come from one of us: the sender of a mail proves nothing, and
        an answer in our name goes out from the back office. It is ours by name only where the
        shop's own mail server vouches for the sender. Without a readable sender nobody is the
        author, least of all the host's robot.
        """
        context = self.env.context
        author = self.env["res.partner"].browse(values.get("author_id"))
        ours = author and not author.partner_share
        check = context.get("customer_service_sender_check")
        kept = ("customer_service_automatic", "customer_service_note")
        if ours or any(map(context.get, kept)):
            note_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
            values = {**values, "subtype_id": note_id}
        if ours and check and check != "verified":
            author = author.browse()
        if check:
            values = {
                **values,
                "customer_service_sender_check": check,
                "customer_service_machine": context.get("customer_service_machine") or False,
            }
        return {
            **values,
            "author_id": author.id,
            "email_from": values.get("email_from") or self.env._("Unknown sender"),
        }
