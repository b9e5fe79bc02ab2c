"""Funnels, cohorts, losses, and figures by group."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pipeline_deals import dead, deal, on, sales, usd

from relex.calendars import Period
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure
from relex.money import Money, RateTable
from relex.pipeline import (
    FirstContact,
    by_fact,
    cohort_conversion,
    first_contacts,
    funnel,
    losses,
    merge_opportunities,
    win_rate,
)

GIVEN = (
    deal("won", 0, (1, "won")),
    deal("back", 0, (1, "offer"), (2, "new")),
    deal("lost", 0, (1, "demo"), (2, "lost")),
    deal("new", 5),
)


class TestFunnel:
    def test_reached_fills_what_was_skipped(self) -> None:
        found = funnel(GIVEN, sales(), as_of=on(9))

        assert found.counts == (4, 3, 2, 1)
        assert [step.stage for step in found.steps] == ["new", "demo", "offer", "won"]
        assert (found.steps[0].step, found.step("won").overall.value) == (None, Fraction(1, 4))

    def test_entered_does_not(self) -> None:
        assert funnel(GIVEN, sales(), as_of=on(9), by="entered").counts == (4, 1, 1, 1)

    def test_of_what_was_opened_in_a_period(self) -> None:
        first = Period(date(2026, 1, 1), date(2026, 1, 3))

        assert funnel(GIVEN, sales(), as_of=on(9), period=first).counts == (3, 3, 2, 1)

    def test_other_pipelines_are_told_apart(self) -> None:
        found = funnel([*GIVEN, deal("x", pipeline=sales(id="other"))], sales(), as_of=on(9))

        assert (found.deals, found.elsewhere) == (4, 1)
        assert "1 deals of other pipelines" in found._repr_html_()

    def test_a_deal_that_was_never_here_open_reached_nothing(self) -> None:
        found = funnel([deal("x", stage="lost", reason="price")], sales(), as_of=on(9))

        assert (found.deals, found.counts) == (1, (0, 0, 0, 0))
        assert found.steps[1].step is not None
        assert found.steps[1].step.reason == "zero_denominator"
        assert "–" in found._repr_html_()

    def test_merged_deals_are_not_counted(self) -> None:
        changes = merge_opportunities([deal("a"), deal("b")], sales(), by="eve", reason="twice", at=on(1))

        assert funnel([change.state for change in changes], sales(), as_of=on(2)).counts[0] == 1
        assert funnel([change.state for change in changes], sales(), as_of=on(0.5)).counts[0] == 2

    def test_refuses_an_unknown_step(self) -> None:
        with pytest.raises(NotFound):
            funnel([], sales(), as_of=on(9)).step("lost")

    @pytest.mark.parametrize("wrong", [{"by": "stage"}, {"pipeline": "sales"}, {"as_of": date(2026, 1, 1)}])
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"pipeline": sales(), "as_of": on(9), **wrong}
        with pytest.raises(InvalidValue, match="funnel"):
            funnel([], asked.pop("pipeline"), **asked)

    def test_shows_itself(self) -> None:
        found = funnel(GIVEN, sales(), as_of=on(9))

        assert str(found) == "sales, reached: new 4 > Demo 3 > offer 2 > won 1"
        assert "75.0 %" in found._repr_html_()
        assert "width:75%" in found._repr_html_()


def came(subject: str, first: float, converted: float | None = None) -> FirstContact:
    return FirstContact(subject, on(first), None if converted is None else on(converted))


class TestCohorts:
    def test_so_far_and_within(self) -> None:
        given = [came("a", 0, 30), came("b", 5, 36), came("c", 9), came("d", 40, 41)]

        january, february = cohort_conversion(given, as_of=on(100), days=30).cohorts

        assert (january.size, january.so_far.value, january.within.value) == (3, Fraction(2, 3), Fraction(1, 3))
        assert (february.size, february.so_far.value, february.within.value) == (1, 1, 1)

    def test_the_last_day_counts(self) -> None:
        found = cohort_conversion([came("a", 0, 30.9), came("b", 0, 31)], as_of=on(100), days=30)

        assert found.cohorts[0].within.value == Fraction(1, 2)

    @pytest.mark.parametrize(("day", "mature"), [(40, False), (40.9, False), (41, True)])
    def test_a_cohort_is_mature_when_its_last_day_is_old_enough(self, day: float, mature: bool) -> None:
        found = cohort_conversion([came("a", 0)], as_of=on(day), days=10)

        assert found.cohorts[0].mature is mature

    def test_a_mature_cohort_grows_no_more(self) -> None:
        given = [came("a", 30.5, 33.8)]

        early = cohort_conversion(given, as_of=on(33), days=3).cohorts[0]
        late = cohort_conversion(given, as_of=on(34), days=3).cohorts[0]

        assert (early.mature, early.within.value) == (False, 0)
        assert (late.mature, late.within.value) == (True, 1)

    def test_refuses_a_subject_twice(self) -> None:
        with pytest.raises(InvalidValue, match=r"cohort_conversion\.contacts.*each subject once"):
            cohort_conversion([came("a", 0), came("a", 40)], as_of=on(50), days=3)

    def test_an_immature_cohort_is_marked(self) -> None:
        found = cohort_conversion([came("a", 0), came("b", 1, 2)], as_of=on(5), days=10)

        assert str(found) == "2026-01-01: 50.00 percent (1 of 2) within 10 days so far"
        assert "immature" in found._repr_html_()

    def test_the_future_is_not_seen(self) -> None:
        found = cohort_conversion([came("a", 0, 9), came("b", 8)], as_of=on(5), days=30)

        assert [(each.size, each.so_far.value) for each in found.cohorts] == [(1, 0)]

    def test_who_converted_before_coming_counts_as_converted_and_not_as_within(self) -> None:
        found = cohort_conversion([came("a", 9, 4), came("b", 9)], as_of=on(50), days=30)

        assert (found.cohorts[0].so_far.value, found.cohorts[0].within.value) == (Fraction(1, 2), 0)
        assert (found.anomalies, found.cohorts[0].within.part("anomalies")) == (("a",), 1)

    def test_dates_are_those_of_a_zone(self) -> None:
        found = cohort_conversion([came("a", 0)], as_of=on(50), days=1, tz=ZoneInfo("America/New_York"))

        assert found.cohorts[0].period.start == date(2025, 12, 1)

    def test_cohorts_may_be_weeks(self) -> None:
        found = cohort_conversion([came("a", 0), came("b", 5)], as_of=on(50), days=1, unit="week")

        assert [each.period.start for each in found.cohorts] == [date(2025, 12, 29), date(2026, 1, 5)]

    def test_deals_convert_when_they_are_won(self) -> None:
        found = first_contacts(GIVEN, as_of=on(3))

        assert [(each.subject, each.converted) for each in found] == [("won", on(1)), ("back", None), ("lost", None)]

    @pytest.mark.parametrize(
        "wrong", [{"days": -1}, {"days": True}, {"unit": "decade"}, {"contacts": ["a"]}, {"contacts": 5}, {"tz": "UTC"}]
    )
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"contacts": [], "as_of": on(9), "days": 7, **wrong}
        with pytest.raises(InvalidValue, match="cohort_conversion"):
            cohort_conversion(asked.pop("contacts"), **asked)

    def test_refuses_a_naive_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"FirstContact\.first"):
            FirstContact("a", datetime(2026, 1, 1))  # noqa: DTZ001


class TestLosses:
    GIVEN = (
        dead("a", 0, 5, "price", amount=10, competitor="acme"),
        dead("b", 0, 5, "price", amount=Money(20, "EUR")),
        dead("c", 0, 5, "timing", competitor="acme"),
        deal("d", 0, (1, "demo"), (2, "lost")),
        deal("e", 0, (1, "won")),
    )

    def test_by_reason(self) -> None:
        found = losses(self.GIVEN, as_of=on(9))

        price = found.rows[0]
        assert (found.lost, price.value, price.count, price.share.value) == (4, "price", 3, Fraction(3, 4))
        assert price.amounts == (Money(20, "EUR"), usd(10))
        assert price.without_amount == 1
        assert price.stages == (("new", 2), ("demo", 1))

    def test_by_competitor(self) -> None:
        found = losses(self.GIVEN, as_of=on(9), by="competitor")

        assert [(row.value, row.count) for row in found.rows] == [("acme", 2), (None, 2)]

    def test_by_the_stage_they_were_lost_from(self) -> None:
        never = deal("x", stage="lost", reason="price")
        found = losses([*self.GIVEN, never], as_of=on(9), by="stage")

        assert [(row.value, row.count) for row in found.rows] == [("new", 3), ("demo", 1), (None, 1)]

    def test_amounts_may_be_converted(self) -> None:
        rates = RateTable(date(2026, 1, 1), [("EUR", "USD", "2")])

        assert losses(self.GIVEN, as_of=on(9), rates=rates, currency="USD").rows[0].amounts == (usd(50),)

    def test_only_what_was_lost_in_the_period(self) -> None:
        assert losses(self.GIVEN, as_of=on(9), period=Period(on(4), on(6))).lost == 3

    def test_refuses_other_questions(self) -> None:
        with pytest.raises(InvalidValue, match=r"losses\.by"):
            losses([], as_of=on(9), by="owner")

    def test_shows_itself(self) -> None:
        found = losses(self.GIVEN, as_of=on(9), by="competitor")

        assert str(found).splitlines() == [
            "4 deals lost, by competitor",
            "  acme: 50.00 percent (2 of 4)",
            "  not known: 50.00 percent (2 of 4)",
        ]
        assert "10.00 USD" in found._repr_html_()
        assert "never open 1" in losses([deal("x", stage="lost", reason="p")], as_of=on(9))._repr_html_()


class TestByFact:
    GIVEN = (
        deal("a", 0, (1, "won"), owner="bob"),
        deal("b", 0, (1, "lost"), owner="ann"),
        deal("c", 0, (1, "won"), owner="ann"),
        deal("d", 0, (1, "won")),
    )
    MEASURE = staticmethod(partial(win_rate, as_of=on(9)))

    def test_none_is_a_group_of_its_own_and_comes_last(self) -> None:
        found = by_fact(self.GIVEN, "owner", self.MEASURE, as_of=on(9))

        assert [(group.value, group.deals, group.figure.value) for group in found.groups] == [
            ("ann", 2, Fraction(1, 2)),
            ("bob", 1, 1),
            (None, 1, 1),
        ]
        assert found.of("bob").denominator == 1

    def test_the_owner_is_the_one_of_that_day(self) -> None:
        later = deal("a", 0, owner="bob").reassign("ann", at=on(5)).state

        assert [group.value for group in by_fact([later], "owner", self.MEASURE, as_of=on(3)).groups] == ["bob"]

    def test_any_fact_will_do(self) -> None:
        found = by_fact([deal("a", tags=["new", "big"]), deal("b")], "tags", self.MEASURE, as_of=on(3))

        assert [str(group) for group in found.groups] == [
            "none: none (no_closed_deals)",
            "big, new: none (no_closed_deals)",
        ]

    @pytest.mark.parametrize(
        "wrong",
        [{"fact": "color"}, {"pipeline": "sales"}, {"measure": lambda _: 3}, {"measure": "x"}],
    )
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"fact": "owner", "measure": self.MEASURE, "as_of": on(9), **wrong}
        with pytest.raises(InvalidValue, match="by_fact"):
            by_fact(self.GIVEN, asked.pop("fact"), asked.pop("measure"), **asked)

    def test_refuses_an_unknown_group(self) -> None:
        with pytest.raises(NotFound):
            by_fact(self.GIVEN, "owner", self.MEASURE, as_of=on(9)).of("eve")

    def test_shows_itself(self) -> None:
        found = by_fact(self.GIVEN, "owner", self.MEASURE, as_of=on(9))

        assert str(found).splitlines()[-1] == "none: 1.00 share (1 of 1)"
        assert "50.00 percent (1 of 2)" in found._repr_html_()
        assert "win rate of closed by count by owner" in found._repr_html_()
        count = by_fact(self.GIVEN, "owner", lambda deals: Figure(len(deals), "deals"), as_of=on(9))
        assert "2 deals" in count._repr_html_()
