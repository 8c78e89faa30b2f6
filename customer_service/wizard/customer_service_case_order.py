from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.customer_service_case_dialog_mixin import PROPOSED
from ..tools.client_action import close_dialog, notification

#: How many products that the customer bought before are offered.
_MOST_PURCHASES = 12


class CustomerServiceCaseOrder(models.TransientModel):
    """An order by phone or by mail: which products, where to, and how it goes on."""

    _name = "customer.service.case.order"
    _description = "New Order from a Case"
    _inherit = ["customer.service.case.dialog.mixin"]

    company_id = fields.Many2one(related="case_id.company_id")
    partner_id = fields.Many2one(related="case_id.partner_id", string="Customer")
    commercial_partner_id = fields.Many2one(related="case_id.commercial_partner_id")
    partner_invoice_id = fields.Many2one(
        "res.partner",
        string="Invoice to",
        compute="_compute_addresses",
        **PROPOSED,
        domain="[('id', 'child_of', commercial_partner_id)]",
    )
    partner_shipping_id = fields.Many2one(
        "res.partner",
        string="Deliver to",
        compute="_compute_addresses",
        **PROPOSED,
        domain="[('id', 'child_of', commercial_partner_id)]",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_pricelist_id",
        **PROPOSED,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    line_ids = fields.One2many(
        "customer.service.case.order.line",
        "order_id",
        string="Products",
        compute="_compute_line_ids",
        **PROPOSED,
    )
    amount = fields.Monetary("Before Taxes", compute="_compute_amount")
    require_payment = fields.Boolean(
        "Online Payment",
        compute="_compute_require_payment",
        store=True,
        readonly=False,
        help="The customer confirms the quotation by paying it.",
    )
    moves_case = fields.Boolean(
        "Case Follows the Order",
        compute="_compute_moves_case",
        store=True,
        readonly=False,
        help="The case waits while the customer has the quotation, is resolved when the order is "
        "confirmed, and comes back when it is cancelled.",
    )

    @api.depends("case_id")
    def _compute_addresses(self):
        for wizard in self:
            addresses = wizard.partner_id.address_get(["invoice", "delivery"])
            wizard.partner_invoice_id = addresses["invoice"]
            wizard.partner_shipping_id = addresses["delivery"]

    @api.depends("case_id")
    def _compute_pricelist_id(self):
        for wizard in self:
            partner = wizard.partner_id.with_company(wizard.company_id)
            wizard.pricelist_id = partner.property_product_pricelist

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.pricelist_id.currency_id or wizard.company_id.currency_id

    @api.depends("case_id")
    def _compute_line_ids(self):
        for wizard in self:
            purchases = self.env["sale.order.line"]._purchases_of(
                wizard.commercial_partner_id,
                domain=[
                    ("product_id.active", "=", True),
                    ("product_id.sale_ok", "=", True),
                    ("company_id", "=", wizard.company_id.id),
                ],
                limit=_MOST_PURCHASES,
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"product_id": product.id, "quantity": 1, "is_chosen": False})
                    for product, _quantity, _date in purchases
                ),
            ]

    @api.depends("line_ids.is_chosen", "line_ids.quantity", "line_ids.price_unit")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(
                line.quantity * line.price_unit for line in wizard.line_ids if line.is_chosen
            )

    @api.depends("company_id")
    def _compute_require_payment(self):
        for wizard in self:
            # sudo: res.company - its setting
            wizard.require_payment = wizard.company_id.sudo().portal_confirmation_pay

    @api.depends("case_id")
    def _compute_moves_case(self):
        for wizard in self:
            # Where it is about another order already, the new one does not settle it.
            wizard.moves_case = not wizard.case_id.sale_order_id

    # ------------------------------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------------------------------

    def action_create_order(self):
        """Make the quotation and open it.

        :raise UserError: no product is chosen, or the order may not be made
        """
        return self._make_order().get_formview_action()

    def action_create_and_send(self):
        """Make the quotation, mail it to the customer with the link to accept and pay it.

        :raise UserError: no product is chosen, there is no address, or it may not be made
        """
        order = self._make_order()
        self.case_id._mail_order(order)
        return notification(
            self.env._(
                "%(order)s is on its way to %(address)s.",
                order=order.name,
                address=order.partner_id.email_normalized,
            ),
            then=close_dialog(reload=True),
        )

    def _make_order(self):
        """Make the quotation.

        :raise UserError: no product is chosen, a quantity is missing, it may not be made, or
            this dialog has made one
        """
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and line.product_id)
        if not chosen:
            raise UserError(self.env._("Tick a product, or add one."))
        empty = chosen.filtered(lambda line: line.quantity <= 0)[:1]
        if empty:
            raise UserError(
                self.env._(
                    "How many of %(product)s? Enter a number above zero.",
                    product=empty.product_id.display_name,
                )
            )
        self._do_once()
        return self.case_id._make_order(self._order_values(chosen))

    def _order_values(self, chosen):
        """Return the values of the order as they were chosen in this dialog."""
        values = {
            "partner_invoice_id": self.partner_invoice_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "pricelist_id": self.pricelist_id.id,
            "require_payment": self.require_payment,
            "customer_service_moves_case": self.moves_case,
            "order_line": [
                Command.create(
                    {"product_id": line.product_id.id, "product_uom_qty": line.quantity}
                )
                for line in chosen
            ],
        }
        # What is not chosen here is what the host makes of the customer.
        optional = ("partner_invoice_id", "partner_shipping_id", "pricelist_id")
        return {
            name: value for name, value in values.items() if value or name not in optional
        }
