"""The stores in memory are held to the whole contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from contracts.units import async_units, units

from relex.repositories import AsyncMemoryStore, MemoryStore
from relex.testing import (
    AsyncConcurrencyContract,
    AsyncHistoryContract,
    AsyncOutboxContract,
    AsyncRuleContract,
    AsyncStoreContract,
    ConcurrencyContract,
    HistoryContract,
    OutboxContract,
    RuleContract,
    StoreContract,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class TestMemoryStore(StoreContract, HistoryContract, OutboxContract, RuleContract, ConcurrencyContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    @pytest.fixture
    def unit(self, store: MemoryStore) -> Callable[[], Any]:
        return units(store)


class TestAsyncMemoryStore(
    AsyncStoreContract, AsyncHistoryContract, AsyncOutboxContract, AsyncRuleContract, AsyncConcurrencyContract
):
    @pytest.fixture
    def store(self) -> AsyncMemoryStore:
        return AsyncMemoryStore()

    @pytest.fixture
    def unit(self, store: AsyncMemoryStore) -> Callable[[], Any]:
        return async_units(store)
