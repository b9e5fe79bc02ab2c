"""Which case is next: those that are late first, then by when something is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.service._choosing import SlaPolicies
from relex.service._priorities import Priorities
from relex.service._seeing import cases_of
from relex.service._sla import sla
from relex.service._sla_policy import SlaPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.service._case import Case
    from relex.service._clock import Clock

__all__ = ["CaseQueue", "QueuePlace", "queue"]

_GROUPS = {"overdue": 0, "due": 0, "no_clock": 1, "paused": 2}
_IN_QUEUE = ("open", "waiting")
_POLICY = _checks.optional(_checks.a(SlaPolicy, SlaPolicies))
_PRIORITIES = _checks.a(Priorities)


@attrs.frozen(kw_only=True, weakref_slot=False)
class QueuePlace:
    """The place of a case in the queue, and why it stands there.

    Attributes:
        place: From 1.
        case: Id of the case.
        why: `overdue`, `due` (a clock runs), `no_clock` (no clock runs and none is held) or `paused`.
        milestone: The one that decides; None where no clock does.
        due_at: When it was or is due; None where no clock runs.
        late_by: How late it is, in the time of its clock; None of what is not overdue.
        priority: Of the case.
        opened_at: When the case was opened.

    .. versionadded:: 0.1.0
    """

    place: int
    case: str
    why: str
    milestone: str | None
    due_at: datetime | None
    late_by: timedelta | None
    priority: str
    opened_at: datetime

    def __str__(self) -> str:
        why = self.why if self.milestone is None else f"{self.milestone} {self.why}"
        due = "" if self.due_at is None else f" {self.due_at.isoformat()}"
        return f"{self.place}. {self.case}: {why}{due}, {self.priority}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseQueue:
    """Cases in the order in which they should be worked on.

    Attributes:
        as_of: The instant of the question.
        places: One for each case that is open or waiting, the first one first.

    .. versionadded:: 0.1.0
    """

    as_of: datetime
    places: tuple[QueuePlace, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the cases, in order."""
        return tuple([each.case for each in self.places])

    def __len__(self) -> int:
        return len(self.places)

    def __str__(self) -> str:
        late = sum(each.why == "overdue" for each in self.places)
        return f"{len(self.places)} cases at {self.as_of.isoformat()}, {late} overdue"

    def _repr_html_(self) -> str:
        """One row for each case."""
        titles = ("place", "case", "why", "milestone", "due at", "late by", "priority", "opened at")
        return table(str(self), titles, [attrs.astuple(each, recurse=False) for each in self.places])


def queue(
    cases: Iterable[Case],
    policy: SlaPolicy | SlaPolicies | None = None,
    *,
    as_of: datetime,
    priorities: Priorities = Priorities(),  # noqa: B008 - a frozen value
) -> CaseQueue:
    """The cases that are open or waiting, in the order in which they should be worked on.

    First those of which a clock runs or is overdue, by when it is or was due: so what is overdue comes before all
    else, the longest first. Of several such clocks of a case the earliest decides. Then those without any such clock;
    paused ones are last: those whose clocks are held, and those in a waiting status of which no clock runs. Whatever
    is equal goes by priority, then by when the case was opened, then by id.

    Args:
        cases: Any; those that are resolved or closed at the instant, or opened later, are left out.
        policy: By which the clocks count, as of `sla`; None for a desk without promises.
        as_of: When it is asked.
        priorities: Their order; one that is not among them comes last.

    Raises:
        InvalidValue: For a case that was promised another policy, a naive datetime, or a wrong type.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from relex.service import Case
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> low, _ = Case.open("c1", customer="k7", priority="low", at=noon)
        >>> high, _ = Case.open("c2", customer="k7", priority="high", at=noon)
        >>> print(*queue([low, high], as_of=noon).places, sep="; ")
        1. c2: no_clock, high; 2. c1: no_clock, low

    .. versionadded:: 0.1.0
    """
    _POLICY.require("queue.policy", policy)
    _PRIORITIES.require("queue.priorities", priorities)
    ranks = {level: rank for rank, level in enumerate(priorities.levels)}
    stands = [_stand(case, policy, as_of) for case in cases_of("queue", cases, as_of) if case.kind in _IN_QUEUE]
    stands.sort(key=lambda stand: _key(stand, ranks))
    places = tuple([QueuePlace(place=place, **stand) for place, stand in enumerate(stands, 1)])
    return CaseQueue(as_of=as_of, places=places)


def _stand(case: Case, policy: SlaPolicy | SlaPolicies | None, as_of: datetime) -> dict[str, Any]:
    """Where a case stands, all but its place."""
    clocks = () if policy is None else sla(case, policy, as_of=as_of).clocks
    due = [clock for clock in clocks if clock.state in ("overdue", "running")]
    held = [clock for clock in clocks if clock.state == "paused"]
    decisive = min(due, key=_due, default=held[0] if held and not due else None)
    return {
        "case": case.id,
        "why": _why(case, decisive),
        "milestone": None if decisive is None else decisive.milestone,
        "due_at": None if decisive is None else decisive.due_at,
        "late_by": None if decisive is None else decisive.late_by,
        "priority": case.priority,
        "opened_at": case.opened_at,
    }


def _why(case: Case, decisive: Clock | None) -> str:
    if decisive is None:
        return "paused" if case.kind == "waiting" else "no_clock"
    return "due" if decisive.state == "running" else str(decisive.state)


def _due(clock: Clock) -> timedelta:
    return moment(clock.due_at)  # type: ignore[arg-type]  # it is running or overdue


def _key(stand: dict[str, Any], ranks: dict[str, int]) -> tuple[Any, ...]:
    due, opened = stand["due_at"], moment(stand["opened_at"])
    late = timedelta.max if due is None else moment(due)
    return _GROUPS[stand["why"]], late, ranks.get(stand["priority"], len(ranks)), opened, stand["case"]
