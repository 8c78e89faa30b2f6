import operator as python_operator
from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from ..const import PRIORITIES, UNRESOLVED

#: How a counter is compared with a number.
_COMPARE = {
    ">": python_operator.gt,
    ">=": python_operator.ge,
    "<": python_operator.lt,
    "<=": python_operator.le,
    "in": lambda count, values: count in values,
}


class CustomerServiceCaseCountMixin(models.AbstractModel):
    """What a record that has cases (a customer, an order) shows of them.

    A model that uses it has a field ``case_ids``; every figure is one grouped query for all
    records of the page.
    """

    _name = "customer.service.case.count.mixin"
    _description = "Counters of Cases"

    case_count = fields.Integer(
        "All Cases",
        compute="_compute_case_count",
        search="_search_case_count",
        groups="customer_service.group_agent",
    )
    open_case_count = fields.Integer(
        "Open Cases",
        compute="_compute_case_count",
        search="_search_open_case_count",
        groups="customer_service.group_agent",
    )
    case_priority = fields.Selection(
        PRIORITIES,
        string="Highest Priority",
        compute="_compute_case_count",
        search="_search_case_priority",
        groups="customer_service.group_agent",
        help="The highest priority among the unresolved cases.",
    )
    case_tag_ids = fields.Many2many(
        "customer.service.tag",
        string="Case Tags",
        compute="_compute_case_tag_ids",
        search="_search_case_tag_ids",
        groups="customer_service.group_agent",
        help="The tags of the unresolved cases.",
    )
    open_case_ids = fields.Many2many(
        "customer.service.case",
        string="Unresolved Cases",
        compute="_compute_related_case_ids",
        groups="customer_service.group_agent",
    )
    parent_case_ids = fields.Many2many(
        "customer.service.case",
        string="Parent Cases",
        compute="_compute_related_case_ids",
        groups="customer_service.group_agent",
    )
    child_case_ids = fields.Many2many(
        "customer.service.case",
        string="Child Cases",
        compute="_compute_related_case_ids",
        groups="customer_service.group_agent",
    )

    @api.model
    def _case_field(self):
        """Return the name of the case's field that leads to these records."""
        return self._fields["case_ids"].inverse_name

    def _case_domain(self):
        """Return the domain of the cases that are counted for these records."""
        return Domain(self._case_field(), "in", self.ids)

    @api.model
    def _case_groupby(self):
        """Return the case's fields that lead to a record which counts the case.

        A case that leads to the same record by two of them counts once.
        """
        return [self._case_field()]

    def _group_cases(self, domain, groupby, aggregates):
        """Group the cases of these records, in one query for all of them.

        :param domain: which cases
        :param list groupby: fields to group by, after those that lead to the record
        :param list aggregates: as for ``_read_group``
        :return: list of tuples: the record, then the group's values
        """
        leading = self._case_groupby()
        rows = self.env["customer.service.case"]._read_group(
            self._case_domain() & Domain(domain), [*leading, *groupby], aggregates
        )
        asked = set(self._ids)
        return [
            (record, *values[len(leading) :])
            for values in rows
            for record in self.browse().union(*values[: len(leading)])
            if record.id in asked
        ]

    @api.depends("case_ids")
    def _compute_case_count(self):
        total, unresolved, urgency = Counter(), Counter(), {}
        rows = self._group_cases([], ["status"], ["__count", "priority:max"])
        for record, status, count, priority in rows:
            total[record.id] += count
            if status in UNRESOLVED:
                unresolved[record.id] += count
                urgency[record.id] = max(priority, urgency.get(record.id, priority))
        for record in self:
            record_id = record._origin.id
            record.case_count = total[record_id]
            record.open_case_count = unresolved[record_id]
            record.case_priority = urgency.get(record_id, False)

    @api.depends("case_ids")
    def _compute_case_tag_ids(self):
        tags = {}
        unresolved = [("status", "in", UNRESOLVED), ("tag_ids", "!=", False)]
        for record, tag in self._group_cases(unresolved, ["tag_ids"], []):
            tags[record.id] = tags.get(record.id, tag) | tag
        for record in self:
            record.case_tag_ids = tags.get(record._origin.id, False)

    @api.depends("case_ids")
    def _compute_related_case_ids(self):
        unresolved = self._cases_by_record([("status", "in", UNRESOLVED)])
        parents = self._cases_by_record([("child_ids", "!=", False)])
        children = self._cases_by_record([("parent_id", "!=", False)])
        for record in self:
            record.open_case_ids = unresolved.get(record._origin.id, False)
            record.parent_case_ids = parents.get(record._origin.id, False)
            record.child_case_ids = children.get(record._origin.id, False)

    def _cases_by_record(self, domain):
        """Return the cases that fit a domain, by the id of the record that counts them."""
        found = {}
        for record, cases in self._group_cases(domain, [], ["id:recordset"]):
            found[record.id] = found.get(record.id, cases) | cases
        return found

    # ------------------------------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------------------------------

    @api.model
    def _search_case_count(self, operator, value):
        return self._search_count_of_cases(Domain.TRUE, operator, value)

    @api.model
    def _search_open_case_count(self, operator, value):
        return self._search_count_of_cases(Domain("status", "in", UNRESOLVED), operator, value)

    @api.model
    def _search_case_priority(self, operator, value):
        if operator != "in":
            return NotImplemented
        unresolved = Domain("status", "in", UNRESOLVED)
        found = Domain.FALSE
        for priority in value:
            if priority:
                higher = unresolved & Domain("priority", ">", priority)
                found |= self._domain_of_cases(
                    unresolved & Domain("priority", "=", priority)
                ) & ~self._domain_of_cases(higher)
            else:
                found |= ~self._domain_of_cases(unresolved)
        return found

    @api.model
    def _search_case_tag_ids(self, operator, value):
        if operator in ("not in", "not any", "not ilike") or value is False:
            return NotImplemented
        return self._domain_of_cases(
            Domain("status", "in", UNRESOLVED) & Domain("tag_ids", operator, value)
        )

    @api.model
    def _domain_of_cases(self, domain):
        """Return the domain of the records that have a case which the user may see.

        :param Domain domain: which cases
        """
        # One subquery on an index of the cases for each way that leads to them.
        return Domain.OR(
            Domain(
                "id",
                "in",
                self.env["customer.service.case"]
                ._search(domain & Domain(name, "!=", False))
                .subselect(name),
            )
            for name in self._case_groupby()
        )

    @api.model
    def _search_count_of_cases(self, domain, operator, value):
        """Return the domain of the records with so many cases.

        :param Domain domain: which cases are counted
        :param str operator: how their number is compared with the value
        """
        compare = _COMPARE.get(operator)
        if not compare:
            return NotImplemented
        if (operator, value) in ((">", 0), (">=", 1)):
            return self._domain_of_cases(domain)
        counts = Counter()
        rows = self.env["customer.service.case"]._read_group(
            domain, self._case_groupby(), ["__count"]
        )
        for *records, count in rows:
            for record_id in {record.id for record in records if record}:
                counts[record_id] += count
        if compare(0, value):
            others = [i for i, count in counts.items() if not compare(count, value)]
            return Domain("id", "not in", others)
        return Domain("id", "in", [i for i, count in counts.items() if compare(count, value)])

    def action_open_cases(self):
        """Open the cases of this record, the unresolved ones first if there are any.

        A new case starts with this record filled in.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        action["domain"] = list(self._case_domain())
        action["context"] = self._new_case_context()
        if self.open_case_count:
            action["context"]["search_default_unresolved"] = 1
        return action

    def _new_case_context(self):
        """Return the defaults of a case that is started from this record."""
        return {f"default_{self._case_field()}": self.id}
