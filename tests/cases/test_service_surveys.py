"""Worked cases of asking the customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.service import Case, SurveyRequest, SurveyTrigger, survey_requests

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_sv61_one_request_for_the_second_resolution() -> None:
    """SV-61: resolved Monday 10:00, reopened 15:00, resolved again Tuesday 11:00; a delay of 24 h. Source: own."""
    case = (
        Case.open("c1", customer="k7", contact="p3", at=MONDAY)
        .then(lambda it: it.resolve("fixed", at=MONDAY + 10 * HOUR))
        .then(lambda it: it.reopen("again", at=MONDAY + 15 * HOUR))
        .then(lambda it: it.resolve("fixed", at=MONDAY + DAY + 11 * HOUR))
        .state
    )
    trigger = SurveyTrigger(delay=24 * HOUR)
    seen: tuple[SurveyRequest, ...] = ()
    for hours in range(24 * 7):
        seen += survey_requests([case], trigger, as_of=MONDAY + hours * HOUR, seen=seen)

    assert [(each.resolution, each.at) for each in seen] == [(2, MONDAY + 2 * DAY + 11 * HOUR)]
