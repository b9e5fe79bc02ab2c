"""A service level: what is promised to the cases it is chosen for, as a definition with a version."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment_or_none
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.rules import Rule
from relex.service._case_facts import NAMES
from relex.service._milestones import Goal, Milestone

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RESELECTIONS", "SlaPolicy"]

RESELECTIONS = ("never", "on_change")
"""When the policy of a case is chosen again."""


def _milestones(values: Iterable[Milestone]) -> tuple[Milestone, ...]:
    return _checks.items("SlaPolicy.milestones", values)


def _pairs(values: Iterable[tuple[Rule, BusinessCalendar]]) -> tuple[tuple[Rule, BusinessCalendar], ...]:
    return tuple([_pair(each) for each in _checks.items("SlaPolicy.calendars", values)])


def _pair(value: object) -> tuple[Rule, BusinessCalendar]:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]  # checked after it


def _facts(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("SlaPolicy.reselect_on", values)


def _is_pairs(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(each, tuple)
        and len(each) == 2  # noqa: PLR2004 - a pair
        and isinstance(each[0], Rule)
        and isinstance(each[1], BusinessCalendar)
        for each in value
    )


def _are_milestones(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and all(isinstance(each, Milestone) for each in value)
        and len({each.name for each in value}) == len(value) > 0
    )


_MILESTONES = _checks.Check("at least one Milestone, each name once", _are_milestones)
_CASE_FACTS = _checks.Check(
    "names of facts of a case",
    lambda value: isinstance(value, tuple) and all(isinstance(each, str) and each in NAMES for each in value),
)
_CALENDARS = _checks.Check("pairs of a Rule and a BusinessCalendar", _is_pairs)


@tagged("service.SlaPolicy")
@attrs.frozen(weakref_slot=False)
class SlaPolicy:
    """What is promised: milestones with their goals, and the calendar on which their time counts.

    A case is measured by the version that it was promised; a later version changes nothing for it.

    Attributes:
        id: Of the policy.
        milestones: What is promised, each name once.
        calendar: When time counts, where neither a goal nor `calendars` says otherwise.
        version: Raise it with each change.
        name: For people; None shows the id.
        when: For which cases the policy is chosen; None is the default of a set.
        calendars: Pairs of a rule over the facts of the case and a calendar, such as one for each team or each
            customer; the first rule that is True decides, over the facts as they were just before the clock was
            stopped: a transfer changes nothing for the team that had the case. A calendar of the goal itself comes
            before.
        active_from: Since when the version is used: breaches before it escalate nothing. None is since ever.
        reselect: `never`: the policy is chosen at the opening. `on_change`: again when one of `reselect_on` changes.
        reselect_on: Names of facts of the case itself; those of the application are kept nowhere to compare with.
        rules: Every rule among the starts and stops of its milestones.

    Raises:
        InvalidValue: For no milestone, two of one name, a fact that no case has, `on_change` without a fact, or a wrong
            type.

    Example:
        >>> from datetime import UTC, timedelta
        >>> from relex.calendars import weekly
        >>> from relex.service import first_response, resolution
        >>> office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
        >>> hour = timedelta(hours=1)
        >>> promised = [first_response(hour), resolution({"urgent": 4 * hour, "normal": 16 * hour})]
        >>> gold = SlaPolicy("gold", promised, office)
        >>> [milestone.name for milestone in gold.milestones], gold.version
        (['first_response', 'resolution'], 1)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    milestones: tuple[Milestone, ...] = attrs.field(converter=_milestones, validator=_MILESTONES)
    calendar: BusinessCalendar = attrs.field(validator=_checks.a(BusinessCalendar))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    name: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    calendars: tuple[tuple[Rule, BusinessCalendar], ...] = attrs.field(
        default=(), kw_only=True, converter=_pairs, validator=_CALENDARS
    )
    active_from: datetime | None = attrs.field(
        default=None, kw_only=True, eq=moment_or_none, validator=_checks.optional(_checks.instant)
    )
    reselect: str = attrs.field(default="never", kw_only=True, validator=_checks.one_of(*RESELECTIONS))
    reselect_on: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_facts, validator=_CASE_FACTS)

    rules: tuple[Rule, ...] = attrs.field(init=False, eq=False, repr=False)
    _terms: dict[tuple[str, str, int], Goal] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check that something could be chosen again, and prepare what clocks ask for."""
        if self.reselect == "on_change" and not self.reselect_on:
            raise InvalidValue(
                "SlaPolicy.reselect_on", self.reselect_on, "at least one name, where reselect is on_change"
            )
        rules = dict.fromkeys(rule for each in self.milestones for rule in each.plan.rules)
        object.__setattr__(self, "rules", tuple(rules))
        object.__setattr__(self, "_terms", {})

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle the definition alone."""
        return _again, ({field.name: getattr(self, field.name) for field in attrs.fields(SlaPolicy) if field.init},)

    def goal(self, milestone: Milestone, priority: str, place: int = -1) -> Goal | None:
        """The goal of a milestone for a priority, with the calendar that counts; None where there is none.

        Args:
            milestone: One of the policy.
            priority: Of the case.
            place: Which pair of `calendars` counts; -1 is none of them.

        .. versionadded:: 0.1.0
        """
        key = (milestone.name, priority, place)
        found = self._terms.get(key)
        if found is None and (goal := milestone.goal(priority)) is not None:
            calendar = goal.calendar or (self.calendar if place < 0 else self.calendars[place][1])
            found = self._terms[key] = Goal(goal.duration, calendar)
        return found

    def milestone(self, name: str) -> Milestone:
        """The milestone of this name.

        Raises:
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        found = next((each for each in self.milestones if each.name == name), None)
        if found is None:
            raise NotFound("Milestone", name)
        return found

    def __str__(self) -> str:
        return f"{self.name or self.id} version {self.version}: {', '.join(each.name for each in self.milestones)}"


def _again(fields: dict[str, Any]) -> SlaPolicy:
    return SlaPolicy(**fields)
