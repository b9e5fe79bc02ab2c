"""Commission plans: what is paid for what is sold, as data."""

from __future__ import annotations

from datetime import UTC, date, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Money, Rounding, minor_digits
from relex.pipeline._commission_tiers import Commission, CommissionTier, pay, problems_of
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CommissionPlan", "Draw"]

_RULE = _checks.optional(_checks.a(Rule))
_MONEY = _checks.a(Money)
_POSITIVE = _checks.Check("Money above 0", lambda value: isinstance(value, Money) and value.amount > 0)


def _has_minor_unit(currency: str) -> bool:
    try:
        return minor_digits(currency) >= 0
    except InvalidValue:
        return False


_PAID_IN = _checks.Check("the code of a currency with a minor unit", _has_minor_unit)


@tagged("pipeline.Draw")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Draw:
    """What a payee gets in every period, whatever is earned.

    A recoverable draw is an advance: what it pays above the commission is owed, and taken out of later commission that
    lies above the draw. A draw that is not recoverable is a guarantee: what it adds is never asked back.

    Attributes:
        amount: For one period of the plan; above 0.
        recoverable: Whether it is an advance.
        until: The last day on which a period may begin that still has the draw; None is for ever.

    Example:
        >>> Draw(amount=Money(2_000, "USD"), recoverable=False).until is None
        True

    .. versionadded:: 0.1.0
    """

    amount: Money = attrs.field(validator=_POSITIVE)
    recoverable: bool = attrs.field(default=True, validator=_checks.flag)
    until: date | None = attrs.field(default=None, validator=_checks.optional(_checks.calendar_day))


def _tiers(given: Iterable[CommissionTier]) -> tuple[CommissionTier, ...]:
    return _checks.items("CommissionPlan.tiers", given)


