from odoo import api, fields, models
from odoo.tools import format_datetime, html2plaintext

from odoo.addons.mail.tools.discuss import Store

from ..tools.remote_content import block_remote
from ..tools.text import first_words

_CASE = "customer.service.case"

#: First words by which a message is known in a list to choose from.
_CHOICE_LENGTH = 60


class MailMessage(models.Model):
    """What was said in a case stays as it was said, and tells how far its sender is proven."""

    _name = "mail.message"
    _inherit = ["mail.message", "customer.service.message.timeline"]

    # Colleagues only: to a sender who forges addresses the result would be a hint.
    customer_service_sender_check = fields.Selection(
        [
            ("verified", "Verified sender"),
            ("unverified", "Not verified"),
            ("failed", "Sender check failed"),
        ],
        "Sender Check",
        groups="base.group_user",
        help="Whether the mail servers on the way could prove that a mail is from its sender.",
    )
    customer_service_machine = fields.Char(
        "Written by a Machine",
        groups="base.group_user",
        help="auto_reply, bounce, report, list or bulk; empty when a person wrote.",
    )

    def _field_store_repr(self, field_name):
        # The web client parses a body in more than one place, and a browser loads the pictures
        # of whatever it parses: it gets nothing that could be loaded.
        if field_name == "body":
            return [Store.Attr("body", lambda message: message._customer_service_body())]
        return super()._field_store_repr(field_name)

    def _customer_service_body(self, for_customer=False, body=None):
        """Return the body for a browser, in a case without anything from the internet.

        Colleagues find what one of us wrote whole, as they may edit it; in what came from
        outside they can ask for what was taken out.

        :param bool for_customer: whether it is for the customer's page, which loads nothing
        :param body: another form of the body, say in another language
        """
        self.ensure_one()
        body = self.body if body is None else body
        if self.model != _CASE or (not for_customer and self._customer_service_is_ours()):
            return body
        # sudo: ir.config_parameter - our own address
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        return block_remote(body, base_url, restorable=not for_customer)

    def _customer_service_is_ours(self):
        """Tell whether one of us wrote the message here, and not in a mail in somebody's name."""
        # sudo: mail.message - whether the author is an employee
        author = self.sudo().author_id
        return self.message_type != "email" and bool(author) and not author.partner_share

    @api.depends_context("customer_service_message_choice")
    def _compute_display_name(self):
        super()._compute_display_name()
        if not self.env.context.get("customer_service_message_choice"):
            return
        for message in self:
            author = message.author_id.name or message.email_from or ""
            words = first_words(html2plaintext(message.body or ""), _CHOICE_LENGTH)
            date = format_datetime(self.env, message.date, dt_format="short")
            message.display_name = f"{date}, {author}: {words}"

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if not target.is_internal(self.env):
            return defaults
        # sudo: mail.message - the reader is one of us, whoever wrote what is sent to them
        return (
            defaults
            + [
                Store.Attr(name, predicate=lambda message: message.model == _CASE, sudo=True)
                for name in ("customer_service_sender_check", "customer_service_machine")
            ]
            + [
                Store.Attr(
                    "customer_service_kept_apart",
                    lambda message: self.env[_CASE]._is_apart(message),
                    predicate=lambda message: message.model == _CASE,
                    sudo=True,
                )
            ]
        )

    def _get_forbidden_access(self, operation):
        # The host lets whoever wrote or received a message change it, and make one of any date.
        # People outside the company write by the portal's own ways, which post for them.
        forbidden = super()._get_forbidden_access(operation)
        if operation == "read" or self.env.user._is_internal():
            return forbidden
        # sudo: mail.message - what it belongs to
        of_cases = self.sudo().filtered(lambda message: message.model == _CASE)
        return forbidden | of_cases.sudo(False)
