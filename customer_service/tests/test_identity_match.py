from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .test_identity import IdentityCommon

#: What a match may change of a case, an interaction and a message.
_CASE_FIELDS = ("partner_id", "identity_id", "partner_name", "email_from", "phone", "lang")


class MatchCommon(IdentityCommon):
    def _record(self, **values):
        """Let an agent record a call."""
        result = (
            self.env["customer.service.interaction"]
            .with_user(self.agent_team)
            .record({"request_key": f"{self._testMethodName}-{self._mail_number()}", **values})
        )
        return (
            self.env["customer.service.interaction"].browse(result["interaction_id"]),
            self.Case.browse(result["case_ids"]),
        )

    def _stranger_with_history(self):
        """Return somebody with a mail, an answer to it, and a call about it and something new."""
        case = self._receive(self._mail(From="Zed Zulu <zed@new.example>"))
        self._reply(case)
        call, cases = self._record(
            identity_id=case.identity_id.id,
            matters=[{"case_id": case.id, "follow_up": "Call"}, {"name": "Another lamp"}],
        )
        return case.identity_id, cases, cases.action_ids.interaction_id

    def _state(self, identity, cases, interactions):
        """Return all that a match may change, as it is now."""
        self._commit()
        for records in (identity, cases, interactions):
            records.env.invalidate_all()
        return {
            "cases": [[case[name] for name in _CASE_FIELDS] for case in cases],
            "interactions": [
                (one.partner_id, one.commercial_partner_id, one.identity_id) for one in interactions
            ],
            "authors": [
                (message.id, message.author_id) for message in cases.message_ids.sorted("id")
            ],
            "identity": (identity.partner_id, identity.same_as_id, identity.active),
        }


