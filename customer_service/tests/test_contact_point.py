"""Further addresses and numbers of a customer: entered by whom, found by what, kept how."""

from psycopg2.errors import UniqueViolation

from odoo import api
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CustomerServiceCommon
from .two_transactions import TwoTransactionsCase

HOME = "anna@home.example"


class ContactPointCommon(CustomerServiceCommon):
    """Customers with further addresses and numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Point = cls.env["customer.service.contact.point"]
        # Contacts of today are not offered to be reported: they may be rolled back.
        cls.env.cr.execute("UPDATE res_partner SET create_date = create_date - interval '1 day'")
        cls.env.invalidate_all()

    @classmethod
    def _add(cls, value, partner=None, user=None, **values):
        """Let a contact have one more address or number."""
        kind = "email" if "@" in value else "phone"
        partner = partner or cls.customer
        return cls.Point.with_user(user or cls.env.user).create(
            {"partner_id": partner.id, "kind": kind, "value": value, **values}
        )

    def _logged(self, partner):
        return " ".join(partner.message_ids.mapped("body"))


@tagged("post_install", "-at_install")
class TestContactPoint(ContactPointCommon):
    # what may be entered

    def test_an_address_is_kept_as_it_is_sent_to_and_compared_by_its_key(self):
        point = self._add("Anna K. <Anna@HOME.example>")
        self.assertEqual(point.value, HOME)
        self.assertEqual(point.email_key, HOME)
        self.assertFalse(point.phone_sanitized)

    def test_a_number_is_sanitized_by_the_country_of_the_contact(self):
        self.customer.country_id = self.env.ref("base.pl")
        point = self._add("22 555 01 01")
        self.assertEqual(point.phone_sanitized, "+48225550101")
        self.assertFalse(point.email_key)

    def test_what_is_neither_is_refused(self):
        for kind, value in (("email", "anna at home"), ("phone", "none"), ("email", "a@b, c@d")):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "is no"):
                self._add(value, kind=kind)

    def test_the_main_one_is_not_entered_again(self):
        for value in ("ANNA@lampy.example", "601 234 567"):
            self.customer.country_id = self.env.ref("base.pl")
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "main one"):
                self._add(value)

    def test_a_number_may_be_that_of_a_family_but_once_of_a_person(self):
        self._add("+48 22 555 01 01")
        self._add("+48 22 555 01 01", partner=self.colleague)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self._add("+48-22-555-0101")
            self.env.flush_all()

    def test_an_address_is_entered_once_however_it_is_written(self):
        first = self._add("anna@bücher.example")
        with self.assertRaisesRegex(ValidationError, "has the address .* already"):
            self._add("ANNA@xn--bcher-kva.example")
        first.value = "Anna@BÜCHER.example"
        self.assertEqual(first.email_key, "anna@xn--bcher-kva.example")

    # whose it is

    def test_an_address_of_somebody_else_is_refused_and_the_two_can_be_reported(self):
        self._add(HOME, partner=self.other_customer)
        for value in ("BOB@baker.example", HOME):
            with self.assertRaises(RedirectWarning) as caught:
                self._add(value, user=self.agent_own)
            sentence, action, button, _context = caught.exception.args
            self.assertIn("belongs to Bob Baker", sentence)
            self.assertEqual(button, "Report as Duplicate")
            self.assertEqual(action["res_model"], "customer.service.duplicate.report")
            self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
            self.assertEqual(
                action["context"]["default_duplicate_partner_id"], self.other_customer.id
            )

    def test_whoever_is_no_agent_is_refused_without_the_report(self):
        self.outsider.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(ValidationError, "belongs to Bob Baker"):
            self._add("bob@baker.example", user=self.outsider)

    def test_a_contact_of_another_company_is_not_named(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["res.partner"].create(
            {"name": "Secret", "email": HOME, "company_id": company.id}
        )
        self.assertTrue(self._add(HOME, user=self.agent_own))

    def test_two_at_once_are_told_apart_by_the_database(self):
        self._add(HOME)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO customer_service_contact_point (partner_id, kind, value, email_key) "
                "VALUES (%s, 'email', %s, %s)",
                (self.other_customer.id, HOME, HOME),
            )

    # by whom

    def test_agents_change_them_and_it_is_written_on_the_contact(self):
        point = self._add(HOME, user=self.agent_own)
        self.assertIn(f"Added: {HOME}", self._logged(self.customer))
        self.assertEqual(self.customer.message_ids[0].author_id, self.agent_own.partner_id)
        point.value = "anna@garden.example"
        self.assertIn(f"Changed: {HOME} → anna@garden.example", self._logged(self.customer))
        point.unlink()
        self.assertIn("Removed: anna@garden.example", self._logged(self.customer))

    def test_whoever_may_not_change_contacts_may_not_change_these(self):
        point = self._add(HOME)
        other = point.with_user(self.outsider)
        self.assertEqual(other.value, HOME, "as the main one, it is no secret")
        for change in (
            lambda: self._add("x@y.example", user=self.outsider),
            lambda: other.write({"value": "x@y.example"}),
            lambda: other.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_customers_read_nothing_of_it(self):
        point = self._add(HOME)
        self.customer.birthday = "1990-05-01"
        for user in (self.portal_user, self.env.ref("base.public_user")):
            partner = self.customer.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    point.with_user(user).read(["value"])
                for name in ("contact_point_ids", "further_email_ids", "birthday", "portal_login"):
                    with self.assertRaises(AccessError):
                        partner.read([name])
                with self.assertRaises(AccessError):
                    partner.search([("contact_point_ids.value", "=", HOME)])

    def test_addresses_of_colleagues_are_for_who_manages_users(self):
        colleague = self.agent_team.partner_id
        with self.assertRaisesRegex(AccessError, "works here"):
            self._add("boss@home.example", partner=colleague, user=self.supervisor)
        point = self._add("boss@home.example", partner=colleague)
        own = self._add(HOME, user=self.supervisor)
        for change in (
            lambda: point.with_user(self.supervisor).write({"value": "a@b.example"}),
            lambda: own.write({"partner_id": colleague.id}),
            lambda: point.with_user(self.supervisor).write({"partner_id": self.customer.id}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()
            self.env.invalidate_all()

    def test_contacts_of_other_companies_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["res.partner"].create({"name": "Secret", "company_id": company.id})
        point = self._add("secret@home.example", partner=stranger)
        agent = self.Point.with_user(self.agent_own)
        self.assertFalse(agent.search([("id", "=", point.id)]))
        with self.assertRaises(AccessError):
            self._add("x@y.example", partner=stranger, user=self.agent_own)
        with self.assertRaises(AccessError):
            agent.with_context(default_partner_id=stranger.id).create({"value": "x@y.example"})
        with self.assertRaises(AccessError):
            agent.onchange(
                {"partner_id": stranger.id}, ["partner_id"], {"partner_id": {}, "display_name": {}}
            )

    def test_nobody_changes_them_in_silence(self):
        quiet = self.Point.with_user(self.agent_own).with_context(customer_service_is_told=True)
        quiet.create({"partner_id": self.customer.id, "kind": "email", "value": HOME})
        self.assertIn(f"Added: {HOME}", self._logged(self.customer))

    def test_the_hosts_privacy_look_up_finds_them(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("The host's privacy look-up is not installed")
        point = self._add(HOME)
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Nobody", "email": HOME})
        wizard.action_lookup()
        line = wizard.line_ids.filtered(lambda line: line.res_model == point._name)
        self.assertEqual(line.res_id, point.id)
        self.assertEqual(line.res_name, f"{HOME} (Anna Kowalska)")

    # the main one

    def test_another_one_becomes_the_main_one_and_the_first_stays(self):
        self._add("22 555 01 01")
        point = self._add(HOME, user=self.agent_own)
        point.action_make_main()
        self.assertEqual(self.customer.email, HOME)
        self.assertEqual(
            self.customer.further_email_ids.mapped("value"), ["anna@lampy.example"]
        )
        number = self.customer.further_phone_ids.with_user(self.agent_own)
        number.action_make_main()
        self.assertEqual(self.customer.phone, "22 555 01 01")
        self.assertEqual(self.customer.further_phone_ids.mapped("value"), ["+48 601 234 567"])

    def test_what_becomes_the_main_one_is_no_further_one_any_more(self):
        self._add(HOME)
        self.customer.with_user(self.agent_own).email = HOME.upper()
        self.assertFalse(self.customer.contact_point_ids)

    def test_several_main_addresses_in_one_field_all_stay(self):
        self.customer.email = "anna@lampy.example, shop@lampy.example"
        self._add(HOME).action_make_main()
        self.assertEqual(
            self.customer.further_email_ids.mapped("value"),
            ["anna@lampy.example", "shop@lampy.example"],
        )

    # found by

    def test_the_look_up_finds_the_customer_by_each_and_no_more_once_it_is_gone(self):
        lookup = self.env["customer.service.identity"].with_user(self.agent_own).lookup
        point = self._add(HOME)
        self._add("+48 22 555 01 01")
        for text in (HOME, "anna@home", "022-555-01-01", "550101"):
            with self.subTest(text=text):
                self.assertIn(self.customer.id, [hit["id"] for hit in lookup(text)])
        hit = lookup(HOME.upper())[0]
        self.assertEqual((hit["id"], hit["certain"]), (self.customer.id, True))
        point.unlink()
        self.assertFalse(lookup(HOME))

    def test_a_contact_that_is_imported_with_them_is_found(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Zoe",
                "contact_point_ids": [
                    Command.create({"kind": "email", "value": "zoe@work.example"}),
                    Command.create({"kind": "phone", "value": "+48 22 555 02 02"}),
                ],
            }
        )
        lookup = self.env["customer.service.identity"].with_user(self.agent_own).lookup
        for text in ("zoe@work.example", "48225550202"):
            self.assertEqual([hit["id"] for hit in lookup(text)], [partner.id])

    def test_a_field_for_contacts_searches_them_too(self):
        self._add(HOME)
        found = self.env["res.partner"].with_user(self.agent_own).name_search("anna@home")
        self.assertEqual([partner_id for partner_id, _name in found], [self.customer.id])
        self.env["res.partner"].with_user(self.portal_user).name_search("anna@home")

    def test_the_caller_card_shows_all_of_them(self):
        self._add(HOME)
        self._add("+48 22 555 01 01")
        card = self.env["customer.service.interaction"].with_user(self.agent_own).caller_card(
            "res.partner", self.customer.id
        )
        self.assertEqual(card["person"]["emails"], ["anna@lampy.example", HOME])
        self.assertEqual(card["person"]["phones"], ["+48 601 234 567", "+48 22 555 01 01"])

    # unregistered people

    def test_an_unregistered_person_with_a_further_address_is_the_customer(self):
        identity = self.env["customer.service.identity"].create(
            {"name": "Ania", "email": HOME, "company_id": self.company_admin.id}
        )
        self.assertFalse(identity.partner_id)
        self._add(HOME, user=self.agent_own)
        self.env.cr.precommit.run()
        self.assertEqual(identity.partner_id, self.customer)
        later = self.env["customer.service.identity"].create(
            {"name": "A.", "email": HOME, "company_id": self.company_admin.id}
        )
        self.assertEqual(later.partner_id, self.customer)

    def test_the_candidates_name_the_owner_of_a_further_address(self):
        self._add(HOME)
        found = self.env["customer.service.identity"].with_user(self.agent_own).find_candidates(
            {"email": HOME}
        )
        self.assertEqual((found[0]["id"], found[0]["reason"]), (self.customer.id, "same email"))
        self.assertTrue(found[0]["certain"])

    # merged

    @mute_logger("odoo.addons.base.partner.merge")
    def test_a_merge_keeps_all_of_them_once(self):
        twin = self.env["res.partner"].create(
            {"name": "A. Kowalska", "email": HOME, "phone": "+48 22 555 01 01"}
        )
        self._add("anna@garden.example", partner=twin)
        self._add("+48 22 555 03 03", partner=twin)
        self._add("+48 22 555 03 03")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.customer | twin).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(self.customer.email, "anna@lampy.example")
        self.assertEqual(
            sorted(self.customer.further_email_ids.mapped("value")), ["anna@garden.example", HOME]
        )
        self.assertEqual(
            sorted(self.customer.further_phone_ids.mapped("phone_sanitized")),
            ["+48225550101", "+48225550303"],
        )
        lookup = self.env["customer.service.identity"].with_user(self.agent_own).lookup
        for text in (HOME, "anna@garden.example", "48225550303", "A. Kowalska"):
            with self.subTest(text=text):
                self.assertIn(
                    ("res.partner", self.customer.id),
                    [(hit["model"], hit["id"]) for hit in lookup(text)],
                )

    def test_a_deleted_contact_takes_them_along(self):
        partner = self.env["res.partner"].create({"name": "Typing error"})
        point = self._add("typo@home.example", partner=partner)
        partner.unlink()
        self.assertFalse(point.exists())
        self.assertTrue(self._add("typo@home.example"))

    # the host's form

    def test_they_are_entered_on_the_hosts_form(self):
        with Form(self.customer.with_user(self.agent_own)) as form:
            with form.contact_point_ids.new() as line:
                line.value = HOME
            form.birthday = "1990-05-01"
        self.assertEqual(self.customer.further_email_ids.value, HOME)

    def test_they_are_entered_in_the_dialog(self):
        action = self._create_case().with_user(self.agent_team).action_edit_customer()
        self.assertEqual(action["res_id"], self.customer.id)
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        with Form(self.customer.with_user(self.agent_team), view=view) as form:
            with form.further_phone_ids.new() as line:
                line.value = "+48 22 555 01 01"
            with form.child_ids.new() as address:
                address.type = "delivery"
                address.street = "Side Street 1"
        self.assertEqual(self.customer.further_phone_ids.kind, "phone")
        self.assertEqual(self.customer.child_ids.mapped("type"), ["delivery"])

    def test_the_dialog_needs_a_customer_who_is_none_of_us(self):
        case = self._create_case(partner_id=False, partner_name="Zoe")
        with self.assertRaisesRegex(UserError, "Say who the customer is"):
            case.with_user(self.agent_team).action_edit_customer()
        with self.assertRaisesRegex(UserError, "works here"):
            self.agent_own.partner_id.with_user(self.agent_team).action_edit_customer()


@tagged("post_install", "-at_install")
class TestContactPointAtOnce(TwoTransactionsCase):
    """Two agents enter the same address at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = self._env(self.first)
        self.partners = env["res.partner"].create([{"name": "At Once A"}, {"name": "At Once B"}])
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _env(self, cursor):
        return api.Environment(cursor, api.SUPERUSER_ID, {"tracking_disable": True})

    def _clean_up(self):
        self._roll_back()
        env = self._env(self.first)
        env.invalidate_all()
        env["res.partner"].browse(self.partners.ids).unlink()
        self.first.commit()

    def _add(self, cursor, number):
        env = self._env(cursor)
        env["customer.service.contact.point"].create(
            {"partner_id": self.partners[number].id, "kind": "email", "value": "one@once.example"}
        )
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_an_address_is_the_contacts_who_was_first(self):
        self.second.execute("SELECT 1")  # the second transaction has its snapshot now
        self._add(self.first, 0)
        self.first.commit()
        with self.assertRaises(UniqueViolation):
            self._add(self.second, 1)
        self.second.rollback()
        with self.assertRaises((ValidationError, RedirectWarning)) as caught:
            self._add(self.second, 1)
        self.assertIn("belongs to At Once A", caught.exception.args[0])
