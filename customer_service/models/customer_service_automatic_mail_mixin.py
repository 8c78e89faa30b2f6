from odoo import api, models

#: Where a transaction collects the messages it has yet to record.
_PENDING = "customer_service.automatic_mail"

#: The layout of what the host's *Send* buttons send: an offer, an invoice.
_DOCUMENT_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class CustomerServiceAutomaticMailMixin(models.AbstractModel):
    """A document whose mails to the customer are part of the customer's history.

    A model that uses it names it first in ``_inherit``, and says to which order each of its
    records belongs. What it sends is collected, and recorded in one go at the end of the
    transaction, however many documents were sent.
    """

    _name = "customer.service.automatic.mail.mixin"
    _description = "Automatic Mail of a Document"

    def _automatic_mail_orders(self):
        """Return the order of each of these documents: ``{id: sale.order}``, in one go."""
        return {}

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_automatic_mail(msg_values):
            self._remember_automatic_mail(message.ids)
        return result

    def _message_mail_after_hook(self, mails):
        result = super()._message_mail_after_hook(mails)
        self._remember_automatic_mail(mails.mail_message_id.ids)
        return result

    @api.model
    def _is_automatic_mail(self, msg_values):
        """Tell whether a message was made by the system for somebody outside.

        What a colleague types on a document is a conversation, and stays there.
        """
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        if msg_values.get("subtype_id") != comment_id:
            return False
        return (
            msg_values.get("message_type") in ("notification", "auto_comment", "email_outgoing")
            or msg_values.get("email_layout_xmlid") == _DOCUMENT_LAYOUT
        )

    @api.model
    def _remember_automatic_mail(self, message_ids):
        """Have these messages recorded before the transaction is committed."""
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = []
            # sudo: case - part of the customer's history, whoever sent the mail
            case = self.env(context={})["customer.service.case"].sudo()
            precommit.add(lambda: case._record_automatic_mail(precommit.data.pop(_PENDING, [])))
        precommit.data[_PENDING] += message_ids
