from odoo import api, models

_PICKING = "stock.picking"


class CustomerServiceTimeline(models.AbstractModel):
    """Deliveries are told of to whoever may read their order, as on the case."""

    _inherit = "customer.service.timeline"

    @api.model
    def _readable_ids(self, model_name, ids):
        found = super()._readable_ids(model_name, ids)
        if model_name != _PICKING or not ids - found:
            return found
        # sudo: stock.picking - of orders that the user may read
        pickings = self.env[_PICKING].sudo().browse(ids - found).exists()
        orders = pickings.sale_id.sudo(False)._filtered_access("read")
        return found | {picking.id for picking in pickings if picking.sale_id in orders}

    @api.model
    def _line(self, row, *args, **kwargs):
        line = super()._line(row, *args, **kwargs)
        if line["model"] == _PICKING and not self.env[_PICKING].has_access("read"):
            # It is read on its order.
            return {**line, "model": "sale.order", "res_id": row["sale_order_id"]}
        return line
