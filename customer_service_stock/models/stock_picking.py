from odoo import fields, models
from odoo.tools.misc import clean_context


class StockPicking(models.Model):
    """A delivery or return: told on the cases of its order, made from one of them perhaps."""

    _name = "stock.picking"
    _inherit = [
        "stock.picking",
        "customer.service.case.document.mixin",
        "customer.service.picking.timeline",
    ]

    def _case_document_kind(self):
        if self._customer_service_is_return():
            return self.env._("Return")
        return super()._case_document_kind()

    def _case_document_state(self):
        return self._customer_service_state_label()

    def _customer_service_is_return(self):
        """Tell whether this brings goods back from a customer."""
        self.ensure_one()
        return self.location_id.usage == "customer" != self.location_dest_id.usage

    def _customer_service_facts(self):
        """Return what an agent is told of this delivery: dates in UTC, the state in words."""
        self.ensure_one()
        promised = self._customer_service_promised()
        # When a return arrives is the customer's to say, nobody has promised it.
        is_return = self._customer_service_is_return()
        under_way = self.state not in ("done", "cancel") and not is_return
        return {
            "id": self.id,
            "name": self.name,
            "is_return": is_return,
            "state": self.state,
            "label": self._customer_service_state_label(),
            "promised": under_way and fields.Datetime.to_string(promised),
            "done": self.state == "done" and fields.Datetime.to_string(self.date_done),
            "late": bool(under_way and promised and promised < fields.Datetime.now()),
            **self._customer_service_tracking(),
        }

    def _customer_service_promised(self):
        """Return when the customer was promised this delivery, in UTC."""
        self.ensure_one()
        return self.date_deadline or self.scheduled_date

    def _customer_service_state_label(self):
        """Return the state in the words that a customer would use."""
        self.ensure_one()
        if self.state == "cancel":
            return self.env._("Cancelled")
        if self._customer_service_is_return():
            return self.env._("Came back") if self.state == "done" else self.env._("Expected back")
        if self.state == "done":
            return self.env._("Sent")
        if self.state == "assigned":
            return self.env._("Ready to send")
        return self.env._("Not sent yet")

    def _customer_service_tracking(self):
        """Return number and link of the carrier, where it is known; only links to the web."""
        self.ensure_one()
        if "carrier_tracking_ref" not in self._fields or not self.carrier_tracking_ref:
            return {}
        url = self.carrier_tracking_url or ""
        return {
            "tracking": self.carrier_tracking_ref,
            "tracking_url": url if url.startswith(("https://", "http://")) else False,
        }

    def _customer_service_return(self, quantities, refund=True):
        """Make the return of some moves of this delivery, with the host's own dialog.

        :param dict quantities: ``{stock.move: quantity}``, moves of this delivery
        :param bool refund: whether the order is to be invoiced without them
        :return: the return
        """
        self.ensure_one()
        env = self.env(context=clean_context(self.env.context))
        dialog = env["stock.return.picking"].create({"picking_id": self.id})
        for line in dialog.product_return_moves:
            line.write({"quantity": quantities.get(line.move_id, 0.0), "to_refund": refund})
        action = dialog.action_create_returns()
        return self.browse(action["res_id"])
