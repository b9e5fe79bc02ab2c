"""What somebody might do next with a case, because of what is dated in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import BusinessCalendar, BusinessDays
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule, evaluate, field
from relex.service._case_events import CaseMessageReceived, CaseOwnerChanged
from relex.service._reading import seen_case
from relex.service._seeing import asked_facts, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relex.service._case import Case
    from relex.service._parts import CaseMessage

__all__ = ["FollowUp", "FollowUpRule", "follow_ups", "usual_follow_ups"]

_ZERO = timedelta(0)


def _is_span(value: object) -> bool:
    return _checks.elapsed.passes(value) or isinstance(value, BusinessDays)


def _spoken(case: Case) -> list[CaseMessage]:
    return sorted([each for each in case.messages if each.counts], key=lambda each: moment(each.at))


def _silent_since(case: Case) -> datetime:
    since = case.status_entered_at if case.resolved_at is None else case.resolved_at
    return max([since, *[each.at for each in case.messages if each.counts]], key=moment)


def _unanswered_since(case: Case) -> datetime | None:
    if case.resolved_at is not None or case.closed_at is not None:
        return None
    waiting = None if case.first_replied_at is not None else case.opened_at
    for message in _spoken(case):
        if message.direction == "out":
            waiting = None
        elif waiting is None:
            waiting = message.at
    return waiting


def _unassigned_since(case: Case) -> datetime | None:
    if case.owner is not None:
        return None
    changes = [event.at for event in case.history if isinstance(event, CaseOwnerChanged)]
    return changes[-1] if changes else case.opened_at


def _follow_up_at(case: Case) -> datetime | None:
    """When the customer first wrote to a case that stays closed."""
    if case.closed_at is None:
        return None
    wrote = [event for event in case.live_events if isinstance(event, CaseMessageReceived) and event.follow_up]
    return next((event.at for event in wrote if not is_before(event.at, case.closed_at)), None)


_DATES: dict[str, Callable[[Case], datetime | None]] = {
    "closed_at": lambda case: case.closed_at,
    "first_replied_at": lambda case: case.first_replied_at,
    "follow_up_at": _follow_up_at,
    "last_agent_message_at": lambda case: case.last_agent_message_at,
    "last_customer_message_at": lambda case: case.last_customer_message_at,
    "opened_at": lambda case: case.opened_at,
    "resolved_at": lambda case: case.resolved_at,
    "silent_since": _silent_since,
    "status_entered_at": lambda case: case.status_entered_at,
    "unanswered_since": _unanswered_since,
    "unassigned_since": _unassigned_since,
}
"""What a rule may count from."""


@tagged("service.FollowUpRule")
@attrs.frozen(weakref_slot=False)
class FollowUpRule:
    """What to suggest when something in a case was long enough ago.

    Attributes:
        name: Of the rule.
        since: What is counted from: `opened_at`, `first_replied_at`, `resolved_at`, `closed_at`, `status_entered_at`,
            `last_customer_message_at`, `last_agent_message_at`; `silent_since` (the last status or the last message of
            either side, whichever was later; of a case that is done the resolution), `unanswered_since` (the first
            message that nobody has answered; until the first reply, the opening), `unassigned_since`, or `follow_up_at`
            (the customer wrote to a case that stays closed).
        after: How long it may last: there is a suggestion when *more* time has passed; 0 suggests at once.
        suggest: The next step, by any word that the application knows.
        when: A rule about the facts of the case, which must be True; None is always.
        calendar: Whose business time it is; None is clock time.

    Raises:
        InvalidValue: For another date, a time below 0, `BusinessDays` without a calendar, or a wrong type.

    Example:
        >>> waits = field("waiting_for") == "customer"
        >>> print(FollowUpRule("remind", "silent_since", timedelta(days=2), "remind", when=waits))
        remind: remind when silent_since is more than 2 days, 0:00:00 ago

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    since: str = attrs.field(validator=_checks.one_of(*_DATES))
    after: timedelta | BusinessDays = attrs.field(
        validator=_checks.Check("a timedelta of at least 0, or BusinessDays", _is_span)
    )
    suggest: str = attrs.field(validator=_checks.text)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    calendar: BusinessCalendar | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(BusinessCalendar))
    )

    def __attrs_post_init__(self) -> None:
        """Check that business days have a calendar."""
        if isinstance(self.after, BusinessDays) and self.calendar is None:
            raise InvalidValue("FollowUpRule.after", self.after, "a timedelta (BusinessDays need a calendar)")

    def is_due(self, since: datetime, as_of: datetime) -> bool:
        """Whether more time than `after` has passed; of business time none passes in closed hours.

        .. versionadded:: 0.1.0
        """
        if self.after == _ZERO:
            return not is_before(as_of, since)
        if isinstance(self.after, BusinessDays):
            return is_before(self.at(since), as_of)
        if self.calendar is not None:
            return self.calendar.elapsed(since, as_of) > self.after
        return moment(as_of) - moment(since) > self.after

    def at(self, since: datetime) -> datetime:
        """The first instant at which so much time has passed.

        .. versionadded:: 0.1.0
        """
        return later("FollowUpRule.after", since, self.after, self.calendar)

    def __str__(self) -> str:
        long = f"more than {self.after} ago" if self.after != _ZERO else "known"
        return f"{self.name}: {self.suggest} when {self.since} is {long}"


