"""What is promised: goals, and the events that start, stop and hold their clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "CLOCK_EVENTS",
    "HOLD_TIMES",
    "ON_REOPEN",
    "RECURRENCES",
    "WAITS",
    "Goal",
    "Milestone",
    "first_response",
    "next_response",
    "resolution",
    "team",
]

CLOCK_EVENTS = ("opened", "received", "replied", "assigned", "transferred", "resolved", "closed", "reopened")
"""The kinds of event that may start or stop a clock."""

RECURRENCES = ("none", "independent", "sequential")
"""How often a clock may run."""

HOLD_TIMES = ("business", "wall")
"""What a hold adds to the due time: the business time in it, or all of it."""

ON_REOPEN = ("hold", "continue", "restart")
"""What a reopening does to a clock that the resolution stopped."""

WAITS = ("first_unanswered", "last_message")
"""From which message a customer waits."""

_CANCELS = (*CLOCK_EVENTS, "merged", "rejected")
_OVER = frozenset({"resolved", "closed", "rejected", "merged"})
_ZERO = timedelta(0)

_DURATION = _checks.Check("a timedelta above 0", lambda value: isinstance(value, timedelta) and value > _ZERO)


@tagged("service.Goal")
@attrs.frozen(weakref_slot=False)
class Goal:
    """How long something may take, on which calendar.

    Attributes:
        duration: Above 0.
        calendar: When time counts for this goal; None leaves it to the policy.

    Raises:
        InvalidValue: For a duration of 0 or less.

    Example:
        >>> from datetime import UTC
        >>> Goal(timedelta(minutes=30), BusinessCalendar.always(UTC)).duration
        datetime.timedelta(seconds=1800)

    .. versionadded:: 0.1.0
    """

    duration: timedelta = attrs.field(validator=_DURATION)
    calendar: BusinessCalendar | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(BusinessCalendar))
    )


def _goal(value: object) -> Goal:
    return value if isinstance(value, Goal) else Goal(value)  # type: ignore[arg-type]  # refused there


def _goals(
    value: timedelta | Goal | Mapping[str, timedelta | Goal] | Iterable[tuple[str, timedelta | Goal]],
) -> Goal | tuple[tuple[str, Goal], ...]:
    if isinstance(value, (Goal, timedelta)):
        return _goal(value)
    pairs: Any = value
    if isinstance(value, Mapping):
        pairs = tuple(value.items())
    elif isinstance(pairs, Iterable) and not isinstance(pairs, str):
        pairs = tuple(pairs)
    _PAIRS.require("Milestone.goals", pairs)
    return tuple([(priority, _goal(goal)) for priority, goal in pairs])


def _starts(value: str | Rule | Iterable[str | Rule]) -> tuple[str | Rule, ...]:
    return _one_or_many("Milestone.starts", value)


def _stops(value: str | Rule | Iterable[str | Rule]) -> tuple[str | Rule, ...]:
    return _one_or_many("Milestone.stops", value)


def _holds(value: str | Iterable[str]) -> tuple[str, ...]:
    return _one_or_many("Milestone.holds", value)


def _cancels(value: str | Iterable[str]) -> tuple[str, ...]:
    return _one_or_many("Milestone.cancels", value)


def _one_or_many(path: str, value: Any) -> tuple[Any, ...]:
    return (value,) if isinstance(value, (str, Rule)) else _checks.items(path, value)


def _thresholds(values: Iterable[Fraction | Decimal | str | timedelta]) -> tuple[Fraction | timedelta, ...]:
    return tuple([_threshold(value) for value in _checks.items("Milestone.warnings", values)])


def _threshold(value: object) -> Fraction | timedelta:
    if isinstance(value, timedelta):
        _DURATION.require("Milestone.warnings", value)
        return value
    share = Fraction(_checks.exact_number("Milestone.warnings", value))
    if not 0 < share < 1:
        raise InvalidValue("Milestone.warnings", value, "a fraction of the goal between 0 and 1, or a time before it")
    return share


def _is_pairs(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and all(isinstance(pair, tuple) and len(pair) == 2 and _checks.text.passes(pair[0]) for pair in value)  # noqa: PLR2004 - a pair
        and len({pair[0] for pair in value}) == len(value) > 0
    )


def _are_triggers(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) > 0
        and all(isinstance(each, Rule) or each in CLOCK_EVENTS for each in value)
    )


_PAIRS = _checks.Check("a timedelta or a Goal, or one for each priority", _is_pairs)
_TRIGGERS = _checks.Check(f"some of {', '.join(CLOCK_EVENTS)}, or rules that become True", _are_triggers)


@attrs.frozen(kw_only=True)
class Plan:
    """A milestone as sets of words, made for walking through signals.

    Attributes:
        starts: What starts it.
        ends: What stops or cancels it, the ends of the case among them.
        cancels: What of that cancels it.
        over: After which of the words nothing starts before a reopening.
        words: All of them, and the reopening.
        holds: Kinds of status and statuses in which it is held.
        rules: Every rule among the starts and stops.
        wants: The rules among the starts.
        is_once: Whether nothing but a reopening changes what began once.
    """

    starts: frozenset[str | Rule]
    ends: frozenset[str | Rule]
    cancels: frozenset[str]
    over: frozenset[str]
    words: frozenset[str | Rule]
    holds: frozenset[str]
    rules: tuple[Rule, ...]
    wants: frozenset[Rule]
    is_once: bool


@tagged("service.Milestone")
@attrs.frozen(weakref_slot=False)
class Milestone:
    """One promise: how long something may take, from what to what, and when its clock is held.

    Resolving a case stops every clock, whatever its stops are, so that nothing is missed afterwards; only a milestone
    that is stopped by `closed` and not by `resolved`, or that `resolved` starts, goes on to the closing.

    Attributes:
        name: Of the milestone, each once in a policy.
        goals: A `Goal` for all, or one for each priority; a duration alone is a goal on the calendar of the policy. A
            case of a priority without a goal has no clock, with the reason `no_goal`.
        starts: Kinds of event (`CLOCK_EVENTS`), or rules over the facts of the case that become True.
        stops: The same; write `~rule` for one that becomes False. Only replies by a person count.
        holds: Kinds of status (`waiting`), or names of statuses, during which the clock is held.
        recurrence: `none`: it runs once. `independent`: again whenever it starts. `sequential`: the next begins at the
            later of its start and the time at which the one before was due, and at once while a rule that starts it
            is still True. At most one occurrence runs.
        hold_time: `business`: due is the first instant at which the time used reaches the goal. `wall`: due is put off
            by all the clock time of each hold that begins before it, one after the other.
        cancels: What cancels the clock: ends of a case that are no resolution, or kinds of event.
        warnings: Fractions of the goal (`Fraction`, `Decimal` or text such as "3/4"), or durations left before it.
        on_reopen: What happens to a clock that the resolution or closing stopped when the case is reopened. `hold`: the
            time between is a hold. `continue`: it counts as used. `restart`: a new occurrence begins. None: its
            result stays.
        waits: `first_unanswered`: while it runs, another start changes nothing. `last_message`: it starts anew.
        plan: What follows from the words above, prepared for clocks.

    Raises:
        InvalidValue: For no goal, one of 0 or less, no start or stop, an unknown word, or a fraction outside (0, 1).

    Example:
        >>> hour = timedelta(hours=1)
        >>> assigned = Milestone("assigned", {"urgent": hour, "normal": 8 * hour}, starts="opened", stops="assigned")
        >>> assigned.goal("urgent").duration, assigned.goal("low")
        (datetime.timedelta(seconds=3600), None)

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    goals: Goal | tuple[tuple[str, Goal], ...] = attrs.field(converter=_goals)
    starts: tuple[str | Rule, ...] = attrs.field(kw_only=True, converter=_starts, validator=_TRIGGERS)
    stops: tuple[str | Rule, ...] = attrs.field(kw_only=True, converter=_stops, validator=_TRIGGERS)
    holds: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=_holds, validator=_checks.each(_checks.text)
    )
    recurrence: str = attrs.field(default="none", kw_only=True, validator=_checks.one_of(*RECURRENCES))
    hold_time: str = attrs.field(default="business", kw_only=True, validator=_checks.one_of(*HOLD_TIMES))
    cancels: tuple[str, ...] = attrs.field(
        default=("merged", "rejected"),
        kw_only=True,
        converter=_cancels,
        validator=_checks.each(_checks.one_of(*_CANCELS)),
    )
    warnings: tuple[Fraction | timedelta, ...] = attrs.field(default=(), kw_only=True, converter=_thresholds)
    on_reopen: str | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.one_of(*ON_REOPEN))
    )
    waits: str = attrs.field(default="first_unanswered", kw_only=True, validator=_checks.one_of(*WAITS))
    plan: Plan = attrs.field(init=False, eq=False, repr=False)
    _by_priority: dict[str, Goal] | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Prepare what every clock asks for."""
        object.__setattr__(self, "plan", _plan(self))
        object.__setattr__(self, "_by_priority", None if isinstance(self.goals, Goal) else dict(self.goals))

    def goal(self, priority: str) -> Goal | None:
        """The goal of a priority; None where there is none.

        .. versionadded:: 0.1.0
        """
        found = self._by_priority
        return self.goals if found is None else found.get(priority)  # type: ignore[return-value]  # one for all

    @property
    def due_state(self) -> str:
        """What the state of a case is called while this runs: by its starts and stops, never by its name.

        `first_response_due` if a reply stops it, `next_response_due` if a message of the customer starts it besides,
        else `resolution_due`.
        """
        if "replied" not in self.stops:
            return "resolution_due"
        return "next_response_due" if "received" in self.starts else "first_response_due"


def _plan(milestone: Milestone) -> Plan:
    starts, stops = frozenset(milestone.starts), frozenset(milestone.stops)
    over = _over(starts, stops)
    ends = stops.union(over, milestone.cancels)
    rules = [each for each in (*milestone.starts, *milestone.stops) if isinstance(each, Rule)]
    return Plan(
        starts=starts,
        ends=ends,
        cancels=frozenset(milestone.cancels),
        over=over,
        words=starts | ends | {"reopened"},
        holds=frozenset(milestone.holds),
        rules=tuple(dict.fromkeys(rules)),
        wants=frozenset(rules) & starts,
        is_once=milestone.recurrence == "none" and milestone.waits == "first_unanswered",
    )


def _over(starts: frozenset[str | Rule], stops: frozenset[str | Rule]) -> frozenset[str]:
    """The words after which the case is over, as far as this milestone is concerned."""
    if "closed" in starts:
        return _OVER - {"resolved", "closed"}
    if "resolved" in starts or ("closed" in stops and "resolved" not in stops):
        return _OVER - {"resolved"}
    return _OVER


def first_response(
    goals: timedelta | Goal | Mapping[str, timedelta | Goal],
    *,
    name: str = "first_response",
    warnings: Iterable[Fraction | Decimal | str | timedelta] = (),
) -> Milestone:
    """The promise of a first answer: from the opening to the first reply by a person; resolving ends the wait too.

    Args:
        goals: One for all, or by priority.
        name: Of the milestone.
        warnings: As of `Milestone`.

    Example:
        >>> first_response(timedelta(hours=4)).stops
        ('replied', 'resolved')

    .. versionadded:: 0.1.0
    """
    return Milestone(name, goals, starts="opened", stops=("replied", "resolved"), warnings=warnings)


def next_response(
    goals: timedelta | Goal | Mapping[str, timedelta | Goal],
    *,
    waits: str = "first_unanswered",
    name: str = "next_response",
    warnings: Iterable[Fraction | Decimal | str | timedelta] = (),
) -> Milestone:
    """The promise of an answer to every message: from one that comes while none is unanswered to the next reply.

    What the case was opened with is the matter of `first_response`; this one begins with the messages after it.

    Args:
        goals: One for all, or by priority.
        waits: `first_unanswered`, or `last_message`, where each message starts the wait anew.
        name: Of the milestone.
        warnings: As of `Milestone`.

    Example:
        >>> next_response(timedelta(hours=1)).recurrence
        'independent'

    .. versionadded:: 0.1.0
    """
    return Milestone(
        name,
        goals,
        starts="received",
        stops=("replied", "resolved"),
        recurrence="independent",
        waits=waits,
        warnings=warnings,
    )


def resolution(
    goals: timedelta | Goal | Mapping[str, timedelta | Goal],
    *,
    on_reopen: str | None = "hold",
    holds: Iterable[str] = ("waiting",),
    hold_time: str = "business",
    name: str = "resolution",
    warnings: Iterable[Fraction | Decimal | str | timedelta] = (),
) -> Milestone:
    """The promise of a solution: from the opening to the resolution, held while the case waits for somebody else.

    Args:
        goals: One for all, or by priority.
        on_reopen: What a reopening does: `hold`, `continue`, `restart`, or None for nothing.
        holds: Kinds of status, or names of statuses.
        hold_time: `business` or `wall`.
        name: Of the milestone.
        warnings: As of `Milestone`.

    Example:
        >>> resolution({"urgent": timedelta(hours=4)}, warnings=["3/4"]).warnings
        (Fraction(3, 4),)

    .. versionadded:: 0.1.0
    """
    return Milestone(
        name,
        goals,
        starts="opened",
        stops="resolved",
        holds=holds,
        hold_time=hold_time,
        on_reopen=on_reopen,
        warnings=warnings,
    )


def team(
    goals: timedelta | Goal | Mapping[str, timedelta | Goal],
    *,
    holds: Iterable[str] = ("waiting",),
    hold_time: str = "business",
    name: str = "team",
    warnings: Iterable[Fraction | Decimal | str | timedelta] = (),
) -> Milestone:
    """The promise of each team: from the opening or the transfer to the next transfer, or the resolution.

    Args:
        goals: One for all, or by priority.
        holds: Kinds of status, or names of statuses.
        hold_time: `business` or `wall`.
        name: Of the milestone.
        warnings: As of `Milestone`.

    Example:
        >>> team(timedelta(hours=8)).starts
        ('opened', 'transferred')

    .. versionadded:: 0.1.0
    """
    return Milestone(
        name,
        goals,
        starts=("opened", "transferred"),
        stops=("transferred", "resolved"),
        holds=holds,
        recurrence="independent",
        hold_time=hold_time,
        warnings=warnings,
    )
