from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


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
        message = self.message_post(**self._remote_support_values(template))
        # sudo: interaction - the one that this message has made
        interactions = self.env["customer.service.interaction"].sudo()
        interactions.search([("message_id", "=", message.id)]).write(
            {"originator": "agent", "user_id": self.env.uid, "is_remote": True}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The link is on its way to %(address)s.", address=self.reply_to_customer
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _remote_support_values(self, template):
        """Return what is posted: the mail with the link, in the language of the case.

        It is no answer: the customer still waits for one, and so does a product to be verified.
        It goes to the customer alone, whoever is in Cc.
        """
        rendered = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        recipient = self._mailed_partner()
        # sudo: team - its address
        sender = self.team_id.sudo()._formatted_address()
        return {
            "message_type": "auto_comment",
            "subtype_xmlid": "mail.mt_comment",
            "subject": rendered.get("subject") or None,
            # markup: rendered and sanitized as any template
            "body": Markup(rendered["body_html"] or ""),
            "author_id": self.env.user.partner_id.id,
            "email_from": sender or self.env.user.email_formatted,
            "partner_ids": recipient.ids,
            "outgoing_email_to": False if recipient else self.email_normalized,
            "email_add_signature": True,
            "notify_skip_followers": True,
        }
