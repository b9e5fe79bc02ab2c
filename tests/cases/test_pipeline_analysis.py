"""Worked cases of win rates, velocity and funnels."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pipeline_deals import deal, on, sales

from relex.pipeline import funnel, velocity, win_rate

TWELVE = [
    *(deal(f"w{number}", 0, (10, "won"), amount=100) for number in range(4)),
    *(deal(f"l{number}", 0, (10, "lost"), amount=50) for number in range(6)),
    *(deal(f"o{number}", 0, amount=70) for number in range(2)),
]


def test_velocity() -> None:
    """PL-52. Source: articles on sales velocity."""
    won = [deal(f"w{number}", 0, (90, "won"), amount=25_000) for number in range(10)]
    lost = [deal(f"l{number}", 0, (30, "lost"), amount=25_000) for number in range(30)]

    found = velocity(won + lost, as_of=on(100), n="closed")

    assert found.value == Fraction(25_000, 9)
    assert str(found) == "2777.78 USD per day (250000.00 of 90.00)"


@pytest.mark.parametrize(
    ("policy", "percent"),
    [
        pytest.param({}, "40.00", id="PL-53 by count"),
        pytest.param({"by": "amount"}, "57.14", id="PL-53 by amount"),
        pytest.param({"of": "created"}, "33.33", id="PL-53 of created"),
        pytest.param({"of": "cohort"}, "40.00", id="PL-53 of the cohort"),
    ],
)
def test_win_rates(policy: dict[str, str], percent: str) -> None:
    """Source: own."""
    assert win_rate(TWELVE, as_of=on(30), **policy).as_percent().show(2) == percent


def test_the_share_that_is_open_is_shown() -> None:
    """PL-53. Source: own."""
    assert win_rate(TWELVE, as_of=on(30), of="created").part("open_share") == Fraction(1, 6)


def test_funnel() -> None:
    """PL-56. Source: own."""
    won = [deal(f"w{number}", 0, (1, "offer"), (2, "won")) for number in range(4)]
    offered = [deal("o", 0, (1, "offer"))]
    shown = [deal("d", 0, (1, "demo"), (2, "lost"))]
    new = [deal(f"n{number}", 0) for number in range(4)]

    found = funnel(won + offered + shown + new, sales(), as_of=on(3))

    assert found.counts == (10, 6, 5, 4)
    steps = [step.step.as_percent().show(2) for step in found.steps if step.step is not None]
    assert steps == ["60.00", "83.33", "80.00"]
    assert found.step("won").overall.as_percent().show(2) == "40.00"
