from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_and_format_normalize

from ..const import SPOKEN_MESSAGE_TYPES, UNRESOLVED
from ..tools.own_context import MOVES_HISTORY

CASE = "customer.service.case"

#: What of a case may change when cases are merged, and is given back when that is undone.
SNAPSHOT = (
    "stage_id",
    "merged_into_id",
    "is_kept_apart",
    "suggested_case_id",
    "parent_id",
    "parent_agreed_user_id",
    "closed_with_children",
    "partner_id",
    "identity_id",
    "partner_name",
    "email_from",
    "phone",
    "lang",
    "email_cc",
    "consulted_emails",
    "user_id",
    "assign_date",
    "priority",
    "type_id",
    "sale_order_id",
    "product_id",
    "product_version",
    "date_deadline",
    "follow_up",
    "call_back_date",
    "call_back_user_id",
    "escalation_id",
    "resolve_date",
    "resolve_user_id",
    "close_date",
    "reopen_count",
    "awaiting_reply",
    "waiting_since",
    "first_response_date",
    "last_customer_message_date",
    "last_agent_message_date",
    "message_count_customer",
    "message_count_agent",
    "last_message_date",
    "last_message_preview",
    "last_message_private",
)

#: What is counted and dated anew where messages came in meanwhile.
CONVERSATION = frozenset(SNAPSHOT[SNAPSHOT.index("awaiting_reply") :])

#: Whose matter it is, taken over where nobody is known.
PERSON = ("partner_id", "identity_id", "partner_name", "email_from", "phone", "lang")

#: What a case takes over where it has nothing of its own.
_FACTS = ("type_id", "sale_order_id", "product_id", "product_version", "user_id")

#: Messages that are part of a conversation; what the system noted of a case stays with it.
MOVING_MESSAGE_TYPES = (*SPOKEN_MESSAGE_TYPES, "auto_comment")


