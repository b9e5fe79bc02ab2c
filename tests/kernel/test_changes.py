"""Events, changes and their replay, on a small aggregate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from relex.changes import Aggregate, Change, Event, replay
from relex.errors import InvalidValue

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Raised(Event):
    by: int


@attrs.frozen(kw_only=True)
class Counter:
    id: str
    version: int
    total: int

    def facts(self) -> dict[str, Any]:
        return {"total": self.total}

    @staticmethod
    def evolve(state: Counter | None, event: Raised) -> Counter:
        return Counter(id=event.source, version=event.version, total=(state.total if state else 0) + event.by)

    @staticmethod
    def start(id: str, *, at: datetime) -> Change[Counter]:  # noqa: A002 - the field's name everywhere
        event = Raised(source=id, version=1, at=at, by=0)
        return Change(Counter.evolve(None, event), (event,))

    def add(self, *amounts: int, at: datetime) -> Change[Counter]:
        events = tuple(
            Raised(source=self.id, version=self.version + n, at=at, by=by) for n, by in enumerate(amounts, start=1)
        )
        state = replay(Counter.evolve, events, self)
        return Change(state or self, events)


@pytest.fixture
def counter() -> Counter:
    return Counter(id="c1", version=4, total=10)


def test_a_change_unpacks_into_state_and_events(counter: Counter) -> None:
    state, events = counter.add(1, 2, at=AT)

    assert (state.total, [event.version for event in events]) == (13, [5, 6])


def test_the_expected_version_is_the_one_before_the_events(counter: Counter) -> None:
    assert counter.add(1, 2, at=AT).expected == 4


def test_a_new_aggregate_expects_version_zero() -> None:
    assert Counter.start("c1", at=AT).expected == 0


def test_a_change_without_events_expects_what_is_there(counter: Counter) -> None:
    assert counter.add(at=AT) == Change(counter, ())
    assert counter.add(at=AT).expected == 4


def test_commands_are_chained_into_one_change() -> None:
    change = Counter.start("c1", at=AT).then(lambda it: it.add(5, at=AT)).then(lambda it: it.add(6, 7, at=AT))

    assert (change.state.total, [event.version for event in change.events], change.expected) == (18, [1, 2, 3, 4], 0)


def test_a_refused_command_in_a_chain_leaves_no_change(counter: Counter) -> None:
    def refuse(_state: Counter) -> Change[Counter]:
        raise InvalidValue("add.by", None, "an int")

    with pytest.raises(InvalidValue):
        counter.add(1, at=AT).then(refuse)


def test_folding_the_events_over_the_state_before_gives_the_state_after(counter: Counter) -> None:
    state, events = counter.add(1, 2, 3, at=AT)

    assert replay(Counter.evolve, events, counter) == state


def test_folding_a_whole_history_gives_the_aggregate() -> None:
    state, events = Counter.start("c1", at=AT).then(lambda it: it.add(5, 6, at=AT))

    assert replay(Counter.evolve, iter(events)) == state


@pytest.mark.parametrize("state", [None, Counter(id="c1", version=4, total=10)], ids=["nothing", "a state"])
def test_no_events_change_nothing(state: Counter | None) -> None:
    assert replay(Counter.evolve, (), state) is state


@pytest.mark.parametrize(
    ("field", "junk"),
    [
        *(("source", junk) for junk in ("", None, 7)),
        *(("version", junk) for junk in (0, -1, True, 1.0, "1", None)),
        *(("at", junk) for junk in (AT.replace(tzinfo=None), AT.date(), None, "2026-11-23")),
    ],
    ids=repr,
)
def test_an_event_is_whole(field: str, junk: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        Raised(**({"source": "c1", "version": 1, "at": AT, "by": 1} | {field: junk}))

    assert caught.value.path == f"Raised.{field}"


def test_an_event_will_not_change() -> None:
    event = Raised(source="c1", version=1, at=AT, by=1)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.version = 2  # type: ignore[misc]


def test_an_aggregate_is_told_by_what_it_offers(counter: Counter) -> None:
    assert isinstance(counter, Aggregate)
    assert not isinstance(Raised(source="c1", version=1, at=AT, by=1), Aggregate)
