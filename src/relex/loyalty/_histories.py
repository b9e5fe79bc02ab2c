"""What aggregates that are told event by event share: which event may come next."""

from __future__ import annotations

from typing import Any

from relex.changes import Change, Event
from relex.errors import Conflict, InvalidValue

__all__ = ["require_next", "told"]


def require_next(name: str, state: Any, event: Event, first: type[Event], others: tuple[type[Event], ...]) -> None:
    """Raise unless this is an event of such an aggregate and the next one of this state.

    Raises:
        InvalidValue: For an event of another kind.
        Conflict: For an event of another aggregate, or one that is not the next.
    """
    expected = (first,) if state is None else others
    if type(event) not in expected:
        names = ", ".join([kind.__name__ for kind in expected])
        raise InvalidValue(f"{name}.evolve.event", event, f"one of {names}")
    at = (event.source, 0) if state is None else (state.id, state.version)
    if (event.source, event.version) != (at[0], at[1] + 1):
        raise Conflict(event.source, at, (event.source, event.version))


def told(state: Any, *events: Event) -> Change[Any]:
    """The change that these events make of a state."""
    for event in events:
        state = type(state).evolve(state, event)
    return Change(state, events)
