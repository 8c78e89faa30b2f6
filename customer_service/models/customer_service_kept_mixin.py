from odoo import api, models


class CustomerServiceKeptMixin(models.AbstractModel):
    """Fields that the record itself keeps: ``kept=True`` on a field refuses every hand.

    Whoever may change a record may still not write who agreed to what, or how it came to where it
    is. Code writes such a field in sudo, after it has made sure of what it writes.
    """

    _name = "customer.service.kept.mixin"
    _description = "Fields That Only Code Writes"

    def _valid_field_parameter(self, field, name):
        return name == "kept" or super()._valid_field_parameter(field, name)

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and getattr(field, "kept", False) and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        """Take no default of the client for such a field, only that of the code.

        The host makes documents in sudo with the context that the client sent, and a user's own
        defaults are subject to no right.
        """
        defaults = super().default_get(fields)
        for name in fields:
            field = self._fields.get(name)
            if getattr(field, "kept", False):
                defaults.pop(name, None)
                if field.default:
                    value = field.convert_to_cache(field.default(self), self, validate=False)
                    defaults[name] = field.convert_to_write(value, self)
        return defaults
