import re
import unicodedata
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools.email_address import email_key
from ..tools.person_name import name_spellings, whole_name_keys
from ..tools.phone_number import looks_like_phone, phone_numbers, written_digits

#: Most people, cases and orders that are returned: nobody reads more while somebody waits.
_MOST_RESULTS = 20

#: How many rows of an index are looked at for one condition. Where rights leave too few of
#: the first ones, more are.
_ROWS = (100, 1000, 5000)

#: A longer text is none that somebody types to find somebody.
_LONGEST_TEXT = 200

#: The end of a number, the beginning of a name or an address: with less half the shop is found.
_FEWEST_DIGITS = 4
_FEWEST_LETTERS = 2

#: A number that is kept without its country has at least as many digits.
_FEWEST_LOCAL_DIGITS = 7

#: Orders and cases whose number begins with what was typed, and how much of it must be.
_MOST_NUMBERED = 5
_FEWEST_OF_NUMBER = 4

_PARTNER = "res.partner"
_IDENTITY = "customer.service.identity"
_CASE = "customer.service.case"
_INTERACTION = "customer.service.interaction"
_ORDER = "sale.order"

#: Who is somebody, and what only says that somebody was there.
_PEOPLE = (_PARTNER, _IDENTITY)
_RECORDS = (_CASE, _INTERACTION)

#: What comes first among equals.
_MODEL_ORDER = {name: position for position, name in enumerate((*_PEOPLE, _ORDER, *_RECORDS))}

#: Why something is found, best first. The first ones may be certain.
_REASONS = (
    "number",
    "email",
    "phone",
    "name",
    "contact_phone",
    "name_begins",
    "phone_ends",
    "contact_phone_ends",
    "email_begins",
    "number_begins",
)


class _Hit(NamedTuple):
    """Something that was found."""

    model: str
    id: int
    reason: str  #: one of ``_REASONS``
    may_be_certain: bool = False


