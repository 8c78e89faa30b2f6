"""The day of an agent: between the midnights of the agent's own time zone, to the second."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged, warmup

from ..tools.day import day_bounds, day_of, fit_periods, seconds_within, time_zone
from .test_handling import HandlingCommon

#: Clocks that are changed at midnight, by half an hour, by a whole day, or never.
ZONES = (
    "UTC",
    "Europe/Warsaw",
    "Asia/Tokyo",
    "America/New_York",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
zones = st.sampled_from(ZONES).map(time_zone)


@st.composite
def spans(draw):
    """Return periods of a clock, one after the other, some of them empty."""
    moment, periods = draw(moments), []
    for pause, length in draw(
        st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 200_000)), min_size=1, max_size=6)
    ):
        begin = moment + timedelta(seconds=pause)
        moment = begin + timedelta(seconds=length)
        periods.append((begin, moment))
    return periods


def total(periods):
    return sum(int((end - begin).total_seconds()) for begin, end in periods)


@tagged("post_install", "-at_install")
class TestDayBounds(BaseCase):
    @given(moments, zones)
    def test_each_moment_is_in_exactly_one_day(self, moment, zone):
        day = day_of(moment, zone)
        containing = [
            day + timedelta(days=shift)
            for shift in (-1, 0, 1)
            if day_bounds(day + timedelta(days=shift), zone)[0]
            <= moment
            < day_bounds(day + timedelta(days=shift), zone)[1]
        ]
        self.assertEqual(containing, [day])

    @given(st.dates(date(2010, 1, 1), date(2027, 1, 1)), zones)
    def test_days_follow_each_other_without_a_gap(self, day, zone):
        self.assertEqual(day_bounds(day, zone)[1], day_bounds(day + timedelta(days=1), zone)[0])

    @given(spans(), zones)
    def test_days_add_up_to_the_whole(self, periods, zone):
        first = day_of(periods[0][0], zone)
        last = day_of(periods[-1][1], zone)
        by_day = [
            seconds_within(periods, *day_bounds(first + timedelta(days=number), zone))
            for number in range((last - first).days + 1)
        ]
        self.assertEqual(sum(by_day), total(periods))

    @given(spans(), st.integers(0, 24 * 3600))
    def test_corrected_periods_last_what_was_asked(self, periods, seconds):
        fitted = fit_periods(periods, seconds)
        self.assertEqual(total(fitted), seconds)
        self.assertTrue(all(begin < end for begin, end in fitted))
        self.assertEqual(fitted, sorted(fitted))
        self.assertTrue(all(end <= periods[-1][1] for _begin, end in fitted))
        if seconds == total(periods):
            self.assertEqual(fitted, [span for span in periods if span[0] < span[1]])

    def test_days_of_23_and_25_hours(self):
        zone = time_zone("Europe/Warsaw")
        for month, day, hours in ((3, 29, 23), (10, 25, 25), (5, 1, 24)):
            start, stop = day_bounds(date(2026, month, day), zone)
            self.assertEqual(stop - start, timedelta(hours=hours))

    def test_day_that_begins_at_one_o_clock(self):
        start, _stop = day_bounds(date(2024, 4, 26), time_zone("Africa/Cairo"))
        self.assertEqual(start, datetime(2024, 4, 25, 22))

    def test_unknown_zone_is_utc(self):
        for name in (False, "", "Nowhere/Else"):
            self.assertEqual(day_bounds(date(2026, 1, 1), time_zone(name))[0], datetime(2026, 1, 1))


@tagged("post_install", "-at_install")
class TestDay(HandlingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Day = cls.env["customer.service.day"]
        cls.agent_team.tz = "Asia/Tokyo"

    def _day(self, day=None, user=None):
        """Return a day of an agent as that agent sees it, counted anew."""
        user = user or self.agent_team
        found = self.Day.with_user(user)._of(user, day)
        self.env.flush_all()
        found.invalidate_recordset()
        return found

    def _measure(self, start, minutes, case=None):
        """Let the agent's clock run on a case."""
        self.time.move_to(start)
        return self._handled(minutes, case)

    def test_my_day_opens_today_where_i_am(self):
        self.time.move_to(datetime(2026, 3, 2, 15, 30))
        action = self.Day.with_user(self.agent_team).action_my_day()
        day = self.Day.browse(action["res_id"])
        self.assertEqual(day.date, date(2026, 3, 3))
        self.assertEqual(action["res_id"], self._day().id, "it is made once")

    def test_across_midnight_each_minute_counts_for_its_day(self):
        self._measure(datetime(2026, 3, 2, 14, 50), 25)  # 23:50 in Tokyo
        self.assertEqual(round(self._day(date(2026, 3, 2)).duration * 60, 6), 10)
        self.assertEqual(round(self._day(date(2026, 3, 3)).duration * 60, 6), 15)
        self.assertEqual(self._day(date(2026, 3, 2)).handled_count, 1)
        self.assertEqual(self._day(date(2026, 3, 3)).handled_count, 1)
        self.assertEqual(len(self._day(date(2026, 3, 3)).handling_ids), 1)
        self.assertFalse(self._day(date(2026, 3, 4)).handling_ids)

    def test_end_at_midnight_leaves_the_next_day_alone(self):
        self._measure(datetime(2026, 3, 2, 14, 50), 10)
        tomorrow = self._day(date(2026, 3, 3))
        self.assertEqual((tomorrow.duration, tomorrow.handled_count), (0, 0))
        self.assertFalse(tomorrow.handling_ids)

    def test_day_keeps_the_zone_it_began_in(self):
        self._measure(datetime(2026, 3, 2, 14, 50), 25)
        day = self._day(date(2026, 3, 2))
        self.agent_team.tz = "UTC"
        day.invalidate_recordset()
        self.assertEqual(round(day.duration * 60, 6), 10)

    def test_running_clock_is_in_the_day(self):
        self._start(self.case)
        self._wait(minutes=6)
        day = self._day()
        self.assertEqual(round(day.duration * 60, 6), 6)
        self.assertTrue(day.running)

    def test_cases_and_contacts_are_counted_once(self):
        self._measure(datetime(2026, 3, 2, 1), 5)
        self._measure(datetime(2026, 3, 2, 2), 5)
        self._record(matters=[{"case_id": self.case.id, "solved": False}, {"name": "Invoice"}])
        self._reply(self._create_case(user_id=self.agent_team.id))
        day = self._day(date(2026, 3, 2))
        self.assertEqual(day.handled_count, 3)
        self.assertEqual(day.contact_count, 2)

    def test_call_backs_that_are_open(self):
        self.case.write({"user_id": self.agent_team.id, "call_back_date": MORNING_AFTER})
        self.other_case.write(
            {"user_id": self.agent_team.id, "call_back_date": MORNING_AFTER, "status": "closed"}
        )
        day = self._day()
        self.assertEqual(day.call_back_case_ids, self.case)
        self.assertEqual(day.call_back_count, 1)

    def test_confirmed_day_stands_and_shows_what_changed_since(self):
        handling = self._measure(datetime(2026, 3, 2, 1), 30)
        self._wait(minutes=1)
        day = self._day()
        self.assertEqual(day.state, "open")
        day.action_confirm()
        day.invalidate_recordset()
        self.assertEqual(day.state, "confirmed")
        self.assertEqual((day.confirmed_handled_count, day.confirmed_duration), (1, 0.5))
        self.assertFalse(day.late_correction_ids)
        self._wait(minutes=1)
        handling._correct(15 * 60, "Was at lunch")
        day = self._day()
        self.assertEqual(day.state, "changed")
        self.assertEqual(day.confirmed_duration, 0.5)
        self.assertEqual(day.duration, 0.25)
        self.assertEqual(day.late_correction_ids.reason, "Was at lunch")
        self._wait(minutes=1)
        day.action_confirm()
        day.invalidate_recordset()
        self.assertEqual(day.state, "confirmed")
        self.assertEqual(day.confirmation_ids.mapped("duration"), [0.25, 0.5])

    def test_day_with_a_running_clock_is_not_confirmed(self):
        self._start(self.case)
        with self.assertRaisesRegex(UserError, "still running"):
            self._day().action_confirm()

    def test_day_of_a_colleague_is_theirs(self):
        day = self._day()
        with self.assertRaises(AccessError):
            day.with_user(self.agent_own).action_confirm()
        with self.assertRaisesRegex(AccessError, "Only Agent Team"):
            day.with_user(self.supervisor).action_confirm()
        with self.assertRaises(AccessError):
            day.with_user(self.agent_own).read(["duration"])
        for user in (self.agent_team, self.supervisor, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                day.with_user(user).write({"confirm_date": MORNING_AFTER})
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Day.with_user(user).action_my_day()

    def test_supervisor_sees_who_has_not_confirmed(self):
        self._measure(datetime(2026, 3, 2, 14, 50), 25)
        self._record(user=self.agent_own)
        self._day(date(2026, 3, 2)).action_confirm()
        self.time.move_to(datetime(2026, 3, 5, 12))
        self.Day.with_user(self.supervisor).action_open_days()
        ours = [("user_id", "in", (self.agent_own + self.agent_team).ids)]
        days = self.Day.with_user(self.supervisor).search(ours)
        self.assertEqual(
            {(day.user_id, day.date, day.state) for day in days},
            {
                (self.agent_team, date(2026, 3, 2), "confirmed"),
                (self.agent_team, date(2026, 3, 3), "open"),
                (self.agent_own, date(2026, 3, 2), "open"),
            },
        )
        self.Day.with_user(self.supervisor).action_open_days()
        self.assertEqual(self.Day.search(ours), days)

    def test_random_days_agree_with_the_arithmetic(self):
        """What the database adds up is what the plain sums say, in zones with odd midnights."""
        zone_names = ("Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Europe/Warsaw")
        begin = datetime(2024, 4, 20, 20, 17, 3)
        periods = [
            (begin + timedelta(hours=17 * n), begin + timedelta(hours=17 * n, seconds=4321 * n))
            for n in range(13)
        ]
        for start, stop in periods:
            self.Handling.with_user(self.agent_team)._record_by_hand(
                start, int((stop - start).total_seconds()), self.case
            )
        for name in zone_names:
            self.agent_team.tz = name
            self.Day.search([("user_id", "=", self.agent_team.id)]).unlink()
            for number in range(16):
                day = self._day(date(2024, 4, 19) + timedelta(days=number))
                bounds = day_bounds(day.date, time_zone(name))
                self.assertEqual(round(day.duration * 3600), seconds_within(periods, *bounds), name)

    @warmup
    def test_list_of_days_costs_the_same_however_long(self):
        days = self.Day.browse()
        for number in range(12):
            days += self._day(date(2026, 2, 1) + timedelta(days=number))
        days = days.with_user(self.supervisor)
        names = ["date", "handled_count", "contact_count", "duration", "state"]
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            days.read(names)

    def test_time_before_the_day_was_asked_for(self):
        day = self._day(date(2026, 3, 2))
        self.assertEqual(day.with_user(self.agent_team).action_next()["res_model"], day._name)
        before = self.Day.browse(day.action_previous()["res_id"])
        self.assertEqual(before.date, date(2026, 3, 1))
        with freeze_time(datetime(2026, 3, 2, 3)):
            self.assertEqual(day.action_next()["res_id"], day.id, "tomorrow is not here yet")


MORNING_AFTER = datetime(2026, 3, 3, 9)
