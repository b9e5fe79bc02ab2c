"""How alike two texts are: exact scores from 0 to 1 with six places.

A score is computed as a fraction of whole numbers and rounded once, half to even, so it is the same on every machine.
Inside the package a score is a number of millionths (`*_score` functions); the public functions give a Decimal. Blank
never matches blank: they give None where either text is empty.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from relex import _checks
from relex.matching._distances import common_length, jaro_parts, levenshtein_distance, osa_distance

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FULL",
    "acronym",
    "acronym_score",
    "as_decimal",
    "exact",
    "exact_score",
    "in_order",
    "initial",
    "initial_score",
    "jaro",
    "jaro_score",
    "jaro_winkler",
    "jaro_winkler_score",
    "levenshtein",
    "levenshtein_score",
    "millionths",
    "osa",
    "osa_score",
    "ratio_score",
    "soundex",
    "text_ratio",
    "token_sort",
    "token_sort_score",
]

FULL = 1_000_000
_DECIMALS: dict[int, Decimal] = {}
_PREFIX = 4
_TEXT = _checks.a(str)
_CODES = {
    letter: code
    for code, letters in {"1": "BFPV", "2": "CGJKQSXZ", "3": "DT", "4": "L", "5": "MN", "6": "R"}.items()
    for letter in letters
}
_SOUNDEX = 4


def millionths(above: int, below: int) -> int:
    """A fraction in millionths, rounded half to even."""
    whole, rest = divmod(above * FULL, below)
    return whole + (2 * rest > below or (2 * rest == below and whole & 1))


def as_decimal(score: int) -> Decimal:
    """A number of millionths as the Decimal that is shown and that rules compare."""
    found = _DECIMALS.get(score)
    if found is None:
        found = _DECIMALS[score] = Decimal(score).scaleb(-6)
    return found


def exact_score(a: str, b: str) -> int:
    """All or nothing."""
    return FULL if a == b else 0


def initial_score(a: str, b: str) -> int:
    """Equal, or one is the first letter of the other."""
    if a == b:
        return FULL
    return FULL if (len(a) == 1 or len(b) == 1) and a[0] == b[0] else 0


def jaro_score(a: str, b: str) -> int:
    """As `jaro`."""
    above, below = _jaro(a, b)
    return millionths(above, below)


def jaro_winkler_score(a: str, b: str) -> int:
    """As `jaro_winkler`."""
    above, below = _jaro(a, b)
    if 10 * above > 7 * below:
        prefix = 0
        for mine, theirs in zip(a[:_PREFIX], b[:_PREFIX], strict=False):
            if mine != theirs:
                break
            prefix += 1
        above, below = 10 * above + prefix * (below - above), 10 * below
    return millionths(above, below)


def levenshtein_score(a: str, b: str) -> int:
    """As `levenshtein`."""
    longest = max(len(a), len(b))
    return millionths(longest - levenshtein_distance(a, b), longest)


def osa_score(a: str, b: str) -> int:
    """As `osa`."""
    longest = max(len(a), len(b))
    return millionths(longest - osa_distance(a, b), longest)


def ratio_score(a: str, b: str) -> int:
    """As `text_ratio`."""
    return millionths(2 * common_length(a, b), len(a) + len(b))


def token_sort_score(a: str, b: str) -> int:
    """As `token_sort`."""
    return ratio_score(in_order(a), in_order(b))


@lru_cache(maxsize=262_144)
def in_order(text: str) -> str:
    """The words of a text in alphabetical order; a text of white space alone as it is."""
    return " ".join(sorted(text.split())) or text


def acronym_score(a: str, b: str) -> int:
    """As `acronym`."""
    return FULL if a in (b, _initials(b)) or b == _initials(a) else 0


def exact(a: str, b: str) -> Decimal | None:
    """1 if the texts are equal, else 0; None if either is blank.

    .. versionadded:: 0.1.0
    """
    return _measured("exact", exact_score, a, b)


def initial(a: str, b: str) -> Decimal | None:
    """1 if the texts are equal or one is the first letter of the other, else 0; None if either is blank.

    Example:
        >>> initial("j", "jonathan")
        Decimal('1.000000')

    .. versionadded:: 0.1.0
    """
    return _measured("initial", initial_score, a, b)


def jaro(a: str, b: str) -> Decimal | None:
    """The similarity of Jaro: `(m / len(a) + m / len(b) + (m - t) / m) / 3`; None if either text is blank.

    `m` letters are in both texts at a distance of at most half the longer length, rounded down, minus one; `t` is half
    the number of those that stand in another order, rounded down. Without such letters it is 0.

    Source: Jaro, "Advances in record-linkage methodology" (1989).

    Example:
        >>> jaro("DWAYNE", "DUANE")
        Decimal('0.822222')

    .. versionadded:: 0.1.0
    """
    return _measured("jaro", jaro_score, a, b)


def jaro_winkler(a: str, b: str) -> Decimal | None:
    """The similarity of Jaro, raised for a common prefix of up to four letters; None if either text is blank.

    With `k` letters of prefix it is `J + k * 0.1 * (1 - J)` where `J` is above 0.7, and `J` otherwise.

    Source: Winkler, "String comparator metrics and enhanced decision rules" (1990).

    Example:
        >>> jaro_winkler("MARTHA", "MARHTA")
        Decimal('0.961111')

    .. versionadded:: 0.1.0
    """
    return _measured("jaro_winkler", jaro_winkler_score, a, b)


def levenshtein(a: str, b: str) -> Decimal | None:
    """1 minus `levenshtein_distance` over the longer length; None if either text is blank.

    Example:
        >>> levenshtein("vp sales", "vp of sales")
        Decimal('0.727273')

    .. versionadded:: 0.1.0
    """
    return _measured("levenshtein", levenshtein_score, a, b)


def osa(a: str, b: str) -> Decimal | None:
    """1 minus `osa_distance` over the longer length; None if either text is blank.

    Example:
        >>> osa("gmial.com", "gmail.com")
        Decimal('0.888889')

    .. versionadded:: 0.1.0
    """
    return _measured("osa", osa_score, a, b)


def text_ratio(a: str, b: str) -> Decimal | None:
    """Twice the longest common subsequence over the two lengths; None if either text is blank.

    Example:
        >>> text_ratio("Smith John", "John Smith")
        Decimal('0.500000')

    .. versionadded:: 0.1.0
    """
    return _measured("text_ratio", ratio_score, a, b)


def token_sort(a: str, b: str) -> Decimal | None:
    """`text_ratio` of the texts with their words sorted; None if either text is blank.

    Example:
        >>> token_sort("Smith John", "John Smith")
        Decimal('1.000000')

    .. versionadded:: 0.1.0
    """
    return _measured("token_sort", token_sort_score, a, b)


def acronym(a: str, b: str) -> Decimal | None:
    """1 if the texts are equal or one is the initials of the other's words, else 0; None if either text is blank.

    Example:
        >>> acronym("AMD", "Advanced Micro Devices")
        Decimal('1.000000')

    .. versionadded:: 0.1.0
    """
    return _measured("acronym", acronym_score, a, b)


def soundex(text: str) -> str | None:
    """The Soundex code of a name: its first letter and three digits; None where it has no letter A to Z or another one.

    Vowels separate two letters of the same code, H and W do not. Only letters count, so `O'Brien` is read as `OBrien`.

    Source: the National Archives of the United States, "The Soundex indexing system".

    Example:
        >>> soundex("Ashcraft"), soundex("Tymczak"), soundex("山田")
        ('A261', 'T522', None)

    .. versionadded:: 0.1.0
    """
    _TEXT.require("soundex.text", text)
    letters = [letter for letter in text.upper() if letter.isalpha()]
    if not letters or not all("A" <= letter <= "Z" for letter in letters):
        return None
    digits, last = "", _CODES.get(letters[0])
    for letter in letters[1:]:
        code = _CODES.get(letter)
        if code is not None and code != last:
            digits += code
        if letter not in "HW":
            last = code
    return (letters[0] + digits + "000")[:_SOUNDEX]


def _measured(name: str, score: Callable[[str, str], int], a: str, b: str) -> Decimal | None:
    _TEXT.require(f"{name}.a", a)
    _TEXT.require(f"{name}.b", b)
    return as_decimal(score(a, b)) if a and b else None


def _jaro(a: str, b: str) -> tuple[int, int]:
    """The similarity of Jaro as a fraction."""
    matched, swapped = jaro_parts(a, b)
    if not matched:
        return 0, 1
    long, short = len(a), len(b)
    return matched * matched * (long + short) + (matched - swapped) * long * short, 3 * matched * long * short


def _initials(text: str) -> str:
    return "".join(token[0] for token in text.split())
