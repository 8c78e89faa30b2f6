from datetime import timedelta

from odoo import models


class MailActivity(models.Model):
    """The activity *Call Back* and the promise on its case are one thing."""

    _inherit = "mail.activity"

    def _call_backs(self):
        """Return those of these activities that remind of a promised call."""
        if self.env.context.get("customer_service_follow_call_back"):
            return self.browse()
        case = self.env["customer.service.case"]
        type_id = case._xmlid_id("customer_service.activity_type_call_back")
        return self.filtered(
            lambda one: one.activity_type_id.id == type_id and one.res_model == case._name
        )

    def _call_back_cases(self):
        """Return the cases of these activities."""
        # sudo: case - whoever may change the activity changes the promise
        return self.env["customer.service.case"].sudo().browse(self.mapped("res_id")).exists()

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_deadline", "user_id"}:
            for activity in self._call_backs().filtered("active"):
                activity._move_call_back(vals)
        return result

    def _move_call_back(self, vals):
        """Let the promise follow its activity: another day at the same time, another colleague."""
        case = self._call_back_cases()
        if not case.call_back_date:
            return
        values = {}
        if "user_id" in vals:
            values["call_back_user_id"] = vals["user_id"]
        if "date_deadline" in vals:
            days = self.date_deadline - case._call_back_day()
            values["call_back_date"] = case.call_back_date + timedelta(days=days.days)
        case.write(values)

    def unlink(self):
        cases = self._call_backs().filtered("active")._call_back_cases()
        result = super().unlink()
        cases._forget_call_back()
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        cases = self._call_backs()._call_back_cases()
        cases._check_call_back_person()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        cases._forget_call_back()
        return result
