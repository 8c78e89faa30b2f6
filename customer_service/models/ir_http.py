from odoo import models


class IrHttp(models.AbstractModel):
    """The portal's scripts speak the customer's language; an agent's page knows the clock."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [*super()._get_translation_frontend_modules_name(), "customer_service"]

    def session_info(self):
        """Bring the running clock along with the page: it survives a reload without a request."""
        info = super().session_info()
        if self.env.user.has_group("customer_service.group_agent"):
            handling = self.env["customer.service.handling"]
            info["customer_service_clock"] = handling.handling_clock()
        return info
