"""Whether the counts and sums of a reading tell of the same answers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relex.errors import InvalidValue
from relex.feedback._bands import band_counts
from relex.feedback._counting import COUNTING, STATUSES

if TYPE_CHECKING:
    from relex.feedback._metric import Reading

__all__ = ["require_sound"]


def require_sound(reading: Reading) -> None:
    """Raise unless some answers could have given this reading.

    Raises:
        InvalidValue: At the field that disagrees with the others.
    """
    _require_parts(reading)
    if reading.distribution is not None:
        _require_distribution(reading, reading.distribution)
    _require_bands(reading)
    _require_sums(reading)
    if reading.clusters is not None:
        keys = {cluster.key for cluster in reading.clusters}
        if len(keys) < len(reading.clusters) or (reading.n and not keys):
            raise InvalidValue("Reading.clusters", reading.clusters, "each cluster once, and one where answers count")


def _require_parts(reading: Reading) -> None:
    if tuple([name for name, _ in reading.parts]) != STATUSES:
        raise InvalidValue("Reading.parts", reading.parts, f"a count for each of {', '.join(STATUSES)}, in this order")
    counting = sum([n for name, n in reading.parts if name in COUNTING[reading.count]])
    if counting != reading.moments.n:
        raise InvalidValue("Reading.moments", reading.moments.n, f"sums over {counting} answers, as the parts say")


def _require_distribution(reading: Reading, distribution: tuple[tuple[int, int], ...]) -> None:
    scores = [score for score, _ in distribution]
    for score in scores:
        reading.metric.scale.require("Reading.distribution", score)
    if any(one >= other for one, other in pairwise(scores)):
        raise InvalidValue("Reading.distribution", distribution, "each score once, the lowest first")
    if sum([n for _, n in distribution]) != reading.part("scored"):
        raise InvalidValue("Reading.distribution", distribution, f"{reading.part('scored')} scores")


def _require_bands(reading: Reading) -> None:
    if not reading.bands:
        return
    names = tuple([name for name, _ in reading.bands])
    if names != tuple([band.name for band in reading.metric.bands]):
        raise InvalidValue("Reading.bands", names, "the bands of the metric, in their order, or none")
    if reading.distribution is None:
        is_sound = sum([n for _, n in reading.bands]) <= reading.part("scored")  # an account may be between bands
    else:
        is_sound = reading.bands == band_counts(reading.metric.bands, dict(reading.distribution))
    if not is_sound:
        raise InvalidValue("Reading.bands", reading.bands, "counts of the scores that are known")


def _require_sums(reading: Reading) -> None:
    sums, metric = reading.moments, reading.metric
    if not sums.n:
        return
    least, most = metric.method.bounds(metric.scale)
    if not least * sums.w <= sums.wx <= most * sums.w:
        raise InvalidValue("Reading.moments", sums.wx, f"a value from {least} to {most}")
    if reading.weights != "none":
        return
    known = reading.distribution
    x = sums.x if known is None else sum([n * metric.method.x(score, metric.scale) for score, n in known])
    if sums.w != sums.n or sums.ww != sums.n or not x == sums.x == sums.wx:
        raise InvalidValue("Reading.moments", sums.x, "sums of x over the answers, each with a weight of 1")
