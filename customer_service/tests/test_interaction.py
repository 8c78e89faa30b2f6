from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users, warmup

from ..exceptions import PersonMismatch
from .common import CustomerServiceCommon

#: Queries of a message that are there for its interaction.
INTERACTION_QUERIES = 4


class InteractionCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Interaction = cls.env["customer.service.interaction"]
        cls.phone = cls.env.ref("customer_service.channel_phone")
        cls.question = cls.env.ref("customer_service.type_question")

    def _record(self, user=None, **values):
        """Let an agent record a call of the customer about one new matter, or what is given."""
        values = {
            "request_key": f"{self._testMethodName}-{self._mail_number()}",
            "partner_id": self.customer.id,
            "matters": [{"name": "Lamp flickers", "description": "Since yesterday"}],
            **values,
        }
        return self.Interaction.with_user(user or self.agent_team).record(values)

    def _latest(self, case):
        """Return the last interaction about a case."""
        case.invalidate_recordset(["action_ids"])
        return case.action_ids[0].interaction_id

    def _recorded(self, result):
        return self.Interaction.browse(result["interaction_id"]), self.Case.browse(
            result["case_ids"]
        )


@tagged("post_install", "-at_install")
class TestMessageInteraction(InteractionCommon):
    def test_mail_of_a_customer_is_an_interaction(self):
        case = self._receive(self._mail())
        interaction = case.action_ids.interaction_id
        self.assertEqual(interaction.originator, "customer")
        self.assertEqual(interaction.channel_id, self.env.ref("customer_service.channel_email"))
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.commercial_partner_id, self.customer_company)
        self.assertEqual(interaction.message_id.model, case._name)
        self.assertFalse(interaction.user_id)
        self.assertFalse(case.action_ids.is_solved)
        self.assertEqual(case.status, "open")

    def test_answer_is_an_interaction_of_the_agent(self):
        case = self._receive(self._mail())
        self._reply(case, self.agent_team)
        interaction = self._latest(case)
        self.assertEqual(interaction.originator, "agent")
        self.assertEqual(interaction.user_id, self.agent_team)
        self.assertEqual(case.action_ids[0].summary, "We look into it.")

    def test_note_and_machine_make_none(self):
        case = self._receive(self._mail())
        self._note(case)
        self._receive(self._mail(Auto_Submitted="auto-replied", Subject=f"Re: {case.name}"))
        self.assertEqual(len(case.action_ids), 1)

    def test_message_is_an_automatic_interaction_when_a_machine_of_ours_wrote_it(self):
        case = self._create_case()
        case.message_post(
            body="We have it", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(case.action_ids.interaction_id.originator, "automatic")

    def test_colleague_who_writes_is_who_the_contact_was_with(self):
        case = self._receive(self._mail())
        case.with_user(self.portal_user).sudo().message_post(
            body="Me too",
            author_id=self.colleague.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._latest(case).partner_id, self.colleague)
        self.assertEqual(
            self._latest(case).channel_id,
            self.env.ref("customer_service.channel_portal"),
        )

    def test_interaction_of_a_message_stays(self):
        case = self._receive(self._mail())
        with self.assertRaises(UserError):
            case.action_ids.interaction_id.with_user(self.administrator).unlink()

    def test_what_a_message_says_of_itself_stays(self):
        case = self._create_case()
        self._reply(case, self.agent_team)
        mine = self._latest(case).with_user(self.agent_team)
        mine.notes = "Well said"
        for values in ({"date": "2020-01-01"}, {"originator": "automatic"}, {"partner_id": False}):
            with self.assertRaises(UserError):
                mine.write(values)

    def test_agents_cannot_read_messages_by_way_of_interactions(self):
        secret = self.customer.message_post(body="The secret of the house")
        interaction, _case = self._recorded(self._record())
        with self.assertRaises(AccessError):
            interaction.with_user(self.agent_team).message_id = secret
        with self.assertRaises(AccessError):
            self.Interaction.with_user(self.agent_team).create({"message_id": secret.id})

    def test_contacts_of_a_deleted_case_go_with_it(self):
        case, kept = self._receive(self._mail()), self._create_case()
        both, _cases = self._recorded(
            self._record(matters=[{"case_id": case.id}, {"case_id": kept.id}])
        )
        message = case.action_ids.interaction_id - both
        case.with_user(self.administrator).unlink()
        self.assertFalse(message.exists())
        self.assertEqual(both.action_ids.case_id, kept)

    @warmup
    def test_message_costs_at_most_four_more_queries(self):
        case = self._create_case()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            self.cr.execute("SELECT 1")
            start = self.cr.sql_log_count
            case.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
            self.env.flush_all()
            return self.cr.sql_log_count - start

        queries()
        with_interaction = queries()
        self.patch(
            type(self.Case), "_record_messages", lambda self, messages: self.env["mail.message"]
        )
        self.assertLessEqual(with_interaction - queries(), INTERACTION_QUERIES)

    def test_messages_are_recorded_in_a_batch(self):
        case = self._create_case()
        messages = self.env["mail.message"].create(
            [
                {
                    "model": case._name,
                    "res_id": case.id,
                    "message_type": "email",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "author_id": self.customer.id,
                    "body": f"Message {number}",
                }
                for number in range(20)
            ]
        )
        self.env.flush_all()
        with self.assertQueryCount(__system__=7):
            self.Case._record_messages(messages)
            self.env.flush_all()
        self.assertEqual(len(case.action_ids), 20)
        self.assertFalse(self.Case._record_missing_messages())

    def test_messages_that_were_not_posted_are_recorded_later(self):
        case = self._receive(self._mail())
        self._note(case)
        case.action_ids.interaction_id.message_id = False
        case.action_ids.unlink()
        made = self.Case._record_missing_messages()
        self.assertEqual(made.message_id, case.message_ids.filtered("email_from")[-1:])
        self.assertEqual(made.case_ids, case)
        self.assertFalse(self.Case._record_missing_messages())


@tagged("post_install", "-at_install")
class TestRecording(InteractionCommon):
    def test_call_about_a_new_matter(self):
        interaction, case = self._recorded(
            self._record(
                duration=0.25,
                originator="customer",
                matters=[
                    {
                        "name": "Lamp flickers",
                        "type_id": self.question.id,
                        "description": "Since yesterday",
                        "solved": True,
                    }
                ],
            )
        )
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.channel_id, self.phone)
        self.assertEqual(interaction.duration, 0.25)
        self.assertEqual(interaction.user_id, self.agent_team)
        self.assertEqual(case.name, "Lamp flickers")
        self.assertEqual(case.type_id, self.question)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.status, "resolved")
        self.assertEqual(case.resolve_date, interaction.date)
        self.assertEqual(case.resolve_user_id, self.agent_team)
        self.assertEqual(case.user_id, self.agent_team)

    def test_contact_of_yesterday_resolves_with_its_date(self):
        interaction, case = self._recorded(self._record(date="2026-01-02 03:04:05"))
        self.assertEqual(str(interaction.date), "2026-01-02 03:04:05")
        self.assertEqual(str(case.resolve_date), "2026-01-02 03:04:05")

    def test_follow_up_stays_open_and_reminds_the_responsible(self):
        case = self._create_case(user_id=self.supervisor.id)
        self._record(
            self.supervisor,
            matters=[{"case_id": case.id, "follow_up": "Ask the workshop\nBy Friday"}],
        )
        self.assertEqual(case.status, "open")
        self.assertEqual(case.follow_up, "Ask the workshop\nBy Friday")
        self.assertEqual(case.activity_ids.summary, "Ask the workshop")
        self.assertEqual(case.activity_ids.user_id, self.supervisor)
        case.action_resolve()
        self.assertFalse(case.follow_up)
        self.assertFalse(case.activity_ids)

    def test_follow_up_opens_a_case_that_was_done(self):
        case = self._create_case(status="closed")
        self._record(matters=[{"case_id": case.id, "follow_up": "Send it again"}])
        self.assertEqual(case.status, "open")

    def test_neither_solved_nor_follow_up_changes_no_status(self):
        case = self._create_case(status="pending")
        self._record(matters=[{"case_id": case.id, "description": "Still ill", "solved": False}])
        self.assertEqual(case.status, "pending")

    def test_many_cases_in_one_interaction(self):
        known = self._create_case()
        interaction, cases = self._recorded(
            self._record(
                matters=[
                    {"case_id": known.id, "description": "Arrived"},
                    {"name": "Another lamp", "follow_up": "Offer"},
                ]
            )
        )
        self.assertEqual(len(interaction.action_ids), 2)
        self.assertIn(known, cases)
        self.assertEqual(known.status, "resolved")
        self._record(matters=[{"case_id": known.id, "follow_up": "It broke again"}])
        self.assertEqual(len(known.action_ids), 2)

    def test_same_request_twice_is_recorded_once(self):
        first = self._record(request_key="one")
        second = self._record(request_key="one")
        self.assertFalse(first["repeated"])
        self.assertEqual(second, {**first, "repeated": True})
        self.assertEqual(self.Case.search_count([("name", "=", "Lamp flickers")]), 1)

    def test_key_of_somebody_else_shows_nothing(self):
        self._record(request_key="mine")
        with self.assertRaises(UserError):
            self._record(self.supervisor, request_key="mine")

    def test_unknown_person_gets_an_identity_once(self):
        told = {"name": "Jan Nowy", "email": "Jan@Nowy.example", "phone": "601 111 222"}
        interaction, case = self._recorded(self._record(partner_id=False, person=told))
        self.assertEqual(interaction.identity_id.name, "Jan Nowy")
        self.assertEqual(case.identity_id, interaction.identity_id)
        self.assertEqual(case.partner_name, "Jan Nowy")
        self.assertEqual(case.phone, "601 111 222")
        again, _case = self._recorded(
            self._record(partner_id=False, person={"email": "jan@nowy.example"})
        )
        self.assertEqual(again.identity_id, interaction.identity_id)

    def test_case_of_another_person_is_refused(self):
        foreign = self._create_case(partner_id=self.other_customer.id)
        values = {"matters": [{"name": "Mine"}, {"case_id": foreign.id}]}
        before = self.Case.search_count([])
        with self.assertRaises(PersonMismatch) as refusal:
            self._record(**values)
        self.assertIn("Bob Baker", str(refusal.exception))
        self.assertEqual(self.Case.search_count([]), before)
        found = self.Interaction.with_user(self.agent_team).check_person(
            {"partner_id": self.customer.id, **values}
        )
        self.assertEqual(
            found,
            [
                {
                    "matter": 1,
                    "kind": "case",
                    "id": foreign.id,
                    "label": foreign.number,
                    "owner": {
                        "model": "res.partner",
                        "id": self.other_customer.id,
                        "name": "Bob Baker",
                    },
                }
            ],
        )

    def test_order_of_another_person_is_refused(self):
        order = self._create_order(self.other_customer)
        matter = {"name": "My order", "sale_order_id": order.id}
        with self.assertRaises(PersonMismatch):
            self._record(matters=[matter])
        with self.assertRaises(PersonMismatch):
            self._record(partner_id=False, person={"name": "Nobody"}, matters=[matter])
        own = self._create_order(self.colleague)
        _interaction, case = self._recorded(
            self._record(matters=[{"name": "My order", "sale_order_id": own.id}])
        )
        self.assertEqual(case.sale_order_id, own)

    def test_action_about_a_case_of_another_person_is_refused(self):
        interaction, _case = self._recorded(self._record())
        foreign = self._create_case(partner_id=self.other_customer.id)
        with self.assertRaises(PersonMismatch):
            interaction.action_ids = [(0, 0, {"case_id": foreign.id})]

    def test_case_of_nobody_becomes_one_of_the_caller(self):
        case = self._create_case(partner_id=False)
        self._record(matters=[{"case_id": case.id}])
        self.assertEqual(case.partner_id, self.customer)

    def test_caller_who_is_not_named_is_the_owner_of_the_case(self):
        case = self._create_case()
        interaction, _case = self._recorded(
            self._record(partner_id=False, matters=[{"case_id": case.id}])
        )
        self.assertEqual(interaction.partner_id, self.customer)

    def test_nothing_to_record_is_refused(self):
        with self.assertRaises(UserError):
            self._record(matters=[])
        with self.assertRaises(UserError):
            self._record(matters=[{"name": "  "}])
        with self.assertRaises(ValidationError):
            self._record(duration=-1)

    def test_fields_that_are_not_named_are_left_out(self):
        interaction, case = self._recorded(
            self._record(
                user_id=self.supervisor.id,
                message_id=1,
                matters=[{"name": "X", "user_id": self.supervisor.id, "number": "HACK"}],
            )
        )
        self.assertEqual(interaction.user_id, self.agent_team)
        self.assertFalse(interaction.message_id)
        self.assertEqual(case.user_id, self.agent_team)
        self.assertNotEqual(case.number, "HACK")

    def test_case_out_of_sight_is_refused(self):
        hidden = self._create_case(team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self._record(matters=[{"case_id": hidden.id}])
        for user in (self.outsider, self.portal_user):
            with self.assertRaises(AccessError):
                self._record(user)

    def test_agents_see_interactions_of_their_cases_only(self):
        hidden = self._receive(self._mail(To=self.other_team.address))
        shown = self._receive(self._mail())
        visible = self.Interaction.with_user(self.agent_team).search([])
        self.assertIn(shown.action_ids.interaction_id, visible)
        self.assertNotIn(hidden.action_ids.interaction_id, visible)
        everything = self.Interaction.with_user(self.supervisor).search([])
        self.assertIn(hidden.action_ids.interaction_id, everything)

    @users("cs_agent_team")
    def test_agents_change_only_what_they_recorded(self):
        case = self._receive(self._mail())
        theirs = case.action_ids.interaction_id.with_user(self.env.user)
        with self.assertRaises(AccessError):
            theirs.notes = "Hm"
        own, _case = self._recorded(self._record(self.env.user))
        own.with_user(self.env.user).notes = "Friendly"
        with self.assertRaises(AccessError):
            own.with_user(self.env.user).unlink()

    def test_portal_reads_no_interactions(self):
        self._receive(self._mail())
        with self.assertRaises(AccessError):
            self.Interaction.with_user(self.portal_user).search([])