class CustomerServiceCaseMergeMoves(models.AbstractModel):
    """What moves from case to case, one kind a method, and what is remembered of it."""

    _name = "customer.service.case.merge.moves"
    _description = "Moves between Cases"

    @api.model
    def _moving_links(self):
        """Return what hangs on a case by a field, and goes where the case goes.

        :return: ``{model: name of the field}``; add-ons add theirs
        """
        documents = self.env[CASE]._document_models()
        return {
            "customer.service.action": "case_id",
            "customer.service.handling": "case_id",
            "customer.service.sticky.note": "case_id",
            **dict.fromkeys(documents, "customer_service_case_id"),
        }

    @api.model
    def _single_links(self):
        """Return those of the models of :meth:`_moving_links` of which a case has at most one."""
        return ["customer.service.sticky.note"]

    @api.model
    def _in_peace(self, cases):
        """Return cases, in sudo, whose changes start nothing by themselves and tell nobody."""
        # sudo: case - what a merge does was checked when it began
        return cases.sudo().with_context(
            tracking_disable=True,
            mail_auto_subscribe_no_notify=True,
            **MOVES_HISTORY,
            customer_service_follow_call_back=True,
        )

    @api.model
    def _links_of(self, cases):
        """Return the numbers of cases as links: their subjects are for those who may see them."""
        return Markup(", ").join(case._get_html_link(title=case.number) for case in cases)

    @api.model
    def _snapshot(self, case):
        """Return what a case is now, as JSON keeps it and ``write`` takes it."""
        # sudo: case - kept to be given back
        (values,) = case.sudo().read(SNAPSHOT, load=None)
        return {
            name: fields.Datetime.to_string(value) if isinstance(value, datetime) else value
            for name, value in values.items()
            if name != "id"
        }

    # ------------------------------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------------------------------

    @api.model
    def _move_all(self, case, survivor, apart):
        """Move what hangs on a case to the one that stays.

        :param bool apart: the customer of the one that stays is not to see it
        :return: what moved, ids by kind
        """
        return {
            "attachments": self._move_attachments(case, survivor),
            "links": self._move_links(case, survivor),
            "messages": self._move_messages(case, survivor, apart),
            "held": self._move_held_answers(case, survivor),
            "escalations": self._move_escalations(case, survivor),
            "call_backs": self._move_call_back(case, survivor),
            "activities": self._move_activities(case, survivor),
            "children": self._move_children(case, survivor),
            "followers": self._copy_followers(case, survivor, apart),
            "tags": self._copy_tags(case, survivor),
        }

    @api.model
    def _move_attachments(self, case, survivor):
        files = self.env["ir.attachment"].search(
            [("res_model", "=", CASE), ("res_id", "=", case.id), ("res_field", "=", False)]
        )
        files.write({"res_id": survivor.id})
        return files.ids

    @api.model
    def _move_links(self, case, survivor):
        moved = {}
        for model, name in self._moving_links().items():
            records = self.env[model].with_context(active_test=False)
            records = records.search([(name, "=", case.id)])
            if model in self._single_links() and records.search_count([(name, "=", survivor.id)]):
                moved[model] = []  # there is room for one, and the one that stays has its own
                continue
            records.with_context(**MOVES_HISTORY).write({name: survivor.id})
            moved[model] = records.ids
        return moved

    @api.model
    def _move_messages(self, case, survivor, apart):
        """Move the conversation.

        :return: ``ids`` of all messages, and those ``hidden`` that the customer saw before
        """
        messages = self.env["mail.message"].search(
            [
                ("model", "=", CASE),
                ("res_id", "=", case.id),
                ("message_type", "in", MOVING_MESSAGE_TYPES),
            ]
        )
        hidden = messages.browse()
        if apart:
            hidden = messages.filtered(
                lambda message: not message.is_internal and not message.subtype_id.internal
            )
            hidden.write({"is_internal": True})
        case._rehang_messages(messages, survivor)  # what belongs to them has moved by itself
        return {"ids": messages.ids, "hidden": hidden.ids}

    @api.model
    def _move_held_answers(self, case, survivor):
        held = self.env["mail.scheduled.message"].search(
            [("model", "=", CASE), ("res_id", "=", case.id)]
        )
        held._move_to_case(survivor)
        return held.ids

    @api.model
    def _move_escalations(self, case, survivor):
        """Take the way up along, unless the case that stays is on one already."""
        if not case.escalation_id or survivor.escalation_id:
            return []
        escalations, current = case.escalation_ids, case.escalation_id
        self._in_peace(case).escalation_id = False
        escalations.case_id = survivor
        self._in_peace(survivor).escalation_id = current
        return escalations.ids

    @api.model
    def _move_call_back(self, case, survivor):
        """Keep what was promised: the earlier call, where both customers wait for one.

        :return: ids of the reminders that were taken off the list
        """
        if not case.call_back_date:
            return []
        # sudo: mail.activity - the reminder of whoever was to call goes along with the case
        reminders = case._call_back_activities().sudo()
        date, caller = case.call_back_date, case.call_back_user_id
        self._in_peace(case).write({"call_back_date": False, "call_back_user_id": False})
        if not survivor.call_back_date:
            values = {"call_back_date": date, "call_back_user_id": caller.id}
            self._in_peace(survivor).write(values)  # the reminder goes along
            return []
        reminders.with_context(customer_service_follow_call_back=True).active = False
        if date < survivor.call_back_date:
            survivor.call_back_date = date  # its own reminder follows
        return reminders.ids

    @api.model
    def _move_activities(self, case, survivor):
        activities = self.env["mail.activity"].search(
            [("res_model", "=", CASE), ("res_id", "=", case.id)]
        )
        activities.with_context(customer_service_follow_call_back=True).write(
            {"res_id": survivor.id}
        )
        return activities.ids

    @api.model
    def _move_children(self, case, survivor):
        """Give the children to the one that stays.

        :return: by child who had agreed to a parent of another customer
        """
        children = case.with_context(active_test=False).child_ids - survivor
        agreed = {child.id: child.parent_agreed_user_id.id for child in children}
        self._in_peace(children).parent_id = survivor
        for child in self._in_peace(children):
            if agreed[child.id] or not child._is_of_same_customer(survivor):
                child.parent_agreed_user_id = agreed[child.id] or self.env.uid
        return agreed

    @api.model
    def _copy_followers(self, case, survivor, apart):
        """Let the followers of a case follow the one that stays, as far as they may see it.

        :return: ids of the contacts that began to follow
        """
        begun = []
        for follower in case.message_follower_ids:
            partner = follower.partner_id
            if partner in survivor.message_partner_ids:
                continue
            if partner.partner_share:
                if apart:
                    continue
            elif not self._sees(partner, survivor):
                continue
            survivor.message_subscribe(partner.ids, subtype_ids=follower.subtype_ids.ids)
            begun.append(partner.id)
        return begun

    @api.model
    def _sees(self, partner, case):
        """Tell whether one of us may read a case."""
        user = partner.main_user_id
        return bool(user) and case.with_user(user).has_access("read")

    @api.model
    def _copy_tags(self, case, survivor):
        new = case.tag_ids - survivor.tag_ids
        survivor.tag_ids |= new
        return new.ids

    # ------------------------------------------------------------------------------------------
    # The values of the case that stays
    # ------------------------------------------------------------------------------------------

    @api.model
    def _combined_values(self, survivor, cases, apart, shares):
        """Return what the case that stays takes over from those that are merged into it.

        :param customer.service.case apart: those whose customer is kept apart
        :param bool shares: customers who differ read along from now on
        """
        values = {}
        if not survivor._is_of_somebody():
            known = next((case for case in cases if case._is_of_somebody()), survivor)
            values = {name: self._raw(known, name) for name in PERSON}
        for name in _FACTS:
            source = next((case for case in cases - apart if case[name]), survivor)
            if not survivor[name] and source[name]:
                values[name] = self._raw(source, name)
        values["priority"] = max((survivor | cases).mapped("priority"))
        deadlines = [case.date_deadline for case in survivor | cases if case.date_deadline]
        values["date_deadline"] = min(deadlines, default=False)
        follow_ups = [case.follow_up for case in survivor | cases if case.follow_up]
        values["follow_up"] = "\n".join(dict.fromkeys(follow_ups)) or False
        values["email_cc"] = self._combined_copies(survivor, cases - apart, shares)
        consulted = ", ".join(filter(None, (survivor | cases).mapped("consulted_emails")))
        values["consulted_emails"] = ", ".join(dict.fromkeys(consulted.split(", ")))
        return {
            name: value
            for name, value in values.items()
            if (self._raw(survivor, name) or False) != (value or False)
        }

    @api.model
    def _raw(self, case, name):
        """Return the value of a field as ``write`` takes it."""
        return case._fields[name].convert_to_write(case[name], case)

    @api.model
    def _combined_copies(self, survivor, cases, shares):
        """Return who gets a copy of each answer from now on.

        :param customer.service.case cases: those whose customer is not kept apart
        """
        named = [survivor.email_cc, *cases.mapped("email_cc")]
        if shares:
            named += [
                case.partner_id.email_formatted or case.email_from
                for case in cases
                if survivor._relation_to(case) != "same"
            ]
        own = survivor._own_addresses()
        addresses = {}
        for address in email_split_and_format_normalize(", ".join(filter(None, named))):
            if email_normalize(address) not in own:
                addresses.setdefault(email_normalize(address), address)
        if not addresses.keys() - self._normalized(survivor.email_cc):
            return survivor.email_cc or False
        return ", ".join(addresses.values()) or False

    @api.model
    def _normalized(self, addresses):
        named = email_split_and_format_normalize(addresses or "")
        return {email_normalize(address) for address in named}

    @api.model
    def _close(self, case, survivor, apart):
        """Close a case that was merged, and let nothing in it ask for work any more."""
        quiet = self._in_peace(case)
        quiet.write({"follow_up": False, "suggested_case_id": False})
        if case.status != "closed":
            quiet.write({"stage_id": case._stage_of_status("closed", case.team_id).id})
        quiet.write({"merged_into_id": survivor.id, "is_kept_apart": apart})

    @api.model
    def _refresh(self, survivor, cases):
        """Count and date the conversations anew.

        What was answered by phone stays answered, and whoever waited in one of the cases waits:
        an answer in another one was none to them.
        """
        involved = survivor | cases
        answered = [case.first_response_date for case in involved]
        waiting = [case.waiting_since for case in involved if case.awaiting_reply]
        self._in_peace(involved)._refresh_conversation()
        answered.append(survivor.first_response_date)
        values = {"first_response_date": min(filter(None, answered), default=False)}
        if cases and waiting and survivor.status in UNRESOLVED:
            since = min(filter(None, [*waiting, survivor.waiting_since]), default=False)
            values.update(awaiting_reply=True, waiting_since=since)
        self._in_peace(survivor).write(values)
