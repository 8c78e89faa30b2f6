from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.google_translate import GoogleTranslateController


class CustomerServiceTranslateController(GoogleTranslateController):
    """A translated mail loads no more from the internet than the mail itself."""

    @http.route()
    def translate(self, message_id):
        result = super().translate(message_id)
        if result.get("body"):
            message = request.env["mail.message"].browse(message_id)
            result["body"] = message._customer_service_body(body=result["body"])
        return result
