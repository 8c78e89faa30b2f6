from odoo import api, fields, models

from odoo.addons.customer_service.models.customer_service_case_dialog_mixin import CHOSEN
from odoo.addons.customer_service.tools.client_action import notification


class CustomerServiceCaseGift(models.TransientModel):
    """Choose what the customer gets: which program, how much, until when."""

    _name = "customer.service.case.gift"
    _description = "Gift for a Customer"
    _inherit = ["customer.service.case.dialog.mixin"]

    partner_id = fields.Many2one(related="case_id.partner_id", string="For")
    allowed_program_ids = fields.Many2many(
        "loyalty.program", compute="_compute_allowed_program_ids", compute_sudo=False
    )
    program_id = fields.Many2one(
        "loyalty.program",
        compute="_compute_program_id",
        domain="[('id', 'in', allowed_program_ids)]",
        **CHOSEN,
    )
    program_type = fields.Selection(related="program_id.program_type")
    currency_id = fields.Many2one(related="program_id.currency_id")
    rewards = fields.Text("It Gives", compute="_compute_rewards")
    amount = fields.Monetary()
    valid_until = fields.Date(
        compute="_compute_valid_until", store=True, readonly=False, precompute=True
    )
    reason = fields.Char(help="Stands in the history of the card.")
    send = fields.Boolean(
        "Mail It",
        compute="_compute_send",
        store=True,
        readonly=False,
        precompute=True,
        help="In the customer's language, with the template of the program.",
    )
    email = fields.Char(related="partner_id.email_normalized", string="Goes to")

    @api.depends("case_id")
    def _compute_allowed_program_ids(self):
        for wizard in self:
            domain = wizard.case_id._domain_gift_programs() if wizard.case_id else [(0, "=", 1)]
            wizard.allowed_program_ids = self.env["loyalty.program"].search(domain)

    @api.depends("case_id")
    def _compute_program_id(self):
        for wizard in self:
            wizard.program_id = wizard.allowed_program_ids[:1]

    @api.depends("program_id")
    def _compute_rewards(self):
        for wizard in self:
            wizard.rewards = "\n".join(
                filter(None, wizard.program_id.reward_ids.mapped("description"))
            )

    @api.depends("program_id")
    def _compute_valid_until(self):
        for wizard in self:
            wizard.valid_until = wizard.program_id.date_to

    @api.depends("case_id")
    def _compute_send(self):
        for wizard in self:
            wizard.send = bool(wizard.partner_id.email_normalized)

    def action_give(self):
        """Make the card, and mail it.

        :raise UserError: what is wrong with it, or a right is missing
        """
        self._do_once()
        card = self.case_id._give_card(
            self.program_id,
            amount=self.amount,
            valid_until=self.valid_until,
            reason=self.reason,
            send=self.send,
        )
        kind, worth = card._case_document_kind(), card._customer_service_worth()
        if self.send:
            message = self.env._(
                "%(kind)s, worth %(worth)s, is on its way to %(email)s.",
                kind=kind,
                worth=worth,
                email=self.email,
            )
        else:
            message = self.env._(
                "%(kind)s, worth %(worth)s: the code is %(code)s.",
                kind=kind,
                worth=worth,
                code=card.code,
            )
        return notification(message, sticky=not self.send)
