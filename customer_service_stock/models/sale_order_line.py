from collections import defaultdict

from odoo import fields, models

from ..tools.goods import Goods


class SaleOrderLine(models.Model):
    """What a line of a replacement stands for, and what of a line can be replaced."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "customer.service.kept.mixin"]

    customer_service_replaced_line_id = fields.Many2one(
        "sale.order.line",
        string="Replaces",
        readonly=True,
        kept=True,  # else goods could be had replaced twice
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The line of an earlier order whose goods this one sends once more.",
    )

    def _customer_service_goods_left(self):
        """Return how much of each of these lines the customer has got and nothing stands in for.

        What went out counts, also when it has come back since: that is what is replaced. What
        replacements that are not cancelled send already is taken off.

        :return: ``{sale.order.line: Goods}``, lines of which nothing was delivered left out
        """
        replaced = self._customer_service_replaced()
        delivered = defaultdict(float)
        for move in self.move_ids._customer_service_delivered():
            # A return of a return is no second delivery.
            if not move.origin_returned_move_id:
                line = move.sale_line_id
                delivered[line] += move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id
                )
        return {
            line: Goods(
                min(quantity, max(line.product_uom_qty, line.qty_delivered)),
                replaced[line],
                line.product_uom_id,
            )
            for line, quantity in delivered.items()
        }

    def _customer_service_replaced(self):
        """Return how much of each of these lines is replaced: ``{sale.order.line: quantity}``."""
        # sudo: sale.order.line - replacements that a colleague sells count too
        groups = self.sudo()._read_group(
            [
                ("customer_service_replaced_line_id", "in", self.ids),
                ("order_id.state", "!=", "cancel"),
            ],
            ["customer_service_replaced_line_id"],
            ["product_uom_qty:sum"],
        )
        replaced = defaultdict(float)
        replaced.update({line.sudo(False): quantity for line, quantity in groups})
        return replaced
