from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..tools.client_action import notification


class CustomerServiceOrderWrite(models.TransientModel):
    """Write to a customer from their order: the thread of the order is used or started."""

    _name = "customer.service.order.write"
    _description = "Write to the Customer of an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    order_message_id = fields.Many2one("customer.service.order.message", string="Text")
    visibility = fields.Selection(
        [("public", "Shown to the customer"), ("private", "Private")],
        compute="_compute_visibility",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    case_id = fields.Many2one(
        "customer.service.case", string="Continues", compute="_compute_case_id"
    )
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False, precompute=True)
    body = fields.Html(
        "Message",
        compute="_compute_body",
        store=True,
        readonly=False,
        precompute=True,
        sanitize="email_outgoing",
    )
    recipients = fields.Char("Goes To", compute="_compute_recipients")

    @api.depends("order_message_id")
    def _compute_visibility(self):
        for write in self:
            is_private = write.order_message_id.is_private
            write.visibility = "private" if is_private else "public"

    @api.depends("order_id")
    def _compute_case_id(self):
        for write in self:
            write.case_id = write.order_id._conversation_case()

    @api.depends("order_message_id")
    def _compute_subject(self):
        for write in self:
            text = write.order_message_id.with_context(lang=write._lang()).name
            order = write.order_id.name
            write.subject = f"{text} – {order}" if text else order

    @api.depends("order_message_id")
    def _compute_body(self):
        for write in self:
            text = write.order_message_id
            write.body = text._body_for(write.order_id, write._lang()) if text else write.body

    @api.depends("order_id", "case_id", "visibility")
    def _compute_recipients(self):
        for write in self:
            if write.visibility == "private":
                write.recipients = self.env._("Colleagues only")
            elif write.case_id:
                write.recipients = write.case_id._reply_recipients_label()
            else:
                partner = write.order_id.partner_id
                write.recipients = partner.email_normalized or self.env._(
                    "nobody, as no address is known"
                )

    def _lang(self):
        """Return the language to write in: that of the conversation, else the customer's."""
        return self.case_id.lang or self.order_id.partner_id.lang or self.env.lang

    def action_send(self):
        """Post it on the case of the order, which is made now where there is none.

        :raise UserError: there is nothing to send
        """
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write something first."))
        case = self.case_id
        subject = {}
        if not case:
            case = self.env["customer.service.case"].create(self._case_values())
            # The first mail of a conversation answers nothing.
            subject = {"subject": case._message_compute_subject().removeprefix("Re: ")}
        is_public = self.visibility == "public"
        case.message_post(
            body=self.body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment" if is_public else "mail.mt_note",
            **subject,
        )
        return self._done(case)

    def _case_values(self):
        """Return the values of the case that is started."""
        order = self.order_id
        case = self.env["customer.service.case"].with_company(order.company_id)
        case_type = self.order_message_id.type_id
        return {
            "name": self.subject or order.name,
            "partner_id": order.partner_id.id,
            "sale_order_id": order.id,
            "type_id": case_type.id,
            "team_id": (case_type.default_team_id or case._default_team_id()).id,
            "channel_id": case._xmlid_id("customer_service.channel_email"),
            "user_id": self.env.uid,
        }

    def _done(self, case):
        """Return the client action that says what was done, with a link to the case."""
        if self.visibility == "public":
            message = self.env._("Sent to the customer, and kept on case %s.")
        else:
            message = self.env._("Kept as an internal note on case %s.")
        return notification(message, links=case)
