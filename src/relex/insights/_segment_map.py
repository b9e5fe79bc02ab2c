"""Which name each combination of scores has: a table that is proved total and non-overlapping when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.insights._given import listed
from relex.insights._scores import DIMENSIONS

__all__ = ["NO_PURCHASES", "RF_10", "RF_11", "MapRow", "SegmentMap"]

NO_PURCHASES = "No purchases"

_MOST_LISTED = 12
_PAIR = 2
_NAME = _checks.Check(
    f"a non-empty str other than {NO_PURCHASES!r}", lambda value: _checks.text.passes(value) and value != NO_PURCHASES
)
_RANGE = _checks.Check(
    "None, or (least, most) scores with 1 <= least <= most <= 9",
    lambda value: (
        value is None
        or (
            isinstance(value, tuple)
            and len(value) == _PAIR
            and all(_checks.whole(least=1, most=9).passes(score) for score in value)
            and value[0] <= value[1]
        )
    ),
)


_CELLS = _checks.Check(
    f"pairs of a code and a non-empty name other than {NO_PURCHASES!r}",
    lambda cells: all(
        isinstance(cell, tuple) and len(cell) == _PAIR and _checks.text.passes(cell[0]) and _NAME.passes(cell[1])
        for cell in cells
    ),
)


@tagged("insights.MapRow")
@attrs.frozen
class MapRow:
    """One row of a segment map: a name and the scores it takes, both ends inside.

    Attributes:
        name: Of the segment.
        recency: (least, most) score; None takes all.
        frequency: The same for frequency.
        monetary: The same for the money.

    Example:
        >>> MapRow("Champions", recency=(5, 5), frequency=(4, 5)).recency
        (5, 5)

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_NAME)
    recency: tuple[int, int] | None = attrs.field(default=None, kw_only=True, validator=_RANGE)
    frequency: tuple[int, int] | None = attrs.field(default=None, kw_only=True, validator=_RANGE)
    monetary: tuple[int, int] | None = attrs.field(default=None, kw_only=True, validator=_RANGE)

    def takes(self, scores: Mapping[str, int]) -> bool:
        """Whether the row takes these scores, by dimension."""
        for dimension, score in scores.items():
            limits = getattr(self, dimension)
            if limits is not None and not limits[0] <= score <= limits[1]:
                return False
        return True


