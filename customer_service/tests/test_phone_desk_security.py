"""Attacks on the phone desk and what belongs to it: by colleagues, outsiders and customers."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_escalation import EscalationCommon
from .test_interaction import InteractionCommon

SECRET = "The margin is 80 percent"

#: Records that live for one dialog.
@tagged("post_install", "-at_install")
class TestContactSecurity(InteractionCommon):
    """Contacts and their matters: no way to words, cases and time of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_case = cls._create_case(name="Secret", user_id=cls.supervisor.id)
        cls.own_case = cls._create_case(name="Mine", user_id=cls.agent_own.id)
        cls.note = cls.foreign_case.with_user(cls.supervisor).message_post(
            body=SECRET, subtype_xmlid="mail.mt_note"
        )
        cls.foreign_contact = cls.Interaction.browse(
            cls.Interaction.with_user(cls.supervisor).record(
                {
                    "partner_id": cls.customer.id,
                    "duration": 0.5,
                    "matters": [{"case_id": cls.foreign_case.id, "description": SECRET}],
                }
            )["interaction_id"]
        )

    def _own_contact(self):
        return self.Interaction.browse(
            self._record(self.agent_own, matters=[{"case_id": self.own_case.id}])["interaction_id"]
        ).with_user(self.agent_own)

    # words of a message by its id

    def test_no_contact_is_made_of_a_foreign_message(self):
        contact = self.Interaction.with_user(self.agent_own)
        values = {
            "partner_id": self.customer.id,
            "action_ids": [Command.create({"case_id": self.own_case.id, "is_solved": False})],
        }
        with self.assertRaises(AccessError):
            contact.create({**values, "message_id": self.note.id})
        with self.assertRaises(AccessError):
            contact.with_context(default_message_id=self.note.id).create(values)
        with self.assertRaises(AccessError):
            self._own_contact().message_id = self.note

    def test_no_summary_of_a_foreign_message_in_a_form(self):
        action = self.env["customer.service.action"].with_user(self.agent_own)
        foreign = self.foreign_case.with_user(self.supervisor).message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        contact_id = self.Interaction.search([("message_id", "=", foreign.id)]).id
        self.assertTrue(contact_id)
        with self.assertRaises(AccessError):
            action.onchange(
                {"interaction_id": contact_id},
                ["interaction_id"],
                {"interaction_id": {}, "summary": {}},
            )
        with self.assertRaises(AccessError):
            self.Interaction.with_user(self.agent_own).onchange(
                {"message_id": self.note.id}, ["message_id"], {"message_id": {}}
            )
        # one level further down, in the form of a case
        shown = self.own_case.with_user(self.agent_own).onchange(
            {"action_ids": [Command.create({"interaction_id": contact_id})]},
            ["action_ids"],
            {"action_ids": {"fields": {"summary": {}}}},
        )
        self.assertNotIn("margin", str(shown))

    # cases and contacts of others

    def test_no_matter_of_a_foreign_case(self):
        contact = self._own_contact()
        action = self.env["customer.service.action"].with_user(self.agent_own)
        values = {"interaction_id": contact.id, "is_solved": False}
        for model, more in (
            (action, {"case_id": self.foreign_case.id}),
            (action.with_context(default_case_id=self.foreign_case.id), {}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                model.create({**values, **more})
        with self.assertRaises(AccessError), self.cr.savepoint():
            contact.action_ids.case_id = self.foreign_case

    def test_no_matter_moves_to_a_foreign_contact(self):
        action = self._own_contact().action_ids
        with self.assertRaises(AccessError):
            action.interaction_id = self.foreign_contact

    def test_no_recording_about_a_foreign_case_or_with_a_foreign_clock(self):
        with self.assertRaises(AccessError):
            self._record(self.agent_own, matters=[{"case_id": self.foreign_case.id}])
        with self.assertRaises(AccessError):
            self.Interaction.with_user(self.agent_own).check_person(
                {"matters": [{"case_id": self.foreign_case.id}]}
            )
        clock = self.env["customer.service.handling"].with_user(self.agent_team)
        clock_id = clock.handling_start()["running"]["id"]
        with self.assertRaises(AccessError):
            self._record(self.agent_own, handling_id=clock_id)

    # whose contact it is

    def test_agent_gives_no_contact_to_a_colleague(self):
        contact = self._own_contact()
        with self.assertRaises(AccessError):
            contact.write({"user_id": self.agent_team.id, "duration": 3})
        contact.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.Interaction.with_user(self.agent_own).create({"user_id": self.agent_team.id})
        self.foreign_contact.with_user(self.supervisor).user_id = self.agent_team

    def test_agent_moves_no_contact_into_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        contact = self.Interaction.with_user(self.agent_own).create({"notes": "x"})
        with self.assertRaises(AccessError):
            contact.company_id = other

    def test_names_of_another_company_are_not_shown_in_a_form(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create({"name": SECRET, "company_id": other.id})
        identity = self.env["customer.service.identity"].create(
            {"name": SECRET, "company_id": other.id}
        )
        contact = self.Interaction.with_user(self.agent_own)
        for name, record in (("partner_id", partner), ("identity_id", identity)):
            with mute_logger("odoo.addons.base.models.ir_rule"):
                try:
                    shown = contact.onchange(
                        {name: record.id}, [name], {name: {}, "person_label": {}}
                    )
                except AccessError:
                    continue
            self.assertNotIn("margin", str(shown))

    # times that nothing can have taken, and moments that are none

    def test_times_and_dates_that_cannot_be(self):
        for values in (
            {"duration": 1e9},
            {"duration": 25},
            {"duration": float("nan")},
            {"duration": float("inf")},
            {"duration": -1},
            {"date": "9999-12-31 23:59:59"},
            {"date": "0001-01-01 00:00:00"},
            {"date": fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=3))},
            {"request_key": "x" * 5000},
            {"request_key": ["x"]},
        ):
            with self.subTest(values), self.assertRaises(UserError), self.cr.savepoint():
                self._record(**values)

    def test_a_mail_from_the_future_is_a_contact_of_now(self):
        case = self._receive(self._mail(Date="Fri, 31 Dec 9999 23:59:59 +0000"))
        contact = case.action_ids.interaction_id
        self.assertLessEqual(contact.date, fields.Datetime.now())
        self.assertTrue(contact.with_context(tz="Asia/Tokyo").display_name)

    def test_text_is_no_markup_in_reminders(self):
        case = self._create_case(user_id=self.agent_team.id)
        evil = '<img src="x"/> <b>Log in</b>'
        self._record(matters=[{"case_id": case.id, "follow_up": evil}])
        case.with_user(self.agent_team)._promise_call_back(
            fields.Datetime.now() + timedelta(hours=1), note=evil
        )
        self.assertEqual(len(case.activity_ids), 2)
        for activity in case.activity_ids:
            self.assertNotIn("<b>", activity.note)
            self.assertIn("&lt;b&gt;", activity.note)

    # who is no agent

    @mute_logger("odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule")
    def test_nobody_else_asks_the_phone_desk(self):
        for user in (self.outsider, self.portal_user):
            for number, call in enumerate(self._calls_of(user)):
                with self.subTest(user=user.login, call=number), self.assertRaises(UserError):
                    call()

    def _calls_of(self, user):
        """Return what somebody could try over the API, ready to be called."""
        contact = self.Interaction.with_user(user)
        identity = self.env["customer.service.identity"].with_user(user)
        handling = self.env["customer.service.handling"].with_user(user)
        day = self.env["customer.service.day"].with_user(user)
        return (
            lambda: contact.record({"notes": "x"}),
            lambda: contact.check_person({}),
            lambda: contact.caller_card("res.partner", user.partner_id.id),
            lambda: contact.caller_card("customer.service.case", self.own_case.id),
            lambda: contact.phone_desk(),
            lambda: identity.lookup("Anna"),
            lambda: identity.find_candidates({"name": "Anna"}),
            lambda: handling.handling_start(),
            lambda: handling.handling_clock(),
            lambda: day.action_my_day(),
            lambda: day.action_open_days(),
            lambda: self.env["customer.service.lookup.key"].with_user(user).search([]),
            lambda: self.own_case.with_user(user).action_escalate(),
            lambda: self.own_case.with_user(user).action_call_back_done(),
            lambda: self.own_case.with_user(user).action_call_back_cancel(),
            lambda: self.own_case.with_user(user).action_find_person(),
            lambda: self.own_case.with_user(user).action_remote_support(),
            lambda: self.own_case.with_user(user).action_verify_product(),
            lambda: self.own_case.with_user(user).product_to_verify(),
            lambda: self.own_case.with_user(user).answer_escalation_question(1, {}),
        )

    def test_customer_reads_nothing_of_it(self):
        case = self.own_case.with_user(self.portal_user)
        for name in (
            "action_ids", "follow_up", "handling_ids", "handling_duration", "escalation_ids",
            "escalation_card", "call_back_date", "intake_answers", "intake_facts", "identity_id",
            "verified_product_id", "verified_version", "source_id", "type_other",
            "resolve_user_id", "remote_support_url",
        ):  # fmt: skip
            with self.subTest(name), self.assertRaises(AccessError):
                case.read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                case.search([(name, "!=", False)])

    # huge texts

    def test_huge_texts(self):
        identity = self.env["customer.service.identity"].with_user(self.agent_own)
        huge = "a b@c.example +48 601 " * 250_000
        self.assertIsInstance(identity.lookup(huge), list)
        told = {"name": huge, "email": huge, "phone": huge, "zip": huge, "other": huge}
        self.assertIsInstance(identity.find_candidates(told), list)

    # contacts of a company

    def test_report_stays_in_the_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        contact = self.Interaction.create({"notes": "x", "company_id": other.id})
        self.env.flush_all()
        report = self.env["customer.service.interaction.report"].with_user(self.supervisor)
        self.assertTrue(report.search([("interaction_id", "=", self.foreign_contact.id)]))
        self.assertFalse(report.search([("interaction_id", "=", contact.id)]))
        with self.assertRaises(AccessError):
            report.with_user(self.agent_team).search([])


@tagged("post_install", "-at_install")
class TestDialogSecurity(EscalationCommon):
    """Dialogs: their records are of one user, and the ids in them prove nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case.write({"user_id": cls.supervisor.id, "phone": "+48 601 000 111"})
        cls.order = cls._create_order(cls.customer)

    def _dialogs(self):
        """Return the models of all dialogs, those of the other add-ons too."""
        return [
            self.env[name]
            for name, model in self.env.registry.items()
            if name.startswith("customer.service.") and model._transient
        ]

    def test_nobody_opens_the_dialog_of_a_colleague(self):
        wizard = self.env["customer.service.case.escalate"].with_user(self.supervisor)
        wizard = wizard.create({"case_id": self.case.id, "question": SECRET})
        for user in (self.agent_own, self.agent_team):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["question", "phone"])
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_escalate()
        self.assertEqual(wizard.read(["question"])[0]["question"], SECRET)
        for model in self._dialogs():
            rules = self.env["ir.rule"].with_user(self.agent_own)._compute_domain(model._name)
            self.assertIn("create_uid", str(rules), model._name)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_no_dialog_about_a_foreign_case(self):
        escalation = self._escalation()
        clock = self.env["customer.service.handling"].with_user(self.supervisor)
        clock_id = clock.handling_start(self.case.id)["running"]["id"]
        clock.browse(clock_id).handling_stop()
        for model, values, names in (
            ("case.escalate", {"case_id": self.case.id}, ["partner_id", "phone", "company_id"]),
            ("case.person", {"case_id": self.case.id}, ["search_text", "candidates"]),
            ("case.call.back.promise", {"case_id": self.case.id}, ["company_id"]),
            ("escalation.answer", {"escalation_id": escalation.id}, ["question", "case_id"]),
            ("handling.correct", {"handling_id": clock_id}, ["case_id", "minutes"]),
        ):
            dialog = self.env[f"customer.service.{model}"].with_user(self.agent_own)
            key, record_id = next(iter(values.items()))
            more = {"reason": "x", "minutes": 5} if model == "handling.correct" else {}
            with self.subTest(model), self.assertRaises(AccessError), self.cr.savepoint():
                dialog.create({**values, **more}).read(names)
            with self.subTest(model), self.assertRaises(AccessError), self.cr.savepoint():
                dialog.with_context(**{f"default_{key}": record_id}).create(more).read(names)
            with self.subTest(model):
                try:
                    shown = dialog.onchange(values, [key], {key: {}, **{n: {} for n in names}})
                except AccessError:
                    continue
                value = shown["value"]
                self.assertFalse([name for name in names if value.get(name)], value)

    def _escalation(self):
        case = self.case.with_user(self.supervisor)
        return case._escalate(self.route_boss, question=SECRET)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_no_escalation_by_its_id(self):
        escalation = self._escalation().with_user(self.agent_own)
        for call in (
            lambda: escalation.read(["question"]),
            escalation.action_answer,
            escalation.action_done,
            escalation.action_withdraw,
            escalation.action_return_answers,
            lambda: escalation.question_ids.create(
                {"escalation_id": escalation.id, "name": "What is the password?"}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                call()

    def test_case_shows_no_foreign_escalation(self):
        escalation = self._escalation()
        mine = self._create_case(user_id=self.agent_own.id).with_user(self.agent_own)
        for name, value in (
            ("escalation_id", escalation.id),
            ("call_back_user_id", self.supervisor.id),
            ("resolve_user_id", self.supervisor.id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.write({name: value})

    def test_no_customer_is_asked_instead_of_a_colleague(self):
        self.case.partner_id = self.portal_user.partner_id
        case = self.case.with_user(self.supervisor)
        for kind in ("advice", "hand_over"):
            for user in (self.portal_user, self.outsider):
                with self.assertRaises(UserError), self.cr.savepoint():
                    case._escalate(self.route, question=SECRET, kind=kind, asked_user=user)
        promise = self.env["customer.service.case.call.back.promise"].with_user(self.supervisor)
        for user in (self.portal_user, self.outsider):
            with self.assertRaises(UserError):
                promise.create(
                    {"case_id": self.case.id, "call_back": "60", "user_id": user.id}
                ).action_promise()
        self.assertFalse(self.case.call_back_date)

    def test_answers_of_any_shape_break_no_form(self):
        fact = self.env["customer.service.intake.fact"].create({"name": "Serial"})
        type_ = self.env.ref("customer_service.type_question")
        type_.intake_fact_ids = fact
        self.case.type_id = type_
        for answers in ([1, 2], "text", 7, {str(fact.id): 5}, {str(fact.id): {"a": 1}}, None):
            self.case.intake_answers = answers
            self.case.invalidate_recordset()
            self.assertTrue(self.case.with_user(self.supervisor).intake_facts)

    def test_names_are_no_markup(self):
        evil = '<img src="x" onerror="alert(1)">'
        self.supervisor.name = evil
        self.case.name = evil
        self.route.name = evil
        self.team.write({"alert_channel_id": self.channel.id, "long_handling_minutes": 1})
        case = self.case.with_user(self.supervisor)
        case.phone = "+48 601 234 567"
        case._escalate(self.route, question=evil, asked_user=self.boss)
        handling = self.env["customer.service.handling"].with_user(self.supervisor)
        for case_id in (self.case.id, False):
            clock_id = handling.handling_start(case_id)["running"]["id"]
            clock = handling.browse(clock_id).sudo()
            clock.running_since = clock.running_since - timedelta(hours=9)
            clock._alert()
            clock._remind()
            clock.with_user(self.supervisor).handling_stop()
        messages = self.env["mail.message"].search(
            [("create_date", ">=", self.case.create_date), ("body", "like", "onerror")]
        )
        self.assertTrue(messages)
        for message in messages:
            self.assertNotIn("<img", message.body, message.body)


@tagged("post_install", "-at_install")
class TestMergeSecurity(InteractionCommon):
    """Merging customers: nobody becomes a colleague by it."""

    def _report(self, first, second):
        report = self.env["customer.service.duplicate.report"].with_user(self.agent_team)
        return report.create({"partner_id": first.id, "duplicate_partner_id": second.id})

    def test_no_colleague_is_merged_into_a_customer(self):
        for partner in (
            self.user_admin.partner_id,
            self.env.ref("base.partner_root"),
            self.company_admin.partner_id,
        ):
            for pair in ((self.other_customer, partner), (partner, self.other_customer)):
                self.portal_other.active = False
                stranger = self.env["res.partner"].create({"name": "X", "email": "x@x.example"})
                pair = tuple(stranger if one == self.other_customer else one for one in pair)
                with self.subTest(partner.name), self.cr.savepoint(), self.assertRaises(UserError):
                    self._report(*pair).with_user(self.supervisor).action_merge()

    def test_agent_forges_no_decision(self):
        report = self.env["customer.service.duplicate.report"].with_user(self.agent_own)
        made = report.create(
            {
                "partner_id": self.customer.id,
                "duplicate_partner_id": self.other_customer.id,
                "state": "merged",
                "decision_user_id": self.supervisor.id,
                "user_id": self.supervisor.id,
            }
        )
        self.assertEqual(made.state, "open")
        self.assertEqual(made.user_id, self.agent_own)
        self.assertFalse(made.decision_user_id)
        self.assertEqual(made.company_id, self.company_admin)
        with self.assertRaises(AccessError):
            made.reason = "No"
        with self.assertRaises(AccessError):
            made.action_reject()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_report_shows_nothing_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create(
            {"name": SECRET, "email": "margin@x.example", "company_id": other.id}
        )
        report = self.env["customer.service.duplicate.report"].with_user(self.agent_own)
        names = ("partner_id", "email", "phone", "created", "login", "case_count", "order_count")
        try:
            spec = {name: {} for name in names}
            shown = report.onchange({"partner_id": partner.id}, ["partner_id"], spec)
        except AccessError:
            return
        self.assertNotIn("margin", str(shown))
