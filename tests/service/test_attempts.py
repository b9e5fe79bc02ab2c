"""Calls and chats that were offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.errors import InvalidValue
from relex.service import ContactAttempt

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = NINE + timedelta(seconds=20)
BERLIN = ZoneInfo("Europe/Berlin")


def call(**more: Any) -> ContactAttempt:
    return ContactAttempt("t1", **{"at": NINE, "channel": "phone", **more})


@pytest.mark.parametrize(
    ("given", "outcome", "waited", "told"),
    [
        ({}, None, None, "phone, waiting since 2026-06-01T09:00:00+00:00"),
        ({"abandoned_at": LATER}, "abandoned", timedelta(seconds=20), "phone, gave up after 0:00:20"),
        ({"answered_at": NINE}, "answered", timedelta(0), "phone, answered after 0:00:00"),
        (
            {"answered_at": LATER, "by": "ann", "talk": timedelta(minutes=3), "wrap_up": timedelta(0)},
            "answered",
            timedelta(seconds=20),
            "phone, answered by ann after 0:00:20, handled for 0:03:00",
        ),
    ],
)
def test_how_an_attempt_ended(given: dict[str, Any], outcome: str | None, waited: timedelta | None, told: str) -> None:
    attempt = call(**given)

    assert (attempt.outcome, attempt.waited, str(attempt)) == (outcome, waited, told)


def test_a_part_that_nobody_measured_is_not_zero() -> None:
    none, some = call(answered_at=LATER), call(answered_at=LATER, talk=timedelta(minutes=1), hold=timedelta(0))

    assert (none.handling, none.unmeasured) == (None, ("talk", "hold", "wrap_up"))
    assert (some.handling, some.unmeasured) == (timedelta(minutes=1), ("wrap_up",))
    assert call().unmeasured == ()


def test_a_wait_over_a_change_of_the_clock_is_real_time() -> None:
    begin = datetime(2026, 10, 25, 2, 59, 50, tzinfo=BERLIN)
    attempt = call(at=begin, answered_at=datetime(2026, 10, 25, 2, 0, 10, fold=1, tzinfo=BERLIN))

    assert attempt.waited == timedelta(seconds=20)


def test_facts_are_those_of_the_schema() -> None:
    attempt = call(
        customer="c1",
        queue="first line",
        team="support",
        case="k1",
        answered_at=LATER,
        by="ann",
        talk=timedelta(milliseconds=1500),
        transferred_to="second line",
    )
    facts = attempt.facts()

    assert {name for name, _ in ContactAttempt.fact_schema.facts} == set(facts)
    assert (facts["waited_seconds"], facts["talk_seconds"], facts["hold_seconds"]) == (
        Decimal(20),
        Decimal("1.5"),
        None,
    )
    assert (attempt.subject, facts["outcome"], facts["transferred_to"]) == ("c1", "answered", "second line")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"at": NINE.replace(tzinfo=None)}, "at"),
        ({"channel": ""}, "channel"),
        ({"answered_at": NINE - timedelta(microseconds=1)}, "answered_at"),
        ({"abandoned_at": NINE - timedelta(microseconds=1)}, "abandoned_at"),
        ({"answered_at": LATER, "abandoned_at": LATER}, "abandoned_at"),
        ({"answered_at": LATER, "talk": timedelta(seconds=-1)}, "talk"),
        ({"answered_at": LATER, "hold": 30}, "hold"),
        ({"talk": timedelta(0)}, "talk"),
        ({"by": "ann"}, "by"),
        ({"abandoned_at": LATER, "wrap_up": timedelta(0)}, "wrap_up"),
        ({"transferred_to": "x"}, "transferred_to"),
    ],
)
def test_what_cannot_have_happened_is_refused(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"ContactAttempt\.{path}"):
        call(**given)
