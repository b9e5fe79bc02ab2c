"""Phone numbers, read by the rules of a few countries into the one form that tells them apart everywhere."""

from __future__ import annotations

import re
from typing import Protocol

import attrs

from relex import _checks
from relex.parties._countries import country_or_none
from relex.parties._fold import fold, require_text

__all__ = ["DIALING", "Phone", "PhoneReader", "phone", "split_extension"]

DIALING = {
    "AU": ("61", "0", "0011"),
    "CA": ("1", "1", "011"),
    "CN": ("86", "0", "00"),
    "DE": ("49", "0", "00"),
    "ES": ("34", None, "00"),
    "FR": ("33", "0", "00"),
    "GB": ("44", "0", "00"),
    "IT": ("39", None, "00"),
    "JP": ("81", "0", "010"),
    "KR": ("82", "0", None),
    "TW": ("886", "0", "002"),
    "US": ("1", "1", "011"),
}
"""Calling code, trunk prefix and international prefix of the regions whose national numbers are read."""

_TWO_DIGIT_CODES = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
    "90 91 92 93 94 95 98"
)
_CODES_WITHOUT_0 = (
    "1 7 30 34 36 39 45 47 48 52 56 65 216 220 221 222 223 224 225 226 227 228 229 230 235 236 237 238 239 240 241 "
    "242 244 245 246 247 248 253 257 258 266 267 268 269 290 297 298 299 350 351 352 354 356 357 371 372 375 376 378 "
    "420 500 501 502 503 504 505 506 507 509 592 597 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 687 "
    "688 689 690 691 692 800 808 852 853 870 878 881 882 883 888 960 965 968 973 974 975 979 992 993 998"
)
_TWO_DIGITS = frozenset(_TWO_DIGIT_CODES.split())
_WITHOUT_TRUNK_0 = frozenset(_CODES_WITHOUT_0.split())
_NANP = "1"
_NANP_DIGITS = 10
_FEWEST = 7
_MOST = 15
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())
_START = re.compile(r"[+0-9]")
_EXTENSION = re.compile(r"(?:;ext=|(?<![a-z])(?:extension|ext|x)|内線|#)[ :.]*([0-9]{1,20})\)?$")
_LETTER = re.compile(r"[^\W\d_]")
_NO_NUMBER = re.compile(r"[^\W\d_]|\+")
_TEL = "tel:"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Phone:
    """A phone number as it was read.

    Attributes:
        e164: `+`, calling code and national number; None when the text gives none.
        extension: Behind a switchboard; never a part of the number.
        validity: `valid` or `invalid` where a library with the numbering plans has judged, else `unknown`.
        reason: What is odd about it: `no-region`, `not-a-phone`, `too-short`, `too-long`, or None.

    .. versionadded:: 0.1.0
    """

    e164: str | None = None
    extension: str | None = None
    validity: str = attrs.field(default="unknown", validator=_checks.one_of("valid", "invalid", "unknown"))
    reason: str | None = attrs.field(
        default=None, validator=_checks.optional(_checks.one_of("no-region", "not-a-phone", "too-short", "too-long"))
    )

    @property
    def calling_code(self) -> str | None:
        """The digits of the country, or of the countries that share them."""
        return None if self.e164 is None else _code(self.e164[1:])

    @property
    def national(self) -> str | None:
        """The digits behind the calling code."""
        return None if self.e164 is None else self.e164[1 + len(_code(self.e164[1:])) :]

    def __str__(self) -> str:
        """The number and its extension, else why there is none."""
        number = self.e164 or self.reason or ""
        return number if self.extension is None else f"{number} ext. {self.extension}"


class PhoneReader(Protocol):
    """Reads phone numbers of all countries, such as `relex.adapters.contacts.PhoneNumbers`.

    .. versionadded:: 0.1.0
    """

    def read(self, text: str, region: str | None, /) -> Phone:
        """The number in a text. Where it answers and `phone` does, they agree.

        .. versionadded:: 0.1.0
        """
        ...


