from odoo import api, fields, models

from ..tools.client_action import notification


class CustomerServiceEscalationAnswer(models.TransientModel):
    """Answer an escalation: advice, and what the customer has to be asked first."""

    _name = "customer.service.escalation.answer"
    _description = "Answer an Escalation"
    _inherit = ["customer.service.sight.mixin"]

    escalation_id = fields.Many2one(
        "customer.service.escalation", required=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="escalation_id.case_id")
    from_user_id = fields.Many2one(related="escalation_id.from_user_id")
    question = fields.Text(related="escalation_id.question", string="They Ask")
    advice = fields.Text()
    questions = fields.Text("Questions to the Customer", help="One a line.")
    hand_back = fields.Boolean(
        "Give the Case Back",
        compute="_compute_hand_back",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Whoever asked becomes responsible again.",
    )

    @api.depends("escalation_id")
    def _compute_hand_back(self):
        for answer in self:
            answer.hand_back = answer.escalation_id.kind == "hand_over"

    def action_answer(self):
        """Bring it back to the agent."""
        self.ensure_one()
        lines = [line.strip(" \t-•*") for line in (self.questions or "").splitlines()]
        self.escalation_id._give_advice(
            self.advice or "", [line for line in lines if line], self.hand_back
        )
        message = self.env._("%(name)s has your answer.", name=self.from_user_id.name)
        action = "customer_service.customer_service_escalation_action"
        return notification(message, then=self.case_id._after_handing_over(action))
