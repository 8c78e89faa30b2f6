from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.customer_service.models.customer_service_case_dialog_mixin import CHOSEN
from odoo.addons.customer_service.tools.client_action import close_dialog


class CustomerServiceCardVoid(models.TransientModel):
    """Make a coupon or gift card void, and say why."""

    _name = "customer.service.card.void"
    _description = "Void Card in the Making"
    _inherit = ["customer.service.case.dialog.mixin"]

    case_id = fields.Many2one(required=False)  # a card has its own button
    allowed_card_ids = fields.Many2many(
        "loyalty.card", compute="_compute_allowed_card_ids", compute_sudo=False
    )
    card_id = fields.Many2one(
        "loyalty.card",
        compute="_compute_card_id",
        domain="[('id', 'in', allowed_card_ids)]",
        **CHOSEN,
    )
    worth = fields.Char(compute="_compute_worth", compute_sudo=False)
    reason = fields.Char(help="Stands in the history of the card, and on the case.")

    @api.depends("case_id")
    def _compute_allowed_card_ids(self):
        for wizard in self:
            wizard.allowed_card_ids = wizard.case_id._valid_cards() | wizard.card_id

    @api.depends("case_id")
    def _compute_card_id(self):
        for wizard in self:
            wizard.card_id = wizard.card_id or wizard.case_id._valid_cards()[:1]

    @api.depends("card_id")
    def _compute_worth(self):
        for wizard in self:
            wizard.worth = bool(wizard.card_id) and wizard.card_id._customer_service_worth()

    def action_void(self):
        """Make the card void.

        :raise UserError: no reason is given, it is worth nothing any more, or a right is missing
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the card is void."))
        self.card_id._customer_service_void(reason)
        return close_dialog()
