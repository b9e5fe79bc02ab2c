"""The contract of a store that several writers use at once.

Writers run in threads, each in a unit of work of its own, and meet at points where the interleaving matters. They wait
there only for a moment: where units wait for each other (a database that locks, say) the writers come one after the
other, and then the second one sees what the first one did.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest

from relex.customers import Customer
from relex.errors import Conflict
from relex.loyalty import Account
from relex.purchases import Purchase
from relex.testing._guard import Contract, outer
from relex.testing._samples import AT, PROGRAM, account, opened, sale, tagged, visited
from relex.testing._trying import ids
from relex.testing._units import bridged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from relex.repositories import Store

__all__ = ["AsyncConcurrencyContract", "ConcurrencyContract"]

_MOMENT = 0.5
_AGE = 60.0
_THREADS = 8
_ROUNDS = 3
_APPENDERS = 6
_BATCHES = 8


class Broken(Exception):
    """What a caller's own code raises inside a unit."""


@attrs.frozen
class Writers:
    """Work in units of their own, tried again where the contract allows it.

    Attributes:
        unit: Begins a unit of work.
        transient: Errors of a driver after which a unit may be tried again.
        tries: How often at most.
    """

    unit: Callable[[], AbstractContextManager[Any]]
    transient: tuple[type[Exception], ...]
    tries: int = 1_000

    def once(self, work: Callable[[Store], Any]) -> Exception | None:
        """Do the work in one unit; the error after which it may be tried again, if there was one."""
        again: tuple[type[Exception], ...] = (Conflict, *self.transient)
        try:
            with self.unit() as store:
                work(store)
        except again as error:
            return error
        return None

    def until_kept(self, work: Callable[[Store], Any]) -> None:
        """Do the work in as many units as it takes."""
        for attempt in range(self.tries):
            if self.once(work) is None:
                return
            time.sleep(min(attempt, 20) / 1000)
        pytest.fail(f"no unit of {self.tries} succeeded: errors that do not pass are not transient", pytrace=False)

    def unless_conflict(self, work: Callable[[Store], Any]) -> Conflict | None:
        """Do the work in as many units as it takes until it is kept or conflicts."""
        for _ in range(self.tries):
            error = self.once(work)
            if error is None or isinstance(error, Conflict):
                return error
        return pytest.fail(f"no unit of {self.tries} succeeded or raised Conflict", pytrace=False)

    def seen(self, look: Callable[[Store], Any]) -> Any:
        """What a unit of its own sees."""
        with self.unit() as store:
            return look(store)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own; what they returned, in order."""
    with ThreadPoolExecutor(len(works)) as pool:
        started = [pool.submit(work) for work in works]
        return [one.result(_AGE) for one in started]


def meet(barrier: threading.Barrier) -> bool:
    """Wait for the others, but only for a moment; whether they came."""
    try:
        barrier.wait(_MOMENT)
    except threading.BrokenBarrierError:
        return False
    return True


class ConcurrencyContract(Contract):
    """What is asked of a store that several units of work use at once.

    Give a fixture `unit`: a callable that gives a context manager, which begins a unit of work of its own (a session, a
    transaction), yields a `Store`, commits at its end, and rolls back when an exception passes. All units work on the
    same data, which are empty for each test. Units are begun in several threads.

    Attributes:
        transient: The driver's errors after which a unit may be tried again, such as a serialization failure.

    .. versionadded:: 0.1.0
    """

    transient: ClassVar[tuple[type[Exception], ...]] = ()

    @pytest.fixture
    def unit(self, request: pytest.FixtureRequest) -> Any:
        """What begins a unit of work."""
        return outer(request, "a callable whose context manager begins a unit of work and yields a store")

    @pytest.fixture
    def writers(self, unit: Any) -> Writers:
        """The units, with what may be tried again."""
        return Writers(unit, self.transient)

    def test_what_a_unit_committed_is_seen_by_the_next(self, writers: Writers) -> None:
        """Changes and entries of a unit are there for others after its end."""
        writers.until_kept(lambda store: store.save(opened("c1"), entries=[sale("p1")]))

        assert writers.seen(lambda store: ids(store.repository(Customer).find())) == ["c1"]
        assert writers.seen(lambda store: ids(store.log(Purchase).read())) == ["p1"]

    def test_a_unit_that_fails_leaves_nothing(self, writers: Writers) -> None:
        """When an exception passes the end of a unit, nothing of what it saved is there, and the exception passes."""

        def fail(store: Store) -> None:
            store.save(opened("c1"), entries=[sale("p1")])
            store.repository(Customer).save(opened("c2"))
            raise Broken

        with pytest.raises(Broken):
            writers.once(fail)

        assert writers.seen(lambda store: ids(store.repository(Customer).find())) == []
        assert writers.seen(lambda store: ids(store.log(Purchase).read())) == []

    def test_what_is_not_committed_is_not_seen(self, writers: Writers) -> None:
        """Another unit that looks in between sees nothing of it, or waits until it is committed."""
        saved, looked, ending = threading.Event(), threading.Event(), threading.Event()
        too_early: list[str] = []

        def write(store: Store) -> None:
            store.save(opened("c1"))
            saved.set()
            looked.wait(_MOMENT)
            ending.set()

        def look(store: Store) -> None:
            saved.wait(_MOMENT)
            found = ids(store.repository(Customer).find())
            if not ending.is_set():
                too_early.extend(found)
            looked.set()

        together(lambda: writers.until_kept(write), lambda: writers.until_kept(look))

        assert too_early == [], "a unit saw what another one had not committed yet"

    def test_of_two_writers_the_second_loads_again(self, writers: Writers) -> None:
        """Both load the same version and save: one is kept, the other gets `Conflict` or a transient error.

        After it has loaded again, it succeeds too, and what the first one did is still there.
        """
        writers.until_kept(lambda store: store.save(opened("c1")))
        loaded, done = threading.Barrier(2), threading.Event()
        first = Tagger("first", lambda: meet(loaded))
        second = Tagger("second", lambda: meet(loaded) and done.wait(_MOMENT))

        def go_first() -> Exception | None:
            try:
                return writers.once(first)
            finally:
                done.set()

        errors = together(go_first, lambda: writers.once(second))
        assert first.loaded != second.loaded or any(errors), "both saved the same version: one change is lost"
        for writer, error in zip((first, second), errors, strict=True):
            if error is not None:
                writers.until_kept(writer)
        kept = writers.seen(lambda store: store.repository(Customer).get("c1"))

        assert (kept.version, kept.tags) == (3, ("first", "second"))

    def test_of_two_who_open_one_id_one_succeeds(self, writers: Writers) -> None:
        """The other gets `Conflict`, after transient errors perhaps, and no error of a driver about a key."""
        ready = threading.Barrier(2)

        def open_it(store: Store) -> None:
            meet(ready)
            store.save(opened("c1"))

        errors = together(*[lambda: writers.unless_conflict(open_it)] * 2)

        assert [error is None for error in errors].count(True) == 1, "both opened the same id, or none"
        assert writers.seen(lambda store: store.repository(Customer).get("c1").version) == 1

    def test_an_entry_of_two_writers_is_there_once(self, writers: Writers) -> None:
        """Two who append the same entry both succeed, after transient errors perhaps."""
        ready = threading.Barrier(2)

        def append(store: Store) -> None:
            meet(ready)
            store.log(Purchase).append(sale("p1"))

        errors = together(*[lambda: writers.unless_conflict(append)] * 2)

        assert errors == [None, None], "an entry with the same content is no conflict"
        assert writers.seen(lambda store: list(store.log(Purchase).read())) == [sale("p1")]

    def test_of_two_contents_of_an_entry_one_is_kept(self, writers: Writers) -> None:
        """Two who append one id with two contents: one succeeds, the other gets `Conflict`."""
        ready = threading.Barrier(2)

        def append(price: str) -> Conflict | None:
            def work(store: Store) -> None:
                meet(ready)
                store.log(Purchase).append(sale("p1", price=price))

            return writers.unless_conflict(work)

        errors = together(lambda: append("1.00"), lambda: append("2.00"))
        kept = writers.seen(lambda store: list(store.log(Purchase).read()))

        assert [error is None for error in errors].count(True) == 1, "both contents were accepted, or none"
        assert kept == [sale("p1", price="1.00" if errors[0] is None else "2.00")]

    def test_entries_that_many_append_are_there_once(self, writers: Writers) -> None:
        """Six threads append some of the same entries, each others of them: all succeed, whoever came first."""
        errors = together(*[partial(append_often, writers, number) for number in range(_APPENDERS)])
        kept = writers.seen(lambda store: ids(store.log(Purchase).read()))

        assert errors == [[None] * _BATCHES] * _APPENDERS, "an entry with the same content is no conflict"
        assert kept == [sale_id(batch, place) for batch in range(_BATCHES) for place in range(_APPENDERS)]

    def test_many_writers_of_one_account_lose_no_point(self, writers: Writers) -> None:
        """Eight threads earn and redeem on one account: each step counts once, and no point is lost or invented."""
        writers.until_kept(lambda store: store.save(account("a1")))

        together(*[partial(spend_often, writers, str(number)) for number in range(_THREADS)])
        kept = writers.seen(lambda store: store.repository(Account).get("a1"))

        assert kept.balance(as_of=AT).available == _THREADS * _ROUNDS * 7
        assert kept.version == account("a1").state.version + _THREADS * _ROUNDS * 2


class AsyncConcurrencyContract(ConcurrencyContract):
    """What is asked of an async store that several units of work use at once: the same tests, awaited.

    Give a fixture `unit`: a callable that gives an async context manager, as for `ConcurrencyContract`. Each unit runs
    on an event loop of its own, so it opens its own connection and shares no pool with others.

    .. versionadded:: 0.1.0
    """

    @pytest.fixture
    def writers(self, unit: Any) -> Writers:
        """The units, each on an event loop, with what may be tried again."""
        return Writers(lambda: bridged(unit), self.transient)


class Tagger:
    """Loads a customer, waits for whoever else should load, and tags it.

    Attributes:
        loaded: The version that was loaded first.
    """

    def __init__(self, tag: str, wait: Callable[[], Any]) -> None:
        self.tag = tag
        self.wait = wait
        self.loaded: int | None = None

    def __call__(self, store: Store) -> None:
        """Do so in a unit; later tries do not wait."""
        state = store.repository(Customer).get("c1")
        if self.loaded is None:
            self.loaded = state.version
            self.wait()
        store.save(tagged(state, self.tag))


def append_often(writers: Writers, number: int) -> list[Conflict | None]:
    """Append batches in units that follow each other; two entries of each batch are left to the others."""
    left = {number, (number + 2) % _APPENDERS}
    places = [place for place in range(_APPENDERS) if place not in left]
    return [
        writers.unless_conflict(partial(append, entries=[sale(sale_id(batch, place)) for place in places]))
        for batch in range(_BATCHES)
    ]


def append(store: Store, entries: Sequence[Purchase]) -> None:
    """Append to the log of purchases."""
    store.log(Purchase).append(*entries)


def sale_id(batch: int, place: int) -> str:
    """The id of an entry of a batch."""
    return f"p{batch}-{place}"


def spend_often(writers: Writers, name: str) -> None:
    """Spend in units that follow each other."""
    for step in range(_ROUNDS):
        writers.until_kept(partial(spend, name=f"{name}-{step}"))


def spend(store: Store, name: str) -> None:
    """Earn 10 points and redeem 3 of them, in one save, with time for others in between."""
    state = store.repository(Account).get("a1")
    time.sleep(0.001)
    store.save(visited(state, f"v{name}").then(lambda it: it.redeem(3, PROGRAM, id=f"r{name}", at=AT)))
