"""What returns take from the sales that they name.

Theory of operation. The value of a returned quantity is computed on the cumulative quantity: what has come back of a
line is worth round(net x returned / bought), so one return is worth that figure after it less that figure before it.
Three units of 10.00 come back singly as 3.33, 3.34, 3.33, and any other steps add up to 10.00 as well.

The command `take_back` is strict; the fold `settle` is tolerant, because a log cannot be refused: what does not fit is
counted by the value that it states, else by what the purchase still gives, and is listed as an anomaly.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.purchases._amounts import exact_sum, half_up, less
from relex.purchases._entries import once, only
from relex.purchases._returns import Return

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from relex.purchases._purchase import Purchase

__all__ = ["Settled", "settle", "taken_back"]

Quantity: TypeAlias = int | Decimal
Pairs: TypeAlias = tuple[tuple[int, Quantity], ...]


@attrs.frozen(kw_only=True)
class Settled:
    """One return and what it takes.

    Attributes:
        entry: The return.
        value: Merchandise value that counts; None where neither the return nor a purchase tells it.
        anomalies: `unknown-purchase`, `before-purchase`, `more-than-bought`, `other-currency`; or none.

    .. versionadded:: 0.1.0
    """

    entry: Return
    value: Money | None
    anomalies: tuple[str, ...] = ()


def settle(purchases: Iterable[Purchase], returns: Iterable[Return]) -> tuple[Settled, ...]:
    """Judge returns against the purchases they name, by (at, id); nothing is refused and nothing is dropped.

    A stated value counts as it is. Without one, the quantities count by what they cost after discounts, and never more
    than what is left of the purchase.

    Raises:
        Conflict: For two entries with the same id and other content.
        InvalidValue: For something else than entries.

    .. versionadded:: 0.1.0
    """
    sales = {purchase.id: purchase for purchase in once(purchases)}
    running: dict[str, _Running] = {}
    settled = []
    for entry in sorted(only("settle.returns", returns, Return), key=_when):
        sale = None if entry.purchase is None else sales.get(entry.purchase)
        if sale is None:
            anomalies = () if entry.purchase is None else ("unknown-purchase",)
            settled.append(Settled(entry=entry, value=entry.value, anomalies=anomalies))
        else:
            settled.append(_running(running, sale).take(entry))
    return tuple(settled)


def taken_back(purchase: Purchase, asked: Pairs | None, at: datetime, earlier: Iterable[Return]) -> tuple[Pairs, Money]:
    """The lines and the value of a return that the rules allow; `asked` None is all that remains."""
    _checks.instant.require("take_back.at", at)
    if is_before(at, purchase.at):
        raise Rejected("take_back", "before_purchase", {"at": at, "sold_at": purchase.at})
    running = _Running(purchase)
    for before in sorted(only("take_back.earlier", earlier, Return), key=_when):
        if before.purchase != purchase.id:
            raise InvalidValue("take_back.earlier", before, f"returns of the purchase {purchase.id!r}")
        running.take(before)
    remains = running.remains()
    lines = tuple(remains.items()) if asked is None else _strict(asked, running.lines, remains)
    if not lines:
        raise Rejected("take_back", "nothing_remains", {"purchase": purchase.id})
    return lines, running.worth(lines)


def _running(running: dict[str, _Running], sale: Purchase) -> _Running:
    if sale.id not in running:
        running[sale.id] = _Running(sale)
    return running[sale.id]


def _when(entry: Return) -> tuple[timedelta, str]:
    return moment(entry.at), entry.id


def _strict(asked: Pairs, sold: dict[int, tuple[Quantity, int]], remains: dict[int, Quantity]) -> Pairs:
    for number, quantity in asked:
        if number not in sold:
            raise Rejected("take_back", "unknown_line", {"line": number, "known": tuple(sold)})
        if quantity > remains.get(number, 0) or (number not in remains and not sold[number][0]):
            details: dict[str, object] = {"line": number, "asked": quantity, "remains": remains.get(number, 0)}
            raise Rejected("take_back", "more_than_remains", details)
    return asked


class _Running:
    """What has come back of one purchase so far."""

    def __init__(self, sale: Purchase) -> None:
        self.sale = sale
        self.lines = {line.number: (line.quantity, net) for line, net in zip(sale.lines, sale.figures.net, strict=True)}
        self.back: dict[int, Quantity] = {}
        self.value = Money.zero(sale.currency)

    def remains(self) -> dict[int, Quantity]:
        """What is left of each line; a line sold with quantity 0 remains, with 0, until it has come back."""
        left = {}
        for number, (bought, _) in self.lines.items():
            back = self.back.get(number)
            if back is None or back < bought:
                left[number] = bought if back is None else less(bought, back)
        return left

    def worth(self, lines: Pairs) -> Money:
        """What the quantities cost, and at most what is left of the purchase."""
        found = Money.of_minor(sum(self._worth(number, quantity) for number, quantity in lines), self.sale.currency)
        return min(found, max(self.sale.net - self.value, Money.zero(self.sale.currency)))

    def take(self, entry: Return) -> Settled:
        """Judge a return and count it."""
        value = self.worth(entry.lines) if entry.value is None else entry.value
        anomalies = ["before-purchase"] if is_before(entry.at, self.sale.at) else []
        more = any(self._exceeds(number, quantity) for number, quantity in entry.lines)
        if value.currency != self.sale.currency:
            anomalies.append("other-currency")
        else:
            self.value += value
            more = more or self.value > self.sale.net
        for number, quantity in entry.lines:
            self.back[number] = exact_sum((self.back.get(number, 0), quantity))
        return Settled(entry=entry, value=value, anomalies=(*anomalies, *(["more-than-bought"] if more else [])))

    def _exceeds(self, number: int, quantity: Quantity) -> bool:
        bought, _ = self.lines.get(number, (0, 0))
        back = self.back.get(number)
        if not bought:
            return back is not None or quantity > 0 or number not in self.lines
        return exact_sum((back or 0, quantity)) > bought

    def _worth(self, number: int, quantity: Quantity) -> int:
        bought, net = self.lines.get(number, (0, 0))
        back = self.back.get(number)
        if not bought:
            return net if back is None else 0
        before = min(back or 0, bought)
        after = min(exact_sum((before, quantity)), bought)
        return half_up(Fraction(after) * net / Fraction(bought)) - half_up(Fraction(before) * net / Fraction(bought))
