from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize


class _WrittenTo(NamedTuple):
    """To which case a guest wrote what is posted in the one that it is continued in."""

    case_id: int


class CustomerServiceCaseMerging(models.AbstractModel):
    """Cases that became one, and those that were split: what is continued where.

    What moves, and how it comes back, is in ``customer.service.case.merge``. Here is what a case
    knows of it: one that was merged into another stays as it is, and whatever is said to it
    arrives at the other. A case of another customer may be *kept apart*: its messages are for
    colleagues only, and its customer is no participant of the case it was merged into.
    """

    _name = "customer.service.case.merging"
    _description = "Merging and Splitting of a Case"
    _inherit = ["customer.service.kept.mixin"]

    merged_into_id = fields.Many2one(
        "customer.service.case",
        string="Continued in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="What was said here moved to that case, where answers to it arrive too.",
        kept=True,
    )
    is_kept_apart = fields.Boolean(
        "Customer Kept Apart",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer of the case that goes on does not see what was said here.",
        kept=True,
    )
    is_continued = fields.Boolean(
        "Continued Elsewhere",
        compute="_compute_is_continued",
        compute_sudo=True,
        store=True,
        help="Its customer finds the conversation in another case.",
        kept=True,
    )
    merged_case_ids = fields.One2many(
        "customer.service.case", "merged_into_id", string="Merged Cases", groups="base.group_user"
    )
    merged_into_number = fields.Char(
        "Merged Into",
        related="merged_into_id.number",
        related_sudo=True,
        groups="base.group_user",
    )
    split_from_id = fields.Many2one(
        "customer.service.case",
        string="Split off From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        kept=True,
    )
    split_from_number = fields.Char(
        "Split From",
        related="split_from_id.number",
        related_sudo=True,
        groups="base.group_user",
    )
    merge_count = fields.Integer(
        "Merges and Splits",
        readonly=True,
        copy=False,
        groups="base.group_user",
        kept=True,
    )

    @api.depends("merged_into_id", "is_kept_apart")
    def _compute_is_continued(self):
        for case in self:
            case.is_continued = bool(case.merged_into_id) and not case.is_kept_apart

    def write(self, vals):
        if not self.env.su:
            self._check_not_merged()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_conversation_of_others(self):
        for case in self:
            merged = case._merged_here() - self.sudo()  # sudo: case - compared, not shown
            if merged:
                raise UserError(
                    self.env._(
                        "What was said in %(merged)s is part of %(case)s. Undo the merge first, "
                        "or delete them together.",
                        merged=", ".join(merged.mapped("number")),
                        case=case.number,
                    )
                )

    def _check_not_merged(self):
        """Leave a case as it is that was merged into another one.

        :raise UserError: one of these was; it names where it is continued
        """
        # sudo: case - where it is continued
        for case in self.sudo().filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s and stays as it is. Go on there, or "
                    "undo the merge.",
                    case=case.number,
                    survivor=case._final().number,
                )
            )

    def _link_document(self, document):
        self._check_not_merged()
        return super()._link_document(document)

    def _check_may_answer(self):
        self._check_not_merged()
        return super()._check_may_answer()

    def _check_level(self, parent):
        parent._check_not_merged()
        return super()._check_level(parent)

    def _final(self):
        """Return the case that this one is continued in, itself where it is not."""
        # sudo: case - where the conversation went, whoever the gateway works as
        case = self.sudo()
        seen = case
        while case.merged_into_id and case.merged_into_id not in seen:
            case = case.merged_into_id
            seen |= case
        return case.sudo(self.env.su)

    # ------------------------------------------------------------------------------------------
    # What an agent does
    # ------------------------------------------------------------------------------------------

    def action_merge(self):
        """Open the form that asks which of these cases stays, or with what this one is merged."""
        self.check_access("write")
        self._check_not_merged()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Cases"),
            "res_model": "customer.service.case.merge.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def action_split(self):
        """Open the form that asks which messages become a case of their own."""
        self.ensure_one()
        self.check_access("write")
        self._check_not_merged()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split %(case)s", case=self.number),
            "res_model": "customer.service.case.split",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.id,
                "default_message_ids": self.env.context.get("customer_service_split_ids", []),
            },
        }

    def action_open_continued(self):
        """Open the case that this one is continued in."""
        self.ensure_one()
        final = self._final()
        final.check_access("read")
        return final._action_show()

    def action_open_split_from(self):
        """Open the case that this one was split off from."""
        self.ensure_one()
        self.split_from_id.check_access("read")
        return self.split_from_id._action_show()

    def action_undo_merge(self):
        """Take back by which this case was merged into another one, or say what cannot be."""
        self.ensure_one()
        log = self._merge_in_force(("merge", "join"))
        if not log:
            raise UserError(self.env._("This case was not added to another one."))
        return log.action_undo()

    def action_undo_split(self):
        """Bring what was split off back to the case it comes from."""
        self.ensure_one()
        log = self._merge_in_force(("split",))
        if not log:
            raise UserError(self.env._("This case was not split off from another one."))
        return log.action_undo()

    def _merge_in_force(self, kinds):
        """Return the log of the merge or split that this case came out of, if it still holds."""
        self.check_access("write")
        # sudo: merge - of a case that the user may change; what it touches is checked by it
        log = self.env["customer.service.case.merge"].sudo()
        domain = [("merged_ids", "in", self.ids), ("state", "=", "done"), ("kind", "in", kinds)]
        return log.search(domain, limit=1).sudo(False)

    def _action_show(self):
        """Return the action that shows this case, once in the trail of pages that led there."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "customer_service_show_case",
            "params": {
                "case_id": self.id,
                "number": self.number,
                "action": self.get_formview_action(),
            },
        }

    def action_open_merges(self):
        """Open the list of what was merged into this case, and split off from it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_merge_action"
        )
        return {**action, "domain": [("survivor_id", "=", self.id)], "context": {}}

    def action_join_suggested_case(self):
        """Move what was said here to the case it belongs to, whose sender takes part from now on.

        :return: the action that opens that case
        :raise AccessError: the agent may not change one of the two
        """
        self.ensure_one()
        target = self.suggested_case_id._final()
        (self | target).check_access("write")
        if not target or target == self or target.company_id != self.company_id:
            raise UserError(self.env._("There is no case that this one could be added to."))
        # Whoever presses it was asked whether the sender may read what was written there.
        self.env["customer.service.case.merge"]._merge(
            target, self, kind="join", shares=True, is_agreed=True
        )
        return target._action_show()

    # ------------------------------------------------------------------------------------------
    # Whose they are
    # ------------------------------------------------------------------------------------------

    def _relation_to(self, other):
        """Tell how the customers of two cases are related.

        :param customer.service.case other: one case
        :return: "same" for one person (or where nobody is known), "company" for two of one
            company, "other" for anybody else
        """
        self.ensure_one()
        # sudo: res.partner, identity - compared, not shown
        mine, theirs = self.sudo(), other.sudo()
        if not mine._is_of_somebody() or not theirs._is_of_somebody():
            return "same"
        one, two = mine.partner_id, theirs.partner_id
        if one and two:
            if one == two or (one.email_normalized or 0) == two.email_normalized:
                return "same"
            company = mine.commercial_partner_id == theirs.commercial_partner_id
            return "company" if company else "other"
        if mine._own_addresses() & theirs._own_addresses():
            return "same"
        return "same" if mine._person() and mine._person() == theirs._person() else "other"

    def _is_of_somebody(self):
        """Tell whether anything is known of whose matter this is."""
        self.ensure_one()
        # sudo: case - whether somebody is known
        case = self.sudo()
        return bool(case.partner_id or case.identity_id or case.email_normalized)

    def _own_addresses(self):
        """Return the normalized addresses of the customer, and of nobody else."""
        # sudo: res.partner, identity - addresses only
        case = self.sudo()
        addresses = {
            case.email_normalized,
            case.partner_id.email_normalized,
            case.identity_id.email_normalized,
        }
        return addresses - {False, None, ""}

    # ------------------------------------------------------------------------------------------
    # Who takes part
    # ------------------------------------------------------------------------------------------

    def _merged_here(self):
        """Return the cases that were merged into this one, archived ones too."""
        # sudo: case - who takes part, whoever asks
        return self.sudo().with_context(active_test=False).merged_case_ids

    def _with_those_shown(self):
        """Return these cases and those merged into them whose customers read along, in sudo."""
        found = self.sudo()
        for case in self._merged_here():
            if not case.is_kept_apart:
                found |= case._with_those_shown()
        return found

    def _participant_addresses(self):
        addresses = super()._participant_addresses()
        for merged in self._merged_here():
            if not merged.is_kept_apart:
                addresses |= merged._merged_addresses()
        return addresses

    def _merged_addresses(self):
        """Return the addresses of the customers of this case and of those it brought along."""
        addresses = self._own_addresses()
        for merged in self._merged_here():
            if not merged.is_kept_apart:
                addresses |= merged._merged_addresses()
        return addresses

    def _role_of_sender(self, address, partner):
        role = super()._role_of_sender(address, partner)
        if role in ("", "consulted") and address and self._case_kept_apart_of(address, partner):
            return "apart"
        return role

    def _kept_apart_within(self):
        """Return the cases, merged into this one or into those, whose customer is kept apart."""
        # sudo: case - who is kept apart, whoever asks; none of it is shown
        found = self.browse().sudo()
        for merged in self._merged_here():
            found |= merged._kept_apart_within()
            if merged.is_kept_apart:
                found |= merged
        return found

    def _case_kept_apart_of(self, address, partner):
        """Return the case, merged into this one and kept apart, in which somebody takes part.

        :param str address: their normalized address
        :param res.partner partner: the contact with that address, if any
        """
        for merged in self._merged_here():
            found = merged
            if not merged.is_kept_apart or merged._role_of_sender(address, partner) != "customer":
                found = merged._case_kept_apart_of(address, partner)
            if found:
                return found
        return self.browse()

    # ------------------------------------------------------------------------------------------
    # What is said
    # ------------------------------------------------------------------------------------------

    def message_post(self, *, message_type="notification", **kwargs):
        # sudo: case - where it is continued, also for customers
        if len(self) != 1 or not self.sudo().merged_into_id:
            return super().message_post(message_type=message_type, **kwargs)
        if not self.env.su and self.env.user._is_internal():
            self._check_not_merged()
        return self._post_where_continued(message_type, kwargs)

    def _post_where_continued(self, message_type, values):
        """Post in the case that this one is continued in, what somebody said to this one.

        :param str message_type: as for ``message_post``
        :param dict values: the others of ``message_post``
        :return: the message
        """
        self.check_access("read")
        if not self.env.su:
            message_type, values = "comment", self._guarded_values(values)
        if self._is_apart_from_final():
            values = {**values, "is_internal": True}
        # sudo: case - whoever may write to this one is heard in the other
        final = self._final().sudo().with_context(customer_service_written_to=_WrittenTo(self.id))
        message = final.message_post(message_type=message_type, **values)
        return message.sudo(self.env.su)

    def _is_apart_from_final(self):
        """Tell whether the customer of this case is kept apart in the one that goes on."""
        # sudo: case - how it is continued, also for customers
        case = self.sudo()
        while case.merged_into_id:
            if case.is_kept_apart:
                return True
            case = case.merged_into_id
        return False

    def _portal_values(self, values):
        # A guest has the link of one case and speaks as its customer, wherever it is continued.
        place = self.env.context.get("customer_service_written_to")
        # What a browser sends as context is never of this type: nobody chooses whose name it is.
        if (
            isinstance(place, _WrittenTo)
            and not values.get("author_id")
            and self.env.user._is_public()
        ):
            written_to = self.browse(place.case_id)
            return {
                **values,
                "author_id": written_to.partner_id.id,
                "email_from": written_to.email_from or self.env._("Unknown sender"),
            }
        return super()._portal_values(values)

    def _incoming_values(self, values):
        author = self.env["res.partner"].browse(values.get("author_id"))
        address = email_normalize(values.get("email_from") or "")
        values = super()._incoming_values(values)
        if self._merged_here() and self._role_of_sender(address, author) == "apart":
            values = {**values, "is_internal": True}
        return values

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if msg_values.get("is_internal") and self._is_apart(message):
            address = email_normalize(message.email_from or "") or ""
            apart = self._case_kept_apart_of(address, message.author_id)
            if apart:
                apart._merge_in_force_now()._note_later(apart, message)
        return result

    def _merge_in_force_now(self):
        """Return, in sudo, the log by which this case is merged into another one."""
        # sudo: merge - whoever writes
        log = self.env["customer.service.case.merge"].sudo()
        domain = [
            ("merged_ids", "in", self.ids),
            ("state", "=", "done"),
            ("kind", "!=", "split"),
        ]
        return log.search(domain, limit=1)

    def _thread_to_store(self, store, fields, *, request_list=None):
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if request_list is not None and not self.env.su and self.env.user._is_internal():
            for case in self.filtered("merged_into_id"):
                # The screen offers nothing there that would be refused.
                shut = {"hasWriteAccess": False, "canPostOnReadonly": False}
                store.add(case, shut, as_thread=True)
        return result

    # ------------------------------------------------------------------------------------------
    # What the customer sees
    # ------------------------------------------------------------------------------------------

    @api.model
    def _portal_domain(self):
        # What goes on elsewhere is shown there.
        return super()._portal_domain() & Domain("is_continued", "=", False)

    def _portal_final(self):
        """Return the case whose page the customer of this one is shown."""
        self.ensure_one()
        # sudo: case - how it is continued, also for customers
        return self if self._is_apart_from_final() else self.sudo()._final().sudo(self.env.su)

    def _portal_message_domain(self):
        if not self._is_kept_apart_now():
            return super()._portal_message_domain()
        # Their own messages, which stand in a case that is not theirs.
        # sudo: case - how it is continued, also for customers
        final = self.sudo()._final()
        own = self._merge_in_force_now()._messages_of(self)
        public = super(CustomerServiceCaseMerging, final)._portal_message_domain()
        shown = public.map_conditions(
            lambda condition: Domain.TRUE if condition.field_expr == "is_internal" else condition
        )
        return shown & Domain("id", "in", own)

    def _is_kept_apart_now(self):
        """Tell whether this case was merged into one that its customer does not see."""
        self.ensure_one()
        # sudo: case - how it is continued, also for customers
        case = self.sudo()
        return bool(case.merged_into_id) and case._is_apart_from_final()

    def _portal_next_step(self):
        # sudo: case - how it is continued, also for customers
        final = self.sudo()._final()
        if self._is_kept_apart_now() and final.status in ("open", "pending"):
            return self.env._("We are working on it and will write to you.")
        return super()._portal_next_step()
