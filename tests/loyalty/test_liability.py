"""What members hold, and what it will cost."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import PLAIN, SPENDING, adjusted, day, opened, program, sale, visit

from relex.calendars import Days
from relex.codec import decode, encode
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty import (
    CashOff,
    EarningRule,
    Flat,
    Points,
    ProgramVersions,
    RateByAge,
    liability,
    outstanding,
    points_cohorts,
    points_price,
    redemption_curve,
    simulate,
)
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty import Account, Liability, Outstanding

WORTH = Money("0.05", "USD")


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def holding(*lots: tuple[int, str]) -> Account:
    """An account with lots of (points, day)."""
    account = opened(PLAIN)
    for count, at in lots:
        account = adjusted(account, PLAIN, count, day(at))
    return account


def held(*accounts: Account, at: str = "12-31") -> Outstanding:
    return outstanding(accounts, PLAIN, as_of=day(at))


def cost(*accounts: Account, at: str = "12-31", worth: Any = WORTH, rate: Any = 1) -> Liability:
    return liability(accounts, PLAIN, as_of=day(at), worth=worth, rate=rate)


class TestOutstanding:
    def test_by_month_of_issue(self) -> None:
        found = held(holding((10, "01-05"), (20, "01-31"), (30, "03-01")), holding((5, "03-09")))

        assert [(date(2026, 1, 1), 30), (date(2026, 3, 1), 35)] == [(row.month, row.points) for row in found.months]

    def test_only_what_is_left(self) -> None:
        account = holding((10, "01-05"), (20, "02-05")).redeem(15, PLAIN, id="r", at=day("03-01")).state

        assert [(date(2026, 2, 1), 15)] == [(row.month, row.points) for row in held(account).months]

    def test_how_old_they_are(self) -> None:
        assert [row.age for row in held(holding((10, "01-31")), at="12-01").months] == [11]

    def test_months_are_local(self) -> None:
        away = program(tz=ZoneInfo("America/Los_Angeles"))
        account = adjusted(opened(away), away, 10, day("02-01", 7))

        assert date(2026, 1, 1) == outstanding([account], away, as_of=day("03-01")).months[0].month

    def test_pending_points_count(self) -> None:
        account = opened(SPENDING).earn(visit("v", day("02-01")), SPENDING, at=day("02-01")).state
        row = outstanding([account], SPENDING, as_of=day("02-02")).months[0]

        assert (row.available, row.pending, row.points) == (0, 10, 10)

    def test_held_points_count_in_the_month_of_their_lots(self) -> None:
        account = holding((10, "01-05"), (20, "02-05"))
        account = account.hold(15, PLAIN, id="h", until=day("06-01"), at=day("03-01")).state
        found = held(account, at="04-01")

        assert [(row.available, row.held) for row in found.months] == [(0, 10), (15, 5)]

    def test_what_has_expired_does_not_count(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 10, day("01-05"), ends=day("02-01"))

        assert held(account, at="02-01").months == ()

    def test_later_entries_are_not_seen(self) -> None:
        assert held(holding((10, "01-05"), (20, "06-05")), at="02-01").points() == 10

    def test_an_account_that_is_opened_later_is_not_counted(self) -> None:
        assert outstanding([opened(PLAIN, day("06-01"))], PLAIN, as_of=day("02-01")).accounts == 0

    def test_a_debt_without_pending_points_stands_beside(self) -> None:
        account = opened(PLAIN).redeem(40, PLAIN, id="r", at=day("02-01"), allow_debt=True).state
        found = held(account, holding((100, "01-05")))

        assert (found.points(), found.debts) == (60, (("points", 40),))

    def test_pending_points_pay_debts_first(self) -> None:
        account = opened(SPENDING).redeem(4, SPENDING, id="r", at=day("02-01"), allow_debt=True).state
        account = account.earn(visit("v", day("02-01")), SPENDING, at=day("02-01")).state
        found = outstanding([account], SPENDING, as_of=day("02-02"))

        assert [(row.pending, row.owed, row.points) for row in found.months] == [(10, 4, 6)]

    def test_it_is_the_balance(self) -> None:
        account = opened(SPENDING).earn(sale("30.00", at=day("02-01")), SPENDING, at=day("02-01")).state
        account = account.earn(visit("v", day("02-01")), SPENDING, at=day("02-01")).state
        account = account.redeem(45, SPENDING, id="r", at=day("02-02"), allow_debt=True).state
        balance = account.balance(as_of=day("02-03"))

        assert (
            balance.available + balance.pending - balance.debt
            == outstanding([account], SPENDING, as_of=day("02-03")).points()
        )

    def test_currencies_that_count_for_status_only_are_left_out(self) -> None:
        both = program(
            EarningRule("visit", Flat(10), on="visit", gives=("points", "status")),
            points=(Points("points"), Points("status", qualifying=True)),
        )
        account = opened(both).earn(visit("v", day("02-01")), both, at=day("02-01")).state

        assert [row.currency for row in outstanding([account], both, as_of=day("03-01")).months] == ["points"]

    def test_points_of_one_currency(self) -> None:
        assert ((found := held(holding((10, "01-05")))).points("points"), found.points("stars")) == (10, 0)

    def test_another_program(self) -> None:
        with pytest.raises(InvalidValue, match=r"outstanding.accounts\[1\]: expected an Account of program p"):
            outstanding([opened(PLAIN), "account"], PLAIN, as_of=day("02-01"))  # type: ignore[list-item]  # on purpose

    def test_shown_in_words(self) -> None:
        shown = str(held(holding((1_000, "01-05"))))

        assert shown == "1,000 points outstanding at 2026-12-31T00:00:00+00:00 (accounts: 1)"

    def test_shown_as_a_table(self) -> None:
        account = opened(PLAIN).redeem(40, PLAIN, id="r", at=day("02-01"), allow_debt=True).state
        shown = held(account, holding((100, "01-05")))._repr_html_()

        assert "2026-01" in shown
        assert "40 points are owed" in shown


class TestLiability:
    def test_points_times_worth_times_rate(self) -> None:
        assert usd("40.00") == cost(holding((1_000, "01-05")), rate="0.8").total

    def test_it_is_rounded_once(self) -> None:
        accounts = [holding((1, "01-05")), holding((1, "02-05")), holding((1, "03-05"))]
        found = cost(*accounts, worth=usd("0.005"))

        assert (usd("0.02"), Fraction(15, 1000)) == (found.total, found.exact)

    def test_parts_add_up(self) -> None:
        found = cost(holding((1, "01-05"), (1, "02-05"), (1, "03-05")), worth=usd("0.005"))

        assert [usd("0.01"), usd("0.01"), usd("0.00")] == [row.amount for row in found.months]

    def test_a_rate_for_each_age(self) -> None:
        found = cost(holding((100, "01-05"), (100, "11-05"), (100, "12-05")), rate=RateByAge(["0.9", "0.8", "0.5"]))

        assert [usd("2.50"), usd("4.00"), usd("4.50")] == [row.amount for row in found.months]

    def test_what_points_buy_is_what_they_are_worth(self) -> None:
        assert usd("3.33") == cost(holding((200, "01-05")), worth=CashOff(points=300, worth=5)).total

    def test_debts_lower_nothing(self) -> None:
        debtor = opened(PLAIN).redeem(40, PLAIN, id="r", at=day("02-01"), allow_debt=True).state
        found = cost(debtor, holding((100, "01-05")))

        assert (usd(5), (("points", 40),)) == (found.total, found.debts)

    def test_nobody_is_no_cost(self) -> None:
        found = cost()

        assert (usd(0), (), 0) == (found.total, found.months, found.accounts)

    def test_accounts_are_read_one_by_one(self) -> None:
        seen: Counter[str] = Counter()

        def accounts() -> Iterator[Account]:
            for number in range(3):
                seen["read"] += 1
                yield holding((number + 1, "01-05"))

        found = liability(accounts(), PLAIN, as_of=day("12-31"), worth=usd(1), rate=1)

        assert (usd(6), 3) == (found.total, seen["read"])


class TestCurrencies:
    BOTH = program(
        EarningRule("visit", Flat("1.50"), on="visit", gives=("stars",)),
        EarningRule("stay", Flat(10), on="visit", gives=("miles",)),
        points=(Points("stars", scale=2), Points("miles"), Points("status", qualifying=True)),
    )

    def cost(self, worth: Any, rate: Any = 1) -> Liability:
        account = opened(self.BOTH).earn(visit("v", day("02-01")), self.BOTH, at=day("02-01")).state
        return liability([account], self.BOTH, as_of=day("03-01"), worth=worth, rate=rate)

    def test_worth_is_that_of_a_whole_point(self) -> None:
        found = self.cost({"stars": usd(2), "miles": usd(1)})

        assert {"stars": usd(3), "miles": usd(10)} == found.by_currency()

    def test_worth_is_told(self) -> None:
        assert (("stars", Fraction(2)), ("miles", Fraction(1))) == self.cost({"stars": usd(2), "miles": usd(1)}).worth

    def test_each_has_its_rate(self) -> None:
        found = self.cost(usd(1), {"stars": Decimal("0.5"), "miles": RateByAge([1, "0.1"])})

        assert {"stars": usd("0.75"), "miles": usd(1)} == found.by_currency()

    @pytest.mark.parametrize(
        ("worth", "rate", "path"),
        [
            pytest.param({"stars": usd(1)}, 1, "liability.worth: expected one for miles", id="no-worth"),
            pytest.param(usd(1), {"miles": 1}, "liability.rate: expected one for stars", id="no-rate"),
            pytest.param({"stars": usd(-1)}, 1, r"liability.worth\[stars\]", id="worth-below-0"),
            pytest.param("1.00", 1, "liability.worth", id="no-money"),
            pytest.param(usd(1), "1.01", "liability.rate", id="rate-above-1"),
            pytest.param(usd(1), 0.5, "liability.rate", id="float"),
            pytest.param(usd(1), {"stars": -1}, r"liability.rate\[stars\]", id="rate-below-0"),
        ],
    )
    def test_bad_input(self, worth: Any, rate: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            self.cost(worth, rate)

    def test_worth_in_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            self.cost(Money(1, "EUR"))


class TestPointsPrice:
    def test_of_a_sale(self) -> None:
        assert usd(9_500) == points_price(10_000, PLAIN, worth=usd(1), rate="0.95")

    def test_it_is_rounded_once(self) -> None:
        assert usd("0.02") == points_price(3, PLAIN, worth=usd("0.005"), rate=1)

    def test_the_rate_of_new_points_counts(self) -> None:
        assert usd(5) == points_price(10, PLAIN, worth=usd(1), rate=RateByAge(["0.5", "0.1"]))

    def test_of_one_currency(self) -> None:
        worth = {"stars": usd(2), "miles": usd(1)}

        assert (usd("0.20"), usd(10)) == (
            points_price(10, TestCurrencies.BOTH, worth=worth, rate=1),
            points_price(10, TestCurrencies.BOTH, worth=worth, rate=1, currency="miles"),
        )

    @pytest.mark.parametrize(
        ("points", "currency", "path"),
        [
            pytest.param(-1, None, "points_price.points", id="below-0"),
            pytest.param(1.0, None, "points_price.points", id="float"),
            pytest.param(1, "status", "points_price.currency", id="not-spent"),
        ],
    )
    def test_bad_input(self, points: Any, currency: str | None, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            points_price(points, TestCurrencies.BOTH, worth=usd(1), rate=1, currency=currency)

    def test_a_program_whose_points_cannot_be_spent(self) -> None:
        with pytest.raises(InvalidValue, match=r"points_price.currency"):
            points_price(1, program(points=[Points("status", qualifying=True)]), worth=usd(1), rate=1)


class TestShown:
    def test_in_words(self) -> None:
        shown = str(cost(holding((1_000, "01-05"))))

        assert shown == "50.00 USD for 1,000 points at 2026-12-31T00:00:00+00:00 (accounts: 1)"

    def test_as_a_table(self) -> None:
        debtor = opened(PLAIN).redeem(40, PLAIN, id="r", at=day("02-01"), allow_debt=True).state
        shown = cost(debtor, holding((1_000, "01-05")))._repr_html_()

        assert "50.00 USD" in shown
        assert "40 points are owed" in shown


class TestRateByAge:
    def test_the_last_one_holds_for_all_that_are_older(self) -> None:
        rates = RateByAge(["0.9", Fraction(1, 3)])

        assert [Decimal("0.9"), Fraction(1, 3), Fraction(1, 3)] == [rates.at(age) for age in (0, 1, 50)]

    @pytest.mark.parametrize(
        ("rates", "path"),
        [
            pytest.param([], "RateByAge.rates", id="none"),
            pytest.param(["0.5", 2], r"RateByAge.rates\[1\]", id="above-1"),
            pytest.param([0.5], r"RateByAge.rates\[0\]", id="float"),
            pytest.param("0.5", "RateByAge.rates", id="text"),
        ],
    )
    def test_bad_input(self, rates: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            RateByAge(rates)

    def test_an_age_is_at_least_0(self) -> None:
        with pytest.raises(InvalidValue, match=r"RateByAge.at.age"):
            RateByAge([1]).at(-1)


def test_a_hold_that_is_captured_is_no_longer_outstanding() -> None:
    account = holding((10, "01-05")).hold(4, PLAIN, id="h", until=day("06-01"), at=day("03-01")).state
    account = account.capture("h", PLAIN, at=day("03-02")).state

    assert held(account).points() == 6


def test_what_was_known_then() -> None:
    account = adjusted(holding((10, "01-05")), PLAIN, 20, day("02-05"), now=day("04-20"))
    at, before = day("03-01"), day("04-19")
    found = liability([account], PLAIN, as_of=at, worth=usd(1), rate=1, known_at=before)

    assert (
        outstanding([account], PLAIN, as_of=at, known_at=before).points(),
        outstanding([account], PLAIN, as_of=at).points(),
    ) == (10, 30)
    assert usd(10) == found.total


def test_naive_instants_are_refused() -> None:
    with pytest.raises(InvalidValue, match=r"outstanding.as_of"):
        outstanding([], PLAIN, as_of=datetime(2026, 1, 1))  # noqa: DTZ001 - on purpose


def test_pending_points_in_the_order_in_which_they_start() -> None:
    slow = program(
        EarningRule("late", Flat(10), on="late", pending=Days(60)),
        EarningRule("visit", Flat(5), on="visit", pending=Days(5)),
    )
    account = opened(slow).redeem(7, slow, id="r", at=day("01-02"), allow_debt=True).state
    late, soon = visit("v", day("02-01")), visit("w", day("03-01"))
    account = account.earn(type(late)("late", "v", late.at), slow, at=late.at).state
    account = account.earn(soon, slow, at=soon.at).state
    found = outstanding([account], slow, as_of=day("03-02"))

    assert [(row.pending, row.owed) for row in found.months] == [(10, 2), (5, 5)]


class TestCurves:
    """What was learned from one kind of points says nothing of another."""

    BOTH = program(points=[Points("points"), Points("coins")])
    CURVE = redemption_curve(
        points_cohorts([adjusted(opened(BOTH), BOTH, 100, day("01-05"), currency="coins")], BOTH, as_of=day("04-01")),
        tail="0.5",
    )

    def test_a_curve_is_of_its_own_points(self) -> None:
        assert self.CURVE.currency == "coins"
        with pytest.raises(InvalidValue, match=r"liability\.rate: expected a curve of points; or the rates"):
            liability([], self.BOTH, as_of=day("04-01"), worth=WORTH, rate=self.CURVE)

    def test_its_rates_may_be_those_of_others(self) -> None:
        rates = {"points": self.CURVE.rates(), "coins": self.CURVE}

        assert liability([], self.BOTH, as_of=day("04-01"), worth=WORTH, rate=rates).months == ()


class TestWorthOfPoints:
    """What a program says of its points is the default."""

    WORTHY = program(points=[Points("points", scale=1, worth=usd("0.10")), Points("status", qualifying=True)])

    def test_it_is_the_default(self) -> None:
        account = adjusted(opened(self.WORTHY), self.WORTHY, 100, day("01-05"))

        assert usd("0.50") == liability([account], self.WORTHY, as_of=day("02-01"), rate="0.5").total
        assert usd("1.00") == points_price(100, self.WORTHY, rate=1)
        assert usd(20) == points_price(100, self.WORTHY, rate=1, worth=usd(2))

    @pytest.mark.parametrize(("worth", "expected"), [(None, Fraction(1, 100)), (usd(2), Fraction(1, 5))])
    def test_it_is_the_default_of_simulations(self, worth: Money | None, expected: Fraction) -> None:
        assert expected == simulate(self.WORTHY, [], until=day("02-01"), worth=worth).worth

    def test_without_one_it_is_asked_for(self) -> None:
        with pytest.raises(InvalidValue, match=r"liability\.worth: expected .* or the worth of Points"):
            liability([], PLAIN, as_of=day("02-01"), rate=1)

    @pytest.mark.parametrize("worth", [usd(-1), "0.05", 1, CashOff(points=1, worth=1)], ids=str)
    def test_it_is_an_amount_of_at_least_0(self, worth: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Points\.worth: expected a Money of at least 0"):
            Points("points", worth=worth)

    def test_points_of_status_have_none(self) -> None:
        with pytest.raises(InvalidValue, match=r"Points\.worth: expected None, because points of status"):
            Points("points", qualifying=True, worth=usd(1))

    def test_it_is_in_the_currency_of_the_program(self) -> None:
        with pytest.raises(CurrencyMismatch):
            program(points=[Points("points", worth=Money(1, "EUR"))])

    def test_it_is_stored(self) -> None:
        assert decode(encode(self.WORTHY), type(self.WORTHY)) == self.WORTHY


class TestWrongThings:
    """A program and accounts that are none."""

    @pytest.mark.parametrize("of", [None, "p", ProgramVersions([PLAIN])], ids=["none", "a text", "versions"])
    def test_what_is_no_program(self, of: Any) -> None:
        for ask in (outstanding, points_cohorts):
            with pytest.raises(InvalidValue, match="program: expected a Program"):
                ask([], of, as_of=day("02-01"))
        with pytest.raises(InvalidValue, match="program: expected a Program"):
            liability([], of, as_of=day("02-01"), worth=WORTH, rate=1)

    @pytest.mark.parametrize("accounts", [None, opened(PLAIN), "ab", [PLAIN]], ids=["none", "one", "a text", "others"])
    def test_what_are_no_accounts(self, accounts: Any) -> None:
        with pytest.raises(InvalidValue, match=r"outstanding\.accounts.*: expected an .*Accounts? of program p"):
            outstanding(accounts, PLAIN, as_of=day("02-01"))

    def test_what_are_no_cohorts(self) -> None:
        with pytest.raises(InvalidValue, match=r"redemption_curve\.cohorts: expected a PointsCohorts"):
            redemption_curve([])  # type: ignore[arg-type]
