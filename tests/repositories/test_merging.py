"""What a save is made of: one sound change for each aggregate, and each entry once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from relex import Change, Conflict, Customer, InvalidValue
from relex.customers import OwnerChanged
from relex.parties import PersonName
from relex.purchases import Claim, Retraction
from relex.repositories import distinct, merged

DAY = datetime(2026, 5, 1, tzinfo=UTC)
OPENED = Customer.open("c1", PersonName("Ada Lovelace"), at=DAY)
TAGGED = OPENED.state.tag("vip", at=DAY)
CLAIM = Claim("k1", purchase="p1", customer="c1", at=DAY, by="desk")


def test_changes_that_follow_each_other_become_one() -> None:
    (change,) = merged([OPENED, TAGGED])

    assert change == Change(TAGGED.state, (*OPENED.events, *TAGGED.events))
    assert change.expected == 0


def test_changes_of_two_aggregates_stay_two_in_their_order() -> None:
    other = Customer.open("b", PersonName("Bo"), at=DAY)

    assert merged([OPENED, other]) == (OPENED, other)


def test_a_change_without_events_falls_away() -> None:
    assert merged([TAGGED.state.tag("vip", at=DAY)]) == ()


def test_nothing_is_nothing() -> None:
    assert merged([]) == ()


def test_a_change_that_does_not_follow_the_one_before_it_conflicts() -> None:
    with pytest.raises(Conflict) as caught:
        merged([OPENED, TAGGED, OPENED.state.assign("eve", at=DAY)])

    assert (caught.value.id, caught.value.expected, caught.value.actual) == ("c1", 1, 2)


@pytest.mark.parametrize("given", [None, OPENED.state, (OPENED.state, OPENED.events)])
def test_only_changes_are_taken(given: object) -> None:
    with pytest.raises(InvalidValue, match=r"save.changes: expected a Change"):
        merged([given])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "event",
    [
        OwnerChanged(source="c2", version=2, at=DAY, owner="eve"),
        OwnerChanged(source="c1", version=3, at=DAY, owner="eve"),
    ],
    ids=["of another", "out of turn"],
)
def test_the_events_of_a_change_lead_to_its_state(event: OwnerChanged) -> None:
    with pytest.raises(InvalidValue, match="makes version 2"):
        merged([Change(TAGGED.state, (event,))])


@pytest.mark.parametrize(
    "given",
    [
        Change(None, OPENED.events),  # type: ignore[type-var]
        Change(OPENED, OPENED.events),  # type: ignore[type-var]
        Change(Customer, OPENED.events),  # type: ignore[type-var]
        Change(OPENED.state, None),  # type: ignore[arg-type]
        Change(OPENED.state, list(OPENED.events)),  # type: ignore[arg-type]
    ],
    ids=["nobody", "a change", "a class", "no events", "a list"],
)
def test_a_change_is_of_an_aggregate_and_a_tuple(given: Change[Customer]) -> None:
    with pytest.raises(InvalidValue, match="a Change of an aggregate and a tuple of its events"):
        merged([given])


@attrs.frozen
class Look:
    """What only looks like an event."""

    source: str = "c1"
    version: int = 1


@pytest.mark.parametrize("event", [None, "opened", Look()], ids=str)
def test_only_events_are_events(event: Any) -> None:
    with pytest.raises(InvalidValue, match="makes version 1"):
        merged([Change(OPENED.state, (event,))])


def test_an_entry_that_comes_twice_is_one() -> None:
    assert distinct([CLAIM, attrs.evolve(CLAIM)]) == (CLAIM,)


def test_one_id_may_belong_to_entries_of_two_classes() -> None:
    retraction = Retraction("k1", claim="k1", at=DAY, by="desk")

    assert distinct([CLAIM, retraction]) == (CLAIM, retraction)


def test_one_id_with_two_contents_conflicts() -> None:
    other = attrs.evolve(CLAIM, by="till")

    with pytest.raises(Conflict) as caught:
        distinct([CLAIM, other])

    assert (caught.value.id, caught.value.expected, caught.value.actual) == ("k1", other, CLAIM)


@attrs.frozen
class Note:
    """An entry of an application's own, which checks nothing."""

    id: Any = "n1"
    at: Any = DAY
    subject: Any = None

    def facts(self) -> dict[str, Any]:
        return {}


@attrs.frozen
class Unplaced:
    """It says when, and not about whom."""

    id: str = "n1"
    at: datetime = DAY


def test_an_entry_has_an_id_an_instant_and_perhaps_a_subject() -> None:
    notes = (Note(), Note("n2", subject="c1"))

    assert distinct(notes) == notes


@pytest.mark.parametrize(
    "given",
    [
        5,
        "p1",
        OPENED.state,
        Unplaced(),
        Note(id=5),
        Note(id=[]),
        Note(at=None),
        Note(at=DAY.date()),
        Note(at=DAY.replace(tzinfo=None)),
        Note(subject=5),
        Note(subject=[]),
    ],
    ids=str,
)
def test_what_has_no_place_in_a_log_is_no_entry(given: Any) -> None:
    with pytest.raises(InvalidValue, match=r"save.entries: expected an entry: an id, an instant with a time zone"):
        distinct([given])


@pytest.mark.parametrize("given", [None, 5, "p1", {"p1": CLAIM}], ids=str)
def test_entries_are_an_iterable(given: Any) -> None:
    with pytest.raises(InvalidValue, match=r"save.entries: expected an iterable of items"):
        distinct(given)
