"""Limits of promotions: what was used of each, what is left of it, what a basket uses."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex.calendars import local_date
from relex.codec import tagged
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._caps import instants_of, window_of
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.loyalty._budgets import Budget
    from relex.loyalty._rules import Cap, Group

__all__ = ["Limit", "Limits", "PromotionUse"]

_TEXT_OR_NONE = _checks.optional(_checks.text)


@tagged("loyalty.PromotionUse")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionUse:
    """What one basket used of a promotion; keep it, and give it to `price` with the next basket of the customer.

    Attributes:
        promotion: Id of the promotion or voucher.
        group: Of the promotion.
        at: When the basket was priced.
        units: Quantity of the units that cost less, or of the gifts.
        amount: What was taken off.
        member: Of a shared account, who bought.
        by: The fact of the lines by which a limit counts apart; None for the whole.
        value: Of that fact, as text.

    .. versionadded:: 0.1.0
    """

    promotion: str = attrs.field(validator=_checks.text)
    group: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant)
    units: int | Decimal | Fraction = attrs.field(validator=_checks.number(least=0))
    amount: Money = attrs.field(validator=_checks.a(Money))
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    value: str | None = attrs.field(default=None, validator=_checks.optional(_checks.a(str)))


class Limit(NamedTuple):
    """A cap with the promotions that it limits together: one by its id, or a group by its name."""

    cap: Cap
    promotion: str | None
    group: str

    @property
    def key(self) -> tuple[str, str]:
        """By which the uses that count for it are found."""
        return ("group", self.group) if self.promotion is None else ("promotion", self.promotion)


class Limits:
    """What was used up before this basket, by this customer and by everyone, and by this basket so far."""

    __slots__ = ("_budgets", "_currency", "_day", "_drawn", "_found", "_here", "_tz", "groups", "member")

    def __init__(
        self,
        groups: Mapping[str, Group],
        uses: Iterable[PromotionUse],
        budgets: Mapping[str, Budget],
        member: str | None,
        day: date,
        tz: tzinfo,
        currency: str,
    ) -> None:
        self.groups = groups
        self._found: dict[tuple[str, str], list[tuple[PromotionUse, date | None]]] = {}
        for use in uses:
            self._file(use, local_date(use.at, tz))
        self._budgets, self.member, self._day, self._tz, self._currency = budgets, member, day, tz, currency
        self._here: list[PromotionUse] = []
        self._drawn: dict[str, Fraction] = {}

    def _file(self, use: PromotionUse, day: date | None) -> None:
        """Keep a use where limits look for it, with its day; None for one of this basket."""
        for key in (("group", use.group), ("promotion", use.promotion)):
            self._found.setdefault(key, []).append((use, day))

    def rooms(self, limit: Limit, values: Iterable[str | None]) -> dict[str | None, Fraction]:
        """How much of its measure a limit still has for each value that it counts apart; at least 0.

        In units, times, or the currency.
        """
        cap = limit.cap
        left = dict.fromkeys(values, Fraction(cap.limit))
        for use in self._counted(limit):
            if use.value in left:
                left[use.value] -= _measured(cap, use)
        if cap.budget is not None:
            budget = self._budget(cap, cap.budget)
            drawn = (
                Fraction(0) if cap.per == "event" else _plain(budget.drawn_in(*instants_of(cap, self._day, self._tz)))
            )
            rest = _plain(budget.left) - self._drawn.get(cap.budget, Fraction(0))
            left = {value: min(room - drawn, rest) for value, room in left.items()}
        return {value: max(Fraction(0), room) for value, room in left.items()}

    def _counted(self, limit: Limit) -> Iterable[PromotionUse]:
        """What this customer used before in the window of a limit, and what this basket uses."""
        cap = limit.cap
        found = [
            (use, day)
            for use, day in self._found.get(limit.key, ())
            if use.by == cap.by and (cap.who != "member" or use.member == self.member)
        ]
        if cap.per == "event" or cap.who == "everyone":
            return [use for use, day in found if day is None]
        first, end = window_of(cap, self._day)
        return [use for use, day in found if day is None or first <= day < end]

    def _budget(self, cap: Cap, name: str) -> Budget:
        budget = self._budgets.get(name)
        if budget is None or budget.id != name:
            raise InvalidValue("price.budgets", tuple(sorted(self._budgets)), f"the budget {name}, under its id")
        if budget.unit != cap.measure:
            raise InvalidValue(f"price.budgets[{name}].unit", budget.unit, f"{cap.measure}, as the cap that names it")
        if isinstance(budget.limit, Money) and budget.limit.currency != self._currency:
            raise CurrencyMismatch(self._currency, budget.limit.currency)
        return budget

    def use(self, limits: Iterable[Limit], found: list[PromotionUse]) -> None:
        """Count what a promotion that was applied used: as a whole, and by each fact that a limit counts by."""
        self._here += found
        for use in found:
            self._file(use, None)
        for name, cap in {limit.cap.budget: limit.cap for limit in limits}.items():
            if name is not None:
                self._drawn[name] = self._drawn.get(name, Fraction(0)) + _measured(cap, found[0])

    def uses(self) -> tuple[PromotionUse, ...]:
        """What this basket uses."""
        return tuple(self._here)

    def draws(self) -> tuple[tuple[str, int | Fraction | Money], ...]:
        """What this basket takes from each budget, in the unit of that, by id."""
        return tuple([(name, self._draw(name, n)) for name, n in sorted(self._drawn.items())])

    def _draw(self, name: str, n: Fraction) -> int | Fraction | Money:
        if isinstance(self._budgets[name].limit, Money):
            return Money.rounded(n, self._currency)
        return n.numerator if n.denominator == 1 else n


def _plain(value: Any) -> Fraction:
    return Fraction(value.amount if isinstance(value, Money) else value)


def _measured(cap: Cap, use: PromotionUse) -> Fraction:
    if cap.times is not None:
        return Fraction(1)
    return Fraction(use.units if cap.units is not None else use.amount.amount)
