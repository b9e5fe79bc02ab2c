"""Methods as functions of two keys: the exact score in millionths, and a quick bound that no score is above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from relex.matching import _similarity as similarity
from relex.matching._similarity import FULL, millionths, soundex
from relex.parties import name_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.matching._comparisons import Method

__all__ = ["Bound", "Likeness", "Score", "Similarity", "likeness"]

Score: TypeAlias = "Callable[[str, str], int | None]"
Bound: TypeAlias = "Callable[[str, str], int]"

_CLASSES, _COUNTED = 64, 3
_DAY = 8


class Similarity(Protocol):
    """A faster way to the same numbers, such as `relex.adapters.matching.RapidFuzz`.

    .. versionadded:: 0.1.0
    """

    def jaro(self, a: str, b: str, /) -> int:
        """As `relex.matching.jaro`, in millionths."""
        ...

    def jaro_winkler(self, a: str, b: str, /) -> int:
        """As `relex.matching.jaro_winkler`, in millionths."""
        ...

    def levenshtein(self, a: str, b: str, /) -> int:
        """As `relex.matching.levenshtein`, in millionths."""
        ...

    def osa(self, a: str, b: str, /) -> int:
        """As `relex.matching.osa`, in millionths."""
        ...

    def ratio(self, a: str, b: str, /) -> int:
        """As `relex.matching.text_ratio`, in millionths."""
        ...

    def token_sort(self, a: str, b: str, /) -> int:
        """As `relex.matching.token_sort`, in millionths."""
        ...


class Likeness(NamedTuple):
    """A method ready to use.

    Attributes:
        score: Of two keys that are not blank; None where the method cannot say.
        bound: What the score cannot exceed, in a fraction of the time; None where the score itself is quick.
    """

    score: Score
    bound: Bound | None = None


def likeness(method: Method, faster: Similarity | None = None) -> Likeness:
    """The functions of a method."""
    if method.name == "best_of":
        return _best_of([likeness(part, faster) for part in method.parts])
    if method.name in _MADE:
        return Likeness(_MADE[method.name](method))
    if faster is not None and hasattr(faster, method.name):
        return Likeness(getattr(faster, method.name))
    return Likeness(_PLAIN[method.name], _BOUNDS.get(method.name))


def _best_of(parts: list[Likeness]) -> Likeness:
    scores = [part.score for part in parts]
    bounds = [part.bound or part.score for part in parts]

    def score(a: str, b: str) -> int | None:
        return max([found for each in scores if (found := each(a, b)) is not None], default=None)

    def bound(a: str, b: str) -> int:
        most = 0
        for each in bounds:
            found = each(a, b)
            if found is not None and found > most:
                most = found
        return most

    return Likeness(score, bound if any(part.bound for part in parts) else None)


def _nickname(method: Method) -> Score:
    sets: dict[str, set[int]] = {}
    for place, names in enumerate(method.sets):
        for name in names:
            sets.setdefault(name_key(name) or name, set()).add(place)

    def score(a: str, b: str) -> int:
        return FULL if a == b or not sets.get(a, _NONE).isdisjoint(sets.get(b, _NONE)) else 0

    return score


_NONE: set[int] = set()


def _close_number(method: Method) -> Score:
    return _close(_number, Fraction(method.within or 1))


def _close_date(method: Method) -> Score:
    return _close(_day, Fraction(method.within or 1))


def _close(read: Callable[[str], Fraction | None], within: Fraction) -> Score:
    def score(a: str, b: str) -> int | None:
        mine, theirs = read(a), read(b)
        if mine is None or theirs is None:
            return None
        left = max(Fraction(0), 1 - abs(mine - theirs) / within)
        return millionths(left.numerator, left.denominator)

    return score


@lru_cache(maxsize=4096)
def _number(text: str) -> Fraction | None:
    """The number that a text is, of at most sixty digits."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return Fraction(found) if found.is_finite() and abs(found.adjusted()) < _DAY * _DAY else None


@lru_cache(maxsize=4096)
def _day(text: str) -> Fraction | None:
    """The day that eight digits are, year first."""
    if len(text) != _DAY or not text.isdecimal():
        return None
    try:
        return Fraction(date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal())
    except ValueError:
        return None


def _soundex(a: str, b: str) -> int | None:
    mine, theirs = _coded(a), _coded(b)
    return None if mine is None or theirs is None else FULL * (mine == theirs)


_coded = lru_cache(maxsize=65536)(soundex)


def _edits_bound(a: str, b: str) -> int:
    """From the letters that only one side has: each takes an edit."""
    mine, theirs = _bag(a), _bag(b)
    longest = max(len(a), len(b))
    lost = max((mine & ~theirs).bit_count(), (theirs & ~mine).bit_count(), abs(len(a) - len(b)))
    return FULL * (longest - lost) // longest + 1


def _jaro_winkler_bound(a: str, b: str) -> int:
    """From the letters that both sides have: no more can match, and at best in order."""
    mine, theirs = _bag(a), _bag(b)
    long, short = len(a), len(b)
    both = min(long - (mine & ~theirs).bit_count(), short - (theirs & ~mine).bit_count())
    if both <= 0:
        return 0
    jaro = FULL * (both * (long + short) + long * short) // (3 * long * short) + 1
    return jaro if a[0] != b[0] else jaro + (4 * (FULL - jaro)) // 10 + 1


def _ratio_bound(a: str, b: str) -> int:
    """From the letters that both sides have."""
    mine, theirs = _bag(a), _bag(b)
    both = min(len(a) - (mine & ~theirs).bit_count(), len(b) - (theirs & ~mine).bit_count())
    return FULL * 2 * both // (len(a) + len(b)) + 1


def _token_sort_bound(a: str, b: str) -> int:
    return _ratio_bound(similarity.in_order(a), similarity.in_order(b))


@lru_cache(maxsize=262_144)
def _bag(text: str) -> int:
    """Which letters a text has and how often up to three times, as bits; letters that share a bit only blur it."""
    found = 0
    for letter in text:
        place = ord(letter) % _CLASSES * _COUNTED
        have = found >> place & 7
        if have != 7:  # noqa: PLR2004 - three bits
            found |= (have + 1) << place
    return found


_MADE: dict[str, Callable[[Any], Score]] = {
    "close_date": _close_date,
    "close_number": _close_number,
    "nickname": _nickname,
}
_PLAIN: dict[str, Score] = {
    "acronym": similarity.acronym_score,
    "exact": similarity.exact_score,
    "initial": similarity.initial_score,
    "jaro": similarity.jaro_score,
    "jaro_winkler": similarity.jaro_winkler_score,
    "levenshtein": similarity.levenshtein_score,
    "osa": similarity.osa_score,
    "ratio": similarity.ratio_score,
    "soundex": _soundex,
    "token_sort": similarity.token_sort_score,
}
_BOUNDS: dict[str, Bound] = {
    "jaro": _jaro_winkler_bound,
    "jaro_winkler": _jaro_winkler_bound,
    "levenshtein": _edits_bound,
    "osa": _edits_bound,
    "ratio": _ratio_bound,
    "token_sort": _token_sort_bound,
}