def phone(text: str, region: str | None = None, *, reader: PhoneReader | None = None) -> Phone:
    """The phone number in a text.

    A number that begins with `+`, or with the international prefix of the region, is read as it is; a trunk `0` behind
    the calling code goes where the country dials one. A national number needs a region of `DIALING`: no region is ever
    guessed. Letters are those of a keypad in the US, in Canada and after `+`.

    A national number of fewer than 7 digits (of fewer than 10 in North America) lacks its area code and stands in many
    cities, so it gives no E.164; after `+` it does, but for North America, and has the reason `too-short` as well.

    Args:
        text: The number, as written.
        region: ISO 3166 alpha-2 code of the country in which a national number is read.
        reader: Reads instead of the core, such as `relex.adapters.contacts.PhoneNumbers()`.

    Raises:
        InvalidValue: For what is no str, and for a region that is no country code.

    Source: ITU-T E.164, E.161 (the keypad); ITU Operational Bulletin 994 (dialling procedures); RFC 3966 (tel URIs).

    Example:
        >>> print(phone("0９０-1234-5678", "JP"), phone("650 253 0000 x123", "US"), phone("090-1234-5678"), sep="; ")
        +819012345678; +16502530000 ext. 123; no-region

    .. versionadded:: 0.1.0
    """
    require_text("phone", text)
    if region is not None:
        country_or_none.require("phone.region", region)
    if reader is not None:
        return reader.read(text, region)
    number, extension = split_extension(text)
    is_international, digits = _digits(number, region)
    if not digits:
        return Phone(extension=extension, reason="not-a-phone")
    if is_international:
        code = _code(digits)
        trunk = _NANP if code == _NANP else None if code in _WITHOUT_TRUNK_0 else "0"
        digits = digits[len(code) :]
    elif region in DIALING:
        code, trunk, _ = DIALING[region]
    else:
        return Phone(extension=extension, reason="no-region")
    national = _without_trunk(digits, trunk)
    if not national or national != _without_trunk(national, trunk):
        return Phone(extension=extension, reason="not-a-phone")
    e164, reason = _number(code, national, is_international=is_international)
    return Phone(e164=e164, extension=extension, reason=reason)


def split_extension(text: str) -> tuple[str, str | None]:
    """The folded text of a number, and the extension at its end."""
    folded = fold(text).replace("ー", "-").removeprefix(_TEL)
    found = _EXTENSION.search(folded)
    number = folded if found is None else folded[: found.start()]
    return number.partition(";")[0], None if found is None else found[1]


def _digits(number: str, region: str | None) -> tuple[bool, str]:
    """Whether the number is international, and its digits; none where it is not a number."""
    start = _START.search(number)
    if start is None:
        return False, ""
    body = number[start.start() :]
    is_international = body[0] == "+"
    body = body[is_international:]
    if _LETTER.search(body) and (is_international or region in ("CA", "US")):
        body = body.translate(_KEYPAD)
    if _NO_NUMBER.search(body):
        return False, ""
    digits = body.encode("ascii", "ignore").translate(None, _NO_DIGITS).decode()
    prefix = None if is_international or region not in DIALING else DIALING[region][2]
    if prefix is not None and digits.startswith(prefix):
        is_international, digits = True, digits[len(prefix) :]
    return is_international, "" if is_international and digits.startswith("0") else digits


def _code(digits: str) -> str:
    return digits[: 1 if digits[0] in "17" else 2 if digits[:2] in _TWO_DIGITS else 3]


def _without_trunk(digits: str, trunk: str | None) -> str:
    if trunk is None or not digits.startswith(trunk) or (trunk == _NANP and len(digits) <= _NANP_DIGITS):
        return digits
    return digits[1:]


def _number(code: str, national: str, *, is_international: bool) -> tuple[str | None, str | None]:
    if len(code) + len(national) > _MOST:
        return None, "too-long"
    if len(national) >= (_NANP_DIGITS if code == _NANP else _FEWEST):
        return f"+{code}{national}", None
    return f"+{code}{national}" if is_international and code != _NANP else None, "too-short"
