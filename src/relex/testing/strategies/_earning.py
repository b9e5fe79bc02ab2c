"""How points of loyalty are earned and when they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months, Period, Years
from relex.loyalty import (
    Cap,
    Choose,
    EarningRule,
    Escrow,
    FirstOf,
    Flat,
    Group,
    Inactive,
    Multiply,
    Never,
    OnDates,
    PerAmount,
    PerUnit,
    Points,
    Stack,
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
    "BOOLEANS",
    "EXPIRIES",
    "FACTORS",
    "FEW_CAPS",
    "LENGTHS",
    "MAYBE_EXPIRIES",
    "MONTH_DAYS",
    "PENDING",
    "SHORT",
    "STORED",
    "caps",
    "earning_awards",
    "earning_rules",
    "escrows",
    "expiries",
    "groups",
    "points",
]

FACTORS: SearchStrategy[Any] = st.sampled_from((1, 2, Decimal("1.5"), Fraction(1, 3), Decimal("0.25")))
COUNTS: SearchStrategy[Any] = st.integers(1, 100) | FACTORS
LENGTHS = st.sampled_from((Days(30), Months(1), Months(3), Months(12), Years(1)))
SHORT = st.sampled_from((Days(0), Days(5), Months(1), timedelta(hours=36)))
MONTH_DAYS = st.sampled_from(("01-01", "02-28", "06-30", "12-31"))
BOOLEANS = st.booleans()


def expiries(*, parts: bool = True) -> SearchStrategy[Any]:
    """Policies of expiry: never, on fixed days, after a time, after inactivity, or whichever of several comes first.

    Args:
        parts: Whether some are a `FirstOf`, which holds others.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("expiries.parts", parts)
    return EXPIRIES if parts else _SIMPLE


_NEVER = st.builds(Never)
_ON_DATES: SearchStrategy[OnDates] = st.builds(
    OnDates, dates=st.lists(MONTH_DAYS, min_size=1, max_size=2), least=st.none() | LENGTHS
)
_INACTIVE: SearchStrategy[Inactive] = st.builds(
    Inactive, LENGTHS, st.sampled_from((("earn", "redeem"), ("earn", "earn_zero", "adjust"), ("visit",)))
)
_LASTING: SearchStrategy[Any] = st.one_of(_NEVER, _ON_DATES, LENGTHS, st.just(timedelta(days=90)))
_FIRST_OF: SearchStrategy[FirstOf] = st.builds(FirstOf, _LASTING, _INACTIVE | _LASTING)
_SIMPLE = named("expiries", _LASTING | _INACTIVE)
EXPIRIES = named("expiries", st.one_of(_LASTING, _INACTIVE, _FIRST_OF))
MAYBE_EXPIRIES = st.none() | EXPIRIES


def escrows(*, on: str | SearchStrategy[str] | None = None) -> SearchStrategy[Escrow]:
    """What points wait for, and how long.

    Args:
        on: What they wait for, or what that is drawn from.

    Raises:
        InvalidValue: For an empty text, or what is no text.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Escrow, either("escrows.on", on, _checks.text, st.just("delivered")), st.sampled_from((Days(30), Months(2)))
    )


PENDING: SearchStrategy[Any] = st.one_of(st.none(), SHORT, escrows())


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
        qualifying=either("points.qualifying", qualifying, _checks.flag, BOOLEANS),
        rounding=st.sampled_from((Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEILING)),
        expires=MAYBE_EXPIRIES,
        pending=PENDING,
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
    COUNTS,
    st.sampled_from((1, 10, Decimal("0.50"))),
    of=st.sampled_from(("line.net", "line.list", "line.paid", "purchase.total")),
    whole=BOOLEANS,
)
_PER_UNIT: SearchStrategy[PerUnit] = st.builds(PerUnit, COUNTS)
_FLAT: SearchStrategy[Flat] = st.builds(Flat, COUNTS)
_MULTIPLY: SearchStrategy[Multiply] = st.builds(Multiply, st.just(0) | FACTORS)
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
        st.just(0) | COUNTS,
        st.sampled_from(("event", "day", "week", "month", "quarter", "year", "ever"))
        | st.sampled_from((Days(30), Months(2))),
        st.sampled_from((None, None, "line.product", "line.category")),
        st.sampled_from(("cut", "reject")),
    ),
)
FEW_CAPS = st.lists(_CAPS, max_size=1)


def groups() -> SearchStrategy[Group]:
    """How the rules of a group are chosen, with a limit or none.

    .. versionadded:: 0.1.0
    """
    return st.builds(Group, st.sampled_from(Choose), FEW_CAPS)


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
        "caps": FEW_CAPS,
        "valid": _VALID,
        "expires": MAYBE_EXPIRIES,
        "pending": PENDING,
        "qualifying": BOOLEANS,
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Cap: caps,
    EarningRule: earning_rules,
    Escrow: escrows,
    FirstOf: lambda: _FIRST_OF,
    Flat: lambda: _FLAT,
    Group: groups,
    Inactive: lambda: _INACTIVE,
    Multiply: lambda: _MULTIPLY,
    Never: lambda: _NEVER,
    OnDates: lambda: _ON_DATES,
    PerAmount: lambda: _PER_AMOUNT,
    PerUnit: lambda: _PER_UNIT,
    Points: points,
}
"""The strategy of every stored form of what earns points."""
