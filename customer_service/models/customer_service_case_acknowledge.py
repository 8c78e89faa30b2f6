import logging

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ..const import AUTOMATIC_HEADERS, DONE

_logger = logging.getLogger(__name__)


class CustomerServiceCaseAcknowledge(models.AbstractModel):
    """“We have your message”: once, to a person, in their language, from the team's address."""

    _name = "customer.service.case.acknowledge"
    _description = "Acknowledgement of a Case"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # The mail itself is posted after this. Whoever posts it has the case as returned here.
        case = super().message_new(msg_dict, custom_values=custom_values)
        return case.with_context(customer_service_new_case=True)

    def message_post(self, *, message_type="notification", **kwargs):
        message = super().message_post(message_type=message_type, **kwargs)
        if message_type == "email" and self.env.context.get("customer_service_new_case"):
            self.with_context(customer_service_new_case=False)._acknowledge(message)
        return message

    def _acknowledge(self, message=None):
        """Tell the customer that a new case has come in, where the team wants that.

        Nobody is told who is a machine, has no address, is one of us, or was told within the
        last hour. A template that does not work is logged and stops nothing.

        :param mail.message message: what the customer wrote, none where it was no mail
        :return: the message that was sent, none where none was
        """
        self.ensure_one()
        # sudo: case - the gateway, the portal and the form send it for whoever writes
        case = self.sudo()
        nothing = self.env["mail.message"]
        if not case._wants_acknowledgement(message):
            return nothing
        try:
            with self.env.cr.savepoint():
                values = case._acknowledgement_values(message)
                if not self.env["customer.service.automatic.answer"]._may_answer(
                    case.reply_to_customer
                ):
                    return nothing
                return case.message_post(**values)
        except UserError:
            _logger.warning("The acknowledgement of %s failed", case.number, exc_info=True)
            return nothing

    def _wants_acknowledgement(self, message=None):
        """Tell whether this case is one that is acknowledged, before anything is counted."""
        if not self.team_id.acknowledge_template_id or self.status in DONE:
            return False
        if self.env.context.get("customer_service_automatic"):
            return False
        if message and (self._is_private(message) or self._is_doubtful(message)):
            return False
        address = self.reply_to_customer
        return bool(address) and not self._is_our_address(address)

    @api.model
    def _is_doubtful(self, message):
        """Tell whether a machine wrote, or somebody under a name that is proven to be wrong.

        An answer to a forged sender is mail that somebody gets who never wrote to us.
        """
        return bool(message.customer_service_machine) or (
            message.customer_service_sender_check == "failed"
        )

    @api.model
    def _is_our_address(self, address):
        """Tell whether a normalized address is one of ours: an alias, a team, a colleague."""
        # sudo: mail.alias.domain, team, res.users - our own addresses, whoever writes
        return bool(
            self.env["mail.alias.domain"].sudo()._find_aliases([address])
            or self.env["customer.service.team"].sudo()._with_address(address)
            or self.env["res.users"]
            .sudo()
            .search_count([("share", "=", False), ("email_normalized", "=", address)], limit=1)
        )

    def _acknowledgement_values(self, message=None):
        """Return what is posted: the team's template in the language of the case.

        It is neither an answer of ours nor a note: the customer still waits for us.
        """
        template = self.team_id.acknowledge_template_id
        rendered = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        headers = dict(AUTOMATIC_HEADERS)
        if message and message.message_id:
            headers["In-Reply-To"] = message.message_id
        recipient = self._mailed_partner()
        return {
            "message_type": "auto_comment",
            "subtype_xmlid": "mail.mt_comment",
            "subject": rendered.get("subject") or None,
            "body": Markup(rendered["body_html"] or ""),
            "attachment_ids": template.attachment_ids.ids,
            "author_id": False,
            "email_from": self.team_id._formatted_address() or self.company_id.email_formatted,
            "partner_ids": recipient.ids,
            "outgoing_email_to": False if recipient else self.email_normalized,
            "email_add_signature": False,
            "notify_author_mention": True,
            "notify_skip_followers": True,
            "mail_headers": headers,
        }
