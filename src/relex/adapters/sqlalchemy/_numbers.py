"""Numbers as text whose order by bytes is the order of the numbers.

Theory of operation
-------------------

SQLite has no exact number beyond 64 bits, so there a number is kept as a *key*: text that compares as the number does,
and that is the same for equal numbers however they were written (`1`, `Decimal("1.00")`, `Decimal("1E0")`).

Every number but zero is ± 0.d₁d₂…dₙ x 10^e in exactly one way, if neither the first nor the last digit is 0. The key
writes these three down, the more important first:

1. the sign: `-`, `0` (zero is that and nothing else) or `1`, which ascend in ASCII;
2. the exponent e. Of two positive numbers the one with the greater e is greater. It is written as a letter for how many
   digits it has, and the digits: `b7` is 7, `c12` is 12, and `c` comes after `b`, so 12 comes after 7. Below zero all
   is turned round: capitals, which come before small letters, descend with the number of digits, and each digit is
   written as 9 minus itself: `Y6` is -3, `X87` is -12;
3. the digits, compared from the left as they are. A number whose digits begin with all of another's is the greater,
   and text compares so too.

    0.125 = 0.125 x 10^0     1a0125         -0.125     -a0874~
    7     = 0.7   x 10^1     1b17           -7         -Y82~
    12.5  = 0.125 x 10^2     1b2125         -12.5      -Y7874~

For a negative number both the exponent and the digits are turned round: the exponent is that of -e, the digits are
9 minus themselves, and a `~`, which comes after every digit, ends them, so that the longer of two is the smaller.

Decimals are read by their digits, never by arithmetic, so the decimal context of the caller has no part in it.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["key_of", "number_of"]

_NINES = str.maketrans("0123456789", "9876543210")
_PLAIN = Context()
_SHORT = 1 << 200  # below it str(int) is fast, and allowed whatever limit the interpreter sets


def key_of(number: int | Decimal) -> str:
    """The key of a number, which is finite.

    Example:
        >>> [key_of(number) for number in (-7, 0, Decimal("0.125"), 7, Decimal("12.50"), 700)]
        ['-Y82~', '0', '1a0125', '1b17', '1b2125', '1b37']
        >>> key_of(Decimal("1E+2")) == key_of(100) == key_of(Decimal("100.00"))
        True
    """
    if number.__class__ is int and -_SHORT < number < _SHORT:
        return _written(str(number), "")
    decimal = Decimal(number)
    text = _PLAIN.to_sci_string(decimal)  # str(decimal) would obey the caller's decimal context
    if "E" in text:
        return _scientific(decimal)
    whole, _, fraction = text.partition(".")
    return _written(whole, fraction)


def number_of(key: str) -> Decimal:
    """The number of a key, with no more digits than it needs.

    Example:
        >>> number_of(key_of(Decimal("-12.50"))), number_of(key_of(1200))
        (Decimal('-12.5'), Decimal('1.2E+3'))
    """
    if key == "0":
        return Decimal(0)
    below = key[0] == "-"
    size = ord(key[1]) - ord("a") if key[1] >= "a" else ord("Z") - ord(key[1])
    end = 2 + max(size, 1)
    exponent = int(key[2:end]) if key[1] >= "a" else -int(key[2:end].translate(_NINES))
    digits = key[end:-1].translate(_NINES) if below else key[end:]
    return Decimal(f"{'-' if below else ''}0.{digits}E{-exponent if below else exponent}")


def _written(whole: str, fraction: str) -> str:
    """The key of a number that is written out: `-12` and `50`."""
    below = whole[0] == "-"
    before = whole.lstrip("-0")
    digits = before + fraction if before else fraction.lstrip("0")
    exponent = len(before) or len(digits) - len(fraction)
    return _joined(below, exponent, digits.rstrip("0"))


def _scientific(number: Decimal) -> str:
    """The key of a number that is written with an exponent."""
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    return _joined(bool(sign), len(text) + int(exponent), text.rstrip("0"))


def _joined(below: bool, exponent: int, digits: str) -> str:
    if not digits:
        return "0"
    if below:
        return f"-{_EXPONENTS[-exponent]}{digits.translate(_NINES)}~"
    return f"1{_EXPONENTS[exponent]}{digits}"


def _exponent(exponent: int) -> str:
    """An exponent as text in the order of exponents."""
    digits = str(abs(exponent))
    if exponent < 0:
        return chr(ord("Z") - len(digits)) + digits.translate(_NINES)
    return chr(ord("a") + len(digits) * (exponent > 0)) + digits


class _Exponents(dict[int, str]):
    """The exponents that nearly all numbers have, and whatever else is asked for."""

    __slots__ = ()
    __missing__: Callable[[int], str] = staticmethod(_exponent)


_EXPONENTS = _Exponents({exponent: _exponent(exponent) for exponent in range(-64, 65)})
