"""What the tests of coupons and gift cards share."""

from odoo.addons.customer_service.tests.common import CustomerServiceCommon


class LoyaltyCommon(CustomerServiceCommon):
    """A case, a program of each kind, and agents with a role in Sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_agent, cls.sales_manager = (
            cls._create_colleague(name, group)
            for name, group in (
                ("sales_agent", "sales_team.group_sale_salesman"),
                ("sales_manager", "sales_team.group_sale_manager"),
            )
        )
        cls.env["loyalty.program"].search([]).active = False
        cls.gift_cards, cls.coupons = (
            cls.env["loyalty.program"]
            .with_company(cls.company_admin)
            .create(cls._program_values(kind))
            for kind in ("gift_card", "coupons")
        )
        cls.case = cls._create_case(lang="pl_PL")

    @classmethod
    def _program_values(cls, kind):
        """Return what the host proposes for a new program of a kind."""
        program = cls.env["loyalty.program"].with_company(cls.company_admin)
        values = program._program_type_default_values()[kind]
        return {"name": kind, "program_type": kind, **values}

    def _give(self, user=None, case=None, **values):
        """Fill in the dialog, and press its button.

        :return: the card
        """
        values = {"program_id": self.gift_cards.id, "amount": 25, **values}
        known = self.env["loyalty.card"].search([])
        user = user or self.sales_manager
        self._press(case or self.case, "action_give_card", user, **values).action_give()
        return self.env["loyalty.card"].search([]) - known

    def _void(self, card, user=None, reason="Made by mistake"):
        """Make a card void with its dialog."""
        button = "action_customer_service_void"
        self._press(card, button, user or self.sales_agent, reason=reason).action_void()

    def _notes(self):
        """Return all that is written on the case, as one text."""
        return "".join(self.case.message_ids.mapped("body"))
