"""How urgent a case is: as somebody said, by impact and urgency, by its type, or as a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.service._parts import GRADE

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LEVELS", "SOURCES", "Priorities", "PriorityChoice", "PriorityMatrix"]

LEVELS = ("urgent", "high", "normal", "low")
"""The priorities where no others are named, highest first."""

SOURCES = ("explicit", "matrix", "type", "default")
"""Where a priority may come from; the earlier one wins."""

_LONGEST = 20

_CELLS = _checks.each(
    _checks.Check(
        "(impact, urgency, priority)",
        lambda value: (
            isinstance(value, tuple)
            and len(value) == 3  # noqa: PLR2004 - impact, urgency, priority
            and all(map(GRADE.passes, value[:2]))
            and _checks.text.passes(value[2])
        ),
    )
)


def _cells(
    values: Mapping[tuple[Any, Any], str] | Iterable[tuple[str | int, str | int, str]],
) -> tuple[tuple[str, str, str], ...]:
    path = "PriorityMatrix.values"
    cells: tuple[Any, ...] = _written(values) if isinstance(values, Mapping) else _checks.items(path, values)
    _CELLS.require(path, cells)
    found = [(str(impact), str(urgency), priority) for impact, urgency, priority in cells]
    _require_whole(path, found)
    return tuple(sorted(found, key=lambda cell: (_place(cell[0]), _place(cell[1]))))


def _written(values: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple([(*pair, to) if isinstance(pair, tuple) else (pair, to) for pair, to in values.items()])


def _place(grade: str) -> tuple[bool, int, str]:
    """Numbers in their order, then words in theirs."""
    is_number = grade.isascii() and grade.isdigit() and len(grade) < _LONGEST
    return (not is_number, int(grade) if is_number else 0, grade)


def _require_whole(path: str, cells: list[tuple[str, str, str]]) -> None:
    """Raise unless every impact meets every urgency once."""
    pairs = [(impact, urgency) for impact, urgency, _ in cells]
    impacts, urgencies = {impact for impact, _ in pairs}, {urgency for _, urgency in pairs}
    missing = sorted(
        {(impact, urgency) for impact in impacts for urgency in urgencies}.difference(pairs),
        key=lambda pair: (_place(pair[0]), _place(pair[1])),
    )
    if missing:
        told = ", ".join(map(str, missing))
        raise InvalidValue(path, tuple(missing), f"a priority for every impact with every urgency, also for {told}")
    if not pairs or len(set(pairs)) < len(pairs):
        raise InvalidValue(path, cells, "at least one pair (impact, urgency), each once")


@tagged("service.PriorityMatrix")
@attrs.frozen(weakref_slot=False)
class PriorityMatrix:
    """The priority for every impact with every urgency.

    Attributes:
        values: Triples (impact, urgency, priority), sorted; give a mapping from pairs. Impact and urgency are words, or
            whole numbers that are kept as text.

    Raises:
        InvalidValue: For an impact and an urgency without a priority, by name; for a pair that is there twice.

    Example:
        >>> matrix = PriorityMatrix({(1, 1): "urgent", (1, 2): "high", (2, 1): "high", (2, 2): "low"})
        >>> matrix.of(1, 2)
        'high'

    .. versionadded:: 0.1.0
    """

    values: tuple[tuple[str, str, str], ...] = attrs.field(converter=_cells)

    def of(self, impact: str | int, urgency: str | int) -> str:
        """The priority of this pair.

        Raises:
            InvalidValue: For an impact or an urgency that the matrix does not have.

        .. versionadded:: 0.1.0
        """
        for name, place, given in (("impact", 0, impact), ("urgency", 1, urgency)):
            known = dict.fromkeys([cell[place] for cell in self.values])
            if not GRADE.passes(given) or str(given) not in known:
                raise InvalidValue(f"PriorityMatrix.of.{name}", given, f"one of {', '.join(known)}")
        pair = (str(impact), str(urgency))
        return next(priority for *known_pair, priority in self.values if tuple(known_pair) == pair)

    def __str__(self) -> str:
        return ", ".join([f"{impact} x {urgency}: {priority}" for impact, urgency, priority in self.values])

    def _repr_html_(self) -> str:
        urgencies = list(dict.fromkeys([urgency for _, urgency, _ in self.values]))
        impacts = list(dict.fromkeys([impact for impact, _, _ in self.values]))
        rows = [(each, *[self.of(each, urgency) for urgency in urgencies]) for each in impacts]
        return table("Priority by impact and urgency", ("impact", *urgencies), rows)


@attrs.frozen(weakref_slot=False)
class PriorityChoice:
    """A priority, and where it comes from.

    Attributes:
        priority: The priority.
        source: `explicit` (somebody said so), `matrix` (by impact and urgency), `type` or `default`.

    .. versionadded:: 0.1.0
    """

    priority: str
    source: str

    def __str__(self) -> str:
        return f"{self.priority} ({self.source})"


def _levels(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Priorities.levels", values)


def _by_type(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    path = "Priorities.by_type"
    pairs: tuple[Any, ...] = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    _PAIRS.require(path, pairs)
    if len(dict(pairs)) < len(pairs):
        raise InvalidValue(path, pairs, "each type once")
    return tuple(sorted(pairs))


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(map(_checks.text.passes, value))  # noqa: PLR2004 - a pair


def _is_list(value: tuple[object, ...]) -> bool:
    return _checks.each(_checks.text).passes(value) and 0 < len(value) == len(set(value))


_PAIRS = _checks.each(_checks.Check("a pair (type, priority)", _is_pair))


@tagged("service.Priorities")
@attrs.frozen(weakref_slot=False)
class Priorities:
    """The priorities of a service desk, and which one a case gets.

    Attributes:
        levels: Highest first, each once.
        default: That of a case of which nothing is known.
        by_type: The priority by type of the case, as sorted pairs; give a mapping.
        matrix: The priority by impact and urgency.

    Raises:
        InvalidValue: For a priority that is not one of the levels, wherever it is named.

    Example:
        >>> priorities = Priorities(by_type={"outage": "urgent"})
        >>> print(priorities.of(explicit="low", type="outage"), priorities.of(type="outage"), priorities.of(), sep=", ")
        low (explicit), urgent (type), normal (default)

    .. versionadded:: 0.1.0
    """

    levels: tuple[str, ...] = attrs.field(
        default=LEVELS, converter=_levels, validator=_checks.Check("at least one priority, each once", _is_list)
    )
    default: str = attrs.field(default="normal", kw_only=True)
    by_type: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True, converter=_by_type)
    matrix: PriorityMatrix | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(PriorityMatrix))
    )

    def __attrs_post_init__(self) -> None:
        """Check that every priority that is named is one of the levels."""
        self.require("Priorities.default", self.default)
        for type_, priority in self.by_type:
            self.require(f"Priorities.by_type[{type_}]", priority)
        for impact, urgency, priority in () if self.matrix is None else self.matrix.values:
            self.require(f"Priorities.matrix[{impact}, {urgency}]", priority)

    def of(
        self,
        *,
        explicit: str | None = None,
        type: str | None = None,  # noqa: A002 - the field's name everywhere in relex
        impact: str | int | None = None,
        urgency: str | int | None = None,
    ) -> PriorityChoice:
        """The priority of a case: the one that somebody named, else by impact and urgency, else by type, else default.

        Args:
            explicit: What somebody said.
            type: Of the case.
            impact: How much is hit; asked only where there is a matrix, and together with `urgency`.
            urgency: How soon it hurts.

        Raises:
            InvalidValue: For an explicit priority that is not one of the levels, or an impact or urgency that the
                matrix does not have.

        .. versionadded:: 0.1.0
        """
        if explicit is not None:
            self.require("Priorities.of.explicit", explicit)
            return PriorityChoice(explicit, "explicit")
        if self.matrix is not None and impact is not None and urgency is not None:
            return PriorityChoice(self.matrix.of(impact, urgency), "matrix")
        for known, priority in self.by_type:
            if known == type:
                return PriorityChoice(priority, "type")
        return PriorityChoice(self.default, "default")

    def rank(self, priority: str) -> int:
        """The place of a priority, 0 for the highest.

        Raises:
            InvalidValue: For one that is not there.

        .. versionadded:: 0.1.0
        """
        self.require("Priorities.rank.priority", priority)
        return self.levels.index(priority)

    def require(self, path: str, priority: object) -> None:
        """Raise `InvalidValue` at `path` unless this is one of the levels."""
        if priority not in self.levels:
            raise InvalidValue(path, priority, f"one of {', '.join(self.levels)}")

    def __str__(self) -> str:
        return f"{' > '.join(self.levels)}, {self.default} by default"
