"""What arguments may be: one small vocabulary of checks, used by fields and by commands alike.

A `Check` is an attrs validator (the error then names `Class.field`) and, through `require`, a guard for an argument.
Each check is exact about types: a bool is no number, a datetime is no date, and a float is never exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Check",
    "a",
    "calendar_day",
    "currency_code",
    "each",
    "elapsed",
    "exact",
    "exact_number",
    "flag",
    "instant",
    "items",
    "number",
    "one_of",
    "optional",
    "text",
    "unique",
    "whole",
    "zone",
]

_CURRENCY = re.compile("[A-Z]{3}")
_DIGITS = 60  # no quantity of this domain needs more, and 1E+999999999 would cost gigabytes to add


@attrs.frozen
class Check:
    """A named condition on one value.

    Attributes:
        expected: What passes, in words that complete "expected ...".
        passes: The condition; it may be given anything and must not raise.
    """

    expected: str
    passes: Callable[[Any], bool] = attrs.field(repr=False)

    def __call__(self, instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        """Act as an attrs validator."""
        if not self.passes(value):
            raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", value, self.expected)

    def require(self, path: str, value: Any) -> None:
        """Raise `InvalidValue` at `path` unless `value` passes."""
        if not self.passes(value):
            raise InvalidValue(path, value, self.expected)


def _is_aware(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and value.utcoffset() is not None


def _is_number(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and value.as_tuple().exponent >= -_DIGITS and value.adjusted() < _DIGITS  # type: ignore[operator]
    if isinstance(value, int):
        return not isinstance(value, bool) and value.bit_length() <= 4 * _DIGITS
    return isinstance(value, Fraction)


text = Check("a non-empty str", lambda value: isinstance(value, str) and value != "")
flag = Check("True or False", lambda value: isinstance(value, bool))
instant = Check("a datetime with a time zone", _is_aware)
calendar_day = Check("a date", lambda value: isinstance(value, date) and not isinstance(value, datetime))
elapsed = Check("a timedelta of at least 0", lambda value: isinstance(value, timedelta) and value >= timedelta(0))
zone = Check("a tzinfo", lambda value: isinstance(value, tzinfo))
currency_code = Check(
    "a currency code of three capital letters",
    lambda value: isinstance(value, str) and _CURRENCY.fullmatch(value) is not None,
)
exact = Check("an int, Decimal or Fraction of at most 60 digits (a float is never exact)", _is_number)


def number(*, least: int | None = None, most: int | None = None, above: int | None = None) -> Check:
    """An exact number within bounds; `above` leaves the bound itself out."""

    def passes(value: object) -> bool:
        return (
            _is_number(value)
            and (least is None or value >= least)  # type: ignore[operator]
            and (above is None or value > above)  # type: ignore[operator]
            and (most is None or value <= most)  # type: ignore[operator]
        )

    return Check(f"an int, Decimal or Fraction{_bounds(least, most, above)}", passes)


def whole(*, least: int | None = None, most: int | None = None) -> Check:
    """An int within bounds."""

    def passes(value: object) -> bool:
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and (least is None or value >= least)
            and (most is None or value <= most)
        )

    return Check(f"an int{_bounds(least, most, None)}", passes)


def a(*types: type) -> Check:
    """An instance of one of the classes."""
    return Check(f"a {' or '.join(kind.__name__ for kind in types)}", lambda value: isinstance(value, types))


def one_of(*choices: object) -> Check:
    """One of the values listed."""
    return Check(f"one of {', '.join(map(str, choices))}", lambda value: value in choices)


def optional(check: Check) -> Check:
    """None, or what the other check accepts."""
    return Check(f"{check.expected}, or None", lambda value: value is None or check.passes(value))


def each(check: Check) -> Check:
    """A tuple whose every item passes."""
    return Check(
        f"a tuple, each item {check.expected}",
        lambda value: isinstance(value, tuple) and all(check.passes(item) for item in value),
    )


def unique(key: str) -> Check:
    """A tuple of objects no two of which share the attribute."""
    return Check(
        f"a tuple without two equal {key}s",
        lambda value: isinstance(value, tuple) and len({getattr(item, key) for item in value}) == len(value),
    )


def items(path: str, values: object) -> tuple[Any, ...]:
    """The items of any iterable but text and mappings, as a tuple.

    Raises:
        InvalidValue: For what is no such iterable.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise InvalidValue(path, values, "an iterable of items, such as a tuple or a list")
    return tuple(values)


def exact_number(path: str, value: object) -> Decimal | Fraction | int:
    """An exact number out of what people write: int, Decimal, Fraction, or a str such as "12.50" or "1/3".

    Raises:
        InvalidValue: For a float, a bool, NaN, an infinity, text that is no number, or more than 60 digits.
    """
    found = _parsed(value) if isinstance(value, str) else value
    if not _is_number(found):
        raise InvalidValue(path, value, "an int, Decimal, Fraction, or a str that is a number (a float is never exact)")
    return found  # type: ignore[return-value]


def _parsed(value: str) -> object:
    try:
        return Fraction(value) if "/" in value and len(value) <= 2 * _DIGITS else Decimal(value)
    except (InvalidOperation, ValueError, ZeroDivisionError):
        return None


def _bounds(least: int | None, most: int | None, above: int | None) -> str:
    low = f" of at least {least}" if least is not None else f" above {above}" if above is not None else ""
    return (
        f"{low} and at most {most}"
        if low and most is not None
        else low or (f" of at most {most}" if most is not None else "")
    )
