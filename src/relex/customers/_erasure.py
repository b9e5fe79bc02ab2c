"""Forgetting a customer who asks for it: what goes, what must stay and why, and who must be told."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import add_months
from relex.changes import Change, Entry
from relex.codec import tag_of, tagged
from relex.customers._addresses import address
from relex.customers._caps import Sent
from relex.customers._consent import BASES, Consent
from relex.customers._customer import Customer
from relex.customers._events import CustomerErased
from relex.customers._export import required_entries
from relex.customers._retention import CUSTOMER, TREATMENTS, LegalHold, RetentionPolicy, RetentionRule, hold_on
from relex.customers._suppression import Suppression, suppress
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVENTS", "ErasureItem", "ErasurePlan", "Forgotten", "erase"]

EVENTS = "changes.Event"
"""The kind of the events that a store keeps of a customer; rules may name it."""

_MONTHS_TO_ANSWER = 1
_TEXT_OR_NONE = _checks.optional(_checks.text)
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_POLICY = _checks.a(RetentionPolicy)
_CUSTOMER = _checks.a(Customer)


@tagged("customers.ErasureItem")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ErasureItem:
    """What becomes of one thing.

    Attributes:
        kind: The name of its stored form; `changes.Event` for all past events of a customer.
        id: Of the entry, or of the customer.
        treatment: `delete`; `anonymize` (keep it without the person) or `retain` (keep it as it is).
        basis: The lawful basis of keeping it; None if it is deleted.
        until: The first day on which it must go too; None for as long as the basis lasts.
        hold: The reason of the legal hold that keeps it, if one does.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    id: str = attrs.field(validator=_checks.text)
    treatment: str = attrs.field(validator=_checks.one_of(*TREATMENTS))
    basis: str | None = attrs.field(default=None, validator=_checks.optional(_checks.one_of(*BASES)))
    until: date | None = attrs.field(default=None, validator=_DAY_OR_NONE)
    hold: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __str__(self) -> str:
        """What becomes of what, until when and why."""
        until = "" if self.until is None else f" until {self.until}"
        why = self.hold if self.hold is not None else self.basis
        return f"{self.treatment} {self.kind} {self.id}{until}" + ("" if why is None else f" ({why})")


