"""Sales cycles, stage durations, and the ages of open deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pipeline_deals import DAY, dead, deal, on, sales

from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue, NotFound
from relex.pipeline import Opportunity, ageing, sales_cycle, stage_durations, time_in_stage

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
ST_JOHNS = ZoneInfo("America/St_Johns")
LENGTHS = (10, 20, 40, 80)
CLOSED = [deal(f"w{days}", 0, (days, "won")) for days in LENGTHS]


def odd() -> Opportunity:
    """A deal of the night of 2010 in which the clocks of St. John's went back from 00:01 to 23:01 of the day before."""
    opened, _ = Opportunity.open("odd", sales(), at=datetime(2010, 11, 7, 0, 0, 30, tzinfo=ST_JOHNS))
    return opened.win(sales(), at=opened.opened_at.astimezone(UTC) + timedelta(minutes=30)).state


class TestSalesCycle:
    def test_mean_median_and_quantiles(self) -> None:
        found = sales_cycle(CLOSED, as_of=on(99))

        assert [found.mean.value, found.median.value, found.quantile(Fraction(3, 4)).value] == [Fraction(75, 2), 30, 50]
        assert found.mean.unit == "days"
        assert found.quantile(1).method == "quantile 1 of the sales cycle of won deals"
        assert found.days == LENGTHS
        assert len(found) == 4

    def test_won_and_lost_are_apart(self) -> None:
        given = [*CLOSED, dead("l", 0, 2)]

        assert sales_cycle(given, as_of=on(99), of="lost").mean.value == 2
        assert sales_cycle(given, as_of=on(99), of="closed").closed == 5

    def test_only_what_closed_in_the_period(self) -> None:
        found = sales_cycle(CLOSED, as_of=on(99), period=Period(date(2026, 1, 1), date(2026, 1, 22)))

        assert found.days == (10, 20)

    def test_dates_or_exact(self) -> None:
        late = [deal("d", 0.75, (1.25, "won"))]
        east = timezone(timedelta(hours=12))

        assert sales_cycle(late, as_of=on(9)).mean.value == 1
        assert sales_cycle(late, as_of=on(9), tz=east).mean.value == 0
        assert sales_cycle(late, as_of=on(9), counted="exact").mean.value == Fraction(1, 2)

    def test_a_deal_closed_before_it_was_opened_is_listed_and_left_out(self) -> None:
        found = sales_cycle([*CLOSED, odd()], as_of=on(99), tz=ST_JOHNS)

        assert found.anomalies == (("odd", -DAY),)
        assert dict(found.mean.parts) == {"closed": 5, "counted": 4, "anomalies": 1}

    def test_or_kept_or_refused(self) -> None:
        assert sales_cycle([odd()], as_of=on(99), tz=ST_JOHNS, negative="include").mean.value == -1
        with pytest.raises(InvalidValue, match="odd"):
            sales_cycle([odd()], as_of=on(99), tz=ST_JOHNS, negative="raise")

    def test_nothing_has_no_length(self) -> None:
        found = sales_cycle([], as_of=on(9), of="lost")

        assert (found.mean.reason, found.median.reason) == ("no_lost_deals", "no_lost_deals")
        assert str(found) == "sales cycle of lost deals: none (no_lost_deals)"
        assert "none (no_lost_deals)" in found._repr_html_()

    @pytest.mark.parametrize("wrong", [{"of": "open"}, {"counted": "hours"}, {"negative": "drop"}, {"period": 3}])
    def test_refuses_other_policies(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="sales_cycle"):
            sales_cycle([], as_of=on(9), **wrong)

    def test_shows_itself(self) -> None:
        found = sales_cycle(CLOSED, as_of=on(99))

        assert str(found) == "sales cycle of won deals: mean 37.5 days, median 30.0, of 4"
        assert "first quarter" in found._repr_html_()


