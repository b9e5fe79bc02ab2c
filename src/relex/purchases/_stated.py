"""Numbers as a sale states them: exact, never negative, independent of the caller's decimal context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from relex import _checks
from relex.errors import InvalidValue

__all__ = ["Number", "items", "optional_rate", "pairs", "parts", "quantity", "stated", "texts"]

T = TypeVar("T")
Number: TypeAlias = int | str | Decimal

_CENT = Decimal("0.01")
_LIMIT = Decimal("1E+24")  # far above any sale, and low enough for every product and sum of them to stay exact
_LIMIT_INT = 10**24
_ZERO = Decimal(0)
_ONE = Decimal(1)
_EXPECTED = "an exact number of at least 0 and below 1E+24, such as '9.99' (a float is never exact)"
_QUANTITY = "an int or Decimal of at least 0 and below 1E+24 (what comes back is a Return)"
_TWO = 2
_RATE = "a rate from 0 to 1, such as '0.10' for 10 %"


def stated(path: str, value: Number) -> Decimal:
    """An amount of at least 0 as Decimal."""
    # Two decimals is the shape of nearly all amounts, and then only the size is left to look at.
    if type(value) is Decimal and value.same_quantum(_CENT) and _ZERO <= value < _LIMIT:
        return value
    return _decimal(path, value, _EXPECTED)


def quantity(path: str, value: Number) -> int | Decimal:
    """A quantity of at least 0: an int as it is, anything else as Decimal."""
    if type(value) is int and 0 <= value < _LIMIT_INT:
        return value
    return _decimal(path, value, _QUANTITY)


def optional_rate(path: str, value: Number | None) -> Decimal | None:
    """A share from 0 to 1; None stays None."""
    if value is None:
        return None
    found = _decimal(path, value, _RATE)
    if found > _ONE:
        raise InvalidValue(path, value, _RATE)
    return found


def items(path: str, values: object) -> tuple[Any, ...]:
    """The items of any iterable but a str; a mapping gives its (key, value) pairs."""
    if type(values) is tuple or type(values) is list:
        return tuple(values)
    found = values.items() if isinstance(values, Mapping) else values
    if isinstance(found, str) or not isinstance(found, Iterable):
        raise InvalidValue(path, values, "an iterable, such as a tuple or a list")
    return tuple(found)


def parts(path: str, values: object, kind: type[T]) -> tuple[T, ...]:
    """The items, each an instance of the class."""
    found = items(path, values)
    for value in found:
        if type(value) is not kind and not isinstance(value, kind):
            raise InvalidValue(f"{path}[{found.index(value)}]", value, f"a {kind.__name__}")
    return found


def texts(path: str, values: object) -> tuple[str, ...]:
    """A sorted tuple of non-empty str without repeats."""
    found = items(path, values)
    for value in found:
        _checks.text.require(path, value)
    return tuple(sorted(set(found)))


def pairs(path: str, values: object) -> tuple[tuple[str, str], ...]:
    """A sorted tuple of (name, value) pairs of non-empty str, without repeats."""
    found = items(path, values)
    for pair in found:
        if not (isinstance(pair, tuple) and len(pair) == _TWO and all(map(_checks.text.passes, pair))):
            raise InvalidValue(path, pair, "a pair (name, value) of non-empty str")
    return tuple(sorted(set(found)))


def _decimal(path: str, value: object, expected: str) -> Decimal:
    try:
        found = _checks.exact_number(path, value)
    except InvalidValue:
        raise InvalidValue(path, value, expected) from None
    if isinstance(found, int):
        found = Decimal(found)
    if not isinstance(found, Decimal) or not _ZERO <= found < _LIMIT:
        raise InvalidValue(path, value, expected)
    return found
