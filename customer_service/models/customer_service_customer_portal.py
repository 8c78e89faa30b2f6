from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import clean_context


class CustomerServiceCustomerPortal(models.AbstractModel):
    """A customer's login to the portal: given, taken back, and a new password mailed.

    All of it by the host's own wizard, and for whoever the host lets open it. Colleagues have
    logins of another kind, which nobody changes from here.
    """

    _name = "customer.service.customer.portal"
    _description = "Portal Login of a Customer"

    portal_state = fields.Selection(
        [
            ("none", "No login"),
            ("invited", "Invited"),
            ("active", "Has a login"),
            ("withdrawn", "Withdrawn"),
            ("colleague", "Works here"),
        ],
        string="Portal",
        compute="_compute_portal",
        groups="customer_service.group_agent",
    )
    portal_login = fields.Char(
        "Logs In as", compute="_compute_portal", groups="customer_service.group_agent"
    )
    portal_login_date = fields.Datetime(
        "Last Login", compute="_compute_portal", groups="customer_service.group_agent"
    )

    @api.depends("user_ids")
    def _compute_portal(self):
        for partner in self:
            user = partner._origin._portal_user()
            partner.portal_state = partner._portal_state_of(user)
            is_customer = user.share
            partner.portal_login = is_customer and user.login
            partner.portal_login_date = is_customer and user.login_date

    @api.model
    def _portal_state_of(self, user):
        """Return what a login means, none being one, too."""
        if not user:
            return "none"
        if not user.share:
            return "colleague"
        if not user.active:
            return "withdrawn"
        return "active" if user.login_date else "invited"

    def _portal_user(self):
        """Return the login of a contact, in sudo: the one in use, else the one used last.

        A contact that was merged may have several, of which one is in use at most.
        """
        # sudo: res.users - how a customer logs in, for whoever may change the contact
        users = self.sudo().with_context(active_test=False).user_ids
        return users.sorted(
            lambda user: (
                not user.share,
                user.active,
                user.login == user.partner_id.email_normalized,
                user.login_date or datetime.min,
            )
        )[-1:]

    def action_portal_grant(self):
        """Give this customer a login, and mail the link to choose a password.

        :raise UserError: there is no address, it is another one's login, or nobody could log in
        :raise AccessError: the host lets somebody else do that
        """
        entry = self._portal_entry()
        if entry.is_portal:
            raise UserError(self.env._("%(name)s has a login already.", name=self.display_name))
        self._check_portal_address(entry)
        entry.action_grant_access()
        return self._tell_portal(
            self.env._("Got a login to the portal, the link was mailed to %(address)s."), entry
        )

    def action_portal_invite_again(self):
        """Mail the link to choose a password once more."""
        entry = self._portal_entry()
        self._check_has_login(entry)
        self._check_portal_address(entry)
        entry.action_invite_again()
        return self._tell_portal(
            self.env._("The link to log in was mailed to %(address)s again."), entry
        )

    def action_portal_withdraw(self):
        """Take the login away. What the customer wrote stays, and so do the links in mails."""
        entry = self._portal_entry()
        self._check_has_login(entry)
        entry.action_revoke_access()
        return self._tell_portal(self.env._("The login to the portal was withdrawn."), entry)

    def action_portal_reset_password(self):
        """Mail the customer the link to choose a new password, as the login page would."""
        entry = self._portal_entry()
        self._check_has_login(entry)
        self._check_portal_address(entry)
        # The login, not the contact: no other user of the host is reached from here.
        user = self._portal_user().with_context(create_user=False)
        user.action_reset_password()
        return self._tell_portal(
            self.env._("The link to choose a new password was mailed to %(address)s."), entry
        )

    def _portal_entry(self):
        """Return this contact's line of the host's wizard, made now.

        :raise AccessError: the user may not open it
        :raise UserError: nobody can log in as this contact, or it is one of us
        """
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["portal.wizard"].with_context(clean_context(self.env.context))
        if not wizard.has_access("create"):
            raise AccessError(
                self.env._("Logins are given by those who may create contacts. Ask one of them.")
            )
        if self._is_colleague():
            raise UserError(
                self.env._(
                    "%(name)s works here. Who manages users looks after that login.",
                    name=self.display_name,
                )
            )
        if not self.active:
            raise UserError(
                self.env._("%(name)s is archived. Restore the contact first.", name=self.name)
            )
        if self.parent_id and self.type not in ("contact", "other"):
            raise UserError(
                self.env._(
                    "This is an address of %(customer)s. Choose the person who is to log in.",
                    customer=self.parent_id.display_name,
                )
            )
        return wizard.create({"partner_ids": [Command.set(self.ids)]}).user_ids

    def _check_has_login(self, entry):
        if not entry.is_portal:
            raise UserError(self.env._("%(name)s has no login yet.", name=self.display_name))

    def _check_portal_address(self, entry):
        """Make sure that a link can be mailed, and that the address is nobody else's login."""
        if entry.email_state == "ko":
            raise UserError(
                self.env._("Enter an email address of %(name)s first.", name=self.display_name)
            )
        if entry.email_state == "exist":
            raise UserError(
                self.env._(
                    "Somebody logs in with %(address)s already. Enter another address, or report "
                    "the two contacts as one and the same.",
                    address=self.email,
                )
            )

    def _tell_portal(self, sentence, entry):
        """Write on the contact what was done, and keep the dialog open where it was done."""
        self.invalidate_recordset(["portal_state", "portal_login", "portal_login_date"])
        self._message_log(body=sentence % {"address": entry.email})
        return self._customer_dialog_again()
