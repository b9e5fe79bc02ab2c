"""The answer of an outcome table: how likely it is that an open record will be won, and what speaks for it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING

import attrs

from relex._html import table
from relex._trusted import trusted
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Factor", "Prediction", "closed", "factor", "predicted", "unknown"]

_MISSING = "missing"
_RANK_DIGITS = 256


@attrs.frozen(kw_only=True, weakref_slot=False)
class Factor:
    """What one value of the record says.

    Attributes:
        variable: Its name, or `stage`.
        value: The value; None is "missing".
        won: How many won records had it.
        lost: How many lost records had it.
        weight: pW / (pW + pL), where pW and pL are the shares of the won and of the lost records that had the value;
            above 1/2 it speaks for winning, below against.
        speaks: `for` winning, `against` it, or `neither`.
        suppressed: Whether it may not be named as the reason that it would be.
        terms: Those of its odds, the lowest: weight = for / (for + against).

    .. versionadded:: 0.1.0
    """

    variable: str
    value: str | None
    won: int
    lost: int
    weight: Fraction
    speaks: str
    suppressed: bool = False
    terms: tuple[int, int] = attrs.field(repr=False)
    _rank: int = attrs.field(repr=False)

    @property
    def odds(self) -> Fraction:
        """PW / pL: what the odds of winning are multiplied by."""
        return Fraction(self.weight.numerator, self.weight.denominator - self.weight.numerator)

    def __str__(self) -> str:
        shown = Figure(self.weight).show(3)
        return f"{self.variable} {self.value or _MISSING}: {shown} ({self.won} won, {self.lost} lost)"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Prediction:
    """How likely a record is to be won, in percent, with the factors that make it.

    `odds` is `prior` times the odds of every factor, exactly.

    Attributes:
        value: Rounded half up to 2 places and kept within 0.01 to 99.99; 100 or 0 for a closed record; None with a
            reason.
        prior: The odds before anything is known of the record; None for a closed record or without a value.
        odds: The odds of winning, exact; None for a closed record or without a value.
        factors: Each value that was read, by variable.
        skipped: Sorted (variable, value) pairs that no record was closed with.
        for_: The factors that speak most for winning, the highest weight first.
        against: The factors that speak most against it, the lowest weight first.
        won: How many won records were read.
        lost: How many lost records were read.
        groups: The groups that were read.
        reason: Why there is no value: `no_history`, `too_few_won`, or `merged`: another record goes on in its place.

    .. versionadded:: 0.1.0
    """

    value: Decimal | None
    _sides: tuple[int, int, int, int] | None = attrs.field(default=None, repr=False)
    factors: tuple[Factor, ...] = ()
    skipped: tuple[tuple[str, str | None], ...] = ()
    for_: tuple[Factor, ...] = ()
    against: tuple[Factor, ...] = ()
    won: int = 0
    lost: int = 0
    groups: tuple[str | None, ...] = ()
    reason: str | None = None

    @property
    def prior(self) -> Fraction | None:
        """The odds before anything is known of the record."""
        return None if self._sides is None else Fraction(self._sides[2], self._sides[3])

    @property
    def odds(self) -> Fraction | None:
        """The odds of winning, exact."""
        return None if self._sides is None else Fraction(self._sides[0], self._sides[1])

    @property
    def exact(self) -> Fraction | None:
        """The percentage before it is rounded and kept within bounds."""
        if self._sides is None:
            return None if self.value is None else Fraction(self.value)
        won, lost = self._sides[:2]
        return Fraction(100 * won, won + lost)

    @property
    def suppressed(self) -> tuple[Factor, ...]:
        """The factors that count and may not be named as reasons."""
        return tuple(factor for factor in self.factors if factor.suppressed)

    @property
    def figure(self) -> Figure:
        """The value as a figure, whose parts are the closed records that were read."""
        return Figure(
            self.value,
            "percent",
            parts={"won": self.won, "lost": self.lost},
            method="naive Bayes over closed records",
            parameters={"smoothing": Fraction(1, 10)},
            reason=self.reason,
        )

    def __str__(self) -> str:
        return str(self.figure)

    def _repr_html_(self) -> str:
        """The factors as a table: no script, everything escaped."""
        rows = [
            (each.variable, each.value or _MISSING, Figure(each.weight).show(3), each.won, each.lost)
            for each in self.factors
        ]
        return table(str(self), ("variable", "value", "weight", "won", "lost"), rows)


_factor = trusted(Factor)
_prediction = trusted(Prediction)
_rank = attrgetter("_rank")


def factor(
    cell: tuple[str, str | None], won: int, lost: int, odds: tuple[int, int], unnamed: tuple[str, ...]
) -> Factor:
    """What a value says, from its counts and the terms of its odds; suppressed if it speaks as it may not be named.

    Factors are ranked by the binary digits of their weights, of which there are so many that two weights are never
    taken for equal while their denominators have at most 128 digits, half of them.
    """
    good, bad = odds
    weight = Fraction(good, good + bad)
    above, below = weight.as_integer_ratio()
    speaks = "for" if good > bad else "against" if good < bad else "neither"
    rank = (above << _RANK_DIGITS) // below
    return _factor(*cell, won, lost, weight, speaks, speaks in unnamed, (above, below - above), rank)


def closed(kind: str) -> Prediction:
    """The prediction of a record that is won or lost."""
    return Prediction(value=Decimal(100 if kind == "won" else 0))


def unknown(reason: str, won: int, lost: int, groups: tuple[str | None, ...]) -> Prediction:
    """No prediction, and why."""
    return Prediction(value=None, won=won, lost=lost, groups=groups, reason=reason)


def predicted(
    sides: tuple[int, int, int, int],
    factors: Iterable[Factor],
    skipped: Iterable[tuple[str, str | None]],
    counts: tuple[int, int, tuple[str | None, ...]],
    reasons: int | None,
) -> Prediction:
    """The prediction from the won and the lost side of the odds after and before all factors, which come by name."""
    found = tuple(factors)
    good = sorted([each for each in found if each.speaks == "for" and not each.suppressed], key=_rank, reverse=True)
    bad = sorted([each for each in found if each.speaks == "against" and not each.suppressed], key=_rank)
    value = _percent(sides[0], sides[1])
    chosen = tuple(good[:reasons]), tuple(bad[:reasons])
    return _prediction(value, sides, found, tuple(skipped), *chosen, *counts, None)


def _percent(won: int, lost: int) -> Decimal:
    """A share in percent, rounded half up to 2 places, never certain."""
    whole = won + lost
    hundredths = (20_000 * won + whole) // (2 * whole)
    return Decimal(min(max(hundredths, 1), 9_999)).scaleb(-2)
