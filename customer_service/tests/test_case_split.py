"""Messages that become a case of their own."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_case_merge import MergeCommon
from .test_mail_intake import IntakeCommon


@tagged("post_install", "-at_install", "mail_gateway")
class TestCaseSplit(MergeCommon, IntakeCommon):
    def setUp(self):
        super().setUp()
        self.case = self._receive(self._mail("Where is my lamp?"))
        self.first = self.case.message_ids[0]
        self.second = self._customer_writes(
            self.case, "And my invoice is wrong", attachments=[("invoice.txt", b"x")]
        )
        self.note = self._note(self.case, body="Ask the accountant")
        self.case._refresh_conversation()  # dated by the messages, to the second

    def _split(self, messages, user=None, **options):
        user = user or self.agent_team
        merge = self.Merge.with_user(user)
        return merge._split(self.case.with_user(user), messages.with_user(user), **options)

    def test_chosen_messages_become_a_case(self):
        log = self._split(self.second | self.note)
        new = log.merged_ids
        self.assertEqual(new.split_from_id, self.case)
        self.assertEqual((self.second.res_id, self.note.res_id), (new.id, new.id))
        self.assertEqual(self.second.attachment_ids.res_id, new.id)
        self.assertEqual(self.first.res_id, self.case.id)
        self.assertEqual(new.name, "And my invoice is wrong")
        self.assertEqual((new.partner_id, new.team_id), (self.customer, self.team))
        self.assertEqual((new.status, new.awaiting_reply), ("open", True))
        self.assertEqual((self.case.message_count, new.message_count), (1, 1))
        self.assertEqual(new.action_ids.interaction_id.message_id, self.second)
        self.assertFalse(self.second.is_internal)

    def test_answer_in_flight_arrives_at_the_new_case(self):
        answer = self._reply(self.case, body="About the invoice")
        new = self._split(self.second | answer).merged_ids
        mail = self._mail(In_Reply_To=answer.message_id, Subject="Re: invoice")
        self.assertEqual(self._receive(mail), new)
        mail = self._mail(In_Reply_To=self.first.message_id, Subject="Re: lamp")
        self.assertEqual(self._receive(mail), self.case)

    def test_undo_brings_the_messages_back(self):
        before = self._state(self.case)
        new = self._split(self.second).merged_ids
        late = self._customer_writes(new, "One more thing")
        action = new.with_user(self.agent_team).action_undo_split()
        self.assertEqual(action["res_model"], "customer.service.case.merge.undo")
        wizard = self.env[action["res_model"]].with_user(self.agent_team)
        wizard = wizard.with_context(**action["context"]).create({})
        self.assertIn("1 new messages", wizard.remains)
        wizard.action_undo()
        self.assertEqual(new.merged_into_id, self.case)
        self.env["customer.service.interaction"].search(
            [("message_id", "=", late.id)]
        ).action_ids.unlink()
        late.unlink()
        self.case._refresh_conversation()
        # Whoever follows the one follows the other now.
        self.assertEqual({**self._state(self.case), "followers": []}, {**before, "followers": []})

    def test_undo_without_news_asks_nothing(self):
        before = self._state(self.case)
        new = self._split(self.second).merged_ids
        action = new.with_user(self.agent_team).action_undo_split()
        self.assertEqual(action["params"]["case_id"], self.case.id)
        self.assertEqual(self._state(self.case), before)
        mail = self._mail(Subject=f"Re: x {new._subject_reference()}")
        self.assertEqual(self._receive(mail), self.case)
        with self.assertRaisesRegex(UserError, "not split off"):
            new.with_user(self.agent_team).action_undo_split()

    def test_undo_lets_the_customer_wait_since_when_they_did(self):
        self._reply(self.case, body="Here is your lamp")
        last = self._customer_writes(self.case, "And my invoice?")
        before = self._state(self.case)
        log = self._split(self.first)
        self.assertTrue(log.merged_ids.awaiting_reply)
        log.with_user(self.agent_team).sudo(False).action_undo()
        self.assertEqual(self._state(self.case), before)
        self.assertEqual(self.case.waiting_since, last.date)

    def test_message_of_somebody_in_copy_becomes_their_case(self):
        self.case.email_cc = "Eve <eve@x.example>"
        mail = self._mail("I want my own", From="eve@x.example", In_Reply_To=self.first.message_id)
        self.assertEqual(self._receive(mail), self.case)
        eves = self.case.message_ids[0]
        new = self._split(self.second | eves, user=self.supervisor).merged_ids
        self.assertEqual(new.partner_id, self.customer)  # the first of them is the customer's
        new.with_user(self.supervisor).action_undo_split()
        new = self._split(eves).merged_ids
        self.assertFalse(new.partner_id)
        self.assertEqual(new.email_normalized, "eve@x.example")
        self.assertEqual(new.identity_id.email, "eve@x.example")
        self.assertFalse(eves.is_internal)

    def test_customer_of_the_new_case_reads_only_their_own(self):
        values = {"partner_id": self.other_customer.id, "identity_id": False}
        log = self._split(self.second, values=values)
        self.assertTrue(self.second.is_internal)
        log.with_user(self.agent_team)._undo()
        self.assertFalse(self.second.is_internal)
        self._split(self.second, values=values, shares=True)
        self.assertFalse(self.second.is_internal)

    def test_what_was_kept_apart_is_answered_in_a_case_of_its_own(self):
        bobs_case = self._create_case(name="Bob's", partner_id=self.other_customer.id)
        bobs = self._customer_writes(bobs_case, "Bob's question")
        self._merge(self.case, bobs_case, confirmed=True)
        self.assertTrue(bobs.is_internal)
        log = self._split(bobs)
        self.assertEqual(log.merged_ids.partner_id, self.other_customer)
        self.assertFalse(bobs.is_internal)
        log.with_user(self.supervisor)._undo()
        self.assertTrue(bobs.is_internal)

    def test_only_messages_of_the_case_and_not_all(self):
        foreign = self._customer_writes(self._create_case(name="Other"), "Secret")
        everything = self.Merge._splittable(self.case)
        nothing = self.env["mail.message"]
        for messages in (foreign, self.second | foreign, nothing, everything):
            with self.subTest(len(messages)), self.assertRaises(UserError):
                self._split(messages)
        self.assertNotEqual(foreign.res_id, self.case.id)

    def test_who_may_not_change_the_case_splits_nothing(self):
        self.case.user_id = self.supervisor
        for user in (self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._split(self.second, user=user)
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).action_split()
        wizard = self.env["customer.service.case.split"].with_user(self.agent_own)
        with self.assertRaises(AccessError):
            wizard.create({"case_id": self.case.id}).read(["allowed_message_ids"])

    def test_form_reads_no_message_of_another_case(self):
        foreign_case = self._create_case(name="Other", user_id=self.supervisor.id)
        foreign = self._customer_writes(foreign_case, "Secret words of another")
        self.case.user_id = self.agent_own
        wizard = self.env["customer.service.case.split"].with_user(self.agent_own)
        with self.assertRaises(AccessError):
            wizard.create({"case_id": self.case.id, "message_ids": [(6, 0, foreign.ids)]})
        mine = self._create_case(name="Mine too", user_id=self.agent_own.id)
        another = self._customer_writes(mine, "Words of another case")
        made = wizard.create({"case_id": self.case.id, "message_ids": [(6, 0, another.ids)]})
        self.assertFalse(made.name)
        with self.assertRaises(UserError):
            made.action_split()

    def test_form_proposes_subject_and_person(self):
        wizard = self.env["customer.service.case.split"].with_user(self.agent_team)
        action = (
            self.case.with_user(self.agent_team)
            .with_context(customer_service_split_ids=self.second.ids)
            .action_split()
        )
        made = wizard.with_context(**action["context"]).create({})
        self.assertEqual(made.message_ids, self.second)
        self.assertEqual((made.name, made.partner_id), ("And my invoice is wrong", self.customer))
        made.name = "Invoice"
        made.user_id = self.agent_team
        new = self.Case.browse(made.action_split()["res_id"])
        self.assertEqual((new.name, new.user_id), ("Invoice", self.agent_team))
