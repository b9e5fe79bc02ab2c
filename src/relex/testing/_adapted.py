"""Where the tests get the store from that they are about, sync or async."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from relex.testing._bridge import Bridge
from relex.testing._guard import Contract, outer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.repositories import AsyncStore
    from relex.testing._bridge import Runner

__all__ = ["Adapted", "Awaited"]


class Adapted(Contract):
    """The store that the class under test gives."""

    @pytest.fixture
    def store(self, request: pytest.FixtureRequest) -> Any:
        """The store under test."""
        return outer(request, "an empty store")

    @pytest.fixture
    def adapter(self, store: Any) -> Any:
        """The store as the tests use it: with the verbs of `Store`."""
        return store


class Awaited(Adapted):
    """The async store that the class under test gives, behind a bridge."""

    @pytest.fixture
    def runner(self) -> Iterator[Runner]:
        """What runs each verb; an event loop of its own for each test, unless the class gives another."""
        with asyncio.Runner() as runner:
            yield runner

    @pytest.fixture
    def adapter(self, store: AsyncStore, runner: Runner) -> Any:
        """The store as the tests use it: each verb is run to its end."""
        return Bridge(store, runner)
