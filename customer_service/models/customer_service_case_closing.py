from odoo import fields, models
from odoo.exceptions import UserError

from ..const import DONE, UNRESOLVED


class CustomerServiceCaseClosing(models.AbstractModel):
    """What a parent that is done means for its children, and the last child for its parent.

    The rules are those of the parent's team. Done means resolved or closed. They hold wherever a
    stage is written, for all of the family, also for those cases that the user may not see. It
    stands behind the concern of the status, which turns a status into a stage.
    """

    _name = "customer.service.case.closing"
    _description = "Closing of Parent and Children"
    _inherit = ["customer.service.kept.mixin"]

    closed_with_children = fields.Boolean(
        "Done with the Last Child",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Nobody closed this case by hand: its last child was done. It opens with a child.",
        kept=True,
    )

    def _has_rule(self, name):
        """Tell whether the team of this case has one of the closing rules.

        :param str name: the field of the team
        """
        # sudo: team - its rules
        team = self.team_id.sudo()
        return team.use_hierarchy and team[name]

    def _ends_with_children(self):
        """Tell whether the rules want that a parent which is done has no open children."""
        return self._has_rule("close_children_with_parent") or self._has_rule(
            "require_children_closed"
        )

    def write(self, vals):
        if not vals.get("stage_id"):
            return super().write(vals)
        # sudo: stage - what it means, whoever writes
        status = self.env["customer.service.stage"].sudo().browse(vals["stage_id"]).status
        moved = self.filtered(lambda case: case.status != status)
        reopened = moved.filtered(lambda case: case.status in DONE and status in UNRESOLVED)
        if status in DONE:
            moved._check_children_done()
        result = super().write(vals)
        # sudo: case - kept by the case itself: this time somebody moved it
        self.sudo().filtered("closed_with_children").closed_with_children = False
        if status in DONE:
            moved._close_children(status)
            moved._close_parents()
        reopened._reopen_parents()
        return result

    # ------------------------------------------------------------------------------------------
    # The parent waits for its children
    # ------------------------------------------------------------------------------------------

    def _check_children_done(self):
        """Let no parent end before its children, where its team has that rule.

        Children among these cases do not count, they end together with it.

        :raise UserError: names the children that stand in the way
        """
        waiting = self._waiting_children()
        children = waiting - self
        if not children:
            return
        problems = [
            self._waiting_message(parent, own)
            for parent, own in children.grouped("parent_id").items()
        ]
        raise UserError("\n".join(problems))

    def _waiting_children(self):
        """Return the open children that these cases have to wait for, in sudo."""
        # sudo: case - the rule holds for all children, whoever may see them
        parents = self.sudo().filtered(
            lambda case: case.open_child_count and case._has_rule("require_children_closed")
        )
        return parents.child_ids.filtered(lambda child: child.status in UNRESOLVED)

    def _waiting_message(self, parent, children):
        """Say which children a parent waits for; of those out of sight only how many there are.

        :param customer.service.case parent: the one that should end, in sudo
        :param customer.service.case children: its open children, in sudo
        """
        seen = children.sudo(False)._filtered_access("read")
        names = ", ".join(seen.mapped("number"))
        hidden = len(children) - len(seen)
        if not hidden:
            return self.env._(
                "%(parent)s has to wait for its children: %(children)s.",
                parent=parent.number,
                children=names,
            )
        if not seen:
            return self.env._(
                "%(parent)s has to wait for its children. There are %(hidden)s that you may not "
                "see.",
                parent=parent.number,
                hidden=hidden,
            )
        return self.env._(
            "%(parent)s has to wait for its children: %(children)s and %(hidden)s more that you "
            "may not see.",
            parent=parent.number,
            children=names,
            hidden=hidden,
        )

    # ------------------------------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------------------------------

    def _close_children(self, status):
        """Bring the children of these cases to where their parent went, where that is the rule."""
        # sudo: case - the rule holds for all children, whoever ended the parent
        parents = self.sudo().filtered(
            lambda case: case.child_count and case._has_rule("close_children_with_parent")
        )
        left = UNRESOLVED if status == "resolved" else (*UNRESOLVED, "resolved")
        children = parents.child_ids.filtered(lambda child: child.status in left)
        for cases in children._batches_by_team():
            cases.write({"stage_id": self._stage_of_status(status, cases.team_id).id})
        children._log_rule(
            lambda case: case.env._(
                "Done together with its parent %(parent)s, as its team wants it.",
                parent=case.parent_id._number_link(),
            )
        )

    def _close_parents(self):
        """End the parents of these cases whose last child is done, where that is the rule.

        A parent is only resolved as long as one of its children is, else it is closed.
        """
        # sudo: case - the rule holds for the parent, whoever ended the child
        for parent in self.sudo().parent_id:
            if parent.open_child_count or not parent._has_rule("close_parent_with_children"):
                continue
            only_resolved = "resolved" in parent.child_ids.mapped("status")
            status = "resolved" if only_resolved else "closed"
            by_rule = parent.closed_with_children and parent.status != status
            if parent.status in UNRESOLVED or by_rule:
                parent.write({"stage_id": self._stage_of_status(status, parent.team_id).id})
                parent.closed_with_children = True
                # sudo: case - compared with the children, and named in the log of the parent
                last = (self.sudo() & parent.child_ids)[-1:]
                parent._log_rule(
                    lambda case, last=last: case.env._(
                        "Done together with its last child %(child)s, as its team wants it.",
                        child=last._number_link(),
                    )
                )

    def _reopen_parents(self):
        """Open the parents of these cases that had ended with their last child."""
        # sudo: case - the rule holds for the parent, whoever reopened the child
        for parent in self.sudo().parent_id:
            if parent.status in DONE and parent.closed_with_children:
                parent.write({"stage_id": self._stage_of_status("open", parent.team_id).id})
                first = (self.sudo() & parent.child_ids)[:1]
                parent._log_rule(
                    lambda case, first=first: case.env._(
                        "Open again with its child %(child)s: it had ended with its children.",
                        child=first._number_link(),
                    )
                )

    def _log_rule(self, reason):
        """Write into the log of each of these cases why it was moved, in our language.

        :param reason: a function from a case to a text
        """
        if not self:
            return
        self._message_log_batch(
            bodies={case.id: reason(case._portal_in_our_language()) for case in self},
            author_id=self._xmlid_id("base.partner_root"),
        )

    # ------------------------------------------------------------------------------------------
    # The customer's word
    # ------------------------------------------------------------------------------------------

    def _portal_resolve(self, text="", files=()):
        """Take the customer's word; a case that has to wait for its children stays open.

        The customer knows nothing of that rule, and is thanked all the same.
        """
        self.ensure_one()
        if not self._waiting_children():
            return super()._portal_resolve(text, files)
        return self._portal_answer(text or self.env._("This is solved."), files)
