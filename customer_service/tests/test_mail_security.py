"""What nobody gets by way of mail, of what hangs on it, or of the methods behind the buttons."""

from email import message_from_bytes
from email.policy import SMTP
from random import Random

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerServiceCommon
from .test_mail_intake import IntakeCommon


class SecurityCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second Shop"})
        cls.second_team = cls.env["customer.service.team"].create(
            {"name": "Second", "company_id": cls.second.id, "alias_name": "second.support"}
        )
        cls.case = cls._create_case(user_id=cls.agent_own.id)
        cls.foreign = cls._create_case(
            name="Foreign", team_id=cls.second_team.id, partner_id=cls.other_customer.id
        )
        cls.secret = cls.foreign.message_post(
            body="The secret of the second shop",
            message_type="email",
            author_id=cls.other_customer.id,
            subtype_xmlid="mail.mt_comment",
        )


@tagged("post_install", "-at_install")
class TestForwardingReadsNothingElse(SecurityCommon):
    def _preview(self, **values):
        forward = self.env["customer.service.case.forward"].with_user(self.agent_own)
        return forward.create(values).read(["preview", "message_id"])

    def test_preview_shows_no_message_of_another_record(self):
        for message in (
            self.secret,
            self.customer.message_post(body="The secret of a contact"),
            self._note(self.case, user=self.agent_own, body="The secret of colleagues"),
        ):
            with self.subTest(body=message.body), self.assertRaises(UserError):
                self._preview(case_id=self.case.id, message_id=message.id)

    def test_preview_shows_nothing_of_a_case_one_may_not_see(self):
        with self.assertRaises(AccessError):
            self._preview(case_id=self.foreign.id)
        with self.assertRaises(AccessError):
            self.env["customer.service.case.forward"].with_user(self.agent_own).onchange(
                {"case_id": self.foreign.id}, ["case_id"], {"preview": {}, "message_id": {}}
            )


