from odoo import api, models


class CustomerServiceSightMixin(models.AbstractModel):
    """Records that may name only what their user sees.

    Fields that follow from another record are computed with more rights than the user has, in a
    form even before anything is saved. So the id of a record that somebody writes into such a
    form proves nothing; what it stands for has to be theirs to see.
    """

    _name = "customer.service.sight.mixin"
    _description = "Names Only What the User Sees"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sight(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sight(vals, with_defaults=False)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_sight(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_sight(self, vals, with_defaults=True):
        """Make sure that the user may read the records that these values name.

        :param dict vals: values of fields, as for ``create`` or ``onchange``
        :param bool with_defaults: whether those of the context count where nothing is given
        :raise AccessError: one of them is out of the user's sight
        """
        if self.env.su:
            return
        for name, field in self._fields.items():
            if field.type != "many2one" or field.related:
                continue
            default = self.env.context.get(f"default_{name}") if with_defaults else None
            value = vals.get(name, default)
            if isinstance(value, dict):
                value = value.get("id")
            if isinstance(value, (list, tuple)):
                value = value[0] if value else False
            if value and isinstance(value, int):
                self.env[field.comodel_name].browse(value).check_access("read")
