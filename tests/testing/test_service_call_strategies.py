"""Strategies of calls and of what is measured of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, find, given, settings

from relex.errors import InvalidValue
from relex.service import Abandonment, Case, ContactAttempt, ServiceLevel
from relex.testing import strategies

UNSHRUNK = settings(phases=[Phase.generate])
END = datetime(9999, 12, 30, tzinfo=UTC)


@given(strategies.contact_attempts(at=END))
def test_an_attempt_at_the_end_of_all_days_has_its_end_there(attempt: ContactAttempt) -> None:
    assert attempt.waited in {None, timedelta(0)}


def test_attempts_of_all_outcomes_are_drawn() -> None:
    for outcome in (None, "answered", "abandoned"):
        found = find(
            strategies.contact_attempts(customer="c1"),
            lambda it, outcome=outcome: it.outcome == outcome,  # type: ignore[misc]  # bound early
            settings=UNSHRUNK,
        )

        assert found.subject == "c1"


def test_metrics_of_calls_shrink_to_the_plainest() -> None:
    assert find(strategies.call_metrics(), lambda _: True) == Abandonment()


def test_a_level_less_short_calls_says_how_short() -> None:
    found = find(
        strategies.call_metrics(of=ServiceLevel), lambda level: level.of == "offered_less_short", settings=UNSHRUNK
    )

    assert found.short is not None


def test_a_metric_of_something_else_is_refused() -> None:
    assert isinstance(find(strategies.call_metrics(of=Abandonment), lambda _: True, settings=UNSHRUNK), Abandonment)
    with pytest.raises(InvalidValue, match=r"call_metrics\.of"):
        strategies.call_metrics(of=Case)  # type: ignore[arg-type]  # what is tested
