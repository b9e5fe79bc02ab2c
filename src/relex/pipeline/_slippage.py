"""Expected closes that move: pushes and pulls of one deal, the deals that slipped out of a period, overdue deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex._instants import is_before
from relex.calendars import Period, calendar_index, local_date, midnight
from relex.errors import InvalidValue
from relex.figures import Figure, ratio
from relex.pipeline._events import CloseDateChanged, OpportunityOpened
from relex.pipeline._merges import OpportunitiesMerged
from relex.pipeline._opportunity import Opportunity, after_each
from relex.pipeline._reading import deals_of, is_live, seen_deal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.money import Money

__all__ = ["Slippage", "SlippedDeal", "SlippedDeals", "days_overdue", "slippage", "slipped"]

_FATES: tuple[str, ...] = ("slipped", "won", "lost", "open_in_period", "pulled_in", "undated")
_MONTH = _checks.whole(least=1, most=12)
_DATING = (OpportunityOpened, CloseDateChanged, OpportunitiesMerged)
"""The events by which a deal comes to another date: no others need to be folded."""

_PERIOD = _checks.Check(
    "a Period of dates with an end",
    lambda value: isinstance(value, Period) and value.end is not None and not isinstance(value.start, datetime),
)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Slippage:
    """How the expected close of one deal has moved; made by `slippage`.

    Attributes:
        opportunity: Id of the deal.
        moves: Every change from one date to another, oldest first.
        first: The first date that was known; None if there never was one.
        current: The date now; None where there is none.
        days: From the first to the current one; None where there is none.
        months: How many borders of months lie between: 31 March to 1 April is one.
        quarters: How many borders of quarters of the fiscal year.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    moves: tuple[CloseDateChanged, ...]
    first: date | None
    current: date | None
    days: int | None
    months: int | None
    quarters: int | None
    as_of: datetime

    @property
    def pushes(self) -> int:
        """How often the date was moved to a later one."""
        return sum(move.to > move.from_ for move in self.moves)  # type: ignore[operator]

    @property
    def pulls(self) -> int:
        """How often it was moved to an earlier one."""
        return len(self.moves) - self.pushes

    def __str__(self) -> str:
        moved = (
            "no date"
            if self.days is None
            else f"{self.days:+} days, {self.months:+} months, {self.quarters:+} quarters"
        )
        return f"{self.opportunity}: {self.pushes} pushes, {self.pulls} pulls, {moved}"

    def _repr_html_(self) -> str:
        rows = [(f"{move.at:%Y-%m-%d}", move.from_, move.to, _apart(move), move.reason) for move in self.moves]
        return table(str(self), ("changed", "from", "to", "days", "reason"), rows)


def slippage(opportunity: Opportunity, *, as_of: datetime, year_starts: int = 1) -> Slippage:
    """How often and how far the expected close of a deal was moved.

    A date that is set for the first time, or again after it was taken away, is no move.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        as_of: The instant; aware.
        year_starts: The first month of the fiscal year, 1 to 12.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, or an argument of a wrong type.

    Example:
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, march = Pipeline.preset("four_steps", "sales"), datetime(2026, 3, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=march, expected_close=date(2026, 3, 31))
        >>> deal, _ = deal.change_close_date(date(2026, 4, 10), at=march)
        >>> print(slippage(deal, as_of=march))
        d1: 1 pushes, 0 pulls, +10 days, +1 months, +1 quarters

    .. versionadded:: 0.1.0
    """
    _MONTH.require("slippage.year_starts", year_starts)
    deal = seen_deal("slippage", opportunity, as_of)
    first, moves = _dates(deal)
    return Slippage(
        opportunity=deal.id,
        moves=tuple(moves),
        first=first,
        current=deal.expected_close,
        days=_between("day", first, deal.expected_close, year_starts),
        months=_between("month", first, deal.expected_close, year_starts),
        quarters=_between("quarter", first, deal.expected_close, year_starts),
        as_of=as_of,
    )


@attrs.frozen(kw_only=True, weakref_slot=False)
class SlippedDeal:
    """A deal that was expected to close in a period and is expected later now.

    Attributes:
        opportunity: Id of the deal.
        owner: Who works on it now.
        amount: What it is worth now.
        expected: When it was expected to close as the period began, or as it was opened.
        current: When it is expected to close now.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    owner: str | None
    amount: Money | None
    expected: date
    current: date

    @property
    def days(self) -> int:
        """By how much it slipped."""
        return (self.current - self.expected).days

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.expected} to {self.current}, {self.days} days"


@attrs.frozen(kw_only=True, weakref_slot=False)
class SlippedDeals:
    """What became of the deals that were expected to close in a period; made by `slipped`.

    Attributes:
        period: The period.
        deals: Those that slipped, the farthest first, then by id.
        share: Of the deals that were expected; its parts say what became of all of them: `slipped`, `won`, `lost`,
            `open_in_period`, `pulled_in` (open, expected before the period now) and `undated` (open, without a date).
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    period: Period
    deals: tuple[SlippedDeal, ...]
    share: Figure
    as_of: datetime

    def __str__(self) -> str:
        return f"slipped out of {self.period.start} to {self.period.end}: {self.share.as_percent()}"

    def _repr_html_(self) -> str:
        rows = [
            (each.opportunity, each.owner, each.amount, each.expected, each.current, each.days) for each in self.deals
        ]
        titles = ("deal", "owner", "amount", "was expected", "is expected", "days")
        told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in self.share.parts)
        return table(str(self), titles, rows) + note(told)


