"""What a basket costs under promotions and vouchers, and why: the one function, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._benefits import Gift
from relex.loyalty._effects import Judgment
from relex.loyalty._limits import Limits, PromotionUse
from relex.loyalty._occasions import in_utc
from relex.loyalty._promotions import Promotion, check_cap
from relex.loyalty._rules import Choose, Group
from relex.loyalty._spreading import How
from relex.loyalty._till import Ready, Till, ready_for
from relex.loyalty._walk import Walk
from relex.money import Leftover, Money, minor_digits
from relex.purchases import Payment, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.loyalty._budgets import Budget
    from relex.loyalty._priced import PricedBasket

__all__ = ["price"]


def price(  # noqa: PLR0913 - each policy has its name
    basket: Purchase,
    promotions: Iterable[Promotion],
    *,
    vouchers: Iterable[Promotion] = (),
    tenders: Iterable[Payment] = (),
    at: datetime,
    judge: str = "running",
    base: str = "current",
    round_at: str = "line",
    leftover: Leftover = Leftover.LARGEST,
    quantum: Money | None = None,
    groups: Mapping[str, Group | Choose] | None = None,
    facts: Mapping[str, Any] | None = None,
    uses: Iterable[PromotionUse] = (),
    budgets: Mapping[str, Budget] | None = None,
    member: str | None = None,
    tz: tzinfo = UTC,
) -> PricedBasket:
    """What a basket costs under promotions, vouchers and payments, line by line and with the reason for each.

    It computes and spends nothing: record `to_purchase()` of the answer, keep its `uses`, and make its `draws` when the
    sale is made. Charges of the basket stay as they are; a delivery that promotions may lower is a line.

    Args:
        basket: The purchase as it would be: lines, currency, customer. Lines may state discounts of their own, which
            come first; the whole may not.
        promotions: By priority, then by id; their order here changes nothing.
        vouchers: Promotions behind codes, applied after all others and chosen among themselves.
        tenders: Points and stored value that pay a part; see `PricedBasket.pay`.
        at: The moment by which promotions are in force and facts about time are told.
        judge: Whether conditions and minimums look at the `running` basket, or at the `initial` one.
        base: Whether benefits are of the `current` prices or of the `list` prices; a `PriceAt` is always of the
            current one.
        round_at: Where percentages are rounded, half up: for each `line`, each `unit`, or in `total`.
        leftover: Who gets what is left over when an amount is spread over lines.
        quantum: The step of discounts; by default the minor unit of the currency.
        groups: Name of a group to a `Choose` or a `Group`; others add up all their promotions.
        facts: What conditions may ask about beyond the basket, by full name, such as `customer.segment`.
        uses: What this customer's earlier baskets used, for caps that look beyond one basket.
        budgets: The shared limits that caps name, by id.
        member: Of a shared account, who buys.
        tz: The zone of dates and of the time of day.

    Raises:
        InvalidValue: For an argument that does not fit, two promotions of one id, a basket with a discount of the
            whole, a set or a gift in a group that chooses by line, or a budget that is missing.
        CurrencyMismatch: For a promotion or a budget in another currency than the basket.

    Example:
        >>> from relex.loyalty import PercentOff, Sets
        >>> from relex.purchases import Line
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> basket = Purchase("b1", at=at, currency="EUR", lines=[Line(1, "mug", 4, unit_price="6.00")])
        >>> three = Promotion("3 for 2", PercentOff(100), sets=Sets(None, 2, None, 1))
        >>> print(price(basket, [three, Promotion("from 50", PercentOff(10), minimum=Money("50.00", "EUR"))], at=at))
        4 mug: 18.00 EUR (24.00 EUR less 6.00 EUR 3 for 2)
        total: 18.00 EUR
        due: 18.00 EUR
        not from 50: below_minimum

    .. versionadded:: 0.1.0
    """
    _check_choices(judge, base, round_at, leftover)
    _checks.a(Purchase).require("price.basket", basket)
    if basket.discounts:
        raise InvalidValue("price.basket.discounts", basket.discounts, "none: what lowers the whole is a promotion")
    _checks.zone.require("price.tz", tz)
    _MAPPING_OR_NONE.require("price.facts", facts)
    _MAPPING_OR_NONE.require("price.budgets", budgets)
    _TEXT_OR_NONE.require("price.member", member)
    at, currency = in_utc("price.at", at), basket.currency
    groups = _groups({} if groups is None else groups)
    readies = _readies(promotions, vouchers, currency, groups)
    digits = minor_digits(currency)
    till = Till(basket, facts or {}, at, tz, digits, initial=judge == "initial")
    how = How(digits, _step(quantum, currency), round_at, leftover, base == "list")
    limits = Limits(groups, _uses(uses), budgets or {}, member, till.day, tz, currency)
    walk = Walk(Judgment(till, limits, how))
    for listed in readies:
        walk.walk(listed)
    return walk.answer(tenders)


_MAPPING_OR_NONE = _checks.optional(_checks.a(Mapping))
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _uses(uses: Iterable[PromotionUse]) -> tuple[PromotionUse, ...]:
    found: tuple[PromotionUse, ...] = _checks.items("price.uses", uses)
    for place, use in enumerate(found):
        _checks.a(PromotionUse).require(f"price.uses[{place}]", use)
    return found


def _check_choices(judge: str, base: str, round_at: str, leftover: Leftover) -> None:
    _checks.one_of("running", "initial").require("price.judge", judge)
    _checks.one_of("current", "list").require("price.base", base)
    _checks.one_of("line", "unit", "total").require("price.round_at", round_at)
    _checks.a(Leftover).require("price.leftover", leftover)


def _readies(
    promotions: Iterable[Promotion], vouchers: Iterable[Promotion], currency: str, groups: Mapping[str, Group]
) -> tuple[list[Ready], list[Ready]]:
    """Promotions and vouchers, each in their order."""
    found: list[list[Ready]] = []
    seen: set[str] = set()
    for name, listed in (("promotions", promotions), ("vouchers", vouchers)):
        own = []
        for place, promotion in enumerate(_checks.items(f"price.{name}", listed)):
            if not isinstance(promotion, Promotion):
                raise InvalidValue(f"price.{name}[{place}]", promotion, "a Promotion")
            ready = ready_for(promotion)
            if ready.id in seen:
                raise InvalidValue(f"price.{name}[{place}].id", ready.id, "an id that no other promotion has")
            seen.add(ready.id)
            if groups:
                _check_place(f"price.{name}[{place}]", promotion, groups.get(promotion.group))
            if ready.currencies and ready.currencies != (currency,):
                raise CurrencyMismatch(currency, ready.currencies[0])
            own.append(ready)
        found.append(sorted(own, key=_order))
    return found[0], found[1]


def _check_place(path: str, promotion: Promotion, group: Group | None) -> None:
    if group is not None and group.choose is Choose.BEST_PER_LINE and promotion.sets is not None:
        raise InvalidValue(f"{path}.sets", promotion.sets, f"None: the group {promotion.group} chooses by line")
    if group is not None and group.choose is Choose.BEST_PER_LINE and isinstance(promotion.gives, Gift):
        raise InvalidValue(f"{path}.gives", promotion.gives, f"no gift: the group {promotion.group} chooses by line")


def _order(ready: Ready) -> tuple[int, str]:
    return ready.order


def _step(quantum: Money | None, currency: str) -> int:
    if quantum is None:
        return 1
    _checks.a(Money).require("price.quantum", quantum)
    if quantum.currency != currency:
        raise CurrencyMismatch(currency, quantum.currency)
    if quantum.amount <= 0 or quantum.round() != quantum:
        raise InvalidValue("price.quantum", quantum, "an amount above 0 that is whole in minor units")
    return quantum.minor


def _groups(groups: Mapping[str, Group | Choose]) -> dict[str, Group]:
    _checks.a(Mapping).require("price.groups", groups)
    found = {}
    for name, group in groups.items():
        _checks.a(Group, Choose).require(f"price.groups[{name}]", group)
        found[name] = Group(group) if isinstance(group, Choose) else group
        for place, cap in enumerate(found[name].caps):
            check_cap(f"price.groups[{name}].caps[{place}]", cap)
    return found
