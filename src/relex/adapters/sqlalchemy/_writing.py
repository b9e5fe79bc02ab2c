"""Writing rows, all of one table and sort with one statement, and noticing which of them are another's.

Theory of operation. A new row is inserted unless its id is taken, and the database gives back the ids that it took;
whatever is missing is there already. A changed row is updated where it still has the expected version. One row tells
by its count whether it was; several are first locked and looked at, since not every driver counts the rows of a batch.
Of two writers the second waits for the first and then finds another version, or the database refuses one of them.
Rows are written in the order of their ids, so that two saves of the same rows wait for and do not block each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Table, Update

__all__ = ["Row", "chunks", "insert_all", "insert_new", "rewrite_rows", "update_rows"]

_INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_CHUNK = 1_000

Row: TypeAlias = dict[str, Any]


def insert_all(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows in the order given."""
    if rows:
        connection.execute(table.insert(), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> set[str]:
    """Insert rows whose ids are not taken; the ids that are."""
    if not rows:
        return set()
    insert = _INSERTS[connection.dialect.name](table).on_conflict_do_nothing(index_elements=[table.c.id])
    ordered = sorted(rows, key=_id)
    taken = connection.execute(insert.returning(table.c.id), ordered).scalars()
    return {row["id"] for row in rows}.difference(taken)


def update_rows(connection: Connection, table: Table, rows: Sequence[tuple[Row, int]]) -> set[str]:
    """Update rows that still have the version beside them; the ids of those that have not."""
    if not rows:
        return set()
    expected = {row["id"]: version for row, version in rows}
    stale = _stale(connection, table, expected) if len(rows) > 1 else set()
    wanted = [{**row, "_id": row["id"], "_version": expected[row["id"]]} for row, _ in rows if row["id"] not in stale]
    statement = update(table).where(table.c.id == bindparam("_id"), table.c.version == bindparam("_version"))
    if len(rows) > 1:
        _many(connection, statement, wanted)
    elif connection.execute(statement, wanted[0]).rowcount == 0:
        stale = {wanted[0]["id"]}
    return stale


def rewrite_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update rows that are locked, whatever they hold."""
    _many(connection, update(table).where(table.c.id == bindparam("_id")), [{**row, "_id": row["id"]} for row in rows])


def _many(connection: Connection, statement: Update, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(statement, sorted(rows, key=_id))


def _stale(connection: Connection, table: Table, expected: dict[str, int]) -> set[str]:
    """Lock rows; the ids of those that are missing or at another version."""
    found: dict[str, int] = {}
    for ids in chunks(sorted(expected)):
        lock = select(table.c.id, table.c.version).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()
        found.update({row.id: row.version for row in connection.execute(lock)})
    return {row for row, version in expected.items() if found.get(row) != version}


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in runs that are short enough for one statement."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _id(row: Row) -> str:
    found: str = row["id"]
    return found
