from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from odoo.addons.customer_service.models import customer_service_answer_all as answer_module

from .common import CustomerServiceCommon

_LINE = "odoo.addons.customer_service.models.customer_service_answer_all_line"


class AnswerAllCommon(CustomerServiceCommon):
    """A parent with three children: in Polish, in English, and of somebody without a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_hierarchy = True
        cls.order = cls._create_order(cls.customer)
        cls.parent = cls._create_case(name="The lamps are late", partner_id=False)
        cls.polish = cls._create_case(
            name="Gdzie jest lampa?", parent_id=cls.parent.id, sale_order_id=cls.order.id
        )
        cls.english = cls._create_case(
            name="Where is it?", parent_id=cls.parent.id, partner_id=cls.other_customer.id
        )
        cls.stranger = cls._create_case(
            name="Hello?",
            parent_id=cls.parent.id,
            partner_id=False,
            email_from="Carl <carl@elsewhere.example>",
            lang="en_US",
        )
        cls.children = cls.polish | cls.english | cls.stranger

    def _begin(self, user=None, parent=None):
        """Open the answer to all children as an agent does."""
        parent = (parent or self.parent).with_user(user or self.agent_team)
        action = parent.action_answer_all()
        return parent.env[action["res_model"]].browse(action["res_id"])

    def _written(self, user=None, text="It comes tomorrow.", **values):
        """Begin an answer and write its English text."""
        answer = self._begin(user)
        answer.write({"texts": {"en_US": {"body": text}}, **values})
        return answer

    def _line(self, answer, case):
        return answer.sudo().line_ids.filtered(lambda line: line.case_id == case)

    def _answers(self, case):
        """Return what was said to the customer of a case."""
        comment = self.env.ref("mail.mt_comment")
        return case.message_ids.filtered(
            lambda message: message.message_type == "comment" and message.subtype_id == comment
        )

    @contextmanager
    def _cron(self):
        """Let scheduled jobs run in this transaction, which they commit."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr, user=self.env.ref("base.user_root").id)


