"""A plan is due once on every local date, whatever the clocks do there."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.newsroom.plans import Plan

ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})


def plan(zone: str, at: time = time(7), weekdays: frozenset[int] = frozenset(range(7))) -> Plan:
    return Plan(name="p", symbol="BTC", at=at, zone=ZoneInfo(zone), weekdays=weekdays)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc] # a date with a time


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("Europe/Madrid", time(7), date(2026, 6, 10), utc(2026, 6, 10, 5)),
        ("Asia/Kolkata", time(7), date(2026, 6, 10), utc(2026, 6, 10, 1, 30)),
        # Autumn: 01:30 comes twice in New York, the first is 05:30 UTC.
        ("America/New_York", time(1, 30), date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        # Spring: 02:30 does not come, an hour later by the wall it is 03:30, 07:30 UTC.
        ("America/New_York", time(2, 30), date(2026, 3, 8), utc(2026, 3, 8, 7, 30)),
        # Lord Howe moves by half an hour: 02:10 becomes 02:40 at +11, 15:40 UTC.
        ("Australia/Lord_Howe", time(2, 10), date(2026, 10, 4), utc(2026, 10, 3, 15, 40)),
    ],
)
def test_a_due_moment_is_worked_out_by_hand(
    zone: str, at: time, day: date, expected: datetime
) -> None:
    assert plan(zone, at).due_at(day) == expected


def test_a_date_that_never_was_is_not_due() -> None:
    """Samoa went from 29 to 31 December 2011 to be on the other side of the date line."""
    apia = plan("Pacific/Apia")
    around = list(apia.dates(utc(2011, 12, 27, 18), utc(2012, 1, 1, 12)))
    assert [day.isoformat() for day in around] == [
        *("2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"),
    ]


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    start=st.dates(date(1970, 1, 2), date(2037, 1, 1)),
    days=st.integers(1, 400),
)
def test_every_date_has_one_moment_and_they_rise(
    zone: str, at: time, start: date, days: int
) -> None:
    daily = plan(zone, at)
    span = [start + timedelta(days=n) for n in range(days)]
    real = [day for day in span if daily.falls_on(day)]
    moments = [daily.due_at(day) for day in real]
    assert all(first < second for first, second in pairwise(moments))
    assert len(span) - len(real) <= 1  # a zone crosses the date line once in a lifetime
    for day, moment in zip(real, moments, strict=True):
        local = moment.astimezone(daily.zone)
        written = datetime.combine(day, at)
        # On the wall it reads what was asked for, or, in a gap, as much later as clocks jumped.
        assert timedelta(0) <= local.replace(tzinfo=None) - written < timedelta(days=1)


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    start=st.datetimes(datetime(1970, 1, 5), datetime(2037, 1, 1)),  # noqa: DTZ001 # hypothesis wants naive bounds
    hours=st.lists(st.integers(0, 24 * 20), min_size=1, max_size=6),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_spans_that_touch_share_no_date_and_lose_none(
    zone: str, at: time, start: datetime, hours: list[int], weekdays: frozenset[int]
) -> None:
    some = plan(zone, at, weekdays)
    edges = [start.replace(tzinfo=UTC)]
    for span in hours:
        edges.append(edges[-1] + timedelta(hours=span))
    parts = [day for first, last in pairwise(edges) for day in some.dates(first, last)]
    assert parts == list(some.dates(edges[0], edges[-1]))
    assert {day.weekday() for day in parts} <= weekdays
    following = some.next_date(edges[-1])
    assert some.due_at(following) > edges[-1]
    assert not parts or following > parts[-1]