@tagged("post_install", "-at_install")
class TestMatch(MatchCommon):
    """All the history moves at once, and comes back exactly as it was."""

    def test_match_moves_cases_interactions_and_messages_and_is_in_the_log(self):
        identity, cases, interactions = self._stranger_with_history()
        identity.with_user(self.agent_own).action_become(self.other_customer.id)
        self.assertEqual(cases.partner_id, self.other_customer)
        self.assertEqual(interactions.partner_id, self.other_customer)
        self.assertEqual(interactions.commercial_partner_id, self.other_customer)
        mail = cases.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(mail.author_id, self.other_customer)
        answer = cases.message_ids.filtered(lambda message: "look into it" in message.body)
        self.assertEqual(answer.author_id, self.agent_team.partner_id)
        log = identity.match_log_ids
        self.assertEqual(
            (log.partner_id, log.user_id, log.state, log.case_count),
            (self.other_customer, self.agent_own, "confirmed", 2),
        )
        self.assertEqual((log.interaction_count, log.message_count), (3, 1))
        self.assertEqual(log.reason, "chosen by hand")

    def test_reason_of_the_proposal_is_in_the_log(self):
        identity = self._create_identity(name="Kowalska Anna")
        identity.with_user(self.agent_own).action_become(self.customer.id)
        self.assertEqual(identity.match_log_ids.reason, "same name")

    def test_supervisor_undoes_it_exactly(self):
        identity, cases, interactions = self._stranger_with_history()
        before = self._state(identity, cases, interactions)
        identity.with_user(self.agent_own).action_become(self.other_customer.id)
        self.assertNotEqual(self._state(identity, cases, interactions), before)
        identity.with_user(self.supervisor).action_undo_match()
        self.assertEqual(self._state(identity, cases, interactions), before)
        log = identity.match_log_ids
        self.assertEqual((log.state, log.undo_user_id), ("undone", self.supervisor))

    def test_after_the_undoing_the_right_customer_is_chosen(self):
        identity, cases, _interactions = self._stranger_with_history()
        identity.action_become(self.other_customer.id)
        identity.with_user(self.supervisor).action_undo_match()
        identity.with_user(self.agent_own).action_become(self.customer.id)
        self.assertEqual(cases.partner_id, self.customer)
        self.assertEqual(identity.match_log_ids.sorted().mapped("state"), ["confirmed", "undone"])

    @users("cs_agent_own", "cs_agent_team")
    def test_agents_cannot_undo(self):
        identity = self._create_identity(name="Zed").with_user(self.env.user)
        identity.action_become(self.customer.id)
        with self.assertRaises(AccessError):
            identity.action_undo_match()
        with self.assertRaises(AccessError):
            identity.match_log_ids.action_undo()
        for operation in ("create", "write", "unlink"):
            self.assertFalse(identity.match_log_ids.has_access(operation))
        with self.assertRaises(AccessError):
            identity.match_log_ids.read(["moved"])

    def test_nothing_to_undo_is_said(self):
        identity = self._create_identity(name="Zed").with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "matched with nobody"):
            identity.action_undo_match()
        identity.action_become(self.customer.id)
        log = identity.match_log_ids
        log.action_undo()
        with self.assertRaises(UserError):
            log.action_undo()

    def test_what_was_changed_since_stays(self):
        identity, cases, interactions = self._stranger_with_history()
        first, second = cases
        identity.action_become(self.other_customer.id)
        first.phone = "+48 600 111 222"
        second.partner_id = self.customer
        identity.with_user(self.supervisor).action_undo_match()
        self.assertEqual(first.phone, "+48 600 111 222")
        self.assertEqual(first.email_normalized, "zed@new.example")
        self.assertEqual(second.partner_id, self.customer)

    def test_what_came_in_since_comes_back_too(self):
        identity, _cases, _interactions = self._stranger_with_history()
        identity.action_become(self.other_customer.id)
        later = self._receive(self._mail(From="Zed Zulu <zed@new.example>", Subject="Again"))
        self.assertEqual(later.partner_id, self.other_customer)
        identity.with_user(self.supervisor).action_undo_match()
        self.assertFalse(later.partner_id)
        self.assertEqual(later.partner_name, "Zed Zulu")
        self.assertEqual(later.email_normalized, "zed@new.example")
        self.assertFalse(later.action_ids.interaction_id.partner_id)

    def test_what_was_the_customers_before_stays_the_customers(self):
        identity = self._create_identity(name="Zed")
        by_hand = self._create_case(partner_id=self.customer.id, identity_id=identity.id)
        identity.action_become(self.customer.id)
        identity.match_log_ids.sudo().create_date  # noqa: B018 - the case is older
        self.env.cr.execute(
            "UPDATE customer_service_case SET create_date = create_date - interval '1 hour' "
            "WHERE id = %s",
            [by_hand.id],
        )
        identity.with_user(self.supervisor).action_undo_match()
        self.assertEqual(by_hand.partner_id, self.customer)

    def test_mistake_in_an_old_call_does_not_hold_up_the_match(self):
        identity, cases, _interactions = self._stranger_with_history()
        cases[1].partner_id = self.customer  # the call about both is with the stranger still
        identity.action_become(self.other_customer.id)
        self.assertEqual(cases[0].partner_id, self.other_customer)
        self.assertEqual(cases[1].partner_id, self.customer)

    def test_same_person_entered_twice_is_one_and_can_be_two_again(self):
        identity, cases, interactions = self._stranger_with_history()
        other = self._create_identity(name="Zed Zulu", phone="+48 601 000 111")
        before = self._state(identity, cases, interactions)
        identity.with_user(self.agent_own).action_same_as(other.id)
        self.assertEqual(cases.identity_id, other)
        self.assertEqual(interactions.identity_id, other)
        self.assertEqual((identity.same_as_id, identity.active), (other, False))
        self.assertEqual(other.email, "zed@new.example")
        later = self._receive(self._mail(From="zed@new.example", Subject="Again"))
        self.assertEqual(later.identity_id, other)
        identity.with_user(self.supervisor).action_undo_match()
        self.assertEqual(self._state(identity, cases, interactions), before)
        self.assertFalse(other.email)
        self.assertEqual(later.identity_id, identity)

    def test_entry_of_a_customer_makes_a_customer_of_both(self):
        identity, cases, _interactions = self._stranger_with_history()
        other = self._create_identity(name="Zed Zulu")
        other.action_become(self.customer.id)
        identity.action_same_as(other.id)
        self.assertEqual(identity.partner_id, self.customer)
        self.assertEqual(cases.partner_id, self.customer)

    def test_two_entries_then_a_customer_is_undone_from_the_end(self):
        identity, cases, _interactions = self._stranger_with_history()
        other = self._create_identity(name="Zed Zulu")
        identity.action_same_as(other.id)
        other.action_become(self.customer.id)
        self.assertEqual(cases.partner_id, self.customer)
        with self.assertRaisesRegex(UserError, "Undo that first"):
            identity.with_user(self.supervisor).action_undo_match()
        other.with_user(self.supervisor).action_undo_match()
        identity.with_user(self.supervisor).action_undo_match()
        self.assertEqual(cases.identity_id, identity)
        self.assertFalse(cases.partner_id)

    def test_nobody_is_the_same_as_themself_or_in_a_circle(self):
        one, other = self._create_identity(name="One"), self._create_identity(name="Other")
        with self.assertRaises(UserError):
            one.action_same_as(one.id)
        one.action_same_as(other.id)
        with self.assertRaises(UserError):
            other.action_same_as(one.id)  # which is the other by now

    def test_person_of_another_company_is_out_of_reach(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        theirs = self.Identity.create({"name": "Zed", "company_id": abroad.id})
        mine = self._create_identity(name="Zed").with_user(self.agent_own)
        with self.assertRaises(AccessError):
            mine.action_same_as(theirs.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.agent_own).action_become(self.customer.id)

    @users("cs_outsider")
    def test_who_is_no_agent_matches_nobody(self):
        identity = self._create_identity(name="Zed").with_user(self.env.user)
        for method, args in (
            ("action_become", [self.customer.id]),
            ("action_same_as", [identity.id]),
            ("action_no_candidate", []),
            ("find_candidates", [{"name": "Anna"}]),
            ("action_undo_match", []),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(identity, method)(*args)

    def test_what_came_in_during_the_match_is_found_later(self):
        identity = self._create_identity(name="Zed")
        identity.action_become(self.customer.id)
        late = self._create_case(identity_id=identity.id)
        self.env.cr.execute(
            "UPDATE customer_service_case SET partner_id = NULL, commercial_partner_id = NULL "
            "WHERE id = %s",
            [late.id],
        )
        self.env.invalidate_all()
        identity._gc_left_behind()
        self.assertEqual(late.partner_id, self.customer)


@tagged("post_install", "-at_install")
class TestRepairByHand(MatchCommon):
    """Somebody chooses another customer on a case: the calls about it follow."""

    def test_contact_about_this_case_alone_follows(self):
        call, case = self._record(partner_id=self.customer.id, matters=[{"name": "Lamp"}])
        case.with_user(self.agent_team).partner_id = self.other_customer
        self.assertEqual(call.partner_id, self.other_customer)
        self.assertEqual(call.commercial_partner_id, self.other_customer)

    def test_contact_about_other_cases_too_stays(self):
        call, cases = self._record(
            partner_id=self.customer.id, matters=[{"name": "Lamp"}, {"name": "Bulb"}]
        )
        cases[0].with_user(self.agent_team).partner_id = self.other_customer
        self.assertEqual(call.partner_id, self.customer)

    def test_colleague_of_the_customer_stays_who_called(self):
        call, case = self._record(partner_id=self.customer.id, matters=[{"name": "Lamp"}])
        case.partner_id = self.colleague
        self.assertEqual(call.partner_id, self.customer)

    def test_contact_of_a_stranger_follows_and_keeps_what_was_told(self):
        call, case = self._record(person={"name": "Zed"}, matters=[{"name": "Lamp"}])
        identity = case.identity_id
        case.partner_id = self.customer
        self.assertEqual((call.partner_id, call.identity_id), (self.customer, identity))
