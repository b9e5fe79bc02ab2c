"""What a fact may be, how it is read, and when two facts can be compared.

Every value is read once into its kind and a plain form of that kind. Values of different kinds are never equal and
have no order; a value of no kind at all (a float, NaN, a datetime without a zone, any other object) is no fact and
leaves a rule undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ORDERED",
    "USUAL",
    "AsOf",
    "Constant",
    "Fact",
    "Facts",
    "Kind",
    "TypedValue",
    "constant",
    "plain",
    "read",
]

Constant: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...]
Fact: TypeAlias = Constant | None
Facts: TypeAlias = Mapping[str, Any]
AsOf: TypeAlias = date | datetime | None

_ACCEPTED = "a str, int, Decimal, bool, date, datetime with a time zone, or tuple of str (for None ask is_missing())"


class Kind(StrEnum):
    """The kinds of facts; only values of one kind can be compared.

    Attributes:
        TEXT: str.
        NUMBER: int or Decimal, by value: 1 equals Decimal("1.0").
        FLAG: bool, which is no number.
        DAY: date, which is no instant.
        INSTANT: datetime with a time zone, as a point in time whatever the zone.
        TEXTS: tuple of str.

    .. versionadded:: 0.1.0
    """

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    TEXTS = "texts"


TypedValue: TypeAlias = tuple[Kind, Any]

ORDERED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.INSTANT})

USUAL: dict[Kind, type] = {Kind.TEXT: str, Kind.NUMBER: int, Kind.FLAG: bool, Kind.DAY: date}
"""The class of nearly all plain values of a kind, where being of exactly this class is enough to be compared."""

_TEXT, _NUMBER, _FLAG, _DAY, _INSTANT, _TEXTS = Kind


def read(value: object) -> TypedValue | None:
    """The kind of a value and its plain form, as every rule reads it; None when it is no fact.

    Two values are the same fact when their readings are equal.

    Example:
        >>> read(1) == read(Decimal("1.0")), read(True) == read(1), read(0.5)
        (True, False, None)

    .. versionadded:: 0.1.0
    """
    reader = _READERS.get(value.__class__)
    return reader(value) if reader is not None else _read_derived(value)


def constant(path: str, value: object) -> TypedValue:
    """The reading of a constant that somebody writes into a rule.

    Raises:
        InvalidValue: When it is no fact, or a number of more than 60 digits.
    """
    reading = read(value)
    if reading is None or (reading[0] is _NUMBER and not _checks.exact.passes(reading[1])):
        raise InvalidValue(path, value, _ACCEPTED)
    return reading


def plain(value: Any) -> Any:
    """The value itself, or the plain one that an instance of a subclass (a StrEnum) stands for."""
    reading = read(value)
    return value if reading is None or reading[0] is _INSTANT else reading[1]


def _read_decimal(value: Decimal) -> TypedValue | None:
    return (_NUMBER, value) if value.is_finite() else None


def _read_instant(value: datetime) -> TypedValue | None:
    if value.tzinfo is UTC:
        return (_INSTANT, value)
    if value.utcoffset() is None:
        return None
    try:
        return (_INSTANT, value.astimezone(UTC))
    except OverflowError:
        return None


def _read_tuple(value: tuple[Any, ...]) -> TypedValue | None:
    if all(item.__class__ is str for item in value):
        return (_TEXTS, value if value.__class__ is tuple else tuple(value))
    if all(isinstance(item, str) for item in value):
        return (_TEXTS, tuple(map(str.__str__, value)))
    return None


_READERS: dict[type, Callable[[Any], TypedValue | None]] = {
    str: lambda value: (_TEXT, value),
    int: lambda value: (_NUMBER, value),
    bool: lambda value: (_FLAG, value),
    Decimal: _read_decimal,
    date: lambda value: (_DAY, value),
    datetime: _read_instant,
    tuple: _read_tuple,
}


def _read_derived(value: object) -> TypedValue | None:
    """Read an instance of a subclass, such as a member of a StrEnum, as its base would be."""
    if isinstance(value, str):
        return (_TEXT, str.__str__(value))
    if isinstance(value, int):
        return (_NUMBER, int.__int__(value))
    if isinstance(value, Decimal):
        return _read_decimal(Decimal(value))
    if isinstance(value, datetime):
        return _read_instant(value)
    if isinstance(value, date):
        return (_DAY, date(value.year, value.month, value.day))
    return _read_tuple(value) if isinstance(value, tuple) else None
