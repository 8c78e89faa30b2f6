from odoo import api, models
from odoo.tools import SQL


class CustomerServiceTimelineFill(models.AbstractModel):
    """The past of what was there before there were timelines, written once, in batches."""

    _name = "customer.service.timeline.fill"
    _description = "Past of Records in Timelines"
    _inherit = ["customer.service.fill.mixin"]

    _fill_from = "customer.service.timeline.mixin"
    _fill_parameter = "customer_service.timeline"
    _fill_job = "customer_service.ir_cron_timeline_fill"
    _fill_version = 1  # raised when the same records have another past

    @api.model
    def _fill(self):
        self._sync()  # so that what is new has its entries, and no past besides
        return super()._fill()

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
