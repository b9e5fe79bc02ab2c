"""Worked cases of time in stages, staleness, slippage and overdue deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pipeline_deals import deal, on, sales

from relex.calendars import Days, Period
from relex.pipeline import (
    Opportunity,
    Pipeline,
    Stage,
    StalePolicy,
    days_overdue,
    slippage,
    slipped,
    stale,
    time_in_stage,
)

MINUTE = timedelta(minutes=1)


def test_time_in_stages() -> None:
    """PL-11. Source: Odoo, tests of duration tracking."""
    stages = [Stage(f"s{number}", number, probability=10 * number) for number in (1, 2, 3, 4)]
    pipeline = Pipeline("p", [*stages, Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")])
    at = datetime(2023, 2, 15, 12, tzinfo=UTC)
    opportunity, _ = Opportunity.open("d", pipeline, at=at)
    steps = [(5, "s2"), (100, "s2"), (5_000, "s3"), (5_000, "s4"), (20, "s2"), (55, "s4"), (200, "s4"), (300, "s3")]
    for minutes, stage in steps:
        at += minutes * MINUTE
        opportunity, _ = opportunity.move_to(stage, pipeline, at=at)

    found = {stage: time.total_seconds() for stage, time in time_in_stage(opportunity, as_of=at).times}

    assert found == {"s1": 300, "s2": 309_300, "s3": 300_000, "s4": 31_200}


@pytest.mark.parametrize(
    ("days", "state"),
    [
        pytest.param(5, "fresh", id="PL-12 5 days"),
        pytest.param(14, "fresh", id="PL-12 14 days"),
        pytest.param(15, "warning", id="PL-12 15 days"),
        pytest.param(21, "warning", id="PL-12 21 days"),
        pytest.param(22, "stale", id="PL-12 22 days"),
    ],
)
def test_limits_are_still_inside(days: int, state: str) -> None:
    """Source: BottleCRM, test_deal_aging; that one says >= at the edges."""
    pipeline = sales(stale=StalePolicy(warn_after=Days(14), stale_after=Days(21)))

    assert stale(deal("d"), pipeline, as_of=on(days)).state == state


def test_won_deals_are_fresh() -> None:
    """PL-12. Source: BottleCRM, test_deal_aging."""
    pipeline = sales(stale=StalePolicy(warn_after=Days(14), stale_after=Days(21)))
    found = stale(deal("d", 0, (0, "won")), pipeline, as_of=on(100))

    assert (found.state, found.reason) == ("fresh", "closed")


def test_pushes_pulls_and_slipping() -> None:
    """PL-13. Source: own."""
    opportunity = deal("d", 0, expected_close=date(2026, 3, 31))
    for day, to in ((5, date(2026, 4, 15)), (20, date(2026, 4, 10))):
        opportunity, _ = opportunity.change_close_date(to, at=datetime(2026, 3, day, tzinfo=UTC))
    as_of = datetime(2026, 4, 1, tzinfo=UTC)

    found = slippage(opportunity, as_of=as_of)

    assert (found.pushes, found.pulls) == (1, 1)
    assert (found.days, found.months, found.quarters) == (10, 1, 1)
    quarter = slipped([opportunity], Period.of("quarter", date(2026, 1, 1)), as_of=as_of)
    assert [each.opportunity for each in quarter.deals] == ["d"]


@pytest.mark.parametrize(
    ("since", "days", "state"),
    [
        pytest.param("opened", 34, "stale", id="PL-14 opened"),
        pytest.param("stage_entry", 15, "stale", id="PL-14 stage entry"),
        pytest.param("last_activity", 7, "fresh", id="PL-14 last activity"),
    ],
)
def test_three_measures_of_one_deal(since: str, days: int, state: str) -> None:
    """Source: own; Freshworks, Odoo and Pipedrive mean these three."""
    pipeline = sales(stale=StalePolicy(since=since, stale_after=Days(10)))
    opportunity, _ = Opportunity.open("d", pipeline, at=datetime(2026, 6, 1, tzinfo=UTC))
    opportunity, _ = opportunity.move_to("demo", pipeline, at=datetime(2026, 6, 20, tzinfo=UTC))
    opportunity, _ = opportunity.record_activity("call", at=datetime(2026, 6, 28, tzinfo=UTC))

    found = stale(opportunity, pipeline, as_of=datetime(2026, 7, 5, tzinfo=UTC))

    assert (found.days, found.state) == (days, state)


@pytest.mark.parametrize(
    ("zone", "overdue"),
    [
        pytest.param(ZoneInfo("Asia/Ho_Chi_Minh"), 1, id="PL-15 Ho Chi Minh City"),
        pytest.param(UTC, None, id="PL-15 UTC"),
    ],
)
def test_overdue_by_the_local_date(zone: ZoneInfo, overdue: int | None) -> None:
    """Source: margince issue 2550."""
    opportunity = deal("d", 0, expected_close=date(2026, 8, 23))

    assert days_overdue(opportunity, as_of=datetime(2026, 8, 23, 22, tzinfo=UTC), tz=zone) == overdue
