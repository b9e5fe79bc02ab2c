"""Where people stop: impressions, drops, rates with their base, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.feedback import Answer, DropOff, Metric, Question, Response, Survey
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
PULSE = Survey(
    "pulse",
    [
        Question("q1", "scale", metric=Metric.nps()),
        Question("q2", "text", when=field("answer.q1") <= 6),
        Question("q3", "text"),
        Question("q4", "text", when=field("contact.vip") == True),  # noqa: E712 - notation
    ],
)


def came(*answers: Answer, **more: Any) -> Response:
    return Response(**{"submission": "s1", "survey": "pulse", "at": AT, "answers": answers, **more})


def counts(found: DropOff) -> list[tuple[int, int]]:
    return [(row.impressions, row.drops) for row in found.questions]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param(came(Answer("q1", 9)), [(1, 0), (0, 0), (1, 0), (0, 0)], id="finished"),
        pytest.param(came(submitted=False), [(1, 1), (0, 0), (0, 0), (0, 0)], id="opened only"),
        pytest.param(came(Answer("q1", 5), submitted=False), [(1, 0), (1, 1), (0, 0), (0, 0)], id="at the second"),
        pytest.param(
            came(Answer("q1", 5), Answer("q3", "x"), submitted=False),
            [(1, 0), (1, 0), (1, 1), (0, 0)],
            id="last",
        ),
        pytest.param(came(Answer("q1"), submitted=False), [(1, 0), (0, 0), (1, 1), (0, 0)], id="left empty"),
        pytest.param(
            came(Answer("q1", 9), Answer("q2", "x", status="not_shown"), submitted=False),
            [(1, 0), (0, 0), (1, 1), (0, 0)],
            id="off the path",
        ),
        pytest.param(came(Answer("q4", "x")), [(1, 0), (0, 0), (1, 0), (1, 0)], id="noted as shown"),
    ],
)
def test_what_was_reached_and_where_it_stopped(response: Response, expected: list[tuple[int, int]]) -> None:
    assert expected == counts(PULSE.drop_off([response]))


def test_displays_without_a_response_stop_at_the_first_question() -> None:
    found = PULSE.drop_off([came(Answer("q1", 9)), came(submitted=False)], displays=5)

    assert counts(found)[0] == (5, 4)
    assert found.question("q1").rate.show(0) == "80"


def test_no_question_at_all() -> None:
    found = Survey("pulse", []).drop_off([came(submitted=False)], displays=2)

    assert (found.questions, found.start_rate.value) == ((), 50)


def test_without_displays_their_rates_are_none() -> None:
    found = PULSE.drop_off([came()])

    assert [rate.reason for rate in (found.start_rate, found.completion_rate)] == ["no_displays", "no_displays"]


def test_without_anything_every_rate_is_none() -> None:
    found = PULSE.drop_off([], displays=0)
    rates = [found.start_rate, found.completion_rate, found.drop_off_rate, found.questions[0].rate]

    assert [(rate.value, rate.reason) for rate in rates] == [(None, "zero_denominator")] * 4
    assert (found.mean_time.value, found.median_time.reason) == (None, "no_times")


def test_times_are_those_of_finished_responses() -> None:
    times = [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=60, microseconds=1), None]
    given = [came(took=took) for took in times]
    found = PULSE.drop_off([*given, came(took=timedelta(1), submitted=False)])

    assert found.mean_time.value == Fraction(90_000_001, 3_000_000)
    assert found.median_time.value == 20
    assert (found.mean_time.part("finished"), found.mean_time.part("timed")) == (4, 3)


def test_a_rate_names_its_base() -> None:
    found = PULSE.drop_off([came(), came(submitted=False)], displays=4)

    assert [rate.method for rate in (found.start_rate, found.completion_rate, found.drop_off_rate)] == [
        "responses / displays",
        "finished / displays",
        "(responses - finished) / responses",
    ]


def test_an_unknown_question_is_not_found() -> None:
    with pytest.raises(NotFound):
        PULSE.drop_off([]).question("q9")


@pytest.mark.parametrize("displays", [0, -1, 1.5, True])
def test_fewer_displays_than_responses_are_refused(displays: Any) -> None:
    with pytest.raises(InvalidValue, match=r"drop_off\.displays"):
        PULSE.drop_off([came(), came()], displays=displays)


def test_it_shows_itself() -> None:
    found = PULSE.drop_off([came()], displays=2)

    assert [str(found), str(PULSE.drop_off([]))] == ["2 displays, 1 responses, 1 finished", "0 responses, 0 finished"]
    assert "50.00 percent" in found._repr_html_()
