"""Metrics over time: periods, waves and windows, what is beside them, and where a series breaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.calendars import Days, Months, Period
from relex.errors import InvalidValue
from relex.feedback import Answer, Metric, Question, Response, Scale, Survey, Trend, read_rolling, read_trend

if TYPE_CHECKING:
    from fractions import Fraction

NPS = Metric.nps()
VIENNA = ZoneInfo("Europe/Vienna")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
QUARTER: dict[str, Any] = {"every": "month", "start": date(2026, 1, 1), "end": date(2026, 4, 1), "tz": UTC}


def came(day: int, score: int | None, **more: Any) -> Response:
    """A response of so many days after the start."""
    known = {"submission": f"s{day}", "survey": "pulse", "at": START + day * DAY, "answers": [Answer("q1", score)]}
    return Response(**{**known, **more})


def trend(responses: list[Response], metric: Metric = NPS, **more: Any) -> Trend:
    return read_trend(responses, metric, question="q1", **{**QUARTER, **more})


def values(found: Trend) -> list[Fraction | None]:
    return [point.reading.value for point in found.points]


def ns(found: Trend) -> list[int]:
    return [point.reading.n for point in found.points]


class TestPeriods:
    def test_one_reading_for_each_period_in_order(self) -> None:
        found = trend([came(60, 10), came(0, 9), came(30, 3)])

        assert [str(point.period.start) for point in found.points if point.period] == [
            "2026-01-01",
            "2026-02-01",
            "2026-03-01",
        ]
        assert values(found) == [0, None, 100]
        assert found.points[1].reading.reason == "no_scored"

    def test_a_period_holds_its_start_and_not_its_end(self) -> None:
        assert ns(trend([came(0, 9), came(31, 9), came(59, 9)])) == [1, 1, 1]

    def test_what_lies_outside_is_counted(self) -> None:
        found = trend([came(-1, 9), came(0, 9), came(90, 9)])

        assert (ns(found), found.outside) == ([1, 0, 0], 2)

    def test_dates_are_those_of_the_zone(self) -> None:
        eve = came(0, 9, at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))

        assert [ns(trend([eve], tz=tz)) for tz in (UTC, VIENNA)] == [[1, 0, 0], [0, 1, 0]]

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            pytest.param({"every": Days(45)}, [2, 1], id="days"),
            pytest.param({"every": Months(1), "start": date(2026, 1, 31)}, [2, 0, 0], id="months"),
            pytest.param({"every": timedelta(days=30)}, [1, 2, 0], id="elapsed"),
            pytest.param(
                {"every": timedelta(days=30), "start": START, "end": START + 70 * DAY}, [1, 2, 0], id="instants"
            ),
            pytest.param({"every": "week", "start": START, "end": START + 8 * DAY, "tz": None}, [1, 0], id="split"),
        ],
    )
    def test_the_steps_there_are(self, more: dict[str, Any], expected: list[int]) -> None:
        assert expected == ns(trend([came(0, 9), came(31, 9), came(50, 9)], **more))

    def test_a_step_of_elapsed_time_is_exact_over_a_change_of_the_clock(self) -> None:
        start = datetime(2026, 3, 28, 12, tzinfo=VIENNA)
        found = trend([], every=DAY, start=start, end=datetime(2026, 3, 30, 13, tzinfo=VIENNA), tz=None)
        starts = [point.period.start for point in found.points if point.period]

        assert starts == [start, datetime(2026, 3, 29, 13, tzinfo=VIENNA)]

    def test_the_touchpoint_tells_when_it_was(self) -> None:
        given = [came(60, 9, touched_at=START), came(61, 9)]
        found = trend(given, by="touchpoint")

        assert (ns(found), found.undated, found.outside) == ([1, 0, 0], 1, 0)

    def test_what_is_not_over_is_incomplete(self) -> None:
        found = trend([came(0, 9), came(40, 9), came(70, 9)], as_of=START + 59 * DAY)

        assert [point.is_complete for point in found.points] == [True, True, False]
        assert (ns(found), found.outside) == ([1, 1, 0], 1)

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"every": "decade"}, "Period.split.unit", id="unit"),
            pytest.param({"every": None}, "read_trend.every", id="no step"),
            pytest.param({"every": Days(0)}, "read_trend.every", id="no length"),
            pytest.param({"every": timedelta(0)}, "read_trend.every", id="no time"),
            pytest.param({"every": timedelta(seconds=1)}, "read_trend.every", id="too many"),
            pytest.param({"every": timedelta.max}, "read_trend.every", id="too long"),
            pytest.param({"start": None}, "read_trend.start", id="no start"),
            pytest.param({"end": None}, "read_trend.end", id="no end"),
            pytest.param({"tz": None}, "read_trend.tz", id="no zone"),
            pytest.param({"tz": "UTC"}, "read_trend.tz", id="name of a zone"),
            pytest.param({"end": date(2025, 1, 1)}, "Period.end", id="backwards"),
            pytest.param({"by": "opened"}, "read_trend.by", id="by"),
            pytest.param({"waves": ["a"]}, "read_trend.waves", id="waves"),
            pytest.param({"as_of": date(2026, 1, 1)}, "read_trend.as_of", id="as of a date"),
            pytest.param({"program": "both"}, "read_trend.program", id="program"),
            pytest.param({"count": "all"}, "read.count", id="count"),
            pytest.param({"invalid": "drop"}, "read.invalid", id="invalid"),
            pytest.param({"weights": [1, 2]}, "read_trend.weights", id="weights"),
            pytest.param({"surveys": ["pulse"]}, "read_trend.surveys", id="surveys"),
        ],
    )
    def test_what_is_wrong_raises(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            trend([came(0, 9)], **more)

        assert path == caught.value.path

    def test_what_is_no_metric_or_response_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"read_trend\.metric"):
            trend([], "nps")  # type: ignore[arg-type]  # what is tested
        with pytest.raises(InvalidValue, match=r"read_trend\.responses"):
            trend(["s1"])  # type: ignore[list-item]  # what is tested


class TestReadings:
    def test_what_came_later_changes_only_what_is_outside(self) -> None:
        known = {"as_of": START + 40 * DAY, "weights": [3, 1], "clusters": ["a", "b"]}
        before = [came(0, 9, program="relational"), came(39, 3, program="relational")]
        later = [came(41, 99, program="transactional"), came(42, 0, program=None, version=2)]

        found = trend([later[0], *before, later[1]], **{**known, "weights": [9, 3, 1, 9], "clusters": [*"xaby"]})

        assert found.outside == 2
        assert attrs.evolve(found, outside=0) == trend(before, **known)

    def test_weights_and_clusters_go_with_their_responses(self) -> None:
        given = [came(40, 9), came(0, 9), came(1, 0)]
        found = trend(given, weights=[1, 3, 1], clusters=["a", "b", "c"])

        assert values(found) == [50, 100, None]
        assert [cluster.key for cluster in found.points[0].reading.clusters or ()] == ["b", "c"]

    def test_empty_answers_count_where_asked(self) -> None:
        assert ns(trend([came(0, 9), came(1, None)], count="responded")) == [2, 0, 0]

    @pytest.mark.parametrize(
        ("metric", "expected"),
        [
            pytest.param(Metric.ces(2), [None, "better", "same", "worse"], id="up"),
            pytest.param(Metric.ces(1), [None, "worse", "same", "better"], id="down"),
        ],
    )
    def test_which_way_it_went(self, metric: Metric, expected: list[str | None]) -> None:
        found = trend([came(0, 2), came(31, 5), came(59, 5), came(90, 1)], metric, end=date(2026, 5, 1))

        assert expected == [point.direction for point in found.points]

    def test_it_goes_by_the_last_value_that_there_is(self) -> None:
        found = trend([came(0, 0), came(59, 10)])

        assert [point.direction for point in found.points] == [None, None, "better"]


class TestBreaks:
    def test_a_new_version_is_a_break(self) -> None:
        found = trend([came(0, 9), came(31, 9, version=2), came(59, 9, version=2)])

        assert [point.breaks for point in found.points] == [(), ("version",), ()]
        assert [point.label for point in found.breaks] == ["2026-02-01"]

    def test_it_is_one_over_an_empty_period_too(self) -> None:
        assert [point.breaks for point in trend([came(0, 9), came(59, 9, version=2)]).points] == [(), (), ("version",)]

    def test_two_versions_in_one_period_are_a_break(self) -> None:
        assert trend([came(0, 9), came(1, 9, version=2)]).points[0].breaks == ("version",)

    def test_two_surveys_side_by_side_are_none(self) -> None:
        given = [came(day, 9, survey=survey) for day in (0, 31) for survey in ("a", "b")]

        assert [point.breaks for point in trend(given).points] == [(), (), ()]

    def test_another_survey_is_one(self) -> None:
        assert trend([came(0, 9), came(31, 9, survey="other")]).points[1].breaks == ("survey",)

    def test_the_definitions_tell_what_changed(self) -> None:
        def version(number: int, wording: str, **more: Any) -> Survey:
            return Survey("pulse", [Question("q1", "scale", metric=NPS, wording=wording)], version=number, **more)

        surveys = [version(1, "How likely?"), version(2, "How likely?"), version(3, "Would you?")]
        given = [came(day, 9, version=number) for day, number in ((0, 1), (31, 2), (59, 3))]
        found = trend(given, surveys=[*surveys, surveys[0]])

        assert [point.breaks for point in found.points] == [(), ("version",), ("version", "wording")]

    def test_another_scale_is_refused_or_set_aside(self) -> None:
        def version(number: int, scale: Scale) -> Survey:
            return Survey("pulse", [Question("q1", "scale", scale=scale)], version=number)

        surveys = [version(1, Scale(0, 10)), version(2, Scale(1, 4))]
        given = [came(0, 9), came(31, 4, version=2), came(32, None, version=2)]
        found = trend(given, surveys=surveys, invalid="set_aside")

        assert found.points[1].breaks == ("version", "scale")
        assert (found.points[1].reading.part("invalid"), found.points[1].reading.part("unscored")) == (1, 1)
        with pytest.raises(InvalidValue, match="on the scale 0 to 10"):
            trend(given, surveys=surveys)

    def test_two_definitions_of_one_version_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match="one definition of each version"):
            trend([], surveys=[Survey("pulse", []), Survey("pulse", [Question("q1", "text")])])


class TestPrograms:
    GIVEN = (came(0, 9, program="relational"), came(1, 0, program="transactional"), came(2, 0))

    def test_two_programs_are_two_series(self) -> None:
        with pytest.raises(InvalidValue, match="relational or transactional"):
            trend(list(self.GIVEN))
        found = [trend(list(self.GIVEN), program=program) for program in ("relational", "transactional")]

        assert [values(each)[0] for each in found] == [100, -100]
        assert [(each.program, each.other_program) for each in found] == [("relational", 2), ("transactional", 2)]

    def test_the_only_program_names_the_series(self) -> None:
        found = [trend(list(given)).program for given in (self.GIVEN[:1], self.GIVEN[2:])]

        assert found == ["relational", None]

    def test_one_that_is_not_known_is_a_break(self) -> None:
        assert trend([self.GIVEN[0], came(31, 9)]).points[1].breaks == ("program",)

    def test_a_definition_tells_the_program(self) -> None:
        survey = Survey("pulse", [], program="transactional")

        assert trend([came(0, 9)], surveys=[survey]).program == "transactional"


class TestWaves:
    def waves(self, responses: list[Response], **more: Any) -> Trend:
        return read_trend(responses, NPS, question="q1", by="wave", **more)

    def test_they_come_by_their_first_response(self) -> None:
        found = self.waves([came(9, 9, wave="b"), came(3, 0, wave="c"), came(5, 9, wave="b"), came(4, 9)])

        assert [(point.label, point.reading.n) for point in found.points] == [("c", 1), ("b", 2)]
        assert found.undated == 1

    def test_those_that_are_named_come_in_this_order(self) -> None:
        found = self.waves([came(1, 9, wave="a"), came(2, 9, wave="b")], waves=["c", "a", "c"])

        assert [(point.wave, point.reading.value) for point in found.points] == [("c", None), ("a", 100)]
        assert found.outside == 1

    def test_their_periods_tell_which_is_not_over(self) -> None:
        first, second = (Period(START + day * DAY, START + (day + 10) * DAY) for day in (0, 20))
        found = self.waves([], waves={"a": first, "b": second}, as_of=START + 12 * DAY)

        assert [(point.period, point.is_complete) for point in found.points] == [(first, True), (second, False)]

    def test_dates_of_waves_are_those_of_the_zone(self) -> None:
        waves = {"a": Period(date(2026, 1, 1), date(2026, 2, 1))}
        as_of = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)

        assert self.waves([], waves=waves, as_of=as_of, tz=VIENNA).points[0].is_complete
        assert not self.waves([], waves=waves, as_of=as_of).points[0].is_complete

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"every": "month"}, "read_trend.every", id="periods"),
            pytest.param({"waves": [""]}, "read_trend.waves", id="no name"),
            pytest.param({"waves": {"a": Period(START)}}, "read_trend.waves", id="no end"),
            pytest.param({"waves": "a"}, "read_trend.waves", id="text"),
            pytest.param({"tz": "UTC"}, "read_trend.tz", id="no zone"),
        ],
    )
    def test_what_is_wrong_raises(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            self.waves([], **more)

        assert path == caught.value.path


class TestRolling:
    def rolling(self, responses: list[Response], window: Any, **more: Any) -> Trend:
        return read_rolling(responses, NPS, question="q1", window=window, **{**QUARTER, **more})

    def test_a_window_ends_with_its_period_and_holds_its_start(self) -> None:
        given = [came(-29, 9), came(30, 9), came(31, 9), came(59, 0)]
        found = self.rolling(given, timedelta(days=60))

        assert ns(found) == [2, 2, 3]
        assert found.points[0].period == Period(START - 29 * DAY, START + 31 * DAY)
        assert found.outside == 0

    def test_windows_of_the_calendar(self) -> None:
        found = self.rolling([came(0, 9), came(31, 9)], Months(2))

        assert found.points[1].period == Period(date(2026, 1, 1), date(2026, 3, 1))
        assert ns(found) == [1, 2, 1]

    def test_what_lies_in_no_window_is_counted_once(self) -> None:
        found = self.rolling([came(-1, 9), came(3, 9), came(30, 9), came(90, 9)], DAY)

        assert (ns(found), found.outside) == ([1, 0, 0], 3)

    def test_windows_of_instants(self) -> None:
        found = self.rolling([came(1, 9)], Days(2), every=DAY, start=START, end=START + 3 * DAY, tz=None)

        assert ns(found) == [0, 1, 1]

    @pytest.mark.parametrize(
        ("window", "more", "path"),
        [
            pytest.param(timedelta(0), {}, "read_rolling.window", id="no length"),
            pytest.param("month", {}, "read_rolling.window", id="unit"),
            pytest.param(timedelta.max, {}, "read_rolling.window", id="too long"),
            pytest.param(DAY, {"by": "wave"}, "read_rolling.by", id="waves"),
        ],
    )
    def test_what_is_wrong_raises(self, window: Any, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            self.rolling([], window, **more)

        assert path == caught.value.path


def test_it_shows_itself() -> None:
    found = trend([came(0, 9), came(31, 9, version=2), came(90, 9)], as_of=START + 95 * DAY)
    lines = str(found).splitlines()
    plain = trend([came(0, 9)], as_of=START)

    assert lines[0] == "nps of q1"
    assert lines[2].endswith("[break: version]")
    assert str(plain.points[0]).endswith("[incomplete]")
    assert "Not in the series: 1 outside." in found._repr_html_()
    assert "Not in the series" not in plain._repr_html_()
    assert "<td" in plain._repr_html_()


def test_a_point_without_period_and_wave_has_no_label() -> None:
    point = read_trend([], NPS, question="q1", by="wave", waves=["a"]).points[0]

    assert (point.label, point.period) == ("a", None)
