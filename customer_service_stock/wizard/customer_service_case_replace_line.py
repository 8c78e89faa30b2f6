from odoo import api, fields, models


class CustomerServiceCaseReplaceLine(models.TransientModel):
    """One line of the order, and how many of it are sent once more."""

    _name = "customer.service.case.replace.line"
    _description = "Goods That Are Sent Once More"
    _inherit = ["customer.service.sight.mixin"]

    replace_id = fields.Many2one("customer.service.case.replace", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="order_line_id.product_id")
    uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Unit")
    delivered = fields.Float(digits="Product Unit", compute="_compute_quantities")
    replaced = fields.Float(
        "Replaced Already", digits="Product Unit", compute="_compute_quantities"
    )
    left = fields.Float(
        "At Most",
        digits="Product Unit",
        compute="_compute_quantities",
        help="What was delivered and is not replaced yet.",
    )
    quantity = fields.Float("Once More", digits="Product Unit")

    @api.depends("order_line_id")
    def _compute_quantities(self):
        left = self.order_line_id._customer_service_replaceable()
        for line in self:
            line.delivered, line.replaced = left.get(line.order_line_id._origin, (0.0, 0.0))
            line.left = max(line.delivered - line.replaced, 0.0)

    @api.depends("product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_id.display_name
