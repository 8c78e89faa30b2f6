from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCaseConversation(CustomerServiceCommon):
    def test_customer_message_waits_for_us(self):
        case = self._receive(self._mail())
        self.assertTrue(case.awaiting_reply)
        self.assertTrue(case.waiting_since)
        self.assertEqual((case.message_count_customer, case.message_count_agent), (1, 0))
        self.assertEqual(case.last_message_preview, "Where is my lamp?")
        self.assertFalse(case.last_message_private)

    def test_waiting_counts_from_the_first_unanswered_message(self):
        case = self._receive(self._mail())
        case.waiting_since = "2026-01-01 00:00:00"
        self._answer_as_customer(case)
        self.assertEqual(str(case.waiting_since), "2026-01-01 00:00:00")
        self.assertEqual(case.message_count_customer, 2)

    def test_first_agent_to_answer_becomes_responsible(self):
        case = self._receive(self._mail())
        self._reply(case, self.agent_team)
        self.assertEqual(case.user_id, self.agent_team)
        self.assertTrue(case.first_response_date)
        self.assertFalse(case.awaiting_reply or case.waiting_since)
        self._reply(case, self.supervisor)
        self.assertEqual(case.user_id, self.agent_team)
        self.assertEqual(case.message_count_agent, 2)
        self.assertEqual(case.message_count, 3)

    def test_internal_note_answers_nothing(self):
        case = self._receive(self._mail())
        self._note(case, body="Secret remark")
        self.assertTrue(case.awaiting_reply)
        self.assertFalse(case.user_id or case.first_response_date)
        self.assertEqual(case.message_count, 1)
        self.assertTrue(case.last_message_private)
        self.assertEqual(case.last_message_preview, "Secret remark")

    def test_customer_reopens_from_every_other_status(self):
        for status, reopened in (("pending", 0), ("resolved", 1), ("closed", 1)):
            with self.subTest(status):
                case = self._receive(self._mail())
                self._reply(case)
                case.write({"status": status})
                self._answer_as_customer(case)
                self.assertEqual((case.status, case.reopen_count), ("open", reopened))

    def test_nobody_waits_in_a_case_that_is_done(self):
        for action in ("action_resolve", "action_close"):
            with self.subTest(action):
                case = self._receive(self._mail())
                getattr(case, action)()
                self.assertFalse(case.awaiting_reply or case.waiting_since)

    def test_portal_message_counts_and_reopens_without_rights_on_the_case(self):
        case = self._create_case(status="closed")
        case.with_user(self.portal_user).message_post(
            body="Still broken", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(case.status, "open")
        self.assertEqual(case.message_count_customer, 1)

    def test_long_text_without_spaces_has_a_preview(self):
        case = self._receive(self._mail(body="注文した商品が届きません。" * 40))
        self.assertTrue(case.last_message_preview)
        self.assertLessEqual(len(case.last_message_preview), 120)

    def _answer_as_customer(self, case):
        last = case.message_ids[0]
        self._receive(self._mail(body="Any news?", In_Reply_To=last.message_id))
