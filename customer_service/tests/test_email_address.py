import string

import idna
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.email_address import email_key, email_spellings

#: Letters with which domains are registered, beside the plain ones.
_LETTERS = string.ascii_lowercase + "äöüßéñłøçžščřőąęαβγдєż日本語한국"

_DOMAIN = st.text(_LETTERS, min_size=1, max_size=12).filter(
    lambda label: not label.startswith("xn")
)


@tagged("post_install", "-at_install")
class TestEmailAddress(BaseCase):
    """One address, however it is written."""

    def test_case_name_and_width_make_no_difference(self):
        for text in (
            "anna@lampy.example",
            "ANNA@Lampy.Example",
            "Anna Kowalska <Anna@lampy.example>",
            "  anna@lampy.example ",
            "ａｎｎａ＠lampy.example",
        ):
            with self.subTest(text=text):
                self.assertEqual(email_key(text), "anna@lampy.example")

    def test_letters_of_every_script_have_one_case(self):
        self.assertEqual(email_key("ŻANETA@poczta.example"), email_key("żaneta@poczta.example"))

    def test_umlauts_of_a_domain_are_the_same_encoded(self):
        self.assertEqual(email_key("info@müller.example"), "info@xn--mller-kva.example")
        self.assertEqual(email_key("Info@XN--MLLER-KVA.example"), "info@xn--mller-kva.example")
        self.assertEqual(
            set(email_spellings("info@MÜLLER.example")),
            {"info@müller.example", "info@xn--mller-kva.example"},
        )
        self.assertEqual(
            set(email_spellings("info@xn--mller-kva.example")),
            {"info@müller.example", "info@xn--mller-kva.example"},
        )

    def test_what_is_no_domain_of_the_network_is_left_as_it_is(self):
        self.assertEqual(email_key("root@my_host"), "root@my_host")
        self.assertEqual(email_key("root@büro_1.example"), "root@büro_1.example")
        self.assertEqual(email_spellings("x@xn--\N{BULLET}.example")[0][:1], "x")

    def test_no_address_and_several_have_no_key(self):
        for text in (None, False, "", "no address", "a@x.example, b@x.example"):
            with self.subTest(text=text):
                self.assertEqual(email_key(text), "")
                self.assertEqual(email_spellings(text), [])

    @given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=20), _DOMAIN)
    @example("info", "straße")
    def test_encoded_and_readable_have_one_key(self, local, label):
        try:
            encoded = idna.encode(f"{label}.example", uts46=True).decode()
        except idna.IDNAError:
            return
        readable = f"{local}@{label}.example"
        self.assertEqual(email_key(readable), email_key(f"{local.upper()}@{encoded.upper()}"))
        self.assertIn(email_key(readable), email_spellings(readable))
        self.assertIn(email_key(readable), email_spellings(f"{local}@{encoded}"))
