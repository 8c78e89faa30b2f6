"""What an agent is told of an answer."""

from unittest.mock import patch

from odoo.tests import tagged, users, warmup

from odoo.addons.customer_service_spellcheck.models import customer_service_spellcheck as model
from odoo.addons.customer_service_spellcheck.tools import dictionaries

from .common import SpellcheckCommon


@tagged("post_install", "-at_install")
class TestSpellcheck(SpellcheckCommon):
    """Real dictionaries, real rights."""

    def test_each_language_knows_its_own_mistakes(self):
        for lang, right, wrong, better in (
            ("en_US", "Your parcel is on its way.", "recieve", "receive"),
            ("en_GB", "The colour of the lamp is grey.", "tomorow", "tomorrow"),
            ("pl_PL", "Dziękujemy za wiadomość, paczka jest w drodze.", "przesyłkka", "przesyłka"),
            ("de_DE", "Ihre Lieferung ist unterwegs.", "Lieferug", "Lieferung"),
            ("fr_FR", "L’envoi est parti, merci de l'attendre.", "livraisson", "livraison"),
            ("es_419", "Su pedido ya está en camino.", "recojida", "recogida"),
        ):
            with self.subTest(lang=lang):
                self.assertEqual(self._misspelt(right, lang), [])
                [found] = self.Spellcheck.check(wrong, lang, self.case.id)["words"]
                self.assertEqual(found["word"], wrong)
                self.assertIn(better, found["suggestions"])
                self.assertLessEqual(len(found["suggestions"]), 5)

    def test_the_language_is_that_of_the_case(self):
        self.case.lang = "pl_PL"
        found = self.Spellcheck.check("Dziękujemy", False, self.case.id)
        self.assertEqual((found["lang"], found["words"]), ("pl_PL", []))

    def test_a_word_is_told_once_with_all_its_places(self):
        text = "Yur lamp. We send Yur lamp."
        [found] = self.Spellcheck.check(text, "en_US", self.case.id)["words"]
        self.assertEqual(found["offsets"], [0, 18])
        self.assertEqual(found["after"], " lamp. We send Yur lamp.")

    def test_half_of_a_word_with_a_hyphen_may_be_wrong(self):
        self.assertEqual(self._misspelt("a well-known shop"), [])
        self.assertEqual(self._misspelt("a well-konwn shop"), ["well-konwn"])

    def test_names_of_people_are_right(self):
        self.case.user_id = self.agent_own
        self.assertEqual(self._misspelt("Dear Anna Kowalska, Kowalska's lamp, Lampy"), [])
        self.assertEqual(self._misspelt("Dear Kowalsak"), ["Kowalsak"])

    def test_names_of_products_are_right(self):
        self.assertEqual(self._misspelt("The Lumivox is new"), ["Lumivox"])
        self.env["product.template"].create({"name": "Lamp Lumivox 3000"})
        self.assertEqual(self._misspelt("The Lumivox is new, lumivoxx is not"), ["lumivoxx"])

    def test_words_of_the_order_are_right(self):
        order = self._create_order(self.customer)
        order.order_line.name = "Lamp, engraved: Zyxwa"
        self.assertEqual(self._misspelt("The Zyxwa lamp"), ["Zyxwa"])
        self.case.sale_order_id = order
        self.assertEqual(self._misspelt("The Zyxwa lamp"), [])

    def test_our_dictionary_is_right_in_its_language(self):
        self.Spellcheck.learn("Blorp", "en_US")
        self.Spellcheck.learn("blorp", "en_GB")
        self.assertEqual(self._misspelt("blorp Blorp"), [])
        self.assertEqual(self._misspelt("blorp", "pl_PL"), ["blorp"])
        words = self.env["customer.service.dictionary.word"].search([("key", "=", "blorp")])
        self.assertEqual(words.mapped("word"), ["Blorp"], "the second time changes nothing")
        self.assertEqual(words.create_uid, self.agent_team)
        words.lang = False
        self.assertEqual(self._misspelt("blorp", "pl_PL"), [])

    def test_html_is_checked_without_its_quotes(self):
        content = "<p>Helllo <b>Anna</b></p><blockquote>yur lamp</blockquote>"
        self.assertEqual(self._misspelt(content, html=True), ["Helllo"])

    def test_no_dictionary_no_complaint(self):
        for lang in ("ja_JP", "zh_CN", "xx_XX"):
            with self.subTest(lang=lang):
                self.assertEqual(
                    self.Spellcheck.check("ランプ helllo", lang, self.case.id),
                    {"lang": lang, "checked": False, "words": []},
                )
        self.case.lang = "ja_JP"
        told = self.Spellcheck.prepare(self.case.id)
        self.assertEqual((told["lang"], told["checked"]), ("ja_JP", False))
        self.assertTrue(told["before_send"])

    def test_works_without_the_library(self):
        dictionaries._available.cache_clear()
        self.addCleanup(dictionaries._available.cache_clear)
        with patch.object(dictionaries, "Hunspell", None):
            self.assertFalse(self.Spellcheck.prepare(self.case.id)["checked"])
            self.assertFalse(self.Spellcheck.check("helllo", "en_US", self.case.id)["checked"])
            self.assertEqual(self.Spellcheck.suggest("helllo", "en_US"), [])

    def test_a_broken_dictionary_is_said_once_and_ends_nothing(self):
        with (
            patch.dict(dictionaries._spellers, clear=True),
            patch.object(dictionaries, "Hunspell", side_effect=OSError("gone")),
            self.assertLogs(dictionaries.__name__, "WARNING") as logged,
        ):
            for _time in range(2):
                self.assertFalse(self.Spellcheck.check("helllo", "en_US", self.case.id)["checked"])
        self.assertEqual(len(logged.output), 1)

    def test_a_dictionary_is_loaded_once(self):
        self.assertIs(dictionaries.speller("en_US"), dictionaries.speller("en_US"))
        self.assertIs(dictionaries.speller("es_419"), dictionaries.speller("es_ES"))

    def test_many_mistakes_end_in_time(self):
        letters = "abcdefghijk"
        wrong = " ".join(f"wrod{first}xq{second}" for first in letters for second in letters)
        with patch.object(model, "_SUGGESTION_TIME", 0.0):
            found = self.Spellcheck.check(wrong, "en_US", self.case.id)["words"]
        self.assertEqual(len(found), model._MOST_WORDS)
        self.assertEqual({entry["suggestions"] for entry in found}, {None})
        self.assertIsInstance(self.Spellcheck.suggest("recieve", "en_US"), list)

    def test_the_switch_of_the_company(self):
        self.case.company_id.customer_service_spellcheck = False
        self.assertFalse(self.Spellcheck.prepare(self.case.id)["before_send"])

    @users("cs_agent_team")
    @warmup
    def test_queries(self):
        spellcheck = self.env["customer.service.spellcheck"]
        case = self.case.id
        right = "Your parcel is on its way. " * 50
        wrong = "Helllo Anna, yur parcle is on its waay. " * 50
        with self.assertQueryCount(cs_agent_team=6):
            spellcheck.check(right, False, case)
        self.env.invalidate_all()
        with self.assertQueryCount(cs_agent_team=14):
            spellcheck.check(wrong, False, case)
