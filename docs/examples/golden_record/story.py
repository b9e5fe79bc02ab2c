"""What happens, step by step: everything is a value, so each step can be looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from golden_record.policies import MATCHING, QUALITY, SURVIVORSHIP
from relex import Customer, MemoryStore
from relex.customers import Aliases, Assessment, Merge, Unmerge, assess, merge, unmerge
from relex.matching import NotSameAs, Resolution, SameAs, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relex.parties import Record

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)

# What Eve found out about the pairs in the queue, in the order in which she went through it.
ANSWERS = (
    SameAs("a1", "calls/C-501", "shop/S-1001", by="eve", reason="the name is the reading of 髙橋 花子", at=NOW),
    SameAs("a2", "calls/C-502", "crm/81", by="eve", reason="she confirmed her new address", at=NOW),
    SameAs("a3", "calls/C-503", "crm/90", by="eve", reason="asked for his last order", at=NOW),
    SameAs("a4", "calls/C-504", "crm/91", by="eve", reason="the name in Latin letters, same phone", at=NOW),
    SameAs("a5", "calls/C-505", "shop/S-1003", by="eve", reason="Karl answers the family's phone", at=NOW),
    NotSameAs("a6", "shop/S-1004", "shop/S-1010", by="eve", reason="son and father", at=NOW),
)


@attrs.frozen(kw_only=True)
class Story:
    """Everything that came about.

    Attributes:
        records: What the sources say.
        assessments: How each record looks, by its ref.
        automatic: Who is one by the rules alone, with the queue for people.
        resolved: Who is one with the answers of people.
        customers: One for each group of records, as opened.
        merged: A merge by hand.
        parted: The same merge, taken back.
        aliases: Which ids are one customer at the end.
        store: Where the customers and the answers are kept.
    """

    records: Sequence[Record]
    assessments: dict[str, Assessment]
    automatic: Resolution
    resolved: Resolution
    customers: Sequence[Customer]
    merged: Merge
    parted: Unmerge
    aliases: Aliases
    store: MemoryStore


def told(records: Sequence[Record]) -> Story:
    """The whole story of these records."""
    store = MemoryStore()
    assessments = {record.ref: assess(record, QUALITY, as_of=NOW) for record in records}
    automatic = resolve(records, MATCHING)
    resolved = resolve(records, MATCHING, ANSWERS)
    store.log(SameAs).append(*[answer for answer in ANSWERS if isinstance(answer, SameAs)])
    store.log(NotSameAs).append(*[answer for answer in ANSWERS if isinstance(answer, NotSameAs)])
    customers = opened(store, records, resolved)
    merged = by_hand(store, "李娜 and Li Na share a parcel locker, so they are one", "shop/S-1009", "calls/C-507")
    parted = undone(store, merged, "the caller is another Li Na")
    events = [event for change in (*merged.changes, *parted.changes) for event in change.events]
    return Story(
        records=records,
        assessments=assessments,
        automatic=automatic,
        resolved=resolved,
        customers=customers,
        merged=merged,
        parted=parted,
        aliases=Aliases(events),
        store=store,
    )


def opened(store: MemoryStore, records: Iterable[Record], resolved: Resolution) -> tuple[Customer, ...]:
    """A customer for each group, who takes all records of it."""
    by_ref = {record.ref: record for record in records}
    found = []
    for number, group in enumerate(resolved.groups, 1):
        first, *others = [by_ref[ref] for ref in group]
        change = Customer.open(f"c{number}", first, at=NOW, survivorship=SURVIVORSHIP)
        for record in others:
            change = change.then(lambda customer, record=record: customer.take(record, at=NOW))
        store.save(change)
        found.append(change.state)
    return tuple(found)


def holder(store: MemoryStore, ref: str) -> Customer:
    """The customer who has a record."""
    return next(
        customer
        for customer in store.repository(Customer).find()
        if any(record.ref == ref for record in customer.records)
    )


def by_hand(store: MemoryStore, reason: str, one: str, other: str) -> Merge:
    """Two customers become one: both changes and the statement are saved together, or nothing is."""
    done = merge(holder(store, one), holder(store, other), by="eve", reason=reason, at=NOW)
    store.save(*done.changes, entries=done.entries)
    return done


def undone(store: MemoryStore, merged: Merge, reason: str) -> Unmerge:
    """And are two again, each exactly what it would be had there been no merge."""
    customers = store.repository(Customer)
    survivor, other = (customers.get(customer.id) for customer in (merged.survivor, merged.other))
    done = unmerge(survivor, other, by="eve", reason=reason, at=LATER)
    store.save(*done.changes, entries=done.entries)
    return done
