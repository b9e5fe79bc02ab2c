"""Promotions on a basket, as data: what is given, on which units, when, and beside which others."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._flow import bare
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._alike import own_names
from relex.loyalty._benefits import AmountOff, Gift, PercentOff, PriceAt, amount_check, benefit_check
from relex.loyalty._rules import Cap, Stack
from relex.money import Money
from relex.purchases import Purchase
from relex.rules import FactSchema, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Promotion", "Sets", "Units", "check_cap"]

_LINE = dict(Purchase.fact_schema.children)["lines"] | FactSchema({"line.discount": Decimal})
_LINE_NAMES = tuple([name for name, _ in _LINE.facts])
_BASKET = FactSchema(
    {
        "basket.channel": str,
        "basket.currency": str,
        "basket.customer": str,
        "basket.items": int,
        "basket.list": Decimal,
        "basket.promotions": tuple,
        "basket.quantity": Decimal,
        "basket.store": str,
        "basket.total": Decimal,
        "event.at": datetime,
        "event.date": date,
        "event.minute": int,
        "event.weekday": int,
    },
    children={"lines": _LINE},
)
_OURS = ("basket.", "event.", "line.", "taste.")
_CAPS = _checks.each(_checks.a(Cap))
_MEASURES = ("times", "units", "amount")
_ORDERS = ("basket", "cheapest", "dearest")
_RULE_OR_NONE = _checks.optional(_checks.a(Rule))


def _check_rule(known: FactSchema, rule: Rule | None, path: str) -> None:
    """Refuse a name of the basket or its lines that nobody gives; whatever else is asked for is the caller's."""
    if rule is not None:
        others = sorted(name for name in own_names(rule) if not name.startswith(_OURS) and name != "lines")
        (known | FactSchema(open=tuple(others))).check(rule, path)


@tagged("loyalty.Units")
@attrs.frozen(weakref_slot=False)
class Units:
    """Some of the units of the matching lines.

    A line of 2.5 has three units: two whole ones and a part. A part counts as one unit here and in `Sets`, at its own
    price; an amount off each unit and a fixed price hold for it in proportion. Minimums, gifts and limits count the
    quantity as it is.

    Attributes:
        n: How many units; at least 1.
        order: `basket` takes them line by line, within a line the dearest first; `cheapest` and `dearest` by the
            current price, equal ones line by line.
        per: `basket`, or `line` for so many of each line.

    Example:
        >>> Units(1, order="cheapest").per
        'basket'

    .. versionadded:: 0.1.0
    """

    n: int = attrs.field(validator=_checks.whole(least=1))
    order: str = attrs.field(default="basket", kw_only=True, validator=_checks.one_of(*_ORDERS))
    per: str = attrs.field(default="basket", kw_only=True, validator=_checks.one_of("basket", "line"))


@tagged("loyalty.Sets")
@attrs.frozen(weakref_slot=False)
class Sets:
    """Whole sets of units that are bought and units that are given; only the given ones change their price.

    The bought units are taken dearest first. Units of a set are used up for later sets, of this promotion and of
    others. There are always as many sets as the units allow.

    Attributes:
        buy: A rule over the facts of a line; None is any line.
        n: How many of these units one set takes.
        get: As `buy`, for the units that the benefit is for.
        m: How many of these units one set takes.
        times: At most so many sets; None for as many as there are.
        get_first: Which units are given first: the `cheapest`, the `dearest`, or those that come first in the `basket`.

    Example:
        Buy 2, get 1 free:

        >>> Promotion("3 for 2", PercentOff(100), sets=Sets(None, 2, None, 1)).sets.n
        2

    .. versionadded:: 0.1.0
    """

    buy: Rule | None = attrs.field(validator=_RULE_OR_NONE)
    n: int = attrs.field(validator=_checks.whole(least=1))
    get: Rule | None = attrs.field(validator=_RULE_OR_NONE)
    m: int = attrs.field(validator=_checks.whole(least=1))
    times: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.whole(least=1)))
    get_first: str = attrs.field(default="cheapest", kw_only=True, validator=_checks.one_of(*_ORDERS))

    def __attrs_post_init__(self) -> None:
        _check_rule(_BASKET | _LINE, self.buy, "Sets.buy")
        _check_rule(_BASKET | _LINE, self.get, "Sets.get")


