"""The forecast: which deals count, on which day, in which group, in which currency."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pipeline_deals import START, deal, on, sales, usd

from relex.calendars import Period
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.money import Money, RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import (
    Forecast,
    ForecastQuestion,
    Opportunity,
    Pipeline,
    Split,
    Stage,
    forecast,
    merge_opportunities,
)
from relex.purchases import Line

SALES = sales()
QUARTER = Period.of("quarter", date(2026, 1, 1))
CLOSE = date(2026, 2, 10)
NOW = on(40)
TEAM = Hierarchy((), [Tie("ann", "top"), Tie("bob", "ann")], as_of=START)


def known(name: str, amount: int | str | None = 100, **more: Any) -> Opportunity:
    return deal(name, amount=amount, expected_close=more.pop("close", CLOSE), **more)


def asked(*deals: Opportunity, **more: Any) -> Forecast:
    return forecast(deals, more.pop("pipeline", SALES), more.pop("period", QUARTER), more.pop("as_of", NOW), **more)


class TestWhatCounts:
    def test_a_deal_opened_later_does_not_exist(self) -> None:
        assert asked(known("a"), as_of=START - timedelta(days=1)).count().value == 0

    def test_a_deal_is_seen_as_it_was(self) -> None:
        grown = known("a").change_amount(usd(900), at=on(50)).state

        assert asked(grown).amount().value == usd(100)

    def test_a_lost_deal_is_omitted_and_weighs_nothing(self) -> None:
        view = asked(known("a").lose(SALES, at=on(10), reason="price").state)

        assert [usd(100), usd(0), usd(0)] == [
            view.amount("omitted").value,
            view.weighted().value,
            view.amount("open_pipeline").value,
        ]

    def test_a_won_deal_counts_in_full(self) -> None:
        view = asked(known("a").win(SALES, at=on(10)).state)

        assert (usd(100), usd(100)) == (view.amount("closed").value, view.weighted("closed").value)

    def test_a_closed_deal_counts_on_the_local_day_of_its_closing(self) -> None:
        late = datetime(2026, 3, 31, 23, tzinfo=UTC)
        won = known("a").win(SALES, at=late).state
        east = timezone(timedelta(hours=2))

        assert asked(won, as_of=late).count("closed").value == 1
        assert asked(won, as_of=late, tz=east).count("closed").value == 0

    def test_years_never_meet(self) -> None:
        view = asked(known("a", close=date(2027, 2, 10)))

        assert view.count().value == 0

    def test_a_deal_of_another_pipeline_is_told_and_left_out(self) -> None:
        view = asked(known("a"), deal("b", pipeline=sales(id="other"), expected_close=CLOSE))

        assert (view.elsewhere, view.count().value) == (("b",), 1)

    def test_several_pipelines(self) -> None:
        other = sales(id="other")
        view = asked(known("a"), known("b", pipeline=other), pipeline=[SALES, other], by="pipeline")

        assert view.groups == ("other", "sales")

    def test_an_open_deal_without_a_date_is_told(self) -> None:
        view = asked(known("a", close=None))

        assert (view.without_date, view.count().value) == (("a",), 0)

    def test_a_deal_without_an_amount_is_counted(self) -> None:
        view = asked(known("a", None), known("b"))

        assert (("a",), 2, usd(100)) == (view.without_amount, view.count().value, view.amount().value)

    def test_a_merged_deal_counts_no_more(self) -> None:
        one, other = known("a"), known("b")
        survivor, merged = merge_opportunities([one, other], SALES, by="eve", reason="twice", at=on(20))

        assert asked(survivor.state, merged.state).count().value == 1


class TestOverdue:
    DEAL = known("a", close=date(2026, 1, 20))

    def test_it_stays_in_the_period_of_its_date(self) -> None:
        view = asked(self.DEAL, each="month")

        assert [view.during(month).count().value for month in view.periods] == [1, 0, 0]
        assert view.overdue == ("a",)

    def test_it_can_move_to_the_period_of_the_day(self) -> None:
        view = asked(self.DEAL, each="month", overdue="current")

        assert [view.during(month).count().value for month in view.periods] == [0, 1, 0]
        assert view.overdue == ("a",)

    def test_the_day_is_that_of_the_zone(self) -> None:
        edge = known("a", close=date(2026, 8, 23))
        at = datetime(2026, 8, 23, 22, tzinfo=UTC)
        year = Period.of("year", date(2026, 1, 1))

        assert asked(edge, period=year, as_of=at).overdue == ()
        assert asked(edge, period=year, as_of=at, tz=timezone(timedelta(hours=7))).overdue == ("a",)

    def test_a_later_date_does_not_move(self) -> None:
        view = asked(known("a", close=date(2026, 3, 30)), each="month", overdue="current")

        assert view.during(view.periods[2]).count().value == 1


class TestProbability:
    NEW = Pipeline(
        "sales",
        [
            Stage("new", 1, probability=20, category="commit"),
            Stage("won", 8, kind="won"),
            Stage("lost", 9, kind="lost"),
        ],
        version=2,
    )

    def test_the_present_definition_counts(self) -> None:
        view = asked(known("a"), pipeline=self.NEW)

        assert (usd(20), usd(100)) == (view.weighted().value, view.amount("commit_forecast").value)

    def test_what_the_stage_said_at_entry_counts_when_asked(self) -> None:
        view = asked(known("a"), pipeline=self.NEW, probabilities="at_entry", by="category")

        assert (usd(10), ("pipeline",), ()) == (view.weighted().value, view.groups, view.unknown_stage)

    def test_a_stage_that_is_gone_is_told(self) -> None:
        view = asked(deal("a", 0, (1, "demo"), amount=100, expected_close=CLOSE), pipeline=self.NEW, by="probability")

        assert (("a",), usd(30), (30,)) == (view.unknown_stage, view.weighted().value, view.groups)

    def test_what_a_person_said_goes_first(self) -> None:
        said = known("a").override_probability(0, at=on(1)).state.override_category("commit", at=on(1)).state
        view = asked(said)

        assert (usd(0), usd(100)) == (view.weighted().value, view.amount("commit_forecast").value)

    def test_predicted_probabilities_count_where_the_pipeline_says_so(self) -> None:
        predicted = sales(probability="predicted")
        deals = known("a"), known("b"), known("c").override_probability(1, at=on(1)).state
        given = {"a": Decimal("74.30"), "c": 90}

        assert [usd("85.30"), usd(21)] == [
            asked(*deals, pipeline=pipeline, predicted=given).weighted().value for pipeline in (predicted, SALES)
        ]

    def test_a_predicted_probability_is_a_percentage(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.predicted"):
            asked(known("a"), predicted={"a": 0.5})


class TestGroups:
    def test_none_is_a_group_of_its_own(self) -> None:
        view = asked(known("a", owner="ann"), known("b"), by="owner")

        assert [("ann", usd(100)), (None, usd(100))] == [(key, view.group(key).amount().value) for key in view.groups]

    def test_an_unknown_group_is_empty(self) -> None:
        assert asked(known("a"), by="owner").group("zoe").count().value == 0

    def test_any_fact(self) -> None:
        view = asked(known("a", tags=("x", "y")), known("b"), by="tags")

        assert set(view.groups) == {("x", "y"), ()}

    def test_a_fact_of_the_callers_own(self) -> None:
        view = asked(known("a"), known("b"), by="region", facts={"a": {"region": "north"}})

        assert view.groups == ("north", None)

    def test_a_fact_that_nobody_gives_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.by.*territory"):
            asked(known("a"), by="colour")

    def test_own_facts_may_not_shadow_those_of_the_deal(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.facts"):
            asked(known("a"), by="owner", facts={"a": {"owner": "bob"}})

    def test_without_groups_there_is_no_group(self) -> None:
        view = asked(known("a"))

        assert view.groups == ()
        with pytest.raises(InvalidValue, match="by="):
            view.group("ann")

    def test_a_group_of_one_month(self) -> None:
        view = asked(known("a", owner="ann"), known("b", owner="ann", close=date(2026, 3, 1)), by="owner", each="month")

        assert view.group("ann", view.periods[1]).count().value == 1

    def test_fiscal_quarters(self) -> None:
        year = Period.of("year", date(2026, 2, 1), year_starts=2)
        view = asked(known("a"), period=year, each="quarter", year_starts=2)

        assert [date(2026, 2, 1), date(2026, 5, 1)] == [period.start for period in view.periods[:2]]
        assert view.during(view.periods[0]).count().value == 1

    def test_several_pieces_together(self) -> None:
        view = asked(known("a"), known("b", close=date(2026, 3, 1)), each="month")

        assert view.during(Period(date(2026, 2, 1), date(2026, 4, 1))).count().value == 2

    @pytest.mark.parametrize("day", [2, 15])
    def test_another_period_is_refused(self, day: int) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.period"):
            asked(known("a"), each="month").during(Period(date(2026, 1, day), date(2026, 2, 1)))


class TestTeams:
    def test_a_team_is_led_by_somebody_or_is_that_of_the_manager(self) -> None:
        owners = ("top", "ann", "bob", "zoe", None)
        deals = [known(f"d{owner}", owner=owner) for owner in owners]
        view = asked(*deals, by="team", team=TEAM)

        assert {key: view.group(key).count().value for key in view.groups} == {"top": 1, "ann": 2, None: 2}

    def test_somebody_alone_is_a_team(self) -> None:
        view = asked(known("a", owner="eve"), by="team", team=Hierarchy(["eve"], as_of=START))

        assert view.groups == ("eve",)

    def test_the_team_is_that_of_the_instant(self) -> None:
        moved = [Tie("ann", "x", Period(START, on(30))), Tie("ann", "y", Period(on(30)))]
        team = Hierarchy((), moved, as_of=START)

        assert asked(known("a", owner="ann"), by="team", team=team).groups == ("y",)

    def test_a_team_is_needed(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.team"):
            asked(known("a"), by="team")

    def test_managers_in_a_circle_are_refused(self) -> None:
        team = Hierarchy((), [Tie("a", "b", Period(START, on(9))), Tie("b", "a", Period(on(5)))], as_of=START)

        with pytest.raises(InvalidValue, match="circle"):
            asked(known("a"), team=team, as_of=on(7))


class TestSplits:
    SPLIT = known("a", "100.00", owner="ann").set_splits(
        [Split("ann", Decimal("33.3")), Split("bob", Decimal("66.7")), Split("zoe", 50, kind="overlay")], at=on(1)
    )

    def test_parts_add_up_to_the_amount(self) -> None:
        view = asked(self.SPLIT.state, by="owner")

        assert [usd("33.30"), usd("66.70")] == [view.group(key).amount().value for key in ("ann", "bob")]

    def test_the_deal_counts_once(self) -> None:
        view = asked(self.SPLIT.state, by="team", team=TEAM)

        assert (view.count().value, view.group("ann").count().value) == (1, 1)

    def test_overlay_credit_is_apart(self) -> None:
        view = asked(self.SPLIT.state, by="owner")

        assert (usd(100), usd(50), ("ann", "bob")) == (view.amount().value, view.overlay.amount().value, view.groups)

    def test_other_groups_have_the_whole(self) -> None:
        view = asked(self.SPLIT.state, by="stage")

        assert usd(100) == view.group("new").amount().value

    def test_only_overlay_leaves_the_amount_with_the_owner(self) -> None:
        found = known("a", owner="ann").set_splits([Split("zoe", 50, kind="overlay")], at=on(1)).state

        assert usd(100) == asked(found, by="owner").group("ann").amount().value

    def test_an_odd_amount_is_split_exactly(self) -> None:
        found = known("a", "0.001", owner="ann").set_splits([Split("ann", 50), Split("bob", 50)], at=on(1)).state
        view = asked(found, by="owner")

        assert Decimal("0.001") == view.whole.exact()

    def test_without_an_amount_everybody_has_nothing(self) -> None:
        found = known("a", None).set_splits([Split("ann", 50), Split("bob", 50)], at=on(1)).state
        view = asked(found, by="owner")

        assert [view.count().value, view.group("ann").count().value, view.group("bob").count().value] == [1, 1, 1]

    def test_each_part_may_be_rounded(self) -> None:
        found = known("a", "0.03").set_splits([Split("ann", 50), Split("bob", 50)], at=on(1)).state
        found = found.override_probability(25, at=on(1)).state

        assert usd("0.01") == asked(found, by="owner", rounding="per_deal").weighted().value


class TestProducts:
    LINES = (Line(1, "tea", 1, unit_price="30"), Line(2, "cup", 2, unit_price="35"), Line(3, "tea", 1, unit_price="20"))

    def with_lines(self, **more: Any) -> Opportunity:
        return known("a", None, **more).set_lines(self.LINES, at=on(1), currency="USD").state

    def test_amounts_of_lines(self) -> None:
        view = asked(self.with_lines(), known("b"), by="product")

        assert {"tea": usd(50), "cup": usd(70), None: usd(100)} == {
            key: view.group(key).amount().value for key in view.groups
        }
        assert view.count().value == 2

    def test_an_amount_set_by_hand_is_shared_by_the_lines(self) -> None:
        found = self.with_lines().change_amount(usd(60), at=on(2)).state

        assert usd(35) == asked(found, by="product").group("cup").amount().value

    def test_shares_of_credit_of_each_product(self) -> None:
        found = self.with_lines(owner="ann").set_splits([Split("ann", 50), Split("bob", 50)], at=on(2)).state
        view = asked(found, by="product", team=TEAM)

        assert usd(70) == view.group("cup").amount().value
        assert usd(120) == view.row("ann", "open_pipeline").computed


class TestCurrencies:
    DEALS = (known("a"), known("b", Money(50, "EUR")), known("c", Money(1000, "JPY")))
    RATES = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.1")])

    def test_one_total_for_each(self) -> None:
        view = asked(*self.DEALS)

        assert (Money(50, "EUR"), Money(1000, "JPY"), usd(100)) == view.amounts()
        assert (Money(5, "EUR"), Money(100, "JPY"), usd(10)) == view.whole.weighted_amounts()

    def test_a_missing_rate_is_told(self) -> None:
        view = asked(*self.DEALS, rates=self.RATES)

        assert (view.missing_rates, view.amount().reason) == (("JPY",), "missing_rate")
        assert view.amount().part("EUR") == Money(50, "EUR")

    def test_one_total_with_rates(self) -> None:
        view = asked(*self.DEALS[:2], rates=self.RATES)

        assert (usd(155), usd("15.50"), ()) == (view.amount().value, view.weighted().value, view.missing_rates)

    def test_the_figure_tells_the_day_of_the_rates(self) -> None:
        assert ("rates", date(2026, 1, 1)) in asked(self.DEALS[1], rates=self.RATES).amount().parameters

    def test_rates_to_several_currencies_need_a_choice(self) -> None:
        rates = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.1"), ("EUR", "JPY", "160")])

        with pytest.raises(InvalidValue, match=r"forecast\.currency"):
            asked(self.DEALS[1], rates=rates).amount()
        assert Money(8000, "JPY") == asked(self.DEALS[1], rates=rates, currency="JPY").amount().value

    def test_a_currency_without_rates_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            asked(self.DEALS[1], currency="USD").amount()

    def test_a_group_of_one_currency_has_one_total(self) -> None:
        view = asked(known("a", owner="ann"), known("b", Money(50, "EUR"), owner="bob"), by="owner")

        assert Money(50, "EUR") == view.group("bob").amount().value

    def test_no_deal_tells_no_currency(self) -> None:
        assert (asked().amount().value, asked().amount().reason) == (None, "no_data")

    def test_no_deal_is_nothing_of_a_currency_that_was_chosen(self) -> None:
        assert usd(0) == asked(currency="USD").amount().value

    def test_several_currencies_in_one_roll_up_are_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            asked(*self.DEALS, team=TEAM)

    def test_a_currency_without_a_minor_unit_is_not_rounded(self) -> None:
        odd = known("a", Money("0.123", "XAU"))

        assert Money("0.0123", "XAU") == asked(odd).weighted().value


class TestArguments:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"method": "both"},
            {"each": "decade"},
            {"year_starts": 13},
            {"probabilities": "old"},
            {"overdue": "drop"},
            {"rounding": "never"},
            {"currency": "dollars"},
            {"tz": "UTC"},
            {"as_of": datetime(2026, 1, 1)},  # noqa: DTZ001 - what is refused
            {"period": Period(date(2026, 1, 1))},
            {"period": Period(START, NOW)},
            {"period": Period(CLOSE, CLOSE)},
            {"rates": {}},
            {"team": {}},
            {"pipeline": "sales"},
            {"pipeline": ["sales"]},
            {"adjustments": ["a"]},
        ],
        ids="-".join,
    )
    def test_wrong_ones_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue):
            asked(known("a"), **wrong)

    def test_a_deal_given_twice_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="once"):
            asked(known("a"), known("a"))

    def test_what_is_no_deal_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="Opportunity"):
            asked("a")  # type: ignore[arg-type]

    def test_an_unknown_column_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.column"):
            asked(known("a")).amount("closing")

    def test_an_unknown_viewer_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            asked(known("a"), team=TEAM, viewer="zoe")


class TestSnapshot:
    def test_a_kept_question_is_answered_again(self) -> None:
        view = asked(known("a", owner="ann"), by="owner", each="month")

        assert view == Forecast.of(view.question, view.opportunities, SALES)

    def test_another_instant(self) -> None:
        grown = known("a").change_amount(usd(900), at=on(50)).state
        view = asked(grown)

        assert [usd(100), usd(900)] == [view.at(day).amount().value for day in (NOW, on(60))]

    def test_a_question_is_needed(self) -> None:
        with pytest.raises(InvalidValue, match=r"forecast\.question"):
            Forecast.of("q", (), SALES)  # type: ignore[arg-type]

    def test_a_question_is_equal_in_any_zone(self) -> None:
        east = NOW.astimezone(timezone(timedelta(hours=5)))

        assert ForecastQuestion(period=QUARTER, as_of=NOW) == ForecastQuestion(period=QUARTER, as_of=east)


class TestShown:
    def test_one_line(self) -> None:
        shown = str(asked(known("a")))

        assert shown.startswith("2026-01-01 to 2026-04-01 as of 2026-02-10T00:00:00+00:00: open_pipeline 100.00 USD")

    def test_tables(self) -> None:
        late = known("<b>", owner="<i>", close=date(2026, 1, 3))
        page = asked(late, known("b", None), by="owner", each="month", team=TEAM)._repr_html_()

        told = ("&lt;i&gt;", "overdue: &lt;b&gt;", "2026-02-01", "Roll-up", "without amount")

        assert all(text in page for text in told)
        assert "<b>" not in page
        assert "<script" not in page

    def test_each_table_says_by_what_it_is(self) -> None:
        grouped = asked(known("a"), by="owner", each="month")._repr_html_()

        assert ", by owner</caption>" in grouped
        assert ", by month</caption>" in grouped
        assert ", by" not in asked(known("a"))._repr_html_()

    def test_several_currencies_stand_side_by_side(self) -> None:
        page = asked(known("a"), known("b", Money(50, "EUR")))._repr_html_()

        assert "50.00 EUR, 100.00 USD" in page

    def test_a_missing_rate_is_noted(self) -> None:
        page = asked(known("a", Money(50, "EUR")), rates=RateTable(date(2026, 1, 1), [("CHF", "USD", 1)]))._repr_html_()

        assert "no rate for EUR" in page
        assert "50.00 EUR" in page

    def test_long_tables_and_lists_are_cut(self) -> None:
        deals = [known(f"d{number:03}", owner=f"o{number:03}", close=date(2026, 1, 3)) for number in range(210)]
        page = asked(*deals, by="owner")._repr_html_()

        assert "and 10 more" in page
        assert "d009 and 200 more" in page
        assert "o205" not in page

    def test_nothing_at_all(self) -> None:
        assert "–" in asked()._repr_html_()


class TestHowOftenItIsCut:
    def test_into_no_more_than_five_thousand_pieces(self) -> None:
        period = Period(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=5000))

        assert len(ForecastQuestion(period=period, as_of=NOW, each="day").pieces) == 5000

        with pytest.raises(InvalidValue, match=r"forecast\.each.*5,000"):
            ForecastQuestion(period=Period(period.start, date(9999, 12, 31)), as_of=NOW, each="day")

    def test_a_long_period_may_be_cut_into_long_pieces(self) -> None:
        period = Period(date(2000, 1, 1), date(2100, 1, 1))

        assert len(ForecastQuestion(period=period, as_of=NOW, each="month").pieces) == 1200


class TestRoundingPerDeal:
    THIRD = sales(stages=[Stage("new", 1, probability=33), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")])
    DEALS = tuple(
        known(name, "1.00").set_splits([Split("ann", 50), Split("bob", 50)], at=on(1)).state for name in ("a", "b", "c")
    )

    @pytest.mark.parametrize("more", [{}, {"by": "owner"}, {"team": TEAM}], ids=["plain", "owner", "team"])
    def test_the_total_hangs_on_no_grouping(self, more: dict[str, Any]) -> None:
        view = asked(*self.DEALS, pipeline=self.THIRD, rounding="per_deal", **more)

        assert usd("0.99") == view.weighted().value

    def test_the_parts_add_up(self) -> None:
        view = asked(*self.DEALS, pipeline=self.THIRD, rounding="per_deal", by="owner")

        assert [usd("0.51"), usd("0.48")] == [view.group(owner).weighted().value for owner in ("ann", "bob")]


class TestOwnCopies:
    def test_what_it_was_given_is_copied(self) -> None:
        facts = {"a": {"seg": "x"}}
        guessed = {"a": 50}
        view = asked(known("a"), by="seg", facts=facts, predicted=guessed)
        facts["a"]["seg"], guessed["a"] = "y", 60

        assert (view.at(NOW).groups, view.predicted["a"]) == (("x",), 50)

    def test_nobody_writes_into_it(self) -> None:
        view = asked(known("a"), facts={"a": {"seg": "x"}}, predicted={"a": 50})

        for found in (view.facts, view.facts["a"], view.predicted):
            with pytest.raises(TypeError):
                found["a"] = 1  # type: ignore[index]

    def test_it_has_a_hash_and_a_copy(self) -> None:
        view = asked(known("a"), by="seg", facts={"a": {"seg": "x"}}, predicted={"a": 50}, team=TEAM)
        copied = pickle.loads(pickle.dumps(view))  # noqa: S301 - our own

        assert (view, hash(view), view.groups) == (copied, hash(copied), copied.groups)


class TestWhatItIsGiven:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"facts": {"z": {"x": [1]}}},
            {"facts": {"z": {"x": 0.5}}},
            {"facts": {"z": {5: "x"}}},
            {"facts": {"z": 5}},
            {"facts": [1]},
            {"predicted": [1]},
            {"opportunities": (known("a"), known("a"))},
            {"opportunities": [5]},
            {"opportunities": 5},
            {"pipelines": [5]},
            {"adjustments": [5]},
            {"question": 5},
        ],
        ids=str,
    )
    def test_each_is_checked_by_the_class_too(self, wrong: dict[str, Any]) -> None:
        question = ForecastQuestion(period=QUARTER, as_of=NOW)

        with pytest.raises(InvalidValue, match=r"forecast\."):
            Forecast(**{"question": question, "opportunities": (known("a"),), "pipelines": (SALES,), **wrong})

    def test_facts_are_values_that_rules_read(self) -> None:
        facts = {"a": {"none": None, "text": "x", "number": 5, "day": CLOSE, "words": ("x", "y")}}

        assert asked(known("a"), by="words", facts=facts).groups == (("x", "y"),)


class TestOverlay:
    @pytest.mark.parametrize("by", [None, "owner", "territory", "product"])
    def test_it_is_there_whatever_deals_are_grouped_by(self, by: str | None) -> None:
        found = known("a").set_splits([Split("zoe", 50, kind="overlay")], at=on(1)).state
        view = asked(found, by=by)

        assert (usd(50), usd(100), 1) == (view.overlay.amount().value, view.amount().value, view.count().value)


class TestPredictedGroups:
    def test_deals_are_grouped_by_the_probability_that_counts(self) -> None:
        pipeline = sales(probability="predicted")
        judged = known("b", pipeline=pipeline).override_probability(70, at=on(1)).state
        won = known("c", pipeline=pipeline).win(pipeline, at=on(2)).state
        deals = (known("a", pipeline=pipeline), judged, won, known("d", pipeline=pipeline))
        view = asked(*deals, pipeline=pipeline, by="probability", predicted={"a": 90, "b": 90, "c": 90})

        assert set(view.groups) == {10, 70, 90, 100}


class TestLongRates:
    def test_a_rate_of_many_decimals_explains_too(self) -> None:
        rates = RateTable(date(2026, 1, 1), [("EUR", "USD", "1." + "3" * 50)])
        euros = [
            known(name, amount=Money("123456789.01", "EUR"), opened=opened) for name, opened in (("a", 0), ("b", 5))
        ]
        bridge = asked(*euros, rates=rates).explain(on(2))
        (new,) = bridge.lines

        assert str(new.after.amount)[:12] == "164609052.01"
