"""What is promised: goals, milestones and service levels."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.service import Case, Goal, Milestone, SlaPolicy
from relex.testing.strategies._basics import either, ids, instants, named, words
from relex.testing.strategies._calendars import business_calendars
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy


__all__ = ["STORED", "goals", "milestones", "sla_policies"]

_EVENTS = ("opened", "received", "replied", "assigned", "transferred", "resolved", "closed", "reopened")
_PRIORITIES = ("normal", "low", "high", "urgent")
_DURATIONS = st.integers(1, 90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
_SHARES = st.integers(2, 20).flatmap(lambda whole: st.integers(1, whole - 1).map(lambda part: Fraction(part, whole)))
_RULES: SearchStrategy[Any] = rules(Case.fact_schema)
_FACTS = [name for name, _ in Case.fact_schema.facts]


def goals() -> SearchStrategy[Goal]:
    """Goals from a minute to 90 days, most on the calendar of their policy; shrinks to a minute.

    .. versionadded:: 0.1.0
    """
    return st.builds(Goal, _DURATIONS, st.none() | st.none() | business_calendars())


def milestones(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Milestone]:
    """Milestones of every kind; shrinks to one that runs once, from the opening to the resolution.

    Args:
        name: Of the milestone, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    by_priority = st.dictionaries(st.sampled_from(_PRIORITIES), goals(), min_size=1, max_size=4)
    made = st.builds(
        Milestone,
        either("milestones.name", name, _checks.text, words()),
        goals() | by_priority,
        starts=_triggers("opened"),
        stops=_triggers("resolved"),
        holds=st.lists(st.sampled_from(("waiting", "waiting_customer", "resolved")), max_size=2, unique=True),
        recurrence=st.sampled_from(("none", "independent", "sequential")),
        hold_time=st.sampled_from(("business", "wall")),
        cancels=st.just(("merged", "rejected")) | st.lists(st.sampled_from(("merged", "rejected")), unique=True),
        warnings=st.lists(_SHARES | _DURATIONS, max_size=2),
        on_reopen=st.sampled_from((None, "hold", "continue", "restart")),
        waits=st.sampled_from(("first_unanswered", "last_message")),
    )
    return named("milestones", made)


def _triggers(usual: str) -> SearchStrategy[Any]:
    some = st.lists(st.sampled_from(_EVENTS), min_size=1, max_size=3, unique=True)
    return st.just((usual,)) | some | _RULES.map(lambda rule: (rule,))


def sla_policies(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    calendar: BusinessCalendar | SearchStrategy[BusinessCalendar] | None = None,
) -> SearchStrategy[SlaPolicy]:
    """Service levels with one to three milestones; shrinks to one milestone on a calendar of an hour a week.

    Args:
        id: Of the policy, or what ids are drawn from.
        calendar: The calendar, or what calendars are drawn from.

    Raises:
        InvalidValue: For an empty id, or what is no calendar.

    .. versionadded:: 0.1.0
    """
    made = st.builds(
        SlaPolicy,
        either("sla_policies.id", id, _checks.text, ids()),
        st.lists(milestones(), min_size=1, max_size=3, unique_by=lambda each: each.name),
        either("sla_policies.calendar", calendar, _checks.a(BusinessCalendar), business_calendars()),
        version=st.integers(1, 9),
        name=st.none() | words(),
        when=st.none() | _RULES,
        calendars=st.lists(st.tuples(_RULES, business_calendars()), max_size=1),
        active_from=st.none() | instants(),
        reselect=st.sampled_from(("never", "on_change")),
        reselect_on=st.lists(st.sampled_from(_FACTS), min_size=1, max_size=3, unique=True),
    )
    return named("sla_policies", made)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Goal: goals,
    Milestone: milestones,
    SlaPolicy: sla_policies,
}
"""The strategy of each class of promises that has a stored form."""
