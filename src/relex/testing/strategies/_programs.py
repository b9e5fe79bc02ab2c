"""Loyalty programs and the parts that they are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months, Period, Years
from relex.loyalty import (
    Always,
    Anniversary,
    Calendar,
    Cap,
    Choose,
    Clawback,
    EarningRule,
    FirstOf,
    Flat,
    For,
    Group,
    Inactive,
    Lifetime,
    Multiply,
    Never,
    OnDates,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    Program,
    Restore,
    Rolling,
    SinceChange,
    Stack,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.money import Rounding
from relex.rules import field
from relex.testing.strategies._basics import either, named, words
from relex.testing.strategies._money import currencies, moneys

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.rules import Rule

__all__ = [
    "STORED",
    "caps",
    "clawbacks",
    "earning_awards",
    "earning_rules",
    "expiries",
    "groups",
    "keeps",
    "points",
    "programs",
    "restores",
    "tier_policies",
    "tier_windows",
    "tiers",
]

_FACTORS: SearchStrategy[Any] = st.sampled_from((1, 2, Decimal("1.5"), Fraction(1, 3), Decimal("0.25")))
_COUNTS: SearchStrategy[Any] = st.integers(1, 100) | _FACTORS
_LENGTHS = st.sampled_from((Days(30), Months(1), Months(3), Months(12), Years(1)))
_SHORT = st.sampled_from((Days(0), Days(5), Months(1), timedelta(hours=36)))
_MONTH_DAYS = st.sampled_from(("01-01", "02-28", "06-30", "12-31"))
_BOOLEANS = st.booleans()


def expiries(*, parts: bool = True) -> SearchStrategy[Any]:
    """Policies of expiry: never, on fixed days, after a time, after inactivity, or whichever of several comes first.

    Args:
        parts: Whether some are a `FirstOf`, which holds others.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("expiries.parts", parts)
    return _EXPIRIES if parts else _SIMPLE


_NEVER = st.builds(Never)
_ON_DATES: SearchStrategy[OnDates] = st.builds(
    OnDates, dates=st.lists(_MONTH_DAYS, min_size=1, max_size=2), least=st.none() | _LENGTHS
)
_INACTIVE: SearchStrategy[Inactive] = st.builds(
    Inactive, _LENGTHS, st.sampled_from((("earn", "redeem"), ("earn", "earn_zero", "adjust"), ("visit",)))
)
_LASTING: SearchStrategy[Any] = st.one_of(_NEVER, _ON_DATES, _LENGTHS, st.just(timedelta(days=90)))
_FIRST_OF: SearchStrategy[FirstOf] = st.builds(FirstOf, _LASTING, _INACTIVE | _LASTING)
_SIMPLE = named("expiries", _LASTING | _INACTIVE)
_EXPIRIES = named("expiries", st.one_of(_LASTING, _INACTIVE, _FIRST_OF))
_MAYBE_EXPIRIES = st.none() | _EXPIRIES


def points(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    qualifying: bool | None = None,
) -> SearchStrategy[Points]:
    """Points currencies of every scale, some of status only.

    Args:
        id: Name of the currency, or what names are drawn from.
        qualifying: Whether they are of status only; by default either.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Points,
        either("points.id", id, _checks.text, words()),
        scale=st.sampled_from((0, 0, 2)),
        qualifying=either("points.qualifying", qualifying, _checks.flag, _BOOLEANS),
        rounding=st.sampled_from((Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEILING)),
        expires=_MAYBE_EXPIRIES,
        pending=st.none() | _SHORT,
        clock=st.sampled_from(("activation", "earning")),
    )


# How points are earned.


def earning_awards(*, multiply: bool = True) -> SearchStrategy[Any]:
    """What a rule gives: points by amount, by unit, at once, or as a factor on other rules.

    Args:
        multiply: Whether some are factors.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("earning_awards.multiply", multiply)
    return _AWARDS | _MULTIPLY if multiply else _AWARDS


