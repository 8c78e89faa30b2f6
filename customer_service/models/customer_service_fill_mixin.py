import json

from odoo import api, models


class CustomerServiceFillMixin(models.AbstractModel):
    """A table that tells something of the records of other models, also of those from before it.

    Whoever writes such a record keeps its rows up to date; what was there before is filled in
    here, batch after batch of all records of all models concerned. A model that uses it says
    whose records these are (``_fill_from``), writes the rows of a batch (:meth:`_fill_records`)
    and names its scheduled action (``_fill_job``), which is ``model._cron_fill()``.

    A batch may be filled in any number of times. Each is committed together with how far the
    table is, so that whatever breaks in between, the next run goes on behind the last batch.
    """

    _name = "customer.service.fill.mixin"
    _description = "Table Filled from Other Models"

    #: Mixin of the models whose records the table is about.
    _fill_from = None

    #: Beginning of the names of the parameters that remember what was filled in.
    _fill_parameter = None

    #: External id of the scheduled action that fills the table.
    _fill_job = None

    #: Raised in a model when the same records have other rows than before.
    _fill_version = 1

    #: Records whose rows are written in one go.
    _fill_batch_size = 1000

    def init(self):
        result = super().init()
        if not self._abstract:
            self.pool.post_init(self._fill_soon)  # when the columns of all models are there
        return result

    # ------------------------------------------------------------------------------------------
    # To be said by the model
    # ------------------------------------------------------------------------------------------

    @api.model
    def _fill_records(self, records):
        """Write the rows of records, whether they have some already or not.

        :param records: of one of the models, with more rights than the user's, archived ones too
        """
        raise NotImplementedError

    @api.model
    def _filled_by(self):
        """Return a text that differs whenever existing records need rows that they lack."""
        return json.dumps([self._fill_version, self._fill_models()])

    # ------------------------------------------------------------------------------------------
    # Fill
    # ------------------------------------------------------------------------------------------

    @api.model
    def _fill_models(self):
        """Return the names of the models whose records the table is about, in their order."""
        names = self.env.registry.descendants([self._fill_from], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _fill(self):
        """Write the rows of all records there are in the transaction of an installation."""
        position = self._fill_start()
        while position:
            position = self._fill_batch(position)
        self._remember_filled()

    @api.model
    def _fill_start(self):
        """Return the position of the first batch: the name of a model, and 0."""
        return [self._fill_models()[0], 0]

    @api.model
    def _fill_batch(self, position):
        """Write the rows of the next records.

        :param list position: name of a model, and the id behind which to go on
        :return: the position to go on from, None at the end
        """
        model_name, last_id = position
        # sudo: any model with the mixin - the table is about all of its records
        model = self.env[model_name].sudo().with_context(active_test=False)
        records = model.search([("id", ">", last_id)], order="id", limit=self._fill_batch_size)
        if records:
            self._fill_records(records)
            records.invalidate_recordset(flush=False)
            return [model_name, records.ids[-1]]
        following = [name for name in self._fill_models() if name > model_name]
        return [following[0], 0] if following else None

    # ------------------------------------------------------------------------------------------
    # When it is due
    # ------------------------------------------------------------------------------------------

    @api.model
    def _fill_parameters(self):
        """Return the parameters of the system, and the names of two of them.

        The first remembers by what the table was filled, the second how far a run has come.
        """
        # sudo: ir.config_parameter - our own notes
        parameters, name = self.env["ir.config_parameter"].sudo(), self._fill_parameter
        return parameters, f"{name}_filled_by", f"{name}_filled_until"

    @api.model
    def _is_filled(self):
        """Tell whether there is nothing to fill in."""
        parameters, by, _until = self._fill_parameters()
        return parameters.get_param(by) == self._filled_by()

    @api.model
    def _remember_filled(self):
        parameters, by, until = self._fill_parameters()
        parameters.set_param(by, self._filled_by())
        parameters.set_param(until, False)

    @api.model
    def _fill_position(self):
        """Return where to go on: behind the last batch, or from the start if things changed."""
        parameters, _by, until = self._fill_parameters()
        filled_by, position = json.loads(parameters.get_param(until) or "[null, null]")
        if filled_by == self._filled_by() and position[0] in self._fill_models():
            return position
        return self._fill_start()

    @api.model
    def _fill_soon(self):
        """Have the table filled in a moment, where that is due after an update."""
        job = self.env.ref(self._fill_job, raise_if_not_found=False)
        if job and not self._is_filled():
            job._trigger()

    @api.model
    def _cron_fill(self):
        """Fill the table where that is due, from where the last run had to stop."""
        if self._is_filled():
            return
        parameters, _by, until = self._fill_parameters()
        progress, filled_by, size = self.env["ir.cron"], self._filled_by(), self._fill_batch_size
        position = self._fill_position()
        while position := self._fill_batch(position):
            parameters.set_param(until, json.dumps([filled_by, position]))
            if not progress._commit_progress(size, remaining=size):
                return
        self._remember_filled()
        progress._commit_progress(remaining=0)
