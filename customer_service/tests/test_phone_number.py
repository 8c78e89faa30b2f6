import string
import time

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.phone_number import (
    looks_like_phone,
    phone_keys,
    phone_numbers,
    reversed_key,
)

TOKYO = "81312345678"
MOBILE = "48601234567"
WARSAW = "48225550000"

HYPHENS = "-‐‑‒–—―−ー－/. \u3000"

#: Countries that differ in what stands in front of a national number: 0, nothing, 1, 8, 06, and
#: a zero that belongs to the number.
COUNTRIES = ("JP", "PL", "US", "RU", "HU", "IT", "DE", "GB", "FR", "CZ", "AU")


@st.composite
def numbers(draw):
    """A valid number, as the library knows it, with its country."""
    country = draw(st.sampled_from(COUNTRIES))
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    example = phonenumbers.example_number_for_type(country, draw(st.sampled_from(kinds)))
    digits = phonenumbers.national_significant_number(example)
    endings = st.text(string.digits, min_size=4, max_size=4)
    ending_in = f"+{example.country_code}{digits[:-4]}".__add__
    written = endings.map(ending_in).map(phonenumbers.parse)
    return draw(written.filter(phonenumbers.is_valid_number)), country


@st.composite
def spellings(draw):
    """A valid number in digits, its country and one of the ways to write it."""
    number, country = draw(numbers())
    kind = draw(
        st.sampled_from(
            (
                phonenumbers.PhoneNumberFormat.NATIONAL,
                phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                phonenumbers.PhoneNumberFormat.RFC3966,
            )
        )
    )
    text = phonenumbers.format_number(number, kind)
    hyphen = draw(st.sampled_from(HYPHENS))
    text = "".join(hyphen if character in " -" else character for character in text)
    if draw(st.booleans()):
        text = text.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    text += draw(
        st.sampled_from(("", " ext. 12", " wew. 7", "（内線12）", "#123", " x5", "\u202c"))
    )
    return _digits(number), country, text


