"""The store in memory: one change, a question on a million, a million entries, beside what one would write by hand."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex import Customer, Purchase, field
from relex.parties import PersonName
from relex.purchases import Line
from relex.repositories import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
NAME = PersonName("Ada Lovelace")
MANY = 1_000_000
OWNERS = [f"owner {place}" for place in range(1_000)]
INDEXES: dict[str, dict[type, list[str]]] = {"": {}, ", one index": {Customer: ["customer.owner"]}}

WEIGH = """
import gc, sys
sys.path.insert(0, "tests")
from benchmarks.bench_repositories import MANY, sales
from relex import Purchase
from relex.repositories import MemoryStore

def held():
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * 4096

before = held()
entries = sales(MANY)
alone = held() - before
store = MemoryStore()
store.log(Purchase).append(*entries)
print(alone, held() - before)
"""


def rows() -> Iterator[Row]:
    """What a backend does with a store."""
    for name, indexes in INDEXES.items():
        yield Row(
            name=f"MemoryStore: get, command, save{name}",
            ours=_load_and_save(MemoryStore(indexes)),
            peers={"dict, lock and version by hand": _by_hand()},
            per=len(OWNERS),
            at_most=6e-6,
            note="by hand: no history, no outbox, no indexes",
        )
    yield from _questions()
    yield from _entries()


def sales(count: int) -> list[Purchase]:
    """Purchases of a hundred thousand customers, one line each, a second apart."""
    return [
        Purchase(
            f"p{place}",
            customer=f"c{place % 100_000}",
            at=DAY + timedelta(seconds=place),
            currency="USD",
            lines=[Line(1, "latte", 1, gross="3.25")],
        )
        for place in range(count)
    ]


def _load_and_save(store: MemoryStore) -> Callable[[], object]:
    customers = store.repository(Customer)
    customers.save(Customer.open("c1", NAME, at=DAY, owner="eve"))

    def go() -> None:
        for owner in OWNERS:
            customers.save(customers.get("c1").assign(owner, at=DAY))

    return go


def _by_hand() -> Callable[[], object]:
    """The least that is safe: a dict, a lock, the version."""
    states, lock = {"c1": Customer.open("c1", NAME, at=DAY, owner="eve").state}, threading.Lock()

    def go() -> None:
        for owner in OWNERS:
            change = states["c1"].assign(owner, at=DAY)
            with lock:
                if states["c1"].version != change.expected:
                    raise LookupError
                states["c1"] = change.state

    return go


def _questions() -> Iterator[Row]:
    """A hundred customers of a million, by an indexed fact, and the first page of all."""
    store = MemoryStore({Customer: ["customer.owner"]})
    customers = store.repository(Customer)
    gc.disable()  # a million of anything is loaded faster without it
    for start in range(0, MANY, 50_000):
        ids = range(start, start + 50_000)
        customers.save(*[Customer.open(f"c{place}", NAME, at=DAY, owner=f"o{place % (MANY // 100)}") for place in ids])
    gc.enable()
    gc.freeze()
    rule = field("customer.owner") == "o77"
    by_owner = [state for state in customers.find() if state.owner == "o77"]
    assert list(customers.find(rule)) == by_owner
    yield Row(
        name="MemoryStore: find 100 of 1,000,000",
        ours=lambda: list(customers.find(rule)),
        at_most=2e-3,
        note="by a fact with an index; the answers are in order",
    )
    yield Row(name="MemoryStore: a page of 100", ours=lambda: list(customers.find(after="c5", limit=100)))
    gc.unfreeze()


def _entries() -> Iterator[Row]:
    """A million purchases, appended at once."""
    entries = sales(MANY)
    gc.freeze()
    yield Row(
        name="MemoryStore: append, each of 1,000,000",
        ours=lambda: MemoryStore().log(Purchase).append(*entries),
        peers={"dict and list a customer by hand": lambda: _appended(entries)},
        per=MANY,
        at_most=2.5e-6,
        note="by hand: no lock, no second look at an id, nothing in order of time",
    )
    gc.unfreeze()
    weighed = subprocess.run([sys.executable, "-c", WEIGH], check=True, capture_output=True)  # noqa: S603 - ours
    alone, kept = map(int, weighed.stdout.split())
    yield Row(
        name="MemoryStore: memory of a purchase",
        ours=lambda: kept,
        peers={"the purchases alone": lambda: alone},
        per=MANY,
        at_most=1.2 * alone / MANY,
        unit="B",
        note="of 1,000,000 with one line each, by the pages that the process holds",
    )


def _appended(entries: list[Purchase]) -> object:
    by_id: dict[str, Purchase] = {}
    by_customer: dict[str | None, list[Purchase]] = {}
    for entry in entries:
        if entry.id in by_id:
            raise LookupError
        by_id[entry.id] = entry
        by_customer.setdefault(entry.customer, []).append(entry)
    return by_id, by_customer
