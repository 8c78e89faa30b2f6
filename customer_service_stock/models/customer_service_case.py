from odoo import api, models


class CustomerServiceCase(models.Model):
    """A case knows where the parcels of its order are, and what comes back."""

    _name = "customer.service.case"
    _inherit = [
        "customer.service.case",
        "customer.service.case.deliveries",
        "customer.service.case.goods",
    ]

    @api.model
    def _document_models(self):
        return [*super()._document_models(), "stock.picking"]