def _digits(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


@tagged("post_install", "-at_install")
class TestPhoneNumber(BaseCase):
    """Numbers in any notation."""

    def test_notations_of_one_number(self):
        for country, expected, texts in (
            ("JP", TOKYO, "03-1234-5678 | (03)1234-5678 | 03 1234 5678 | 0312345678"),
            ("JP", TOKYO, "+81-3-1234-5678 | +81 (0)3-1234-5678 | 81-0-3-1234-5678"),
            ("JP", TOKYO, "0081 3 1234 5678 | 010 81 3 1234 5678 | +0081312345678"),
            ("JP", TOKYO, "81312345678 | ＋８１３１２３４５６７８ | ٠٣-١٢٣٤-٥٦٧٨"),
            ("JP", TOKYO, "０３－１２３４－５６７８ | ０３ー１２３４ー５６７８ | 03一1234一5678"),
            ("JP", TOKYO, "03-1234-5678 内線12 | 03-1234-5678(内線12) | 03-1234-5678#12"),
            ("JP", TOKYO, "tel:+81-3-1234-5678;ext=12 | sip:0312345678@10.1.2.3"),
            ("JP", TOKYO, "TEL：03(1234)5678"),
            ("PL", MOBILE, "601 234 567 | 601-234-567 | 0601234567 | 601/234/567"),
            ("PL", MOBILE, "+48601234567 | (+48) 601 234 567 | ++48 601234567"),
            ("PL", MOBILE, "0048601234567 | 48601234567 | 48 (0) 601 234 567"),
            ("PL", MOBILE, "tel. 601.234.567 wew. 12 | 601 234 567 (dom)"),
            ("PL", MOBILE, "\u202a+48 601‑234‑567\u202c"),
            ("US", "14155552671", "(415) 555-2671 | 1-415-555-2671 | 415-555-2671/2"),
            ("US", "14155552671", "415.555.2671x123"),
            ("IT", "390612345678", "06 1234 5678 | +39 06 1234 5678 | 0039 06 1234 5678"),
            ("RU", "74951234567", "8 495 123-45-67 | +7 (495) 123-45-67 доб. 12"),
            ("HU", "3612345678", "06 1 234 5678 | +36 1 234 5678"),
            ("AT", "43732123456", "0732/123456 | +43 732 123456 DW 12"),
        ):
            for text in texts.split(" | "):
                with self.subTest(text=text):
                    self.assertEqual(phone_keys(text, country), [expected])

    def test_a_number_from_abroad_is_known_by_its_country(self):
        for text in ("+81 3-1234-5678", "0081312345678", "81312345678"):
            with self.subTest(text=text):
                self.assertEqual(phone_keys(text, "PL"), [TOKYO])
                self.assertEqual(phone_keys(text, None), [TOKYO])

    def test_several_numbers_in_one_field(self):
        for text in (
            "601 234 567 / 22 555 00 00",
            "601234567, 225550000",
            "601234567 225550000",
            "+48601234567 +48225550000",
            "601 234 567; faks 22 555 00 00",
            "tel. 601 234 567\nfax 22 555 00 00 wew. 12",
            "601-234-567 (dom) 22-555-00-00 (praca)",
            "601234567、225550000",
            "601 234 567 lub 22 555 00 00",
            "601234567 / 601 234 567 / 225550000",
        ):
            with self.subTest(text=text):
                self.assertEqual(phone_keys(text, "PL"), [MOBILE, WARSAW])

    def test_what_is_no_valid_number_is_kept_without_the_zeros(self):
        for text, expected in (
            ("022 111", ["22111"]),
            ("204", ["204"]),
            ("wew. 204", ["204"]),
            ("0000", []),
            ("", []),
            (None, []),
            ("anonymous", []),
            ("1" * 60, []),
        ):
            with self.subTest(text=text):
                self.assertEqual(phone_keys(text, "PL"), expected)
                self.assertFalse(any(number.is_valid for number in phone_numbers(text, "PL")))

    def test_whether_the_country_was_written_is_told(self):
        for text, country, expected in (
            ("+48 601 234 567", "PL", (True, True)),
            ("601 234 567", "PL", (True, False)),
            ("601 234 56", "PL", (False, False)),
            ("312345678", None, (False, False)),
        ):
            with self.subTest(text=text):
                [number] = phone_numbers(text, country)
                self.assertEqual((number.is_valid, number.is_international), expected)

    def test_a_number_is_told_from_other_text(self):
        for text in (
            "601 234",
            "+48",
            "(03) 1234-5678",
            "０３ー１２３４",
            "4567",
            "03-1234-5678 ext 5",
        ):
            self.assertTrue(looks_like_phone(text), text)
        for text in ("S00042", "Anna", "anna@1.example", "", None, "---", "4 lamps"):
            self.assertFalse(looks_like_phone(text), text)

    def test_a_long_text_takes_no_time(self):
        for text in ("1 " * 50000, "+" * 50000, "(0)" * 50000, "ext " * 50000, "1/" * 50000):
            started = time.monotonic()
            phone_keys(text, "PL")
            self.assertLess(time.monotonic() - started, 1)

    @given(spellings())
    def test_every_spelling_of_a_number_is_the_same_key(self, spelling):
        digits, country, text = spelling
        self.assertEqual(phone_keys(text, country), [digits])

    @given(spellings())
    def test_a_number_without_its_country_is_the_end_of_the_international_one(self, spelling):
        digits, country, text = spelling
        national = {"RU": "8", "HU": "06", "US": "1"}.get(country)
        keys = phone_keys(text, None)
        self.assertEqual(len(keys), 1)
        if not national or not keys[0].startswith(national.lstrip("0")):
            self.assertTrue(reversed_key(digits).startswith(reversed_key(keys[0])))

    @given(
        st.lists(numbers(), min_size=2, max_size=3),
        st.sampled_from((" / ", ", ", "、", "\n", "; ")),
    )
    def test_as_many_keys_as_numbers(self, drawn, separator):
        digits = [_digits(number) for number, _country in drawn]
        text = separator.join(f"+{number}" for number in digits)
        self.assertEqual(phone_keys(text, None), list(dict.fromkeys(digits)))

    @given(st.text(), st.sampled_from((*COUNTRIES, None, "", "XX", "jp")))
    def test_any_text_gives_digits_only(self, text, country):
        keys = phone_keys(text, country)
        self.assertEqual(len(keys), len(set(keys)))
        for key in keys:
            self.assertRegex(key, r"\A[1-9][0-9]{0,19}\Z")
            self.assertEqual(phone_keys("+" + key, country)[:1] or [key], [key])
