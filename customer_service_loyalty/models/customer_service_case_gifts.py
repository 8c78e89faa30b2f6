from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from odoo.addons.customer_service.tools.client_action import dialog

#: Programs of which a single customer can be given something.
GIFT_TYPES = ("gift_card", "coupons")


class CustomerServiceCaseGifts(models.AbstractModel):
    """Coupons and gift cards with which a shop makes up for something."""

    _name = "customer.service.case.gifts"
    _description = "Coupons and Gift Cards of a Case"

    def action_give_card(self):
        """Open the dialog in which one chooses what the customer gets.

        :raise UserError: the user may not, the customer is unknown, or there is nothing to give
        """
        self.ensure_one()
        self._check_may_give()
        if not self.env["loyalty.program"].search_count(self._domain_gift_programs(), limit=1):
            raise UserError(
                self.env._(
                    "There is no program for coupons or gift cards. Make one in Sales, Products, "
                    "Gift Cards & eWallet or Discount & Loyalty."
                )
            )
        title = self.env._("Gift Card or Coupon")
        return dialog("customer.service.case.gift", title, case_id=self.id)

    def action_void_card(self):
        """Open the dialog that makes a card of this case void.

        :raise UserError: the user may not, or there is no card that is worth something
        """
        self.ensure_one()
        self.env["loyalty.card"]._customer_service_check_may_void()
        if not self._valid_cards():
            raise UserError(
                self.env._("No coupon or gift card of this case is worth anything any more.")
            )
        title = self.env._("Make a Card Void")
        return dialog("customer.service.card.void", title, case_id=self.id)

    def _valid_cards(self):
        """Return the cards made from these cases that are worth something, the newest first."""
        # sudo: loyalty.card - which were made; those that the user may not read are left out
        cards = self.env["loyalty.card"].sudo()
        found = cards.search(
            [("customer_service_case_id", "in", self.ids), ("points", ">", 0)], order="id desc"
        )
        return found.sudo(False)._filtered_access("read")

    def _domain_gift_programs(self):
        """Return the domain of the programs from which this customer can be given something."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return [
            ("program_type", "in", GIFT_TYPES),
            ("active", "=", True),
            ("company_id", "in", [False, self.company_id.id]),
            "|",
            ("date_from", "=", False),
            ("date_from", "<=", today),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", today),
        ]

    def _check_may_give(self):
        """:raise UserError: no right to make cards, or nobody whose they would be"""
        self.ensure_one()
        self.check_access("write")
        if not self.env["loyalty.card"].has_access("create"):
            raise UserError(
                self.env._(
                    "Coupons and gift cards are made by administrators of Sales. Ask one of them, "
                    "or ask for the role."
                )
            )
        if not self.partner_id:
            raise UserError(
                self.env._("Make the contact of this customer first: a card belongs to somebody.")
            )

    # ------------------------------------------------------------------------------------------
    # Giving
    # ------------------------------------------------------------------------------------------

    def _give_card(self, program, amount=0.0, valid_until=False, reason="", send=True):
        """Make a coupon or gift card for the customer with the host's own dialog.

        :param loyalty.program program: what it is made of
        :param float amount: what a gift card is worth; a coupon is worth one use
        :param date valid_until: its last day, False for ever
        :param str reason: why, in plain text; stands in the history of the card
        :param bool send: whether it is mailed to the customer
        :return: the card
        :raise UserError: what is wrong with it
        """
        self.ensure_one()
        self._check_may_give()
        self._check_gift(program, amount, valid_until, send)
        # The host mails in its own name as soon as a card is made.
        env = self.env(context={**clean_context(self.env.context), "action_no_send_mail": True})
        dialog = env["loyalty.generate.wizard"].create(
            {
                "program_id": program.id,
                "mode": "selected",
                "customer_ids": [(6, 0, self.partner_id.ids)],
                "points_granted": self._points_of_gift(program, amount),
                "valid_until": valid_until,
                "description": reason or self.env._("Case %(number)s", number=self.number),
            }
        )
        card = dialog.generate_coupons().with_env(self.env)
        self._link_document(card)
        if send:
            card._customer_service_send()
        return card

    @api.model
    def _points_of_gift(self, program, amount):
        """Return the points that make a card of a program worth an amount, or one use."""
        if program.program_type == "gift_card":
            return amount
        return min(program.reward_ids.mapped("required_points"), default=1.0)

    def _check_gift(self, program, amount, valid_until, send):
        """:raise UserError: a program that gives nothing now, an amount or a date of no use"""
        if not program.filtered_domain(self._domain_gift_programs()):
            raise UserError(
                self.env._("Choose a program that gives coupons or gift cards at the moment.")
            )
        is_gift_card = program.program_type == "gift_card"
        if is_gift_card and program.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter what the gift card is worth."))
        if valid_until and valid_until < fields.Date.context_today(self):
            raise UserError(
                self.env._("The card would have expired already. Choose a later day.")
            )
        if send and not self.partner_id.email_normalized:
            raise UserError(
                self.env._(
                    "No email address of %(customer)s is known. Enter it on the contact, or do "
                    "not send the card.",
                    customer=self.partner_id.display_name,
                )
            )
