"""What is late in a case, and whom it concerns by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex._instants import is_before, moment
from relex.errors import InvalidValue
from relex.rules import evaluate
from relex.service._escalation_due import DueEscalation
from relex.service._escalation_policy import EscalationPolicy
from relex.service._parts import EscalatedOccurrence
from relex.service._reading import seen_case
from relex.service._seeing import asked_facts, later
from relex.service._sla import Sla

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from relex.service._case import Case
    from relex.service._case_events import CaseEscalated
    from relex.service._clock import Occurrence
    from relex.service._escalation_policy import EscalationRule

__all__ = ["due_escalations"]


def due_escalations(
    case: Case,
    policy: EscalationPolicy,
    answer: Sla,
    *,
    as_of: datetime,
    facts: Mapping[str, Any] | None = None,
) -> tuple[DueEscalation, ...]:
    """Whom a case concerns by now, each rule once for each occurrence of a milestone.

    It is a question: nothing is told or recorded until `Case.escalate` does. What was recorded is not due again, so it
    may be asked as often as anybody likes.

    Args:
        case: The case; what happened to it after `as_of` is not seen.
        policy: The rules.
        answer: What `sla` says of the case at this instant.
        as_of: The instant; aware.
        facts: The application's own facts, for the rules; they may not shadow those of the case.

    Returns:
        At most one for each rule, in the order of the rules; none of a case that is resolved, closed or merged.

    Raises:
        InvalidValue: For a naive datetime, an answer about another case or instant, a fact that shadows one of the
            case, or a wrong type.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from relex.calendars import BusinessCalendar
        >>> from relex.service import Case, EscalationRule, SlaPolicy, first_response, sla
        >>> gold = SlaPolicy("gold", [first_response(timedelta(hours=1))], BusinessCalendar.always(UTC))
        >>> nine, noon = datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", at=nine)
        >>> policy = EscalationPolicy([EscalationRule("lead", after=timedelta(hours=1), notify=["team_lead"])])
        >>> for due in due_escalations(case, policy, sla(case, gold, as_of=noon, what_if=True), as_of=noon):
        ...     print(due)
        ...     case, events = case.escalate(due, at=noon)
        c1: lead: first_response 1 overdue, tell team_lead
        >>> due_escalations(case, policy, sla(case, gold, as_of=noon, what_if=True), as_of=noon)
        ()

    .. versionadded:: 0.1.0
    """
    _checks.a(EscalationPolicy).require("due_escalations.policy", policy)
    _checks.a(Sla).require("due_escalations.answer", answer)
    then = seen_case("due_escalations", case, as_of)
    if answer.case != case.id or moment(answer.as_of) != moment(as_of):
        expected = f"the answer about {case.id} as of {as_of.isoformat()}"
        raise InvalidValue("due_escalations.answer", f"{answer.case} as of {answer.as_of.isoformat()}", expected)
    return tuple(_within_limit(policy, then, answer, as_of, facts)) if then.kind in policy.kinds else ()


class _Hit(NamedTuple):
    """An occurrence about which a rule has something to say, and since when."""

    what: EscalatedOccurrence
    since: datetime


def _within_limit(
    policy: EscalationPolicy, case: Case, answer: Sla, as_of: datetime, facts: Mapping[str, Any] | None
) -> Iterator[DueEscalation]:
    told = _told(policy, case.escalations)
    left = None if policy.limit is None else policy.limit - sum(map(len, told.values()))
    for rule in policy.rules:
        if left is not None and left <= 0:
            return
        due = _due(policy, rule, case, list(_hits(policy, rule, answer, as_of)), told[rule.name], as_of)
        if due is None or not _holds(rule, case, as_of, facts):
            continue
        left = None if left is None else left - 1
        yield due


def _told(policy: EscalationPolicy, events: Iterable[CaseEscalated]) -> dict[str, list[CaseEscalated]]:
    found: dict[str, list[CaseEscalated]] = {rule.name: [] for rule in policy.rules}
    for event in events:
        if event.rule in found:
            found[event.rule].append(event)
    return found


def _holds(rule: EscalationRule, case: Case, as_of: datetime, facts: Mapping[str, Any] | None) -> bool:
    if rule.when is None:
        return True
    return evaluate(rule.when, asked_facts("due_escalations", case, facts), as_of=as_of).answer is True


def _due(
    policy: EscalationPolicy,
    rule: EscalationRule,
    case: Case,
    hits: list[_Hit],
    told: list[CaseEscalated],
    as_of: datetime,
) -> DueEscalation | None:
    known = {each for event in told for each in event.occurrences}
    new = [hit for hit in hits if hit.what not in known]
    again = _again_at(policy, told) if len(new) < len(hits) else None
    repeats = again is not None and not is_before(as_of, again)
    found = hits if repeats else new
    if not found:
        return None
    return DueEscalation(
        case=case.id,
        rule=rule.name,
        on=rule.on,
        occurrences=tuple([hit.what for hit in found]),
        notify=rule.notify,
        assign_to=rule.assign_to,
        repeat=len(told) if repeats else 0,
        since=min([hit.since for hit in new], key=moment, default=again),  # type: ignore[arg-type]  # one of them
    )


def _again_at(policy: EscalationPolicy, told: list[CaseEscalated]) -> datetime | None:
    return (
        None
        if policy.repeat_every is None
        else later("EscalationPolicy.repeat_every", told[-1].at, policy.repeat_every, policy.calendar)
    )


def _hits(policy: EscalationPolicy, rule: EscalationRule, answer: Sla, as_of: datetime) -> Iterator[_Hit]:
    active_from = next(filter(None, (rule.active_from, policy.active_from, answer.active_from)), None)
    for clock in answer.clocks:
        if rule.milestones and clock.milestone not in rule.milestones:
            continue
        for each in clock.occurrences:
            broken = _broken_at(rule, each)
            if broken is None or (active_from is not None and is_before(broken, active_from)):
                continue
            told_from = each.stopped_at if rule.on == "missed" and each.stopped_at is not None else broken
            since = later("EscalationRule.after", told_from, rule.after, rule.calendar)
            if not is_before(as_of, since):
                yield _Hit(EscalatedOccurrence(clock.milestone, each.number), since)


def _broken_at(rule: EscalationRule, occurrence: Occurrence) -> datetime | None:
    """When a promise was broken, or its warning reached, as far as the rule looks at it."""
    if rule.on == "warning":
        return occurrence.warned_at if occurrence.stopped_at is None else None
    return occurrence.due_at if occurrence.state == rule.on else None
