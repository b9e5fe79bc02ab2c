"""Codes that are drawn by chance and typed by people: how they are made, and what a typed one must look like.

Theory of operation of the check character. Each character of the alphabet stands for its place, 0 to n - 1, and the
checked characters of a code, the check character last, satisfy a congruence: the sum of value x 2^(places from the
right) is 1 modulo m, where m is n or n + 1, whichever is odd. Two values differ by less than m, and every power of two
has an inverse modulo an odd number; so one wrong character changes the sum by (difference x a power of two), and two
neighbors in the wrong order by (difference x the lower one's power of two): never by a multiple of m. That is the pure
system of ISO/IEC 7064 with radix 2, which the standard fixes for 10 digits (MOD 11-2) and 36 characters (MOD 37-2).
Where n is even, one code in n + 1 would need a check value for which the alphabet has no character, the X of MOD 11-2;
such a code is drawn again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ALPHABET", "SupportsRandrange", "as_code", "check_code", "codes"]

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and capital letters without 0, 1, I and O, which people take for each other."""

_DRAWN, _CHECK = "#", "*"
_MOST_DRAWS = 100
_LEAST_FOR_CHECK = 2
_RANDOM = _checks.Check(
    "a source with randrange, such as random.Random(1)", lambda value: callable(getattr(value, "randrange", None))
)


class SupportsRandrange(Protocol):
    """A source of chance, such as `random.Random(seed)` or `secrets.SystemRandom()`.

    .. versionadded:: 0.1.0
    """

    def randrange(self, stop: int, /) -> int:
        """An int from 0 to below `stop`."""
        ...


def as_code(text: str) -> str:
    """A code as it is compared: upper-case, without surrounding spaces."""
    return text.strip().upper()


