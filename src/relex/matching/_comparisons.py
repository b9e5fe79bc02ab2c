"""What is compared, and how: comparisons, their methods, and the keys that bring records together."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["METHODS", "Comparison", "Key", "Method", "Part", "best_of", "close_date", "close_number", "nickname"]

METHODS = (
    "acronym",
    "exact",
    "initial",
    "jaro",
    "jaro_winkler",
    "levenshtein",
    "osa",
    "ratio",
    "soundex",
    "token_sort",
)
"""The methods that need nothing but two texts."""

_OTHERS = ("best_of", "close_date", "close_number", "nickname")
_COUNT = _checks.optional(_checks.whole(least=1))
_TEXT_OR_NONE = _checks.optional(_checks.text)
_LIMIT = _checks.optional(_checks.number(above=0))


def _sets(sets: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    found = [_checks.items("Method.sets", each) for each in _checks.items("Method.sets", sets)]
    for names in found:
        _checks.each(_checks.text).require("Method.sets", names)
    return tuple(sorted(tuple(sorted(set(names))) for names in found))


@tagged("matching.Method")
@attrs.frozen(weakref_slot=False)
class Method:
    """How two values are compared: the name of a method, and what it needs; made of a name or by a function.

    Attributes:
        name: One of `METHODS`, or `best_of`, `close_date`, `close_number`, `nickname`.
        parts: Of `best_of`: the methods of which the best score counts.
        sets: Of `nickname`: names that stand for each other.
        within: Of `close_date` in days, of `close_number`: from where on nothing is alike.

    Raises:
        InvalidValue: For an unknown name, or a part that the method does not have or lacks.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.one_of(*METHODS, *_OTHERS))
    parts: tuple[Method, ...] = attrs.field(default=(), kw_only=True)
    sets: tuple[tuple[str, ...], ...] = attrs.field(default=(), converter=_sets, kw_only=True)
    within: int | Decimal | Fraction | None = attrs.field(default=None, validator=_LIMIT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that the method has what it needs, and nothing else."""
        _checks.each(_checks.a(Method)).require("Method.parts", self.parts)
        if bool(self.parts) != (self.name == "best_of"):
            raise InvalidValue("Method.parts", self.parts, "methods for best_of, and none for any other")
        if (self.within is not None) != self.name.startswith("close_"):
            raise InvalidValue(
                "Method.within", self.within, "a limit for close_number and close_date, and only for them"
            )
        if self.sets and self.name != "nickname":
            raise InvalidValue("Method.sets", self.sets, "names for nickname only")

    def __str__(self) -> str:
        """As it is written."""
        if self.parts:
            return f"best_of({', '.join(map(str, self.parts))})"
        return self.name if self.within is None else f"{self.name}({self.within})"


def _method(given: str | Method) -> Method:
    return given if isinstance(given, Method) else Method(given)


def best_of(*methods: str | Method) -> Method:
    """The maximum of several methods.

    .. versionadded:: 0.1.0
    """
    return Method("best_of", parts=tuple(map(_method, methods)))


def nickname(sets: Iterable[Iterable[str]] = ()) -> Method:
    """1 if the names are equal or in one set of the table, else 0; a score cannot replace the table.

    .. versionadded:: 0.1.0
    """
    return Method("nickname", sets=sets)


def close_number(within: int | Decimal | Fraction) -> Method:
    """1 minus the difference over `within`, and not below 0.

    .. versionadded:: 0.1.0
    """
    return Method("close_number", within=within)


def close_date(days: int) -> Method:
    """1 minus the difference in days over `days`, and not below 0.

    .. versionadded:: 0.1.0
    """
    return Method("close_date", within=days)


def _levels(given: Iterable[str | int | Decimal]) -> tuple[Decimal, ...]:
    found = [_checks.exact_number("Comparison.levels", level) for level in _checks.items("Comparison.levels", given)]
    return tuple(
        Decimal(level.numerator) / level.denominator if isinstance(level, Fraction) else Decimal(level)
        for level in found
    )


@tagged("matching.Comparison")
@attrs.frozen(weakref_slot=False)
class Comparison:
    """One fact about a pair of records: how alike a field of theirs is.

    Attributes:
        name: Of the fact.
        field: Of the record, such as `family`, `email`, or a free field.
        method: How; a name stands for the method of that name.
        key: By which key the values are compared; None is the one of the field.
        blank: `unknown`: no fact when either side is blank; `both-match`: 1 when both are, 0 when one is.
        levels: Lower edges of the levels that are weighed, best first; below the last is one level more. Without any
            the fact is for rules only.
        frequency: Whether to agree on a rare value says more: at the best level the weight is then by how often the
            value is found.

    Raises:
        InvalidValue: For levels that do not fall or are not above 0 and at most 1, or frequency without levels.

    Example:
        >>> print(Comparison("given", method=best_of("initial", "jaro_winkler"), levels=("1", "0.92", "0.8")))
        given: best_of(initial, jaro_winkler) at 1, 0.92, 0.8

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    field: str = attrs.field(default=attrs.Factory(lambda self: self.name, takes_self=True), validator=_checks.text)
    method: Method = attrs.field(default=Method("exact"), converter=_method)
    key: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    blank: str = attrs.field(default="unknown", validator=_checks.one_of("unknown", "both-match"), kw_only=True)
    levels: tuple[Decimal, ...] = attrs.field(
        default=("1",), converter=_levels, validator=_checks.each(_checks.number(above=0, most=1)), kw_only=True
    )
    frequency: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that the levels fall."""
        if list(self.levels) != sorted(set(self.levels), reverse=True):
            raise InvalidValue("Comparison.levels", self.levels, "levels that fall")
        if self.frequency and not self.levels:
            raise InvalidValue("Comparison.frequency", self.frequency, "False for a comparison without levels")

    def __str__(self) -> str:
        """In one line."""
        at = f" at {', '.join(f'{level:f}' for level in self.levels)}" if self.levels else ""
        return f"{self.name}: {self.method}{at}"


@tagged("matching.Part")
@attrs.frozen(weakref_slot=False)
class Part:
    """A piece of a key: the comparison key of a field, or some of it.

    What is asked for is done in the order of the attributes.

    Attributes:
        field: Of the record.
        words: The first words only.
        drop_lead: A text that is left out where the value begins with it.
        drop_last: So many letters of the end are left out.
        encode: `soundex`, or the name of an encoder that the caller passes.
        first: The first letters only.
        last: The last letters only.

    .. versionadded:: 0.1.0
    """

    field: str = attrs.field(validator=_checks.text)
    words: int | None = attrs.field(default=None, validator=_COUNT, kw_only=True)
    drop_lead: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    drop_last: int | None = attrs.field(default=None, validator=_COUNT, kw_only=True)
    encode: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    first: int | None = attrs.field(default=None, validator=_COUNT, kw_only=True)
    last: int | None = attrs.field(default=None, validator=_COUNT, kw_only=True)


def _parts(given: str | Part | Iterable[str | Part]) -> tuple[Part, ...]:
    found = (given,) if isinstance(given, (str, Part)) else _checks.items("Key.parts", given)
    return tuple(Part(part) if isinstance(part, str) else part for part in found)


@tagged("matching.Key")
@attrs.frozen(weakref_slot=False)
class Key:
    """What two records must share to be compared at all.

    Attributes:
        name: Of the key.
        parts: Joined without separator; a name stands for the whole field. A record in which one is blank has no such
            key.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    parts: tuple[Part, ...] = attrs.field(
        default=attrs.Factory(lambda self: (Part(self.name),), takes_self=True),
        converter=_parts,
        validator=_checks.each(_checks.a(Part)),
    )

    def __attrs_post_init__(self) -> None:
        """Check that there is a part."""
        if not self.parts:
            raise InvalidValue("Key.parts", self.parts, "at least one part")
