from typing import NamedTuple

from odoo import api, models

_ENTRY = "customer.service.timeline.entry"


class TimelinePlace(NamedTuple):
    """In whose timelines something is: ids, False or () where in none."""

    partner: int | bool = False  #: the commercial entity
    case: int | bool = False
    orders: tuple = ()


class CustomerServiceTimelineMixin(models.AbstractModel):
    """Records that are told of in the timelines of a customer, a case and an order.

    A model that uses it says where each of its records stands now (``_timeline_facts``), and
    after the change of which columns that is asked again (``_timeline_triggers``). Most records
    leave an entry each time they stand elsewhere than before; those that are a line themselves,
    such as a message, have exactly one, which follows them (``_timeline_is_line``).

    The mixin sits where the ORM writes its rows, so that imports and computations are seen too.
    Single events that no column tells of are noted with ``_note`` of the entries.
    """

    _name = "customer.service.timeline.mixin"
    _description = "Told of in Timelines"

    #: Whether a record is one line of a timeline, and not something with a history.
    _timeline_is_line = False

    @api.model
    def _timeline_triggers(self):
        """Return the names of the columns after whose change ``_timeline_facts`` may differ."""
        return frozenset()

    @api.model
    def _timeline_place_triggers(self):
        """Return the names of the columns after whose change ``_timeline_places`` may differ."""
        names = {"commercial_partner_id", "partner_id", "customer_service_case_id"}
        return frozenset(names) & self._fields.keys()

    @api.model
    def _timeline_tells(self, vals):
        """Tell whether a new row may be told of, as most rows of a large table are not.

        :param dict vals: the columns that are written
        """
        return True

    def _timeline_facts(self):
        """Return where these records stand: ``{id: (kind, event, date)}``.

        Records that are (not yet) to be told of are left out. Without a date it is now.
        """
        return {}

    def _timeline_history(self):
        """Return what is known of the past of records that are in no timeline yet.

        They are new, imported, or from before there were timelines.

        :return: ``{id: [(kind, event, date), …]}``, oldest first, up to where they stand now
        """
        return {
            record_id: [(kind, event, date or self.browse(record_id).create_date)]
            for record_id, (kind, event, date) in self._timeline_facts().items()
        }

    def _timeline_places(self):
        """Return in whose timelines these records are: ``{id: TimelinePlace}``."""
        return self.env[_ENTRY]._places(self)

    def _timeline_move(self):
        """Let the entries of these records follow them to another customer or case."""
        self.env[_ENTRY]._move(self)

    def _timeline_lines(self):
        """Return what a timeline says of these records, which the user may read.

        :return: ``{id: dict}`` with ``title`` and, as it is, ``text``, ``author``, ``amount``
        """
        return {record.id: {"title": record.display_name} for record in self}

    # ------------------------------------------------------------------------------------------
    # Where the ORM writes rows
    # ------------------------------------------------------------------------------------------

    def _create(self, data_list):
        records = super()._create(data_list)
        told = [
            record.id
            for record, data in zip(records, data_list, strict=True)
            if self._timeline_tells(data["stored"])
        ]
        self.env[_ENTRY]._note_records(self.browse(told), new=True)
        return records

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        facts, places = self._timeline_triggers(), self._timeline_place_triggers()
        changed = list(zip(self._ids, vals_list, strict=True))
        entry = self.env[_ENTRY]
        entry._note_records(
            self.browse(record_id for record_id, vals in changed if not facts.isdisjoint(vals))
        )
        entry._note_records(
            self.browse(record_id for record_id, vals in changed if not places.isdisjoint(vals)),
            moved=True,
        )
        return result

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        self.env[_ENTRY]._forget(self._name, ids)
        return result
