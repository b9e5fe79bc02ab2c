"""What the store in memory does beyond the contract: indexes, threads, its own errors."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from relex import Account, Conflict, Customer, InvalidValue, NotFound, Purchase, field
from relex.loyalty import EarningRule, Flat, Occasion, Program
from relex.parties import PersonName
from relex.purchases import Claim, Line
from relex.repositories import AsyncMemoryStore, HistoryReader, MemoryStore, Message, Outbox

if TYPE_CHECKING:
    from relex import Change

DAY = datetime(2026, 5, 1, tzinfo=UTC)
PROGRAM = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
NAMES = [PersonName("Ada Lovelace"), PersonName("Bo")]


def opened(name: str, **more: Any) -> Change[Customer]:
    return Customer.open(name, NAMES[0], at=DAY, **more)


def sold(name: str, *, customer: str | None = "c1", minutes: int = 0) -> Purchase:
    at = DAY + timedelta(minutes=minutes)
    return Purchase(name, customer=customer, at=at, currency="USD", lines=[Line(1, "latte", 1, gross="3.25")])


def ids(found: Any) -> list[str]:
    return [value.id for value in found]


def test_it_has_both_abilities() -> None:
    assert isinstance(MemoryStore(), HistoryReader)
    assert isinstance(MemoryStore(), Outbox)


@pytest.mark.parametrize("indexes", [{}, {Customer: ["customer.owner", "customer.tags"]}], ids=["without", "with"])
def test_a_question_has_the_same_answer_with_and_without_indexes(indexes: dict[type, list[str]]) -> None:
    customers = MemoryStore(indexes).repository(Customer)
    customers.save(opened("c2", owner="eve"), opened("c1", owner="eve", tags=["vip"]), opened("c3"))
    customers.save(customers.get("c2").assign("bob", at=DAY), customers.get("c3").assign("eve", at=DAY))
    eve = field("customer.owner") == "eve"

    assert ids(customers.find(eve)) == ["c1", "c3"]
    assert ids(customers.find(eve, after="c1")) == ["c3"]
    assert ids(customers.find(eve, limit=1)) == ["c1"]
    assert ids(customers.find(eve & field("customer.tags").contains("vip"))) == ["c1"]
    assert ids(customers.find(field("customer.owner").is_missing())) == []


@pytest.mark.parametrize("indexes", [{}, {Customer: ["customer.owner"]}], ids=["without", "with"])
@pytest.mark.parametrize("share", [1, 2, 50], ids=["all", "half", "few"])
def test_pages_of_a_rule_are_whole_however_many_an_index_names(indexes: dict[type, list[str]], share: int) -> None:
    customers = MemoryStore(indexes).repository(Customer)
    names = [f"c{number:03}" for number in range(100)]
    owned = names[::share]
    customers.save(*[opened(name, owner="eve" if name in owned else None) for name in reversed(names)])
    eve = field("customer.owner") == "eve"

    assert ids(customers.find(eve)) == owned
    assert ids(customers.find(eve, after=owned[0])) == owned[1:]
    assert ids(customers.find(eve, after=owned[0], limit=1)) == owned[1:2]
    assert ids(customers.find(eve, limit=0)) == []


@pytest.mark.parametrize("indexes", [{}, {Customer: ["customer.owner"]}], ids=["without", "with"])
def test_a_page_of_a_rule_is_filled_and_no_more_is_looked_at(
    indexes: dict[type, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    customers = MemoryStore(indexes).repository(Customer)
    customers.save(*[opened(f"c{number:03}", owner="eve" if number % 2 else "bob") for number in range(100)])
    facts, asked = Customer.facts, []
    monkeypatch.setattr(Customer, "facts", lambda self: asked.append(self.id) or facts(self))

    assert ids(customers.find(field("customer.owner") == "eve", limit=3)) == ["c001", "c003", "c005"]
    assert asked == (["c001", "c003", "c005"] if indexes else ["c000", "c001", "c002", "c003", "c004", "c005"])


def test_a_page_of_a_log_is_filled_and_no_more_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    log = MemoryStore().log(Purchase)
    log.append(*[sold(f"p{minutes}", minutes=minutes) for minutes in range(9)])
    facts, asked = Purchase.facts, []
    monkeypatch.setattr(Purchase, "facts", lambda self: asked.append(self.id) or facts(self))

    assert ids(log.read(field("net") > 1, after="p2", limit=2)) == ["p3", "p4"]
    assert asked == ["p3", "p4"]


@pytest.mark.parametrize("kind", [Purchase, int, "Customer", None], ids=str)
def test_indexes_and_repositories_are_of_aggregates(kind: Any) -> None:
    with pytest.raises(InvalidValue, match="a class of aggregates"):
        MemoryStore({kind: ["id"]})
    with pytest.raises(InvalidValue, match="a class of aggregates"):
        MemoryStore().repository(kind)
    with pytest.raises(InvalidValue, match="a class of aggregates"):
        MemoryStore().history(kind, "c1")


@pytest.mark.parametrize("kind", [Customer, int, "Purchase", None], ids=str)
def test_logs_are_of_entries(kind: Any) -> None:
    with pytest.raises(InvalidValue, match="a class of entries"):
        MemoryStore().log(kind)


def test_only_aggregates_and_entries_are_kept() -> None:
    store = MemoryStore()
    change = opened("c1")

    with pytest.raises(InvalidValue, match=r"save.entries: expected an entry: an id, .* got 'p1'"):
        store.save(change, entries=["p1"])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match=r"save.entries: expected an entry: an id, .* got Customer"):
        store.save(change, entries=[change.state])  # type: ignore[list-item]

    assert ids(store.repository(Customer).find()) == []


@attrs.frozen
class Note:
    """An entry of an application's own, which checks nothing."""

    id: Any = "n1"
    at: Any = DAY
    subject: Any = None

    def facts(self) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize("wrong", [Note(id=[]), Note(at=DAY.replace(tzinfo=None)), Note(subject=[])], ids=str)
