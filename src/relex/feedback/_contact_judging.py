"""Judging one request: everything is looked at, and the first reason does not stop the rest."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from relex import _checks
from relex.calendars import first_allowed
from relex.errors import InvalidValue
from relex.feedback._contact_decision import OUTCOMES, contact_decision
from relex.feedback._contact_history import Shape, micros
from relex.feedback._contact_reasons import contact_reason
from relex.feedback._contact_requests import INVITATION, value_of
from relex.feedback._contact_rules import SAME, ContactRule, Reminders, Wait
from relex.rules import Rule, compile_rule

if TYPE_CHECKING:
    from relex.calendars import BusinessCalendar
    from relex.feedback._contact_decision import ContactDecision
    from relex.feedback._contact_history import ContactHistory
    from relex.feedback._contact_reasons import ContactReason
    from relex.feedback._contact_requests import ContactRequest
    from relex.feedback._invitation_states import InvitationState
    from relex.rules import Predicate

__all__ = ["Judging", "Permission", "Plan", "plan_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_REMINDABLE = ("sent", "delivered", "opened", "started", "partial")
_UNTIL = _checks.optional(_checks.instant)
_CODES = _checks.each(_checks.text)
_PERMISSION = _checks.Check(
    "True, False, None for unknown, or an answer with an outcome, codes and next_at",
    lambda value: (
        getattr(value, "outcome", None) in OUTCOMES
        and _UNTIL.passes(getattr(value, "next_at", None))
        and _CODES.passes(getattr(value, "codes", None))
    ),
)


class Permission(Protocol):
    """An answer of the keeper of consent, such as that of `may_contact` of the customers."""

    @property
    def outcome(self) -> str:
        """`allowed`, `held` or `refused`."""
        ...

    @property
    def next_at(self) -> datetime | None:
        """When it is allowed, if it is held."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """Why it is not allowed."""
        ...


class Plan(NamedTuple):
    """A rule, made ready."""

    rule: ContactRule | Wait
    code: str
    when: Predicate | None
    shape: Shape | None
    within: int | None


def plan_of(rule: ContactRule | Wait, exempt: tuple[str, ...]) -> Plan:
    """Make a rule ready."""
    when = None if rule.when is None else compile_rule(rule.when)
    if isinstance(rule, Wait):
        return Plan(rule, f"wait:{rule.name}", when, None, None)
    names = tuple(sorted({*rule.scope, "survey"})) if rule.surveys == SAME else rule.scope
    surveys = rule.surveys if isinstance(rule.surveys, Rule) else None
    within = None if rule.within is None else rule.within // _MICRO
    return Plan(rule, f"rule:{rule.name}", when, Shape(rule.counts, names, surveys, exempt), within)


class Judging:
    """One request at one instant, and what stands in its way."""

    __slots__ = ("at", "counted", "ends", "history", "instant", "lasts", "latest", "reasons", "request")

    def __init__(self, request: ContactRequest, history: ContactHistory, at: datetime) -> None:
        self.request, self.history, self.at = request, history, at
        self.instant = micros(at)
        self.reasons: list[ContactReason] = []
        self.counted: list[tuple[ContactRule, list[int], int]] = []
        self.ends: datetime | None = None
        self.lasts = False
        self.latest = self.instant

    def permission(self, consent: Permission | bool | None) -> None:
        """Ask for consent."""
        if consent is True:
            return
        if consent is False or consent is None:
            self.blocked("consent:unknown" if consent is None else "consent:refused")
        else:
            _PERMISSION.require("ContactPolicy.decide.consent", consent)
            if consent.outcome != "allowed":
                self._denied(consent)

    def _denied(self, consent: Permission) -> None:
        until = consent.next_at if consent.outcome == "held" else None
        if until is not None and micros(until) <= self.instant:
            raise InvalidValue("ContactPolicy.decide.consent", consent, f"an answer of {self.at}, and no earlier one")
        code = "consent:refused" if until is None else "consent:held"
        self.blocked(code, until=None if until is None else micros(until), detail=", ".join(consent.codes) or None)

    def rules(self, plans: tuple[Plan, ...]) -> None:
        """Ask every rule that applies."""
        request, counted = self.request, self.history.counted
        facts: dict[str, Any] | None = None
        for plan in plans:
            if plan.when is not None:
                facts = request.facts() if facts is None else facts
                if plan.when(facts) is not True:
                    continue
            if plan.shape is None:
                self._wait(plan)
            else:
                key = plan.shape.shared(request)
                if key is not None:
                    self._count(plan, counted(plan.shape, key))

    def _count(self, plan: Plan, known: list[int]) -> None:
        if not known:
            return
        rule, within, number = plan.rule, plan.within, bisect_right(known, self.instant)
        limit: int = rule.limit  # type: ignore[union-attr]  # a plan with a shape is of a ContactRule
        self.counted.append((rule, known, number))  # type: ignore[arg-type]  # the same
        count = number if within is None else number - bisect_right(known, self.instant - within, 0, number)
        if count >= limit:
            until = None if within is None else known[number - limit] + within
            self.blocked(plan.code, count=count, limit=limit, until=until)

    def _wait(self, plan: Plan) -> None:
        rule: Wait = plan.rule  # type: ignore[assignment]  # a plan without a shape is of a Wait
        anchor = value_of(self.request, rule.anchor)
        if anchor is None:
            if rule.missing == "block":
                self.blocked(plan.code, detail=f"{rule.anchor} is not known")
        elif not isinstance(anchor, datetime):
            raise InvalidValue(f"ContactRequest.values.{rule.anchor}", anchor, f"a datetime, since {rule.name} waits")
        elif self.instant < (until := micros(anchor) + rule.after // _MICRO):
            self.blocked(plan.code, until=until)

    def reminder(self, reminders: Reminders) -> None:
        """Ask whether it is time to remind."""
        state = self.history.state(self.request.key, as_of=self.at)
        if state is None or state.last_at is None:
            self.blocked("reminder:not_invited")
            return
        self.ends = state.expires_at
        stopped = self._stopped(state)
        if stopped is not None:
            self.blocked(f"reminder:{stopped}")
        if state.reminders >= reminders.limit:
            self.blocked("reminder:limit", count=state.reminders, limit=reminders.limit)
        until = micros(state.last_at) + reminders.after // _MICRO
        if self.instant < until:
            self.blocked("reminder:early", until=until)

    def _stopped(self, state: InvitationState) -> str | None:
        if state.state not in _REMINDABLE:
            return state.state
        return "expired" if self._is_over(self.instant) else None

    def _is_over(self, at: int) -> bool:
        return self.ends is not None and at >= micros(self.ends)

    def blocked(
        self,
        code: str,
        *,
        count: int | None = None,
        limit: int | None = None,
        until: int | None = None,
        detail: str | None = None,
    ) -> None:
        """Note a reason."""
        ends = None if until is None else self._instant(until)
        if until is None or ends is None:
            self.lasts = True
        elif until > self.latest:
            self.latest = until
        self.reasons.append(contact_reason(code, count, limit, ends, detail))

    def decided(self, hours: BusinessCalendar | None, *, defers: bool) -> ContactDecision:
        """The decision, with the hours in which messages are sent."""
        next_at = None
        if hours is not None and not hours.is_open(self.at):
            opens = _first(self.at, hours, [])
            self.blocked("send_window", until=None if opens is None else micros(opens))
        if self.reasons:
            next_at = self._next(hours)
        outcome = "allowed" if not self.reasons else "refused" if next_at is None else "held"
        is_late = outcome == "held" and (defers or all(each.code == "send_window" for each in self.reasons))
        becomes = "sent" if outcome == "allowed" else "deferred" if is_late else "suppressed"
        number = 1
        if self.request.kind != INVITATION:
            number += self.history.messages(self.request.key, self.request.kind)
        return contact_decision(outcome, tuple(self.reasons), next_at, becomes, number, self.request, self.at)

    def _next(self, hours: BusinessCalendar | None) -> datetime | None:
        """When everything that stands in the way has ended together; None for never."""
        if self.lasts:
            return None
        found = self._instant(self.latest)
        to_come = [
            (rule.rolling, _last(known, number - rule.limit))
            for rule, known, number in self.counted
            if number < len(known)
        ]
        if found is not None and (hours is not None or to_come):
            later = _first(found, hours, to_come)
            found = None if later is None else self._instant(micros(later))
        if found is not None and self._is_over(micros(found)):
            self.blocked("reminder:expired")
            return None
        return found

    def _instant(self, at: int) -> datetime | None:
        """An instant in the zone of the question; None after the year 9999."""
        try:
            found = _EPOCH + timedelta(microseconds=at)
            return found if self.at.tzinfo is UTC else found.astimezone(self.at.tzinfo)
        except OverflowError:
            return None


def _last(known: list[int], since: int) -> list[datetime]:
    """The instants that can still hold something back, those to come included."""
    return [_EPOCH + timedelta(microseconds=at) for at in known[max(0, since) :]]


def _first(at: datetime, hours: BusinessCalendar | None, limits: list[Any]) -> datetime | None:
    """The first instant inside the hours and the limits; None if there is none that a calendar can tell."""
    try:
        return first_allowed(at, hours=hours, limits=limits)
    except InvalidValue:
        return None
