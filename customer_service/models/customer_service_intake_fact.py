from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceIntakeFact(models.Model):
    """Something that must be known before a matter goes on: a phone number, an order …

    Most facts are fields of the case. A fact without a field is a question of the shop's own,
    whose answer is kept on the case.
    """

    _name = "customer.service.intake.fact"
    _description = "Intake Fact"
    _order = "sequence, name, id"

    name = fields.Char("Fact", required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    field_name = fields.Selection(
        selection="_selection_field_name",
        string="Kept in",
        help="Where the case keeps it. Leave empty for a question of your own; its answer is text.",
    )
    hint = fields.Char(
        "How to Ask",
        translate=True,
        help="Shown where the fact is missing, such as “Printed under the lamp”.",
    )

    @api.model
    def _selection_field_name(self):
        """Return the fields of a case that can be demanded, by the names the form calls them."""
        case = self.env["customer.service.case"]
        return [
            (name, case._fields[name]._description_string(self.env))
            for name in case._intake_fields()
            if name in case._fields
        ]

    @api.constrains("field_name")
    def _check_field_name(self):
        allowed = dict(self._selection_field_name())
        for fact in self:
            if fact.field_name and fact.field_name not in allowed:
                raise ValidationError(
                    self.env._("“%(field)s” can not be demanded.", field=fact.field_name)
                )

    @api.onchange("field_name")
    def _onchange_field_name(self):
        """Call a fact as its field, until somebody names it otherwise."""
        labels = dict(self._selection_field_name())
        if self.field_name and (not self.name or self.name in labels.values()):
            self.name = labels[self.field_name]
