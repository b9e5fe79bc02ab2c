"""Win rates, average sizes, velocity and coverage."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pipeline_deals import dead, deal, on, sales, usd

from relex.calendars import Period
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.money import Money, RateTable
from relex.pipeline import average_size, coverage, velocity, win_rate

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
RATES = RateTable(date(2026, 1, 1), [("EUR", "USD", "2")])


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


class TestWinRate:
    def test_carries_its_parts_and_policies(self) -> None:
        found = win_rate([deal("w", 0, (5, "won")), dead("l", 0, 6), deal("o")], as_of=on(9), period=JANUARY)

        assert str(found.as_percent()) == "50.00 percent (1 of 2)"
        assert dict(found.parts) == {"won": 1, "lost": 1, "open": 0}
        assert found.method == "win rate of closed by count"
        assert dict(found.parameters) == {"period": "2026-01-01 to 2026-02-01", "tz": "UTC"}
        assert found.as_of == on(9)

    def test_closed_goes_by_the_closing_and_cohort_by_the_opening(self) -> None:
        found = [deal("before", -20, (5, "won")), deal("after", 5, (50, "won")), dead("within", 1, 2)]

        assert win_rate(found, as_of=on(60), period=JANUARY).value == Fraction(1, 2)
        assert win_rate(found, as_of=on(60), of="cohort", period=JANUARY).value == Fraction(1, 2)
        assert win_rate(found, as_of=on(60), of="cohort", period=Period(on(5), None)).value == 1

    def test_reopened_deals_are_open(self) -> None:
        again = deal("w", 0, (5, "won")).reopen(sales(), at=on(7)).state

        assert win_rate([again], as_of=on(6)).value == 1
        assert win_rate([again], as_of=on(9)).reason == "no_closed_deals"

    @pytest.mark.parametrize(("of", "reason"), [("closed", "no_closed_deals"), ("created", "no_deals")])
    @pytest.mark.parametrize("by", ["count", "amount"])
    def test_nothing_has_no_rate(self, of: str, reason: str, by: str) -> None:
        found = win_rate([], as_of=on(9), of=of, by=by)

        assert (found.value, found.reason) == (None, reason)

    def test_a_lost_deal_counts_with_its_last_amount_while_open(self) -> None:
        lost = deal("l", 0, amount=10).change_amount(usd(300), at=on(1)).state
        lost = lost.lose(sales(), at=on(2), reason="price").state

        found = win_rate([deal("w", 0, (5, "won"), amount=100), lost], as_of=on(9), by="amount")

        assert found.value == Fraction(1, 4)
        assert (found.part("won_amount"), found.part("lost_amount")) == (usd(100), usd(300))

    def test_deals_without_an_amount_are_counted_beside_it(self) -> None:
        found = win_rate([deal("w", 0, (5, "won"), amount=100), dead("l", 0, 6)], as_of=on(9), by="amount")

        assert (found.value, found.part("without_amount")) == (1, 1)

    def test_without_any_amount_there_is_no_rate_by_amount(self) -> None:
        found = win_rate([deal("w", 0, (5, "won"))], as_of=on(9), by="amount", of="created")

        assert (found.reason, found.part("open_share")) == ("no_amounts", None)

    def test_amounts_of_nothing_have_no_rate(self) -> None:
        assert win_rate([deal("w", 0, (5, "won"), amount=0)], as_of=on(9), by="amount").reason == "zero_denominator"

    def test_currencies_need_rates(self) -> None:
        found = [deal("w", 0, (5, "won"), amount=100), dead("l", 0, 6, amount=eur(50))]

        with pytest.raises(CurrencyMismatch):
            win_rate(found, as_of=on(9), by="amount")
        converted = win_rate(found, as_of=on(9), by="amount", rates=RATES, currency="USD")
        assert converted.value == Fraction(1, 2)
        assert dict(converted.parameters)["rates_of"] == RATES.day
        with pytest.raises(NotFound):
            win_rate(found, as_of=on(9), by="amount", rates=RATES, currency="EUR")

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"by": "size"}, id="by"),
            pytest.param({"of": "all"}, id="of"),
            pytest.param({"period": "January"}, id="period"),
            pytest.param({"tz": "UTC"}, id="zone"),
            pytest.param({"rates": RATES}, id="rates without a currency"),
            pytest.param({"rates": {}}, id="rates"),
            pytest.param({"currency": "dollars"}, id="currency"),
            pytest.param({"currency": "EUR"}, id="a currency without rates"),
            pytest.param({"as_of": datetime(2026, 3, 1)}, id="naive"),  # noqa: DTZ001
            pytest.param({"deals": 5}, id="no deals"),
            pytest.param({"deals": ["d"]}, id="no deal"),
        ],
    )
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"deals": [], "as_of": on(9), **wrong}
        with pytest.raises(InvalidValue, match="win_rate"):
            win_rate(asked.pop("deals"), **asked)


class TestAverageSize:
    def test_of_won_deals_alone_unless_asked(self) -> None:
        found = [
            deal("a", 0, (5, "won"), amount=100),
            deal("b", 0, (5, "won"), amount=101),
            dead("l", 0, 6, amount=600),
        ]

        assert str(average_size(found, as_of=on(9))) == "100.50 USD (201.00 USD of 2)"
        assert average_size(found, as_of=on(9), of="closed").value == 267

    def test_deals_without_an_amount_are_left_out_and_counted(self) -> None:
        found = average_size([deal("a", 0, (5, "won"), amount=100), deal("b", 0, (5, "won"))], as_of=on(9))

        assert (found.value, found.part("deals"), found.part("without_amount")) == (100, 2, 1)

    @pytest.mark.parametrize(
        ("given", "policy", "reason"),
        [
            ([], {}, "no_won_deals"),
            ([], {"of": "closed"}, "no_closed_deals"),
            ([deal("a", 0, (5, "won"))], {}, "no_amounts"),
            ([deal("a", 0, (50, "won"), amount=5)], {"period": JANUARY}, "no_won_deals"),
        ],
    )
    def test_nothing_has_no_size(self, given: list[Any], policy: dict[str, Any], reason: str) -> None:
        assert average_size(given, as_of=on(99), **policy).reason == reason

    def test_refuses_other_policies(self) -> None:
        with pytest.raises(InvalidValue, match=r"average_size\.of"):
            average_size([], as_of=on(9), of="open")


class TestVelocity:
    GIVEN = (
        deal("w1", 0, (10, "won"), amount=300),
        deal("w2", 0, (20, "won"), amount=100),
        dead("l", 0, 60, amount=10),
        deal("o", 0, amount=7),
    )

    @pytest.mark.parametrize(
        ("policy", "n", "days"),
        [
            ({}, 1, 15),
            ({"n": "won"}, 2, 15),
            ({"n": "closed"}, 3, 15),
            ({"n": "closed", "cycle": "closed"}, 3, 30),
        ],
    )
    def test_which_deals_are_counted_is_named(self, policy: dict[str, Any], n: int, days: int) -> None:
        found = velocity(self.GIVEN, as_of=on(90), **policy)

        assert found.value == Fraction(n * 200 * 2, 3 * days)
        assert dict(found.parts) == {"n": n, "average_size": 200, "win_rate": Fraction(2, 3), "cycle_days": days}
        assert found.unit == "USD per day"

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ([], "no_won_deals"),
            ([deal("w", 0, (1, "won"))], "no_amounts"),
            ([deal("w", 0, (0, "won"), amount=5)], "zero_denominator"),
        ],
    )
    def test_a_part_that_is_missing_is_told(self, given: list[Any], reason: str) -> None:
        assert velocity(given, as_of=on(9)).reason == reason

    @pytest.mark.parametrize(
        "wrong",
        [{"n": "all"}, {"cycle": "lost"}, {"period": "May"}, {"tz": "UTC"}, {"currency": "dollars"}],
        ids=str,
    )
    def test_refuses_other_policies(self, wrong: dict[str, str]) -> None:
        with pytest.raises(InvalidValue, match=rf"velocity\.{next(iter(wrong))}"):
            velocity([], as_of=on(9), **wrong)


class TestCoverage:
    GIVEN = (
        deal("a", 0, amount=100, expected_close=date(2026, 1, 9)),
        deal("b", 0, amount=200, expected_close=date(2026, 3, 9)),
        deal("c", 0, amount=300),
        deal("d", 0, expected_close=date(2026, 1, 9)),
        deal("w", 0, (1, "won"), amount=900),
    )

    def test_open_deals_over_what_is_missing(self) -> None:
        found = coverage(self.GIVEN, usd(240), as_of=on(9))

        assert (found.value, found.unit) == (Fraction(5, 2), "times")
        assert dict(found.parts) == {"open": 4, "without_amount": 1, "open_amount": usd(600), "remaining": usd(240)}

    def test_of_a_period_only_what_is_expected_in_it(self) -> None:
        found = coverage(self.GIVEN, usd(50), as_of=on(9), period=JANUARY)

        assert (found.value, found.part("open")) == (2, 2)

    @pytest.mark.parametrize("remaining", [0, -5])
    def test_where_nothing_is_missing_there_is_no_ratio(self, remaining: int) -> None:
        assert coverage([], Money(remaining, "USD"), as_of=on(9)).reason == "nothing_remaining"

    def test_converts_into_the_currency_of_the_quota(self) -> None:
        assert coverage([deal("e", 0, amount=eur(50))], usd(100), as_of=on(9), rates=RATES).value == 1
        with pytest.raises(CurrencyMismatch):
            coverage([deal("e", 0, amount=eur(50))], usd(100), as_of=on(9))

    @pytest.mark.parametrize("wrong", [{"remaining": Decimal(5)}, {"period": Period(on(0), on(9))}])
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"remaining": usd(5), "as_of": on(9), **wrong}
        with pytest.raises(InvalidValue, match="coverage"):
            coverage([], asked.pop("remaining"), **asked)
