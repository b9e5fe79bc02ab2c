"""The stores in memory are held to the whole contract."""

from __future__ import annotations

import pytest

from relex.repositories import AsyncMemoryStore, MemoryStore
from relex.testing import (
    AsyncHistoryContract,
    AsyncOutboxContract,
    AsyncRuleContract,
    AsyncStoreContract,
    HistoryContract,
    OutboxContract,
    RuleContract,
    StoreContract,
)


class TestMemoryStore(StoreContract, HistoryContract, OutboxContract, RuleContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


class TestAsyncMemoryStore(AsyncStoreContract, AsyncHistoryContract, AsyncOutboxContract, AsyncRuleContract):
    @pytest.fixture
    def store(self) -> AsyncMemoryStore:
        return AsyncMemoryStore()
