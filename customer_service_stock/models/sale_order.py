from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class SaleOrder(models.Model):
    """What of an order can come back, and the order that sends its goods once more."""

    _inherit = "sale.order"

    customer_service_replaced_order_id = fields.Many2one(
        "sale.order",
        string="Replaces Goods of",
        readonly=True,
        kept=True,  # else goods could be had replaced twice
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="This order sends goods of that one once more, free of charge.",
    )

    def _customer_service_decide_alone(self):
        """Let nobody else decide what comes back or is replaced until this transaction ends.

        Whoever looked at the order before and decides at the same moment is made to look again:
        the host repeats the request.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL("UPDATE sale_order SET write_uid = write_uid WHERE id = %s", self.id)
        )
        self.order_line.invalidate_recordset()
        self.order_line.move_ids.invalidate_recordset()

    def _customer_service_returnable(self):
        """Return what the customer can still send back.

        :return: ``{stock.move: Goods}`` in the order of the deliveries
        """
        # sudo: stock.move - how much of their order a customer has; who may return is asked first
        moves = self.sudo().picking_ids.move_ids._customer_service_delivered().sorted("id")
        found = moves._customer_service_goods_left()
        return {move.sudo(False): goods for move, goods in found.items()}

    def _customer_service_replace(self, quantities):
        """Make the order that sends goods of this one once more, free of charge.

        The price stays on the line with a discount of all of it, so that customs, the insurance
        of the carrier and whoever counts what replacements cost know what the goods are worth.

        :param dict quantities: ``{sale.order.line: quantity}`` in the unit of the line
        :return: the new order, a quotation
        """
        self.ensure_one()
        order = self.with_company(self.company_id).create(
            {
                **self._customer_service_replacement_values(),
                "order_line": [
                    Command.create(self._customer_service_replacement_line(line, quantity))
                    for line, quantity in quantities.items()
                ],
            }
        )
        order._customer_service_note_replaced(self, list(quantities))
        order.message_post(
            body=self.env._("Sends goods of %(order)s once more.", order=self._get_html_link())
        )
        return order

    def _customer_service_replacement_values(self):
        """Return the values of a replacement, without its lines."""
        return {
            "partner_id": self.partner_id.id,
            "partner_invoice_id": self.partner_invoice_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "pricelist_id": self.pricelist_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "client_order_ref": self.client_order_ref,
            "origin": self.name,
            "user_id": self.env.uid,
        }

    @api.model
    def _customer_service_replacement_line(self, line, quantity):
        """Return the values of a line that stands in for another one."""
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "product_uom_id": line.product_uom_id.id,
            "product_uom_qty": quantity,
            "price_unit": line.price_unit,
            "discount": 100.0,
            "tax_ids": [Command.set(line.tax_ids.ids)],
        }

    def _customer_service_note_replaced(self, original, lines):
        """Keep what this order stands in for.

        :param sale.order original: whose goods are sent once more
        :param list lines: the line that each line of this order stands in for
        """
        order = self.sudo()  # sudo: sale.order - what it stands in for is kept by this app
        order.customer_service_replaced_order_id = original
        for new, line in zip(order.order_line.sorted("id"), lines, strict=True):
            new.customer_service_replaced_line_id = line
