"""Quotas: which one counts, what counts toward it, and how far one has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from pipeline_deals import START, deal, on, sales, usd

from relex.calendars import Period
from relex.errors import Conflict, CurrencyMismatch, InvalidValue
from relex.money import Money, RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import Forecast, Opportunity, Quota, Split, attainment, attainments, forecast

SALES = sales()
QUARTER = Period.of("quarter", date(2026, 1, 1))
JANUARY, FEBRUARY, MARCH = QUARTER.split("month")
TEAM = Hierarchy((), [Tie("ann", "mia"), Tie("bob", "mia")], as_of=START)
CLOSE = date(2026, 3, 1)
DEALS = (
    deal("a", 0, (5, "won"), amount=40, owner="ann", territory="north"),
    deal("b", 0, (40, "won"), amount=20, owner="bob"),
    deal("c", amount=90, owner="ann", expected_close=CLOSE, territory="north"),
)


def quota(subject: str = "ann", amount: Any = 100, **more: Any) -> Quota:
    known = {"period": QUARTER, "at": START, **more}
    worth = amount if known.get("measure") == "count" or isinstance(amount, Money) else usd(amount)
    return Quota(known.pop("id", f"q-{subject}"), subject=subject, amount=worth, **known)


def asked(*deals: Opportunity, **more: Any) -> Forecast:
    known = {"period": QUARTER, "as_of": on(45), "by": "owner", **more}
    return forecast(deals or DEALS, SALES, **known)


class TestQuota:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount": 5},
            {"amount": Money(-1, "USD")},
            {"amount": Money(1, "USD"), "measure": "count"},
            {"amount": -1, "measure": "count"},
            {"amount": True, "measure": "count"},
            {"measure": "joy"},
            {"period": Period(date(2026, 1, 1))},
            {"period": Period(START, on(9))},
            {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - what is refused
            {"subject": ""},
        ],
        ids=str,
    )
    def test_wrong_ones_are_refused(self, wrong: dict[str, Any]) -> None:
        known = {"subject": "ann", "period": QUARTER, "amount": usd(1), "at": START, **wrong}

        with pytest.raises(InvalidValue, match="Quota"):
            Quota("q", **known)

    def test_facts(self) -> None:
        money, number = quota().facts(), quota(amount=3, measure="count").facts()

        assert (money["amount"], money["currency"], money["measure"]) == (100, "USD", "amount")
        assert (number["amount"], number["currency"], number["measure"]) == (3, None, "count")
        assert set(money) == set(number) == set(dict(Quota.fact_schema.facts))

    def test_shown(self) -> None:
        assert str(quota()) == "ann: 100.00 USD from 2026-01-01 to 2026-04-01"
        assert str(quota(amount=3, measure="count")) == "ann: 3 deals from 2026-01-01 to 2026-04-01"


class TestWhichCounts:
    def test_the_newest(self) -> None:
        revised = quota(amount=80, id="q2", at=on(9))

        assert attainment(asked(), [revised, quota()], "ann").quota == revised

    def test_one_that_is_set_later_does_not_exist(self) -> None:
        revised = quota(amount=80, id="q2", at=on(50))

        assert attainment(asked(), [quota(), revised], "ann").quota == quota()

    def test_of_the_period_that_was_asked(self) -> None:
        months = [quota(id="q1", period=JANUARY, amount=10), quota(id="q2", period=FEBRUARY, amount=20)]
        view = asked(each="month")

        assert [usd(10), usd(20)] == [
            attainment(view, months, "ann", period).quota.amount  # type: ignore[union-attr]
            for period in (JANUARY, FEBRUARY)
        ]
        assert attainment(view, months, "ann").attained.reason == "no_quota"

    def test_overlapping_periods_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match="do not overlap"):
            attainments(asked(each="month"), [quota(), quota(id="q2", period=FEBRUARY)])

    def test_two_measures_may_overlap(self) -> None:
        found = attainments(asked(), [quota(), quota(id="q2", measure="count", amount=2)])

        assert [each.measure for each in found] == ["amount", "count"]

    def test_two_people_may_overlap(self) -> None:
        assert [each.subject for each in attainments(asked(), [quota("bob"), quota("ann")])] == ["ann", "bob"]

    @pytest.mark.parametrize("each", [None, "month"])
    def test_a_period_that_starts_a_day_late_is_refused(self, each: str | None) -> None:
        late = quota(period=Period(date(2026, 1, 2), date(2026, 4, 1)))

        with pytest.raises(InvalidValue, match=r"Quota\.period.*boundaries"):
            attainments(asked(each=each), [late])

    def test_a_period_that_ends_early_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Quota\.period"):
            attainments(asked(), [quota(period=Period(date(2026, 1, 1), date(2026, 3, 31)))])

    @pytest.mark.parametrize("each", [None, "month"])
    def test_those_of_other_times_are_left_alone(self, each: str | None) -> None:
        later = quota(id="later", period=Period.of("quarter", date(2026, 7, 1)))

        assert attainments(asked(each=each), [later]) == ()

    def test_a_longer_one_is_left_alone_where_months_are_shown(self) -> None:
        year = quota(period=Period.of("year", date(2026, 1, 1)))

        assert attainments(asked(each="month"), [year]) == ()

    def test_several_months_together(self) -> None:
        both = Period(date(2026, 1, 1), date(2026, 3, 1))
        (found,) = attainments(asked(each="month"), [quota("bob", period=both)])

        assert usd(20) == found.actual.value

    def test_the_edges_of_the_forecast_are_boundaries(self) -> None:
        odd = Period(date(2026, 1, 10), date(2026, 3, 1))
        (found,) = attainments(asked(period=odd, each="month"), [quota(period=odd)])

        assert usd(0) == found.actual.value

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            attainments(asked(), [quota(), quota(amount=1)])

    def test_what_is_no_quota_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="quotas"):
            attainments(asked(), ["q"])  # type: ignore[list-item]


class TestWhatCounts:
    def test_open_deals_do_not(self) -> None:
        found = attainment(asked(), [quota()], "ann")

        assert (usd(40), usd(90), Fraction(2, 5)) == (found.actual.value, found.expected.value, found.attained.value)

    def test_deals(self) -> None:
        found = attainment(asked(), [quota(amount=4, measure="count")], "ann", measure="count")

        assert (1, 1, Fraction(1, 4), 3) == (found.actual.value, found.expected.value, found.attained.value, found.gap)

    def test_of_a_manager_all_below_count_each_deal_once(self) -> None:
        shared = (
            deal("s", amount=10, owner="ann", expected_close=CLOSE)
            .set_splits([Split("ann", 50), Split("bob", 50)], at=on(1))
            .state.win(SALES, at=on(20))
            .state
        )
        view = asked(*DEALS, shared, team=TEAM)
        goals = [quota("mia"), quota("mia", id="n", amount=5, measure="count"), quota("ann")]
        ann, money, number = attainments(view, goals)

        assert (usd(45), usd(70), 3) == (ann.actual.value, money.actual.value, number.actual.value)

    def test_any_group(self) -> None:
        found = attainment(asked(by="territory"), [quota("north")], "north")

        assert usd(40) == found.actual.value

    def test_people_beside_groups(self) -> None:
        view = asked(by="territory", team=TEAM)
        found = attainments(view, [quota("mia"), quota("north")])

        assert {"mia": usd(60), "north": usd(40)} == {each.subject: each.actual.value for each in found}

    def test_a_forecast_without_groups_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.by"):
            attainment(asked(by=None), [quota()], "ann")

    def test_another_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            attainment(asked(), [quota(amount=Money(5, "EUR"))], "ann")

    def test_nothing_won_is_nothing_attained(self) -> None:
        found = attainment(forecast([], SALES, QUARTER, on(45), by="owner"), [quota()], "ann")

        assert (usd(0), 0, usd(100)) == (found.actual.value, found.attained.value, found.gap)

    def test_a_missing_rate_is_told(self) -> None:
        won = deal("w", 0, (5, "won"), amount=Money(40, "EUR"), owner="ann")
        rates = RateTable(date(2026, 1, 1), [("CHF", "USD", 1)])
        found = attainment(asked(won, rates=rates), [quota()], "ann")

        assert (found.attained.reason, found.gap, found.status) == ("missing_rate", None, None)
        assert found.coverage.reason == "missing_rate"

    def test_a_measure_is_checked(self) -> None:
        with pytest.raises(InvalidValue, match=r"attainment\.measure"):
            attainment(asked(), [], "ann", measure="joy")

    def test_a_period_is_checked(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.period"):
            attainment(asked(), [], "ann", JANUARY)


class TestHowFar:
    @pytest.mark.parametrize("goals", [[], [quota(amount=0)]], ids=["absent", "zero"])
    def test_no_quota(self, goals: list[Quota]) -> None:
        found = attainment(asked(), goals, "ann")

        assert (
            found.attained.value,
            found.attained.reason,
            found.status,
            found.gap,
        ) == (None, "no_quota", None, None)
        assert found.coverage.reason == "no_quota"
        assert str(found) == "ann: none (no_quota)"

    def test_it_is_never_capped(self) -> None:
        found = attainment(asked(), [quota(amount=10)], "ann")

        assert (4, usd(-30), "nothing_remaining") == (found.attained.value, found.gap, found.coverage.reason)

    def test_coverage(self) -> None:
        found = attainment(asked(), [quota()], "ann")

        assert (usd(60), Fraction(3, 2)) == (found.gap, found.coverage.value)

    def test_coverage_without_open_deals_of_known_worth(self) -> None:
        open_ = deal("o", amount=Money(40, "EUR"), owner="ann", expected_close=CLOSE)
        rates = RateTable(date(2026, 1, 1), [("CHF", "USD", 1)])
        found = attainment(asked(open_, rates=rates), [quota()], "ann")

        assert (found.attained.value, found.coverage.reason) == (0, "missing_rate")

    @pytest.mark.parametrize(
        ("day", "expected"),
        [(-1, Fraction(0)), (0, Fraction(0)), (45, Fraction(1, 2)), (90, Fraction(1)), (400, Fraction(1))],
    )
    def test_pace(self, day: int, expected: Fraction) -> None:
        view = asked(as_of=START + timedelta(days=day))

        assert expected == attainment(view, [quota()], "ann").pace

    def test_the_period_begins_at_local_midnight(self) -> None:
        east = timezone(timedelta(hours=12))
        view = asked(as_of=datetime(2025, 12, 31, 12, tzinfo=UTC), tz=east)

        assert attainment(view, [quota()], "ann").pace == 0

    def test_before_the_period_all_is_on_track(self) -> None:
        goal = quota(at=START - timedelta(days=30))

        assert attainment(asked(as_of=START - timedelta(days=9)), [goal], "ann").status == "on_track"

    @pytest.mark.parametrize(
        ("goal", "expected"), [(80, "on_track"), (81, "at_risk"), (100, "at_risk"), (101, "behind")]
    )
    def test_status_at_the_edges(self, goal: int, expected: str) -> None:
        assert attainment(asked(), [quota(amount=goal)], "ann").status == expected

    def test_shown(self) -> None:
        found = attainments(asked(), [quota(), quota("<b>", amount=0)])
        page = found._repr_html_()

        assert str(found[1]) == "ann: 40.00 % (at_risk)"
        assert "&lt;b&gt;" in page
        assert "50.00 percent" in page


class TestLongerOnes:
    @pytest.mark.parametrize("start", [date(2026, 1, 1), date(2025, 4, 1)], ids=["begins-with-it", "begins-before"])
    def test_a_year_is_left_alone_in_the_forecast_of_a_quarter(self, start: date) -> None:
        year = quota("bob", period=Period.of("year", start, year_starts=start.month), id="year")

        assert [each.subject for each in attainments(asked(), [quota(), year])] == ["ann"]
        assert usd(40) == attainment(asked(), [quota(), year], "ann").actual.value

    def test_what_is_amiss_with_the_quota_of_another_is_not_ones_own(self) -> None:
        late = quota("bob", period=Period(date(2026, 1, 2), date(2026, 4, 1)))

        assert attainment(asked(), [quota(), late], "ann").quota == quota()

        with pytest.raises(InvalidValue, match=r"Quota\.period"):
            attainment(asked(), [quota(), late], "bob")

    def test_one_that_starts_a_day_early_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Quota\.period"):
            attainments(asked(), [quota(period=Period(date(2025, 12, 31), date(2026, 4, 1)))])
