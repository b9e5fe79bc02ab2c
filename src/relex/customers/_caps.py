"""How often a customer may hear from a company: caps, and the log of what was sent."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import RollingLimit
from relex.codec import tagged
from relex.customers._addresses import required_address
from relex.errors import Conflict
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.parties import ContactPoint

__all__ = ["SCOPES", "FrequencyCap", "Sent", "SentLog"]

SCOPES = ("point", "customer", "household", "account")
"""Whom a cap counts together."""

_TEXT_OR_NONE = _checks.optional(_checks.text)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("FrequencyCap.exempt", values)
    _checks.each(_checks.text).require("FrequencyCap.exempt", found)
    return tuple(sorted(set(found)))


@tagged("customers.FrequencyCap")
@attrs.frozen(weakref_slot=False)
class FrequencyCap:
    """At most so many commercial messages in any stretch of a given length, in elapsed time.

    Messages sent in (at - within, at] count. What is not commercial, and what is for an exempt purpose, is neither
    counted nor held back.

    Attributes:
        name: Of the cap.
        limit: At least 1; who wants no cap leaves it out.
        within: Above 0; None counts for ever.
        channel: The only channel that counts and is held back; None is every channel.
        scope: `point`, `customer`, `household` or `account`: whose messages count together.
        exempt: Sorted names of purposes that the cap leaves alone.

    Raises:
        InvalidValue: For a limit below 1, a stretch of 0, an unknown scope.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    limit: int = attrs.field(validator=_checks.whole(least=1))
    within: timedelta | None = attrs.field()
    channel: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    scope: str = attrs.field(default="point", validator=_checks.one_of(*SCOPES), kw_only=True)
    exempt: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)
    rolling: RollingLimit = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Make the limit, which checks its length."""
        object.__setattr__(self, "rolling", RollingLimit(self.limit, self.within))

    def covers(self, purpose: str, channel: str) -> bool:
        """Whether the cap has a say in a commercial message."""
        return (self.channel is None or self.channel == channel) and purpose not in self.exempt


def _point(value: ContactPoint | str) -> str:
    return required_address("Sent.point", value)


@tagged("customers.Sent")
@attrs.frozen(weakref_slot=False)
class Sent:
    """One message that was sent to a customer: an entry, immutable and idempotent by id.

    Attributes:
        id: Of the message.
        customer: Id of the customer.
        at: When it was sent; aware.
        channel: Such as `email`.
        point: The address of the contact point (kind and key). A `ContactPoint` may be given.
        purpose: What it was sent for.
        topic: A part of the purpose.
        commercial: Whether caps count it.
        fact_schema: The facts of every message.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    customer: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    channel: str = attrs.field(validator=_checks.text, kw_only=True)
    point: str = attrs.field(converter=_point, kw_only=True)
    purpose: str = attrs.field(validator=_checks.text, kw_only=True)
    topic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    commercial: bool = attrs.field(default=True, validator=_checks.flag, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "channel": str,
            "commercial": bool,
            "customer": str,
            "id": str,
            "kind": str,
            "point": str,
            "purpose": str,
            "topic": str,
        }
    )

    @property
    def subject(self) -> str:
        """Id of the customer, by which messages are read."""
        return self.customer

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "sent",
            "id": self.id,
            "customer": self.customer,
            "at": self.at,
            "channel": self.channel,
            "point": self.point,
            "purpose": self.purpose,
            "topic": self.topic,
            "commercial": self.commercial,
        }


class SentLog:
    """What was sent, folded once so that a cap counts in no time; immutable.

    .. versionadded:: 0.1.0
    """

    __slots__ = ("_by_customer", "_by_point", "_counted", "entries")

    def __init__(self, entries: Iterable[Sent] = ()) -> None:
        """Fold messages in any order.

        Raises:
            Conflict: For one id with two contents.
            InvalidValue: For something else than `Sent`.
        """
        found = _checks.items("SentLog.entries", entries)
        _checks.each(_checks.a(Sent)).require("SentLog.entries", found)
        self.entries = tuple(sorted(_once(found), key=_when))
        self._by_customer: dict[str, list[Sent]] = {}
        self._by_point: dict[str, list[Sent]] = {}
        for entry in self.entries:
            if entry.commercial:
                self._by_customer.setdefault(entry.customer, []).append(entry)
                self._by_point.setdefault(entry.point, []).append(entry)
        self._counted: dict[object, tuple[tuple[timedelta, ...], tuple[datetime, ...]]] = {}

    def count(self, cap: FrequencyCap, at: timedelta, *, point: str | None, customers: tuple[str, ...]) -> int:
        """How many messages a cap counts at an instant, for a point or for customers together."""
        moments, _ = self._of(cap, point, customers)
        since = 0 if cap.within is None else bisect_right(moments, at - cap.within)
        return bisect_right(moments, at) - since

    def instants(
        self, cap: FrequencyCap, at: timedelta, *, point: str | None, customers: tuple[str, ...]
    ) -> tuple[datetime, ...]:
        """When the last messages were sent that a cap has counted by an instant: as many as can hold others back."""
        moments, instants = self._of(cap, point, customers)
        number = bisect_right(moments, at)
        return instants[max(0, number - cap.limit) : number]

    def _of(
        self, cap: FrequencyCap, point: str | None, customers: tuple[str, ...]
    ) -> tuple[tuple[timedelta, ...], tuple[datetime, ...]]:
        key = (point if cap.scope == "point" else customers, cap.scope == "point", cap.channel, cap.exempt)
        found = self._counted.get(key)
        if found is None:
            found = self._counted[key] = self._fold(cap, point, customers)
        return found

    def _fold(
        self, cap: FrequencyCap, point: str | None, customers: tuple[str, ...]
    ) -> tuple[tuple[timedelta, ...], tuple[datetime, ...]]:
        if cap.scope == "point":
            sent = self._by_point.get(point, []) if point is not None else []
        else:
            sent = [entry for customer in customers for entry in self._by_customer.get(customer, ())]
        instants = sorted((entry.at for entry in sent if cap.covers(entry.purpose, entry.channel)), key=moment)
        return tuple(map(moment, instants)), tuple(instants)


def _when(entry: Sent) -> tuple[timedelta, str]:
    return moment(entry.at), entry.id


def _once(entries: Iterable[Sent]) -> Iterable[Sent]:
    found: dict[str, Sent] = {}
    for entry in entries:
        first = found.setdefault(entry.id, entry)
        if first != entry:
            raise Conflict(entry.id, first, entry)
    return found.values()
