"""A program on one page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import PLAIN, adjusted, day, opened, program

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.loyalty import (
    Points,
    RateByAge,
    active_rate,
    burn_to_earn,
    liability,
    outstanding,
    points_cohorts,
    program_report,
    redemption_curve,
)
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty import Account, ProgramReport

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
AT = day("04-15")
WORTH = Money("0.05", "USD")


def member(issued: int, at: str, spent: int, when: str, ends: str) -> Account:
    account = adjusted(opened(PLAIN), PLAIN, issued, day(at), ends=day(ends))
    return account.redeem(spent, PLAIN, id="r", at=day(when)).state


MEMBERS = (
    member(100, "01-10", 60, "02-20", "03-10"),
    member(200, "02-10", 120, "03-20", "04-10"),
    member(300, "04-01", 50, "04-10", "06-10"),
)


def report(*accounts: Account, **more: Any) -> ProgramReport:
    asked = {"as_of": AT, "period": YEAR, "worth": WORTH, **more}
    return program_report(accounts or MEMBERS, PLAIN, **asked)


REPORT = report()


class TestParts:
    """Each part is what its own function tells."""

    def test_outstanding(self) -> None:
        assert outstanding(MEMBERS, PLAIN, as_of=AT) == REPORT.outstanding

    def test_cohorts(self) -> None:
        assert points_cohorts(MEMBERS, PLAIN, as_of=AT) == REPORT.cohorts

    def test_curves(self) -> None:
        assert (redemption_curve(REPORT.cohorts),) == REPORT.curves

    def test_liability_by_the_curve(self) -> None:
        rates = REPORT.curves[0].rates()

        assert liability(MEMBERS, PLAIN, as_of=AT, worth=WORTH, rate=rates) == REPORT.liability

    def test_liability_by_a_given_rate(self) -> None:
        assert Money("10.00", "USD") == report(rate="0.8").liability.total

    def test_burn_to_earn(self) -> None:
        assert (("points", burn_to_earn(MEMBERS, PLAIN, YEAR)),) == REPORT.burn_to_earn

    def test_active_rate(self) -> None:
        assert active_rate(MEMBERS, PLAIN, as_of=AT) == REPORT.active_rate

    def test_days_of_activity(self) -> None:
        assert Fraction(1, 3) == report(days=10).active_rate.value


def test_accounts_are_read_once() -> None:
    seen: Counter[str] = Counter()

    def accounts() -> Iterator[Account]:
        for account in MEMBERS:
            seen["read"] += 1
            yield account

    assert program_report(accounts(), PLAIN, as_of=AT, period=YEAR, worth=WORTH) == REPORT
    assert seen["read"] == 3


def test_progress_is_told() -> None:
    told: list[int] = []
    report(progress=told.append)

    assert told == [1, 2, 3]


def test_history_that_tells_no_rate() -> None:
    young = member(100, "03-10", 60, "03-20", "06-10")

    with pytest.raises(InvalidValue, match=r"give a tail"):
        report(young)

    assert Money("1.00", "USD") == report(young, tail="0.5").liability.total


def test_a_currency_without_points_needs_no_rate() -> None:
    both = program(points=(Points("points"), Points("miles")))
    found = program_report([opened(both)], both, as_of=AT, period=YEAR, worth=WORTH)

    assert (Money(0, "USD"), ()) == (found.liability.total, found.curves)


def test_another_program() -> None:
    with pytest.raises(InvalidValue, match=r"program_report.accounts\[0\]"):
        report("account")  # type: ignore[arg-type]  # on purpose


def test_rates_by_age_are_taken() -> None:
    assert Money("1.25", "USD") == report(rate=RateByAge(["0.1"])).liability.total


def test_in_words() -> None:
    assert str(REPORT).splitlines()[1:] == [
        "active rate: 100.00 percent (3 of 3)",
        "burn to earn, points: none (zero_denominator) (230 of 0)",
        "redemption rate, points: 38.33 percent (230 of 600)",
        "breakage, points: 20.00 percent (120 of 600)",
    ]


def test_as_a_page() -> None:
    shown = REPORT._repr_html_()

    assert shown.count("<table") == 5
    assert "redemption rate, points" in shown
