from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .customer_service_timeline_mixin import TimelinePlace

#: Where a transaction collects what it has yet to write.
_CHANGED = "customer_service.timeline_changed"
_EVENTS = "customer_service.timeline_events"

#: Records whose entries are written in one go.
_BATCH = 1000

#: What is known of a record that was touched in this transaction.
_IS_NEW, _HAS_CHANGED, _HAS_MOVED = 1, 2, 4

_COLUMNS = (
    ("date", "timestamp"),
    ("kind", "varchar"),
    ("event", "varchar"),
    ("detail", "varchar"),
    ("user_id", "int4"),
    ("res_model", "varchar"),
    ("res_id", "int4"),
    ("commercial_partner_id", "int4"),
    ("case_id", "int4"),
    ("sale_order_id", "int4"),
)


class CustomerServiceTimelineEntry(models.Model):
    """Something that happened to a customer, in one narrow indexed table.

    What happened is a kind and an event; the words for it, and whether somebody may read them,
    come from the record itself when it is shown (``customer.service.timeline``). So an entry says
    nothing by itself, and nobody reads the table. Entries are written at the end of the
    transaction, by the mixin ``customer.service.timeline.mixin`` or by :meth:`_note`.

    What concerns several orders has one more row for each further order, which is in the
    timeline of that order alone.
    """

    _name = "customer.service.timeline.entry"
    _description = "Entry of a Timeline"
    _inherit = ["customer.service.timeline.kinds", "customer.service.timeline.fill"]
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "kind"

    date = fields.Datetime(required=True)
    kind = fields.Char(required=True)
    event = fields.Char()
    detail = fields.Char(help="What the record does not tell any more when it is read.")
    user_id = fields.Many2one("res.users", index="btree_not_null", ondelete="set null")
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    commercial_partner_id = fields.Many2one("res.partner", ondelete="cascade")
    case_id = fields.Many2one("customer.service.case", ondelete="cascade")
    sale_order_id = fields.Many2one("sale.order", ondelete="cascade")

    # A customer may have thousands of entries of which few are of the kind that is looked for,
    # so each kind has a stretch of the index of its own. A case and an order have few.
    _customer_idx = models.Index(
        "(commercial_partner_id, kind, date DESC, id DESC) WHERE commercial_partner_id IS NOT NULL"
    )
    _case_idx = models.Index("(case_id, date DESC, id DESC) WHERE case_id IS NOT NULL")
    _order_idx = models.Index("(sale_order_id, date DESC, id DESC) WHERE sale_order_id IS NOT NULL")
    _record_idx = models.Index("(res_model, res_id)")

    # ------------------------------------------------------------------------------------------
    # Note
    # ------------------------------------------------------------------------------------------

    @api.model
    def _note(self, kind, records, event=False, date=None, detail=False, case=None, order=None):
        """Have something that happened written before the transaction is committed.

        Customer, case and order are taken from the records (see :meth:`_places`).

        :param str kind: one of :meth:`_timeline_kinds`
        :param records: to which it happened, all of one model
        :param str event: one of the events of the kind
        :param datetime date: when, in UTC; now by default
        :param str detail: what the records do not tell any more when the entry is read
        :param customer.service.case case: a certain case, where the records name none
        :param sale.order order: a certain order, where the records name none
        """
        if not records:
            return
        pending = self._pending(_EVENTS, dict)
        for record_id in records._ids:
            pending[kind, event, detail, records._name, record_id] = (
                date or fields.Datetime.now(),
                self.env.uid,
                case.id if case else False,
                order.id if order else False,
            )

    @api.model
    def _note_made(self, document, case):
        """Tell of a document that was made from a case, unless it tells of itself already."""
        facts = document._timeline_facts() if hasattr(document, "_timeline_facts") else {}
        if document.id not in facts:
            self._note("document", document, event="made", case=case)

    @api.model
    def _note_records(self, records, new=False, moved=False):
        """Have the entries of records with the mixin brought up to date before the commit.

        :param records: records of one model
        :param bool new: they have no entries yet
        :param bool moved: they are somebody else's now
        """
        if not records:
            return
        of_model = self._pending(_CHANGED, dict).setdefault(records._name, {})
        flag = _IS_NEW if new else _HAS_MOVED if moved else _HAS_CHANGED
        for record_id in records._ids:
            flags, user_id = of_model.get(record_id, (0, self.env.uid))
            of_model[record_id] = (flags | flag, user_id)

    @api.model
    def _pending(self, key, factory):
        """Return what the transaction collects under a name, and see to it that it is written."""
        precommit = self.env.cr.precommit
        if _CHANGED not in precommit.data:
            precommit.data[_CHANGED] = {}
            # sudo: what happened does not depend on who may read of it
            entry = self.env(context={})[self._name].sudo().with_company(self.env.company)
            precommit.add(entry._sync)
        return precommit.data.setdefault(key, factory())

    @api.model
    def _forget(self, model_name, ids):
        """Remove the entries of records that are no more."""
        data = self.env.cr.precommit.data
        for record_id in ids:
            data.get(_CHANGED, {}).get(model_name, {}).pop(record_id, None)
        if ids:
            self._delete(model_name, ids)

    # ------------------------------------------------------------------------------------------
    # Write
    # ------------------------------------------------------------------------------------------

    @api.model
    def _sync(self):
        """Write all that was noted since the transaction began."""
        self.env.flush_all()
        data = self.env.cr.precommit.data
        changed, events = data.pop(_CHANGED, {}), data.pop(_EVENTS, {})
        for model_name, flags in changed.items():
            for batch in split_every(_BATCH, flags.items(), dict):
                self._sync_records(model_name, batch)
        self._insert(self._rows_of_events(events))

    @api.model
    def _sync_records(self, model_name, flags):
        """Bring the entries of records up to date.

        :param str model_name: a model with the mixin
        :param dict flags: what is known of each record, and who touched it, by its id
        """
        records = self._records(model_name, flags)
        known = [record_id for record_id in flags if not flags[record_id][0] & _IS_NEW]
        new = records.browse(record_id for record_id in flags if flags[record_id][0] & _IS_NEW)
        if records._timeline_is_line:
            self._delete(model_name, known)
        elif moved := [record_id for record_id in known if flags[record_id][0] & _HAS_MOVED]:
            records.browse(moved)._timeline_move()
        steps = {**self._steps(records.browse(known)), **new._timeline_history()}
        places = records.browse(steps)._timeline_places()
        self._insert(
            row
            for record_id, of_record in steps.items()
            for kind, event, date in of_record
            for row in self._rows(
                (model_name, record_id),
                (date or fields.Datetime.now(), kind, event or None, None),
                # whoever wrote a line is named by it
                False if records._timeline_is_line else flags[record_id][1],
                places[record_id],
            )
        )

    @api.model
    def _steps(self, records):
        """Return where records stand that stood elsewhere when they were told of last.

        :return: ``{id: [(kind, event, date)]}``
        """
        facts = records._timeline_facts()
        is_line = records._timeline_is_line
        latest = {} if is_line else self._latest(records._name, records.ids)
        return {i: [fact] for i, fact in facts.items() if latest.get(i) != fact[:2]}

    @api.model
    def _records(self, model_name, ids):
        # sudo: any model - what happened does not depend on who may read of it
        return self.env[model_name].sudo().with_context(active_test=False).browse(ids)

    @api.model
    def _rows_of_events(self, events):
        """Return the rows of what was noted by hand.

        :param dict events: as :meth:`_note` collects them
        """
        places = {}
        for model_name in {key[3] for key in events}:
            records = self._records(model_name, {key[4] for key in events if key[3] == model_name})
            records = records.exists()
            of_records = getattr(records, "_timeline_places", lambda r=records: self._places(r))
            places.update(((model_name, i), place) for i, place in of_records().items())
        rows = []
        for (kind, event, detail, *record), (date, user_id, case_id, order_id) in events.items():
            place = places.get(tuple(record))
            if place:
                case_id = case_id or place.case
                orders = (order_id,) if order_id else place.orders
                place = TimelinePlace(place.partner, case_id, orders)
                fact = (date, kind, event or None, detail or None)
                rows += self._rows(tuple(record), fact, user_id, place)
        return rows

    @api.model
    def _rows(self, record, fact, user_id, place):
        """Return the rows of one entry: one, and one more for each order after the first."""
        if not any(place):
            return
        first, *others = place.orders or (None,)
        head = (*fact, user_id or None, *record)
        yield (*head, place.partner or None, place.case or None, first)
        for order_id in others:
            yield (*head, None, None, order_id)

    @api.model
    def _places(self, records):
        """Return in whose timelines records are, by the fields in which models name it.

        :return: ``{id: TimelinePlace}``
        """
        names = records._fields
        cases = self._cases_of(records)
        orders = [
            name
            for name in ("sale_order_id", "sale_id", "order_id")
            if name in names and names[name].comodel_name == "sale.order"
        ]
        found = {}
        for record in records:
            partner = record.partner_id if "partner_id" in names else self.env["res.partner"]
            order = record[orders[0]] if orders else self.env["sale.order"]
            partner = partner.commercial_partner_id or order.commercial_partner_id
            found[record.id] = TimelinePlace(partner.id, cases[record.id], order._ids)
        return found

    @api.model
    def _cases_of(self, documents):
        """Return the case that each document was made from: ``{id: id}``, False for none."""
        if "customer_service_case_id" not in documents._fields:
            return dict.fromkeys(documents.ids, False)
        return {document.id: document.customer_service_case_id.id for document in documents}

    @api.model
    def _latest(self, model_name, ids):
        """Return the kind and event of the last entry of each record."""
        if not ids:
            return {}
        query = SQL(
            "SELECT DISTINCT ON (res_id) res_id, kind, COALESCE(event, '') "
            "FROM customer_service_timeline_entry WHERE res_model = %s AND res_id IN %s "
            "AND event IS NOT NULL ORDER BY res_id, id DESC",
            model_name,
            tuple(ids),
        )
        return {res_id: (kind, event) for res_id, kind, event in self.env.execute_query(query)}

    @api.model
    def _move(self, records):
        """Let the entries of records be in the timelines of whose they are now."""
        places = records._timeline_places()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_service_timeline_entry e "
                "SET commercial_partner_id = p.partner, case_id = COALESCE(p.of_case, e.case_id) "
                "FROM unnest(%s::int[], %s::int[], %s::int[]) AS p(id, partner, of_case) "
                "WHERE e.res_model = %s AND e.res_id = p.id "
                "AND e.commercial_partner_id IS NOT NULL",
                list(places),
                [place.partner or None for place in places.values()],
                [place.case or None for place in places.values()],
                records._name,
            )
        )

    @api.model
    def _insert(self, rows):
        """Write rows with the values of ``_COLUMNS``, in one statement."""
        rows = list(rows)
        if not rows:
            return
        columns = [list(values) for values in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_service_timeline_entry (%s) SELECT * FROM unnest(%s)",
                SQL(", ").join(SQL.identifier(name) for name, _type in _COLUMNS),
                SQL(", ").join(
                    SQL("%s::%s[]", values, SQL.identifier(column_type))
                    for (_name, column_type), values in zip(_COLUMNS, columns, strict=True)
                ),
            )
        )

    @api.model
    def _delete(self, model_name, ids):
        if ids:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM customer_service_timeline_entry "
                    "WHERE res_model = %s AND res_id IN %s",
                    model_name,
                    tuple(ids),
                )
            )
