"""Plain rows to purchase periods: the shortest way from a long log to a history.

The loop over the rows touches each row once and does nothing that can be done once per customer and day instead:
kinds are checked per column, days are judged per distinct day, and a bad row is looked for only when there is one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, Inexact, InvalidOperation
from fractions import Fraction
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue
from relex.insights._columns import Columns
from relex.insights._exact import ZERO, exactly
from relex.insights._periods import Ignored, Tally, ignored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relex.insights._basis import Basis

    Row = tuple[Any, Any, Any]

__all__ = ["days_given", "reduce_rows"]

_WIDTH = 3
_ROW = "a row of three items: customer, date or aware datetime, amount"
_WHEN, _AMOUNT = itemgetter(1), itemgetter(2)
_AMOUNT_CHECK = _checks.Check(
    "an int or Decimal of at most 60 digits (a float is never exact)",
    lambda value: not isinstance(value, Fraction) and _checks.exact.passes(value),
)
_BROKEN = (TypeError, ValueError, IndexError, KeyError, AttributeError, InvalidOperation, Inexact)


def days_given(rows: Sequence[Row]) -> bool:
    """Whether the first row carries a business day, not an instant."""
    try:
        return not rows or not isinstance(rows[0][1], datetime)
    except _BROKEN:
        raise InvalidValue("rows[0]", rows[0], _ROW) from None


def reduce_rows(rows: Sequence[Row], basis: Basis) -> tuple[Columns, Ignored]:
    """Customers by id, and what is in none of them.

    Raises:
        InvalidValue: It names the row and the item.
    """
    try:
        with exactly():
            return _Rows(basis, set(map(type, map(_AMOUNT, rows)))).reduced(rows)
    except _BROKEN as error:
        _blame(rows, instants=not days_given(rows))
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue("rows", error, "plain dates, and amounts that can be added exactly") from None


class _Rows:
    """One reduction: what it rests on and what it has collected so far."""

    def __init__(self, basis: Basis, kinds: set[type]) -> None:
        if not kinds <= {int, Decimal}:
            raise TypeError(kinds)
        self.basis = basis
        self.zero: Any = ZERO if Decimal in kinds else 0
        self.bought: dict[Any, Any] = {}
        self.back: dict[Any, list[tuple[date, Any]]] = {}
        self.counted: Sequence[Row] = ()
        self.ignored: dict[str, Tally] = {}

    def reduced(self, rows: Sequence[Row]) -> tuple[Columns, Ignored]:
        if days_given(rows):
            self.collect_days(rows)
        else:
            self.collect(self.seen(rows))
        self.set_nobody_apart()
        columns = self.columns()
        alone = sorted((customer, _sum(pairs)) for customer, pairs in self.back.items() if customer not in self.bought)
        _check_the_rest(alone, self.ignored.values())
        return columns, ignored(self.ignored, 0, alone)

    def collect_days(self, rows: Sequence[Row]) -> None:
        """Rows of business days; a second pass leaves out the days that are not looked at, if there are any."""
        self.collect(rows)
        skipped_or_paired = self.basis.zero == "skip" or self.basis.grain == "order"
        days = set(map(_WHEN, rows) if skipped_or_paired else chain.from_iterable(self.bought.values()))
        days.update(day for pairs in self.back.values() for day, _ in pairs)
        hidden = {day: why for day in days if (why := self.why_hidden(None, day))}
        if hidden:
            self.set_apart([(hidden[row[1]], row[2]) for row in rows if row[1] in hidden])
            self.collect([row for row in rows if row[1] not in hidden])

    def seen(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of instants as rows of business days; rows of one instant object share its judgment."""
        day_of = self.basis.reader()
        visible, hidden = [], []
        last = day = why = None
        for customer, at, amount in rows:
            if at is not last:
                _checks.instant.require("at", at)
                last, day = at, day_of(at)
                why = self.why_hidden(at, day)
            if why:
                hidden.append((why, amount))
            else:
                visible.append((customer, day, amount))
        self.set_apart(hidden)
        return visible

    def why_hidden(self, at: datetime | None, day: date) -> str:
        if not (day <= self.basis.day if at is None else self.basis.sees(at, day)):
            return "later"
        return "" if self.basis.covers(at, day) else "outside"

    def set_apart(self, hidden: list[tuple[str, Any]]) -> None:
        for why in ("later", "outside"):
            amounts = [amount for reason, amount in hidden if reason == why]
            self.ignored[why] = Tally(len(amounts), sum(amounts, ZERO))

    def collect(self, rows: Sequence[Row]) -> None:
        if self.basis.zero == "skip":
            paid = [row for row in rows if row[2] or row[0] is None]
            self.ignored["skipped"] = Tally(len(rows) - len(paid))
            rows = paid
        self.bought, self.back, self.counted = {}, {}, rows
        if self.basis.grain == "order":
            self.line_up(rows)
        else:
            self.add_up(rows)

    def add_up(self, rows: Sequence[Row]) -> None:
        """The hot loop: rows of one customer and day that follow each other are added up before they are filed."""
        zero, bought = self.zero, self.bought
        last: Any = object()  # equal to no customer and to no day
        last_day: Any = last
        run: Any = zero
        days: dict[Any, Any] = {}
        for customer, day, amount in rows:
            if amount < zero:
                self.back.setdefault(customer, []).append((day, amount))
            elif day == last_day and customer == last:
                run += amount
            else:
                days[last_day] = days[last_day] + run if last_day in days else run
                if customer != last:
                    days = bought.setdefault(customer, {})
                    last = customer
                last_day, run = day, amount
        days[last_day] = days[last_day] + run if last_day in days else run

    def line_up(self, rows: Sequence[Row]) -> None:
        """Every row by itself: pairs of day and amount, in an order that does not hang on that of the rows."""
        for customer, day, amount in rows:
            side = self.back if amount < self.zero else self.bought
            side.setdefault(customer, []).append((day, amount))
        for pairs in self.bought.values():
            pairs.sort()

    def set_nobody_apart(self) -> None:
        if None in self.bought or None in self.back:
            amounts = [amount for customer, _, amount in self.counted if customer is None]
            self.ignored["anonymous"] = Tally(len(amounts), sum(amounts, ZERO))
            self.bought.pop(None, None)
            self.back.pop(None, None)

    def columns(self) -> Columns:
        ids = tuple(sorted(self.bought))
        found = list(map(self.bought.__getitem__, ids))
        starts, amounts = _side_by_side(found) if self.basis.grain == "order" else _by_start(found)
        last_days = tuple(map(max, starts))
        if self.basis.grain in {"week", "month"}:
            starts, amounts = _by_start([_merged(days, self.basis.starts()) for days in found])
        unplaced = {customer: _sum(pairs) for customer, pairs in self.back.items() if customer in self.bought}
        totals = tuple(map(sum, amounts, map(unplaced.get, ids, repeat(ZERO))))
        _check(ids, last_days, totals)
        return Columns(ids, starts, amounts, last_days, totals, unplaced)


