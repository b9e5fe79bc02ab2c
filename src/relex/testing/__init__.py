"""The contract kit for adapters of the ports, and Hypothesis strategies for every public value.

An adapter's author writes a class for each contract, with one fixture, and runs it with pytest.
"""

from relex.testing import _asserts as _asserts
from relex.testing._abilities import AsyncHistoryContract, AsyncOutboxContract, HistoryContract, OutboxContract
from relex.testing._concurrency import AsyncConcurrencyContract, ConcurrencyContract
from relex.testing._contracts import AsyncStoreContract, LogContract, RepositoryContract, StoreContract
from relex.testing._rules import AsyncRuleContract, RuleContract

__all__ = [
    "AsyncConcurrencyContract",
    "AsyncHistoryContract",
    "AsyncOutboxContract",
    "AsyncRuleContract",
    "AsyncStoreContract",
    "ConcurrencyContract",
    "HistoryContract",
    "LogContract",
    "OutboxContract",
    "RepositoryContract",
    "RuleContract",
    "StoreContract",
]
