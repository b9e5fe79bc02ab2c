"""What was promised to a case, and how each promise stands: one question asked of events, a policy and an instant."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - people read the types of an answer at run time
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._trusted import trusted
from relex.errors import InvalidValue, NotFound
from relex.service._case import Case
from relex.service._case_steps import live_events
from relex.service._choosing import SlaPolicies
from relex.service._clock import Clock, clock_table
from relex.service._clock_signals import known, read
from relex.service._clocks import LAST, Reading, Term
from relex.service._sla_policy import SlaPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.service._clock_signals import Choice

__all__ = ["SLA_STATES", "Sla", "sla", "sla_states"]

SLA_STATES = ("failed", "paused", "first_response_due", "next_response_due", "resolution_due", "met")
"""How a case may stand: the first of these that holds."""

_CASE = _checks.a(Case)
_POLICY = _checks.a(SlaPolicy, SlaPolicies)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Sla:
    """How the promises of a case stand at one instant.

    Attributes:
        case: Id of the case.
        policy: Id of the policy that counts; None where nothing was promised.
        version: Of the policy.
        as_of: The instant.
        clocks: One for each milestone of the policy, in its order; then those that an earlier policy promised.
        state: The first of `SLA_STATES` that holds: `failed`, as soon as anything is overdue or was missed; `paused`,
            if a clock is; what is due, by the clocks that run; `met`, if something was promised and kept. None where
            no clock has begun, or all are canceled.
        active_from: Since when this version of the policy is used; None is since ever.

    .. versionadded:: 0.1.0
    """

    case: str
    policy: str | None
    version: int | None
    as_of: datetime
    clocks: tuple[Clock, ...]
    state: str | None
    active_from: datetime | None

    def clock(self, milestone: str) -> Clock:
        """The clock of a milestone.

        Raises:
            NotFound: When the policy has no such milestone.

        .. versionadded:: 0.1.0
        """
        for clock in self.clocks:
            if clock.milestone == milestone:
                return clock
        raise NotFound("Clock", milestone)

    def __str__(self) -> str:
        policy = "no policy" if self.policy is None else f"{self.policy} version {self.version}"
        head = f"{self.case} ({policy}): {self.state or 'nothing due'}"
        return "\n".join([head, *[f"  {clock}" for clock in self.clocks]])

    def _repr_html_(self) -> str:
        return clock_table(str(self).partition("\n")[0], self.clocks)


_sla = trusted(Sla)


def sla(case: Case, policy: SlaPolicy | SlaPolicies, *, as_of: datetime, what_if: bool = False) -> Sla:
    """How the promises of a case stand at an instant: each clock with its due time, what is used and what is left.

    A case is measured by the policy, in the version, that it was promised. What happened after the instant is not
    looked at, so an answer of yesterday can be asked for again.

    Args:
        case: The case.
        policy: The one it was promised, or the collection that has it. A case that was promised nothing is measured by
            any policy that is given alone, and has no clocks by a collection.
        as_of: The instant; aware.
        what_if: Whether to measure the whole history by a policy that the case was not promised.

    Raises:
        InvalidValue: For a naive instant, for a policy that is not the one promised unless `what_if` says so, or for
            a calendar on which a goal is not reached within ten years.
        NotFound: For a collection without the policy that was promised.

    Example:
        >>> from datetime import UTC, timedelta
        >>> from relex.calendars import BusinessCalendar, weekly
        >>> from relex.service import resolution
        >>> office = BusinessCalendar(weekly("mon-fri", "10:00", "18:00"), tz=UTC)
        >>> gold = SlaPolicy("gold", [resolution(timedelta(hours=6))], office)
        >>> morning = datetime(2020, 3, 4, 4, tzinfo=UTC)
        >>> case, _ = Case.open("c1", at=morning)
        >>> answer = sla(case, gold, as_of=morning)
        >>> answer.state, answer.clock("resolution").due_at.isoformat()
        ('resolution_due', '2020-03-04T16:00:00+00:00')

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("sla.as_of", as_of)
    if case.__class__ is not Case:
        _CASE.require("sla.case", case)
    if policy.__class__ is not SlaPolicy:
        _POLICY.require("sla.policy", policy)
    if what_if.__class__ is not bool:
        _checks.flag.require("sla.what_if", what_if)
    events = live_events(known(case.history, as_of))
    if not events:
        return _not_opened(case, policy, as_of, what_if=what_if)
    track = read(events)
    terms = _terms(track.choices, policy, what_if=what_if)
    if not terms:
        return _sla(case.id, None, None, as_of, (), None, None)
    clocks = Reading(case, events, track, terms, as_of).clocks()
    last = terms[-1].policy
    return _sla(case.id, last.id, last.version, as_of, clocks, _state(clocks, terms), last.active_from)


def sla_states(case: Case, policy: SlaPolicy | SlaPolicies, as_of: datetime) -> list[tuple[str, list[str]]]:
    """What `sla` says of the state of each clock and no more: of a case that was opened by then, for figures."""
    events = live_events(known(case.history, as_of))
    track = read(events)
    return Reading(case, events, track, _terms(track.choices, policy, what_if=False), as_of).states()


def _not_opened(case: Case, policy: SlaPolicy | SlaPolicies, as_of: datetime, *, what_if: bool) -> Sla:
    """Of a case that was not there yet, no clock has begun."""
    terms = _terms(read(case.live_events).choices[:1], policy, what_if=what_if)
    if not terms:
        return _sla(case.id, None, None, as_of, (), None, None)
    found = terms[0].policy
    clocks = tuple([Clock(milestone.name) for milestone in found.milestones])
    return _sla(case.id, found.id, found.version, as_of, clocks, None, found.active_from)


def _terms(choices: Sequence[Choice], policy: SlaPolicy | SlaPolicies, *, what_if: bool) -> list[Term]:
    """The policies that count, one after the other; the first one since the opening."""
    if isinstance(policy, SlaPolicies):
        if what_if:
            raise InvalidValue("sla.policy", policy, "one SlaPolicy, where what_if asks by another")
        found = [policy.get(choice.policy, choice.version) for choice in choices]
    elif what_if or not choices:
        return [Term(policy)]
    else:
        found = [_promised(choice, policy, choices) for choice in choices]
    since = [-1, *[choice.place for choice in choices[1:]]]
    return [Term(*each) for each in zip(found, since, [*since[1:], LAST], strict=False)]


def _promised(choice: Choice, policy: SlaPolicy, choices: Sequence[Choice]) -> SlaPolicy:
    """The policy that was given, if it is the one that was promised."""
    if (policy.id, policy.version) == (choice.policy, choice.version):
        return policy
    promised = f"{choice.policy} version {choice.version}"
    expected = (
        f"the policy that was promised, {promised} (or what_if=True)"
        if len(choices) == 1
        else f"the SlaPolicies with all that were promised, {promised} among them (or what_if=True)"
    )
    raise InvalidValue("sla.policy", f"{policy.id} version {policy.version}", expected)


def _state(clocks: Sequence[Clock], terms: Sequence[Term]) -> str | None:
    """The first state that holds."""
    found: set[str] = set()
    for clock in clocks:
        for each in clock.occurrences:
            state = each.state
            if state in _FAILED:
                return "failed"
            found.add(_due_state(each.milestone, terms) if state == "running" else state)
    return next((state for state in SLA_STATES if state in found), None)


_FAILED = ("overdue", "missed")


def _due_state(name: str, terms: Sequence[Term]) -> str:
    return terms[-1].policy.milestone(name).due_state