@tagged("post_install", "-at_install")
class TestAnswerAll(AnswerAllCommon):
    """One text, for each customer in their own case, language and name."""

    def test_each_customer_gets_it_in_their_own_case(self):
        answer = self._written()
        answer.action_send()
        self.assertEqual(answer.state, "done")
        self.assertEqual((answer.sent_count, answer.failed_count), (3, 0))
        for case in self.children:
            message = self._answers(case)
            self.assertEqual(len(message), 1, case.name)
            self.assertIn("It comes tomorrow.", message.body)
            self.assertEqual(message.author_id, self.agent_team.partner_id)
            self.assertEqual(self._line(answer, case).message_id, message)
            self.assertFalse(case.awaiting_reply)
        self.assertFalse(self._answers(self.parent), "nobody waits there")

    def test_mail_goes_to_each_customer_alone(self):
        with self.mock_mail_gateway():
            self._written().action_send()
            self.env["mail.mail"].process_email_queue()
        reached = [mail["email_to"] for mail in self._mails]
        self.assertEqual(len(reached), 3)
        for address in ("anna@lampy.example", "bob@baker.example", "carl@elsewhere.example"):
            self.assertEqual(sum(address in str(to) for to in reached), 1, address)

    def test_text_of_the_customers_language(self):
        answer = self._begin()
        answer.texts = {
            "en_US": {"body": "It comes tomorrow."},
            "pl_PL": {"body": "Będzie jutro."},
        }
        answer.action_send()
        self.assertIn("Będzie jutro.", self._answers(self.polish).body)
        self.assertIn("It comes tomorrow.", self._answers(self.english).body)

    def test_where_nothing_is_written_the_text_of_the_author_stands_in(self):
        answer = self._written()
        answer.action_send()
        self.assertEqual(answer.fallback_lang, "en_US")
        self.assertIn("It comes tomorrow.", self._answers(self.polish).body)

    def test_languages_are_the_authors_first(self):
        answer = self._begin()
        self.assertEqual(
            [language["code"] for language in answer.choices["languages"]], ["en_US", "pl_PL"]
        )

    def test_placeholders_are_filled_in_for_each_case(self):
        answer = self._written(
            text="{{ object.customer_label }}, {{ object.sale_order_id.name ||| your order }} left."
        )
        answer.action_send()
        self.assertIn(f"Anna Kowalska, {self.order.name} left.", self._answers(self.polish).body)
        self.assertIn("Bob Baker, your order left.", self._answers(self.english).body)

    def test_what_a_customer_is_called_is_no_markup(self):
        self.other_customer.name = "<b>Bob</b> {{ object.number }}"
        answer = self._written(text="Hello {{ object.customer_label }}")
        answer.action_send()
        body = self._answers(self.english).body
        self.assertIn("&lt;b&gt;Bob&lt;/b&gt; {{ object.number }}", body)

    def test_formats_stay_and_what_could_do_harm_goes(self):
        answer = self._begin()
        body = (
            "<p>It <b>comes</b>:</p><ul><li>tomorrow</li></ul><img src=x onerror=alert(1)>"
            "<script>alert(2)</script><p>{{\xa0object.number&nbsp;}}</p>"
        )
        shown = answer.preview(self._line(answer, self.english).id, {"en_US": {"body": body}})
        answer.texts = {"en_US": {"body": body}}
        answer.action_send()
        for text in (shown["body"], self._answers(self.english).body):
            self.assertIn("<b>comes</b>", text)
            self.assertIn("<li>tomorrow</li>", text)
            self.assertIn(self.english.number, text)
            self.assertNotIn("alert", text)

    def test_what_is_put_into_a_link_starts_no_script(self):
        self.english.name = "javascript:alert(1)"
        answer = self._begin()
        texts = {"en_US": {"body": '<a href="{{ object.name }}">Look</a>'}}
        shown = answer.preview(self._line(answer, self.english).id, texts)
        self.assertIn("Look", shown["body"])
        self.assertNotIn("javascript", shown["body"])

    def test_an_empty_editor_is_nothing_written(self):
        answer = self._begin()
        answer.texts = {"en_US": {"body": "<p><br></p>"}, "pl_PL": {"body": "<p>Jutro.</p>"}}
        answer.action_send()
        self.assertEqual(answer.fallback_lang, "pl_PL")
        self.assertIn("Jutro.", self._answers(self.english).body)

    def test_placeholder_that_cannot_be_filled_in_is_refused(self):
        answer = self._begin()
        with self.assertRaisesRegex(UserError, "object.user_id.password"):
            answer.texts = {"en_US": {"body": "{{ object.user_id.password }}"}}

    def test_texts_of_any_other_shape_are_refused(self):
        answer = self._begin()
        for texts in (
            ["en_US"],
            {"xx_XX": {"body": "a"}},
            {"en_US": "a"},
            {"en_US": {"body": 1}},
            {"en_US": {"template_id": "1 OR 1"}},
            {"en_US": {"body": "a" * 50_001}},
        ):
            with self.subTest(texts=str(texts)[:40]), self.assertRaises(UserError):
                answer.texts = texts

    def test_team_greets_each_customer_by_name(self):
        self.team.reply_template_id = self.env.ref("customer_service.reply_template_default")
        answer = self._written(with_greeting=True)
        answer.action_send()
        body = self._answers(self.english).body
        self.assertRegex(body, r"(?s)Hello.*Bob Baker.*It comes tomorrow.*Kind regards")

    def test_reply_template_follows_the_text(self):
        template = self._create_template("<p>Order <t t-out='object.sale_order_id.name'/></p>")
        answer = self._begin()
        self.assertIn(
            template.name, str(answer.choices["languages"]), "it fits all of these teams"
        )
        answer.texts = {"en_US": {"body": "Sorry.", "template_id": template.id}}
        answer.action_send()
        self.assertRegex(self._answers(self.polish).body, f"(?s)Sorry.*Order {self.order.name}")

    def test_template_of_another_team_is_refused(self):
        template = self._create_template("<p>No</p>", customer_service_team_ids=self.other_team.ids)
        answer = self._begin()
        self.assertNotIn(template.name, str(answer.choices["languages"]))
        answer.texts = {"en_US": {"body": "Sorry.", "template_id": template.id}}
        answer.action_send()
        self.assertEqual(answer.failed_count, 3)
        self.assertIn("not meant", self._line(answer, self.english).reason)

    def _create_template(self, body, **values):
        return self.env["mail.template"].create(
            {
                "name": "Where it is",
                "model_id": self.env["ir.model"]._get_id("customer.service.case"),
                "customer_service_answer": True,
                "body_html": body,
                **values,
            }
        )

    def test_each_case_gets_its_own_copy_of_the_files(self):
        answer = self._written()
        files = self._attach(answer)
        answer.action_send()
        copies = self._answers(self.children).attachment_ids
        self.assertEqual(len(copies), 3)
        self.assertNotIn(files, copies)
        self.assertEqual(set(copies.mapped("res_model")), {"customer.service.case"})
        self.assertEqual(set(copies.mapped("res_id")), set(self.children.ids))
        self.assertEqual(set(copies.mapped("raw")), {b"label"})

    def _attach(self, answer):
        """Attach a file as the screen does."""
        files = answer.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"label", "res_model": answer._name, "res_id": answer.id}
        )
        answer.attachment_ids = files
        return files.sudo()

    def test_they_are_resolved_where_that_is_wished(self):
        self._written(resolve=True).action_send()
        self.assertEqual(set(self.children.mapped("status")), {"resolved"})

    def test_first_who_answers_becomes_responsible(self):
        self._written().action_send()
        self.assertEqual(self.children.user_id, self.agent_team)

    def test_parent_says_how_many_and_names_none(self):
        self._written().action_send()
        note = self.parent.message_ids[:1]
        self.assertIn("3 sent", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertFalse(any(case.number in note.body for case in self.children))

    # what is ticked

    def test_open_children_are_ticked(self):
        self.english.action_resolve()
        answer = self._begin()
        self.assertEqual(
            answer.line_ids.filtered("is_chosen").case_id, self.polish | self.stranger
        )
        self.assertFalse(self._line(answer, self.english).reason, "it can be ticked")

    def test_parent_is_ticked_where_its_own_customer_waits(self):
        parent = self._receive(self._mail("Where is it?", From="Dora <dora@lamps.example>"))
        self.children.with_context(other_customer_agreed=True).parent_id = parent
        answer = self._begin(parent=parent)
        line = self._line(answer, parent)
        self.assertTrue(line.is_parent and line.is_chosen)
        self.assertEqual(answer.line_ids[:1].case_id, parent)
        answer.texts = {"en_US": {"body": "It comes tomorrow."}}
        answer.action_send()
        self.assertEqual(answer.sent_count, 4)
        self.assertEqual(len(self._answers(parent)), 1)

    def test_only_those_that_are_ticked_get_it(self):
        answer = self._written()
        (answer.line_ids - self._line(answer, self.english).sudo(False)).is_chosen = False
        answer.action_send()
        self.assertTrue(self._answers(self.english))
        self.assertFalse(self._answers(self.polish) | self._answers(self.stranger))
        self.assertEqual(
            answer.sudo().line_ids.filtered("message_id").case_id,
            self.english,
        )

    def test_selection_needs_no_parent(self):
        self.children.parent_id = False
        cases = (self.polish | self.english).with_user(self.agent_team)
        action = cases.action_answer_several()
        answer = cases.env[action["res_model"]].browse(action["res_id"])
        answer.texts = {"en_US": {"body": "It comes tomorrow."}}
        answer.action_send()
        self.assertEqual(answer.sent_count, 2)
        self.assertTrue(self._answers(self.polish) and self._answers(self.english))
        self.assertFalse(self._answers(self.stranger))

    # refusals

    def test_nothing_written_is_nothing_sent(self):
        answer = self._begin()
        with self.assertRaisesRegex(UserError, "Write something"):
            answer.action_send()
        answer.texts = {"en_US": {"body": "  \n"}}
        with self.assertRaisesRegex(UserError, "Write something"):
            answer.action_send()

    def test_nobody_chosen_is_nothing_sent(self):
        answer = self._written()
        answer.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "at least one"):
            answer.action_send()

    def test_case_without_children(self):
        with self.assertRaisesRegex(UserError, "no children"):
            self._begin(parent=self._create_case())

    def test_cases_of_two_companies_or_too_many(self):
        case = self._create_case()
        with self.assertRaisesRegex(UserError, "Choose the cases"):
            case.browse().with_user(self.agent_team).action_answer_several()
        with (
            patch.object(answer_module, "_MOST_CASES", 2),
            self.assertRaisesRegex(UserError, "at most 2"),
        ):
            self.children.with_user(self.agent_team).action_answer_several()

    def test_why_some_cannot_be_answered(self):
        strict = self.env["customer.service.case.type"].create(
            {"name": "Device", "require_verified_product": True}
        )
        closed, merged, device, mute = cases = self.Case.union(
            *(
                self._create_case(name=name, parent_id=self.parent.id)
                for name in ("closed", "merged", "device", "mute")
            )
        )
        closed.action_close()
        merged.merged_into_id = self.english
        device.type_id = strict
        mute.write({"partner_id": False, "email_from": False, "partner_name": "Somebody"})
        answer = self._written()
        for case, words in zip(
            cases, ("It is closed", "continued", "has to be verified", "No address"), strict=True
        ):
            line = self._line(answer, case)
            self.assertIn(words, line.reason or "")
            self.assertFalse(line.is_chosen)
            line.is_chosen = True  # whatever a screen sends
        answer.action_send()
        self.assertEqual((answer.sent_count, answer.skipped_count), (3, 4))
        self.assertFalse(self._answers(cases))

    def test_what_changed_since_it_was_begun_counts(self):
        answer = self._written()
        self.english.action_close()
        answer.action_send()
        line = self._line(answer, self.english)
        self.assertEqual(line.state, "skipped")
        self.assertIn("It is closed", line.reason)
        self.assertFalse(self._answers(self.english))
        self.english.action_reopen()
        line.with_user(self.agent_team).action_retry()
        self.assertEqual(line.state, "sent")
        self.assertEqual(answer.state, "done")

    # preview

    def test_child_that_was_detached_meanwhile_gets_nothing(self):
        answer = self._written()
        self.english.parent_id = False
        answer.action_send()
        line = self._line(answer, self.english)
        self.assertEqual((line.state, answer.sent_count), ("skipped", 2))
        self.assertIn(f"no child of {self.parent.number}", line.reason)
        self.assertFalse(self._answers(self.english))

    def test_children_of_a_parent_that_was_merged_meanwhile_get_it(self):
        answer = self._written()
        survivor = self._create_case(partner_id=False).with_user(self.supervisor)
        merge = self.env["customer.service.case.merge"].with_user(self.supervisor)
        merge._merge(survivor, self.parent.with_user(self.supervisor))
        answer.action_send()
        self.assertEqual(answer.sent_count, 3)

    def test_second_agent_who_sends_at_the_same_time_reaches_nobody_twice(self):
        first, second = self._written(), self._written(self.supervisor)
        self._line(first, self.stranger).with_user(self.agent_team).is_chosen = False
        first.action_send()
        second.action_send()
        self.assertEqual((second.sent_count, second.skipped_count), (1, 2))
        self.assertIn("meanwhile", self._line(second, self.english).reason)
        for case in self.children:
            self.assertEqual(len(self._answers(case)), 1)
        self._written(self.supervisor, text="And this too.").action_send()
        self.assertEqual(len(self._answers(self.english)), 2)

    def test_parent_that_waits_for_its_children_is_resolved_after_them(self):
        self._answer_parent_and_children()
        self.assertEqual((self.parent | self.children).mapped("status"), ["resolved"] * 4)

    def test_parent_that_has_to_wait_is_answered_and_says_why_it_stays_open(self):
        answer = self._answer_parent_and_children(without=self.english)
        self.assertEqual((answer.sent_count, answer.failed_count), (3, 0))
        self.assertEqual((self.parent.status, len(self._answers(self.parent))), ("open", 1))
        self.assertIn(self.english.number, self._line(answer, self.parent).reason)

    def _answer_parent_and_children(self, without=()):
        """Answer and resolve a family whose parent waits for its children."""
        self.team.write({"use_hierarchy": True, "require_children_closed": True})
        parent = self.parent.with_context(other_customer_agreed=True)
        parent.write({"email_from": "Depot <depot@elsewhere.example>"})
        answer = self._written(resolve=True)
        for line in answer.line_ids:
            line.is_chosen = line.case_id not in without
        answer.action_send()
        return answer

    def test_preview_is_what_is_sent(self):
        answer = self._written(text="{{ object.customer_label }}, it comes.")
        shown = answer.preview(self._line(answer, self.english).id)
        self.assertIn("Bob Baker, it comes.", shown["body"])
        self.assertIn("bob@baker.example", shown["to"])
        self.assertIn(self.english.name, shown["subject"])
        answer.action_send()
        self.assertIn("Bob Baker, it comes.", self._answers(self.english).body)

    def test_preview_shows_what_is_not_saved_yet(self):
        answer = self._written()
        shown = answer.preview(
            self._line(answer, self.english).id, {"en_US": {"body": "New <b>words</b>"}}, False
        )
        self.assertIn("New <b>words", shown["body"])
        self.assertFalse(self._answers(self.english))

    def test_preview_only_of_its_own_lines(self):
        other = self._line(self._begin(self.supervisor), self.english)
        answer = self._written()
        with self.assertRaisesRegex(UserError, "not among"):
            answer.preview(other.id)


