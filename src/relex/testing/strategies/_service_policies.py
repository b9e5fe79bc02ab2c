"""What customers are owed, who is told, what comes next, and when the customer is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.calendars import BusinessDays
from relex.rules import TRUE
from relex.service import (
    Case,
    Entitlement,
    EscalationPolicy,
    EscalationRule,
    FollowUp,
    FollowUpRule,
    SlaPolicies,
    SurveyRequest,
    SurveyTrigger,
)
from relex.testing.strategies._basics import either, ids, instants, words
from relex.testing.strategies._calendars import business_calendars, periods
from relex.testing.strategies._rules import rules
from relex.testing.strategies._service_clocks import sla_policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.rules import Rule
    from relex.service import SlaPolicy

__all__ = [
    "STORED",
    "entitlements",
    "escalation_policies",
    "escalation_rules",
    "follow_up_rules",
    "follow_ups",
    "sla_policy_sets",
    "survey_requests",
    "survey_triggers",
]

_ON = ("overdue", "missed", "warning")
_ONCE_PER = ("resolution", "case")
_SINCE = (
    "opened_at",
    "silent_since",
    "status_entered_at",
    "unanswered_since",
    "unassigned_since",
    "resolved_at",
    "closed_at",
    "follow_up_at",
)
_MAYBE_ID = st.none() | ids()
_NAMES: SearchStrategy[Any] = st.none() | st.lists(words(), min_size=1, max_size=3)
_SPANS: SearchStrategy[Any] = st.integers(0, 90 * 24).map(lambda hours: timedelta(hours=hours))
_PAUSES: SearchStrategy[Any] = st.none() | st.integers(1, 90 * 24).map(lambda hours: timedelta(hours=hours))
_ASKED: SearchStrategy[Any] = st.none() | rules(Case.fact_schema)
_CALENDARS: SearchStrategy[Any] = st.none() | st.none() | business_calendars()
_DATES: SearchStrategy[Any] = st.none() | instants()
_WHEN = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))


def entitlements(*, customer: str | SearchStrategy[str] | None = None) -> SearchStrategy[Entitlement]:
    """What customers are owed; shrinks to any number of cases about anything.

    Args:
        customer: Id of the customer, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Entitlement,
        ids(),
        customer=either("entitlements.customer", customer, _checks.text, ids()),
        period=periods(),
        policy=ids(),
        products=_NAMES,
        channels=_NAMES,
        cases=st.none() | st.integers(1, 50),
        name=_MAYBE_ID,
    )


def sla_policy_sets() -> SearchStrategy[SlaPolicies]:
    """The policies of a desk, with earlier versions; shrinks to the default alone.

    .. versionadded:: 0.1.0
    """
    some = sla_policies()
    ruled = st.builds(_asked, some, rules(Case.fact_schema))
    return st.builds(_set, st.lists(ruled, max_size=2), st.builds(_asked, some), st.lists(some, max_size=2))


def _asked(policy: SlaPolicy, when: Rule | None = None) -> SlaPolicy:
    return attrs.evolve(policy, when=when)


def _set(policies: list[SlaPolicy], default: SlaPolicy, earlier: list[SlaPolicy]) -> SlaPolicies:
    """Of several with one id the default, or the first, stays."""
    first = {policy.id: policy for policy in reversed(policies) if policy.id != default.id}
    present = {(policy.id, policy.version) for policy in (*first.values(), default)}
    past = {(policy.id, policy.version): policy for policy in earlier if (policy.id, policy.version) not in present}
    return SlaPolicies(list(first.values()), default, earlier=list(past.values()))


def escalation_rules(*, on: str | SearchStrategy[str] | None = None) -> SearchStrategy[EscalationRule]:
    """Rules by which somebody is told; shrinks to one that tells nobody of anything overdue.

    Args:
        on: `overdue`, `missed` or `warning`, or what those are drawn from.

    Raises:
        InvalidValue: For another word.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        EscalationRule,
        words(),
        either("escalation_rules.on", on, _checks.one_of(*_ON), st.sampled_from(_ON)),
        st.lists(words(), max_size=2),
        after=_SPANS,
        when=_ASKED,
        notify=st.lists(words(), max_size=2),
        assign_to=_MAYBE_ID,
        active_from=_DATES,
        calendar=_CALENDARS,
    )


def escalation_policies() -> SearchStrategy[EscalationPolicy]:
    """Chains of rules; shrinks to none.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        EscalationPolicy,
        st.lists(escalation_rules(), max_size=3, unique_by=lambda rule: rule.name),
        repeat_every=_PAUSES,
        limit=st.none() | st.integers(1, 9),
        kinds=st.sampled_from((("open", "waiting"), ("open",), ("waiting",))),
        id=ids(),
        version=st.integers(1, 9),
        active_from=_DATES,
        calendar=_CALENDARS,
    )


def follow_up_rules(*, since: str | SearchStrategy[str] | None = None) -> SearchStrategy[FollowUpRule]:
    """Rules that suggest a next step; shrinks to one that does so at once after the opening.

    Args:
        since: What is counted from, or what that is drawn from.

    Raises:
        InvalidValue: For another word.

    .. versionadded:: 0.1.0
    """
    base = either("follow_up_rules.since", since, _checks.one_of(*_SINCE), st.sampled_from(_SINCE))
    days: SearchStrategy[Any] = st.integers(1, 30).map(BusinessDays)
    return st.builds(FollowUpRule, words(), base, _SPANS, words(), when=_ASKED, calendar=_CALENDARS) | st.builds(
        FollowUpRule, words(), base, days, words(), when=_ASKED, calendar=business_calendars()
    )


def follow_ups(*, case: str | SearchStrategy[str] | None = None) -> SearchStrategy[FollowUp]:
    """Next steps that somebody might take.

    Args:
        case: Id of the case, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(_follow_up, either("follow_ups.case", case, _checks.text, ids()), words(), words(), _WHEN, _SPANS)


def _follow_up(case: str, rule: str, suggest: str, since: datetime, after: timedelta) -> FollowUp:
    return FollowUp(case=case, rule=rule, suggest=suggest, since=since, at=since + after)


def survey_triggers(*, once_per: str | SearchStrategy[str] | None = None) -> SearchStrategy[SurveyTrigger]:
    """When customers are asked; shrinks to at once, after each resolution.

    Args:
        once_per: `resolution` or `case`, or what those are drawn from.

    Raises:
        InvalidValue: For another word.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        SurveyTrigger,
        st.just(TRUE) | rules(Case.fact_schema),
        _SPANS,
        either("survey_triggers.once_per", once_per, _checks.one_of(*_ONCE_PER), st.sampled_from(_ONCE_PER)),
        _CALENDARS,
        on=st.sampled_from(("resolved", "closed")),
        automatic=st.booleans(),
    )


def survey_requests(*, case: str | SearchStrategy[str] | None = None) -> SearchStrategy[SurveyRequest]:
    """Customers to be asked about a case.

    Args:
        case: Id of the case, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        SurveyRequest,
        case=either("survey_requests.case", case, _checks.text, ids()),
        customer=_MAYBE_ID,
        contact=_MAYBE_ID,
        resolution=st.integers(1, 5),
        at=_WHEN,
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Entitlement: entitlements,
    EscalationPolicy: escalation_policies,
    EscalationRule: escalation_rules,
    FollowUp: follow_ups,
    FollowUpRule: follow_up_rules,
    SlaPolicies: sla_policy_sets,
    SurveyRequest: survey_requests,
    SurveyTrigger: survey_triggers,
}
"""The strategy of every policy about cases that has a stored form, and of what two of them ask for."""
