"""Evidence in bits: how much each comparison says for and against two records being of the same party.

Source: Fellegi, Sunter, "A theory for record linkage" (1969); the frequency of a value in place of u: Newcombe et al.,
"Automatic linkage of vital records" (1959).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Circle", "MatchWeight", "MatchWeights", "log2", "probability", "taken_off"]

_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_LN2 = Decimal(2).ln(_EXACT)
_BIT = Decimal("0.000001")
_CHANCE = Decimal("0.000000001")
_SURE = 1_000  # bits; 2**-1000 is nothing at nine places
_SHARE = _checks.Check(
    "a Decimal above 0 and at most 1",
    lambda value: isinstance(value, Decimal) and value.is_finite() and value > 0 and value <= 1,
)
_INSIDE = _checks.Check(
    "a Decimal above 0 and below 1",
    lambda value: isinstance(value, Decimal) and value.is_finite() and value > 0 and value < 1,
)


def _decimals(values: Iterable[str | int | Decimal]) -> tuple[Decimal, ...]:
    return tuple(_decimal(value) for value in _checks.items("MatchWeight", values))


def _decimal(value: str | int | Decimal) -> Decimal:
    found = _checks.exact_number("MatchWeight", value)
    return Decimal(found.numerator) / Decimal(found.denominator) if isinstance(found, Fraction) else Decimal(found)


@lru_cache(maxsize=65536)
def log2(share: Fraction) -> Decimal:
    """The binary logarithm of a positive fraction, with six places."""
    ratio = _EXACT.divide(Decimal(share.numerator), Decimal(share.denominator))
    return _EXACT.divide(ratio.ln(_EXACT), _LN2).quantize(_BIT, context=_EXACT)


def probability(weight: Decimal | int) -> Decimal:
    """The probability that goes with a weight: 1 / (1 + 2 ** -weight), with nine places.

    Example:
        >>> from decimal import Decimal
        >>> probability(0), probability(Decimal("9.48"))
        (Decimal('0.500000000'), Decimal('0.998601611'))

    .. versionadded:: 0.1.0
    """
    _checks.exact.require("probability.weight", weight)
    return _probability(weight)


@lru_cache(maxsize=65536)
def _probability(weight: Decimal | int) -> Decimal:
    if not -_SURE <= weight <= _SURE:
        return Decimal(int(weight > 0)).quantize(_CHANCE)
    odds = _EXACT.power(2, _EXACT.minus(Decimal(weight)))
    return _EXACT.divide(1, _EXACT.add(1, odds)).quantize(_CHANCE, context=_EXACT)


@tagged("matching.MatchWeight")
@attrs.frozen(weakref_slot=False)
class MatchWeight:
    """What a comparison says at each of its levels.

    Attributes:
        comparison: Its name.
        m: How often each level is found among records of the same party, best first; the last is below all levels.
        u: How often among records of different parties.

    Raises:
        InvalidValue: For shares outside (0, 1], fewer than two, or another number of m than of u.

    Example:
        >>> MatchWeight("family", m=["0.90", "0.08", "0.02"], u=["0.001", "0.004", "0.995"]).bits
        (Decimal('9.813781'), Decimal('4.321928'), Decimal('-5.636625'))

    .. versionadded:: 0.1.0
    """

    comparison: str = attrs.field(validator=_checks.text)
    m: tuple[Decimal, ...] = attrs.field(converter=_decimals, validator=_checks.each(_SHARE), kw_only=True)
    u: tuple[Decimal, ...] = attrs.field(converter=_decimals, validator=_checks.each(_SHARE), kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that each level has its shares."""
        if len(self.m) < 2 or len(self.m) != len(self.u):  # noqa: PLR2004 - a level, and below
            raise InvalidValue("MatchWeight.m", self.m, "at least two shares, as many as u")

    @property
    def bits(self) -> tuple[Decimal, ...]:
        """The weight of each level, log2(m / u), with six places."""
        return tuple(log2(Fraction(m) / Fraction(u)) for m, u in zip(self.m, self.u, strict=True))

    def rare(self, frequency: Fraction | Decimal) -> Decimal:
        """The weight of agreeing on a value that is found so often.

        Example:
            >>> MatchWeight("family", m=["0.95", "0.05"], u=["0.01", "0.99"]).rare(Decimal("0.0001"))
            Decimal('13.213712')

        .. versionadded:: 0.1.0
        """
        return log2(Fraction(self.m[0]) / Fraction(frequency))


def _items(values: Iterable[MatchWeight]) -> tuple[MatchWeight, ...]:
    return _checks.items("MatchWeights.parts", values)


@tagged("matching.Circle")
@attrs.frozen(weakref_slot=False)
class Circle:
    """Pairs of different parties who agree on much by no chance, such as people of one household or one town.

    Attributes:
        name: Of the circle.
        share: How many of the pairs of different parties are such.
        parts: For the comparisons that agree within the circle how often each level is found there (m), and among all
            pairs of different parties (u).

    Raises:
        InvalidValue: For a share outside (0, 1), or two parts for one comparison.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    share: Decimal = attrs.field(converter=_decimal, validator=_INSIDE)
    parts: tuple[MatchWeight, ...] = attrs.field(
        converter=_items, validator=[_checks.each(_checks.a(MatchWeight)), _checks.unique("comparison")]
    )


@lru_cache(maxsize=65536)
def taken_off(shares: tuple[Decimal, ...], together: tuple[Decimal, ...]) -> Decimal:
    """What circles take off a weight, by how many pairs are theirs and how much the pair looks like one of theirs.

    It is -log2 of (the share of all others + each circle's share * 2 ** its weight): nothing to speak of where the pair
    looks like no circle's, and never more than what made it look so.
    """
    likely = 1 - sum(map(Fraction, shares), Fraction(0))
    for share, weight in zip(shares, together, strict=True):
        likely += Fraction(share) * Fraction(_EXACT.power(2, weight))
    return -log2(likely)


def _circles(values: Iterable[Circle]) -> tuple[Circle, ...]:
    return _checks.items("MatchWeights.circles", values)


@tagged("matching.MatchWeights")
@attrs.frozen(weakref_slot=False)
class MatchWeights:
    """The weights of a policy: what is known before anything is compared, and what each comparison adds.

    Attributes:
        prior: How many of the pairs that are compared are of the same party.
        parts: The comparisons that are weighed, each once.
        circles: What is known of different parties that agree on much; together less than all pairs.

    Raises:
        InvalidValue: For a prior outside (0, 1), or two parts for one comparison.

    .. versionadded:: 0.1.0
    """

    prior: Decimal = attrs.field(converter=_decimal, validator=_INSIDE)
    parts: tuple[MatchWeight, ...] = attrs.field(
        converter=_items, validator=[_checks.each(_checks.a(MatchWeight)), _checks.unique("comparison")]
    )
    circles: tuple[Circle, ...] = attrs.field(
        default=(),
        converter=_circles,
        validator=[_checks.each(_checks.a(Circle)), _checks.unique("name")],
        kw_only=True,
    )

    def __attrs_post_init__(self) -> None:
        """Check that the circles leave something."""
        if sum(circle.share for circle in self.circles) >= 1:
            raise InvalidValue("MatchWeights.circles", self.circles, "shares that add up to less than 1")

    @property
    def prior_bits(self) -> Decimal:
        """The weight of the prior, log2(prior / (1 - prior)), with six places."""
        return log2(Fraction(self.prior) / (1 - Fraction(self.prior)))
