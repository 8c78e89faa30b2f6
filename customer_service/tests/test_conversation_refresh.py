from datetime import datetime

from odoo.tests import tagged

from ..tools.text import first_words
from .common import CustomerServiceCommon

FIELDS = (
    "awaiting_reply",
    "message_count_agent",
    "message_count_customer",
    "last_message_preview",
    "last_message_private",
)


@tagged("post_install", "-at_install")
class TestConversationRefresh(CustomerServiceCommon):
    """What is stored of a conversation can be drawn up anew from its messages."""

    def _figures(self, case):
        return {name: case[name] for name in FIELDS}

    def _assert_refreshed_as_posted(self, case):
        posted = self._figures(case)
        case.write({name: False for name in FIELDS})
        case._refresh_conversation()
        self.assertEqual(self._figures(case), posted)

    def test_figures_are_those_that_posting_left(self):
        case = self._receive(self._mail())
        self._assert_refreshed_as_posted(case)
        self._reply(case)
        self._assert_refreshed_as_posted(case)
        self._note(case)
        self._assert_refreshed_as_posted(case)
        case.action_resolve()
        self._assert_refreshed_as_posted(case)

    def test_dates_are_those_of_the_messages(self):
        case = self._receive(self._mail())
        customer = case.message_ids.filtered(lambda message: message.message_type == "email")
        again = customer.copy({"date": datetime(2026, 5, 4, 9, 0), "res_id": case.id})
        customer.date = datetime(2026, 5, 3, 9, 0)
        case._refresh_conversation()
        self.assertEqual(case.waiting_since, customer.date)
        self.assertEqual(case.last_customer_message_date, again.date)
        answer = self._reply(case)
        answer.date = datetime(2026, 5, 3, 10, 0)
        case._refresh_conversation()
        self.assertEqual(case.first_response_date, answer.date)
        self.assertEqual(case.waiting_since, again.date)

    def test_a_case_without_messages_has_none_counted(self):
        case = self._create_case()
        began = case.last_customer_message_date
        case._refresh_conversation()
        self.assertFalse(case.last_message_date)
        self.assertFalse(case.awaiting_reply)
        self.assertEqual(case.message_count, 0)
        self.assertEqual(case.last_customer_message_date, began)

    def test_a_machine_does_not_count(self):
        case = self._receive(self._mail())
        posted = self._figures(case)
        self._receive(
            self._mail(
                "I am away until Monday.",
                Subject=f"Re: {case.name}",
                References=case.message_ids[-1:].message_id,
                Auto_Submitted="auto-replied",
            )
        )
        case._refresh_conversation()
        self.assertEqual(self._figures(case), posted)

    def test_a_long_text_is_cut_between_words(self):
        self.assertEqual(first_words("one two three", 10), "one two…")
        self.assertEqual(first_words(" one\n two ", 10), "one two")
        self.assertEqual(first_words(None, 10), "")

    def test_a_japanese_text_without_spaces_keeps_its_beginning(self):
        text = "佐藤様 " + "お問い合わせありがとうございます。" * 10
        words = first_words(text, 120)
        self.assertEqual(len(words), 120)
        self.assertTrue(text.startswith(words[:-1]))
        case = self._receive(self._mail(text, Subject=""))
        self.assertTrue(text.startswith(case.name[:-1]))
        self.assertGreater(len(case.last_message_preview), 100)
