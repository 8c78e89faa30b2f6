from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.misc import clean_context

from ..const import PREVIEW_LENGTH
from ..tools.text import first_words
from .customer_service_case_merge_moves import CASE, CONVERSATION, MOVING_MESSAGE_TYPES, PERSON


class CustomerServiceCaseSplitMoves(models.AbstractModel):
    """Messages that become a case of their own, and their way back."""

    _name = "customer.service.case.split.moves"
    _description = "Splitting of a Case"

    @api.model
    def _split(self, case, messages, values=None, *, shares=False):
        """Make a case of messages of another one, with their files.

        :param customer.service.case case: where they are
        :param mail.message messages: some of its conversation
        :param dict values: of the new case, where they differ from :meth:`_split_values`
        :param bool shares: the customer of the new case, if another person, may read what was
            said by and to others
        :return: the log, in sudo; the new case is the one in ``merged_ids``
        :raise UserError: the messages are no part of this conversation, or all of it
        :raise AccessError: the user may not change the case
        """
        case.check_access("write")
        self._lock(case)
        case._check_not_merged()
        messages = self._check_messages(case, messages)
        proposed = self._split_values(case, messages)
        if values and values.get("partner_id", proposed["partner_id"]) != proposed["partner_id"]:
            for name in (*PERSON, "sale_order_id"):  # of somebody else
                proposed.pop(name, None)
        # What the form was opened with says nothing of the new case.
        clean = case.with_env(self.env(context=clean_context(self.env.context)))
        new = clean.with_context(mail_create_nosubscribe=True).create(
            {**proposed, **(values or {})}
        )
        # sudo: case - where it comes from is kept by the case itself
        case, new = case.sudo(), new.sudo()
        before = {case.id: self._snapshot(case)}
        self._in_peace(new).split_from_id = case
        moved = self._split_messages(case, new, messages, shares)
        self._refresh(case, case.browse())
        self._refresh(new, new.browse())
        # sudo: merge - the log is written by the code only
        log = self.sudo().create(
            {
                "kind": "split",
                "survivor_id": case.id,
                "merged_ids": [(6, 0, new.ids)],
                "label": new.number,
                "user_id": self.env.uid,
                "shares": shares,
                "moved": {"cases": {new.id: moved}, "before": before, "later": {}},
            }
        )
        log._note_split(case, new)
        log._count()
        log._mark_time()
        return log

    @api.model
    def _splittable(self, case):
        """Return, in sudo, the messages of a case that can become one of their own."""
        # sudo: mail.message - of a case that the user sees
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", CASE),
                    ("res_id", "=", case.id),
                    ("message_type", "in", MOVING_MESSAGE_TYPES),
                ]
            )
        )

    @api.model
    def _check_messages(self, case, messages):
        """Return messages, in sudo and oldest first, once it is sure that they may be split off."""
        known = self._splittable(case)
        chosen = known.filtered(lambda message: message.id in messages.ids)
        if not chosen or len(chosen) != len(messages):
            raise UserError(self.env._("Choose messages of this case."))
        if chosen == known:
            raise UserError(
                self.env._("Leave a message here: a case without any needs no splitting.")
            )
        return chosen.sorted(lambda message: (message.date, message.id))

    @api.model
    def _split_values(self, case, messages):
        """Return the values of the case that messages become.

        :param mail.message messages: in sudo, oldest first
        """
        return {
            "name": self._split_name(case, messages),
            "team_id": case.team_id.id,
            "user_id": case.user_id.id,
            "type_id": case.type_id.id,
            "priority": case.priority,
            "channel_id": case.channel_id.id,
            **self._person_of(case, messages),
        }

    @api.model
    def _split_name(self, case, messages):
        """Return the subject of the new case: the first words of what it begins with."""
        text = html2plaintext(messages[:1].body or "")
        return first_words(text, PREVIEW_LENGTH) or case.name

    @api.model
    def _writer_of(self, case, messages):
        """Return who wrote the first of the messages, if neither us nor the case's customer.

        :param mail.message messages: in sudo, oldest first
        :return: a contact and a mail address, one of them or none
        """
        theirs = messages.filtered(
            lambda message: (
                not case._is_from_agent(message) and message.message_type != "auto_comment"
            )
        )[:1]
        if not theirs or self._is_of(case, theirs):
            return theirs.author_id.browse(), ""
        return theirs.author_id, "" if theirs.author_id else theirs.email_from or ""

    @api.model
    def _person_of(self, case, messages):
        """Return whose the new case is: of who wrote the first of the messages, if not of us.

        :param mail.message messages: in sudo, oldest first
        """
        writer, address = self._writer_of(case, messages)
        if writer:
            return {"partner_id": writer.id}
        if email_normalize(address):
            identity = self.env["customer.service.identity"]._find_or_create_from_email(
                address, case.company_id
            )
            return {**identity._case_values(), "email_from": email_normalize(address)}
        # sudo: identity - the person of a case that the user sees
        known = case.sudo()
        return {
            "partner_id": known.partner_id.id,
            "identity_id": known.identity_id.id,
            "partner_name": known.partner_name,
            "email_from": known.email_from,
            "phone": known.phone,
            "lang": known.lang,
            "sale_order_id": known.sale_order_id.id,
        }

    @api.model
    def _is_of(self, case, message):
        """Tell whether the customer of a case wrote a message."""
        # sudo: case - whose it is
        known = case.sudo()
        if message.author_id and message.author_id == known.partner_id:
            return True
        return email_normalize(message.email_from or "") in known._own_addresses()

    @api.model
    def _split_messages(self, case, new, messages, shares):
        """Move messages to a new case, and see to it that its customer reads only what is theirs.

        :return: what moved, as the log keeps it
        """
        public = messages.filtered(lambda message: not message.subtype_id.internal)
        apart = public.filtered("is_internal")
        theirs = public.filtered(lambda message: self._is_of(new, message))
        shown = apart if shares else self._apart_of(case, new, apart, theirs)
        shown = shown if apart & theirs else apart.browse()
        hidden = public.browse()
        if not shares and case._relation_to(new) != "same":
            hidden = public - apart - theirs
        shown.write({"is_internal": False})
        hidden.write({"is_internal": True})
        case._hang_messages_on(messages, new)
        return {
            "messages": {"ids": messages.ids, "hidden": hidden.ids},
            "shown": shown.ids,
        }

    @api.model
    def _apart_of(self, case, new, apart, theirs):
        """Return what was kept apart because it is the customer's of the new case.

        Several customers may be kept apart in one case, none of whom reads of the others.

        :param mail.message apart: those that were kept apart
        :param mail.message theirs: those that this customer wrote
        """
        of_others = {
            message_id
            for merged in case._kept_apart_within()
            if merged._relation_to(new) != "same"
            for message_id in merged._merge_in_force_now()._messages_of(merged)
        }
        return apart.filtered(
            lambda message: (
                message.id not in of_others
                and (
                    message in theirs
                    or case._is_from_agent(message)
                    or message.message_type == "auto_comment"
                )
            )
        )

    def _note_split(self, case, new):
        """Say on both sides what became of what."""
        case._message_log(
            body=self.env._(
                "Messages of this case went on in %(case)s.",
                case=new._get_html_link(title=new.number),
            )
        )
        new._message_log(
            body=self.env._("Split off from %(case)s.", case=case._get_html_link(title=case.number))
        )

    # ------------------------------------------------------------------------------------------
    # Back
    # ------------------------------------------------------------------------------------------

    def _remains_of_split(self):
        """Return in sentences what is not as before when this split is undone."""
        case, new = self.survivor_id, self.merged_ids
        moved = self.moved["cases"][str(new.id)]["messages"]["ids"]
        messages = self.env["mail.message"].browse(moved)
        found = []
        gone = len(messages) - len(self._still_there(messages, new))
        if gone:
            found.append(
                self.env._("%(count)s messages were deleted or moved on since.", count=gone)
            )
        news = len(self._news("mail.message", new))
        if news:
            found.append(
                self.env._(
                    "%(count)s new messages of %(new)s go along to %(case)s.",
                    count=news,
                    new=new.number,
                    case=case.number,
                )
            )
        return found

    def _undo_split(self):
        """Bring the messages back; the case that was made of them is merged, as it has a number."""
        case, new = self.survivor_id, self.merged_ids
        before = self.moved.get("before", {}).get(str(case.id))
        news = self._news("mail.message", case) | self._news("mail.message", new)
        moved = self.moved["cases"][str(new.id)]
        messages = self._still_there(self.env["mail.message"].browse(moved["messages"]["ids"]), new)
        messages.filtered(lambda one: one.id in moved["messages"]["hidden"]).write(
            {"is_internal": False}
        )
        messages.filtered(lambda one: one.id in moved["shown"]).write({"is_internal": True})
        new._hang_messages_on(messages, case)
        self._merge(case, new, is_agreed=True)
        # Who waits follows from the conversation, which is whole again: nobody waited in the other.
        if news or not before or case.stage_id.id != before["stage_id"]:
            self._refresh(case, case.browse())
        else:
            self._in_peace(case).write({name: before[name] for name in CONVERSATION})
