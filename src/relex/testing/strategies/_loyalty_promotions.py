"""What lowers the prices of a basket."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Period
from relex.loyalty import (
    AmountOff,
    Cap,
    CashOff,
    Gift,
    PercentOff,
    PriceAt,
    Promotion,
    PromotionUse,
    Sets,
    Stack,
    Units,
)
from relex.money import Money, Rounding
from relex.rules import field
from relex.testing.strategies._basics import either, instants, words
from relex.testing.strategies._money import currencies, moneys

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "benefits", "promotion_uses", "promotions"]

_START = datetime(2026, 1, 1, tzinfo=UTC)
_PERCENTS: SearchStrategy[Any] = st.integers(1, 100) | st.sampled_from((Decimal("12.5"), Fraction(100, 3)))
_LINE_RULES = (None, None, field("line.category") == "coffee", field("line.kind").is_in("goods", "fee"))
_CONDITIONS = (None, None, field("basket.total").between(5, 500), field("customer.segment") == "regulars")
_CAPS = ((), (), (Cap(times=1, per="ever"),), (Cap(units=2), Cap(units=5, per="month", then="reject")))


def benefits(*, currency: str | SearchStrategy[str] | None = None) -> SearchStrategy[Any]:
    """What promotions give: percentages, amounts, prices and gifts.

    Args:
        currency: Of the amounts, or what codes are drawn from; all amounts of one benefit are in one.

    Raises:
        InvalidValue: For a currency that is none.

    .. versionadded:: 0.1.0
    """
    return either("benefits.currency", currency, _checks.currency_code, currencies()).flatmap(_gives)


def _gives(currency: str) -> SearchStrategy[Any]:
    return st.one_of(_percents(currency), _amounts(currency), _prices(currency), _GIFTS)


def _percents(currency: str) -> SearchStrategy[PercentOff]:
    return st.builds(PercentOff, _PERCENTS, at_most=st.none() | _positive(currency))


def _amounts(currency: str) -> SearchStrategy[AmountOff]:
    return st.builds(AmountOff, _positive(currency), each=st.sampled_from(("once", "line", "unit")))


def _prices(currency: str) -> SearchStrategy[PriceAt]:
    return st.builds(PriceAt, st.just(Money.zero(currency)) | _positive(currency))


def _positive(currency: str) -> SearchStrategy[Money]:
    return st.integers(1, 5_000).map(lambda minor: Money.of_minor(minor, currency))


_GIFTS: SearchStrategy[Gift] = st.builds(
    Gift, words(), quantity=st.integers(1, 3), per=st.sampled_from((1, 3, Decimal("2.5")))
)
_CASH: SearchStrategy[CashOff] = st.builds(
    CashOff,
    points=st.sampled_from((1, 100)),
    worth=st.sampled_from((1, Decimal("0.01"), Fraction(1, 3))),
    minimum=st.sampled_from((0, 500)),
    at_most=st.sampled_from(("100%", "50%", "12.5%")),
    quantum=st.sampled_from((None, Decimal("0.05"))),
    rounding=st.sampled_from((Rounding.HALF_UP, Rounding.FLOOR, Rounding.CEILING)),
)
_UNITS: SearchStrategy[Units] = st.builds(
    Units,
    st.integers(1, 3),
    order=st.sampled_from(("basket", "cheapest", "dearest")),
    per=st.sampled_from(("basket", "line")),
)
_SETS: SearchStrategy[Sets] = st.builds(
    Sets,
    st.sampled_from(_LINE_RULES),
    st.integers(1, 3),
    st.sampled_from(_LINE_RULES),
    st.integers(1, 2),
    times=st.sampled_from((None, None, 1)),
    get_first=st.sampled_from(("basket", "cheapest", "dearest")),
)


def promotions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Promotion]:
    """Promotions of every benefit: of some units or of whole sets, with and without conditions, minimums and caps.

    Args:
        id: Of the promotion, or what ids are drawn from.
        currency: Of the amounts, or what codes are drawn from.

    Raises:
        InvalidValue: For an id that is empty, or a currency that is none.

    .. versionadded:: 0.1.0
    """
    ids = either("promotions.id", id, _checks.text, words())
    codes = either("promotions.currency", currency, _checks.currency_code, currencies())
    return st.tuples(ids, codes).flatmap(lambda drawn: _promotions(*drawn))


def _promotions(id_: str, currency: str) -> SearchStrategy[Promotion]:
    return st.builds(_promotion, st.just(id_), _gives(currency), _choices(), _more(currency))


def _promotion(id_: str, gives: Any, chosen: Any, more: dict[str, Any]) -> Promotion:
    units, sets = chosen
    if isinstance(gives, Gift):
        more = {**more, "caps": tuple(cap for cap in more["caps"] if cap.by is None)}
    return Promotion(id_, gives, units=units, sets=sets, **more)


def _choices() -> SearchStrategy[Any]:
    none = st.none()
    return st.one_of(st.tuples(none, none), st.tuples(_UNITS, none), st.tuples(none, _SETS))


def _more(currency: str) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "when": st.sampled_from(_CONDITIONS),
            "on": st.sampled_from(_LINE_RULES),
            "minimum": st.none() | _positive(currency),
            "minimum_quantity": st.sampled_from((None, None, 2, Decimal("1.5"))),
            "group": st.sampled_from(("base", "base", "extra")),
            "priority": st.integers(-1, 1),
            "stacking": st.sampled_from((Stack.ADD, Stack.ADD, Stack.STOP, Stack.ALONE)),
            "caps": st.sampled_from((*_CAPS, (Cap(times=3, per=Days(30), who="member"),))),
            "valid": st.sampled_from((None, None, Period(_START, None))),
        }
    )


def promotion_uses(*, promotion: str | SearchStrategy[str] | None = None) -> SearchStrategy[PromotionUse]:
    """What baskets used of promotions.

    Args:
        promotion: Id of the promotion, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    counted = st.sampled_from(((None, None), ("line.product", "latte"), ("line.brand", "")))
    return st.builds(
        _use,
        either("promotion_uses.promotion", promotion, _checks.text, words()),
        words(),
        instants(),
        st.sampled_from((0, 1, 3, Decimal("2.5"), Fraction(1, 3))),
        moneys(),
        st.none() | words(),
        counted,
    )


def _use(promotion: str, group: str, at: datetime, units: Any, amount: Money, member: Any, by: Any) -> PromotionUse:
    return PromotionUse(
        promotion=promotion, group=group, at=at, units=units, amount=amount, member=member, by=by[0], value=by[1]
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    AmountOff: lambda: currencies().flatmap(_amounts),
    CashOff: lambda: _CASH,
    Gift: lambda: _GIFTS,
    PercentOff: lambda: currencies().flatmap(_percents),
    PriceAt: lambda: currencies().flatmap(_prices),
    Promotion: promotions,
    PromotionUse: promotion_uses,
    Sets: lambda: _SETS,
    Units: lambda: _UNITS,
}
"""The strategy of each class of promotions that has a stored form."""
