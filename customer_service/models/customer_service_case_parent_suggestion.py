from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import UNRESOLVED


class CustomerServiceCaseParentSuggestion(models.AbstractModel):
    """The proposal to bring a new case together with an older one about the same order.

    However it came in: by mail, form, portal or telephone. It is made once, when the case gets
    its order, and only for teams that have parent and child cases.
    """

    _name = "customer.service.case.parent.suggestion"
    _description = "Proposal of a Parent"
    _inherit = ["customer.service.kept.mixin"]

    suggested_parent_id = fields.Many2one(
        "customer.service.case",
        string="Same Order as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        # Others are shown it by parent_suggestion, as far as they may read it.
        groups="customer_service.group_supervisor",
        help="An open case about the same order, to which this one can be attached.",
        kept=True,
    )
    unrelated_order_id = fields.Many2one(
        "sale.order",
        string="Kept Apart for Order",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_user",
        help="Somebody said that this case has nothing to do with the others about this order.",
        kept=True,
    )
    parent_suggestion = fields.Json(
        "Proposal", compute="_compute_parent_suggestion", groups="base.group_user"
    )

    @api.depends("suggested_parent_id")
    @api.depends_context("uid")
    def _compute_parent_suggestion(self):
        """Describe the other case, for those who may read it."""
        # sudo: case - which one it is; its own rights are checked here
        others = self.sudo().suggested_parent_id
        readable = set(others.sudo(False)._filtered_access("read")._ids) if others else set()
        for case in self:
            other = case.sudo().suggested_parent_id
            shown = other.id in readable and not other.merged_into_id
            case.parent_suggestion = shown and {
                "id": other.id,
                "number": other.number,
                "name": other.name,
                "customer": other.customer_label or "",
                "order": case.sale_order_id.name or "",
                "status": other.stage_id.name,
                "color": other.stage_color,
                "children": other.child_count,
            }

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._suggest_parents()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if "sale_order_id" in vals or vals.get("parent_id"):
            self._suggest_parents()
        return result

    def _suggest_parents(self):
        """Propose a parent for those of these cases that concern an order with an open case."""
        # sudo: case - an older case counts whoever works on it; it is shown to its readers only
        cases = self.sudo()
        asking = cases.filtered(lambda case: case._is_open_to_suggestion())
        (cases - asking).filtered("suggested_parent_id").suggested_parent_id = False
        if not asking:
            return
        older = cases.search(
            [
                ("sale_order_id", "in", asking.sale_order_id.ids),
                ("status", "in", UNRESOLVED),
                ("is_automatic", "=", False),
                ("merged_into_id", "=", False),
            ],
            order="id",
        )
        by_order = older.grouped("sale_order_id")
        for case in asking:
            proposed = case._first_parent(by_order.get(case.sale_order_id, older.browse()), self)
            if proposed != case.suggested_parent_id:
                case.suggested_parent_id = proposed

    def _is_open_to_suggestion(self):
        """Tell whether a parent may be proposed for this case."""
        return bool(
            self.sale_order_id
            and self.status in UNRESOLVED
            and not self.parent_id
            and not self.child_count
            and not self.is_automatic
            and self.unrelated_order_id != self.sale_order_id
            and self.use_hierarchy
        )

    def _first_parent(self, others, batch):
        """Return the parent that this case could get, none where there is none.

        :param customer.service.case others: open cases about its order, the oldest first
        :param customer.service.case batch: cases that come in together with this one
        """
        for other in others:
            is_older = other not in batch or other.id < self.id
            parent = other.parent_id or other
            if (
                is_older
                and parent != self
                and parent.company_id == self.company_id
                and parent.status in UNRESOLVED
            ):
                return parent
        return others.browse()

    def action_attach_to_suggested_parent(self):
        """Attach this case to the one that is proposed.

        :return: True, or the action that asks first, where the customers differ
        :raise UserError: there is no proposal any more
        """
        self.ensure_one()
        # sudo: case - which one it is; its own rights are checked below
        parent = self.sudo().suggested_parent_id._final()
        parent = (parent.parent_id or parent).sudo(False)
        if not parent or parent == self:
            raise UserError(self.env._("There is no case that this one could be attached to."))
        parent.check_access("read")
        return self._attach_or_ask(self, parent)

    def action_dismiss_parent_suggestion(self):
        """Keep these cases apart from the others about their order, for good."""
        self.check_access("write")
        for case in self.sudo():  # sudo: case - what is proposed is kept by the case itself
            case.write({"suggested_parent_id": False, "unrelated_order_id": case.sale_order_id.id})
        return True
