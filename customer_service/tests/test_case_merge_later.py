"""Undoing merges and splits when something else happened to the cases meanwhile."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_case_merge import MergeCommon


@tagged("post_install", "-at_install")
class TestMergeLater(MergeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.team | cls.other_team).use_hierarchy = True

    def _undo(self, log):
        log.with_user(self.supervisor)._undo()

    def _split(self, case, message):
        merge = self.Merge.with_user(self.supervisor)
        return merge._split(case.with_user(self.supervisor), message)

    # ------------------------------------------------------------------------------------------
    # Several merges
    # ------------------------------------------------------------------------------------------

    @freeze_time("2030-05-05 10:00:00")
    def test_two_merges_into_one_case_are_undone_in_any_order(self):
        for turn in (1, -1):
            cases = self._create_case(), self._create_case(), self._create_case()
            for case in cases:
                self._customer_writes(case)
                self._reply(case)
            before = [self._state(case) for case in cases]
            survivor, first, second = cases
            logs = [self._merge(survivor, first), self._merge(survivor, second)]
            for log in logs[::turn]:
                self._undo(log)
            self.assertEqual([self._state(case) for case in cases], before)

    def test_counts_are_right_when_something_was_split_off_since(self):
        survivor, case = self._create_case(), self._create_case()
        message = self._customer_writes(survivor)
        self._customer_writes(survivor, body="And another thing")
        self._customer_writes(case)
        log = self._merge(survivor, case)
        self._split(survivor, message)
        self._undo(log)
        self.assertEqual((survivor.message_count_customer, case.message_count_customer), (1, 1))

    # ------------------------------------------------------------------------------------------
    # What belongs to others
    # ------------------------------------------------------------------------------------------

    def test_a_contact_that_touches_a_third_case_goes_on_touching_it(self):
        case, third, survivor = (self._create_case() for _number in range(3))
        message = self._customer_writes(case)
        interaction = self.env["customer.service.interaction"].search(
            [("message_id", "=", message.id)]
        )
        action = self.env["customer.service.action"].create(
            {"interaction_id": interaction.id, "case_id": third.id, "description": "This too"}
        )
        log = self._merge(survivor, case)
        self.assertEqual(action.case_id, third)
        self._undo(log)
        self.assertEqual(action.case_id, third)
        self.assertEqual((interaction.action_ids - action).case_id, case)

    def test_files_that_a_clone_shows_stay_with_the_case_they_are_of(self):
        parent = self._create_case()
        message = self._customer_writes(parent, attachments=[("photo.txt", b"broken")])
        clone = self._create_case(parent_id=parent.id)
        parent._copy_history_to(clone)
        self._customer_writes(clone)
        survivor = self._create_case()
        log = self._merge(survivor, clone)
        self.assertEqual(message.attachment_ids.res_id, parent.id)
        self._undo(log)
        self.assertEqual(message.attachment_ids.res_id, parent.id)

    def test_a_file_of_a_message_that_stays_is_not_taken_away(self):
        case = self._create_case()
        message = self._customer_writes(case, attachments=[("photo.txt", b"broken")])
        later = self._customer_writes(case, body="See the photo")
        later.sudo().attachment_ids = message.attachment_ids
        log = self._split(case, later)
        self.assertEqual(message.attachment_ids.res_id, case.id)
        self.assertEqual(later.attachment_ids.res_id, log.merged_ids.id)
        self.assertEqual(later.attachment_ids.raw, b"broken")
        self._undo(log)
        self.assertEqual((message | later).attachment_ids.mapped("res_id"), [case.id] * 2)

    # ------------------------------------------------------------------------------------------
    # What is gone
    # ------------------------------------------------------------------------------------------

    def test_the_case_that_holds_the_conversation_is_not_deleted(self):
        survivor, case = self._create_case(), self._create_case()
        self._merge(survivor, case)
        with self.assertRaisesRegex(UserError, f"What was said in {case.number}"):
            survivor.with_user(self.administrator).unlink()
        (survivor | case).with_user(self.administrator).unlink()
        self.assertFalse((survivor | case).exists())

    def test_a_merged_case_that_was_deleted_is_named(self):
        survivor, first, second = (self._create_case() for _number in range(3))
        for case in first | second:
            self._customer_writes(case)
        log = self._merge(survivor, first | second)
        first.with_user(self.administrator).unlink()
        self.assertIn("Deleted", " ".join(log._remains()))
        self._undo(log)
        self.assertEqual((second.message_count, survivor.message_count), (1, 1))

    def test_a_merged_case_that_was_archived_comes_back(self):
        survivor, case = self._create_case(), self._create_case()
        self._customer_writes(case)
        log = self._merge(survivor, case)
        case.sudo().active = False
        self.assertFalse(log._remains())
        self._undo(log)
        self.assertEqual((case.merged_into_id, case.message_count), (self.Case, 1))

    def test_where_all_of_them_are_deleted_there_is_nothing_to_undo(self):
        survivor, case = self._create_case(), self._create_case()
        self._customer_writes(survivor)
        logs = (
            self._merge(survivor, case),
            self._split(survivor, self._customer_writes(survivor, body="And another thing")),
        )
        for log in logs:
            log.merged_ids.with_user(self.administrator).unlink()
            with self.assertRaisesRegex(UserError, f"{log.label}: deleted"):
                log.with_user(self.supervisor).action_undo()

    def test_a_parent_that_can_take_a_case_back_no_more_is_named(self):
        other = self._create_case()
        for change in (
            lambda parent: parent.write({"parent_id": other.id}),
            lambda parent: parent.unlink(),
            lambda parent: self._merge(other, parent),
            lambda parent: parent.write({"team_id": self._foreign_team().id}),
        ):
            parent, survivor = self._create_case(), self._create_case()
            case = self._create_case(parent_id=parent.id)
            log = self._merge(survivor, case)
            survivor.parent_id = False
            number = parent.number
            change(parent)
            self.assertRegex(" ".join(log._remains()), f"{case.number} .* Parent Case")
            self._undo(log)
            self.assertFalse(case.parent_id)
            self.assertEqual(case.status, "open", number)

    def test_what_was_deleted_since_is_not_given_back(self):
        survivor, case = self._create_case(), self._create_case()
        stage = self.env["customer.service.stage"].create({"name": "Later", "status": "pending"})
        case.stage_id = stage
        log = self._merge(survivor, case)
        stage.unlink()
        self.assertIn("is gone or does not fit", " ".join(log._remains()))
        self._undo(log)
        self.assertEqual((case.merged_into_id, case.status), (self.Case, "open"))

    def _foreign_team(self):
        company = self.env["res.company"].create({"name": f"Elsewhere {self._mail_number()}"})
        return self.env["customer.service.team"].create(
            {"name": "Elsewhere", "company_id": company.id}
        )
