from odoo import api, fields, models
from odoo.fields import Command


class CustomerServiceGoodsDialogMixin(models.AbstractModel):
    """A dialog about goods of the order of a case: which of them, how many, and why.

    Whoever inherits has ``line_ids``, lines with ``customer.service.goods.line.mixin``.
    """

    _name = "customer.service.goods.dialog.mixin"
    _description = "Choice of Delivered Goods"
    _inherit = ["customer.service.case.dialog.mixin"]

    order_id = fields.Many2one(related="case_id.sale_order_id")
    reason = fields.Char(help="The customer does not see it.")

    @api.depends("case_id")
    def _compute_line_ids(self):
        source = self.line_ids._goods_field
        for wizard in self:
            wizard.line_ids = [
                Command.create({source: record.id}) for record in wizard._goods_offered()
            ]

    def _goods_offered(self):
        """Return the records that one can choose from."""
        raise NotImplementedError

    def _quantities(self):
        """Return what was chosen: ``{record: quantity}``, each record once."""
        chosen = {}
        for line in self.line_ids.filtered("quantity"):
            record = line._goods()
            chosen[record] = chosen.get(record, 0.0) + line.quantity
        return chosen