def codes(
    n: int,
    *,
    random: SupportsRandrange,
    pattern: str = "SUMMER-########",
    alphabet: str = ALPHABET,
    taken: Iterable[str] = (),
) -> tuple[str, ...]:
    """Different codes of a pattern, in the order in which they were drawn.

    Each `#` of the pattern, from left to right, is `alphabet[random.randrange(len(alphabet))]`. One `*` after the last
    `#` is a check character, by which `check_code` knows a code with a typing mistake. All else stands as it is. A
    code that was drawn before, that is taken, or for which the alphabet has no check character is drawn again, at most
    100 times.

    Args:
        n: How many.
        random: The source of chance; there is no default. Codes that are worth money ask for `secrets.SystemRandom()`.
        pattern: Capital letters, digits and signs, with `#` and perhaps `*`.
        alphabet: What is drawn; different characters, without small letters.
        taken: Codes that exist already.

    Raises:
        InvalidValue: For a pattern or alphabet that makes no codes, for more codes than there are (before anything is
            drawn), and when 100 draws in a row gave nothing new.

    Example:
        >>> from random import Random
        >>> codes(2, pattern="TEA-####*", random=Random(7))
        ('TEA-NBT5Z', 'TEA-68R5Q')

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=0).require("codes.n", n)
    _RANDOM.require("codes.random", random)
    _require("codes", pattern, alphabet)
    known = {code for each in _checks.items("codes.taken", taken) if (code := _typed("codes.taken", each))}
    room = len(alphabet) ** pattern.count(_DRAWN) - sum(_fits(code, pattern, alphabet) for code in known)
    if n > room:
        raise InvalidValue("codes.n", n, f"at most {room}, as many as the pattern has left")
    found: dict[str, None] = {}
    for _ in range(n):
        found[_new(pattern, alphabet, random, found, known)] = None
    return tuple(found)


def check_code(code: str, *, pattern: str = "SUMMER-########", alphabet: str = ALPHABET) -> str:
    """A typed code as it is stored: upper-case, without surrounding spaces; refused when it cannot be one.

    Where the pattern has a check character, every code in which one character is wrong, or two neighbors among the
    drawn ones are in the wrong order, is refused without looking it up.

    Args:
        code: As it was typed.
        pattern: Of the codes, as for `codes`.
        alphabet: Of the codes.

    Raises:
        InvalidValue: For what is no code of the pattern, with the first place that is wrong; for a code whose check
            character does not fit; for a pattern or alphabet that makes no codes.

    Example:
        >>> check_code(" tea-nbt5z ", pattern="TEA-####*")
        'TEA-NBT5Z'
        >>> check_code("TEA-NBT2Z", pattern="TEA-####*")
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: check_code.code: expected a code without a typing mistake: one character is wrong...

    .. versionadded:: 0.1.0
    """
    _require("check_code", pattern, alphabet)
    found = _typed("check_code.code", code)
    if len(found) != len(pattern):
        raise InvalidValue("check_code.code", code, f"{len(pattern)} characters, as in {pattern}")
    for place, (character, sign) in enumerate(zip(found, pattern, strict=True), 1):
        if sign not in {_DRAWN, _CHECK} and character != sign:
            raise InvalidValue("check_code.code", code, f"{sign!r} as character {place}, as in {pattern}")
        if sign in {_DRAWN, _CHECK} and character not in alphabet:
            raise InvalidValue("check_code.code", code, f"one of {alphabet} as character {place}")
    if _CHECK in pattern and not _is_consistent(found, pattern, alphabet):
        raise InvalidValue(
            "check_code.code",
            code,
            "a code without a typing mistake: one character is wrong, or two are in the wrong order",
        )
    return found


def _require(command: str, pattern: str, alphabet: str) -> None:
    _checks.text.require(f"{command}.pattern", pattern)
    _checks.text.require(f"{command}.alphabet", alphabet)
    if len(set(alphabet)) != len(alphabet) or not _is_plain(alphabet) or {_DRAWN, _CHECK} & set(alphabet):
        expected = "different characters, without small letters, spaces, # and *"
        raise InvalidValue(f"{command}.alphabet", alphabet, expected)
    if not _is_plain(pattern) or _DRAWN not in pattern:
        raise InvalidValue(f"{command}.pattern", pattern, "at least one #, and no small letters or spaces")
    checks = [place for place, sign in enumerate(pattern) if sign == _CHECK]
    if len(checks) > 1 or (checks and checks[0] < pattern.rindex(_DRAWN)):
        raise InvalidValue(f"{command}.pattern", pattern, "at most one *, after the last #")
    if checks and len(alphabet) < _LEAST_FOR_CHECK:
        raise InvalidValue(f"{command}.alphabet", alphabet, "at least 2 characters, for a check character")


def _is_plain(text: str) -> bool:
    """Whether a text is as codes are compared, character by character, also typed in small letters, without a space."""
    return all(sign.lower().upper() == sign and not sign.isspace() for sign in text)


def _typed(path: str, code: object) -> str:
    if not isinstance(code, str):
        raise InvalidValue(path, code, "a str")
    return as_code(code)


def _fits(code: str, pattern: str, alphabet: str) -> bool:
    try:
        check_code(code, pattern=pattern, alphabet=alphabet)
    except InvalidValue:
        return False
    return True


def _new(pattern: str, alphabet: str, random: SupportsRandrange, drawn: dict[str, None], taken: set[str]) -> str:
    for _ in range(_MOST_DRAWS):
        code = _draw(pattern, alphabet, random)
        if code is not None and code not in drawn and code not in taken:
            return code
    expected = f"a pattern with room for more: {_MOST_DRAWS} draws in a row gave nothing new"
    raise InvalidValue("codes.pattern", pattern, expected)


def _draw(pattern: str, alphabet: str, random: SupportsRandrange) -> str | None:
    """One code; None when the alphabet has no check character for it."""
    count = len(alphabet)
    code = "".join([alphabet[random.randrange(count)] if sign == _DRAWN else sign for sign in pattern])
    if _CHECK not in pattern:
        return code
    total = _total([sign for sign, of in zip(code, pattern, strict=True) if of == _DRAWN], alphabet)
    value = (1 - 2 * total) % (count | 1)
    return code.replace(_CHECK, alphabet[value]) if value < count else None


def _is_consistent(code: str, pattern: str, alphabet: str) -> bool:
    checked = [sign for sign, of in zip(code, pattern, strict=True) if of in {_DRAWN, _CHECK}]
    return _total(checked, alphabet) == 1 % (len(alphabet) | 1)


def _total(signs: list[str], alphabet: str) -> int:
    """The sum of value x 2^(places from the right), by Horner's rule."""
    modulus, total = len(alphabet) | 1, 0
    for sign in signs:
        total = (2 * total + alphabet.index(sign)) % modulus
    return total
