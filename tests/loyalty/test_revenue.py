"""The part of a price that points get, and when it becomes revenue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty import RedemptionEstimate, RevenueSchedule, allocate_price
from relex.money import Money

DAY = date(2026, 12, 31)


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def estimate(redeemed: int, expected: Any, on: date = DAY, outstanding: int | None = None) -> RedemptionEstimate:
    return RedemptionEstimate(on=on, redeemed=redeemed, expected=expected, outstanding=outstanding)


class TestAllocatePrice:
    def test_parts_are_whole_in_the_minor_unit_by_default(self) -> None:
        parts = allocate_price(usd(100), [usd(1), usd(1), usd(1)])

        assert (usd("33.34"), usd("33.33"), usd("33.33")) == parts

    def test_a_step_of_its_own(self) -> None:
        parts = allocate_price(Money(1, "CHF"), [Money(1, "CHF"), Money(2, "CHF")], quantum="0.05")

        assert (Money("0.35", "CHF"), Money("0.65", "CHF")) == parts

    def test_a_promise_that_costs_nothing_gets_nothing(self) -> None:
        assert (usd(10), usd(0)) == allocate_price(usd(10), [usd(10), usd(0)])

    def test_a_price_of_nothing_is_shared_into_nothing(self) -> None:
        assert (usd(0), usd(0)) == allocate_price(usd(0), [usd(10), usd(1)])

    @pytest.mark.parametrize(
        ("price", "standalone", "quantum", "path"),
        [
            pytest.param(usd(1), [], None, "allocate_price.standalone", id="nothing-promised"),
            pytest.param(usd(-1), [usd(1)], None, "allocate_price.price", id="price-below-0"),
            pytest.param(5, [usd(1)], None, "allocate_price.price", id="no-money"),
            pytest.param(usd(1), [usd(1), usd(-1)], None, r"allocate_price.standalone\[1\]", id="part-below-0"),
            pytest.param(usd("0.005"), [usd(1)], None, "allocate_price.price", id="not-whole-in-cents"),
            pytest.param(usd("0.50"), [usd(1)], 1, "allocate_price.price", id="not-whole-in-the-step"),
            pytest.param(usd(1), [usd(1)], 0, "allocate_price.quantum", id="no-step"),
            pytest.param(usd(1), [usd(1)], "1/3", "allocate_price.quantum", id="step-that-is-no-decimal"),
        ],
    )
    def test_bad_input(self, price: Any, standalone: list[Money], quantum: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            allocate_price(price, standalone, quantum=quantum)

    def test_two_currencies(self) -> None:
        with pytest.raises(CurrencyMismatch):
            allocate_price(usd(1), [Money(1, "EUR")])


class TestRedemptionEstimate:
    def test_the_share_is_exact(self) -> None:
        assert Fraction(1, 3) == estimate(1, "3").share

    def test_nothing_outstanding_is_all_of_it(self) -> None:
        assert estimate(0, 0, outstanding=0).share == 1

    def test_nothing_outstanding_wins_over_what_was_expected(self) -> None:
        assert estimate(10, 20, outstanding=0).share == 1

    @pytest.mark.parametrize(
        ("redeemed", "expected", "path"),
        [
            pytest.param(5, 4, "RedemptionEstimate.expected", id="fewer-than-redeemed"),
            pytest.param(5, Decimal("4.99"), "RedemptionEstimate.expected", id="a-little-fewer"),
            pytest.param(0, 0, "RedemptionEstimate.expected", id="nothing-expected"),
            pytest.param(0, 1.5, "RedemptionEstimate.expected", id="float"),
            pytest.param(-1, 1, "RedemptionEstimate.redeemed", id="below-0"),
            pytest.param(True, 1, "RedemptionEstimate.redeemed", id="bool"),
        ],
    )
    def test_bad_input(self, redeemed: int, expected: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            estimate(redeemed, expected)


class TestRevenueSchedule:
    def test_nothing_is_recognized_at_first(self) -> None:
        schedule = RevenueSchedule(allocated=usd(100))

        assert (usd(0), usd(100), ()) == (schedule.recognized, schedule.deferred, schedule.rows)

    def test_a_higher_estimate_takes_revenue_back(self) -> None:
        schedule = RevenueSchedule(
            allocated=usd(100), estimates=[estimate(50, 100), estimate(50, 200, date(2027, 12, 31))]
        )

        assert [usd(50), usd(-25)] == [row.revenue for row in schedule.rows]

    def test_half_a_cent_is_rounded_up(self) -> None:
        assert usd("0.01") == RevenueSchedule(allocated=usd("0.01"), estimates=[estimate(1, 2)]).recognized

    def test_what_has_expired_is_recognized_when_nothing_is_left(self) -> None:
        schedule = RevenueSchedule(allocated=usd(100), estimates=[estimate(30, 80, outstanding=0)])

        assert (usd(100), usd(0)) == (schedule.recognized, schedule.deferred)

    def test_an_allocation_finer_than_its_step_is_recognized_whole_in_the_end(self) -> None:
        schedule = RevenueSchedule(allocated=usd("99.99"), quantum="1", estimates=[estimate(9, 9)])

        assert usd("99.99") == schedule.recognized

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"allocated": usd(-1)}, "RevenueSchedule.allocated", id="below-0"),
            pytest.param({"allocated": 1}, "RevenueSchedule.allocated", id="no-money"),
            pytest.param({"quantum": 0}, "RevenueSchedule.quantum", id="no-step"),
            pytest.param({"estimates": [1]}, "RevenueSchedule.estimates", id="no-estimate"),
            pytest.param(
                {"estimates": [estimate(1, 2), estimate(1, 2)]}, r"RevenueSchedule.estimates\[1\].on", id="same-day"
            ),
            pytest.param({"allocated": Money(1, "XXX")}, "XXX", id="no-minor-unit"),
        ],
    )
    def test_bad_input(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            RevenueSchedule(**{"allocated": usd(1), **more})

    def test_shown_in_words(self) -> None:
        schedule = RevenueSchedule(allocated=usd(100), estimates=[estimate(1, 4)])

        assert str(schedule) == "25.00 USD of 100.00 USD recognized, 75.00 USD deferred"

    def test_shown_as_a_table(self) -> None:
        shown = RevenueSchedule(allocated=usd(100), estimates=[estimate(1, 4)])._repr_html_()

        assert "2026-12-31" in shown
        assert "75.00 USD" in shown
