"""Planned work: what is to be done, what was done or called off, what comes next and what is late."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.codec import tagged
from relex.interactions._corrections import corrected
from relex.interactions._html import table
from relex.interactions._interaction import Interaction
from relex.interactions._parts import TEXT_OR_NONE, by_id, links
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Activity", "Agenda", "Cancelled", "agenda", "next_activity", "overdue"]


def _about(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return links("Activity.about", values)


@tagged("interactions.Activity")
@attrs.frozen(weakref_slot=False)
class Activity:
    """Something that is to be done: an entry, immutable and idempotent by id.

    An interaction that `fulfils` it, or a `Cancelled`, ends it.

    Attributes:
        id: Of the activity.
        due: When it is to be done; aware.
        kind: Such as `call`.
        at: When it was planned; aware.
        customer: Id of the customer.
        owner: Who is to do it.
        about: Sorted (kind, id) pairs of deals, cases and the like.
        title: What is to be done, in words.
        fact_schema: The facts of every activity.

    Example:
        >>> from datetime import datetime, timezone
        >>> may, june = datetime(2026, 5, 1, tzinfo=timezone.utc), datetime(2026, 6, 1, tzinfo=timezone.utc)
        >>> print(Activity("a1", due=june, kind="call", at=may, customer="c1", owner="ann"))
        call due 2026-06-01 00:00, c1, ann

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    due: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    kind: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    customer: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    owner: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    about: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_about, kw_only=True)
    title: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "activity.due": datetime,
            "activity.kind": str,
            "activity.owner": str,
            "at": datetime,
            "customer": str,
            "id": str,
            "kind": str,
        }
    )

    @property
    def subject(self) -> str | None:
        """Id of the customer, by which activities are read."""
        return self.customer

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "activity",
            "id": self.id,
            "at": self.at,
            "customer": self.customer,
            "activity.due": self.due,
            "activity.kind": self.kind,
            "activity.owner": self.owner,
        }

    def __str__(self) -> str:
        named = (f"{self.kind} due {self.due:%Y-%m-%d %H:%M}", self.title, self.customer, self.owner)
        return ", ".join(part for part in named if part is not None)


@tagged("interactions.Cancelled")
@attrs.frozen(weakref_slot=False)
class Cancelled:
    """The end of an activity that will not be done: an entry, immutable and idempotent by id.

    Attributes:
        id: Of this entry; unique among activities and their ends.
        activity: Id of the activity.
        at: When it was called off; aware.
        by: Who says so.
        reason: In words.
        fact_schema: The facts of every such entry.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    activity: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"activity": str, "at": datetime, "by": str, "id": str, "kind": str, "reason": str}
    )

    @property
    def subject(self) -> str:
        """Id of the activity, by which these entries are read."""
        return self.activity

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "cancelled",
            "id": self.id,
            "activity": self.activity,
            "at": self.at,
            "by": self.by,
            "reason": self.reason,
        }


Planned: TypeAlias = Activity | Cancelled | Interaction


@attrs.frozen(kw_only=True)
class Agenda:
    """The activities that are open at an instant.

    Attributes:
        as_of: The instant.
        open: By due, then id.
        anomalies: Sorted (entry id, code) pairs: `unknown-activity` for an end of something that is not here.

    .. versionadded:: 0.1.0
    """

    as_of: datetime
    open: tuple[Activity, ...]
    anomalies: tuple[tuple[str, str], ...] = ()

    @property
    def next(self) -> Activity | None:
        """The open activity that is due first, now or later; None where there is none."""
        return next((each for each in self.open if not is_before(each.due, self.as_of)), None)

    @property
    def overdue(self) -> tuple[Activity, ...]:
        """The open activities that were due before, the longest overdue first."""
        return tuple(each for each in self.open if is_before(each.due, self.as_of))

    def __str__(self) -> str:
        following = "nothing next" if self.next is None else f"next: {self.next}"
        return f"{len(self.open)} open, {len(self.overdue)} overdue, {following}"

    def _repr_html_(self) -> str:
        rows = (
            (
                f"{each.due:%Y-%m-%d %H:%M}",
                "overdue" if is_before(each.due, self.as_of) else "",
                each.title or each.kind,
                each.customer or "",
                each.owner or "",
            )
            for each in self.open
        )
        return table(f"Agenda: {self}", ("due", "", "what", "customer", "owner"), rows)


def agenda(
    entries: Iterable[Planned], *, as_of: datetime, customer: str | None = None, owner: str | None = None
) -> Agenda:
    """What is open at an instant: planned by then, and neither done nor called off by then.

    Args:
        entries: Activities, their ends, and interactions, in any order; the same one may come twice.
        as_of: The instant; what happens at it has happened.
        customer: Only activities with this customer; None is all.
        owner: Only activities of this owner; None is all.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For other entries, or a naive instant.

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("agenda.as_of", as_of)
    given = _checks.items("agenda.entries", entries)
    _checks.each(_checks.a(Activity, Cancelled, Interaction)).require("agenda.entries", given)
    ended = _ends(given, as_of)
    planned = by_id(each for each in given if isinstance(each, Activity))
    found = [each for each in planned.values() if each.id not in ended and not is_before(as_of, each.at)]
    found = [each for each in found if customer in {None, each.customer} and owner in {None, each.owner}]
    lost = [
        (entry, "unknown-activity") for activity, ends in ended.items() if activity not in planned for entry in ends
    ]
    return Agenda(
        as_of=as_of,
        open=tuple(sorted(found, key=lambda each: (moment(each.due), each.id))),
        anomalies=tuple(sorted(lost)),
    )


def next_activity(
    entries: Iterable[Planned], *, as_of: datetime, customer: str | None = None, owner: str | None = None
) -> Activity | None:
    """The open activity with the smallest due of at least `as_of`; arguments and errors as of `agenda`.

    Example:
        >>> from datetime import datetime, timezone
        >>> may, june = datetime(2026, 5, 1, tzinfo=timezone.utc), datetime(2026, 6, 1, tzinfo=timezone.utc)
        >>> call = Activity("a1", due=june, kind="call", at=may, customer="c1")
        >>> off = Cancelled("x1", activity="a1", at=may, by="ann")
        >>> next_activity([call], as_of=may).id, next_activity([call, off], as_of=may)
        ('a1', None)

    .. versionadded:: 0.1.0
    """
    return agenda(entries, as_of=as_of, customer=customer, owner=owner).next


def overdue(
    entries: Iterable[Planned], *, as_of: datetime, customer: str | None = None, owner: str | None = None
) -> tuple[Activity, ...]:
    """The open activities with a due before `as_of`, the longest overdue first; arguments and errors as of `agenda`.

    .. versionadded:: 0.1.0
    """
    return agenda(entries, as_of=as_of, customer=customer, owner=owner).overdue


def _ends(given: tuple[Planned, ...], as_of: datetime) -> dict[str, list[str]]:
    """The ids of the entries that end each activity; of interactions that correct each other, the newest counts."""
    ended: dict[str, list[str]] = {}
    happened = [each for each in given if not is_before(as_of, each.at)]
    for done in corrected(each for each in happened if isinstance(each, Interaction)).interactions:
        if done.fulfils is not None:
            ended.setdefault(done.fulfils, []).append(done.id)
    for off in by_id(each for each in happened if isinstance(each, Cancelled)).values():
        ended.setdefault(off.activity, []).append(off.id)
    return ended
