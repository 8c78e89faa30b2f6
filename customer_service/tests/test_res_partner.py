from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestResPartner(CustomerServiceCommon):
    """What a customer's record shows of the cases, and why it stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.damaged, cls.late = cls.env["customer.service.tag"].create(
            [{"name": "Broken on arrival"}, {"name": "Late"}]
        )

    def _counters(self, partner, user=None):
        """Return open and all cases, highest priority and tags as a user sees them."""
        partner = partner.with_user(user or self.supervisor)
        partner.invalidate_recordset()
        return (
            partner.open_case_count,
            partner.case_count,
            partner.case_priority,
            partner.case_tag_ids,
        )

    # ------------------------------------------------------------------------------------------
    # Counters
    # ------------------------------------------------------------------------------------------

    def test_a_customer_without_cases_counts_nothing(self):
        self.assertEqual(self._counters(self.other_customer), (0, 0, False, self.damaged.browse()))
        self.assertFalse(self.other_customer.parent_case_ids)

    def test_one_case_counts_with_its_priority_and_tags(self):
        self._create_case(priority="2", tag_ids=[Command.set(self.late.ids)])
        self.assertEqual(self._counters(self.customer), (1, 1, "2", self.late))

    def test_many_cases_count_the_unresolved_ones_apart(self):
        self._create_case(priority="0", tag_ids=[Command.set(self.late.ids)])
        self._create_case(status="pending", priority="1")
        self._create_case(status="resolved", priority="3", tag_ids=[Command.set(self.damaged.ids)])
        self._create_case(status="closed", priority="3")
        self.assertEqual(self._counters(self.customer), (2, 4, "1", self.late))

    def test_archived_cases_are_not_counted(self):
        self._create_case(active=False)
        self.assertEqual(self._counters(self.customer)[:2], (0, 0))

    def test_a_company_counts_the_cases_of_its_contacts(self):
        self._create_case(priority="1", tag_ids=[Command.set(self.late.ids)])
        self._create_case(
            partner_id=self.colleague.id, priority="3", tag_ids=[Command.set(self.damaged.ids)]
        )
        self._create_case(partner_id=self.customer_company.id, status="closed")
        self.assertEqual(
            self._counters(self.customer_company), (2, 3, "3", self.late | self.damaged)
        )
        self.assertEqual(self._counters(self.customer), (1, 1, "1", self.late))
        self.assertEqual(self._counters(self.colleague), (1, 1, "3", self.damaged))

    def test_a_company_lists_the_unresolved_cases_of_its_contacts(self):
        cases = self._create_case() | self._create_case(partner_id=self.colleague.id)
        self._create_case(status="resolved")
        company = self.customer_company.with_user(self.supervisor)
        self.assertEqual(company.open_case_ids, cases)
        self.assertEqual(self.customer.with_user(self.supervisor).open_case_ids, cases[0])

    def test_the_cases_of_an_archived_contact_still_count_for_the_company(self):
        self._create_case(partner_id=self.colleague.id)
        self.env["res.users"].search([("partner_id", "=", self.colleague.id)]).active = False
        self.colleague.active = False
        self.assertEqual(self._counters(self.customer_company)[:2], (1, 1))

    def test_parents_and_children_are_listed_on_the_customer_and_the_company(self):
        self.team.use_hierarchy = True
        parent = self._create_case(name="Late van")
        child = self._create_case(partner_id=self.colleague.id, parent_id=parent.id)
        for partner, parents, children in (
            (self.customer_company, parent, child),
            (self.customer, parent, parent.browse()),
            (self.colleague, parent.browse(), child),
        ):
            partner = partner.with_user(self.supervisor)
            self.assertEqual(partner.parent_case_ids, parents)
            self.assertEqual(partner.child_case_ids, children)

    def test_a_contact_that_is_not_saved_yet_has_no_cases(self):
        partner = self.env["res.partner"].with_user(self.supervisor).new({"name": "Somebody"})
        self.assertEqual((partner.case_count, partner.case_priority), (0, False))

    def test_an_agent_counts_only_the_cases_they_may_see(self):
        self._create_case(user_id=self.agent_own.id)
        self._create_case(user_id=self.supervisor.id)
        self.assertEqual(self._counters(self.customer, self.agent_own)[1], 1)
        self.assertEqual(self._counters(self.customer, self.supervisor)[1], 2)

    def test_cases_of_another_company_are_not_counted(self):
        other_company = self.env["res.company"].create({"name": "Lamps Abroad"})
        other_team = self.team.create({"name": "Abroad", "company_id": other_company.id})
        self._create_case(team_id=other_team.id)
        self._create_case()
        self.assertEqual(self._counters(self.customer)[:2], (1, 1))
        self.supervisor.company_ids += other_company
        both = self.customer.with_user(self.supervisor).with_context(
            allowed_company_ids=(self.company_admin | other_company).ids
        )
        both.invalidate_recordset()
        self.assertEqual(both.case_count, 2)

    def test_a_page_of_customers_costs_the_same_for_5_and_for_40(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(40)]
        )
        self.Case.create(
            [
                {
                    "name": "Where is it?",
                    "team_id": self.team.id,
                    "partner_id": partner.id,
                    "tag_ids": [Command.set(self.late.ids)],
                }
                for partner in partners
                for _copy in range(2)
            ]
        )
        names = ["case_count", "open_case_count", "case_priority"]
        partners.with_user(self.supervisor)[:1].read(names)
        for page in (partners[:5], partners):
            self.env.invalidate_all()
            page = page.with_user(self.supervisor)
            page.mapped("name")
            with self.subTest(size=len(page)), self.assertQueryCount(1):
                page.mapped("case_count")
                page.mapped("open_case_count")
                page.mapped("case_priority")
            self.assertEqual(set(page.mapped("case_count")), {2})

    # ------------------------------------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------------------------------------

    def test_a_user_who_is_no_agent_has_none_of_the_fields(self):
        fields_of_cases = {
            "case_count",
            "open_case_count",
            "case_priority",
            "case_tag_ids",
            "parent_case_ids",
            "child_case_ids",
            "open_case_ids",
        }
        partner = self.customer.with_user(self.outsider)
        self.assertFalse(fields_of_cases & set(partner.fields_get()))
        with self.assertRaises(AccessError):
            partner.read(["case_count"])
        view = self.env["res.partner"].with_user(self.outsider).get_view(view_type="form")
        self.assertNotIn("action_open_cases", view["arch"])
        self.assertNotIn("portal_company_cases", view["arch"])

    def test_an_agent_sees_them_on_the_form(self):
        view = self.env["res.partner"].with_user(self.agent_own).get_view(view_type="form")
        for name in ("action_open_cases", "open_case_count", "portal_company_cases"):
            self.assertIn(name, view["arch"])

    def test_the_button_opens_the_cases_that_it_counts(self):
        cases = self._create_case() | self._create_case(
            partner_id=self.colleague.id, status="closed"
        )
        company = self.customer_company.with_user(self.supervisor)
        action = company.action_open_cases()
        self.assertEqual(self.Case.search(action["domain"]), cases.sorted("id", reverse=True))
        self.assertEqual(action["context"]["default_partner_id"], company.id)
        self.assertTrue(action["context"]["search_default_unresolved"])

    def test_the_button_does_not_hide_what_is_done_when_nothing_is_open(self):
        self._create_case(status="closed")
        action = self.customer.with_user(self.supervisor).action_open_cases()
        self.assertNotIn("search_default_unresolved", action["context"])

    # ------------------------------------------------------------------------------------------
    # Deletion
    # ------------------------------------------------------------------------------------------

    def _assert_kept(self, partner, cases, orders):
        """Nobody can delete this customer, and the message says what is in the way."""
        for user in (self.supervisor, self.administrator, self.env.ref("base.user_admin")):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, rf"\({cases}\).*\({orders}\)"),
            ):
                partner.with_user(user).unlink()
        with self.assertRaises(UserError):
            partner.sudo().unlink()
        self.assertTrue(partner.exists())

    def _new_customer(self, **values):
        return self.env["res.partner"].create({"name": "Cup Collector", **values})

    def test_a_customer_with_cases_only_is_kept(self):
        partner = self._new_customer()
        self._create_case(partner_id=partner.id, status="closed")
        self._create_case(partner_id=partner.id)
        self._assert_kept(partner, cases=2, orders=0)

    def test_a_customer_with_an_archived_case_is_kept(self):
        partner = self._new_customer()
        self._create_case(partner_id=partner.id, active=False)
        self._assert_kept(partner, cases=1, orders=0)

    def test_a_customer_with_orders_only_is_kept(self):
        partner = self._new_customer()
        self._create_order(partner)
        self._assert_kept(partner, cases=0, orders=1)

    def test_a_company_whose_contact_has_cases_is_kept(self):
        company = self._new_customer(is_company=True)
        contact = self._new_customer(parent_id=company.id)
        self._create_case(partner_id=contact.id)
        self._create_order(contact)
        self._assert_kept(company, cases=1, orders=1)

    def test_an_archived_customer_with_cases_is_kept(self):
        partner = self._new_customer()
        self._create_case(partner_id=partner.id)
        partner.active = False
        self._assert_kept(partner, cases=1, orders=0)

    def test_a_customer_in_a_batch_keeps_the_whole_batch(self):
        busy, idle = self._new_customer(), self._new_customer()
        self._create_case(partner_id=busy.id)
        with self.assertRaises(UserError):
            (idle | busy).unlink()

    def test_a_case_of_a_company_the_user_cannot_see_is_in_the_way_too(self):
        other_company = self.env["res.company"].create({"name": "Lamps Abroad"})
        other_team = self.team.create({"name": "Abroad", "company_id": other_company.id})
        partner = self._new_customer()
        self._create_case(partner_id=partner.id, team_id=other_team.id)
        self._assert_kept(partner, cases=1, orders=0)

    @users("cs_administrator")
    def test_a_customer_with_nothing_can_be_deleted(self):
        partner = self.env["res.partner"].create({"name": "Typing Error"})
        partner.unlink()
        self.assertFalse(partner.exists())

    def test_a_customer_with_cases_can_be_archived(self):
        partner = self._new_customer()
        self._create_case(partner_id=partner.id)
        partner.with_user(self.agent_own).action_archive()
        self.assertFalse(partner.active)
