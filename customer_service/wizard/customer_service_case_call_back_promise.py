from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerServiceCaseCallBackPromise(models.TransientModel):
    """Promise a customer a call."""

    _name = "customer.service.case.call.back.promise"
    _description = "Promise a Call-Back"
    _inherit = ["customer.service.call.back.choice", "customer.service.sight.mixin"]

    case_id = fields.Many2one("customer.service.case", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id")
    call_back = fields.Selection(string="When", default="60")
    user_id = fields.Many2one(
        "res.users",
        string="Who Calls",
        domain=lambda self: self.env["res.users"]._domain_with_role(),
    )
    note = fields.Text("What About")

    @api.model
    def _selection_call_back(self):
        """Whoever is asked when, has promised it."""
        return [choice for choice in super()._selection_call_back() if choice[0] != "none"]

    def action_promise(self):
        """Promise it.

        :raise UserError: no time is chosen, it has passed, or whoever calls would not see the case
        """
        self.ensure_one()
        case = self.case_id
        case.check_access("write")
        self._check_call_back()
        if self.user_id and not case._is_for_colleague(self.user_id):
            raise UserError(
                self.env._(
                    "%(colleague)s does not see this case. Hand it over, or add them to the team.",
                    colleague=self.user_id.name,
                )
            )
        case._promise_call_back(self.call_back_date, self.user_id or None, self.note or "")
        return {"type": "ir.actions.act_window_close"}
