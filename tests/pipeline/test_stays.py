"""Time in stages, the furthest stage, and what was reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pipeline_deals import DAY, deal, on, sales

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue, NotFound
from relex.pipeline import Opportunity, Pipeline, Stage, furthest, reached, time_in_stage

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


class TestTimeInStage:
    def test_stays_follow_each_other(self) -> None:
        found = time_in_stage(deal("d", 0, (2, "demo"), (5, "new")), as_of=on(6))

        assert [(stay.stage, stay.entered_at, stay.left_at) for stay in found.stays] == [
            ("new", on(0), on(2)),
            ("demo", on(2), on(5)),
            ("new", on(5), None),
        ]
        assert found.times == (("new", 3 * DAY), ("demo", 3 * DAY))
        assert found.total == 6 * DAY

    def test_a_stage_that_was_never_entered_took_no_time(self) -> None:
        assert time_in_stage(deal("d"), as_of=on(6)).of("offer") == timedelta(0)

    def test_a_closed_deal_stops(self) -> None:
        found = time_in_stage(deal("d", 0, (2, "won")), as_of=on(600))

        assert found.times == (("new", 2 * DAY), ("won", timedelta(0)))

    def test_a_move_between_won_stages_adds_nothing(self) -> None:
        pipeline = Pipeline("p", [*sales().stages, Stage("paid", 10, kind="won")])
        found = time_in_stage(deal("d", 0, (2, "won"), (9, "paid"), pipeline=pipeline), as_of=on(600))

        assert found.total == 2 * DAY

    def test_a_reopened_deal_was_in_the_closing_stage(self) -> None:
        reopened = deal("d", 0, (2, "lost")).reopen(sales(), at=on(5)).state

        found = time_in_stage(reopened, as_of=on(6))

        assert found.times == (("new", 3 * DAY), ("lost", 3 * DAY))

    def test_business_time(self) -> None:
        found = time_in_stage(deal("d", 0, (1.5, "demo")), as_of=on(4), calendar=OFFICE)

        assert found.times == (("new", timedelta(hours=11)), ("demo", timedelta(hours=5)))

    def test_what_happened_later_is_not_seen(self) -> None:
        assert time_in_stage(deal("d", 0, (2, "demo")), as_of=on(1)).times == (("new", DAY),)

    def test_the_clock_may_go_back(self) -> None:
        zone = ZoneInfo("Europe/Vienna")
        first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
        opened, _ = Opportunity.open("d", sales(), at=first)

        assert time_in_stage(opened, as_of=second).total == timedelta(hours=1)

    @pytest.mark.parametrize("wrong", [{"calendar": "office"}, {"as_of": on(-1)}, {"as_of": datetime(2026, 3, 1)}])  # noqa: DTZ001
    def test_refuses_what_it_cannot_answer(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="time_in_stage"):
            time_in_stage(deal("d"), **{"as_of": on(1), **wrong})

    def test_shows_itself(self) -> None:
        found = time_in_stage(deal("<d>", 0, (2, "demo")), as_of=on(6))

        assert str(found) == "<d>: new 2 days, 0:00:00, demo 4 days, 0:00:00"
        assert "&lt;d&gt;, 6 days, 0:00:00 in all" in found._repr_html_()


class TestFurthest:
    def test_a_way_back_changes_nothing(self) -> None:
        found = furthest(deal("d", 0, (1, "offer"), (2, "new")), sales(), as_of=on(3))

        assert found is not None
        assert found.id == "offer"

    def test_it_is_asked_of_an_instant(self) -> None:
        moved = deal("d", 0, (1, "offer"))

        assert [stage.id for day in (0.5, 1) if (stage := furthest(moved, sales(), as_of=on(day)))] == ["new", "offer"]

    def test_a_deal_that_was_never_open_came_nowhere(self) -> None:
        assert furthest(deal("d", stage="won"), sales(), as_of=on(1)) is None

    def test_stages_of_another_pipeline_are_no_way_here(self) -> None:
        other = sales(id="other")
        moved = deal("d", 0, (1, "offer"), pipeline=other).transfer("new", sales(), at=on(2)).state

        assert furthest(moved, sales(), as_of=on(3)) == sales().stage("new")


class TestReached:
    @pytest.mark.parametrize(
        ("moves", "expected"),
        [
            ([(1, "offer")], True),
            ([(1, "demo"), (2, "new")], True),
            ([], False),
            ([(1, "won")], True),
            ([(1, "lost")], False),
            ([(1, "offer"), (2, "lost")], True),
        ],
    )
    def test_a_stage_or_one_beyond_or_won(self, moves: list[tuple[float, str]], expected: bool) -> None:
        assert reached(deal("d", 0, *moves), "demo", sales(), as_of=on(9)) is expected

    def test_a_closing_stage_is_reached_by_entering_it(self) -> None:
        assert reached(deal("d", 0, (1, "lost")), "lost", sales(), as_of=on(9))
        assert not reached(deal("d", 0, (1, "offer")), "lost", sales(), as_of=on(9))

    def test_refuses_an_unknown_stage(self) -> None:
        with pytest.raises(NotFound):
            reached(deal("d"), "nowhere", sales(), as_of=on(1))