@tagged("post_install", "-at_install")
class TestJoiningTakesNothingElse(SecurityCommon):
    def test_agent_cannot_say_where_a_case_is_continued(self):
        case = self.case.with_user(self.agent_own)
        for name, value in (
            ("is_kept_apart", True),
            ("split_from_id", self.foreign.id),
            ("merged_into_id", self.foreign.id),
            ("suggested_case_id", self.foreign.id),
            ("consulted_emails", "eve@x.example"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                case.write({name: value})
            with self.subTest(name=name, how="create"), self.assertRaises(AccessError):
                case.create({"name": "New", "team_id": self.team.id, name: value})

    def test_agent_cannot_say_which_messages_were_moved(self):
        target = self._create_case(user_id=self.agent_own.id)
        log = self.env["customer.service.case.merge"]._merge(target, self.case)
        moved = {"cases": {str(self.case.id): {"messages": {"ids": self.secret.ids}}}}
        for user in (self.agent_own, self.supervisor, self.administrator):
            mine = log.with_user(user)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.write({"moved": moved})
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.create(
                    {"kind": "merge", "survivor_id": target.id, "user_id": user.id, "moved": moved}
                )
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.unlink()

    def test_undo_moves_only_what_is_in_the_case_it_was_added_to(self):
        target = self._create_case(user_id=self.agent_own.id)
        message = self.case.message_post(
            body="Hello", message_type="email", email_from="z@x.example"
        )
        self.case.suggested_case_id = target
        self.case.with_user(self.agent_own).action_join_suggested_case()
        self.assertEqual(message.res_id, target.id)
        message.res_id = self.foreign.id
        self.case.with_user(self.agent_own).action_undo_merge()
        self.assertEqual(message.res_id, self.foreign.id)

    def test_undo_takes_nothing_out_of_a_case_one_may_not_change(self):
        target = self._create_case(user_id=self.agent_own.id)
        self.case.message_post(body="Hello", message_type="email", email_from="z@x.example")
        self.case.suggested_case_id = target
        self.case.with_user(self.agent_own).action_join_suggested_case()
        target.merged_into_id = self.foreign
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).action_undo_merge()

    def test_nothing_is_joined_without_a_proposal_with_itself_or_across_companies(self):
        case = self.case.with_user(self.agent_own)
        with self.assertRaises(UserError):
            case.action_join_suggested_case()
        self.case.suggested_case_id = self.case
        with self.assertRaises(UserError):
            case.action_join_suggested_case()
        self.case.suggested_case_id = self.foreign
        self.supervisor.company_ids += self.second
        both = self.case.with_user(self.supervisor).with_context(
            allowed_company_ids=self.supervisor.company_ids.ids
        )
        with self.assertRaises(UserError):
            both.action_join_suggested_case()
        with self.assertRaises(UserError):
            case.action_undo_merge()


@tagged("post_install", "-at_install")
class TestHeldAnswersStayWithTheirCase(SecurityCommon):
    def setUp(self):
        super().setUp()
        self.held = (
            self.env["mail.scheduled.message"]
            .with_user(self.agent_own)
            .create(
                {
                    "author_id": self.agent_own.partner_id.id,
                    "body": "The secret answer",
                    "model": self.case._name,
                    "res_id": self.case.id,
                    "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
                }
            )
        )

    def test_only_those_who_see_the_case_read_it(self):
        self.assertTrue(self.held.with_user(self.supervisor).read(["body"]))
        for user in (self.outsider, self.portal_user, self.portal_other):
            held = self.held.with_user(user)
            held.invalidate_recordset()
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                held.read(["body"])
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                held.customer_service_undo()
            with self.subTest(user=user.name), self.assertRaises(UserError):
                held.customer_service_send()

    def test_nobody_changes_what_leaves_in_a_colleagues_name(self):
        held = self.held.with_user(self.supervisor)
        for values in (
            {"body": "Changed"},
            {"author_id": self.supervisor.partner_id.id},
            {"partner_ids": [Command.link(self.other_customer.id)]},
            {"notification_parameters": '{"email_from": "x@y.example"}'},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                held.write(values)
        self.held.write({"body": "Mine"})

    def test_undo_takes_files_of_the_answer_only(self):
        kept = (
            self.env["ir.attachment"]
            .with_user(self.agent_own)
            .create(
                {
                    "name": "kept.txt",
                    "raw": b"x",
                    "res_model": self.case._name,
                    "res_id": self.case.id,
                }
            )
        )
        self.held.attachment_ids = kept
        self.held.customer_service_undo()
        self.assertEqual((kept.res_model, kept.res_id), (self.case._name, self.case.id))


@tagged("post_install", "-at_install")
class TestRecipientsStayWithTheirCase(SecurityCommon):
    def test_composer_tells_no_outsider_whom_an_answer_reaches(self):
        for user in (self.outsider, self.agent_own):
            composer = self.env["mail.compose.message"].with_user(user)
            values = {"model": self.case._name, "res_ids": str(self.foreign.ids), "body": "x"}
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.fail(composer.create(values).read(["case_recipients"]))


@tagged("post_install", "-at_install")
class TestAutomaticMailIsNotThePortals(SecurityCommon):
    def test_customer_reads_no_case_of_automatic_mail(self):
        automatic = self._create_case(
            type_id=self.env.ref("customer_service.type_automatic").id, status="closed"
        )
        message = automatic.message_post(
            body="Your invoice", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
        )
        self.customer.portal_company_cases = True
        for user in (self.portal_user, self.portal_colleague):
            with self.subTest(user=user.name):
                self.assertNotIn(automatic, self.Case.with_user(user).search([]))
                with self.assertRaises(AccessError):
                    automatic.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    message.with_user(user).read(["body"])
        self.assertTrue(self.case.with_user(self.portal_user).read(["name"]))


@tagged("post_install", "-at_install", "mail_gateway")
class TestWhatMailMayDo(SecurityCommon, IntakeCommon):
    def test_employee_decides_nothing_about_a_case_by_handing_in_mail(self):
        thread = self.env["mail.thread"].with_user(self.outsider)
        case_id = thread.message_process(
            "customer.service.case",
            self._mail(From="eve@x.example", To="nobody@else.example"),
            custom_values={
                "partner_id": self.other_customer.id,
                "user_id": self.outsider.id,
                "merged_into_id": self.foreign.id,
            },
        )
        made = self.Case.browse(case_id)
        self.assertFalse(made.partner_id | made.user_id.partner_id)
        self.assertFalse(made.merged_into_id)
        mail = self._mail(From=self.other_customer.email, To="nobody@else.example")
        case_id = thread.message_process("customer.service.case", mail, thread_id=self.foreign.id)
        self.assertNotEqual(case_id, self.foreign.id)

    def test_employee_makes_no_records_of_others_by_a_mail_to_us(self):
        count = self.env["res.partner"].search_count([])
        mail = self._mail(
            To=self.team.address.replace("@", "+1@"), From="eve@x.example", Subject="A contact"
        )
        self.env["mail.thread"].with_user(self.outsider).message_process("res.partner", mail)
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_proposal_stays_in_the_company(self):
        answer = self._mail(
            From="eve@x.example",
            To=self.team.address,
            In_Reply_To=self.secret.message_id,
            Subject=f"Re: x {self.foreign._subject_reference()}",
        )
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "customer_service_team_id": self.team.id, "server_type": "imap"}
        )
        thread = self.env["mail.thread"].with_context(default_fetchmail_server_id=server.id)
        made = self.Case.browse(
            thread.message_process(self.Case._name, answer, custom_values={"team_id": self.team.id})
        )
        self.assertEqual(made.team_id, self.team)
        self.assertFalse(made.suggested_case_id)

    def test_bounce_speaks_only_of_those_whom_the_mail_went_to(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        before = self.other_customer.message_bounce
        report = "\r\n".join(
            [
                "From: MAILER-DAEMON@relay.example",
                f"To: {self.team.address}",
                "Subject: Undelivered Mail Returned to Sender",
                "Message-ID: <bounce@relay.example>",
                "Auto-Submitted: auto-replied",
                "MIME-Version: 1.0",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "",
                "--b",
                "Content-Type: text/plain",
                "",
                "It could not be delivered.",
                "--b",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; relay.example",
                "",
                "Final-Recipient: rfc822; bob@baker.example",
                "Action: failed",
                "Status: 5.1.1",
                "",
                "Final-Recipient: rfc822; anna@lampy.example",
                "Action: failed",
                "Status: 5.1.1",
                "",
                "--b",
                "Content-Type: text/rfc822-headers",
                "",
                f"Message-ID: {reply.message_id}",
                "--b--",
                "",
            ]
        )
        self._receive(report.encode())
        self.assertEqual(case.undeliverable_address, "anna@lampy.example")
        self.assertEqual(self.customer.message_bounce, 1)
        self.assertEqual(self.other_customer.message_bounce, before)

    def test_forged_sender_brings_nobody_in(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        self.env["ir.config_parameter"].set_param(
            "customer_service.authentication_servers", "mx.shop.example"
        )
        for number, (result, brought_in) in enumerate((("fail", False), ("pass", True))):
            answer = self._mail(
                In_Reply_To=reply.message_id,
                Cc=f"eve{number}@x.example",
                Authentication_Results=f"mx.shop.example; dmarc={result} header.from=lampy.example",
            )
            self.assertEqual(self._receive(answer), case)
            self.assertEqual(f"eve{number}@x.example" in (case.email_cc or ""), brought_in)

    def test_files_that_can_carry_a_script_are_shown_as_text(self):
        message = message_from_bytes(self._mail(), policy=SMTP)
        script = b"<script>alert(1)</script>"
        for subtype, content in (
            ("html", b"<html>" + script + b"</html>"),
            ("svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg">' + script + b"</svg>"),
            ("xhtml+xml", b'<html xmlns="http://www.w3.org/1999/xhtml">' + script + b"</html>"),
            ("xml", b'<?xml version="1.0"?><?xml-stylesheet href="x"?><x/>'),
        ):
            message.add_attachment(content, "image", subtype, filename=f"picture.{subtype}")
        case = self._receive(message.as_bytes())
        files = case.message_ids.attachment_ids
        self.assertEqual(len(files), 4)
        self.assertEqual(set(files.mapped("mimetype")), {"text/plain"})

    def test_endless_message_id_is_logged_all_the_same(self):
        made = Random(1)
        endless = "".join(chr(made.randrange(0x10000, 0x1F000)) for _number in range(890))
        raw = self._mail(Message_Id=None)
        raw = f"Message-ID: <{endless}@x.example>\n".encode() + raw
        self._receive(raw)
        self.assertIn(self._log().outcome, ("new", "failed"))

    def test_lines_of_the_log_belong_to_a_company(self):
        mail = self._mail(To=self.second_team.address)
        case = self._receive(mail)
        self.assertEqual(case.team_id, self.second_team)
        self.assertFalse(self._receive(mail))  # again
        line = self._log()
        self.assertEqual(line.reason, "duplicate")
        self.assertFalse(self.Log.with_user(self.supervisor).search([("id", "=", line.id)]))

    def test_supervisor_takes_in_mail_that_a_server_brought(self):
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "customer_service_team_id": self.team.id, "server_type": "imap"}
        )
        self.env["customer.service.blocked.sender"].create(
            {"name": "eve@x.example", "company_id": self.company_admin.id}
        )
        raw = self._mail(From="eve@x.example")
        log = self.env["customer.service.mail.intake"]._take_in(raw, server=server)
        self.assertEqual(log.reason, "blocked")
        self.env.invalidate_all()
        log.with_user(self.supervisor).action_take_in()
        self.assertEqual(self._log().outcome, "new")


@tagged("post_install", "-at_install", "mail_gateway")
class TestNoCirclesAndNoReflection(SecurityCommon, IntakeCommon):
    def test_bounce_of_what_was_handed_on_is_not_handed_on(self):
        self.team.write({"store_messages": False, "forward_email": "boss@gone.example"})
        with self.mock_mail_gateway():
            self._receive(self._mail())
            self.assertEqual(len(self._mails), 1)
        for number, returned in enumerate(
            (
                "Final-Recipient: rfc822; boss@gone.example\r\nAction: failed\r\nStatus: 5.1.1",
                "Final-Recipient: rfc822; other@gone.example\r\nAction: failed\r\nStatus: 5.1.1"
                "\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                "X-Customer-Service-Forwarded: yes\r\nSubject: My order",
            )
        ):
            report = (
                "From: MAILER-DAEMON@relay.example\r\n"
                f"To: {self.team.address}\r\n"
                "Subject: Undelivered Mail Returned to Sender\r\n"
                f"Message-ID: <returned{number}@relay.example>\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                "--b\r\nContent-Type: text/plain\r\n\r\nGone.\r\n"
                "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                "Reporting-MTA: dns; relay.example\r\n\r\n"
                f"{returned}\r\n--b--\r\n"
            )
            with self.subTest(number=number), self.mock_mail_gateway():
                self._receive(report.encode())
                self.assertFalse(self._mails)
                self.assertEqual((self._log().outcome, self._log().reason), ("ignored", "loop"))

    def test_one_mailbox_under_many_names_gets_one_automatic_answer(self):
        answer = self.env["customer.service.automatic.answer"]
        self.assertTrue(answer._may_answer("victim@x.example"))
        self.assertFalse(answer._may_answer("victim+1@x.example"))
        self.assertFalse(answer._may_answer("Victim+another@x.example"))
        self.assertTrue(answer._may_answer("somebody@x.example"))

    def test_all_automatic_answers_of_an_hour_are_limited(self):
        answer = self.env["customer.service.automatic.answer"]
        self.env["ir.config_parameter"].set_param("customer_service.automatic_answers_an_hour", "2")
        answer.search([]).unlink()
        self.assertTrue(answer._may_answer("one@x.example"))
        self.assertTrue(answer._may_answer("two@x.example"))
        self.assertFalse(answer._may_answer("three@x.example"))
        answer.search([]).write({"date": "2020-01-01"})
        self.assertTrue(answer._may_answer("three@x.example"))
