from odoo import api, models

from odoo.addons.customer_service.tools.mail_headers import is_automatic
from odoo.addons.customer_service.tools.mail_repair import repair_charsets


class MailThread(models.AbstractModel):
    """The gateway reads what senders wrote wrongly, and tells cases who speaks."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        repair_charsets(message)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # The parsed dictionary does not keep the headers, and unknown keys in it are refused
        # by other models: the context is the one way that leads to every hook of a case.
        if is_automatic(message):
            self = self.with_context(customer_service_automatic=True)
        return super()._message_route_process(message, message_dict, routes)
