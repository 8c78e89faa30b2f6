from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCaseStatus(CustomerServiceCommon):
    def test_new_case_is_open(self):
        case = self._create_case()
        self.assertEqual(case.status, "open")
        self.assertEqual(case.stage_id, self.env.ref("customer_service.stage_open"))

    def test_status_can_be_written_by_its_name(self):
        case = self._create_case(status="resolved")
        self.assertEqual(case.stage_id, self.env.ref("customer_service.stage_resolved"))
        self.assertTrue(case.resolve_date)
        case.write({"status": "pending"})
        self.assertEqual(case.stage_id, self.env.ref("customer_service.stage_pending_customer"))
        self.assertFalse(case.resolve_date)

    def test_take_makes_me_responsible(self):
        case = self._create_case()
        case.with_user(self.agent_own).action_take()
        self.assertEqual(case.user_id, self.agent_own)
        self.assertTrue(case.assign_date)

    def test_take_is_refused_for_a_batch_with_a_taken_case(self):
        free, taken = self._create_case(), self._create_case(user_id=self.agent_team.id)
        with self.assertRaisesRegex(UserError, taken.number):
            (free | taken).with_user(self.agent_team).action_take()
        self.assertFalse(free.user_id)
        self.assertEqual(taken.user_id, self.agent_team)

    def test_take_of_my_own_case_is_refused_too(self):
        case = self._create_case(user_id=self.agent_team.id)
        with self.assertRaises(UserError):
            case.with_user(self.agent_team).action_take()

    def test_resolve_close_and_reopen_keep_their_dates(self):
        case = self._create_case()
        case.action_resolve()
        self.assertEqual(case.status, "resolved")
        self.assertTrue(case.resolve_date)
        case.action_close()
        self.assertEqual(case.status, "closed")
        self.assertTrue(case.resolve_date and case.close_date)
        case.action_reopen()
        self.assertEqual(case.status, "open")
        self.assertFalse(case.resolve_date or case.close_date)
        self.assertEqual(case.reopen_count, 1)

    def test_reopening_from_pending_is_not_counted(self):
        case = self._create_case()
        case.action_pending()
        self.assertEqual(case.status, "pending")
        case.action_reopen()
        self.assertEqual((case.status, case.reopen_count), ("open", 0))

    def test_kind_of_pending_can_be_named(self):
        case = self._create_case()
        other = self.env.ref("customer_service.stage_pending_other")
        case.with_context(pending_stage_id=other.id).action_pending()
        self.assertEqual(case.stage_id, other)

    def test_mixed_batch_says_what_it_did_not_touch(self):
        cases = self._create_case() | self._create_case() | self._create_case(status="closed")
        notice = cases.action_resolve()
        self.assertEqual(cases.mapped("status"), ["resolved", "resolved", "closed"])
        self.assertEqual(notice["tag"], "display_notification")
        self.assertIn(cases[2].number, notice["params"]["message"])
        self.assertNotIn(cases[0].number, notice["params"]["message"])

    def test_batch_that_touches_nothing_is_an_error(self):
        for action, status in (
            ("action_resolve", "resolved"),
            ("action_close", "closed"),
            ("action_reopen", "open"),
            ("action_pending", "closed"),
        ):
            case = self._create_case(status=status)
            with self.subTest(action), self.assertRaisesRegex(UserError, case.number):
                getattr(case, action)()

    def test_uniform_batch_returns_true(self):
        cases = self._create_case() | self._create_case(status="pending")
        self.assertIs(cases.action_resolve(), True)

    def test_stage_dragged_in_kanban_sets_the_same_dates(self):
        case = self._create_case()
        case.stage_id = self.env.ref("customer_service.stage_closed")
        self.assertTrue(case.close_date)
        case.stage_id = self.env.ref("customer_service.stage_open")
        self.assertFalse(case.close_date)
        self.assertEqual(case.reopen_count, 1)

    def test_team_with_its_own_stages_gets_them(self):
        stage = self.env["customer.service.stage"].create(
            {"name": "Inspection", "status": "open", "sequence": 1, "team_ids": self.other_team.ids}
        )
        self.assertEqual(self._create_case(team_id=self.other_team.id).stage_id, stage)
        self.assertNotEqual(self._create_case().stage_id, stage)
        moved = self._create_case(team_id=self.other_team.id)
        moved.team_id = self.team
        self.assertEqual(moved.stage_id, self.env.ref("customer_service.stage_open"))

    def test_status_without_a_stage_is_a_clear_error(self):
        self.env["customer.service.stage"].search([("status", "=", "pending")]).active = False
        with self.assertRaisesRegex(ValidationError, "Pending"):
            self._create_case().action_pending()

    def test_stage_in_use_keeps_its_meaning(self):
        self._create_case(active=False)
        stage = self.env.ref("customer_service.stage_open")
        stage.write({"name": "Being worked on", "status": "open"})
        for status in ("resolved", "pending"):
            with self.assertRaisesRegex(UserError, "what it means stays"):
                stage.status = status
        unused = stage.create({"name": "Parked", "status": "open"})
        (unused | self.env.ref("customer_service.stage_resolved")).status = "resolved"
        self.assertEqual(unused.status, "resolved")

    def test_stage_in_use_cannot_be_deleted(self):
        case = self._create_case()
        with self.assertRaisesRegex(UserError, case.stage_id.name):
            case.stage_id.unlink()
