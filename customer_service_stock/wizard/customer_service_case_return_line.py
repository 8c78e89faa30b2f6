from odoo import api, fields, models


class CustomerServiceCaseReturnLine(models.TransientModel):
    """One product of one delivery, and how many of it come back."""

    _name = "customer.service.case.return.line"
    _description = "Goods That Come Back"
    _inherit = ["customer.service.sight.mixin"]

    return_id = fields.Many2one("customer.service.case.return", required=True, ondelete="cascade")
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    picking_id = fields.Many2one(related="move_id.picking_id", string="Delivery")
    uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    delivered = fields.Float(digits="Product Unit", compute="_compute_quantities")
    returned = fields.Float("Back Already", digits="Product Unit", compute="_compute_quantities")
    left = fields.Float(
        "At Most",
        digits="Product Unit",
        compute="_compute_quantities",
        help="What the customer still has.",
    )
    quantity = fields.Float("Comes Back", digits="Product Unit")

    @api.depends("move_id")
    def _compute_quantities(self):
        back = self.move_id._customer_service_coming_back()
        for line in self:
            line.delivered = line.move_id.quantity
            line.returned = back[line.move_id._origin]
            line.left = max(line.delivered - line.returned, 0.0)

    @api.depends("product_id", "picking_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.product_id.display_name} ({line.picking_id.name})"
