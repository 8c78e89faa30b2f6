"""A new case about an order that has an open one: proposed, attached, or kept apart."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestParentSuggestion(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_hierarchy = True
        cls.order = cls._create_order(cls.customer)
        cls.first = cls._create_case(name="First", sale_order_id=cls.order.id)

    def _mail_about_order(self, **headers):
        return self._receive(self._mail(body=f"Where is {self.order.name}?", **headers))

    def test_first_case_of_an_order_has_no_proposal(self):
        self.assertFalse(self.first.suggested_parent_id)
        self.assertFalse(self.first.parent_suggestion)

    def test_mail_about_the_order_is_proposed(self):
        case = self._mail_about_order()
        self.assertEqual(case.sale_order_id, self.order)
        self.assertEqual(case.suggested_parent_id, self.first)
        shown = case.with_user(self.agent_team).parent_suggestion
        self.assertEqual((shown["id"], shown["order"]), (self.first.id, self.order.name))

    def test_case_recorded_by_hand_and_order_filled_in_later_are_proposed(self):
        case = self._create_case(sale_order_id=self.order.id)
        self.assertEqual(case.suggested_parent_id, self.first)
        case = self._create_case()
        self.assertFalse(case.suggested_parent_id)
        case.with_user(self.agent_team).sale_order_id = self.order
        self.assertEqual(case.suggested_parent_id, self.first)
        case.with_user(self.agent_team).sale_order_id = False
        self.assertFalse(case.suggested_parent_id)

    def test_of_several_that_come_together_the_first_is_proposed_to_the_others(self):
        order = self._create_order(self.customer)
        values = {"team_id": self.team.id, "sale_order_id": order.id}
        cases = self.Case.create([{"name": f"Case {number}", **values} for number in range(3)])
        self.assertFalse(cases[0].suggested_parent_id)
        self.assertEqual(cases[1:].suggested_parent_id, cases[0])

    def test_parent_of_the_other_case_is_taken(self):
        parent = self._create_case(name="Depot closed")
        self.first.parent_id = parent
        self.assertEqual(self._mail_about_order().suggested_parent_id, parent)

    def test_done_automatic_and_foreign_cases_are_not_proposed(self):
        self.first.action_close()
        self.assertFalse(self._create_case(sale_order_id=self.order.id).suggested_parent_id)
        self.first.action_reopen()
        self.team.use_hierarchy = False
        self.assertFalse(self._mail_about_order().suggested_parent_id)

    def test_one_click_attaches(self):
        case = self._mail_about_order()
        agent = case.with_user(self.agent_team)
        self.assertIs(agent.action_attach_to_suggested_parent(), True)
        self.assertEqual(case.parent_id, self.first)
        self.assertFalse(case.suggested_parent_id)
        with self.assertRaisesRegex(UserError, "no case"):
            agent.action_attach_to_suggested_parent()

    def test_one_click_takes_the_parent_that_the_other_case_got_meanwhile(self):
        case = self._mail_about_order()
        parent = self._create_case(name="Depot closed")
        self.first.parent_id = parent
        case.with_user(self.agent_team).action_attach_to_suggested_parent()
        self.assertEqual(case.parent_id, parent)

    def test_one_click_asks_where_the_customers_differ(self):
        case = self._mail_about_order()
        case.write({"partner_id": self.other_customer.id, "sale_order_id": self.order.id})
        question = case.with_user(self.agent_team).action_attach_to_suggested_parent()
        self.assertEqual(question["tag"], "customer_service_attach_confirm")
        self.assertFalse(case.parent_id)

    def test_not_related_is_remembered(self):
        case = self._mail_about_order()
        case.with_user(self.agent_team).action_dismiss_parent_suggestion()
        self.assertFalse(case.suggested_parent_id)
        case.sale_order_id = False
        case.sale_order_id = self.order
        self.assertFalse(case.suggested_parent_id)
        other = self._create_order(self.customer)
        older = self._create_case(sale_order_id=other.id)
        case.sale_order_id = other
        self.assertEqual(case.suggested_parent_id, older)

    def test_proposal_shows_nothing_of_a_case_out_of_sight(self):
        self.first.user_id = self.supervisor
        case = self._create_case(sale_order_id=self.order.id, user_id=self.agent_own.id)
        agent = case.with_user(self.agent_own)
        self.assertFalse(agent.parent_suggestion)
        with self.assertRaises(AccessError):
            _seen = agent.suggested_parent_id
        with self.assertRaises(AccessError):
            agent.action_attach_to_suggested_parent()

    def test_nobody_writes_proposals_by_hand(self):
        case = self._create_case(user_id=self.agent_own.id)
        for user in (self.agent_own, self.administrator):
            for name, record in (
                ("suggested_parent_id", self.first),
                ("unrelated_order_id", self.order),
            ):
                with self.subTest((user.name, name)), self.assertRaises(AccessError):
                    case.with_user(user).write({name: record.id})

    def test_case_without_an_order_costs_no_query(self):
        case = self._create_case()
        self.env.flush_all()
        with self.assertQueryCount(0):
            case._suggest_parents()
