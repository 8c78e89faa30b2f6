from odoo import models


class CustomerServiceCaseCredit(models.TransientModel):
    """After a return, what comes back is what is credited, until somebody says otherwise."""

    _inherit = "customer.service.case.credit"

    def _compute_line_ids(self):
        result = super()._compute_line_ids()
        returned = self.env.context.get("customer_service_returned") or {}
        for line in self.line_ids if returned else ():
            # sudo: account.move.line - which line of the order it invoices
            sold = line.move_line_id._origin.sudo().sale_line_ids
            quantity = sum(returned.get(str(one.id), 0.0) for one in sold)
            line.is_chosen = quantity > 0
            line.quantity = min(quantity or line.quantity, line.left_quantity)
        return result
