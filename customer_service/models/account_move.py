from odoo import models


class AccountMove(models.Model):
    """An invoice that is sent is part of the history of its order."""

    _name = "account.move"
    # First the mixin: the host's hook after posting calls nothing behind it.
    _inherit = [
        "customer.service.automatic.mail.mixin",
        "account.move",
        "customer.service.move.timeline",
    ]

    def _automatic_mail_orders(self):
        return {
            move.id: order
            for move in self
            if (order := move.invoice_line_ids.sale_line_ids.order_id[:1])
        }
