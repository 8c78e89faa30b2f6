"""Which cases may be parent and child, who says so, and who sees what of it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerServiceCommon


class HierarchyCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.team | cls.other_team).use_hierarchy = True
        cls.parent = cls._create_case(name="Depot closed")
        cls.child = cls._create_case(name="Where is my parcel?", parent_id=cls.parent.id)


@tagged("post_install", "-at_install")
class TestHierarchy(HierarchyCommon):
    def test_parent_counts_its_children(self):
        second = self._create_case(parent_id=self.parent.id, status="closed")
        self.assertEqual((self.parent.child_count, self.parent.open_child_count), (2, 1))
        second.active = False
        self.assertEqual(self.parent.child_ids, self.child | second)
        self.child.parent_id = False
        self.assertEqual((self.parent.child_count, self.parent.open_child_count), (1, 0))
        second.unlink()
        self.assertEqual(self.parent.child_count, 0)

    def test_one_level_in_a_batch_too(self):
        first, second, third = (self._create_case() for _number in range(3))
        with self.assertRaises(ValidationError):
            (first | self.parent).write({"parent_id": second.id})
        with self.assertRaises(ValidationError):
            third.write({"parent_id": self.child.id})
        with self.assertRaises(ValidationError):
            self.Case.create(
                {"name": "New", "team_id": self.team.id, "parent_id": self.child.id}
            )
        with self.assertRaises(ValidationError):
            first.child_ids = self.parent

    @mute_logger("odoo.sql_db")
    def test_the_database_too_refuses_a_second_level_and_a_cycle(self):
        self.env.flush_all()
        other = self._create_case()
        for parent in (self.parent, other):
            with (
                self.subTest(parent.name),
                self.assertRaisesRegex(Exception, "one_level"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "UPDATE customer_service_case SET parent_id = %s WHERE id = %s",
                    [parent.id, self.parent.id],
                )

    def test_no_client_switches_the_log_off(self):
        case = self._create_case()
        flags = ("tracking_disable", "mail_notrack", "customer_service_moves_history")
        quiet = dict.fromkeys(flags, True)
        child = case.with_user(self.supervisor).with_context(**quiet)
        for parent, words in ((self.parent, "Attached to"), (self.Case, "Detached from")):
            before = case.message_ids | self.parent.message_ids
            child.parent_id = parent
            said = (case.message_ids | self.parent.message_ids) - before
            self.assertEqual(set(said.mapped("res_id")), {case.id, self.parent.id})
            self.assertIn(words, "".join(said.mapped("body")))

    def test_a_team_that_moves_to_another_company_leaves_no_family_behind(self):
        self.child.team_id = self.other_team
        company = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(ValidationError, "different companies"), self.cr.savepoint():
            self.other_team.company_id = company
        (self.team | self.other_team).company_id = company
        self.assertEqual((self.parent | self.child).company_id, company)

    def test_a_family_can_be_turned_round_in_one_go(self):
        self.child.parent_id = False
        self.parent.parent_id = self.child
        self.env.flush_all()
        self.assertEqual(self.child.child_count, 1)

    def test_family_stays_in_one_company(self):
        second = self.env["res.company"].create({"name": "Second Shop"})
        team = self.env["customer.service.team"].create({"name": "Second", "company_id": second.id})
        foreign = self._create_case(team_id=team.id, partner_id=False)
        with self.assertRaises(UserError):
            foreign.parent_id = self.parent
        with self.assertRaises(UserError):
            self.child.team_id = team
        with self.assertRaises(UserError):
            self.parent.team_id = team

    def test_copy_of_a_child_has_no_parent(self):
        self.assertFalse(self.child.copy().parent_id)
        self.assertFalse(self.parent.copy().child_count)

    def test_both_sides_log_what_was_attached_and_detached(self):
        case = self._create_case(name="Secret subject")
        case.with_user(self.agent_team).attach_to_parent(self.parent.id)
        self.assertIn(f">{case.number}<", self.parent.message_ids[0].body)
        self.assertIn("attached", self.parent.message_ids[0].body)
        self.assertNotIn("Secret subject", self.parent.message_ids[0].body)
        self.assertIn(self.parent.number, case.message_ids[0].body)
        case.with_user(self.agent_team).action_detach()
        self.assertIn("detached", self.parent.message_ids[0].body)
        self.assertIn("Detached", case.message_ids[0].body)
        self.assertTrue(all(case.message_ids[:2].mapped("is_internal")))


@tagged("post_install", "-at_install")
class TestOtherCustomer(HierarchyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls._create_case(name="Mine too", partner_id=cls.other_customer.id)

    def test_another_customer_is_refused_in_a_batch_too(self):
        own = self._create_case()
        for cases in (self.foreign, own | self.foreign):
            with self.assertRaisesRegex(ValidationError, "different customers"):
                cases.write({"parent_id": self.parent.id})
        with self.assertRaisesRegex(ValidationError, "different customers"):
            self._create_case(partner_id=self.other_customer.id, parent_id=self.parent.id)

    def test_yes_is_kept_with_who_said_it(self):
        foreign = self.foreign.with_user(self.agent_team)
        foreign.with_context(other_customer_agreed=True).parent_id = self.parent
        self.assertEqual(self.foreign.parent_agreed_user_id, self.agent_team)
        self.assertIn("another customer", self.foreign.message_ids[0].body)
        self.foreign.name = "Still mine"
        self.foreign.partner_id = self.other_customer

    def test_yes_counts_for_one_parent_only(self):
        self.foreign.with_context(other_customer_agreed=True).parent_id = self.parent
        other = self._create_case()
        with self.assertRaisesRegex(ValidationError, "different customers"):
            self.foreign.parent_id = other
        self.foreign.parent_id = False
        self.assertFalse(self.foreign.parent_agreed_user_id)
        with self.assertRaisesRegex(ValidationError, "different customers"):
            self.foreign.parent_id = self.parent

    def test_yes_is_not_noted_where_the_customer_is_the_same(self):
        own = self._create_case()
        own.with_context(other_customer_agreed=True).parent_id = self.parent
        self.assertFalse(own.parent_agreed_user_id)

    def test_customer_of_a_family_cannot_change_unnoticed(self):
        for case in (self.child, self.parent):
            with self.assertRaises(ValidationError) as refused:
                case.partner_id = self.other_customer
            self.assertIn("different customers", str(refused.exception))

    def test_yes_to_another_customer_of_a_parent_is_kept_with_its_children(self):
        parent = self.parent.with_user(self.agent_team)
        parent.with_context(other_customer_agreed=True).partner_id = self.other_customer
        self.assertEqual(self.child.parent_agreed_user_id, self.agent_team)
        self.env.flush_all()
        self.child.email_from = "other@lampy.example"
        self.customer.email = "new@lampy.example"
        self.env.flush_all()

    def test_colleagues_of_one_company_are_one_customer(self):
        case = self._create_case(partner_id=self.colleague.id)
        case.parent_id = self.parent
        self.assertFalse(case.parent_agreed_user_id)

    def test_parent_of_nobody_fits_to_every_customer(self):
        parent = self._create_case(partner_id=False)
        (self.foreign | self._create_case()).write({"parent_id": parent.id})
        self.assertEqual(parent.child_count, 2)

    def test_strangers_are_compared_by_their_address(self):
        strangers = [
            self._create_case(partner_id=False, email_from=address)
            for address in ("zed@new.example", "Zed <zed@new.example>", "ann@new.example")
        ]
        strangers[1].parent_id = strangers[0]
        with self.assertRaisesRegex(ValidationError, "different customers"):
            strangers[2].parent_id = strangers[0]

    def test_agent_is_asked_before_other_customers_are_attached(self):
        own = self._create_case(name="Of mine")
        parent = self.parent.with_user(self.agent_team)
        question = parent.attach_children((own | self.foreign).ids)
        self.assertEqual(question["tag"], "customer_service_attach_confirm")
        self.assertEqual(len(question["params"]["others"]), 1)
        self.assertIn(self.foreign.number, question["params"]["others"][0])
        self.assertFalse(own.parent_id)
        self.assertIs(
            parent.attach_children((own | self.foreign).ids, other_customer_agreed=True), True
        )
        self.assertEqual((own | self.foreign).parent_id, self.parent)
        self.assertFalse(own.parent_agreed_user_id)

    def test_match_of_a_person_keeps_the_family_together(self):
        parent = self._receive(self._mail(From="Zed <zed@new.example>"))
        child = self._receive(self._mail(From="Zed <zed@new.example>"))
        child.parent_id = parent
        child.with_user(self.agent_team).action_create_customer()
        self.assertEqual(child.partner_id, parent.partner_id)
        self.assertEqual(child.parent_id, parent)


@tagged("post_install", "-at_install")
class TestHierarchyRights(HierarchyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child.user_id = cls.agent_own
        cls.hidden = cls._create_case(
            name="Top secret", user_id=cls.supervisor.id, parent_id=cls.parent.id
        )
        cls.parent.user_id = cls.agent_own

    def test_agent_attaches_only_what_they_may_change_to_what_they_see(self):
        other = self._create_case(user_id=self.agent_team.id)
        mine = self._create_case(user_id=self.agent_own.id)
        parent = self.parent.with_user(self.agent_own)
        with self.assertRaises(AccessError):
            parent.attach_children(other.ids)
        with self.assertRaises(AccessError):
            mine.with_user(self.agent_own).attach_to_parent(other.id)
        with self.assertRaises(AccessError):
            self.Case.with_user(self.agent_own).with_context(default_parent_id=other.id).create(
                {"name": "New", "team_id": self.team.id}
            )
        with self.assertRaises(AccessError):
            other.with_user(self.agent_own).action_detach()
        parent.attach_children(mine.ids)
        self.assertEqual(mine.parent_id, self.parent)

    def test_family_shows_only_what_the_reader_may_read(self):
        family = self.child.with_user(self.agent_own).family()
        self.assertEqual([row["id"] for row in family["children"]], self.child.ids)
        self.assertEqual(family["parent"]["id"], self.parent.id)
        self.assertEqual((family["hidden"], family["more"]), (1, 0))
        self.assertNotIn("Top secret", str(family))
        self.parent.user_id = self.supervisor
        family = self.child.with_user(self.agent_own).family()
        self.assertFalse(family["parent"])
        self.assertNotIn("Depot closed", str(family))
        self.assertEqual(family["parent_number"], self.parent.number)

    def test_name_of_a_parent_out_of_sight_is_its_number(self):
        self.parent.user_id = self.supervisor
        child = self.child.with_user(self.agent_own)
        self.env.invalidate_all()
        (values,) = child.web_read({"parent_id": {"fields": {"display_name": {}}}})
        self.assertEqual(values["parent_id"]["display_name"], f"[{self.parent.number}]")
        self.assertNotIn("Depot", str(child.read(["parent_id"])))
        groups = child.formatted_read_group([("id", "=", child.id)], ["parent_id"], ["__count"])
        self.assertNotIn("Depot", str(groups))
        (values,) = self.child.with_user(self.supervisor).read(["parent_id"])
        self.assertIn("Depot closed", values["parent_id"][1])

    def test_family_of_a_case_out_of_sight_is_refused(self):
        for user in (self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.hidden.with_user(user).family()

    def test_family_costs_no_query_for_each_child(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.parent.with_user(self.supervisor).family()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(10):
            self._create_case(name=f"More {number}", parent_id=self.parent.id)
        self.assertLessEqual(queries(), few)

    def test_many_children_are_left_to_the_list(self):
        self.Case.create(
            [
                {
                    "name": f"More {number}",
                    "team_id": self.team.id,
                    "partner_id": self.customer.id,
                    "parent_id": self.parent.id,
                }
                for number in range(90)
            ]
        )
        family = self.parent.with_user(self.supervisor).family()
        self.assertEqual(len(family["children"]), 80)
        self.assertEqual((family["hidden"], family["more"]), (0, 12))
        action = self.parent.with_user(self.supervisor).action_open_children()
        self.assertEqual(self.Case.search_count(action["domain"]), 92)

    def test_team_without_hierarchy_offers_nothing(self):
        case = self._create_case(team_id=self.other_team.id)
        self.other_team.use_hierarchy = False
        for name in ("action_attach_children", "action_attach_to_parent", "action_new_child"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "no parent and child"):
                getattr(case, name)()
        with self.assertRaisesRegex(UserError, "no parent and child"):
            self._create_case().attach_to_parent(case.id)

    def test_team_without_hierarchy_gets_no_family_by_any_way(self):
        case = self._create_case(team_id=self.other_team.id)
        self.other_team.use_hierarchy = False
        values = {"name": "New", "team_id": self.team.id, "parent_id": case.id}
        agent_case = self._create_case().with_user(self.supervisor)
        for name, link in (
            ("write", lambda: agent_case.write({"parent_id": case.id})),
            ("create", lambda: agent_case.create(values)),
            ("children", lambda: case.write({"child_ids": [(4, agent_case.id)]})),
        ):
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "no parent and child"),
                self.env.cr.savepoint(),
            ):
                link()

    def test_family_stays_when_its_team_switches_it_off(self):
        self.team.use_hierarchy = False
        self.child.write({"name": "Still waiting", "parent_id": self.parent.id})
        self.assertEqual(self.child.parent_id, self.parent)
        self.child.with_user(self.supervisor).action_detach()
        self.assertFalse(self.child.parent_id)

    def test_a_merge_takes_the_family_along_wherever_it_goes(self):
        survivor = self._create_case()
        self.team.use_hierarchy = False
        merge = self.env["customer.service.case.merge"].with_user(self.supervisor)
        log = merge._merge(
            survivor.with_user(self.supervisor), self.parent.with_user(self.supervisor)
        )
        self.assertEqual(self.child.parent_id, survivor)
        log._undo()
        self.assertEqual(self.child.parent_id, self.parent)

    def test_child_offers_no_children_of_its_own(self):
        for name in ("action_attach_children", "action_new_child", "action_clone_as_child"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "no children of its own"):
                getattr(self.child, name)()
        with self.assertRaisesRegex(UserError, "has no parent"):
            self.parent.action_detach()

    def test_dialog_shows_the_same_customer_and_order_first(self):
        own = self._create_case()
        foreign = self._create_case(partner_id=self.other_customer.id)
        params = self.parent.with_user(self.agent_team).action_attach_children()["params"]
        search = self.Case.with_user(self.agent_team).search
        self.assertIn(own, search(params["domain"] + params["first_domain"]))
        self.assertNotIn(foreign, search(params["domain"] + params["first_domain"]))
        self.assertIn(foreign, search(params["domain"]))
        self.assertFalse(search(params["domain"]) & (self.parent | self.child))
        nobodys = self._create_case(partner_id=False).with_user(self.agent_team)
        params = nobodys.action_attach_children()["params"]
        self.assertIn(foreign, search(params["domain"] + params["first_domain"]))
        params = own.with_user(self.agent_team).action_attach_to_parent()["params"]
        self.assertIn(self.parent, search(params["domain"], limit=80))
        self.assertFalse(search(params["domain"]) & (own | self.child))
