from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.client_action import notification, reload_view


class CustomerServiceCaseRemoteSupport(models.AbstractModel):
    """Looking at the customer's screen: one button mails them where they get the tool."""

    _name = "customer.service.case.remote.support"
    _description = "Remote Support of a Case"

    remote_support_url = fields.Char(
        "Link to Remote Support", compute="_compute_remote_support_url"
    )

    @api.depends("company_id")
    def _compute_remote_support_url(self):
        for case in self:
            # sudo: res.company - its setting
            case.remote_support_url = case.company_id.sudo().customer_service_remote_support_url

    def action_remote_support(self):
        """Mail the link of the tool to the customer, and record a remote contact.

        :raise UserError: there is no link, no address, or no mail to put it in
        """
        self.ensure_one()
        self._check_may_answer()
        # sudo: mail.template - of this app, chosen by no one
        template = self.env["mail.template"].sudo()
        template = template.browse(
            self._xmlid_id("customer_service.mail_template_remote_support")
        ).exists()
        if not self.remote_support_url or not template:
            raise UserError(
                self.env._(
                    "No link to a tool for remote support is set. An administrator enters it in "
                    "the settings of customer service."
                )
            )
        if not self.reply_to_customer:
            raise UserError(self.env._("Enter the customer's email address first."))
        self._mail_beside(template, is_remote=True)
        message = self.env._(
            "The link is on its way to %(address)s.", address=self.reply_to_customer
        )
        return notification(message, then=reload_view())
