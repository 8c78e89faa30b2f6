from odoo.tests import BaseCase, tagged

from ..tools.language import detect_language

INSTALLED = ["en_US", "ja_JP", "pl_PL"]


@tagged("post_install", "-at_install")
class TestLanguage(BaseCase):
    def test_languages_are_told_apart(self):
        for text, expected in (
            ("Where is my order? I paid a week ago.", "en_US"),
            ("<p>Gdzie jest moja paczka?</p>", "pl_PL"),
            ("領収書を再発行してください", "ja_JP"),
        ):
            with self.subTest(expected):
                self.assertEqual(detect_language(text, INSTALLED), expected)

    def test_language_that_is_not_installed_is_not_forced_into_another(self):
        for text in ("Wo bleibt mein Paket? Ich warte seit Montag.", "Où est ma commande, svp ?"):
            with self.subTest(text):
                self.assertFalse(detect_language(text, INSTALLED))
        self.assertFalse(detect_language("Where is the parcel I ordered?", ["ja_JP", "pl_PL"]))

    def test_little_text_is_no_evidence(self):
        for text in ("", None, "Hi", "S00042", "12345 67890 12345", "<p></p>"):
            with self.subTest(text):
                self.assertFalse(detect_language(text, INSTALLED))
