from odoo import models


class MailAlias(models.Model):
    """An alias of customer service sends nothing back for a mail that is kept."""

    _inherit = "mail.alias"

    def _alias_bounce_incoming_email(self, message, message_dict, set_invalid=True):
        # The host tells the sender that the mail was refused, and disables the alias, when a
        # record cannot be made of it. Here the mail is kept as failed, and nobody is troubled.
        if set_invalid and self.env.context.get("customer_service_intake"):
            return None
        return super()._alias_bounce_incoming_email(message, message_dict, set_invalid=set_invalid)
