"""The main job with real servers: a mailbox over TLS on one side, an SMTP server on the other."""

from email.message import EmailMessage

from odoo.tests import tagged

from .common import CustomerServiceCommon
from .mail_servers import MailServersMixin


class MailCircleMixin(MailServersMixin):
    """A mailbox that is fetched, and a server that takes what is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox = cls._start_dovecot({"support": "secret"})
        cls.sink = cls._start_sink()

    def setUp(self):
        super().setUp()
        self._send_to_sink()
        self.server = self.env["fetchmail.server"].create(
            {
                "name": "Support mailbox",
                "server_type": "imap",
                "server": "localhost",
                "port": self.mailbox.imaps_port,
                "encryption": "ssl",
                "check_certificate": False,
                "user": "support",
                "password": "secret",
                "customer_service_team_id": self.team.id,
                "object_id": self.env["ir.model"]._get_id("customer.service.case"),
            }
        )

    def _fetch(self):
        """Let the host fetch the mailbox, each message in its own transaction as always."""
        self.server.button_confirm_login()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.server.with_env(self.server.env(cr=cr)).fetch_mail()

    def _cases(self):
        return self.Case.search([("team_id", "=", self.team.id)])

    def _customer_reply(self, answer, body):
        """Return the bytes that a customer's mail program makes of *Reply*."""
        reply = EmailMessage()
        reply["From"] = answer["To"]
        reply["To"] = answer["Reply-To"]
        reply["Subject"] = answer["Subject"]
        reply["Message-Id"] = "<reply@lampy.example>"
        reply["In-Reply-To"] = answer["Message-Id"]
        reply["References"] = f"{answer['References']} {answer['Message-Id']}"
        reply.set_content(body)
        return reply.as_bytes()



@tagged("post_install", "-at_install")
class TestMailCircle(MailCircleMixin, CustomerServiceCommon):
    def test_question_answer_and_question_again_are_one_case(self):
        question = self._mail(
            body="Dzień dobry, gdzie jest moja lampa?",
            Subject="Moja lampa",
            Message_Id="<q@l.example>",
        )
        self.mailbox.deliver("support", question)
        self._fetch()
        case = self._cases()
        self.assertEqual(len(case), 1)
        self.assertEqual((case.name, case.partner_id), ("Moja lampa", self.customer))

        case.with_user(self.agent_team).action_take()
        self._note(case, body="Zed in the warehouse forgot it")
        self._reply(case, body="Lampa jest w drodze.")
        case.with_user(self.agent_team).action_resolve()

        (sent,) = self.sink.wait_for_messages(1)
        answer = sent.parsed
        self.assertEqual(sent.recipients, ("anna@lampy.example",))
        self.assertEqual(answer["From"], f"Shop Support <{self.team.address}>")
        self.assertEqual(answer["Reply-To"], f"Shop Support <{self.team.address}>")
        self.assertEqual(answer["Subject"], f"Re: Moja lampa {case._subject_reference()}")
        self.assertIn("<q@l.example>", answer["References"])
        html = answer.get_body(("html",)).get_content()
        self.assertIn("Lampa jest w drodze.", html)
        self.assertIn('lang="pl_PL"', html)
        self.assertIn(f"access_token={case.access_token}", html)
        self.assertNotIn("Zed", str(answer))

        self.mailbox.deliver("support", self._customer_reply(answer, "Dziękuję, ale której?"))
        self._fetch()
        self.assertEqual(self._cases(), case)
        self.assertEqual(case.status, "open")
        self.assertTrue(case.awaiting_reply)
        self.assertEqual((case.message_count_customer, case.message_count_agent), (2, 1))

    def test_stranger_is_answered_without_becoming_a_contact(self):
        contacts = self.env["res.partner"].search_count([])
        self.mailbox.deliver("support", self._mail(From="Zed <zed@new.example>"))
        self._fetch()
        case = self._cases()
        self._reply(case)
        (sent,) = self.sink.wait_for_messages(1)
        self.assertEqual(sent.recipients, ("zed@new.example",))
        self.assertIn("zed@new.example", sent.parsed["To"])
        html = sent.parsed.get_body(("html",)).get_content()
        self.assertIn(f"/my/cases/{case.id}?access_token=", html)
        self.mailbox.deliver("support", self._customer_reply(sent.parsed, "Thanks"))
        self._fetch()
        self.assertEqual(self._cases(), case)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_mailbox_is_fetched_once(self):
        self.mailbox.deliver("support", self._mail())
        self._fetch()
        self._fetch()
        self.assertEqual(len(self._cases()), 1)
        self.assertEqual(len(self._cases().message_ids), 1)

    def test_wrong_password_is_one_clear_error(self):
        self.server.password = "wrong"
        with self.assertRaisesRegex(Exception, "(?i)authentication"):
            self.server.button_confirm_login()

    def test_sender_filter_of_the_mail_server_is_respected(self):
        self.env["ir.mail_server"].search([]).from_filter = "elsewhere.example"
        case = self._create_case()
        with self.assertLogs("odoo.addons.base.models.ir_mail_server", "WARNING"):
            self._reply(case)
        (sent,) = self.sink.wait_for_messages(1)
        self.assertNotIn(self.team.address, sent.parsed["From"])
        self.assertIn(self.team.address, sent.parsed["Reply-To"])
