"""Patterns across responses: what to improve, with the count of the period before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Period
from relex.errors import Conflict, InvalidValue
from relex.feedback import (
    Answer,
    Enrichment,
    ImprovementProposals,
    LoopRule,
    Response,
    Topic,
    patterns,
    signals,
)
from relex.rules import TRUE

MAY = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")
PERIOD = Period(MAY, MAY + 10 * DAY)


def said(submission: str, touchpoint: str | None = "delivery", day: int = 0, **more: Any) -> Response:
    """One response of a day, counted from the start of the period."""
    return Response(submission=submission, survey="csat", at=MAY + day * DAY, touchpoint=touchpoint, **more)


def told(found: ImprovementProposals) -> list[tuple[str, int, int]]:
    """Each value with its counts."""
    return [(each.value, each.count, each.before) for each in found.proposals]


def test_at_least_so_many() -> None:
    """Exactly so many are enough; what has no value counts for nothing."""
    given = [said("s1"), said("s2"), said("s3", "shop"), said("s4", None)]
    found = patterns(given, "response.touchpoint", 2, PERIOD)

    assert (told(found), found.responses) == ([("delivery", 2, 0)], 4)
    assert told(patterns(given, "response.touchpoint", 3, PERIOD)) == []


def test_the_period_before_is_as_long() -> None:
    """Both are half-open, and they touch."""
    given = [said(f"s{day}", day=day) for day in (-11, -10, -1, 0, 9, 10)]
    found = patterns(given, "response.touchpoint", 1, PERIOD)

    assert told(found) == [("delivery", 2, 2)]
    assert found.before == Period(MAY - 10 * DAY, MAY)


def test_the_period_before_is_as_long_over_a_clock_change() -> None:
    """April has 30 days of 24 hours in New York; so long before it, winter time is still on."""
    start, end = datetime(2026, 4, 1, tzinfo=NEW_YORK), datetime(2026, 5, 1, tzinfo=NEW_YORK)
    found = patterns([], "response.touchpoint", 1, Period(start, end))

    assert found.before.start == datetime(2026, 3, 1, 23, tzinfo=NEW_YORK)
    assert found.before.length == found.period.length == 30 * DAY


def test_one_period_has_one_source_in_every_zone() -> None:
    """What was proposed is found again by somebody elsewhere."""
    given = [said("s1", day=1)]
    periods = [Period(MAY.astimezone(zone), MAY + 31 * DAY) for zone in (UTC, NEW_YORK)]
    sources = [patterns(given, "response.touchpoint", 1, period).proposals[0].source for period in periods]

    assert sources == ["pattern:response.touchpoint:delivery:2026-05-01T00:00:00+00:00"] * 2


def test_another_period_before() -> None:
    """Such as the month before, or the same month a year ago."""
    given = [said("s1", day=-31), said("s2")]
    may, april = Period.of("month", date(2026, 5, 1)), Period.of("month", date(2026, 4, 1))
    usual = patterns(given, "response.touchpoint", 1, may, tz=UTC)

    assert (usual.before.start, told(usual)) == (MAY - 31 * DAY, [("delivery", 1, 1)])
    assert told(patterns(given, "response.touchpoint", 1, may, before=april, tz=UTC)) == [("delivery", 1, 0)]


def test_dates_are_those_of_the_zone() -> None:
    """The first of May begins in Tokyo while it is April elsewhere."""
    may = Period.of("month", date(2026, 5, 1))
    given = [Response(submission="s1", survey="csat", at=MAY - timedelta(hours=1), touchpoint="shop")]

    assert told(patterns(given, "response.touchpoint", 1, may, tz=ZoneInfo("Asia/Tokyo"))) == [("shop", 1, 0)]
    assert told(patterns(given, "response.touchpoint", 1, may, tz=UTC)) == []


def test_the_most_frequent_first() -> None:
    """Where two are alike, the one that grew more; then by name."""
    given = [
        *[said(f"a{place}", "late") for place in range(3)],
        *[said(f"b{place}", "price") for place in range(2)],
        *[said(f"c{place}", "app") for place in range(2)],
        *[said(f"d{place}", "shop") for place in range(2)],
        said("old", "app", day=-1),
    ]

    assert told(patterns(given, "response.touchpoint", 2, PERIOD)) == [
        ("late", 3, 0),
        ("price", 2, 0),
        ("shop", 2, 0),
        ("app", 2, 1),
    ]


def test_by_codes_of_an_answer() -> None:
    """One code, or several of which each counts once."""
    given = [
        said("s1", answers=(Answer("why", ("price", "late", "price")),)),
        said("s2", answers=(Answer("why", "late"),)),
    ]

    assert told(patterns(given, "answer.why", 1, PERIOD)) == [("late", 2, 0), ("price", 1, 0)]


def test_by_topics_of_two_levels() -> None:
    """A response counts once for each topic, however many details it has."""
    given = [said("s1"), said("s2"), said("s3")]
    late, lost = Topic("delivery", "late"), Topic("delivery", "lost")
    found = [
        Enrichment(response="s1:1", question="q2", tagger="words 1", topics=[late, lost], reason="no_scorer"),
        Enrichment(response="s2:1", question="q2", tagger="words 1", topics=[late], reason="no_scorer"),
        Enrichment(response="s9:1", question="q2", tagger="words 1", topics=[late], reason="no_scorer"),
    ]

    assert told(patterns(given, found, 1, PERIOD)) == [("delivery", 2, 0)]
    assert told(patterns(given, found, 1, PERIOD, level=2)) == [("delivery / late", 2, 0), ("delivery / lost", 1, 0)]
    assert patterns(given, found, 1, PERIOD).proposals[0].by == "topics"


def test_what_counts() -> None:
    """The latest revision by when it was given; never what is excluded."""
    given = [said("s1", "shop"), said("s1", day=1, revision=2), said("s2", excluded="test"), said("s1", "shop")]

    assert told(patterns(given, "response.touchpoint", 1, PERIOD)) == [("delivery", 1, 0)]


def test_proposals_are_linked() -> None:
    """To responses, oldest first, and to the signals that they gave, whatever was revised since."""
    old = [said("s1", day=2), said("s2", day=1), said("s3", "shop")]
    raised = signals(old[:1] + old[2:], [LoopRule("low", TRUE)])
    given = [*old, said("s1", day=3, revision=2)]
    (found,) = patterns(given, "response.touchpoint", 2, PERIOD, signals=raised).proposals

    assert (found.responses, found.signals, found.change) == (("s2:1", "s1:2"), ("low:s1",), 2)
    assert found.source == "pattern:response.touchpoint:delivery:2026-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"by": "response.submitted"}, "patterns.by: expected enrichments, or one of account"),
        ({"by": ["delivery"]}, r"patterns.by\[0\]: expected a Enrichment"),
        ({"min_count": 0}, "patterns.min_count: expected an int of at least 1"),
        ({"period": Period(MAY)}, "patterns.period: expected a period with an end"),
        ({"period": Period(MAY, MAY)}, "patterns.period: expected a period with an end"),
        ({"period": MAY}, "patterns.period"),
        ({"period": Period.of("month", date(2026, 5, 1))}, "patterns.period: expected a period of instants, or a tz"),
        ({"before": Period(MAY)}, "patterns.before: expected a period with an end"),
        ({"before": Period.of("month", date(2026, 4, 1))}, "patterns.before: expected a period of instants, or a tz"),
        ({"period": Period(datetime.min.replace(tzinfo=UTC), MAY)}, "patterns.before: expected a period before this"),
        ({"tz": "UTC"}, "patterns.tz"),
        ({"level": 3}, "patterns.level: expected one of 1, 2"),
        ({"signals": ["s1"]}, r"patterns.signals\[0\]: expected a Signal"),
    ],
    ids=str,
)
def test_wrong_arguments(more: dict[str, Any], expected: str) -> None:
    """Each is named."""
    with pytest.raises(InvalidValue, match=expected):
        patterns(**{"responses": [], "by": "response.touchpoint", "min_count": 1, "period": PERIOD, **more})


def test_an_answer_that_is_no_text() -> None:
    """A score is no pattern."""
    with pytest.raises(InvalidValue, match=r"s1:1.answer.q1: expected a tuple"):
        patterns([said("s1", answers=(Answer("q1", 3),))], "answer.q1", 1, PERIOD)


def test_two_contents_of_one_revision() -> None:
    """Nothing decides which is right."""
    with pytest.raises(Conflict):
        patterns([said("s1"), said("s1", "shop")], "response.touchpoint", 1, PERIOD)


def test_it_is_seen() -> None:
    """One row for each proposal, escaped; or that there is none."""
    found = patterns([said("s1", "<shop>"), said("s2", "<shop>", day=-1)], "response.touchpoint", 1, PERIOD)

    assert str(found) == "response.touchpoint <shop>: 1 responses, 1 before (of 1 responses)"
    assert "&lt;shop&gt;" in found._repr_html_()
    assert "+0" in found._repr_html_()
    assert str(patterns([], "response.touchpoint", 1, PERIOD)) == "nothing often enough (of 0 responses)"
    assert "pattern" in patterns([], "response.touchpoint", 1, PERIOD)._repr_html_()
