"""What a command returns: the new state and the events that made it, in one value.

An aggregate is frozen. A command decides events and gives them to `evolve`, the only place where a state is made;
so folding the events of a change over the state before gives the state after, and folding a whole history gives the
aggregate. The change carries all that a repository needs: the state to store, the version to compare with, the outbox.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - resolved by the codec
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

import attrs

from relex import _checks
from relex._instants import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Aggregate", "Change", "Entry", "Event", "replay"]

S = TypeVar("S", bound="Aggregate")


@attrs.frozen(kw_only=True, weakref_slot=False)
class Event:
    """A fact about one aggregate: something that happened and will not change.

    An event is identified by (source, version), so nothing random is needed to tell two events apart.

    Attributes:
        source: Id of the aggregate.
        version: Its version after this event; the first event of an aggregate makes version 1.
        at: When the command was made; aware.

    .. versionadded:: 0.1.0
    """

    source: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(validator=_checks.whole(least=1))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)


@runtime_checkable
class Aggregate(Protocol):
    """What every aggregate offers: an id, a version that counts its events, and facts that rules may ask about.

    .. versionadded:: 0.1.0
    """

    @property
    def id(self) -> str:
        """The id that events name as their source."""
        ...

    @property
    def version(self) -> int:
        """How many events made this state."""
        ...

    def facts(self) -> Mapping[str, Any]:
        """A flat mapping of stable public names to scalars."""
        ...


@runtime_checkable
class Entry(Protocol):
    """What every entry offers: an immutable fact of one instant about one subject, idempotent by id.

    .. versionadded:: 0.1.0
    """

    @property
    def id(self) -> str:
        """The same id with the same content is the same entry; with another content it is a mistake."""
        ...

    @property
    def at(self) -> datetime:
        """When it happened; aware."""
        ...

    @property
    def subject(self) -> str | None:
        """Id of what the entry is about, by which logs are read: nearly always a customer; None where nobody knows."""
        ...

    def facts(self) -> Mapping[str, Any]:
        """A flat mapping of stable public names to scalars."""
        ...


class Change(NamedTuple, Generic[S]):
    """The outcome of a command.

    It unpacks: `account, events = account.redeem(...)`.

    Attributes:
        state: The aggregate after the command.
        events: What happened, oldest first; empty when the command changed nothing.

    .. versionadded:: 0.1.0
    """

    state: S
    events: tuple[Event, ...]

    @property
    def expected(self) -> int:
        """The version that the store must still hold for this change to be saved; 0 for a new aggregate."""
        return self.state.version - len(self.events)

    def then(self, command: Callable[[S], Change[S]]) -> Change[S]:
        """One change made of this one and the command that follows it on the new state."""
        state, events = command(self.state)
        return Change(state, self.events + events)


def replay(evolve: Callable[[S | None, Any], S], events: Iterable[Event], state: S | None = None) -> S | None:
    """The state after events, folded one by one; None when there were none and no state was given.

    Args:
        evolve: The aggregate's own `evolve(state, event)`; the state is None before the first event.
        events: In order of their version.
        state: Where to start; by default nothing.

    .. versionadded:: 0.1.0
    """
    for event in events:
        state = evolve(state, event)
    return state
