from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged, warmup

from ..tools.person_name import name_words, whole_name_keys
from ..tools.text import postcode_key
from .test_identity import IdentityCommon

#: Opening a person with candidates of every kind.
CANDIDATE_QUERIES = 30

_LATIN = st.text("abcdefghijklmnoprstuwyząćęłńóśźżäöüéñ", min_size=2, max_size=10)
_KANJI = st.text("山田高橋佐藤鈴木太郎直樹花子健一", min_size=2, max_size=4)
_KANA = st.text("あいうえおかきくけこさしすせそたちつてとなにぬねの", min_size=2, max_size=6)


@tagged("post_install", "-at_install")
class TestCandidates(IdentityCommon):
    """Who an unregistered person may be, best first, each once and with the reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_admin.country_id = cls.env.ref("base.jp")

    def _found(self, person):
        """Return ``[(name, reason), …]`` of the candidates of a person."""
        return [(found["name"], found["reason"]) for found in person._candidates()]

    def _contact(self, name, **values):
        return self.Partner.create({"name": name, **values})

    def test_customers_come_by_address_number_name_and_parts_of_it(self):
        self._contact("Anna Bielska", email="other@x.example")
        self._contact("Maria Kowalska")
        self._contact("Kowalska, Anna Maria")
        self._contact("KOWALSKA Anna")
        self._contact("Somebody", phone="03-5550-0119")
        self._contact("Nobody", email="Anna@Private.example")
        person = self._enter_outside(
            name="Anna Kowalska", email="anna@private.example", phone="+81 3 5550 0119"
        )
        (self.customer | self.customer_company).write({"name": "Not the Same"})
        self.assertEqual(
            self._found(person),
            [
                ("Nobody", "same email"),
                ("Somebody", "same phone number"),
                ("KOWALSKA Anna", "same name"),
                ("Kowalska, Anna Maria", "similar name"),
                ("Maria Kowalska", "same family name"),
                ("Anna Bielska", "same first name"),
            ],
        )

    def test_name_in_japanese_in_any_order_and_width(self):
        contact = self._contact("山田太郎")
        for name in ("山田 太郎", "山田　太郎 様", "太郎 山田"):
            with self.subTest(name=name):
                person = self._create_identity(name=name)
                self.assertEqual(person._candidates()[0]["id"], contact.id)
                self.assertEqual(person._candidates()[0]["reason"], "same name")
        kana = self._contact("ヤマダ タロウ")
        person = self._create_identity(name="ﾔﾏﾀﾞ ﾀﾛｳ")
        self.assertEqual(person._candidates()[0]["id"], kana.id)

    def test_other_people_come_by_what_they_told(self):
        make = self._create_identity
        make(zip="〒100-0001", email="g@x.example")
        make(other="Customer of the shop\nCat called Miyu", email="f@x.example")
        make(name="Zulu Zoe", email="c@x.example")
        make(phone="03 5550 0119", email="b@x.example")
        make(email="zoe@new.example")
        person = make(
            name="Zoe Zulu",
            email="ZOE@new.example",
            phone="+81355500119",
            zip="1000001",
            other="cat called miyu\nyes",
        )
        self.assertEqual(
            self._found(person),
            [
                ("zoe@new.example", "same email"),
                ("b@x.example", "same phone number"),
                ("Zulu Zoe", "same name"),
                ("f@x.example", "same other information: “cat called miyu”"),
                ("g@x.example", "same postcode"),
            ],
        )

    def test_nobody_is_listed_twice(self):
        self._contact("Zoe Zulu", email="zoe@new.example", phone="03-5550-0119")
        values = {"name": "Zoe Zulu", "email": "zoe@new.example", "phone": "03-5550-0119"}
        self._enter_outside(**values)
        person = self._enter_outside(**values)
        found = person._candidates()
        self.assertEqual([one["model"] for one in found].count("res.partner"), 1)
        self.assertEqual(len({(one["model"], one["id"]) for one in found}), len(found))
        self.assertEqual(len(found), 2)

    def test_other_entry_that_became_a_customer_stands_for_the_customer(self):
        first = self._create_identity(phone="03-5550-0119")
        first.action_become(self.customer.id)
        second = self._create_identity(phone="+81-3-5550-0119")
        self.assertEqual(
            [(one["model"], one["id"]) for one in second._candidates()],
            [("res.partner", self.customer.id)],
        )

    def test_one_registered_address_is_certain_two_are_not(self):
        contact = self._contact("Zoe", email="zoe@new.example")
        person = self._enter_outside(email="zoe@new.example")
        self.assertTrue(person._candidates()[0]["certain"])
        contact.copy({"name": "Zoe again", "email": "Zoe@new.example"})
        self.assertEqual([one["certain"] for one in person._candidates()], [False, False])

    def test_candidates_of_whoever_is_on_the_phone_are_found_before_anything_is_stored(self):
        found = self.Identity.with_user(self.agent_own).find_candidates(
            {"name": "Kowalska Anna", "phone": "+48601234567", "unknown": 1}
        )
        self.assertEqual(found[0]["id"], self.customer.id)
        self.assertEqual(found[0]["reason"], "same phone number")

    def test_whoever_is_decided_has_none(self):
        person = self._create_identity(name="Anna Kowalska")
        self.assertTrue(person.candidates)
        person.action_become(self.customer.id)
        person.invalidate_recordset()
        self.assertFalse(person.candidates)

    def test_the_person_themself_and_those_of_other_companies_are_left_out(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        values = {"name": "Zoe Zulu", "email": "zoe@new.example", "phone": "+81 3 5550 0119"}
        self._create_identity(**values, company_id=abroad.id)
        self._contact("Zoe Zulu", company_id=abroad.id, email="zoe@new.example")
        self.assertFalse(self._create_identity(**values)._candidates())

    def test_frequent_names_leave_room_for_others(self):
        self.Partner.create([{"name": f"Anna Number {n}"} for n in range(60)])
        self.Partner.create([{"name": f"Zed {n} Kowalska"} for n in range(60)])
        person = self._create_identity(name="Anna Kowalska")
        found = person._candidates()
        self.assertLessEqual(len(found), 20)
        self.assertEqual(found[0]["id"], self.customer.id)
        self.assertIn("same family name", [one["reason"] for one in found])

    @warmup
    def test_opening_costs_the_same_however_many_there_are(self):
        for n in range(15):
            self._contact(f"Zoe Zulu {n}", phone="03-5550-0119")
            self._create_identity(name="Zoe Zulu", zip="1000001", phone="03-5550-0119")
        person = self._create_identity(
            name="Zoe Zulu", email="zoe@new.example", phone="03-5550-0119", zip="1000001"
        )
        self._commit()
        self.env.invalidate_all()
        with self.assertQueryCount(CANDIDATE_QUERIES):
            person.with_user(self.agent_own).web_read({"name": {}, "candidates": {}})


@tagged("post_install", "-at_install")
class TestNamesAndPostcodes(BaseCase):
    def test_postcode_is_the_same_in_any_notation(self):
        for text in ("〒100-0001", "１００－０００１", "1000001", " 100 0001"):
            with self.subTest(text=text):
                self.assertEqual(postcode_key(text), "1000001")
        self.assertEqual(postcode_key("sw1a 1aa"), "SW1A1AA")
        self.assertEqual(postcode_key(None), "")

    @given(st.lists(_LATIN, min_size=2, max_size=4, unique=True), st.randoms())
    @settings(max_examples=200, deadline=None)
    def test_order_and_case_make_no_difference(self, words, random):
        mixed = random.sample(words, len(words))
        written = " ".join(random.choice((word, word.upper(), word.title())) for word in mixed)
        if len(name_words(" ".join(words))) < 2:
            return  # titles alone
        self.assertTrue(set(whole_name_keys(" ".join(words))) & set(whole_name_keys(written)))

    @given(_KANJI, _KANJI)
    @settings(max_examples=200, deadline=None)
    def test_japanese_name_is_the_same_with_and_without_a_space(self, family, first):
        together = set(whole_name_keys(f"{family}{first}様"))
        for written in (f"{family} {first}", f"{family}　{first}さん"):
            self.assertTrue(together & set(whole_name_keys(written)))

    @given(_KANA, _KANA)
    @settings(max_examples=200, deadline=None)
    def test_kana_of_both_kinds_and_widths_are_the_same(self, family, first):
        katakana = "".join(chr(ord(letter) + 0x60) for letter in f"{family}{first}")
        spaced = f"{katakana[: len(family)]} {katakana[len(family) :]}"
        hiragana = set(whole_name_keys(f"{family} {first}"))
        self.assertTrue(hiragana & set(whole_name_keys(spaced)))
