from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrderDelivery(models.Model):
    """Whether something of an order is still to come, and should have come, for alerts."""

    _inherit = "sale.order"

    has_undelivered = fields.Boolean(
        "Something Undelivered",
        compute="_compute_has_undelivered",
        search="_search_has_undelivered",
        groups="base.group_user",
        help="Less was delivered of one of its lines than was ordered.",
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        groups="base.group_user",
        help="Confirmed, something of it is not delivered, and it was promised for a time that "
        "has passed.",
    )

    @api.depends("order_line.qty_delivered", "order_line.product_uom_qty")
    def _compute_has_undelivered(self):
        for order in self:
            order.has_undelivered = any(
                not line.display_type and line.qty_delivered < line.product_uom_qty
                for line in order.order_line
            )

    @api.depends("state", "commitment_date", "has_undelivered")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for order in self:
            promised = order.state == "sale" and order.commitment_date
            order.is_late = bool(promised) and promised < now and order.has_undelivered

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

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        promised = Domain("state", "=", "sale") & Domain(
            "commitment_date", "<", fields.Datetime.now()
        )
        return promised & Domain("has_undelivered", "=", True)
