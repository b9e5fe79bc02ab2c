"""The contracts that an adapter is held to: a class with one fixture each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from relex.customers import Customer
from relex.purchases import Purchase
from relex.testing._adapted import Adapted, Awaited
from relex.testing._appending import Appending
from relex.testing._finding import Finding
from relex.testing._guard import outer
from relex.testing._keeping import Keeping
from relex.testing._machine import use_at_random
from relex.testing._reading import Reading
from relex.testing._saving import Saving
from relex.testing._stores import Storing

if TYPE_CHECKING:
    from hypothesis import settings

    from relex.repositories import Log, Repository, Store

__all__ = ["AsyncStoreContract", "LogContract", "RepositoryContract", "StoreContract"]


class RepositoryContract(Saving, Finding, Keeping):
    """What is asked of a `Repository`.

    Give a fixture `repository`: a repository of `Customer` that is empty for each test.

    .. versionadded:: 0.1.0
    """

    @pytest.fixture
    def repository(self, request: pytest.FixtureRequest) -> Any:
        """The repository under test."""
        return outer(request, "an empty repository of Customer")


class LogContract(Appending, Reading):
    """What is asked of a `Log`.

    Give a fixture `log`: a log of `Purchase` that is empty for each test.

    .. versionadded:: 0.1.0
    """

    @pytest.fixture
    def log(self, request: pytest.FixtureRequest) -> Any:
        """The log under test."""
        return outer(request, "an empty log of Purchase")


class StoreContract(Adapted, Storing, RepositoryContract, LogContract):
    """What is asked of a `Store`: all of the contracts of a repository and of a log, and saves across classes.

    Give a fixture `store`: a store of everything that is empty for each test.

    Attributes:
        machine_settings: The Hypothesis settings of the random use; by default 25 examples of 15 steps.

    .. versionadded:: 0.1.0
    """

    machine_settings: ClassVar[settings | None] = None

    @pytest.fixture
    def repository(self, adapter: Store) -> Repository[Customer]:
        """The store's customers."""
        return adapter.repository(Customer)

    @pytest.fixture
    def log(self, adapter: Store) -> Log[Purchase]:
        """The store's purchases."""
        return adapter.log(Purchase)

    def test_random_use_is_answered_as_by_the_store_in_memory(self, adapter: Store) -> None:
        """Whatever is saved and asked, `MemoryStore` beside it gives the same values or the same errors.

        What the adapter refuses with `NotSupported`, or with `InvalidValue` as too long, is not compared.
        """
        use_at_random(adapter, self.machine_settings)


class AsyncStoreContract(Awaited, StoreContract):
    """What is asked of an `AsyncStore`: the same tests, each verb run to its end on an event loop.

    Give a fixture `store`: an async store of everything that is empty for each test. Where it needs a connection of
    one event loop, open it with the fixture `runner`: `runner.run(engine.connect())`.

    .. versionadded:: 0.1.0
    """
