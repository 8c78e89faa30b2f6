from odoo import fields, models


class SaleOrder(models.Model):
    """An order and the cases about it."""

    _name = "sale.order"
    _inherit = ["sale.order", "customer.service.case.count.mixin"]

    case_ids = fields.One2many("customer.service.case", "sale_order_id", string="Cases")
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity of the Customer",
        store=True,
        index=True,
    )

    def _new_case_context(self):
        return {**super()._new_case_context(), "default_partner_id": self.partner_id.id}
