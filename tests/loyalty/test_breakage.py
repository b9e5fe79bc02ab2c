"""Expected redemption by age, learned from older points.

Most tests look at two cohorts on 1 April. January: 100 issued, 20 redeemed in January, 40 in February, and 40 expired
in March. February: 200 issued, 20 redeemed in February, 60 in March. By hand:

- age 2: of 40 points none was redeemed and none stayed: F(2) = 0;
- age 1: of 80 + 180 points 40 + 60 were redeemed, 160 stayed: F(1) = 100 / 260 = 0.384615;
- age 0: of 300 points 40 were redeemed, 260 stayed: F(0) = (40 + 260 x 100 / 260) / 300 = 140 / 300 = 0.466667.

The spread of age 1 is 80 (1/2 - F)^2 + 180 (1/3 - F)^2 = 1.538462, that of age 0 is 100 (0.507692 - F)^2 +
200 (0.446154 - F)^2 = 0.252465; age 2, which one cohort has seen, gets the lesser of them. So the squared errors are
0.252465 / 40 = 0.006312, then 1.538462 / 260 + (160 / 260)^2 x 0.006312 = 0.008307, then 0.252465 / 300 +
(260 / 300)^2 x 0.008307 = 0.007081.
"""

from __future__ import annotations

from decimal import Decimal
from math import sqrt
from typing import Any

import pytest
from strategies_loyalty import PLAIN, adjusted, day, opened

from relex.errors import InvalidValue
from relex.loyalty import (
    Account,
    PointsCohorts,
    RateByAge,
    RedemptionCurve,
    liability,
    points_cohorts,
    redemption_curve,
)
from relex.money import Money


def story(issued: int, at: str, *spent: tuple[int, str], ends: str | None = None) -> Account:
    """An account with one lot, and what was redeemed of it on which days."""
    account = adjusted(opened(PLAIN), PLAIN, issued, day(at), ends=None if ends is None else day(ends))
    for number, (points, when) in enumerate(spent):
        account = account.redeem(points, PLAIN, id=f"r{number}", at=day(when)).state
    return account


JANUARY = story(100, "01-10", (20, "01-20"), (40, "02-20"), ends="03-10")
FEBRUARY = story(200, "02-10", (20, "02-20"), (60, "03-20"))


def seen(*accounts: Account, at: str = "04-01") -> PointsCohorts:
    return points_cohorts(accounts, PLAIN, as_of=day(at))


def curve(*accounts: Account, at: str = "04-01", **more: Any) -> RedemptionCurve:
    return redemption_curve(seen(*accounts, at=at), **more)


CURVE = curve(JANUARY, FEBRUARY)


class TestRates:
    def test_by_age(self) -> None:
        assert [Decimal("0.466667"), Decimal("0.384615"), Decimal(0)] == [row.rate for row in CURVE.ages]

    def test_how_many_cohorts_had_points(self) -> None:
        assert [row.cohorts for row in CURVE.ages] == [2, 2, 1]

    def test_what_was_there(self) -> None:
        assert [row.exposed for row in CURVE.ages] == [300, 260, 40]

    def test_what_became_of_those_that_have_lived_through_an_age(self) -> None:
        assert [(row.issued, row.redeemed, row.expired, row.reversed, row.out, row.open) for row in CURVE.ages] == [
            (300, 40, 0, 0, 0, 260),
            (300, 140, 0, 0, 0, 160),
            (100, 60, 40, 0, 0, 0),
        ]

    def test_the_running_month_is_left_out(self) -> None:
        assert CURVE.ages == curve(JANUARY, FEBRUARY, story(1_000, "04-01", (900, "04-02")), at="04-20").ages

    def test_points_that_are_restored_in_a_later_month_count_the_other_way(self) -> None:
        account = story(100, "01-10", (60, "01-20"), ends="02-10").restore("r0", PLAIN, at=day("02-05")).state

        assert Decimal(0) == curve(account, at="03-01").ages[0].rate

    def test_a_share_is_at_most_all(self) -> None:
        account = story(100, "01-10", (100, "01-20")).restore("r0", PLAIN, at=day("02-05")).state
        found = curve(account.redeem(100, PLAIN, id="q", at=day("03-05")).state, at="04-01")

        assert [Decimal(1), Decimal(1), Decimal(1)] == [row.rate for row in found.ages]


