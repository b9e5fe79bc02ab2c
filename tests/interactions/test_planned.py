"""Planned work: what is open, next and overdue, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.errors import Conflict, InvalidValue
from relex.interactions import Activity, Cancelled, Interaction, agenda, next_activity, overdue

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def planned(id: str, due: datetime = DAY, **fields: Any) -> Activity:  # noqa: A002 - as the field
    return Activity(id, **({"due": due, "kind": "call", "at": DAY - HOUR, "customer": "c1"} | fields))


def done(id: str, activity: str, **fields: Any) -> Interaction:  # noqa: A002 - as the field
    return Interaction(id, **({"at": DAY, "channel": "phone", "direction": "outbound", "fulfils": activity} | fields))


def off(id: str, activity: str, at: datetime = DAY) -> Cancelled:  # noqa: A002 - as the field
    return Cancelled(id, activity=activity, at=at, by="ann")


def test_due_now_is_next_and_not_overdue() -> None:
    given = [planned("b", DAY + HOUR), planned("a", DAY), planned("z", DAY - HOUR)]
    found = agenda(given, as_of=DAY)

    assert found.next.id == "a"  # type: ignore[union-attr]  # there is one
    assert [each.id for each in found.overdue] == ["z"]
    assert str(found) == "3 open, 1 overdue, next: call due 2026-05-01 09:00, c1"


def test_of_those_due_at_once_the_first_id_is_next() -> None:
    found = next_activity([planned("b"), planned("a")], as_of=DAY)

    assert found is not None
    assert found.id == "a"


def test_nothing_planned_is_nothing_next() -> None:
    assert next_activity([], as_of=DAY) is None
    assert str(agenda([], as_of=DAY)) == "0 open, 0 overdue, nothing next"


@pytest.mark.parametrize("end", [done("i1", "a"), off("x1", "a")], ids=["done", "cancelled"])
def test_an_end_closes_it_from_then_on(end: Interaction | Cancelled) -> None:
    given = [planned("a"), end]

    assert overdue(given, as_of=DAY + HOUR) == ()
    assert agenda(given, as_of=DAY - timedelta(microseconds=1)).open == (planned("a"),)


def test_what_is_planned_later_is_not_there_yet() -> None:
    assert agenda([planned("a", at=DAY)], as_of=DAY - HOUR).open == ()


def test_a_correction_that_fulfils_nothing_opens_it_again() -> None:
    wrong = done("i1", "a")
    right = Interaction("i2", at=DAY, channel="phone", direction="outbound", corrects="i1")

    assert agenda([planned("a"), wrong, right], as_of=DAY).open == (planned("a"),)


def test_only_those_of_a_customer_or_an_owner_are_asked_for() -> None:
    given = [planned("a", owner="ann"), planned("b", owner="bob"), planned("c", customer="c2", owner="ann")]

    assert [each.id for each in agenda(given, as_of=DAY, customer="c1").open] == ["a", "b"]
    assert [each.id for each in agenda(given, as_of=DAY, customer="c1", owner="ann").open] == ["a"]


def test_an_end_of_nothing_is_listed() -> None:
    found = agenda([done("i1", "?"), off("x1", "?")], as_of=DAY)

    assert found.anomalies == (("i1", "unknown-activity"), ("x1", "unknown-activity"))


@pytest.mark.parametrize(
    "given",
    [[planned("a"), planned("a", kind="mail")], [off("x", "a"), off("x", "b")]],
    ids=["activity", "cancellation"],
)
def test_one_id_with_two_contents_is_a_conflict(given: list[Any]) -> None:
    with pytest.raises(Conflict):
        agenda(given, as_of=DAY)


@pytest.mark.parametrize(
    ("given", "as_of", "path"),
    [([3], DAY, "agenda.entries"), ([], datetime(2026, 5, 1), "agenda.as_of")],  # noqa: DTZ001 - what is refused
)
def test_wrong_arguments_are_named(given: Any, as_of: datetime, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        agenda(given, as_of=as_of)

    assert path == caught.value.path


def test_facts() -> None:
    assert planned("a", owner="ann").facts() == {
        "kind": "activity",
        "id": "a",
        "at": DAY - HOUR,
        "customer": "c1",
        "activity.due": DAY,
        "activity.kind": "call",
        "activity.owner": "ann",
    }
    assert off("x", "a").facts() == {
        "kind": "cancelled",
        "id": "x",
        "activity": "a",
        "at": DAY,
        "by": "ann",
        "reason": None,
    }
    assert (planned("a").subject, off("x", "a").subject) == ("c1", "a")


def test_what_it_is_about_is_sorted() -> None:
    assert planned("a", about=[("deal", "d1"), ("case", "k1")]).about == (("case", "k1"), ("deal", "d1"))