@tagged("pipeline.CommissionPlan")
@attrs.frozen(weakref_slot=False)
class CommissionPlan:
    """What payees earn on what they sell.

    Attributes:
        id: Of the plan.
        tiers: Ascending by upper bound; each bound belongs to its tier, and the last tier is open or the plan capped.
        currency: Of everything that the plan states and pays.
        basis: `amount`: bounds are money; `attainment`: bounds are percent of a quota.
        per: What is added up before the tiers are asked: `transaction` (each alone), `period` (all of one period), or
            `cumulative` (the year to date, of which each period gets the difference).
        every: The period of a statement: `week`, `month`, `quarter`, `half` or `year`.
        year_starts: The first month of the year.
        capped: Whether what lies above the last bound earns nothing.
        rounding: How an exact commission becomes money.
        when: Which transactions count; None is all.
        lines: Which lines of a transaction count; None is all.
        draw: What is paid in every period, whatever is earned.
        tz: In whose days a transaction falls.
        name: For people.
        version: Of the definition.

    Raises:
        InvalidValue: For tiers that leave gaps, overlap or do not ascend, an open tier before the last, a last tier
            that ends without `capped`, an amount without a bound (all of these at once), or a wrong choice.
        CurrencyMismatch: For a draw in another currency.

    Example:
        >>> plan = CommissionPlan(
        ...     "reps", [CommissionTier(slice=5, up_to=100_000), CommissionTier(slice=7)], currency="USD")
        >>> print(plan.commission(Money(180_000, "USD")))
        10600.00 USD on 180000.00 USD (tier 1: 5000.00 for 100000.00; tier 2: 5600.00 for 80000.00)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    tiers: tuple[CommissionTier, ...] = attrs.field(converter=_tiers, validator=_checks.each(_checks.a(CommissionTier)))
    currency: str = attrs.field(kw_only=True, validator=_PAID_IN)
    basis: str = attrs.field(default="amount", kw_only=True, validator=_checks.one_of("amount", "attainment"))
    per: str = attrs.field(
        default="transaction", kw_only=True, validator=_checks.one_of("transaction", "period", "cumulative")
    )
    every: str = attrs.field(
        default="month", kw_only=True, validator=_checks.one_of("week", "month", "quarter", "half", "year")
    )
    year_starts: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1, most=12))
    capped: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    rounding: Rounding = attrs.field(default=Rounding.HALF_UP, kw_only=True, validator=_checks.a(Rounding))
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE)
    lines: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE)
    draw: Draw | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Draw)))
    tz: tzinfo = attrs.field(default=UTC, kw_only=True, validator=_checks.zone)
    name: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        if problems := problems_of(self.tiers, capped=self.capped):
            told = "; ".join([f"{problem.path}: {problem.expected}" for problem in problems])
            raise InvalidValue("CommissionPlan", problems, f"tiers without mistakes ({told})")
        if self.per == "cumulative" and self.every == "week":
            raise InvalidValue("CommissionPlan.every", self.every, "another period, since weeks cross years")
        if self.draw is not None and self.draw.amount.currency != self.currency:
            raise CurrencyMismatch(self.currency, self.draw.amount.currency)

    def commission(self, amount: Money, *, quota: Money | None = None) -> Commission:
        """What an amount earns by itself, with the part of each tier.

        Args:
            amount: In the plan's currency; a negative one earns the opposite of what its opposite earns.
            quota: What the bounds are percent of; needed exactly where the plan goes by attainment.

        Raises:
            InvalidValue: For a missing quota, one of 0 or less, or one that the plan does not ask for.
            CurrencyMismatch: For another currency.

        Example:
            >>> tiers = [CommissionTier(whole=4, up_to=50), CommissionTier(whole=8)]
            >>> plan = CommissionPlan("p", tiers, currency="USD", basis="attainment")
            >>> print(plan.commission(Money(51, "USD"), quota=Money(100, "USD")).earned)
            4.08 USD

        .. versionadded:: 0.1.0
        """
        self._require("amount", amount)
        bounds = self.bounds(quota)
        parts, beyond = pay(self.tiers, bounds, Fraction(amount.amount))
        exact = sum((part.paid for part in parts), Fraction(0))
        return Commission(
            amount=amount, parts=parts, beyond=beyond, exact=exact, earned=self.rounded(exact), quota=quota
        )

    def bounds(self, quota: Money | None = None) -> tuple[Fraction, ...]:
        """The upper bounds as amounts of money, lowest first; an open tier has none.

        Raises:
            InvalidValue: As `commission` does.
            CurrencyMismatch: For a quota in another currency.

        .. versionadded:: 0.1.0
        """
        stated = [Fraction(tier.up_to) for tier in self.tiers if tier.up_to is not None]
        if self.basis == "amount":
            if quota is not None:
                raise InvalidValue("CommissionPlan.quota", quota, "none, since the bounds of this plan are amounts")
            return tuple(stated)
        _POSITIVE.require("CommissionPlan.quota", quota)
        self._require("quota", quota)
        return tuple(bound * Fraction(quota.amount) / 100 for bound in stated)  # type: ignore[union-attr]

    def window(self, day: date) -> Period:
        """The stretch of dates over which the quota stands: the plan's period, or its year where it is cumulative.

        .. versionadded:: 0.1.0
        """
        return Period.of("year" if self.per == "cumulative" else self.every, day, year_starts=self.year_starts)

    def rounded(self, exact: Fraction) -> Money:
        """An exact commission as money; what is taken back is rounded as it was when it was given.

        .. versionadded:: 0.1.0
        """
        size = Money.rounded(abs(exact), self.currency, self.rounding)
        return -size if exact < 0 else size

    def _require(self, name: str, amount: object) -> None:
        _MONEY.require(f"CommissionPlan.{name}", amount)
        if amount.currency != self.currency:  # type: ignore[attr-defined]
            raise CurrencyMismatch(self.currency, amount.currency)  # type: ignore[attr-defined]