class CustomerServiceLookup(models.AbstractModel):
    """Who is that? One text of any kind finds people, orders and cases.

    What is typed is a number, an address, a name, or the number of an order or a case, nobody
    says which. Keys of the first three are in one indexed table (``customer.service.lookup.key``);
    what is found there is shown to those who may see it.
    """

    _name = "customer.service.lookup"
    _description = "Look-up of People"

    @api.model
    @api.readonly
    def lookup(self, text):
        """Find people, orders and cases by whatever is at hand, while it is being typed.

        :param str text: a telephone number in any notation or its end, a mail address, a name or
            their beginnings, the number of an order or a case
        :return: list of at most 20 dicts, best first, nobody twice: ``model``, ``id``, ``name``,
            ``reason`` (why, in words) and ``certain``: an address, an order or a case, or a whole
            number that only one person has
        :raise AccessError: the user is no agent
        """
        self.env[_IDENTITY].check_access("read")
        text = text[:_LONGEST_TEXT] if isinstance(text, str) else ""
        text = unicodedata.normalize("NFKC", text)
        text = " ".join(text[:_LONGEST_TEXT].replace("\x00", "").split())
        if not text:
            return []
        hits = [*self._lookup_numbered(text)]
        for rows in _ROWS:
            found, is_complete = self._lookup_keyed(text, rows)
            people = self._lookup_people(found)
            if is_complete or len(people) >= _MOST_RESULTS:
                break
        return self._lookup_results([*hits, *people])

    # ------------------------------------------------------------------------------------------
    # Orders and cases by their number
    # ------------------------------------------------------------------------------------------

    @api.model
    def _lookup_numbered(self, text):
        """Return the orders and cases with a number, or with one that begins so.

        :return: list of ``_Hit``
        """
        number = re.sub(r"[\s\[\]#]", "", text)
        if not re.fullmatch(r"[\w/.\-]*\d[\w/.\-]*", number):
            return []
        pattern = re.sub(r"([\\%_])", r"\\\1", number)
        if len(number) >= _FEWEST_OF_NUMBER:
            pattern += "%"
        hits = []
        for model_name, name in ((_ORDER, "name"), (_CASE, "number")):
            # The number itself comes before those that begin with it.
            records = self.env[model_name].search_fetch(
                Domain(name, "=ilike", pattern), [name], order=name, limit=_MOST_NUMBERED
            )
            exact = records.browse(r.id for r in records if r[name].lower() == number.lower())
            hits += [_Hit(model_name, record.id, "number", len(exact) == 1) for record in exact]
            hits += [_Hit(model_name, record.id, "number_begins") for record in records - exact]
        return hits

    # ------------------------------------------------------------------------------------------
    # People and records by their keys
    # ------------------------------------------------------------------------------------------

    @api.model
    def _lookup_keyed(self, text, rows):
        """Return what has a key that fits a text, whoever may see it.

        :param str text: what was typed
        :param int rows: how many rows to look at for each condition
        :return: list of ``_Hit``, best first, and whether there are no more
        """
        conditions = self._lookup_conditions(text)
        keys = self.env["customer.service.lookup.key"]
        found = keys._find([condition[:3] for condition in conditions], rows)
        hits = [
            _Hit(model_name, record_id, reason, may_be_certain)
            for (*_, reason, may_be_certain), of_models in zip(conditions, found, strict=True)
            for model_name, ids in of_models.items()
            for record_id in ids
        ]
        is_complete = all(sum(map(len, of_models.values())) < rows for of_models in found)
        return hits, is_complete

    @api.model
    def _lookup_conditions(self, text):
        """Return the conditions on keys under which a text finds something.

        :return: list of tuples: kind of the key, condition, names of the models, reason, and
            whether what is found may be certain
        """
        if looks_like_phone(text):
            return self._lookup_phone_conditions(text)
        return [
            *self._lookup_phone_conditions(text),
            *self._lookup_email_conditions(text),
            *self._lookup_name_conditions(text),
        ]

    @api.model
    def _lookup_phone_conditions(self, text):
        numbers = phone_numbers(text, self.env.company.country_id.code)
        if not numbers or not (looks_like_phone(text) or numbers[0].is_valid):
            return []
        keys = self.env["customer.service.lookup.key"]
        whole = {keys._phone_key(number.digits): number.is_valid for number in numbers}
        conditions = []
        for is_valid in (True, False):
            of_kind = [key for key, valid in whole.items() if valid == is_valid]
            if of_kind:
                is_one = keys._is(of_kind)
                conditions.append(("phone", is_one, _PEOPLE, "phone", is_valid))
                conditions.append(("phone", is_one, _RECORDS, "contact_phone", False))
        for condition in self._lookup_phone_ends(text, numbers, whole):
            conditions.append(("phone", condition, _PEOPLE, "phone_ends", False))
            conditions.append(("phone", condition, _RECORDS, "contact_phone_ends", False))
        return conditions

    @api.model
    def _lookup_phone_ends(self, text, numbers, whole):
        """Return the conditions that two numbers are the same but for the country.

        The number in a record may have a country where the one that was typed has none, or the
        other way round.
        """
        keys = self.env["customer.service.lookup.key"]
        conditions = []
        if len(numbers) == 1 and not numbers[0].is_international:
            digits = written_digits(text)
            if len(digits) >= _FEWEST_DIGITS:
                conditions.append(keys._begins(keys._phone_key(digits)))
        shorter = [
            key[:length] for key in whole for length in range(_FEWEST_LOCAL_DIGITS, len(key))
        ]
        if shorter:
            conditions.append(keys._is(shorter))
        return conditions

    @api.model
    def _lookup_email_conditions(self, text):
        keys = self.env["customer.service.lookup.key"]
        conditions = []
        whole = email_key(text)
        if whole:
            conditions.append(("email", keys._is([whole]), _PEOPLE, "email", True))
        if len(text) > _FEWEST_LETTERS and " " not in text:
            begins = keys._begins(text.lower())
            conditions.append(("email", begins, _PEOPLE, "email_begins", False))
        return conditions

    @api.model
    def _lookup_name_conditions(self, text):
        keys = self.env["customer.service.lookup.key"]
        conditions = []
        whole = whole_name_keys(text)
        if whole:
            conditions.append(("name", keys._is(whole), _PEOPLE, "name", False))
        for words in name_spellings(text):
            longest = max(words, key=len)
            if len(longest) >= _FEWEST_LETTERS or not longest.isascii():
                begins = keys._begins_all(words)
                conditions.append(("name", begins, _PEOPLE, "name_begins", False))
        return conditions

    # ------------------------------------------------------------------------------------------
    # Whom the user may see, and who they are
    # ------------------------------------------------------------------------------------------

    @api.model
    def _lookup_people(self, hits):
        """Return whom or what these hits stand for, as far as the user may see it.

        An address stands for whose it is, somebody who turned out to be a customer for the
        customer, a case or a contact for the person; for itself where nobody is known.

        :param list hits: ``_Hit``, best first
        :return: list of ``_Hit``, best first, nobody twice
        """
        visible = {
            model_name: self._lookup_visible(model_name, hits)
            for model_name in {hit.model for hit in hits}
        }
        stands_for = {}
        for model_name, records in visible.items():
            for record in records:
                stands_for[model_name, record.id] = self._lookup_person(record)
        people = self._lookup_allowed(set(stands_for.values()), stands_for.keys())
        best = {}
        for hit in sorted(hits, key=lambda hit: _REASONS.index(hit.reason)):
            person = stands_for.get((hit.model, hit.id))
            if person in people:
                best.setdefault(person, _Hit(*person, hit.reason, hit.may_be_certain))
        return list(best.values())

    @api.model
    def _lookup_visible(self, model_name, hits):
        """Return those of the records found that the user may see."""
        ids = {hit.id for hit in hits if hit.model == model_name}
        domain = Domain("id", "in", ids)
        records = self.env[model_name]
        if model_name == _IDENTITY:
            # An entry that was found to be another one's stands for that one.
            records = records.with_context(active_test=False)
            domain &= Domain("active", "=", True) | Domain("same_as_id", "!=", False)
        return records.search_fetch(domain, self._lookup_person_fields(model_name), order="id")

    @api.model
    def _lookup_person_fields(self, model_name):
        """Return the fields that say for whom a record stands."""
        return {
            _PARTNER: ["type", "parent_id"],
            _IDENTITY: ["partner_id", "same_as_id"],
        }.get(model_name, ["partner_id", "identity_id"])

    @api.model
    def _lookup_person(self, record):
        """Return for whom a record stands: a name of a model and an id."""
        if record._name == _PARTNER:
            is_address = record.type not in ("contact", False) and record.parent_id
            return (_PARTNER, record.parent_id.id if is_address else record.id)
        # sudo: identity - who it turned out to be; whoever may not see that one gets nothing
        identity = (record if record._name == _IDENTITY else record.identity_id).sudo()._final()
        partner = record.partner_id or identity.partner_id
        if partner:
            return (_PARTNER, partner.id)
        return (_IDENTITY, identity.id) if identity else (record._name, record.id)

    @api.model
    def _lookup_allowed(self, people, seen):
        """Return those of some people whom the user may see.

        :param set people: names of models with ids
        :param seen: those whom the user is known to see
        """
        allowed = people & seen
        unknown = people - seen
        for model_name in {model_name for model_name, _id in unknown}:
            ids = [record_id for name, record_id in unknown if name == model_name]
            records = self.env[model_name].search(Domain("id", "in", ids), order="id")
            allowed.update((model_name, record_id) for record_id in records.ids)
        return allowed

    # ------------------------------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------------------------------

    @api.model
    def _lookup_results(self, hits):
        """Return what an agent is shown of these hits, best first."""
        certain = self._lookup_certain(hits)
        hits = sorted(
            hits,
            key=lambda hit: (
                hit not in certain,
                _REASONS.index(hit.reason),
                _MODEL_ORDER[hit.model],
                -hit.id,
            ),
        )[:_MOST_RESULTS]
        words = self._lookup_words()
        names = {}
        for model_name in {hit.model for hit in hits}:
            records = self.env[model_name].browse(hit.id for hit in hits if hit.model == model_name)
            names.update({(model_name, r.id): r.display_name for r in records})
        return [
            {
                "model": hit.model,
                "id": hit.id,
                "name": names[hit.model, hit.id],
                "reason": words[hit.reason],
                "certain": hit in certain,
            }
            for hit in hits
        ]

    @api.model
    def _lookup_certain(self, hits):
        """Return those of some hits that leave no doubt.

        A number or an address is somebody's only where nobody else has it. Somebody who is a
        customer is not in doubt because somebody unregistered gave the same address.
        """
        certain = {hit for hit in hits if hit.reason == "number" and hit.may_be_certain}
        for reason, others in (("email", ()), ("phone", ("contact_phone",))):
            found = [hit for hit in hits if hit.reason == reason and hit.may_be_certain]
            if reason == "email":
                found = [hit for hit in found if hit.model == _PARTNER] or found
            if len(found) == 1 and not any(hit.reason in others for hit in hits):
                certain.update(found)
        return certain

    @api.model
    def _lookup_words(self):
        """Return why something was found, in words, by the reason."""
        return {
            "number": self.env._("This is its number"),
            "email": self.env._("Same email"),
            "phone": self.env._("Same phone number"),
            "name": self.env._("Same name"),
            "contact_phone": self.env._("Called from this number"),
            "name_begins": self.env._("Name"),
            "phone_ends": self.env._("Phone number ends like this"),
            "contact_phone_ends": self.env._("Called from a number that ends like this"),
            "email_begins": self.env._("Email begins like this"),
            "number_begins": self.env._("Number begins like this"),
        }
