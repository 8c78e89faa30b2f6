from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from odoo.addons.customer_service.tools.client_action import dialog

#: The end of a code, by which one tells cards apart without being able to use them.
_SHOWN_OF_CODE = 4


class LoyaltyCard(models.Model):
    """A coupon or gift card that made up for something, and one that is void."""

    _name = "loyalty.card"
    _inherit = [
        "loyalty.card",
        "customer.service.case.document.mixin",
        "customer.service.card.timeline",
    ]

    customer_service_void_date = fields.Datetime(
        "Void Since",
        readonly=True,
        copy=False,
        groups="base.group_user",
        kept=True,
    )
    customer_service_void_user_id = fields.Many2one(
        "res.users",
        string="Made Void by",
        readonly=True,
        copy=False,
        groups="base.group_user",
        kept=True,
    )
    customer_service_void_reason = fields.Char(
        "Why It Is Void",
        readonly=True,
        copy=False,
        groups="base.group_user",
        kept=True,
    )

    # ------------------------------------------------------------------------------------------
    # On the case
    # ------------------------------------------------------------------------------------------

    def _case_document_name(self):
        # Whoever knows the code can spend the card: the case does not tell it to all who read it.
        return f"…{self.code[-_SHOWN_OF_CODE:]}"

    def _case_document_kind(self):
        if self.program_type == "gift_card":
            return self.env._("Gift Card")
        return self.env._("Coupon")

    def _case_document_state(self):
        if self.customer_service_void_date:
            return self.env._("Void")
        if self.points <= 0:
            return self.env._("Used up")
        if not self.active:
            return self.env._("Archived")
        if self.expiration_date and self.expiration_date < fields.Date.context_today(self):
            return self.env._("Expired")
        return self.env._("Valid")

    def _case_document_values(self):
        worth = self.points > 0 and self._customer_service_worth()
        return {**super()._case_document_values(), "amount": worth, "is_valid": self.points > 0}

    def _customer_service_worth(self):
        """Return in words what this card is worth."""
        self.ensure_one()
        if self.program_type == "gift_card":
            return format_amount(self.env, self.points, self.currency_id)
        return self.points_display

    # ------------------------------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------------------------------

    def _customer_service_send(self):
        """Mail this card to its customer with the host's template, from the team of its case.

        The mail is kept with the card and not with the case, since it holds the code.
        """
        self.ensure_one()
        # sudo: case - its language and the address of its team
        case = self.sudo().customer_service_case_id
        template = self._customer_service_template()
        parts = ["subject", "body_html", "attachment_ids"]
        # Without the program that makes PDF files the host would refuse to send anything.
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "ok":
            parts.append("report_template_ids")
        context = {"template_preview_lang": case.lang} if case.lang else {}
        rendered = template.with_context(**context)._generate_template(self.ids, parts)[self.id]
        author = self.env.user.partner_id
        return self.message_post(
            body=Markup(rendered["body_html"] or ""),  # rendered and sanitized as any template
            subject=rendered.get("subject"),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
            email_from=case.team_id._formatted_address() or author.email_formatted,
            partner_ids=self.partner_id.ids,
            attachments=rendered.get("attachments", []),
            attachment_ids=rendered.get("attachment_ids", []),
            email_layout_xmlid="mail.mail_notification_light",
            notify_skip_followers=True,
        )

    def _customer_service_template(self):
        """Return the template of the host for this card.

        :raise UserError: it was deleted
        """
        template = self._get_default_template()
        if self.program_type == "gift_card" and not self.program_id.mail_template_id:
            own = self.env.ref("loyalty.mail_template_gift_card", raise_if_not_found=False)
            template = own or template
        if not template:
            raise UserError(
                self.env._(
                    "The program %(program)s has no email template. Choose one, or do not send "
                    "the card.",
                    program=self.program_id.name,
                )
            )
        return template

    def _notify_get_reply_to(self, default=None, author_id=False):
        found = super()._notify_get_reply_to(default=default, author_id=author_id)
        for card in self:
            # sudo: case - the address of its team
            case = card.sudo().customer_service_case_id
            if case:
                found[card.id] = case._answer_address() or found[card.id]
        return found

    @api.model
    def _customer_service_route(self, route):
        """Return where a mail goes that answers the mail with a card: to the card's case.

        :param tuple route: the host's route; one to anything else is returned as it is
        """
        model, thread_id, _values, user_id, _alias = route
        if model != self._name or not thread_id:
            return route
        case = self.browse(thread_id).exists().customer_service_case_id
        return (case._name, case.id, {}, user_id, False) if case else route

    # ------------------------------------------------------------------------------------------
    # Making it void
    # ------------------------------------------------------------------------------------------

    def action_customer_service_void(self):
        """Open the dialog that makes this card void.

        :raise UserError: the user may not, or it is worth nothing any more
        """
        self.ensure_one()
        self._customer_service_check_may_void()
        self._customer_service_check_valid()
        title = self.env._("Make a Card Void")
        return dialog("customer.service.card.void", title, card_id=self.id)

    @api.model
    def _customer_service_check_may_void(self):
        """:raise UserError: the user may not change cards"""
        if not self.has_access("write") or not self.env["loyalty.history"].has_access("create"):
            raise UserError(
                self.env._(
                    "Coupons and gift cards are made void by people with a role in Sales. Ask one "
                    "of them, or an administrator for the role."
                )
            )

    def _customer_service_check_valid(self):
        """:raise UserError: this card is void, or used up"""
        self.ensure_one()
        card = self.sudo()  # sudo: loyalty.card - who made it void
        if card.customer_service_void_date:
            raise UserError(
                self.env._(
                    "%(user)s made %(card)s void already, on %(date)s: %(reason)s",
                    user=card.customer_service_void_user_id.name,
                    card=self._case_document_name(),
                    date=fields.Date.to_string(card.customer_service_void_date),
                    reason=card.customer_service_void_reason,
                )
            )
        if card.points <= 0:
            raise UserError(
                self.env._(
                    "%(card)s is used up, there is nothing left to take back.",
                    card=self._case_document_name(),
                )
            )

    def _customer_service_void(self, reason):
        """Take what is left from this card, for good; who did so and why stays on it.

        :param str reason: plain text
        :raise UserError: it is void or used up already, or the user may not
        """
        self.ensure_one()
        self._customer_service_check_may_void()
        self.check_access("write")
        # Two who do this at once, or somebody who spends it: the host repeats the second request.
        self.env.cr.execute(
            SQL("UPDATE loyalty_card SET write_uid = write_uid WHERE id = %s", self.id)
        )
        self.invalidate_recordset()
        self._customer_service_check_valid()
        worth, points = self._customer_service_worth(), self.points
        self.env["loyalty.history"].create(
            {
                "card_id": self.id,
                "description": self.env._("Void: %(reason)s", reason=reason),
                "used": points,
            }
        )
        self.with_context(loyalty_no_mail=True).points = 0
        # sudo: loyalty.card - what quotations have set aside is none of the host's salespeople's
        # to remove, and who made it void is kept by this method only
        card = self.sudo()
        card.action_archive()
        card.write(
            {
                "customer_service_void_date": fields.Datetime.now(),
                "customer_service_void_user_id": self.env.uid,
                "customer_service_void_reason": reason,
            }
        )
        self._customer_service_note_void(worth, reason)

    def _customer_service_note_void(self, worth, reason):
        """Say on the card, and on the case it was made from, that it is void.

        :param str worth: what it was worth until now
        :param str reason: plain text
        """
        self._message_log(
            body=self.env._("Made void, %(worth)s: %(reason)s", worth=worth, reason=reason)
        )
        # sudo: case - whoever may change the card need not read the case
        case = self.sudo().customer_service_case_id
        if case:
            case._message_log(
                body=self.env._(
                    "%(kind)s %(card)s, worth %(worth)s, was made void: %(reason)s",
                    kind=self._case_document_kind(),
                    card=self._case_document_name(),
                    worth=worth,
                    reason=reason,
                ),
                author_id=self.env.user.partner_id.id,
            )