@tagged("customers.ErasurePlan")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ErasurePlan:
    """What is to be done when a customer asks to be forgotten. It holds no value that is to be forgotten.

    Attributes:
        customer: Id of the customer; it stays as a tombstone.
        requested_at: When the customer asked.
        due: The last day for the answer: one month after the request.
        items: What becomes of each thing: the customer, the past events, the entries.
        recipients: Sorted names of those who must be told: the sources, and whoever was given the data.
        suppressions: Entries to write, by which the points are still known well enough not to be used.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    requested_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    due: date = attrs.field(validator=_checks.calendar_day)
    items: tuple[ErasureItem, ...] = attrs.field(validator=_checks.each(_checks.a(ErasureItem)))
    recipients: tuple[str, ...] = attrs.field(default=(), validator=_checks.each(_checks.text))
    suppressions: tuple[Suppression, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Suppression)))

    def to(self, treatment: str) -> tuple[ErasureItem, ...]:
        """The items of one treatment.

        Raises:
            InvalidValue: For an unknown treatment.

        .. versionadded:: 0.1.0
        """
        _checks.one_of(*TREATMENTS).require("to.treatment", treatment)
        return tuple(item for item in self.items if item.treatment == treatment)

    def __str__(self) -> str:
        """The due day, a line for each item, who must be told, and how many suppressions must be written."""
        lines = [f"erasure of {self.customer}, to be answered by {self.due}", *map(str, self.items)]
        lines += [f"tell {name}" for name in self.recipients]
        lines += [f"write {len(self.suppressions)} suppressions"] if self.suppressions else []
        return "\n  ".join(lines)

    def _repr_html_(self) -> str:
        head, *lines = str(self).split("\n  ")
        rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f"<p><strong>{escape(head)}</strong></p><ul>{rows}</ul>"


class Forgotten(NamedTuple):
    """The outcome of `erase`: it unpacks as `change, plan = erase(...)`.

    Attributes:
        change: Of the customer; without events where the customer must be kept for now.
        plan: What else is to be done.

    .. versionadded:: 0.1.0
    """

    change: Change[Customer]
    plan: ErasurePlan


def erase(  # noqa: PLR0913 - all that is to be done at once
    customer: Customer,
    policy: RetentionPolicy,
    *,
    at: datetime,
    by: str,
    key: bytes | str | None = None,
    entries: Iterable[Entry] = (),
    recipients: Iterable[str] = (),
    requested_at: datetime | None = None,
    reason: str | None = None,
) -> Forgotten:
    """Forget a customer: nothing is left of the aggregate but its id, and a plan says what becomes of the rest.

    A thing whose time of keeping is over is deleted, whatever the policy keeps it for. A legal hold on the customer, or
    on anybody who was merged into it, keeps everything, the customer included; the points are suppressed all the same.

    Args:
        customer: Whom.
        policy: What is deleted, anonymized or retained, and for how long.
        at: When it is done.
        by: Who does it.
        key: The company's secret for suppressions; None writes none, and the customer may come back with an import.
        entries: All that is held about the customer: consent, purchases, interactions and so on. Points that only
            consent and sent messages name are suppressed too; those that were removed from the customer before, and
            that no entry names, are not known any more.
        recipients: Names of those who were given the data; the sources of records are told in any case.
        requested_at: When the customer asked; None is `at`.
        reason: For the event; it must name no person.

    Raises:
        Rejected: `erased` or `merged` for a customer who is no more, `out_of_order`.
        InvalidValue: For an argument of a wrong type, or a request after `at`.

    Example:
        >>> from datetime import UTC
        >>> from relex.customers import Customer, PersonName
        >>> day = datetime(2025, 1, 31, 9, tzinfo=UTC)
        >>> anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=day)
        >>> change, plan = erase(anna, RetentionPolicy(), at=day, by="desk")
        >>> print(plan)
        erasure of c1, to be answered by 2025-02-28
          delete customers.Customer c1
          delete changes.Event c1

    .. versionadded:: 0.1.0
    """
    _CUSTOMER.require("erase.customer", customer)
    _POLICY.require("erase.policy", policy)
    _checks.text.require("erase.by", by)
    version = customer._next("erase", at)  # noqa: SLF001 - a command of the aggregate that needs more than its state
    asked = at if requested_at is None else requested_at
    _checks.instant.require("erase.requested_at", asked)
    if is_before(at, asked):
        raise InvalidValue("erase.requested_at", asked, "an instant not after at")
    held = required_entries("erase.entries", entries)
    items = _Treated(policy, hold_on(customer, policy, at), at).items(customer, held)
    plan = ErasurePlan(
        customer=customer.id,
        requested_at=asked,
        due=add_months(asked.date(), _MONTHS_TO_ANSWER),
        items=items,
        recipients=_recipients(customer, recipients),
        suppressions=_suppressions(customer, held, key, at),
    )
    if items[0].treatment == "retain":
        return Forgotten(Change(customer, ()), plan)
    event = CustomerErased(source=customer.id, version=version, at=at, by=by, reason=reason)
    return Forgotten(Change(Customer.evolve(customer, event), (event,)), plan)


@attrs.frozen
class _Treated:
    """What the policy makes of each thing at an instant."""

    policy: RetentionPolicy
    hold: LegalHold | None
    at: datetime

    def items(self, customer: Customer, entries: tuple[Entry, ...]) -> tuple[ErasureItem, ...]:
        """The customer first, then the events, then the entries by kind and id."""
        people = [customer.id, *sorted(part.customer for part in customer.parts)]
        since = customer.changed_at
        own = [self.item(kind, person, since) for kind in (CUSTOMER, EVENTS) for person in people]
        told = {(item.kind, item.id): item for item in (self.of(entry) for entry in entries)}
        return (*own, *(told[key] for key in sorted(told)))

    def of(self, entry: Entry) -> ErasureItem:
        """What becomes of an entry."""
        return self.item(tag_of(type(entry)), entry.id, entry.at)

    def item(self, kind: str, id_: str, since: datetime) -> ErasureItem:
        """What becomes of a thing of a kind that is as old as this."""
        if self.hold is not None:
            until = None if self.hold.until is None else self.hold.until.date()
            held = {"basis": "legal_obligation", "until": until, "hold": self.hold.reason}
            return ErasureItem(kind=kind, id=id_, treatment="retain", **held)  # type: ignore[arg-type]
        rule = self._rule(kind)
        if rule is None or rule.on_request == "delete":
            return ErasureItem(kind=kind, id=id_, treatment="delete")
        until = None if rule.keep is None else rule.keep.add(since.date())
        if until is not None and until <= self.at.date():
            return ErasureItem(kind=kind, id=id_, treatment="delete")
        return ErasureItem(kind=kind, id=id_, treatment=rule.on_request, basis=rule.basis, until=until)

    def _rule(self, kind: str) -> RetentionRule | None:
        """Events go as the customer goes, unless a rule names them."""
        rule = self.policy.rule(kind)
        own = kind == EVENTS and (rule is None or rule.kind != EVENTS)
        return self.policy.rule(CUSTOMER) if own else rule


def _recipients(customer: Customer, told: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("erase.recipients", told)
    _checks.each(_checks.text).require("erase.recipients", found)
    sources = {record.source for record in customer.records} - {customer.direct.source}
    return tuple(sorted({*found, *sources}))


def _suppressions(
    customer: Customer, entries: tuple[Entry, ...], key: bytes | str | None, at: datetime
) -> tuple[Suppression, ...]:
    if key is None:
        return ()
    points = [point for record in (customer.direct, *customer.records) for point in record.points]
    known = {address(point) for point in points} | {
        entry.point for entry in entries if isinstance(entry, (Consent, Sent))
    }
    made = [suppress(found, key=key, at=at) for found in known if found is not None]
    return tuple(sorted(made, key=_digest))


def _digest(entry: Suppression) -> str:
    return entry.digest
