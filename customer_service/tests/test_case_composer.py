"""Writing an answer: what it starts with, what is put in, how it is held and taken back."""

import json
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import HttpCase, users, warmup
from odoo.tools import mute_logger

from .common import CustomerServiceCommon

#: Measured; more than this is a step back. For the next case: the user, their teams (2), their
#: group (2), and one search.
COMPOSER_QUERIES = 24
NEXT_CASE_QUERIES = 6


class ComposerCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()
        cls.template = cls._create_template("Sending back", "<p>Send it to us.</p>")

    @classmethod
    def _create_template(cls, name, body, **values):
        return cls.env["mail.template"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("customer.service.case"),
                "customer_service_answer": True,
                "body_html": body,
                **values,
            }
        )

    @classmethod
    def _create_phrase(cls, source, text, **values):
        return cls.env["mail.canned.response"].create(
            {
                "source": source,
                "substitution": text,
                "group_ids": [(6, 0, cls.env.ref("customer_service.group_agent").ids)],
                **values,
            }
        )

    def _as_agent(self, case=None):
        return (case or self.case).with_user(self.agent_team)

    def _hold(self, body="<p>We look into it.</p>", case=None, date=None, **values):
        return self._as_agent(case)._hold_answer({"body": body, **values}, date)


@tagged("post_install", "-at_install")
class TestPrefill(ComposerCommon):
    def test_a_new_team_greets_by_name_and_closes(self):
        data = self._as_agent().composer_data()
        self.assertIn("Anna Kowalska", data["prefill"])
        self.assertIn("Shop Support", data["prefill"])
        self.assertRegex(data["prefill"], r"<p>\s*<br/?>\s*</p>", "a place for the answer")
        self.assertFalse(data["warning"])

    def test_a_stranger_is_greeted_without_an_address(self):
        case = self._create_case(partner_id=False, email_from="x@stranger.example")
        prefill = self._as_agent(case).composer_data()["prefill"]
        self.assertIn("Hello,", prefill)
        self.assertNotIn("stranger", prefill)

    def test_it_is_in_the_language_of_the_case(self):
        template = self.team.reply_template_id = self._create_template("Default", "<p>Hello</p>")
        template.with_context(lang="pl_PL").body_html = "<p>Dzień dobry</p>"
        self.case.lang = "pl_PL"
        self.assertIn("Dzień dobry", self._as_agent().composer_data()["prefill"])
        self.case.lang = "en_US"
        self.assertIn("Hello", self._as_agent().composer_data()["prefill"])

    def test_a_name_is_no_markup(self):
        self.customer.name = "<b>Anna</b>"
        self.assertIn("&lt;b&gt;Anna", self._as_agent().composer_data()["prefill"])

    def test_a_team_without_one_starts_empty(self):
        self.team.reply_template_id = False
        self.assertFalse(self._as_agent().composer_data()["prefill"])

    def test_a_broken_one_is_told_and_stops_nobody(self):
        self.team.reply_template_id = self._create_template("Broken", "<p>x</p>")
        with patch.object(type(self.template), "_render_field", side_effect=UserError("x")):
            data = self._as_agent().composer_data()
        self.assertFalse(data["prefill"])
        self.assertIn("Broken", data["warning"])

    def test_customers_and_outsiders_get_nothing(self):
        for user in (self.portal_user, self.outsider):
            with self.assertRaises(AccessError):
                self.case.with_user(user).composer_data()
            with self.assertRaises(AccessError):
                self.case.with_user(user).composer_template(self.template.id)
            with self.assertRaises(AccessError):
                self.case.with_user(user).unanswered_messages()

    @users("cs_agent_team")
    @warmup
    def test_queries_do_not_grow_with_phrases(self):
        self._create_phrase("many", "{{ object.partner_id.name }}")
        case = self.case.with_env(self.env)
        with self.assertQueryCount(COMPOSER_QUERIES):
            case.composer_data()


