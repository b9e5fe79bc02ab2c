"""Who was in a segment from when to when: events of entering and leaving, and the intervals that they fold into."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before
from relex.calendars import Period
from relex.changes import Event
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue
from relex.insights._given import listed
from relex.insights._segments import Segment, wanted
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.rules import Facts

__all__ = ["Membership", "SegmentEntered", "SegmentLeft", "changes", "memberships"]

_SEGMENT = _checks.a(Segment)
_SPANS = _checks.Check(
    "half-open periods of instants, oldest first, of which only the last may be open",
    lambda spans: isinstance(spans, tuple) and len(spans) > 0 and _follow(spans),
)


def _follow(spans: tuple[Any, ...]) -> bool:
    if not all(isinstance(span, Period) and isinstance(span.start, datetime) for span in spans):
        return False
    return all(isinstance(one.end, datetime) and not is_before(other.start, one.end) for one, other in pairwise(spans))


@tagged("insights.SegmentEntered")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SegmentEntered(Event):
    """A customer came into a segment.

    Attributes:
        segment: Its name.
        segment_version: Of its definition.
        customer: The id.
        verdict: How each part of the rule was judged, in words.

    .. versionadded:: 0.1.0
    """

    segment: str = attrs.field(validator=_checks.text)
    segment_version: int = attrs.field(validator=_checks.whole(least=1))
    customer: str = attrs.field(validator=_checks.text)
    verdict: str = attrs.field(validator=_checks.text)


@tagged("insights.SegmentLeft")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SegmentLeft(Event):
    """A customer went out of a segment, or cannot be judged any more.

    Attributes:
        segment: Its name.
        segment_version: Of its definition.
        customer: The id.
        verdict: How each part of the rule was judged, in words.
        undecided: What kept the rule from an answer, such as the names of missing facts; empty when it answered no.

    .. versionadded:: 0.1.0
    """

    segment: str = attrs.field(validator=_checks.text)
    segment_version: int = attrs.field(validator=_checks.whole(least=1))
    customer: str = attrs.field(validator=_checks.text)
    verdict: str = attrs.field(validator=_checks.text)
    undecided: tuple[str, ...] = attrs.field(default=(), validator=_checks.each(_checks.text))


@tagged("insights.Membership")
@attrs.frozen(kw_only=True)
class Membership:
    """One customer's times in one segment: an aggregate that `changes` and `evolve` carry on.

    Attributes:
        segment: Its name.
        customer: The id.
        spans: Half-open periods of instants, oldest first; the last one is open while the customer is in.
        fact_schema: The facts of every membership.

    Raises:
        InvalidValue: For spans that overlap, or an open one before the last.

    .. versionadded:: 0.1.0
    """

    segment: str = attrs.field(validator=_checks.text)
    customer: str = attrs.field(validator=_checks.text)
    spans: tuple[Period, ...] = attrs.field(validator=_SPANS)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "membership.customer": str,
            "membership.inside": bool,
            "membership.segment": str,
            "membership.since": datetime,
            "membership.times": int,
        }
    )

    @property
    def id(self) -> str:
        """What its events name as their source: the segment (its "%" and ":" as %25 and %3A), ":", and the customer."""
        return _source(self.segment, self.customer)

    @property
    def version(self) -> int:
        """How often the customer entered and left."""
        return 2 * len(self.spans) - self.inside

    @property
    def inside(self) -> bool:
        """Whether the customer is in, as of the last event."""
        return self.spans[-1].end is None

    @property
    def since(self) -> datetime:
        """The instant of the last event."""
        last = self.spans[-1]
        found: Any = last.start if last.end is None else last.end
        return found  # type: ignore[no-any-return]

    def inside_at(self, at: datetime) -> bool:
        """Whether the customer was in at an instant; at the very instant of leaving no more.

        Raises:
            InvalidValue: For anything but an aware datetime.
        """
        return any(span.contains(at) for span in self.spans)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names."""
        return {
            "membership.segment": self.segment,
            "membership.customer": self.customer,
            "membership.inside": self.inside,
            "membership.since": self.since,
            "membership.times": len(self.spans),
        }

    @staticmethod
    def evolve(state: Membership | None, event: Event) -> Membership:
        """The state after an event.

        Raises:
            Conflict: For an event of another membership, or one that is not the next.
            InvalidValue: For entering where the customer is in, leaving where not, or an event before the last one.

        .. versionadded:: 0.1.0
        """
        expected = SegmentLeft if state is not None and state.inside else SegmentEntered
        _checks.a(expected).require("Membership.evolve.event", event)
        now = (event.source, 0) if state is None else (state.id, state.version)
        if (event.source, event.version) != (now[0], now[1] + 1):
            raise Conflict(event.source, now, (event.source, event.version))
        return _after(state, event)


def _after(state: Membership | None, event: Any) -> Membership:
    if state is None:
        return Membership(segment=event.segment, customer=event.customer, spans=(Period(event.at),))
    if not state.inside:
        return attrs.evolve(state, spans=(*state.spans, Period(event.at)))
    *before, last = state.spans
    return attrs.evolve(state, spans=(*before, Period(last.start, event.at)))


