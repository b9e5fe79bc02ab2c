"""The ports that keep states and entries, and the store in memory that is the first to fulfil them."""

from relex.repositories._async_memory import AsyncMemoryStore
from relex.repositories._memory import MemoryStore
from relex.repositories._merging import distinct, merged
from relex.repositories._ports import (
    AsyncHistoryReader,
    AsyncLog,
    AsyncOutbox,
    AsyncRepository,
    AsyncStore,
    HistoryReader,
    Log,
    Message,
    Outbox,
    Repository,
    Store,
)

__all__ = [
    "AsyncHistoryReader",
    "AsyncLog",
    "AsyncMemoryStore",
    "AsyncOutbox",
    "AsyncRepository",
    "AsyncStore",
    "HistoryReader",
    "Log",
    "MemoryStore",
    "Message",
    "Outbox",
    "Repository",
    "Store",
    "distinct",
    "merged",
]
