"""What the tests of coupons and gift cards share."""

from odoo.addons.customer_service.tests.common import CustomerServiceCommon
from odoo.addons.mail.tests.common import mail_new_test_user


class LoyaltyCommon(CustomerServiceCommon):
    """A case, a program of each kind, and agents with a role in Sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company_admin.id, "company_ids": [(4, cls.company_admin.id)]}
        cls.sales_agent, cls.sales_manager = (
            mail_new_test_user(
                cls.env,
                login=f"cs_{name}",
                name=name.replace("_", " ").title(),
                groups=f"base.group_user,customer_service.group_supervisor,{group}",
                **company,
            )
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
        case = (case or self.case).with_user(user or self.sales_manager)
        action = case.action_give_card()
        dialog = self.env[action["res_model"]].with_user(case.env.user)
        values = {"program_id": self.gift_cards.id, "amount": 25, **values}
        known = self.env["loyalty.card"].search([])
        dialog.with_context(**action["context"]).create(values).action_give()
        return self.env["loyalty.card"].search([]) - known

    def _void(self, card, user=None, reason="Made by mistake"):
        """Make a card void with its dialog."""
        action = card.with_user(user or self.sales_agent).action_customer_service_void()
        dialog = self.env[action["res_model"]].with_user(user or self.sales_agent)
        dialog.with_context(**action["context"]).create({"reason": reason}).action_void()

    def _notes(self):
        """Return all that is written on the case, as one text."""
        return "".join(self.case.message_ids.mapped("body"))
