"""Targets: what somebody is to bring in, in a period."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline._adjustments import DATED, each_once, newest_first
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MEASURES", "Quota", "quotas_at"]

MEASURES = ("amount", "count")
"""What a quota may be of."""

_COUNT = _checks.whole(least=0)


@tagged("pipeline.Quota")
@attrs.frozen(weakref_slot=False)
class Quota:
    """What somebody is to win in a period: an entry, immutable and idempotent by id.

    The newest one of a subject, a period and a measure counts, so a quota is revised by another entry. Two of one
    subject and one measure whose periods overlap are refused where quotas are read.

    Attributes:
        id: Of the quota.
        subject: Whose: an owner, a team, a territory, whatever a forecast is asked `by`.
        period: Of dates, with an end.
        amount: Money, of at least 0; of the measure `count` an int: how many deals.
        measure: `amount` or `count`.
        at: When it was set; aware.
        fact_schema: The facts of every quota.

    Raises:
        InvalidValue: For a wrong type, an amount below 0 or of another measure, a naive datetime, a period without an
            end.

    Example:
        >>> from datetime import timezone
        >>> day = datetime(2026, 1, 1, tzinfo=timezone.utc)
        >>> quarter = Period.of("quarter", day.date())
        >>> print(Quota("q1", subject="ana", period=quarter, amount=Money(9000, "USD"), at=day))
        ana: 9000.00 USD from 2026-01-01 to 2026-04-01

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    subject: str = attrs.field(validator=_checks.text, kw_only=True)
    period: Period = attrs.field(validator=DATED, kw_only=True)
    amount: Money | int = attrs.field(kw_only=True)
    measure: str = attrs.field(default="amount", validator=_checks.one_of(*MEASURES), kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "amount": Decimal,
            "at": datetime,
            "currency": str,
            "id": str,
            "kind": str,
            "measure": str,
            "period_end": date,
            "period_start": date,
            "subject": str,
        }
    )

    def __attrs_post_init__(self) -> None:
        """Check that the amount is what the measure says."""
        if self.measure == "count":
            _COUNT.require("Quota.amount", self.amount)
        elif not isinstance(self.amount, Money) or self.amount.amount < 0:
            raise InvalidValue("Quota.amount", self.amount, "Money of at least 0")

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "quota",
            "id": self.id,
            "subject": self.subject,
            "period_start": self.period.start,
            "period_end": self.period.end,
            "amount": self.amount.amount if isinstance(self.amount, Money) else Decimal(self.amount),
            "currency": self.amount.currency if isinstance(self.amount, Money) else None,
            "measure": self.measure,
            "at": self.at,
        }

    def __str__(self) -> str:
        what = self.amount if isinstance(self.amount, Money) else f"{self.amount} deals"
        return f"{self.subject}: {what} from {self.period.start} to {self.period.end}"


def quotas_at(entries: Iterable[Quota], as_of: datetime) -> tuple[Quota, ...]:
    """The quotas that count at an instant, by subject and period.

    Raises:
        Conflict: For two of one id with different contents.
        InvalidValue: For something else, and for two of one subject and measure whose periods overlap.
    """
    found: dict[tuple[str, str, Period], Quota] = {}
    for entry in newest_first(each_once("quotas", entries, Quota), as_of):
        found.setdefault((entry.subject, entry.measure, entry.period), entry)
    kept = sorted(found.values(), key=lambda each: (each.subject, each.measure, each.period.start, each.id))
    for one, other in pairwise(kept):
        if (one.subject, one.measure) == (other.subject, other.measure) and one.period.overlaps(other.period):
            raise InvalidValue("quotas", (one.id, other.id), f"periods of {one.subject} that do not overlap")
    return tuple(kept)
