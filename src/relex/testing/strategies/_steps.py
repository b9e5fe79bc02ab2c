"""Commands as values: what an aggregate is told next, whatever its state is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
from hypothesis import strategies as st

from relex.changes import Aggregate, Change
from relex.errors import Rejected
from relex.testing.strategies._basics import LAST

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["Step", "histories", "later", "pauses"]

S = TypeVar("S", bound=Aggregate)

_PAUSES = (
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=40),
    timedelta(days=400),
)


@attrs.frozen
class Step(Generic[S]):
    """A command that is still to be given: call it with a state, and it gives the change.

    What the rules refuse in that state is a change without events.

    Attributes:
        name: Of the command, for whoever reads a failing example.
        run: Gives the command to a state.
        given: The other arguments, as drawn.
    """

    name: str
    run: Callable[..., Change[S]] = attrs.field(repr=False)
    given: tuple[Any, ...] = ()

    def __call__(self, state: S) -> Change[S]:
        """The change that the command makes of a state."""
        try:
            return self.run(state, *self.given)
        except Rejected:
            return Change(state, ())

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(repr, self.given))})"


def pauses() -> SearchStrategy[timedelta]:
    """How long after the last event a command is given."""
    return _pauses


_pauses = st.sampled_from(_PAUSES)


def later(at: datetime, pause: timedelta) -> datetime:
    """An instant so long after another, in the same zone, and never beyond the end of time."""
    return min(at.astimezone(UTC) + min(pause, LAST - at), LAST).astimezone(at.tzinfo)


def histories(
    first: SearchStrategy[Change[S]], steps: SearchStrategy[Callable[[S], Change[S]]], min_size: int, max_size: int
) -> SearchStrategy[tuple[Change[S], ...]]:
    """Changes of one aggregate, each following the one before; steps that change nothing are left out."""
    return st.builds(_followed, first, st.lists(steps, min_size=min_size - 1, max_size=max_size - 1))


def _followed(first: Change[S], steps: list[Callable[[S], Change[S]]]) -> tuple[Change[S], ...]:
    found = [first]
    for step in steps:
        change = step(found[-1].state)
        if change.events:
            found.append(change)
    return tuple(found)
