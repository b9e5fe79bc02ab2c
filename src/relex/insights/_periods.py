"""One customer's purchase periods, and the tallies of what is in none."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex._trusted import trusted
from relex.insights._exact import ZERO, add

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from relex.purchases import Line, Purchase

__all__ = ["CustomerHistory", "Ignored", "PurchasePeriod", "Tally", "customer_history", "ignored"]


@attrs.frozen
class Tally:
    """So many entries, worth so much together.

    .. versionadded:: 0.1.0
    """

    count: int = 0
    amount: Decimal = ZERO


@attrs.frozen(kw_only=True)
class Ignored:
    """What was passed in and is in no row, so that nothing is dropped without a word.

    Amounts of purchases are what was kept of them, amounts of returns are negative.

    Attributes:
        later: Entries after `as_of`.
        unknown: Entries recorded after `known_at`.
        outside: Entries outside `within`.
        anonymous: Entries of nobody: no customer and no claim.
        returned: Purchases that came back entirely.
        skipped: Free purchases under `zero="skip"`.
        unvalued: Returns that name no purchase in sight and state no value; they count 0.
        repeated: How many entries came again with the same id and content.
        returns_only: (customer, amount) of customers with returns and no purchase, by id.

    .. versionadded:: 0.1.0
    """

    later: Tally = Tally()
    unknown: Tally = Tally()
    outside: Tally = Tally()
    anonymous: Tally = Tally()
    returned: Tally = Tally()
    skipped: Tally = Tally()
    unvalued: Tally = Tally()
    repeated: int = 0
    returns_only: tuple[tuple[str, Decimal], ...] = ()

    @property
    def amount(self) -> Decimal:
        """Worth of everything that is in no row."""
        tallies = (self.later, self.unknown, self.outside, self.anonymous)
        return add([*(tally.amount for tally in tallies), *(amount for _, amount in self.returns_only)])


def ignored(tallies: Mapping[str, Tally], repeated: int, returns_only: Iterable[tuple[str, Decimal]]) -> Ignored:
    """The tallies by name, those without an entry left at nothing."""
    given: dict[str, Any] = dict(tallies)
    return Ignored(**given, repeated=repeated, returns_only=tuple(returns_only))


@attrs.frozen(kw_only=True)
class PurchasePeriod:
    """One period of a customer with at least one purchase that counts.

    Attributes:
        start: First day of the period; the business day itself under the grains "day" and "order".
        amount: Sum over its purchases.
        purchases: Its purchases by (at, id); empty when the history was made from plain rows.

    .. versionadded:: 0.1.0
    """

    start: date
    amount: Decimal
    purchases: tuple[Purchase, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the purchases."""
        return tuple(purchase.id for purchase in self.purchases)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Lines of the purchases."""
        return tuple(line for purchase in self.purchases for line in purchase.lines)

    @property
    def first_at(self) -> datetime | None:
        """Instant of the first purchase; None when made from plain rows."""
        return self.purchases[0].at if self.purchases else None


@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerHistory:
    """One customer's purchase periods, oldest first.

    Attributes:
        customer: The id.
        last_day: Business day of the last purchase that counts.
        starts: First day of each period.
        amounts: Amount of each period.
        unplaced: Returned value that belongs to no period, 0 or less; it is part of the total.
        purchases: The purchases of each period; empty when made from plain rows.
        total: Amount of all periods and of the returns without one.

    .. versionadded:: 0.1.0
    """

    customer: str
    last_day: date
    starts: tuple[date, ...]
    amounts: tuple[Decimal, ...]
    unplaced: Decimal = ZERO
    purchases: tuple[tuple[Purchase, ...], ...] = ()
    total: Decimal = attrs.field(init=False)

    @total.default  # pyright: ignore[reportAttributeAccessIssue] - attrs gives it
    def _total(self) -> Decimal:
        return add((*self.amounts, self.unplaced))

    @property
    def frequency(self) -> int:
        """Number of purchase periods."""
        return len(self.starts)

    @property
    def mean(self) -> Fraction:
        """Total per purchase period, exact."""
        return Fraction(self.total) / len(self.starts)

    @property
    def repeat_mean(self) -> Fraction | None:
        """Mean amount of the periods after the first; None for a customer who has not come back."""
        return Fraction(add(self.amounts[1:])) / (len(self.starts) - 1) if len(self.starts) > 1 else None

    @property
    def periods(self) -> tuple[PurchasePeriod, ...]:
        """The periods as values."""
        purchases = self.purchases or ((),) * len(self.starts)
        return tuple(
            PurchasePeriod(start=start, amount=amount, purchases=those)
            for start, amount, those in zip(self.starts, self.amounts, purchases, strict=True)
        )


customer_history = trusted(CustomerHistory)