_PER_AMOUNT: SearchStrategy[PerAmount] = st.builds(
    PerAmount,
    _COUNTS,
    st.sampled_from((1, 10, Decimal("0.50"))),
    of=st.sampled_from(("line.net", "line.list", "line.paid", "purchase.total")),
    whole=_BOOLEANS,
)
_PER_UNIT: SearchStrategy[PerUnit] = st.builds(PerUnit, _COUNTS)
_FLAT: SearchStrategy[Flat] = st.builds(Flat, _COUNTS)
_MULTIPLY: SearchStrategy[Multiply] = st.builds(Multiply, st.just(0) | _FACTORS)
_AWARDS: SearchStrategy[Any] = st.one_of(_FLAT, _PER_AMOUNT, _PER_UNIT)


def caps() -> SearchStrategy[Cap]:
    """Limits on points, awards, units, amounts or the balance, for every time that a limit may hold.

    .. versionadded:: 0.1.0
    """
    return _CAPS


def _cap(measure: str, limit: Any, per: Any, by: str | None, then: str) -> Cap:
    return Cap(**{measure: limit}, per=per, by=None if measure == "balance" else by, then=then)


_CAPS = named(
    "caps",
    st.builds(
        _cap,
        st.sampled_from(("points", "times", "units", "amount", "balance")),
        st.just(0) | _COUNTS,
        st.sampled_from(("event", "day", "week", "month", "quarter", "year", "ever"))
        | st.sampled_from((Days(30), Months(2))),
        st.sampled_from((None, None, "line.product", "line.category")),
        st.sampled_from(("cut", "reject")),
    ),
)
_FEW_CAPS = st.lists(_CAPS, max_size=1)


def groups() -> SearchStrategy[Group]:
    """How the rules of a group are chosen, with a limit or none.

    .. versionadded:: 0.1.0
    """
    return st.builds(Group, st.sampled_from(Choose), _FEW_CAPS)


_WHENS: SearchStrategy[Rule | None] = st.sampled_from(
    (
        None,
        None,
        field("line.category") == "tea",
        field("line.tags").contains("a"),
        field("event.weekday").is_in(6, 7),
        field("account.tier") == "gold",
        field("customer.age").between(18, 65),
        field("purchase.total").between(20, 100),
    )
)
_VALID = st.sampled_from((None, None, None, Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))))


def earning_rules(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[EarningRule]:
    """Conditions and what they give, for purchases and for visits, in the groups `base` and `extra`.

    Shrinks to one point for each purchase.

    Args:
        id: Of the rule, or what ids are drawn from.
        currency: Of amounts that have to be reached, or what currencies are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    drawn_from = either("earning_rules.currency", currency, _checks.currency_code, currencies())
    return _earning_rules(
        either("earning_rules.id", id, _checks.text, words()), moneys(currency=drawn_from, min_value=0, max_value=100)
    )


@st.composite
def _earning_rules(draw: st.DrawFn, id_: SearchStrategy[str], minimums: SearchStrategy[Any]) -> EarningRule:
    award = draw(_AWARDS | _MULTIPLY)
    more = draw(_MORE_OF_RULE)
    if not isinstance(award, Multiply):
        more |= {"minimum": draw(st.none() | minimums), "stacking": draw(st.sampled_from(Stack))}
    return EarningRule(draw(id_), award, draw(_WHENS), **more)


_MORE_OF_RULE: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "on": st.sampled_from(("purchase", "purchase", "visit")),
        "group": st.sampled_from(("base", "extra")),
        "priority": st.integers(-1, 1),
        "caps": _FEW_CAPS,
        "valid": _VALID,
        "expires": _MAYBE_EXPIRIES,
        "pending": st.none() | _SHORT,
        "qualifying": _BOOLEANS,
    },
)


# Tiers.


def tiers(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> SearchStrategy[Tier]:
    """Levels with a threshold or a rule.

    Args:
        id: Of the tier, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _tier, either("tiers.id", id, _checks.text, words()), st.integers(0, 500) | _FACTORS, _TIER_RULES, _MORE_OF_TIER
    )


