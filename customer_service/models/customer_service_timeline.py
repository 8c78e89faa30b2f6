from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_PARTNER, _CASE, _ORDER = "res.partner", "customer.service.case", "sale.order"
_MESSAGE, _ACTION = "mail.message", "customer.service.action"

#: What belongs to a conversation of one case, and to nobody else's who reads of its order.
_WORDS = (_MESSAGE, _ACTION, _CASE)

#: What is read of an entry.
_COLUMNS = (
    "id",
    "date",
    "kind",
    "event",
    "detail",
    "user_id",
    "res_model",
    "res_id",
    "case_id",
    "sale_order_id",
)

#: Entries on a page, by default and at most.
_LIMIT, _MOST = 30, 100

#: How many pages of entries are looked at, one time after another, where the reader may see few.
_ROUNDS = (1, 4, 16, 64)


class CustomerServiceTimeline(models.AbstractModel):
    """All that happened with a customer, about a case or an order: newest first, page by page.

    What is read are rows of one index (``customer.service.timeline.entry``). Each is shown if
    the reader may read what it tells of: in one query for each model on the page, and at most
    in four rounds where somebody may read little.
    """

    _name = "customer.service.timeline"
    _description = "Timeline"

    @api.model
    @api.readonly
    def timeline(self, model, res_id, kinds=None, before=None, limit=_LIMIT):
        """Return a page of the timeline of a customer, a case or an order.

        :param str model: ``res.partner`` (of which it is the whole company's),
            ``customer.service.case`` or ``sale.order``
        :param int res_id: the record
        :param list kinds: which kinds of entries, all by default
        :param str before: the ``cursor`` of the page before
        :param int limit: how many entries
        :return: dict with ``entries`` (see :meth:`_line`), ``cursor`` (None at the end) and
            ``kinds`` that the user may read, a list of dicts with ``kind``, ``label`` and ``icon``
        :raise AccessError: the user is no agent, or may not read the record
        :raise UserError: there is no timeline of such a record, or no such page
        """
        self._check_agent()
        if model not in (_PARTNER, _CASE, _ORDER):
            raise UserError(self.env._("There is no timeline of that."))
        record = self.env[model].browse(res_id)
        record.check_access("read")
        entry = self.env["customer.service.timeline.entry"].sudo()  # sudo: filtered below
        entry._sync()
        known = self._kinds()
        limit = max(1, min(int(limit), _MOST))
        rows, cursor = self._page(
            self._source(record, [kind for kind in known if not kinds or kind in kinds]),
            self._parse_cursor(before),
            limit,
        )
        return {
            "entries": self._lines(rows, known),
            "cursor": cursor and f"{cursor[0].isoformat()}/{cursor[1]}",
            "kinds": [
                {"kind": kind, "label": value["label"], "icon": value["icon"]}
                for kind, value in known.items()
            ],
        }

    @api.model
    def _check_agent(self):
        """Make sure that an agent is asking.

        :raise AccessError: somebody else is
        """
        if not self.env.user.has_group("customer_service.group_agent"):
            raise AccessError(self.env._("Timelines are for customer service."))

    @api.model
    def _kinds(self):
        """Return the kinds of which the user may read entries at all, see ``_timeline_kinds``."""
        kinds = self.env["customer.service.timeline.entry"]._timeline_kinds()
        return {
            kind: values
            for kind, values in kinds.items()
            if not values["model"] or self.env[values["model"]].has_access("read")
        }

    @api.model
    def _parse_cursor(self, text):
        """Return the date and the id that a cursor is made of, None where there is none.

        :raise UserError: it is none of ours
        """
        if not text:
            return None
        try:
            date, entry_id = text.split("/")
            return datetime.fromisoformat(date), int(entry_id)
        except (AttributeError, ValueError) as error:
            raise UserError(self.env._("There is no such page of a timeline.")) from error

    # ------------------------------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------------------------------

    @api.model
    def _source(self, record, kinds):
        """Return the conditions of the stretches of an index that a timeline is made of.

        :param record: a customer, a case or an order
        :param list kinds: which kinds of entries
        :return: list of ``SQL``; no entry fits two of them
        """
        if record._name == _PARTNER:
            customer = record.commercial_partner_id.id
            return [
                SQL("e.commercial_partner_id = %s AND e.kind = %s", customer, kind)
                for kind in kinds
            ]
        of_kinds = SQL("e.kind IN %s", tuple(kinds) or ("",))
        if record._name == _ORDER:
            return [SQL("e.sale_order_id = %s AND %s", record.id, of_kinds)]
        source = [SQL("e.case_id = %s AND %s", record.id, of_kinds)]
        # sudo: case - its order; what is told of it is read with the user's rights
        order = record.sudo().sale_order_id
        if order:  # what happened to the order, but not what others said about it
            source.append(
                SQL(
                    "e.sale_order_id = %s AND %s AND e.case_id IS DISTINCT FROM %s "
                    "AND (e.case_id IS NULL OR e.res_model NOT IN %s)",
                    order.id,
                    of_kinds,
                    record.id,
                    _WORDS,
                )
            )
        return source

    @api.model
    def _page(self, source, cursor, limit):
        """Return the newest entries that the user may read, looking at a bounded number of them.

        :param list source: see :meth:`_source`
        :param tuple cursor: date and id of the entry behind which to go on, or None
        :param int limit: how many
        :return: list of rows, and the cursor of the next page or None
        """
        shown = []
        for pages in _ROUNDS:
            asked = limit * pages + 1
            rows = self._rows(source, cursor, asked)
            shown += self._readable(rows)
            if len(shown) > limit:
                last = shown[limit - 1]
                return shown[:limit], (last["date"], last["id"])
            if len(rows) < asked:
                return shown, None
            cursor = (rows[-1]["date"], rows[-1]["id"])
        return shown, cursor

    @api.model
    def _rows(self, source, cursor, limit):
        """Return the newest rows of a source, whoever may read them."""
        if not source:
            return []
        rows = self.env.execute_query(self._rows_query(source, cursor, limit))
        return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]

    @api.model
    def _rows_query(self, source, cursor, limit):
        """Return the query of :meth:`_rows`: the newest of all stretches."""
        older = SQL("(e.date, e.id) < (%s, %s)", *cursor) if cursor else SQL("TRUE")
        newest_first = SQL("ORDER BY date DESC, id DESC LIMIT %s", limit)
        stretches = SQL(" UNION ALL ").join(
            SQL(
                "(SELECT %s FROM customer_service_timeline_entry e WHERE %s AND %s %s)",
                SQL(", ").join(SQL.identifier("e", name) for name in _COLUMNS),
                condition,
                older,
                newest_first,
            )
            for condition in source
        )
        return SQL("SELECT * FROM (%s) AS entries %s", stretches, newest_first)

    @api.model
    def _readable(self, rows):
        """Return those of these rows that tell of something the user may read.

        What was said is read by who may read the case or the order where it was said. The case
        is named on anything else only to who may read that, too.
        """
        wanted = {_CASE: set(), _ORDER: set()}
        for row in rows:
            if row["res_model"] != _MESSAGE:
                wanted.setdefault(row["res_model"], set()).add(row["res_id"])
            wanted[_CASE].add(row["case_id"])
            wanted[_ORDER].add(row["sale_order_id"])
        readable = {name: self._readable_ids(name, ids - {None}) for name, ids in wanted.items()}
        found = []
        for row in rows:
            if row["case_id"] not in readable[_CASE]:
                if row["case_id"] and row["res_model"] in (_MESSAGE, _CASE):
                    continue
                row["case_id"] = None
            if row["sale_order_id"] not in readable[_ORDER]:
                row["sale_order_id"] = None
            if row["res_model"] == _MESSAGE:
                may_read = row["case_id"] or row["sale_order_id"]
            else:
                may_read = row["res_id"] in readable[row["res_model"]]
            if may_read:
                found.append(row)
        return found

    @api.model
    def _readable_ids(self, model_name, ids):
        """Return the ids of those records of a model that the user may read, in one query."""
        if not ids or model_name not in self.env or not self.env[model_name].has_access("read"):
            return frozenset()
        records = self.env[model_name].with_context(active_test=False)
        return frozenset(records.search([("id", "in", list(ids))], order="id")._ids)

    # ------------------------------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------------------------------

    @api.model
    def _lines(self, rows, kinds):
        """Return what is shown of rows that the user may read."""
        ids = {}
        for row in rows:
            ids.setdefault(row["res_model"], []).append(row["res_id"])
        said = {
            (name, record_id): line
            for name, record_ids in ids.items()
            for record_id, line in self._lines_of(self.env[name].browse(record_ids)).items()
        }
        # sudo: res.users - names of colleagues
        users = self.env["res.users"].sudo().browse({row["user_id"] for row in rows} - {None})
        names = {user.id: user.name for user in users if user.active}
        cases = self.env[_CASE].browse({row["case_id"] for row in rows} - {None})
        orders = self.env[_ORDER].browse({row["sale_order_id"] for row in rows} - {None})
        labels = {
            _CASE: {case.id: case.number for case in cases},
            _ORDER: {order.id: order.name for order in orders},
        }
        return [
            self._line(
                row,
                kinds[row["kind"]],
                said.get((row["res_model"], row["res_id"]), {}),
                names.get(row["user_id"]),
                labels,
            )
            for row in rows
        ]

    @api.model
    def _lines_of(self, records):
        """Return what is said of records of one model: ``{id: dict}``."""
        if hasattr(records, "_timeline_lines"):
            return records._timeline_lines()
        return {record.id: {"title": record.display_name} for record in records}

    @api.model
    def _line(self, row, kind, said, user_name, labels):
        """Return one line, as it goes to the browser.

        :param dict row: of the table
        :param dict kind: see ``_timeline_kinds``
        :param dict said: see ``_timeline_lines`` of the mixin
        :param str user_name: who did it, where that is kept
        :param dict labels: number of each case and name of each order
        """
        model, record_id = row["res_model"], row["res_id"]
        if model in (_MESSAGE, _ACTION):  # it is read where it was said
            model = row["case_id"] and _CASE or row["sale_order_id"] and _ORDER
            record_id = row["case_id"] or row["sale_order_id"]
        return {
            "id": row["id"],
            "date": row["date"].strftime("%Y-%m-%d %H:%M:%S"),
            "kind": row["kind"],
            "label": kind["events"].get(row["event"]) or kind["label"],
            "icon": kind["icon"],
            "is_internal": row["kind"] == "note",
            "title": said.get("title") or "",
            "text": said.get("text") or row["detail"] or "",
            "author": said.get("author") or user_name or "",
            "amount": said.get("amount") or "",
            "model": model or False,
            "res_id": record_id or False,
            "case": row["case_id"]
            and {"id": row["case_id"], "name": labels[_CASE][row["case_id"]]},
            "order": row["sale_order_id"]
            and {"id": row["sale_order_id"], "name": labels[_ORDER][row["sale_order_id"]]},
        }
