"""Worked cases of points as a promise that is sold along: A1 to A3."""

from __future__ import annotations

from datetime import date

import pytest

from relex.loyalty import RedemptionEstimate, RevenueSchedule, allocate_price
from relex.money import Money


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def schedule(allocated: int, *redeemed_of: tuple[int, int], quantum: int | None = 1) -> RevenueSchedule:
    found = RevenueSchedule(allocated=usd(allocated), quantum=quantum)
    for year, (redeemed, expected) in enumerate(redeemed_of, 2026):
        found = found.then(RedemptionEstimate(on=date(year, 12, 31), redeemed=redeemed, expected=expected))
    return found


class TestA1:
    """Source: IFRS 15, illustrative example 52."""

    def test_the_price_is_shared_by_stand_alone_prices(self) -> None:
        parts = allocate_price(usd(100_000), [usd(100_000), usd(9_500)], quantum=1)

        assert (usd(91_324), usd(8_676)) == parts


class TestA2:
    """Source: IFRS 15, illustrative example 52."""

    SCHEDULE = schedule(8_676, (4_500, 9_500), (8_500, 9_700))

    def test_the_first_year(self) -> None:
        assert usd(4_110) == self.SCHEDULE.rows[0].revenue

    def test_the_second_year_catches_up_with_the_new_estimate(self) -> None:
        row = self.SCHEDULE.rows[1]

        assert (usd(3_493), usd(7_603), usd(1_073)) == (row.revenue, row.recognized, row.deferred)


class TestA3:
    """Source: teaching example; the second and third year are derived."""

    def test_the_price_is_shared(self) -> None:
        parts = allocate_price(usd(7_200_000), [usd(7_200_000), usd(800_000)])

        assert (usd(6_480_000), usd(720_000)) == parts

    @pytest.mark.parametrize(
        ("year", "revenue"),
        [pytest.param(0, 360_000, id="A3-1"), pytest.param(1, 288_000, id="A3-2"), pytest.param(2, 72_000, id="A3-3")],
    )
    def test_each_year(self, year: int, revenue: int) -> None:
        rows = schedule(720_000, (4_000, 8_000), (8_100, 9_000), (9_000, 9_000), quantum=None).rows

        assert usd(revenue) == rows[year].revenue

    def test_nothing_is_deferred_in_the_end(self) -> None:
        assert usd(0) == schedule(720_000, (4_000, 8_000), (8_100, 9_000), (9_000, 9_000)).deferred
