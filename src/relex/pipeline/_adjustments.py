"""What people say that a forecast should be, beside what it adds up to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import Conflict, CurrencyMismatch
from relex.money import Money
from relex.pipeline._columns import ADJUSTABLE
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = ["DATED", "ForecastAdjustment", "NotApplied", "each_once", "newest_first"]

DATED = _checks.Check(
    "a Period of dates that has an end and is not empty",
    lambda value: (
        isinstance(value, Period)
        and not isinstance(value.start, datetime)
        and value.end is not None
        and not value.is_empty
    ),
)
_MONEY = _checks.a(Money)


@tagged("pipeline.ForecastAdjustment")
@attrs.frozen(weakref_slot=False)
class ForecastAdjustment:
    """Somebody's word on what a person will bring in: an entry, immutable and idempotent by id.

    It is absolute and stands beside what is computed, so it outlives every recomputation, every change of method, of
    categories and of the pipeline. It counts in the column and the period that it names and nowhere else: what is said
    of a month is in no row of the quarter, which lists it in `ForecastRow.other_periods`.

    Attributes:
        id: Of the adjustment.
        subject: Id of the person whose forecast it is.
        by: Id of who adjusts: the person, or somebody above.
        period: Of the forecast; dates.
        column: One of the single columns (`pipeline`, `best_case`, `most_likely`, `commit`) or of the cumulative ones
            (`open_pipeline`, `best_case_forecast`, `most_likely_forecast`, `commit_forecast`).
        amount: What it should be.
        at: When it was made; aware.
        base: The computed amount that it replaced; None where nobody wrote it down.
        note: Why.
        fact_schema: The facts of every adjustment.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, a period without an end, an unknown column.
        CurrencyMismatch: For a base in another currency.

    Example:
        >>> from datetime import timezone
        >>> day = datetime(2026, 1, 1, tzinfo=timezone.utc)
        >>> said = {"period": Period.of("quarter", day.date()), "column": "commit_forecast", "at": day}
        >>> print(ForecastAdjustment("a1", subject="ana", by="mia", amount=Money(110, "USD"), **said))
        mia sets commit_forecast of ana to 110.00 USD

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    subject: str = attrs.field(validator=_checks.text, kw_only=True)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    period: Period = attrs.field(validator=DATED, kw_only=True)
    column: str = attrs.field(validator=_checks.one_of(*ADJUSTABLE), kw_only=True)
    amount: Money = attrs.field(validator=_MONEY, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    base: Money | None = attrs.field(default=None, validator=_checks.optional(_MONEY), kw_only=True)
    note: str = attrs.field(default="", validator=_checks.a(str), kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "amount": Decimal,
            "at": datetime,
            "base": Decimal,
            "by": str,
            "column": str,
            "currency": str,
            "id": str,
            "kind": str,
            "note": str,
            "period_end": date,
            "period_start": date,
            "subject": str,
        }
    )

    def __attrs_post_init__(self) -> None:
        """Check that both amounts are of one currency."""
        if self.base is not None and self.base.currency != self.amount.currency:
            raise CurrencyMismatch(self.amount.currency, self.base.currency)

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "forecast_adjustment",
            "id": self.id,
            "subject": self.subject,
            "by": self.by,
            "period_start": self.period.start,
            "period_end": self.period.end,
            "column": self.column,
            "amount": self.amount.amount,
            "currency": self.amount.currency,
            "at": self.at,
            "base": None if self.base is None else self.base.amount,
            "note": self.note,
        }

    def __str__(self) -> str:
        return f"{self.by} sets {self.column} of {self.subject} to {self.amount}"


@attrs.frozen
class NotApplied:
    """An adjustment that a forecast leaves alone.

    Attributes:
        adjustment: The entry; it is kept.
        reason: `other_method` (its column belongs to the other method), `other_period` (its period is none that this
            forecast shows), `other_currency` (than that of the roll-up, which may have several and no rates),
            `not_in_tree` (of its subject nothing is known), `above_viewer` (made by somebody above the one who looks)
            or `not_a_manager` (made by somebody else than the subject or one above).

    .. versionadded:: 0.1.0
    """

    adjustment: ForecastAdjustment
    reason: str

    def __str__(self) -> str:
        return f"{self.adjustment}: not applied ({self.reason})"


def each_once(path: str, entries: Iterable[Any], kind: type) -> tuple[Any, ...]:
    """Entries of one class, each id once, in any order.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else.
    """
    found: dict[Hashable, Any] = {}
    for entry in _checks.items(path, entries):
        _checks.a(kind).require(path, entry)
        first = found.setdefault(entry.id, entry)
        if first != entry:
            raise Conflict(entry.id, first, entry)
    return tuple(found.values())


def newest_first(entries: Iterable[Any], as_of: datetime) -> list[Any]:
    """The entries that exist at an instant, the newest first; of one instant the larger id first."""
    seen = [entry for entry in entries if moment(entry.at) <= moment(as_of)]
    return sorted(seen, key=lambda entry: (moment(entry.at), entry.id), reverse=True)
