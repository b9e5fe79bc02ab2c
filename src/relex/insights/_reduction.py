"""Purchases, returns and claims to purchase periods.

Theory of operation. Entries are taken once by id, then parted by what may be seen: later than `as_of`, recorded after
`known_at`, outside `within`. Returns are settled against the purchases in sight only, so that an entry of the future
changes nothing of the past. What a return takes from its purchase is taken at the purchase's own time ("kept") or when
the goods came back ("by_period"); a return that no purchase can be found for lowers its customer's total and touches no
period. Whatever reaches no customer is counted in `Ignored`, so the amounts add up to everything that was passed in.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex.errors import CurrencyMismatch, InvalidValue
from relex.insights._basis import Basis, basis
from relex.insights._columns import Columns
from relex.insights._exact import ZERO, exactly
from relex.insights._history import PurchaseHistory
from relex.insights._periods import Ignored, Tally, ignored
from relex.purchases import Purchase, Return, live_claims, once, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, tzinfo

    from relex.calendars import Period
    from relex.money import Money, RateTable
    from relex.purchases import Claim, Retraction, Settled

    _Periods = tuple[list[date], list[Decimal], list[tuple[Purchase, ...]]]

__all__ = ["purchase_history"]


def purchase_history(  # noqa: PLR0913 - the choices of a basis, each by its name
    purchases: Iterable[Purchase],
    *,
    as_of: date,
    returns: Iterable[Return] = (),
    claims: Iterable[Claim | Retraction] = (),
    zone: tzinfo | None = None,
    grain: str = "day",
    day_starts: time = time(0),
    within: Period | None = None,
    amount: str = "kept",
    zero: str = "count",
    rates: RateTable | None = None,
    currency: str | None = None,
    known_at: datetime | None = None,
) -> PurchaseHistory:
    """The log reduced once to purchase periods: one for each customer and period with a purchase that counts.

    Args:
        purchases: In any order; the same id with the same content counts once.
        as_of: A date sees everything up to the end of that business day, an aware datetime entries with `at <= as_of`.
        returns: What came back.
        claims: Claims and retractions: who anonymous purchases belong to.
        zone: The business zone; by default that of `as_of`, and there is no other default.
        grain: "day", "week" (ISO, from Monday), "month" or "order" (each purchase by itself).
        day_starts: When a business day begins, by the wall clock.
        within: The only time looked at: a period of business days or of instants.
        amount: "kept" (net less returned, at the purchase's own time; a purchase that came back entirely does not
            count), "by_period" (returned value is taken off when it came back), or "net" (returns are not looked at).
        zero: "count" or "skip" free purchases.
        rates: Converts, exactly and unrounded, to `currency`; without it all amounts must be in one currency.
        currency: Of the result; needed with `rates`, else that of the entries.
        known_at: Entries recorded later are not seen.

    Raises:
        InvalidValue: For a naive datetime, a plain date without a zone, or an unknown choice.
        CurrencyMismatch: For a second currency without rates.
        Conflict: For one id with two contents, or two live claims for one purchase.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.purchases import Line
        >>> day = datetime(2024, 1, 2, 9, tzinfo=timezone.utc)
        >>> mug = Purchase("p1", at=day, currency="USD", customer="c1", lines=[Line(1, "mug", 2, unit_price="8.00")])
        >>> back = mug.take_back({1: 1}, id="r1", at=day)
        >>> purchase_history([mug], returns=[back], as_of=day)["c1"].total
        Decimal('8.00')

    .. versionadded:: 0.1.0
    """
    given = _Given(_only(Purchase, "purchases", purchases), _only(Return, "returns", returns), tuple(claims), rates)
    if rates is not None and currency is None:
        raise InvalidValue("currency", None, "the currency to convert to, since rates are given")
    chosen = basis(
        as_of=as_of,
        zone=zone,
        grain=grain,
        day_starts=day_starts,
        within=within,
        amount=amount,
        zero=zero,
        known_at=known_at,
        currency=_one_currency(given, currency, convert=rates is not None),
    )
    with exactly():
        return _Reduction(chosen, given).history()


class _Given(NamedTuple):
    purchases: tuple[Purchase, ...]
    returns: tuple[Return, ...]
    claims: tuple[Claim | Retraction, ...]
    rates: RateTable | None


def _only(kind: type[Any], path: str, entries: Iterable[Any]) -> tuple[Any, ...]:
    listed = tuple(entries)
    if not set(map(type, listed)) <= {kind}:
        for number, entry in enumerate(listed):
            if not isinstance(entry, kind):
                raise InvalidValue(f"{path}[{number}]", entry, f"a {kind.__name__}")
    return listed


def _one_currency(given: _Given, wanted: str | None, *, convert: bool) -> str | None:
    found = {purchase.currency for purchase in given.purchases}
    found.update(entry.value.currency for entry in given.returns if entry.value is not None)
    others = sorted(found - {wanted})
    if convert or not others:
        return wanted
    if wanted is not None or len(others) > 1:
        raise CurrencyMismatch(wanted or others[0], others[-1])
    return others[0]


class _Sold(NamedTuple):
    """A purchase that counts, as it is sorted: by its instant, then by its id."""

    at: datetime
    id: str
    day: date
    amount: Decimal
    purchase: Purchase


class _Reduction:
    """One reduction on its way: what each customer bought and gave back, and the tallies of the rest."""

    def __init__(self, basis: Basis, given: _Given) -> None:
        self.basis = basis
        self.given = given
        self.day_of = basis.reader()
        self.aside: dict[str, list[Decimal]] = {field.name: [] for field in attrs.fields(Ignored)}
        self.returned: dict[str, Decimal] = {}
        self.moved: list[tuple[str, date, Decimal]] = []
        self.unplaced: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.bought: defaultdict[str, list[_Sold]] = defaultdict(list)

    def history(self) -> PurchaseHistory:
        sales, returns = once(self.given.purchases), once(self.given.returns)
        seen = [(sale, day) for sale in sales if (day := self.in_sight(sale, self.net_of(sale)))]
        claims = [claim for claim in self.given.claims if self.in_sight(claim, None)]
        owner_of = {purchase: claim.customer for purchase, claim in live_claims(claims).items()}
        owners = {sale.id: sale.customer or owner_of.get(sale.id) for sale, _ in seen}
        if self.basis.amount != "net":
            self.take_returns(sales, returns, [sale for sale, _ in seen], owners)
        for sale, day in seen:
            self.take_sale(sale, day, owners[sale.id])
        columns = self.columns()
        repeated = len(self.given.purchases) + len(self.given.returns) - len(sales) - len(returns)
        return PurchaseHistory(basis=self.basis, ignored=self.ignored(repeated), columns=columns)

    def in_sight(self, entry: Purchase | Return | Claim | Retraction, worth: Decimal | None) -> date | None:
        """The business day of an entry that may be seen; of any other the worth is set aside."""
        day = self.day_of(entry.at)
        known_at = self.basis.known_at
        why = "later" if not self.basis.sees(entry.at, day) else ""
        if not why and known_at is not None and (entry.recorded_at or entry.at) > known_at:
            why = "unknown"
        if not why:
            return day
        if worth is not None:
            self.aside[why].append(worth)
        return None

    def net_of(self, sale: Purchase) -> Decimal:
        return self.converted(sale.net)

    def converted(self, money: Money) -> Decimal:
        rates = self.given.rates
        return (
            money.amount
            if rates is None or self.basis.currency is None
            else rates.convert(money, self.basis.currency).amount
        )

    def take_returns(
        self,
        sales: Sequence[Purchase],
        returns: Sequence[Return],
        seen: Sequence[Purchase],
        owners: dict[str, str | None],
    ) -> None:
        """Returns in sight against purchases in sight; the worth of the others is told by all there is."""
        worth = {settled.entry.id: self.worth(settled) for settled in settle(sales, returns)}
        days = {entry.id: day for entry in returns if (day := self.in_sight(entry, -worth[entry.id]))}
        for settled in settle(seen, [entry for entry in returns if entry.id in days]):
            self.take_return(settled, days[settled.entry.id], owners)

    def worth(self, settled: Settled) -> Decimal:
        return ZERO if settled.value is None else self.converted(settled.value)

    def take_return(self, settled: Settled, day: date, owners: dict[str, str | None]) -> None:
        entry, value = settled.entry, self.worth(settled)
        if settled.value is None:
            self.aside["unvalued"].append(ZERO)
            return
        sale = entry.purchase if entry.purchase in owners else None
        if sale is not None and self.basis.amount == "kept":
            self.returned[sale] = self.returned.get(sale, ZERO) + value
            return
        owner = entry.customer if sale is None else owners[sale]
        if not self.basis.covers(entry.at, day):
            self.aside["outside"].append(-value)
        elif owner is None:
            self.aside["anonymous"].append(-value)
        elif sale is not None:
            self.moved.append((owner, day, value))
        else:
            self.unplaced[owner] -= value

    def take_sale(self, sale: Purchase, day: date, owner: str | None) -> None:
        net = self.net_of(sale)
        returned = self.returned.get(sale.id, ZERO)
        kept = net - returned
        if not self.basis.covers(sale.at, day):
            self.aside["outside"].append(kept)
        elif owner is None:
            self.aside["anonymous"].append(kept)
        elif returned and kept <= 0:
            self.aside["returned"].append(ZERO)
            if kept:
                self.unplaced[owner] += kept
        elif not kept and self.basis.zero == "skip":
            self.aside["skipped"].append(ZERO)
        else:
            self.bought[owner].append(_Sold(sale.at, sale.id, day, kept, sale))

    def columns(self) -> Columns:
        ids = tuple(sorted(self.bought))
        periods = {customer: self.periods(self.bought[customer]) for customer in ids}
        self.move(periods)
        starts = tuple(tuple(periods[customer][0]) for customer in ids)
        amounts = tuple(tuple(periods[customer][1]) for customer in ids)
        last_days = tuple(max(sold.day for sold in self.bought[customer]) for customer in ids)
        unplaced = {customer: self.unplaced[customer] for customer in ids if self.unplaced.get(customer)}
        totals = tuple(sum(own, unplaced.get(customer, ZERO)) for customer, own in zip(ids, amounts, strict=True))
        purchases = tuple(tuple(periods[customer][2]) for customer in ids)
        return Columns(ids, starts, amounts, last_days, totals, unplaced, purchases)

    def periods(self, sold: list[_Sold]) -> _Periods:
        """First days, amounts and purchases of one customer's periods, oldest first."""
        sold.sort()
        if self.basis.grain == "order":
            return [one.day for one in sold], [one.amount for one in sold], [(one.purchase,) for one in sold]
        starts_of = self.basis.starts()
        grouped: defaultdict[date, list[_Sold]] = defaultdict(list)
        for one in sold:
            grouped[starts_of(one.day)].append(one)
        starts = sorted(grouped)
        amounts = [sum((one.amount for one in grouped[start]), ZERO) for start in starts]
        return starts, amounts, [tuple(one.purchase for one in grouped[start]) for start in starts]

    def move(self, periods: dict[str, _Periods]) -> None:
        """Take what came back off the period in which it came back, if anything was bought then."""
        starts_of = self.basis.starts()
        for owner, day, value in self.moved:
            starts, amounts, _ = periods.get(owner, ([], [], []))
            start = starts_of(day)
            if start in starts and self.basis.grain != "order":
                amounts[starts.index(start)] -= value
            else:
                self.unplaced[owner] -= value

    def ignored(self, repeated: int) -> Ignored:
        tallies = {name: Tally(len(amounts), sum(amounts, ZERO)) for name, amounts in self.aside.items() if amounts}
        alone = sorted((customer, amount) for customer, amount in self.unplaced.items() if customer not in self.bought)
        return ignored(tallies, repeated, alone)
