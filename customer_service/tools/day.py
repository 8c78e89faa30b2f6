"""Days of people in their own time zone, and time spent across them. Needs no database.

Moments are naive datetimes in UTC, as the host keeps them.
"""

from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytz


@lru_cache(maxsize=64)
def time_zone(name):
    """Return a time zone by its name; UTC where nobody knows the name.

    The data are those that the host works with: a machine need not have any of its own.

    :param str name: such as ``Europe/Warsaw``, or nothing
    """
    try:
        with pytz.open_resource(pytz.timezone(name or "UTC").zone) as data:
            return ZoneInfo.from_file(data, key=name or "UTC")
    except pytz.UnknownTimeZoneError:
        return timezone.utc


def day_bounds(day, zone):
    """Return the first moment of a day and the first moment of the next one.

    Where a day begins with an hour that is left out it begins with the hour after; where its
    first hour comes twice it begins with the first of them. So each moment is in one day.

    :param datetime.date day: a day of the calendar
    :param datetime.tzinfo zone: whose calendar
    :return: two naive moments in UTC
    """
    return tuple(
        datetime.combine(date, time(), tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
        for date in (day, day + timedelta(days=1))
    )


def day_of(moment, zone):
    """Return the day of the calendar that a moment is in.

    :param datetime.datetime moment: naive, in UTC
    :param datetime.tzinfo zone: whose calendar
    """
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()


def seconds_within(periods, start, stop):
    """Return how many seconds of periods are between two moments.

    :param iterable periods: pairs of start and stop
    """
    return sum(
        max(0, int((min(end, stop) - max(begin, start)).total_seconds())) for begin, end in periods
    )


def fit_periods(periods, seconds):
    """Return periods that last a certain time, as near to the given ones as can be.

    Too much is cut off at the end: the clock was forgotten. Too little is added before the
    beginning: it was started too late.

    :param iterable periods: pairs of start and stop, at least one
    :param int seconds: how long they shall last together
    :return: a list of pairs of start and stop, in their order; none of them is empty
    """
    fitted, left = [], seconds
    for begin, end in sorted(periods):
        length = min(left, int((end - begin).total_seconds()))
        if length > 0:
            fitted.append((begin, begin + timedelta(seconds=length)))
            left -= length
    if left > 0:
        begin = min(begin for begin, _end in periods)
        if fitted and fitted[0][0] == begin:
            fitted[0] = (begin - timedelta(seconds=left), fitted[0][1])
        else:
            fitted.insert(0, (begin - timedelta(seconds=left), begin))
    return fitted
