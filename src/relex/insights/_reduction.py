"""Purchases, returns and claims to purchase periods.

Theory of operation. Entries are taken once by id, then parted by what may be seen: later than `as_of`, recorded after
`known_at`, outside `within`. Returns are settled against the purchases in sight only, so that an entry of the future
changes nothing of the past. What a return takes from its purchase is taken at the purchase's own time ("kept") or when
the goods came back ("by_period"); a return that no purchase can be found for lowers its customer's total and touches no
period. Whatever reaches no customer is counted in `Ignored`, so the amounts add up to everything that was passed in.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.errors import CurrencyMismatch, InvalidValue
from relex.insights._basis import Basis, basis
from relex.insights._columns import Columns
from relex.insights._exact import ZERO, exactly
from relex.insights._given import listed
from relex.insights._history import PurchaseHistory
from relex.insights._periods import Ignored, Tally, ignored
from relex.money import RateTable, minor_digits
from relex.purchases import Claim, Purchase, Retraction, Return, live_claims, once, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, tzinfo

    from relex.calendars import Period
    from relex.money import Money
    from relex.purchases import Settled

__all__ = ["purchase_history"]

_TWO_DAYS = timedelta(days=2)
_ANY = datetime.max.replace(tzinfo=UTC)
_RATES = _checks.optional(_checks.a(RateTable))


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
    _RATES.require("rates", rates)
    given = _Given(
        _only("purchases", purchases, Purchase),
        _only("returns", returns, Return),
        _only("claims", claims, Claim, Retraction),
        rates,
    )
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


def _only(path: str, entries: Iterable[Any], *kinds: type[Any]) -> tuple[Any, ...]:
    found = listed(path, entries)
    if not set(map(type, found)) <= set(kinds):
        for number, entry in enumerate(found):
            _checks.a(*kinds).require(f"{path}[{number}]", entry)
    return found


def _one_currency(given: _Given, wanted: str | None, *, convert: bool) -> str | None:
    found = {purchase.currency for purchase in given.purchases}
    found.update(entry.value.currency for entry in given.returns if entry.value is not None)
    others = sorted(found - {wanted})
    if convert or not others:
        return wanted
    if wanted is not None or len(others) > 1:
        raise CurrencyMismatch(wanted or others[0], others[-1])
    return others[0]


class _Bought:
    """What one customer bought: sales, the key of the period of each, and the worth of each period by its key.

    The key is the first day of the period; under the grain "order" it is (day, instant, id), which sorts likewise.
    """

    __slots__ = ("keys", "sales", "worths")

    def __init__(self) -> None:
        self.sales: list[Purchase] = []
        self.keys: list[Any] = []
        self.worths: dict[Any, Any] = {}


class _Reduction:
    """One reduction on its way: what each customer bought and gave back, and the tallies of the rest.

    Amounts are counted in minor units (of converted amounts: in whole ones) and become decimals once per period.
    """

    def __init__(self, basis: Basis, given: _Given) -> None:
        self.basis = basis
        self.given = given
        self.day_of = basis.reader()
        self.unit = (
            Decimal(1) if given.rates or not basis.currency else Decimal(1).scaleb(-minor_digits(basis.currency))
        )
        self.aside: dict[str, list[Any]] = {field.name: [] for field in attrs.fields(Ignored)}
        self.returned: dict[str, Decimal] = {}
        self.moved: list[tuple[str, date, Decimal]] = []
        self.unplaced: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.bought: defaultdict[str, _Bought] = defaultdict(_Bought)
        self.last_days: dict[str, date] = {}

    def history(self) -> PurchaseHistory:
        sales, returns = once(self.given.purchases), once(self.given.returns)
        seen, days = self.sales_in_sight(sales)
        claims = live_claims([claim for claim in self.given.claims if not self.why_hidden(claim)])
        if returns and self.basis.amount != "net":
            self.take_returns(sales, returns, seen, claims)
        self.take_sales(seen, days, claims)
        columns = self.columns()
        repeated = len(self.given.purchases) + len(self.given.returns) - len(sales) - len(returns)
        return PurchaseHistory(basis=self.basis, ignored=self.ignored(repeated), columns=columns)

    def why_hidden(self, entry: Purchase | Return | Claim | Retraction) -> str:
        """Why an entry may not be seen; nothing if it may."""
        if not self.basis.sees(entry.at, self.day_of(entry.at)):
            return "later"
        return "" if self.basis.knows(entry.recorded_at or entry.at) else "unknown"

    def sales_in_sight(self, sales: Sequence[Purchase]) -> tuple[list[Purchase], list[date]]:
        """The sales that may be seen, and the business day of each."""
        day_of, limit = self.day_of, self.basis.as_of
        last = limit if isinstance(limit, datetime) else None
        early = _well_before(last) if last is not None else _ANY
        all_known = self.basis.known_at is None
        seen, days = [], []
        for sale in sales:
            at = sale.at
            day = day_of(at)
            if all_known and (day <= limit if last is None else at < early or not is_before(last, at)):
                seen.append(sale)
                days.append(day)
            elif why := self.why_hidden(sale):
                self.aside[why].append(self.worth_of(sale))
            else:
                seen.append(sale)
                days.append(day)
        return seen, days

    def worth_of(self, sale: Purchase) -> Any:
        """Net less what is known to have come back, in units."""
        net = sum(sale.figures.net) if self.given.rates is None else self.units(sale.net)
        return net - self.returned.get(sale.id, 0)

    def units(self, money: Money | None) -> Decimal:
        if money is None:
            return ZERO
        if self.given.rates is not None and self.basis.currency is not None:
            money = self.given.rates.convert(money, self.basis.currency)
        return money.amount / self.unit

    def take_returns(
        self, sales: Sequence[Purchase], returns: Sequence[Return], seen: Sequence[Purchase], claims: dict[str, Claim]
    ) -> None:
        """Returns in sight against purchases in sight; what the others are worth is told by all there is."""
        owners = {sale.id: _owner(sale, claims) for sale in seen}
        hidden = {entry.id: why for entry in returns if (why := self.why_hidden(entry))}
        if hidden:
            for settled in settle(sales, returns):
                if settled.entry.id in hidden:
                    self.aside[hidden[settled.entry.id]].append(-self.units(settled.value))
        for settled in settle(seen, [entry for entry in returns if entry.id not in hidden]):
            self.take_return(settled, owners)

    def take_return(self, settled: Settled, owners: dict[str, str | None]) -> None:
        entry, value = settled.entry, self.units(settled.value)
        sale = entry.purchase if entry.purchase in owners else None
        owner = entry.customer if sale is None else owners[sale]
        day = self.day_of(entry.at)
        if settled.value is None:
            self.aside["unvalued"].append(ZERO)
        elif sale is not None and self.basis.amount == "kept":
            self.returned[sale] = self.returned.get(sale, ZERO) + value
        elif not self.basis.covers(entry.at, day):
            self.aside["outside"].append(-value)
        elif owner is None:
            self.aside["anonymous"].append(-value)
        elif sale is None:
            self.unplaced[owner] -= value
        else:
            self.moved.append((owner, day, value))

    def take_sales(self, seen: Sequence[Purchase], days: Sequence[date], claims: dict[str, Claim]) -> None:
        """The hot loop: each sale to its owner and period, unless something speaks against it."""
        starts_of = None if self.basis.grain == "day" else self.basis.starts()
        by_order, plain = self.basis.grain == "order", self.basis.within is None and self.basis.zero == "count"
        bought, last_days, returned = self.bought, self.last_days, self.returned
        net_only = not returned and self.given.rates is None
        for sale, day in zip(seen, days, strict=True):
            owner = sale.customer if sale.customer is not None else _owner(sale, claims)
            why = "" if plain and owner is not None and sale.id not in returned else self.why_aside(sale, day, owner)
            if why or owner is None:
                self.set_aside(why, sale, owner)
                continue
            key: Any = (day, moment(sale.at), sale.id) if by_order else day if starts_of is None else starts_of(day)
            worth = sum(sale.figures.net) if net_only else self.worth_of(sale)
            own = bought[owner]
            own.sales.append(sale)
            own.keys.append(key)
            own.worths[key] = own.worths[key] + worth if key in own.worths else worth
            if owner not in last_days or day > last_days[owner]:
                last_days[owner] = day

    def why_aside(self, sale: Purchase, day: date, owner: str | None) -> str:
        """Why a sale in sight reaches no period; nothing if it does."""
        if not self.basis.covers(sale.at, day):
            return "outside"
        if owner is None:
            return "anonymous"
        if sale.id in self.returned and self.worth_of(sale) <= 0 < self.worth_of(sale) + self.returned[sale.id]:
            return "returned"
        return "skipped" if self.basis.zero == "skip" and not self.worth_of(sale) else ""

    def set_aside(self, why: str, sale: Purchase, owner: str | None) -> None:
        """Count a sale that reaches no period; what came back beyond its net still lowers the customer's total."""
        worth = self.worth_of(sale)
        if why == "returned" and owner is not None:
            if worth:
                self.unplaced[owner] += worth
            worth = 0
        self.aside[why].append(worth)

    def columns(self) -> Columns:
        self.move()
        ids, unit = tuple(sorted(self.bought)), self.unit
        found = [self.bought[customer] for customer in ids]
        keys = [sorted(own.worths) for own in found]
        unplaced = {customer: self.unplaced[customer] * unit for customer in ids if customer in self.unplaced}
        amounts = tuple(
            tuple([own.worths[key] * unit for key in periods]) for own, periods in zip(found, keys, strict=True)
        )
        by_order = self.basis.grain == "order"
        return Columns(
            ids=ids,
            starts=tuple(tuple([key[0] for key in periods] if by_order else periods) for periods in keys),
            amounts=amounts,
            last_days=tuple(map(self.last_days.__getitem__, ids)),
            totals=tuple(sum(own, unplaced.get(customer, ZERO)) for customer, own in zip(ids, amounts, strict=True)),
            unplaced=unplaced,
            purchases=tuple((tuple(own.keys), tuple(own.sales)) for own in found),
        )

    def move(self) -> None:
        """Take what came back off the period in which it came back, if anything was bought then."""
        starts_of = self.basis.starts()
        for owner, day, value in self.moved:
            start = starts_of(day)
            if owner in self.bought and start in self.bought[owner].worths:
                self.bought[owner].worths[start] -= value
            else:
                self.unplaced[owner] -= value

    def ignored(self, repeated: int) -> Ignored:
        unit = self.unit
        tallies = {name: Tally(len(units), sum(units, ZERO) * unit) for name, units in self.aside.items() if units}
        alone = sorted((owner, units * unit) for owner, units in self.unplaced.items() if owner not in self.bought)
        return ignored(tallies, repeated, alone)


def _well_before(instant: datetime) -> datetime:
    """So much earlier that clocks of one zone tell the order, however they were turned: two days, if there are two."""
    return instant - _TWO_DAYS if instant.year > 1 else datetime.min.replace(tzinfo=instant.tzinfo)


def _owner(sale: Purchase, claims: dict[str, Claim]) -> str | None:
    if sale.customer is not None or sale.id not in claims:
        return sale.customer
    return claims[sale.id].customer
