"""The way from an opening to a closing: every row, what belongs to which period, and what was recorded late."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import PLAIN, adjusted, day, opened, program, sale, visit

from relex.calendars import Period
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty import (
    Account,
    EarningRule,
    Flat,
    PerAmount,
    Points,
    absorb,
    outstanding,
    roll_forward,
    transfer,
)
from relex.money import Money
from relex.purchases import Return

if TYPE_CHECKING:
    from relex.loyalty import Program, RollForward

FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
WORTH = Money("0.05", "USD")
SHOP = program(EarningRule("base", PerAmount(1, per="1.00")), EarningRule("visit", Flat(100), on="visit"))


def rolled(*accounts: Account, of: Program = PLAIN, period: Period = FEBRUARY, **more: Any) -> RollForward:
    return roll_forward(accounts, of, period, **{"worth": WORTH, "rate": 1, **more})


def points(found: RollForward, currency: str = "points") -> dict[str, int]:
    """The rows that are not 0."""
    return {row.what: row.points for row in found.rows if row.points and row.currency == currency}


def amounts(found: RollForward) -> dict[str, str]:
    return {row.what: str(row.amount) for row in found.rows if row.amount.amount}


def other() -> Account:
    return Account.open("a2", customer="c2", program=PLAIN, at=day("01-01")).state


class TestRows:
    """Each flow has its row, above 0 what came and below 0 what went."""

    def test_earned_redeemed_and_reversed(self) -> None:
        account = opened(SHOP).earn(visit("v1", day("01-10")), SHOP, at=day("01-10")).state
        account = account.earn(sale("60.00", at=day("02-10")), SHOP, at=day("02-10")).state
        account = account.redeem(30, SHOP, id="r1", at=day("02-11")).state
        account = account.restore("r1", SHOP, id="b1", points=10, at=day("02-12")).state
        account = account.reverse(
            Return("back", purchase="s1", at=day("02-13"), lines={1: 1}), SHOP, at=day("02-13")
        ).state

        assert points(rolled(account, of=SHOP)) == {
            "opening": 100,
            "earned": 60,
            "redeemed": -20,
            "reversed": -60,
            "closing": 80,
        }

    def test_adjusted_both_ways(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("02-02"))
        account = account.adjust(-30, PLAIN, id="minus", reason="error", actor="ann", at=day("02-03")).state

        assert points(rolled(account)) == {"adjusted": 70, "closing": 70}

    def test_left_in_an_account_that_closed(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"))
        account = account.adjust(-30, PLAIN, id="minus", reason="error", actor="ann", at=day("02-03")).state
        account = account.close(PLAIN, at=day("02-04")).state

        assert points(rolled(account)) == {"opening": 100, "adjusted": -30, "closed": -70}

    def test_moved_is_0_over_both_sides(self) -> None:
        sent, received = transfer(
            40, adjusted(opened(PLAIN), PLAIN, 100, day("01-02")), other(), PLAIN, id="t", at=day("02-02")
        )

        assert points(rolled(sent.state)) == {"opening": 100, "moved": -40, "closing": 60}
        assert points(rolled(received.state)) == {"moved": 40, "closing": 40}
        assert points(rolled(sent.state, received.state)) == {"opening": 100, "closing": 100}

    @pytest.mark.parametrize("spent", [30, 150])
    def test_an_account_that_was_absorbed_moved_with_its_debt(self, spent: int) -> None:
        ends = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"))
        ends = ends.redeem(spent, PLAIN, id="r", at=day("01-03"), allow_debt=True).state
        mine, ended = absorb(other(), ends, PLAIN, at=day("02-04"))

        assert {"opening": 100 - spent, "moved": spent - 100} == points(rolled(ended.state))
        assert {"moved": 100 - spent, "closing": 100 - spent} == points(rolled(mine.state))

    def test_pending_and_held_points_are_outstanding(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"))
        account = account.hold(60, PLAIN, id="h", until=day("06-01"), at=day("02-10")).state

        assert points(rolled(account)) == {"opening": 100, "closing": 100}

    def test_currencies_of_status_have_no_rows(self) -> None:
        of = program(
            EarningRule("visit", Flat(5), on="visit", gives=("points", "status")),
            points=(Points("points"), Points("status", qualifying=True)),
        )
        account = opened(of).earn(visit("v", day("02-02")), of, at=day("02-02")).state

        assert {"points"} == {row.currency for row in rolled(account, of=of).rows}

    def test_nobody_is_nothing(self) -> None:
        assert points(rolled()) == {}
        assert amounts(rolled()) == {}


class TestPeriods:
    """A period is half-open: its first instant is in, its end is the next one's."""

    def test_an_account_that_opened_later_does_not_count_yet(self) -> None:
        account = adjusted(opened(PLAIN, day("03-01")), PLAIN, 100, day("03-01"))

        assert points(rolled(account)) == {}
        assert points(rolled(account, period=Period(date(2026, 3, 1), date(2026, 4, 1)))) == {
            "adjusted": 100,
            "closing": 100,
        }

    def test_what_is_good_through_the_last_date_expires_in_the_next_period(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"), ends=day("03-01"))
        march = rolled(account, period=Period(date(2026, 3, 1), date(2026, 4, 1)))

        assert points(rolled(account)) == {"opening": 100, "closing": 100}
        assert points(march) == {"opening": 100, "expired": -100}

    def test_dates_are_local_to_the_program(self) -> None:
        of = program(tz=ZoneInfo("America/New_York"))
        account = adjusted(opened(of), of, 100, datetime(2026, 2, 1, 4, 59, tzinfo=UTC))

        assert points(rolled(account, of=of)) == {"opening": 100, "closing": 100}
        assert datetime(2026, 2, 1, 5, tzinfo=UTC) == rolled(account, of=of).start

    def test_nothing_is_before_the_first_instant(self) -> None:
        ever = rolled(adjusted(opened(PLAIN), PLAIN, 100, day("01-02")), period=Period(date(1, 1, 1), date(2026, 3, 1)))

        assert points(ever) == {"adjusted": 100, "closing": 100}

    def test_it_has_an_end(self) -> None:
        with pytest.raises(InvalidValue, match=r"roll_forward\.period: expected a Period with an end"):
            rolled(period=Period(date(2026, 2, 1)))
        with pytest.raises(InvalidValue, match=r"roll_forward\.period"):
            rolled(period="2026-02")  # type: ignore[arg-type]


class TestLate:
    """What was recorded after a month was reported."""

    def setup_method(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"))
        account = adjusted(account, PLAIN, 20, day("02-05"))
        self.account = account.redeem(30, PLAIN, id="late", at=day("03-05"), effective=day("02-20")).state

    def test_an_old_answer_can_be_given_again(self) -> None:
        assert points(rolled(self.account, known_at=day("03-01"))) == {"opening": 100, "adjusted": 20, "closing": 120}
        assert points(rolled(self.account)) == {"opening": 100, "adjusted": 20, "redeemed": -30, "closing": 90}

    def test_it_is_booked_in_the_next_period_when_the_opening_is_that_which_was_reported(self) -> None:
        march = Period(date(2026, 3, 1), date(2026, 4, 1))
        found = rolled(self.account, period=march, opening_known_at=day("03-01"))

        assert points(found) == {"opening": 120, "redeemed": -30, "closing": 90}


class TestMoney:
    """Openings and closings at their rates, flows at their worth, and the rest is what was expected to be wasted."""

    ACCOUNT = adjusted(adjusted(opened(PLAIN), PLAIN, 100, day("01-02")), PLAIN, 50, day("02-05"))

    def test_amounts_add_up(self) -> None:
        expected = {"opening": "4.00 USD", "adjusted": "2.50 USD", "remeasured": "-0.50 USD", "closing": "6.00 USD"}

        assert expected == amounts(rolled(self.ACCOUNT, rate="0.8"))

    def test_a_changed_rate_is_remeasured(self) -> None:
        found = rolled(self.ACCOUNT, rate="0.7", opening_rate="0.8")

        assert amounts(found) == {
            "opening": "4.00 USD",
            "adjusted": "2.50 USD",
            "remeasured": "-1.25 USD",
            "closing": "5.25 USD",
        }
        assert (Money("4.00", "USD"), Money("5.25", "USD")) == (found.opening.total, found.closing.total)

    def test_worth_is_in_the_currency_of_the_program(self) -> None:
        with pytest.raises(CurrencyMismatch):
            rolled(self.ACCOUNT, worth=Money(1, "EUR"))


class TestShown:
    """In words and as a table."""

    def test_text(self) -> None:
        found = rolled(adjusted(opened(PLAIN), PLAIN, 100, day("02-02")))

        assert str(found) == "0.00 USD to 5.00 USD, 2026-02-01T00:00:00+00:00 to 2026-03-01T00:00:00+00:00"

    def test_a_table_with_every_row(self) -> None:
        of = program(points=(Points("<b>"),))
        shown = rolled(of=of)._repr_html_()

        assert "&lt;b&gt;" in shown
        assert "<b>" not in shown
        assert shown.count("<tr>") == 11

    def test_progress(self) -> None:
        told: list[int] = []
        rolled(opened(PLAIN), other(), progress=told.append)

        assert told == [1, 2]

    def test_accounts_are_read_one_by_one(self) -> None:
        found = roll_forward(iter([opened(PLAIN)]), PLAIN, FEBRUARY, worth=WORTH, rate=1)

        assert found.closing.accounts == 1
        assert outstanding([opened(PLAIN)], PLAIN, as_of=found.end).points() == 0
