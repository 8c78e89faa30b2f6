from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestSaleOrder(CustomerServiceCommon):
    """What an order shows of the cases about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(cls.customer)
        cls.tag = cls.env["customer.service.tag"].create({"name": "Broken on arrival"})

    def _counters(self, user=None):
        order = self.order.with_user(user or self.supervisor)
        order.invalidate_recordset()
        return (
            order.open_case_count,
            order.case_count,
            order.case_priority,
            order.case_tag_ids,
        )

    def test_an_order_without_cases_counts_nothing(self):
        self._create_case()
        self.assertEqual(self._counters(), (0, 0, False, self.tag.browse()))

    def test_one_case_counts(self):
        self._create_case(
            sale_order_id=self.order.id, priority="3", tag_ids=[Command.set(self.tag.ids)]
        )
        self.assertEqual(self._counters(), (1, 1, "3", self.tag))

    def test_many_cases_count_the_unresolved_ones_apart(self):
        for status in ("open", "pending", "resolved", "closed"):
            self._create_case(sale_order_id=self.order.id, status=status)
        self.assertEqual(self._counters()[:2], (2, 4))

    def test_a_case_of_a_colleague_about_the_order_counts(self):
        self._create_case(sale_order_id=self.order.id, partner_id=self.colleague.id)
        self.assertEqual(self._counters()[:2], (1, 1))

    def test_parents_and_children_are_listed(self):
        self.team.use_hierarchy = True
        parent = self._create_case(sale_order_id=self.order.id)
        child = self._create_case(sale_order_id=self.order.id, parent_id=parent.id)
        order = self.order.with_user(self.supervisor)
        self.assertEqual((order.parent_case_ids, order.child_case_ids), (parent, child))

    def test_an_agent_counts_only_the_cases_they_may_see(self):
        self._create_case(sale_order_id=self.order.id, user_id=self.supervisor.id)
        self.assertEqual(self._counters(self.agent_own)[1], 0)
        self.assertEqual(self._counters(self.supervisor)[1], 1)

    def test_a_page_of_orders_costs_the_same_for_5_and_for_40(self):
        orders = self.order
        for _number in range(39):
            orders += self.order.copy()
        self.Case.create(
            [
                {
                    "name": "Where is it?",
                    "team_id": self.team.id,
                    "partner_id": self.customer.id,
                    "sale_order_id": order.id,
                }
                for order in orders
            ]
        )
        orders.with_user(self.supervisor)[:1].read(["case_count"])
        for page in (orders[:5], orders):
            self.env.invalidate_all()
            page = page.with_user(self.supervisor)
            page.mapped("name")
            with self.subTest(size=len(page)), self.assertQueryCount(1):
                page.mapped("case_count")
                page.mapped("open_case_count")
                page.mapped("case_priority")

    def test_a_user_who_is_no_agent_has_none_of_the_fields(self):
        seller = self.outsider
        seller.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self.order.with_user(seller)
        self.assertNotIn("case_count", order.fields_get())
        with self.assertRaises(AccessError):
            order.read(["case_count"])
        view = self.env["sale.order"].with_user(seller).get_view(view_type="form")
        self.assertNotIn("action_open_cases", view["arch"])

    def test_an_agent_who_sells_nothing_reads_the_order_and_its_cases(self):
        self._create_case(sale_order_id=self.order.id, user_id=self.agent_own.id)
        order = self.order.with_user(self.agent_own)
        self.assertEqual(order.read(["name", "case_count"])[0]["case_count"], 1)
        view = self.env["sale.order"].with_user(self.agent_own).get_view(view_type="form")
        self.assertIn("action_open_cases", view["arch"])

    def test_a_case_started_from_the_order_is_about_it_and_its_customer(self):
        action = self.order.with_user(self.supervisor).action_open_cases()
        self.assertEqual(
            action["context"],
            {
                "default_sale_order_id": self.order.id,
                "default_partner_id": self.customer.id,
            },
        )
        case = self._create_case(sale_order_id=self.order.id)
        self.assertEqual(self.Case.search(action["domain"]), case)
