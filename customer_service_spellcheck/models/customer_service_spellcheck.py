import re
import time

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools import dictionaries, words

#: What is looked at of a text, in characters; no answer is longer.
_LONGEST_TEXT = 50_000
#: How many different misspelt words are told; a text with more is in another language.
_MOST_WORDS = 60
#: Hunspell takes up to half a second for the suggestions of one word, so they come with the
#: answer as long as this time (in seconds) is not over; the browser asks for the rest one by one.
_SUGGESTION_TIME = 0.4
_MOST_SUGGESTIONS = 5
#: How many products and order lines are looked at for names.
_MOST_NAMES = 200

#: Here an article may be tied to any word by an apostrophe.
_ELIDING = ("ca", "fr", "it")


class CustomerServiceSpellcheck(models.AbstractModel):
    """Finds the misspelt words of an answer. Agents only; nothing is stored."""

    _name = "customer.service.spellcheck"
    _description = "Spell Check of Answers"

    @api.model
    def prepare(self, case_id):
        """What the composer of a case has to know; the dictionary is loaded on the way.

        :param int case_id: the case that is answered
        :return: dict of ``lang`` (code), ``language`` (its name), ``checked`` (whether there is
            a dictionary) and ``before_send`` (whether the company wants the check by itself)
        """
        self._check_agent()
        case = self._readable_case(case_id)
        lang = self._language(case)
        return {
            "lang": lang,
            "language": dict(self.env["res.lang"].get_installed()).get(lang, lang),
            "checked": bool(dictionaries.speller(lang)),
            # sudo: res.company - one switch, for every agent
            "before_send": (case.company_id or self.env.company)
            .sudo()
            .customer_service_spellcheck,
        }

    @api.model
    @api.readonly
    def check(self, content, lang=False, case_id=False, html=False):
        """Find the misspelt words of an answer.

        :param str content: text or HTML, as the agent wrote it
        :param str lang: language code; the case's where it is empty
        :param int case_id: the case that is answered; names of its people and products are right
        :param bool html: whether the content is HTML
        :return: dict of ``lang``, ``checked`` (false: no dictionary for this language) and
            ``words``, a list of dicts of ``word``, ``offsets`` (of each occurrence, as a browser
            counts, in the text or in ``textContent``), ``length``, ``before`` and ``after``
            (what stands around the first) and ``suggestions`` (None: ask :meth:`suggest`)
        """
        self._check_agent()
        case = self._readable_case(case_id)
        lang = lang or self._language(case)
        speller = dictionaries.speller(lang)
        if not speller:
            return {"lang": lang, "checked": False, "words": []}
        unknown = self._unknown_words((content or "")[:_LONGEST_TEXT], html, lang, speller)
        right = self._right_words(unknown, lang, case) if unknown else set()
        found = {
            word: places
            for word, places in unknown.items()
            if right.isdisjoint(self._keys_of(word))
        }
        return {
            "lang": lang,
            "checked": True,
            "words": self._told_words(found, speller),
        }

    @api.model
    @api.readonly
    def suggest(self, word, lang):
        """The right words that one misspelt word may stand for.

        :param str word: the misspelt word
        :param str lang: language code
        :return: list of words, the likeliest first
        """
        self._check_agent()
        speller = dictionaries.speller(lang)
        if not speller or not isinstance(word, str) or len(word) > 60:
            return []
        return list(speller.suggest(words.normal(word), _MOST_SUGGESTIONS))

    @api.model
    def learn(self, word, lang):
        """Add a word to our dictionary; nothing happens where it is there already.

        :param str word: the word
        :param str lang: language code; empty for every language
        :return: true
        """
        self._check_agent()
        dictionary = self.env["customer.service.dictionary.word"]
        known = self._dictionary_domain([words.key(word)], lang)
        if not dictionary.search_count(known, limit=1):
            dictionary.create(
                {"word": words.normal(word), "lang": lang, "company_id": self.env.company.id}
            )
        return True

    def _check_agent(self):
        if not self.env.user.has_group("customer_service.group_agent"):
            raise AccessError(self.env._("Only agents of customer service check answers."))

    @api.model
    def _readable_case(self, case_id):
        """Return the case, none without an id.

        :raise AccessError: the user may not read it
        """
        case = self.env["customer.service.case"].browse(case_id or []).exists()
        case.check_access("read")
        return case

    @api.model
    def _language(self, case):
        """Return the code of the language in which the customer is answered."""
        # sudo: res.partner - the company's language only
        company = (case.company_id or self.env.company).sudo()
        return case.lang or company.partner_id.lang or "en_US"

    @api.model
    def _unknown_words(self, content, html, lang, speller):
        """Return the words that the dictionary does not know: word → its places."""
        eliding = dictionaries.base_language(lang) in _ELIDING
        unknown = {}
        for place in words.words(content, html=html):
            if not self._is_known(words.normal(place.text), speller, eliding):
                if place.text not in unknown and len(unknown) >= _MOST_WORDS:
                    continue
                unknown.setdefault(place.text, []).append(place)
        return unknown

    @api.model
    def _is_known(self, word, speller, eliding):
        """Return whether a word is right, as a whole or in all of its parts."""
        if speller.knows(word):
            return True
        parts = re.split("['-]" if eliding else "-", word)
        return len(parts) > 1 and all(len(part) < 2 or speller.knows(part) for part in parts)

    @api.model
    def _keys_of(self, word):
        """Return under which keys a word may be among the right ones."""
        key = words.key(word)
        return {key, key.removesuffix("'s"), key.rpartition("'")[2], key.removesuffix("s")} - {""}

    @api.model
    def _right_words(self, unknown, lang, case):
        """Return the keys of the unknown words that are right here all the same.

        :param dict unknown: the words
        :param str lang: language code
        :param case: the case that is answered, or none
        """
        keys = set().union(*(self._keys_of(word) for word in unknown))
        return (
            self._names_of_people(case)
            | self._names_of_lines(case)
            | self._names_of_products(keys)
            | self._own_words(keys, lang)
        )

    @api.model
    def _names_of_people(self, case):
        """Return the words in the names of those who take part."""
        # sudo: res.users, res.partner - names that stand in the conversation
        case = case.sudo()
        people = case.partner_id | case.commercial_partner_id | case.team_id.member_ids.partner_id
        people |= case.user_id.partner_id | self.env.user.partner_id | self.env.company.partner_id
        return words.names(
            case.partner_name, case.email_from, case.team_id.name, *people.mapped("name")
        )

    @api.model
    def _names_of_lines(self, case):
        """Return the words in the lines of the order that the case is about."""
        if not case.sale_order_id:
            return set()
        lines = self.env["sale.order.line"].search_fetch(
            [("order_id", "=", case.sale_order_id.id)], ["name"], limit=_MOST_NAMES
        )
        return words.names(*lines.mapped("name"))

    @api.model
    def _names_of_products(self, keys):
        """Return the words in the names of the shop's products that have one of these in them."""
        longer = sorted(key for key in keys if len(key) > 2)
        if not longer:
            return set()
        products = self.env["product.template"].search_fetch(
            Domain.OR(Domain("name", "ilike", key) for key in longer),
            ["name"],
            limit=_MOST_NAMES,
        )
        return words.names(*products.mapped("name"))

    @api.model
    def _own_words(self, keys, lang):
        """Return which of these keys are in our dictionary."""
        entries = self.env["customer.service.dictionary.word"].search_fetch(
            self._dictionary_domain(keys, lang), ["key"]
        )
        return set(entries.mapped("key"))

    @api.model
    def _dictionary_domain(self, keys, lang):
        """Return the domain of our words with these keys in this language, whatever its region."""
        base = dictionaries.base_language(lang)
        installed = (code for code, _name in self.env["res.lang"].get_installed())
        codes = [code for code in installed if dictionaries.base_language(code) == base]
        return Domain("key", "in", list(keys)) & Domain("lang", "in", [False, *codes])

    @api.model
    def _told_words(self, found, speller):
        """Return the misspelt words as :meth:`check` tells them, in their order."""
        until = time.monotonic() + _SUGGESTION_TIME
        return [
            {
                "word": word,
                "offsets": [place.offset for place in places],
                "length": places[0].length,
                "before": places[0].before,
                "after": places[0].after,
                "suggestions": (
                    list(speller.suggest(words.normal(word), _MOST_SUGGESTIONS))
                    if time.monotonic() < until
                    else None
                ),
            }
            for word, places in found.items()
        ]
