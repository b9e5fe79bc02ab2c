"""Ids that others gave to a party, and the check digits of four company numbers."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CHECKED_KINDS", "Identifier", "check_number"]

_SIGNS = re.compile(r"[\s.-]")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)  # `upper` would make an S of the long ſ
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@tagged("parties.Identifier")
@attrs.frozen(weakref_slot=False, order=True)
class Identifier:
    """An id in some system: a source's record id, a tax or company number, a user or device id.

    Any value is kept as it is, since a source may hold a wrong one; `is_valid` tells what a check digit says.

    Attributes:
        kind: Such as `shop`, `cookie`, `lei`; see `CHECKED_KINDS` for those with a check.
        value: The id.

    Example:
        >>> Identifier("lei", "213800KUD8LAJWSQ9D15").is_valid
        True
        >>> Identifier("shop", "4711").is_valid is None
        True

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    value: str = attrs.field(validator=_checks.text)

    @property
    def is_valid(self) -> bool | None:
        """What the check digit says; None for a kind without one."""
        return check_number(self.kind, self.value)


def check_number(kind: str, value: str) -> bool | None:
    """Whether a company number has the right form and check digit; None for a kind that is not checked.

    Spaces, hyphens and full stops are not looked at. The check tells a mistyped number; it does not tell that the
    company exists.

    Raises:
        InvalidValue: For a kind or a number that is empty or no str.

    Source: National Tax Agency of Japan (corporate numbers, ministry of finance ordinance 2014-70); ISO 17442 and
    ISO 7064 MOD 97-10 (LEI); GB 32100-2015 (unified social credit code); Ministry of Finance, Taiwan (unified business
    number, rule of 2023).

    Example:
        >>> check_number("jp-corporate-number", "5-8356-7825-6246")
        True
        >>> check_number("jp-corporate-number", "2-8356-7825-6246")
        False

    .. versionadded:: 0.1.0
    """
    _checks.text.require("check_number.kind", kind)
    _checks.text.require("check_number.value", value)
    check = _CHECKS.get(kind)
    return None if check is None else check(_SIGNS.sub("", value).translate(_CAPITALS))


def _japan(number: str) -> bool:
    if not re.fullmatch("[0-9]{13}", number):
        return False
    digits = [int(digit) for digit in reversed(number[1:])]
    weighted = sum(digit * (2 if index % 2 else 1) for index, digit in enumerate(digits))
    return int(number[0]) == 9 - weighted % 9


def _lei(number: str) -> bool:
    return (
        bool(re.fullmatch("[0-9A-Z]{18}[0-9]{2}", number)) and int("".join(str(int(x, 36)) for x in number)) % 97 == 1
    )


def _china(number: str) -> bool:
    if not re.fullmatch(f"[{_ALPHABET}]{{18}}", number):
        return False
    weighted = sum(_ALPHABET.index(sign) * pow(3, index, 31) for index, sign in enumerate(number[:17]))
    return _ALPHABET[(31 - weighted % 31) % 31] == number[17]


def _taiwan(number: str) -> bool:
    if not re.fullmatch("[0-9]{8}", number):
        return False
    products = [int(digit) * weight for digit, weight in zip(number, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


_CHECKS: dict[str, Callable[[str], bool]] = {
    "cn-unified-code": _china,
    "jp-corporate-number": _japan,
    "lei": _lei,
    "tw-unified-number": _taiwan,
}

CHECKED_KINDS = tuple(_CHECKS)
"""The kinds of identifier whose check digit is known."""
