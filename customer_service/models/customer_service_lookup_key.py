import json

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..tools.phone_number import reversed_key

#: Where a transaction collects whose keys it has yet to write.
_PENDING = "customer_service.lookup"

#: Records whose keys are written in one go.
_BATCH = 1000


class CustomerServiceLookupKey(models.Model):
    """What customers, unregistered people, cases and contacts are found by: one indexed table.

    A number in any notation, an address in any spelling and a name in any order each have one
    key (``tools/phone_number.py``, ``tools/email_address.py``, ``tools/person_name.py``). Numbers
    are kept back to front, so that the end of a number is the beginning of a key, which is what
    an index finds. The rows are written by the mixin ``customer.service.lookup.mixin``, at the
    end of the transaction; they are facts about records that have rights of their own, so nobody
    reads them as they are.
    """

    _name = "customer.service.lookup.key"
    _description = "Look-up Key"
    _inherit = ["customer.service.fill.mixin"]
    _log_access = False
    _rec_name = "key"

    _fill_from = "customer.service.lookup.mixin"
    _fill_parameter = "customer_service.lookup"
    _fill_job = "customer_service.ir_cron_lookup_fill"
    _fill_version = 1  # raised when the same number, address or name gets other keys

    kind = fields.Selection(
        [("phone", "Phone Number"), ("email", "Email"), ("name", "Name")], required=True
    )
    key = fields.Char(required=True)
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)

    # The record is in the index too: what is found is read from there alone. By its id, so that
    # the newest of the many who have one first name are there without sorting all of them.
    _key_idx = models.Index("(kind, key text_pattern_ops, res_id DESC) INCLUDE (res_model)")
    _record_idx = models.Index("(res_model, res_id)")

    # ------------------------------------------------------------------------------------------
    # Read
    # ------------------------------------------------------------------------------------------

    @api.model
    def _find(self, conditions, limit):
        """Return the records with certain keys, from the index alone.

        :param list conditions: tuples of the kind of the key (``phone``, ``email``, ``name``), an
            ``SQL`` on the row ``k``, and the names of the models of which records are wanted
        :param int limit: most rows for each condition
        :return: for each condition a dict of ids in the order of the keys, by model
        """
        self._sync()
        found = [{} for _condition in conditions]
        if conditions:
            query = self._find_query(conditions, limit)
            for number, model_name, res_id in self.env.execute_query(query):
                found[number].setdefault(model_name, {})[res_id] = True
        return [{name: list(ids) for name, ids in of_models.items()} for of_models in found]

    @api.model
    def _find_query(self, conditions, limit):
        """Return the query of :meth:`_find`: the number of the condition, a model and an id."""
        return SQL(" UNION ALL ").join(
            SQL(
                "(SELECT %s AS number, k.res_model, k.res_id FROM customer_service_lookup_key k "
                "WHERE k.kind = %s AND k.res_model IN %s AND %s "
                "ORDER BY k.key USING ~<~, k.res_id DESC LIMIT %s)",
                number,
                kind,
                tuple(model_names),
                condition,
                limit,
            )
            for number, (kind, condition, model_names) in enumerate(conditions)
        )

    @api.model
    def _is(self, keys):
        """Return the condition that a key is one of these."""
        return SQL("k.key IN %s", tuple(keys))

    @api.model
    def _begins(self, text):
        """Return the condition that a key begins with a text."""
        return SQL("k.key LIKE %s", _pattern(text))

    @api.model
    def _begins_all(self, words):
        """Return the condition that for each word a key of the record begins with it."""
        longest, *others = sorted(words, key=len, reverse=True)
        condition = self._begins(longest)
        for word in others:
            condition = SQL(
                "%s AND EXISTS (SELECT FROM customer_service_lookup_key o WHERE "
                "o.res_model = k.res_model AND o.res_id = k.res_id AND o.kind = k.kind "
                "AND o.key LIKE %s)",
                condition,
                _pattern(word),
            )
        return condition

    # ------------------------------------------------------------------------------------------
    # Write
    # ------------------------------------------------------------------------------------------

    @api.model
    def _note(self, records, new=False):
        """Have the keys of these records written before the transaction is committed.

        :param records: records of one model with the mixin
        :param bool new: they have no keys yet
        """
        if not records:
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = {}
            # sudo: what records are found by does not depend on who changes them
            key = self.env(context={})[self._name].sudo().with_company(self.env.company)
            precommit.add(key._sync)
        pending = precommit.data[_PENDING].setdefault(records._name, {})
        for record_id in records._ids:
            pending.setdefault(record_id, new)

    @api.model
    def _sync(self):
        """Write the keys of all records that were changed since the transaction began."""
        self.env.flush_all()
        pending = self.env.cr.precommit.data.pop(_PENDING, {})
        for model_name, is_new in pending.items():
            for ids in split_every(_BATCH, is_new, list):
                self._replace(model_name, ids, [i for i in ids if not is_new[i]])

    @api.model
    def _forget(self, model_name, ids):
        """Remove the keys of records that are no more."""
        pending = self.env.cr.precommit.data.get(_PENDING, {}).get(model_name, {})
        for record_id in ids:
            pending.pop(record_id, None)
        if ids:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM customer_service_lookup_key WHERE res_model = %s AND res_id IN %s",
                    model_name,
                    tuple(ids),
                )
            )

    @api.model
    def _replace(self, model_name, ids, known_ids):
        """Write the keys of records, in one statement.

        :param str model_name: a model with the mixin
        :param ids: of the records
        :param known_ids: those of them that may have keys already
        """
        # sudo: any model with the mixin - what is found is filtered by rights when it is read
        records = self.env[model_name].sudo().with_context(active_test=False).browse(ids)
        rows = [
            (kind, key, record_id)
            for record_id, keys in records._lookup_keys().items()
            for kind, key in keys
        ]
        statements = []
        if known_ids:
            statements.append(
                SQL(
                    "DELETE FROM customer_service_lookup_key WHERE res_model = %s AND res_id IN %s",
                    model_name,
                    tuple(known_ids),
                )
            )
        if rows:
            kinds, keys, res_ids = map(list, zip(*rows, strict=True))
            statements.append(
                SQL(
                    "INSERT INTO customer_service_lookup_key (kind, key, res_model, res_id) "
                    "SELECT kind, key, %s, res_id "
                    "FROM unnest(%s::varchar[], %s::varchar[], %s::int[]) AS r(kind, key, res_id)",
                    model_name,
                    kinds,
                    keys,
                    res_ids,
                )
            )
        if len(statements) == 2:
            self.env.cr.execute(SQL("WITH gone AS (%s) %s", *statements))
        elif statements:
            self.env.cr.execute(statements[0])

    # ------------------------------------------------------------------------------------------
    # Fill
    # ------------------------------------------------------------------------------------------

    @api.model
    def _fill_records(self, records):
        self._replace(records._name, records.ids, records.ids)

    @api.model
    def _filled_by(self):
        # An update, a field for numbers that another app brought, a company in another country.
        names = {name: self.env[name]._lookup_field_names() for name in self._fill_models()}
        # sudo: res.company - where they are, for numbers without a country
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search_fetch([], ["country_id"], order="id")
        countries = {company.id: company.country_id.code for company in companies}
        return json.dumps([self._fill_version, names, countries], sort_keys=True)

    @api.model
    def _phone_key(self, digits):
        """Return the key of a number; the only place that knows how numbers are kept."""
        return reversed_key(digits)


def _pattern(text):
    """Return the pattern of all texts that begin with this one."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"
