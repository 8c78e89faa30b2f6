from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    """What customers bought."""

    _inherit = "sale.order.line"

    # When somebody typed a line says nothing of when it was ordered.
    customer_service_order_date = fields.Datetime(
        related="order_id.date_order", string="Ordered on", groups="base.group_user"
    )

    @api.model
    def _purchases_of(self, customer, domain=(), limit=None):
        """Return what a customer bought, the last first, in one query.

        :param res.partner customer: the commercial entity
        :param domain: more that has to be true of the lines
        :param int limit: of how many products
        :return: ``[(product, quantity, when it was last ordered)]``
        """
        return self._read_group(
            Domain("order_id.commercial_partner_id", "=", customer.id)
            & Domain("state", "=", "sale")
            & Domain("display_type", "=", False)
            & Domain("product_id", "!=", False)
            & Domain(domain),
            ["product_id"],
            ["product_uom_qty:sum", "customer_service_order_date:max"],
            order="customer_service_order_date:max desc",
            limit=limit,
        )
