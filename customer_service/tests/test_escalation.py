from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged, users

from .common import CustomerServiceCommon


class EscalationCommon(CustomerServiceCommon):
    """Two levels: a channel with a supervisor and three facts, and the boss without a channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.administrator
        # The host tells nobody in a channel who has the author's own address.
        cls.supervisor.email = "supervisor@shop.example"
        cls.channel = cls.env["discuss.channel"].create(
            {"name": "questions", "channel_type": "channel"}
        )
        fact = cls.env["customer.service.intake.fact"]
        cls.fact_phone = cls.env.ref("customer_service.intake_fact_phone")
        cls.fact_order = cls.env.ref("customer_service.intake_fact_sale_order_id")
        cls.fact_serial = fact.create({"name": "Serial number"})
        cls.route_boss = cls.env["customer.service.escalation.route"].create(
            {"name": "Boss", "user_ids": [(6, 0, cls.boss.ids)]}
        )
        cls.route = cls.env["customer.service.escalation.route"].create(
            {
                "name": "Technical",
                "discuss_channel_id": cls.channel.id,
                "user_ids": [(6, 0, cls.supervisor.ids)],
                "next_route_id": cls.route_boss.id,
            }
        )
        cls.case = cls._create_case(user_id=cls.agent_team.id)
        cls.my_case = cls.case.with_user(cls.agent_team)

    def _wizard(self, case=None, user=None, **values):
        case = case or self.case
        user = user or self.agent_team
        action = case.with_user(user).action_escalate()
        form = Form(
            self.env["customer.service.case.escalate"]
            .with_user(user)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def _escalate(self, **values):
        """Escalate the case by the first route and return the escalation."""
        values = {"route_id": self.route, "question": "Why does it hum?", **values}
        self._wizard(**values).save().action_escalate()
        return self.case.escalation_id

    def _answer(self, escalation, user=None, **values):
        """Answer an escalation in its dialog."""
        form = Form(
            self.env["customer.service.escalation.answer"]
            .with_user(user or self.supervisor)
            .with_context(default_escalation_id=escalation.id)
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_answer()

    def _advice_activities(self, case=None):
        type_id = self.env.ref("customer_service.activity_type_advice")
        return (case or self.case).activity_ids.filtered(
            lambda activity: activity.activity_type_id == type_id
        )


@tagged("post_install", "-at_install")
class TestEscalate(EscalationCommon):
    def test_the_channel_gets_the_question_with_mention_and_link_and_nothing_of_the_customer(self):
        self.case.description = "<p>CANARY internal</p>"
        with self.mock_mail_gateway():
            escalation = self._escalate()
        message = escalation.message_id
        self.assertEqual(message.model, "discuss.channel")
        self.assertEqual(message.res_id, self.channel.id)
        self.assertEqual(message.author_id, self.agent_team.partner_id)
        self.assertEqual(message.partner_ids, self.supervisor.partner_id)
        notified = self.env["mail.notification"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(notified.res_partner_id, self.supervisor.partner_id)
        for words in (
            self.case.number,
            "Where is my lamp?",
            "Why does it hum?",
            f"/odoo/cases/{self.case.id}",
            "@Supervisor",
            "Technical",
        ):
            self.assertIn(words, message.body)
        for words in ("CANARY", "Anna", "anna@", "601"):
            self.assertNotIn(words, message.body)
        self.assertEqual(self.case.user_id, self.agent_team)
        self.assertEqual(escalation.level, 1)
        self.assertEqual(escalation.state, "open")

    def test_the_case_records_it_as_a_note(self):
        self._escalate()
        note = self.case.message_ids[0]
        self.assertTrue(note.subtype_id.internal)
        self.assertIn("Why does it hum?", note.body)
        self.assertFalse(note.notified_partner_ids, "the channel has told them already")

    def test_the_preview_is_what_is_posted(self):
        form = self._wizard(route_id=self.route, question="Why does it hum?")
        preview = form.preview
        form.save().action_escalate()
        body = self.case.escalation_id.message_id.body
        edited = '<span class="o-mail-Message-edited"></span>'  # the host's mark
        self.assertEqual(
            " ".join(str(preview).split()), " ".join(str(body).replace(edited, "").split())
        )

    def test_missing_facts_are_named_and_block_it(self):
        self.route.intake_fact_ids = self.fact_phone | self.fact_order | self.fact_serial
        self.case.phone = False
        form = self._wizard(route_id=self.route, question="Why?")
        known = {fact["name"]: fact["known"] for fact in form.intake_facts}
        self.assertEqual(known, {"Phone": False, "Order": False, "Serial number": False})
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "Phone, Order, Serial number"):
            wizard.action_escalate()
        self.assertFalse(self.case.escalation_id)
        self.assertFalse(self.channel.message_ids)

    def test_facts_are_filled_in_right_there_and_kept_on_the_case(self):
        self.route.intake_fact_ids = self.fact_phone | self.fact_order | self.fact_serial
        order = self._create_order(self.customer)
        form = self._wizard(route_id=self.route, question="Why?")
        form.sale_order_id = order
        form.intake_answers = {str(self.fact_serial.id): "SN-1"}
        self.assertTrue(all(fact["known"] for fact in form.intake_facts))
        form.save().action_escalate()
        self.assertTrue(self.case.escalation_id)
        self.assertEqual(self.case.sale_order_id, order)
        self.assertEqual(self.case.intake_answers, {str(self.fact_serial.id): "SN-1"})

    def test_only_demanded_facts_are_written(self):
        self.route.intake_fact_ids = self.fact_phone
        form = self._wizard(route_id=self.route, question="Why?")
        wizard = form.save()
        wizard.write(
            {
                "phone": "+48 600 000 001",
                "partner_name": "Somebody Else",
                "intake_answers": {str(self.fact_serial.id): "not asked"},
            }
        )
        wizard.action_escalate()
        self.assertEqual(self.case.phone, "+48 600 000 001")
        self.assertEqual(self.case.partner_name, "Anna Kowalska")
        self.assertFalse(self.case.intake_answers)

    def test_what_the_type_demands_blocks_too(self):
        case_type = self.env.ref("customer_service.type_question")
        case_type.intake_fact_ids = self.fact_serial
        self.case.type_id = case_type
        with self.assertRaisesRegex(UserError, "Serial number"):
            self._escalate()
        self.case.intake_answers = {str(self.fact_serial.id): "  "}
        with self.assertRaisesRegex(UserError, "Serial number"):
            self._escalate()

    def test_an_address_that_is_none_is_not_known(self):
        self.route.intake_fact_ids = self.env.ref("customer_service.intake_fact_email_from")
        self.case.partner_id = False
        self.case.email_from = "nonsense"
        with self.assertRaisesRegex(UserError, "Email"):
            self._escalate()

    def test_only_the_colleague_the_customer_asked_for_is_mentioned(self):
        self.route.user_ids |= self.boss
        escalation = self._escalate(asked_user_id=self.boss)
        self.assertEqual(escalation.message_id.partner_ids, self.boss.partner_id)
        self.assertEqual(escalation.mentioned_user_ids, self.boss)
        self.assertNotIn("@Supervisor", escalation.message_id.body)

    def test_a_colleague_who_would_not_see_the_case(self):
        form = self._wizard(route_id=self.route, question="Why?", asked_user_id=self.agent_own)
        self.assertFalse(form.mention_user_ids)
        self.assertIn("Agent Own", form.blind_user_names)
        with self.assertRaisesRegex(UserError, "does not see this case"):
            form.save().action_escalate()
        form = self._wizard(
            route_id=self.route, question="Why?", asked_user_id=self.agent_own, kind="hand_over"
        )
        self.assertEqual(form.mention_user_ids[:], self.agent_own)
        form.save().action_escalate()
        self.assertEqual(self.case.user_id, self.agent_own)

    def test_people_of_the_route_who_would_not_see_the_case_are_not_called(self):
        self.route.user_ids |= self.agent_own
        escalation = self._escalate()
        self.assertEqual(escalation.mentioned_user_ids, self.supervisor)

    def test_nobody_would_notice(self):
        self.route_boss.user_ids = self.agent_own
        with self.assertRaisesRegex(UserError, "would see this case"):
            self._escalate(route_id=self.route_boss)
        with self.assertRaises(ValidationError):
            self.route_boss.user_ids = False

    def test_without_a_channel_the_note_calls_them(self):
        escalation = self._escalate(route_id=self.route_boss)
        self.assertFalse(escalation.message_id)
        self.assertEqual(self.case.message_ids[0].notified_partner_ids, self.boss.partner_id)

    def test_who_may_not_be_called_in_the_channel_is_called_in_the_note(self):
        self.channel.group_public_id = self.env.ref("customer_service.group_administrator")
        escalation = self._escalate()
        self.assertFalse(escalation.message_id.partner_ids)
        note = self.case.message_ids[0]
        self.assertEqual(note.notified_partner_ids, self.supervisor.partner_id)

    def test_a_question_is_demanded(self):
        with self.assertRaises(UserError):
            self._escalate(question="  ")

    def test_what_is_done_is_not_escalated(self):
        wizard = self._wizard(route_id=self.route, question="Why?").save()
        self.case.status = "resolved"
        with self.assertRaisesRegex(UserError, "Reopen"):
            self.my_case.action_escalate()
        with self.assertRaisesRegex(UserError, "Reopen"):
            wizard.action_escalate()

    def test_pressed_twice_it_is_escalated_once(self):
        wizard = self._wizard(route_id=self.route, question="Why?").save()
        wizard.action_escalate()
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            wizard.action_escalate()
        self.assertEqual(len(self.case.escalation_ids), 1)

    def test_only_those_who_work_on_the_case_escalate_it(self):
        for user in (self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.case.with_user(user).action_escalate()
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.case.with_user(user)._escalate(self.route, "Why?")
        with self.assertRaises(AccessError):
            self.env["customer.service.case.escalate"].with_user(self.agent_own).create(
                {"case_id": self.case.id}
            ).read(["partner_name"])

    def test_escalations_are_changed_by_their_methods_only(self):
        escalation = self._escalate()
        self._answer(escalation, questions="Which bulb?")
        mine = escalation.with_user(self.agent_team)
        for records, values in (
            (mine, {"state": "done"}),
            (mine.question_ids, {"name": "Another question"}),
            (self.route.with_user(self.supervisor), {"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                records.write(values)
        with self.assertRaises(AccessError):
            escalation.with_user(self.outsider).read(["question"])
        with self.assertRaises(AccessError):
            escalation.with_user(self.agent_own).read(["question"])

    def test_a_route_of_another_company_is_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.route.company_id = other
        with self.assertRaises(AccessError):
            self.my_case._escalate(self.route.with_user(self.agent_team), "Why?")


@tagged("post_install", "-at_install")
class TestHandOver(EscalationCommon):
    def test_the_one_person_of_the_route_becomes_responsible(self):
        escalation = self._escalate(kind="hand_over")
        self.assertEqual(self.case.user_id, self.supervisor)
        self.assertEqual(escalation.to_user_id, self.supervisor)

    def test_a_team_takes_it_where_there_is_not_one_person(self):
        self.route.team_id = self.other_team
        self.other_team.member_ids = self.agent_own
        self.route.user_ids = self.agent_own | self.supervisor
        case = self._create_case(user_id=self.agent_team.id, name="Second")
        form = self._wizard(case, route_id=self.route, question="Why?", kind="hand_over")
        self.assertEqual(set(form.mention_user_ids[:]), {self.agent_own, self.supervisor})
        action = form.save().action_escalate()
        self.assertFalse(case.user_id)
        self.assertEqual(case.team_id, self.other_team)
        self.assertEqual(action["params"]["next"]["res_model"], "customer.service.case")
        case.with_user(self.agent_own).action_take()

    def test_the_supervisor_gives_it_back_with_questions(self):
        escalation = self._escalate(kind="hand_over")
        self._answer(escalation, questions="- Which bulb?\n\n* Since when?")
        self.assertEqual(self.case.user_id, self.agent_team)
        self.assertEqual(escalation.question_ids.mapped("name"), ["Which bulb?", "Since when?"])
        self.assertEqual(self._advice_activities().user_id, self.agent_team)

    def test_whoever_handed_it_over_may_still_withdraw(self):
        self.route.team_id = self.other_team
        escalation = self._escalate(kind="hand_over")
        mine = escalation.with_user(self.agent_team)
        self.assertFalse(self.my_case.has_access("read"))
        mine.action_withdraw()
        self.assertEqual(escalation.state, "withdrawn")

    def test_the_promise_goes_along(self):
        moment = fields.Datetime.now() + timedelta(hours=3)
        form = self._wizard(route_id=self.route, question="Why?", kind="hand_over")
        form.call_back = "other"
        form.call_back_date = moment
        form.save().action_escalate()
        self.assertEqual(self.case.call_back_user_id, self.supervisor)
        self.assertEqual(self.case.call_back_date, moment.replace(microsecond=0))
        self.assertIn("Call-back promised", self.case.escalation_id.message_id.body)

    def test_a_promise_without_a_time(self):
        form = self._wizard(route_id=self.route, question="Why?")
        form.call_back = "60"
        wizard = form.save()
        wizard.call_back_date = False
        with self.assertRaisesRegex(UserError, "when"):
            wizard.action_escalate()
        self.assertFalse(self.case.escalation_id)


@tagged("post_install", "-at_install")
class TestAnswer(EscalationCommon):
    def test_advice_and_questions_come_back_to_the_agent(self):
        escalation = self._escalate()
        self.assertTrue(self.case.with_user(self.supervisor).escalation_card["may_answer"])
        self._answer(escalation, advice="Turn it off.", questions="Which bulb?\nSince when?")
        self.assertEqual(escalation.state, "advised")
        activity = self._advice_activities()
        self.assertEqual(activity.user_id, self.agent_team)
        self.assertIn("Turn it off.", activity.note)
        card = self.my_case.escalation_card
        self.assertEqual(card["advice"], "Turn it off.")
        questions = [line["name"] for line in card["questions"]]
        self.assertEqual(questions, ["Which bulb?", "Since when?"])
        self.assertIn("Answered by Supervisor", escalation.message_id.body)
        self.assertNotIn("Turn it off.", escalation.message_id.body)

    def test_the_agent_ticks_the_list_and_sends_it_back(self):
        escalation = self._escalate()
        self._answer(escalation, questions="Which bulb?\nSince when?")
        first, second = escalation.question_ids
        mine = escalation.with_user(self.agent_team)
        self.my_case.answer_escalation_question(first.id, {"answer": "E27", "is_done": True})
        with self.assertRaisesRegex(UserError, "Since when"):
            mine.action_return_answers()
        with self.assertRaisesRegex(UserError, "Since when"):
            mine.action_done()
        card = self.my_case.answer_escalation_question(second.id, {"is_done": True})
        self.assertTrue(all(line["is_done"] for line in card["questions"]))
        mine.action_return_answers()
        self.assertEqual(escalation.state, "open")
        self.assertFalse(self._advice_activities())
        note = self.case.message_ids[0]
        self.assertIn("E27", note.body)
        self.assertEqual(note.notified_partner_ids, self.supervisor.partner_id)

    def test_a_question_of_another_case_can_not_be_answered(self):
        escalation = self._escalate()
        self._answer(escalation, questions="Which bulb?")
        other = self._create_case(user_id=self.agent_team.id)
        with self.assertRaises(ValidationError):
            other.with_user(self.agent_team).answer_escalation_question(
                escalation.question_ids.id, {"answer": "x"}
            )
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).answer_escalation_question(
                escalation.question_ids.id, {"answer": "x"}
            )
        self.my_case.answer_escalation_question(escalation.question_ids.id, {"name": "Other?"})
        self.assertEqual(escalation.question_ids.name, "Which bulb?")

    def test_only_those_who_were_asked_answer(self):
        escalation = self._escalate()
        for user in (self.agent_team,):
            with self.subTest(user=user.name), self.assertRaisesRegex(UserError, "asked about"):
                escalation.with_user(user)._give_advice("Me!")
        with self.assertRaises(AccessError):
            self._answer(escalation, user=self.agent_own, advice="Me!")

    def test_an_empty_answer(self):
        escalation = self._escalate()
        with self.assertRaisesRegex(UserError, "Write advice"):
            self._answer(escalation, questions=" \n - ")

    def test_done_is_shown_in_the_channel(self):
        escalation = self._escalate()
        self._answer(escalation, advice="Turn it off.")
        escalation.with_user(self.agent_team).action_done()
        self.assertEqual(escalation.state, "done")
        self.assertIn("Done, says Agent Team", escalation.message_id.body)
        self.assertFalse(self.case.escalation_id)
        self.assertFalse(self._advice_activities())
        with self.assertRaisesRegex(UserError, "ended already"):
            escalation.with_user(self.agent_team).action_withdraw()
        with self.assertRaisesRegex(UserError, "ended already"):
            self._answer(escalation, advice="Late")

    def test_withdrawn_is_shown_in_the_channel(self):
        escalation = self._escalate()
        escalation.with_user(self.agent_team).action_withdraw()
        self.assertIn("Withdrawn by Agent Team", escalation.message_id.body)
        self.assertFalse(self.case.escalation_id)

    def test_a_stranger_to_the_case_does_not_end_it(self):
        escalation = self._escalate()
        with self.assertRaises(AccessError):
            escalation.with_user(self.agent_own).action_withdraw()

    def test_a_message_that_somebody_deleted_stays_deleted(self):
        escalation = self._escalate()
        escalation.message_id.unlink()
        escalation.with_user(self.agent_team).action_withdraw()
        self.assertEqual(escalation.state, "withdrawn")

    def test_a_case_that_is_settled_ends_its_escalations(self):
        escalation = self._escalate()
        self.my_case.action_resolve()
        self.assertEqual(escalation.state, "done")
        self.assertFalse(self.case.escalation_id)
        self.assertIn("Done", escalation.message_id.body)


@tagged("post_install", "-at_install")
class TestLevels(EscalationCommon):
    def test_the_next_level_is_proposed_and_both_show(self):
        first = self._escalate()
        form = self._wizard(user=self.supervisor, question="You decide.")
        self.assertEqual(form.route_id, self.route_boss)
        form.save().action_escalate()
        second = self.case.escalation_id
        self.assertEqual((second.level, second.previous_id), (2, first))
        self.assertIn("Escalated further: Boss", first.message_id.body)
        with self.assertRaisesRegex(UserError, "escalated further"):
            self._answer(first, advice="x", user=self.boss)

    def test_the_answer_comes_down_level_by_level(self):
        first = self._escalate()
        self._wizard(user=self.supervisor, question="You decide.").save().action_escalate()
        second = self.case.escalation_id
        self._answer(second, user=self.boss, advice="Refund.")
        second.with_user(self.supervisor).action_done()
        self.assertEqual(self.case.escalation_id, first)
        self.assertNotIn("Escalated further", first.message_id.body)
        self._answer(first, advice="The boss says: refund.")
        self.assertEqual(self._advice_activities().user_id, self.agent_team)

    def test_withdrawing_the_first_level_withdraws_the_second(self):
        first = self._escalate()
        self._wizard(user=self.supervisor, question="You decide.").save().action_escalate()
        second = self.case.escalation_id
        first.with_user(self.agent_team).action_withdraw()
        self.assertEqual((first.state, second.state), ("withdrawn", "withdrawn"))
        self.assertFalse(self.case.escalation_id)

    def test_a_level_can_not_come_after_itself(self):
        with self.assertRaises(ValidationError):
            self.route_boss.next_route_id = self.route

    def test_a_colleague_was_faster(self):
        wizard = self._wizard(route_id=self.route, question="Why?").save()
        self.case.with_user(self.supervisor)._escalate(self.route_boss, "Mine")
        with self.assertRaisesRegex(UserError, r"Boss \(Supervisor\)"):
            wizard.action_escalate()


@tagged("post_install", "-at_install")
class TestIntakeFacts(EscalationCommon):
    @users("cs_agent_team")
    def test_the_case_shows_what_its_type_demands(self):
        case_type = self.env.ref("customer_service.type_question")
        case_type.sudo().intake_fact_ids = self.fact_phone | self.fact_order | self.fact_serial
        case = self.case.with_env(self.env)
        self.assertFalse(case.intake_facts)
        case.type_id = case_type
        states = {fact["name"]: (fact["known"], fact["value"]) for fact in case.intake_facts}
        self.assertEqual(
            states,
            {
                "Phone": (True, "+48 601 234 567"),
                "Order": (False, ""),
                "Serial number": (False, ""),
            },
        )
        with Form(case) as form:
            form.intake_answers = {str(self.fact_serial.id): "SN-7"}
            self.assertEqual([fact["known"] for fact in form.intake_facts], [True, False, True])

    def test_what_the_customers_record_says_counts(self):
        company = self.env.ref("customer_service.intake_fact_customer_company")
        order_email = self.env.ref("customer_service.intake_fact_order_email")
        self.assertEqual(self.case._missing_facts(company | order_email), order_email)
        self.case.sale_order_id = self._create_order(self.customer)
        self.assertFalse(self.case._missing_facts(company | order_email))

    def test_only_listed_fields_can_be_demanded(self):
        with self.assertRaises(ValidationError):
            self.env["customer.service.intake.fact"].create(
                {"name": "Token", "field_name": "access_token"}
            )

    def test_portal_users_read_nothing_of_it(self):
        case = self.case.with_user(self.portal_user)
        for name in ("intake_answers", "escalation_id", "call_back_user_id", "customer_company"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                case.read([name])


@tagged("post_install", "-at_install")
class TestCallBack(EscalationCommon):
    def _call_backs(self, case=None):
        type_id = self.env.ref("customer_service.activity_type_call_back")
        return (case or self.case).activity_ids.filtered(
            lambda activity: activity.activity_type_id == type_id
        )

    def _promise(self, case=None, **values):
        case = case or self.case
        form = Form(
            self.env["customer.service.case.call.back.promise"]
            .with_user(self.agent_team)
            .with_context(default_case_id=case.id)
        )
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_promise()

    def test_a_promise_is_an_activity_with_its_time_on_the_case(self):
        self._promise(call_back="120", note="Ask for the bulb")
        left = self.case.call_back_date - fields.Datetime.now()
        self.assertAlmostEqual(left.total_seconds(), 7200, delta=60)
        activity = self._call_backs()
        self.assertEqual(activity.user_id, self.agent_team)
        self.assertIn("Ask for the bulb", activity.note)
        self.assertIn("Anna Kowalska", activity.summary)

    def test_promised_cases_come_before_all_others(self):
        other = self._create_case(priority="3")
        self._promise()
        order = "call_back_date, priority desc, last_customer_message_date desc, id desc"
        self.assertEqual(self.Case.search([], order=order, limit=1), self.case)
        self.assertIn(other, self.Case.search([], order=order))

    def test_the_day_is_that_of_whoever_calls(self):
        self.agent_team.tz = "Asia/Tokyo"
        self.case._promise_call_back(datetime(2100, 5, 1, 20, 0), self.agent_team)
        self.assertEqual(str(self._call_backs().date_deadline), "2100-05-02")

    def test_tomorrow_morning_is_where_the_user_is(self):
        choice = self.env["customer.service.case.call.back.promise"]
        self.agent_team.tz = "Asia/Tokyo"
        moment = choice.with_user(self.agent_team)._tomorrow_morning()
        self.assertEqual((moment.hour, moment.minute), (0, 0))

    def test_in_the_past(self):
        with self.assertRaisesRegex(UserError, "past"):
            self._promise(call_back="other", call_back_date=datetime(2020, 1, 1))

    def test_done_in_the_form_or_in_the_list_of_activities(self):
        self._promise()
        self.my_case.action_call_back_done()
        self.assertFalse(self.case.call_back_date)
        self.assertFalse(self._call_backs())
        self._promise()
        self._call_backs().with_user(self.agent_team).action_feedback("Nobody there")
        self.assertFalse(self.case.call_back_date)
        self.assertFalse(self.case.call_back_user_id)

    def test_moved_in_either_place_both_follow(self):
        self._promise(call_back="other", call_back_date=datetime(2100, 5, 1, 10, 0))
        activity = self._call_backs()
        activity.date_deadline = "2100-05-03"
        self.assertEqual(self.case.call_back_date, datetime(2100, 5, 3, 10, 0))
        self.case.call_back_date = datetime(2100, 5, 7, 11, 0)
        self.assertEqual(str(activity.date_deadline), "2100-05-07")
        self.assertEqual(len(self._call_backs()), 1)
        activity.user_id = self.supervisor
        self.assertEqual(self.case.call_back_user_id, self.supervisor)

    def test_taken_off_the_list_it_is_promised_no_more(self):
        self._promise()
        self._call_backs().unlink()
        self.assertFalse(self.case.call_back_date)
        self._promise()
        self.my_case.action_call_back_cancel()
        self.assertFalse(self._call_backs())
        self.assertIn("not wanted any more", self.case.message_ids[0].body)

    def test_whoever_takes_the_case_over_keeps_the_promise(self):
        self._promise()
        self.case.user_id = self.supervisor
        self.assertEqual(self.case.call_back_user_id, self.supervisor)
        self.assertEqual(self._call_backs().user_id, self.supervisor)

    def test_my_call_backs(self):
        self._promise()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action_call_backs"
        )
        self.assertIn("search_default_my_call_backs", action["context"])
        domain = [("call_back_date", "!=", False), ("call_back_user_id", "=", self.agent_team.id)]
        self.assertEqual(self.Case.search(domain), self.case)

    def test_a_recorded_call_of_ours_keeps_the_promise(self):
        self._promise()
        self.env["customer.service.interaction"].with_user(self.agent_team).record(
            {
                "request_key": "call-1",
                "originator": "agent",
                "channel_id": self.env.ref("customer_service.channel_phone").id,
                "partner_id": self.customer.id,
                "matters": [
                    {"case_id": self.case.id, "description": "Told her.", "follow_up": "Send it"}
                ],
            }
        )
        self.assertFalse(self.case.call_back_date)

    def test_a_call_of_the_customer_keeps_no_promise(self):
        self._promise()
        self.env["customer.service.interaction"].with_user(self.agent_team).record(
            {
                "request_key": "call-2",
                "originator": "customer",
                "channel_id": self.env.ref("customer_service.channel_phone").id,
                "partner_id": self.customer.id,
                "matters": [
                    {"case_id": self.case.id, "description": "Where?", "follow_up": "Call"}
                ],
            }
        )
        self.assertTrue(self.case.call_back_date)

    def test_others_promise_nothing(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).action_promise_call_back()
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).action_call_back_done()
        with self.assertRaisesRegex(UserError, "does not see this case"):
            self._promise(user_id=self.agent_own)


@tagged("post_install", "-at_install")
class TestCallBackOfNobody(EscalationCommon):
    """A caller who said no name: who it is must be known before the call counts as made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case(
            partner_id=False, phone="+48 601 234 567", user_id=cls.agent_team.id
        )
        cls.my_case = cls.case.with_user(cls.agent_team)
        cls.case._promise_call_back(fields.Datetime.now() + timedelta(hours=1))

    def _person(self, choice=False, **values):
        """Say who it is, in the dialog."""
        form = Form(
            self.env["customer.service.case.person"]
            .with_user(self.agent_team)
            .with_context(**self.my_case.action_find_person()["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        wizard = form.save()
        wizard.choice = choice  # one of the cards
        return wizard

    def test_done_leads_to_the_look_up(self):
        with self.assertRaises(RedirectWarning) as caught:
            self.my_case.action_call_back_done()
        _message, action_id, _button, context = caught.exception.args
        action = self.env["ir.actions.act_window"].browse(action_id)
        self.assertEqual(action.res_model, "customer.service.case.person")
        self.assertEqual(context, {"default_case_id": self.case.id})
        activity = self.case.activity_ids
        with self.assertRaises(RedirectWarning):
            activity.with_user(self.agent_team).action_feedback()
        self.assertTrue(self.case.call_back_date)

    def test_the_look_up_starts_with_the_number_that_called(self):
        self.case.phone = "0048 (601) 23-45-67"
        wizard = self._person()
        self.assertIn(
            f"res.partner,{self.customer.id}", [found["id"] for found in wizard.candidates or []]
        )

    def test_a_customer_who_was_looked_up(self):
        self._person(choice=f"res.partner,{self.customer.id}").action_link()
        self.assertEqual(self.case.partner_id, self.customer)
        self.my_case.action_call_back_done()
        self.assertFalse(self.case.call_back_date)

    def test_an_address_that_was_asked_for(self):
        self._person(email="Jan <jan@new.example>").action_link()
        self.assertEqual(self.case.identity_id.email_normalized, "jan@new.example")
        self.my_case.action_call_back_done()
        self.assertFalse(self.case.call_back_date)

    def test_the_address_goes_to_the_person_that_is_there(self):
        identity = self.env["customer.service.identity"].create(
            {"name": "Jan", "company_id": self.case.company_id.id}
        )
        self.case.identity_id = identity
        self._person(email="jan@new.example").action_link()
        self.assertEqual(self.case.identity_id, identity)
        self.assertEqual(identity.email_normalized, "jan@new.example")

    def test_nobody_chosen_or_nonsense(self):
        for values in ({}, {"email": "nonsense"}, {"choice": f"res.users,{self.env.uid}"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._person(**values).action_link()
        self.assertFalse(self.case._is_linked())

    def test_a_contact_with_nobody_demands_it_too(self):
        self.env["customer.service.interaction"].with_user(self.agent_team).record(
            {
                "request_key": "nobody-1",
                "originator": "customer",
                "phone": "+48 601 234 567",
                "matters": [
                    {"case_id": self.case.id, "description": "Hm?", "follow_up": "Call back"}
                ],
            }
        )
        self.case.email_from = "jan@new.example"
        self.assertTrue(self.case._is_linked())
        contact = self.my_case._call_back_unlinked_interaction()
        self.assertTrue(contact)
        with self.assertRaises(RedirectWarning):
            self.my_case.action_call_back_done()
        self._person(email="jan@new.example").action_link()
        self.assertTrue(contact.identity_id)
        self.my_case.action_call_back_done()
        self.assertFalse(self.case.call_back_date)

    def test_others_link_nobody(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_own).action_find_person()
