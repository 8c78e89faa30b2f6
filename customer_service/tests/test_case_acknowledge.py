import threading
from datetime import timedelta
from email.message import EmailMessage

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerServiceCommon


class AcknowledgeCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("customer_service.mail_template_acknowledge")
        cls.team.acknowledge_template_id = cls.template

    def _acknowledgements(self, case):
        return case.message_ids.filtered(lambda message: message.message_type == "auto_comment")


@tagged("post_install", "-at_install")
class TestCaseAcknowledge(AcknowledgeCommon):
    def _write_to_us(self, *args, **kwargs):
        """Receive a mail; return its case and the mails that went out because of it."""
        with self.mock_mail_gateway():
            case = self._receive(self._mail(*args, **kwargs))
            return case, list(self._mails)

    def test_a_new_case_is_acknowledged_once_from_the_team(self):
        case, mails = self._write_to_us(Message_Id="<first@lampy.example>")
        (mail,) = mails
        self.assertEqual(mail["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        self.assertEqual(mail["email_from"], self.team._formatted_address())
        self.assertEqual(mail["reply_to"], self.team._formatted_address())
        self.assertEqual(mail["subject"], f"Re: My order {case._subject_reference()}")
        self.assertIn(case.number, mail["body"])
        self.assertIn("<first@lampy.example>", mail["references"])
        self.assertEqual(mail["headers"]["In-Reply-To"], "<first@lampy.example>")
        self.assertEqual(mail["headers"]["Auto-Submitted"], "auto-replied")
        self.assertEqual(mail["headers"]["X-Auto-Response-Suppress"], "All")
        self.assertEqual(mail["headers"]["Precedence"], "auto_reply")

    def test_the_customer_still_waits_for_us(self):
        case, _mails = self._write_to_us()
        self.assertTrue(case.awaiting_reply)
        self.assertFalse(case.first_response_date)
        self.assertFalse(case.last_agent_message_date)
        self.assertFalse(case.user_id)
        self.assertEqual((case.message_count_customer, case.message_count_agent), (1, 0))
        self.assertEqual(case.last_message_preview, "Where is my lamp?")

    def test_it_speaks_the_language_of_the_case(self):
        self.template.with_context(lang="pl_PL").body_html = "<p>Mamy Twoją wiadomość.</p>"
        case, (mail,) = self._write_to_us()
        self.assertEqual(case.lang, "pl_PL")
        self.assertIn("Mamy Twoją wiadomość.", mail["body"])

    def test_a_stranger_gets_it_without_becoming_a_contact(self):
        contacts = self.env["res.partner"].search_count([])
        case, (mail,) = self._write_to_us(From="Zed <zed@new.example>")
        self.assertEqual(mail["email_to"], ["zed@new.example"])
        self.assertIn(f"/my/cases/{case.id}?access_token=", mail["body"])
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_people_in_copy_and_followers_get_none(self):
        self.agent_team.notification_type = "email"
        case, mails = self._write_to_us(Cc="eve@x.example")
        self.assertEqual(len(mails), 1)
        self.assertEqual(self._acknowledgements(case).partner_ids, self.customer)

    def test_a_team_without_a_template_sends_none(self):
        self.team.acknowledge_template_id = False
        _case, mails = self._write_to_us()
        self.assertFalse(mails)

    def test_a_later_message_of_the_case_gets_none(self):
        case, (mail,) = self._write_to_us(From="Zed <zed@new.example>")
        self.env["customer.service.automatic.answer"].search([]).unlink()
        again, mails = self._write_to_us(
            From="Zed <zed@new.example>", In_Reply_To=case.message_ids[-1].message_id
        )
        self.assertEqual(again, case)
        self.assertFalse(mails)

    def test_machines_get_none(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"List_Id": "<news.example>"},
            {"X_Autoreply": "yes"},
        ):
            with self.subTest(headers=headers):
                _case, mails = self._write_to_us(**headers)
                self.assertFalse(mails)

    def test_nobody_of_us_gets_one(self):
        for sender in (
            self.agent_team.email,
            self.team.address,
            self.other_team.address,
            f"{self.alias_catchall}@{self.alias_domain}",
        ):
            with self.subTest(sender=sender):
                case = self._create_case(partner_id=False, email_from=sender)
                self.assertFalse(case._acknowledge())

    def test_a_forged_sender_gets_none(self):
        case = self._create_case()
        message = case.message_post(
            body="Hello",
            message_type="email",
            email_from=case.email_from,
            subtype_xmlid="mail.mt_comment",
        )
        message.customer_service_sender_check = "failed"
        self.assertFalse(case._acknowledge(message))
        message.write({"customer_service_sender_check": False, "customer_service_machine": "list"})
        self.assertFalse(case._acknowledge(message))
        message.customer_service_machine = False
        self.assertTrue(case._acknowledge(message))

    def test_nobody_without_an_address_gets_one(self):
        case = self._create_case(partner_id=False, partner_name="Somebody on the phone")
        self.assertFalse(case._acknowledge())

    def test_a_case_that_is_done_gets_none(self):
        self.assertFalse(self._create_case(status="closed")._acknowledge())

    def test_other_ways_in_can_ask_for_it(self):
        case = self._create_case()
        with self.mock_mail_gateway():
            sent = case.with_user(self.portal_user)._acknowledge()
        self.assertEqual(self._acknowledgements(case), sent.sudo())
        self.assertEqual(len(self._mails), 1)

    def test_a_broken_template_loses_no_mail(self):
        self.template.body_html = '<p t-out="object.no_such_field"/>'
        with (
            self.assertLogs("odoo.addons.customer_service", "WARNING"),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            case, mails = self._write_to_us()
        self.assertEqual(case.message_count_customer, 1)
        self.assertFalse(mails)

    def test_the_acknowledgement_is_not_in_the_portal_conversation(self):
        case, _mails = self._write_to_us()
        shown, _more = case._portal_conversation(self.customer)
        self.assertEqual([message["is_ours"] for message in shown], [False])


@tagged("post_install", "-at_install")
class TestAutomaticAnswerLoop(AcknowledgeCommon):
    """Two machines that answer each other stop, also when the other one tells nobody what it is."""

    def _robot_answers(self, sent, number, keep_references):
        """Return the bytes that a badly made answering machine sends back."""
        answer = EmailMessage()
        answer["From"] = "Robot <robot@machine.example>"
        answer["To"] = sent["reply_to"]
        answer["Subject"] = f"Automatic: {sent['subject']}"
        answer["Message-Id"] = f"<robot-{number}@machine.example>"
        if keep_references:
            answer["In-Reply-To"] = sent["message_id"]
            answer["References"] = sent["message_id"]
        answer.set_content("I am not here.")
        return answer.as_bytes()

    def _play(self, keep_references):
        """Let the two write to each other until one of them falls silent."""
        incoming = self._mail(From="Robot <robot@machine.example>")
        rounds = 0
        while incoming and rounds < 30:
            with self.mock_mail_gateway():
                self._receive(incoming)
                sent = list(self._mails)
            rounds += 1
            incoming = self._robot_answers(sent[0], rounds, keep_references) if sent else None
        return rounds

    def test_a_robot_that_answers_in_the_conversation(self):
        self.assertEqual(self._play(keep_references=True), 2)

    def test_a_robot_that_starts_anew_each_time(self):
        self.assertEqual(self._play(keep_references=False), 2)

    def test_two_of_our_own_teams_do_not_answer_each_other(self):
        self.other_team.acknowledge_template_id = self.template
        with self.mock_mail_gateway():
            self._receive(self._mail(From=self.other_team.address))
        self.assertFalse(self._mails)

    def test_one_an_hour_and_address(self):
        answer = self.env["customer.service.automatic.answer"]
        self.assertTrue(answer._may_answer("A@B.example"))
        self.assertFalse(answer._may_answer("a@b.example"))
        self.assertTrue(answer._may_answer("other@b.example"))
        known = answer.search([("email_normalized", "=", "a@b.example")])
        known.date = fields.Datetime.now() - timedelta(minutes=59)
        self.env.flush_all()
        self.assertFalse(answer._may_answer("a@b.example"))
        known.date = fields.Datetime.now() - timedelta(minutes=61)
        self.env.flush_all()
        self.assertTrue(answer._may_answer("a@b.example"))
        self.assertFalse(answer._may_answer("a@b.example"))

    def test_no_address_no_answer(self):
        answer = self.env["customer.service.automatic.answer"]
        for address in ("", False, "nonsense"):
            self.assertFalse(answer._may_answer(address))

    def test_what_is_old_is_forgotten(self):
        answer = self.env["customer.service.automatic.answer"]
        answer._may_answer("a@b.example")
        answer.search([]).date = fields.Datetime.now() - timedelta(days=3)
        answer._gc_automatic_answers()
        self.assertFalse(answer.search([]))


@tagged("post_install", "-at_install")
class TestAutomaticAnswerAtOnce(CustomerServiceCommon):
    """Real transactions beside each other."""

    ADDRESS = "at-once@machine.example"

    def _cleanup(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM customer_service_automatic_answer WHERE email_normalized = %s",
                [self.ADDRESS],
            )

    def _ask(self, cr):
        return self.env(cr=cr)["customer.service.automatic.answer"]._may_answer(self.ADDRESS)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._cleanup)

    def test_only_one_of_two_workers_may_answer(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # its view of the table begins before the first answers
            self.assertTrue(self._ask(first))
            self.assertFalse(self._ask(second), "while the first is at work")
            first.commit()
            self.assertFalse(self._ask(second), "after it, seen from before")
            second.execute("SELECT 1")  # the transaction goes on
            self.assertEqual(second.fetchone(), (1,))

    def test_many_workers_at_the_same_moment(self):
        answers, barrier = [], threading.Barrier(4)

        def work():
            with self.registry.cursor() as cr:
                cr.execute("SELECT 1")
                barrier.wait()
                answers.append(self._ask(cr))

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(answers.count(True), 1)

    def test_an_answer_that_was_rolled_back_does_not_count(self):
        with self.registry.cursor() as first:
            self.assertTrue(self._ask(first))
            first.rollback()
            self.assertTrue(self._ask(first))
            first.rollback()
