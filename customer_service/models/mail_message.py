from odoo import fields, models

from odoo.addons.mail.tools.discuss import Store

_CASE = "customer.service.case"


class MailMessage(models.Model):
    """What was said in a case stays as it was said, and tells how far its sender is proven."""

    _inherit = "mail.message"

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

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if not target.is_internal(self.env):
            return defaults
        # sudo: mail.message - the reader is one of us, whoever wrote what is sent to them
        return defaults + [
            Store.Attr(name, predicate=lambda message: message.model == _CASE, sudo=True)
            for name in ("customer_service_sender_check", "customer_service_machine")
        ]

    def _get_forbidden_access(self, operation):
        # The host lets whoever wrote or received a message change it, and make one of any date.
        # People outside the company write by the portal's own ways, which post for them.
        forbidden = super()._get_forbidden_access(operation)
        if operation == "read" or self.env.user._is_internal():
            return forbidden
        # sudo: mail.message - what it belongs to
        of_cases = self.sudo().filtered(lambda message: message.model == _CASE)
        return forbidden | of_cases.sudo(False)
