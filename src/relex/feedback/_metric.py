"""Metrics as data, and what they read: a scale, a method that gives every score a number x, and the mean of x."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._counting import STATUSES, Key, answer_keys, keys_of, parts_of, weighed
from relex.feedback._intervals import Interval, interval
from relex.feedback._methods import METHODS, Mean, Method, Net, Share
from relex.feedback._moments import Cell, Cluster, Moments, summed
from relex.feedback._scale import Scale
from relex.figures import Figure
from relex.money import Rounding

if TYPE_CHECKING:
    from relex.feedback._responses import Response

__all__ = ["Band", "Metric", "Reading", "pool", "reading_of", "reading_of_counts"]

BETTER = ("up", "down")
"""Which way a metric gets better."""

DENOMINATORS = ("scored", "responded")
"""Which answers count."""

_LEVEL = Decimal("0.95")
_TOP_BOXES = {3: (3,), 4: (3, 4), 5: (4, 5), 6: (5, 6), 7: (6, 7), 10: (8, 9, 10)}
_TEN = Scale(0, 10)
_NET_PROMOTER = Net((9, 10), range(7))
_LOCKED = ("nps", "net promoter score")
_SCORES = _checks.each(_checks.whole())
_COUNT = _checks.whole(least=0)
_VERSION = _checks.one_of(1, 2)
_DENOMINATOR = _checks.one_of(*DENOMINATORS)
_INVALID = _checks.one_of("raise", "set_aside")
_COUNTS = _checks.Check("a mapping from scores or bands to counts", lambda value: isinstance(value, Mapping))
_MIN_N = _checks.optional(_checks.whole(least=0))


def _band_scores(values: Iterable[int]) -> tuple[int, ...]:
    found = _checks.items("Band.scores", values)
    if not found or not _SCORES.passes(found):
        raise InvalidValue("Band.scores", found, "at least one score, each an int")
    return tuple(sorted(set(found)))


def _bands(values: Iterable[Band]) -> tuple[Band, ...]:
    return _checks.items("Metric.bands", values)


@tagged("feedback.Band")
@attrs.frozen(weakref_slot=False)
class Band:
    """Scores that have a common name, such as promoter.

    Attributes:
        name: Of the band.
        scores: Every score in it.

    Raises:
        InvalidValue: For no score, or one that is not whole.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    scores: tuple[int, ...] = attrs.field(converter=_band_scores)

    def __str__(self) -> str:
        return self.name


