"""Orders and customers by their cases: filters that find them, pages that cost the same."""

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from .test_case_views import CaseViewsCommon


@tagged("post_install", "-at_install")
class TestCaseCount(CaseViewsCommon):
    """What the filters of orders and customers find, and what their lists ask the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["customer.service.tag"].create({"name": "Broken on arrival"})
        cls.order, cls.quiet_order, cls.settled_order = (
            cls._create_order(cls.customer) for _number in range(3)
        )
        for priority in ("1", "3"):
            cls._create_case(
                sale_order_id=cls.order.id, priority=priority, tag_ids=[Command.set(cls.tag.ids)]
            )
        cls._create_case(sale_order_id=cls.settled_order.id, status="closed", priority="3")
        cls.orders = cls.order | cls.quiet_order | cls.settled_order
        cls.people = cls.customer_company | cls.customer | cls.colleague | cls.other_customer

    def _found(self, among, domain, user=None):
        model = among.with_user(user or self.supervisor)
        return model.search([("id", "in", among.ids), *domain])

    def test_orders_are_found_by_their_open_cases(self):
        for domain, expected in (
            ([("open_case_count", ">", 0)], self.order),
            ([("open_case_count", ">=", 2)], self.order),
            ([("open_case_count", "=", 2)], self.order),
            ([("open_case_count", "=", 0)], self.quiet_order | self.settled_order),
            ([("open_case_count", "!=", 0)], self.order),
            ([("open_case_count", "<", 2)], self.quiet_order | self.settled_order),
            ([("open_case_count", ">", 2)], self.order.browse()),
            ([("case_count", ">", 0)], self.order | self.settled_order),
            ([("case_count", "=", 1)], self.settled_order),
            ([("case_priority", "=", "3")], self.order),
            ([("case_priority", "=", "1")], self.order.browse()),
            ([("case_priority", "=", False)], self.quiet_order | self.settled_order),
            ([("case_tag_ids", "in", self.tag.ids)], self.order),
            ([("case_tag_ids", "ilike", "broken")], self.order),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._found(self.orders, domain), expected.sorted())

    def test_customers_are_found_by_the_cases_of_their_contacts(self):
        for domain, expected in (
            ([("open_case_count", ">", 0)], self.customer_company | self.customer),
            ([("open_case_count", "=", 2)], self.customer_company | self.customer),
            ([("case_count", "=", 3)], self.customer_company | self.customer),
            ([("open_case_count", "=", 0)], self.colleague | self.other_customer),
            ([("case_tag_ids", "in", self.tag.ids)], self.customer_company | self.customer),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._found(self.people, domain), expected.sorted("complete_name"))

    def test_filters_tell_nothing_of_cases_that_one_may_not_see(self):
        self._create_case(
            sale_order_id=self.quiet_order.id,
            partner_id=self.other_customer.id,
            user_id=self.supervisor.id,
            tag_ids=[Command.set(self.tag.ids)],
        )
        for domain in (
            [("open_case_count", ">", 0)],
            [("open_case_count", "=", 1)],
            [("case_priority", "=", "1")],
            [("case_tag_ids", "in", self.tag.ids)],
        ):
            with self.subTest(domain=domain):
                orders = self._found(self.orders, domain, self.agent_own)
                self.assertNotIn(self.quiet_order, orders)
                people = self._found(self.people, domain, self.agent_own)
                self.assertNotIn(self.other_customer, people)

    def test_the_filters_are_there_for_agents_only(self):
        seller = self.outsider
        seller.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        for model in ("sale.order", "res.partner"):
            for user, is_there in ((self.supervisor, True), (seller, False)):
                with self.subTest(model=model, user=user.login):
                    arch = self.env[model].with_user(user).get_view(view_type="search")["arch"]
                    self.assertEqual("with_open_cases" in arch, is_there)

    def test_the_kanban_of_customers_counts_open_cases(self):
        [shown] = [
            statistic
            for statistic in self.customer.with_user(self.supervisor).application_statistics
            if statistic["iconClass"] == "fa-life-ring"
        ]
        self.assertEqual(shown["value"], 2)
        for partner, user in (
            (self.other_customer, self.supervisor),
            (self.customer, self.outsider),
        ):
            self.env.invalidate_all()  # the host keeps them for whoever asks
            icons = [s["iconClass"] for s in partner.with_user(user).application_statistics or []]
            self.assertNotIn("fa-life-ring", icons)

    # ------------------------------------------------------------------------------------------
    # Speed
    # ------------------------------------------------------------------------------------------

    def _queries_of_page(self, records, xmlid, view_type):
        """Return how many queries a page of records costs in one of their views."""
        model = records.with_user(self.supervisor).browse()
        arch = etree.fromstring(model.get_view(self.env.ref(xmlid).id, view_type)["arch"])
        for element in arch.iter("field"):
            element.attrib.pop("optional", None)
        specification = self._specification(arch, records._name)
        domain = [("id", "in", records.ids)]
        return self._count_queries(lambda: model.web_search_read(domain, specification))

    def test_pages_cost_the_same_however_many_cases_there_are(self):
        orders = self.order.union(*(self.order.copy() for _number in range(5)))
        partners = self.env["res.partner"].create([{"name": f"C {n}"} for n in range(5)])
        views = (
            (orders, "sale.sale_order_tree", "list"),
            (orders, "sale.view_sale_order_kanban", "kanban"),
            (partners, "base.view_partner_tree", "list"),
            (partners, "base.res_partner_kanban_view", "kanban"),
        )
        before = [self._queries_of_page(*view) for view in views]
        for _round in range(4):
            for order, partner in zip(orders, partners, strict=False):
                self._create_case(sale_order_id=order.id, partner_id=self.customer.id)
                self._create_case(partner_id=partner.id, tag_ids=[Command.set(self.tag.ids)])
        after = [self._queries_of_page(*view) for view in views]
        for view, few, many in zip(views, before, after, strict=True):
            with self.subTest(view=view[1]):  # names of tags are read where there are any
                self.assertLessEqual(many, few + 1)
