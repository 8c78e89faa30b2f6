from odoo import fields, models


class CustomerServiceCaseReplaceLine(models.TransientModel):
    """One line of the order, and how many of it are sent once more."""

    _name = "customer.service.case.replace.line"
    _description = "Goods That Are Sent Once More"
    _inherit = ["customer.service.goods.line.mixin"]

    _goods_field = "order_line_id"

    replace_id = fields.Many2one("customer.service.case.replace", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="order_line_id.product_id")
    uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Unit")
    settled = fields.Float("Replaced Already")
    left = fields.Float(help="What was delivered and is not replaced yet.")
    quantity = fields.Float("Once More")
