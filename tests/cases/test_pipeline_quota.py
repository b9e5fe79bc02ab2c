"""Published cases of quotas: attainment, what counts, pace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from relex.calendars import Period
from relex.money import Money
from relex.pipeline import Opportunity, Pipeline, Quota, Stage, attainment, forecast

SALES = Pipeline("sales", [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")])
START = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER = Period.of("quarter", date(2026, 1, 1))  # 90 days


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def won(name: str, amount: int, *, owner: str = "ana", at: datetime = START) -> Opportunity:
    found, _ = Opportunity.open(name, SALES, at=at, stage="won", amount=usd(amount), owner=owner)
    return found


def quota(amount: int) -> Quota:
    return Quota("q1", subject="ana", period=QUARTER, amount=usd(amount), at=START)


def test_attainment() -> None:
    """PL-54. Source: BottleCRM goals."""
    view = forecast([won("a", 75_000)], SALES, QUARTER, START, by="owner")

    assert attainment(view, [quota(100_000)], "ana").attained.as_percent().show(2) == "75.00"


def test_what_is_won_in_the_period_by_the_person_counts() -> None:
    """PL-54. Source: BottleCRM goals."""
    deals = [
        won("a", 25_000),
        won("b", 15_000),
        won("early", 9_000, at=START - timedelta(days=30)),
        won("other", 9_000, owner="bob"),
    ]
    view = forecast(deals, SALES, QUARTER, START, by="owner")

    assert usd(40_000) == attainment(view, [quota(100_000)], "ana").actual.value


@pytest.mark.parametrize(("percent", "expected"), [(33, "at_risk"), (34, "on_track"), (26, "behind")])
def test_pace(percent: int, expected: str) -> None:
    """PL-55. Source: own."""
    view = forecast([won("a", percent)], SALES, QUARTER, START + timedelta(days=30), by="owner")

    assert expected == attainment(view, [quota(100)], "ana").status
