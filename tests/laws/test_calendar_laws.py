"""Laws of business time, periods, durations, limits and proration."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given, settings, strategies as st
from strategies_calendars import ANCHORS, WEEKDAYS, durations, instants_near, scenes

from relex.calendars import (
    BusinessCalendar,
    BusinessDays,
    CalendarDuration,
    Days,
    Months,
    Period,
    RollingLimit,
    Weeks,
    Window,
    Years,
    add_months,
    first_allowed,
    local_date,
    midnight,
    prorate,
)
from relex.errors import InvalidValue
from relex.testing.strategies import business_calendars

ZERO = timedelta(0)
MICRO = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))
LENGTHS = st.one_of(
    st.builds(Days, st.integers(0, 1000)),
    st.builds(Weeks, st.integers(0, 100)),
    st.builds(Months, st.integers(0, 60)),
    st.builds(Years, st.integers(0, 9)),
)
laws = settings(max_examples=60, deadline=None)


def instant(moment: datetime) -> datetime:
    """In UTC, because Python compares two times of one zone by what their clocks show."""
    return moment.astimezone(UTC)


def minutes(time: object) -> int:
    return 1440 if time is None else time.hour * 60 + time.minute  # type: ignore[attr-defined]


def is_open_by_hand(calendar: BusinessCalendar, shown: datetime) -> bool:
    """Whether a calendar is open when its clock shows this, by the definition alone."""
    day, now = shown.date(), shown.hour * 60 + shown.minute
    special = [entry for entry in calendar.special if entry.day == day]
    if any(off.contains(day) if isinstance(off, Period) else off == day for off in calendar.holidays):
        return False
    windows = special or [entry for entry in calendar.windows if entry.weekday == WEEKDAYS[day.weekday()]]
    return any(minutes(entry.opens) <= now < minutes(entry.closes) for entry in windows)


def open_minutes(calendar: BusinessCalendar, start: datetime, count: int) -> list[bool]:
    """Minute by minute, whether a calendar is open: the clock never goes back, it waits until time has caught up."""
    latest = (start - timedelta(days=2)).astimezone(calendar.tz).replace(tzinfo=None)
    found = []
    for number in range(-2 * 1440, count):
        at = start + number * MINUTE
        latest = max(latest, at.astimezone(calendar.tz).replace(tzinfo=None))
        if number >= 0:
            found.append(is_open_by_hand(calendar, latest))
    return found


class TestAgainstCounting:
    """The calendar against a walk of single minutes over days on which the clock changes."""

    @given(data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_elapsed_and_due_and_openings_are_those_of_a_walk(self, data: st.DataObject) -> None:
        zone, day = data.draw(ANCHORS.filter(lambda anchor: anchor[0].key not in {"Africa/Monrovia", "America/Juneau"}))
        calendar = data.draw(business_calendars(tz=zone, near=day))
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
        walk = open_minutes(calendar, start, 4 * 1440)
        low, high = sorted(data.draw(st.tuples(st.integers(0, len(walk)), st.integers(0, len(walk)))))

        assert calendar.elapsed(start + low * MINUTE, start + high * MINUTE) == sum(walk[low:high]) * MINUTE
        assert [calendar.is_open(start + number * MINUTE) for number in range(0, len(walk), 7)] == walk[::7]
        if any(walk[low:high]):
            wanted = data.draw(st.integers(1, sum(walk[low:high])))
            passed = [number for number in range(low, high) if walk[number]]
            assert (
                instant(calendar.due(start + low * MINUTE, wanted * MINUTE))
                == start + (passed[wanted - 1] + 1) * MINUTE
            )
            assert instant(calendar.opens(start + low * MINUTE)) == start + passed[0] * MINUTE
        spans = calendar.spans(Period(start + low * MINUTE, start + high * MINUTE))
        counted = [number for number in range(low, high) if walk[number]]
        assert [at for span in spans for at in _each_minute(span)] == [start + number * MINUTE for number in counted]


def _each_minute(span: Period) -> list[datetime]:
    assert isinstance(span.start, datetime)
    assert span.length is not None
    return [span.start.astimezone(UTC) + number * MINUTE for number in range(span.length // MINUTE)]


class TestDueAndElapsed:
    @given(data=st.data())
    @laws
    def test_they_are_inverse(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        start, duration = data.draw(instants_near(day)), data.draw(durations())

        assert calendar.elapsed(start, calendar.due(start, duration)) == duration

    @given(data=st.data())
    @laws
    def test_due_of_elapsed_is_the_end_only_within_or_at_the_end_of_a_window(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        start, end = sorted(data.draw(st.tuples(instants_near(day), instants_near(day))))
        elapsed = calendar.elapsed(start, end)
        assume(elapsed > ZERO)
        due = instant(calendar.due(start, elapsed))

        assert due <= end
        assert (due == end) == calendar.is_open(end - MICRO)

    @given(data=st.data())
    @laws
    def test_both_add_up(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        start, first, second = data.draw(instants_near(day)), data.draw(durations()), data.draw(durations())
        a, b, c = sorted(data.draw(st.tuples(instants_near(day), instants_near(day), instants_near(day))))

        assert instant(calendar.due(start, first + second)) == instant(calendar.due(calendar.due(start, first), second))
        assert calendar.elapsed(a, c) == calendar.elapsed(a, b) + calendar.elapsed(b, c)

    @given(data=st.data())
    @laws
    def test_due_never_falls_as_start_or_duration_grows(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        early, late = sorted(data.draw(st.tuples(instants_near(day), instants_near(day))))
        short, long = sorted(data.draw(st.tuples(durations(), durations())))

        assert instant(calendar.due(early, short)) <= instant(calendar.due(late, short))
        assert instant(calendar.due(early, short)) <= instant(calendar.due(early, long))

    @given(data=st.data())
    @laws
    def test_due_lies_in_a_window_or_at_its_end(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        due = instant(calendar.due(data.draw(instants_near(day)), data.draw(durations()) + MICRO))

        assert calendar.is_open(due - MICRO)

    @given(data=st.data())
    @laws
    def test_elapsed_is_at_most_clock_time_and_all_of_it_when_always_open(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        start, end = sorted(data.draw(st.tuples(instants_near(day, 800), instants_near(day, 800))))

        assert calendar.elapsed(start, end) <= end - start
        assert BusinessCalendar.always(calendar.tz).elapsed(start, end) == end - start

    @given(data=st.data(), other=st.sampled_from(["Asia/Tokyo", "America/St_Johns", "Pacific/Apia"]).map(ZoneInfo))
    @laws
    def test_the_zone_in_which_an_instant_is_told_does_not_matter(self, data: st.DataObject, other: ZoneInfo) -> None:
        calendar, day = data.draw(scenes())
        start, duration = data.draw(instants_near(day)), data.draw(durations())
        told = start.astimezone(other)

        assert instant(calendar.due(told, duration)) == instant(calendar.due(start, duration))
        assert instant(calendar.opens(told)) == instant(calendar.opens(start))
        assert calendar.due(told, duration).tzinfo is calendar.tz

    @given(data=st.data())
    @laws
    def test_a_holiday_never_makes_due_earlier_and_a_window_never_later(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        start, duration = data.draw(instants_near(day)), data.draw(durations(3))
        closed = day + timedelta(days=data.draw(st.integers(-3, 3)))
        due = instant(calendar.due(start, duration))

        if closed not in {entry.day for entry in calendar.special}:
            assert instant(attrs.evolve(calendar, holidays=(*calendar.holidays, closed)).due(start, duration)) >= due
        free = [name for name in WEEKDAYS if all(window.weekday != name for window in calendar.windows)]
        if free:
            wider = attrs.evolve(calendar, windows=(*calendar.windows, Window(free[0], "03:00", "23:00")))
            assert instant(wider.due(start, duration)) <= due

    @given(data=st.data(), days=st.integers(1, 400))
    @laws
    def test_the_due_working_date_is_the_nth(self, data: st.DataObject, days: int) -> None:
        calendar, day = data.draw(scenes())
        start = data.draw(instants_near(day))
        due = instant(calendar.due(start, BusinessDays(days)))

        assert calendar.working_days(start, due - MICRO) == days
        assert calendar.is_open(due - MICRO)

    @given(data=st.data())
    @laws
    def test_opening_and_closing_enclose_open_time(self, data: st.DataObject) -> None:
        calendar, day = data.draw(scenes())
        at = data.draw(instants_near(day))
        assume(not _never_closes(calendar, at))
        opens, closes = instant(calendar.opens(at)), instant(calendar.closes(at))

        assert calendar.elapsed(at, opens) == ZERO
        assert calendar.elapsed(opens, closes) == closes - opens
        assert not calendar.is_open(closes)


def _never_closes(calendar: BusinessCalendar, at: datetime) -> bool:
    try:
        calendar.closes(at)
    except InvalidValue:
        return True
    return False


class TestMidnights:
    @given(anchor=ANCHORS, days=st.integers(-400, 400))
    @laws
    def test_the_midnights_cut_time_into_local_dates(self, anchor: tuple[ZoneInfo, date], days: int) -> None:
        zone, near = anchor
        day = near + timedelta(days=days)
        begin, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)

        assert begin.astimezone(UTC) <= end.astimezone(UTC)
        assert local_date(begin, zone) >= day
        assert local_date(begin.astimezone(UTC) - MICRO, zone) < day

    @given(data=st.data())
    @laws
    def test_an_always_open_day_is_as_long_as_the_clock_says(self, data: st.DataObject) -> None:
        zone, near = data.draw(ANCHORS)
        day = near + timedelta(days=data.draw(st.integers(-3, 3)))
        begin, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)

        assert BusinessCalendar.always(zone).elapsed(begin, end) == end.astimezone(UTC) - begin.astimezone(UTC)


class TestDurations:
    @given(duration=LENGTHS, dated=DATES, on=DATES)
    @settings(max_examples=100, deadline=None)
    def test_a_window_seen_from_its_other_end_is_the_same_window(
        self, duration: CalendarDuration, dated: date, on: date
    ) -> None:
        near = duration.add(dated) + timedelta(days=(on - dated).days % 7 - 3)

        for day in (near, on):
            assert (dated in duration.lookback(day)) == (day in duration.window(dated))

    @given(duration=LENGTHS, anchor=DATES, day=DATES)
    @settings(max_examples=100, deadline=None)
    def test_the_periods_from_an_anchor_cover_each_date_once(
        self, duration: CalendarDuration, anchor: date, day: date
    ) -> None:
        assume(duration.n > 0)
        number = duration.number_at(anchor, day)

        assert day in duration.period(anchor, number)
        assert duration.period_at(anchor, day).end == duration.period(anchor, number + 1).start

    @given(day=DATES, n=st.integers(0, 60), unit=st.sampled_from(["month", "quarter", "half", "year"]))
    @settings(max_examples=100, deadline=None)
    def test_rounding_up_ends_a_unit_and_is_never_earlier(self, day: date, n: int, unit: str) -> None:
        last = Months(n, end_of=unit, year_ends=3).last_day(day)
        plain = Months(n).last_day(day)

        assert plain <= last
        assert Period.of(unit, plain, year_starts=4).end == last + timedelta(days=1)

    @given(day=DATES, months=st.integers(-500, 500))
    @settings(max_examples=100, deadline=None)
    def test_months_land_in_the_month_they_say(self, day: date, months: int) -> None:
        moved = add_months(day, months)

        assert (moved.year - day.year) * 12 + moved.month - day.month == months
        assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


class TestPeriods:
    @given(data=st.data(), unit=st.sampled_from(["day", "week", "month", "quarter", "half", "year"]))
    @laws
    def test_the_pieces_of_a_split_make_up_the_whole(self, data: st.DataObject, unit: str) -> None:
        start = data.draw(DATES)
        period = Period(start, start + timedelta(days=data.draw(st.integers(1, 300))))
        pieces = list(period.split(unit, year_starts=data.draw(st.integers(1, 12))))

        assert [pieces[0].start, pieces[-1].end] == [period.start, period.end]
        assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
        assert sum((piece.length for piece in pieces), ZERO) == period.length

    @given(data=st.data())
    @laws
    def test_an_intersection_holds_what_both_hold(self, data: st.DataObject) -> None:
        days = st.integers(0, 30).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
        ends = st.one_of(st.none(), days)
        a, b = (Period(*_in_order(data.draw(days), data.draw(ends))) for _ in range(2))
        both = a.intersect(b)

        for number in range(40):
            day = date(2026, 1, 1) + timedelta(days=number)
            assert (both is not None and day in both) == (day in a and day in b)


def _in_order(start: date, end: date | None) -> tuple[date, date | None]:
    return (start, end) if end is None or start <= end else (end, start)


class TestLimits:
    @given(data=st.data(), limit=st.integers(1, 4), hours=st.integers(1, 72))
    @laws
    def test_at_the_first_allowed_instant_it_is_allowed_and_just_before_it_is_not(
        self, data: st.DataObject, limit: int, hours: int
    ) -> None:
        calendar, day = data.draw(scenes())
        at = data.draw(instants_near(day))
        sent = data.draw(st.lists(instants_near(day).filter(lambda moment: moment <= at), max_size=8))
        cap = RollingLimit(limit, timedelta(hours=hours))

        def allowed(moment: datetime) -> bool:
            return calendar.is_open(moment) and cap.count(moment, sent) < limit

        found = first_allowed(at, hours=calendar, limits=[(cap, sent)])
        assert found is not None
        found = found.astimezone(UTC)

        assert allowed(found)
        assert found == at or not allowed(found - MICRO)
        assert found == at or not allowed(at)

    @given(data=st.data(), limit=st.integers(1, 4))
    @laws
    def test_it_opens_as_soon_as_fewer_count(self, data: st.DataObject, limit: int) -> None:
        day = date(2026, 3, 8)
        at, sent = data.draw(instants_near(day)), data.draw(st.lists(instants_near(day), max_size=12))
        cap = RollingLimit(limit, data.draw(durations(3)) + MICRO)
        opens = cap.opens(at, sent)

        assert opens is not None
        assert opens >= at
        assert cap.count(opens, sent) < limit
        assert opens == at or cap.count(opens - MICRO, sent) >= limit


class TestProration:
    @given(data=st.data(), anchor=DATES, months=st.integers(1, 24))
    @laws
    def test_the_parts_of_a_billing_period_are_worth_all_of_it(
        self, data: st.DataObject, anchor: date, months: int
    ) -> None:
        whole = Months(months).period(anchor, data.draw(st.integers(-20, 20)))
        assert whole.length is not None
        cuts = sorted(data.draw(st.sets(st.integers(1, whole.length.days - 1), max_size=4)))
        edges = [whole.start, *(whole.start + timedelta(days=cut) for cut in cuts), whole.end]
        parts = [Period(start, end) for start, end in pairwise(edges)]

        assert sum(prorate(part, whole, by="period_days") for part in parts) == 1
        assert sum(prorate(part, whole, by="thirty_day_months") for part in parts) == 1

    @given(start=DATES, months=st.integers(0, 48), term=st.integers(1, 36))
    @laws
    def test_whole_months_are_worth_their_number(self, start: date, months: int, term: int) -> None:
        part = Period(start, add_months(start, months))

        assert prorate(part, Months(term), by="month") == Fraction(months, term)
        assert prorate(part, Months(term), by="month_day") == Fraction(months, term)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("America/New_York")])
def test_two_hundred_years_are_exact(zone: tzinfo) -> None:
    """Elapsed time over two centuries is the sum of its years."""
    office = BusinessCalendar((Window("mon", "09:00", "17:00"),), tz=zone)
    start, end = datetime(1900, 1, 1, tzinfo=zone), datetime(2100, 1, 1, tzinfo=zone)
    mondays = sum(date.fromordinal(day).weekday() == 0 for day in range(start.toordinal(), end.toordinal()))

    assert office.elapsed(start, end) == mondays * timedelta(hours=8)
