from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.customer_service.const import PRIORITIES, UNRESOLVED


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

    def _group_cases(self, domain, groupby, aggregates):
        """Group the cases of these records.

        :param odoo.fields.Domain domain: which cases
        :param list groupby: fields to group by, after the one that leads to the record
        :param list aggregates: as for ``_read_group``
        :return: rows that start with the record
        """
        field_name = self._case_field()
        return self.env["customer.service.case"]._read_group(
            Domain(field_name, "in", self.ids) & Domain(domain),
            [field_name, *groupby],
            aggregates,
        )

    @api.depends("case_ids")
    def _compute_case_count(self):
        total = {
            record: count for record, count in self._group_cases([], [], ["__count"])
        }
        unresolved = {
            record: (count, priority)
            for record, count, priority in self._group_cases(
                [("status", "in", UNRESOLVED)], [], ["__count", "priority:max"]
            )
        }
        for record in self:
            record.case_count = total.get(record._origin, 0)
            record.open_case_count, record.case_priority = unresolved.get(
                record._origin, (0, False)
            )

    @api.depends("case_ids")
    def _compute_case_tag_ids(self):
        tags = {}
        unresolved = [("status", "in", UNRESOLVED), ("tag_ids", "!=", False)]
        for record, tag in self._group_cases(unresolved, ["tag_ids"], []):
            tags[record] = tags.get(record, tag) | tag
        for record in self:
            record.case_tag_ids = tags.get(record._origin, False)

    @api.depends("case_ids")
    def _compute_related_case_ids(self):
        parents = dict(self._group_cases([("child_ids", "!=", False)], [], ["id:recordset"]))
        children = dict(self._group_cases([("parent_id", "!=", False)], [], ["id:recordset"]))
        for record in self:
            record.parent_case_ids = parents.get(record._origin, False)
            record.child_case_ids = children.get(record._origin, False)

    def action_open_cases(self):
        """Open the cases of this record; a new one starts with it filled in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        action["domain"] = [(self._case_field(), "=", self.id)]
        action["context"] = self._new_case_context()
        return action

    def _new_case_context(self):
        """Return the defaults of a case that is started from this record."""
        return {f"default_{self._case_field()}": self.id}