def _check(ids: tuple[Any, ...], last_days: tuple[Any, ...], totals: tuple[Decimal, ...]) -> None:
    if not (set(map(type, ids)) <= {str} and ids[:1] != ("",) and set(map(type, last_days)) <= {date}):
        raise TypeError
    if not all(map(Decimal.is_finite, totals)):
        raise ValueError


def _check_the_rest(alone: Iterable[tuple[Any, Decimal]], tallies: Iterable[Tally]) -> None:
    for customer, amount in alone:
        if type(customer) is not str or not customer or not amount.is_finite():
            raise ValueError
    if not all(tally.amount.is_finite() for tally in tallies):
        raise ValueError


def _by_start(found: list[dict[date, Any]]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return tuple(found), tuple(map(dict.values, found))


def _side_by_side(found: list[list[tuple[date, Any]]]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    starts = tuple(tuple(day for day, _ in pairs) for pairs in found)
    return starts, tuple(tuple(amount for _, amount in pairs) for pairs in found)


def _merged(days: dict[date, Any], starts_of: Callable[[date], date]) -> dict[date, Any]:
    merged: dict[date, Any] = {}
    for day, amount in days.items():
        start = starts_of(day)
        merged[start] = merged.get(start, 0) + amount
    return merged


def _sum(pairs: Iterable[tuple[date, Any]]) -> Decimal:
    return sum((amount for _, amount in pairs), ZERO)


def _blame(rows: Sequence[Any], *, instants: bool) -> None:
    """Raise for the first bad item of the first bad row, if one is bad by itself."""
    when = _checks.instant if instants else _checks.calendar_day
    for number, row in enumerate(rows):
        if not isinstance(row, tuple | list) or len(row) != _WIDTH:
            raise InvalidValue(f"rows[{number}]", row, _ROW)
        customer, at, amount = row
        _checks.optional(_checks.text).require(f"rows[{number}].customer", customer)
        when.require(f"rows[{number}].at", at)
        _AMOUNT_CHECK.require(f"rows[{number}].amount", amount)
