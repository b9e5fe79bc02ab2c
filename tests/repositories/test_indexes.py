"""Candidates by the values of facts: never too few, and few where a table tells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from relex import Rule, field
from relex.repositories._indexes import Indexes
from relex.rules import FALSE, TRUE, compile_rule
from relex.testing.strategies import facts, rules

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def filled(states: Mapping[str, Mapping[str, Any]], *indexed: str) -> Indexes:
    indexes = Indexes(indexed)
    for name, found in states.items():
        indexes.put(name, indexes.keys(found))
    return indexes


STATES: dict[str, dict[str, Any]] = {
    "one": {"owner": "eve", "size": 1, "tags": ("vip", "new"), "at": NOON},
    "two": {"owner": "bob", "size": Decimal("1.0"), "tags": ()},
    "three": {"owner": None, "size": True, "tags": ("vip", "vip"), "at": NOON.astimezone(ZoneInfo("Asia/Tokyo"))},
    "four": {"owner": "eve", "size": 0.5, "at": NOON.replace(tzinfo=None)},
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (field("owner") == "eve", "four one"),
        (field("owner") == "nobody", ""),
        (field("owner").is_in("bob", "eve"), "four one two"),
        (field("owner").is_missing(), "three"),
        (field("tags").is_missing(), "four"),
        (field("size") == 1, "one two"),
        (field("size") == True, "three"),  # noqa: E712 - a rule
        (field("at") == NOON, "one three"),
        (field("at") == date(2026, 5, 1), ""),
        (field("tags").contains("vip"), "one three"),
        (field("tags").contains_all("new", "vip"), "one"),
        (field("tags").contains_any("new", "vip"), "one three"),
        (field("tags") == ("vip", "vip"), "three"),
        ((field("owner") == "bob") & (field("size") == 1), "two"),
        ((field("owner") == "bob") | field("tags").contains("new"), "one two"),
        ((field("owner") == "bob") & (field("other") == 1), "two"),
        (FALSE, ""),
    ],
    ids=str,
)
def test_a_table_tells_the_candidates(rule: Rule, expected: str) -> None:
    indexes = filled(STATES, "owner", "size", "tags", "at")

    assert expected.split() == sorted(indexes.candidates(rule) or ())


@pytest.mark.parametrize(
    "rule",
    [
        TRUE,
        field("other") == 1,
        field("owner") != "eve",
        field("owner").starts_with("e"),
        ~(field("owner") == "eve"),
        (field("owner") == "eve") | (field("other") == 1),
    ],
    ids=str,
)
def test_where_no_table_tells_all_are_candidates(rule: Rule) -> None:
    assert filled(STATES, "owner").candidates(rule) is None


def test_a_state_stands_where_its_facts_are_now() -> None:
    indexes = filled({"one": {"tags": ("a", "a", "b")}}, "tags")
    indexes.put("one", indexes.keys({"tags": ("b", "c")}))

    assert indexes.candidates(field("tags").contains("a")) == set()
    assert indexes.candidates(field("tags").contains("b")) == {"one"}
    assert indexes.candidates(field("tags").contains("c")) == {"one"}


def test_a_value_that_nobody_has_leaves_no_trace() -> None:
    indexes = filled({"one": {"owner": "eve"}, "two": {"owner": "eve"}}, "owner")
    bob = indexes.keys({"owner": "bob"})
    indexes.put("one", bob)
    indexes.put("two", bob)

    assert indexes._tables == {"owner": {bob[0]: {"one", "two"}}}


@settings(max_examples=100)
@given(st.lists(facts(), max_size=8), rules())
def test_candidates_are_never_too_few(found: list[dict[str, object]], rule: Rule) -> None:
    states = {str(place): state for place, state in enumerate(found)}
    indexes = filled(states, *{name for state in found for name in state if name != "lines"})
    test = compile_rule(rule)
    candidates = indexes.candidates(rule)
    right = {name for name, state in states.items() if test(state, NOON)}

    assert candidates is None or right <= candidates
