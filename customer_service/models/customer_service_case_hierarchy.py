from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import DONE, UNRESOLVED
from ..tools.own_context import moves_history

#: Whatever says whose case it is.
_PERSON_FIELDS = frozenset({"partner_id", "identity_id"})


class CustomerServiceCaseHierarchy(models.AbstractModel):
    """A case that speaks for others, and those it speaks for: one level deep.

    How many children a case has is stored with it. Whoever attaches, detaches, closes or reopens
    a child so changes the row of its parent too: two who do so at the same moment meet there, and
    the host runs the second one again. The same figure lets the database refuse a second level.
    """

    _name = "customer.service.case.hierarchy"
    _description = "Parent and Children of a Case"
    _inherit = ["customer.service.kept.mixin"]

    parent_id = fields.Many2one(
        "customer.service.case",
        string="Parent Case",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    child_ids = fields.One2many(
        "customer.service.case",
        "parent_id",
        string="Child Cases",
        context={"active_test": False},
    )
    parent_number = fields.Char(
        related="parent_id.number", store=True, string="Parent's Number", kept=True
    )
    parent_agreed_user_id = fields.Many2one(
        "res.users",
        string="Other Customer Confirmed by",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_user",
        help="Who said that this case belongs to its parent although the customers differ.",
        kept=True,
    )
    child_count = fields.Integer(
        "Children",
        compute="_compute_child_count",
        store=True,
        precompute=True,
        groups="base.group_user",
        kept=True,
    )
    open_child_count = fields.Integer(
        "Open Children",
        compute="_compute_child_count",
        store=True,
        precompute=True,
        groups="base.group_user",
        kept=True,
    )

    _one_level = models.Constraint(
        "CHECK (parent_id IS NULL OR (parent_id <> id AND child_count = 0))",
        "A case is either a parent or a child, and never its own parent.",
    )
    _parents_idx = models.Index("(open_child_count, id) WHERE child_count > 0")

    @api.depends("child_ids.status")
    def _compute_child_count(self):
        total, unresolved = Counter(), Counter()
        if self._origin:
            rows = self.with_context(active_test=False)._read_group(
                [("parent_id", "in", self._origin.ids)], ["parent_id", "status"], ["__count"]
            )
            for parent, status, count in rows:
                total[parent.id] += count
                if status in UNRESOLVED:
                    unresolved[parent.id] += count
        for case in self:
            case.child_count = total[case._origin.id]
            case.open_child_count = unresolved[case._origin.id]

    # ------------------------------------------------------------------------------------------
    # What may be linked
    # ------------------------------------------------------------------------------------------

    @api.constrains("parent_id")
    def _check_parent_id(self):
        # sudo: case - all of the family, whoever links two of it
        for child in self.sudo().filtered("parent_id"):
            child._check_level(child.parent_id)

    @api.constrains("parent_id", "team_id")
    def _check_company_of_family(self):
        for child in self._children_of_family():
            if child.company_id != child.parent_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(child)s and %(parent)s are of different companies.",
                        child=child.number,
                        parent=child.parent_id.number,
                    )
                )

    @api.constrains("parent_id", "partner_id", "identity_id")
    def _check_customer_of_family(self):
        """Refuse a family of several customers, unless somebody said that it is meant so."""
        if self._is_other_customer_agreed():
            return
        for child in self._children_of_family():
            if not child.parent_agreed_user_id and not child._is_of_same_customer(child.parent_id):
                raise ValidationError(
                    self.env._(
                        "%(child)s and %(parent)s are of different customers. They belong "
                        "together only if you confirm it.",
                        child=child.number,
                        parent=child.parent_id.number,
                    )
                )

    def _check_level(self, parent):
        """Let these cases have this parent only if no case is both parent and child.

        :raise ValidationError: names the two that do not fit
        """
        if parent in self:
            raise ValidationError(self.env._("A case cannot be its own parent."))
        for case in self:
            if parent.parent_id or case.child_count:
                raise ValidationError(
                    self.env._(
                        "%(child)s cannot be a child of %(parent)s: a case is either a parent "
                        "or a child.",
                        child=case.number,
                        parent=parent.number,
                    )
                )

    def _children_of_family(self):
        """Return the children among these cases and those of the parents among them, in sudo."""
        # sudo: case - all of the family, whoever changes one of it
        cases = self.sudo()
        return cases.filtered("parent_id") | cases.filtered("child_count").child_ids

    @api.model
    def _is_other_customer_agreed(self):
        """Tell whether the user says yes to several customers in one family.

        So does whoever confirms who an unregistered person is: their cases move as they are.
        """
        return moves_history(self.env) or bool(self.env.context.get("other_customer_agreed"))

    def _is_of_same_customer(self, other):
        """Tell whether two cases are of one customer; a case of nobody fits to everybody's."""
        self.ensure_one()
        mine, theirs = self._person(), other._person()
        if mine and theirs:
            return mine == theirs
        if not (mine or self.customer_label) or not (theirs or other.customer_label):
            return True
        return bool(self.email_normalized) and self.email_normalized == other.email_normalized

    # ------------------------------------------------------------------------------------------
    # Attach and detach
    # ------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        children = cases.filtered("parent_id")
        if children:
            children._after_attaching({})
        return cases

    def write(self, vals):
        before = self._leave_parents(vals["parent_id"]) if "parent_id" in vals else {}
        result = super().write(vals)
        if before:
            self.browse([case.id for case in before])._after_attaching(before)
        elif self._is_other_customer_agreed() and not vals.keys().isdisjoint(_PERSON_FIELDS):
            self._children_of_family()._keep_agreement()
        return result

    def _leave_parents(self, parent_id):
        """Prepare these cases for a new parent, or none.

        :param int parent_id: its id
        :return: the parent that each case which moves has so far, in sudo
        :raise ValidationError: that case can be no parent of these
        """
        # sudo: case - which parent they have, whoever may see it
        parent = self.sudo().browse(parent_id or False)
        before = {case: case.parent_id for case in self.sudo() if case.parent_id != parent}
        moved = self.sudo().browse([case.id for case in before])
        if parent and moved:
            # Before anything is written: the database would say the same, in worse words.
            moved._check_level(parent)
        # sudo: case - kept by the case itself: what was agreed to was another parent
        moved.filtered("parent_agreed_user_id").parent_agreed_user_id = False
        return before

    def _after_attaching(self, before):
        """Keep what follows from a new parent: who agreed to it, and a line on both sides.

        :param dict before: the parent that each of these cases had, in sudo
        """
        # sudo: case - the family as a whole, whoever links two of it
        children = self.sudo().filtered("parent_id")
        children._check_parents_use_hierarchy()
        if self._is_other_customer_agreed():
            children._keep_agreement()
        children._meet_done_parents()
        self._log_parents(before)

    def _check_parents_use_hierarchy(self):
        """Let no case get a parent whose team has no parent and child cases, whoever links them.

        What is linked stays when a team switches it off, and goes along in a merge.

        :raise UserError: it has not
        """
        if not moves_history(self.env):
            for parent in self.parent_id:
                parent._check_use_hierarchy()

    def _check_use_hierarchy(self):
        """Make sure that the team of this case has parent and child cases.

        :raise UserError: it has not
        """
        self.ensure_one()
        if not self.use_hierarchy:
            raise UserError(
                self.env._(
                    "Team %(team)s has no parent and child cases. An administrator can switch "
                    "them on.",
                    team=self.team_id.name,
                )
            )

    def _keep_agreement(self):
        """Note who says that these children belong to a parent of another customer, in sudo."""
        self.filtered(
            lambda child: (
                not child.parent_agreed_user_id and not child._is_of_same_customer(child.parent_id)
            )
        ).parent_agreed_user_id = self.env.uid

    def _meet_done_parents(self):
        """Let the open ones of these cases not hang on a parent that is done.

        A parent that had ended with its children opens; where the team ends them together in
        another way, somebody has to open it first.

        :raise ValidationError: names the two
        """
        unresolved = self.filtered(lambda case: case.status in UNRESOLVED)
        unresolved._reopen_parents()
        for child in unresolved:
            if child.parent_id.status in DONE and child.parent_id._ends_with_children():
                raise ValidationError(
                    self.env._(
                        "%(parent)s is done already, and %(child)s is not. Reopen the parent "
                        "first.",
                        parent=child.parent_id.number,
                        child=child.number,
                    )
                )

    def _log_parents(self, before):
        """Say on both sides which cases were attached and detached.

        A colleague who reads one side may not see the other: only its number is written.

        :param dict before: the parent that each of these cases had, in sudo
        """
        # A merge says what it does, and moves the children along; a client cannot send that mark.
        if moves_history(self.env):
            return
        lines = {}
        for child in self.sudo():  # sudo: case - numbers of the family, whoever links two of it
            parent, former = child.parent_id, before.get(child)
            if parent:
                lines.setdefault(child, []).append(child._attached_line())
                lines.setdefault(parent, []).append(
                    self.env._("%(case)s attached.", case=child._number_link())
                )
            if former:
                lines.setdefault(child, []).append(
                    self.env._("Detached from %(case)s.", case=former._number_link())
                )
                lines.setdefault(former, []).append(
                    self.env._("%(case)s detached.", case=child._number_link())
                )
        # sudo: case - a line in the log is no right to change the case
        self.sudo().browse([case.id for case in lines])._message_log_batch(
            bodies={case.id: Markup("<br/>").join(texts) for case, texts in lines.items()}
        )

    def _attached_line(self):
        """Return the line which says that this case has a parent now."""
        parent = self.parent_id._number_link()
        if self.parent_agreed_user_id:
            return self.env._(
                "Attached to %(case)s, which is of another customer: confirmed.", case=parent
            )
        return self.env._("Attached to %(case)s.", case=parent)

    def _number_link(self):
        """Return a link to this case that shows its number only."""
        return self._get_html_link(title=self.number)
