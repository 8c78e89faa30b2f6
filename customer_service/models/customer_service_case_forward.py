from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, email_split, plaintext2html
from odoo.tools.mail import email_split_and_normalize

from ..tools.client_action import close_dialog
from ..tools.forwarded import forwardable

#: Whoever forwards to more people than this wants a mailing list.
_MOST_ADDRESSES = 10


class CustomerServiceCaseForward(models.AbstractModel):
    """Asking somebody else: a colleague, or anybody with an address.

    Both are written down as an internal note. What somebody outside answers comes back to the
    case as a note too: the customer never sees it, and nothing of it goes out.
    """

    _name = "customer.service.case.forward.mixin"
    _description = "Forwarding of a Case"
    _inherit = ["customer.service.kept.mixin"]

    consulted_emails = fields.Char(
        "Forwarded To",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Addresses this case was forwarded to. What they answer is an internal note.",
        kept=True,
    )

    # ------------------------------------------------------------------------------------------
    # Who was asked
    # ------------------------------------------------------------------------------------------

    def _consulted_addresses(self):
        """Return the normalized addresses that this case was forwarded to.

        Whoever takes part in the conversation by now, as the customer or in Cc, is left out:
        what they say belongs to it.
        """
        self.ensure_one()
        # sudo: case - the gateway asks, whoever it works as
        known = set((self.sudo().consulted_emails or "").split(", ")) - {""}
        return known - self._conversation_addresses() if known else known

    def _conversation_addresses(self):
        """Return the normalized addresses that an answer to the customer goes to."""
        case = self.sudo()  # sudo: case, res.partner - addresses only
        addresses = {case.email_normalized, case.partner_id.email_normalized}
        addresses.update(map(email_normalize, email_split(case.email_cc or "")))
        return {address for address in addresses if address}

    def _takes_part(self, msg_dict):
        # Somebody we asked brings nobody in, even when they work for the customer's company.
        sender = email_normalize(msg_dict.get("email_from") or "")
        return sender not in self._consulted_addresses() and super()._takes_part(msg_dict)

    def _incoming_values(self, values):
        values = super()._incoming_values(values)
        sender = email_normalize(values.get("email_from") or "")
        if not sender or sender not in self._consulted_addresses():
            return values
        colleague = self.user_id.partner_id
        return {
            **values,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "partner_ids": list({*(values.get("partner_ids") or []), *colleague.ids}),
        }

    # ------------------------------------------------------------------------------------------
    # To a colleague
    # ------------------------------------------------------------------------------------------

    def action_forward(self):
        """Open the form that asks to whom, with what."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Forward %(case)s", case=self.number),
            "res_model": "customer.service.case.forward",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _after_handing_over(self, action="customer_service.customer_service_case_action_mine"):
        """Return what follows a dialog after which the case may be a colleague's.

        :param str action: external id of where to go on, for whoever may not see the case any more
        """
        self.ensure_one()
        if self.has_access("read"):
            return close_dialog()
        return self.env["ir.actions.act_window"]._for_xml_id(action)

    def _forward_to_colleague(self, user, comment="", hand_over=False):
        """Ask a colleague in an internal note, and make them responsible where that is wished.

        :param res.users user: one of us, who may see the case, or will as its responsible
        :param str comment: plain text
        :param bool hand_over: the colleague becomes responsible
        :return: the note
        :raise UserError: the colleague would not see the case
        """
        self.ensure_one()
        self.check_access("write")
        if not hand_over and not self.with_user(user).has_access("read"):
            raise UserError(
                self.env._(
                    "%(colleague)s does not see this case. Hand it over, or add them to the team.",
                    colleague=user.name,
                )
            )
        body = self.env["ir.qweb"]._render(
            "customer_service.forward_note_colleague",
            {"user": user, "comment": self._comment_html(comment), "hand_over": hand_over},
            minimal_qcontext=True,
        )
        note = self.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=user.partner_id.ids,
        )
        if hand_over and self.user_id != user:
            # The note tells them already; last, because whoever hands over may see it no more.
            self.with_context(mail_auto_subscribe_no_notify=True).user_id = user
        return note

    # ------------------------------------------------------------------------------------------
    # To somebody else
    # ------------------------------------------------------------------------------------------

    def _forward_domain(self):
        """Return the domain of the messages that can be forwarded: the public ones."""
        return self._portal_message_domain()

    def _forward_default_message(self):
        """Return what is forwarded unless another message is chosen: the customer's last."""
        # sudo: mail.message - the public ones of a case that the agent sees
        messages = self.env["mail.message"].sudo().search(self._forward_domain(), limit=50)
        theirs = messages.filtered(lambda message: not self._is_from_agent(message))
        return (theirs or messages)[:1].sudo(False)

    def _forward_addresses(self, text):
        """Return the addresses that somebody typed, normalized, each once.

        :param str text: addresses with or without names, with commas between
        :raise UserError: one is none, one is ours, or one takes part in the conversation
        """
        found = [address for _name, address in email_split_and_normalize(text or "") if address]
        parts = [part for part in (text or "").replace(";", ",").split(",") if part.strip()]
        addresses = list(dict.fromkeys(found))
        if not addresses or len(found) < len(parts):
            raise UserError(self.env._("Enter mail addresses, with commas between them."))
        if len(addresses) > _MOST_ADDRESSES:
            raise UserError(
                self.env._("These are too many: at most %(count)s.", count=_MOST_ADDRESSES)
            )
        for address in addresses:
            if address in self._conversation_addresses():
                raise UserError(
                    self.env._(
                        "%(address)s takes part in this conversation. Answer instead.",
                        address=address,
                    )
                )
            # sudo: mail.alias.domain, team - our own addresses
            if self.env["mail.alias.domain"].sudo()._find_aliases([address]) or self.env[
                "customer.service.team"
            ].sudo()._with_address(address):
                raise UserError(
                    self.env._(
                        "%(address)s is an address of your own. Change the team instead.",
                        address=address,
                    )
                )
        return addresses

    def _forward_preview(self, comment, message):
        """Return the HTML of the mail before it is sent.

        Whatever was handed in as the message: only a public one of this case is shown.

        :raise AccessError: the user does not see this case
        :raise UserError: the message is none that people outside may see
        """
        self.ensure_one()
        self.check_access("read")
        # A form that is not saved yet knows its records by other ids.
        message, _files = self._origin._forward_checked(message._origin, None)
        return self._origin._forward_body(comment, message)

    def _forward_body(self, comment, message):
        """Return the HTML of the mail: the comment, who writes, and the message that goes along."""
        return self.env["ir.qweb"]._render(
            "customer_service.forward_mail",
            {
                "comment": self._comment_html(comment),
                "signature": self.env.user.signature,
                "message": message.sudo(),  # sudo: mail.message - a public one, checked before
                "author": self._forward_author(message),
                "body": Markup(forwardable(message.sudo().body)),
            },
            minimal_qcontext=True,
        )

    def _forward_author(self, message):
        """Return the name of whoever wrote a message, without their address."""
        message = message.sudo()  # sudo: mail.message - a public one, checked before
        return self._portal_author_name(message, self._is_from_agent(message))

    @api.model
    def _comment_html(self, comment):
        return plaintext2html(comment.strip()) if (comment or "").strip() else ""

    def _forward_to_addresses(self, addresses, comment="", message=None, attachments=None):
        """Mail a public message of this case to somebody outside, and write down that we did.

        :param list addresses: normalized, as :meth:`_forward_addresses` returns them
        :param str comment: plain text
        :param mail.message message: one of :meth:`_forward_domain`
        :param ir.attachment attachments: those of the message that go along
        :return: the note
        :raise UserError: the message is none that people outside may see, or a file not its own
        """
        self.ensure_one()
        self.check_access("write")
        message, attachments = self._forward_checked(message, attachments)
        note = self.message_post(
            body=self.env["ir.qweb"]._render(
                "customer_service.forward_note",
                {
                    "addresses": addresses,
                    "comment": self._comment_html(comment),
                    "message": message,
                    "author": self._forward_author(message),
                },
                minimal_qcontext=True,
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            attachment_ids=attachments.ids,
        )
        # sudo: case - the list is kept by the case itself
        case = self.sudo()
        known = [address for address in (case.consulted_emails or "").split(", ") if address]
        case.consulted_emails = ", ".join(dict.fromkeys([*known, *addresses]))
        self._forward_send(note, addresses, self._forward_body(comment, message))
        return note

    def _forward_checked(self, message, attachments):
        """Return the message and its files, once it is sure that they are public."""
        # sudo: mail.message, ir.attachment - the public ones of a case that the agent sees
        message = (message or self.env["mail.message"]).sudo()
        message = message.search(self._forward_domain() & Domain("id", "in", message.ids), limit=1)
        if not message:
            raise UserError(self.env._("Choose a message of the conversation with the customer."))
        attachments = (attachments or self.env["ir.attachment"]).sudo()
        if attachments - message.attachment_ids:
            raise UserError(self.env._("Only files of the chosen message can go along."))
        return message, attachments

    def _forward_send(self, note, addresses, body):
        """Send a mail that hangs on a note, so that what is answered to it finds the note.

        It carries no link to the customer's page, and no word of the note but the comment.
        """
        note = note.sudo()  # sudo: mail.message, mail.mail - sending is not a right of its own
        subject = " ".join(self._message_compute_subject().split())
        sender = self.reply_from_team and self.team_id.sudo()._formatted_address()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "mail_message_id": note.id,
                    "subject": f"Fwd: {subject.removeprefix('Re: ')}",
                    "body_html": body,
                    "email_to": ", ".join(addresses),
                    "email_from": sender or note.email_from,
                    "reply_to": self._notify_get_reply_to(default=note.email_from)[self.id],
                    "references": note.message_id,
                    "auto_delete": True,
                }
            )
        )
        base = self._notify_by_email_get_base_notification_values(note)
        self.env["mail.notification"].sudo().create(
            [
                {**base, "mail_mail_id": mail.id, "mail_email_address": address}
                for address in addresses
            ]
        )
        mail.send_after_commit()