def test_an_entry_without_a_place_keeps_nothing_of_its_save(wrong: Any) -> None:
    store = MemoryStore()
    with pytest.raises(InvalidValue):
        store.save(opened("c1"), entries=[Note("n2"), wrong])

    assert ids(store.repository(Customer).find()) == []
    assert list(store.pending()) == []
    assert list(store.log(Note).read()) == []


def test_a_repository_takes_changes_of_its_class_only() -> None:
    account = Account.open("a1", customer="c1", program=PROGRAM, at=DAY)

    with pytest.raises(InvalidValue, match=r"save.changes: expected changes of Customer"):
        MemoryStore().repository(Customer).save(account)  # type: ignore[arg-type]


def test_a_log_takes_entries_of_its_class_only() -> None:
    claim = Claim("k1", purchase="p1", customer="c1", at=DAY, by="desk")

    with pytest.raises(InvalidValue, match=r"append.entries: expected entries of Purchase"):
        MemoryStore().log(Purchase).append(claim)  # type: ignore[arg-type]


def test_nothing_is_found_where_nothing_was_saved() -> None:
    store = MemoryStore()

    with pytest.raises(NotFound):
        store.repository(Customer).get("c1")

    assert ids(store.repository(Customer).find()) == []
    assert ids(store.log(Purchase).read()) == []
    assert ids(store.log(Purchase).read(of="c1")) == []
    assert list(store.history(Customer, "c1")) == []


def test_an_entry_without_a_subject_is_read_with_all_others_only() -> None:
    log = MemoryStore().log(Purchase)
    log.append(sold("p1", customer=None), sold("p2"))

    assert ids(log.read()) == ["p1", "p2"]
    assert ids(log.read(of="c1")) == ["p2"]


def test_entries_that_come_late_stand_in_their_place() -> None:
    log = MemoryStore().log(Purchase)
    log.append(sold("p3", minutes=3), sold("p1", minutes=1))
    assert ids(log.read()) == ["p1", "p3"]
    log.append(sold("p4", minutes=4), sold("p2", minutes=2))

    assert ids(log.read()) == ["p1", "p2", "p3", "p4"]
    assert ids(log.read(of="c1", after="p2")) == ["p3", "p4"]


