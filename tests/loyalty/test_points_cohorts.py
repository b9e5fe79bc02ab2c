"""What became of points, by the month in which they were issued."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.errors import InvalidValue
from relex.loyalty import (
    Account,
    Clawback,
    EarningRule,
    Escrow,
    Flat,
    PerAmount,
    Points,
    Program,
    RateByAge,
    RedemptionEstimate,
    Restore,
    absorb,
    points_cohorts,
    transfer,
)
from relex.purchases import Return

if TYPE_CHECKING:
    from datetime import tzinfo

    from relex.loyalty import PointsCohort, PointsCohorts

SALES = program(EarningRule("base", PerAmount(1, per="1.00")))
OWING = program(EarningRule("base", PerAmount(1, per="1.00")), clawback=Clawback(reach="allow_debt"))


def cohorts(*accounts: Account, at: str = "12-31", of: Program = PLAIN) -> PointsCohorts:
    return points_cohorts(accounts, of, as_of=day(at))


def cohort(*accounts: Account, at: str = "12-31", of: Program = PLAIN) -> PointsCohort:
    """The only cohort of these accounts."""
    (found,) = cohorts(*accounts, at=at, of=of).cohorts
    return found


def parts(found: PointsCohort) -> dict[str, int]:
    """What became of the points, without zeros."""
    names = ("redeemed", "expired", "reversed", "out", "moved", "open")
    return {name: points for name in names if (points := getattr(found, name))}


def months(found: PointsCohort) -> list[tuple[int, int, int, int, int, int]]:
    return [(each.age, each.redeemed, each.expired, each.reversed, each.out, each.moved) for each in found.months]


class TestWhatBecame:
    LOT = adjusted(opened(PLAIN), PLAIN, 100, day("01-05"), ends=day("06-01"))

    def test_nothing_yet(self) -> None:
        assert parts(cohort(self.LOT, at="02-01")) == {"open": 100}

    def test_redeemed_and_expired(self) -> None:
        account = self.LOT.redeem(30, PLAIN, id="r", at=day("03-10")).state

        assert months(cohort(account)) == [(2, 30, 0, 0, 0, 0), (5, 0, 70, 0, 0, 0)]

    def test_later_entries_are_not_seen(self) -> None:
        account = self.LOT.redeem(30, PLAIN, id="r", at=day("03-10")).state

        assert parts(cohort(account, at="03-01")) == {"open": 100}

    def test_adjusted_away(self) -> None:
        assert parts(cohort(adjusted(self.LOT, PLAIN, -25, day("02-01")), at="03-01")) == {"out": 25, "open": 75}

    def test_a_restored_redemption_counts_the_other_way_when_it_is_restored(self) -> None:
        account = self.LOT.redeem(30, PLAIN, id="r", at=day("02-10")).state
        account = account.restore("r", PLAIN, points=10, at=day("03-10")).state

        assert months(cohort(account, at="04-01")) == [(1, 30, 0, 0, 0, 0), (2, -10, 0, 0, 0, 0)]

    def test_points_that_are_restored_too_late_expire(self) -> None:
        account = self.LOT.redeem(30, PLAIN, id="r", at=day("02-10")).state
        account = account.restore("r", PLAIN, at=day("07-10")).state

        assert parts(cohort(account)) == {"expired": 100}

    def test_a_lot_that_is_issued_anew_stays_with_its_cohort(self) -> None:
        again = program(expires=Months(1), restore=Restore("reissue"))
        account = adjusted(opened(again), again, 100, day("01-05"), ends=day("02-01"))
        account = account.redeem(30, again, id="r", at=day("01-10")).state
        account = account.restore("r", again, at=day("03-10")).state
        account = account.redeem(20, again, id="q", at=day("03-11")).state

        assert parts(cohort(account, at="03-12", of=again)) == {"redeemed": 20, "expired": 70, "open": 10}

    def test_a_lot_that_pays_a_debt_is_redeemed_then(self) -> None:
        account = opened(PLAIN).redeem(30, PLAIN, id="r", at=day("01-10"), allow_debt=True).state

        assert months(cohort(adjusted(account, PLAIN, 100, day("03-05")))) == [(0, 30, 0, 0, 0, 0)]

    def test_what_is_left_when_an_account_closes_is_out(self) -> None:
        account = self.LOT.redeem(30, PLAIN, id="r", at=day("02-10")).state
        account = account.close(PLAIN, at=day("04-10")).state

        assert months(cohort(account)) == [(1, 30, 0, 0, 0, 0), (3, 0, 0, 0, 70, 0)]

    def test_a_closed_account_without_points_adds_nothing(self) -> None:
        account = self.LOT.redeem(100, PLAIN, id="r", at=day("02-10")).state

        assert parts(cohort(account.close(PLAIN, at=day("04-10")).state)) == {"redeemed": 100}


class TestHolds:
    HELD = adjusted(opened(PLAIN), PLAIN, 100, day("01-05")).hold(
        60, PLAIN, id="h", until=day("05-01"), at=day("02-10")
    )

    def test_an_open_hold_is_no_redemption(self) -> None:
        assert parts(cohort(self.HELD.state, at="03-01")) == {"open": 100}

    def test_a_captured_hold_is_one_from_its_capture_on(self) -> None:
        account = self.HELD.state.capture("h", PLAIN, points=45, at=day("04-03")).state

        assert [row for row in months(cohort(account)) if any(row[1:])] == [(3, 45, 0, 0, 0, 0)]

    def test_before_its_capture_it_is_open(self) -> None:
        account = self.HELD.state.capture("h", PLAIN, points=45, at=day("04-03")).state

        assert parts(cohort(account, at="03-01")) == {"open": 100}

    def test_a_void_hold_never_was_one(self) -> None:
        account = self.HELD.state.void("h", PLAIN, at=day("04-03")).state

        assert parts(cohort(account)) == {"open": 100}

    def test_a_lapsed_hold_never_was_one(self) -> None:
        assert [row for row in months(cohort(self.HELD.state)) if any(row[1:])] == []

    def test_what_was_held_when_the_account_closed_is_out(self) -> None:
        assert parts(cohort(self.HELD.state.close(PLAIN, at=day("04-10")).state)) == {"out": 100}


class TestReturns:
    BOUGHT = sale("100.00", at=day("01-05"))
    BACK = Return("b", purchase="s1", at=day("03-01"), lines={1: 1})

    def bought(self, of: Program = SALES) -> Account:
        return opened(of).earn(self.BOUGHT, of, at=day("01-05")).state

    def test_reversed(self) -> None:
        account = self.bought().reverse(self.BACK, SALES, at=day("03-01")).state

        assert months(cohort(account, of=SALES)) == [(2, 0, 0, 100, 0, 0)]

    def test_other_points_are_reversed_for_spent_ones(self) -> None:
        account = self.bought().redeem(80, SALES, id="r", at=day("02-01")).state
        account = adjusted(account, SALES, 50, day("02-10")).reverse(self.BACK, SALES, at=day("03-01")).state
        first, second = cohorts(account, of=SALES).cohorts

        assert (parts(first), parts(second)) == ({"redeemed": 80, "reversed": 20}, {"reversed": 50})

    def test_a_debt_of_a_return_is_paid_by_later_points(self) -> None:
        account = self.bought(OWING).redeem(80, OWING, id="r", at=day("02-01")).state
        account = account.reverse(self.BACK, OWING, at=day("03-01")).state
        account = adjusted(account, OWING, 100, day("04-01"))
        _, second = cohorts(account, of=OWING).cohorts

        assert parts(second) == {"reversed": 80, "open": 20}

    def test_a_return_whose_id_is_the_name_of_a_lot(self) -> None:
        back = Return("purchase:s1", purchase="s1", at=day("03-01"), lines={1: 1})
        account = self.bought().redeem(80, SALES, id="r", at=day("02-01")).state
        account = adjusted(account, SALES, 50, day("02-10")).reverse(back, SALES, at=day("03-01")).state
        first, second = cohorts(account, of=SALES).cohorts

        assert (parts(first), parts(second)) == ({"redeemed": 80, "reversed": 20}, {"reversed": 50})

    def test_points_in_escrow_that_are_never_activated_are_reversed(self) -> None:
        waiting = program(EarningRule("visit", Flat(10), on="visit", pending=Escrow("delivered", within=Days(60))))
        account = opened(waiting).earn(visit("v", day("01-05")), waiting, at=day("01-05")).state

        assert months(cohort(account, of=waiting)) == [(2, 0, 0, 10, 0, 0)]

    def test_points_in_escrow_that_are_activated_are_issued_once(self) -> None:
        waiting = program(EarningRule("visit", Flat(10), on="visit", pending=Escrow("delivered", within=Days(60))))
        account = opened(waiting).earn(visit("v", day("01-05")), waiting, at=day("01-05")).state
        account = account.activate(("visit", "v"), waiting, on="delivered", at=day("02-01")).state
        found = cohort(account, of=waiting)

        assert (found.issued, parts(found)) == (10, {"open": 10})


class TestTransfers:
    def moved(self) -> tuple[Account, Account]:
        sender = adjusted(opened(PLAIN), PLAIN, 100, day("01-05"))
        receiver = Account.open("a2", customer="c2", program=PLAIN, at=START).state
        sent, received = transfer(60, sender, receiver, PLAIN, id="t", at=day("03-01"))
        return sent.state, received.state

    def test_points_that_move_are_issued_once(self) -> None:
        found = cohort(*self.moved())

        assert (found.issued, parts(found)) == (100, {"open": 100})

    def test_the_sender_alone(self) -> None:
        assert parts(cohort(self.moved()[0])) == {"moved": 60, "open": 40}

    def test_the_receiver_alone(self) -> None:
        found = cohort(self.moved()[1])

        assert (found.issued, parts(found)) == (0, {"moved": -60, "open": 60})


class TestAbsorbing:
    def merged(self, *, debt: int = 0) -> tuple[Account, Account]:
        other = adjusted(opened(PLAIN), PLAIN, 100, day("01-05")).redeem(30, PLAIN, id="r", at=day("02-01")).state
        if debt:
            other = other.redeem(debt, PLAIN, id="q", at=day("02-02"), allow_debt=True).state
        account = Account.open("a2", customer="c2", program=PLAIN, at=START).state
        gone, here = absorb(adjusted(account, PLAIN, 50, day("03-01")), other, PLAIN, at=day("04-01"))
        return gone.state, here.state

    def test_points_that_move_are_issued_once(self) -> None:
        first, _ = cohorts(*self.merged()).cohorts

        assert (first.issued, parts(first)) == (100, {"redeemed": 30, "open": 70})

    def test_debts_that_came_along_are_paid_with_points_that_are_out(self) -> None:
        first, second = cohorts(*self.merged(debt=90)).cohorts

        assert (parts(first), parts(second)) == ({"redeemed": 100}, {"out": 20, "open": 30})


class TestKnownThen:
    """What was recorded later is left out."""

    def known(self, *accounts: Account, at: str) -> PointsCohorts:
        return points_cohorts(accounts, PLAIN, as_of=day("04-01"), known_at=day(at))

    def test_a_late_entry(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-05"))
        account = adjusted(account, PLAIN, -25, day("02-01"), now=day("04-20"))

        assert [parts(self.known(account, at=at).cohorts[0]) for at in ("04-19", "04-20")] == [
            {"open": 100},
            {"out": 25, "open": 75},
        ]

    def test_a_late_capture(self) -> None:
        account = TestHolds.HELD.state.capture("h", PLAIN, at=day("04-20"), effective=day("03-20")).state

        assert [parts(self.known(account, at=at).cohorts[0]) for at in ("04-19", "04-20")] == [
            {"open": 100},
            {"redeemed": 60, "open": 40},
        ]

    def test_an_account_that_is_opened_later(self) -> None:
        assert self.known(opened(PLAIN, day("03-01")), at="02-01").accounts == 0


class TestTable:
    def test_in_the_order_of_months(self) -> None:
        account = adjusted(adjusted(opened(PLAIN), PLAIN, 5, day("03-05")), PLAIN, 7, day("01-05"), now=day("03-06"))

        assert [date(2026, 1, 1), date(2026, 3, 1)] == [each.month for each in cohorts(account).cohorts]

    @pytest.mark.parametrize(
        ("zone", "month"),
        [
            pytest.param(UTC, date(2026, 2, 1), id="utc"),
            pytest.param(ZoneInfo("America/Los_Angeles"), date(2026, 1, 1), id="los-angeles"),
        ],
    )
    def test_months_are_local(self, zone: tzinfo, month: date) -> None:
        away = program(tz=zone)

        assert month == cohort(adjusted(opened(away), away, 10, day("02-01", 7)), of=away).month

    def test_how_many_months_are_over(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, day("01-05"))

        assert [cohort(account, at=at).complete for at in ("01-31", "02-01", "12-31")] == [0, 1, 11]

    def test_points_of_one_currency(self) -> None:
        both = program(
            EarningRule("visit", Flat(10), on="visit", gives=("miles", "status")),
            points=(Points("points"), Points("miles"), Points("status", qualifying=True)),
        )
        account = opened(both).earn(visit("v", day("02-01")), both, at=day("02-01")).state
        found = cohorts(account, of=both)

        assert ([each.currency for each in found.cohorts], len(found.of()), len(found.of("points"))) == (
            ["miles"],
            1,
            0,
        )

    def test_accounts_without_points(self) -> None:
        found = cohorts(opened(PLAIN), opened(PLAIN, day("2027-01-01")))

        assert (found.cohorts, found.accounts) == ((), 1)

    def test_another_program(self) -> None:
        with pytest.raises(InvalidValue, match=r"points_cohorts.accounts\[0\]"):
            points_cohorts([opened(PLAIN)], Program("q", currency="USD"), as_of=day("02-01"))

    def test_shown(self) -> None:
        found = cohorts(adjusted(opened(PLAIN), PLAIN, 1_000, day("01-05")))

        assert str(found) == "1,000 points issued (cohorts: 1, accounts: 1)"
        assert "2026-01" in found._repr_html_()


class TestRates:
    ACCOUNT = adjusted(opened(PLAIN), PLAIN, 100, day("01-05"), ends=day("06-01"))
    SPENT = ACCOUNT.redeem(30, PLAIN, id="r", at=day("03-10")).state

    def test_redemption_rate(self) -> None:
        assert str(cohort(self.SPENT).redemption_rate.as_percent()) == "30.00 percent (30 of 100)"

    def test_breakage(self) -> None:
        assert str(cohort(self.SPENT).breakage.as_percent()) == "70.00 percent (70 of 100)"

    def test_parts(self) -> None:
        assert tuple(cohort(self.SPENT).breakage.part(name) for name in ("issued", "redeemed", "expired")) == (
            100,
            30,
            70,
        )

    def test_over_all_months(self) -> None:
        account = adjusted(self.SPENT, PLAIN, 200, day("07-01"))

        assert Fraction(30, 300) == cohorts(account).redemption_rate().value
        assert Fraction(70, 300) == cohorts(account).breakage("points").value

    def test_nothing_issued_is_no_rate(self) -> None:
        found = cohorts().redemption_rate()

        assert (found.value, found.reason) == (None, "zero_denominator")


class TestEstimate:
    def test_redeemed_and_what_is_expected_of_the_rest(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-05")).redeem(40, PLAIN, id="r", at=day("01-06")).state
        estimate = cohort(account, at="02-01").estimate(RateByAge(["0.9", "0.5"]), on=date(2026, 1, 31))

        assert RedemptionEstimate(on=date(2026, 1, 31), redeemed=40, expected=Fraction(70), outstanding=60) == estimate


def test_an_instant_needs_a_time_zone() -> None:
    with pytest.raises(InvalidValue, match=r"points_cohorts.as_of"):
        points_cohorts([], PLAIN, as_of=datetime(2026, 1, 1))  # noqa: DTZ001 - on purpose
