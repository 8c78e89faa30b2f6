from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError

from ..const import CLOCK_EVENT
from ..tools.day import fit_periods


class CustomerServiceHandling(models.Model):
    """One sitting of an agent on one matter: from looking into it to done, pauses left out.

    It begins on a case, or on nothing yet while somebody is on the line and the case is still to
    be made. An agent has one running clock at most: starting or resuming one pauses the other.
    What the clock measured stands in periods, so that each minute belongs to the day in which it
    passed. Agents change nothing of it directly, only by the methods here.
    """

    _name = "customer.service.handling"
    _description = "Handling"
    _inherit = ["customer.service.handling.watch"]
    _order = "start_date desc, id desc"

    user_id = fields.Many2one(
        "res.users", string="Agent", required=True, readonly=True, ondelete="restrict"
    )
    case_id = fields.Many2one(
        "customer.service.case", readonly=True, index="btree_not_null", ondelete="set null"
    )
    interaction_id = fields.Many2one(
        "customer.service.interaction",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    team_id = fields.Many2one(
        "customer.service.team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The team of the case when the clock was started, else the agent's own.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("stopped", "Done")],
        required=True,
        readonly=True,
    )
    start_date = fields.Datetime("Start", required=True, readonly=True, index=True)
    stop_date = fields.Datetime("End", readonly=True)
    running_since = fields.Datetime(readonly=True, help="Since when the clock runs without pause.")
    duration = fields.Float(
        compute="_compute_duration",
        store=True,
        aggregator="sum",
        help="Hours, without pauses; what a running clock has measured since its last start is "
        "not in it.",
    )
    period_ids = fields.One2many("customer.service.handling.period", "handling_id", readonly=True)
    correction_ids = fields.One2many(
        "customer.service.handling.correction", "handling_id", string="Corrections", readonly=True
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _one_running = models.UniqueIndex(
        "(user_id) WHERE state = 'running'", "One clock runs at a time: pause the other one."
    )
    _unfinished_idx = models.Index("(user_id) WHERE state != 'stopped'")
    _user_start_idx = models.Index("(user_id, start_date DESC)")

    @api.depends("period_ids.duration")
    def _compute_duration(self):
        for handling in self:
            handling.duration = sum(handling.period_ids.mapped("duration"))

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for handling in self:
            handling.is_mine = handling.user_id == self.env.user

    @api.depends("case_id", "interaction_id")
    def _compute_display_name(self):
        for handling in self:
            # sudo: case, interaction - names and numbers, for whoever may see the time
            known = handling.sudo()
            numbers = ", ".join(known.interaction_id.case_ids.mapped("number"))
            handling.display_name = (
                known.case_id.display_name or numbers or self.env._("Without a case")
            )

    # ------------------------------------------------------------------------------------------
    # What an agent does with it
    # ------------------------------------------------------------------------------------------

    @api.model
    def handling_start(self, case_id=False):
        """Let my clock run on a case, or on nothing yet; another one of mine is paused.

        Where my clock runs on it already nothing happens; one that I paused on this case goes on.

        :param int case_id: a case that I may see
        :return: my clock as in :meth:`handling_clock`
        :raise AccessError: I am no agent, or may not see the case
        """
        self.check_access("read")
        case = self.env["customer.service.case"].browse(case_id or [])
        if case:
            if not case.exists():
                raise UserError(self.env._("This case is gone."))
            case.check_access("read")
            case._check_not_merged()
        unfinished = self._unfinished()
        running = unfinished.filtered(lambda handling: handling.state == "running")
        same = unfinished.filtered(lambda handling: handling.case_id == case)
        if not case:
            same &= running
        if running and running in same:
            return self._clock(unfinished)
        running._pause()
        with self._one_at_a_time():
            if same:
                same[0]._resume()
            else:
                # sudo: handling - what clocks measure is written by these methods only
                unfinished |= self.sudo().create(self._start_values(case))._resume()
        return self._tell(unfinished)

    def handling_pause(self):
        """Pause this clock; one that does not run stays as it is.

        :return: my clock as in :meth:`handling_clock`
        """
        self._own()._pause()
        return self._tell()

    def handling_resume(self):
        """Let this clock of mine go on; another one of mine is paused.

        :return: my clock as in :meth:`handling_clock`
        :raise UserError: it is done
        """
        handling = self._own(only_mine=True)
        if handling.state == "stopped":
            raise UserError(self.env._("This is done. Start the clock anew."))
        if handling.state == "paused":
            self._unfinished()._pause()
            with self._one_at_a_time():
                handling._resume()
        return self._tell()

    def handling_stop(self):
        """End this handling; one that is done stays as it is.

        :return: my clock as in :meth:`handling_clock`
        """
        handling = self._own()
        handling._stop()
        if handling.user_id != self.env.user:
            handling.with_user(handling.user_id)._tell()
        return self._tell()

    @api.model
    @api.readonly
    def handling_clock(self):
        """Return what my clock shows, whichever company I look at.

        :return: a dict: ``running`` is a dict or False, ``paused`` a list of dicts, newest
            first. Each has ``id``, ``case_id``, ``case_number``, ``case_name``, ``seconds`` so
            far, ``stretch`` (seconds since it was last started or confirmed), ``alert_after``
            (seconds in all, 0 for none), ``remind_after`` (seconds of the stretch, 0 for none) and
            ``is_told`` (the team was told that it takes long)
        """
        self.check_access("read")
        return self._clock(self._unfinished())

    def action_correct(self):
        """Open the form that asks how long it really was, and why."""
        self.ensure_one()
        handling = self._own()
        if handling.state != "stopped":
            raise UserError(self.env._("The clock is not stopped yet: stop it, then correct it."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Time"),
            "res_model": "customer.service.handling.correct",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_handling_id": self.id},
        }

    def action_stop(self):
        """Stop these clocks from a list; agents their own, supervisors any."""
        for handling in self:
            handling.handling_stop()
        return True

    # ------------------------------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------------------------------

    @api.model
    def _unfinished(self):
        """Return my handlings that are not done, newest first, without restriction of rights."""
        # sudo: handling - my own ones, in whichever company I am
        handling = self.sudo()
        return handling.search([("user_id", "=", self.env.uid), ("state", "!=", "stopped")])

    def _own(self, only_mine=False):
        """Return this handling so that it can be changed.

        :param bool only_mine: supervisors may not either
        :raise AccessError: it is a colleague's, and I am no supervisor
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: handling - whose it is; what clocks measure is written by methods only
        handling = self.sudo()
        supervisor = self.env.user.has_group("customer_service.group_supervisor")
        if handling.user_id != self.env.user and (only_mine or not supervisor):
            raise AccessError(
                self.env._("This is the time of %(agent)s.", agent=handling.user_id.name)
            )
        return handling

    @contextmanager
    def _one_at_a_time(self):
        """Start a clock of mine while another tab may start one too.

        The database lets one of them run. The other request is undone and repeated by the host:
        then it sees the clock of the first, and pauses it.
        """
        try:
            with self.env.cr.savepoint():  # sends what is pending, before and after
                yield
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _start_values(self, case):
        """Return the values of a new handling of mine that does not run yet."""
        # sudo: team - the company of a case that I see, and of my own teams
        team = case.sudo().team_id or self.env.user.sudo().customer_service_team_ids.filtered(
            lambda team: team.company_id == self.env.company
        )
        return {
            "user_id": self.env.uid,
            "case_id": case.id,
            "team_id": team[:1].id,
            "company_id": (team[:1].company_id or self.env.company).id,
            "state": "paused",
            "start_date": fields.Datetime.now(),
        }

    def _pause(self):
        """Let those of these clocks stand that run."""
        self._close_periods()
        running = self.filtered(lambda handling: handling.state == "running")
        running.write({"state": "paused", "running_since": False})

    def _resume(self):
        """Let this clock run from now."""
        now = fields.Datetime.now()
        self.period_ids.create({"handling_id": self.id, "user_id": self.user_id.id, "start": now})
        self.write({"state": "running", "running_since": now, **self._watch_values()})
        return self

    def _stop(self):
        """End those of these handlings that are not done."""
        self._close_periods()
        unfinished = self.filtered(lambda handling: handling.state != "stopped")
        for handling in unfinished:
            ends = handling.period_ids.mapped("stop")
            handling.write(
                {
                    "state": "stopped",
                    "running_since": False,
                    "stop_date": max(ends, default=handling.start_date),
                }
            )
        unfinished._end_alert()

    def _stop_for(self, interaction):
        """End this handling of mine: it was this contact, and says how long that took.

        What belongs to another contact already is not counted twice.

        :param customer.service.interaction interaction: the contact that was recorded
        """
        handling = self._own(only_mine=True)
        if not handling.interaction_id:
            handling.interaction_id = interaction
            interaction._give_time_its_case()
        handling._stop()
        handling.with_user(self.env.user)._tell()

    def _close_periods(self):
        """End the periods of these handlings that run."""
        now = fields.Datetime.now()
        for period in self.period_ids.filtered(lambda period: not period.stop):
            period.stop = max(now, period.start)  # the server's clock may have been set back

    def _seconds(self, now=None):
        """Return how many seconds this handling has lasted, the running ones included."""
        self.ensure_one()
        seconds = round(self.duration * 3600)
        if self.running_since:
            now = now or fields.Datetime.now()
            seconds += max(0, int((now - self.running_since).total_seconds()))
        return seconds

    @api.model
    def _clock(self, unfinished):
        """Return what the clock shows of handlings that are not done."""
        unfinished = unfinished.sorted("id", reverse=True)
        running = unfinished.filtered(lambda handling: handling.state == "running")
        paused = unfinished.filtered(lambda handling: handling.state == "paused")
        return {
            "running": running._clock_data() if running else False,
            "paused": [handling._clock_data() for handling in paused],
        }

    def _clock_data(self):
        """Return what the clock shows of this handling."""
        self.ensure_one()
        now = fields.Datetime.now()
        return {
            "id": self.id,
            "case_id": self.case_id.id,
            "case_number": self.case_id.number or "",
            "case_name": self.case_id.name or "",
            "seconds": self._seconds(now),
            **self._watch_data(now),
        }

    @api.model
    def _tell(self, unfinished=None):
        """Return my clock, and tell all my tabs and devices what it shows."""
        clock = self._clock(self._unfinished() if unfinished is None else unfinished)
        self.env.user._bus_send(CLOCK_EVENT, clock)
        return clock

    # ------------------------------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------------------------------

    @api.model
    def _check_by_hand(self, seconds, reason):
        """Make sure that a time may be entered by hand.

        :raise ValidationError: no reason, or a time that cannot be
        """
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why: others rely on these times."))
        if not 0 <= seconds <= 24 * 3600:
            raise ValidationError(self.env._("Enter a time between 0 minutes and 24 hours."))

    def _correct(self, seconds, reason):
        """Say how long this handling really was.

        Too much is cut off at its end, too little is added before its beginning. The correction
        is logged with its reason.

        :param int seconds: how long
        :param str reason: why
        :raise UserError: the clock is not stopped yet
        :raise ValidationError: no reason, or a time that cannot be
        """
        self._check_by_hand(seconds, reason)
        handling = self._own()
        if handling.state != "stopped":
            raise UserError(self.env._("The clock is not stopped yet: stop it, then correct it."))
        # No ``write`` in between: two corrections at once are one after the other.
        handling.lock_for_update(allow_referencing=True)
        before = [(period.start, period.stop) for period in handling.period_ids]
        begin = handling.start_date
        after = fit_periods(before or [(begin, begin)], seconds)
        duration_before = handling.duration
        handling._replace_periods(after)
        handling._log_correction(reason, duration_before, [*before, *after])

    def _replace_periods(self, spans):
        """Put other periods in the place of those of this handling, which is done.

        :param list spans: pairs of start and stop
        """
        self.ensure_one()
        self.period_ids.unlink()
        self.period_ids.create(
            [
                {"handling_id": self.id, "user_id": self.user_id.id, "start": begin, "stop": end}
                for begin, end in spans
            ]
        )
        if spans:
            self.write({"start_date": spans[0][0], "stop_date": spans[-1][1]})

    def _log_correction(self, reason, duration_before, touched):
        """Write down who changed this handling, and what days it touches."""
        self.correction_ids.create(
            {
                "handling_id": self.id,
                "handling_user_id": self.user_id.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "reason": reason.strip(),
                "duration_before": duration_before,
                "duration_after": self.duration,
                "start": min((begin for begin, _end in touched), default=self.start_date),
                "stop": max((end for _begin, end in touched), default=self.start_date),
            }
        )

    @api.model
    def _record_by_hand(self, start, seconds, case, **values):
        """Return a handling that no clock measured.

        :param datetime.datetime start: when it began
        :param int seconds: how long it was
        :param customer.service.case case: what it was about, or none
        :param values: other values, such as whose it is where it is not mine
        """
        case.check_access("read")
        stop = start + timedelta(seconds=seconds)
        # sudo: handling - what clocks measure is written by these methods only
        handling = self.sudo().create(
            {
                **self._start_values(case),
                "state": "stopped",
                "start_date": start,
                "stop_date": stop,
                **values,
            }
        )
        handling._replace_periods([(start, stop)] if seconds else [])
        return handling