@tagged("post_install", "-at_install")
class TestReplyTemplates(ComposerCommon):
    def _names(self):
        return [template["name"] for template in self._as_agent().composer_data()["templates"]]

    def test_only_those_for_answers_of_this_team_and_language(self):
        self.case.lang = "pl_PL"
        self._create_template("Machine", "<p>x</p>", customer_service_answer=False)
        self._create_template(
            "Other team", "<p>x</p>", customer_service_team_ids=self.other_team.ids
        )
        self._create_template("Our team", "<p>x</p>", customer_service_team_ids=self.team.ids)
        self._create_template("German", "<p>x</p>", customer_service_lang="ja_JP")
        self._create_template("Polish", "<p>x</p>", customer_service_lang="pl_PL")
        self._create_template("Somebody's", "<p>x</p>", user_id=self.supervisor.id)
        names = self._names()
        for name in ("Sending back", "Our team", "Polish"):
            self.assertIn(name, names)
        for name in ("Machine", "Other team", "German", "Somebody's"):
            self.assertNotIn(name, names)

    def test_it_is_filled_in_in_the_language_of_the_case_with_its_files(self):
        self.case.lang = "pl_PL"
        self.template.body_html = '<p>Back, <t t-out="object.number"/></p>'
        polish = self.template.with_context(lang="pl_PL")
        polish.body_html = '<p>Zwrot <t t-out="object.number"/></p>'
        self.template.attachment_ids = self.env["ir.attachment"].create(
            {"name": "label.pdf", "raw": b"label", "res_model": "mail.template"}
        )
        data = self._as_agent().composer_template(self.template.id)
        self.assertIn(f"Zwrot {self.case.number}", data["body"])
        copy = self.env["ir.attachment"].browse(data["attachment_ids"])
        self.assertEqual(copy.raw, b"label")
        self.assertEqual((copy.res_model, copy.res_id), ("mail.compose.message", 0))
        self.assertEqual(copy.create_uid, self.agent_team)
        self.assertNotIn(copy, self.template.attachment_ids)
        self.assertIn("ownership_token", json.dumps(data["store_data"], default=str))

    def test_another_template_is_refused(self):
        other = self._create_template("Machine", "<p>x</p>", customer_service_answer=False)
        with self.assertRaises(UserError):
            self._as_agent().composer_template(other.id)

    def test_the_large_composer_speaks_the_language_of_the_case(self):
        case = self._create_case(partner_id=False, email_from="x@stranger.example", lang="pl_PL")
        self.template.with_context(lang="pl_PL").body_html = "<p>Zwrot</p>"
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent_team)
            .create(
                {
                    "model": case._name,
                    "res_ids": str(case.ids),
                    "template_id": self.template.id,
                }
            )
        )
        self.assertIn("Zwrot", composer.body)
        self.assertFalse(composer.partner_ids, "no contact is made of a stranger")


@tagged("post_install", "-at_install")
class TestPhrases(ComposerCommon):
    def _phrases(self, case=None, user=None):
        data = (case or self.case).with_user(user or self.agent_team).composer_data()
        return {phrase["source"]: phrase["substitution"] for phrase in data["phrases"]}

    def test_those_of_this_team_and_language(self):
        self.case.lang = "pl_PL"
        self._create_phrase("all", "x")
        self._create_phrase("ours", "x", team_ids=self.team.ids)
        self._create_phrase("polish", "x", lang="pl_PL")
        self._create_phrase("theirs", "x", team_ids=self.other_team.ids)
        self._create_phrase("japanese", "x", lang="ja_JP")
        self._create_phrase("private", "x", group_ids=False)
        phrases = set(self._phrases())
        self.assertLessEqual({"all", "ours", "polish"}, phrases)
        self.assertFalse({"theirs", "japanese", "private"} & phrases)

    def test_placeholders_and_what_stands_for_nothing(self):
        self._create_phrase(
            "a",
            "{{ object.partner_id.name }}: {{ object.sale_order_id.name ||| your order }}"
            " {{ object.number }}",
        )
        self.assertEqual(self._phrases()["a"], f"Anna Kowalska: your order {self.case.number}")

    def test_nothing_else_is_evaluated_whoever_inserts_it(self):
        phrase = self._create_phrase("a", "x")
        attack = "[{{ object.env.user.login ||| no }}|{{ 7 * 7 }}|{{ user.login }}]"
        # Past the check of what may be written, as an import would.
        self.env.cr.execute(
            "UPDATE mail_canned_response SET substitution = %s WHERE id = %s", (attack, phrase.id)
        )
        phrase.invalidate_recordset()
        for user in (self.agent_team, self.administrator, self.env.ref("base.user_admin")):
            user.company_ids |= self.company_admin
            case = self.case.with_company(self.company_admin)
            self.assertEqual(self._phrases(case, user)["a"], "[no||]")

    def test_a_placeholder_that_is_not_allowed_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create_phrase("a", "{{ object.env.cr }}")

    def test_use_is_remembered(self):
        phrase = self._create_phrase("a", "x")
        phrase._mark_used()
        self.assertTrue(phrase.last_used)


