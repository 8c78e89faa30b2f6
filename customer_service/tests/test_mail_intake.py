"""Each mail once, to whom it belongs, and none lost."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import CustomerServiceCommon

GATEWAY = "odoo.addons.mail.models.mail_thread"


class IntakeCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["customer.service.mail.log"]
        cls.Failure = cls.env["customer.service.mail.failure"]
        for user in (cls.agent_own, cls.agent_team, cls.supervisor, cls.outsider):
            user.email = f"{user.login}@shop.example"

    def _log(self):
        """Return the line of the mail that came last."""
        return self.Log.search([], limit=1)

    def _spoken(self, case):
        """Return what people said in a case."""
        return case.message_ids.filtered(
            lambda message: message.message_type in ("email", "comment")
        )

    def _break(self, error):
        """Let whatever makes a case of a mail raise."""
        return patch.object(type(self.Case), "_values_from_mail", side_effect=error)


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailOnce(IntakeCommon):
    def test_second_delivery_is_ignored_and_says_why(self):
        mail = self._mail()
        case = self._receive(mail)
        self.assertEqual((self._log().outcome, self._log().case_id), ("new", case))
        for again in (
            mail,
            b"Received: from relay.example\r\n" + mail,
            mail.replace(b"\n", b"\r\n"),
        ):
            self.assertFalse(self._receive(again))
            self.assertEqual((self._log().outcome, self._log().reason), ("ignored", "duplicate"))
        self.assertEqual(len(case.message_ids), 1)

    def test_same_bytes_without_message_id_are_one_message_for_a_week(self):
        mail = self._mail(Message_Id=None)
        case = self._receive(mail)
        self.assertTrue(case)
        self.assertFalse(self._receive(mail))
        other = self._receive(mail.replace(b"anna@lampy", b"zoe@lampy"))
        self.assertTrue(other)
        self.Log.search([]).date = "2020-01-01"
        again = self._receive(mail)
        self.assertTrue(again)
        self.assertNotEqual(again, case)

    def test_other_content_under_a_known_message_id_is_not_dropped(self):
        first = self._receive(self._mail(body="One", Message_Id="<fixed@shop.example>"))
        second = self._receive(self._mail(body="Two", Message_Id="<fixed@shop.example>"))
        self.assertTrue(first and second)
        self.assertIn(
            "Two", (first | second).message_ids.mapped("body")[0] + second.message_ids.body
        )
        ids = (first | second).message_ids.mapped("message_id")
        self.assertEqual(len(set(ids)), 2)

    def test_stranger_cannot_have_a_mail_dropped_by_taking_its_message_id(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        stranger = self._mail(From="eve@x.example", Message_Id=reply.message_id, body="Hello")
        self.assertTrue(self._receive(stranger))

    def test_our_own_answer_that_comes_back_is_ignored(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        back = self._mail(From=self.team.address, Message_Id=reply.message_id)
        self.assertFalse(self._receive(back))
        self.assertEqual(self._log().reason, "own")

    def test_mail_to_two_of_our_teams_is_one_case_of_the_first(self):
        before = self.Case.search_count([])
        case = self._receive(self._mail(To=f"{self.other_team.address}, {self.team.address}"))
        self.assertEqual(self.Case.search_count([]), before + 1)
        self.assertEqual(case.team_id, self.other_team)


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailParticipants(IntakeCommon):
    def test_customer_copies_and_followers_continue(self):
        case = self._receive(self._mail(Cc="Eve <eve@x.example>"))
        case.message_subscribe(self.other_customer.ids)
        reply = self._reply(case)
        for sender in ("anna@lampy.example", "EVE@x.example", "bob@baker.example"):
            with self.subTest(sender):
                answer = self._mail(From=sender, In_Reply_To=reply.message_id)
                self.assertEqual(self._receive(answer), case)
                self.assertEqual(self._log().outcome, "continued")
                self.assertFalse(case.message_ids[0].subtype_id.internal)

    def test_stranger_with_a_message_id_starts_a_case_that_proposes_the_link(self):
        case = self._receive(self._mail())
        for parent in (self._reply(case), self._note(case)):
            with self.subTest(parent.subtype_id.name):
                before = self._spoken(case)
                other = self._receive(
                    self._mail(
                        From="eve@x.example", In_Reply_To=parent.message_id, body="Let me in"
                    )
                )
                self.assertNotEqual(other, case)
                self.assertEqual(other.suggested_case_id, case)
                self.assertEqual(self._spoken(case), before)
                self.assertEqual(other.team_id, case.team_id)
                self.assertFalse(other.message_ids.is_internal)
                self.assertFalse(other.message_ids.parent_id)
                self.assertFalse(other.message_ids.subtype_id.internal)

    def test_customer_who_answers_a_note_writes_no_note(self):
        case = self._receive(self._mail())
        note = self._note(case)
        self.assertEqual(self._receive(self._mail(In_Reply_To=note.message_id)), case)
        self.assertFalse(case.message_ids[0].is_internal)
        self.assertFalse(case.message_ids[0].subtype_id.internal)

    def test_colleague_of_the_customer_takes_part_only_where_the_record_says_so(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        mail = self._mail(From="piotr@lampy.example", In_Reply_To=reply.message_id)
        self.assertNotEqual(self._receive(mail), case)
        self.colleague.portal_company_cases = True
        mail = self._mail(From="piotr@lampy.example", In_Reply_To=reply.message_id)
        self.assertEqual(self._receive(mail), case)

    def test_signed_subject_finds_the_case_without_headers(self):
        case = self._receive(self._mail())
        subject = case._message_compute_subject()
        self.assertIn(case.number, subject)
        self.assertEqual(self._receive(self._mail(Subject=f"AW: {subject}")), case)
        self.assertNotEqual(self._receive(self._mail(From="eve@x.example", Subject=subject)), case)
        self.assertEqual(self.Case.search([], limit=1, order="id desc").suggested_case_id, case)

    def test_forged_signature_finds_nothing(self):
        case = self._receive(self._mail())
        for reference in (f"[{case.number}]", f"[{case.number}/000000000000]", "[/]"):
            with self.subTest(reference):
                other = self._receive(self._mail(Subject=f"Re: My order {reference}"))
                self.assertNotEqual(other, case)
                self.assertFalse(other.suggested_case_id)

    def test_signed_address_finds_the_case(self):
        self.team.use_plus_address = True
        case = self._receive(self._mail())
        with self.mock_mail_gateway():
            self._reply(case)
        (answer,) = self._mails
        address = answer["reply_to"]
        self.assertIn("+c", address)
        self.assertEqual(self._receive(self._mail(To=address, Subject="No subject")), case)
        stranger = self._receive(self._mail(From="eve@x.example", To=address))
        self.assertEqual((stranger == case, stranger.team_id), (False, self.team))
        self.assertEqual(stranger.suggested_case_id, case)

    def test_stranger_is_let_in_by_an_agent_and_out_again(self):
        case = self._receive(self._mail())
        other = self._receive(
            self._mail(From="eve@x.example", In_Reply_To=case.message_ids.message_id, body="Me")
        )
        other.with_user(self.supervisor).action_join_suggested_case()
        self.assertEqual((other.status, other.merged_into_id), ("closed", case))
        self.assertIn("Me", "".join(self._spoken(case).mapped("body")))
        self.assertEqual(case.message_count_customer, 2)
        again = self._mail(From="eve@x.example", In_Reply_To=self._spoken(case)[-1].message_id)
        self.assertEqual(self._receive(again), case)
        other.with_user(self.supervisor)._merge_in_force(("join",))._undo()
        self.assertEqual((other.status, other.suggested_case_id), ("open", case))
        self.assertNotIn("eve@x.example", case.email_cc or "")
        self.assertEqual(other.message_count_customer, 1)

    def test_agent_who_may_not_change_the_case_adds_nothing_to_it(self):
        case = self._receive(self._mail(To=self.other_team.address))
        other = self._receive(
            self._mail(From="eve@x.example", In_Reply_To=case.message_ids.message_id)
        )
        other.team_id = self.team
        with self.assertRaises(AccessError):
            other.with_user(self.agent_team).action_join_suggested_case()

    def test_form_that_writes_from_our_own_address_names_the_customer(self):
        for reply_to, partner in (
            ("Bob <bob@baker.example>", self.other_customer),
            ("Zed Zulu <zed@new.example>", self.env["res.partner"]),
        ):
            with self.subTest(reply_to):
                case = self._receive(self._mail(From=self.team.address, Reply_To=reply_to))
                self.assertEqual(case.partner_id, partner)
                self.assertIn(case.email_normalized, reply_to)
        case = self._receive(self._mail(Reply_To="eve@x.example"))
        self.assertEqual(case.partner_id, self.customer)

    # one of us

    def test_mail_in_the_name_of_an_agent_has_their_name_only_if_proven(self):
        server = "mx.shop.example"
        self.env["ir.config_parameter"].set_param(
            "customer_service.authentication_servers", f"{server}, other.example"
        )
        case = self._receive(self._mail())
        domain = self.agent_team.email_normalized.rpartition("@")[2]
        for results, check in (
            (None, "unverified"),
            (f"evil.example; dmarc=pass header.from={domain}", "unverified"),
            (f"{server}; dmarc=fail header.from={domain}", "failed"),
            (f"{server}; dmarc=pass header.from={domain}", "verified"),
        ):
            with self.subTest(check):
                self._receive(
                    self._mail(
                        From=self.agent_team.email_formatted,
                        In_Reply_To=case.message_ids[-1].message_id,
                        Authentication_Results=results,
                        body=f"As {check} {results}",
                    )
                )
                message = case.message_ids[0]
                self.assertEqual(message.customer_service_sender_check, check)
                self.assertEqual(
                    message.author_id,
                    self.agent_team.partner_id
                    if check == "verified"
                    else message.author_id.browse(),
                )
                self.assertTrue(message.subtype_id.internal)

    def test_proof_that_somebody_hands_in_over_the_api_proves_nothing(self):
        self.env["ir.config_parameter"].set_param(
            "customer_service.authentication_servers", "mx.shop.example"
        )
        mail = self._mail(
            From="anna@lampy.example",
            Authentication_Results="mx.shop.example; dmarc=pass header.from=lampy.example",
        )
        thread = self.env["mail.thread"]
        with self.assertRaises(AccessError):
            thread.with_user(self.portal_user).message_process(self.Case._name, mail)
        case_id = thread.with_user(self.agent_team).message_process(self.Case._name, mail)
        message = self.Case.browse(case_id).message_ids
        self.assertEqual(message.customer_service_sender_check, "unverified")

    def test_colleague_without_a_part_in_the_case_starts_an_own_one(self):
        case = self._receive(self._mail())
        mail = self._mail(
            From=self.outsider.email_formatted, In_Reply_To=case.message_ids.message_id
        )
        self.assertNotEqual(self._receive(mail), case)


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailMachines(IntakeCommon):
    def test_automatic_mail_nobody_asked_for_is_closed_at_once(self):
        case = self._receive(self._mail(Auto_Submitted="auto-generated", Subject="Your invoice"))
        self.assertEqual(case.status, "closed")
        self.assertEqual(case.type_id, self.env.ref("customer_service.type_automatic"))
        self.assertFalse(case.awaiting_reply)
        self.assertEqual(self._log().outcome, "automatic")

    def test_machine_that_knows_a_message_id_writes_no_note_there(self):
        case = self._receive(self._mail())
        other = self._receive(
            self._mail(
                From="eve@x.example",
                Auto_Submitted="auto-replied",
                In_Reply_To=case.message_ids.message_id,
            )
        )
        self.assertNotEqual(other, case)
        self.assertEqual(other.status, "closed")

    def test_list_mail_is_from_people_where_the_team_is_a_list(self):
        headers = {"List_Id": "<support.shop.example>", "Precedence": "list"}
        self.assertEqual(self._receive(self._mail(**headers)).status, "closed")
        self.team.is_mailing_list = True
        self.assertEqual(self._receive(self._mail(**headers)).status, "open")

    def test_bounce_marks_the_address_and_says_so_on_the_case(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        case.action_pending()
        bounce = self._bounce(reply.message_id, "anna@lampy.example")
        self.assertEqual(self._receive(bounce), case)
        self.assertEqual(case.undeliverable_address, "anna@lampy.example")
        self.assertIn("no such user", case.undeliverable_reason.lower())
        self.assertEqual((case.status, case.awaiting_reply), ("pending", False))
        self.assertEqual(self.customer.message_bounce, 1)
        self.assertTrue(case.message_ids[0].subtype_id.internal)
        self._receive(self._mail(In_Reply_To=reply.message_id))
        self.assertFalse(case.undeliverable_address)

    def test_bounce_that_names_what_the_customer_wrote_comes_from_anybody(self):
        case = self._receive(self._mail())
        forged = self._bounce(case.message_ids.message_id, "anna@lampy.example")
        self.assertNotEqual(self._receive(forged), case)
        self.assertFalse(case.undeliverable_address)

    def test_bounce_of_something_else_is_closed_at_once(self):
        case = self._receive(self._bounce("<unknown@else.example>", "zed@new.example"))
        self.assertEqual(case.status, "closed")

    def _bounce(self, message_id, address):
        return (
            f"Return-Path: <>\nFrom: MAILER-DAEMON@provider.example\nTo: {self.team.address}\n"
            f"Subject: Undelivered Mail\nMessage-Id: <b{self._mail_number()}@provider.example>\n"
            "MIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nIt did not arrive.\n\n"
            "--b\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; provider.example\n\n"
            f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1 No such user here\n\n"
            f"--b\nContent-Type: text/rfc822-headers\n\nMessage-Id: {message_id}\n"
            f"From: {self.team.address}\nTo: {address}\nSubject: Re\n\n--b--\n"
        ).encode()

    def test_flood_of_one_sender_reaches_no_case_of_another_team(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "1")
        case = self._receive(self._mail())
        other = self._receive(self._mail(To=self.other_team.address))
        self.assertNotEqual(other, case)
        self.assertEqual((other.team_id, other.status), (self.other_team, "closed"))

    def test_flood_of_one_sender_fills_no_list_and_loses_nothing(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "5")
        before = self.Case.search_count([])
        with self.mock_mail_gateway():
            for number in range(12):
                case = self._receive(self._mail(Subject=f"Alert {number}", body=f"Alert {number}"))
                self.assertTrue(case)
            self.assertNotSentEmail()
        self.assertEqual(self.Case.search_count([]), before + 5)
        self.assertEqual(self.Log.search_count([("sender_address", "=", "anna@lampy.example")]), 12)
        self.assertTrue(case.message_ids[0].subtype_id.internal)


@tagged("post_install", "-at_install", "mail_gateway")
class TestBlockedSenders(IntakeCommon):
    def test_spam_closes_and_blocks_and_both_are_taken_back(self):
        case = self._receive(self._mail(From="pest@spam.example"))
        case.with_user(self.agent_team).action_mark_spam()
        self.assertEqual((case.status, case.is_spam, case.awaiting_reply), ("closed", True, False))
        self.assertFalse(self._receive(self._mail(From="Pest <PEST@spam.example>")))
        self.assertEqual((self._log().outcome, self._log().reason), ("ignored", "blocked"))
        case.with_user(self.agent_team).action_not_spam()
        self.assertEqual((case.status, case.is_spam, case.awaiting_reply), ("open", False, True))
        self.assertTrue(self._receive(self._mail(From="pest@spam.example")))

    def test_block_of_somebody_else_stays_when_a_case_is_no_spam(self):
        blocked = self.env["customer.service.blocked.sender"]
        case = self._receive(self._mail(From="pest@spam.example"))
        entry = blocked.create(
            {"name": "pest@spam.example", "company_id": self.company_admin.id, "reason": "Court"}
        )
        case.with_user(self.agent_team).action_mark_spam()
        self.assertEqual((entry.reason, entry.case_id), ("Court", case.browse()))
        action = case.with_user(self.agent_team).action_not_spam()
        self.assertIn("pest@spam.example", action["params"]["message"])
        self.assertTrue(entry.active)

    def test_domain_blocks_what_is_below_it_and_nothing_else(self):
        blocked = self.env["customer.service.blocked.sender"]
        blocked.create({"name": "@Spam.example", "company_id": self.company_admin.id})
        for sender, taken in (
            ("a@spam.example", False),
            ("a@mail.spam.example", False),
            ("a@nospam.example", True),
            ("spam.example@x.example", True),
        ):
            with self.subTest(sender):
                self.assertEqual(bool(self._receive(self._mail(From=sender))), taken)

    def test_blocked_mail_is_taken_in_later_and_once(self):
        blocked = self.env["customer.service.blocked.sender"]
        blocked.create({"name": "pest@spam.example", "company_id": self.company_admin.id})
        self._receive(self._mail(From="pest@spam.example", Subject="But I am a customer"))
        line = self._log()
        self.assertTrue(line.with_user(self.supervisor).can_be_taken_in)
        line.with_user(self.supervisor).action_take_in()
        line.invalidate_recordset(["can_be_taken_in"])
        self.assertFalse(line.with_user(self.supervisor).can_be_taken_in)
        case = self.Case.search([("name", "=", "But I am a customer")])
        self.assertEqual(len(case), 1)
        with self.assertRaises(UserError):
            line.with_user(self.supervisor).action_take_in()

    def test_a_line_of_the_log_opens_what_the_mail_became(self):
        case = self._receive(self._mail(Subject="Opened from the log"))
        action = self._log().with_user(self.supervisor).action_open()
        self.assertEqual((action["res_model"], action["res_id"]), (case._name, case.id))
        self.assertFalse(self._log().new({"subject": "Ignored"}).action_open())

    def test_own_address_and_nonsense_are_not_blocked(self):
        blocked = self.env["customer.service.blocked.sender"]
        for name in (self.team.address, self.team.address.rpartition("@")[2], "nonsense", "a b@c"):
            with self.subTest(name), self.assertRaises(ValidationError):
                blocked.create({"name": name, "company_id": self.company_admin.id})

    def test_case_about_an_order_is_no_spam(self):
        case = self._create_case(sale_order_id=self._create_order(self.customer).id)
        with self.assertRaisesRegex(UserError, "about an order"):
            case.action_mark_spam()

    def test_nobody_else_marks_spam_or_reads_the_lists(self):
        case = self._create_case()
        with self.assertRaises(AccessError):
            case.with_user(self.outsider).action_mark_spam()
        for model in ("mail.log", "mail.failure", "blocked.sender"):
            for user in (self.outsider, self.agent_team, self.portal_user):
                with self.subTest(model=model, user=user.login), self.assertRaises(AccessError):
                    self.env[f"customer.service.{model}"].with_user(user).search([])


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailFailure(IntakeCommon, CronMixinCase):
    @mute_logger(GATEWAY)
    def test_what_raises_is_kept_whole_and_retried_once(self):
        mail = self._mail(Subject="Zażółć gęślą")
        with self._break(ValueError("The tax is missing")):
            self.assertFalse(self._receive(mail))
        failure = self.Failure.search([])
        self.assertEqual(failure.attachment_id.raw, mail)
        self.assertIn("The tax is missing", failure.error)
        self.assertEqual((failure.subject, failure.state), ("Zażółć gęślą", "waiting"))
        self.assertIn("anna@lampy.example", failure.sender)
        self.assertEqual(failure.team_id, self.team)
        self.assertEqual(self.team.mail_failure_count, 1)
        self.assertEqual((self._log().outcome, self._log().failure_id), ("failed", failure))

        with self._break(ValueError("Still missing")):
            failure.with_user(self.supervisor).action_retry()
        self.assertEqual((failure.state, failure.attempt_count), ("waiting", 2))
        self.assertIn("Still missing", failure.error)

        failure.with_user(self.supervisor).action_retry()
        self.assertEqual(failure.state, "retried")
        self.assertEqual(failure.case_id.partner_id, self.customer)
        failure.with_user(self.supervisor).action_retry()
        self.assertEqual(len(failure.case_id.message_ids), 1)
        self.assertFalse(self._receive(mail))
        self.assertEqual(self.team.mail_failure_count, 0)

    def test_same_failing_mail_twice_is_one_entry(self):
        mail = self._mail()
        with self._break(ValueError("no")):
            self._receive(mail)
            self._receive(mail)
        self.assertEqual(len(self.Failure.search([])), 1)

    def test_mail_that_came_in_meanwhile_is_not_doubled_by_a_retry(self):
        mail = self._mail()
        with self._break(ValueError("no")):
            self._receive(mail)
        case = self._receive(mail)
        self.Failure.search([]).action_retry()
        self.assertEqual(len(case.message_ids), 1)
        self.assertEqual(self.Failure.search([]).state, "retried")

    def test_retry_all_and_discard_and_put_back(self):
        with self._break(ValueError("no")):
            for _number in range(3):
                self._receive(self._mail())
        first, *_others = failures = self.Failure.search([]).with_user(self.supervisor)
        first.action_discard()
        self.Failure.with_user(self.supervisor).action_retry_all()
        self.assertEqual(failures.mapped("state"), ["discarded", "retried", "retried"])
        first.action_restore()
        self.assertEqual(first.state, "waiting")
        with self.assertRaises(UserError):
            first.sudo().unlink()

    def test_nothing_of_a_failed_mail_remains(self):
        before = self.Case.search_count([]), self.env["mail.message"].search_count([])
        with patch.object(type(self.Case), "_message_post_after_hook", side_effect=KeyError("x")):
            self._receive(self._mail(From="New <new@x.example>"))
        after = self.Case.search_count([]), self.env["mail.message"].search_count([])
        self.assertEqual(before, after)
        self.assertFalse(
            self.env["customer.service.identity"].search([("email", "=", "new@x.example")])
        )
        self.assertEqual(len(self.Failure.search([])), 1)

    def test_sender_gets_no_bounce_and_the_alias_stays_valid(self):
        with self.mock_mail_gateway(), self._break(ValueError("no")):
            self._receive(self._mail())
            self.assertNotSentEmail()
        self.assertNotEqual(self.team.alias_id.alias_status, "invalid")

    def test_administrators_are_told_and_once(self):
        with self._break(ValueError("no")):
            self._receive(self._mail())
            self._receive(self._mail())
        domain = [("partner_ids", "in", self.administrator.partner_id.ids)]
        before = self.env["mail.message"].search_count(domain)
        self.Failure._cron_notice()
        self.assertEqual(self.env["mail.message"].search_count(domain), before + 1)
        self.Failure._cron_notice()
        self.assertEqual(self.env["mail.message"].search_count(domain), before + 1)

    def test_next_notice_is_an_hour_later(self):
        cron = self.env.ref("customer_service.ir_cron_mail_failure_notice")
        cron.lastcall = self.env.cr.now()
        with self.capture_triggers(cron.id) as captured, self._break(ValueError("no")):
            self._receive(self._mail())
        hours = (captured.records.call_at - cron.lastcall).total_seconds() / 3600
        self.assertAlmostEqual(hours, 1, places=2)

    def test_mail_for_other_apps_raises_as_ever(self):
        with self.assertRaises(ValueError):
            self.env["mail.thread"].message_process(False, self._mail(To="nobody@else.example"))
        self.assertFalse(self.Failure.search([]))

    def test_agents_and_outsiders_retry_nothing(self):
        with self._break(ValueError("no")):
            self._receive(self._mail())
        failure = self.Failure.search([])
        for user in (self.agent_team, self.outsider, self.portal_user):
            for method in ("action_retry", "action_discard", "action_restore", "action_download"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(failure.with_user(user), method)()

    def test_supervisor_rewrites_no_failure(self):
        with self._break(ValueError("no")):
            self._receive(self._mail())
        with self.assertRaises(AccessError):
            self.Failure.search([]).with_user(self.supervisor).write({"error": "Nothing"})


@tagged("post_install", "-at_install", "mail_gateway")
class TestMailHandedOn(IntakeCommon):
    def test_team_that_keeps_nothing_hands_the_whole_mail_on(self):
        self.team.write({"store_messages": False, "forward_email": "desk@elsewhere.example"})
        before = self.Case.search_count([]), self.env["mail.message"].search_count([])
        mail = self._mail(Subject="For the desk", body="Please help")
        with self.mock_mail_gateway():
            self.assertFalse(self._receive(mail))
        (sent,) = self._mails
        self.assertEqual(sent["email_to"], ["desk@elsewhere.example"])
        self.assertEqual(sent["subject"], "For the desk")
        self.assertIn("anna@lampy.example", sent["reply_to"])
        after = self.Case.search_count([]), self.env["mail.message"].search_count([])
        self.assertEqual(before, after)
        self.assertEqual(self._log().outcome, "forwarded")
        self.assertFalse(self.env["mail.mail"].search([("subject", "=", "For the desk")]))

    def test_address_to_hand_on_to_is_needed_and_not_our_own(self):
        for address in (False, "nonsense", self.other_team.address):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.team.write({"store_messages": False, "forward_email": address})

    def test_mail_that_cannot_be_handed_on_is_kept_as_failed(self):
        self.team.write({"store_messages": False, "forward_email": "desk@elsewhere.example"})
        send = patch.object(
            type(self.env["ir.mail_server"]), "send_email", side_effect=UserError("No server")
        )
        with send:
            self._receive(self._mail())
        self.assertIn("No server", self.Failure.search([]).error)
