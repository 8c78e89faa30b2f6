from odoo import api, fields, models
from odoo.tools import format_date

_FACTS = ("delivery_state", "delivery_promised", "delivery_tracking")


class CustomerServiceIntakeMixin(models.AbstractModel):
    """Where the parcel is can be demanded too; it follows from the order."""

    _inherit = "customer.service.intake.mixin"

    delivery_state = fields.Char(
        "State of the Delivery", compute="_compute_delivery_facts", groups="base.group_user"
    )
    delivery_promised = fields.Char(
        "Promised Date", compute="_compute_delivery_facts", groups="base.group_user"
    )
    delivery_tracking = fields.Char(
        "Number of the Parcel", compute="_compute_delivery_facts", groups="base.group_user"
    )

    @api.model
    def _intake_fields(self):
        return [*super()._intake_fields(), *_FACTS]

    @api.depends("sale_order_id")
    def _compute_delivery_facts(self):
        orders = self.sale_order_id._origin.sudo(False)._filtered_access("read")
        by_order = self.env["customer.service.case"]._pickings_of(orders)
        for record in self:
            pickings = by_order.get(record.sale_order_id._origin.id, [])
            sent = [one for one in pickings if not one._customer_service_is_return()]
            valid = [one for one in sent if one.state != "cancel"]
            record._note_delivery((valid or sent or [None])[0])

    def _note_delivery(self, picking):
        """Take the facts from a delivery.

        :param stock.picking picking: the latest, None where there is none
        """
        promised = picking and picking._customer_service_promised()
        tracking = picking and picking._customer_service_tracking().get("tracking")
        self.delivery_state = picking and picking._customer_service_state_label()
        self.delivery_promised = promised and format_date(self.env, promised)
        self.delivery_tracking = tracking
