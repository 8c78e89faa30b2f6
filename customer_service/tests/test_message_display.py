"""What the browser gets to know of an incoming mail, and what it must not load."""

from markupsafe import Markup

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from odoo.addons.mail.tools.discuss import Store

from .common import CustomerServiceCommon

_FIELDS = ("customer_service_sender_check", "customer_service_machine")


@tagged("post_install", "-at_install")
class TestMessageDisplay(CustomerServiceCommon):
    """The facts about a message that its line in the conversation shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()

    def _post(self, case=None, **values):
        return (case or self.case).message_post(
            **{
                "body": "Where is my lamp?",
                "message_type": "email",
                "subtype_xmlid": "mail.mt_comment",
                "email_from": "Anna Kowalska <anna@lampy.example>",
                "author_id": self.customer.id,
                **values,
            }
        )

    def _stored(self, messages, user):
        """Return what the web client of a user gets of messages, by number."""
        store = Store().add(messages.with_user(user))
        return {row["id"]: row for row in store.get_result()["mail.message"]}

    def test_posting_takes_the_check_and_the_kind_of_machine(self):
        message = self._post(
            customer_service_sender_check="verified", customer_service_machine="auto_reply"
        )
        self.assertEqual(message.customer_service_sender_check, "verified")
        self.assertEqual(message.customer_service_machine, "auto_reply")

    def test_other_threads_refuse_the_values_of_cases(self):
        with self.assertRaises(ValueError):
            self.customer.message_post(body="Hello", customer_service_sender_check="verified")

    def test_agents_browser_gets_the_check(self):
        message = self._post(customer_service_sender_check="failed")
        row = self._stored(message, self.agent_team)[message.id]
        self.assertEqual([row[name] for name in _FIELDS], ["failed", False])

    def test_check_is_sent_for_cases_only(self):
        message = self.customer.message_post(body="Hello")
        row = self._stored(message, self.agent_team)[message.id]
        self.assertFalse(set(_FIELDS) & row.keys())

    def test_customer_does_not_get_the_check(self):
        message = self._post(customer_service_sender_check="failed")
        row = self._stored(message, self.portal_user)[message.id]
        self.assertFalse(set(_FIELDS) & row.keys())
        visible = message.with_user(self.portal_user).fields_get()
        self.assertFalse(set(_FIELDS) & visible.keys())

    def test_check_costs_no_query_of_its_own(self):
        messages = self._post() | self._post() | self._post()
        self.env.invalidate_all()
        messages = messages.with_user(self.agent_team)
        messages.mapped("body")
        with self.assertQueryCount(0):
            for message in messages:
                self.assertFalse(message.sudo().customer_service_sender_check)

    def test_machines_are_not_counted(self):
        self._post(customer_service_machine="auto_reply")
        self.assertEqual(self.case.message_count, 0)
        self.assertFalse(self.case.awaiting_reply)
        self._post(customer_service_machine="")
        self._post(customer_service_machine="bounce")
        self.case._refresh_conversation()
        self.assertEqual(self.case.message_count, 1)


@tagged("post_install", "-at_install")
class TestMessageDisplayTour(CustomerServiceCommon, HttpCase):
    """How messages look to an agent, in a real browser."""

    def test_agent_reads_the_mails_of_a_case(self):
        case = self._create_case()
        values = {
            "message_type": "email",
            "subtype_xmlid": "mail.mt_comment",
            "email_from": "Anna Kowalska <anna@lampy.example>",
            "author_id": self.customer.id,
        }
        for check in ("verified", "unverified", "failed"):
            case.message_post(
                body=f"A mail that is {check}", customer_service_sender_check=check, **values
            )
        case.message_post(
            body=Markup(
                "<pre>It is broken.\n"
                '<span data-o-mail-quote="1">&gt; Is the lamp broken?</span>\n'
                "Since yesterday.\n"
                '<span data-o-mail-quote="1">-- \nAnna Kowalska\nphone 601 234 567</span></pre>'
            ),
            **values,
        )
        case.message_post(
            body="I am on holiday.",
            subject="Out of office",
            customer_service_machine="auto_reply",
            **{**values, "subtype_xmlid": "mail.mt_note"},
        )
        self.start_tour(
            f"/odoo/customer.service.case/{case.id}",
            "customer_service_case_messages",
            login=self.agent_team.login,
        )
