"""A family of cases in a real browser: proposed, read, attached, closed together, cloned."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestHierarchyTour(CustomerServiceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"use_hierarchy": True, "close_children_with_parent": True})
        cls.order = cls._create_order(cls.customer)

    def _mail_about_order(self, subject):
        body = f"Where is my lamp, {self.order.name}?"
        return self._receive(self._mail(body=body, Subject=subject))

    def test_from_the_proposal_to_the_end_of_all(self):
        first, second, third = map(self._mail_about_order, ("First", "Second", "Third"))
        third.action_dismiss_parent_suggestion()
        foreign = self._create_case(name="Of Bob", partner_id=self.other_customer.id)
        self._note(first, body="The depot burned down.")
        self.start_tour(
            f"/odoo/cases/{second.id}", "customer_service_hierarchy_tour", login="cs_agent_team"
        )
        children = second | third | foreign
        self.env.invalidate_all()
        self.assertEqual(children.parent_id, first)
        self.assertEqual(foreign.parent_agreed_user_id, self.agent_team)
        self.assertEqual(set((first | children).mapped("status")), {"resolved"})

    def test_clone_and_detach(self):
        first = self._mail_about_order("First")
        self.start_tour(
            f"/odoo/cases/{first.id}",
            "customer_service_hierarchy_child_tour",
            login="cs_agent_team",
        )
        clone = self.Case.search([("name", "=", "Copy of it")])
        self.assertEqual(clone.sale_order_id, self.order)
        self.assertFalse(clone.parent_id)