def check_cap(path: str, cap: Cap) -> None:
    """Refuse a limit that no promotion can have."""
    if cap.measure not in _MEASURES:
        raise InvalidValue(path, cap, f"a limit on one of {', '.join(_MEASURES)}")
    if cap.who == "everyone" and cap.budget is None:
        raise InvalidValue(f"{path}.budget", None, "the id of the budget that everyone shares")
    if cap.by is not None and cap.by not in _LINE_NAMES:
        raise InvalidValue(f"{path}.by", cap.by, f"one of {', '.join(_LINE_NAMES)}")


def _caps(values: Iterable[Cap]) -> tuple[Cap, ...]:
    return _checks.items("Promotion.caps", values)


@tagged("loyalty.Promotion")
@attrs.frozen(weakref_slot=False)
class Promotion:
    """What lowers the prices of a basket, or adds a gift to it; see `price`.

    Attributes:
        id: Unique among the promotions and vouchers of a basket.
        gives: `PercentOff`, `AmountOff`, `PriceAt` or `Gift`.
        when: A rule over the basket: `basket.total`, `.list`, `.quantity`, `.items`, `.channel`, `.store`, `.customer`,
            `.currency`; `event.at`, `.date`, `.weekday`, `.minute`; its lines; and whatever facts the caller gives,
            such as `customer.*` and `account.*`. None for always.
        on: A rule over the facts of a line, and over those of the basket. Lines of delivery, gift cards, fees and
            gifts are taken only if it asks about `line.kind`. None for all goods.
        units: Which units of the matching lines; None for all.
        sets: Whole sets of units, in place of `units`.
        minimum: What the matching lines have to reach in amount; above 0.
        minimum_quantity: What they have to reach in quantity.
        group: Promotions of one group are chosen together.
        priority: High first; equal ones by id.
        stacking: How it stands beside others of its group.
        caps: Limits on `times`, `units` or `amount` of what it takes off.
        valid: When it is in force; a range of dates is local to the `tz` of `price`.

    Raises:
        InvalidValue: For units and sets together, a limit on points or on a balance, amounts in several currencies, or
            a rule that asks about a fact of the basket or of a line that nobody gives.

    Example:
        >>> from relex.rules import field
        >>> Promotion("coffee week", PercentOff(20), on=field("line.category") == "coffee").group
        'base'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    gives: PercentOff | AmountOff | PriceAt | Gift = attrs.field(validator=benefit_check)
    when: Rule | None = attrs.field(default=None, validator=_RULE_OR_NONE)
    on: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE_OR_NONE)
    units: Units | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Units)))
    sets: Sets | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Sets)))
    minimum: Money | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(amount_check))
    minimum_quantity: int | Decimal | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.number(above=0))
    )
    group: str = attrs.field(default="base", kw_only=True, validator=_checks.text)
    priority: int = attrs.field(default=0, kw_only=True, validator=_checks.whole())
    stacking: Stack = attrs.field(default=Stack.ADD, kw_only=True, validator=_checks.a(Stack))
    caps: tuple[Cap, ...] = attrs.field(default=(), kw_only=True, converter=_caps, validator=_CAPS)
    valid: Period | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Period)))
    _ready: Any = attrs.field(default=None, init=False, eq=False, repr=False)  # made when it is first priced

    def __attrs_post_init__(self) -> None:
        if self.units is not None and self.sets is not None:
            raise InvalidValue("Promotion.sets", self.sets, "None beside units: one or the other chooses")
        for place, cap in enumerate(self.caps):
            check_cap(f"Promotion.caps[{place}]", cap)
            if isinstance(self.gives, Gift) and (cap.by is not None or cap.amount is not None):
                raise InvalidValue(f"Promotion.caps[{place}]", cap, "a limit of a gift on times or units, by no fact")
        if len(self.currencies) > 1:
            raise InvalidValue("Promotion.minimum", self.minimum, "all amounts in one currency")
        _check_rule(_BASKET, self.when, "Promotion.when")
        _check_rule(_BASKET | _LINE, self.on, "Promotion.on")

    def __reduce__(self) -> tuple[Any, ...]:
        return bare(self)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of its amounts, sorted."""
        gives = self.gives
        amounts = [self.minimum, getattr(gives, "amount", None), getattr(gives, "price", None)]
        amounts.append(getattr(gives, "at_most", None))
        return tuple(sorted({amount.currency for amount in amounts if amount is not None}))
