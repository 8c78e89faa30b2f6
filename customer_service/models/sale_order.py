from odoo import fields, models


class SaleOrder(models.Model):
    """An order and the cases about it."""

    _name = "sale.order"
    _inherit = ["sale.order", "customer.service.case.count.mixin"]

    case_ids = fields.One2many("customer.service.case", "sale_order_id", string="Cases")
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity of the Customer",
        store=True,
        index=True,
    )

    def _new_case_context(self):
        return {**super()._new_case_context(), "default_partner_id": self.partner_id.id}

    def get_formview_id(self, access_uid=None):
        """Show an order to those who may not see invoices in a form without them."""
        move = self.env["account.move"].with_user(access_uid or self.env.uid)
        if not move.has_access("read"):
            return self.env.ref("customer_service.sale_order_view_form_agent").id
        return super().get_formview_id(access_uid=access_uid)
