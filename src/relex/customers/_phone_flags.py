"""What is odd about a phone number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relex import _checks
from relex.customers._flags import Flag, flag
from relex.customers._quality_lists import LONGEST
from relex.customers._quality_policy import QualityPolicy, chosen
from relex.customers._text_flags import text_flags
from relex.parties import fold, phone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.parties import PhoneReader

__all__ = ["phone_flags"]

_TEXT = _checks.a(str)
_NO_DIGIT = re.compile(r"[^0-9]")
_EQUAL = re.compile(r"(\d)\1+|.*(\d)\2{6}")


def phone_flags(
    text: str,
    region: str | None = None,
    policy: QualityPolicy | None = None,
    *,
    field: str = "phone",
    reader: PhoneReader | None = None,
) -> tuple[Flag, ...]:
    """What is odd about a phone number, sorted by code; the first 2,000 signs are looked at, and nobody is called.

    Args:
        text: The number as typed.
        region: ISO 3166 alpha-2 code of the country in which a national number is read.
        policy: What is odd, None for the default policy; its `allow` may name the number as typed or as E.164.
        field: What flags call the field.
        reader: Reads numbers of all regions; the core reads those of a few.

    Raises:
        InvalidValue: For something else than a str, another type of policy, or a region that is no country code.

    Example:
        >>> [each.code for each in phone_flags("212-555-0100", "US")]
        ['fictional-number']
        >>> phone_flags("03-3210-7654", "JP")
        ()

    .. versionadded:: 0.1.0
    """
    _TEXT.require("phone_flags.text", text)
    policy = chosen("phone_flags.policy", policy)
    text = text[:LONGEST]
    read = phone(text, region, reader=reader)
    if policy.allows(text, read.e164):
        return ()
    found = [*text_flags(text, policy, field=field), *_of_digits(text, read.national, policy, field)]
    if read.reason is not None:
        found.append(flag(field, read.reason, text))
    if read.e164 is not None and policy.is_fictional(read.e164):
        found.append(flag(field, "fictional-number", read.e164))
    return tuple(sorted(found, key=lambda each: each.code))


def _of_digits(text: str, national: str | None, policy: QualityPolicy, field: str) -> Iterator[Flag]:
    """Runs in the national number; in all digits, where it could not be read."""
    digits = _NO_DIGIT.sub("", fold(text)) if national is None else national
    if _EQUAL.fullmatch(digits):
        yield flag(field, "repeated-digits", digits)
    if digits in policy.digit_runs:
        yield flag(field, "sequential-digits", digits)