class TestStageDurations:
    GIVEN = (
        deal("a", 0, (2, "demo"), (6, "won")),
        deal("b", 0, (4, "demo"), (5, "new"), (7, "lost")),
        deal("c", 0, (10, "demo")),
    )

    def test_each_deal_counts_once_with_all_its_stays(self) -> None:
        found = stage_durations(self.GIVEN, sales(), as_of=on(12))

        assert found.stage("new").days == (2, 6, 10)
        assert found.stage("demo").days == (1, 4)
        assert found.stage("demo").present == 1
        assert dict(found.stage("demo").mean.parts) == {"counted": 2, "present": 1}

    def test_deals_that_are_there_may_count_too(self) -> None:
        found = stage_durations(self.GIVEN, sales(), as_of=on(12), present="include")

        assert found.stage("demo").days == (1, 2, 4)

    def test_business_time(self) -> None:
        found = stage_durations([deal("a", 0, (4, "demo"))], sales(), as_of=on(12), calendar=OFFICE)

        assert found.stage("new").times == (timedelta(hours=16),)

    def test_a_stage_that_nobody_left_has_no_mean(self) -> None:
        found = stage_durations(self.GIVEN, sales(), as_of=on(12)).stage("offer")

        assert (found.mean.value, found.mean.reason) == (None, "no_deals")

    def test_time_in_another_pipeline_is_not_counted(self) -> None:
        other = sales(id="other")
        moved = deal("d", 0, (2, "demo"), pipeline=other).transfer("demo", sales(), at=on(5)).state
        moved = moved.move_to("offer", sales(), at=on(6)).state

        found = stage_durations([moved, deal("e", pipeline=other)], sales(), as_of=on(9))

        assert [stage.days for stage in found.stages] == [(), (1,), ()]
        assert found.elsewhere == 1
        assert time_in_stage(moved, as_of=on(9)).of("demo") == 4 * DAY

    @pytest.mark.parametrize("wrong", [{"pipeline": "sales"}, {"calendar": "office"}, {"present": "drop"}])
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"pipeline": sales(), "as_of": on(9), **wrong}
        with pytest.raises(InvalidValue, match="stage_durations"):
            stage_durations([], asked.pop("pipeline"), **asked)

    def test_refuses_an_unknown_stage(self) -> None:
        with pytest.raises(NotFound):
            stage_durations([], sales(), as_of=on(9)).stage("nowhere")

    def test_shows_itself(self) -> None:
        found = stage_durations(self.GIVEN, sales(), as_of=on(12))

        assert str(found).splitlines()[1] == "time in Demo: mean 2.5 days, median 2.5, of 2"
        assert "<td" in found._repr_html_()
        assert "none (no_deals)" in found._repr_html_()


class TestAgeing:
    def test_the_place_among_the_closing_ages(self) -> None:
        found = ageing([*CLOSED, deal("old", -20), deal("young", 80), deal("middle", 60)], as_of=on(100))

        assert [(each.opportunity, each.days, each.place) for each in found.deals] == [
            ("old", 120, 1),
            ("middle", 40, Fraction(3, 4)),
            ("young", 20, Fraction(1, 2)),
        ]
        assert (found.beyond.numerator, found.beyond.denominator) == (1, 3)

    def test_an_age_that_a_deal_closed_at_is_not_beyond(self) -> None:
        assert ageing([*CLOSED, deal("d", 0)], as_of=on(80)).beyond.value == 0

    def test_without_closed_deals_there_is_no_place(self) -> None:
        found = ageing([deal("d", 0)], as_of=on(100))

        assert found.deals[0].place is None
        assert (found.beyond.value, found.beyond.reason) == (None, "no_closed_deals")

    def test_without_open_deals_there_is_no_share(self) -> None:
        assert ageing(CLOSED, as_of=on(100), of="won").beyond.reason == "no_open_deals"

    def test_refuses_a_naive_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"ageing\.as_of"):
            ageing([], as_of=datetime(2026, 1, 1))  # noqa: DTZ001

    @pytest.mark.parametrize("wrong", [{"of": "open"}, {"period": "May"}, {"tz": "UTC"}], ids=str)
    def test_names_what_it_refuses(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match=rf"ageing\.{next(iter(wrong))}"):
            ageing([], as_of=on(100), **wrong)

    def test_shows_itself(self) -> None:
        found = ageing([*CLOSED, deal("<old>", -20, amount=5)], as_of=on(100))

        assert str(found).startswith("1 open deals; older than any that closed: 1.00 share (1 of 1)")
        assert "&lt;old&gt;" in found._repr_html_()
        assert "100 %" in found._repr_html_()
        assert "older than any deal that closed: 100.00 percent (1 of 1)" in found._repr_html_()
        assert "–" in ageing([deal("d")], as_of=on(1))._repr_html_()
