"""Revenue that may be lost, by the caller's own probabilities; and growth that was earned."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue
from relex.feedback._account_revenue import revenue_of
from relex.feedback._revenue import RevenueByClass
from relex.figures import Figure, ratio
from relex.money import Money, Rounding

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["RiskPart", "ValueAtRisk", "earned_growth", "earned_new", "value_at_risk"]

_PARTS = _checks.Check(
    "a RevenueByClass, or a mapping from names to Money", lambda value: isinstance(value, (RevenueByClass, Mapping))
)
_LOSS = _checks.Check(
    "a mapping from at least one part to a probability", lambda value: isinstance(value, Mapping) and len(value) > 0
)
_SHARE = _checks.number(least=0, most=1)
_RATE = _checks.number(least=0)
_MODE = _checks.a(Rounding)
_MONEY = _checks.a(Money)
_SOURCES = _checks.Check("a mapping from customers to earned or bought", lambda value: isinstance(value, Mapping))
_SOURCE = _checks.optional(_checks.one_of("earned", "bought"))


@attrs.frozen(kw_only=True)
class RiskPart:
    """One part of the revenue, and what of it may be lost.

    Attributes:
        name: Such as `detractor`.
        revenue: All of the part.
        probability: That it is lost, by the caller.
        at_risk: Their product, rounded to the minor unit of the currency.

    .. versionadded:: 0.1.0
    """

    name: str
    revenue: Money
    probability: Decimal | Fraction | int
    at_risk: Money


@attrs.frozen(kw_only=True)
class ValueAtRisk:
    """What `value_at_risk` gives.

    Attributes:
        parts: One for each part with a probability, in the order of the revenue.
        total: What may be lost of them together.
        unrated: The revenue of all parts that were given no probability.

    .. versionadded:: 0.1.0
    """

    parts: tuple[RiskPart, ...]
    total: Money
    unrated: Money

    def __str__(self) -> str:
        told = ", ".join([f"{part.name} {part.at_risk}" for part in self.parts])
        return f"{self.total} at risk ({told}; {self.unrated} without a probability)"

    def _repr_html_(self) -> str:
        """One row for each part."""
        rows = [
            (part.name, part.revenue, f"{Figure(Fraction(part.probability) * 100).show(1)} %", part.at_risk)
            for part in self.parts
        ]
        return table(str(self), ("", "revenue", "probability", "at risk"), rows)


def value_at_risk(
    parts: RevenueByClass | Mapping[str, Money],
    loss: Mapping[str, Decimal | Fraction | int],
    *,
    rounding: Rounding = Rounding.HALF_UP,
) -> ValueAtRisk:
    """The revenue that may be lost: of each part its revenue times the probability that the caller gives it.

    No probability is built in: what detractors do differs from one business to the next (`retention_by_band` tells
    what yours did). The same product of a part and a share tells a potential, such as of promoters who would buy more.

    Args:
        parts: The revenue of each part.
        loss: A probability from 0 to 1 for each part that is to be judged.
        rounding: To the minor unit of the currency, part by part.

    Raises:
        InvalidValue: For a part that there is not, or a probability outside 0 and 1.
        CurrencyMismatch: For revenue in several currencies.

    Example:
        >>> from decimal import Decimal
        >>> amounts = {"promoter": 40_000, "passive": 35_000, "detractor": 25_000}
        >>> parts = {name: Money(amount, "USD") for name, amount in amounts.items()}
        >>> print(value_at_risk(parts, {"detractor": Decimal("0.5"), "passive": Decimal("0.3")}))
        23000.00 USD at risk (passive 10500.00 USD, detractor 12500.00 USD; 40000.00 USD without a probability)

    .. versionadded:: 0.1.0
    """
    _PARTS.require("value_at_risk.parts", parts)
    _LOSS.require("value_at_risk.loss", loss)
    _MODE.require("value_at_risk.rounding", rounding)
    known = revenue_of("value_at_risk.parts", dict(parts.parts) if isinstance(parts, RevenueByClass) else parts, str)
    for name, probability in loss.items():
        if name not in known:
            raise InvalidValue(f"value_at_risk.loss[{name}]", name, f"one of {', '.join(known) or 'no parts'}")
        _SHARE.require(f"value_at_risk.loss[{name}]", probability)
    rated = [
        RiskPart(name=name, revenue=amount, probability=loss[name], at_risk=amount.times(loss[name], rounding))
        for name, amount in known.items()
        if name in loss
    ]
    currency = rated[0].revenue.currency
    return ValueAtRisk(
        parts=tuple(rated),
        total=Money.sum([part.at_risk for part in rated]),
        unrated=Money.sum([amount for name, amount in known.items() if name not in loss], currency),
    )


def earned_growth(nrr: Decimal | Fraction | int | Figure, earned_new: Decimal | Fraction | int | Figure) -> Figure:
    """The growth that satisfied customers brought: net revenue retention plus earned new revenue, less 1.

    Source: Reichheld, Darnell and Burns, "Net Promoter 3.0", Harvard Business Review, November 2021.

    Args:
        nrr: This year's revenue from last year's customers by last year's revenue, such as 1.10; or a figure, a share
            or in percent.
        earned_new: Revenue of new customers who came through others, by last year's revenue; or a figure, such as
            `earned_new` gives.

    Returns:
        The share, where 0.25 is 25 percent. None, with its reason, where one of the two is a figure without a value.

    Raises:
        InvalidValue: For what is no exact number of at least 0.

    Example:
        >>> from decimal import Decimal
        >>> print(earned_growth(Decimal("1.10"), Decimal("0.15")).as_percent())
        25.00 percent

    .. versionadded:: 0.1.0
    """
    told: dict[str, Fraction | None] = {}
    reason = None
    for name, given in (("nrr", nrr), ("earned_new", earned_new)):
        value = _share_of(given) if isinstance(given, Figure) else given
        if value is None and isinstance(given, Figure):
            reason = reason or given.reason
            told[name] = None
        else:
            told[name] = _rate(f"earned_growth.{name}", value)
    found = None if reason else sum([value or Fraction(0) for value in told.values()], Fraction(-1))
    return Figure(found, "share", parts=told, method="earned growth", reason=reason)


def _rate(path: str, value: Any) -> Fraction:
    _RATE.require(path, value)
    return Fraction(value)


def _share_of(figure: Figure) -> Any:
    """Its value, of percent as the share that it is."""
    value: Any = figure.value
    return Fraction(value) / 100 if figure.unit == "percent" and _RATE.passes(value) else value


def earned_new(revenue: Mapping[str, Money], sources: Mapping[str, str | None], base: Money) -> Figure:
    """The revenue of new customers who were earned, by the revenue of the year before.

    Args:
        revenue: This year's revenue of each new customer; at least 0, in one currency.
        sources: `earned` for a customer who came through other customers, `bought` for one who came through
            advertising or sales; None, or no entry, where nobody knows: such are reported and not guessed.
        base: Last year's revenue of all customers.

    Returns:
        A share, with `earned`, `bought` and `untagged` revenue as parts; None without revenue of the year before.

    Raises:
        InvalidValue: For a source that is neither, or of somebody who has no revenue; for a base below 0.
        CurrencyMismatch: For amounts in several currencies.

    Example:
        >>> new = {"a": Money(100, "USD"), "b": Money(50, "USD"), "c": Money(30, "USD")}
        >>> print(earned_new(new, {"a": "earned", "b": "bought"}, Money(1_000, "USD")).as_percent())
        10.00 percent (100.00 USD of 1000.00 USD)

    .. versionadded:: 0.1.0
    """
    _MONEY.require("earned_new.base", base)
    if base.amount < 0:
        raise InvalidValue("earned_new.base", base, "an amount of at least 0")
    _SOURCES.require("earned_new.sources", sources)
    known = revenue_of("earned_new.revenue", revenue, str)
    for customer, source in sources.items():
        _SOURCE.require(f"earned_new.sources[{customer}]", source)
        if customer not in known:
            raise InvalidValue(f"earned_new.sources[{customer}]", source, "customers who have revenue")
    parts = {
        name: Money.sum([amount for customer, amount in known.items() if sources.get(customer) == told], base.currency)
        for name, told in (("earned", "earned"), ("bought", "bought"), ("untagged", None))
    }
    return ratio(parts["earned"], base, parts=parts, method="earned new revenue by revenue of the year before")
