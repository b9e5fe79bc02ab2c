"""Metrics as data, and what they read: a scale, a method that gives every score a number x, and the mean of x.

The two classes are in one module since each needs the other when it runs: a metric gives out readings, and a reading
carries its metric.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._bands import Band, require_partition
from relex.feedback._counting import COUNTING, STATUSES, Key, answer_keys, keys_of
from relex.feedback._intervals import Interval, interval
from relex.feedback._methods import METHODS, Mean, Method, Net, Share, ShareOfMax
from relex.feedback._moments import Cluster, Moments
from relex.feedback._reading_view import reading_html
from relex.feedback._scale import Scale
from relex.feedback._soundness import require_sound
from relex.feedback._tallying import Tally, joined, tally, tally_of_bands, tally_of_counts
from relex.figures import Figure
from relex.money import Rounding

if TYPE_CHECKING:
    from relex.feedback._questions import Question
    from relex.feedback._responses import Response

__all__ = ["Metric", "Reading", "pool", "reading_of", "reading_of_counts"]

BETTER = ("up", "down")
"""Which way a metric gets better."""

DENOMINATORS = tuple(COUNTING)
"""Which answers count."""

_LEVEL = Decimal("0.95")
_TOP_BOXES = {3: (3,), 4: (3, 4), 5: (4, 5), 6: (5, 6), 7: (6, 7), 10: (8, 9, 10)}
_TEN = Scale(0, 10)
_NET_PROMOTER = Net((9, 10), range(7))
_PROMOTERS = (Band("promoter", (9, 10)), Band("passive", (7, 8)), Band("detractor", range(7)))
_LOCKED = ("nps", "net promoter score")
_POINTS = _checks.whole(least=2)
_MOST_ANSWERS = 10**15
_WHOLE = _checks.whole(least=0)
_COUNT = _checks.whole(least=0, most=_MOST_ANSWERS)
_EDITION = _checks.whole(least=1, most=2)
_DENOMINATOR = _checks.one_of(*DENOMINATORS)
_INVALID = _checks.one_of("raise", "set_aside")
_COUNTS = _checks.Check("a mapping from scores or bands to counts", lambda value: isinstance(value, Mapping))
_TOTAL = _checks.optional(_COUNT)
_MIN_N = _checks.optional(_checks.whole(least=0))
_STATUS = _checks.one_of(*STATUSES)
_PAIRS = _checks.Check(
    "a tuple of names with counts",
    lambda value: (
        isinstance(value, tuple)
        and all(isinstance(pair, tuple) and len(pair) == 2 and _WHOLE.passes(pair[1]) for pair in value)  # noqa: PLR2004 - a pair
    ),
)


def _bands(values: Iterable[Band]) -> tuple[Band, ...]:
    return _checks.items("Metric.bands", values)


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
        if isinstance(self.method, ShareOfMax) and self.scale.high <= 0:
            raise InvalidValue("Metric.scale", self.scale, "a scale that goes above 0, for ShareOfMax")
        require_partition("Metric.bands", self.bands, self.scale)
        if self.name.casefold() in _LOCKED:
            if (self.scale, self.method, self.better) != (_TEN, _NET_PROMOTER, "up"):
                raise InvalidValue("Metric.name", self.name, "another name (NPS is 9 and 10 less 0 to 6 on 0 to 10)")
            if self.bands not in ((), _PROMOTERS):
                raise InvalidValue("Metric.bands", self.bands, "no bands, or those of Metric.nps()")

    @classmethod
    def nps(cls, *, version: int = 1) -> Metric:
        """The net promoter score: 9 and 10 less 0 to 6, on a scale from 0 to 10.

        Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.

        .. versionadded:: 0.1.0
        """
        return cls("nps", _TEN, _NET_PROMOTER, bands=_PROMOTERS, version=version)

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
        _POINTS.require("csat.points", points)
        scale = Scale(1, points)
        if method is not None:
            if of is not None:
                raise InvalidValue("csat.of", of, "nothing where a method is given")
            return cls("csat", scale, method, version=version)
        if of is None and points not in _TOP_BOXES:
            raise InvalidValue("csat.of", None, f"the boxes that count, of a scale from 1 to {points}")
        share = Share(_TOP_BOXES[points] if of is None else of)
        return cls("csat", scale, share, bands=_in_and_out(share, scale), version=version)

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

        Source: Dixon, Freeman and Toman, "Stop Trying to Delight Your Customers", Harvard Business Review, July 2010,
        for the first edition.

        .. versionadded:: 0.1.0
        """
        _EDITION.require("ces.edition", edition)
        scale, better = (Scale(1, 5), "down") if edition == 1 else (Scale(1, 7), "up")
        return cls("ces", scale, Mean() if method is None else method, better=better, version=version)

    @classmethod
    def rating(cls, points: int = 5, *, method: Method | None = None, version: int = 1) -> Metric:
        """A rating from 1 to `points`; by default its mean.

        .. versionadded:: 0.1.0
        """
        _POINTS.require("rating.points", points)
        return cls("rating", Scale(1, points), Mean() if method is None else method, version=version)

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
        question: str | Question,
        count: str = "scored",
        weights: Iterable[Any] | None = None,
        clusters: Iterable[str] | None = None,
        invalid: str = "raise",
    ) -> Reading:
        """The metric over the answers to one question.

        A response that says nothing of the question counts as not_shown, and one that is `excluded` as excluded. Give
        `latest_responses(...)` where revisions or repeats may be among them, and `survey.counted(...)` to leave out
        what is partial or late.

        Args:
            responses: In any order.
            question: Its id; or the question itself, whose scale must be that of the metric.
            count: As of `read_scores`; an answer that was dismissed counts like an empty one.
            weights: One for each response, as of `read_scores`.
            clusters: For each response, what it belongs to, as of `read_scores`.
            invalid: As of `read_scores`.

        Raises:
            InvalidValue: As `read_scores` does; for what is no response, and a question on another scale. A score that
                was given on another scale is never brought to this one.

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
            weights: One for each score, whether it counts or not, above 0. Int, Decimal and Fraction are exact; with a
                float the reading says that it is not.
            clusters: For each score, the name of what it belongs to, such as the account, for intervals that respect
                it.
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
        _TOTAL.require("read_counts.total", total)
        if total is not None and total != sum(counts.values()):
            raise InvalidValue("read_counts.total", total, f"{sum(counts.values())}, the sum of the counts")
        if any(isinstance(key, str) for key in counts):
            found = tally_of_bands(self, counts, count, "read_counts.counts")  # type: ignore[arg-type]  # it checks
            return _reading(self, found, count)
        for score in counts:
            self.scale.require("read_counts.counts", score)
        return reading_of_counts(self, counts, count)

    def _require_count(self, path: str, count: str) -> None:
        _DENOMINATOR.require(path, count)
        if count == "responded" and not self.method.counts_missing:
            raise InvalidValue(path, count, f"scored, since {type(self.method).__name__} has no x for a missing score")

    @property
    def described(self) -> str:
        """All of the definition in words, as errors tell which metric it is."""
        bands = [f"{band} {', '.join(map(str, band.scores))}" for band in self.bands] or ["no bands"]
        told = "; ".join([f"{self.method} on {self.scale}", f"better {self.better}", *bands])
        return f"{self.name} version {self.version} ({told})"

    def __str__(self) -> str:
        return self.name


@tagged("feedback.Reading")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Reading:
    """A metric read over answers: the mean of x, its parts, and how it was made.

    Readings of one metric and version that were made in the same way add up: `before + after` is the reading of all
    answers, never the mean of two shown numbers. Weighted answers and plain ones, or those with clusters and without,
    do not add up.

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

    Raises:
        InvalidValue: For counts and sums that do not tell of the same answers.

    .. versionadded:: 0.1.0
    """

    metric: Metric = attrs.field(validator=_checks.a(Metric))
    parts: tuple[tuple[str, int], ...] = attrs.field(validator=_PAIRS)
    moments: Moments = attrs.field(validator=_checks.a(Moments))
    distribution: tuple[tuple[int, int], ...] | None = attrs.field(default=None, validator=_checks.optional(_PAIRS))
    bands: tuple[tuple[str, int], ...] = attrs.field(default=(), validator=_PAIRS)
    count: str = attrs.field(default="scored", validator=_DENOMINATOR)
    weights: str = attrs.field(default="none", validator=_checks.one_of("none", "given"))
    exact: bool = attrs.field(default=True, validator=_checks.flag)
    clusters: tuple[Cluster, ...] | None = attrs.field(
        default=None, validator=_checks.optional(_checks.each(_checks.a(Cluster)))
    )

    def __attrs_post_init__(self) -> None:
        """Check that counts and sums tell of the same answers."""
        require_sound(self)

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
        _STATUS.require("part.name", name)
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
        for name, mine, its in (
            ("metric", self.metric.described, other.metric.described),
            ("count", self.count, other.count),
        ):
            if getattr(self, name) != getattr(other, name):
                raise InvalidValue(f"Reading.{name}", its, f"that of the other reading, {mine}")
        return _reading(self.metric, joined(self, other), self.count)

    def __str__(self) -> str:
        unit = f" {self.metric.method.unit}" if self.n else ""
        told = ", ".join([f"{count} {name}" for name, count in self.bands])
        return f"{self.metric.name} {self.show()}{unit} (n {self.n}{': ' if told else ''}{told})"

    def _repr_html_(self) -> str:
        """The reading with its interval, a bar for each band or score, and the answers by status."""
        return reading_html(self)


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
    return _pooled(found)


def _pooled(readings: Sequence[Reading]) -> Reading:
    """The sum by halves: one after the other would go through the clusters of the first ones again each time."""
    middle = len(readings) // 2
    return _pooled(readings[:middle]) + _pooled(readings[middle:]) if middle else readings[0]


def reading_of(
    metric: Metric,
    keys: Sequence[Key],
    count: str = "scored",
    weights: Iterable[Any] | None = None,
    clusters: Iterable[str] | None = None,
) -> Reading:
    """The reading of answers, each given by its score, None, or its status."""
    return _reading(metric, tally(metric, keys, count, weights, clusters), count)


def reading_of_counts(metric: Metric, counts: Mapping[Any, int], count: str = "scored") -> Reading:
    """The reading of answers, given by how many there are of each score, None, or status."""
    return _reading(metric, tally_of_counts(metric, counts, count), count)


def _reading(metric: Metric, found: Tally, count: str) -> Reading:
    return Reading(metric=metric, count=count, **found._asdict())


def _in_and_out(share: Share, scale: Scale) -> tuple[Band, ...]:
    others = [score for score in scale.scores if score not in share.of]
    return (Band("satisfied", share.of), *([Band("other", others)] if others else []))
