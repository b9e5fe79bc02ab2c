"""Events of cases and their parts: what each must say, and may not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.service import (
    CaseClosed,
    CaseLink,
    CaseMessage,
    CaseMessageReceived,
    CaseOpened,
    CaseReplied,
    CaseTagsChanged,
    CaseUnmerged,
    EscalatedOccurrence,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST: dict[str, Any] = {"source": "c1", "version": 1, "at": NOON}
ENTRY = {**FIRST, "flow": "support", "to": "x", "priority": "high"}
IN = CaseMessage("m1", NOON, direction="in")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"kind": "waiting"}, "CaseUnmerged.waiting_for"),
        ({"waiting_for": "customer"}, "CaseUnmerged.waiting_for"),
        ({"kind": "closed", "reopens": False}, "CaseUnmerged.ends"),
        ({"ends": "closed"}, "CaseUnmerged.ends"),
        ({"kind": "closed", "ends": "closed"}, "CaseUnmerged.reopens"),
        ({"reopens": True}, "CaseUnmerged.reopens"),
        ({"kind": "closed", "ends": "rejected", "reopens": True}, "CaseUnmerged.reopens"),
        ({"kind": "elsewhere"}, "CaseUnmerged.kind"),
    ],
    ids=str,
)
def test_a_status_says_what_its_kind_must(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as found:
        CaseUnmerged(**FIRST, flow="support", to="x", **given)

    assert found.value.path == path


def test_what_is_closed_says_whether_it_may_reopen() -> None:
    event = CaseClosed(**FIRST, flow="support", to="x", reopens=False)

    assert (event.kind, event.ends, event.reopens) == ("closed", "closed", False)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"tags": ("b", "a")}, "CaseOpened.tags"),
        ({"tags": ("a", "a")}, "CaseOpened.tags"),
        ({"tags": ("",)}, "CaseOpened.tags"),
        ({"tags": ["a"]}, "CaseOpened.tags"),
        ({"links": (CaseLink("b", "1"), CaseLink("a", "1"))}, "CaseOpened.links"),
        ({"links": ("a",)}, "CaseOpened.links"),
        ({"messages": (IN, IN)}, "CaseOpened.messages"),
        ({"messages": (7,)}, "CaseOpened.messages"),
        ({"messages": [IN]}, "CaseOpened.messages"),
        ({"kind": "resolved"}, "CaseOpened.kind"),
        ({"impact": ""}, "CaseOpened.impact"),
    ],
    ids=str,
)
def test_an_opening_is_in_its_normal_form(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as found:
        CaseOpened(**ENTRY, **given)

    assert found.value.path == path


def test_lists_in_their_normal_form_are_taken() -> None:
    event = CaseOpened(**ENTRY, tags=("a", "b"), links=(CaseLink("a", "1"), CaseLink("a", "2")), messages=(IN,))

    assert (event.tags, len(event.links), event.messages) == (("a", "b"), 2, (IN,))
    assert CaseTagsChanged(**FIRST, added=("a",)).removed == ()


def test_a_message_has_its_direction() -> None:
    with pytest.raises(InvalidValue, match=r"CaseReplied\.message"):
        CaseReplied(**FIRST, message=IN)
    with pytest.raises(InvalidValue, match=r"CaseMessageReceived\.message"):
        CaseMessageReceived(**FIRST, message=CaseMessage("m1", NOON, direction="out"))


def test_a_message_counts_when_a_person_wrote_it_to_the_other_side() -> None:
    kinds: list[dict[str, Any]] = [{}, {"internal": True}, {"automatic": True}]

    assert [CaseMessage("m1", NOON, direction="in", **kind).counts for kind in kinds] == [True, False, False]


def test_parts_show_themselves() -> None:
    assert str(CaseLink("purchase", "p1")) == "purchase p1"
    assert str(EscalatedOccurrence("resolution", 2)) == "resolution 2"
