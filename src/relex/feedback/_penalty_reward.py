"""What a bad and what a good experience do to the outcome, which need not mirror each other."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

__all__ = ["PenaltyReward", "PenaltyRewards", "penalty_reward"]

_CUT = Fraction(2, 5)
_CUTS = _checks.number(above=0, most=1)
_MISSING = _checks.one_of("listwise", "raise")
_NAMES = _checks.Check(
    "at least one attribute, each once",
    lambda value: value != () and _checks.each(_checks.text).passes(value) and len(set(value)) == len(value),
)
_NUMBER = _checks.Check("an int, Decimal or Fraction (a float is never exact)", _checks.exact.passes)


class _Alike(NamedTuple):
    """Rows with the same ends: how many, and the sum of their outcomes."""

    n: int
    total: Fraction


@attrs.frozen(kw_only=True)
class PenaltyReward:
    """What one attribute does at its low and at its high end; exact.

    Attributes:
        name: Of the attribute.
        penalty: The coefficient of a low score; below 0 where it costs.
        reward: The coefficient of a high score.
        asymmetry: (reward + penalty) by (reward - penalty), from -1 to 1; None where the range is 0, or an end
            works the wrong way round.
        kind: `basic` (its lack costs more than its presence pays), `exciting`, `performance` in between, or `unclear`.

    .. versionadded:: 0.1.0
    """

    name: str
    penalty: Fraction
    reward: Fraction
    asymmetry: Fraction | None
    kind: str

    @property
    def impact_range(self) -> Fraction:
        """How far apart the two ends are: the reward, and the penalty without its sign."""
        return abs(self.penalty) + self.reward

    def __str__(self) -> str:
        return f"{self.name}: {Figure(self.penalty).show()}, {Figure(self.reward).show()} ({self.kind})"


@attrs.frozen(kw_only=True)
class PenaltyRewards:
    """The attributes in the order in which they were named; an association, not a cause.

    Attributes:
        outcome: What is to be accounted for.
        attributes: One for each name.
        intercept: The outcome where no attribute is low or high.
        r_squared: How much of the variance of the outcome they account for, exact; None where it has none.
        n: Rows that were used.
        dropped: Rows that were left out, since something in them was missing.

    .. versionadded:: 0.1.0
    """

    outcome: str
    attributes: tuple[PenaltyReward, ...]
    intercept: Fraction
    r_squared: Fraction | None
    n: int
    dropped: int

    def __str__(self) -> str:
        return "\n".join([f"{self.outcome} (n {self.n}, dropped {self.dropped})", *map(str, self.attributes)])

    def _repr_html_(self) -> str:
        rows = [
            (
                each.name,
                each.penalty,
                each.reward,
                "none" if each.asymmetry is None else Figure(each.asymmetry).show(),
                each.kind,
            )
            for each in self.attributes
        ]
        caption = f"{str(self).partition(chr(10))[0]}; an association, not a cause"
        return table(caption, ("attribute", "penalty", "reward", "asymmetry", ""), rows)


def penalty_reward(
    rows: Iterable[Mapping[str, Any]],
    outcome: str,
    names: Iterable[str],
    *,
    low: int | Decimal | Fraction,
    high: int | Decimal | Fraction,
    cut: Decimal | Fraction = _CUT,
    missing: str = "listwise",
) -> PenaltyRewards:
    """The least-squares effect of low and of high scores, each beside what is in between; exact.

    Each attribute gives two columns of 0 and 1: a score of at most `low`, and one of at least `high`.

    Args:
        rows: Mappings with an exact number for the outcome and for each attribute; None is missing.
        outcome: What is to be accounted for.
        names: The attributes.
        low: The highest low score.
        high: The lowest high score.
        cut: From this asymmetry on an attribute is `exciting`, and from its negative down `basic`.
        missing: `listwise` leaves out a row that lacks something, and counts it; `raise` refuses it.

    Raises:
        InvalidValue: For a value that is not exact, a low that is not below high, an outcome that is an attribute
            too, or columns that cannot be told apart (an end that nobody or everybody is at, or that is a combination
            of others).

    Source: Brandt, Proceedings of the American Marketing Association 1987; Mikulic and Prebezac, Total Quality
    Management 19 (2008).

    .. versionadded:: 0.1.0
    """
    _NUMBER.require("penalty_reward.low", low)
    _NUMBER.require("penalty_reward.high", high)
    if low >= high:
        raise InvalidValue("penalty_reward.low", low, f"a number below high, {high}")
    _CUTS.require("penalty_reward.cut", cut)
    _MISSING.require("penalty_reward.missing", missing)
    named = _checks.items("penalty_reward.names", names)
    _NAMES.require("penalty_reward.names", named)
    _checks.text.require("penalty_reward.outcome", outcome)
    if outcome in named:
        raise InvalidValue("penalty_reward.outcome", outcome, "a column that is no attribute")
    kept, dropped = _complete(rows, (*named, outcome), missing)
    ends = [(1, *[value <= low for value in row[:-1]], *[value >= high for value in row[:-1]]) for row in kept]
    outcomes = [Fraction(row[-1]) for row in kept]
    groups = _grouped(ends, outcomes)
    slopes = _least_squares(groups, named)
    count = len(named)
    found = [
        _judged(name, slopes[1 + place], slopes[1 + count + place], Fraction(cut)) for place, name in enumerate(named)
    ]
    return PenaltyRewards(
        outcome=outcome,
        attributes=tuple(found),
        intercept=slopes[0],
        r_squared=_r_squared(groups, outcomes, slopes),
        n=len(kept),
        dropped=dropped,
    )


def _complete(rows: Iterable[Mapping[str, Any]], names: Sequence[str], missing: str) -> tuple[list[list[Any]], int]:
    kept, dropped = [], 0
    for place, row in enumerate(_checks.items("penalty_reward.rows", rows)):
        if not isinstance(row, Mapping):
            raise InvalidValue(f"penalty_reward.rows[{place}]", row, "a mapping from columns to numbers")
        values = [row.get(name) for name in names]
        for name, value in zip(names, values, strict=True):
            if value is not None:
                _NUMBER.require(f"penalty_reward.rows[{place}].{name}", value)
            elif missing == "raise":
                raise InvalidValue(f"penalty_reward.rows[{place}].{name}", None, "a number")
        if None in values:
            dropped += 1
        else:
            kept.append(values)
    return kept, dropped


def _judged(name: str, penalty: Fraction, reward: Fraction, cut: Fraction) -> PenaltyReward:
    total = abs(penalty) + reward
    is_clear = penalty <= 0 <= reward and total > 0
    asymmetry = (reward - abs(penalty)) / total if is_clear else None
    if asymmetry is None:
        kind = "unclear"
    else:
        kind = "exciting" if asymmetry >= cut else "basic" if asymmetry <= -cut else "performance"
    return PenaltyReward(name=name, penalty=penalty, reward=reward, asymmetry=asymmetry, kind=kind)


def _grouped(ends: Iterable[tuple[int, ...]], outcomes: Iterable[Fraction]) -> dict[tuple[int, ...], _Alike]:
    """Rows with the same ends, of which there are few, as one."""
    found: dict[tuple[int, ...], _Alike] = {}
    for row, outcome in zip(ends, outcomes, strict=True):
        n, total = found.get(row, _Alike(0, Fraction(0)))
        found[row] = _Alike(n + 1, total + outcome)
    return found


def _least_squares(groups: Mapping[tuple[int, ...], _Alike], names: Sequence[str]) -> list[Fraction]:
    """The coefficients, by elimination in exact fractions."""
    size = 1 + 2 * len(names)
    system = [[Fraction(0)] * (size + 1) for _ in range(size)]
    for row, (n, total) in groups.items():
        for i in [place for place, value in enumerate(row) if value]:
            for j in range(size):
                system[i][j] += n * row[j]
            system[i][size] += total
    for k in range(size):
        if not system[k][k]:
            expected = "ends that can be told apart from all others" if k else "at least one complete row"
            raise InvalidValue("penalty_reward.rows", _column(k, names), expected)
        system[k] = [value / system[k][k] for value in system[k]]
        for i in range(size):
            factor = system[i][k]
            if i != k and factor:
                system[i] = [value - factor * above for value, above in zip(system[i], system[k], strict=True)]
    return [row[size] for row in system]


def _column(place: int, names: Sequence[str]) -> str:
    if not place:
        return "no rows"
    end = "low" if place <= len(names) else "high"
    return f"{names[(place - 1) % len(names)]} {end}"


def _r_squared(
    groups: Mapping[tuple[int, ...], _Alike], outcomes: Sequence[Fraction], slopes: Sequence[Fraction]
) -> Fraction | None:
    mean = sum(outcomes, Fraction(0)) / len(outcomes)
    spread = sum([(outcome - mean) ** 2 for outcome in outcomes], Fraction(0))
    if not spread:
        return None
    told = [(sum([slope for slope, end in zip(slopes, row, strict=True) if end]), n) for row, (n, _) in groups.items()]
    return sum([n * (value - mean) ** 2 for value, n in told], Fraction(0)) / spread
