from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_and_format_normalize

from ..const import DONE, SPOKEN_MESSAGE_TYPES
from ..tools.own_context import MOVES_HISTORY
from .customer_service_case_merge_moves import CASE, CONVERSATION


class CustomerServiceCaseMergeUndoing(models.AbstractModel):
    """Taking a merge or a split back: exactly what was, and in words what cannot come back."""

    _name = "customer.service.case.merge.undoing"
    _description = "Undoing of a Merge or Split"

    def action_undo(self):
        """Take this back; where that is not possible as a whole, say first what stays.

        :return: the form that asks, or the action that shows the case
        """
        self.ensure_one()
        self._check_undo()
        remains = self._remains()
        if remains:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Undo"),
                "res_model": "customer.service.case.merge.undo",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_merge_id": self.id},
            }
        return self._undo_and_show()

    def _undo_and_show(self):
        """Take this back and open the case that is its own again, or whole again."""
        self._undo()
        # sudo: merge - which cases; opening them is checked by the client
        log = self.sudo()
        shown = log.survivor_id if log.kind == "split" else log.merged_ids[:1]
        return shown.sudo(False)._action_show()

    def _check_undo(self):
        """Make sure that this can be taken back, by this user, now.

        :raise AccessError: the user may not change one of the cases
        :raise UserError: it was taken back already, or one of the cases was merged further
        """
        self.ensure_one()
        # sudo: merge, case - which cases these are; what the user may do is checked
        log = self.sudo()
        involved = (log.survivor_id | log.merged_ids).sudo(False)
        (involved | log.survivor_id._final().sudo(False)).check_access("write")
        if log.state != "done":
            raise UserError(self.env._("This was undone already."))
        if not log.merged_ids:
            raise UserError(
                self.env._(
                    "%(cases)s: deleted since, so there is nothing to take back.", cases=log.label
                )
            )
        # What was split off goes back by being merged, so it must be free itself.
        frozen = log.survivor_id | log.merged_ids if log.kind == "split" else log.survivor_id
        for case in frozen.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s since. Undo that first.",
                    case=case.number,
                    survivor=case.merged_into_id.number,
                )
            )

    def _undo(self):
        """Take this back as far as possible."""
        self._check_undo()
        # sudo: merge, case - what comes back was theirs, whoever wrote it
        log = self.sudo()
        self._lock(log.survivor_id | log.merged_ids)
        log.invalidate_recordset(["state"])
        if log.state != "done":
            raise UserError(self.env._("This was undone already."))
        log.write(
            {
                "state": "undone",
                "undo_user_id": self.env.uid,
                "undo_date": fields.Datetime.now(),
            }
        )
        if log.kind == "split":
            log._undo_split()
        else:
            log._undo_merge()
        log._count()
        # sudo: duplicate report - what was decided by this merge is open again
        self.env["customer.service.duplicate.report"].sudo().search(
            [("merge_id", "=", log.id)]
        )._open_again()

    # ------------------------------------------------------------------------------------------
    # What cannot come back
    # ------------------------------------------------------------------------------------------

    def _remains(self):
        """Return in sentences what stays as it is when this is undone.

        :return: list of str, empty where everything comes back
        """
        self.ensure_one()
        # sudo: merge, case - counted and named, for whoever may undo it
        log = self.sudo()
        if log.kind == "split":
            return log._remains_of_split()
        case = log.survivor_id
        found = [
            *log._remaining_news(),
            *log._remaining_values(),
            *log._remaining_moves(),
            *log._remaining_losses(),
        ]
        if log.moved["ended"]:
            found.append(
                self.env._(
                    "The escalation of %(cases)s ended and stays so.",
                    cases=", ".join(log.moved["ended"]),
                )
            )
        if log._readers_along():
            found.append(
                self.env._(
                    "%(case)s gets a new link: the one in older mails leads nowhere any more, for "
                    "its own customer too.",
                    case=case.number,
                )
            )
        if log.is_told:
            found.append(
                self.env._("The customer of %(case)s was told of the merge.", case=case.number)
            )
        return found

    def _remaining_news(self):
        """Name what came into the case since, which stays there."""
        case, found = self.survivor_id, []
        later = [number for numbers in self.moved["later"].values() for number in numbers]
        messages = len(self._news("mail.message", case) - self.env["mail.message"].browse(later))
        contacts = len(self._news("customer.service.action", case))
        times = len(self._news("customer.service.handling", case))
        for count, sentence in (
            (messages, self.env._("%(count)s new messages stay in %(case)s.")),
            (contacts, self.env._("%(count)s recorded contacts stay in %(case)s.")),
            (times, self.env._("%(count)s times stay in %(case)s.")),
        ):
            if count:
                found.append(sentence % {"count": count, "case": case.number})
        return found

    def _news(self, model, case):
        """Return what came into a case after this merge or split."""
        newer = [("id", ">", self.moved["marks"][model])]
        if model == "mail.message":
            newer += [
                ("model", "=", CASE),
                ("res_id", "=", case.id),
                ("message_type", "in", SPOKEN_MESSAGE_TYPES),
            ]
        else:
            newer.append(("case_id", "=", case.id))
        if model == "customer.service.action":
            newer.append(("interaction_id.message_id", "=", False))
        return self.env[model].search(newer)

    def _changed_since(self):
        """Return the fields of the case that stays that somebody changed since."""
        case = self.survivor_id
        before, after = (self.moved[when][str(case.id)] for when in ("before", "after"))
        now = self._snapshot(case)
        return {
            name
            for name, value in now.items()
            if name not in CONVERSATION and before[name] != after[name] != value
        }

    def _is_counted_anew(self):
        """Tell whether the conversation of the case that stays is another one than it was left.

        By a further merge or split of it, or because a case was deleted whose messages stay.
        """
        if len(self.merged_ids) < len(self.moved["cases"]):
            return True
        now, after = self._snapshot(self.survivor_id), self.moved["after"][str(self.survivor_id.id)]
        return any(now[name] != after[name] for name in CONVERSATION)

    def _remaining_values(self):
        """Name the fields that somebody changed since, which stay as they are."""
        case, changed = self.survivor_id, self._changed_since()
        if not changed:
            return []
        labels = case.fields_get(sorted(changed), ["string"])
        return [
            self.env._(
                "Changed since in %(case)s, so left as it is: %(fields)s.",
                case=case.number,
                fields=", ".join(label["string"] for label in labels.values()),
            )
        ]

    def _remaining_moves(self):
        """Name what is not there any more where it went."""
        cases = self.moved["cases"].values()
        moved = self.env["mail.message"].browse(
            [number for case in cases for number in case["messages"]["ids"]]
        )
        gone = len(moved) - len(self._still_there(moved))
        if not gone:
            return []
        return [
            self.env._("%(count)s messages were deleted or moved on since.", count=gone),
        ]

    def _remaining_losses(self):
        """Name the cases that were deleted since, and what the others do not get back."""
        deleted = [
            number
            for number in self.label.split(", ")
            if number not in self.merged_ids.mapped("number")
        ]
        found = []
        if deleted:
            found.append(
                self.env._(
                    "Deleted since: %(cases)s. What was said there stays in %(case)s.",
                    cases=", ".join(deleted),
                    case=self.survivor_id.number,
                )
            )
        for case in self.survivor_id | self.merged_ids:
            kept = self._changed_since() if case == self.survivor_id else set()
            lost = self._lost_values(case, kept)
            if lost:
                labels = case.fields_get(sorted(lost), ["string"])
                found.append(
                    self.env._(
                        "%(case)s does not get back what is gone or does not fit any more: "
                        "%(fields)s.",
                        case=case.number,
                        fields=", ".join(label["string"] for label in labels.values()),
                    )
                )
        return found

    def _lost_values(self, case, kept):
        """Return the fields whose former value a case cannot get back.

        :param set kept: names of fields that stay as they are
        """
        before, after = (self.moved[when][str(case.id)] for when in ("before", "after"))
        lost = set()
        for name, value in before.items():
            field = case._fields[name]
            if field.type != "many2one" or not value or value == after[name] or name in kept:
                continue
            record = self.env[field.comodel_name].browse(value).exists()
            if not record or (name == "parent_id" and not self._takes_back(record, case)):
                lost.add(name)
        return lost

    def _takes_back(self, parent, case):
        """Tell whether a case can have the parent again that it had."""
        stage = self.env["customer.service.stage"].browse(
            self.moved["before"][str(case.id)]["stage_id"]
        )
        is_over = (
            parent.status in DONE
            and parent._ends_with_children()
            and not parent.closed_with_children
            and stage.exists().status not in DONE
        )
        return not (
            is_over
            or parent.parent_id
            or parent.merged_into_id - self.survivor_id
            or parent.company_id != case.company_id
        )

    def _still_there(self, messages, case=None):
        """Return those of these messages that are in the case they were moved to."""
        case = case or self.survivor_id
        return messages.exists().filtered(
            lambda message: message.model == CASE and message.res_id == case.id
        )

    # ------------------------------------------------------------------------------------------
    # Giving back
    # ------------------------------------------------------------------------------------------

    def _undo_merge(self):
        survivor, cases = self.survivor_id, self.merged_ids
        readers = self._readers_along()
        kept = self._changed_since()
        news = self._news("mail.message", survivor) or self._is_counted_anew()
        self._in_peace(cases).write({"merged_into_id": False, "is_kept_apart": False})
        for case in cases:
            self._give_back(case, self.moved["cases"][str(case.id)])
        if news or self.moved["later"]:
            # Counted anew below. When we first answered may be known from a call only.
            kept |= CONVERSATION - {"first_response_date"}
        self._give_back_values(survivor, kept)
        for case in cases:
            self._give_back_values(case, set())
        if readers:
            self._shut_out(survivor)
        if news or self.moved["later"]:
            self._refresh(survivor, survivor.browse())
        for case in cases.filtered(lambda case: str(case.id) in self.moved["later"]):
            if case.status in DONE:  # its customer wrote, and was heard in the other one
                case.write({"stage_id": case._stage_of_status("open", case.team_id).id})
            self._refresh(case, case.browse())
        self._note_undo(survivor, cases)

    def _readers_along(self):
        """Return the cases, merged by this, whose customers read what is not theirs again."""
        survivor, after = self.survivor_id, self.moved["after"]
        shown = self.merged_ids.filtered(lambda case: not after[str(case.id)]["is_kept_apart"])
        return shown._with_those_shown().filtered(
            lambda case: survivor._relation_to(case) != "same"
        )

    def _shut_out(self, survivor):
        """Let the link and the copies of a case be those of its own customer again."""
        before, after = (self.moved[when][str(survivor.id)] for when in ("before", "after"))
        quiet = self._in_peace(survivor)
        # Whoever read along knows it; a new one is made with the next mail.
        quiet.access_token = False
        brought = self._normalized(after["email_cc"]) - self._normalized(before["email_cc"])
        if brought & self._normalized(survivor.email_cc):  # somebody changed the copies since
            copies = email_split_and_format_normalize(survivor.email_cc)
            own = [address for address in copies if email_normalize(address) not in brought]
            quiet.email_cc = ", ".join(own) or False

    def _give_back(self, case, moved):
        """Return to a case what moved from it, as far as it is still there."""
        survivor = self.survivor_id
        later = self.env["mail.message"].browse(self.moved["later"].get(str(case.id), ()))
        messages = self.env["mail.message"].browse(moved["messages"]["ids"]) | later
        messages = self._still_there(messages)
        shown = messages.filtered(
            lambda message: message.id in moved["messages"]["hidden"] or message in later
        )
        shown.write({"is_internal": False})
        # What belonged to the others is given back below.
        case._rehang_messages(messages - later, case)
        case._hang_messages_on(messages & later, case)
        case._record_messages(messages & later)
        files = self.env["ir.attachment"].browse(moved["attachments"]).exists()
        files.filtered(lambda file: file.res_id == survivor.id and file.res_model == CASE).write(
            {"res_id": case.id}
        )
        for model, ids in moved["links"].items():
            self._give_back_links(model, ids, case)
        held = self.env["mail.scheduled.message"].browse(moved["held"]).exists()
        held._move_to_case(case)
        self._give_back_escalations(case, moved["escalations"])
        self._give_back_activities(case, moved)
        agreed = {int(number): user_id for number, user_id in moved["children"].items()}
        children = case.browse(agreed).exists()
        for child in self._in_peace(children.filtered(lambda one: one.parent_id == survivor)):
            child.parent_id = case
            child.parent_agreed_user_id = agreed[child.id]
        self._give_back_company(case, moved)

    def _give_back_links(self, model, ids, case):
        name = self._moving_links().get(model)
        if not name:
            return  # of an app that is gone
        records = self.env[model].with_context(**MOVES_HISTORY)
        records = records.browse(ids).exists()
        records.filtered(lambda record: record[name] == self.survivor_id).write({name: case.id})

    def _give_back_escalations(self, case, ids):
        escalations = self.env["customer.service.escalation"].browse(ids).exists()
        if escalations:
            self._in_peace(self.survivor_id).escalation_id = False
            escalations.case_id = case

    def _give_back_activities(self, case, moved):
        activity = self.env["mail.activity"].with_context(
            active_test=False, customer_service_follow_call_back=True
        )
        activities = activity.browse(moved["activities"]).exists()
        activities.filtered(lambda one: one.res_id == self.survivor_id.id).write(
            {"res_id": case.id}
        )
        activity.browse(moved["call_backs"]).exists().write({"active": True})

    def _give_back_company(self, case, moved):
        """Take away again the followers and tags that only this case brought along."""
        survivor = self.survivor_id
        others = survivor._merged_here() - case
        followers = set(moved["followers"]) - set(others.message_partner_ids.ids)
        survivor.message_unsubscribe(list(followers))
        tags = self.env["customer.service.tag"].browse(moved["tags"]).exists() - others.tag_ids
        survivor.tag_ids -= tags

    def _give_back_values(self, case, kept):
        """Give a case the values that it had.

        :param set kept: names of fields that stay as they are
        """
        before, after = (self.moved[when][str(case.id)] for when in ("before", "after"))
        lost = self._lost_values(case, kept)
        values = {
            name: value
            for name, value in before.items()
            if value != after[name] and name not in kept | lost
        }
        if "stage_id" in lost:
            values["stage_id"] = case._stage_of_status("open", case.team_id).id
        quiet = self._in_peace(case)
        stage_id = values.pop("stage_id", False)
        if stage_id:
            quiet.write({"stage_id": stage_id})
            # What a change of status does by itself was not so before.
            for name in ("resolve_date", "close_date", "reopen_count", "follow_up"):
                values.setdefault(name, before[name])
        if "call_back_date" in values and case == self.survivor_id:
            quiet = quiet.with_context(customer_service_follow_call_back=False)
        if values:
            quiet.write(values)

    def _note_undo(self, survivor, cases):
        """Say on both sides that they are apart again."""
        for case in cases:
            case._message_log(
                body=self.env._(
                    "Taken out of %(case)s again.",
                    case=survivor._get_html_link(title=survivor.number),
                )
            )
        links = self._links_of(cases)
        survivor._message_log(body=self.env._("%(cases)s is a case of its own again.", cases=links))
