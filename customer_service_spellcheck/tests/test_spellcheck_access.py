"""Who may check answers and who may change our dictionary."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SpellcheckCommon


@tagged("post_install", "-at_install")
class TestSpellcheckAccess(SpellcheckCommon):
    """Refusals, each for everybody who is refused."""

    def test_others_than_agents_are_refused(self):
        calls = (
            ("prepare", (self.case.id,)),
            ("check", ("helllo", "en_US", self.case.id)),
            ("suggest", ("helllo", "en_US")),
            ("learn", ("helllo", "en_US")),
        )
        public = self.env.ref("base.public_user")
        for user in (self.portal_user, self.outsider, public):
            spellcheck = self.env["customer.service.spellcheck"].with_user(user)
            for method, arguments in calls:
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(spellcheck, method)(*arguments)

    def test_an_agent_is_told_nothing_of_a_case_of_others(self):
        case = self._create_case(team_id=self.other_team.id)
        for method, arguments in (("prepare", (case.id,)), ("check", ("a", "en_US", case.id))):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.Spellcheck, method)(*arguments)

    def test_agents_add_and_administrators_remove(self):
        dictionary = self.env["customer.service.dictionary.word"]
        word = dictionary.with_user(self.agent_own).create({"word": "Blorp"})
        for call in (lambda: word.write({"word": "Other"}), word.unlink):
            with self.assertRaises(AccessError):
                call()
        word.with_user(self.administrator).word = "Other"
        word.with_user(self.administrator).unlink()

    def test_others_do_not_read_our_dictionary(self):
        self.Spellcheck.learn("Blorp", "en_US")
        for user in (self.portal_user, self.outsider, self.env.ref("base.public_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["customer.service.dictionary.word"].with_user(user).search([])

    def test_words_of_another_company_stay_there(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        dictionary = self.env["customer.service.dictionary.word"]
        word = dictionary.create({"word": "Blorp", "company_id": other.id})
        self.assertNotIn(word, dictionary.with_user(self.agent_team).search([]))
        self.assertEqual(self._misspelt("Blorp"), ["Blorp"])

    @mute_logger("odoo.sql_db")
    def test_a_word_is_there_once(self):
        dictionary = self.env["customer.service.dictionary.word"]
        dictionary.create({"word": "Blorp"})
        with self.assertRaises(IntegrityError):
            dictionary.create({"word": "blorp "})
        dictionary.create({"word": "blorp", "lang": "pl_PL"})

    def test_one_word_at_a_time(self):
        for wrong in ("two words", " ", "x" * 61):
            with self.subTest(word=wrong), self.assertRaises(ValidationError):
                self.env["customer.service.dictionary.word"].create({"word": wrong})
