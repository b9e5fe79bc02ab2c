"""Published cases of forecasts: categories, weights, currencies, adjustments, bridges, closing dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from relex.calendars import Period
from relex.errors import CurrencyMismatch
from relex.money import Money, RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import ForecastAdjustment, Opportunity, Pipeline, Stage, forecast

SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=50),
        Stage("best", 2, probability=60, category="best_case"),
        Stage("likely", 3, probability=70, category="most_likely"),
        Stage("commit", 4, probability=90, category="commit"),
        Stage("won", 5, kind="won"),
        Stage("lost", 6, kind="lost"),
    ],
)
START = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = Period.of("quarter", date(2026, 1, 1))
SECOND = Period.of("quarter", date(2026, 4, 1))
CLOSE = date(2026, 2, 20)


def usd(amount: str | int) -> Money:
    return Money(amount, "USD")


def deal(
    name: str,
    amount: Money,
    *,
    stage: str = "new",
    close: date = CLOSE,
    owner: str | None = None,
    at: datetime = START,
    probability: int | None = None,
) -> Opportunity:
    found, _ = Opportunity.open(name, SALES, at=at, stage=stage, amount=amount, expected_close=close, owner=owner)
    return found if probability is None else found.override_probability(probability, at=at).state


class TestCategories:
    """PL-43. Source: Salesforce help and object reference."""

    DEALS = (
        deal("a", usd(50), stage="won"),
        deal("b", usd(100), stage="commit"),
        deal("c", usd(150), stage="best"),
        deal("d", usd(200)),
    )

    def test_single(self) -> None:
        view = forecast(self.DEALS, SALES, FIRST, START, method="single")

        assert [usd(50), usd(100), usd(150), usd(200)] == [
            view.amount(column).value for column in ("closed", "commit", "best_case", "pipeline")
        ]

    def test_cumulative(self) -> None:
        view = forecast(self.DEALS, SALES, FIRST, START)

        assert {
            column: view.amount(column).value.amount for column in view.columns if column != "most_likely_forecast"
        } == {"open_pipeline": 450, "best_case_forecast": 300, "commit_forecast": 150, "closed": 50}


def test_one_weighted_amount() -> None:
    """PL-44. Source: Pipedrive help."""
    view = forecast([deal("a", usd("4245.74"))], SALES, FIRST, START)

    assert usd("2122.87") == view.weighted().value


def test_weighted_amounts() -> None:
    """PL-45. Source: Freshworks CRM help, which prints 8,600."""
    amounts = (3950, 3060, 1460, 1340, 1285, 1190)
    deals = [deal(f"d{amount}", usd(amount), stage="likely") for amount in amounts]
    view = forecast(deals, SALES, FIRST, START)

    assert (usd(12_285), usd("8599.50")) == (view.amount().value, view.weighted().value)


def test_each_month_for_itself() -> None:
    """PL-46. Source: frappe/crm issue 798."""
    deals = [
        deal("june", usd(100_000), close=date(2026, 6, 15)),
        deal("july", usd(100_000), close=date(2026, 7, 15)),
        deal("august", usd(100_000), close=date(2026, 8, 15), probability=100),
    ]
    view = forecast(deals, SALES, Period(date(2026, 6, 1), date(2026, 9, 1)), START, each="month")

    assert [usd(50_000), usd(50_000), usd(100_000)] == [view.during(month).weighted().value for month in view.periods]


class TestCurrencies:
    """PL-47. Source: OCA crm, pull request 640."""

    DEALS = (deal("a", usd(50)), deal("b", Money(50, "EUR")))

    def test_a_single_total_needs_rates(self) -> None:
        view = forecast(self.DEALS, SALES, FIRST, START)

        with pytest.raises(CurrencyMismatch):
            view.amount()

    def test_with_rates(self) -> None:
        rates = RateTable(date(2026, 1, 1), [("USD", "BRL", "1.5"), ("EUR", "BRL", "2")])
        view = forecast(self.DEALS, SALES, FIRST, START, rates=rates)

        assert Money(175, "BRL") == view.amount().value


@pytest.mark.parametrize(("rounding", "expected"), [("total", "9.95"), ("per_deal", "9.96")])
def test_rounding_once_and_for_each_deal(rounding: str, expected: str) -> None:
    """PL-48. Source: own."""
    deals = [deal(name, usd("10.05"), probability=33) for name in "abc"]
    view = forecast(deals, SALES, FIRST, START, rounding=rounding)

    assert usd(expected) == view.weighted().value


class TestAdjustments:
    """PL-49. Source: own."""

    TEAM = Hierarchy((), [Tie("A", "M"), Tie("B", "M")], as_of=START)
    DEALS = (
        deal("a", usd(100), stage="commit", owner="A"),
        deal("b", usd(80), stage="commit", owner="B"),
        deal("m", usd(20), stage="commit", owner="M"),
    )

    def said(self, subject: str, by: str, amount: int, base: int, day: int) -> ForecastAdjustment:
        return ForecastAdjustment(
            f"{by} on {subject}",
            subject=subject,
            by=by,
            period=FIRST,
            column="commit_forecast",
            amount=usd(amount),
            base=usd(base),
            at=datetime(2026, 1, day, tzinfo=UTC),
        )

    def test_the_word_of_the_manager_goes_before_that_of_the_owner(self) -> None:
        log = [self.said("A", "A", 120, 100, 2), self.said("A", "M", 110, 100, 3), self.said("M", "M", 190, 210, 4)]
        found = []
        for day in (1, 2, 3):
            at = datetime(2026, 1, day, 12, tzinfo=UTC)
            view = forecast(self.DEALS, SALES, FIRST, at, team=self.TEAM, adjustments=log)
            found.append(view.row("M", "commit_forecast").computed)

        assert [usd(200), usd(220), usd(210)] == found

    def test_own_word_and_drift(self) -> None:
        later = datetime(2026, 1, 10, tzinfo=UTC)
        log = [self.said("A", "A", 120, 100, 2), self.said("A", "M", 110, 100, 3), self.said("M", "M", 190, 210, 4)]
        view = forecast(self.DEALS, SALES, FIRST, later, team=self.TEAM, adjustments=log)
        deals = [*self.DEALS, deal("b2", usd(10), stage="commit", owner="B", at=later)]
        grown = forecast(deals, SALES, FIRST, later, team=self.TEAM, adjustments=log).row("M", "commit_forecast")

        assert usd(190) == view.row("M", "commit_forecast").effective
        assert (usd(220), usd(190), usd(10)) == (grown.computed, grown.effective, grown.drift)


class TestBridge:
    """PL-50. Source: own."""

    BEFORE, AFTER, BETWEEN = START, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 15, tzinfo=UTC)

    def test_lines_lead_from_one_amount_to_the_other(self) -> None:
        deals = [
            deal("x", usd(100)),
            deal("y", usd(50)).change_close_date(date(2026, 4, 15), at=self.BETWEEN).state,
            deal("z", usd(70), at=self.BETWEEN),
            deal("v", usd(30)).change_amount(usd(45), at=self.BETWEEN).state,
            deal("u", usd(40)).lose(SALES, at=self.BETWEEN, reason="price").state,
        ]
        bridge = forecast(deals, SALES, FIRST, self.AFTER).explain(before=self.BEFORE)

        assert ((usd(220),), (usd(215),)) == (bridge.before, bridge.after)
        assert [(line.kind, line.difference.amount) for line in bridge.lines] == [
            ("new", 70),
            ("increased", 15),
            ("pushed_out", -50),
            ("lost", -40),
        ]


class TestWonInAnotherPeriod:
    """PL-51. Source: own."""

    DEAL = deal("d", usd(100), close=date(2026, 3, 20)).win(SALES, at=datetime(2026, 4, 2, 12, tzinfo=UTC)).state

    def test_before_it_is_open_and_overdue(self) -> None:
        view = forecast([self.DEAL], SALES, FIRST, datetime(2026, 3, 25, tzinfo=UTC))

        assert (usd(100), ("d",)) == (view.amount("open_pipeline").value, view.overdue)

    def test_later_it_is_closed_in_the_period_in_which_it_was_won(self) -> None:
        later = datetime(2026, 4, 10, tzinfo=UTC)
        first, second = (forecast([self.DEAL], SALES, period, later) for period in (FIRST, SECOND))

        assert first.count().value == 0
        assert (usd(100), ()) == (second.amount("closed").value, second.overdue)


def test_a_percentage_with_decimals_is_exact() -> None:
    """Law 4, weighted <= unweighted, with a Decimal. Source: own."""
    found = deal("a", usd(1000)).override_probability(Decimal("12.345"), at=START).state

    assert usd("123.45") == forecast([found], SALES, FIRST, START).weighted().value
