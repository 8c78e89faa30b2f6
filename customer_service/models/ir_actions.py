from odoo import api, models


class IrActionsActions(models.Model):
    """Agents report duplicates; who is offered what follows that."""

    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        bindings = super().get_bindings(model_name)
        if model_name != "res.partner" or not bindings.get("action"):
            return bindings
        user = self.env.user
        if not user.has_group("customer_service.group_agent") or user.has_group(
            "customer_service.group_supervisor"
        ):
            return bindings
        # It would only be refused.
        merge_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "base.action_partner_merge", raise_if_not_found=False
        )
        actions = [action for action in bindings["action"] if action["id"] != merge_id]
        return {**bindings, "action": actions}
