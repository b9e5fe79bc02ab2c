"""Response, cooperation, refusal, contact and location rates by name: there is no rate that is just the response rate.

Source: The American Association for Public Opinion Research, Standard Definitions, Final Dispositions of Case Codes and
Outcome Rates for Surveys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._invitation_states import BOUNCED, InvitationState
from relex.figures import Figure, ratio

if TYPE_CHECKING:
    from relex.figures import Parameter

__all__ = ["OutcomeRates", "outcome_rates"]

Exact: TypeAlias = int | Decimal | Fraction

_CODES = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
_ELIGIBLE = ("I", "P", "R", "NC", "O")
_UNKNOWN = ("UH", "UO")
_REACHED = ("I", "P", "R", "O")
_ASKED = ("I", "P", "R")
_PROPORTIONAL = "proportional"

_NONE, _SOME, _ALL = "", " + e U", " + U"
_E = "E"
_BY = {1: _ALL, 2: _SOME, 3: _NONE}

_FORMULAS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    **{f"RR{2 * by - 1}": (("I",), _ELIGIBLE, unknown) for by, unknown in _BY.items()},
    **{f"RR{2 * by}": (("I", "P"), _ELIGIBLE, unknown) for by, unknown in _BY.items()},
    "COOP1": (("I",), _REACHED, _NONE),
    "COOP2": (("I", "P"), _REACHED, _NONE),
    "COOP3": (("I",), _ASKED, _NONE),
    "COOP4": (("I", "P"), _ASKED, _NONE),
    **{f"REF{by}": (("R",), _ELIGIBLE, unknown) for by, unknown in _BY.items()},
    **{f"CON{by}": (_REACHED, _ELIGIBLE, unknown) for by, unknown in _BY.items()},
    "LOC1": (_ELIGIBLE, _ELIGIBLE, _ALL),
    "LOC2": (_ELIGIBLE, _ELIGIBLE, _SOME),
}
"""Of each rate: what is divided, by what, and which of the unknown are added to that."""

_NAMES = tuple(sorted(_FORMULAS))
_NAME = _checks.one_of(*_NAMES)
_SHARE = _checks.Check(
    f"an int, Decimal or Fraction of at least 0 and at most 1, {_PROPORTIONAL}, or None",
    lambda value: value is None or value == _PROPORTIONAL or _checks.number(least=0, most=1).passes(value),
)
_COUNT = _checks.number(least=0)
_WEIGHT = _checks.number(above=0)


def _counts(given: Mapping[str, Exact] | Iterable[tuple[str, Exact]]) -> tuple[tuple[str, Exact], ...]:
    """All eight codes in their order; those that are not given are 0."""
    path = "OutcomeRates.counts"
    pairs = tuple(given.items()) if isinstance(given, Mapping) else _checks.items(path, given)
    _PAIRS.require(path, pairs)
    found = dict(pairs)
    for code, number in pairs:
        _CODE.require(path, code)
        _COUNT.require(f"{path}.{code}", number)
    if len(found) < len(pairs):
        raise InvalidValue(path, given, "each code once")
    return tuple([(code, found.get(code, 0)) for code in _CODES])


_CODE = _checks.one_of(*_CODES)
_PAIRS = _checks.Check(
    "pairs of a code and a number",
    lambda pairs: all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs),  # noqa: PLR2004 - a pair
)


@tagged("feedback.OutcomeRates")
@attrs.frozen(weakref_slot=False)
class OutcomeRates:
    """What became of those who were asked, by code, and every rate that is made of it.

    I complete, P partial, R refused or broken off, NC not reached, O other, UH and UO of whom nobody knows whether they
    should have been asked, NE those who should not. E = I + P + R + NC + O, and U = UH + UO, of which the share e is
    taken as eligible.

    RR1 = I/(E + U), RR2 = (I + P)/(E + U); RR3 and RR4 the same over E + e U; RR5 and RR6 over E.
    COOP1 = I/(I + P + R + O), COOP2 = (I + P)/(I + P + R + O), COOP3 = I/(I + P + R), COOP4 = (I + P)/(I + P + R).
    REF1, REF2, REF3 = R, and CON1, CON2, CON3 = I + P + R + O, over E + U, E + e U and E.
    LOC1 and LOC2 = E over E + U and E + e U.

    Attributes:
        counts: How many have each of the eight codes, or the sum of their weights; a mapping or pairs.
        e: The share of the unknown that counts as eligible, from 0 to 1; `proportional` is E/(E + NE); None is not
            said, and then there is no rate that needs it.
        weighted: Whether the counts are sums of weights.

    Raises:
        InvalidValue: For an unknown code, a count below 0, or a share outside 0 to 1.

    Example:
        >>> rates = OutcomeRates({"I": 3, "P": 1, "R": 1, "NC": 3, "UO": 1})
        >>> print(rates.rate("RR2"))
        0.44 share (4 of 9)

    .. versionadded:: 0.1.0
    """

    counts: tuple[tuple[str, Exact], ...] = attrs.field(converter=_counts)
    e: Exact | str | None = attrs.field(default=None, kw_only=True, validator=_SHARE)
    weighted: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)

    def count(self, code: str) -> Exact:
        """How many have a code.

        Raises:
            InvalidValue: For an unknown code.

        .. versionadded:: 0.1.0
        """
        _CODE.require("OutcomeRates.count.code", code)
        return dict(self.counts)[code]

    def eligible_share(self) -> Figure:
        """The share e of the unknown that counts as eligible; None where it is not said, or is 0 of 0.

        .. versionadded:: 0.1.0
        """
        if self.e == _PROPORTIONAL:
            eligible = self._sum(_ELIGIBLE)
            return ratio(_whole(eligible), _whole(eligible + self._sum(("NE",))), method="e = E/(E + NE)")
        value = None if self.e is None else Fraction(self.e)
        return Figure(value, "share", method="e", reason="not_said" if value is None else None)

    def rate(self, name: str) -> Figure:
        """One rate as a share, exact, with the counts; None where the denominator is 0.

        Args:
            name: `RR1` to `RR6`, `COOP1` to `COOP4`, `REF1` to `REF3`, `CON1` to `CON3`, `LOC1` or `LOC2`.

        Raises:
            InvalidValue: For another name, and for a rate that needs `e` where it is not said.

        .. versionadded:: 0.1.0
        """
        _NAME.require("OutcomeRates.rate.name", name)
        above, below, unknown = _FORMULAS[name]
        if unknown == _SOME and self.e is None:
            raise InvalidValue("OutcomeRates.e", None, f"a share of the unknown, or {_PROPORTIONAL}, for {name}")
        bottom = self._sum(below) + self._sum(_UNKNOWN) * self._weight(unknown)
        parameters: dict[str, Parameter] = {"weighted": self.weighted}
        if unknown == _SOME:
            parameters["e"] = self.eligible_share().value
        return ratio(
            _whole(self._sum(above)),
            _whole(bottom),
            parts=dict(self.counts),
            method=f"AAPOR {name} = {_formula(name)}",
            parameters=parameters,
        )

    def rates(self) -> tuple[tuple[str, Figure], ...]:
        """Every rate by name; without those that need `e` where it is not said.

        .. versionadded:: 0.1.0
        """
        names = [name for name in _NAMES if self.e is not None or _FORMULAS[name][2] != _SOME]
        return tuple([(name, self.rate(name)) for name in names])

    def _sum(self, codes: tuple[str, ...]) -> Fraction:
        return sum([Fraction(number) for code, number in self.counts if code in codes], Fraction(0))

    def _weight(self, unknown: str) -> Fraction:
        """How much of the unknown is added; where e is 0 of 0, nothing is eligible and nothing needs it."""
        if unknown == _SOME:
            return Fraction(self.eligible_share().value or 0)  # type: ignore[arg-type]  # never money
        return Fraction(unknown == _ALL)

    def __str__(self) -> str:
        counts = ", ".join([f"{code} {number}" for code, number in self.counts])
        rates = ", ".join([f"{name} {figure.as_percent().show(1)}" for name, figure in self.rates()])
        return f"{counts}; percent: {rates}"

    def _repr_html_(self) -> str:
        caption = ", ".join([f"{code} {number}" for code, number in self.counts])
        rows = [(name, _formula(name), figure.numerator, figure.denominator, figure) for name, figure in self.rates()]
        return table(caption, ("rate", "formula", "of these", "of", "share"), rows)


def outcome_rates(
    outcomes: Iterable[InvitationState | str | None],
    *,
    e: Exact | str | None = None,
    bounced: str = "UO",
    weights: Iterable[Exact] | None = None,
) -> OutcomeRates:
    """The rates of those who were asked; give `OutcomeRates` itself the counts where there are no single cases.

    Args:
        outcomes: Of each case its state, or its code; what was never sent, and None, is in no rate.
        e: The share of the unknown that counts as eligible, `proportional`, or None where it is not said.
        bounced: What a bounced invitation counts as: `UO`, or `NE`; then RR2 is what others call responses by
            delivered, if there is nothing else unknown.
        weights: Of each case, above 0; counts become sums.

    Raises:
        InvalidValue: For an unknown code, a share outside 0 to 1, or another number of weights than of cases.

    Example:
        >>> rates = outcome_rates(["I", "I", "P", "R", "UO"], e="proportional")
        >>> rates.rate("RR1").value, rates.rate("RR3").value
        (Fraction(2, 5), Fraction(2, 5))

    .. versionadded:: 0.1.0
    """
    BOUNCED.require("outcome_rates.bounced", bounced)
    cases = _checks.items("outcome_rates.outcomes", outcomes)
    given = [1] * len(cases) if weights is None else _checks.items("outcome_rates.weights", weights)
    if len(given) != len(cases):
        raise InvalidValue("outcome_rates.weights", len(given), f"{len(cases)} weights, one for each case")
    sums: dict[str, Exact] = {}
    for place, (case, weight) in enumerate(zip(cases, given, strict=True)):
        _WEIGHT.require(f"outcome_rates.weights[{place}]", weight)
        code = case.outcome_code(bounced) if isinstance(case, InvitationState) else case
        if code is not None:
            _CODE.require(f"outcome_rates.outcomes[{place}]", code)
            sums[code] = _plus(sums.get(code, 0), weight)
    return OutcomeRates(sums, e=e, weighted=weights is not None)


def _plus(one: Exact, other: Exact) -> Exact:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return Fraction(one) + Fraction(other)


def _whole(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _formula(name: str) -> str:
    above, below, unknown = _FORMULAS[name]
    top = _E if above == _ELIGIBLE else " + ".join(above)
    bottom = f"{_E}{unknown}" if below == _ELIGIBLE else " + ".join(below)
    return f"{_bracketed(top)}/{_bracketed(bottom)}"


def _bracketed(words: str) -> str:
    return f"({words})" if "+" in words else words
