"""A metric by segment: one pass over the responses, one reading for each."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import Bar, table
from relex.errors import InvalidValue, NotFound
from relex.feedback._counting import answer_keys
from relex.feedback._explaining import contributions
from relex.feedback._metric import Metric, Reading, pool, reading_of_counts
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction

    from relex.feedback._responses import Response

__all__ = ["SegmentReadings", "readings_by"]

_METRIC = _checks.a(Metric)
_FACTS = {
    "account": "account",
    "contact": "contact",
    "survey.id": "survey",
    "survey.version": "version",
    **{f"response.{name}": name for name in ("channel", "language", "role", "source", "stage", "touchpoint", "wave")},
}
"""Facts that a response has as an attribute, which is read faster than all facts together."""


@attrs.frozen(kw_only=True)
class SegmentReadings:
    """What `readings_by` gives.

    Attributes:
        by: The fact that tells segments apart; "" for a function.
        groups: The reading of each segment, by its name, sorted.
        unknown: The reading of the responses that are in no segment.

    .. versionadded:: 0.1.0
    """

    by: str
    groups: tuple[tuple[str, Reading], ...]
    unknown: Reading

    @property
    def overall(self) -> Reading:
        """The reading of all responses, with a segment or without."""
        return pool([self.unknown, *[reading for _, reading in self.groups]])

    @property
    def contributions(self) -> dict[str, Fraction]:
        """What each segment adds to the reading of all segments, or takes from it; exact, and together 0."""
        return contributions(dict(self.groups)) if self.groups else {}

    def __getitem__(self, segment: str) -> Reading:
        for name, reading in self.groups:
            if name == segment:
                return reading
        raise NotFound("segment", segment)

    def __str__(self) -> str:
        return f"{len(self.groups)} segments by {self.by or 'a function'}: {self.overall}"

    def _repr_html_(self) -> str:
        """One row for each segment."""
        low, high = self.unknown.metric.method.bounds(self.unknown.metric.scale)
        parts = self.contributions
        rows = [
            (
                name,
                reading.n,
                reading.show(),
                "" if reading.value is None else Bar((reading.value - low) / (high - low)),
                str(reading.interval()),
                Figure(parts[name]).show(1),
            )
            for name, reading in self.groups
        ]
        unit = self.unknown.metric.method.unit
        return table(str(self), (self.by or "segment", "n", unit, "", "interval", "contribution"), rows)


def readings_by(
    responses: Iterable[Response],
    metric: Metric,
    *,
    question: str,
    by: str | Callable[[Response], object],
    count: str = "scored",
    invalid: str = "raise",
) -> SegmentReadings:
    """A metric by segment, in one pass.

    Args:
        responses: In any order, as of `Metric.read`.
        metric: What is read.
        question: The id of the question.
        by: A fact of the response, such as `response.touchpoint`, `account` or `answer.q3`; or a function that gives
            the segment of a response. None is in no segment; what is not text goes by its text, so version 2 is "2".
        count: As of `Metric.read`.
        invalid: As of `Metric.read`.

    Raises:
        InvalidValue: As `Metric.read` does; for a fact that responses do not have.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.feedback import Answer, Response
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> responses = [
        ...     Response(submission=f"s{i}", survey="nps", at=at, answers=(Answer("q1", score),), channel=channel)
        ...     for i, (channel, score) in enumerate([("web", 10), ("web", 9), ("store", 7), ("store", 2), (None, 9)])
        ... ]
        >>> found = readings_by(responses, Metric.nps(), question="q1", by="response.channel")
        >>> found["web"].show(), found["store"].show(), found.unknown.n, found.overall.show()
        ('100.0', '-50.0', 1, '40.0')

    .. versionadded:: 0.1.0
    """
    _METRIC.require("readings_by.metric", metric)
    unknown = metric.read((), question=question, count=count, invalid=invalid)
    given = _checks.items("readings_by.responses", responses)
    keys = answer_keys(metric.scale, given, question, invalid=invalid)
    found: dict[str | None, list[Any]] = {}
    for segment, key in zip(_segments(given, by), keys, strict=True):
        name = segment if segment is None or type(segment) is str else str(segment)
        known = found.get(name)
        if known is None:
            found[name] = [key]
        else:
            known.append(key)
    made = {name: reading_of_counts(metric, Counter(known), count) for name, known in found.items()}
    unknown += made.pop(None, unknown)
    groups = sorted([(name, reading) for name, reading in made.items() if name is not None], key=itemgetter(0))
    return SegmentReadings(by=by if isinstance(by, str) else "", groups=tuple(groups), unknown=unknown)


def _segments(responses: Sequence[Response], by: object) -> Iterable[Any]:
    """The segment of each response."""
    if isinstance(by, str):
        if by in _FACTS:
            return map(attrgetter(_FACTS[by]), responses)
        if by.startswith("answer."):
            question = by.removeprefix("answer.")
            return [_answer(response, question) for response in responses]
    elif callable(by):
        return map(by, responses)
    expected = f"a function, answer.<question>, or one of {', '.join(sorted(_FACTS))}"
    raise InvalidValue("readings_by.by", by, expected)


def _answer(response: Response, question: str) -> object:
    found = response.answer(question)
    return None if found is None or found.status != "scored" else found.value