@tagged("feedback.Metric")
@attrs.frozen(weakref_slot=False)
class Metric:
    """A definition that gives every scored answer a number x; a reading is the mean of x.

    Only `Metric.nps()` is called NPS: another scale or other cut-offs make a metric of another name.

    Attributes:
        name: Of the metric.
        scale: The scores that may be given.
        method: What x is: `Net`, `Share`, `Mean`, `ShareOfMax` or `PercentOfRange`.
        better: `up` when a higher reading is better, `down` when a lower one is. It never changes a reading.
        bands: What the scores are called; none, or every score of the scale in exactly one band. The band of an
            answer follows from its score and is never stored.
        version: Raise it with each change.

    Raises:
        InvalidValue: For a method or a band that names a score which is not on the scale, bands that leave a score out
            or have it twice, `ShareOfMax` on a scale that does not go above 0, or another metric that is called NPS.

    Example:
        >>> nps = Metric.nps()
        >>> reading = nps.read_scores([10, 7, 3, 9])
        >>> reading.value, reading.n, reading.bands
        (Fraction(25, 1), 4, (('promoter', 2), ('passive', 1), ('detractor', 1)))

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    scale: Scale = attrs.field(validator=_checks.a(Scale))
    method: Method = attrs.field(validator=_checks.a(*METHODS))
    better: str = attrs.field(default="up", kw_only=True, validator=_checks.one_of(*BETTER))
    bands: tuple[Band, ...] = attrs.field(
        default=(), kw_only=True, converter=_bands, validator=[_checks.each(_checks.a(Band)), _checks.unique("name")]
    )
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        """Check that the parts fit each other."""
        for score in self.method.named:
            self.scale.require("Metric.method", score)
        if self.scale.high <= 0 and not self.method.named and self.method.unit == "percent":
            _require_max(self)
        _require_partition(self)
        if self.name.casefold() in _LOCKED and (self.scale, self.method) != (_TEN, _NET_PROMOTER):
            raise InvalidValue("Metric.name", self.name, "another name (NPS is 9 and 10 less 0 to 6 on 0 to 10)")

    @classmethod
    def nps(cls, *, version: int = 1) -> Metric:
        """The net promoter score: 9 and 10 less 0 to 6, on a scale from 0 to 10.

        Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.

        .. versionadded:: 0.1.0
        """
        bands = (Band("promoter", (9, 10)), Band("passive", (7, 8)), Band("detractor", range(7)))
        return cls("nps", _TEN, _NET_PROMOTER, bands=bands, version=version)

    @classmethod
    def csat(
        cls, points: int = 5, *, of: Iterable[int] | None = None, method: Method | None = None, version: int = 1
    ) -> Metric:
        """Customer satisfaction: the share of the top boxes, on a scale from 1 to `points`.

        Args:
            points: The highest score. The top boxes are 3 of 3; 3 and 4 of 4; 4 and 5 of 5; 5 and 6 of 6; 6 and 7 of
                7; 8, 9 and 10 of 10.
            of: Other boxes; must be given for another number of points.
            method: Another method than the share, such as `Mean()`; then no boxes are asked for.
            version: Of the definition.

        Raises:
            InvalidValue: For a number of points without top boxes when neither `of` nor `method` is given; for both.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=2).require("csat.points", points)
        if of is not None and method is not None:
            raise InvalidValue("csat.of", of, "nothing where a method is given")
        if method is not None:
            return cls("csat", Scale(1, points), method, version=version)
        if of is None and points not in _TOP_BOXES:
            raise InvalidValue("csat.of", None, f"the boxes that count, of a scale from 1 to {points}")
        share = Share(_TOP_BOXES[points] if of is None else of)
        return cls("csat", Scale(1, points), share, bands=_in_and_out(share, points), version=version)

    @classmethod
    def ces(cls, edition: int = 2, *, method: Method | None = None, version: int = 1) -> Metric:
        """The customer effort score.

        Args:
            edition: 1 asks how much effort it was, from 1 to 5, and less is better; 2 asks for agreement that it was
                easy, from 1 to 7, and more is better.
            method: By default the mean; `Share({5, 6, 7})` and `Net({6, 7}, {1, 2, 3})` are used too.
            version: Of the definition.

        Raises:
            InvalidValue: For another edition.

        .. versionadded:: 0.1.0
        """
        _VERSION.require("ces.edition", edition)
        scale, better = (Scale(1, 5), "down") if edition == 1 else (Scale(1, 7), "up")
        return cls("ces", scale, method or Mean(), better=better, version=version)

    @classmethod
    def rating(cls, points: int = 5, *, method: Method | None = None, version: int = 1) -> Metric:
        """A rating from 1 to `points`; by default its mean.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=2).require("rating.points", points)
        return cls("rating", Scale(1, points), method or Mean(), version=version)

    def x(self, score: int) -> Fraction:
        """The number that one score adds to the mean.

        Raises:
            InvalidValue: For what is no score of the scale.

        .. versionadded:: 0.1.0
        """
        self.scale.require("x.score", score)
        return Fraction(self.method.x(score, self.scale))

    def band(self, score: int) -> str | None:
        """The name of the band of a score; None for a metric without bands.

        Raises:
            InvalidValue: For what is no score of the scale.

        .. versionadded:: 0.1.0
        """
        self.scale.require("band.score", score)
        return next((band.name for band in self.bands if score in band.scores), None)

    def read(
        self,
        responses: Iterable[Response],
        *,
        question: str,
        count: str = "scored",
        weights: Iterable[Any] | None = None,
        clusters: Iterable[str] | None = None,
        invalid: str = "raise",
    ) -> Reading:
        """The metric over the answers to one question.

        A response that says nothing of the question counts as not_shown, and one that is `excluded` as excluded. Give
        `latest_responses(...)` where revisions or repeats may be among them, and `survey.counted(...)` to leave out what is
        partial or late.

        Args:
            responses: In any order.
            question: The id of the question.
            count: As of `read_scores`; an answer that was dismissed counts like an empty one.
            weights: One for each response, as of `read_scores`.
            clusters: For each response, what it belongs to, as of `read_scores`.
            invalid: As of `read_scores`.

        Raises:
            InvalidValue: As `read_scores` does; for what is no response.

        .. versionadded:: 0.1.0
        """
        _INVALID.require("read.invalid", invalid)
        self._require_count("read.count", count)
        keys = answer_keys(self.scale, responses, question, invalid=invalid)
        return reading_of(self, keys, count, weights, clusters)

    def read_scores(
        self,
        scores: Iterable[int | None],
        *,
        count: str = "scored",
        weights: Iterable[Any] | None = None,
        clusters: Iterable[str] | None = None,
        invalid: str = "raise",
    ) -> Reading:
        """The metric over plain scores, where None is a question that was shown and left empty.

        Args:
            scores: In any order.
            count: `scored`: an empty answer does not count; `responded`: it counts with an x of 0.
            weights: One for each score, above 0; int, Decimal and Fraction stay exact, and a float does not.
            clusters: For each score, what it belongs to, such as the account, for intervals that respect it.
            invalid: `raise` for what is no score of the scale, or `set_aside`, which counts it as invalid.

        Raises:
            InvalidValue: For what is no score (with its place), a weight that is not above 0, weights or clusters that
                are not one for each score, or `responded` with a method that has no x for a missing score.

        .. versionadded:: 0.1.0
        """
        _INVALID.require("read_scores.invalid", invalid)
        self._require_count("read_scores.count", count)
        keys = keys_of(self.scale, scores, invalid=invalid, path="read_scores.scores")
        return reading_of(self, keys, count, weights, clusters)

    def read_counts(
        self, counts: Mapping[int, int] | Mapping[str, int], *, total: int | None = None, count: str = "scored"
    ) -> Reading:
        """The metric over counts by score, or by band where every score of a band has the same x.

        Args:
            counts: How many answers; a score or band that is left out has none.
            total: What they should add up to, as a check.
            count: As of `read_scores`; there are no empty answers in counts.

        Raises:
            InvalidValue: For a key that is no score or band, a count that is no int of at least 0, a total that is not
                their sum, or counts by band of a metric whose bands do not decide x.

        Example:
            >>> Metric.nps().read_counts({"promoter": 57, "passive": 31, "detractor": 12}, total=100).value
            Fraction(45, 1)

        .. versionadded:: 0.1.0
        """
        _COUNTS.require("read_counts.counts", counts)
        self._require_count("read_counts.count", count)
        for key, number in counts.items():
            _COUNT.require(f"read_counts.counts[{key}]", number)
        if total is not None and total != sum(counts.values()):
            raise InvalidValue("read_counts.total", total, f"{sum(counts.values())}, the sum of the counts")
        return (
            _of_bands(self, counts, count)
            if any(isinstance(key, str) for key in counts)
            else _of_scores(self, counts, count)
        )

    def _require_count(self, path: str, count: str) -> None:
        _DENOMINATOR.require(path, count)
        if count == "responded" and not self.method.counts_missing:
            raise InvalidValue(path, count, f"scored, since {type(self.method).__name__} has no x for a missing score")

    def __str__(self) -> str:
        return self.name


@tagged("feedback.Reading")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Reading:
    """A metric read over answers: the mean of x, its parts, and how it was made.

    Readings of one metric and version that were made in the same way add up: `before + after` is the reading of all
    answers, never the mean of two shown numbers.

    Attributes:
        metric: The definition.
        parts: How many answers are scored, unscored, dismissed, not_shown, excluded and invalid; they add up to all.
        moments: The sums of x over the answers that count.
        distribution: How many answers gave each score, the lowest first, weights aside; None where only the counts of
            bands are known.
        bands: How many answers fell into each band, in the order of the metric.
        count: Which answers count: `scored` or `responded`.
        weights: How the answers were weighted, `none` or `given`.
        exact: False only when a weight was a float.
        clusters: What the answers that count belong to, for intervals that respect it; None where nobody said.

    .. versionadded:: 0.1.0
    """

    metric: Metric = attrs.field(validator=_checks.a(Metric))
    parts: tuple[tuple[str, int], ...]
    moments: Moments = attrs.field(validator=_checks.a(Moments))
    distribution: tuple[tuple[int, int], ...] | None = None
    bands: tuple[tuple[str, int], ...] = ()
    count: str = attrs.field(default="scored", validator=_DENOMINATOR)
    weights: str = attrs.field(default="none", validator=_checks.one_of("none", "given"))
    exact: bool = attrs.field(default=True, validator=_checks.flag)
    clusters: tuple[Cluster, ...] | None = None

    @property
    def n(self) -> int:
        """How many answers count."""
        return self.moments.n

    @property
    def value(self) -> Fraction | None:
        """The mean of x, exact and never rounded; None without an answer that counts."""
        return self.moments.mean

    @property
    def reason(self) -> str | None:
        """Why there is no value: `no_scored`; None where there is one."""
        return None if self.n else "no_scored"

    @property
    def n_eff(self) -> Fraction | None:
        """How many equally weighted answers would tell as much; None without an answer that counts."""
        return self.moments.n_eff

    @property
    def deff(self) -> Fraction | None:
        """The design effect, n by n_eff; None without an answer that counts."""
        return None if self.n_eff is None else self.n / self.n_eff

    def part(self, name: str) -> int:
        """How many answers have this status.

        Raises:
            InvalidValue: For a status that there is not.

        .. versionadded:: 0.1.0
        """
        _checks.one_of(*STATUSES).require("part.name", name)
        return dict(self.parts)[name]

    def band(self, name: str) -> int:
        """How many answers fell into this band.

        Raises:
            InvalidValue: For a band that there is not.

        .. versionadded:: 0.1.0
        """
        found = dict(self.bands)
        _checks.one_of(*found).require("band.name", name)
        return found[name]

    def show(self, places: int = 1, rounding: Rounding = Rounding.HALF_UP, *, min_n: int | None = None) -> str:
        """The value in plain digits; ties go away from zero, so that a turned sign turns what is shown.

        Args:
            places: Decimals.
            rounding: How to round.
            min_n: A reading of fewer answers is not shown.

        Returns:
            For no value the word `none` and the reason; `none (too_few)` below `min_n`.

        .. versionadded:: 0.1.0
        """
        return self.as_figure(min_n=min_n).show(places, rounding)

    def as_figure(self, *, min_n: int | None = None) -> Figure:
        """The reading as a `Figure`, with n, the statuses and the bands as parts.

        Args:
            min_n: Below it there is no value, and the reason is `too_few`.

        .. versionadded:: 0.1.0
        """
        _MIN_N.require("Reading.min_n", min_n)
        is_hidden = min_n is not None and 0 < self.n < min_n
        parts = {} if is_hidden else {**dict(self.parts), **{f"band.{name}": n for name, n in self.bands}, "n": self.n}
        known = {"count": self.count, "metric": self.metric.name, "version": self.metric.version}
        return Figure(
            None if is_hidden else self.value,
            self.metric.method.unit,
            parts=parts,
            method=f"mean of x by {type(self.metric.method).__name__}",
            parameters={**known, "weights": self.weights, "exact": self.exact},
            reason="too_few" if is_hidden else self.reason,
        )

    def interval(
        self, level: Decimal | Fraction = _LEVEL, method: str | None = None, *, population: int | None = None
    ) -> Interval:
        """How far the truth may be, if the answers are a random sample of all.

        Args:
            level: Such as `Decimal("0.95")`.
            method: Of `Net` readings `adjusted_wald` (default), `wald`, `t` or `score`; of `Share` readings `wilson`
                (default), `wilson_cc`, `agresti_coull`, `clopper_pearson` or `jeffreys`; of all others `t`. A weighted
                reading has `weighted`, and one with clusters `clustered`.
            population: How many there are in all, where they are not many more than those who answered; the standard
                error shrinks by sqrt((N - n) / (N - 1)), and methods without one take the answers for as many more.

        Raises:
            InvalidValue: For a level outside 0 and 1, a float, a method of another kind of reading, or a population
                that is smaller than the sample.

        Example:
            >>> print(Metric.nps().read_counts({"promoter": 57, "passive": 31, "detractor": 12}).interval())
            30.1 to 57.3 (95 %, adjusted_wald)

        .. versionadded:: 0.1.0
        """
        return interval(self, level, method, population)

    def __add__(self, other: Reading) -> Reading:
        if not isinstance(other, Reading):
            return NotImplemented
        for name in ("metric", "count"):
            if getattr(self, name) != getattr(other, name):
                raise InvalidValue(f"Reading.{name}", getattr(other, name), f"the {name} of the other reading")
        distributions = (self.distribution, other.distribution)
        return Reading(
            metric=self.metric,
            parts=_added(self.parts, other.parts),
            moments=self.moments + other.moments,
            distribution=None if None in distributions else tuple(sorted(_added(*distributions))),  # type: ignore[arg-type]  # no None
            bands=_added(self.bands, other.bands),
            count=self.count,
            weights="given" if "given" in {self.weights, other.weights} else "none",
            exact=self.exact and other.exact,
            clusters=_joined(self.clusters, other.clusters),
        )

    def __str__(self) -> str:
        unit = f" {self.metric.method.unit}" if self.n else ""
        told = ", ".join([f"{count} {name}" for name, count in self.bands])
        return f"{self.metric.name} {self.show()}{unit} (n {self.n}{': ' if told else ''}{told})"


_READINGS = _checks.each(_checks.a(Reading))


def pool(readings: Iterable[Reading]) -> Reading:
    """One reading of all answers of several.

    Raises:
        InvalidValue: For no reading, or readings of several metrics, versions or denominators.

    .. versionadded:: 0.1.0
    """
    found = _checks.items("pool.readings", readings)
    if not found or not _READINGS.passes(found):
        raise InvalidValue("pool.readings", found, "at least one reading")
    pooled: Reading = found[0]
    for reading in found[1:]:
        pooled += reading
    return pooled


def reading_of(
    metric: Metric,
    keys: Sequence[Key],
    count: str = "scored",
    weights: Iterable[Any] | None = None,
    clusters: Iterable[str] | None = None,
) -> Reading:
    """The reading of answers, each given by its score, None, or its status."""
    counts = Counter(keys)
    scores = {key: found for key, found in counts.items() if isinstance(key, int)}
    counting: dict[Key, Fraction] = {score: Fraction(metric.method.x(score, metric.scale)) for score in scores}
    if count == "responded":
        counting |= {None: Fraction(0), "dismissed": Fraction(0)}
    told, exact = _parallel("weights", weights, keys), True
    if told is None:
        cells = [Cell(x, counts[key], Fraction(counts[key]), Fraction(counts[key])) for key, x in counting.items()]
    else:
        cells, exact = _weighted(keys, told, counting)
    return Reading(
        metric=metric,
        parts=parts_of(counts),
        moments=summed(cells),
        distribution=tuple(sorted(scores.items())),
        bands=_band_counts(metric, scores),
        count=count,
        weights="none" if told is None else "given",
        exact=exact,
        clusters=_clusters(keys, counting, told, _parallel("clusters", clusters, keys)),
    )


def reading_of_counts(metric: Metric, counts: Mapping[Any, int], count: str = "scored") -> Reading:
    """The reading of answers, given by how many there are of each score, None, or status."""
    scores = {key: found for key, found in counts.items() if isinstance(key, int)}
    by_x: dict[Fraction | int, int] = {}
    for score, found in scores.items():
        x = metric.method.x(score, metric.scale)
        by_x[x] = by_x.get(x, 0) + found
    if count == "responded":
        by_x[0] = by_x.get(0, 0) + counts.get(None, 0) + counts.get("dismissed", 0)
    return Reading(
        metric=metric,
        parts=parts_of(counts),
        moments=summed([Cell(Fraction(x), n, Fraction(n), Fraction(n)) for x, n in by_x.items()]),
        distribution=tuple(sorted(scores.items())),
        bands=_band_counts(metric, scores),
        count=count,
    )


def _weighted(keys: Sequence[Key], weights: Sequence[Any], xs: Mapping[Key, Fraction]) -> tuple[list[Cell], bool]:
    by_key: dict[Key, list[Any]] = {key: [] for key in xs}
    for key, weight in zip(keys, weights, strict=True):
        if key in by_key:
            by_key[key].append(weight)
    found = {key: weighed(given, "read.weights") for key, given in by_key.items()}
    cells = [Cell(xs[key], len(by_key[key]), sums.w, sums.ww) for key, sums in found.items()]
    return cells, all(sums.exact for sums in found.values())


def _clusters(
    keys: Sequence[Key], xs: Mapping[Key, Fraction], weights: Sequence[Any] | None, clusters: Sequence[str] | None
) -> tuple[Cluster, ...] | None:
    if clusters is None:
        return None
    sums: dict[str, list[Fraction]] = {}
    for place, (key, cluster) in enumerate(zip(keys, clusters, strict=True)):
        if key in xs:
            w = Fraction(1 if weights is None else weights[place])
            found = sums.setdefault(cluster, [Fraction(0), Fraction(0)])
            found[0] += w
            found[1] += w * xs[key]
    return tuple([Cluster(key=key, w=w, wx=wx) for key, (w, wx) in sorted(sums.items())])


def _parallel(name: str, values: Iterable[Any] | None, keys: Sequence[Key]) -> Sequence[Any] | None:
    if values is None:
        return None
    found = _checks.items(f"read.{name}", values)
    if len(found) != len(keys):
        raise InvalidValue(f"read.{name}", len(found), f"{len(keys)} of them, one for each answer")
    return found


def _of_scores(metric: Metric, counts: Mapping[Any, int], count: str) -> Reading:
    for score in counts:
        metric.scale.require("read_counts.counts", score)
    scores = dict(counts)
    xs = {score: Fraction(metric.method.x(score, metric.scale)) for score in scores}
    cells = [Cell(xs[score], n, Fraction(n), Fraction(n)) for score, n in scores.items()]
    given = tuple(sorted([(score, n) for score, n in scores.items() if n]))
    return Reading(
        metric=metric,
        parts=parts_of(scores),
        moments=summed(cells),
        distribution=given,
        bands=_band_counts(metric, scores),
        count=count,
    )


def _of_bands(metric: Metric, counts: Mapping[Any, int], count: str) -> Reading:
    known = {band.name: band for band in metric.bands}
    for name in counts:
        if name not in known:
            raise InvalidValue("read_counts.counts", name, f"bands of {metric}: {', '.join(known) or 'it has none'}")
    cells = []
    for name, n in counts.items():
        xs = {Fraction(metric.method.x(score, metric.scale)) for score in known[name].scores}
        if len(xs) > 1:
            raise InvalidValue("read_counts.counts", name, "counts by score, since the scores of a band differ in x")
        cells.append(Cell(xs.pop(), n, Fraction(n), Fraction(n)))
    return Reading(
        metric=metric,
        parts=parts_of({metric.scale.low: sum(counts.values())}),
        moments=summed(cells),
        bands=tuple([(name, counts.get(name, 0)) for name in known]),
        count=count,
    )


def _band_counts(metric: Metric, scores: Mapping[int, int]) -> tuple[tuple[str, int], ...]:
    return tuple([(band.name, sum([scores.get(score, 0) for score in band.scores])) for band in metric.bands])


def _added(*pairs: tuple[tuple[Any, int], ...]) -> tuple[tuple[Any, int], ...]:
    found = Counter[Any]()
    for each in pairs:
        for key, count in each:
            found[key] += count
    return tuple(found.items())


def _joined(one: tuple[Cluster, ...] | None, other: tuple[Cluster, ...] | None) -> tuple[Cluster, ...] | None:
    if one is None or other is None:
        return None
    found = {cluster.key: cluster for cluster in one}
    for cluster in other:
        same = found.get(cluster.key)
        found[cluster.key] = (
            cluster if same is None else Cluster(key=same.key, w=same.w + cluster.w, wx=same.wx + cluster.wx)
        )
    return tuple([found[key] for key in sorted(found)])


def _in_and_out(share: Share, points: int) -> tuple[Band, ...]:
    others = tuple([score for score in range(1, points + 1) if score not in share.of])
    found = (Band("satisfied", share.of), *([Band("other", others)] if others else []))
    return tuple([band for band in found if band.scores])


def _require_max(metric: Metric) -> None:
    if type(metric.method).__name__ == "ShareOfMax":
        raise InvalidValue("Metric.scale", metric.scale, "a scale that goes above 0, for ShareOfMax")


def _require_partition(metric: Metric) -> None:
    named = Counter([score for band in metric.bands for score in band.scores])
    for score, times in named.items():
        metric.scale.require("Metric.bands", score)
        if times > 1:
            raise InvalidValue("Metric.bands", score, "each score in one band only")
    if metric.bands:
        for score in metric.scale.scores:
            if score not in named:
                raise InvalidValue("Metric.bands", score, f"every score in a band, {score} is in none")