def _tier(id_: str, at: Any, rule: Rule | None, more: dict[str, Any]) -> Tier:
    return Tier(id_, at=at if rule is None else None, when=rule, **more)


_TIER_RULES: SearchStrategy[Rule | None] = st.sampled_from((None, None, ~field("tier.earned").between(0, 99)))
_MORE_OF_TIER = st.fixed_dictionaries(
    {},
    optional={
        "multiplier": _FACTORS,
        "lifetime": _BOOLEANS,
        "expires": st.sampled_from((None, Never(), Months(6))),
        "benefits": st.lists(words(), max_size=1),
    },
)


def tier_windows() -> SearchStrategy[Any]:
    """Over which time tiers measure: `Calendar`, `Anniversary`, `Rolling`, `Lifetime` or `SinceChange`.

    .. versionadded:: 0.1.0
    """
    return _WITH_PERIODS | _WITHOUT_PERIODS


def keeps() -> SearchStrategy[Any]:
    """How long tiers last: `Periods`, `For`, `WhileMet` or `Always`.

    .. versionadded:: 0.1.0
    """
    return _PERIODS | _KEEPS


_CALENDAR: SearchStrategy[Calendar] = st.builds(Calendar, _LENGTHS, starts=_MONTH_DAYS)
_ANNIVERSARY: SearchStrategy[Anniversary] = st.builds(Anniversary, _LENGTHS)
_ROLLING: SearchStrategy[Rolling] = st.builds(Rolling, _LENGTHS)
_PERIODS: SearchStrategy[Periods] = st.builds(Periods, st.integers(0, 2))
_FOR: SearchStrategy[For] = st.builds(For, _LENGTHS)
_WITH_PERIODS: SearchStrategy[Any] = _CALENDAR | _ANNIVERSARY
_WITHOUT_PERIODS: SearchStrategy[Any] = st.one_of(_ROLLING, st.builds(Lifetime), st.builds(SinceChange))
_KEEPS: SearchStrategy[Any] = st.one_of(_FOR, st.builds(WhileMet), st.builds(Always))


def tier_policies() -> SearchStrategy[TierPolicy]:
    """What tiers measure, over which time, and how long they last.

    .. versionadded:: 0.1.0
    """
    return _POLICIES


_POLICY: dict[str, SearchStrategy[Any]] = {
    "measure": st.sampled_from(("earned", "spend", "orders", "visits", "balance")),
    "review": st.sampled_from(("reassess", "one_down", "keep")),
    "grace": st.sampled_from((None, Days(10))),
}
_POLICIES: SearchStrategy[TierPolicy] = named(
    "tier_policies",
    st.builds(
        TierPolicy,
        window=_WITH_PERIODS,
        keeps=_PERIODS | _KEEPS,
        upgrade=st.sampled_from(("immediate", "next_period")),
        **_POLICY,
    )
    | st.builds(TierPolicy, window=_WITHOUT_PERIODS, keeps=_KEEPS, **_POLICY),
)


# The program.


def clawbacks() -> SearchStrategy[Clawback]:
    """What a return takes back.

    .. versionadded:: 0.1.0
    """
    return _CLAWBACKS


_CLAWBACKS = st.builds(
    Clawback,
    st.sampled_from(("per_line", "proportional")),
    st.sampled_from(("within_balance", "allow_debt", "only_pending")),
)


def restores() -> SearchStrategy[Restore]:
    """What becomes of points that come back too late.

    .. versionadded:: 0.1.0
    """
    return _RESTORES


_RESTORES = st.sampled_from((Restore(), Restore("reissue"), Restore("grace", Days(14))))


