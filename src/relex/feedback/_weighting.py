"""Weights that make a sample look like what it was drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["post_stratify", "rake"]

Number = int | Decimal | Fraction

_FLOAT = 1e-14
_ROOM = 1e-9

_TARGET = _checks.number(least=0, most=10**60)
_MAPPING = _checks.Check("a mapping", lambda value: isinstance(value, Mapping))
_TOLERANCE = _checks.Check(
    "a number above 0",
    lambda value: (isfinite(value) if isinstance(value, float) else _checks.exact.passes(value)) and value > 0,
)
_ROUNDS = _checks.whole(least=1)
_PAIR = _checks.each(_checks.exact)
_BOUNDS = _checks.Check(
    "None, or a pair of exact numbers with 0 <= low < 1 < high",
    lambda value: value is None or (_PAIR.passes(value) and len(value) == 2 and 0 <= value[0] < 1 < value[1]),  # noqa: PLR2004 - a pair
)


def post_stratify(sample: Iterable[Hashable], targets: Mapping[Any, Number]) -> tuple[Fraction, ...]:
    """A weight for each of the sample, so that every group has its share of the target; exact.

    The weight is the target's share times the size of the sample by the size of the group; weights add up to the size
    of the sample.

    Args:
        sample: The group of each answer.
        targets: By group, how large it is in truth, as numbers or as shares.

    Raises:
        InvalidValue: For a group without a target, a target above 0 for a group that is not in the sample, a target of
            0 for one that is, or a negative one.

    Example:
        >>> post_stratify(["n", "n", "s"], {"n": 40, "s": 60})
        (Fraction(3, 5), Fraction(3, 5), Fraction(9, 5))

    .. versionadded:: 0.1.0
    """
    groups = _checks.items("post_stratify.sample", sample)
    for place, group in enumerate(groups):
        if not _is_category(group):
            raise InvalidValue(f"post_stratify.sample[{place}]", group, "a group")
    counts = Counter(groups)
    total = _targets("post_stratify.targets", targets, counts)
    weights = {group: Fraction(targets[group]) * len(groups) / (total * count) for group, count in counts.items()}
    return tuple([weights[group] for group in groups])


def rake(
    sample: Iterable[Mapping[str, Hashable]],
    margins: Mapping[str, Mapping[Any, Number]],
    *,
    tolerance: float | Decimal | Fraction = 1e-9,
    max_rounds: int = 1000,
    bounds: tuple[Number, Number] | None = None,
) -> tuple[float, ...]:
    """A weight for each of the sample, so that every margin has its targets, whatever the cells inside.

    The weights are scaled to each margin in turn until every margin is right; what ends it is the error of the margins,
    never a weight that hardly moves. Rows that are alike in all margins have one weight.

    Args:
        sample: For each answer, its category in every margin.
        margins: By margin, how large each category is in truth: totals, which are kept, or shares that add up to
            exactly 1 in every margin, and then the weights add up to the size of the sample.
        tolerance: The largest error of any category, in the unit of the targets (of totals beyond what floats can tell
            apart, 1e-14 of them).
        max_rounds: How often to go through all margins.
        bounds: How small and how large a weight may be beside the mean weight, such as `(Fraction(1, 5), 5)`; what is
            beyond is trimmed, and the margins are raked again.

    Raises:
        InvalidValue: For margins of several totals, a category without a target, a target above 0 for a category that
            is not in the sample, a target of 0 for one that is, a negative target, or no convergence (with the error
            that was reached).

    Source: Deming and Stephan, Annals of Mathematical Statistics 11 (1940).

    Example:
        >>> rows = [{"sex": "f", "age": "y"}, {"sex": "f", "age": "o"}, {"sex": "m", "age": "o"}]
        >>> weights = rake(rows, {"sex": {"f": 60, "m": 40}, "age": {"y": 30, "o": 70}})
        >>> [round(weight, 6) for weight in weights]
        [30.0, 30.0, 40.0]

    .. versionadded:: 0.1.0
    """
    _TOLERANCE.require("rake.tolerance", tolerance)
    _ROUNDS.require("rake.max_rounds", max_rounds)
    _BOUNDS.require("rake.bounds", bounds)
    _MAPPING.require("rake.margins", margins)
    if not margins:
        raise InvalidValue("rake.margins", margins, "at least one margin")
    names = tuple(margins)
    keys = [_key(place, row, names) for place, row in enumerate(_checks.items("rake.sample", sample))]
    if not keys:
        raise InvalidValue("rake.sample", keys, "at least one answer")
    cells = Counter(keys)
    aims, total = _aims(cells, margins, len(keys))
    weights = _raked(cells, aims, total, float(tolerance), max_rounds, bounds)
    return tuple([weights[key] for key in keys])


def _is_category(value: object) -> bool:
    try:
        hash(value)
    except TypeError:  # a tuple may hold what has no hash
        return False
    return value is not None


def _key(place: int, row: object, names: Sequence[str]) -> tuple[Hashable, ...]:
    if not isinstance(row, Mapping):
        raise InvalidValue(f"rake.sample[{place}]", row, "a mapping from margins to categories")
    for name in names:
        if not _is_category(row.get(name)):
            raise InvalidValue(f"rake.sample[{place}].{name}", row.get(name), "a category")
    return tuple([row[name] for name in names])


def _targets(path: str, targets: Mapping[Any, Number], counts: Mapping[Any, int]) -> Fraction:
    """The sum of targets that fit the categories of a sample."""
    _MAPPING.require(path, targets)
    for category, target in targets.items():
        _TARGET.require(f"{path}[{category}]", target)
        if target and category not in counts:
            raise InvalidValue(f"{path}[{category}]", target, "0, since nobody of the sample is in it")
    for category in counts:
        if not targets.get(category):
            raise InvalidValue(f"{path}[{category}]", targets.get(category), "a target above 0")
    return sum([Fraction(target) for target in targets.values()], Fraction(0))


def _aims(
    cells: Mapping[tuple[Hashable, ...], int], margins: Mapping[str, Mapping[Any, Number]], size: int
) -> tuple[list[dict[Hashable, float]], float]:
    """What every category should weigh, and all of them."""
    totals: dict[str, Fraction] = {}
    for place, (name, targets) in enumerate(margins.items()):
        counts: Counter[Hashable] = Counter()
        for key, count in cells.items():
            counts[key[place]] += count
        totals[name] = _targets(f"rake.margins[{name}]", targets, counts)
    first = next(iter(totals.values()))
    for name, total in totals.items():
        if total != first:
            raise InvalidValue(f"rake.margins[{name}]", total, f"the total of the other margins, {first}")
    scale = Fraction(size) if first == 1 else Fraction(1)
    aims = [{name: float(target * scale) for name, target in _exact(targets)} for targets in margins.values()]
    return aims, float(first * scale)


def _exact(targets: Mapping[Any, Number]) -> list[tuple[Hashable, Fraction]]:
    return [(name, Fraction(target)) for name, target in targets.items() if target]


def _raked(
    cells: Mapping[tuple[Hashable, ...], int],
    aims: Sequence[Mapping[Hashable, float]],
    total: float,
    tolerance: float,
    rounds: int,
    bounds: tuple[Number, Number] | None,
) -> dict[tuple[Hashable, ...], float]:
    """The weight of each cell."""
    even = total / sum(cells.values())
    weights = dict.fromkeys(cells, even)
    error = inf
    for _ in range(rounds):
        if bounds is not None:
            low, high = float(bounds[0]) * even, float(bounds[1]) * even
            weights = {key: min(max(weight, low), high) for key, weight in weights.items()}
        for place, aim in enumerate(aims):
            now = _margin(cells, weights, place)
            factors = {category: target / now[category] if now[category] else inf for category, target in aim.items()}
            weights = {key: weight * factors[key[place]] for key, weight in weights.items()}
        error = _error(cells, weights, aims)
        if error < max(tolerance, total * _FLOAT) and _within(weights, bounds, even):
            return weights
    raise InvalidValue("rake.max_rounds", rounds, f"margins that agree (the largest error is {error:.3g})")


def _margin(
    cells: Mapping[tuple[Hashable, ...], int], weights: Mapping[tuple[Hashable, ...], float], place: int
) -> dict[Hashable, float]:
    found: dict[Hashable, float] = {}
    for key, count in cells.items():
        found[key[place]] = found.get(key[place], 0.0) + count * weights[key]
    return found


def _error(
    cells: Mapping[tuple[Hashable, ...], int],
    weights: Mapping[tuple[Hashable, ...], float],
    aims: Sequence[Mapping[Hashable, float]],
) -> float:
    return max(
        abs(now - aim[category])
        for place, aim in enumerate(aims)
        for category, now in _margin(cells, weights, place).items()
    )


def _within(
    weights: Mapping[tuple[Hashable, ...], float],
    bounds: tuple[Number, Number] | None,
    even: float,
) -> bool:
    if bounds is None:
        return True
    low, high = float(bounds[0]) * even, float(bounds[1]) * even
    room = even * _ROOM
    return all(low - room <= weight <= high + room for weight in weights.values())
