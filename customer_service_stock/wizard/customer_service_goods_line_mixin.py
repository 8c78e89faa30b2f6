from odoo import api, fields, models


class CustomerServiceGoodsLineMixin(models.AbstractModel):
    """One product in such a dialog: how many there were, how many there are left to choose."""

    _name = "customer.service.goods.line.mixin"
    _description = "Line of Delivered Goods"
    _inherit = ["customer.service.sight.mixin"]

    #: The field that says which goods these are.
    _goods_field = None

    delivered = fields.Float(digits="Product Unit", compute="_compute_quantities")
    settled = fields.Float(digits="Product Unit", compute="_compute_quantities")
    left = fields.Float("At Most", digits="Product Unit", compute="_compute_quantities")
    quantity = fields.Float(digits="Product Unit")

    @api.depends(lambda self: [self._goods_field] if self._goods_field else [])
    def _compute_quantities(self):
        found = self._goods()._customer_service_goods_left()
        for line in self:
            goods = found.get(line._goods()._origin)
            line.delivered = goods.delivered if goods else 0.0
            line.settled = goods.settled if goods else 0.0
            line.left = goods.left if goods else 0.0

    @api.depends(lambda self: ["product_id"] if "product_id" in self._fields else [])
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_id.display_name

    def _goods(self):
        """Return the records of which these lines offer goods."""
        return self[self._goods_field] if len(self) == 1 else self.mapped(self._goods_field)
