"""What routing asks of cases: who had one before, how many everybody has, and the facts of an item.

Giving out is `relex.assignment`, with cases as its items. Skills are rules about facts (`Assignee.accepts`,
`Assignee.prefers`), shifts are hours of an assignee, load is `AssignmentState.with_open`, and going back to the person
who had it is the strategy `owner`; what is left to say about cases is here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._flow import given_facts
from relex._instants import moment
from relex.service._case import Case
from relex.service._case_events import CaseOpened, CaseOwnerChanged, CaseReopened
from relex.service._reading import seen_case
from relex.service._seeing import cases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from relex.changes import Event

__all__ = ["PreviousOwner", "open_counts", "previous_owner", "routing_facts"]

_CASE = _checks.a(Case)
_CASES = _checks.each(_CASE)
_ELAPSED_OR_NONE = _checks.optional(_checks.elapsed)
_TEXTS = _checks.each(_checks.text)
_KINDS = _checks.each(_checks.one_of("open", "waiting", "resolved", "closed"))
_NONE: Mapping[str, Any] = {}


def open_counts(
    cases: Iterable[Case],
    *,
    as_of: datetime,
    owners: Iterable[str] = (),
    kinds: Iterable[str] = ("open", "waiting"),
) -> dict[str, int]:
    """How many cases each owner has, by id of the owner: what `AssignmentState.with_open` takes.

    Args:
        cases: Any; those without an owner at the instant do not count.
        as_of: At which instant.
        owners: Who is to be told of also where they have none, as a state keeps the count of whoever is not told of.
        kinds: Of the statuses that count as load.

    Raises:
        InvalidValue: For an unknown kind, a naive datetime, or a wrong type.

    Example:
        >>> from datetime import datetime, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> cases = [Case.open(id, customer="k7", owner="ana", at=noon).state for id in ("c1", "c2")]
        >>> open_counts(cases, as_of=noon, owners=["ana", "bo"])
        {'ana': 2, 'bo': 0}

    .. versionadded:: 0.1.0
    """
    counted = _checks.items("open_counts.kinds", kinds)
    _KINDS.require("open_counts.kinds", counted)
    people = _checks.items("open_counts.owners", owners)
    _TEXTS.require("open_counts.owners", people)
    counts = Counter(dict.fromkeys(people, 0))
    for case in cases_of("open_counts", cases, as_of):
        if case.kind in counted and case.owner is not None:
            counts[case.owner] += 1
    return dict(sorted(counts.items()))


@attrs.frozen(kw_only=True, weakref_slot=False)
class PreviousOwner:
    """Who should get a case again, and why.

    Attributes:
        owner: Id of the person.
        why: `reopened` when they had this case before it came back, `same_contact` when they had another case of the
            same person.
        case: Id of the case that they had.
        at: When that case was reopened, or when something last happened to it.

    .. versionadded:: 0.1.0
    """

    owner: str
    why: str
    case: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.owner} ({self.why}, {self.case} of {self.at.isoformat()})"


def previous_owner(
    case: Case, others: Iterable[Case] = (), *, within: timedelta | None = None, as_of: datetime
) -> PreviousOwner | None:
    """Who had a case that came back, or else the last case of the same contact; None where there is nobody.

    A case that was reopened goes to its last owner before that. Any other one goes to the last owner of the case of the
    same contact to which something happened last; cases that were merged away are not asked, as their person has gone
    with them.

    Args:
        case: To be given out.
        others: Other cases, such as a store finds for the contact; those of other contacts do no harm. A case without a
            contact has no others.
        within: How long ago something may have happened to the other case at most, the limit inside; None for any time.
        as_of: When it is asked.

    Raises:
        InvalidValue: For a negative time, a naive datetime, or a wrong type.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> before, _ = Case.open("c1", customer="k7", contact="kim", owner="ana", at=noon)
        >>> case, _ = Case.open("c2", customer="k7", contact="kim", at=noon)
        >>> print(previous_owner(case, [before], within=timedelta(days=7), as_of=noon))
        ana (same_contact, c1 of 2026-06-01T12:00:00+00:00)

    .. versionadded:: 0.1.0
    """
    _CASE.require("previous_owner.case", case)
    known = _checks.items("previous_owner.others", others)
    _CASES.require("previous_owner.others", known)
    _ELAPSED_OR_NONE.require("previous_owner.within", within)
    _checks.instant.require("previous_owner.as_of", as_of)
    then = case.as_of(as_of)
    if then is None:
        return None
    return _before_reopening(then) or _of_contact(then, known, within, as_of)


def _before_reopening(case: Case) -> PreviousOwner | None:
    """The last owner before a case last came back."""
    places = [place for place, event in enumerate(case.history) if isinstance(event, CaseReopened)]
    if not places:
        return None
    owner = _last_owner(case.history[: places[-1]])
    if owner is None:
        return None
    return PreviousOwner(owner=owner, why="reopened", case=case.id, at=case.history[places[-1]].at)


def _last_owner(history: Iterable[Event]) -> str | None:
    """Whoever had a case last, also where nobody has it any more."""
    found = None
    for event in history:
        if isinstance(event, CaseOpened):
            found = event.owner
        elif isinstance(event, CaseOwnerChanged):
            found = event.to or found
    return found


def _of_contact(case: Case, others: Iterable[Case], within: timedelta | None, as_of: datetime) -> PreviousOwner | None:
    found = []
    for other in [each.as_of(as_of) for each in others if each.id != case.id]:
        if other is None or case.contact is None or other.contact != case.contact or other.merged_into is not None:
            continue
        owner = _last_owner(other.history)
        if owner is not None and (within is None or moment(as_of) - moment(other.changed_at) <= within):
            found.append(PreviousOwner(owner=owner, why="same_contact", case=other.id, at=other.changed_at))
    return max(found, key=lambda each: (moment(each.at), each.case), default=None)


def routing_facts(
    case: Case,
    others: Iterable[Case] = (),
    *,
    within: timedelta | None = None,
    as_of: datetime,
    facts: Mapping[str, Any] = _NONE,
) -> dict[str, Any]:
    """The facts of a case as an item of `relex.assignment`: its own, the application's, and `previous_owner`.

    An `AssignmentRule("back", strategy="owner", fact="previous_owner")` sends it back to whom `previous_owner` names.
    A case that comes back still has its owner, and what is owned is not given out; ask for such cases with
    `AssignmentPolicy(..., owner=None)`.

    Args:
        case: To be given out.
        others: As of `previous_owner`.
        within: As of `previous_owner`.
        as_of: When it is asked.
        facts: What the application knows of it, such as its language or level, for `accepts` and `prefers`.

    Raises:
        InvalidValue: For an own fact with the name of one of these, a naive datetime, or a case that was opened later.

    Example:
        >>> from datetime import datetime, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> case, _ = Case.open("c1", customer="k7", at=noon)
        >>> found = routing_facts(case, as_of=noon, facts={"language": "de"})
        >>> found["id"], found["language"], found["previous_owner"]
        ('c1', 'de', None)

    .. versionadded:: 0.1.0
    """
    had = previous_owner(case, others, within=within, as_of=as_of)
    then = seen_case("routing_facts", case, as_of)
    own = {**then.facts(), "previous_owner": None if had is None else had.owner}
    return given_facts(own, facts, tuple(own), "routing_facts.facts")
