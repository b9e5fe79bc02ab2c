"""Stored forms as plain dicts and as JSON text: the four functions that users call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar, overload

from relex.codec._registry import form_of
from relex.codec._shapes import shape_of, writer_of
from relex.codec._walk import DEEPEST, LONGEST_TEXT, Walk
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

__all__ = ["decode", "dumps", "encode", "loads"]

T = TypeVar("T")

_TOO_DEEP = f"at most {DEEPEST} objects inside each other"
_EXCERPT = 60


class _Twice:
    """A JSON object that has a key twice; no type accepts it, so it is refused where it stands."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __repr__(self) -> str:
        return f"an object that has the key {self.key!r} twice"


def encode(value: object) -> dict[str, Any]:
    """The stored form of a value: a new dict of dicts, lists, str, int, bool and None.

    It starts with `type` and `v` (the version of the form), and every field follows in the order of the class, those
    that have their default included, so that another default in a later release changes nothing that is stored.

    Raises:
        InvalidValue: When the class has no stored form, a field holds what its type does not say, or a limit is passed.

    Example:
        >>> from relex.money import Money
        >>> encode(Money("12.50", "USD"))
        {'type': 'money.Money', 'v': 1, 'amount': '12.50', 'currency': 'USD'}

    .. versionadded:: 0.1.0
    """
    form = form_of(type(value))
    name = type(value).__name__
    if form is None:
        raise InvalidValue(name, value, "an instance of a class that has a stored form")
    try:
        stored: dict[str, Any] = writer_of(form)(value, Walk())
    except InvalidValue as error:
        raise error.inside(name) from None
    except RecursionError:
        raise InvalidValue(name, "a deeper one", _TOO_DEEP) from None
    return stored


@overload
def decode(data: object, expected: type[T], *, zones: Callable[[str], tzinfo] | None = None) -> T: ...
@overload
def decode(data: object, expected: Any, *, zones: Callable[[str], tzinfo] | None = None) -> Any: ...
def decode(data: object, expected: Any, *, zones: Callable[[str], tzinfo] | None = None) -> Any:
    """The value that a stored form describes.

    Args:
        data: What `encode` gave, or JSON made of it.
        expected: The class that it must be; a base class or a union accepts each of its tagged classes.
        zones: Turns the key of a time zone into a tzinfo, such as `zoneinfo.ZoneInfo`. Without it an instant keeps its
            offset and loses the name of its zone, and a field that holds a zone can only be an offset or UTC.

    Raises:
        InvalidValue: For anything that `encode` would not have written, with the path to it.

    Example:
        >>> from relex.money import Money
        >>> decode({"type": "money.Money", "v": 1, "amount": "12.50", "currency": "USD"}, Money)
        Money('12.50', 'USD')
        >>> decode({"type": "money.Money", "v": 1, "amount": 12.5, "currency": "USD"}, Money)
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: Money.amount: expected a number as a str such as "12.50", got 12.5

    .. versionadded:: 0.1.0
    """
    name = getattr(expected, "__name__", None) or "value"
    try:
        return shape_of(expected).reads.pick(data)(data, Walk(zones))
    except InvalidValue as error:
        raise error.inside(name) from None
    except RecursionError:
        raise InvalidValue(name, "a deeper one", _TOO_DEEP) from None


def dumps(value: object) -> str:
    """The stored form as JSON text: compact, in the order of the fields, non-ASCII characters as they are.

    The same value gives the same text in every process, and the text can always be encoded as UTF-8.

    Raises:
        InvalidValue: As for `encode`.

    Example:
        >>> from relex.money import Money
        >>> dumps(Money("12.50", "USD"))
        '{"type":"money.Money","v":1,"amount":"12.50","currency":"USD"}'

    .. versionadded:: 0.1.0
    """
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@overload
def loads(text: str | bytes, expected: type[T], *, zones: Callable[[str], tzinfo] | None = None) -> T: ...
@overload
def loads(text: str | bytes, expected: Any, *, zones: Callable[[str], tzinfo] | None = None) -> Any: ...
def loads(text: str | bytes, expected: Any, *, zones: Callable[[str], tzinfo] | None = None) -> Any:
    """The value that a JSON text describes; bytes are UTF-8.

    Raises:
        InvalidValue: As for `decode`, and for text that is not JSON, is too long, or has a key twice in one object.

    Example:
        >>> from relex.money import Money
        >>> loads('{"type":"money.Money","v":1,"amount":"12.50","currency":"USD"}', Money)
        Money('12.50', 'USD')

    .. versionadded:: 0.1.0
    """
    return decode(_parsed(text), expected, zones=zones)


def _parsed(text: object) -> object:
    if not isinstance(text, str | bytes) or len(text) > LONGEST_TEXT:
        given = text[:_EXCERPT] if isinstance(text, str | bytes) else text
        raise InvalidValue("loads.text", given, f"a str or bytes, at most {LONGEST_TEXT} long")
    try:
        return json.loads(text if isinstance(text, str) else text.decode("utf-8"), object_pairs_hook=_object)
    except RecursionError:
        raise InvalidValue("loads.text", text[:_EXCERPT], _TOO_DEEP) from None
    except ValueError as error:
        raise InvalidValue("loads.text", text[:_EXCERPT], f"JSON ({error})") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Twice:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(_repeated(pairs))


def _repeated(pairs: list[tuple[str, Any]]) -> str:
    """The first key that has come before."""
    places: dict[str, int] = {}
    return next(key for place, (key, _) in enumerate(pairs) if places.setdefault(key, place) != place)
