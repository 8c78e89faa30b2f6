from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users, warmup
from odoo.tools import SQL

from ..models.customer_service_lookup_mixin import is_phone_field
from .common import CustomerServiceCommon

#: Orders, cases, the country; the keys; what was found of each of four models and whom it stands
#: for; their names. With what the host reads for rules about teams.
LOOKUP_QUERIES = 20


@tagged("post_install", "-at_install")
class TestLookup(CustomerServiceCommon):
    """Whoever is on the line is found by whatever they say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.pl")
        cls.company_admin.country_id = cls.env.ref("base.pl")
        cls.Identity = cls.env["customer.service.identity"]

    def _lookup(self, text, user=None):
        return self.Identity.with_user(user or self.agent_team).lookup(text)

    def _found(self, text, user=None):
        return [(row["model"], row["id"]) for row in self._lookup(text, user)]

    def _of(self, record):
        return (record._name, record.id)

    def _partner(self, name, **values):
        return self.env["res.partner"].create({"name": name, **values})

    def _identity(self, **values):
        return self.Identity.create({"company_id": self.company_admin.id, **values})

    def _interaction(self, **values):
        return self.env["customer.service.interaction"].create(
            {"company_id": self.company_admin.id, "user_id": self.agent_team.id, **values}
        )

    # ------------------------------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------------------------------

    def test_a_number_is_found_in_any_notation(self):
        for text in (
            "+48 601 234 567",
            "601-234-567",
            "0601234567",
            "0048601234567",
            "48601234567",
            "６０１ー２３４ー５６７",
            "(601) 234 567 wew. 12",
            "tel:+48601234567",
        ):
            with self.subTest(text=text):
                [row] = self._lookup(text)
                self.assertEqual((row["model"], row["id"]), self._of(self.customer))
                self.assertTrue(row["certain"])
                self.assertEqual(row["reason"], "Same phone number")
                self.assertIn("Anna Kowalska", row["name"])

    def test_a_number_is_found_however_it_was_entered(self):
        japan = self.env.ref("base.jp").id
        for name, values in (
            ("Country of the address", {"phone": "03-1234-5678", "country_id": japan}),
            ("International", {"phone": "+81 (0)3-1234-5678"}),
            ("Full-width", {"phone": "０３（１２３４）５６７８", "country_id": japan}),
            ("Two in one field", {"phone": "090-1111-2222 / 03-1234-5678", "country_id": japan}),
            ("Extension", {"phone": "03-1234-5678 内線 12", "country_id": japan}),
        ):
            with self.subTest(name):
                partner = self._partner(name, **values)
                for text in ("+81312345678", "0081-3-1234-5678", "81312345678"):
                    self.assertEqual(self._found(text), [self._of(partner)])
                partner.unlink()

    def test_a_number_without_its_country_is_found_by_its_end(self):
        partner = self._partner("Taro", phone="+81 3-1234-5678")
        for text in ("03-1234-5678", "1234-5678", "5678"):
            with self.subTest(text=text):
                [row] = self._lookup(text)
                self.assertEqual((row["model"], row["id"]), self._of(partner))
                self.assertFalse(row["certain"])

    def test_a_number_kept_without_its_country_is_found_by_the_international_one(self):
        partner = self._partner("Taro", phone="0312-345-6789")
        [row] = self._lookup("+81 312 345 6789")
        self.assertEqual((row["model"], row["id"]), self._of(partner))
        self.assertFalse(row["certain"])

    def test_a_short_end_finds_nobody(self):
        self.assertEqual(self._found("567"), [])

    def test_every_field_for_numbers_counts(self):
        for name in ("phone", "mobile", "x_mobile", "x_studio_phone_1", "phone2", "work_phone"):
            self.assertTrue(is_phone_field(self._field(name)), name)
        for name in ("phone_sanitized", "microphone", "telephone_notes", "ref"):
            self.assertFalse(is_phone_field(self._field(name)), name)
        self.assertFalse(is_phone_field(self._field("phone", store=False)))
        self.assertFalse(is_phone_field(self._field("phone", company_dependent=True)))
        model = self.env.registry["res.partner"]
        self.env.registry.clear_cache()
        with patch.object(model, "_lookup_phone_fields", lambda self: ["phone", "ref"]):
            partner = self._partner("Mobile", ref="605 000 111", phone="605 000 222")
            partner.ref = "605 000 112"
            self.assertEqual(self._found("+48605000112"), [self._of(partner)])
            self.assertEqual(self._found("+48605000222"), [self._of(partner)])
        self.env.registry.clear_cache()

    def _field(self, name, **attributes):
        field = fields.Char()
        field.__dict__.update(name=name, store=True, translate=False, company_dependent=None)
        field.__dict__.update(attributes)
        return field

    def test_an_address_stands_for_whose_it_is(self):
        self._partner(
            "Gift", parent_id=self.other_customer.id, type="delivery", phone="605 000 111"
        )
        self.assertEqual(self._found("605000111"), [self._of(self.other_customer)])

    def test_a_contact_is_found_beside_the_company(self):
        self.customer_company.phone = "22 555 00 00"
        self.colleague.phone = "22 555 00 00 wew. 3"
        rows = self._lookup("225550000")
        found = {(row["model"], row["id"]) for row in rows}
        self.assertEqual(found, {self._of(self.customer_company), self._of(self.colleague)})
        self.assertFalse(any(row["certain"] for row in rows))

    def test_who_called_before_is_found(self):
        case = self._create_case(partner_id=self.other_customer.id)
        case.phone = "605 000 111"
        [row] = self._lookup("605000111")
        self.assertEqual((row["model"], row["id"]), self._of(self.other_customer))
        self.assertEqual(row["reason"], "Called from this number")
        self.assertFalse(row["certain"])

    def test_a_contact_with_nobody_is_found_itself(self):
        interaction = self._interaction(phone="605 000 111", notes="Hung up")
        self.assertEqual(self._found("605000111"), [self._of(interaction)])
        interaction.partner_id = self.other_customer
        self.assertEqual(self._found("605000111"), [self._of(self.other_customer)])

    def test_nobody_is_listed_twice(self):
        identity = self._identity(name="Anna Kowalska", email="a@k.example", phone="601234567")
        case = self._create_case(partner_id=False, identity_id=identity.id, phone="601234567")
        self._interaction(identity_id=identity.id, phone="601 234 567")
        self._interaction(partner_id=self.customer.id, phone="601 234 567")
        self._create_case(phone="601 234 567")
        self.assertTrue(case.phone)
        for text in ("601234567", "34567", "Anna Kowalska", "anna"):
            with self.subTest(text=text):
                found = self._found(text)
                self.assertEqual(len(found), len(set(found)))
                self.assertEqual(set(found), {self._of(self.customer), self._of(identity)})
        identity.partner_id = self.customer
        self.assertEqual(self._found("601234567"), [self._of(self.customer)])
        self.assertTrue(self._lookup("601234567")[0]["certain"])

    def test_a_number_of_two_people_is_certain_for_neither(self):
        self.other_customer.phone = "0048 601 234 567"
        rows = self._lookup("601234567")
        self.assertEqual(len(rows), 2)
        self.assertFalse(any(row["certain"] for row in rows))

    def test_a_number_that_somebody_else_called_from_is_not_certain(self):
        self._interaction(partner_id=self.other_customer.id, phone="601234567")
        rows = self._lookup("601234567")
        self.assertEqual(rows[0]["id"], self.customer.id)
        self.assertFalse(rows[0]["certain"])

    # ------------------------------------------------------------------------------------------
    # Addresses, names, numbers of orders and cases
    # ------------------------------------------------------------------------------------------

    def test_an_address_is_certain(self):
        for text in ("ANNA@lampy.example", "Anna <anna@lampy.example>", "anna@lampy.example "):
            with self.subTest(text=text):
                row = self._lookup(text)[0]
                self.assertEqual((row["model"], row["id"]), self._of(self.customer))
                self.assertTrue(row["certain"])

    def test_a_customer_goes_before_a_stranger_with_the_same_address(self):
        # entered by somebody outside: one of us would have matched the two
        outside = self.env["customer.service.identity"].with_user(self.env.ref("base.public_user"))
        identity = outside.sudo().create(
            {"email": "anna@lampy.example", "company_id": self.company_admin.id}
        )
        rows = self._lookup("anna@lampy.example")
        self.assertEqual(
            [(row["model"], row["id"], row["certain"]) for row in rows],
            [(*self._of(self.customer), True), (*self._of(identity), False)],
        )

    def test_an_address_that_two_customers_have_is_not_certain(self):
        self.colleague.email = "anna@lampy.example"
        self.assertFalse(any(row["certain"] for row in self._lookup("anna@lampy.example")))

    def test_the_beginning_of_an_address_is_enough(self):
        for text in ("bob@", "bob@bak", "BOB@baker.e"):
            with self.subTest(text=text):
                [row] = self._lookup(text)
                self.assertEqual((row["model"], row["id"]), self._of(self.other_customer))
                self.assertFalse(row["certain"])
        self.assertEqual(self._found("b%b@"), [])
        self.assertEqual(self._found("b_b@"), [])

    def test_a_domain_with_umlauts_is_one_however_it_is_written(self):
        partner = self._partner("Jürgen", email="jurgen@müller.example")
        self.assertEqual(self._found("jurgen@xn--mller-kva.example"), [self._of(partner)])
        self.assertEqual(self._found("Jurgen@MÜLLER.example"), [self._of(partner)])

    def test_a_name_is_found_by_any_of_its_words_in_any_order(self):
        partner = self._partner("Łukasz Żółć-Nowakowski")
        for text in ("lukasz", "zolc luk", "NOWAKOWSKI Ł", "Pan Łukasz Nowakowski", "nowakow"):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), [self._of(partner)])
        self.assertEqual(self._found("lukasz baker"), [])

    def test_a_japanese_name_is_found_with_and_without_a_space(self):
        apart = self._partner("山田 太郎")
        together = self._partner("山田太郎様")
        for text in ("山田太郎", "山田　太郎", "山田"):
            with self.subTest(text=text):
                self.assertEqual(set(self._found(text)), {self._of(apart), self._of(together)})
        self.assertIn(self._of(together), self._found("太郎"))

    def test_a_whole_name_goes_before_one_that_begins_so(self):
        self._partner("Anna Kowalska-Baker")
        rows = self._lookup("Kowalska Anna")
        self.assertEqual((rows[0]["id"], rows[0]["reason"]), (self.customer.id, "Same name"))
        self.assertFalse(rows[0]["certain"])
        self.assertEqual(len(rows), 2)

    def test_an_order_or_a_case_is_found_by_its_number(self):
        order = self._create_order(self.customer)
        case = self._create_case()
        for record, number in ((order, order.name), (case, case.number)):
            for text in (number, number.lower(), f"#{number}", f"[{number}]", f" {number}"):
                with self.subTest(text=text):
                    row = self._lookup(text)[0]
                    self.assertEqual((row["model"], row["id"]), self._of(record))
                    self.assertTrue(row["certain"])
            row = self._lookup(number[:-1])[0]
            self.assertEqual(row["model"], record._name)
            self.assertFalse(row["certain"])

    def test_at_most_twenty_are_returned(self):
        self._partner("Zed").copy()
        self.env["res.partner"].create([{"name": f"Zed Number{n}"} for n in range(60)])
        self.assertEqual(len(self._lookup("zed")), 20)

    def test_nothing_finds_nobody(self):
        for text in ("", "   ", None, False, 5, "%", "_", "\\", "\x00", "@", "+", "zzzzzz", "a"):
            with self.subTest(text=text):
                self.assertEqual(self._lookup(text), [])

    # ------------------------------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------------------------------

    def test_only_agents_may_look_up(self):
        public_user = self.env.ref("base.public_user")
        for user in (self.outsider, self.portal_user, public_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._lookup("601234567", user)

    def test_the_keys_are_for_nobody(self):
        for user in (self.outsider, self.portal_user, self.agent_team, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["customer.service.lookup.key"].with_user(user).search([])

    def test_what_belongs_to_another_company_is_not_found(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        self._partner("Carl Abroad", phone="605 000 111", company_id=abroad.id, email="c@a.example")
        self.Identity.create(
            {"name": "Dora Abroad", "phone": "605 000 111", "company_id": abroad.id}
        )
        self._interaction(phone="605 000 111", notes="-", company_id=abroad.id)
        for text in ("605000111", "c@a.example", "Carl Abroad", "dora"):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), [])
        self.supervisor.company_ids |= abroad
        both = self.Identity.with_user(self.supervisor).with_context(
            allowed_company_ids=[self.company_admin.id, abroad.id]
        )
        self.assertEqual(len(both.lookup("605000111")), 3)

    def test_a_stranger_of_one_company_is_not_certain_because_others_are_hidden(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        self._partner("Carl Abroad", phone="601 234 567", company_id=abroad.id)
        [row] = self._lookup("601234567")
        self.assertEqual((row["id"], row["certain"]), (self.customer.id, True))

    def test_a_case_that_the_agent_may_not_see_says_nothing(self):
        case = self._create_case(partner_id=False, user_id=self.supervisor.id)
        case.phone = "605 000 111"
        self.assertEqual(self._found("605000111", self.agent_own), [])
        self.assertEqual(self._found(case.number, self.agent_own), [])
        self.assertEqual(self._found("605000111", self.supervisor), [self._of(case)])

    def test_hidden_ones_do_not_use_up_the_places(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        self.env["res.partner"].create(
            [{"name": f"Zed {n:03}", "company_id": abroad.id} for n in range(150)]
        )
        own = self._partner("Zed Zulu")
        self.assertEqual(self._found("zed"), [self._of(own)])

    # ------------------------------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------------------------------

    def _keys(self, record):
        self.env["customer.service.lookup.key"]._sync()
        rows = self.env["customer.service.lookup.key"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        return sorted((row.kind, row.key) for row in rows)

    def test_keys_follow_what_is_written(self):
        partner = self._partner("Zed", phone="605 000 111", email="z@z.example")
        expected = [("email", "z@z.example"), ("name", "zed"), ("phone", "11100050684")]
        self.assertEqual(self._keys(partner), expected)
        partner.write({"phone": "605 000 112", "name": "Zoe"})
        self.assertEqual(self._found("605000111"), [])
        self.assertEqual(self._found("605000112"), [self._of(partner)])
        partner.write({"phone": False, "email": False, "name": "-"})
        self.assertEqual(self._keys(partner), [])

    def test_keys_follow_the_country(self):
        partner = self._partner("Taro", phone="03-1234-5678")
        partner.country_id = self.env.ref("base.jp")
        self.assertIn(("phone", "87654321318"), self._keys(partner))

    def test_keys_follow_a_number_that_the_case_takes_from_its_customer(self):
        case = self._create_case()
        self.assertEqual(self._keys(case), [("phone", "76543210684")])
        case.partner_id = self.other_customer
        case.phone = False
        self.assertEqual(self._keys(case), [])

    def test_what_is_deleted_leaves_no_keys(self):
        partner = self._partner("Zed", phone="605 000 111")
        self.assertTrue(self._keys(partner))
        partner.unlink()
        self.assertEqual(self._keys(partner), [])
        unsaved = self._partner("Zed", phone="605 000 111")
        unsaved.unlink()
        self.assertEqual(self._keys(unsaved), [])

    def test_merged_customers_leave_no_keys(self):
        gone = self._partner("Anna K.", phone="605 000 111", email="anna@lampy.example")
        self.assertTrue(self._keys(gone))
        self._create_case(partner_id=gone.id)
        kept = self._partner("Anna Kowalska", email="anna@lampy.example")
        self.env["base.partner.merge.automatic.wizard"]._merge((gone | kept).ids, kept)
        self.assertFalse(gone.exists())
        self.assertEqual(self._keys(gone), [])
        self.assertEqual(self._found("605000111"), [self._of(kept)])

    def test_what_was_undone_is_not_found(self):
        with suppress(ValueError), self.env.cr.savepoint():
            self._partner("Zed", phone="605 000 111")
            raise ValueError
        self.assertEqual(self._found("605000111"), [])

    def test_many_contacts_cost_one_statement(self):
        self.env["customer.service.lookup.key"]._sync()
        partners = self.env["res.partner"].create(
            [{"name": f"Zed {n}", "phone": f"605 000 {n:03}"} for n in range(50)]
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["customer.service.lookup.key"]._sync()
        partners.comment = "Nothing to find"
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.env["customer.service.lookup.key"]._sync()

    def test_a_case_without_a_number_costs_nothing(self):
        self.env["customer.service.lookup.key"]._sync()
        case = self._create_case(partner_id=False, email_from="z@z.example")
        case.name = "Still nothing"
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.env["customer.service.lookup.key"]._sync()

    def test_records_that_were_there_before_are_filled_in(self):
        self.env["customer.service.lookup.key"]._sync()
        self.env.cr.execute("DELETE FROM customer_service_lookup_key")
        self.assertEqual(self._found("601234567"), [])
        for _twice in range(2):
            self.env["customer.service.lookup.key"]._fill()
            self.assertEqual(self._found("601234567"), [self._of(self.customer)])
            self.assertEqual(len([k for k in self._keys(self.customer) if k[0] == "phone"]), 1)

    def test_the_table_is_filled_again_when_a_company_moves(self):
        keys = self.env["customer.service.lookup.key"]
        partner = self._partner("Taro", phone="03-1234-5678")
        keys._fill()
        self.env["res.company"].search([]).country_id = self.env.ref("base.jp")
        self._run_cron()
        self.assertIn(("phone", "87654321318"), self._keys(partner))
        self.env.cr.execute("DELETE FROM customer_service_lookup_key")
        self._run_cron()
        self.assertEqual(self._keys(partner), [], "nothing changed, so nothing is done")

    def _run_cron(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["customer.service.lookup.key"]._cron_fill()

    # ------------------------------------------------------------------------------------------
    # Speed
    # ------------------------------------------------------------------------------------------

    def test_the_index_finds_numbers_names_and_addresses(self):
        keys = self.env["customer.service.lookup.key"]
        self.env["res.partner"].create(
            [
                {"name": f"Zofia Nowak {n}", "email": f"z{n}@x.example", "phone": f"70000{n:04}"}
                for n in range(300)
            ]
        )
        self.env.flush_all()
        # what the server believes about a table of another size decides as much as the indexes do
        self.env.cr.execute("ANALYZE customer_service_lookup_key")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for kind, condition in (
            ("phone", keys._is(["76543210684"])),
            ("phone", keys._begins("7654")),
            ("name", keys._begins_all(["an", "kow"])),
            ("email", keys._begins("anna@")),
        ):
            query = keys._find_query([(kind, condition, ("res.partner",))], 100)
            plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", query)))
            with self.subTest(kind=kind):
                self.assertRegex(plan, r"Scan (using|on) customer_service_lookup_key_key_idx")
                self.assertRegex(plan, r"Index Cond: .*key")

    @users("cs_agent_team")
    @warmup
    def test_queries_do_not_grow_with_what_is_found(self):
        identity = self.env["customer.service.identity"]
        self.env["res.partner"].sudo().create(
            [{"name": f"Zed {n}", "phone": "605 000 111"} for n in range(30)]
        )
        self.Identity.create(
            [
                {"name": "Zed", "phone": "605 000 111", "company_id": self.company_admin.id}
                for _n in range(30)
            ]
        )
        self._create_case(partner_id=self.other_customer.id).phone = "605000111"
        self._interaction(identity_id=self._identity(name="Who").id, phone="605000111")
        for text in ("605000111", "zed", "zed@"):
            identity.lookup(text)
            self.env.invalidate_all()
            with self.subTest(text=text), self.assertQueryCount(LOOKUP_QUERIES):
                identity.lookup(text)
