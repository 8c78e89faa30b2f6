"""An address that leads to several customers: nobody is guessed, an agent says who wrote."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .test_contact_point import HOME, ContactPointCommon

FROM_HOME = f"Anna <{HOME}>"


@tagged("post_install", "-at_install")
class TestCaseSender(ContactPointCommon):
    """Anna wrote from home before somebody else came with that address as the main one."""

    def setUp(self):
        super().setUp()
        self._add(HOME)
        self.before = self._receive(self._mail(From=FROM_HOME))

    def _sign_up(self, email=HOME):
        """Return the contact of somebody who signs up in the shop, and may enter any address."""
        user = mail_new_test_user(
            self.env, login=email, email=email, name="Newcomer", groups="base.group_portal"
        )
        return user.partner_id

    def _write(self, **headers):
        """Return the case of a mail from the address, with what is found out after it."""
        case = self._receive(self._mail(From=FROM_HOME, **headers))
        self.env.cr.precommit.run()
        return case

    def _answer(self, case):
        """Return an answer of ours, whose mail goes nowhere."""
        with self.mock_mail_gateway():
            return self._reply(case)

    def _offered(self, case, user=None):
        choice = case.with_user(user or self.agent_team).sender_choice
        return [owner["id"] for owner in choice["owners"]] if choice else []

    # mail

    def test_whoever_signs_up_with_an_address_gets_nothing_of_its_owner(self):
        newcomer = self._sign_up()
        case = self._write()
        self.assertFalse(case.partner_id)
        self.assertTrue(case.identity_id)
        self.assertFalse(case.message_ids.author_id & newcomer)
        self.assertNotEqual(case.create_uid, newcomer.user_ids)
        portal = newcomer.user_ids
        self.assertFalse(case.with_user(portal).has_access("read"))
        self.assertEqual(case.email_normalized, HOME, "and is answered where it came from")

    def test_the_agent_sees_both_and_says_who_wrote(self):
        newcomer = self._sign_up()
        first, second = self._write(), self._write(Subject="And another one")
        self.assertEqual(second.identity_id, first.identity_id)
        self.assertCountEqual(self._offered(first), [self.customer.id, newcomer.id])
        kinds = {owner["id"]: owner["is_main"] for owner in first.sender_choice["owners"]}
        self.assertEqual(kinds, {self.customer.id: False, newcomer.id: True})
        first.with_user(self.agent_team).action_choose_sender(self.customer.id)
        self.assertEqual((first | second).partner_id, self.customer)
        self.assertEqual(first.reply_to_customer, HOME, "answered where it came from")
        written = first.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(written.author_id, self.customer)
        log = first.identity_id.match_log_ids
        self.assertEqual((log.user_id, log.is_automatic), (self.agent_team, False))
        self.assertFalse(self._offered(first), "it is decided")

    def test_what_was_said_once_holds_for_the_next_mail_and_can_be_taken_back(self):
        newcomer = self._sign_up()
        case = self._write()
        case.with_user(self.agent_team).action_choose_sender(newcomer.id)
        self.assertEqual(self._write(Subject="Next").partner_id, newcomer)
        case.identity_id.with_user(self.supervisor).action_undo_match()
        self.assertFalse(case.partner_id)
        self.assertFalse(self._write(Subject="Asked again").partner_id)

    def test_two_customers_with_the_same_main_address_are_told_apart_too(self):
        other = self.env["res.partner"].create(
            {"name": "Other", "email": self.other_customer.email}
        )
        case = self._receive(self._mail(From=self.other_customer.email))
        self.env.cr.precommit.run()
        self.assertFalse(case.partner_id)
        self.assertCountEqual(self._offered(case), [self.other_customer.id, other.id])

    def test_people_of_one_company_are_no_two_customers(self):
        company = self.env["res.partner"].create(
            {"name": "Company", "is_company": True, "email": "info@company.example"}
        )
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": company.id, "email": "info@company.example"}
        )
        case = self._receive(self._mail(From="info@company.example"))
        self.assertIn(case.partner_id, company | person)

    def test_an_answer_goes_on_in_the_case_of_whoever_takes_part(self):
        answer = self._answer(self.before)
        self._sign_up()
        reply = self._write(In_Reply_To=answer.message_id)
        self.assertEqual(reply, self.before)
        self.assertEqual(reply.partner_id, self.customer)
        last = reply.message_ids.filtered(lambda message: message.message_type == "email")[:1]
        self.assertEqual(last.author_id, self.customer)

    def test_an_answer_from_the_address_goes_on_in_a_case_that_never_saw_it(self):
        case = self._receive(self._mail())
        answer = self._answer(case)
        newcomer = self._sign_up()
        self.assertEqual(self._write(In_Reply_To=answer.message_id), case)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.reply_to_customer, HOME)
        theirs = self._create_case(partner_id=newcomer.id)
        answer = self._answer(theirs)
        self.assertEqual(self._write(In_Reply_To=answer.message_id), theirs)
        self.assertEqual(theirs.message_ids.filtered("email_from")[:1].author_id, newcomer)

    def test_a_case_that_waits_for_the_choice_goes_on(self):
        newcomer = self._sign_up()
        case = self._write()
        answer = self._answer(case)
        self.assertEqual(self._write(In_Reply_To=answer.message_id), case)
        self.assertFalse(case.message_ids.author_id & (newcomer | self.customer))

    def test_other_apps_find_whom_the_host_finds(self):
        newcomer = self._sign_up()
        found = self.env["res.partner"]._find_or_create_from_emails([HOME], no_create=True)
        self.assertEqual(found, [newcomer])

    # refusals

    def test_only_those_with_the_address_are_chosen(self):
        self._sign_up()
        case = self._write()
        with self.assertRaisesRegex(UserError, "decided meanwhile"):
            case.with_user(self.agent_team).action_choose_sender(self.other_customer.id)
        with self.assertRaisesRegex(UserError, "decided meanwhile"):
            self.before.with_user(self.agent_team).action_choose_sender(self.other_customer.id)
        case.user_id = self.agent_team
        with self.assertRaises(AccessError):
            case.with_user(self.agent_own).action_choose_sender(self.customer.id)
        with self.assertRaises(AccessError):
            case.with_user(self.agent_own).action_choose_no_sender()

    def test_somebody_else_is_asked_for_no_more(self):
        self._sign_up()
        case = self._write()
        case.with_user(self.agent_team).action_choose_no_sender()
        self.assertFalse(self._offered(case))

    def test_a_contact_is_not_made_where_one_is_to_be_chosen(self):
        self._sign_up()
        case = self._write()
        for record in (case, case.identity_id):
            with self.assertRaisesRegex(UserError, "several customers"):
                record.with_user(self.agent_team).action_create_customer()

    def test_a_contact_of_another_company_is_nobody_here(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["res.partner"].create({"name": "Zed", "email": HOME, "company_id": company.id})
        self.assertEqual(self._write().partner_id, self.customer)

    # look-up and phone desk

    def test_look_up_and_phone_desk_show_both_and_are_certain_of_none(self):
        newcomer = self._sign_up()
        lookup = self.env["customer.service.lookup"].with_user(self.agent_team)
        found = {hit["id"]: hit["certain"] for hit in lookup.lookup(HOME)}
        self.assertEqual(found, {self.customer.id: False, newcomer.id: False})
        desk = self.env["customer.service.phone.desk"].with_user(self.agent_team)
        told = desk.caller_candidates({"email": HOME})
        self.assertEqual(
            {one["id"]: one["certain"] for one in told},
            {self.customer.id: False, newcomer.id: False},
        )

    def test_a_number_of_two_is_certain_of_none(self):
        self.other_customer.phone = "+48 22 555 01 01"
        self._add("+48 22 555 01 01")
        lookup = self.env["customer.service.lookup"].with_user(self.agent_team)
        found = {hit["id"]: hit["certain"] for hit in lookup.lookup("+48 22 555 01 01")}
        self.assertEqual(found, {self.customer.id: False, self.other_customer.id: False})

    # contacts

    def test_the_form_of_a_contact_says_whose_address_it_is_too(self):
        agent = self.env["res.partner"].with_user(self.agent_team)
        with Form(agent) as form:
            form.name = "Newcomer"
            self.assertFalse(form.same_address_ids[:])
            form.email = HOME
            self.assertEqual(form.same_address_ids[:], self.customer)
        action = form.record.action_report_same_address()
        self.assertEqual(action["res_model"], "customer.service.duplicate.report")
        context = action["context"]
        self.assertEqual(context["default_partner_id"], form.record.id)
        self.assertEqual(context["default_duplicate_partner_id"], self.customer.id)

    def test_nobody_is_named_for_a_contact_whose_address_is_their_own(self):
        company = self.env["res.partner"].create(
            {"name": "Company", "is_company": True, "email": HOME}
        )
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": company.id, "email": HOME}
        )
        agent = company.with_user(self.agent_team)
        self.assertEqual(agent.same_address_ids, self.customer)
        self.assertFalse(self.other_customer.with_user(self.agent_team).same_address_ids)
        self.assertFalse(self.agent_own.partner_id.with_user(self.agent_team).same_address_ids)
        self.assertNotIn(company, person.with_user(self.agent_team).same_address_ids)

    def test_portal_customers_learn_nothing_of_it(self):
        newcomer = self._sign_up()
        portal = newcomer.with_user(newcomer.user_ids)
        with self.assertRaises(AccessError):
            portal.read(["same_address_ids"])
        case = self._create_case(partner_id=newcomer.id)
        with self.assertRaises(AccessError):
            case.with_user(newcomer.user_ids).read(["sender_choice"])