@tagged("post_install", "-at_install")
class TestHeldAnswers(ComposerCommon):
    def _due(self, held):
        held.sudo().scheduled_date = fields.Datetime.now()

    def test_nobody_sees_it_before_it_leaves(self):
        with self.mock_mail_gateway():
            held = self._hold()
        self.assertFalse(self._mails)
        self.assertFalse(self.case.message_ids.filtered(lambda m: m.message_type == "comment"))
        self.assertFalse(self.case.message_count_agent)
        self.assertGreater(held.scheduled_date, fields.Datetime.now() + timedelta(seconds=9))

    def test_it_reaches_the_same_people_as_a_direct_answer(self):
        self.case.email_cc = "boss@lampy.example"
        with self.mock_mail_gateway():
            self._reply(self.case, body="Direct")
            direct = self._mails
        with self.mock_mail_gateway():
            held = self._hold("<p>Held</p>")
            self.assertTrue(held.with_user(self.agent_team).customer_service_send())
        self.assertEqual(
            sorted((mail["email_from"], mail["email_to"]) for mail in self._mails),
            sorted((mail["email_from"], mail["email_to"]) for mail in direct),
        )
        message = self.case.message_ids[0]
        self.assertIn("Held", message.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.author_id, self.agent_team.partner_id)
        self.assertIn("--agent_team", self._mails[0]["body"], "the agent's signature")
        self.assertEqual(self.case.user_id, self.agent_team)

    def test_it_leaves_once_whoever_is_first(self):
        held = self._hold()
        self._due(held)
        with self.mock_mail_gateway():
            self.env["mail.scheduled.message"]._post_messages_cron()
            self.assertFalse(held.exists())
            self.assertFalse(held.with_user(self.agent_team).customer_service_send())
            self.assertFalse(held.with_user(self.agent_team).customer_service_undo())
            self.env["mail.scheduled.message"]._post_messages_cron()
        self.assertEqual(self.case.message_count_agent, 1)
        self.assertEqual(len(self._mails), 1)

    def test_it_is_left_to_who_is_posting_it(self):
        held = self._hold()
        nobody = self.env["mail.scheduled.message"]
        with patch.object(type(nobody), "try_lock_for_update", lambda *args, **kwargs: nobody):
            held.with_user(self.agent_team).customer_service_send()
            self.assertFalse(held.with_user(self.agent_team).customer_service_undo())
        self.assertFalse(self.case.message_count_agent)

    def test_it_was_posted_after_we_looked(self):
        held = self._hold()

        def gone(*args, **kwargs):
            raise psycopg2.errors.SerializationFailure

        with patch.object(type(held), "try_lock_for_update", gone):
            held._post_message(raise_exception=False)
        self.assertFalse(self.case.message_count_agent)

    def test_undo_gives_text_and_files_back(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.agent_team)
            .create(
                {
                    "name": "photo.png",
                    "raw": b"photo",
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )
        held = self._hold(
            "<p>Look <b>here</b></p>",
            attachment_ids=attachment.ids,
            partner_ids=self.colleague.ids,
        ).with_user(self.agent_team)
        data = held.customer_service_undo()
        self.assertEqual(data["body"], "<p>Look <b>here</b></p>")
        self.assertEqual(data["attachment_ids"], attachment.ids)
        self.assertEqual([partner["id"] for partner in data["partner_ids"]], self.colleague.ids)
        self.assertFalse(held.exists())
        self.assertEqual(attachment.exists().raw, b"photo")
        self.assertEqual(attachment.res_model, "mail.compose.message")
        self.assertFalse(self.case.message_count_agent)

    def test_files_go_along(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.agent_team)
            .create({"name": "a.txt", "raw": b"a", "res_model": "mail.compose.message"})
        )
        held = self._hold(attachment_ids=attachment.ids)
        with self.mock_mail_gateway():
            held.with_user(self.agent_team).customer_service_send()
        self.assertEqual(self.case.message_ids[0].attachment_ids, attachment)
        self.assertEqual((attachment.res_model, attachment.res_id), (self.case._name, self.case.id))

    def test_it_is_its_author_s(self):
        held = self._hold()
        with self.assertRaises(UserError):
            held.with_user(self.supervisor).customer_service_undo()
        with self.assertRaises(UserError):
            held.with_user(self.supervisor).customer_service_send()
        for user in (self.portal_user,):
            with self.assertRaises(AccessError):
                held.with_user(user).customer_service_send()
            with self.assertRaises(AccessError):
                held.with_user(user).customer_service_undo()
        self.assertTrue(held.exists())

    def test_customers_hold_nothing(self):
        for user in (self.portal_user, self.outsider):
            with self.assertRaises(AccessError):
                self.case.with_user(user)._hold_answer({"body": "x"})

    def _large_composer(self, **context):
        composer = self.env["mail.compose.message"].with_user(self.agent_team)
        return composer.with_context(**context).create(
            {
                "model": self.case._name,
                "res_ids": str(self.case.ids),
                "body": "<p>From the large one</p>",
            }
        )

    def test_the_large_composer_holds_as_well(self):
        composer = self._large_composer(clicked_on_full_composer=True)
        with self.mock_mail_gateway():
            params = composer.action_send_mail()["params"]
            self.assertFalse(self._mails)
            held = self.env["mail.scheduled.message"].browse(params["held_id"])
            self.assertTrue(held.with_user(self.agent_team).customer_service_send())
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self._mails[0]["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        self.assertIn(self.team.address, self._mails[0]["email_from"])
        self.assertEqual(self.case.message_count_agent, 1)

    def test_the_large_composer_of_a_program_sends_at_once(self):
        with self.mock_mail_gateway():
            self._large_composer().action_send_mail()
        self.assertEqual(len(self._mails), 1)

    def test_a_company_that_does_not_wait(self):
        self.case.company_id.customer_service_undo_seconds = 0
        self.assertFalse(self._hold())
        later = fields.Datetime.now() + timedelta(hours=1)
        self.assertEqual(self._hold(date=later).scheduled_date, later, "sending later remains")

    @mute_logger("odoo.sql_db")
    def test_the_time_has_limits(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.case.company_id.customer_service_undo_seconds = -1
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestHoldRoute(ComposerCommon, HttpCase):
    def _post(self, login="cs_agent_team", **params):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/customer_service/answer/hold", params)

    def _data(self, **values):
        return {
            "body": "<p>Yes.</p>",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            **values,
        }

    def test_an_answer_is_held(self):
        phrase = self._create_phrase("a", "x")
        result = self._post(
            thread_id=self.case.id, post_data=self._data(), canned_response_ids=phrase.ids
        )
        held = self.env["mail.scheduled.message"].browse(result["held_id"])
        self.assertEqual(held.body, "<p>Yes.</p>")
        self.assertEqual(held.create_uid, self.agent_team)
        self.assertFalse(held.is_note)
        phrase.invalidate_recordset()
        self.assertTrue(phrase.last_used)

    @mute_logger("odoo.http")
    def test_refusals(self):
        from odoo.tests.common import JsonRpcException

        refused = [
            {"login": "cs_outsider"},
            {"login": self.portal_user.login},
            {"scheduled_date": "2020-01-01 00:00:00"},
            {"post_data": self._data(body="")},
        ]
        for values in refused:
            with self.subTest(values), self.assertRaises(JsonRpcException):
                self._post(**{"thread_id": self.case.id, "post_data": self._data(), **values})
        self.assertFalse(
            self.env["mail.scheduled.message"].search([("model", "=", self.case._name)])
        )


@tagged("post_install", "-at_install")
class TestNext(ComposerCommon):
    def test_unanswered_messages_are_those_after_our_last(self):
        case = self._receive(self._mail("First"))
        self.assertEqual(self._as_agent(case).unanswered_messages()["count"], 1)
        self._reply(case)
        self.assertEqual(
            self._as_agent(case).unanswered_messages(), {"count": 0, "oldest_id": False}
        )
        parent = case.message_ids[0].message_id
        self._receive(self._mail("Second", In_Reply_To=parent))
        oldest = case.message_ids[0]
        self._note(case)
        self._receive(self._mail("Third", In_Reply_To=parent))
        self.assertEqual(
            self._as_agent(case).unanswered_messages(), {"count": 2, "oldest_id": oldest.id}
        )
        case.action_resolve()
        self.assertEqual(self._as_agent(case).unanswered_messages()["count"], 0)

    def _waiting(self, minutes, **values):
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        case = self._create_case(**values)
        case.write({"awaiting_reply": True, "waiting_since": since})
        return case

    def test_next_is_the_oldest_of_my_teams_that_is_mine_or_nobody_s(self):
        newer, oldest = self._waiting(10), self._waiting(30)
        self._waiting(60, team_id=self.other_team.id)
        self._waiting(50, user_id=self.agent_own.id)
        self._waiting(40).awaiting_reply = False
        Case = self.Case.with_user(self.agent_team)
        self.assertEqual(Case.next_waiting_case(), {"id": oldest.id, "name": oldest.display_name})
        self.assertEqual(Case.next_waiting_case([oldest.id])["id"], newer.id)
        self.assertFalse(Case.next_waiting_case([oldest.id, newer.id]))

    def test_a_supervisor_without_team_sees_all(self):
        case = self._waiting(60, team_id=self.other_team.id)
        self.assertEqual(self.Case.with_user(self.supervisor).next_waiting_case()["id"], case.id)

    def test_others_see_none(self):
        self._waiting(60)
        for user in (self.outsider, self.portal_user):
            with self.assertRaises(AccessError):
                self.Case.with_user(user).next_waiting_case()

    @users("cs_agent_team")
    @warmup
    def test_the_user_their_teams_and_one_indexed_search(self):
        Case = self.env["customer.service.case"]
        with self.assertQueryCount(NEXT_CASE_QUERIES):
            Case.next_waiting_case()
