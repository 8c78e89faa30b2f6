from odoo import api, fields, models
from odoo.fields import Command


class CustomerServiceCaseReplace(models.TransientModel):
    """Choose what the customer gets once more: it was lost, or it arrived broken."""

    _name = "customer.service.case.replace"
    _description = "Replacement of Goods"
    _inherit = ["customer.service.sight.mixin"]

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="case_id.sale_order_id")
    line_ids = fields.One2many(
        "customer.service.case.replace.line",
        "replace_id",
        string="Goods",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Char(help="Noted on the replacement; the customer does not see it.")
    confirm = fields.Boolean(
        "Send It at Once",
        default=True,
        help="The delivery is made now. Otherwise the replacement is a quotation that somebody "
        "confirms later.",
    )

    @api.depends("case_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.case_id.sale_order_id.order_line
            wizard.line_ids = [
                Command.create({"order_line_id": line.id})
                for line in lines._customer_service_replaceable()
            ]

    def action_replace(self):
        """Make the replacement.

        :raise UserError: more than was delivered and is not replaced yet, or no right
        """
        self.ensure_one()
        quantities = {}
        for line in self.line_ids.filtered("quantity"):
            order_line = line.order_line_id
            quantities[order_line] = quantities.get(order_line, 0.0) + line.quantity
        order = self.case_id._replace_goods(quantities, reason=self.reason, confirm=self.confirm)
        return self.case_id._made_notification(order)
