import re
from itertools import islice

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, format_datetime, formatLang, html2plaintext

#: What can be shown as a few words. Files, properties and raw data cannot.
_SHOWN_TYPES = frozenset(
    {
        "boolean",
        "char",
        "date",
        "datetime",
        "float",
        "html",
        "integer",
        "many2many",
        "many2one",
        "monetary",
        "one2many",
        "selection",
        "text",
    }
)

#: What opens something, whoever may read it.
_PRIVATE_FIELD = re.compile(r"^_|token|passw|secret|api_key|signup")

#: Values of one fact, and characters of one value: the panel is for a glance.
_MOST_VALUES = 5
_MOST_CHARACTERS = 300


class CustomerServicePanelPath(models.AbstractModel):
    """Paths over fields, as an administrator writes them: what they may lead to, what stands there.

    A path is names of fields with points between them, such as ``country_id.name``. What agents
    may not read is refused when it is written, and read with the rights of whoever looks.
    """

    _name = "customer.service.panel.path"
    _description = "Path to a Value"

    # What a path may lead to

    @api.model
    def _path_problem(self, model_name, path, closed=False):
        """Say what is wrong with a path, in a sentence for a person.

        :param str model_name: the model it begins at, which may be read by decision of the caller
        :param str path: names of fields
        :param bool closed: whether it is followed with more rights than agents have, so that it
            must not lead into what each of them sees a part of
        :return: a sentence, or False where it is right
        """
        if not path or not path.strip():
            return self.env._("Say which field it is.")
        model = self.env[model_name]
        names = path.strip().split(".")
        for position, name in enumerate(names):
            problem = self._hop_problem(model, name, last=position == len(names) - 1)
            if problem:
                return problem
            field = model._fields[name]
            if field.relational:
                model = self.env[field.comodel_name]
                problem = self._model_problem(field, model, closed)
                if problem:
                    return problem
        return False

    @api.model
    def _hop_problem(self, model, name, last):
        """Say what is wrong with one name of a path, as :meth:`_path_problem` does."""
        where = self.env["ir.model"]._get(model._name).name
        field = model._fields.get(name)
        if field is None:
            return self.env._("“%(name)s” is no field of %(model)s.", name=name, model=where)
        label = field._description_string(self.env) or name
        if _PRIVATE_FIELD.search(name) or not self._agents_pass(field.groups):
            return self.env._(
                "“%(field)s” of %(model)s is not for agents to see.", field=label, model=where
            )
        if field.type not in _SHOWN_TYPES:
            return self.env._(
                "“%(field)s” of %(model)s cannot be shown as text.", field=label, model=where
            )
        if not last and not field.relational:
            return self.env._(
                "“%(field)s” of %(model)s leads no further, nothing can follow it.",
                field=label,
                model=where,
            )
        return False

    @api.model
    def _model_problem(self, field, model, closed):
        """Say why a path must not lead into a model, as :meth:`_path_problem` does."""
        values = {
            "field": field._description_string(self.env) or field.name,
            "model": self.env["ir.model"]._get(model._name).name,
        }
        groups = self.env["ir.model.access"]._get_access_groups(model._name)
        if not groups.matches(self._agent_group_ids()):
            return self.env._(
                "“%(field)s” leads to %(model)s, which agents may not read.", **values
            )
        if closed and model._name.startswith("customer.service."):
            return self.env._(
                "“%(field)s” leads to %(model)s, of which each agent sees their own part only.",
                **values,
            )
        return False

    @api.model
    def _path_in_words(self, model_name, path):
        """Return the names of the fields that a path passes, as a person reads them.

        What cannot be followed stands as it was written.
        """
        names = (path or "").split(".")
        passed = self._fields_of_path(model_name, names)
        labels = [field._description_string(self.env) or field.name for field in passed]
        return " › ".join(labels + names[len(passed) :])

    @api.model
    def _agent_group_ids(self):
        """Return the ids of the groups that an agent of the lowest role has."""
        group_id = self.env["ir.model.data"]._xmlid_to_res_id("customer_service.group_agent")
        definitions = self.env["res.groups"]._get_group_definitions()
        return {group_id, *definitions.get_superset_ids([group_id])}

    @api.model
    def _agents_pass(self, groups):
        """Tell whether agents of the lowest role belong to the groups that a field demands."""
        if not groups:
            return True
        definitions = self.env["res.groups"]._get_group_definitions()
        wanted = definitions.parse(groups, raise_if_not_found=False)
        return wanted.matches(self._agent_group_ids())

    @api.model
    def _domain_problem(self, model_name, domain, closed=False):
        """Say what is wrong with the fields of a domain, as :meth:`_path_problem` does."""
        for condition in domain.iter_conditions():
            names = condition.field_expr.split(".")
            fields_passed = self._fields_of_path(model_name, names)
            kinds = [field.type for field in fields_passed]
            if "properties" in kinds:  # behind it stands the name of a property
                names = names[: kinds.index("properties")]
            problem = names and self._path_problem(model_name, ".".join(names), closed)
            if not problem and condition.operator in ("any", "not any"):
                inner = Domain(condition.value)
                problem = self._domain_problem(fields_passed[-1].comodel_name, inner, closed)
            if problem:
                return problem
        return False

    @api.model
    def _fields_of_path(self, model_name, names):
        """Return the fields that a path passes, as far as they exist."""
        found, model = [], self.env[model_name]
        for name in names:
            field = model is not None and model._fields.get(name)
            if not field:
                break
            found.append(field)
            model = self.env[field.comodel_name] if field.relational else None
        return found

    # What stands there

    @api.model
    def _text_at(self, record, path, reached=None):
        """Return what stands at the end of a path as text, empty where nothing does.

        :param record record: where it begins, already checked
        :param str path: names of fields
        :param dict reached: what was found on the way by other paths from this record
        :return: str
        """
        reached = {} if reached is None else reached
        names = tuple(path.split("."))
        try:
            before = self._follow(record, names[:-1], reached)
            texts = (self._value_text(found, before._fields[names[-1]]) for found in before)
            shown = list(islice(dict.fromkeys(filter(None, texts)), _MOST_VALUES))
        except (AccessError, KeyError):  # not for this reader, or a field that is gone
            return ""
        return ", ".join(shown)

    @api.model
    def _follow(self, record, names, reached):
        """Return the records at the end of a path which the reader may see."""
        if not names:
            return record
        if names not in reached:
            found = self._follow(record, names[:-1], reached).mapped(names[-1])
            # Values that are in memory already are shown to everybody, so it is asked here.
            reached[names] = found.with_env(self.env)._filtered_access("read")
        return reached[names]

    @api.model
    def _value_text(self, record, field):
        """Return a value of a field as a person reads it, in the language of the reader."""
        value = record[field.name]
        if field.relational:
            seen = value.with_env(self.env)._filtered_access("read")
            names = [found.display_name for found in seen[: _MOST_VALUES + 1]]
            return ", ".join(names[:_MOST_VALUES] + ["…"] * (len(names) > _MOST_VALUES))
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type in ("integer", "float", "monetary"):
            return self._number_text(record, field, value)
        if not value:
            return ""
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value, dt_format="short")
        if field.type == "selection":
            return dict(field._description_selection(record.env)).get(value, value)
        text = html2plaintext(value) if field.type == "html" else value
        text = text.strip()
        return f"{text[:_MOST_CHARACTERS]}…" if len(text) > _MOST_CHARACTERS else text

    @api.model
    def _number_text(self, record, field, value):
        if field.type == "integer":
            return formatLang(self.env, value, digits=0)
        currency_name = field.type == "monetary" and field.get_currency_field(record)
        currency = currency_name and record[currency_name]
        if currency:
            return format_amount(self.env, value, currency)
        digits = field.type == "float" and field.get_digits(self.env)
        return formatLang(self.env, value, digits=digits[1] if digits else 2)
