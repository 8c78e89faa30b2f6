from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CustomerServiceCommon


class IdentityCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Identity = cls.env["customer.service.identity"]
        cls.Partner = cls.env["res.partner"]

    def _create_identity(self, **values):
        return self.Identity.create({"company_id": self.company_admin.id, **values})

    def _enter_outside(self, **values):
        """Let somebody outside enter what no contact is matched by itself with."""
        outside = self.Identity.with_user(self.env.ref("base.public_user")).sudo()
        identity = outside.create({"company_id": self.company_admin.id, **values})
        return identity.with_env(self.env)

    def _told(self, user=None, **values):
        """Return the identity of whoever tells this on the phone."""
        identity = self.Identity.with_user(user or self.agent_own)
        return identity._find_or_create_person(values, self.company_admin)

    def _commit(self):
        """Run what runs before a transaction is committed."""
        self.env.cr.flush()


@tagged("post_install", "-at_install")
class TestIdentity(IdentityCommon):
    """An unregistered person turns out to be a customer."""

    def test_the_match_moves_all_cases_even_those_the_agent_cannot_see(self):
        identity = self._create_identity(name="A. Kowalska", email="private@anna.example")
        cases = self._create_case(
            partner_id=False, identity_id=identity.id, user_id=self.agent_own.id
        )
        cases |= self._create_case(
            partner_id=False, identity_id=identity.id, user_id=self.supervisor.id
        )
        cases |= self._create_case(partner_id=False, identity_id=identity.id, active=False)
        identity.with_user(self.agent_own).action_become(self.customer.id)
        self.assertEqual(identity.partner_id, self.customer)
        self.assertEqual(cases.partner_id, self.customer)

    def test_a_match_is_permanent(self):
        identity = self._create_identity(name="A. Kowalska")
        identity.action_become(self.customer.id)
        identity.action_become(self.customer.id)
        with self.assertRaises(UserError):
            identity.action_become(self.other_customer.id)

    def test_the_likeliest_customer_is_proposed_with_the_reason(self):
        for values, customer, reason in (
            ({"email": "ANNA@lampy.example", "name": "Bob Baker"}, self.customer, "email"),
            ({"phone": "+48601234567", "name": "Bob Baker"}, self.customer, "phone"),
            ({"name": "Bob Baker", "email": "new@baker.example"}, self.other_customer, "name"),
        ):
            with self.subTest(reason=reason):
                identity = self._enter_outside(**values).with_user(self.agent_own)
                context = identity.action_match_customer()["context"]
                self.assertEqual(context["default_partner_id"], customer.id)
                self.assertIn(reason, context["default_reason"])

    def test_nobody_is_proposed_for_a_stranger(self):
        context = self._create_identity(name="Zoe Stranger").action_match_customer()["context"]
        self.assertFalse(context["default_partner_id"])

    def test_the_agent_confirms_in_a_dialog(self):
        identity = self._enter_outside(email="bob@baker.example").with_user(self.agent_own)
        action = identity.action_match_customer()
        match = self.env[action["res_model"]].with_user(self.agent_own)
        form = Form(match.with_context(**action["context"]))
        self.assertEqual(form.partner_id, self.other_customer)
        form.partner_id = self.customer
        form.save().action_confirm()
        self.assertEqual(identity.partner_id, self.customer)

    def test_a_new_contact_is_made_of_what_the_person_told(self):
        identity = self._create_identity(
            name="Zoe Stranger", email="zoe@stranger.example", zip="00-950"
        )
        case = self._create_case(partner_id=False, identity_id=identity.id)
        action = identity.with_user(self.agent_own).action_create_customer()
        partner = self.env["res.partner"].browse(action["res_id"])
        self.assertEqual(case.partner_id, partner)
        self.assertEqual(
            (partner.name, partner.email, partner.zip),
            ("Zoe Stranger", "zoe@stranger.example", "00-950"),
        )

    def test_no_second_contact_is_made_for_a_known_address(self):
        identity = self._create_identity(name="Annie", email="anna@lampy.example")
        action = identity.action_create_customer()
        self.assertEqual(action["res_id"], self.customer.id)

    def test_a_person_of_whom_nothing_is_known_cannot_become_a_contact(self):
        with self.assertRaises(UserError):
            self._create_identity(phone="+48 22 555 00 00").action_create_customer()

    def test_a_contact_of_another_company_cannot_be_the_person(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        partner = self.env["res.partner"].create({"name": "Carl", "company_id": abroad.id})
        identity = self._create_identity(name="Carl")
        self._create_case(partner_id=False, identity_id=identity.id)
        self.assertFalse(identity.action_match_customer()["context"]["default_partner_id"])
        with self.assertRaises(UserError):
            identity.action_become(partner.id)


@tagged("post_install", "-at_install")
class TestSamePerson(IdentityCommon):
    """Whoever comes again is the same record, by whichever way they come."""

    def test_address_in_any_spelling_is_the_same_person(self):
        person = self._told(name="Zoe", email="zoe@müller.example")
        for email in ("ZOE@MÜLLER.example", "Zoe Z. <zoe@xn--mller-kva.example>"):
            with self.subTest(email=email):
                self.assertEqual(self._told(email=email), person)

    def test_number_and_name_in_any_notation_are_the_same_person(self):
        person = self._told(name="山田 太郎", phone="+81 3-5550-0119")
        again = self._told(name="山田太郎様", phone="+81355500119")
        self.assertEqual(again, person)

    def test_number_of_an_office_is_of_several_people(self):
        person = self._told(name="Ola Nowak", phone="+48 22 555 01 01")
        self.assertNotEqual(self._told(name="Jan Kot", phone="+48 22 555 01 01"), person)
        self.assertNotEqual(self._told(phone="+48 22 555 01 01"), person)
        self.assertEqual(self._told(name="NOWAK, Ola", phone="0048 (22) 555-01-01"), person)

    def test_first_name_alone_is_compared_as_a_whole(self):
        person = self._told(name="Ola", phone="+48 22 555 01 01")
        self.assertEqual(self._told(name="ola", phone="+48225550101"), person)
        self.assertNotEqual(self._told(name="Ola Nowak", phone="+48225550101"), person)

    def test_what_is_told_for_the_first_time_is_added_and_nothing_overwritten(self):
        person = self._told(name="Zoe", email="zoe@new.example")
        self._told(name="Zoe Zulu", email="zoe@new.example", phone="+48 601 000 111", zip="00-950")
        self.assertEqual(
            (person.name, person.phone, person.zip), ("Zoe", "+48 601 000 111", "00-950")
        )

    def test_mail_and_phone_have_the_same_person(self):
        case = self._receive(self._mail(From="Zed <zed@new.example>"))
        self.assertEqual(self._told(name="Zed Zulu", email="ZED@new.example"), case.identity_id)

    def test_person_of_another_company_is_another_one(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        values = {"name": "Zoe", "email": "zoe@new.example"}
        self.assertNotEqual(
            self.Identity._find_or_create_person(values, abroad),
            self.Identity._find_or_create_person(values, self.company_admin),
        )

    def test_registered_customer_is_matched_at_once_and_reuses_the_record(self):
        person = self._told(name="Annie", email="ANNA@lampy.example")
        self.assertEqual(person.partner_id, self.customer)
        self.assertTrue(person.match_log_ids.is_automatic)
        self.assertEqual(self._told(name="Anna", email="anna@lampy.example"), person)
        self.assertEqual(len(person.match_log_ids), 1)

    def test_address_with_umlauts_finds_the_customer_both_ways(self):
        readable, encoded = self.Partner.create(
            [
                {"name": "Max", "email": "max@müller.example"},
                {"name": "Eva", "email": "eva@xn--mller-kva.example"},
            ]
        )
        self.assertEqual(self._told(email="max@xn--mller-kva.example").partner_id, readable)
        self.assertEqual(self._told(email="EVA@MÜLLER.example").partner_id, encoded)

    def test_mail_from_the_encoded_domain_is_the_customers(self):
        readable = self.Partner.create({"name": "Max", "email": "max@müller.example"})
        case = self._receive(self._mail(From="Max <max@xn--mller-kva.example>"))
        self.assertEqual(case.partner_id, readable)

    def test_two_contacts_with_the_address_are_not_certain(self):
        self.Partner.create({"name": "Anna Too", "email": "anna@lampy.example"})
        person = self._told(name="Annie", email="anna@lampy.example")
        self.assertFalse(person.partner_id)

    def test_one_of_us_is_never_matched_without_asking(self):
        person = self._told(email=self.agent_team.email)
        self.assertFalse(person.partner_id)

    def test_nobody_outside_gets_a_history_by_naming_an_address(self):
        visitor = self.Identity.with_user(self.env.ref("base.public_user")).sudo()
        told = {"name": "Zoe", "email": "anna@lampy.example"}
        person = visitor._find_or_create_person(told, self.company_admin)
        self._commit()
        self.assertFalse(person.partner_id)
        self.assertTrue(person.has_candidates)

    def test_a_case_of_a_matched_person_is_the_customers(self):
        person = self._told(email="anna@lampy.example")
        case = self._create_case(partner_id=False, identity_id=person.id)
        self.assertEqual(case.partner_id, self.customer)

    def test_deleting_is_refused_with_the_reason_while_there_is_a_history(self):
        person = self._create_identity(name="Zoe Zulu")
        case = self._create_case(partner_id=False, identity_id=person.id)
        with self.assertRaisesRegex(UserError, r"Zoe Zulu cannot be deleted.*cases \(1\)"):
            person.unlink()
        case.unlink()
        person.unlink()

    @users("cs_agent_team", "cs_supervisor", "cs_administrator")
    def test_nobody_writes_by_hand_who_somebody_is(self):
        person = self.Identity.with_user(self.env.user).create({"name": "Zoe"})
        for values in (
            {"partner_id": self.customer.id},
            {"same_as_id": person.id},
            {"has_candidates": True},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                person.write(values)
        with self.assertRaises(AccessError):
            person.create({"name": "Zoe", "partner_id": self.customer.id})


@tagged("post_install", "-at_install")
class TestContactLater(IdentityCommon):
    """A contact is made or changed, and somebody unregistered may be them."""

    def _person_with_case(self, **values):
        person = self._create_identity(**values)
        self._commit()
        return person, self._create_case(partner_id=False, identity_id=person.id)

    def test_contact_with_the_address_gets_the_history_where_one_of_us_makes_it(self):
        person, case = self._person_with_case(name="Zoe", email="zoe@new.example")
        contact = self.Partner.with_user(self.agent_own).create(
            {"name": "Zoe Zulu", "email": "Zoe@NEW.example"}
        )
        self._commit()
        self.assertEqual(case.partner_id, contact)
        self.assertEqual(person.match_log_ids.user_id, self.agent_own)
        self.assertTrue(person.match_log_ids.is_automatic)

    def test_salesman_who_knows_nothing_of_cases_makes_it_too(self):
        salesman = mail_new_test_user(
            self.env, login="salesman", groups="base.group_user,base.group_partner_manager"
        )
        person, case = self._person_with_case(name="Zoe", email="zoe@new.example")
        contact = self.Partner.with_user(salesman).create(
            {"name": "Zoe Zulu", "email": "zoe@new.example"}
        )
        self._commit()
        self.assertEqual(case.partner_id, contact)

    def test_whoever_signs_up_is_only_proposed(self):
        person, case = self._person_with_case(name="Zoe", email="zoe@new.example")
        visitor = self.env.ref("base.public_user")
        contact = (
            self.Partner.with_user(visitor)
            .sudo()
            .create({"name": "Somebody", "email": "zoe@new.example"})
        )
        self._commit()
        self.assertFalse(case.partner_id)
        self.assertTrue(person.has_candidates)
        candidate = person._candidates()[0]
        self.assertEqual((candidate["id"], candidate["certain"]), (contact.id, True))

    def test_contact_with_number_or_name_is_proposed_when_made_or_changed(self):
        number = self._create_identity(phone="+48 601 000 111")
        name = self._create_identity(name="太郎 山田")
        other = self._create_identity(name="Taro Tanaka", phone="+48 601 000 112")
        contact = self.Partner.create({"name": "山田太郎"})
        self._commit()
        self.assertEqual((number | name | other).mapped("has_candidates"), [False, True, False])
        contact.phone = "0048 601-000-111"
        self._commit()
        self.assertEqual((number | name | other).mapped("has_candidates"), [True, True, False])

    def test_person_who_is_entered_later_is_marked_too_and_until_it_changes(self):
        person = self._create_identity(name="Kowalska Anna")
        self._commit()
        self.assertTrue(person.has_candidates)
        person.name = "Somebody Else"
        self._commit()
        self.assertFalse(person.has_candidates)

    def test_none_of_these_takes_the_mark_off_until_another_contact_comes(self):
        person = self._create_identity(name="Anna Kowalska").with_user(self.agent_own)
        self._commit()
        person.action_no_candidate()
        self.assertFalse(person.has_candidates)
        self.Partner.create({"name": "Kowalska, Anna"})
        self._commit()
        self.assertTrue(person.has_candidates)

    def test_contact_of_another_company_or_archived_is_not_proposed(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        person = self._create_identity(name="Zoe Zulu", email="zoe@new.example")
        self.Partner.create(
            [
                {"name": "Zoe Zulu", "email": "zoe@new.example", "company_id": abroad.id},
                {"name": "Zoe Zulu", "email": "zoe@new.example", "active": False},
            ]
        )
        self._commit()
        self.assertFalse(person.partner_id or person.has_candidates)

    def test_contact_that_is_deleted_at_once_does_no_harm(self):
        self._create_identity(name="Zoe Zulu").unlink()
        self.Partner.create({"name": "Zoe Zulu"}).unlink()
        self._commit()

    def test_contacts_cost_the_same_however_many_are_imported(self):
        self._create_identity(name="Zoe Zulu")
        self._commit()

        def queries(count):
            self.Partner.create([{"name": f"Person {n} of {count}"} for n in range(count)])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._commit()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(3), queries(60))
