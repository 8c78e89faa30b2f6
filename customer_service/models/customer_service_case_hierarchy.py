from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceCaseHierarchy(models.AbstractModel):
    """A case that speaks for others, and those it speaks for: one level deep."""

    _name = "customer.service.case.hierarchy"
    _description = "Parent and Children of a Case"

    parent_id = fields.Many2one(
        "customer.service.case", string="Parent Case", index="btree_not_null", copy=False
    )
    child_ids = fields.One2many("customer.service.case", "parent_id", string="Child Cases")

    @api.constrains("parent_id")
    def _check_parent_id(self):
        for case in self.filtered("parent_id"):
            if case.parent_id == case:
                raise ValidationError(self.env._("A case cannot be its own parent."))
            if case.parent_id.parent_id or case.child_ids:
                raise ValidationError(
                    self.env._(
                        "%(child)s cannot be a child of %(parent)s: a case is either a parent "
                        "or a child.",
                        child=case.number,
                        parent=case.parent_id.number,
                    )
                )
