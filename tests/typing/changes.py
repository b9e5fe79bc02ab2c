"""What a checker knows about changes and errors: `account, events = ...` keeps its types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_type

import attrs

from relex import Change, Event, InvalidValue, Rejected, replay


@attrs.frozen
class Card:
    """The smallest aggregate."""

    id: str
    version: int

    def facts(self) -> Mapping[str, object]:
        """Nothing to ask about."""
        return {}

    @staticmethod
    def evolve(card: Card | None, event: Event) -> Card:
        """Count the events."""
        return Card(event.source, event.version)

    def stamp(self, at: datetime) -> Change[Card]:
        """The one command."""
        event = Event(source=self.id, version=self.version + 1, at=at)
        return Change(self.evolve(self, event), (event,))


def unpacks(card: Card, at: datetime) -> None:
    """Both halves of a change have their own type, by name and by position."""
    change = card.stamp(at)
    state, events = change
    assert_type(change, Change[Card])
    assert_type(state, Card)
    assert_type(events, tuple[Event, ...])
    assert_type(change.state, Card)
    assert_type(change.expected, int)
    assert_type(change.then(lambda card: card.stamp(at)), Change[Card])
    assert_type(replay(Card.evolve, events), Card | None)


def explains(invalid: InvalidValue, rejected: Rejected) -> None:
    """The parts of an error are attributes."""
    assert_type(invalid.path, str)
    assert_type(invalid.expected, str)
    assert_type(rejected.reason, str)
    assert_type(rejected.details, dict[str, object])