class TestIntervals:
    @pytest.mark.parametrize(
        ("age", "squared"), [pytest.param(0, 0.0070814, id="age-0"), pytest.param(1, 0.0083074, id="age-1")]
    )
    def test_as_far_as_cohorts_disagree(self, age: int, squared: float) -> None:
        row = CURVE.ages[age]
        half = 1.959964 * sqrt(squared)

        assert (float(row.rate or 0) - half, float(row.rate or 0) + half) == pytest.approx(
            (float(row.low or 0), float(row.high or 0)), abs=1e-5
        )

    def test_it_stays_between_0_and_1(self) -> None:
        assert (Decimal(0), Decimal("0.155711")) == (CURVE.ages[2].low, CURVE.ages[2].high)

    def test_a_lower_level_is_narrower(self) -> None:
        row = curve(JANUARY, FEBRUARY, level="0.5").ages[1]
        half = 0.674490 * sqrt(0.0083074)

        assert 0.384615 + half == pytest.approx(float(row.high or 0), abs=1e-5)

    def test_one_cohort_alone_has_none(self) -> None:
        row = curve(JANUARY).ages[0]

        assert (Decimal("0.6"), None, None, "one_cohort") == (row.rate, row.low, row.high, row.reason)

    def test_the_first_spread_goes_on_when_it_is_the_only_one(self) -> None:
        short = story(100, "02-10", (80, "02-20"), (20, "03-01"))
        rows = curve(story(100, "01-10", (60, "01-20"), (40, "02-20")), short, at="03-01").ages

        assert [(Decimal(1), Decimal(1), Decimal(1))] * 2 == [(row.rate, row.low, row.high) for row in rows]

    def test_cohorts_that_agree_leave_no_doubt(self) -> None:
        accounts = [story(100, at, (50, at), ends=end) for at, end in [("01-10", "03-10"), ("02-10", "04-10")]]
        rows = curve(*accounts, story(100, "03-10", (50, "03-10"), ends="05-10"), at="05-01").ages

        assert [(Decimal("0.5"),) * 3, (Decimal(0),) * 3, (Decimal(0),) * 3] == [
            (row.rate, row.low, row.high) for row in rows[:3]
        ]


class TestTail:
    OPEN = story(100, "01-10", (20, "01-20"))

    def test_unknown_when_points_were_left_and_nobody_says(self) -> None:
        row = curve(self.OPEN, at="02-01").ages[0]

        assert (row.rate, row.low, row.high, row.reason) == (None, None, None, "no_older_points")

    def test_unknown_goes_all_the_way_down(self) -> None:
        accounts = [self.OPEN, story(100, "02-10", (30, "02-20"))]

        assert [row.reason for row in curve(*accounts, at="03-01").ages] == ["no_older_points"] * 2

    def test_given(self) -> None:
        assert Decimal("0.6") == curve(self.OPEN, at="02-01", tail="0.5").ages[0].rate

    def test_ages_that_no_points_have_reached(self) -> None:
        found = curve(JANUARY, at="05-01")

        assert [row.reason for row in found.ages] == ["one_cohort"] * 3 + ["none_left"]

    def test_given_for_ages_that_no_points_have_reached(self) -> None:
        row = curve(JANUARY, at="05-01", tail="0.25").ages[3]

        assert (Decimal("0.25"), Decimal("0.25"), None) == (row.rate, row.high, row.reason)


class TestRatesByAge:
    def test_the_last_rate_holds_for_older_points(self) -> None:
        assert RateByAge([Decimal("0.466667"), Decimal("0.384615"), Decimal("0.000000")]) == CURVE.rates()

    def test_the_tail_comes_last(self) -> None:
        assert RateByAge([Decimal("0.600000"), Decimal("0.5")]) == curve(TestTail.OPEN, at="02-01", tail="0.5").rates()

    def test_ages_that_no_points_have_reached_are_left_out(self) -> None:
        assert len(curve(JANUARY, at="06-01").rates().rates) == 3

    def test_the_ends_of_the_intervals(self) -> None:
        assert ([row.low for row in CURVE.ages], [row.high for row in CURVE.ages]) == (
            list(CURVE.low_rates().rates),
            list(CURVE.high_rates().rates),
        )

    @pytest.mark.parametrize(
        ("found", "path"),
        [
            pytest.param(curve(TestTail.OPEN, at="02-01"), r"ages\[0\].rate.*give a tail", id="unknown"),
            pytest.param(curve(at="02-01"), "RedemptionCurve.ages", id="no-points"),
            pytest.param(curve(JANUARY, at="01-31"), "RedemptionCurve.ages", id="no-whole-month"),
        ],
    )
    def test_unknown_rates(self, found: RedemptionCurve, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            found.rates()

    def test_unknown_intervals(self) -> None:
        with pytest.raises(InvalidValue, match=r"RedemptionCurve.ages\[2\].low"):
            curve(JANUARY).low_rates()

    def test_a_liability_takes_the_curve(self) -> None:
        found = liability([FEBRUARY], PLAIN, as_of=day("03-01"), worth=Money(1, "USD"), rate=CURVE)

        assert Money("69.23", "USD") == found.total


class TestCurve:
    def test_of_one_currency(self) -> None:
        assert (
            CURVE.currency,
            curve(JANUARY, points="stars").currency,
            curve().currency,
        ) == ("points", "stars", None)

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"tail": 2}, "redemption_curve.tail", id="tail-above-1"),
            pytest.param({"tail": 0.5}, "redemption_curve.tail", id="float"),
            pytest.param({"level": 1}, "redemption_curve.level", id="level-1"),
            pytest.param({"level": 0}, "redemption_curve.level", id="level-0"),
        ],
    )
    def test_bad_input(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            curve(JANUARY, **more)

    @pytest.mark.parametrize(
        ("found", "text"),
        [
            pytest.param(CURVE, "expected redemption of new points 0.466667, ages: 3", id="known"),
            pytest.param(curve(), "expected redemption of new points none, ages: 0", id="empty"),
            pytest.param(
                curve(TestTail.OPEN, at="02-01"), "expected redemption of new points none, ages: 1", id="unknown"
            ),
        ],
    )
    def test_in_words(self, found: RedemptionCurve, text: str) -> None:
        assert text == str(found)

    def test_as_a_table(self) -> None:
        assert "0.384615" in CURVE._repr_html_()
