"""How far two texts are from each other, as whole numbers: edits, and letters in common.

Theory of operation. A text of at most `LONGEST` letters fits one int with a bit for each letter, so a whole row of the
classic tables is one or two operations on ints. For each letter of the one text, a mask says where the other has it.
`levenshtein_distance` keeps the vertical differences of the table's column (+1 and -1) as two ints; `osa_distance` adds
one term for a swap of neighbors; `common_length` keeps the row of the longest common subsequence; `jaro_parts` takes
the lowest free bit of the mask inside the window. A text longer than `LONGEST` is equal to another, or as far from it
as can be: nothing grows with the square of what a source may hold.

Source: Myers, "A fast bit-vector algorithm for approximate string matching" (1999); Hyyrö, "A bit-vector algorithm for
computing Levenshtein and Damerau edit distances" (2003); Hyyrö, "Bit-parallel LCS-length computation" (2004); Jaro,
"Advances in record-linkage methodology" (1989).
"""

from __future__ import annotations

from functools import lru_cache

from relex.errors import InvalidValue

__all__ = ["LONGEST", "common_length", "jaro_parts", "levenshtein_distance", "osa_distance"]

LONGEST = 256
"""The longest text that is compared letter by letter; a longer one is only equal or not."""


def levenshtein_distance(a: str, b: str) -> int:
    """The least number of letters to insert, delete or replace that makes `b` of `a`.

    Of two different texts of which one is longer than `LONGEST` it is the length of the longer.

    Example:
        >>> levenshtein_distance("MARTHA", "MARHTA")
        2

    .. versionadded:: 0.1.0
    """
    _require("levenshtein_distance", a, b)
    if a == b:
        return 0
    if not a or not b or len(a) > LONGEST or len(b) > LONGEST:
        return max(len(a), len(b))
    masks, full, last = _masks(a), (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, distance = full, 0, len(a)
    for letter in b:
        found = masks.get(letter, 0)
        zero = (((found & plus) + plus) ^ plus) | found | minus
        up, down = minus | ~(zero | plus), plus & zero
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1) | 1, down << 1
        plus, minus = (down | ~(zero | up)) & full, up & zero & full
    return distance


def osa_distance(a: str, b: str) -> int:
    """As `levenshtein_distance`, with a swap of two neighbors counted as one, and no edit inside a swapped pair.

    Example:
        >>> osa_distance("MARTHA", "MARHTA")
        1
        >>> osa_distance("CA", "ABC")
        3

    .. versionadded:: 0.1.0
    """
    _require("osa_distance", a, b)
    if a == b:
        return 0
    if not a or not b or len(a) > LONGEST or len(b) > LONGEST:
        return max(len(a), len(b))
    masks, full, last = _masks(a), (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, distance, zero, before = full, 0, len(a), 0, 0
    for letter in b:
        found = masks.get(letter, 0)
        swap = ((~zero & found) << 1) & before
        zero = (((found & plus) + plus) ^ plus) | found | minus | swap
        up, down = minus | ~(zero | plus), plus & zero
        distance += bool(up & last) - bool(down & last)
        up, down, before = (up << 1) | 1, down << 1, found
        plus, minus = (down | ~(zero | up)) & full, up & zero & full
    return distance


def common_length(a: str, b: str) -> int:
    """The length of the longest common subsequence; nothing where either is longer than `LONGEST` and they differ.

    Example:
        >>> common_length("Smith John", "John Smith")
        5

    .. versionadded:: 0.1.0
    """
    _require("common_length", a, b)
    if a == b:
        return len(a)
    if len(a) > LONGEST or len(b) > LONGEST:
        return 0
    masks, full = _masks(a), (1 << len(a)) - 1
    row = full
    for letter in b:
        found = row & masks.get(letter, 0)
        row = ((row + found) | (row - found)) & full
    return len(a) - row.bit_count()


def jaro_parts(a: str, b: str) -> tuple[int, int]:
    """How many letters of `a` are in `b` not far from their place, and half of those that stand in another order.

    "Not far" is at most half the longer length, rounded down, minus one.

    Example:
        >>> jaro_parts("MARTHA", "MARHTA")
        (6, 1)

    .. versionadded:: 0.1.0
    """
    if a == b:
        return len(a), 0
    if len(a) > LONGEST or len(b) > LONGEST:
        return 0, 0
    near = max(0, max(len(a), len(b)) // 2 - 1)
    masks, free, window, mine = _masks(b), (1 << len(b)) - 1, (1 << (near + 1)) - 1, []
    for index, letter in enumerate(a):
        found = masks.get(letter, 0)
        if found:
            found &= free & window
            if found:
                free ^= found & -found
                mine.append(letter)
        window = (window << 1) | 1 if index < near else window << 1
    theirs = [letter for index, letter in enumerate(b) if not free >> index & 1]
    return len(mine), sum(map(str.__ne__, mine, theirs)) // 2


def _require(name: str, a: object, b: object) -> None:
    if not (isinstance(a, str) and isinstance(b, str)):
        raise InvalidValue(name, (a, b), "two texts")


@lru_cache(maxsize=16_384)
def _masks(text: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    bit = 1
    for letter in text:
        masks[letter] = masks.get(letter, 0) | bit
        bit <<= 1
    return masks
