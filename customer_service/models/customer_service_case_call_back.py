from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_datetime, plaintext2html

_CALL_BACK = "customer_service.activity_type_call_back"


class CustomerServiceCaseCallBack(models.AbstractModel):
    """The call that somebody was promised: when, by whom, and that it was made.

    ``call_back_date`` and the activity *Call Back* say the same, whichever of them is changed.
    The moment is on the case, so that lists sort by it; the activity reminds whoever calls.
    """

    _name = "customer.service.case.call.back"
    _description = "Promised Call-Back"
    _inherit = ["customer.service.kept.mixin"]

    call_back_user_id = fields.Many2one(
        "res.users",
        string="Calls Back",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        kept=True,
    )
    call_back_is_late = fields.Boolean(
        "Call-Back Is Late", compute="_compute_call_back_is_late", groups="base.group_user"
    )

    @api.depends("call_back_date")
    def _compute_call_back_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.call_back_is_late = bool(case.call_back_date) and case.call_back_date < now

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        # sudo: case - what is promised, whoever creates it
        promised = cases.filtered(lambda case: case.sudo().call_back_date)
        if promised:
            promised._follow_call_back()
        return cases

    def write(self, vals):
        moved = self.browse()
        if "user_id" in vals:
            # What was promised in the name of whoever was responsible is the next one's to keep.
            # sudo: case - what is promised, whoever hands it over
            moved = self.filtered(
                lambda case: (
                    case.sudo().call_back_date
                    and case.sudo().call_back_user_id in (case.user_id, self.env["res.users"])
                )
            )
        result = super().write(vals)
        if moved:
            # sudo: case - the promise goes along, also to whom the user can show no case
            moved.sudo().call_back_user_id = vals["user_id"]
        following = self.env.context.get("customer_service_follow_call_back")
        if not following and ("call_back_date" in vals or moved):
            (self if "call_back_date" in vals else moved)._follow_call_back()
        return result

    # ------------------------------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------------------------------

    def action_promise_call_back(self):
        """Ask when, and by whom, the customer is called back."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise a Call-Back"),
            "res_model": "customer.service.case.call.back.promise",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_call_back_done(self):
        """The customer was called; the promise is kept.

        :raise RedirectWarning: nobody knows who that is; it leads to the look-up
        """
        self.check_access("write")
        for case in self.filtered("call_back_date"):
            case._check_call_back_person()
            # sudo: mail.activity - whoever works on the case calls, whoever was to be reminded
            case._call_back_activities().sudo().action_feedback()
            case._forget_call_back()
        return True

    def action_call_back_cancel(self):
        """The customer does not want to be called any more."""
        self.check_access("write")
        for case in self.filtered("call_back_date"):
            case.message_post(
                body=self.env._(
                    "The call-back promised for %(date)s is not wanted any more.",
                    date=case._call_back_label(),
                ),
                subtype_xmlid="mail.mt_note",
            )
        self.filtered("call_back_date").write({"call_back_date": False})
        return True

    def action_find_person(self):
        """Ask who that is: look them up, or keep the address they told."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_person_action"
        )
        return {**action, "context": {"default_case_id": self.id}}

    # ------------------------------------------------------------------------------------------
    # Promising
    # ------------------------------------------------------------------------------------------

    def _promise_call_back(self, date, user=None, note=""):
        """Promise this customer a call.

        :param datetime date: when, in UTC
        :param res.users user: who calls, none for whoever takes the case; if not given, the
            responsible, else whoever promises
        :param str note: what about, plain text
        :raise UserError: the moment has passed
        """
        self.ensure_one()
        # A minute that has just begun is still “now”.
        if date < fields.Datetime.now() - timedelta(minutes=1):
            raise UserError(self.env._("The call-back would be in the past. Choose another time."))
        caller = (self.user_id or self.env.user) if user is None else user
        # sudo: case - who calls is kept by the promise itself
        self.sudo().call_back_user_id = caller
        self.with_context(customer_service_call_back_note=note).call_back_date = date

    def _call_back_label(self):
        """Return when the customer is called, in the user's time zone."""
        self.ensure_one()
        return format_datetime(self.env, self.call_back_date, dt_format="short")

    def _call_back_activities(self):
        """Return the activities that remind of the promises."""
        # sudo: mail.activity - kept by the case itself, whoever they are assigned to
        return self.sudo().activity_search([_CALL_BACK], only_automated=False).sudo(False)

    def _follow_call_back(self):
        """Let the activities follow the cases: made, moved or taken off the list."""
        # sudo: case, mail.activity - kept by the case itself, whoever they are assigned to
        cases = self.sudo().with_context(customer_service_follow_call_back=True)
        activities = cases._call_back_activities().sudo().grouped("res_id")
        note = self.env.context.get("customer_service_call_back_note")
        for case in cases:
            known = activities.get(case.id, self.env["mail.activity"].sudo())
            known = known.with_context(customer_service_follow_call_back=True)
            if not case.call_back_date:
                known.unlink()
                case._forget_call_back()
                continue
            caller = case.call_back_user_id or case.user_id
            if case.call_back_user_id != caller:
                case.call_back_user_id = caller
            values = {
                "date_deadline": case._call_back_day(),
                "user_id": caller.id,
                "summary": case._call_back_summary(),
            }
            if note:
                values["note"] = plaintext2html(note)
            if known:
                known[1:].unlink()
                changed = {
                    name: value
                    for name, value in values.items()
                    if known[0][name] != (value if name != "user_id" else caller)
                }
                if changed:
                    known[0].write(changed)
            else:
                case.activity_schedule(_CALL_BACK, **values)

    def _call_back_day(self):
        """Return the day of the call where whoever calls is."""
        zone = self.call_back_user_id.tz or self.env.user.tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.call_back_date
        ).date()

    def _call_back_summary(self):
        """Return the words of the activity, with the time where whoever calls is."""
        caller = self.call_back_user_id
        zone = caller.tz or self.env.user.tz or "UTC"
        case = self.with_context(lang=caller.lang or self.env.lang)
        time = format_datetime(case.env, self.call_back_date, tz=zone, dt_format="short")
        who = self.customer_label or self.phone or ""
        return case.env._("Call back %(customer)s: %(time)s", customer=who, time=time)

    def _forget_call_back(self):
        """Nothing is promised any more."""
        # sudo: case - kept by the promise itself
        kept = self.sudo().filtered(lambda case: case.call_back_date or case.call_back_user_id)
        if kept:
            kept.with_context(customer_service_follow_call_back=True).write(
                {"call_back_date": False, "call_back_user_id": False}
            )

    def _count_contact(self, action):
        result = super()._count_contact(action)
        # We called: what was promised is kept, as long as it is known whom we called.
        by_phone = action.channel_id.id in (False, self._xmlid_id("customer_service.channel_phone"))
        # sudo: case - the promise, for whoever recorded the call
        promised = self.sudo().call_back_date
        we_called = promised and action.originator == "agent" and by_phone
        if we_called and self._is_linked() and not self._call_back_unlinked_interaction():
            self.action_call_back_done()
        return result

    # ------------------------------------------------------------------------------------------
    # Who is called
    # ------------------------------------------------------------------------------------------

    def _is_linked(self):
        """Tell whether it is known who this is: a customer, or somebody with an address."""
        self.ensure_one()
        # sudo: res.partner, identity - whether there is one
        known = self.sudo()
        identity = known.identity_id
        return bool(
            known.partner_id
            or known.email_normalized
            or identity.partner_id
            or identity.email_normalized
        )

    def _call_back_unlinked_interaction(self):
        """Return the last contact recorded by hand, if nobody knows with whom it was."""
        self.ensure_one()
        # sudo: interaction - whether somebody is known, nothing is shown
        last = self.sudo().action_ids.interaction_id.filtered(lambda one: not one.message_id)
        last = last.sorted(lambda one: (one.date, one.id))[-1:]
        identity = last.identity_id
        known = last.partner_id or last.email or identity.partner_id or identity.email_normalized
        return last.browse() if known else last

    def _check_call_back_person(self):
        """Demand the look-up, or the address, before a call-back counts as made.

        :raise RedirectWarning: the case or its last contact is linked to nobody
        """
        for case in self:
            if case._is_linked() and not case._call_back_unlinked_interaction():
                continue
            raise RedirectWarning(
                self.env._(
                    "%(case)s is linked to nobody yet. Look the caller up, or ask for the email "
                    "address, before you call back.",
                    case=case.number,
                ),
                self._xmlid_id("customer_service.customer_service_case_person_action"),
                self.env._("Look Up"),
                {"default_case_id": case.id},
            )
