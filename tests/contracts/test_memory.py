"""The stores in memory are held to the whole contract."""

from __future__ import annotations

import pytest

from relex.repositories import AsyncMemoryStore, MemoryStore
from relex.testing import AsyncStoreContract, StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


class TestAsyncMemoryStore(AsyncStoreContract):
    @pytest.fixture
    def store(self) -> AsyncMemoryStore:
        return AsyncMemoryStore()