@tagged("post_install", "-at_install")
class TestAnswerAllSending(AnswerAllCommon):
    """Sent in batches, in the name of its author, and to nobody twice."""

    def _started(self, user=None, at_once=0):
        """Send an answer of which all but the first cases are left to the scheduled job."""
        answer = self._written(user)
        with patch.object(answer_module, "_AT_ONCE", at_once):
            answer.action_send()
        return answer

    def _run(self):
        with self._cron() as env:
            env["customer.service.answer.all.line"]._cron_send()
        self.env.invalidate_all()

    def test_scheduled_job_sends_the_rest_in_the_name_of_the_author(self):
        answer = self._started(at_once=1)
        self.assertEqual((answer.state, answer.sent_count, answer.waiting_count), ("running", 1, 2))
        self._run()
        self.assertEqual((answer.state, answer.sent_count), ("done", 3))
        for case in self.children:
            self.assertEqual(self._answers(case).author_id, self.agent_team.partner_id)
            self.assertEqual(self._line(answer, case).message_id.create_uid, self.agent_team)
        self.assertIn("3 sent", self.parent.message_ids[:1].body)

    def test_scheduled_job_is_called(self):
        triggers = self.env["ir.cron.trigger"].search_count
        cron = self.env.ref("customer_service.ir_cron_answer_all")
        before = triggers([("cron_id", "=", cron.id)])
        self._started(at_once=1)
        self.assertEqual(triggers([("cron_id", "=", cron.id)]), before + 1)

    def test_nobody_gets_it_twice(self):
        answer = self._started(at_once=1)
        self._run()
        self._run()
        answer.action_send()
        answer.action_retry()
        for case in self.children:
            self._line(answer, case).with_user(self.agent_team).action_retry()
            self.assertEqual(len(self._answers(case)), 1)

    @mute_logger(_LINE)
    def test_crash_between_posting_and_marking_leaves_no_message(self):
        answer = self._started()
        line_class = self.registry["customer.service.answer.all.line"]
        write = line_class.write

        def crash(lines, vals):
            if vals.get("state") == "sent":
                raise RuntimeError("the power went off")
            return write(lines, vals)

        with patch.object(line_class, "write", crash), self.mock_mail_gateway():
            self._run()
            self.env["mail.mail"].process_email_queue()
            self.assertFalse(self._mails)
        self.assertEqual(answer.failed_count, 3)
        self.assertFalse(self._answers(self.children))
        answer.action_retry()
        self.assertEqual(answer.sent_count, 3)
        for case in self.children:
            self.assertEqual(len(self._answers(case)), 1)

    def test_one_that_fails_holds_up_nobody(self):
        case_class = self.registry["customer.service.case"]
        post = case_class.message_post
        sentence = "The mail server has gone for lunch."

        def refuse(case, **kwargs):
            if case.id == self.polish.id:
                raise UserError(sentence)
            return post(case, **kwargs)

        answer = self._started()
        with patch.object(case_class, "message_post", refuse):
            self._run()
        line = self._line(answer, self.polish)
        self.assertEqual((line.state, line.reason), ("failed", sentence))
        self.assertEqual((answer.state, answer.sent_count, answer.failed_count), ("done", 2, 1))
        answer.action_retry()
        self.assertEqual((line.state, line.reason), ("sent", False))
        self.assertEqual(len(self._answers(self.english)), 1)

    def test_conflict_with_another_transaction_is_tried_again(self):
        answer = self._started()
        case_class = self.registry["customer.service.case"]
        conflicts = []

        def conflict(case, *args, **kwargs):
            conflicts.append(case)
            raise SerializationFailure("could not serialize access")

        with patch.object(case_class, "_answer_all_post", conflict):
            self._run()
        self.assertEqual(len(conflicts), 3)
        self.assertEqual((answer.state, answer.waiting_count), ("running", 3))
        self._run()
        self.assertEqual((answer.state, answer.sent_count), ("done", 3))

    def test_it_can_be_stopped(self):
        answer = self._started(at_once=1)
        answer.action_cancel()
        self.assertEqual((answer.state, answer.sent_count), ("cancelled", 1))
        self._run()
        self.assertEqual((answer.sent_count, answer.skipped_count), (1, 2))
        stopped = answer.line_ids.filtered(lambda line: line.state == "skipped")
        self.assertIn("Stopped", stopped[0].reason)
        answer.action_retry()
        self.assertEqual(answer.sent_count, 1, "what was stopped is no failure")
        stopped[0].action_retry()
        self.assertEqual(answer.sent_count, 2, "but one by one it can still be sent")

    def test_supervisor_can_stop_it(self):
        answer = self._started(self.agent_team)
        with self.assertRaises(AccessError):
            answer.with_user(self.agent_own).action_cancel()
        answer.with_user(self.supervisor).action_cancel()
        self.assertEqual(answer.state, "cancelled")

    def test_agent_who_left_sends_nothing(self):
        answer = self._started()
        self.agent_team.active = False
        self._run()
        self.assertEqual(answer.sudo().skipped_count, 3)
        self.assertIn("no agent", self._line(answer, self.english).reason)
        self.assertFalse(self._answers(self.children))

    def test_case_that_was_taken_away_is_not_answered(self):
        answer = self._started(self.agent_own)
        self.english.user_id = self.supervisor
        self._run()
        line = self._line(answer, self.english)
        self.assertEqual(line.state, "skipped")
        self.assertFalse(self._answers(self.english))
        answer.env.invalidate_all()
        self.assertNotIn(line, answer.line_ids, "nor is it named any more")
        self.assertEqual(answer.skipped_count, 1)

    def test_author_is_told_when_it_is_done(self):
        self._started()
        with self.mock_bus():
            self._run()
        told = [note for note in self._new_bus_notifs if "simple_notification" in note.message]
        self.assertEqual(len(told), 1)
        self.assertIn("3 sent", told[0].message)

    def test_parent_opens_what_is_being_sent(self):
        answer = self._started()
        self.assertEqual(self._begin(), answer)
        self._run()
        self.assertNotEqual(self._begin(), answer)

    def test_drafts_are_forgotten(self):
        draft, sent = self._begin(), self._written()
        sent.action_send()
        answers = (draft | sent).sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_service_answer_all SET write_date = %s WHERE id IN %s",
            (Datetime.subtract(Datetime.now(), days=3), answers._ids),
        )
        answers.invalidate_recordset()
        self.env["customer.service.answer.all"]._gc_drafts()
        self.assertEqual(answers.exists(), sent)

    def test_queries_do_not_grow_with_the_children(self):
        self._begin().sudo().unlink()  # what is read once
        few = self._queries_of_opening()
        for number in range(6):
            self._create_case(name=f"More {number}", parent_id=self.parent.id)
        self.env.flush_all()
        self.assertLessEqual(self._queries_of_opening(), few)

    def _queries_of_opening(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answer = self._begin()
        answer.web_read({name: {} for name in ("choices", "has_greeting", "sent_count")})
        answer.line_ids.web_read({name: {} for name in ("case_number", "customer_label", "lang")})
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestAnswerAllRights(AnswerAllCommon):
    """Each agent writes to the customers of their own cases and learns of no others."""

    def setUp(self):
        super().setUp()
        self.parent.user_id = self.english.user_id = self.agent_own
        self.polish.user_id = self.agent_team
        self.answer = self._begin(self.agent_own)

    def test_children_of_others_are_neither_answered_nor_named(self):
        self.assertEqual(self.answer.line_ids.case_id, self.english | self.stranger)
        self.answer.texts = {"en_US": {"body": "It comes tomorrow."}}
        self.answer.action_send()
        self.assertFalse(self._answers(self.polish))
        self.assertTrue(self._answers(self.english))
        self.assertNotIn("pl_PL", str(self.answer.choices))

    @users("cs_agent_own")
    def test_nobody_makes_an_answer_by_hand(self):
        env = self.env
        values = {
            "name": "x",
            "user_id": self.agent_team.id,
            "company_id": self.company_admin.id,
            "line_ids": [(0, 0, {"case_id": self.polish.id})],
        }
        with self.assertRaises(AccessError):
            env["customer.service.answer.all"].create(values)
        with self.assertRaises(AccessError):
            env["customer.service.answer.all.line"].create(
                {"answer_id": self.answer.id, "case_id": self.polish.id}
            )
        with self.assertRaises(AccessError):
            self.answer.with_env(env).line_ids = [(0, 0, {"case_id": self.polish.id})]

    def test_author_state_and_cases_are_kept_by_the_answer(self):
        line = self._line(self.answer, self.english).with_user(self.agent_own)
        for values in (
            {"user_id": self.agent_team.id},
            {"state": "running"},
            {"parent_id": self.polish.id},
            {"company_id": self.company_admin.id},
            {"fallback_lang": "pl_PL"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.answer.write(values)
        for values in (
            {"case_id": self.polish.id},
            {"state": "waiting"},
            {"reason": False},
            {"answer_id": self.answer.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            line.unlink()

    def test_nobody_sees_or_sends_the_answer_of_somebody_else(self):
        theirs = self.answer.with_user(self.agent_team)
        with self.assertRaises(AccessError):
            theirs.read(["texts"])
        with self.assertRaises(AccessError):
            theirs.line_ids.read(["reason"])
        for user in (self.agent_team, self.supervisor, self.administrator):
            theirs = self.answer.with_user(user)
            for method in ("action_send", "action_retry"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(theirs, method)()
            with self.assertRaises(AccessError):
                theirs.texts = {"en_US": {"body": "In your name."}}
            with self.assertRaises(AccessError):
                theirs.preview(self.answer.line_ids[0].id)
        self.assertTrue(self.answer.with_user(self.supervisor).read(["name"]))

    def test_what_has_left_is_not_changed(self):
        self.answer.texts = {"en_US": {"body": "It comes tomorrow."}}
        self.answer.action_send()
        with self.assertRaisesRegex(UserError, "has left"):
            self.answer.texts = {"en_US": {"body": "It does not."}}
        with self.assertRaisesRegex(UserError, "has left"):
            self.answer.line_ids[:1].is_chosen = False

    def test_files_of_others_do_not_go_along(self):
        secret = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "customer.service.case",
                "res_id": self.polish.id,
            }
        )
        with self.assertRaises(AccessError):
            self.answer.attachment_ids = [(4, secret.id)]
        other = self._begin(self.supervisor)
        theirs = self.env["ir.attachment"].create(
            {"name": "t", "raw": b"t", "res_model": other._name, "res_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.answer.attachment_ids = [(4, theirs.id)]
        with self.assertRaises(AccessError):
            self.answer.with_user(self.agent_own).env["ir.attachment"].create(
                {"name": "t", "raw": b"t", "res_model": other._name, "res_id": other.id}
            )

    def test_people_outside_have_no_part_in_it(self):
        for user in (self.portal_user, self.outsider):
            with self.subTest(user=user.login):
                cases = self.polish.with_user(user)
                with self.assertRaises(AccessError):
                    cases.action_answer_several()
                with self.assertRaises(AccessError):
                    self.answer.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    self.answer.with_user(user).action_send()
                with self.assertRaises(AccessError):
                    self.parent.with_user(user).action_answer_all()

    def test_parent_of_others_is_none_to_answer_from(self):
        self.parent.user_id = self.agent_team
        with self.assertRaises(AccessError):
            self._begin(self.agent_own)
        self.assertFalse(
            self.env["customer.service.answer.all"].with_user(self.agent_own).search([]),
            "nor is its name shown any more",
        )
