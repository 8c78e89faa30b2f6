from odoo import api, fields, models


class CustomerServiceCaseBatch(models.TransientModel):
    """Assign or tag all the cases that are selected in the list."""

    _name = "customer.service.case.batch"
    _description = "Change Several Cases"

    case_ids = fields.Many2many("customer.service.case", string="Cases", required=True)
    case_count = fields.Integer("Number of Cases", compute="_compute_case_count")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=lambda self: self.env["res.users"]._domain_with_role(),
    )
    team_id = fields.Many2one("customer.service.team")
    tag_ids = fields.Many2many(
        "customer.service.tag", "customer_service_case_batch_add_rel", string="Add"
    )
    remove_tag_ids = fields.Many2many(
        "customer.service.tag", "customer_service_case_batch_remove_rel", string="Remove"
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "customer.service.case":
            values["case_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    @api.depends("case_ids")
    def _compute_case_count(self):
        for batch in self:
            batch.case_count = len(batch.case_ids)

    def action_apply(self):
        """Write what was filled in to all these cases; what was left empty stays as it is."""
        self.ensure_one()
        self.case_ids.write(self._values())
        return True

    def _values(self):
        """Return the field values that the agent filled in."""
        values = {name: self[name].id for name in ("user_id", "team_id") if self[name]}
        commands = [(4, tag.id) for tag in self.tag_ids]
        commands += [(3, tag.id) for tag in self.remove_tag_ids]
        return {**values, "tag_ids": commands} if commands else values
