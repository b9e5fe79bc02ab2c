"""The stored form of values without parts: one pair of functions for each type.

A function is given exactly the type it is listed under (or a subclass, where the type allows some), so that none has to
check it again. Text is read back exactly: `1.50` stays `1.50`, a duration keeps its microseconds, and an instant keeps
its offset and, when the caller passes `zones`, its zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Context, Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex.codec._walk import LONGEST_STR, MOST_DIGITS, Walk, same
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NUMBER", "Scalar", "literal", "plain_int", "plain_str", "scalar"]

_GREATEST = 10**MOST_DIGITS
_SHORT = 40
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:E[+-]?[0-9]{1,6})?", re.ASCII)
_FRACTION = re.compile(r"(-?(?:0|[1-9][0-9]*))/([1-9][0-9]*)", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?=.)(?:([0-9]{1,10})D)?(?:T(?=.)(?:([0-9]{1,12})H)?(?:([0-9]{1,14})M)?(?:([0-9]{1,15})(?:\.([0-9]{1,6}))?S)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{6}))?)?", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
# What `fromisoformat` accepts besides (weeks, more digits, hour 24) depends on the version of Python.
_DATE = re.compile(_DAY, re.ASCII)
_TIME = re.compile(_CLOCK, re.ASCII)
_INSTANT = re.compile(rf"{_DAY}T{_CLOCK}(?:Z|{_OFFSET.pattern})", re.ASCII)
_ZONE_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,3}", re.ASCII)
_LONGEST_KEY = 64
_PLAIN = Context()


@attrs.frozen(kw_only=True, eq=False)
class Scalar:
    """How one type is stored.

    Attributes:
        name: Its name where several types share a field: `{"decimal": "1.5"}`.
        json: The JSON type that stores it.
        expected: The stored form in words.
        encode: From the value.
        decode: From the JSON type.
        subclasses: Whether instances of subclasses are the same kind of value.
    """

    name: str
    json: type
    expected: str
    encode: Callable[[Any, Walk], Any]
    decode: Callable[[Any, Walk], Any]
    subclasses: bool = False


def plain_str(value: str, _walk: object = None) -> str:
    """A str that has UTF-8 and is not too long; an enumeration of str becomes its text."""
    if len(value) > LONGEST_STR:
        raise InvalidValue("", value[:_SHORT], f"a str of at most {LONGEST_STR} characters")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidValue("", value, "text without lone surrogates") from None
    return value if type(value) is str else str.__str__(value)


def plain_int(value: int, _walk: Walk) -> int:
    """An int that is not too long; an enumeration of int becomes its number."""
    if not -_GREATEST < value < _GREATEST:
        raise InvalidValue("", "a longer int", f"an int of at most {MOST_DIGITS} digits")
    return value if type(value) is int else int.__int__(value)


def _encode_decimal(value: Decimal, _walk: Walk) -> str:
    text = _PLAIN.to_sci_string(value)  # str(value) would obey the caller's decimal context
    if not value.is_finite() or (("E" in text or len(text) > MOST_DIGITS) and not _is_short(value)):
        raise InvalidValue("", value, f"a finite Decimal of at most {MOST_DIGITS} digits")
    return text


def _is_short(value: Decimal) -> bool:
    _sign, digits, exponent = value.as_tuple()
    return len(digits) <= MOST_DIGITS and abs(int(exponent)) <= MOST_DIGITS


def _decode_decimal(text: str, _walk: Walk) -> Decimal:
    if len(text) > 2 * MOST_DIGITS or not _DECIMAL.fullmatch(text):
        raise InvalidValue("", text[:_SHORT], 'a number as a str such as "12.50"')
    value = Decimal(text)
    if ("E" in text or len(text) > MOST_DIGITS) and not _is_short(value):
        raise InvalidValue("", text[:_SHORT], f"a number of at most {MOST_DIGITS} digits")
    return value


def _encode_fraction(value: Fraction, walk: Walk) -> str:
    return f"{plain_int(value.numerator, walk)}/{plain_int(value.denominator, walk)}"


def _decode_fraction(text: str, _walk: Walk) -> Fraction:
    found = _FRACTION.fullmatch(text) if len(text) <= 2 * MOST_DIGITS + 2 else None
    if not found or max(len(found[1].lstrip("-")), len(found[2])) > MOST_DIGITS:
        raise InvalidValue("", text[:_SHORT], 'a fraction as a str such as "1/3"')
    return Fraction(int(found[1]), int(found[2]))


def _decode_number(text: str, walk: Walk) -> Decimal | Fraction:
    return _decode_fraction(text, walk) if "/" in text else _decode_decimal(text, walk)


def _encode_iso(value: date, _walk: Walk) -> str:
    return value.isoformat()


def _decode_date(text: str, _walk: Walk) -> date:
    try:
        value = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        value = None
    if value is None:
        raise InvalidValue("", text[:_SHORT], 'a date such as "2026-11-23"')
    return value


def _encode_time(value: time, _walk: Walk) -> str:
    if value.tzinfo is not None:
        raise InvalidValue("", value, "a time of day without a time zone")
    return value.isoformat()


def _decode_time(text: str, _walk: Walk) -> time:
    if not _TIME.fullmatch(text):
        raise InvalidValue("", text[:_SHORT], 'a time of day such as "09:30:00"')
    return time.fromisoformat(text)


def _encode_duration(value: timedelta, _walk: Walk) -> str:
    micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    seconds, rest = divmod(abs(micros), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    part = f".{rest:06}".rstrip("0") if rest else ""
    clock = f"{f'{hours}H' * (hours > 0)}{f'{minutes}M' * (minutes > 0)}{f'{seconds}{part}S' * (seconds + rest > 0)}"
    date_part = f"{days}D" if days or not clock else ""
    return f"{'-' * (micros < 0)}P{date_part}{f'T{clock}' * (clock != '')}"


def _decode_duration(text: str, _walk: Walk) -> timedelta:
    found = _DURATION.fullmatch(text) if len(text) <= 2 * _SHORT else None
    if not found:
        raise InvalidValue("", text[:_SHORT], 'a duration such as "P1DT4H30M" or "PT0.5S"')
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:5])
    micros = int((found[6] or "").ljust(6, "0"))
    try:
        value = timedelta(days, seconds, micros, minutes=minutes, hours=hours)
        return -value if found[1] else value
    except OverflowError:
        raise InvalidValue("", text, "a duration below 1,000,000,000 days") from None


def _encode_zone(value: tzinfo, _walk: Walk) -> str:
    key = getattr(value, "key", None)
    if type(key) is str and _is_key(key):
        return key
    if type(value) is not timezone:
        raise InvalidValue("", value, "a tzinfo with a key (such as a zoneinfo.ZoneInfo) or a fixed offset")
    return datetime(2000, 1, 1, tzinfo=value).isoformat()[19:]


def _decode_zone(text: str, walk: Walk) -> tzinfo:
    found = _OFFSET.fullmatch(text) if len(text) <= _LONGEST_KEY else None
    if not found:
        return _zone_of(text, walk)
    hours, minutes, seconds, micros = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(0, seconds, micros, minutes=minutes, hours=hours)
    if offset >= timedelta(1):
        raise InvalidValue("", text, "an offset below 24 hours")
    return timezone(-offset if found[1] == "-" else offset)


def _zone_of(key: str, walk: Walk) -> tzinfo:
    if not _is_key(key):
        raise InvalidValue(
            "", key[:_SHORT], 'an offset such as "+09:00" or the key of a time zone such as "Asia/Tokyo"'
        )
    if walk.zones is None:
        if key == "UTC":
            return UTC
        raise InvalidValue("", key, "an offset such as +09:00, unless zones=zoneinfo.ZoneInfo is passed to read keys")
    try:
        found: object = walk.zones(key)
    except Exception as error:
        raise InvalidValue("", key, "the key of a time zone that zones knows") from error
    if not isinstance(found, tzinfo):
        raise InvalidValue("", key, "the key of a time zone that zones knows")
    return found


def _is_key(key: str) -> bool:
    return len(key) <= _LONGEST_KEY and _ZONE_KEY.fullmatch(key) is not None


def _encode_instant(value: datetime, _walk: Walk) -> str:
    zone = value.tzinfo
    if zone is UTC:  # the most frequent zone, whose offset need not be asked for
        return f"{value.date().isoformat()}T{value.time().isoformat()}+00:00"
    if zone is None or value.utcoffset() is None:
        raise InvalidValue("", value, "a datetime with a time zone")
    key = getattr(zone, "key", None)
    return f"{value.isoformat()}[{key}]" if type(key) is str and _is_key(key) else value.isoformat()


def _decode_instant(text: str, walk: Walk) -> datetime:
    stamp, bracket, key = text.partition("[")
    try:
        value = datetime.fromisoformat(stamp) if _INSTANT.fullmatch(stamp) else None
    except ValueError:
        value = None
    if value is None or (bracket and not (key.endswith("]") and _is_key(key[:-1]))):
        raise InvalidValue("", text[:_SHORT], 'an instant with its offset such as "2026-11-23T09:30:00+01:00"')
    return value if walk.zones is None or not bracket else _in_zone(value, _zone_of(key[:-1], walk), text)


def _in_zone(value: datetime, zone: tzinfo, text: str) -> datetime:
    """The same instant on the clocks of the zone; the wall time that was stored wins where the zone allows it.

    It matters for the hour that a clock skips or repeats: both wall times of such an hour keep their `fold`.
    When the rules of the zone have changed since, the instant is kept and the wall time moves.
    """
    try:
        for fold in (0, 1):
            wall = value.replace(tzinfo=zone, fold=fold)
            if wall.utcoffset() == value.utcoffset():
                return wall
        return value.astimezone(zone)
    except (OverflowError, ValueError):
        raise InvalidValue("", text, "an instant that the zone can show") from None


def _choices(kind: type[Enum]) -> Scalar:
    """How the members of an enumeration are stored: by value where each is a str, otherwise by name."""
    by_value = all(type(member.value) is str for member in kind)
    words = {member: member.value if by_value else member.name for member in kind}
    members = {word: member for member, word in words.items()}

    def encode(value: Enum, _walk: Walk) -> str:
        return words[value]

    def decode(text: str, _walk: Walk) -> Enum:
        if text not in members:
            raise InvalidValue("", text[:_SHORT], f"one of {', '.join(members)}")
        return members[text]

    return Scalar(name="enum", json=str, expected=f"one of {', '.join(members)}", encode=encode, decode=decode)


def literal(words: tuple[object, ...]) -> tuple[type, Scalar]:
    """How one of a few str or int constants is stored: as itself."""
    kind = type(words[0])
    expected = f"one of {', '.join(map(repr, words))}"

    def check(value: object, _walk: Walk) -> object:
        if value not in words:
            raise InvalidValue("", value, expected)
        return value

    return kind, Scalar(name="literal", json=kind, expected=expected, encode=check, decode=check)


_SCALARS: dict[type, Scalar] = {
    str: Scalar(name="str", json=str, expected="a str", encode=plain_str, decode=plain_str, subclasses=True),
    int: Scalar(name="int", json=int, expected="an int", encode=plain_int, decode=plain_int, subclasses=True),
    bool: Scalar(name="bool", json=bool, expected="true or false", encode=same, decode=same),
    type(None): Scalar(name="none", json=type(None), expected="null", encode=same, decode=same),
    Decimal: Scalar(
        name="decimal",
        json=str,
        expected='a number as a str such as "12.50"',
        encode=_encode_decimal,
        decode=_decode_decimal,
        subclasses=True,
    ),
    Fraction: Scalar(
        name="fraction",
        json=str,
        expected='a fraction as a str such as "1/3"',
        encode=_encode_fraction,
        decode=_decode_fraction,
        subclasses=True,
    ),
    date: Scalar(
        name="date", json=str, expected='a date such as "2026-11-23"', encode=_encode_iso, decode=_decode_date
    ),
    time: Scalar(
        name="time", json=str, expected='a time of day such as "09:30:00"', encode=_encode_time, decode=_decode_time
    ),
    datetime: Scalar(
        name="datetime",
        json=str,
        expected='an instant with its offset such as "2026-11-23T09:30:00+01:00"',
        encode=_encode_instant,
        decode=_decode_instant,
        subclasses=True,
    ),
    timedelta: Scalar(
        name="duration",
        json=str,
        expected='a duration such as "P1DT4H30M"',
        encode=_encode_duration,
        decode=_decode_duration,
        subclasses=True,
    ),
    tzinfo: Scalar(
        name="zone",
        json=str,
        expected='an offset such as "+09:00" or the key of a time zone',
        encode=_encode_zone,
        decode=_decode_zone,
        subclasses=True,
    ),
}

NUMBER = Scalar(
    name="number",
    json=str,
    expected='a number as a str such as "12.50" or "1/3"',
    encode=same,
    decode=_decode_number,
)
"""How a Decimal and a Fraction are told apart where a field accepts both: only a fraction has a slash."""


def scalar(kind: type) -> Scalar | None:
    """How values of exactly this declared type are stored, or None when it is no scalar."""
    if issubclass(kind, Enum):
        return _choices(kind)
    return _SCALARS.get(kind)
