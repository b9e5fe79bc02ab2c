"""What differs between databases in how a unit of work is held together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["all_or_none"]

_LEGACY = -1
"""The value of `sqlite3.Connection.autocommit` (Python 3.12) while sqlite3 begins transactions by itself."""


@contextmanager
def all_or_none(connection: Connection) -> Iterator[None]:
    """A savepoint in the caller's transaction: if anything goes wrong inside, nothing of it stays."""
    _begin(connection)
    with connection.begin_nested():
        yield


def _begin(connection: Connection) -> None:
    """Begin the transaction that SQLAlchemy takes for begun, where sqlite3 has put it off.

    Left to itself, sqlite3 begins at the first statement that writes, in the way that its `isolation_level` says. A
    savepoint is none, and would be the outermost transaction: releasing it would commit, whatever the caller does
    later.
    """
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.driver_connection
    if driver.isolation_level is None or driver.in_transaction or _autocommit(connection) != _LEGACY:
        return
    connection.exec_driver_sql(f"BEGIN {driver.isolation_level}")


def _autocommit(connection: Connection) -> Any:
    """What sqlite3 says of it; aiosqlite keeps a connection of sqlite3 that answers in its own thread only."""
    driver: Any = connection.connection.driver_connection
    inner = getattr(driver, "_conn", None)
    if inner is None:
        return getattr(driver, "autocommit", _LEGACY)
    adapted: Any = connection.connection.dbapi_connection
    return adapted.run_async(lambda _: driver._execute(getattr, inner, "autocommit", _LEGACY))  # noqa: SLF001 - it has no verb for this
