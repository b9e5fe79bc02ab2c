"""Commission plans, their parts, and the credits that they pay for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.money import Money, Rounding
from relex.pipeline import CommissionBalance, CommissionCredit, CommissionPlan, CommissionTier, Draw
from relex.testing.strategies._basics import days, either, ids, instants, named, texts, zones
from relex.testing.strategies._money import currencies, moneys
from relex.testing.strategies._rules import constants, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "commission_balances", "commission_credits", "commission_plans", "commission_tiers", "draws"]

_PERCENT: SearchStrategy[Any] = st.integers(0, 100) | st.sampled_from((Decimal("2.5"), Fraction(100, 3)))
_AMOUNT: SearchStrategy[Any] = st.integers(0, 5_000) | st.sampled_from((Decimal("12.5"), Fraction(1, 3)))
_STEP: SearchStrategy[Any] = st.integers(1, 100_000) | st.sampled_from((Decimal("0.01"), Fraction(100, 3)))
_CURRENCY = _checks.currency_code


def commission_tiers(*, up_to: Any = None) -> SearchStrategy[CommissionTier]:
    """Tiers that pay a slice, the whole or an amount; shrinks to a slice of 0 percent.

    Args:
        up_to: The upper bound, or what bounds are drawn from; by default none or any.

    Raises:
        InvalidValue: For a bound that is no exact number above 0.

    .. versionadded:: 0.1.0
    """
    bound = either("commission_tiers.up_to", up_to, _checks.number(above=0), st.none() | _STEP)
    return st.builds(_tier, _WAYS, bound)


_WAYS: SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"slice": _PERCENT}),
    st.fixed_dictionaries({"whole": _PERCENT}),
    st.fixed_dictionaries({"amount": _AMOUNT}),
)


def _tier(way: dict[str, Any], up_to: Any) -> CommissionTier:
    return CommissionTier(up_to=up_to, **way)


def draws(*, currency: str | SearchStrategy[str] | None = None) -> SearchStrategy[Draw]:
    """What is paid in every period, as an advance or as a guarantee.

    Args:
        currency: The only currency, or what currencies are drawn from; by default `currencies()`.

    Raises:
        InvalidValue: For what is no currency.

    .. versionadded:: 0.1.0
    """
    paid = either("draws.currency", currency, _CURRENCY, currencies())
    amounts = st.builds(Money, st.integers(1, 10_000), paid)
    return st.builds(Draw, amount=amounts, recoverable=st.booleans(), until=st.none() | days())


def commission_plans(
    *,
    currency: str | SearchStrategy[str] | None = None,
    basis: str | SearchStrategy[str] | None = None,
    per: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[CommissionPlan]:
    """Plans of one to four tiers, capped or open, with rules and draws; shrinks to one open tier of 0 percent.

    Args:
        currency: The only currency, or what currencies are drawn from; by default `currencies()`.
        basis: `amount` or `attainment`; by default either.
        per: `transaction`, `period` or `cumulative`; by default any.

    Raises:
        InvalidValue: For what is no currency, or another word than those.

    .. versionadded:: 0.1.0
    """
    return named(
        "commission_plans",
        st.builds(
            _plan,
            ids(),
            st.lists(st.tuples(_WAYS, _STEP), min_size=1, max_size=4),
            st.booleans(),
            either("commission_plans.currency", currency, _CURRENCY, currencies()),
            st.none() | st.tuples(st.integers(1, 10_000), st.booleans()),
            st.fixed_dictionaries(
                {
                    "basis": either("commission_plans.basis", basis, _BASES, st.sampled_from(("amount", "attainment"))),
                    "per": either("commission_plans.per", per, _PERS, st.sampled_from(_EACH)),
                    "every": st.sampled_from(("month", "quarter", "half", "year")),
                    "year_starts": st.integers(1, 12),
                    "rounding": st.sampled_from(Rounding),
                    "tz": zones(),
                },
                optional={"when": rules(), "lines": rules(), "name": texts(), "version": st.integers(1, 9)},
            ),
        ),
    )


_EACH = ("transaction", "period", "cumulative")
_BASES = _checks.one_of("amount", "attainment")
_PERS = _checks.one_of(*_EACH)


def _plan(
    id: str,  # noqa: A002 - the field's name everywhere in relex
    steps: list[tuple[dict[str, Any], Any]],
    capped: bool,
    currency: str,
    draw: tuple[int, bool] | None,
    more: dict[str, Any],
) -> CommissionPlan:
    """A plan whose bounds are the running sums of the steps; an amount cannot be without end, so it is capped then."""
    bound, tiers = Fraction(0), []
    ends = capped or "amount" in steps[-1][0]
    for place, (way, step) in enumerate(steps):
        bound += Fraction(step)
        tiers.append(CommissionTier(up_to=bound if ends or place < len(steps) - 1 else None, **way))
    advance = None if draw is None else Draw(amount=Money(draw[0], currency), recoverable=draw[1])
    return CommissionPlan(id, tiers, currency=currency, capped=ends, draw=advance, **more)


def commission_credits(
    *,
    payee: str | SearchStrategy[str] | None = None,
    currency: str | SearchStrategy[str] | None = None,
    at: Any = None,
) -> SearchStrategy[CommissionCredit]:
    """What somebody is credited with, amounts below 0 among them.

    Args:
        payee: Who earns by it, or what payees are drawn from; by default `ids()`.
        currency: The only currency, or what currencies are drawn from; by default `currencies()`.
        at: When, or what instants are drawn from; by default `instants()`.

    Raises:
        InvalidValue: For an empty payee, what is no currency, or a naive datetime.

    .. versionadded:: 0.1.0
    """
    amounts = moneys(currency=either("commission_credits.currency", currency, _CURRENCY, currencies()))
    return st.builds(
        CommissionCredit,
        ids(),
        payee=either("commission_credits.payee", payee, _checks.text, ids()),
        amount=amounts,
        at=either("commission_credits.at", at, _checks.instant, instants()),
        reverses=st.none() | ids(),
        about=st.dictionaries(st.sampled_from(("region", "product", "kind")), st.none() | constants(), max_size=2),
    )


def commission_balances() -> SearchStrategy[CommissionBalance]:
    """What somebody owes after a statement.

    .. versionadded:: 0.1.0
    """
    earned = st.fractions(-10_000, 10_000, max_denominator=1_000)
    return st.builds(
        CommissionBalance, plan=ids(), payee=ids(), through=days(), owed=moneys(min_value=0), earned=earned
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    CommissionBalance: commission_balances,
    CommissionCredit: commission_credits,
    CommissionPlan: commission_plans,
    CommissionTier: commission_tiers,
    Draw: draws,
}
"""The strategy of every stored form of commissions."""
