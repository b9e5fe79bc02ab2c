"""The outer loop: what many responses have in common, proposed as something to improve."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import note, table
from relex._instants import moment
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.feedback._enrichment import Enrichment
from relex.feedback._invitations import written
from relex.feedback._responses import Response, latest_responses
from relex.feedback._signals import Signal
from relex.rules import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

__all__ = ["ImprovementProposal", "ImprovementProposals", "patterns"]

_COUNT = _checks.whole(least=1)
_LEVEL = _checks.one_of(1, 2)
_PERIOD = _checks.Check(
    "a period with an end after its start",
    lambda value: isinstance(value, Period) and value.end is not None and not value.is_empty,
)
_BEFORE = _checks.optional(_PERIOD)
_SIGNAL = _checks.a(Signal)
_ENRICHMENT = _checks.a(Enrichment)
_TEXTS = frozenset([name for name, kind in Response.fact_schema.facts if kind in {Kind.TEXT, Kind.TEXTS}])


@attrs.frozen(kw_only=True)
class ImprovementProposal:
    """Something that many responses say, as a case of kind `improvement` needs it; made by `patterns`.

    Attributes:
        by: What was counted: `topics`, or the name of a fact.
        value: The topic, or the value of the fact.
        period: In which it was counted, of instants.
        count: How many responses say it.
        before: How many said it in the period before.
        responses: Their ids, the oldest first.
        signals: The ids of the signals that they gave; each is the `source` of a case that may be linked.

    .. versionadded:: 0.1.0
    """

    by: str
    value: str
    period: Period
    count: int
    before: int
    responses: tuple[str, ...]
    signals: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """What a case is opened for: the same for the same pattern in the same period."""
        parts = [part.replace("%", "%25").replace(":", "%3A") for part in (self.by, self.value)]
        return ":".join(["pattern", *parts, written(self.period.start)])  # type: ignore[arg-type]  # of instants

    @property
    def change(self) -> int:
        """How many more it is than in the period before."""
        return self.count - self.before

    def __str__(self) -> str:
        return f"{self.by} {self.value}: {self.count} responses, {self.before} before"


@attrs.frozen(kw_only=True)
class ImprovementProposals:
    """What `patterns` gives.

    Attributes:
        proposals: The most frequent first; where two are alike, the one that grew more.
        period: In which they were counted, of instants.
        before: The period before.
        responses: How many responses were given in the period, with a pattern or without one.

    .. versionadded:: 0.1.0
    """

    proposals: tuple[ImprovementProposal, ...]
    period: Period
    before: Period
    responses: int

    def __str__(self) -> str:
        told = "; ".join(map(str, self.proposals)) or "nothing often enough"
        return f"{told} (of {self.responses} responses)"

    def _repr_html_(self) -> str:
        """One row for each proposal."""
        rows = [(each.value, each.count, each.before, f"{each.change:+d}") for each in self.proposals]
        by = self.proposals[0].by if self.proposals else "pattern"
        since, before = (str(each.start)[:16] for each in (self.period, self.before))
        words = f"{self.responses} responses since {since}; the period before began at {before}."
        return table("What to improve", (by, "responses", "before", "change"), rows) + note(words)


def patterns(
    responses: Iterable[Response],
    by: str | Iterable[Enrichment],
    min_count: int,
    period: Period,
    *,
    before: Period | None = None,
    tz: tzinfo | None = None,
    level: int = 1,
    signals: Iterable[Signal] = (),
) -> ImprovementProposals:
    """What so many responses of a period have in common, with how many it were in the period before.

    Each response counts once for each value, by its latest revision and by when that was given; what is excluded does
    not count.

    Args:
        responses: In any order, any of them twice.
        by: The name of a fact of responses that is a text or several, such as `response.touchpoint` or `answer.reason`;
            or enrichments, which count topics.
        min_count: How many responses must say it.
        period: Of instants, or of dates with `tz`.
        before: The period before; by default as long a one that ends where this one starts.
        tz: The zone of periods of dates.
        level: Of topics: 1 puts all details of a topic together, 2 tells them apart.
        signals: What was given out; the signals of a proposal's responses are linked to it.

    Raises:
        InvalidValue: For a fact that is no text, a count below 1, a period without an end, periods of dates without a
            zone, or a wrong type.
        Conflict: For one revision of one submission with two contents.

    Example:
        >>> from datetime import UTC, date, datetime, timedelta
        >>> start = datetime(2026, 5, 1, tzinfo=UTC)
        >>> responses = [
        ...     Response(submission=f"s{i}", survey="csat", at=start + timedelta(days=day), touchpoint=touchpoint)
        ...     for i, (day, touchpoint) in enumerate([(-3, "delivery"), (2, "delivery"), (5, "delivery"), (6, "shop")])
        ... ]
        >>> may = Period(date(2026, 5, 1), date(2026, 6, 1))
        >>> print(patterns(responses, "response.touchpoint", 2, may, tz=UTC))
        response.touchpoint delivery: 2 responses, 1 before (of 3 responses)

    .. versionadded:: 0.1.0
    """
    _COUNT.require("patterns.min_count", min_count)
    _LEVEL.require("patterns.level", level)
    _checks.optional(_checks.zone).require("patterns.tz", tz)
    now, earlier = _periods(period, before, tz)
    name, values = _values(by, level)
    given = [each for each in latest_responses(responses) if each.excluded is None]
    counted = sorted([each for each in given if each.at in now], key=lambda each: (moment(each.at), each.id))
    found, then = _by_value(counted, values), _by_value([each for each in given if each.at in earlier], values)
    linked = _by_submission(signals)
    proposals = [
        ImprovementProposal(
            by=name,
            value=value,
            period=now,
            count=len(of),
            before=len(then.get(value, ())),
            responses=tuple([each.id for each in of]),
            signals=tuple([id_ for each in of for id_ in linked.get(_submission(each.id), ())]),
        )
        for value, of in found.items()
        if len(of) >= min_count
    ]
    proposals.sort(key=lambda each: (-each.count, -each.change, each.value))
    return ImprovementProposals(proposals=tuple(proposals), period=now, before=earlier, responses=len(counted))


def _periods(period: Period, before: Period | None, tz: tzinfo | None) -> tuple[Period, Period]:
    """Both periods, of instants."""
    _PERIOD.require("patterns.period", period)
    _BEFORE.require("patterns.before", before)
    try:
        earlier = before or Period(_since(period), period.start)
    except OverflowError:
        raise InvalidValue("patterns.before", None, "a period before this one within the years 1 to 9999") from None
    return _instants("patterns.period", period, tz), _instants("patterns.before", earlier, tz)


def _since(period: Period) -> date:
    """Where a period as long as this one begins that ends where this one starts; in elapsed time, or in days."""
    start, length = period.start, period.length
    if isinstance(start, datetime):
        return (start.astimezone(UTC) - length).astimezone(start.tzinfo)  # type: ignore[operator]  # it has an end
    return start - length  # type: ignore[operator]  # the same


def _instants(path: str, period: Period, tz: tzinfo | None) -> Period:
    if _checks.instant.passes(period.start):
        return period
    if tz is None:
        raise InvalidValue(path, period, "a period of instants, or a tz for a period of dates")
    return period.instants(tz)


def _values(by: object, level: int) -> tuple[str, Callable[[Response], tuple[str, ...]]]:
    """What is counted, and how the values of a response are found."""
    if isinstance(by, str):
        if by not in _TEXTS and not by.startswith("answer."):
            expected = f"enrichments, or one of {', '.join(sorted(_TEXTS))}, or answer. with the id of a question"
            raise InvalidValue("patterns.by", by, expected)
        return by, lambda response: _texts(f"{response.id}.{by}", response.facts().get(by))
    topics: dict[str, dict[str, None]] = {}
    for place, each in enumerate(_checks.items("patterns.by", by)):
        _ENRICHMENT.require(f"patterns.by[{place}]", each)
        told = [topic.name if level == 1 else str(topic) for topic in each.topics]
        topics.setdefault(each.response, {}).update(dict.fromkeys(told))
    return "topics", lambda response: tuple(topics.get(response.id, ()))


def _texts(path: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    _checks.each(_checks.text).require(path, value)
    return tuple(dict.fromkeys(value))


def _by_value(
    responses: Iterable[Response], values: Callable[[Response], tuple[str, ...]]
) -> dict[str, list[Response]]:
    found: dict[str, list[Response]] = {}
    for response in responses:
        for value in values(response):
            found.setdefault(value, []).append(response)
    return found


def _by_submission(signals: Iterable[Signal]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, each in enumerate(_checks.items("patterns.signals", signals)):
        _SIGNAL.require(f"patterns.signals[{place}]", each)
        found.setdefault(_submission(each.response), []).append(each.id)
    return found


def _submission(response: str) -> str:
    """What all revisions of a submission have in common."""
    return response.rpartition(":")[0]