@tagged("service.FollowUp")
@attrs.frozen(kw_only=True, weakref_slot=False)
class FollowUp:
    """A next step that somebody might take; made by `follow_ups`.

    Attributes:
        case: Id of the case.
        rule: Name of the rule.
        suggest: The step.
        since: What it is counted from. Once something new happens it is another instant, and another suggestion.
        at: When the time of the rule is over: it is due once more than that has passed.

    .. versionadded:: 0.1.0
    """

    case: str = attrs.field(validator=_checks.text)
    rule: str = attrs.field(validator=_checks.text)
    suggest: str = attrs.field(validator=_checks.text)
    since: datetime = attrs.field(validator=_checks.instant, eq=moment)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)

    def __str__(self) -> str:
        return f"{self.case}: {self.suggest} ({self.rule}, {self.at.isoformat()})"


def follow_ups(
    case: Case,
    rules: Iterable[FollowUpRule],
    *,
    as_of: datetime,
    seen: Iterable[FollowUp] = (),
    upcoming: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> tuple[FollowUp, ...]:
    """What might be done next with a case, the longest due first.

    It is a question, and does nothing: whoever reminds, closes or opens a case does so by a command. A step that is
    given as `seen` is not suggested again, as long as nothing new has happened.

    Args:
        case: The case; what happened to it after `as_of` is not seen.
        rules: What to look at; see `usual_follow_ups`.
        as_of: The instant; aware.
        seen: What was suggested, and done or turned down.
        upcoming: Whether to add what will be due if nothing happens until then.
        facts: The application's own facts, for the rules; they may not shadow those of the case.

    Raises:
        InvalidValue: For a naive datetime, an instant before the case was opened, two rules of one name, a fact that
            shadows one of the case, or a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.service import Case
        >>> monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", owner="ann", at=monday)
        >>> for step in follow_ups(case, usual_follow_ups(), as_of=monday + timedelta(days=2)):
        ...     print(step)
        c1: reply (unanswered, 2026-06-02T09:00:00+00:00)

    .. versionadded:: 0.1.0
    """
    then = seen_case("follow_ups", case, as_of)
    known = _known(rules)
    _checks.flag.require("follow_ups.upcoming", upcoming)
    gone = {(each.case, each.rule, moment(each.since)) for each in _seen(seen)}
    told, found = asked_facts("follow_ups", then, facts), []
    for rule in known:
        since = _DATES[rule.since](then)
        if since is None or (then.id, rule.name, moment(since)) in gone or not _holds(rule, told, as_of):
            continue
        at = rule.at(since)
        if upcoming or rule.is_due(since, as_of):
            found.append(FollowUp(case=then.id, rule=rule.name, suggest=rule.suggest, since=since, at=at))
    return tuple(sorted(found, key=lambda each: moment(each.at)))


def _known(rules: Iterable[FollowUpRule]) -> tuple[FollowUpRule, ...]:
    given = _checks.items("follow_ups.rules", rules)
    _checks.each(_checks.a(FollowUpRule)).require("follow_ups.rules", given)
    _checks.unique("name").require("follow_ups.rules", given)
    return given


def _seen(seen: Iterable[FollowUp]) -> tuple[FollowUp, ...]:
    given = _checks.items("follow_ups.seen", seen)
    _checks.each(_checks.a(FollowUp)).require("follow_ups.seen", given)
    return given


def _holds(rule: FollowUpRule, facts: Mapping[str, Any], as_of: datetime) -> bool:
    return rule.when is None or evaluate(rule.when, facts, as_of=as_of).answer is True


def usual_follow_ups(
    *,
    remind: timedelta | BusinessDays | None = timedelta(days=3),
    close: timedelta | BusinessDays | None = timedelta(days=7),
    reply: timedelta | BusinessDays | None = timedelta(days=1),
    assign: timedelta | BusinessDays | None = timedelta(hours=1),
    calendar: BusinessCalendar | None = None,
) -> tuple[FollowUpRule, ...]:
    """The rules that most desks begin with; a time of None leaves its rule out.

    They suggest `remind` when the customer, on whom the case waits, says nothing; `close` when a resolved case is
    silent, as `close_due` says; `reply` when nobody answers an open case; `assign` when nobody has an open
    case; and `open_follow_up` when the customer writes to a case that stays closed.

    Args:
        remind: How long the customer may be silent.
        close: How long a resolved case must be silent.
        reply: How long a message may stay unanswered.
        assign: How long an open case may be nobody's.
        calendar: Whose business time all of them are; None is clock time.

    Raises:
        InvalidValue: For a time below 0, or `BusinessDays` without a calendar.

    .. versionadded:: 0.1.0
    """
    is_open = field("kind") == "open"
    usual = (
        ("silent_customer", "silent_since", remind, "remind", field("waiting_for") == "customer"),
        ("silent_resolution", "silent_since", close, "close", field("kind") == "resolved"),
        ("unanswered", "unanswered_since", reply, "reply", is_open),
        ("unassigned", "unassigned_since", assign, "assign", is_open),
        ("wrote_to_closed", "follow_up_at", _ZERO, "open_follow_up", field("kind") == "closed"),
    )
    return tuple(
        [
            FollowUpRule(name, since, after, suggest, when=when, calendar=calendar)
            for name, since, after, suggest, when in usual
            if after is not None
        ]
    )