def slipped(deals: Iterable[Opportunity], period: Period, *, as_of: datetime, tz: tzinfo = UTC) -> SlippedDeals:
    """The deals that were expected to close in a period when it began, and are open and expected after it now.

    A deal that was opened later counts by the date that it was opened with; one that was opened when the period was
    over was never expected in it, whatever that date is.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        period: Dates.
        as_of: The instant; aware, and not before the period.
        tz: On whose clock the period begins and ends.

    Raises:
        InvalidValue: For a naive datetime, an instant before the period, a period of instants or without an end.

    Example:
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, march = Pipeline.preset("four_steps", "sales"), datetime(2026, 3, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=march, expected_close=date(2026, 3, 31))
        >>> deal, _ = deal.change_close_date(date(2026, 4, 10), at=march.replace(day=20))
        >>> print(slipped([deal], Period.of("quarter", date(2026, 3, 1)), as_of=march.replace(month=4)).deals[0])
        d1: 2026-03-31 to 2026-04-10, 10 days

    .. versionadded:: 0.1.0
    """
    _PERIOD.require("slipped.period", period)
    _checks.zone.require("slipped.tz", tz)
    known = deals_of("slipped", deals, as_of)
    begin, end = midnight(period.start, tz), midnight(period.end, tz)  # type: ignore[arg-type]  # of dates, see above
    if is_before(as_of, begin):
        raise InvalidValue("slipped.as_of", as_of, f"an instant from {begin.isoformat()} on")
    found: list[SlippedDeal] = []
    counts = dict.fromkeys(_FATES, 0)
    for deal in known:
        expected = _expected(deal, begin) if is_before(deal.opened_at, end) else None
        if expected is not None and expected in period:
            fate = _fate(deal, period)
            counts[fate] += 1
            if fate == "slipped":
                found.append(_slipped(deal, expected))
    share = ratio(
        counts["slipped"],
        sum(counts.values()),
        parts=counts,
        method="slipped out of a period",
        parameters={"period_start": period.start, "period_end": period.end, "tz": str(tz)},
        as_of=as_of,
    )
    return SlippedDeals(period=period, deals=tuple(sorted(found, key=_farthest_first)), share=share, as_of=as_of)


def days_overdue(opportunity: Opportunity, *, as_of: datetime, tz: tzinfo = UTC) -> int | None:
    """How many days ago an open deal was expected to close; None when it is not overdue.

    It is overdue when the date is before the one that the calendar of `tz` shows at `as_of`.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        as_of: The instant; aware.
        tz: Whose calendar tells the date.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, or an argument of a wrong type.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, evening = Pipeline.preset("four_steps", "sales"), datetime(2026, 8, 23, 22, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=evening, expected_close=date(2026, 8, 23))
        >>> days_overdue(deal, as_of=evening), days_overdue(deal, as_of=evening, tz=ZoneInfo("Asia/Ho_Chi_Minh"))
        (None, 1)

    .. versionadded:: 0.1.0
    """
    _checks.zone.require("days_overdue.tz", tz)
    deal = seen_deal("days_overdue", opportunity, as_of)
    return overdue_days(deal, local_date(as_of, tz))


def overdue_days(deal: Opportunity, today: date) -> int | None:
    """The same of a deal as it is, by a date."""
    if not is_live(deal) or deal.expected_close is None or deal.expected_close >= today:
        return None
    return (today - deal.expected_close).days


def _dates(deal: Opportunity) -> tuple[date | None, list[CloseDateChanged]]:
    """The first date that was known, and the moves from there; what a merge brought and took back again is not seen."""
    first, day = None, None
    moves: list[CloseDateChanged] = []
    for event, state in after_each(tuple([event for event in deal.events if isinstance(event, _DATING)])):
        if isinstance(event, CloseDateChanged) and day is not None and event.to not in {None, day}:
            moves.append(attrs.evolve(event, from_=day))
        day = state.expected_close
        first = day if first is None else first
    return first, moves


def _between(unit: str, first: date | None, current: date | None, year_starts: int) -> int | None:
    if first is None or current is None:
        return None
    ends = (calendar_index(unit, day, year_starts=year_starts) for day in (current, first))
    return next(ends) - next(ends)


def _apart(move: CloseDateChanged) -> int:
    return (move.to - move.from_).days  # type: ignore[operator]  # only moves between two dates are kept


def _expected(deal: Opportunity, begin: datetime) -> date | None:
    """When the deal was expected to close at an instant, or when it was opened if that was later."""
    then = deal.as_of(deal.opened_at if is_before(begin, deal.opened_at) else begin)
    return None if then is None or then.kind != "open" else then.expected_close


def _fate(deal: Opportunity, period: Period) -> str:
    if deal.kind != "open":
        return deal.kind
    if deal.expected_close is None:
        return "undated"
    if deal.expected_close in period:
        return "open_in_period"
    return "pulled_in" if deal.expected_close < period.start else "slipped"


def _slipped(deal: Opportunity, expected: date) -> SlippedDeal:
    current: date = deal.expected_close  # type: ignore[assignment]  # it has one, or it would have another fate
    return SlippedDeal(opportunity=deal.id, owner=deal.owner, amount=deal.amount, expected=expected, current=current)


def _farthest_first(deal: SlippedDeal) -> tuple[int, str]:
    return -deal.days, deal.opportunity
