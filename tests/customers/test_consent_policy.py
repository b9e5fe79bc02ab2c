"""Purposes and policies."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, Days, Months, weekly
from relex.codec import dumps, loads
from relex.customers import ConsentPolicy, FrequencyCap, Purpose
from relex.errors import InvalidValue

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
CAP = FrequencyCap("daily", 1, timedelta(days=1))


@pytest.mark.parametrize(("valid_for", "kept"), [(24, Months(24)), (Days(10), Days(10)), (None, None)])
def test_a_number_means_months(valid_for: Any, kept: Any) -> None:
    assert Purpose("news", valid_for=valid_for).valid_for == kept


@pytest.mark.parametrize(
    "more", [{"valid_for": 0}, {"valid_for": True}, {"valid_for": "2y"}, {"model": "maybe"}, {"name": ""}]
)
def test_purposes_that_cannot_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Purpose(**{"name": "news", **more})


@pytest.mark.parametrize(
    "more",
    [
        {"purposes": [Purpose("news"), Purpose("news", "none")]},
        {"purposes": ["news"]},
        {"purposes": "news"},
        {"caps": [CAP, CAP]},
        {"caps": ["daily"]},
        {"hours": [("email", OFFICE), ("email", OFFICE)]},
        {"hours": {"email": "09-17"}},
        {"hours": {"": OFFICE}},
        {"hours": ["email"]},
        {"opt_in_channels": "sms"},
        {"confirm_within": timedelta(0)},
        {"hold_at_most": timedelta(-1)},
        {"version": 0},
    ],
)
def test_policies_that_cannot_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        ConsentPolicy(**{"purposes": (), **more})


def test_one_calendar_is_for_every_channel() -> None:
    policy = ConsentPolicy([], hours=OFFICE)

    assert policy.hours == (("*", OFFICE),)
    assert policy.hours_on("email") is OFFICE
    assert ConsentPolicy([]).hours_on("email") is None


def test_hours_move_to_a_zone() -> None:
    east = timezone(timedelta(hours=9))
    policy = ConsentPolicy([], hours=OFFICE)

    moved = policy.hours_on("email", east)

    assert moved is not None
    assert (moved.tz, moved.windows) == (east, OFFICE.windows)
    assert policy.hours_on("email", UTC) is OFFICE


def test_a_channel_can_make_every_purpose_opt_in() -> None:
    policy = ConsentPolicy([Purpose("contract", "none")])

    assert policy.model(policy.purpose("contract"), "sms") == "opt-in"
    assert policy.model(policy.purpose("contract"), "email") == "none"


def test_an_undeclared_purpose() -> None:
    with pytest.raises(InvalidValue, match="none at all"):
        ConsentPolicy([]).purpose("news")


def test_a_policy_is_read_back_equal() -> None:
    policy = ConsentPolicy([Purpose("news", valid_for=24)], hours={"email": OFFICE}, caps=[CAP])

    assert loads(dumps(policy), ConsentPolicy) == policy