def test_a_failing_save_leaves_no_entry_behind() -> None:
    store = MemoryStore()
    store.save(opened("c1"), entries=[sold("p1")])

    with pytest.raises(Conflict):
        store.save(opened("c2"), entries=[sold("p2"), sold("p1", minutes=1)])

    assert ids(store.repository(Customer).find()) == ["c1"]
    assert ids(store.log(Purchase).read()) == ["p1"]
    assert [message.event.source for message in store.pending()] == ["c1"]


def test_facts_that_fail_stop_a_save_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts of an aggregate of one's own may raise; they are asked before anything is written."""
    facts = Customer.facts
    monkeypatch.setattr(Customer, "facts", lambda self: facts(self) if self.id == "c1" else 1 / 0)
    store = MemoryStore({Customer: ["customer.owner"]})

    with pytest.raises(ZeroDivisionError):
        store.save(opened("c1"), opened("b1"), entries=[sold("p1")])

    assert ids(store.repository(Customer).find()) == []
    assert ids(store.log(Purchase).read()) == []


@pytest.mark.parametrize("limit", [-1, 1.0, True, "1"])
def test_a_limit_is_a_count(limit: Any) -> None:
    store = MemoryStore()

    with pytest.raises(InvalidValue, match="limit"):
        store.repository(Customer).find(limit=limit)
    with pytest.raises(InvalidValue, match="limit"):
        store.log(Purchase).read(limit=limit)
    with pytest.raises(InvalidValue, match="limit"):
        store.pending(limit=limit)
    with pytest.raises(InvalidValue, match="after"):
        store.history(Customer, "c1", after=limit)


def test_a_message_is_told_apart_by_its_class() -> None:
    """A customer and an account may have the same id."""
    store = MemoryStore()
    customer, account = opened("1"), Account.open("1", customer="1", program=PROGRAM, at=DAY)
    store.save(customer, account)
    store.delivered(Message(Customer, customer.events[0]))

    assert list(store.pending()) == [Message(Account, account.events[0])]
    assert list(store.history(Customer, "1")) == [*customer.events]


def test_threads_lose_no_point() -> None:
    """Eight threads earn 10 points 25 times each, and try again when another one was faster."""
    store = MemoryStore()
    accounts = store.repository(Account)
    accounts.save(Account.open("a1", customer="c1", program=PROGRAM, at=DAY))

    def earn(name: str) -> None:
        while True:
            try:
                return accounts.save(accounts.get("a1").earn(Occasion("visit", name, DAY), PROGRAM, at=DAY))
            except Conflict:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(earn, [f"v{number}" for number in range(200)]))

    assert accounts.get("a1").balance(as_of=DAY).available == 2_000
    assert len(list(store.history(Account, "a1"))) == len(accounts.get("a1").events)


def test_readers_meet_no_half_of_a_save() -> None:
    """A save puts two customers under one owner or none, and a reader who asks meanwhile sees both or none."""
    store = MemoryStore({Customer: ["customer.owner"]})
    customers = store.repository(Customer)
    customers.save(opened("c1"), opened("c2"))

    def swing() -> None:
        for turn in range(200):
            owner = "eve" if turn % 2 == 0 else None
            customers.save(*[customers.get(name).assign(owner, at=DAY) for name in ("c1", "c2")])

    def look() -> set[int]:
        return {len(list(customers.find(field("customer.owner") == "eve"))) for _ in range(400)}

    with ThreadPoolExecutor(3) as pool:
        seen = pool.submit(look), pool.submit(look)
        pool.submit(swing).result()

    assert seen[0].result() | seen[1].result() <= {0, 2}


def test_the_awaited_store_is_the_store() -> None:
    store = MemoryStore()

    async def work() -> list[str]:
        awaited = AsyncMemoryStore(store)
        await awaited.repository(Customer).save(opened("c1"))
        return [customer.id async for customer in awaited.repository(Customer).find()]

    assert asyncio.run(work()) == ["c1"]
    assert ids(store.repository(Customer).find()) == ["c1"]
