"""The contracts of the stores that are wrong on purpose; run by `test_wrong_stores.py`, which expects them to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from contracts import wrong_stores
from contracts.plain_store import PlainStore
from contracts.units import units
from hypothesis import HealthCheck, Phase, settings

from relex import Customer, Purchase
from relex.repositories import MemoryStore
from relex.testing import (
    ConcurrencyContract,
    HistoryContract,
    LogContract,
    OutboxContract,
    RepositoryContract,
    RuleContract,
    StoreContract,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Kept:
    """Gives the fixtures from the class of a store."""

    kind: type[PlainStore]
    machine_settings = settings(
        max_examples=20,
        stateful_step_count=15,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    @pytest.fixture
    def store(self) -> PlainStore:
        return self.kind()

    @pytest.fixture
    def repository(self, store: PlainStore) -> Any:
        return store.repository(Customer)

    @pytest.fixture
    def log(self, store: PlainStore) -> Any:
        return store.log(Purchase)

    @pytest.fixture
    def unit(self, store: PlainStore) -> Callable[[], Any]:
        return units(store)


class TestPlainStore(Kept, StoreContract, HistoryContract, OutboxContract, RuleContract):
    """Not wrong: what is wrong with the others is only what they change in it."""

    kind = PlainStore


class TestLastWriterWins(Kept, StoreContract, HistoryContract, OutboxContract, RuleContract, ConcurrencyContract):
    kind = wrong_stores.LastWriterWins


class TestPartialSave(Kept, StoreContract, HistoryContract, OutboxContract, RuleContract):
    kind = wrong_stores.PartialSave


class TestOverwriting(Kept, StoreContract):
    kind = wrong_stores.Overwriting


class TestInsertionOrder(Kept, RepositoryContract):
    kind = wrong_stores.InsertionOrder


class TestLateReader(Kept, RepositoryContract):
    kind = wrong_stores.LateReader


class TestUnknownIsTrue(Kept, RepositoryContract, RuleContract):
    kind = wrong_stores.UnknownIsTrue


class TestAnyCase(Kept, LogContract):
    kind = wrong_stores.AnyCase


class TestForgetfulZones(Kept, RepositoryContract, LogContract):
    kind = wrong_stores.ForgetfulZones


class TestLostHistory(Kept, HistoryContract):
    kind = wrong_stores.LostHistory


class TestForgetfulOutbox(Kept, OutboxContract):
    kind = wrong_stores.ForgetfulOutbox


class TestKeepsHalfAUnit(ConcurrencyContract):
    @pytest.fixture
    def unit(self) -> Callable[[], Any]:
        return wrong_stores.KeepsHalfAUnit(MemoryStore()).units()


class TestNoFixture(HistoryContract):
    """It gives no store."""
