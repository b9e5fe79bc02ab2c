"""Which share of those who came in the same month has converted: so far, and within so many days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import Period, local_date
from relex.errors import InvalidValue
from relex.figures import Figure, Number, Parameter, ratio
from relex.pipeline._reading import deals_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.pipeline._opportunity import Opportunity

__all__ = ["Cohort", "Cohorts", "FirstContact", "cohort_conversion", "first_contacts"]

_DAYS = _checks.whole(least=0)
_UNIT = _checks.one_of("day", "week", "month", "quarter", "half", "year")
_DAY = timedelta(days=1)
_MATURE = {True: "", False: "immature"}


@attrs.frozen(weakref_slot=False)
class FirstContact:
    """When somebody or something came first, and when it became what it should become.

    Attributes:
        subject: Id of the deal, the lead, or whatever it is.
        first: When it came.
        converted: When it was won, or qualified, or whatever counts; None as long as it was not.

    .. versionadded:: 0.1.0
    """

    subject: str = attrs.field(validator=_checks.text)
    first: datetime = attrs.field(validator=_checks.instant, eq=moment)
    converted: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )


_CONTACT = _checks.a(FirstContact)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Cohort:
    """Those who came in one period.

    Attributes:
        period: Dates.
        size: How many came.
        so_far: Which share has converted up to the instant of the question.
        within: Which share converted within the days that were asked for; the part `anomalies` says how many converted
            before they came, and count as converted and not as within.
        mature: Whether the last day that counts as `within` is over for the whole cohort; else `within` may still grow.

    .. versionadded:: 0.1.0
    """

    period: Period
    size: int
    so_far: Figure
    within: Figure
    mature: bool


@attrs.frozen(kw_only=True, weakref_slot=False)
class Cohorts:
    """The cohorts of one question, the earliest first; made by `cohort_conversion`.

    Attributes:
        cohorts: Those with anybody in them.
        days: Within how many days.
        unit: Of the periods.
        anomalies: Ids of those who converted before they came, sorted.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    cohorts: tuple[Cohort, ...]
    days: int
    unit: str
    anomalies: tuple[str, ...]
    as_of: datetime

    def __str__(self) -> str:
        return "\n".join(
            f"{each.period.start}: {each.within.as_percent()} within {self.days} days{'' if each.mature else ' so far'}"
            for each in self.cohorts
        )

    def _repr_html_(self) -> str:
        rows = [
            (
                each.period.start,
                each.size,
                *map(_percent, (each.so_far, each.within)),
                "" if each.mature else "immature",
            )
            for each in self.cohorts
        ]
        titles = (self.unit, "came", "converted so far", f"within {self.days} days", "")
        return table(f"conversion by {self.unit}, as of {self.as_of:%Y-%m-%d}", titles, rows)


def first_contacts(deals: Iterable[Opportunity], *, as_of: datetime) -> tuple[FirstContact, ...]:
    """When deals were opened, and when they were won.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.

    Raises:
        InvalidValue: For a naive datetime, or what is no deal.

    .. versionadded:: 0.1.0
    """
    return tuple(
        [
            FirstContact(deal.id, deal.opened_at, deal.closed_at if deal.kind == "won" else None)
            for deal in deals_of("first_contacts", deals, as_of)
        ]
    )


def cohort_conversion(
    contacts: Iterable[FirstContact], *, as_of: datetime, days: int, unit: str = "month", tz: tzinfo = UTC
) -> Cohorts:
    """Which share of those who came in the same period has converted, so far and within so many days.

    A cohort that is younger than that is marked and never extrapolated: its share may still grow.

    Args:
        contacts: Who came when; what is dated after `as_of` is not seen.
        as_of: The instant; aware.
        days: Within how many days of coming a conversion counts, the last one included; days are between dates.
        unit: Of the cohorts: `day`, `week`, `month`, `quarter`, `half` or `year`.
        tz: Whose calendar tells the dates.

    Raises:
        InvalidValue: For a naive datetime, an unknown unit, a subject that is there twice, or an argument of a wrong
            type.

    Example:
        >>> may, june = datetime(2026, 5, 20, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
        >>> came = [FirstContact("a", may, may + timedelta(days=5)), FirstContact("b", may), FirstContact("c", june)]
        >>> print(cohort_conversion(came, days=7, as_of=datetime(2026, 6, 20, tzinfo=UTC)))
        2026-05-01: 50.00 percent (1 of 2) within 7 days
        2026-06-01: 0.00 percent (0 of 1) within 7 days so far

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("cohort_conversion.as_of", as_of)
    _DAYS.require("cohort_conversion.days", days)
    _UNIT.require("cohort_conversion.unit", unit)
    _checks.zone.require("cohort_conversion.tz", tz)
    groups: dict[date, list[FirstContact]] = {}
    for each in _once(contacts):
        if not is_before(as_of, each.first):
            groups.setdefault(Period.of(unit, local_date(each.first, tz)).start, []).append(_seen(each, as_of))
    cohorts = [_cohort(Period.of(unit, start), groups[start], days, as_of, tz) for start in sorted(groups)]
    odd = [each.subject for members in groups.values() for each in members if _days(each, tz) < 0]
    return Cohorts(cohorts=tuple(cohorts), days=days, unit=unit, anomalies=tuple(sorted(odd)), as_of=as_of)


def _once(contacts: Iterable[FirstContact]) -> tuple[FirstContact, ...]:
    found = _checks.items("cohort_conversion.contacts", contacts)
    for each in found:
        _CONTACT.require("cohort_conversion.contacts", each)
    if len({each.subject for each in found}) < len(found):
        raise InvalidValue("cohort_conversion.contacts", f"{len(found)} contacts", "each subject once")
    return found


def _seen(each: FirstContact, as_of: datetime) -> FirstContact:
    if each.converted is None or not is_before(as_of, each.converted):
        return each
    return attrs.evolve(each, converted=None)


def _cohort(period: Period, members: list[FirstContact], days: int, as_of: datetime, tz: tzinfo) -> Cohort:
    lengths = [_days(each, tz) for each in members if each.converted is not None]
    parts: dict[str, Number | None] = {"anomalies": sum(length < 0 for length in lengths)}
    parameters: dict[str, Parameter] = {"days": days, "tz": str(tz)}
    last: date = period.end - _DAY  # type: ignore[operator, assignment]  # a calendar unit of dates
    return Cohort(
        period=period,
        size=len(members),
        so_far=ratio(len(lengths), len(members), parts=parts, method="converted so far", as_of=as_of),
        within=ratio(
            sum(0 <= length <= days for length in lengths),
            len(members),
            parts=parts,
            method="converted within days",
            parameters=parameters,
            as_of=as_of,
        ),
        mature=(local_date(as_of, tz) - last).days > days,
    )


def _days(each: FirstContact, tz: tzinfo) -> int:
    """From coming to converting; 0 as long as it has not."""
    if each.converted is None:
        return 0
    return (local_date(each.converted, tz) - local_date(each.first, tz)).days


def _percent(share: Figure) -> str:
    return f"{share.as_percent().show(1)} %"
