"""What an outcome table is made of: the variables that it counts, and its counts for each group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["STAGE", "Cell", "OutcomeCounts", "Variable", "category", "facts_with", "group_order", "named_values"]

Cell: TypeAlias = tuple[str, str | None]
"""A variable and one of its values; None is "missing"."""

STAGE = "stage"
"""The variable of its own kind, which every table has."""

_USUAL_SUPPORT_OF_MANY = 50

_COUNT = _checks.whole(least=0)
_MAPPING = _checks.a(Mapping)
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _words(given: Any) -> Any:
    """Values as a sorted tuple of texts, each once."""
    found = (category("Variable", value) for value in _checks.items("Variable", given))
    return tuple(sorted({value for value in found if isinstance(value, str)}))


@tagged("pipeline.Variable")
@attrs.frozen(weakref_slot=False)
class Variable:
    """Something that is known of a record while it is open, and may tell how it will end.

    Attributes:
        name: The name of the value in outcomes and of the fact in open records; `stage` is counted without being named.
        missing_counts: Whether a missing value is counted, as a value of its own.
        many: Whether a record may have several values, such as tags; each distinct one counts once.
        minimum_support: Rows of a group with fewer closed records than this are left out of what is read; None means
            50 for a variable of many values, and otherwise 1.
        never_for: Values that are never named as a reason to win; they count all the same.
        never_against: Values that are never named as a reason to lose; they count all the same.

    Raises:
        InvalidValue: For an empty name, the name `stage`, or a minimum below 1.

    Example:
        >>> Variable("tags", many=True).support, Variable("phone", never_for=["wrong"]).support
        (50, 1)

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    missing_counts: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    many: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    minimum_support: int | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.whole(least=1))
    )
    never_for: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_words)
    never_against: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_words)

    def __attrs_post_init__(self) -> None:
        if self.name == STAGE:
            raise InvalidValue("Variable.name", self.name, "another name: the stage is counted in every table")

    @property
    def support(self) -> int:
        """How many closed records a row must have to be read."""
        if self.minimum_support is not None:
            return self.minimum_support
        return _USUAL_SUPPORT_OF_MANY if self.many else 1

    def cells(self, value: Any) -> Iterable[Cell]:
        """What a record with this value counts for: itself, each of many, missing, or nothing."""
        if self.many:
            found: Iterable[Any] = value if isinstance(value, (tuple, frozenset)) else (value,)
        elif isinstance(value, tuple):
            raise InvalidValue(self.name, value, "one value (or Variable(many=True))")
        else:
            found = (value,)
        known = {each for each in (category(self.name, each) for each in found) if each is not None}
        if known:
            return [(self.name, each) for each in sorted(known)]
        return [(self.name, None)] if self.missing_counts else []


Row: TypeAlias = tuple[str, str | None, int, int]


def _order(row: Row) -> tuple[str, bool, str]:
    return (row[0], row[1] is not None, row[1] or "")


def _rows(given: Any) -> tuple[Row, ...]:
    rows = _checks.items("OutcomeCounts.rows", given)
    for place, row in enumerate(rows):
        if not _is_row(row):
            expected = "a variable, a value or None, and how many won and lost records have it, not both 0"
            raise InvalidValue(f"OutcomeCounts.rows[{place}]", row, expected)
    found = tuple(sorted(rows, key=_order))
    for one, other in pairwise(found):
        if one[:2] == other[:2]:
            raise InvalidValue("OutcomeCounts.rows", other, "each variable and value once")
    return found


def _is_row(row: Any) -> bool:
    if not isinstance(row, tuple) or len(row) != 4:  # noqa: PLR2004 - as in Row
        return False
    variable, value, won, lost = row
    return (
        _checks.text.passes(variable)
        and _TEXT_OR_NONE.passes(value)
        and _COUNT.passes(won)
        and _COUNT.passes(lost)
        and won + lost > 0
    )


@tagged("pipeline.OutcomeCounts")
@attrs.frozen(weakref_slot=False)
class OutcomeCounts:
    """How many records of one group were won and lost, in all and with each value: integers, nothing smoothed.

    Attributes:
        group: Such as a team; None for the records without one.
        won: How many were won.
        lost: How many were lost.
        rows: Sorted (variable, value, won, lost): those that had the value; None as a value is "missing". Under the
            variable `stage`, those that count for each stage.

    Raises:
        InvalidValue: For a group without records, counts below 0, a row twice, or one that counts more than the group.

    Example:
        >>> OutcomeCounts("north", won=1, lost=2, rows=[("stage", "new", 1, 2), ("country", "AT", 1, 1)]).rows[0]
        ('country', 'AT', 1, 1)

    .. versionadded:: 0.1.0
    """

    group: str | None = attrs.field(validator=_TEXT_OR_NONE)
    won: int = attrs.field(kw_only=True, validator=_COUNT)
    lost: int = attrs.field(kw_only=True, validator=_COUNT)
    rows: tuple[tuple[str, str | None, int, int], ...] = attrs.field(default=(), kw_only=True, converter=_rows)

    def __attrs_post_init__(self) -> None:
        if not self.won + self.lost:
            raise InvalidValue("OutcomeCounts.won", self.won, "a group with at least one closed record")
        for place, (_, _, won, lost) in enumerate(self.rows):
            if won > self.won or lost > self.lost:
                raise InvalidValue(f"OutcomeCounts.rows[{place}]", (won, lost), f"at most {(self.won, self.lost)}")


def category(path: str, value: Any) -> str | None:
    """A value as the text that is counted: None when it is missing.

    Raises:
        InvalidValue: For an amount, a date or anything else that has no few values.
    """
    if isinstance(value, str):
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    raise InvalidValue(path, value, "a str, int, bool or None (put amounts and dates into bands first)")


def named_values(path: str, given: Any) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """The values that are there, by name, as they are counted."""
    pairs = given.items() if isinstance(given, Mapping) else _checks.items(path, given)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not _checks.text.passes(pair[0]):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "pairs of a name and a value")
        name, value = pair
        found = _many(f"{path}.{name}", value) if isinstance(value, tuple) else category(f"{path}.{name}", value)
        if found:
            yield name, found


def _many(path: str, values: tuple[Any, ...]) -> tuple[str, ...]:
    found = {category(path, value) for value in values}
    return tuple(sorted(each for each in found if each is not None))


def facts_with(path: str, facts: Mapping[str, Any], values: Any) -> Mapping[str, Any]:
    """The facts of a record, with those that only the caller knows.

    Raises:
        InvalidValue: For one that the record has itself.
    """
    if values is None:
        return facts
    _MAPPING.require(path, values)
    shadowed = sorted(facts.keys() & values.keys())
    if shadowed:
        raise InvalidValue(path, shadowed[0], "facts that the record does not have itself")
    return {**facts, **values}


def group_order(group: str | None) -> tuple[bool, str]:
    """Sorts groups by name; "no group" comes first."""
    return (group is not None, group or "")
