"""How points are earned: awards, caps, groups, earning rules, as data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._escrow import Escrow
from relex.loyalty._exact import Number, Written, as_number
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates, expiry_check
from relex.loyalty._points import pending_check
from relex.money import Money
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "UNITS_OF_TIME",
    "AnyAward",
    "Cap",
    "Choose",
    "EarningRule",
    "Flat",
    "Group",
    "Multiply",
    "PerAmount",
    "PerUnit",
    "Stack",
]

UNITS_OF_TIME = ("event", "day", "week", "month", "quarter", "year", "ever")


def _amount_points(value: Written) -> Number:
    return as_number("PerAmount.points", value, above=0)


def _amount_per(value: Written) -> Number:
    return as_number("PerAmount.per", value, above=0)


def _unit_points(value: Written) -> Number:
    return as_number("PerUnit.points", value, above=0)


def _flat_points(value: Written) -> Number:
    return as_number("Flat.points", value, above=0)


def _factor(value: Written) -> Number:
    return as_number("Multiply.factor", value, least=0)


def _groups(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Multiply.groups", values)


def _gives(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("EarningRule.gives", values)


def _caps(values: Iterable[Cap]) -> tuple[Cap, ...]:
    return _checks.items("EarningRule.caps", values)


@tagged("loyalty.PerAmount")
@attrs.frozen
class PerAmount:
    """Points for so much of an amount, counted once on the sum of the matching lines.

    Attributes:
        points: Whole points, exact; above 0.
        per: The amount that earns them; above 0.
        of: The fact that is summed; one that does not begin with `line.` is counted once.
        whole: Whether only full steps count ("for every full 10.00").

    Example:
        >>> PerAmount(1, per="10.00").per
        Decimal('10.00')

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction = attrs.field(converter=_amount_points)
    per: int | Decimal | Fraction = attrs.field(converter=_amount_per)
    of: str = attrs.field(default="line.net", kw_only=True, validator=_checks.text)
    whole: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)


@tagged("loyalty.PerUnit")
@attrs.frozen
class PerUnit:
    """Points for each unit of the matching lines.

    Attributes:
        points: Whole points for one unit, exact; above 0.
        of: The fact that counts units.

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction = attrs.field(converter=_unit_points)
    of: str = attrs.field(default="line.quantity", kw_only=True, validator=_checks.text)


@tagged("loyalty.Flat")
@attrs.frozen
class Flat:
    """Points once for an occasion of which at least one line, or the whole, matches.

    Attributes:
        points: Whole points, exact; above 0.

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction = attrs.field(converter=_flat_points)


@tagged("loyalty.Multiply")
@attrs.frozen
class Multiply:
    """On every matching line, (factor - 1) times what the named groups gave there.

    Attributes:
        factor: At least 0; 0 takes the awards away.
        groups: The groups that are multiplied.

    Example:
        >>> Multiply("1.5").groups
        ('base',)

    .. versionadded:: 0.1.0
    """

    factor: int | Decimal | Fraction = attrs.field(converter=_factor)
    groups: tuple[str, ...] = attrs.field(
        default=("base",), converter=_groups, kw_only=True, validator=_checks.each(_checks.text)
    )


AnyAward = PerAmount | PerUnit | Flat | Multiply


class Stack(Enum):
    """How a rule stands beside the others of its group: added, ending the group after itself, or alone.

    .. versionadded:: 0.1.0
    """

    ADD = "add"
    STOP = "stop"
    ALONE = "alone"


class Choose(Enum):
    """Which rules of a group count: all, the one that gives most, or the first that fires; or on each line the best.

    .. versionadded:: 0.1.0
    """

    ALL = "all"
    BEST = "best"
    BEST_PER_LINE = "best_per_line"
    FIRST = "first"


def _measured(cap: Cap) -> list[str]:
    return [name for name in ("points", "times", "units", "amount", "balance") if getattr(cap, name) is not None]


def _limit(name: str) -> Any:
    return attrs.field(
        default=None,
        converter=attrs.converters.optional(lambda value: as_number(f"Cap.{name}", value, least=0)),
    )


