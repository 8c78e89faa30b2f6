import json

from odoo import api, models
from odoo.tools import SQL

#: Records whose past is written in one go.
_BATCH = 1000

#: Where we remember for which models the past is written, and how far that has come.
_FILLED_FOR = "customer_service.timeline_filled_for"
_FILLED_UNTIL = "customer_service.timeline_filled_until"

#: To be raised when the same records have another past than before.
_VERSION = 1

_MIXIN = "customer.service.timeline.mixin"


class CustomerServiceTimelineFill(models.AbstractModel):
    """The past of what was there before there were timelines, written once, in batches."""

    _name = "customer.service.timeline.fill"
    _description = "Past of Records in Timelines"

    @api.model
    def _model_names(self):
        """Return the names of the models with the mixin."""
        names = self.env.registry.descendants([_MIXIN], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _fill(self):
        """Write the past of all records there are, batch after batch; may be repeated."""
        self._sync()
        position = [self._model_names()[0], 0]
        while position:
            position = self._fill_batch(position)
        self._remember_filled()

    @api.model
    def _fill_batch(self, position):
        """Write the past of the next records; what has entries already is left alone.

        :param list position: name of a model, and the id behind which to go on
        :return: the position to go on from, None at the end
        """
        model_name, last_id = position
        records = self._records(model_name, ())
        records = records.search([("id", ">", last_id)], order="id", limit=_BATCH)
        if records:
            self._fill_records(records)
            records.invalidate_recordset(flush=False)
            return [model_name, records.ids[-1]]
        names = self._model_names()
        following = names[names.index(model_name) + 1 :]
        return [following[0], 0] if following else None

    @api.model
    def _fill_records(self, records):
        """Write the past of those of these records that are in no timeline."""
        query = SQL(
            "SELECT DISTINCT res_id FROM customer_service_timeline_entry "
            "WHERE res_model = %s AND res_id IN %s",
            records._name,
            tuple(records.ids),
        )
        told = {res_id for [res_id] in self.env.execute_query(query)}
        history = records.browse(i for i in records.ids if i not in told)._timeline_history()
        places = records.browse(history)._timeline_places()
        self._insert(
            row
            for record_id, facts in history.items()
            for kind, event, date in facts
            for row in self._rows(
                (records._name, record_id),
                (date, kind, event or None, None),
                False,
                places[record_id],
            )
        )

    @api.model
    def _filled_for(self):
        """Return a text that differs whenever records have a past that is not written."""
        return json.dumps([_VERSION, self._model_names()])

    @api.model
    def _remember_filled(self):
        # sudo: ir.config_parameter - our own note
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(_FILLED_FOR, self._filled_for())
        parameters.set_param(_FILLED_UNTIL, False)

    @api.model
    def _cron_fill(self):
        """Write the past where that is due: after an update, or with another app's records.

        Goes on where the last run had to stop.
        """
        # sudo: ir.config_parameter - our own note
        parameters = self.env["ir.config_parameter"].sudo()
        filled_for = self._filled_for()
        if parameters.get_param(_FILLED_FOR) == filled_for:
            return
        started_for, position = json.loads(parameters.get_param(_FILLED_UNTIL) or "[null, null]")
        if started_for != filled_for:
            position = [self._model_names()[0], 0]
        progress = self.env["ir.cron"]
        while position := self._fill_batch(position):
            parameters.set_param(_FILLED_UNTIL, json.dumps([filled_for, position]))
            if not progress._commit_progress(_BATCH, remaining=_BATCH):
                return
        self._remember_filled()
        progress._commit_progress(remaining=0)
