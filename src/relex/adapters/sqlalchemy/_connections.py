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

    Left to itself, sqlite3 begins at the first statement that writes. A savepoint is none, and would be the outermost
    transaction: releasing it would commit, whatever the caller does later.
    """
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.driver_connection
    puts_off = driver.isolation_level is not None and getattr(driver, "autocommit", _LEGACY) == _LEGACY
    if puts_off and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
