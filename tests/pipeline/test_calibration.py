"""Calibrated stages, and the probability that an open deal shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.calendars import Period
from relex.errors import InvalidValue, NotFound
from relex.pipeline import Opportunity, Outcome, OutcomeTable, Pipeline, Stage, calibrate, shown_probability

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
SALES = Pipeline(
    "sales",
    [
        Stage("<new>", 1, probability=10),
        Stage("demo", 2, probability=40),
        Stage("won", 3, kind="won"),
        Stage("lost", 4, kind="lost"),
    ],
)
PREDICTED = attrs.evolve(SALES, probability="predicted")


def deal(number: int = 1, stage: str = "<new>", **more: Any) -> Opportunity:
    return Opportunity.open(f"d{number}", SALES, at=DAY, stage=stage, owner="kim", **more).state


def lost(one: Opportunity, at: datetime = DAY) -> Opportunity:
    return one.lose(SALES, reason="price", at=at).state


class TestCalibration:
    def test_a_lost_deal_keeps_what_it_had_reached_when_it_went_back(self) -> None:
        back = deal(stage="demo").move_to("<new>", SALES, at=DAY).state
        found = calibrate([lost(back), deal(2).win(SALES, at=DAY).state], SALES, closed_in=MAY, minimum=1)

        assert [(figure.numerator, figure.denominator) for _, figure in found.stages] == [(1, 2), (1, 2)]

    def test_only_deals_that_were_closed_in_the_period_count(self) -> None:
        again = lost(deal(4)).reopen(SALES, at=DAY).state
        deals = [lost(deal(1)), lost(deal(2), DAY + timedelta(days=40)), deal(3), again]
        found = calibrate(deals, SALES, closed_in=MAY, minimum=1)

        assert (found.of("<new>").denominator, found.of("demo").denominator) == (1, 0)
        assert (found.of("demo").value, found.of("demo").reason) == (None, "too_few")

    def test_the_dates_of_the_period_are_those_of_a_zone(self) -> None:
        late = lost(deal(), datetime(2026, 5, 31, 23, tzinfo=UTC))
        inside, outside = (
            calibrate([late], SALES, closed_in=MAY, minimum=1, tz=tz) for tz in (UTC, ZoneInfo("Asia/Tokyo"))
        )

        assert (inside.of("<new>").denominator, outside.of("<new>").denominator) == (1, 0)

    def test_a_deal_that_never_was_open_reached_nothing_when_it_was_lost(self) -> None:
        found = calibrate([deal(stage="lost", reason="price")], SALES, closed_in=MAY, minimum=1)

        assert found.of("<new>").denominator == 0

    def test_a_deal_counts_once(self) -> None:
        with pytest.raises(InvalidValue, match=r"calibrate\.opportunities: .* two equal ids"):
            calibrate([deal(1), deal(1)], SALES, closed_in=MAY)
        with pytest.raises(InvalidValue, match=r"calibrate\.opportunities\[1\]: expected an Opportunity of"):
            calibrate([deal(1), 5], SALES, closed_in=MAY)  # type: ignore[list-item]

    def test_it_shows_itself_escaped(self) -> None:
        found = calibrate([lost(deal())], SALES, closed_in=MAY, minimum=1)

        assert str(found) == "<new>: 0.00 percent (0 of 1)\ndemo: none (too_few) (0 of 0)"
        assert ">&lt;new&gt;</td>" in found._repr_html_()

    def test_a_stage_that_is_not_open_has_no_figure(self) -> None:
        with pytest.raises(NotFound, match="won"):
            calibrate([], SALES, closed_in=MAY).of("won")

    @pytest.mark.parametrize(
        "given",
        [
            {"pipeline": 5},
            {"minimum": 0},
            {"closed_in": 5},
            {"tz": "UTC"},
            {"opportunities": [5]},
            {"opportunities": 5},
            {"pipeline": Pipeline("other", SALES.stages), "opportunities": [deal()]},
        ],
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any]) -> None:
        usual: dict[str, Any] = {"opportunities": [], "pipeline": SALES, "closed_in": MAY}

        with pytest.raises(InvalidValue):
            calibrate(**{**usual, **given})


class TestShownProbability:
    TABLE = OutcomeTable(["owner"]).add(Outcome.of(deal(9).win(SALES, at=DAY).state, SALES, variables=["owner"]))

    def test_it_follows_the_model_where_the_pipeline_says_so(self) -> None:
        figure = shown_probability(deal(), PREDICTED, self.TABLE)

        assert (figure.value, figure.method) == (self.TABLE.score(deal()).value, "predicted")

    def test_it_follows_the_stage_where_the_pipeline_says_so(self) -> None:
        figure = shown_probability(deal(), SALES, self.TABLE)

        assert (figure.value, figure.method, figure.parameters) == (10, "stage", ())

    def test_it_follows_the_stage_where_there_is_no_history(self) -> None:
        figure = shown_probability(deal(), PREDICTED, OutcomeTable())

        assert (figure.value, figure.method, figure.parameters) == (10, "stage", (("prediction", "no_history"),))

    def test_a_person_is_never_overridden_and_zero_is_a_value(self) -> None:
        said = deal().override_probability(0, at=DAY).state
        figure = shown_probability(said, PREDICTED, self.TABLE)

        assert (figure.value, figure.method) == (0, "override")

    def test_a_closed_deal_is_certain(self) -> None:
        figure = shown_probability(lost(deal()), PREDICTED, self.TABLE)

        assert (figure.value, figure.method) == (0, "closed")

    def test_it_passes_on_what_the_score_asks_for(self) -> None:
        few = shown_probability(deal(), PREDICTED, self.TABLE, minimum_won=100)
        own = shown_probability(deal(), PREDICTED, self.TABLE, values={"country": "AT"}, group="north")

        assert few.parameters == (("prediction", "too_few_won"),)
        assert own.value == Decimal("91.67")

    @pytest.mark.parametrize(
        "given", [{"pipeline": 5}, {"opportunity": 5}, {"table": 5}, {"pipeline": Pipeline("other", SALES.stages)}]
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any]) -> None:
        usual: dict[str, Any] = {"opportunity": deal(), "pipeline": PREDICTED, "table": self.TABLE}

        with pytest.raises(InvalidValue):
            shown_probability(**{**usual, **given})