def _cells(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs: Any = given.items() if isinstance(given, Mapping) else given
    return listed("SegmentMap.cells", pairs)


def _rows(rows: Iterable[MapRow]) -> tuple[MapRow, ...]:
    return listed("SegmentMap.rows", rows)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return listed("SegmentMap.dimensions", names)


def _sizes(sizes: Iterable[int]) -> tuple[int, ...]:
    return listed("SegmentMap.sizes", sizes)


@tagged("insights.SegmentMap")
@attrs.frozen(kw_only=True)
class SegmentMap:
    """A name for every combination of scores, exactly one: made of cells, or of rows of ranges.

    Construction proves it. A code that is missing or named twice, a range outside the scores, a name that is written
    in two ways or is also the default, and a row that no code can reach are `InvalidValue`, which lists them.

    Attributes:
        name: Of the map.
        cells: (code, name) pairs or a mapping; a code has one digit for each dimension, such as "54".
        rows: Instead of cells; without `first_match` they must not overlap.
        first_match: Whether the first row that takes a code names it; then rows may overlap.
        default: The name of the codes that no row takes; only with `first_match`.
        dimensions: Which scores are looked at, in the order of the digits.
        sizes: How many scores each of them has.
        unreachable: "refuse" rows that no code can reach, or "report" them in `unreached`.

    Raises:
        InvalidValue: If the map is not total, overlaps, or has a name that nobody can get.

    Example:
        >>> halves = SegmentMap(
        ...     name="halves",
        ...     rows=[MapRow("Recent", recency=(2, 2))],
        ...     first_match=True,
        ...     default="Quiet",
        ...     dimensions=("recency",),
        ...     sizes=(2,),
        ... )
        >>> halves.segment("2"), halves.segment("1")
        ('Recent', 'Quiet')

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    cells: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_cells, validator=_CELLS)
    rows: tuple[MapRow, ...] = attrs.field(default=(), converter=_rows, validator=_checks.each(_checks.a(MapRow)))
    first_match: bool = attrs.field(default=False, validator=_checks.flag)
    default: str | None = attrs.field(default=None, validator=_checks.optional(_NAME))
    dimensions: tuple[str, ...] = attrs.field(default=("recency", "frequency"), converter=_names)
    sizes: tuple[int, ...] = attrs.field(
        default=(5, 5), converter=_sizes, validator=_checks.each(_checks.whole(least=2, most=9))
    )
    unreachable: str = attrs.field(default="refuse", validator=_checks.one_of("refuse", "report"))
    unreached: tuple[str, ...] = attrs.field(init=False, default=())
    _names: dict[str, str] = attrs.field(init=False, repr=False, eq=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        _check_shape(self)
        if self.rows:
            names, unreached = _named_by_rows(self)
        else:
            names, unreached = _named_by_cells(self), ()
        _check_names(self)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "unreached", unreached)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, worst first."""
        return tuple("".join(map(str, scores)) for scores in product(*(range(1, size + 1) for size in self.sizes)))

    @property
    def segments(self) -> tuple[str, ...]:
        """The names that somebody can get, each once, in the order in which the map states them."""
        stated = [
            *(name for _, name in self.cells),
            *(row.name for row in self.rows),
            *([self.default] if self.default else []),
        ]
        reached = set(self._names.values())
        return tuple(name for name in dict.fromkeys(stated) if name in reached)

    def segment(self, code: str) -> str:
        """The name of a code.

        Raises:
            InvalidValue: For a code that the map does not have.
        """
        if not _checks.text.passes(code) or code not in self._names:
            raise InvalidValue(
                f"SegmentMap({self.name!r}).segment", code, f"a code from {self.codes[0]} to {self.codes[-1]}"
            )
        return self._names[code]


def _check_shape(map_: SegmentMap) -> None:
    if (
        not map_.dimensions
        or len(set(map_.dimensions)) != len(map_.dimensions)
        or not set(map_.dimensions) <= set(DIMENSIONS)
    ):
        raise InvalidValue("SegmentMap.dimensions", map_.dimensions, f"some of {', '.join(DIMENSIONS)}, each once")
    if len(map_.sizes) != len(map_.dimensions):
        raise InvalidValue("SegmentMap.sizes", map_.sizes, "one size for each dimension")
    if bool(map_.cells) == bool(map_.rows):
        raise InvalidValue("SegmentMap.cells", map_.cells, "either cells or rows")
    if map_.default is not None and not map_.first_match:
        raise InvalidValue("SegmentMap.default", map_.default, "None, unless first_match is set")


def _named_by_cells(map_: SegmentMap) -> dict[str, str]:
    codes = [code for code, _ in map_.cells]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    unknown = sorted(set(codes) - set(map_.codes))
    missing = [code for code in map_.codes if code not in set(codes)]
    problems = [("named twice", doubled), ("unknown", unknown), ("missing", missing)]
    _refuse("SegmentMap.cells", problems, "each code exactly once")
    return dict(map_.cells)


def _named_by_rows(map_: SegmentMap) -> tuple[dict[str, str], tuple[str, ...]]:
    _check_ranges(map_)
    takers = {code: _takers(map_, code) for code in map_.codes}
    missing = [code for code, rows in takers.items() if not rows and map_.default is None]
    doubled = [
        f"{code} by {' and '.join(map_.rows[row].name for row in rows)}"
        for code, rows in takers.items()
        if len(rows) > 1 and not map_.first_match
    ]
    unreached = _unreached(map_, takers)
    refused = list(unreached) if map_.unreachable == "refuse" else []
    problems = [("missing", missing), ("named twice", doubled), ("unreachable", refused)]
    _refuse("SegmentMap.rows", problems, "exactly one name for each code, and a code for each row")
    names = {code: map_.rows[rows[0]].name if rows else str(map_.default) for code, rows in takers.items()}
    return names, unreached


def _check_ranges(map_: SegmentMap) -> None:
    for number, row in enumerate(map_.rows):
        for dimension in DIMENSIONS:
            limits = getattr(row, dimension)
            size = dict(zip(map_.dimensions, map_.sizes, strict=True)).get(dimension, 0)
            if limits is not None and limits[1] > size:
                expected = (
                    f"scores from 1 to {size}" if size else f"None: the map looks at {', '.join(map_.dimensions)}"
                )
                raise InvalidValue(f"SegmentMap.rows[{number}].{dimension}", limits, expected)


def _takers(map_: SegmentMap, code: str) -> list[int]:
    scores = dict(zip(map_.dimensions, map(int, code), strict=True))
    return [number for number, row in enumerate(map_.rows) if row.takes(scores)]


def _unreached(map_: SegmentMap, takers: Mapping[str, list[int]]) -> tuple[str, ...]:
    reached = {number for rows in takers.values() for number in (rows[:1] if map_.first_match else rows)}
    found = [f"rows[{number}] {row.name}" for number, row in enumerate(map_.rows) if number not in reached]
    if map_.default is not None and all(takers.values()):
        found.append(f"default {map_.default}")
    return tuple(found)


def _check_names(map_: SegmentMap) -> None:
    """One segment has one spelling, and what is left over is not called like something that is meant."""
    names = {name for _, name in map_.cells} | {row.name for row in map_.rows}
    if map_.default in names:
        raise InvalidValue("SegmentMap.default", map_.default, "a name that no row has")
    spellings: dict[str, str] = {}
    for name in sorted(names | ({map_.default} if map_.default is not None else set())):
        other = spellings.setdefault(" ".join(name.casefold().split()), name)
        if other != name:
            raise InvalidValue("SegmentMap", name, f"one spelling of each name; there is also {other!r}")


def _refuse(path: str, problems: list[tuple[str, list[str]]], expected: str) -> None:
    found = [(what, codes) for what, codes in problems if codes]
    if not found:
        return
    listed = "; ".join(
        f"{what}: {', '.join(codes[:_MOST_LISTED])}"
        + (f" and {rest} more" if (rest := len(codes) - _MOST_LISTED) > 0 else "")
        for what, codes in found
    )
    raise InvalidValue(path, tuple(codes for _, codes in found), f"{expected} ({listed})")


def _grid(name: str, rows: dict[str, tuple[str, ...]]) -> SegmentMap:
    """A map of recency and frequency, from one row of names for each recency."""
    cells = [(f"{r}{f}", segment) for r, names in rows.items() for f, segment in enumerate(names, start=1)]
    return SegmentMap(name=name, cells=cells)


_COMMON = {
    "5": ("New", "Potential Loyalists", "Potential Loyalists", "Champions", "Champions"),
    "4": ("Promising", "Potential Loyalists", "Potential Loyalists", "Loyal", "Loyal"),
    "3": ("About to Sleep", "About to Sleep", "Need Attention", "Loyal", "Loyal"),
    "2": ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose"),
}

RF_11 = _grid("RF_11", {**_COMMON, "1": ("Lost", "Hibernating", "At Risk", "At Risk", "Can't Lose")})
RF_10 = _grid("RF_10", {**_COMMON, "1": ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose")})
