from odoo import api, models

from odoo.addons.customer_service.tools.mail_headers import is_automatic


class MailThread(models.AbstractModel):
    """The gateway tells cases who is speaking: a person or a machine."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # The parsed dictionary does not keep the headers, and unknown keys in it are refused
        # by other models: the context is the one way that leads to every hook of a case.
        if is_automatic(message):
            self = self.with_context(customer_service_automatic=True)
        return super()._message_route_process(message, message_dict, routes)
