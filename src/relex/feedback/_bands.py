"""What scores are called."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.feedback._scale import Scale

__all__ = ["Band", "band_counts", "require_partition"]

_SCORES = _checks.each(_checks.whole())


def _sorted(values: Iterable[int]) -> tuple[int, ...]:
    found = _checks.items("Band.scores", values)
    if not found or not _SCORES.passes(found):
        raise InvalidValue("Band.scores", found, "at least one score, each an int")
    return tuple(sorted(set(found)))


@tagged("feedback.Band")
@attrs.frozen(weakref_slot=False)
class Band:
    """Scores that have a common name, such as promoter.

    Attributes:
        name: Of the band.
        scores: Every score in it, sorted.

    Raises:
        InvalidValue: For no score, or one that is not whole.

    Example:
        >>> Band("passive", (8, 7)).scores
        (7, 8)

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    scores: tuple[int, ...] = attrs.field(converter=_sorted)

    def __str__(self) -> str:
        return self.name


def require_partition(path: str, bands: Iterable[Band], scale: Scale) -> None:
    """Raise unless there are no bands, or every score of the scale is in exactly one."""
    named = Counter([score for band in bands for score in band.scores])
    for score, times in named.items():
        scale.require(path, score)
        if times > 1:
            raise InvalidValue(path, score, "each score in one band only")
    left = next((score for score in scale.scores if score not in named), None)
    if named and left is not None:
        raise InvalidValue(path, left, f"every score in a band, {left} is in none")


def band_counts(bands: Iterable[Band], scores: Mapping[Any, int]) -> tuple[tuple[str, int], ...]:
    """How many answers fell into each band, by how many gave each score."""
    return tuple([(band.name, sum([scores.get(score, 0) for score in band.scores])) for band in bands])
