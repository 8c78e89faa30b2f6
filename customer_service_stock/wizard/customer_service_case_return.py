from odoo import fields, models

from odoo.addons.customer_service.models.customer_service_case_dialog_mixin import PROPOSED
from odoo.addons.customer_service.tools.client_action import notification


class CustomerServiceCaseReturn(models.TransientModel):
    """Choose what the customer sends back, and what they get for it."""

    _name = "customer.service.case.return"
    _description = "Return of Goods"
    _inherit = ["customer.service.goods.dialog.mixin"]

    line_ids = fields.One2many(
        "customer.service.case.return.line",
        "return_id",
        string="Goods",
        compute="_compute_line_ids",
        precompute=True,
        **PROPOSED,
    )
    outcome = fields.Selection(
        [
            ("refund", "Their money back"),
            ("replace", "The same once more, free of charge"),
            ("nothing", "Nothing, or it is decided later"),
        ],
        string="The Customer Gets",
        required=True,
        default="refund",
    )
    reason = fields.Char(help="Noted on the return; the customer does not see it.")

    def _goods_offered(self):
        found = self.order_id._customer_service_returnable()
        return [move for move, goods in found.items() if goods.has_some]

    def action_return_all(self):
        """Make the return of all that the customer still has."""
        for line in self.line_ids:
            line.quantity = line.left
        return self.action_return()

    def action_return(self):
        """Make the returns, and what the customer gets for them.

        :raise UserError: more than the customer has, or a right is missing
        """
        self._do_once()
        case = self.case_id
        replaces = self.outcome == "replace"
        if replaces:
            case._check_may_sell_replacement()
        quantities = self._quantities()
        returns = case._return_goods(
            quantities, refund=self.outcome == "refund", reason=self.reason
        )
        made = [*returns]
        if replaces:
            made.append(case._replace_goods(self._by_order_line(quantities), reason=self.reason))
        then = self._credit_action(quantities) if self.outcome == "refund" else None
        return notification(case._made_text(*made), then=then, links=made)

    def _credit_action(self, quantities):
        """Return the action that credits what comes back, None where there is nothing to credit.

        Whoever has no right to make credit notes leaves that to those who have.

        :param dict quantities: ``{stock.move: quantity}``
        """
        case, move = self.case_id, self.env["account.move"]
        if not move.has_access("create") or not self.env["account.move.reversal"].has_access(
            "create"
        ):
            return None
        invoice = self.order_id.invoice_ids.filtered(
            lambda one: one.move_type == "out_invoice"
            and one.state == "posted"
            and not case._credit_obstacle(one)
        )[:1]
        if not invoice:
            return None
        action = case.action_credit_note()
        returned = self._by_order_line(quantities)
        action["context"] = {
            **action["context"],
            "default_invoice_id": invoice.id,
            "customer_service_returned": {
                str(line.id): quantity for line, quantity in returned.items()
            },
        }
        return action

    def _by_order_line(self, quantities):
        """Return the same quantities by the lines of the order: ``{sale.order.line: quantity}``."""
        chosen = {}
        for move, quantity in quantities.items():
            line = move.sale_line_id
            amount = move.product_uom._compute_quantity(quantity, line.product_uom_id)
            chosen[line] = chosen.get(line, 0.0) + amount
        return chosen
