"""Cases of different people: who may merge them, who reads what, and where answers arrive."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_case_merge import MergeCommon
from .test_mail_intake import IntakeCommon


class TwoCustomersCommon(MergeCommon, IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survivor = cls._create_case(name="Anna's")
        cls.other = cls._create_case(name="Bob's", partner_id=cls.other_customer.id)

    def setUp(self):
        super().setUp()
        self.mine = self._customer_writes(self.survivor, "Anna's question")
        self.bobs = self._customer_writes(
            self.other, "Bob's question", attachments=[("bob.txt", b"bob")]
        )
        self.answer = self._reply(self.other, user=self.supervisor, body="Our answer to Bob")

    def _public(self, case):
        return self.env["mail.message"].search(case._portal_message_domain())


@tagged("post_install", "-at_install", "mail_gateway")
class TestMergeOfDifferentCustomers(TwoCustomersCommon):
    def test_only_supervisors_and_only_after_an_explicit_yes(self):
        with self.assertRaisesRegex(AccessError, "Only supervisors"):
            self._merge(self.survivor, self.other, self.agent_team, confirmed=True)
        with self.assertRaisesRegex(UserError, "Say that you want this"):
            self._merge(self.survivor, self.other)
        self._merge(self.survivor, self.other, confirmed=True)
        self.assertTrue(self.other.is_kept_apart)

    def test_other_customer_is_neither_shown_nor_copied(self):
        self.other.email_cc = "wife@baker.example"
        self.other.message_subscribe(self.other_customer.ids)
        self._merge(self.survivor, self.other, confirmed=True)
        self.assertEqual(self._public(self.survivor), self.mine)
        self.assertNotIn("baker", self.survivor.email_cc or "")
        self.assertNotIn(self.other_customer, self.survivor.message_partner_ids)
        self.assertNotIn("bob@baker.example", self.survivor._participant_addresses())
        self.assertFalse(
            self.env["mail.message"].with_user(self.portal_user).search_count(
                [("id", "in", (self.bobs | self.answer).ids)]
            )
        )
        with self.mock_mail_gateway():
            self._reply(self.survivor, user=self.supervisor, body="To Anna")
        (mail,) = self._mails
        self.assertNotIn("baker", str(mail["email_to"]))
        self.assertNotIn("Bob", mail["body"])
        with self.assertRaises(UserError):
            self.survivor.with_user(self.supervisor)._forward_checked(self.bobs, None)

    def test_colleagues_read_both_and_see_that_somebody_waits(self):
        self._merge(self.survivor, self.other, confirmed=True)
        self.assertEqual(self.survivor.message_count_customer, 2)
        self.assertEqual(self.survivor.message_count_agent, 1)
        self.assertFalse(self.bobs.subtype_id.internal)
        self.assertTrue(self.bobs.with_user(self.agent_team).read(["body"]))

    def test_answer_of_the_other_arrives_apart(self):
        self._merge(self.survivor, self.other, confirmed=True)
        self.survivor.status = "resolved"
        for reference in (
            {"In_Reply_To": self.answer.message_id},
            {"Subject": f"Re: x {self.other._subject_reference()}"},
        ):
            mail = self._mail(From="bob@baker.example", Cc="wife@baker.example", **reference)
            with self.mock_mail_gateway():
                self.assertEqual(self._receive(mail), self.survivor)
        late = self.survivor.message_ids[0]
        self.assertTrue(late.is_internal)
        self.assertFalse(late.subtype_id.internal)
        self.assertEqual(self._public(self.survivor), self.mine)
        self.assertFalse(self.survivor.email_cc)
        self.assertEqual(self.survivor.status, "open")
        self.assertTrue(self.survivor.awaiting_reply)

    def test_undo_gives_the_other_back_what_came_later(self):
        before = self._state(self.survivor)
        log = self._merge(self.survivor, self.other, confirmed=True)
        self._receive(self._mail(From="bob@baker.example", In_Reply_To=self.answer.message_id))
        late = self.survivor.message_ids[0]
        self.assertFalse(log._remains())
        log._undo()
        self.assertEqual(late.res_id, self.other.id)
        self.assertEqual(self._public(self.other), self.bobs | self.answer | late)
        self.assertEqual(self.other.message_count_customer, 2)
        self.assertEqual(self._state(self.survivor)["messages"], before["messages"])
        self.assertTrue(
            self.env["customer.service.interaction"].search([("message_id", "=", late.id)])
        )

    def test_undo_gives_back_exactly_what_was(self):
        before = self._state(self.survivor), self._state(self.other)
        log = self._merge(self.survivor, self.other, confirmed=True)
        log._undo()
        self.assertEqual((self._state(self.survivor), self._state(self.other)), before)

    def test_shared_merge_lets_all_read_along(self):
        self._merge(self.survivor, self.other, confirmed=True, shares=True)
        self.assertEqual(self._public(self.survivor), self.mine | self.bobs | self.answer)
        self.assertIn("bob@baker.example", self.survivor.email_cc)
        mail = self._mail(From="bob@baker.example", In_Reply_To=self.answer.message_id)
        self.assertEqual(self._receive(mail), self.survivor)
        self.assertFalse(self.survivor.message_ids[0].is_internal)

    def test_answer_that_is_to_leave_to_another_person_stands_in_the_way(self):
        self.env["mail.scheduled.message"].with_user(self.supervisor).create(
            {
                "author_id": self.supervisor.partner_id.id,
                "body": "Only for Bob",
                "model": self.other._name,
                "res_id": self.other.id,
                "scheduled_date": "2030-01-01 00:00:00",
            }
        )
        for shares in (False, True):
            with self.subTest(shares=shares), self.assertRaisesRegex(UserError, "about to leave"):
                self._merge(self.survivor, self.other, confirmed=True, shares=shares)

    def test_two_of_one_company_are_apart_until_somebody_says_otherwise(self):
        piotrs = self._create_case(name="Piotr's", partner_id=self.colleague.id)
        message = self._customer_writes(piotrs, "Piotr's question")
        log = self._merge(self.survivor, piotrs, self.agent_team)
        self.assertTrue(piotrs.is_kept_apart)
        self.assertNotIn(message, self._public(self.survivor))
        log.with_user(self.agent_team)._undo()
        self._merge(self.survivor, piotrs, self.agent_team, shares=True)
        self.assertIn(message, self._public(self.survivor))

    def test_same_person_with_another_address_goes_on_taking_part(self):
        second = self._create_case(name="Second", email_from="anna@home.example")
        second.email_from = "anna@home.example"
        reply = self._reply(second)
        self._merge(self.survivor, second, self.agent_team)
        self.assertFalse(second.is_kept_apart)
        mail = self._mail(From="anna@home.example", In_Reply_To=reply.message_id)
        self.assertEqual(self._receive(mail), self.survivor)
        self.assertFalse(self.survivor.message_ids[0].is_internal)

    def test_chain_keeps_apart_what_was_apart(self):
        third = self._create_case(name="Anna's third")
        self._merge(self.survivor, self.other, confirmed=True)
        self._merge(third, self.survivor)
        self.assertEqual(self._public(third), self.mine)
        mail = self._mail(From="bob@baker.example", In_Reply_To=self.answer.message_id)
        self.assertEqual(self._receive(mail), third)
        self.assertTrue(third.message_ids[0].is_internal)
        self.assertEqual(self._public(self.other) & self.bobs, self.bobs)

    def test_interaction_of_the_other_goes_along(self):
        contact = self.env["customer.service.interaction"].with_user(self.supervisor).create(
            {
                "partner_id": self.other_customer.id,
                "action_ids": [(0, 0, {"case_id": self.other.id, "is_solved": False})],
            }
        )
        self._merge(self.survivor, self.other, confirmed=True)
        self.assertEqual(contact.case_ids, self.survivor)
        self.assertEqual(contact.partner_id, self.other_customer)

    def test_customer_is_told_once_and_not_the_other(self):
        second = self._create_case(name="Anna's second")
        cases = self.survivor | self.other | second
        wizard = self.env["customer.service.case.merge.wizard"].with_user(self.supervisor)
        wizard = wizard.create({"case_ids": [(6, 0, cases.ids)], "survivor_id": self.survivor.id})
        self.assertTrue(wizard.has_others)
        self.assertFalse(wizard.tells_customer)
        wizard.write({"is_confirmed": True, "tells_customer": True})
        waiting = self.survivor.waiting_since
        with self.mock_mail_gateway():
            wizard.action_merge()
        (mail,) = self._mails
        self.assertEqual(mail["email_to"], [self.customer.email_formatted])
        self.assertIn(second.number, mail["body"])
        self.assertNotIn(self.other.number, mail["body"])
        self.assertEqual(self.survivor.waiting_since, waiting)
        log = self.Merge.search([("survivor_id", "=", self.survivor.id)])
        with self.mock_mail_gateway():
            log._tell_customer("Again")
        self.assertFalse(self._mails)
        self.assertIn("was told", "".join(log._remains()))

    def test_there_is_nothing_to_tell_where_only_the_other_one_moved(self):
        wizard = self.env["customer.service.case.merge.wizard"].with_user(self.supervisor)
        wizard = wizard.create(
            {
                "case_ids": [(6, 0, (self.survivor | self.other).ids)],
                "survivor_id": self.survivor.id,
                "is_confirmed": True,
                "tells_customer": True,
                "body": f"We merged {self.other.number}",
            }
        )
        self.assertFalse(wizard.can_tell)
        with self.mock_mail_gateway():
            wizard.action_merge()
        self.assertFalse(self._mails)

    def test_nobody_is_told_unless_wished(self):
        second = self._create_case(name="Anna's second")
        with self.mock_mail_gateway():
            self._merge(self.survivor, second)
        self.assertFalse(self._mails)


@tagged("post_install", "-at_install")
class TestMergeWizard(TwoCustomersCommon):
    def _wizard(self, cases, user=None, **values):
        wizard = self.env["customer.service.case.merge.wizard"].with_user(user or self.supervisor)
        return wizard.create({"case_ids": [(6, 0, cases.ids)], **values})

    def test_oldest_that_is_not_done_is_proposed(self):
        self.survivor.status = "closed"
        second = self._create_case(name="Second")
        wizard = self._wizard(self.survivor | second)
        self.assertEqual(wizard.survivor_id, second)
        self.assertFalse(wizard.has_others or wizard.has_colleagues)

    def test_it_says_what_moves_and_who_is_in_copy(self):
        second = self._create_case(name="Second", email_cc="eve@x.example")
        self._customer_writes(second)
        wizard = self._wizard(self.survivor | second, survivor_id=self.survivor.id)
        self.assertEqual(wizard.summary["messages"], 1)
        self.assertIn("eve@x.example", wizard.summary["copies"])

    def test_agent_is_told_that_customers_differ(self):
        wizard = self._wizard(self.survivor | self.other, self.agent_team, is_confirmed=True)
        self.other.user_id = self.agent_team
        self.assertTrue(wizard.has_others)
        self.assertFalse(wizard.may_merge_others)
        with self.assertRaises(AccessError):
            wizard.action_merge()

    def test_it_shows_nothing_of_cases_one_may_not_see(self):
        hidden = self._create_case(name="Hidden", user_id=self.supervisor.id)
        mine = self._create_case(name="Mine", user_id=self.agent_own.id)
        with self.assertRaises(AccessError):
            self._wizard(mine | hidden, self.agent_own).read(["others_label", "summary"])
        with self.assertRaises(AccessError):
            self._wizard(mine, self.agent_own, survivor_id=hidden.id)
        wizard = self._wizard(mine, self.agent_own)
        with self.assertRaises(AccessError):
            wizard.with_user(self.agent_team).read(["survivor_id"])

    def test_buttons_open_it(self):
        action = (self.survivor | self.other).with_user(self.supervisor).action_merge()
        self.assertEqual(
            action["context"]["default_case_ids"], (self.survivor | self.other).ids
        )
        log = self._merge(self.survivor, self.other, confirmed=True)
        self.assertEqual(self.survivor.merge_count, 1)
        action = self.survivor.with_user(self.supervisor).action_open_merges()
        self.assertEqual(self.Merge.search(action["domain"]), log)
        action = self.other.with_user(self.supervisor).action_open_continued()
        self.assertEqual(action["params"]["case_id"], self.survivor.id)
