"""Worked cases of score cards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from relex.calendars import Days
from relex.rules import field
from relex.scoring import HalfLife, PerMonth, ScoreCard, ScoreGroup, ScoreRule, Silence

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def event(kind: str, age: timedelta) -> dict[str, object]:
    return {"kind": kind, "at": NOW - age}


def on(kind: str, points: int, **more: object) -> ScoreRule:
    return ScoreRule(kind, field("kind") == kind, points, on="events", **more)  # type: ignore[arg-type]


def test_two_rules_add_up() -> None:
    """PL-23. Source: ActiveCampaign help."""
    card = ScoreCard([ScoreRule("metro", field("city") == "Chicago", 10), on("pricing page", 10)])

    assert card.score({"city": "Chicago"}, [event("pricing page", timedelta(1))], as_of=NOW).total == 20


def test_points_may_be_negative() -> None:
    """PL-24. Source: Zoho scoring article."""
    points = {"open": 5, "click": 10, "bounce": -10, "incoming mail": 20}
    card = ScoreCard([on(kind, value) for kind, value in points.items()])

    assert card.score({}, [event(kind, timedelta(1)) for kind in points], as_of=NOW).total == 25


def test_caps_of_groups_and_of_the_card() -> None:
    """PL-25. Source: own."""
    card = ScoreCard(
        [on("visit", 17, group="engagement", repeat="each"), ScoreRule("fit", field("staff") > 50, 30, group="fit")],
        groups=[ScoreGroup("engagement", cap=60), ScoreGroup("fit", cap=40)],
        cap=100,
    )
    score = card.score({"staff": 80}, [event("visit", timedelta(1))] * 5, as_of=NOW)

    assert [(each.raw, each.points) for each in score.contributions] == [(85, 60), (30, 30)]
    assert score.total == 90


@pytest.mark.parametrize(
    ("days", "shown"),
    [pytest.param(30, "5.00", id="PL-26 one half-life"), pytest.param(45, "3.54", id="PL-26 one and a half")],
)
def test_half_life(days: int, shown: str) -> None:
    """Source: own."""
    card = ScoreCard([on("visit", 10, decay=HalfLife(30))])

    assert card.score({}, [event("visit", timedelta(days))], as_of=NOW).show() == shown


@pytest.mark.parametrize(
    ("month", "left"),
    [
        pytest.param(5, Fraction(75), id="PL-26 one month"),
        pytest.param(4, Fraction(225, 4), id="PL-26 two months"),
        pytest.param(3, Fraction(421875, 10000), id="PL-26 three months"),
    ],
)
def test_a_share_per_month(month: int, left: Fraction) -> None:
    """Source: own."""
    card = ScoreCard([on("visit", 100, decay=PerMonth(25))])

    assert card.score({}, [{"kind": "visit", "at": NOW.replace(month=month)}], as_of=NOW).total == left


@pytest.mark.parametrize(
    ("age", "total"),
    [
        pytest.param(timedelta(days=90), 10, id="PL-26 at 90 days exactly"),
        pytest.param(timedelta(days=90, seconds=1), 0, id="PL-26 one second later"),
    ],
)
def test_expiry(age: timedelta, total: int) -> None:
    """Source: own."""
    card = ScoreCard([on("visit", 10, expires=Days(90))])

    assert card.score({}, [event("visit", age)], as_of=NOW).total == total


@pytest.mark.parametrize(
    ("days", "total"),
    [
        pytest.param(14, 100, id="PL-27 after 14 days"),
        pytest.param(15, 100, id="PL-27 after 15 days"),
        pytest.param(16, 95, id="PL-27 after 16 days"),
        pytest.param(20, 85, id="PL-27 after 20 days"),
    ],
)
def test_silence(days: int, total: int) -> None:
    """Source: own, pattern of ActiveCampaign."""
    card = ScoreCard([on("visit", 0), Silence(after=Days(14), every=Days(2), points=-5)], start=100)

    assert card.score({}, [event("visit", timedelta(days))], as_of=NOW).total == total


def mails(*kinds: str) -> list[dict[str, object]]:
    return [event(kind, timedelta(1)) for kind in kinds]


def test_the_preset_of_a_place_and_a_page() -> None:
    """PL-23 as a preset. Source: ActiveCampaign help."""
    seen = {"page": "pricing", "at": NOW}

    assert ScoreCard.preset("place_and_page").score({"in_metro_area": True}, [seen], as_of=NOW).total == 20


def test_the_preset_of_four_mails() -> None:
    """PL-24 as a preset. Source: Zoho scoring article."""
    happened = mails("mail_opened", "mail_clicked", "mail_bounced", "mail_received")

    assert ScoreCard.preset("four_mails").score({}, happened, as_of=NOW).total == 25


def test_the_preset_of_two_groups() -> None:
    """PL-25 as a preset. Source: own."""
    rules = [
        on("visit", 17, group="engagement", repeat="each"),
        ScoreRule("fit", field("staff") > 50, 30, group="fit"),
    ]
    card = ScoreCard.preset("two_groups", rules)

    assert card.score({"staff": 80}, mails(*["visit"] * 5), as_of=NOW).total == 90


@pytest.mark.parametrize(
    ("days", "total"),
    [
        pytest.param(15, 100, id="PL-27 preset after 15 days"),
        pytest.param(16, 95, id="PL-27 preset after 16 days"),
        pytest.param(20, 85, id="PL-27 preset after 20 days"),
    ],
)
def test_the_preset_of_costly_silence(days: int, total: int) -> None:
    """Source: own, pattern of ActiveCampaign."""
    card = ScoreCard.preset("silence_costs", [on("visit", 0)])

    assert card.score({}, [event("visit", timedelta(days))], as_of=NOW).total == total
