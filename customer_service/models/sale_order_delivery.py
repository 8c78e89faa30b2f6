from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrderDelivery(models.Model):
    """Whether something of an order is still to come, for alerts about late orders."""

    _inherit = "sale.order"

    has_undelivered = fields.Boolean(
        "Something Undelivered",
        compute="_compute_has_undelivered",
        search="_search_has_undelivered",
        groups="base.group_user",
        help="Less was delivered of one of its lines than was ordered.",
    )

    @api.depends("order_line.qty_delivered", "order_line.product_uom_qty")
    def _compute_has_undelivered(self):
        for order in self:
            order.has_undelivered = any(
                not line.display_type and line.qty_delivered < line.product_uom_qty
                for line in order.order_line
            )

    @api.model
    def _search_has_undelivered(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        # sudo: sale.order.line - the order itself is searched with the rights of the reader
        line = self.env["sale.order.line"].sudo()
        query = line._search([("display_type", "=", False)])
        query.add_where(
            SQL(
                "%s < %s",
                line._field_to_sql(line._table, "qty_delivered", query),
                line._field_to_sql(line._table, "product_uom_qty", query),
            )
        )
        return [("id", "in", query.subselect(SQL.identifier(line._table, "order_id")))]
