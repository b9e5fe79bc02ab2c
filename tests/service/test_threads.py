"""Following merges, and the messages of all that became one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.service import Case, CaseMessage, redirect, thread

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case_of(name: str, *hours: int) -> Case:
    messages = [CaseMessage(f"{name}{hour}", NOON + hour * HOUR, direction="in") for hour in hours]
    return Case.open(name, customer="k7", messages=messages, at=NOON + 9 * HOUR).state


A, B, C = case_of("a", 1, 4), case_of("b", 2, 5), case_of("c", 3)
A_IN_B = A.merge_into(B, at=NOON + 10 * HOUR).state
B_IN_C = B.merge_into(C, at=NOON + 11 * HOUR).state


@pytest.mark.parametrize(
    ("case", "into", "expected"),
    [
        pytest.param("a", {}, "a", id="not merged"),
        pytest.param("a", {"a": None}, "a", id="none"),
        pytest.param("a", {"a": "b", "b": "c"}, "c", id="a chain"),
        pytest.param("a", {"a": "b", "b": "a"}, "a", id="a loop"),
        pytest.param("a", {"a": "a"}, "a", id="a loop of one"),
        pytest.param("a", {"a": "b", "b": "c", "c": "b"}, "a", id="a loop further on"),
    ],
)
def test_where_a_case_went(case: str, into: dict[str, str | None], expected: str) -> None:
    assert redirect(case, into) == expected
    assert redirect(case, into.get) == expected


@pytest.mark.parametrize(
    ("case", "into"), [("", {}), ("a", "b"), ("a", {"a": 1}), ("a", None)], ids=["empty", "text", "a number", "none"]
)
def test_what_is_no_chain(case: str, into: Any) -> None:
    with pytest.raises(InvalidValue, match="redirect"):
        redirect(case, into)


def test_messages_by_their_own_times() -> None:
    found = thread(C, [B_IN_C, A_IN_B])

    assert [each.message.id for each in found.messages] == ["a1", "b2", "c3", "a4", "b5"]
    assert [each.case for each in found.messages] == ["a", "b", "c", "a", "b"]
    assert found.cases == ("c", "b", "a")


def test_a_case_alone_has_its_own() -> None:
    assert [each.message.id for each in thread(C, [A, B]).messages] == ["c3"]


def test_a_case_between_has_what_came_to_it() -> None:
    assert thread(B_IN_C, [A_IN_B, C]).cases == ("b", "a")


def test_a_message_that_was_handed_on_is_there_once() -> None:
    source, target = [case.receive("late", at=NOON + 12 * HOUR).state for case in (A_IN_B, B)]

    found = [(each.case, each.message.id) for each in thread(target, [source]).messages]

    assert found.count(("a", "late")) == 1
    assert ("b", "late") not in found


def test_as_it_was_before_the_merge() -> None:
    found = thread(C, [A_IN_B, B_IN_C], as_of=NOON + 10 * HOUR)

    assert (found.cases, len(found)) == (("c",), 1)


def test_before_the_case_was_opened() -> None:
    found = thread(C, [A_IN_B, B_IN_C], as_of=NOON)

    assert (found.cases, found.messages) == ((), ())


def test_a_chain_that_closes_on_itself() -> None:
    left, right = case_of("l", 1), case_of("r", 2)
    both = left.merge_into(right, at=NOON + 10 * HOUR).state, right.merge_into(left, at=NOON + 10 * HOUR).state

    assert [each.message.id for each in thread(both[0], both).messages] == ["l1", "r2"]


def test_how_a_thread_reads() -> None:
    found = thread(C, [B_IN_C])

    assert str(found) == "c: 3 messages, with b"
    assert str(found.messages[0]) == "2026-06-01T14:00:00+00:00 b in b2"
    assert "<td" in found._repr_html_()


def test_a_thread_is_of_cases() -> None:
    with pytest.raises(InvalidValue, match=r"thread\.cases"):
        thread(C, ["a"])  # type: ignore[list-item]  # on purpose
