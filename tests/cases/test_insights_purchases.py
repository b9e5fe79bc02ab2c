"""Worked cases of the purchase history: periods, returns, business days."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from strategies_insights import F6, UTC, bought

from relex.insights import PurchaseHistory, purchase_history
from relex.money import Money
from relex.purchases import Return

TOKYO = ZoneInfo("Asia/Tokyo")


def test_c1_purchase_periods_of_six_customers() -> None:
    """Source: pymc-marketing `tests/clv/test_utils.py`."""
    history = PurchaseHistory.from_rows(F6, as_of=date(2015, 2, 7))

    assert [entry.frequency for entry in history] == [2, 1, 3, 3, 3, 1]
    assert history["4"].amounts[-1] == 9


@pytest.mark.parametrize("rows", list(permutations([("2014-03-14", 10), ("2014-04-09", 20), ("2014-05-21", 25)])))
def test_c2_mean_of_the_repeat_periods(rows: tuple[tuple[str, int], ...]) -> None:
    """Source: lifetimes `tests/test_utils.py`; the order of the rows does not matter."""
    as_of = date(2014, 12, 31)
    history = PurchaseHistory.from_rows([("1", date.fromisoformat(day), amount) for day, amount in rows], as_of=as_of)
    entry = history["1"]
    days = (entry.frequency - 1, (entry.starts[-1] - entry.starts[0]).days, (as_of - entry.starts[0]).days)

    assert entry.repeat_mean == Fraction(45, 2)
    assert days == (2, 68, 292)


@pytest.mark.parametrize(
    ("amount", "returned", "expected"),
    [
        ("net", "p2", (2, 10, 150)),
        ("kept", "p2", (1, 1, 100)),
        ("kept", "p1", (2, 10, 100)),
        ("kept", None, (2, 10, 100)),
    ],
    ids=["C3-net", "C3-return-of-the-second", "C3-return-of-the-first", "C3-return-of-none"],
)
def test_c3_what_a_return_of_50_does(amount: str, returned: str | None, expected: tuple[int, int, int]) -> None:
    """A return lowers the purchase that it names, or the total, and is never a purchase."""
    sales = [bought("p1", "c", date(2024, 1, 1), 100), bought("p2", "c", date(2024, 1, 10), 50)]
    back = Return(
        "r", purchase=returned, customer="c", at=datetime(2024, 1, 20, 12, tzinfo=UTC), value=Money(50, "USD")
    )
    history = purchase_history(sales, returns=[back], as_of=date(2024, 1, 31), zone=UTC, amount=amount)
    entry = history["c"]

    assert (entry.frequency, entry.last_day.day, entry.total) == expected


@pytest.mark.parametrize(
    ("zone", "day_starts", "expected"),
    [(TOKYO, time(0), 2), (UTC, time(0), 1), (TOKYO, time(5), 1)],
    ids=["C5-tokyo", "C5-utc", "C5-tokyo-from-five"],
)
def test_c5_the_business_day_moves_the_counts(zone: ZoneInfo, day_starts: time, expected: int) -> None:
    """An hour around midnight in Tokyo is one day elsewhere, and one night for a bar."""
    rows = [
        ("c", datetime(2024, 1, 1, 23, 30, tzinfo=TOKYO), 10),
        ("c", datetime(2024, 1, 2, 0, 30, tzinfo=TOKYO), 20),
    ]
    history = PurchaseHistory.from_rows(rows, as_of=date(2024, 1, 31), zone=zone, day_starts=day_starts)

    assert history["c"].frequency == expected
