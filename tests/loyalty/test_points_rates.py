"""How a program is used: burn to earn, active accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import PLAIN, START, VISITS, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Period
from relex.errors import InvalidValue
from relex.loyalty import EarningRule, Escrow, Flat, Occasion, PerAmount, Points, active_rate, burn_to_earn
from relex.purchases import Return

if TYPE_CHECKING:
    from relex.figures import Figure
    from relex.loyalty import Account, Program

SALES = program(EarningRule("base", PerAmount(1, per="1.00")))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def bought(at: str, name: str = "s1", account: Account | None = None, of: Program = SALES) -> Account:
    return (account or opened(of)).earn(sale("100.00", name=name, at=day(at)), of, at=day(at)).state


def burnt(*accounts: Account, period: Period = MARCH, of: Program = SALES, **more: Any) -> Figure:
    return burn_to_earn(accounts, of, period, **more)


class TestBurnToEarn:
    def test_redeemed_of_earned(self) -> None:
        account = bought("03-01").redeem(25, SALES, id="r", at=day("03-31")).state

        assert str(burnt(account)) == "0.25 share (25 of 100)"

    @pytest.mark.parametrize("at", ["02-28", "04-01"])
    def test_other_periods_do_not_count(self, at: str) -> None:
        assert ((found := burnt(bought(at))).value, found.reason) == (None, "zero_denominator")

    def test_a_period_without_an_end(self) -> None:
        account = bought("03-01").redeem(25, SALES, id="r", at=day("2027-03-31")).state

        assert Fraction(1, 4) == burnt(account, period=Period(day("03-01"))).value

    def test_restored_points_are_taken_off_in_the_period_in_which_they_came_back(self) -> None:
        account = bought("03-01").redeem(25, SALES, id="r", at=day("03-02")).state
        account = account.restore("r", SALES, points=10, at=day("03-05")).state
        account = account.restore("r", SALES, points=15, id="late", at=day("04-05")).state

        assert Fraction(15, 100) == burnt(account).value

    def test_returned_points_are_taken_off_in_the_period_in_which_they_were_earned(self) -> None:
        account = bought("03-10", "s2", bought("03-01")).redeem(25, SALES, id="r", at=day("03-12")).state
        back = Return("b", purchase="s1", at=day("05-01"), lines={1: 1})

        assert Fraction(1, 4) == burnt(account.reverse(back, SALES, at=day("05-01")).state).value

    def test_points_that_were_canceled_in_escrow_were_not_earned(self) -> None:
        of = program(EarningRule("stay", Flat(20), on="stay", pending=Escrow("stayed", within=Days(5))))
        account = opened(of).earn(Occasion("stay", "n", day("03-01")), of, at=day("03-01")).state
        canceled = account.settle(of, at=day("03-20")).state

        assert (burnt(account, of=of).denominator, burnt(canceled, of=of).denominator) == (20, 0)
        assert canceled.earned(MARCH.instants(UTC)) == 0

    def test_a_hold_counts_when_it_is_captured(self) -> None:
        account = bought("03-01").hold(40, SALES, id="h", until=day("06-01"), at=day("03-02")).state

        assert (0, Fraction(2, 5)) == (
            burnt(account).value,
            burnt(account.capture("h", SALES, at=day("03-09")).state).value,
        )

    def test_dates_are_local(self) -> None:
        away = program(EarningRule("base", PerAmount(1, per="1.00")), tz=ZoneInfo("America/Los_Angeles"))
        account = bought("03-01", of=away)

        assert burnt(account, of=away).value is None

    def test_one_currency(self) -> None:
        both = program(
            EarningRule("visit", Flat(10), on="visit", gives=("points", "miles", "status")),
            points=(Points("points"), Points("miles"), Points("status", qualifying=True)),
        )
        account = opened(both).earn(visit("v", day("03-02")), both, at=day("03-02")).state
        account = account.redeem(4, both, id="r", at=day("03-03"), currency="miles").state

        assert (0, Fraction(2, 5)) == (burnt(account, of=both).value, burnt(account, of=both, points="miles").value)

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"points": "miles"}, "burn_to_earn.points", id="unknown-currency"),
            pytest.param({"period": "2026-03"}, "burn_to_earn.period", id="no-period"),
            pytest.param({"of": program(points=[Points("s", qualifying=True)])}, "burn_to_earn.points", id="none"),
        ],
    )
    def test_bad_input(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            burnt(**more)


def active(*accounts: Account, at: str = "03-31", of: Program = VISITS, days: int = 30) -> Figure:
    return active_rate(accounts, of, as_of=day(at, 12), days=days)


def visited(at: datetime) -> Account:
    return opened(VISITS).earn(visit("v", at), VISITS, at=at).state


class TestActiveRate:
    def test_active_of_open(self) -> None:
        assert str(active(visited(day("03-20")), opened(VISITS))) == "0.50 share (1 of 2)"

    @pytest.mark.parametrize(
        ("at", "count"),
        [
            pytest.param(day("03-02"), 1, id="first-day"),
            pytest.param(day("03-01", 23), 0, id="day-before"),
            pytest.param(day("03-31", 12), 1, id="this-instant"),
            pytest.param(day("03-31", 13), 0, id="later"),
        ],
    )
    def test_the_last_days(self, at: datetime, count: int) -> None:
        assert count == active(visited(at)).numerator

    def test_an_occasion_that_gave_nothing_is_an_activity(self) -> None:
        account = opened(PLAIN).earn(visit("v", day("03-20")), PLAIN, at=day("03-20")).state

        assert active(account, of=PLAIN).numerator == 1

    def test_a_redemption_is_an_activity(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 10, day("01-05")).redeem(5, PLAIN, id="r", at=day("03-20")).state

        assert active(account, of=PLAIN).numerator == 1

    def test_what_others_do_is_none(self) -> None:
        assert active(adjusted(opened(PLAIN), PLAIN, 10, day("03-20")), of=PLAIN).numerator == 0

    def test_what_time_does_is_none(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 10, day("01-05"), ends=day("03-20"))

        assert active(account.settle(PLAIN, at=day("03-21")).state, of=PLAIN).numerator == 0

    def test_a_suspended_account_is_open(self) -> None:
        assert active(opened(VISITS).suspend(at=day("03-01")).state).denominator == 1

    def test_a_closed_account_is_not(self) -> None:
        found = active(visited(day("03-20")).close(VISITS, at=day("03-30")).state)

        assert (found.value, found.reason, found.part("closed")) == (None, "zero_denominator", 1)

    def test_an_account_that_closes_later_is_open(self) -> None:
        assert active(visited(day("03-20")).close(VISITS, at=day("05-01")).state).value == 1

    def test_an_account_that_is_opened_later_does_not_count(self) -> None:
        assert active(opened(VISITS, day("04-01"))).denominator == 0

    def test_days_are_at_least_one(self) -> None:
        with pytest.raises(InvalidValue, match=r"active_rate.days"):
            active(days=0)

    def test_days_may_go_back_to_the_first_of_all(self) -> None:
        assert active(visited(day("03-20")), days=10**9).numerator == 1

    def test_days_are_local(self) -> None:
        away = program(EarningRule("visit", Flat(10), on="visit"), tz=ZoneInfo("America/Los_Angeles"))
        account = opened(away, START).earn(visit("v", day("03-02", 7)), away, at=day("03-02", 7)).state

        assert active(account, of=away).numerator == 0