def programs(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Program]:
    """Programs of up to three rules and two tiers, with limits, groups, waiting times and policies of every kind.

    Shrinks to a program that gives nothing.

    Args:
        id: Of the program, or what ids are drawn from.
        currency: Of the purchases, or what currencies are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return _programs(
        either("programs.id", id, _checks.text, words()),
        either("programs.currency", currency, _checks.currency_code, currencies()),
    )


_MAIN = points(id="points", qualifying=False)
_STATUS = points(id="status", qualifying=True)
_RULE_IDS = ("visit", "base", "extra")


@st.composite
def _programs(draw: st.DrawFn, id_: SearchStrategy[str], currency: SearchStrategy[str]) -> Program:
    code = draw(currency)
    found = [draw(earning_rules(id=name, currency=code)) for name in _RULE_IDS[: draw(_UP_TO_THREE)]]
    if all(rule.group != "base" for rule in found):
        found = [rule for rule in found if not isinstance(rule.award, Multiply)]  # what is multiplied is not there
    used = {rule.group for rule in found}
    kinds = [draw(_MAIN)] + ([draw(_STATUS)] if draw(_SELDOM) else [])
    more = draw(_MORE_OF_PROGRAM)
    if draw(_BOOLEANS):
        more |= {"tiers": draw(_TIERS), "tier_policy": draw(_POLICIES)}
    return Program(
        draw(id_), currency=code, points=kinds, rules=[*found, *_also(kinds)], groups=_groups(draw, used), **more
    )


_UP_TO_THREE = st.integers(0, 3)
_SELDOM = st.sampled_from((False, False, False, True))


def _also(kinds: list[Points]) -> list[EarningRule]:
    """A rule for status, where there is a currency of status, that leaves the groups of the other rules alone."""
    return [EarningRule("status", PerAmount(1, per=1), gives=["status"], group="status")] if len(kinds) > 1 else []


def _groups(draw: st.DrawFn, used: set[str]) -> dict[str, Group]:
    return {name: draw(groups()) for name in sorted(used) if draw(_SELDOM)}


def _ladder(first: int, *steps: dict[str, Any]) -> list[Tier]:
    return [
        Tier(name, at=first + 100 * place, **more) for place, (name, more) in enumerate(zip(_NAMES, steps, strict=True))
    ]


_NAMES = ("silver", "gold")
_TIERS = st.builds(_ladder, st.sampled_from((0, 1, 50)), _MORE_OF_TIER, _MORE_OF_TIER)
_MORE_OF_PROGRAM: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "version": st.integers(1, 3),
        "multipliers": st.sampled_from(("sum", "best", "product")),
        "caps": _FEW_CAPS,
        "expires": _EXPIRIES,
        "pending": st.none() | _SHORT,
        "clawback": _CLAWBACKS,
        "restore": _RESTORES,
        "before_enrollment": st.sampled_from(("reject", "accept")),
        "tz": st.sampled_from((UTC, ZoneInfo("Europe/Vienna"), ZoneInfo("America/New_York"))),
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Always: lambda: st.builds(Always),
    Anniversary: lambda: _ANNIVERSARY,
    Calendar: lambda: _CALENDAR,
    Cap: caps,
    Clawback: clawbacks,
    EarningRule: earning_rules,
    FirstOf: lambda: _FIRST_OF,
    Flat: lambda: _FLAT,
    For: lambda: _FOR,
    Group: groups,
    Inactive: lambda: _INACTIVE,
    Lifetime: lambda: st.builds(Lifetime),
    Multiply: lambda: _MULTIPLY,
    Never: lambda: _NEVER,
    OnDates: lambda: _ON_DATES,
    PerAmount: lambda: _PER_AMOUNT,
    PerUnit: lambda: _PER_UNIT,
    Periods: lambda: _PERIODS,
    Points: points,
    Program: programs,
    Restore: restores,
    Rolling: lambda: _ROLLING,
    SinceChange: lambda: st.builds(SinceChange),
    Tier: tiers,
    TierPolicy: tier_policies,
    WhileMet: lambda: st.builds(WhileMet),
}
"""The strategy of every stored form of which programs are made."""
