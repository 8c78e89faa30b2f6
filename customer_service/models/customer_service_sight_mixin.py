from odoo import Command, api, models


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
            if not field.relational or field.related:
                continue
            if field.type != "many2one" and field.compute and field.readonly:
                continue  # nobody enters it
            default = self.env.context.get(f"default_{name}") if with_defaults else None
            value = vals.get(name, default)
            if field.type == "one2many":
                self._check_sight_of_lines(field, value)
                continue
            ids = _linked_ids(value) if field.type == "many2many" else _linked_id(value)
            if ids:
                # One that is in memory already is shown to whoever has its id.
                self.env[field.comodel_name].browse(ids).check_access("read")

    @api.model
    def _check_sight_of_lines(self, field, commands):
        """Make sure of the same for lines that are entered together with their document.

        A form sends them along before they exist, so nothing else asks.

        :param Field field: a one2many
        :param commands: of it, as for ``create``, ``write`` or ``onchange``
        """
        lines = self.env[field.comodel_name]
        if not hasattr(lines, "_check_sight"):
            return
        for command in commands if isinstance(commands, (list, tuple)) else ():
            vals = command[-1] if isinstance(command, (list, tuple)) and command else command
            if isinstance(vals, dict):
                lines._check_sight(vals, with_defaults=False)


def _linked_id(value):
    """Return the id that a value of a many2one names, in a list; empty where it names none."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, (list, tuple)):
        value = value[0] if value else False
    return [value] if value and isinstance(value, int) else []


def _linked_ids(value):
    """Return the ids that a value of a many2many links: commands, or a default's plain list."""
    ids = []
    for command in value if isinstance(value, (list, tuple)) else ():
        if isinstance(command, int):
            ids.append(command)
        elif isinstance(command, (list, tuple)) and command:
            if command[0] == Command.SET:
                ids += command[2] or []
            elif command[0] in (Command.LINK, Command.UPDATE):
                ids.append(command[1])
    return [one for one in dict.fromkeys(ids) if isinstance(one, int)]
