from odoo import api, fields, models


class CustomerServiceCaseReturnLine(models.TransientModel):
    """One product of one delivery, and how many of it come back."""

    _name = "customer.service.case.return.line"
    _description = "Goods That Come Back"
    _inherit = ["customer.service.goods.line.mixin"]

    _goods_field = "move_id"

    return_id = fields.Many2one("customer.service.case.return", required=True, ondelete="cascade")
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    picking_id = fields.Many2one(related="move_id.picking_id", string="Delivery")
    uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    settled = fields.Float("Back Already")
    left = fields.Float(help="What the customer still has.")
    quantity = fields.Float("Comes Back")

    @api.depends("picking_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for line in self:
            line.display_name = f"{line.display_name} ({line.picking_id.name})"
        return result
