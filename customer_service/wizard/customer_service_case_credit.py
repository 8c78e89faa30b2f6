from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.customer_service_case_dialog_mixin import PROPOSED
from ..tools.client_action import close_dialog, notification


class CustomerServiceCaseCredit(models.TransientModel):
    """Money back: the invoice, what of it is given back, and why."""

    _name = "customer.service.case.credit"
    _description = "Credit Note from a Case"
    _inherit = ["customer.service.case.dialog.mixin"]

    allowed_invoice_ids = fields.Many2many(
        "account.move",
        "customer_service_case_credit_allowed_rel",
        compute="_compute_allowed_invoice_ids",
        compute_sudo=False,
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        domain="[('id', 'in', allowed_invoice_ids)]",
        ondelete="cascade",
        **PROPOSED,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    obstacle = fields.Char("Why Not", compute="_compute_obstacle", compute_sudo=False)
    line_ids = fields.One2many(
        "customer.service.case.credit.line",
        "credit_id",
        string="Lines",
        compute="_compute_line_ids",
        **PROPOSED,
    )
    amount = fields.Monetary(
        "Given Back", compute="_compute_amount", help="With taxes; the credit note rounds exactly."
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    reason = fields.Char(help="The customer reads it on the credit note.")

    @api.depends("case_id")
    def _compute_allowed_invoice_ids(self):
        for wizard in self:
            domain = wizard.case_id._domain_creditable()
            wizard.allowed_invoice_ids = self.env["account.move"].search(domain, limit=100)

    @api.depends("case_id")
    def _compute_invoice_id(self):
        for wizard in self:
            invoices = wizard.allowed_invoice_ids
            of_order = invoices.filtered(
                lambda move, order=wizard.case_id.sale_order_id: order
                and order in move.invoice_line_ids.sale_line_ids.order_id
            )
            candidates = of_order or invoices
            posted = candidates.filtered(lambda move: move.state == "posted")
            wizard.invoice_id = (posted or candidates)[:1]

    @api.depends("invoice_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.invoice_id.currency_id

    @api.depends("invoice_id")
    def _compute_obstacle(self):
        for wizard in self:
            invoice = wizard.invoice_id._origin
            wizard.obstacle = bool(invoice) and wizard.case_id._credit_obstacle(invoice)

    @api.depends("invoice_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.invoice_id._origin._creditable_lines()
            left = lines._creditable_quantities()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"move_line_id": line.id, "quantity": left[line]})
                    for line in lines
                ),
            ]

    @api.depends("line_ids.is_chosen", "line_ids.quantity")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(
                line.quantity * line.move_line_id.price_total / line.move_line_id.quantity
                for line in wizard.line_ids
                if line.is_chosen and line.move_line_id.quantity
            )

    # ------------------------------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------------------------------

    def action_create_credit_note(self):
        """Make the credit note as a draft and open it.

        :raise UserError: nothing is chosen, or it may not be made
        """
        return self._make_credit_note().get_formview_action()

    def action_create_and_post(self):
        """Make the credit note and confirm it; the case stays in view.

        :raise UserError: nothing is chosen, or it may not be made
        """
        credit = self._make_credit_note()
        credit.action_post()
        return notification(
            self.env._("Credit note %(credit)s is confirmed.", credit=credit.display_name),
            then=close_dialog(reload=True),
        )

    def _make_credit_note(self):
        """Make the credit note for what is ticked.

        :raise UserError: nothing is chosen, it may not be made, or this dialog has made one
        """
        self.ensure_one()
        if not self.invoice_id:
            raise UserError(self.env._("Choose the invoice."))
        self._do_once()
        chosen = self.line_ids.filtered("is_chosen")
        return self.case_id._make_credit_note(
            self.invoice_id,
            {line.move_line_id: line.quantity for line in chosen},
            reason=self.reason or "",
            date=self.date,
        )
