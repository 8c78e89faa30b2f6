from odoo import fields, models
from odoo.exceptions import UserError

from ..const import DONE
from ..tools.client_action import notification, reload_view


class CustomerServiceCaseSpam(models.AbstractModel):
    """Mail that nobody asked for: closed and its sender blocked; one click takes both back."""

    _name = "customer.service.case.spam"
    _description = "Spam"

    is_spam = fields.Boolean("Spam", readonly=True, copy=False, groups="base.group_user")

    def action_mark_spam(self):
        """Close these cases and block those who wrote them.

        :raise UserError: a case is a customer's who has orders, or was begun by one of us
        """
        self.check_access("write")
        for case in self.filtered("sale_order_id"):
            raise UserError(
                self.env._(
                    "%(case)s is about an order, so it is no spam. Close it instead.",
                    case=case.number,
                )
            )
        # sudo: blocked sender - agents block by this button, the list is the administrators'
        blocked = self.env["customer.service.blocked.sender"].sudo()
        for case in self:
            if case.email_normalized:
                blocked._block(
                    case.email_normalized,
                    case.company_id,
                    case=case,
                    reason=self.env._("Marked as spam by %(name)s", name=self.env.user.name),
                )
        self.write({"is_spam": True})
        self.filtered(lambda case: case.status != "closed").write({"status": "closed"})
        return True

    def action_not_spam(self):
        """Open these cases again and let their senders write."""
        self.check_access("write")
        spam = self.filtered("is_spam")
        # sudo: blocked sender - whoever may block by the button may take it back
        self.env["customer.service.blocked.sender"].sudo().search(
            [("case_id", "in", spam.ids)]
        ).active = False
        spam.write({"is_spam": False})
        spam.filtered(lambda case: case.status in DONE).write({"status": "open"})
        # sudo: case - figures that the case itself keeps
        spam.sudo()._refresh_conversation()
        return spam._still_blocked_notification() or True

    def _still_blocked_notification(self):
        """Return the client action that names senders whom somebody else blocked, if any."""
        # sudo: blocked sender - whether mail comes through, for whoever says it should
        blocked = self.env["customer.service.blocked.sender"].sudo()
        addresses = {
            case.email_normalized
            for case in self
            if blocked._blocks(case.email_normalized, case.company_id)
        }
        if not addresses:
            return None
        message = self.env._(
            "Still blocked, by hand or because of another case: %(senders)s. A supervisor "
            "can take that back under Mail, Blocked Senders.",
            senders=", ".join(sorted(addresses)),
        )
        return notification(message, then=reload_view(), sticky=True, kind="warning")
