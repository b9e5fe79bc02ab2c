"""What the strategies of promises, escalations and surveys draw when they are given arguments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import find, given, settings

from relex.errors import InvalidValue
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.service import (
        Entitlement,
        EscalationRule,
        FollowUp,
        FollowUpRule,
        SlaPolicies,
        SurveyRequest,
        SurveyTrigger,
    )

lean = settings(max_examples=15)


@lean
@given(strategies.entitlements(customer="k7"), strategies.escalation_rules(on="missed"))
def test_what_is_owed_and_who_is_told_are_as_given(owed: Entitlement, rule: EscalationRule) -> None:
    assert (owed.customer, rule.on) == ("k7", "missed")


@lean
@given(
    strategies.follow_up_rules(since="silent_since"),
    strategies.follow_ups(case="c1"),
    strategies.survey_requests(case="c1"),
    strategies.survey_triggers(once_per="case"),
)
def test_what_comes_next_and_who_is_asked_are_as_given(
    rule: FollowUpRule, step: FollowUp, request: SurveyRequest, trigger: SurveyTrigger
) -> None:
    assert (rule.since, step.case, request.case, trigger.once_per) == ("silent_since", "c1", "c1", "case")
    assert step.at >= step.since


@lean
@given(strategies.sla_policy_sets())
def test_every_policy_of_a_set_is_found(policies: SlaPolicies) -> None:
    every = (*policies.policies, policies.default, *policies.earlier)

    assert [policies.get(each.id, each.version) for each in every] == list(every)


def test_they_shrink_to_something_plain() -> None:
    assert find(strategies.survey_triggers(), lambda _: True).delay == timedelta(0)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (strategies.entitlements, {"customer": ""}),
        (strategies.escalation_rules, {"on": "late"}),
        (strategies.follow_up_rules, {"since": "yesterday"}),
        (strategies.follow_ups, {"case": 3}),
        (strategies.survey_triggers, {"once_per": "customer"}),
        (strategies.survey_requests, {"case": ""}),
    ],
    ids=lambda it: it.__name__ if callable(it) else next(iter(it)),
)
def test_what_is_refused(make: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=make.__name__):
        make(**wrong)
