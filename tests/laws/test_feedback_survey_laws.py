"""Laws of surveys and responses: feedback, section 15, laws 1, 5 and 6, and of series over time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.codec import dumps, loads
from relex.errors import Conflict
from relex.feedback import Answer, Metric, Question, Response, Survey, latest_responses, pool, read_rolling, read_trend
from relex.rules import Kind
from relex.testing import strategies

AT = datetime(2026, 1, 1, tzinfo=UTC)
NPS = Metric.nps()
FEW = settings(max_examples=60, deadline=None)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.NUMBER: st.integers(0, 10),
    Kind.TEXT: st.sampled_from(("a", "tea", "x")),
    Kind.TEXTS: st.sampled_from((("a",), ("a", "tea"))),
    Kind.FLAG: st.booleans(),
    Kind.DAY: st.just(date(2026, 5, 1)),
}
KINDS = {
    "scale": Kind.NUMBER,
    "number": Kind.NUMBER,
    "text": Kind.TEXT,
    "choice": Kind.TEXT,
    "choices": Kind.TEXTS,
    "boolean": Kind.FLAG,
    "date": Kind.DAY,
}
SURVEYS = strategies.surveys().filter(lambda survey: len(survey.questions) > 1)
SCORES = st.none() | st.integers(0, 10)


def answers_to(survey: Survey) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={each.id: VALUES[KINDS[each.kind]] for each in survey.questions})


@st.composite
def walked(draw: st.DrawFn) -> tuple[Survey, dict[str, Any]]:
    survey = draw(SURVEYS)
    return survey, draw(answers_to(survey))


@st.composite
def responses(draw: st.DrawFn, name: str) -> Response:
    """A response of the first days of a year, to one question."""
    at = AT + timedelta(hours=draw(st.integers(-50, 2500)))
    score = draw(SCORES)
    status = draw(st.sampled_from(("not_shown", "dismissed"))) if score is None and draw(st.booleans()) else None
    answer = Answer("q1", score) if status is None else Answer("q1", status=status)
    excluded = draw(st.sampled_from((None, None, None, "test")))
    return Response(submission=name, survey="s", at=at, answers=[answer], excluded=excluded)


BATCHES = st.integers(0, 8).flatmap(lambda n: st.tuples(*[responses(str(place)) for place in range(n)]))


@FEW
@given(walked())
def test_a_path_is_a_subsequence_and_visits_nothing_twice(case: tuple[Survey, dict[str, Any]]) -> None:
    survey, answers = case
    shown = survey.path(answers).shown

    assert [question.id for question in survey.questions if question.id in shown] == list(shown)
    assert len(set(shown)) == len(shown)


@FEW
@given(walked(), st.data())
def test_an_answer_to_a_later_question_changes_nothing_before_it(
    case: tuple[Survey, dict[str, Any]], data: st.DataObject
) -> None:
    survey, answers = case
    place = data.draw(st.integers(0, len(survey.questions) - 1))
    question = survey.questions[place]
    before = [each.id for each in survey.questions[: place + 1]]
    changed = {**answers, question.id: data.draw(VALUES[KINDS[question.kind]])}
    shown, after = [[name for name in survey.path(each).shown if name in before] for each in (answers, changed)]

    assert shown == after


@FEW
@given(walked())
def test_what_is_next_is_shown_and_has_no_answer(case: tuple[Survey, dict[str, Any]]) -> None:
    survey, answers = case
    path = survey.path(answers)

    assert path.next is None or (path.next in path.shown and path.next not in answers)
    assert set(path.off_path) == set(answers) - set(path.shown)


@FEW
@given(SURVEYS, st.data())
def test_answering_question_by_question_ends(survey: Survey, data: st.DataObject) -> None:
    answers: dict[str, Any] = {}
    for _ in survey.questions:
        following = survey.path(answers).next
        if following is not None:
            answers[following] = data.draw(VALUES[KINDS[survey.question(following).kind]])

    assert survey.path(answers).next is None


@FEW
@given(st.lists(strategies.responses(submission=st.sampled_from("ab")), max_size=4), st.data())
def test_a_batch_that_comes_twice_or_in_another_order_changes_nothing(
    batch: list[Response], data: st.DataObject
) -> None:
    other = data.draw(st.permutations([*batch, *batch]))
    try:
        found = latest_responses(batch)
    except Conflict:
        found = ()
    try:
        again = latest_responses(other)
    except Conflict:
        again = ()

    assert sorted(map(dumps, found)) == sorted(map(dumps, again))


@FEW
@given(BATCHES, st.sampled_from(("scored", "responded")))
def test_the_parts_add_up_to_the_responses(batch: tuple[Response, ...], count: str) -> None:
    reading = NPS.read(batch, question="q1", count=count)

    assert sum([number for _, number in reading.parts]) == len(batch)
    assert reading.value is None or -100 <= reading.value <= 100


@FEW
@given(BATCHES)
def test_redacted_responses_count_as_before(batch: tuple[Response, ...]) -> None:
    plain = [response.redacted() for response in batch]

    assert NPS.read(batch, question="q1") == NPS.read(plain, question="q1")


@FEW
@given(strategies.responses())
def test_redacting_twice_is_redacting_once(response: Response) -> None:
    plain = response.redacted()

    assert plain == plain.redacted()
    assert plain == loads(dumps(plain), Response)


@FEW
@given(BATCHES, st.sampled_from(("day", "week", "month", timedelta(hours=31))))
def test_a_series_and_what_is_outside_are_all(batch: tuple[Response, ...], every: Any) -> None:
    found = read_trend(batch, NPS, question="q1", every=every, start=date(2026, 1, 1), end=date(2026, 4, 1), tz=UTC)
    inside = [number for point in found.points for _, number in point.reading.parts]

    assert sum(inside) + found.outside + found.undated == len(batch)


@FEW
@given(BATCHES)
def test_the_months_pool_to_the_quarter(batch: tuple[Response, ...]) -> None:
    span: dict[str, Any] = {"start": date(2026, 1, 1), "end": date(2026, 4, 1), "tz": UTC}
    months, quarter = [read_trend(batch, NPS, question="q1", every=every, **span) for every in ("month", "quarter")]

    assert pool([point.reading for point in months.points]) == quarter.points[0].reading


@FEW
@given(BATCHES)
def test_a_window_as_long_as_the_step_is_the_period(batch: tuple[Response, ...]) -> None:
    span: dict[str, Any] = {"every": timedelta(days=7), "start": AT, "end": AT + timedelta(days=70)}
    series = read_trend(batch, NPS, question="q1", **span)
    rolled = read_rolling(batch, NPS, question="q1", window=timedelta(days=7), **span)

    assert [point.reading for point in series.points] == [point.reading for point in rolled.points]


@FEW
@given(BATCHES, st.integers(0, 8), st.sampled_from(("count", "complete_only")), st.sampled_from(("count", "set_aside")))
def test_counted_keeps_every_response(batch: tuple[Response, ...], displays: int, partials: str, late: str) -> None:
    survey = Survey("s", [Question("q1", "scale", metric=NPS, required=True)], closes=AT + timedelta(days=30))
    found = survey.counted(batch, partials=partials, late=late)
    lost = survey.drop_off(batch, displays=displays + len(batch))

    assert [response.id for response in found] == [response.id for response in batch]
    assert lost.finished <= lost.responses <= lost.displays  # type: ignore[operator]  # they are given
