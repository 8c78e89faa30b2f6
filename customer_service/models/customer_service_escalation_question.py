from odoo import fields, models


class CustomerServiceEscalationQuestion(models.Model):
    """Something that whoever was asked wants to know from the customer first."""

    _name = "customer.service.escalation.question"
    _description = "Question of an Escalation"
    _order = "escalation_id, sequence, id"

    escalation_id = fields.Many2one(
        "customer.service.escalation", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    name = fields.Char("Question", required=True)
    answer = fields.Char()
    is_done = fields.Boolean("Asked")
