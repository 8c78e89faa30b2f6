from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.client_action import notification


class CustomerServiceCaseForward(models.TransientModel):
    """Forward a case to a colleague, or a message of it to somebody else."""

    _name = "customer.service.case.forward"
    _description = "Forward a Case"

    case_id = fields.Many2one("customer.service.case", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id")
    target = fields.Selection(
        [("colleague", "A colleague"), ("other", "Somebody else")],
        string="To",
        required=True,
        default="colleague",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        domain=lambda self: [
            *self.env["res.users"]._domain_with_role(),
            ("id", "!=", self.env.uid),
        ],
    )
    hand_over = fields.Boolean("Becomes Responsible", default=True)
    email_to = fields.Char("Addresses")
    comment = fields.Text()
    message_id = fields.Many2one(
        "mail.message",
        compute="_compute_message_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_message_ids)]",
    )
    allowed_message_ids = fields.Many2many("mail.message", compute="_compute_allowed_message_ids")
    allowed_attachment_ids = fields.Many2many(
        "ir.attachment",
        "customer_service_case_forward_allowed_rel",
        compute="_compute_allowed_attachment_ids",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        compute="_compute_attachment_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', allowed_attachment_ids)]",
    )
    preview = fields.Html(compute="_compute_preview")

    @api.depends("case_id")
    def _compute_message_id(self):
        self.case_id.check_access("read")  # what is proposed is looked up with more rights
        for forward in self:
            case = forward.case_id
            forward.message_id = case._forward_default_message() if case else False

    @api.depends("case_id")
    def _compute_allowed_message_ids(self):
        message = self.env["mail.message"]
        for forward in self:
            case = forward.case_id
            forward.allowed_message_ids = (
                message.search(case._forward_domain(), limit=100) if case else message
            )

    @api.depends("message_id")
    def _compute_allowed_attachment_ids(self):
        for forward in self:
            forward.allowed_attachment_ids = forward.message_id.attachment_ids

    @api.depends("message_id")
    def _compute_attachment_ids(self):
        for forward in self:
            forward.attachment_ids = forward.message_id.attachment_ids

    @api.depends("comment", "message_id")
    def _compute_preview(self):
        for forward in self:
            forward.preview = forward.message_id and forward.case_id._forward_preview(
                forward.comment, forward.message_id
            )

    def action_forward(self):
        """Forward it, and say what was done.

        :raise UserError: it is not said to whom, or it may not go there
        """
        self.ensure_one()
        if self.target == "colleague":
            if not self.user_id:
                raise UserError(self.env._("Choose a colleague."))
            self.case_id._forward_to_colleague(self.user_id, self.comment, self.hand_over)
            return self._done(self.user_id.name)
        addresses = self.case_id._forward_addresses(self.email_to)
        self.case_id._forward_to_addresses(
            addresses, self.comment, self.message_id, self.attachment_ids
        )
        return self._done(", ".join(addresses))

    def _done(self, target):
        """Return the client action that says to whom it went, and leads on."""
        message = self.env._("Forwarded to %(target)s; recorded on the case.", target=target)
        return notification(message, then=self.case_id._after_handing_over())