@tagged("loyalty.Cap")
@attrs.frozen(kw_only=True)
class Cap:
    """A limit on what is given; exactly one measure.

    Attributes:
        points: Whole points.
        times: How many awards that gave something.
        units: Quantity of the lines that earned.
        amount: Net of the lines that earned, in the program's currency.
        balance: Available, pending and held points together, after the award.
        per: `event`, a calendar `day`, `week` (ISO), `month`, `quarter` or `year`, a rolling duration such as
            `Days(30)`, or `ever`.
        who: Whose awards count together: those of the `account`, of each `member` of it, or of `everyone`.
        by: A fact of the lines, such as `line.product`; each of its values is counted apart.
        budget: Of `everyone`, the id of the `Budget` that counts; the cap binds by what was drawn from it, and by what
            it has left. A campaign needs none: there the voucher counts.
        then: `cut` gives what is left, `reject` gives nothing when the whole does not fit.

    Example:
        >>> print(Cap(points=500, per="month"))
        500 points per month
        >>> print(Cap(units=10, who="everyone", budget="spring"))
        10 units per event for everyone from spring

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction | None = _limit("points")  # noqa: RUF009 - it makes the field
    times: int | Decimal | Fraction | None = _limit("times")  # noqa: RUF009 - it makes the field
    units: int | Decimal | Fraction | None = _limit("units")  # noqa: RUF009 - it makes the field
    amount: int | Decimal | Fraction | None = _limit("amount")  # noqa: RUF009 - it makes the field
    balance: int | Decimal | Fraction | None = _limit("balance")  # noqa: RUF009 - it makes the field
    per: str | CalendarDuration = attrs.field(default="event")
    who: str = attrs.field(default="account", validator=_checks.one_of("account", "member", "everyone"))
    by: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    budget: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    then: str = attrs.field(default="cut", validator=_checks.one_of("cut", "reject"))

    def __attrs_post_init__(self) -> None:
        measures = _measured(self)
        if len(measures) != 1:
            raise InvalidValue("Cap", measures, "exactly one of points, times, units, amount, balance")
        if not isinstance(self.per, CalendarDuration) and self.per not in UNITS_OF_TIME:
            raise InvalidValue("Cap.per", self.per, f"one of {', '.join(UNITS_OF_TIME)}, or a rolling Days or Months")
        if isinstance(self.per, CalendarDuration) and self.per.n < 1:
            raise InvalidValue("Cap.per", self.per, "a rolling duration of at least 1")
        if self.by is not None and not self.by.startswith("line."):
            raise InvalidValue("Cap.by", self.by, "a fact of the lines, such as line.product")
        if self.by is not None and self.balance is not None:
            raise InvalidValue("Cap.by", self.by, "None, because a balance has no lines")
        if self.who != "account" and self.balance is not None:
            raise InvalidValue("Cap.who", self.who, "account, because a balance is of an account")
        if self.who == "everyone" and self.by is not None:
            raise InvalidValue("Cap.by", self.by, "None, because a budget counts everything together")
        if self.who != "everyone" and self.budget is not None:
            raise InvalidValue("Cap.budget", self.budget, "None, unless the cap is for everyone")

    @property
    def measure(self) -> str:
        """`points`, `times`, `units`, `amount` or `balance`."""
        return _measured(self)[0]

    @property
    def limit(self) -> int | Decimal | Fraction:
        """The number of that measure."""
        found: int | Decimal | Fraction = getattr(self, self.measure)
        return found

    def __str__(self) -> str:
        if self.measure == "balance":
            return f"{self.limit} balance"
        per = self.per if isinstance(self.per, str) else f"{self.per.n} {type(self.per).__name__.lower()}"
        whose = f" for {'everyone' if self.who == 'everyone' else 'each member'}" if self.who != "account" else ""
        counted = f" by {self.by}" if self.by else f" from {self.budget}" if self.budget else ""
        return f"{self.limit} {self.measure} per {per}{whose}{counted}"


_CAPS = _checks.each(_checks.a(Cap))


@tagged("loyalty.Group")
@attrs.frozen
class Group:
    """How the rules of a group are chosen, and what limits them together.

    Attributes:
        choose: Which of the rules that fire count.
        caps: Limits on what the group gives.

    .. versionadded:: 0.1.0
    """

    choose: Choose = attrs.field(default=Choose.ALL, validator=_checks.a(Choose))
    caps: tuple[Cap, ...] = attrs.field(default=(), converter=_caps, validator=_CAPS)


@tagged("loyalty.EarningRule")
@attrs.frozen
class EarningRule:
    """A condition and what it gives.

    Attributes:
        id: Unique in the program; it does not begin with `tier:`.
        award: `PerAmount`, `PerUnit`, `Flat` or `Multiply`.
        when: A rule over the facts of the occasion, its lines, the account and the customer; None for always.
        on: Kind of occasion.
        gives: Ids of points currencies; none for the first of the program.
        group: Rules of one group are chosen, multiplied and capped together.
        priority: High first; equal ones by id.
        stacking: How the rule stands beside others of its group.
        minimum: What the matching lines have to reach, in the fact that the award sums (net, for a flat one).
        caps: Limits on what the rule gives.
        valid: When the rule is in force, by the business moment.
        expires: Policy of expiry of what it gives, before those of tier, points and program.
        pending: How long what it gives has to wait, or `Escrow` for what, before that of points and program.
        qualifying: Whether what it gives counts for tiers that measure what was earned.

    Example:
        >>> from relex.rules import field
        >>> EarningRule("coffee", PerAmount(1, per="1.00"), when=field("line.category") == "coffee").group
        'base'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    award: PerAmount | PerUnit | Flat | Multiply = attrs.field(validator=_checks.a(PerAmount, PerUnit, Flat, Multiply))
    when: Rule | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Rule)))
    on: str = attrs.field(default="purchase", kw_only=True, validator=_checks.text)
    gives: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=_gives, validator=_checks.each(_checks.text)
    )
    group: str = attrs.field(default="base", kw_only=True, validator=_checks.text)
    priority: int = attrs.field(default=0, kw_only=True, validator=_checks.whole())
    stacking: Stack = attrs.field(default=Stack.ADD, kw_only=True, validator=_checks.a(Stack))
    minimum: Money | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Money)))
    caps: tuple[Cap, ...] = attrs.field(default=(), kw_only=True, converter=_caps, validator=_CAPS)
    valid: Period | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Period)))
    expires: Never | OnDates | Inactive | FirstOf | CalendarDuration | timedelta | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(expiry_check)
    )
    pending: CalendarDuration | timedelta | Escrow | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(pending_check)
    )
    qualifying: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)

    def __attrs_post_init__(self) -> None:
        if self.id.startswith("tier:"):
            raise InvalidValue("EarningRule.id", self.id, "an id that does not begin with tier:")
        if isinstance(self.award, Multiply) and self.stacking is not Stack.ADD:
            raise InvalidValue("EarningRule.stacking", self.stacking, "ADD: multipliers go by the program's policy")
        if isinstance(self.award, Multiply) and self.minimum is not None:
            raise InvalidValue("EarningRule.minimum", self.minimum, "None: a multiplier has no amount of its own")
