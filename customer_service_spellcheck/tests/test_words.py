"""Which words of an answer are looked at, and where a browser finds them."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_service_spellcheck.tools import words


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """Text and HTML, without a dictionary."""

    def _words(self, content, html=False):
        return [word.text for word in words.words(content, html=html)]

    def test_words_of_a_text(self):
        self.assertEqual(
            self._words("Dear Anna, we'll send it (today)."),
            ["Dear", "Anna", "we'll", "send", "it", "today"],
        )
        self.assertEqual(self._words("l’été arc-en-ciel"), ["l’été", "arc-en-ciel"])
        self.assertEqual(self._words("zażółć gęślą jaźń"), ["zażółć", "gęślą", "jaźń"])

    def test_what_is_no_word_of_a_language_is_left_out(self):
        for content in (
            "anna@lampy.example",
            "<anna@lampy.example>,",
            "https://shop.example/a?b=c",
            "www.shop.example",
            "shop.example/returns",
            "invoice_copy.pdf",
            "invoice.pdf.",
            "S00042",
            "[C00001]",
            "42",
            "10kg",
            "2026-11-22",
            "1,299.00",
            "EAN",
            "DHL",
            "PrestaShop",
            "iPhone",
            "#returns",
            "@Marta",
            "/usr/lib",
            "C:\\temp",
            "a",
            "ランプ",
            "лампа",
            "x" * 61,
        ):
            with self.subTest(content=content):
                self.assertEqual(self._words(content), [])

    def test_a_missing_space_after_a_full_stop_hides_nothing(self):
        self.assertEqual(self._words("It arived.Please wait"), ["It", "arived", "Please", "wait"])

    def test_quoted_lines_of_a_text_are_left_out(self):
        text = "Helo\n> yur lamp\n >> is brokken\nbye"
        self.assertEqual(self._words(text), ["Helo", "bye"])

    def test_quoted_parts_of_html_are_left_out(self):
        content = (
            "<p>Helo</p><blockquote>yur <b>lamp</b></blockquote>"
            '<div data-o-mail-quote="1">is brokken</div>'
            '<p>see <a data-oe-model="res.partner" href="#">@Mrata</a> and <code>fooo</code>'
            " bye</p>"
            '<div class="o-signature-container">Sincerly</div><!-- yur -->'
        )
        self.assertEqual(self._words(content, html=True), ["Helo", "see", "and", "bye"])

    def test_a_place_is_where_a_browser_counts_it(self):
        text = "Thanks 🙂 for\nyur lamp"
        [place] = [word for word in words.words(text, html=False) if word.text == "yur"]
        units = text.encode("utf-16-le")
        cut = units[place.offset * 2 : (place.offset + place.length) * 2]
        self.assertEqual(cut.decode("utf-16-le"), "yur")

    def test_a_place_in_html_counts_the_text_alone(self):
        content = "<p>One</p><p>t<b>w</b>o &amp; <i>three</i><br>four</p><!-- no -->"
        text = "Onetwo & threefour"
        found = list(words.words(content, html=True))
        self.assertEqual([word.text for word in found], ["One", "two", "three", "four"])
        for word in found:
            self.assertEqual(text[word.offset : word.offset + word.length], word.text)

    def test_nothing_to_look_at(self):
        for content in ("", " ", "<p><br></p>", "<!-- x -->", "\n\n"):
            for html in (False, True):
                with self.subTest(content=content, html=html):
                    self.assertEqual(self._words(content, html=html) if html else [], [])

    def test_words_are_compared_as_dictionaries_write_them(self):
        self.assertEqual(words.normal("don’t"), "don't")
        self.assertEqual(words.normal("e\u0301te\u0301"), "été")
        self.assertEqual(words.names("Jean-Luc  O’Neil", None), {"jean", "luc", "o", "neil"})
