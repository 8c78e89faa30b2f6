from odoo import api, fields, models
from odoo.tools import email_normalize, is_html_empty

from ..const import INTAKE_FIELDS


class CustomerServiceIntakeMixin(models.AbstractModel):
    """Which facts are demanded, which are there and what is missing.

    For the case itself, and for a form in which its facts are filled in: whoever inherits has
    fields of the same names as the case.
    """

    _name = "customer.service.intake.mixin"
    _description = "Demanded Facts"

    customer_company = fields.Char(
        "Company of the Customer", help="As told, where the customer's record does not say it."
    )
    order_email = fields.Char(
        "Email of the Order",
        help="The address the order was placed with, where it is another than the customer's.",
    )
    intake_answers = fields.Json(
        "Answers to Own Questions",
        groups="base.group_user",
        help="By the id of the fact. Facts that are fields of the case are kept there.",
    )
    intake_facts = fields.Json(
        "Demanded Facts", compute="_compute_intake_facts", groups="base.group_user"
    )

    @api.depends(lambda self: self._intake_depends())
    def _compute_intake_facts(self):
        for record in self:
            record.intake_facts = record._intake_state(record._demanded_facts()) or False

    @api.model
    def _intake_depends(self):
        """Return the names of the fields that the list of facts follows."""
        return [
            "type_id.intake_fact_ids",
            "intake_answers",
            *(name for name in self._intake_fields() if name in self._fields),
        ]

    @api.model
    def _intake_fields(self):
        """Return the names of the fields that can be demanded.

        One that is not there is left out; one that nobody may fill in is only looked at.
        """
        return list(INTAKE_FIELDS)

    def _demanded_facts(self):
        """Return the facts that must be known, in the shop's order."""
        self.ensure_one()
        return self.type_id.intake_fact_ids

    def _intake_value(self, fact):
        """Return what is known of a fact: the field's value, or the answer; falsy if nothing.

        What the customer's own record or the order says counts too.
        """
        self.ensure_one()
        if not fact.field_name:
            answers = self.intake_answers if isinstance(self.intake_answers, dict) else {}
            return str(answers.get(str(fact.id)) or "").strip()
        if fact.field_name not in self._fields:
            return False
        value = self[fact.field_name]
        if fact.field_name == "description":
            return not is_html_empty(value) and value
        if fact.field_name == "customer_company":
            return value or self.partner_id.commercial_company_name
        if fact.field_name == "order_email":
            value = value or self.sale_order_id.partner_id.email
        if fact.field_name in ("email_from", "order_email"):
            return email_normalize(value) and value
        return value.strip() if isinstance(value, str) else value

    def _missing_facts(self, facts):
        """Return those of these facts of which nothing is known."""
        return facts.filtered(lambda fact: not self._intake_value(fact))

    def _intake_state(self, facts):
        """Return what a screen shows of each of these facts.

        :return: list of dicts: ``id``, ``name``, ``hint``, ``known``, ``value`` in words,
            ``field`` of the case or False, ``is_text`` whether it is typed where it is shown
        """
        return [self._intake_fact_state(fact) for fact in facts]

    def _intake_fact_state(self, fact):
        value = self._intake_value(fact)
        field = self._fields.get(fact.field_name)
        if isinstance(value, models.BaseModel):
            shown = value.display_name or ""
        else:
            shown = "" if field and field.type == "html" else value or ""
        return {
            "id": fact.id,
            "name": fact.name,
            "hint": fact.hint or "",
            "field": fact.field_name,
            "is_text": not fact.field_name or _is_typed(field),
            "known": bool(value),
            "value": shown,
        }


def _is_typed(field):
    """Tell whether somebody types a field, None for none, where the facts are shown."""
    return bool(field) and field.type == "char" and not field.readonly
