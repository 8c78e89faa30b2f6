from odoo import api, fields, models


class CustomerServiceCaseCreditLine(models.TransientModel):
    """One line of an invoice, and how much of it is given back."""

    _name = "customer.service.case.credit.line"
    _description = "Line of a Credit Note from a Case"
    _inherit = ["customer.service.sight.mixin"]
    _order = "id"

    credit_id = fields.Many2one(
        "customer.service.case.credit", string="Credit Note", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Line", required=True, readonly=True, ondelete="cascade"
    )
    label = fields.Char(compute="_compute_from_line", compute_sudo=False)
    invoiced_quantity = fields.Float(
        "Invoiced", digits="Product Unit", compute="_compute_from_line", compute_sudo=False
    )
    left_quantity = fields.Float(
        "Not Yet Credited", digits="Product Unit", compute="_compute_from_line", compute_sudo=False
    )
    currency_id = fields.Many2one(related="credit_id.currency_id")
    price_total = fields.Monetary("Invoiced For", compute="_compute_from_line", compute_sudo=False)
    is_chosen = fields.Boolean("Credit")
    quantity = fields.Float("To Credit", digits="Product Unit")

    @api.depends("move_line_id")
    def _compute_from_line(self):
        lines = self.move_line_id._origin
        left = lines._creditable_quantities()
        for wizard_line in self:
            line = wizard_line.move_line_id._origin
            wizard_line.label = line and line._credit_label()
            wizard_line.invoiced_quantity = abs(line.quantity)
            wizard_line.left_quantity = left.get(line, 0.0)
            wizard_line.price_total = line.price_total
