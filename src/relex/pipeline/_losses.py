"""Why deals are lost, and to whom."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import joined, table
from relex.figures import Figure, ratio
from relex.money import Money
from relex.pipeline._reading import converter, deals_of, how, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.calendars import Period
    from relex.figures import Parameter
    from relex.money import RateTable
    from relex.pipeline._opportunity import Opportunity

__all__ = ["Loss", "Losses", "losses"]

_BY = {"reason": "lost_reason", "competitor": "competitor", "stage": "lost_from"}
_CHECK = _checks.one_of(*_BY)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Loss:
    """The deals that were lost for one reason, to one competitor, or from one stage.

    Attributes:
        value: The reason, the competitor or the stage; None is not known.
        count: How many.
        share: Of all lost deals.
        amounts: Their last amounts while they were open, added up, one for each currency, by currency.
        without_amount: How many have none.
        stages: From how many of them each stage was the last open one, the most frequent first.

    .. versionadded:: 0.1.0
    """

    value: str | None
    count: int
    share: Figure
    amounts: tuple[Money, ...]
    without_amount: int
    stages: tuple[tuple[str | None, int], ...]

    def __str__(self) -> str:
        return f"{self.value or 'not known'}: {self.share.as_percent()}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Losses:
    """Why deals were lost, or to whom, or from which stage; made by `losses`.

    Attributes:
        by: `reason`, `competitor` or `stage`.
        rows: The most frequent first, then by value; what is not known comes last of its frequency.
        lost: How many deals there are in all.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    by: str
    rows: tuple[Loss, ...]
    lost: int
    as_of: datetime

    def __str__(self) -> str:
        return "\n".join([f"{self.lost} deals lost, by {self.by}", *(f"  {row}" for row in self.rows)])

    def _repr_html_(self) -> str:
        rows = [
            (
                row.value or "not known",
                row.count,
                f"{row.share.as_percent().show(1)} %",
                joined(row.amounts),
                ", ".join(f"{stage or 'never open'} {count}" for stage, count in row.stages),
            )
            for row in self.rows
        ]
        return table(f"{self.lost} deals lost", (self.by, "deals", "share", "amount", "lost from"), rows)


def losses(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    by: str = "reason",
    period: Period | None = None,
    tz: tzinfo = UTC,
    rates: RateTable | None = None,
    currency: str | None = None,
) -> Losses:
    """Why deals were lost, or to whom, or from which stage, with how many and how much.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        by: `reason`, `competitor`, or `stage`: the last open one.
        period: When they were lost: dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin.
        rates: Convert all amounts with these.
        currency: Into this one.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.
        NotFound: For a rate that the table does not have.

    Example:
        >>> from datetime import timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> one, _ = Opportunity.open("d1", sales, at=may)
        >>> two, _ = Opportunity.open("d2", sales, at=may)
        >>> lost = [deal.lose(sales, reason="price", at=may, competitor="Acme").state for deal in (one, two)]
        >>> print(losses(lost, as_of=may, by="competitor"))
        2 deals lost, by competitor
          Acme: 100.00 percent (2 of 2)

    .. versionadded:: 0.1.0
    """
    _CHECK.require("losses.by", by)
    is_inside = within("losses", period, tz)
    convert = converter("losses", rates, currency)
    groups: dict[str | None, list[Opportunity]] = {}
    for deal in deals_of("losses", deals, as_of):
        if deal.kind == "lost" and deal.closed_at is not None and is_inside(deal.closed_at):
            groups.setdefault(getattr(deal, _BY[by]), []).append(deal)
    lost = sum(map(len, groups.values()))
    parameters = how(period, tz, rates, currency)
    rows = [_row(value, members, lost, convert, parameters, as_of) for value, members in groups.items()]
    return Losses(by=by, rows=tuple(sorted(rows, key=_most_first)), lost=lost, as_of=as_of)


def _row(
    value: str | None,
    deals: list[Opportunity],
    lost: int,
    convert: Callable[[Money], Money],
    parameters: dict[str, Parameter],
    as_of: datetime,
) -> Loss:
    amounts = [convert(deal.amount) for deal in deals if deal.amount is not None]
    share = ratio(len(deals), lost, method="share of lost deals", parameters=parameters, as_of=as_of)
    return Loss(
        value=value,
        count=len(deals),
        share=share,
        amounts=_by_currency(amounts),
        without_amount=len(deals) - len(amounts),
        stages=_stages(deals),
    )


def _by_currency(amounts: list[Money]) -> tuple[Money, ...]:
    found: dict[str, list[Money]] = {}
    for amount in amounts:
        found.setdefault(amount.currency, []).append(amount)
    return tuple([Money.sum(found[currency]) for currency in sorted(found)])


def _stages(deals: list[Opportunity]) -> tuple[tuple[str | None, int], ...]:
    counts = Counter([deal.lost_from for deal in deals])
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or "")))


def _most_first(row: Loss) -> tuple[int, bool, str]:
    return -row.count, row.value is None, row.value or ""
