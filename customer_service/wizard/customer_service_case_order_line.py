from odoo import api, fields, models


class CustomerServiceCaseOrderLine(models.TransientModel):
    """One product of a new order: ticked among what was bought before, or added."""

    _name = "customer.service.case.order.line"
    _description = "Product of a New Order from a Case"
    _inherit = ["customer.service.sight.mixin"]
    _order = "id"

    order_id = fields.Many2one(
        "customer.service.case.order", string="New Order", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id")
    is_chosen = fields.Boolean("Order", default=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        domain="[('sale_ok', '=', True), ('company_id', 'in', [company_id, False])]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    currency_id = fields.Many2one(related="order_id.currency_id")
    price_unit = fields.Monetary("Price", compute="_compute_price_unit", compute_sudo=False)
    bought_quantity = fields.Float(
        "Bought So Far", digits="Product Unit", compute="_compute_bought", compute_sudo=False
    )
    bought_date = fields.Date("Last Ordered", compute="_compute_bought", compute_sudo=False)

    @api.depends("product_id", "quantity", "order_id.pricelist_id", "order_id.currency_id")
    def _compute_price_unit(self):
        for order, lines in self.grouped("order_id").items():
            pricelist = order.pricelist_id
            products = lines.product_id.with_company(order.company_id)
            for quantity, alike in lines.grouped("quantity").items():
                prices = pricelist._get_products_price(
                    products & alike.product_id, quantity or 1.0, currency=order.currency_id
                )
                for line in alike:
                    line.price_unit = prices.get(line.product_id.id, 0.0)

    @api.depends("product_id", "order_id.commercial_partner_id")
    def _compute_bought(self):
        by_customer = self.grouped(lambda line: line.order_id.commercial_partner_id)
        for customer, lines in by_customer.items():
            bought = {
                product: (quantity, fields.Datetime.context_timestamp(self, date).date())
                for product, quantity, date in self.env["sale.order.line"]._purchases_of(
                    customer, domain=[("product_id", "in", lines.product_id.ids)]
                )
            }
            for line in lines:
                line.bought_quantity, line.bought_date = bought.get(line.product_id, (0, False))
