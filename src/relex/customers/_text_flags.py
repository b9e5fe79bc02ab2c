"""What is odd about any text: a placeholder, invisible signs; about the name of a place; about a date of birth."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from relex import _checks
from relex.customers._flags import Flag, flag
from relex.customers._quality_lists import LONGEST
from relex.customers._quality_policy import QualityPolicy, chosen
from relex.parties import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["born_flags", "invisible_flags", "place_flags", "text_flags"]

_TEXT = _checks.a(str)
_DIGIT = re.compile(r"\d")
_TWO = re.compile(r"[/\\,]| - ")
_REGION_CODE = re.compile("[A-Z]{2}")
_MOST_DIGITS = 2
_OLDEST = 120
# Control signs, zero-width spaces and marks of direction. The joiners U+200C and U+200D are left out: Persian and the
# scripts of India write them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def invisible_flags(field: str, *texts: str) -> Iterator[Flag]:
    """A flag for signs that nobody sees and hardly anybody types: texts that look equal are not equal with them."""
    found = sorted({sign for text in texts for sign in _INVISIBLE.findall(text)})
    if found:
        yield Flag(field, "invisible-characters", "note", ", ".join(f"U+{ord(sign):04X}" for sign in found))


def text_flags(text: str, policy: QualityPolicy | None = None, *, field: str) -> tuple[Flag, ...]:
    """What is odd about any text: `placeholder`, `invisible-characters`; the first 2,000 signs are looked at.

    Raises:
        InvalidValue: For something else than a str, or another type of policy.

    Example:
        >>> [each.code for each in text_flags("N/A", field="street")]
        ['placeholder']

    .. versionadded:: 0.1.0
    """
    _TEXT.require("text_flags.text", text)
    policy = chosen("text_flags.policy", policy)
    if policy.allows(text):
        return ()
    found = [flag(field, "placeholder", text)] if policy.is_placeholder(text) else []
    return (*invisible_flags(field, text[:LONGEST]), *found)


def place_flags(text: str, policy: QualityPolicy | None = None, *, field: str = "city") -> tuple[Flag, ...]:
    """What is odd about the name of a city or region: sorted by code; the first 2,000 signs are looked at.

    Two capital letters are the code of a region and no placeholder: NA is Naples.

    Args:
        text: The value.
        policy: What is odd; None for the default policy.
        field: `city` or `region`.

    Raises:
        InvalidValue: For something else than a str, or another type of policy.

    Example:
        >>> [each.code for each in place_flags("Berlin / Hamburg")]
        ['two-in-one']

    .. versionadded:: 0.1.0
    """
    _TEXT.require("place_flags.text", text)
    policy = chosen("place_flags.policy", policy)
    if policy.allows(text):
        return ()
    is_code = field == "region" and _REGION_CODE.fullmatch(text.strip()) is not None
    found = [each for each in text_flags(text, policy, field=field) if not (is_code and each.code == "placeholder")]
    if not policy.is_placeholder(text):
        found += _of_place(text, field)
    return tuple(sorted(found, key=lambda each: each.code))


def _of_place(text: str, field: str) -> Iterator[Flag]:
    plain = fold(text[:LONGEST])
    if "@" in plain:
        yield flag(field, "email-in-place", text)
    if len(_DIGIT.findall(plain)) > _MOST_DIGITS:
        yield flag(field, "digits-in-place", text)
    if _TWO.search(plain):
        yield flag(field, "two-in-one", text)


def born_flags(
    born: date | str, policy: QualityPolicy | None = None, *, as_of: datetime, field: str = "born"
) -> tuple[Flag, ...]:
    """What is odd about a date of birth, as seen on the day of `as_of` in its zone.

    A text is read as an ISO date; what is none is `not-a-date`. Exactly 120 years old is not implausible.

    Raises:
        InvalidValue: For a naive `as_of`, or something else than a date or a str.

    Example:
        >>> from datetime import timezone
        >>> [each.code for each in born_flags(date(2030, 1, 1), as_of=datetime(2026, 5, 1, tzinfo=timezone.utc))]
        ['future-date']

    .. versionadded:: 0.1.0
    """
    _BORN.require("born_flags.born", born)
    policy = chosen("born_flags.policy", policy)
    _checks.instant.require("born_flags.as_of", as_of)
    if policy.allows(str(born)):
        return ()
    if isinstance(born, str):
        return _of_born_text(born, policy, as_of, field)
    return tuple(_of_born(born, as_of.date(), field))


_BORN = _checks.Check("a date or a str", lambda value: isinstance(value, str) or _checks.calendar_day.passes(value))


def _of_born_text(born: str, policy: QualityPolicy, as_of: datetime, field: str) -> tuple[Flag, ...]:
    try:
        day = date.fromisoformat(fold(born[:LONGEST]))
    except ValueError:
        odd = text_flags(born, policy, field=field)
        return odd if any(each.code == "placeholder" for each in odd) else (*odd, flag(field, "not-a-date", born))
    return tuple(_of_born(day, as_of.date(), field))


def _of_born(born: date, today: date, field: str) -> Iterator[Flag]:
    if born > today:
        yield flag(field, "future-date", born.isoformat())
    if (born.year + _OLDEST, born.month, born.day) < (today.year, today.month, today.day):
        yield flag(field, "implausible-age", born.isoformat())
