from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from ..const import PRIORITIES, UNRESOLVED


class CustomerServiceCaseCountMixin(models.AbstractModel):
    """What a record that has cases (a customer, an order) shows of them.

    A model that uses it has a field ``case_ids``; every figure is one grouped query for all
    records of the page.
    """

    _name = "customer.service.case.count.mixin"
    _description = "Counters of Cases"

    case_count = fields.Integer(
        "All Cases", compute="_compute_case_count", groups="customer_service.group_agent"
    )
    open_case_count = fields.Integer(
        "Open Cases", compute="_compute_case_count", groups="customer_service.group_agent"
    )
    case_priority = fields.Selection(
        PRIORITIES,
        string="Highest Priority",
        compute="_compute_case_count",
        groups="customer_service.group_agent",
        help="The highest priority among the unresolved cases.",
    )
    case_tag_ids = fields.Many2many(
        "customer.service.tag",
        string="Case Tags",
        compute="_compute_case_tag_ids",
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
