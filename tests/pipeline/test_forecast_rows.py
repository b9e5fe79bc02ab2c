"""The roll-up: whose word counts, for whom, in which column and period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pipeline_deals import START, deal, on, sales, usd

from relex.calendars import Period
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound
from relex.money import Money, RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import Forecast, ForecastAdjustment, forecast

SALES = sales()
QUARTER = Period.of("quarter", date(2026, 1, 1))
JANUARY = Period.of("month", date(2026, 1, 1))
NOW = on(20)
TEAM = Hierarchy((), [Tie("mia", "top"), Tie("ann", "mia"), Tie("bob", "mia"), Tie("eve", "top")], as_of=START)
DEALS = tuple(
    deal(f"d-{owner}", amount=amount, owner=owner, expected_close=date(2026, 1, 25))
    for owner, amount in (("ann", 100), ("bob", 80), ("mia", 20), ("eve", 7))
)


def said(subject: str, by: str, worth: int, day: float = 1, **more: Any) -> ForecastAdjustment:
    known = {"period": QUARTER, "column": "open_pipeline", "amount": usd(worth), **more}
    return ForecastAdjustment(f"{subject}{by}{day}", subject=subject, by=by, at=on(day), **known)  # type: ignore[arg-type]


def asked(*adjustments: ForecastAdjustment, **more: Any) -> Forecast:
    known = {"as_of": NOW, "team": TEAM, "adjustments": adjustments, "period": QUARTER, **more}
    return forecast(known.pop("deals", DEALS), SALES, **known)


def effective(view: Forecast, *subjects: str, column: str = "open_pipeline") -> list[int]:
    return [int(view.row(subject, column).effective.amount) for subject in subjects]  # type: ignore[union-attr]


class TestRows:
    def test_from_the_top_down(self) -> None:
        rows = asked().rows("open_pipeline")

        assert [(row.subject, row.depth, row.computed.amount) for row in rows] == [
            ("top", 0, 207),
            ("eve", 1, 7),
            ("mia", 1, 200),
            ("ann", 2, 100),
            ("bob", 2, 80),
        ]

    def test_owners_outside_the_team_stand_beside_its_top(self) -> None:
        view = asked(deals=[*DEALS, deal("z", amount=5, owner="zoe", expected_close=date(2026, 1, 25))])

        assert (usd(5), 0) == (view.row("zoe", "open_pipeline").computed, view.row("zoe", "open_pipeline").depth)
        assert usd(207) == view.row("top", "open_pipeline").computed

    def test_without_a_team_everybody_stands_alone(self) -> None:
        view = asked(said("zoe", "zoe", 9), team=None)

        assert {row.subject: int(row.effective.amount) for row in view.rows("open_pipeline")} == {
            "ann": 100,
            "bob": 80,
            "eve": 7,
            "mia": 20,
            "zoe": 9,
        }

    def test_own_and_computed(self) -> None:
        row = asked().row("mia", "open_pipeline")

        assert (usd(20), usd(200), usd(200)) == (row.own, row.computed, row.effective)
        assert row.drift is None

    def test_a_piece_of_the_period(self) -> None:
        view = asked(each="month")

        assert [usd(207), usd(0)] == [view.row("top", "open_pipeline", month).computed for month in view.periods[:2]]
        assert view.row("top", "open_pipeline", JANUARY).period == JANUARY

    def test_several_currencies_need_rates(self) -> None:
        deals = [*DEALS, deal("e", amount=Money(10, "EUR"), owner="ann", expected_close=date(2026, 1, 25))]
        rates = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.234567")])

        with pytest.raises(CurrencyMismatch):
            asked(deals=deals, team=None, by="owner").rows("open_pipeline")
        assert usd("112.35") == asked(deals=deals, rates=rates).row("ann", "open_pipeline").computed

    def test_a_missing_rate_leaves_none_up_to_the_next_word(self) -> None:
        deals = [*DEALS, deal("e", amount=Money(10, "EUR"), owner="ann", expected_close=date(2026, 1, 25))]
        rates = RateTable(date(2026, 1, 1), [("CHF", "USD", "1.1")])
        view = asked(said("mia", "mia", 150, base=usd(1)), deals=deals, rates=rates)
        ann, mia, top = (view.row(name, "open_pipeline") for name in ("ann", "mia", "top"))

        assert (ann.own, ann.effective, mia.computed, mia.drift) == (None, None, None, None)
        assert (usd(150), usd(157)) == (mia.effective, top.computed)

    def test_a_column_of_the_other_method_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="open_pipeline"):
            asked().rows("commit")

    def test_somebody_unknown_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            asked().row("zoe", "open_pipeline")

    def test_owners_must_be_told_apart(self) -> None:
        view = forecast(DEALS, SALES, QUARTER, NOW, by="stage")

        with pytest.raises(InvalidValue, match="owner or team"):
            view.rows("open_pipeline")
        with pytest.raises(InvalidValue, match="owner or team"):
            view.under("ann")

    def test_groups_and_rows_stand_beside_each_other(self) -> None:
        view = asked(by="stage")

        assert (("new",), usd(207)) == (view.groups, view.row("top", "open_pipeline").computed)

    def test_without_deals_the_word_tells_the_currency(self) -> None:
        view = asked(said("ann", "ann", 5), deals=[])

        assert effective(view, "ann", "top") == [5, 5]

    def test_without_deals_everybody_has_a_row_without_an_amount(self) -> None:
        rows = asked(deals=[]).rows("open_pipeline")

        assert {"top", "mia", "ann", "bob", "eve"} == {row.subject for row in rows}
        assert {None} == {amount for row in rows for amount in (row.own, row.computed, row.effective, row.drift)}
        assert "ann: None open_pipeline" in str(rows[3])


class TestWhoseWord:
    def test_own(self) -> None:
        assert effective(asked(said("ann", "ann", 120)), "ann", "mia", "top") == [120, 220, 227]

    def test_the_newest_of_one_person(self) -> None:
        assert effective(asked(said("ann", "ann", 120), said("ann", "ann", 90, 2)), "ann") == [90]

    def test_the_manager_goes_before_the_owner(self) -> None:
        assert effective(asked(said("ann", "ann", 120, 9), said("ann", "mia", 110)), "ann", "mia") == [110, 210]

    def test_the_higher_manager_goes_first(self) -> None:
        assert effective(asked(said("ann", "mia", 110, 9), said("ann", "top", 50)), "ann") == [50]

    def test_who_looks_does_not_see_the_word_of_those_above(self) -> None:
        view = asked(said("ann", "mia", 110), said("ann", "top", 50), viewer="mia")

        assert effective(view, "ann", "mia") == [110, 210]
        assert [(each.adjustment.by, each.reason) for each in view.not_applied] == [("top", "above_viewer")]

    def test_who_looks_sees_what_is_below(self) -> None:
        rows = asked(viewer="mia").rows("open_pipeline")

        assert [(row.subject, row.depth) for row in rows] == [("mia", 0), ("ann", 1), ("bob", 1)]

    def test_a_word_of_later_does_not_exist(self) -> None:
        view = asked(said("ann", "ann", 120, 21))

        assert effective(view, "ann") == [100]
        assert view.not_applied == ()

    def test_two_of_one_instant_have_one_answer(self) -> None:
        one, other = said("ann", "ann", 1, 3.0), said("ann", "ann", 2, 3)
        views = [asked(*entries) for entries in ((one, other), (other, one))]

        assert one.id != other.id
        assert effective(views[0], "ann") == effective(views[1], "ann")

    def test_both_words_are_shown(self) -> None:
        row = asked(said("ann", "ann", 120), said("ann", "mia", 110)).row("ann", "open_pipeline")

        assert (row.by_self.amount.amount, row.by_manager.amount.amount) == (120, 110)  # type: ignore[union-attr]
        assert row.adjustment is row.by_manager


class TestNotApplied:
    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            pytest.param(said("ann", "ann", 1, column="commit"), "other_method", id="column"),
            pytest.param(said("ann", "ann", 1, period=JANUARY), "other_period", id="period"),
            pytest.param(said("ann", "ann", 1, amount=Money(1, "EUR")), "other_currency", id="currency"),
            pytest.param(said("zoe", "zoe", 1), "not_in_tree", id="subject"),
            pytest.param(said("ann", "eve", 1), "not_a_manager", id="colleague"),
            pytest.param(said("mia", "ann", 1), "not_a_manager", id="report"),
        ],
    )
    def test_it_is_told_and_kept(self, entry: ForecastAdjustment, reason: str) -> None:
        view = asked(entry)

        assert [(entry, reason)] == [(each.adjustment, each.reason) for each in view.not_applied]
        assert effective(view, "ann", "mia", "top") == [100, 200, 207]
        assert view.adjustments == (entry,)
        assert reason in str(view.not_applied[0])

    def test_what_is_said_of_other_times_is_left_alone(self) -> None:
        later = Period.of("quarter", date(2026, 7, 1))

        assert asked(said("ann", "ann", 1, period=later)).not_applied == ()

    def test_the_other_method_applies_it(self) -> None:
        entry = said("ann", "ann", 1, column="pipeline")

        assert effective(asked(entry, method="single"), "ann", column="pipeline") == [1]
        assert asked(said("ann", "ann", 1), method="single").not_applied[0].reason == "other_method"

    def test_it_counts_in_the_month_that_it_names(self) -> None:
        view = asked(said("ann", "ann", 1, period=JANUARY), each="month")

        assert view.not_applied == ()
        assert [usd(1), usd(100)] == [
            view.row("ann", "open_pipeline", period).effective for period in (JANUARY, QUARTER)
        ]

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            asked(said("ann", "ann", 1), said("ann", "ann", 2))

    def test_the_same_entry_twice_is_one(self) -> None:
        assert len(asked(said("ann", "ann", 1), said("ann", "ann", 1)).adjustments) == 1


class TestAdjust:
    def test_what_is_computed_is_written_down(self) -> None:
        entry = asked().adjust("a1", "mia", "open_pipeline", usd(150), by="top", at=NOW, note="too many")  # type: ignore[arg-type]

        assert (usd(200), usd(150), QUARTER) == (entry.base, entry.amount, entry.period)
        assert str(entry) == "top sets open_pipeline of mia to 150.00 USD"

    def test_drift_is_what_changed_since(self) -> None:
        entry = asked().adjust("a1", "mia", "open_pipeline", usd(150), by="mia", at=NOW)  # type: ignore[arg-type]
        more = deal("n", 15, amount=30, owner="bob", expected_close=date(2026, 1, 25))
        row = asked(entry, deals=[*DEALS, more]).row("mia", "open_pipeline")

        assert (usd(230), usd(150), usd(30)) == (row.computed, row.effective, row.drift)
        assert str(row) == "mia: 150.00 USD open_pipeline (computed 230.00 USD, set by mia, drift 30.00 USD)"

    def test_a_word_without_a_base_has_no_drift(self) -> None:
        assert asked(said("ann", "ann", 1)).row("ann", "open_pipeline").drift is None

    def test_of_a_month(self) -> None:
        entry = asked(each="month").adjust("a", "ann", "open_pipeline", usd(1), by="ann", at=NOW, period=JANUARY)  # type: ignore[arg-type]

        assert (JANUARY, usd(100)) == (entry.period, entry.base)

    def test_a_row_tells_what_is_own(self) -> None:
        assert str(asked().row("ann", "open_pipeline")) == "ann: 100.00 USD open_pipeline (own 100.00 USD)"


class TestAdjustment:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"column": "closed"},
            {"column": "omitted"},
            {"amount": 5},
            {"base": 5},
            {"period": Period(date(2026, 1, 1))},
            {"note": None},
            {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - what is refused
        ],
        ids="-".join,
    )
    def test_wrong_ones_are_refused(self, wrong: dict[str, Any]) -> None:
        known = {"period": QUARTER, "column": "commit", "amount": usd(1), "at": START, **wrong}

        with pytest.raises(InvalidValue, match=f"ForecastAdjustment.{next(iter(wrong))}"):
            ForecastAdjustment("a", subject="ann", by="ann", **known)

    def test_both_amounts_are_of_one_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            said("ann", "ann", 1, base=Money(1, "EUR"))

    def test_facts(self) -> None:
        entry = said("ann", "mia", 110, base=usd(100), note="why")

        assert {
            "amount": 110,
            "base": 100,
            "by": "mia",
            "column": "open_pipeline",
            "currency": "USD",
            "kind": "forecast_adjustment",
            "note": "why",
            "period_end": date(2026, 4, 1),
            "subject": "ann",
        }.items() <= entry.facts().items()
        assert set(entry.facts()) == set(dict(ForecastAdjustment.fact_schema.facts))
        assert said("ann", "mia", 1).facts()["base"] is None


def test_tables_show_the_columns_that_people_adjusted() -> None:
    page = asked(said("ann", "mia", 110), said("ann", "ann", 1, 2, column="commit"))._repr_html_()

    assert "Roll-up of open pipeline" in page
    assert "Roll-up of commit forecast" not in page
    assert "not applied (other_method)" in page


@pytest.mark.parametrize(("method", "expected"), [("single", "commit"), ("cumulative", "commit forecast")])
def test_tables_show_what_people_stand_for_where_nobody_adjusted(method: str, expected: str) -> None:
    assert f"Roll-up of {expected}<" in asked(method=method)._repr_html_()


def test_later_is_after() -> None:
    assert asked().at(NOW + timedelta(days=1)).question.as_of == NOW + timedelta(days=1)


class TestAdjusting:
    def test_an_empty_forecast(self) -> None:
        made = asked(deals=[]).adjust("x", "ann", "open_pipeline", usd(5), by="mia", at=NOW)  # type: ignore[arg-type]

        assert (usd(0), [usd(5)]) == (made.base, [asked(made).row("ann", "open_pipeline").effective])

    @pytest.mark.parametrize("by", ["eve", "stranger", ""])
    def test_by_somebody_who_is_not_above_is_refused(self, by: str) -> None:
        with pytest.raises(InvalidValue, match=r"adjust\.by.*ann or somebody above"):
            asked().adjust("x", "ann", "open_pipeline", usd(5), by=by, at=NOW)  # type: ignore[arg-type]


class TestSeveralCurrencies:
    DEALS = (*DEALS, deal("eu", amount=Money(9, "EUR"), owner="ann", expected_close=date(2026, 1, 25)))

    def test_what_people_said_is_shown_without_rates(self) -> None:
        view = asked(said("ann", "ann", 5), team=None, deals=self.DEALS)

        assert [each.reason for each in view.not_applied] == ["other_currency"]
        assert "no roll-up" in view._repr_html_()

        with pytest.raises(CurrencyMismatch):
            view.rows("open_pipeline")


class TestOtherPeriods:
    def test_what_is_said_of_a_month_is_listed_beside_the_quarter(self) -> None:
        january = said("ann", "ann", 500, period=JANUARY)
        quarter = said("ann", "mia", 300)
        view = asked(january, quarter, each="month")
        whole, month = view.row("ann", "open_pipeline"), view.row("ann", "open_pipeline", JANUARY)

        assert (usd(300), usd(500)) == (whole.effective, month.effective)
        assert ((january,), (quarter,)) == (whole.other_periods, month.other_periods)
        assert (
            "ann sets open_pipeline of ann to 500.00 USD, from 2026-01-01 to 2026-02-01: not in" in view._repr_html_()
        )
        assert view.row("bob", "open_pipeline").other_periods == ()
        assert view.row("ann", "commit_forecast").other_periods == ()
