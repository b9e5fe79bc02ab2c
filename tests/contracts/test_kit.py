"""What the contracts allow: refused values and rules, units that wait for each other, fixtures outside of the class."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from contracts.plain_store import Log, PlainStore, Repository
from contracts.units import units
from hypothesis import settings

from relex import Conflict, Customer, InvalidValue, NotSupported, Purchase, dumps
from relex.repositories import MemoryStore
from relex.rules import Compare, Contains, Rule
from relex.testing import (
    ConcurrencyContract,
    HistoryContract,
    LogContract,
    OutboxContract,
    RepositoryContract,
    StoreContract,
)
from relex.testing._concurrency import Writers
from relex.testing._guard import outer
from relex.testing._machine import use_at_random
from relex.testing._players import AGGREGATES, ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relex import Change

LONGEST = 1_000
SHORT = 200


class Narrow(PlainStore):
    """It holds no long text and no NUL, and answers only the simplest rules; of all else it says so."""

    def checked(self, changes: Sequence[Change[Any]], entries: Sequence[Any]) -> Sequence[Change[Any]]:
        found = super().checked(changes, entries)
        for value in (*(change.state for change in changes), *entries):
            if "\\u0000" in dumps(value) or len(dumps(value)) > LONGEST * 100:
                raise InvalidValue("save", value, "values without NUL, and no long ones")
        return found

    def repository(self, kind: type) -> Any:
        return NarrowRepository(self, super().repository(kind).kind)

    def log(self, kind: type) -> Any:
        return NarrowLog(self, super().log(kind).kind)


class NarrowRepository(Repository):
    def find(self, rule: Rule | None = None, **asked: Any) -> Iterator[Any]:
        refuse(rule)
        return super().find(rule, **asked)


class NarrowLog(Log):
    def read(self, rule: Rule | None = None, **asked: Any) -> Iterator[Any]:
        refuse(rule)
        return super().read(rule, **asked)


def refuse(rule: object) -> None:
    """Refuse what is a rule and no simple one."""
    if isinstance(rule, Rule) and not isinstance(rule, (Compare, Contains)):
        raise NotSupported(repr(rule), "Narrow")


class TestNarrowStore(StoreContract):
    """A store that refuses what it cannot do fulfils the contract of a store."""

    machine_settings = settings(max_examples=5, stateful_step_count=15, deadline=None, database=None)

    @pytest.fixture
    def store(self) -> Narrow:
        return Narrow()


class Short(PlainStore):
    """It holds no long values.

    Attributes:
        refused: How often it said so.
    """

    refused = 0

    def checked(self, changes: Sequence[Change[Any]], entries: Sequence[Any]) -> Sequence[Change[Any]]:
        found = super().checked(changes, entries)
        if any(len(dumps(value)) > SHORT for value in (*(change.state for change in changes), *entries)):
            self.refused += 1
            raise InvalidValue("save", changes, "short values")
        return found


def test_random_use_lets_a_store_refuse_what_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relex.testing._machine._LONG", SHORT)
    store: Any = Short()
    use_at_random(store, settings(max_examples=20, stateful_step_count=15, deadline=None, database=None))

    assert store.refused > 0


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def repository(store: MemoryStore) -> Any:
    return store.repository(Customer)


@pytest.fixture
def log(store: MemoryStore) -> Any:
    return store.log(Purchase)


@pytest.fixture
def unit(store: MemoryStore) -> Callable[[], Any]:
    return units(store)


class TestOuterFixtures(RepositoryContract, LogContract, HistoryContract, OutboxContract, ConcurrencyContract):
    """The fixtures may stand in the module, or in a conftest."""


class TestUnitsInTurn(ConcurrencyContract):
    """Units that wait for each other, and give up after a moment, as some databases do."""

    transient = (TimeoutError,)

    @pytest.fixture
    def unit(self, store: MemoryStore) -> Callable[[], Any]:
        lock = threading.Lock()

        @contextmanager
        def in_turn() -> Iterator[Any]:
            if not lock.acquire(timeout=0.1):
                raise TimeoutError
            try:
                with units(store)() as collected:
                    yield collected
            finally:
                lock.release()

        return in_turn


class TestMissingFixture:
    @pytest.fixture
    def nothing(self, request: pytest.FixtureRequest) -> str:
        with pytest.raises(pytest.fail.Exception) as raised:
            outer(request, "an empty store")
        return str(raised.value)

    def test_a_missing_fixture_says_who_needs_what(self, nothing: str) -> None:
        assert nothing == "TestMissingFixture needs a fixture `nothing` that gives an empty store"


def broken(store: object) -> None:
    """What never succeeds."""
    raise TimeoutError


def test_an_error_that_does_not_pass_is_not_transient(unit: Callable[[], Any]) -> None:
    with pytest.raises(pytest.fail.Exception, match="no unit of 3 succeeded"):
        Writers(unit, (TimeoutError,), tries=3).until_kept(broken)


def test_an_error_that_does_not_pass_is_no_conflict(unit: Callable[[], Any]) -> None:
    with pytest.raises(pytest.fail.Exception, match="no unit of 3 succeeded or raised Conflict"):
        Writers(unit, (TimeoutError,), tries=3).unless_conflict(broken)


def test_any_other_error_passes_at_once(unit: Callable[[], Any]) -> None:
    with pytest.raises(TimeoutError):
        Writers(unit, ()).until_kept(broken)


def test_a_conflict_is_told(unit: Callable[[], Any]) -> None:
    def conflicts(store: object) -> None:
        raise Conflict("c1", 1, 2)

    found = Writers(unit, ()).unless_conflict(conflicts)

    assert found is not None
    assert found.args == ("c1", 1, 2)


def test_what_plays_is_named_by_its_class() -> None:
    """A store that answers otherwise is told with which classes it was used."""
    assert {"Account", "Customer", "Opportunity"} <= {repr(played) for played in AGGREGATES}
    assert {"Consent", "Purchase", "Quota"} <= {repr(told) for told in ENTRIES}
