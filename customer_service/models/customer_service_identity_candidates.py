from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.email_address import email_key, email_spellings
from ..tools.person_name import name_words, split_name, whole_name_keys
from ..tools.phone_number import phone_keys
from ..tools.text import postcode_key

#: At most this many are shown: whoever is further down is found by searching.
_MOST_CANDIDATES = 20

#: Each rule brings at most this many, so that a frequent name leaves room for the others.
_MOST_OF_A_RULE = 10

#: So many are read for them, since some may be of another company or archived.
_MOST_READ = 4 * _MOST_OF_A_RULE

#: Fewer characters of other information match too many people.
_SHORTEST_INFORMATION = 4
_MOST_LINES = 5
_LONGEST_LINE = 200

#: More of what somebody told is not compared.
_LONGEST_TEXT = 2000

#: Where a transaction collects who is yet to be compared.
_PENDING = "customer_service.candidates"

_PARTNER = "res.partner"
_IDENTITY = "customer.service.identity"


class CustomerServiceIdentityCandidates(models.AbstractModel):
    """Who an unregistered person may be, best first, each with the reason in words.

    First customers, by their address, number and name; then other entries of what may be the
    same person. Looked for anew whenever a person is opened: they may have registered since.
    """

    _name = "customer.service.identity.candidates"
    _description = "Who an Unregistered Person May Be"
    _inherit = ["customer.service.kept.mixin"]

    candidates = fields.Json("Who This May Be", compute="_compute_candidates")
    has_candidates = fields.Boolean(
        "May Be a Customer",
        readonly=True,
        copy=False,
        help="A customer has the same address, number or name. Open the person to decide.",
        kept=True,
    )

    def _compute_candidates(self):
        for identity in self:
            identity.candidates = identity._candidates()

    @api.model_create_multi
    def create(self, vals_list):
        identities = super().create(vals_list)
        identities._note_to_propose(identities)
        return identities

    def unlink(self):
        self._forget_to_propose(self)
        return super().unlink()

    @api.model
    @api.readonly
    def find_candidates(self, values):
        """Return who somebody may be that is not recorded yet.

        :param dict values: what they told: ``name``, ``email``, ``phone``, ``zip``, ``other``
        :return: as :meth:`_candidates`
        """
        self.check_access("read")
        names = ("name", "email", "phone", "zip", "other")
        told = {name: str(values[name])[:_LONGEST_TEXT] for name in names if values.get(name)}
        return self._candidates_of(told, self.env.company)

    def action_no_candidate(self):
        """Say that this person is none of the proposed; a later contact is proposed again."""
        self.check_access("write")
        # sudo: identity - what is proposed is kept by the record itself
        self.sudo().has_candidates = False
        return True

    # ------------------------------------------------------------------------------------------
    # Who it may be
    # ------------------------------------------------------------------------------------------

    def _candidates(self):
        """Return who this person may be, best first, nobody twice; nobody once it is decided.

        :return: list of dicts: ``model`` and ``id``, ``name``, ``detail`` (address, number,
            place), ``reason`` in words, ``likely`` where more than a part of the name is the
            same, ``certain`` where it is the one contact that is registered with the address
        """
        self.ensure_one()
        if not self.id or self.partner_id or self.same_as_id:
            return []
        told = {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "zip": self.zip,
            "other": self.other,
        }
        return self._candidates_of(told, self.company_id)

    @api.model
    def _candidates_of(self, told, company):
        """Return who somebody may be; the rules are asked one after the other until it is enough.

        :param dict told: ``name``, ``email``, ``phone``, ``zip``, ``other``
        :param res.company company: whose customers and people are looked at
        """
        self.env["customer.service.lookup.key"]._sync()
        found = {}
        for records, reason, likely in self._candidate_rules(told, company):
            for record in records:
                record = record._candidate() if record._name == _IDENTITY else record
                if record and record != self:
                    found.setdefault((record._name, record.id), (reason, likely))
            if len(found) >= _MOST_CANDIDATES:
                break
        found = dict(list(found.items())[:_MOST_CANDIDATES])
        registered = self._registered_with(told.get("email"), company)
        certain = (_PARTNER, registered.id) if len(registered) == 1 else None
        details = self._candidate_details(found)
        return [
            {
                "model": key[0],
                "id": key[1],
                **details[key],
                "reason": reason,
                "likely": likely,
                "certain": key == certain,
            }
            for key, (reason, likely) in found.items()
            if key in details
        ]

    @api.model
    def _candidate_rules(self, told, company):
        """Yield records, why they are proposed and whether that is likely, the best first.

        Customers by their address, their number, first and last name, then either; then other
        people that are not registered, by what they told.
        """
        yield self._registered_with(told.get("email"), company), self.env._("same email"), True
        yield self._with_number(_PARTNER, told, company), self.env._("same phone number"), True
        yield from self._with_name(_PARTNER, told, company)
        key = email_key(told.get("email"))
        yield self._people([("email_key", "=", key)], company, key), self.env._("same email"), True
        yield self._with_number(_IDENTITY, told, company), self.env._("same phone number"), True
        yield from self._with_name(_IDENTITY, told, company)
        for line in _telling_lines(told.get("other")):
            found = self._people([("other", "ilike", line)], company, True)
            yield found, self.env._("same other information: “%(text)s”", text=line), True
        key = postcode_key(told.get("zip"))
        neighbours = self._people([("zip_key", "=", key)], company, key)
        yield neighbours, self.env._("same postcode"), False

    @api.model
    def _registered_with(self, email, company):
        """Return the contacts that are registered with an address, however it is written."""
        spellings = email_spellings(email)
        partner = self.env[_PARTNER]
        if not spellings:
            return partner
        further = partner._by_further_address([email]).get(email_key(email), partner)
        domain = Domain("email_normalized", "in", spellings) | Domain("id", "in", further.ids)
        return partner.search(domain & self._of_company(company), limit=_MOST_OF_A_RULE)

    @api.model
    def _only_registered_with(self, email, company):
        """Return the contact to be taken instead of making a second one with the address.

        :raise UserError: it leads to several customers, one of whom is to be chosen
        """
        registered = self._registered_with(email, company)
        if len(registered.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "%(address)s leads to several customers: %(customers)s. Choose which of them "
                    "it is.",
                    address=email,
                    customers=", ".join(registered.mapped("display_name")),
                )
            )
        return registered[:1]

    @api.model
    def _with_number(self, model, told, company):
        """Return contacts or people who have the number in one of their fields."""
        number = told.get("phone")
        digits = phone_keys(number, company.country_id.code) if number else ()
        keys = [self.env["customer.service.lookup.key"]._phone_key(key) for key in digits]
        return self._with_keys(model, "phone", keys, company)

    @api.model
    def _with_name(self, model, told, company):
        """Yield contacts or people with this name, whole, then some of it, and why."""
        name = told.get("name")
        whole = whole_name_keys(name)
        yield self._with_keys(model, "name", whole, company), self.env._("same name"), True
        first, last = (name_words(part) for part in split_name(name))
        if last:
            both = self._with_both(model, last, first, company)
            yield both, self.env._("similar name"), True
            found = self._with_keys(model, "name", last, company)
            yield found, self.env._("same family name"), False
        found = self._with_keys(model, "name", first, company)
        yield found, self.env._("same first name"), False

    @api.model
    def _with_keys(self, model, kind, keys, company):
        """Return records that are found by one of these keys.

        :param str model: contacts or people
        :param str kind: ``phone`` or ``name``
        :param keys: keys as they are stored
        """
        if not keys:
            return self.env[model]
        query = SQL(
            "SELECT res_id FROM customer_service_lookup_key "
            "WHERE kind = %s AND key IN %s AND res_model = %s LIMIT %s",
            kind,
            tuple(keys),
            model,
            _MOST_READ,
        )
        return self._seen(model, query, company)

    @api.model
    def _with_both(self, model, words, others, company):
        """Return records with a word of each of two parts of a name; more words may be between."""
        query = SQL(
            """
            SELECT one.res_id
              FROM customer_service_lookup_key AS one
             WHERE one.kind = 'name' AND one.key IN %(words)s AND one.res_model = %(model)s
               AND EXISTS (SELECT FROM customer_service_lookup_key AS other
                            WHERE other.res_model = one.res_model AND other.res_id = one.res_id
                              AND other.kind = 'name' AND other.key IN %(others)s)
             LIMIT %(limit)s
            """,
            words=tuple(words),
            others=tuple(others),
            model=model,
            limit=_MOST_READ,
        )
        return self._seen(model, query, company)

    @api.model
    def _seen(self, model, query, company):
        """Return those of the records that a query finds which the user may see.

        The query need not find each once: to sort out doubles it would have to find all.
        """
        ids = list({row[0] for row in self.env.execute_query(query)})
        if not ids:
            return self.env[model]
        if model == _IDENTITY:
            return self._people([("id", "in", ids)], company, True)
        domain = Domain("id", "in", ids) & self._of_company(company)
        return self.env[model].search(domain, limit=_MOST_OF_A_RULE, order="id desc")

    @api.model
    def _people(self, domain, company, is_told):
        """Return unregistered people of a company; those who were matched since stand for others.

        :param domain: what they have in common with the person
        :param is_told: falsy where nothing was told that could be compared
        """
        people = self.env[_IDENTITY].with_context(active_test=False)
        if not is_told:
            return people
        domain = Domain(domain) & Domain("company_id", "=", company.id)
        if self.ids:
            domain &= Domain("id", "not in", self.ids)
        return people.search(domain, limit=_MOST_OF_A_RULE)

    @api.model
    def _of_company(self, company):
        return Domain("company_id", "in", [company.id, False])

    def _candidate(self):
        """Return whom to propose for this entry: the customer it was found to be, or itself."""
        final = self._final()
        partner = final.partner_id
        if partner:
            return partner._filtered_access("read").filtered("active")
        return final._filtered_access("read")

    @api.model
    def _candidate_details(self, found):
        """Return name, address, number and place of each candidate, read in two queries.

        :param found: keys ``(model, id)``
        """
        details = {}
        for model, place in ((_PARTNER, "city"), (_IDENTITY, "zip")):
            records = self.env[model].browse([id_ for name, id_ in found if name == model])
            for record in records:
                parts = (record.email, record.phone, record[place])
                details[model, record.id] = {
                    "name": record.display_name,
                    "detail": " · ".join(filter(None, parts)),
                }
        return details

    # ------------------------------------------------------------------------------------------
    # Contacts that are made or changed later
    # ------------------------------------------------------------------------------------------

    @api.model
    def _note_to_propose(self, records):
        """Have it found out, before the transaction is committed, who may be the same person.

        Once for all of an import, after the keys by which they are found.

        :param records: people or contacts that were made or changed
        """
        if not records:
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = {}
            context = {"lang": self.env.lang}
            # sudo: identity - who may be whom does not depend on who changes them
            precommit.add(self.env(context=context)[_IDENTITY].sudo()._propose)
        key = (records._name, self.env.uid)
        precommit.data[_PENDING].setdefault(key, set()).update(records._ids)

    @api.model
    def _forget_to_propose(self, records):
        """Leave out records that are deleted in the transaction that made or changed them."""
        pending = self.env.cr.precommit.data.get(_PENDING, {})
        for (model, _user_id), ids in pending.items():
            if model == records._name:
                ids.difference_update(records._ids)

    @api.model
    def _propose(self):
        """Mark the people who may be a contact, after what was made or changed of the two.

        Those who are registered by their address, and by no other contact's, are matched, where
        one of us entered it.
        """
        self.env["customer.service.lookup.key"]._sync()
        pending = self.env.cr.precommit.data.pop(_PENDING, {})
        for (model, user_id), ids in pending.items():
            # sudo: identity - as above, in the name of whoever made the change
            records = self.env[model].with_user(user_id).sudo().browse(ids)
            found = self.env[_IDENTITY].with_user(user_id).sudo()._found_by_contacts(records)
            if model == _IDENTITY:
                gone = records.filtered("has_candidates") - found
                gone.write({"has_candidates": False})
            found -= found._match_certain()
            found.filtered(lambda person: not person.has_candidates).write({"has_candidates": True})
        self.env.flush_all()

    @api.model
    def _found_by_contacts(self, records):
        """Return the people who have an address, a number or a whole name of a contact.

        :param records: the people, or the contacts, that are compared with all of the others
        """
        if not records:
            return self.browse()
        query = SQL(
            """
            SELECT DISTINCT person.id
              FROM customer_service_lookup_key AS own
              JOIN customer_service_lookup_key AS same
                ON same.kind = own.kind AND same.key = own.key AND same.res_model = %(other_model)s
              JOIN customer_service_identity AS person ON person.id = %(person_id)s
              JOIN res_partner AS contact ON contact.id = %(contact_id)s
             WHERE own.res_model = %(model)s AND own.res_id = ANY(%(ids)s)
               AND (own.kind IN ('email', 'phone')
                    OR own.kind = 'name' AND own.key = ANY(%(names)s))
               AND person.partner_id IS NULL AND person.active AND contact.active
               AND (contact.company_id IS NULL OR contact.company_id = person.company_id)
            """,
            model=records._name,
            other_model=_PARTNER if records._name == _IDENTITY else _IDENTITY,
            person_id=SQL("own.res_id" if records._name == _IDENTITY else "same.res_id"),
            contact_id=SQL("same.res_id" if records._name == _IDENTITY else "own.res_id"),
            ids=records.ids,
            names=list({key for record in records for key in whole_name_keys(record.name)}),
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])


def _telling_lines(text):
    """Return the lines of other information that are long enough to recognize somebody by."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    telling = (line[:_LONGEST_LINE] for line in lines if len(line) >= _SHORTEST_INFORMATION)
    return list(islice(telling, _MOST_LINES))
