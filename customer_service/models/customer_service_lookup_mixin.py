import re

from odoo import api, models
from odoo.tools import email_split, ormcache

from ..tools.email_address import email_key
from ..tools.person_name import name_keys
from ..tools.phone_number import phone_keys

#: Names of fields that hold a telephone number. Other apps and Studio add such.
_PHONE_FIELD = re.compile(r"(?:^|_)(?:phone|mobile|fax|tel|telephone|cell|cellphone)\d*(?:_\d+)?$")

#: A longer address is none.
_LONGEST_KEY = 320


def is_phone_field(field):
    """Tell whether a field is a column that holds telephone numbers."""
    return bool(
        field.type == "char"
        and field.store
        and field.column_type
        and not field.translate
        and not field.company_dependent
        and _PHONE_FIELD.search(field.name)
    )


class CustomerServiceLookupMixin(models.AbstractModel):
    """Records that are found by a number, an address or a name, in milliseconds.

    A model that uses it names the fields of each kind (``_lookup_fields``). Whatever way a value
    gets into the database, by a form, an import or a computation, its keys follow: the mixin
    sits where the ORM writes its rows.
    """

    _name = "customer.service.lookup.mixin"
    _description = "Found by Number, Address and Name"

    @api.model
    def _lookup_fields(self):
        """Return the fields that a record is found by: ``{kind: [name, …]}``."""
        return {"phone": self._lookup_phone_fields()}

    @api.model
    def _lookup_phone_fields(self):
        """Return the stored fields that hold numbers, those of other apps too."""
        return [name for name, field in self._fields.items() if is_phone_field(field)]

    @api.model
    @ormcache()
    def _lookup_field_names(self):
        """Return the names of all fields that a record is found by."""
        return [name for names in self._lookup_fields().values() for name in names]

    @api.model
    @ormcache()
    def _lookup_triggers(self):
        """Return the names of the columns after whose change a record has other keys."""
        return frozenset(self._lookup_field_names())

    def _lookup_country(self):
        """Return the country in which the numbers of this record without a country are."""
        return (self.company_id or self.env.company).country_id

    def _lookup_keys(self):
        """Return what these records are found by: ``{id: [(kind, key), …]}``."""
        of_kind = self._lookup_fields()
        return {record.id: record._lookup_keys_of_record(of_kind) for record in self}

    def _lookup_keys_of_record(self, of_kind):
        """Return what one record is found by.

        :param dict of_kind: see ``_lookup_fields``
        :return: list of kind and key, none twice
        """
        keys = {}
        for kind, names in of_kind.items():
            for text in filter(None, map(self.__getitem__, names)):
                for key in getattr(self, f"_lookup_{kind}_keys")(text):
                    if len(key) <= _LONGEST_KEY:
                        keys[kind, key] = True
        return list(keys)

    def _lookup_phone_keys(self, text):
        digits = phone_keys(text, self._lookup_country().code)
        return map(self.env["customer.service.lookup.key"]._phone_key, digits)

    def _lookup_email_keys(self, text):
        return filter(None, map(email_key, email_split(text) or [text]))

    def _lookup_name_keys(self, text):
        return name_keys(text)

    # ------------------------------------------------------------------------------------------
    # Where the ORM writes rows
    # ------------------------------------------------------------------------------------------

    def _create(self, data_list):
        records = super()._create(data_list)
        names = self._lookup_field_names()
        ids = [
            record.id
            for record, data in zip(records, data_list, strict=True)
            if any(data["stored"].get(name) for name in names)
        ]
        self.env["customer.service.lookup.key"]._note(self.browse(ids), new=True)
        return records

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        triggers = self._lookup_triggers()
        ids = [
            record_id
            for record_id, vals in zip(self._ids, vals_list, strict=True)
            if not triggers.isdisjoint(vals)
        ]
        self.env["customer.service.lookup.key"]._note(self.browse(ids))
        return result

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        self.env["customer.service.lookup.key"]._forget(self._name, ids)
        return result
