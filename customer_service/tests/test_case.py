from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.ir_sequence import IrSequence
from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCase(CustomerServiceCommon):
    def test_number_counts_up_within_the_company(self):
        first, second = self._create_case(), self._create_case()
        self.assertRegex(first.number, r"^C\d{5}$")
        self.assertEqual(int(second.number[1:]), int(first.number[1:]) + 1)

    def test_each_company_has_its_own_sequence(self):
        company = self.env["res.company"].create({"name": "Second Shop"})
        team = self.env["customer.service.team"].create(
            {"name": "Second", "company_id": company.id}
        )
        self._create_case()
        case = self._create_case(team_id=team.id, partner_id=False)
        self.assertEqual(case.company_id, company)
        self.assertEqual(case.number, "C00001")

    @mute_logger("odoo.sql_db")
    def test_number_is_unique_in_the_company(self):
        case = self._create_case()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_case(number=case.number)

    def test_batch_of_cases_draws_its_numbers_in_one_query(self):
        values = {"name": "Batch", "team_id": self.team.id}
        with patch.object(IrSequence, "_next_batch", autospec=True) as draw:
            draw.side_effect = lambda sequence, count: [f"T{n}" for n in range(count)]
            cases = self.Case.create([dict(values) for _position in range(5)])
        draw.assert_called_once()
        self.assertEqual(cases.mapped("number"), ["T0", "T1", "T2", "T3", "T4"])

    def test_sequence_draws_a_batch_with_one_query(self):
        sequence = self.Case._case_sequence(self.company_admin)
        sequence._next_batch(1)
        with self.assertQueryCount(1):
            numbers = sequence._next_batch(100)
        self.assertEqual(len(set(numbers)), 100)
        self.assertEqual(numbers, sorted(numbers))

    def test_batch_looks_up_team_and_stage_once(self):
        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            values = {"name": "Batch", "status": "pending"}
            self.Case.with_context(tracking_disable=True).create(
                [dict(values) for _position in range(count)]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(20))

    def test_number_stays_and_copy_gets_its_own(self):
        case = self._create_case()
        copy = case.copy()
        self.assertTrue(copy.number)
        self.assertNotEqual(copy.number, case.number)
        self.assertEqual(case.display_name, f"[{case.number}] Where is my lamp?")

    def test_type_gives_team_and_priority_to_a_new_case(self):
        case_type = self.env["customer.service.case.type"].create(
            {"name": "Broken", "default_team_id": self.other_team.id, "priority": "3"}
        )
        case = self.Case.create({"name": "It broke", "type_id": case_type.id})
        self.assertEqual((case.team_id, case.priority), (self.other_team, "3"))
        chosen = self.Case.create(
            {"name": "It broke", "type_id": case_type.id, "team_id": self.team.id, "priority": "0"}
        )
        self.assertEqual((chosen.team_id, chosen.priority), (self.team, "0"))

    def test_type_changed_later_moves_no_case(self):
        case_type = self.env["customer.service.case.type"].create(
            {"name": "Broken", "default_team_id": self.other_team.id, "priority": "3"}
        )
        case = self._create_case()
        with Form(case) as form:
            form.type_id = case_type
        self.assertEqual((case.team_id, case.priority), (self.team, "1"))

    def test_type_carries_its_own_typed_fields(self):
        case_type = self.env["customer.service.case.type"].create(
            {
                "name": "Broken",
                "properties_definition": [
                    {"name": "serial", "string": "Serial number", "type": "char"},
                    {"name": "warranty", "string": "Under warranty", "type": "boolean"},
                ],
            }
        )
        case = self._create_case(type_id=case_type.id, properties={"serial": "X1"})
        self.assertEqual(case.properties["serial"], "X1")
        self.assertFalse(case.properties["warranty"])

    def test_customer_fills_address_phone_and_language(self):
        case = self._create_case()
        self.assertEqual(case.partner_name, "Anna Kowalska")
        self.assertEqual(case.email_normalized, "anna@lampy.example")
        self.assertEqual(case.phone_sanitized, "+48601234567")
        self.assertEqual(case.lang, "pl_PL")
        self.assertEqual(case.commercial_partner_id, self.customer_company)

    def test_label_is_the_name_or_else_the_address(self):
        known = self._create_case()
        unknown = self._create_case(partner_id=False, email_from="who@else.example")
        self.assertEqual(known.customer_label, "Anna Kowalska")
        self.assertEqual(unknown.customer_label, "who@else.example")

    def test_case_shows_the_orders_of_the_customer_only(self):
        order = self._create_order(self.colleague)
        self._create_order(self.other_customer)
        case = self._create_case()
        self.assertEqual(case.customer_order_ids, order)
        self.assertEqual(case.customer_order_count, 1)
        self.assertFalse(self._create_case(partner_id=False).customer_order_ids)

    def test_contact_is_made_of_an_unregistered_person_on_demand(self):
        case = self._receive(self._mail(From="Zed <zed@new.example>"))
        second = self._receive(self._mail(From="Zed <zed@new.example>"))
        self.assertFalse(case.partner_id)
        case.with_user(self.agent_team).action_create_customer()
        self.assertEqual(case.partner_id.name, "Zed")
        self.assertEqual(case.partner_id.email, "zed@new.example")
        self.assertEqual(second.partner_id, case.partner_id)
        self.assertEqual(case.identity_id.partner_id, case.partner_id)

    def test_contact_that_exists_is_taken_instead_of_a_second_one(self):
        case = self._receive(self._mail(From="Zed <zed@new.example>"))
        partner = self.env["res.partner"].create({"name": "Z", "email": "zed@new.example"})
        case.with_user(self.agent_team).action_create_customer()
        self.assertEqual(case.partner_id, partner)

    def test_contact_of_nobody_is_refused(self):
        case = self._create_case(partner_id=False)
        with self.assertRaises(UserError):
            case.action_create_customer()

    def test_parent_and_child_are_one_level(self):
        self.team.use_hierarchy = True
        parent, child, other = self._create_case(), self._create_case(), self._create_case()
        child.parent_id = parent
        self.assertEqual(parent.child_ids, child)
        with self.assertRaises(ValidationError):
            parent.parent_id = parent
        with self.assertRaises(ValidationError):
            parent.parent_id = other
        with self.assertRaises(ValidationError):
            other.parent_id = child

    def test_cc_me_follows_and_again_stops(self):
        case = self._create_case().with_user(self.agent_team)
        case.action_cc_me()
        self.assertIn(self.agent_team.partner_id, case.message_partner_ids)
        case.action_cc_me()
        self.assertNotIn(self.agent_team.partner_id, case.message_partner_ids)

    def test_search_finds_by_number_and_subject(self):
        case = self._create_case(name="A very particular lampshade")
        found = self.Case.name_search("particular lampsh")
        self.assertEqual([case.id], [case_id for case_id, _name in found])
        self.assertIn(case.id, [case_id for case_id, _name in self.Case.name_search(case.number)])

    def test_team_counts_its_cases_in_one_query_each(self):
        self._create_case()
        self._create_case(user_id=self.agent_team.id)
        self._create_case(status="pending", date_deadline="2020-01-01 00:00:00")
        self._create_case(status="closed")
        self.assertEqual(
            (
                self.team.open_case_count,
                self.team.pending_case_count,
                self.team.unassigned_case_count,
                self.team.overdue_case_count,
                self.other_team.open_case_count,
            ),
            (2, 1, 2, 1, 0),
        )
