"""Pushes, pulls, what slipped out of a period, and what is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from pipeline_deals import deal, on, sales, usd

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.pipeline import (
    Opportunity,
    days_overdue,
    merge_opportunities,
    slippage,
    slipped,
    unmerge_opportunities,
)

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
EAST = timezone(timedelta(hours=7))
MID = date(2026, 1, 15)


def dated(name: str, *days: date | None, opened: float = -30, **known: Any) -> Opportunity:
    """A deal opened with the first date; each following one is set on the next day of 2026."""
    state = deal(name, opened, expected_close=days[0], **known)
    for number, day in enumerate(days[1:]):
        state, _ = state.change_close_date(day, at=on(number + 1))
    return state


class TestSlippage:
    def test_a_deal_that_keeps_its_date(self) -> None:
        found = slippage(dated("d", MID), as_of=on(9))

        assert (found.pushes, found.pulls, found.days, found.first, found.current) == (0, 0, 0, MID, MID)

    def test_without_a_date_there_is_nothing_to_measure(self) -> None:
        found = slippage(dated("d", None), as_of=on(9))

        assert (found.first, found.days, found.months, found.quarters) == (None, None, None, None)
        assert str(found) == "d: 0 pushes, 0 pulls, no date"

    def test_setting_and_taking_away_is_no_move(self) -> None:
        found = slippage(dated("d", None, MID, None, date(2026, 3, 1)), as_of=on(9))

        assert (found.pushes, found.pulls, found.first, found.days) == (0, 0, MID, 45)

    def test_the_deal_counts_the_same_pushes(self) -> None:
        state = dated("d", MID, date(2026, 1, 20), None, date(2026, 2, 1), date(2026, 1, 25), date(2026, 3, 1))

        assert slippage(state, as_of=on(9)).pushes == state.pushes == 2

    def test_quarters_are_those_of_the_fiscal_year(self) -> None:
        moved = dated("d", date(2026, 1, 31), date(2026, 2, 1))

        assert slippage(moved, as_of=on(9)).quarters == 0
        assert slippage(moved, as_of=on(9), year_starts=2).quarters == 1

    def test_a_date_that_a_merge_brought_and_took_back_was_never_there(self) -> None:
        bare, other = dated("a", None), dated("b", MID)
        merged, gone = merge_opportunities([bare, other], sales(), at=on(1), by="eve", reason="twice")
        moved = merged.state.change_close_date(date(2026, 3, 1), at=on(2)).state

        alone = unmerge_opportunities(moved, [gone.state], at=on(3), by="eve", reason="not twice")[0].state

        assert (slippage(moved, as_of=on(9)).pushes, moved.pushes, slippage(moved, as_of=on(9)).first) == (1, 1, MID)
        assert (slippage(alone, as_of=on(9)).pushes, alone.pushes) == (0, 0)
        assert (slippage(alone, as_of=on(9)).first, slippage(alone, as_of=on(9)).days) == (date(2026, 3, 1), 0)

    def test_a_move_after_such_a_merge_counts_from_the_date_that_the_deal_had(self) -> None:
        merged, gone = merge_opportunities(
            [dated("a", None), dated("b", MID)], sales(), at=on(1), by="eve", reason="twice"
        )
        moved = merged.state.change_close_date(date(2026, 3, 1), at=on(2)).state
        moved = moved.change_close_date(date(2026, 2, 1), at=on(2.5)).state

        alone = unmerge_opportunities(moved, [gone.state], at=on(3), by="eve", reason="not twice")[0].state

        assert [(move.from_, move.to) for move in slippage(alone, as_of=on(9)).moves] == [
            (date(2026, 3, 1), date(2026, 2, 1))
        ]

    def test_shows_itself(self) -> None:
        found = slippage(dated("<d>", MID, date(2026, 4, 2), date(2026, 4, 1)), as_of=on(9))

        assert str(found) == "<d>: 1 pushes, 1 pulls, +76 days, +3 months, +1 quarters"
        assert "&lt;d&gt;" in found._repr_html_()
        assert ">77<" in found._repr_html_()

    @pytest.mark.parametrize("month", [0, 13, "x", True], ids=str)
    def test_refuses_what_is_no_month_of_a_deal_without_a_date_too(self, month: Any) -> None:
        with pytest.raises(InvalidValue, match=r"slippage\.year_starts"):
            slippage(dated("d", None), as_of=on(9), year_starts=month)


class TestSlipped:
    def test_tells_the_fate_of_all_that_were_expected(self) -> None:
        later = date(2026, 3, 1)
        found = [
            dated("far", MID, date(2026, 6, 1), amount=70, owner="ann"),
            dated("near", MID, later),
            dated("stays", MID, date(2026, 1, 20)),
            dated("early", MID, date(2025, 12, 1)),
            dated("undated", MID, None),
            dated("won", MID).win(sales(), at=on(3)).state,
            dated("lost", MID).lose(sales(), at=on(3), reason="price").state,
            dated("other", later, MID),
            deal("closed before", -30, (-1, "won"), expected_close=MID),
            dated("opened later", MID, later, opened=0.5),
        ]

        result = slipped(found, JANUARY, as_of=on(20))

        assert [each.opportunity for each in result.deals] == ["far", "near", "opened later"]
        assert result.deals[0].amount == usd(70)
        assert (result.deals[0].owner, result.deals[0].days) == ("ann", 137)
        assert dict(result.share.parts) == {
            "slipped": 3,
            "won": 1,
            "lost": 1,
            "open_in_period": 1,
            "pulled_in": 1,
            "undated": 1,
        }
        assert str(result) == "slipped out of 2026-01-01 to 2026-02-01: 37.50 percent (3 of 8)"
        assert str(result.deals[1]) == "near: 2026-01-15 to 2026-03-01, 45 days"

    def test_nothing_expected_nothing_slipped(self) -> None:
        result = slipped([], JANUARY, as_of=on(20))

        assert (result.share.value, result.share.reason) == (None, "zero_denominator")

    def test_a_deal_that_was_opened_after_the_period_was_not_expected_in_it(self) -> None:
        late = deal("late", 31, expected_close=MID).change_close_date(date(2026, 6, 1), at=on(32)).state
        just = deal("just", 30.9, expected_close=MID).change_close_date(date(2026, 6, 1), at=on(31)).state

        found = slipped([late, just], JANUARY, as_of=on(60))

        assert [each.opportunity for each in found.deals] == ["just"]

    def test_the_period_begins_on_a_clock(self) -> None:
        moved = deal("d", -30, expected_close=MID).change_close_date(date(2026, 3, 1), at=on(-0.1)).state

        assert slipped([moved], JANUARY, as_of=on(20)).deals == ()
        assert [each.opportunity for each in slipped([moved], JANUARY, as_of=on(20), tz=EAST).deals] == ["d"]

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"period": Period(on(0), on(31))}, id="instants"),
            pytest.param({"period": Period(date(2026, 1, 1))}, id="no end"),
            pytest.param({"period": "January"}, id="no period"),
            pytest.param({"as_of": on(-1)}, id="before the period"),
            pytest.param({"as_of": datetime(2026, 3, 1)}, id="naive"),  # noqa: DTZ001
            pytest.param({"tz": "UTC"}, id="zone"),
            pytest.param({"deals": ["d"]}, id="no deals"),
            pytest.param({"deals": [deal("d"), deal("d")]}, id="one twice"),
        ],
    )
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        asked = {"deals": [], "period": JANUARY, "as_of": on(20), **wrong}
        with pytest.raises(InvalidValue, match="slipped"):
            slipped(asked.pop("deals"), asked.pop("period"), **asked)

    def test_shows_itself(self) -> None:
        page = slipped([dated("<d>", MID, date(2026, 3, 1), amount=7)], JANUARY, as_of=on(20))._repr_html_()

        assert "&lt;d&gt;" in page
        assert "open in period 0" in page


class TestOverdue:
    def test_counts_days_after_the_date(self) -> None:
        assert [days_overdue(dated("d", MID), as_of=on(day)) for day in (14, 15, 16.5)] == [None, 1, 2]

    def test_closed_and_undated_deals_are_not_overdue(self) -> None:
        assert days_overdue(dated("d", MID).win(sales(), at=on(3)).state, as_of=on(99)) is None
        assert days_overdue(dated("d", None), as_of=on(99)) is None

    def test_names_what_it_refuses(self) -> None:
        with pytest.raises(InvalidValue, match=r"days_overdue\.tz"):
            days_overdue(dated("d", MID), as_of=on(1), tz="UTC")  # type: ignore[arg-type]
