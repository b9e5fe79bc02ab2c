"""What happened to a forecast between two instants: lines that lead from one amount to the other, and close."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import attrs

from relex import _checks
from relex._html import joined, table, text
from relex._instants import in_utc, moment
from relex.errors import CurrencyMismatch, InvalidValue
from relex.figures import Figure
from relex.money import Money
from relex.pipeline._forecast_pass import EXACT
from relex.pipeline._forecast_reading import OUT, Noted, Places, reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from relex.pipeline._forecast import Forecast
    from relex.pipeline._forecast_question import ForecastQuestion
    from relex.pipeline._opportunity import Opportunity

__all__ = ["LINES", "Bridge", "BridgeLine", "CategoryMove", "bridge_of"]

LINES = ("new", "reopened", "pulled_in", "increased", "decreased", "pushed_out", "merged", "lost")
"""The kinds of lines, those that add before those that take away."""


@attrs.frozen(kw_only=True)
class BridgeLine:
    """What happened to one deal in one currency.

    Attributes:
        kind: `new`: it was opened since; `reopened`: it was lost, or merged; `pulled_in`: it was outside the period;
            `increased` and `decreased`: it was there before and after; `pushed_out`: it is outside the period now;
            `merged`: another deal goes on in its place; `lost`.
        deal: Id of the deal.
        before: What it was worth in the period before.
        after: What it is worth in the period now.

    .. versionadded:: 0.1.0
    """

    kind: str
    deal: str
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        """What the line adds; below 0 where it takes away."""
        return self.after - self.before

    def __str__(self) -> str:
        return f"{self.kind} {self.deal}: {self.difference}"


@attrs.frozen(kw_only=True)
class CategoryMove:
    """The deals that went from one category to another.

    Attributes:
        before: The category before; None for deals that were not in the period.
        after: The category now; None for deals that are not in the period any more.
        deals: Their ids, sorted.
        amounts: What they are worth now, or were before if they left, one amount for each currency.

    .. versionadded:: 0.1.0
    """

    before: str | None
    after: str | None
    deals: tuple[str, ...]
    amounts: tuple[Money, ...]


@attrs.frozen(kw_only=True)
class Bridge:
    """What leads from one amount to another: before + all lines = after, in each currency and exactly.

    Counted is what a deal is worth in the period while it is open or won. With a table of rates all is in its currency,
    except for what it states no rate for.

    Attributes:
        question: What is asked; its `as_of` is the later instant.
        since: The earlier instant.
        before: The amount before, one for each currency.
        after: The amount after, one for each currency.
        lines: One for each deal whose worth changed, by kind and id.
        moves: The matrix of categories: every deal that was or is in the period, lost ones in `omitted`.

    .. versionadded:: 0.1.0
    """

    question: ForecastQuestion
    since: datetime
    before: tuple[Money, ...]
    after: tuple[Money, ...]
    lines: tuple[BridgeLine, ...]
    moves: tuple[CategoryMove, ...]

    def of(self, kind: str) -> tuple[BridgeLine, ...]:
        """The lines of one kind.

        Raises:
            InvalidValue: For an unknown kind.

        .. versionadded:: 0.1.0
        """
        _checks.one_of(*LINES).require("Bridge.kind", kind)
        return tuple([line for line in self.lines if line.kind == kind])

    def amounts(self, kind: str) -> tuple[Money, ...]:
        """What the lines of one kind add, one amount for each currency.

        Raises:
            InvalidValue: For an unknown kind.

        .. versionadded:: 0.1.0
        """
        return _summed(line.difference for line in self.of(kind))

    def figure(self, kind: str) -> Figure:
        """What the lines of one kind add, with the number of deals; 0 where there are none.

        Args:
            kind: Of lines, or `before` or `after`.

        Returns:
            None with `no_data` where no deal tells the currency.

        Raises:
            InvalidValue: For an unknown kind.
            CurrencyMismatch: For several currencies.

        .. versionadded:: 0.1.0
        """
        _checks.one_of("before", *LINES, "after").require("Bridge.kind", kind)
        amounts = getattr(self, kind) if kind in ("before", "after") else self.amounts(kind)
        currencies = sorted({money.currency for money in (*self.before, *self.after)})
        if len(currencies) > 1:
            raise CurrencyMismatch(currencies[0], currencies[1])
        value = amounts[0] if amounts else Money(0, currencies[0]) if currencies else None
        return Figure(
            value,
            "" if value is None else value.currency,
            parts={} if kind in ("before", "after") else {"deals": len(self.of(kind))},
            method="forecast: bridge",
            parameters={"line": kind, "before": self.since},
            as_of=self.question.as_of,
            reason="no_data" if value is None else None,
        )

    def __str__(self) -> str:
        steps = [f"{kind} {_told(self.amounts(kind))}" for kind in LINES if self.of(kind)]
        return " | ".join([f"before {_told(self.before)}", *steps, f"after {_told(self.after)}"])

    def _repr_html_(self) -> str:
        """The bridge as a table, and the matrix of categories."""
        rows = [
            (kind.replace("_", " "), len(self.of(kind)), joined(self.amounts(kind))) for kind in LINES if self.of(kind)
        ]
        title = f"{self.since:%Y-%m-%d} to {self.question.as_of:%Y-%m-%d}"
        ends = ("before", None, joined(self.before)), ("after", None, joined(self.after))
        bridge = table(title, ("line", "deals", "amount"), (ends[0], *rows, ends[1]))
        moves = [
            (_named(each.before), _named(each.after), len(each.deals), joined(each.amounts)) for each in self.moves
        ]
        return bridge + table("categories", ("from", "to", "deals", "amount"), moves)


def bridge_of(after: Forecast, before: ForecastQuestion) -> Bridge:
    """What happened between the instant of a question and that of a forecast which asks the same.

    Raises:
        InvalidValue: For a first instant that is not the earlier one.
    """
    since, until = before.as_of, after.question.as_of
    if moment(since) > moment(until):
        raise InvalidValue("explain.before", since, f"an instant no later than {until.isoformat()}")
    moved = _looks(after, before)
    looks = [look for found in moved.values() for look in found]
    lines = [line for look in looks for line in _lines(*look, since, until)]
    return Bridge(
        question=after.question,
        since=since,
        before=_summed(was.worth for _, was, _ in looks),
        after=_summed(now.worth for _, _, now in looks),
        lines=tuple(sorted(lines, key=lambda line: (LINES.index(line.kind), line.deal, line.difference.currency))),
        moves=tuple([_move(*key, found) for key, found in sorted(moved.items(), key=_by_names)]),
    )


class _Look(NamedTuple):
    """A deal in the period of a forecast: its category and amount."""

    category: str | None = None
    amount: Money | None = None
    counts: bool = False

    @property
    def worth(self) -> Money | None:
        """What it adds."""
        return self.amount if self.counts else None


_ABSENT = _Look()
_Looks: TypeAlias = "list[tuple[Opportunity, _Look, _Look]]"
_Key: TypeAlias = "tuple[str | None, str | None]"


def _looks(after: Forecast, before: ForecastQuestion) -> dict[_Key, _Looks]:
    """The deals that were or are in the period, by their categories then and now."""
    then, now = _looker(after, before), _looker(after, after.question)
    at, stays = in_utc("explain.before", before.as_of), before.overdue == "stay"
    moved: dict[_Key, _Looks] = {}
    for deal in after.opportunities:
        look = now(deal)
        past = look if stays and deal.changed_at <= at else then(deal)
        if past is not _ABSENT or look is not _ABSENT:
            moved.setdefault((past.category, look.category), []).append((deal, past, look))
    return moved


def _looker(view: Forecast, question: ForecastQuestion) -> Callable[[Opportunity], _Look]:
    """A function that looks at a deal as of the instant of a question."""
    stand, places = reader(question, view.pipelines, view.predicted, Noted()), Places(question)

    def look(deal: Opportunity) -> _Look:
        standing = stand(deal)
        if standing is None or places[standing[1]] == OUT:
            return _ABSENT
        state, _, category, _ = standing
        return _Look(category, view.exchanged(state.amount), state.kind != "lost")

    return look


def _lines(deal: Opportunity, was: _Look, now: _Look, since: datetime, until: datetime) -> Iterator[BridgeLine]:
    """One line for a deal whose worth changed, two where its currency did, none for the others."""
    worths = was.worth, now.worth
    if was is now or worths[0] == worths[1]:
        return
    kind = None
    if not (was.counts and now.counts):
        kind = _came(deal.as_of(since)) if now.counts else _went(deal.as_of(until))
    for currency in sorted({money.currency for money in worths if money is not None}):
        before, after = [_part(money, currency) for money in worths]
        if before != after:
            line = kind or ("increased" if after > before else "decreased")
            yield BridgeLine(kind=line, deal=deal.id, before=before, after=after)


def _part(money: Money | None, currency: str) -> Money:
    return money if money is not None and money.currency == currency else Money(0, currency)


def _came(state: Opportunity | None) -> str:
    if state is None:
        return "new"
    return "reopened" if state.kind == "lost" or state.merged_into is not None else "pulled_in"


def _went(state: Any) -> str:
    if state.merged_into is not None:
        return "merged"
    return "lost" if state.kind == "lost" else "pushed_out"


def _move(before: str | None, after: str | None, looks: _Looks) -> CategoryMove:
    amounts = _summed((was if after is None else now).amount for _, was, now in looks)
    return CategoryMove(
        before=before, after=after, deals=tuple(sorted([deal.id for deal, _, _ in looks])), amounts=amounts
    )


def _by_names(item: tuple[tuple[str | None, str | None], Any]) -> tuple[str, str]:
    (before, after), _ = item
    return before or "", after or ""


def _summed(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """One amount for each currency, sorted."""
    found: dict[str, Decimal] = {}
    with decimal.localcontext(EXACT):
        for money in amounts:
            if money is not None:
                found[money.currency] = found.get(money.currency, Decimal(0)) + money.amount
    return tuple([Money(amount, currency) for currency, amount in sorted(found.items())])


def _told(amounts: tuple[Money, ...]) -> str:
    return text(joined(amounts) or 0)


def _named(category: str | None) -> str:
    return (category or "outside").replace("_", " ")
