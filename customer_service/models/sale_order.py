from odoo import fields, models
from odoo.tools import format_amount

from ..const import UNRESOLVED


class SaleOrder(models.Model):
    """An order and the cases about it."""

    _name = "sale.order"
    # First the mixin: the host's hook after posting calls nothing behind it.
    _inherit = [
        "customer.service.automatic.mail.mixin",
        "customer.service.order.state.mixin",
        "sale.order",
        "customer.service.case.count.mixin",
        "customer.service.order.timeline",
        "customer.service.case.document.mixin",
    ]

    case_ids = fields.One2many("customer.service.case", "sale_order_id", string="Cases")
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity of the Customer",
        store=True,
        index=True,
    )

    def unlink(self):
        # What the shop sent by itself holds back no order that may be deleted.
        # sudo: case - whoever may delete the order
        case = self.env["customer.service.case"].sudo()
        case.with_context(active_test=False).search(
            [("sale_order_id", "in", self.ids), ("is_automatic", "=", True)]
        ).sale_order_id = False
        return super().unlink()

    def _new_case_context(self):
        return {**super()._new_case_context(), "default_partner_id": self.partner_id.id}

    def _automatic_mail_orders(self):
        return {order.id: order for order in self}

    def _case_document_kind(self):
        return self.type_name

    def _case_document_values(self):
        return {
            **super()._case_document_values(),
            "amount": format_amount(self.env, self.amount_total, self.currency_id),
        }

    def _conversation_case(self):
        """Return the open case about this order that is continued, none where there is none."""
        self.ensure_one()
        return self.env["customer.service.case"].search(
            [
                ("sale_order_id", "=", self.id),
                ("status", "in", UNRESOLVED),
                ("is_automatic", "=", False),
            ],
            order="id desc",
            limit=1,
        )

    def action_write_to_customer(self):
        """Open the form to write to the customer of this order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to Customer: %(order)s", order=self.name),
            "res_model": "customer.service.order.write",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def get_formview_id(self, access_uid=None):
        """Show an order to those who may not see invoices in a form without them."""
        move = self.env["account.move"].with_user(access_uid or self.env.uid)
        if not move.has_access("read"):
            return self.env.ref("customer_service.sale_order_view_form_agent").id
        return super().get_formview_id(access_uid=access_uid)