def changes(
    segment: Segment, before: Iterable[Membership], facts: Mapping[str, Facts], as_of: datetime
) -> tuple[SegmentEntered | SegmentLeft, ...]:
    """Who came into a segment and who went out of it since it was last evaluated, by customer.

    Only customers with facts are judged: a member who is not among them stays, so a log can be worked off in parts.
    Whoever cannot be judged is not in, and leaves. Evaluated again, the memberships after these events give none.

    Args:
        segment: Its `stay`, if it has one, keeps those who are in.
        before: The memberships so far, of this segment; a customer without one has never been in.
        facts: The facts of each customer, by id.
        as_of: When it is evaluated; aware, and not before the last event of a membership.

    Raises:
        InvalidValue: For memberships of another segment or of one customer twice, an earlier `as_of`, or what
            `Segment.members` refuses.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.rules import field
        >>> big = Segment("big", field("total") >= 100, stay=field("total") >= 80)
        >>> at = [datetime(2024, month, 1, tzinfo=timezone.utc) for month in (1, 2, 3, 4)]
        >>> events = changes(big, (), {"ann": {"total": 120}, "bob": {"total": 90}}, at[0])
        >>> [(type(event).__name__, event.customer, event.verdict) for event in events]
        [('SegmentEntered', 'ann', '✓ total is at least 100 (found 120)')]
        >>> members = memberships(events)
        >>> changes(big, members, {"ann": {"total": 90}}, at[1])
        ()
        >>> (left,) = changes(big, members, {"ann": {"total": 70}}, at[2])
        >>> [str(span.end.date()) for span in memberships([left], members)[0].spans]
        ['2024-03-01']

    .. versionadded:: 0.1.0
    """
    _SEGMENT.require("changes.segment", segment)
    _checks.instant.require("changes.as_of", as_of)
    known = _by_customer(segment, before)
    inside = {customer for customer, state in known.items() if state.inside}
    found = segment.members(facts, as_of, before=inside)
    moved = sorted(inside.symmetric_difference(found.inside) & facts.keys())
    return tuple(_crossing(segment, known.get(customer), customer, facts[customer], as_of) for customer in moved)


def memberships(events: Iterable[Event], before: Iterable[Membership] = ()) -> tuple[Membership, ...]:
    """The memberships after events, by segment and customer.

    Args:
        events: Entering and leaving, in any order; the same event twice counts once.
        before: The memberships so far; of what they know already only the later events count.

    Raises:
        InvalidValue: For anything but events of entering and leaving, each in its turn.
        Conflict: For one event with two contents, or a gap between events.

    .. versionadded:: 0.1.0
    """
    states = {state.id: state for state in _memberships("memberships.before", before)}
    for event in sorted(_crossings(events), key=_version):
        state = states.get(event.source)
        if state is None or event.version > state.version:
            states[event.source] = Membership.evolve(state, event)
    return tuple(sorted(states.values(), key=lambda state: (state.segment, state.customer)))


def _source(segment: str, customer: str) -> str:
    return f"{segment.replace('%', '%25').replace(':', '%3A')}:{customer}"


def _memberships(path: str, given: Iterable[Membership]) -> tuple[Membership, ...]:
    found: tuple[Membership, ...] = listed(path, given)
    _checks.each(_checks.a(Membership)).require(path, found)
    if len({state.id for state in found}) != len(found):
        raise InvalidValue(path, found, "each customer once in each segment")
    return found


def _by_customer(segment: Segment, before: Iterable[Membership]) -> dict[str, Membership]:
    found = _memberships("changes.before", before)
    for state in found:
        if state.segment != segment.name:
            raise InvalidValue("changes.before", state, f"memberships of {segment.name!r}")
    return {state.customer: state for state in found}


def _crossing(
    segment: Segment, state: Membership | None, customer: str, facts: Facts, as_of: datetime
) -> SegmentEntered | SegmentLeft:
    if state is not None and is_before(as_of, state.since):
        raise InvalidValue("changes.as_of", as_of, f"no earlier than the last event of {customer!r}, {state.since}")
    inside = state is not None and state.inside
    verdict = segment.verdict(facts, as_of, member=inside)
    common: dict[str, Any] = {
        "source": _source(segment.name, customer),
        "version": 1 if state is None else state.version + 1,
        "at": as_of,
        "segment": segment.name,
        "segment_version": segment.version,
        "customer": customer,
        "verdict": str(verdict),
    }
    return SegmentLeft(**common, undecided=wanted(verdict)) if inside else SegmentEntered(**common)


def _crossings(events: Iterable[Event]) -> Iterable[Event]:
    found: dict[tuple[str, int], Event] = {}
    for event in listed("memberships.events", events):
        _checks.a(SegmentEntered, SegmentLeft).require("memberships.events", event)
        first = found.setdefault((event.source, event.version), event)
        if first != event:
            raise Conflict(event.source, first, event)
    return found.values()


def _version(event: Event) -> int:
    return event.version
