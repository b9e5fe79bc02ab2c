"""rapidfuzz behind the protocol of a faster way to the same scores.

Distances are whole numbers, so they are the same as the core's. The similarity of Jaro comes as a float; where that is
so near to a tie between two millionths, or to the 0.7 from which a prefix counts, that it might fall on the wrong side,
the core computes it exactly.
"""

from __future__ import annotations

import attrs
from rapidfuzz.distance import OSA, Jaro, JaroWinkler, LCSseq, Levenshtein

from relex.matching import LONGEST, jaro, jaro_winkler

__all__ = ["RapidFuzz"]

_FULL = 1_000_000
_NEAR = 1e-3  # of a millionth
_BOOST = 0.7


@attrs.frozen(weakref_slot=False)
class RapidFuzz:
    """A `relex.matching.Similarity`: scores in millionths, the same as the core's.

    Example:
        >>> RapidFuzz().jaro_winkler("MARTHA", "MARHTA")
        961111

    .. versionadded:: 0.1.0
    """

    def jaro(self, a: str, b: str, /) -> int:
        """As `relex.matching.jaro`, in millionths."""
        if len(a) > LONGEST or len(b) > LONGEST:
            return _equal(a, b)
        found = _rounded(Jaro.similarity(a, b))
        return found if found is not None else round((jaro(a, b) or 0) * _FULL)

    def jaro_winkler(self, a: str, b: str, /) -> int:
        """As `relex.matching.jaro_winkler`, in millionths."""
        if len(a) > LONGEST or len(b) > LONGEST:
            return _equal(a, b)
        similarity = Jaro.similarity(a, b)
        is_near = abs(similarity - _BOOST) < _NEAR / _FULL
        found = None if is_near else _rounded(JaroWinkler.similarity(a, b))
        return found if found is not None else round((jaro_winkler(a, b) or 0) * _FULL)

    def levenshtein(self, a: str, b: str, /) -> int:
        """As `relex.matching.levenshtein`, in millionths."""
        longest = max(len(a), len(b))
        return _equal(a, b) if longest > LONGEST else _share(longest - Levenshtein.distance(a, b), longest)

    def osa(self, a: str, b: str, /) -> int:
        """As `relex.matching.osa`, in millionths."""
        longest = max(len(a), len(b))
        return _equal(a, b) if longest > LONGEST else _share(longest - OSA.distance(a, b), longest)

    def ratio(self, a: str, b: str, /) -> int:
        """As `relex.matching.text_ratio`, in millionths."""
        if len(a) > LONGEST or len(b) > LONGEST:
            return _equal(a, b)
        return _share(2 * LCSseq.similarity(a, b), len(a) + len(b))

    def token_sort(self, a: str, b: str, /) -> int:
        """As `relex.matching.token_sort`, in millionths."""
        return self.ratio(" ".join(sorted(a.split())) or a, " ".join(sorted(b.split())) or b)


def _equal(a: str, b: str) -> int:
    return _FULL * (a == b)


def _share(above: int, below: int) -> int:
    """A fraction in millionths, rounded half to even."""
    whole, rest = divmod(above * _FULL, below)
    return whole + (2 * rest > below or (2 * rest == below and whole & 1))


def _rounded(similarity: float) -> int | None:
    """A similarity in millionths; None so near to a tie that the float may be on the wrong side."""
    scaled = similarity * _FULL
    whole = int(scaled)
    return None if abs(scaled - whole - 0.5) < _NEAR else whole + (scaled - whole > 0.5)  # noqa: PLR2004 - half
