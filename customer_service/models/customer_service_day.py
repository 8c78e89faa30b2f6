from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..const import UNRESOLVED
from ..tools.day import day_bounds, day_of, time_zone

#: How many days back the supervisors' list knows of agents who did not confirm.
_LISTED_DAYS = 31


class CustomerServiceDay(models.Model):
    """One day of one agent: what was handled, how long it took, and that the agent confirmed it.

    The figures are counted when somebody looks, between the midnights of the agent's own time
    zone. What was confirmed stands beside them unchanged, with what changed since.
    """

    _name = "customer.service.day"
    _description = "Day of an Agent"
    _order = "date desc, user_id"

    user_id = fields.Many2one(
        "res.users", string="Agent", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Date("Day", required=True, readonly=True, index=True)
    tz = fields.Char("Time Zone", readonly=True, help="Whose midnights bound this day.")
    state = fields.Selection(
        [("open", "Not Confirmed"), ("changed", "Changed Since"), ("confirmed", "Confirmed")],
        compute="_compute_figures",
    )

    # as it is now
    handled_count = fields.Integer(
        "Cases Handled",
        compute="_compute_figures",
        help="Cases on which the clock ran, or about which there was a contact.",
    )
    contact_count = fields.Integer(
        "Contacts",
        compute="_compute_figures",
        help="Calls, visits, letters and answers to customers.",
    )
    duration = fields.Float("Time", compute="_compute_figures", help="Hours on the clock.")
    running = fields.Boolean(compute="_compute_figures", help="The clock runs at this moment.")

    # as it was confirmed
    confirm_date = fields.Datetime("Confirmed On", readonly=True, index="btree_not_null")
    confirmed_handled_count = fields.Integer("Confirmed Cases", readonly=True)
    confirmed_contact_count = fields.Integer("Confirmed Contacts", readonly=True)
    confirmed_duration = fields.Float("Confirmed Time", readonly=True)
    confirmation_ids = fields.One2many(
        "customer.service.day.confirmation", "day_id", string="Confirmations", readonly=True
    )

    # what it is made of
    handling_ids = fields.Many2many("customer.service.handling", compute="_compute_handling_ids")
    late_correction_ids = fields.Many2many(
        "customer.service.handling.correction",
        string="Corrected after It Was Confirmed",
        compute="_compute_late_correction_ids",
    )
    call_back_case_ids = fields.Many2many(
        "customer.service.case", string="Promised Call-Backs", compute="_compute_call_backs"
    )
    call_back_count = fields.Integer("Open Call-Backs", compute="_compute_call_backs")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_today = fields.Boolean(compute="_compute_is_today")

    _user_date_uniq = models.UniqueIndex("(user_id, date)")

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for day in self:
            date = day.date and fields.Date.to_string(day.date)
            day.display_name = " · ".join(filter(None, [date, day.user_id.name]))

    @api.depends_context("uid")
    def _compute_is_mine(self):
        for day in self:
            day.is_mine = day.user_id == self.env.user

    def _compute_is_today(self):
        for day in self:
            day.is_today = day.date == day._today()

    def _compute_figures(self):
        rows = self._rows()
        seconds, running = self._seconds(rows)
        cases, contacts = self._case_counts(rows), self._contact_counts(rows)
        for day in self:
            day.handled_count = cases.get(day.id, 0)
            day.contact_count = contacts.get(day.id, 0)
            day.duration = seconds.get(day.id, 0) / 3600
            day.running = day.id in running
            if not day.confirm_date:
                day.state = "open"
            else:
                day.state = "confirmed" if day._is_as_confirmed() else "changed"

    def _is_as_confirmed(self):
        """Tell whether the figures are those that the agent confirmed."""
        now = self.handled_count, self.contact_count, round(self.duration * 3600)
        return now == (
            self.confirmed_handled_count,
            self.confirmed_contact_count,
            round(self.confirmed_duration * 3600),
        )

    def _compute_handling_ids(self):
        period = self.env["customer.service.handling.period"]
        for day in self:
            start, stop = day._bounds()
            periods = period.search(
                [
                    ("user_id", "=", day.user_id.id),
                    ("start", "<", stop),
                    "|",
                    ("stop", "=", False),
                    ("stop", ">", start),
                ]
            )
            day.handling_ids = periods.handling_id.sorted("start_date")

    def _compute_late_correction_ids(self):
        correction = self.env["customer.service.handling.correction"]
        for day in self:
            start, stop = day._bounds()
            day.late_correction_ids = day.confirm_date and correction.search(
                [
                    ("handling_user_id", "=", day.user_id.id),
                    ("date", ">=", day.confirm_date),
                    ("start", "<", stop),
                    ("stop", ">", start),
                ]
            )

    def _compute_call_backs(self):
        case = self.env["customer.service.case"]
        for day in self:
            day.call_back_case_ids = case.search(
                [
                    ("user_id", "=", day.user_id.id),
                    ("call_back_date", "!=", False),
                    ("status", "in", UNRESOLVED),
                ],
                order="call_back_date",
            )
            day.call_back_count = len(day.call_back_case_ids)

    # ------------------------------------------------------------------------------------------
    # Counting: one query for all the days of a page each
    # ------------------------------------------------------------------------------------------

    def _bounds(self):
        """Return the first moment of this day and of the next one, naive and in UTC."""
        self.ensure_one()
        return day_bounds(self.date, time_zone(self.tz))

    def _rows(self):
        """Return these days as ``(id, user id, start, stop)``, as the counting wants them."""
        return [(day.id, day.user_id.id, *day._bounds()) for day in self if day.id]

    @api.model
    def _rows_sql(self, rows):
        """Return days as a list for ``VALUES``."""
        return SQL(", ").join(SQL("(%s, %s, %s::timestamp, %s::timestamp)", *row) for row in rows)

    @api.model
    def _seconds(self, rows):
        """Return the seconds on the clock by the days' ids, and the ids where it runs now.

        :param list rows: days as :meth:`_rows` returns them
        """
        if not rows:
            return {}, set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id,
                       SUM(EXTRACT(EPOCH FROM LEAST(COALESCE(period.stop, %(now)s), day.stop)
                                              - GREATEST(period.start, day.start))),
                       BOOL_OR(period.stop IS NULL)
                  FROM (VALUES %(days)s) AS day (id, user_id, start, stop)
                  JOIN customer_service_handling_period AS period
                    ON period.user_id = day.user_id
                   AND period.start < day.stop
                   AND COALESCE(period.stop, GREATEST(%(now)s, period.start)) > day.start
              GROUP BY day.id
                """,
                now=SQL("%s::timestamp", fields.Datetime.now()),
                days=self._rows_sql(rows),
                to_flush=self.env["customer.service.handling.period"]._fields["stop"],
            )
        )
        return (
            {day_id: max(0, int(seconds)) for day_id, seconds, _running in rows},
            {day_id for day_id, _seconds, running in rows if running},
        )

    @api.model
    def _case_counts(self, rows):
        """Return how many cases were handled, by the days' ids."""
        if not rows:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH day (id, user_id, start, stop) AS (VALUES %s)
                    SELECT handled.id, COUNT(DISTINCT handled.case_id)
                      FROM (
                        SELECT day.id, handling.case_id
                          FROM day
                          JOIN customer_service_handling_period AS period
                            ON period.user_id = day.user_id
                           AND period.start < day.stop
                           AND COALESCE(period.stop, 'infinity') > day.start
                          JOIN customer_service_handling AS handling
                            ON handling.id = period.handling_id
                         UNION ALL
                        SELECT day.id, action.case_id
                          FROM day
                          JOIN customer_service_interaction AS interaction
                            ON interaction.user_id = day.user_id
                           AND interaction.date >= day.start
                           AND interaction.date < day.stop
                          JOIN customer_service_action AS action
                            ON action.interaction_id = interaction.id
                      ) AS handled
                  GROUP BY handled.id
                    """,
                    self._rows_sql(rows),
                )
            )
        )

    @api.model
    def _contact_counts(self, rows):
        """Return how many contacts there were, by the days' ids."""
        if not rows:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT day.id, COUNT(*)
                      FROM (VALUES %s) AS day (id, user_id, start, stop)
                      JOIN customer_service_interaction AS interaction
                        ON interaction.user_id = day.user_id
                       AND interaction.date >= day.start
                       AND interaction.date < day.stop
                  GROUP BY day.id
                    """,
                    self._rows_sql(rows),
                )
            )
        )

    # ------------------------------------------------------------------------------------------
    # What an agent does with it
    # ------------------------------------------------------------------------------------------

    @api.model
    def _of(self, user, date=None):
        """Return the day of an agent, made where it is not there yet.

        :param res.users user: the agent
        :param datetime.date date: the day, today where the agent is by default
        """
        tz = self._time_zone_of(user)
        date = date or day_of(fields.Datetime.now(), time_zone(tz))
        # sudo: day - made by looking at it
        days = self.sudo()
        day = days.search([("user_id", "=", user.id), ("date", "=", date)])
        return (day or days.create({"user_id": user.id, "date": date, "tz": tz})).sudo(False)

    @api.model
    def _time_zone_of(self, user):
        """Return the name of the time zone whose midnights bound the days of an agent."""
        # sudo: res.partner - the time zone of the company
        return user.tz or user.company_id.sudo().partner_id.tz or "UTC"

    @api.model
    def action_my_day(self):
        """Open today, where I am."""
        self.check_access("read")
        return self._of(self.env.user)._open()

    def _open(self):
        """Return the action that shows this day."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_day_action_mine"
        )
        return {**action, "res_id": self.id}

    def action_previous(self):
        """Open the day before."""
        return self._of(self.user_id, self.date - timedelta(days=1))._open()

    def action_next(self):
        """Open the day after, up to today."""
        return self._of(self.user_id, min(self.date + timedelta(days=1), self._today()))._open()

    def _today(self):
        """Return which day it is where this day is."""
        self.ensure_one()
        return day_of(fields.Datetime.now(), time_zone(self.tz))

    def action_confirm(self):
        """Say that this day of mine is as it was; what it comes to now is kept.

        :raise AccessError: it is a colleague's
        :raise UserError: my clock runs, so that the day is not over
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %(agent)s confirms this day.", agent=self.user_id.name)
            )
        if self.running:
            raise UserError(
                self.env._("Your clock is still running. Pause or stop it, then confirm.")
            )
        figures = {
            "handled_count": self.handled_count,
            "contact_count": self.contact_count,
            "duration": self.duration,
        }
        now = fields.Datetime.now()
        # sudo: day - my own, changed by this method only
        day = self.sudo()
        day.write(
            {
                "confirm_date": now,
                **{f"confirmed_{name}": value for name, value in figures.items()},
                "confirmation_ids": [(0, 0, {"user_id": self.env.uid, "date": now, **figures})],
            }
        )
        day.invalidate_recordset()
        return True

    def action_add_time(self):
        """Open the form that adds a time which no clock measured."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Time"),
            "res_model": "customer.service.handling.correct",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_call_backs(self):
        """Open the cases on which a call back was promised."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        domain = [("id", "in", self.call_back_case_ids.ids)]
        return {**action, "domain": domain, "context": {}}

    # ------------------------------------------------------------------------------------------
    # Who has confirmed
    # ------------------------------------------------------------------------------------------

    @api.model
    def action_open_days(self):
        """Open the days of all agents, those included whom nobody confirmed."""
        self.check_access("read")
        self._complete()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_day_action"
        )

    @api.model
    def _complete(self):
        """Make the days of the last month on which agents worked and which nobody looked at yet.

        :return: the days that were made
        """
        since = fields.Datetime.now() - timedelta(days=_LISTED_DAYS)
        users = self._users_since(since)
        # sudo: day - made by looking at them
        days = self.sudo()
        known = days.search_fetch(
            [("user_id", "in", users.ids), ("date", ">=", since.date() - timedelta(days=1))],
            ["user_id", "date"],
        )
        known = {(day.user_id.id, day.date) for day in known}
        missing = [
            values
            for user in users
            for values in self._values_since(user, since)
            if (values["user_id"], values["date"]) not in known
        ]
        rows = [
            (number, day["user_id"], *day_bounds(day["date"], time_zone(day["tz"])))
            for number, day in enumerate(missing)
        ]
        worked = self._seconds(rows)[0].keys() | self._contact_counts(rows).keys()
        return days.create([missing[number] for number in sorted(worked)])

    @api.model
    def _users_since(self, since):
        """Return who worked since a moment, as far as I may see their time."""
        period = self.env["customer.service.handling.period"]
        interaction = self.env["customer.service.interaction"]
        worked = period._read_group([("start", ">=", since)], ["user_id"])
        spoke = interaction._read_group(
            [("date", ">=", since), ("user_id", "!=", False)], ["user_id"]
        )
        # sudo: res.users - their time zones
        return self.env["res.users"].sudo().union(*(user for [user] in worked + spoke))

    @api.model
    def _values_since(self, user, since):
        """Return the values of the days of an agent since a moment, up to today."""
        tz = self._time_zone_of(user)
        zone = time_zone(tz)
        first, last = day_of(since, zone), day_of(fields.Datetime.now(), zone)
        return [
            {"user_id": user.id, "date": first + timedelta(days=number), "tz": tz}
            for number in range((last - first).days + 1)
        ]
