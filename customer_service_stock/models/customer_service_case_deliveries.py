from odoo import api, fields, models

#: Deliveries of an order that are shown beside a case, the latest.
_SHOWN = 10


class CustomerServiceCaseDeliveries(models.AbstractModel):
    """Where the parcels of the order are: what a customer asks for first."""

    _name = "customer.service.case.deliveries"
    _description = "Deliveries of the Order of a Case"

    deliveries = fields.Json(
        compute="_compute_deliveries",
        groups="base.group_user",
        help="The deliveries and returns of the order, the latest first.",
    )

    @api.depends("sale_order_id")
    def _compute_deliveries(self):
        by_order = self._deliveries_of(self.sale_order_id._filtered_access("read"))
        for case in self:
            case.deliveries = by_order.get(case.sale_order_id.id, False)

    @api.model
    def _deliveries_of(self, orders):
        """Return what agents are told of the deliveries of orders.

        :param sale.order orders: orders that the user may read
        :return: ``{order id: [facts]}``, the latest delivery first
        """
        may_open = self.env["stock.picking"].has_access("read")
        return {
            order_id: [
                {**picking._customer_service_facts(), "may_open": may_open}
                for picking in pickings[:_SHOWN]
            ]
            for order_id, pickings in self._pickings_of(orders).items()
        }

    @api.model
    def _pickings_of(self, orders):
        """Return what went to the customers of orders, or comes back, in one query.

        :param sale.order orders: orders that the user may read
        :return: ``{order id: stock.picking}``, with more rights than the user has, the latest first
        """
        # sudo: stock.picking - whoever may read an order may tell its customer where it is
        picking = self.env["stock.picking"].sudo()
        found = picking.search_fetch(
            [
                ("sale_id", "in", orders.ids),
                "|",
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "=", "customer"),
            ],
            [
                "name",
                "sale_id",
                "state",
                "scheduled_date",
                "date_deadline",
                "date_done",
                "location_id",
                "location_dest_id",
            ],
            order="id desc",
        )
        return {order.id: pickings for order, pickings in found.grouped("sale_id").items()}

    def action_open_delivery(self, picking_id):
        """Open a delivery of the order of this case.

        :param int picking_id: its id
        """
        self.ensure_one()
        picking = self.env["stock.picking"].browse(picking_id)
        picking.check_access("read")
        return picking.get_formview_action()
