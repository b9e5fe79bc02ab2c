"""Business time beside businesstimedelta and business-duration, and the dates that a ledger asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import businesstimedelta
from benchmarks.harness import Row
from business_duration import businessDuration

from relex.calendars import BusinessCalendar, BusinessDays, Months, RollingLimit, midnight, weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEW_YORK = ZoneInfo("America/New_York")
WINDOWS = weekly("mon-fri", "09:00", "17:00")
WEEK = timedelta(hours=30)
MONTH = timedelta(hours=8 * 22)
TEN_YEARS = timedelta(hours=8 * 2600)
START = datetime(2026, 6, 3, 12, tzinfo=UTC)


def rows() -> Iterator[Row]:
    """Due dates within a week, a month and ten years; elapsed time; working dates; midnights."""
    yield from _due_rows()
    yield from _elapsed_rows()
    yield from _small_rows()


def _due_rows() -> Iterator[Row]:
    office, in_new_york = BusinessCalendar(WINDOWS, tz=UTC), BusinessCalendar(WINDOWS, tz=NEW_YORK)
    start = START.astimezone(NEW_YORK)
    for name, duration, bar in (("within a week", WEEK, 4e-6), ("ten years ahead", TEN_YEARS, 8e-6)):
        peer = _peer_due(duration)
        assert peer() == office.due(START, duration)
        yield Row(
            name=f"BusinessCalendar: due {name}",
            ours=lambda duration=duration: office.due(START, duration),
            peers={"businesstimedelta": peer},
            at_most=bar,
            note="Monday to Friday, nine to five, UTC",
        )
        yield Row(
            name=f"BusinessCalendar: due {name}, New York",
            ours=lambda duration=duration: in_new_york.due(start, duration),
            at_most=bar,
        )


def _peer_due(duration: timedelta) -> Callable[[], datetime]:
    rule = businesstimedelta.WorkDayRule(start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4])
    rules = businesstimedelta.Rules([rule])
    delta = businesstimedelta.BusinessTimeDelta(rules, hours=duration // timedelta(hours=1))
    return lambda: START + delta


def _elapsed_rows() -> Iterator[Row]:
    office = BusinessCalendar(WINDOWS, tz=UTC)
    rule = businesstimedelta.WorkDayRule(start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4])
    rules = businesstimedelta.Rules([rule])
    for name, duration in (("a month", MONTH), ("ten years", TEN_YEARS)):
        end = office.due(START, duration)
        naive = START.replace(tzinfo=None), end.replace(tzinfo=None)

        def by_rules(end: datetime = end) -> float:
            return float(rules.difference(START, end).hours)

        def by_function(naive: tuple[datetime, datetime] = naive) -> float:
            return float(businessDuration(*naive, time(9), time(17), weekendlist=[5, 6], unit="hour"))

        assert by_rules() == by_function() == duration / timedelta(hours=1)
        yield Row(
            name=f"BusinessCalendar: elapsed, {name}",
            ours=lambda end=end: office.elapsed(START, end),
            peers={"businesstimedelta": by_rules, "business-duration": by_function},
            note="Monday to Friday, nine to five, UTC",
        )


def _small_rows() -> Iterator[Row]:
    office = BusinessCalendar(WINDOWS, tz=NEW_YORK)
    night = START.replace(hour=2)
    sent = [START - timedelta(hours=7 * number) for number in range(10)]
    year, day, cap = Months(12, end_of="month"), date(2026, 6, 3), RollingLimit(3, timedelta(days=1))
    yield Row(name="BusinessCalendar: opens", ours=lambda: office.opens(night))
    yield Row(name="BusinessCalendar: due in ten business days", ours=lambda: office.due(START, BusinessDays(10)))
    yield Row(name="BusinessCalendar: first question", ours=lambda: BusinessCalendar(WINDOWS, tz=NEW_YORK).opens(night))
    yield Row(name="Months: end of a validity", ours=lambda: year.ends(day, NEW_YORK))
    yield Row(name="midnight", ours=lambda: midnight(day, NEW_YORK))
    yield Row(name="RollingLimit: opens, ten instants", ours=lambda: cap.opens(START, sent))
