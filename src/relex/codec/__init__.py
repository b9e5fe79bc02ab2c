"""The stored form of every public value: tagged, versioned, exact, and strict about what it reads.

A stored object is a dict that begins with its `type` (a tag such as `loyalty.Program`) and `v` (the version of the
form), followed by every field in the order of the class, defaults included. What the fields hold is stored like this:

====================  =================================================================================================
value                 stored as
====================  =================================================================================================
str, int, bool, None  itself
Decimal, Fraction     `"12.50"`, `"1/3"`: digits and exponent are kept
date, time            `"2026-11-23"`, `"09:30:00"`
datetime              `"2026-10-25T02:30:00+01:00[Europe/Berlin]"`: the offset, and the zone if it has a key (RFC 9557)
timedelta             `"P1DT4H30M"`, to the microsecond
tzinfo                `"+09:00"`, or the key of the zone
enumeration           the value if all values are str, else the name
Money                 `{"amount": "12.50", "currency": "USD"}`
tuple                 a list
an object             an object with `type` and `v`
====================  =================================================================================================

A field that accepts several types stores them in the same way, as long as they can be told apart; otherwise all that
JSON has no type for are wrapped: `{"date": "2026-11-23"}`, `{"decimal": "1.5"}`.

Reading is strict. Whatever `encode` would not have written is an `InvalidValue` that names the place, such as
`Program.rules[2].award.points`: unknown tags and fields, fields left out, floats, NaN, keys given twice, lone
surrogates, versions from the future. So are more than 100 objects inside each other, 2,000,000 objects and list items,
64 Mi characters of text, 1,000,000 characters in one str, and 1,000 digits in one number.

Nothing is looked up: to get back a zone by its key, pass `zones=zoneinfo.ZoneInfo`.
"""

from __future__ import annotations

from relex.codec import _kernel as _kernel
from relex.codec._registry import tag_of, tagged, upgrade
from relex.codec._text import decode, dumps, encode, loads

__all__ = ["decode", "dumps", "encode", "loads", "tag_of", "tagged", "upgrade"]
