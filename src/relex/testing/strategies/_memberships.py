"""Memberships of segments, reached by entering and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.changes import Change
from relex.insights import Membership, SegmentEntered, SegmentLeft
from relex.testing.strategies._basics import either, ids, instants, sizes, texts, words
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Event

__all__ = ["STORED", "membership_changes", "membership_commands", "membership_events", "memberships"]


def membership_changes(
    *,
    segment: str | SearchStrategy[str] | None = None,
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 5,
) -> SearchStrategy[tuple[Change[Membership], ...]]:
    """The history of one membership as a store is asked to save it: entering, leaving, entering again.

    Shrinks to one entering.

    Args:
        segment: Name of the segment, or what names are drawn from.
        customer: Of the customer, or what ids are drawn from.
        at: Of the first entering.
        min_size: The fewest crossings.
        max_size: The most crossings.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("membership_changes", min_size, max_size, lowest=1)
    entered = st.builds(
        _enter,
        either("membership_changes.segment", segment, _checks.text, words()),
        either("membership_changes.customer", customer, _checks.text, ids()),
        either("membership_changes.at", at, _checks.instant, instants()),
        texts(),
    )
    return histories(entered, membership_commands(), min_size, max_size)


def memberships(
    *,
    segment: str | SearchStrategy[str] | None = None,
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 5,
) -> SearchStrategy[Membership]:
    """Memberships after some crossings; shrinks to one that was entered once.

    Args:
        segment: Name of the segment, or what names are drawn from.
        customer: Of the customer, or what ids are drawn from.
        at: Of the first entering.
        max_size: The most crossings.

    Raises:
        InvalidValue: As for `membership_changes`.

    .. versionadded:: 0.1.0
    """
    return membership_changes(segment=segment, customer=customer, at=at, max_size=max_size).map(_state)


def _state(changes: tuple[Change[Membership], ...]) -> Membership:
    return changes[-1].state


def membership_commands() -> SearchStrategy[Callable[[Membership], Change[Membership]]]:
    """The next crossing of any membership: a callable that takes the state and gives the change.

    Whoever is in leaves, and whoever is out enters, at the instant of the last crossing or later.

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def _enter(segment: str, customer: str, at: datetime, verdict: str) -> Change[Membership]:
    # A membership knows how its id is made of the two; the first event has to name it before there is one.
    source = f"{segment.replace('%', '%25').replace(':', '%3A')}:{customer}"
    event = SegmentEntered(
        source=source, version=1, at=at, segment=segment, segment_version=1, customer=customer, verdict=verdict
    )
    return Change(Membership.evolve(None, event), (event,))


def _cross(
    state: Membership, pause: timedelta, segment_version: int, verdict: str, lacks: tuple[str, ...]
) -> Change[Membership]:
    common: dict[str, Any] = {
        "source": state.id,
        "version": state.version + 1,
        "at": later(state.since, pause),
        "segment": state.segment,
        "segment_version": segment_version,
        "customer": state.customer,
        "verdict": verdict,
    }
    event = SegmentLeft(**common, undecided=lacks) if state.inside else SegmentEntered(**common)
    return Change(Membership.evolve(state, event), (event,))


_LACKS = st.lists(words(), max_size=2).map(tuple)
_COMMANDS: SearchStrategy[Any] = st.tuples(pauses(), st.integers(1, 3), texts(), _LACKS).map(
    lambda drawn: Step("cross", _cross, drawn)
)


def membership_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of memberships: entering and leaving.

    Args:
        kind: The only class, `SegmentEntered` or `SegmentLeft`; by default either.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.one_of(SegmentEntered, SegmentLeft)).require("membership_events.kind", kind)
    crossings = {None: (1, 3), SegmentEntered: (3, 3), SegmentLeft: (2, 2)}[kind]  # type: ignore[index]  # as required
    return membership_changes(min_size=crossings[0], max_size=crossings[1]).map(lambda changes: changes[-1].events[0])


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Membership: memberships,
    SegmentEntered: lambda: membership_events(SegmentEntered),
    SegmentLeft: lambda: membership_events(SegmentLeft),
}
"""The strategy of memberships and their events."""
