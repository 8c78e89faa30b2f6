"""Cases that become one: what moves, what stays as it is, who may, and the way back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.customer_service_case_merge_moves import MOVING_MESSAGE_TYPES, SNAPSHOT
from .common import CustomerServiceCommon


class MergeCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_hierarchy = True
        cls.Merge = cls.env["customer.service.case.merge"]
        cls.tag, cls.other_tag = cls.env["customer.service.tag"].create(
            [{"name": "Glass"}, {"name": "Parcel"}]
        )

    def _merge(self, survivor, cases, user=None, **options):
        """Merge cases in the name of somebody, and return the log in sudo."""
        user = user or self.supervisor
        merge = self.Merge.with_user(user)
        return merge._merge(survivor.with_user(user), cases.with_user(user), **options)

    def _customer_writes(self, case, body="Hello?", **values):
        return case.message_post(
            body=body,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            **{"author_id": case.partner_id.id, "email_from": case.email_from, **values},
        )

    def _state(self, case):
        """Return all that a case is, as somebody would compare it."""
        case.invalidate_recordset()
        messages = self.env["mail.message"].search(
            [
                ("model", "=", case._name),
                ("res_id", "=", case.id),
                ("message_type", "in", MOVING_MESSAGE_TYPES),
            ]
        )
        return {
            **self.Merge._snapshot(case),
            "messages": messages.mapped(lambda message: (message.id, message.is_internal)),
            "files": self.env["ir.attachment"].search(
                [("res_model", "=", case._name), ("res_id", "=", case.id)]
            ).ids,
            "actions": case.action_ids.ids,
            "handlings": case.handling_ids.ids,
            "escalations": case.escalation_ids.ids,
            "activities": case.with_context(active_test=False).activity_ids.ids,
            "children": case.child_ids.ids,
            "followers": sorted(case.message_partner_ids.ids),
            "tags": sorted(case.tag_ids.ids),
            "held": self.env["mail.scheduled.message"].search(
                [("model", "=", case._name), ("res_id", "=", case.id)]
            ).ids,
        }

    def _full_case(self, **values):
        """Make a case that has one of everything that moves."""
        case = self._create_case(
            **{
                "user_id": self.agent_team.id,
                "priority": "3",
                "tag_ids": [(6, 0, (self.tag | self.other_tag).ids)],
                "email_cc": "Eve <eve@x.example>",
                "date_deadline": fields.Datetime.now() + timedelta(days=1),
                "follow_up": "Send the manual",
                **values,
            }
        )
        self._customer_writes(case, attachments=[("photo.txt", b"broken")])
        self._note(case, attachments=[("secret.txt", b"internal")])
        self._reply(case)
        self.env["ir.attachment"].create(
            {"name": "loose.txt", "raw": b"x", "res_model": case._name, "res_id": case.id}
        )
        self.env["customer.service.interaction"].with_user(self.agent_team).create(
            {
                "partner_id": case.partner_id.id,
                "identity_id": case.identity_id.id,
                "action_ids": [
                    (0, 0, {"case_id": case.id, "description": "Called", "is_solved": False})
                ],
            }
        )
        self.env["customer.service.handling"].with_user(self.agent_team)._record_by_hand(
            fields.Datetime.now() - timedelta(hours=1), 600, case.with_user(self.agent_team)
        )
        case.with_user(self.agent_team)._promise_call_back(
            fields.Datetime.now() + timedelta(hours=3), self.agent_team
        )
        case.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent_team.id)
        case.message_subscribe(self.supervisor.partner_id.ids)
        self.env["mail.scheduled.message"].with_user(self.agent_team).create(
            {
                "author_id": self.agent_team.partner_id.id,
                "body": "Later",
                "model": case._name,
                "res_id": case.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=2),
            }
        )
        self._create_case(name="Child", parent_id=case.id)
        return case


@tagged("post_install", "-at_install")
class TestCaseMerge(MergeCommon):
    def test_everything_moves_and_the_rest_stays(self):
        case, survivor = self._full_case(), self._create_case(name="Stays", priority="1")
        self._customer_writes(survivor, "First")
        moved, kept = self._state(case), self._state(survivor)
        self._merge(survivor, case)
        now = self._state(survivor)
        for name in (
            "messages", "files", "actions", "handlings", "activities", "children", "tags", "held"
        ):
            with self.subTest(name):
                self.assertEqual(set(now[name]), {*moved[name], *kept[name]})
        self.assertIn(self.supervisor.partner_id, survivor.message_partner_ids)
        self.assertEqual(survivor.priority, "3")
        self.assertEqual(survivor.user_id, self.agent_team)
        self.assertEqual(survivor.date_deadline, case.date_deadline)
        self.assertEqual(survivor.follow_up, "Send the manual")
        self.assertEqual(survivor.call_back_user_id, self.agent_team)
        self.assertIn("eve@x.example", survivor.email_cc)
        self.assertEqual((survivor.message_count_customer, survivor.message_count_agent), (2, 1))
        self.assertEqual((case.status, case.merged_into_id), ("closed", survivor))
        self.assertFalse(case.follow_up or case.call_back_date or case.activity_ids)
        self.assertEqual(case.message_count, 0)

    def test_undo_gives_back_exactly_what_was(self):
        case, survivor = self._full_case(), self._create_case(name="Stays", status="resolved")
        third = self._create_case(name="Third", tag_ids=[(6, 0, self.tag.ids)], status="pending")
        self._customer_writes(survivor, "First")
        survivor.status = "resolved"
        before = {one: self._state(one) for one in (case, survivor, third)}
        log = self._merge(survivor, case | third)
        self.assertEqual(survivor.status, "open")
        self.assertNotEqual(self._state(survivor), before[survivor])
        action = third.with_user(self.supervisor).action_undo_merge()
        self.assertEqual(action["params"]["case_id"], case.id)
        for one, state in before.items():
            with self.subTest(one.name):
                self.assertEqual(self._state(one), state)
        self.assertEqual((log.state, log.undo_user_id), ("undone", self.supervisor))
        with self.assertRaisesRegex(UserError, "undone already"):
            log.with_user(self.supervisor).action_undo()

    def test_case_that_waits_for_somebody_opens_when_a_customer_waits_in_the_merged_one(self):
        case, quiet = self._create_case(name="Waits"), self._create_case(name="Quiet")
        self._customer_writes(case, "Where is it?")
        survivor = self._create_case(name="Stays", status="pending")
        self._merge(survivor, quiet)
        self.assertEqual((survivor.status, survivor.awaiting_reply), ("pending", False))
        self._merge(survivor, case)
        self.assertEqual((survivor.status, survivor.awaiting_reply), ("open", True))
        case.with_user(self.supervisor).action_undo_merge()
        self.assertEqual((survivor.status, survivor.awaiting_reply), ("pending", False))

    def test_undo_names_what_came_in_between_and_leaves_it(self):
        case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
        self._customer_writes(case, "Old")
        self._merge(survivor, case, self.agent_team)
        self._customer_writes(survivor, "New")
        survivor.with_user(self.agent_team).priority = "3"
        survivor.with_user(self.agent_team).date_deadline = "2030-01-01 00:00:00"
        self.env["customer.service.handling"].with_user(self.agent_team)._record_by_hand(
            fields.Datetime.now(), 60, survivor.with_user(self.agent_team)
        )
        action = case.with_user(self.agent_team).action_undo_merge()
        self.assertEqual(action["res_model"], "customer.service.case.merge.undo")
        wizard = self.env[action["res_model"]].with_user(self.agent_team)
        wizard = wizard.with_context(**action["context"]).create({})
        self.assertIn(f"1 new messages stay in {survivor.number}", wizard.remains)
        self.assertIn("1 times stay", wizard.remains)
        self.assertNotIn("Priority", wizard.remains)  # the merge had not changed it
        self.assertTrue(case.merged_into_id)
        wizard.action_undo()
        self.assertFalse(case.merged_into_id)
        self.assertEqual((case.message_count, survivor.message_count), (1, 1))
        self.assertEqual(survivor.priority, "3")
        self.assertTrue(survivor.awaiting_reply)

    def test_undo_leaves_values_alone_that_somebody_changed_since(self):
        case = self._create_case(name="Goes", priority="3", user_id=self.agent_team.id)
        survivor = self._create_case(name="Stays", priority="0")
        self._merge(survivor, case)
        self.assertEqual(survivor.priority, "3")
        survivor.priority = "2"
        wizard = self.env["customer.service.case.merge.undo"].with_user(self.supervisor)
        action = case.with_user(self.supervisor).action_undo_merge()
        wizard = wizard.with_context(**action["context"]).create({})
        self.assertIn("Priority", wizard.remains)
        wizard.action_undo()
        self.assertEqual((survivor.priority, case.priority), ("2", "3"))
        self.assertFalse(survivor.user_id)

    def test_chain_is_undone_from_its_end(self):
        first, second, third = (self._create_case(name=name) for name in "ABC")
        self._customer_writes(first, "From the first")
        self._merge(second, first)
        self._merge(third, second)
        self.assertEqual(first._final(), third)
        self.assertEqual(third.message_count, 1)
        with self.assertRaisesRegex(UserError, f"{second.number} was merged into {third.number}"):
            first.with_user(self.supervisor).action_undo_merge()
        second.with_user(self.supervisor).action_undo_merge()
        first.with_user(self.supervisor).action_undo_merge()
        self.assertEqual((first | second | third).mapped("message_count"), [1, 0, 0])

    def test_what_two_merges_brought_stays_until_both_are_undone(self):
        first, second = (
            self._create_case(name=name, tag_ids=[(6, 0, self.tag.ids)]) for name in "AB"
        )
        survivor = self._create_case(name="Stays")
        for case in (first, second):
            case.message_subscribe(self.agent_team.partner_id.ids)
            self._merge(survivor, case)
        first.with_user(self.supervisor).action_undo_merge()
        self.assertEqual(survivor.tag_ids, self.tag)
        self.assertIn(self.agent_team.partner_id, survivor.message_partner_ids)

    def test_merged_case_is_read_only(self):
        case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
        self._merge(survivor, case)
        for user in (self.agent_team, self.supervisor, self.administrator):
            mine = case.with_user(user)
            for change in (
                lambda case: case.write({"priority": "3"}),
                lambda case: case.action_take(),
                lambda case: case.action_reopen(),
                lambda case: self._reply(case, user=case.env.user),
                lambda case: self._note(case, user=case.env.user),
                lambda case: case._hold_answer({"body": "Too late"}),
                lambda case: case._link_document(self._create_order(self.customer)),
                lambda case: case.env["customer.service.handling"].handling_start(case.id),
                lambda case: case.action_merge(),
                lambda case: case.action_split(),
            ):
                with self.subTest(user=user.name), self.assertRaisesRegex(
                    UserError, f"{case.number} was merged into {survivor.number}"
                ):
                    change(mine)
        with self.assertRaisesRegex(UserError, "was merged into"):
            self._merge(case, self._create_case())
        with self.assertRaisesRegex(UserError, "was merged into"):
            self._merge(self._create_case(), case)

    def test_what_the_conversation_says_is_linked_without_subjects(self):
        case, survivor = self._create_case(name="Secret one"), self._create_case(name="Secret two")
        self._merge(survivor, case)
        for one, other in ((case, survivor), (survivor, case)):
            note = one.message_ids[0]
            self.assertIn(other.number, note.body)
            self.assertNotIn(other.name, note.body)
            self.assertTrue(note.subtype_id.internal)

    def test_agent_merges_what_they_may_change(self):
        mine = self._create_case(name="Mine", user_id=self.agent_own.id)
        theirs = self._create_case(name="Theirs", user_id=self.agent_team.id)
        free = self._create_case(name="Free")
        for survivor, case in ((mine, theirs), (theirs, mine)):
            with self.subTest(survivor=survivor.name), self.assertRaises(AccessError):
                self._merge(survivor, case, self.agent_own)
        self._merge(mine, free, self.agent_own)
        self.assertEqual(free.merged_into_id, mine)
        with self.assertRaises(AccessError):
            self._merge(mine, self._create_case(), self.outsider)
        with self.assertRaises(AccessError):
            self._merge(mine, self._create_case(), self.portal_user)

    def test_undo_needs_the_right_to_change_both(self):
        mine = self._create_case(name="Mine", user_id=self.agent_own.id)
        theirs = self._create_case(name="Theirs", user_id=self.agent_team.id)
        log = self._merge(theirs, mine)
        with self.assertRaises(AccessError):
            mine.with_user(self.agent_own).action_undo_merge()
        with self.assertRaises(AccessError):
            log.with_user(self.agent_own)._undo()
        self.assertEqual(mine.merged_into_id, theirs)
        for user in (self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user.name), self.assertRaises(AccessError):
                log.with_user(user).read(["label"])
        with self.assertRaises(AccessError):
            log.with_user(self.agent_team).read(["moved"])
        self.assertEqual(log.with_user(self.agent_team).label, mine.number)

    def test_only_cases_that_fit_are_merged(self):
        survivor = self._create_case(name="Stays")
        automatic = self._create_case(
            type_id=self.env.ref("customer_service.type_automatic").id, status="closed"
        )
        spam = self._create_case(is_spam=True)
        for case, reason in (
            (survivor, "at least two"),
            (automatic, "not merged"),
            (spam, "not merged"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                self._merge(survivor, case)
        company = self.env["res.company"].create({"name": "Second Shop"})
        team = self.env["customer.service.team"].create({"name": "S", "company_id": company.id})
        foreign = self._create_case(team_id=team.id)
        self.supervisor.company_ids += company
        both = self.Merge.with_user(self.supervisor).with_context(
            allowed_company_ids=self.supervisor.company_ids.ids
        )
        with self.assertRaisesRegex(UserError, "two companies"):
            both._merge(survivor.with_env(both.env), foreign.with_env(both.env))

    def test_parent_and_children_stay_one_level(self):
        parent, child, other = (self._create_case(name=name) for name in ("P", "C", "O"))
        child.parent_id = parent
        other_child = self._create_case(name="OC", parent_id=other.id)
        with self.assertRaisesRegex(UserError, "Detach one of them"):
            self._merge(child, other)
        self._merge(parent, other)
        self.assertEqual(parent.child_ids, child | other_child)
        before = self._state(child)
        log = self._merge(child, parent)  # a parent goes into its child
        self.assertEqual(child.child_ids, other_child)
        self.assertFalse(child.parent_id or parent.parent_id)
        log._undo()
        self.assertEqual(self._state(child), before)
        self.assertEqual(parent.child_ids, child | other_child)

    def test_child_brings_its_parent_along(self):
        parent, child, single = (self._create_case(name=name) for name in ("P", "C", "S"))
        child.parent_id = parent
        self._merge(single, child)
        self.assertEqual((single.parent_id, child.parent_id), (parent, child.browse()))

    def test_case_without_facts_takes_them_over(self):
        order = self._create_order(self.customer)
        known = self._create_case(name="Known", sale_order_id=order.id)
        unknown = self._create_case(name="Call", partner_id=False)
        log = self._merge(unknown, known)
        self.assertEqual(unknown.partner_id, self.customer)
        self.assertEqual(unknown.sale_order_id, order)
        log._undo()
        self.assertFalse(unknown.partner_id or unknown.sale_order_id)

    def test_earlier_promise_of_a_call_is_kept(self):
        soon, late = (fields.Datetime.now() + timedelta(hours=hours) for hours in (1, 5))
        case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
        case._promise_call_back(soon, self.agent_team)
        survivor._promise_call_back(late, self.supervisor)
        before = self._state(case), self._state(survivor)
        log = self._merge(survivor, case)
        self.assertEqual(survivor.call_back_date, soon)
        self.assertEqual(len(survivor.activity_ids), 1)
        log._undo()
        self.assertEqual((self._state(case), self._state(survivor)), before)

    def test_running_clock_goes_on(self):
        case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
        handling = self.env["customer.service.handling"].with_user(self.agent_team)
        handling.handling_start(case.id)
        self._merge(survivor, case, self.agent_team)
        self.assertEqual(handling.handling_clock()["running"]["case_id"], survivor.id)

    def test_recorded_contact_that_moves_starts_nothing(self):
        case = self._create_case(name="Goes", user_id=self.agent_team.id)
        self.env["customer.service.interaction"].with_user(self.agent_team).create(
            {"partner_id": self.customer.id, "action_ids": [(0, 0, {"case_id": case.id})]}
        )
        self.assertEqual(case.status, "resolved")
        survivor = self._create_case(name="Stays")
        self._merge(survivor, case)
        self.assertEqual(survivor.status, "open")
        self.assertEqual(survivor.action_ids.description, False)

    def test_answer_by_phone_stays_the_first_one(self):
        survivor, case = self._create_case(name="Stays"), self._create_case(name="Goes")
        survivor.first_response_date = "2026-01-01 10:00:00"
        self._reply(case)
        self._merge(survivor, case)
        answered = fields.Datetime.to_string(survivor.first_response_date)
        self.assertEqual(answered, "2026-01-01 10:00:00")

    def test_timeline_tells_what_was_said_where_it_is_continued(self):
        case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
        self._customer_writes(case, "Said in the first")
        timeline = self.env["customer.service.timeline"].with_user(self.supervisor)

        def texts(one):
            self.env.cr.precommit.run()  # entries are written at the end of a transaction
            return str(timeline.timeline(one._name, one.id)["entries"])

        self.assertIn("Said in the first", texts(case))
        log = self._merge(survivor, case)
        self.assertIn("Said in the first", texts(survivor))
        self.assertNotIn("Said in the first", texts(case))
        log._undo()
        self.assertIn("Said in the first", texts(case))

    def test_snapshot_names_fields_of_the_case(self):
        self.assertFalse(set(SNAPSHOT) - set(self.Case._fields))

    def test_merge_needs_the_same_queries_for_any_number_of_messages(self):
        def count(messages):
            case, survivor = self._create_case(name="Goes"), self._create_case(name="Stays")
            for number in range(messages):
                self._customer_writes(case, f"Message {number}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._merge(survivor, case)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(3), count(30))


@tagged("post_install", "-at_install")
class TestEscalationOfMergedCases(MergeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route = cls.env["customer.service.escalation.route"].create(
            {"name": "Workshop", "user_ids": [(6, 0, cls.supervisor.ids)]}
        )

    def _escalated(self, name):
        case = self._create_case(name=name, user_id=self.agent_team.id)
        escalation = self.env["customer.service.escalation"].create(
            {
                "case_id": case.id,
                "route_id": self.route.id,
                "from_user_id": self.agent_team.id,
                "question": "May we?",
            }
        )
        case.escalation_id = escalation
        return case

    @mute_logger("odoo.sql_db")
    def test_question_that_waits_goes_along_or_is_named_when_it_ends(self):
        first, second = self._escalated("First"), self._escalated("Second")
        survivor = self._create_case(name="Stays")
        question = first.escalation_id
        log = self._merge(survivor, first | second)
        self.assertEqual((survivor.escalation_id, question.state), (question, "open"))
        self.assertEqual(second.escalation_ids.state, "done")
        self.assertIn(second.number, "".join(log._remains()))
        log._undo()
        self.assertEqual((first.escalation_id, question.case_id), (question, first))
        self.assertFalse(survivor.escalation_id)
