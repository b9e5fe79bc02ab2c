"""Writing one save, in a way that nobody else's write is lost.

Theory of operation. A save is first written as if nothing stood in its way: new rows are inserted, and changed rows are
updated where they still have the expected version. One updated row tells by its count whether it was there; several
are first locked and looked at, since not every driver counts the rows of a batch. If an id is taken or a version has
moved on, the savepoint takes back what was written, and the second try looks before it writes: it locks the rows,
raises the `Conflict` of the first change or entry that has one, and leaves out entries that are there already. So a
save that meets nobody pays for no look, and one that meets somebody says exactly whom. Nobody can lock an entry that is
not there yet, so it may come between the look and the write: then there is another try, for as long as each look finds
more than the one before. What no look explains is the driver's error.

Of two writers the second waits for the first and then finds another version, or the database refuses one of them. Rows
are written table by table and in the order of their ids, so that two saves of the same rows wait for each other and
seldom block each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from relex.adapters.sqlalchemy._connections import all_or_none
from relex.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Table

    from relex.adapters.sqlalchemy._rows import Rows
    from relex.adapters.sqlalchemy._tables import Kept
    from relex.changes import Change, Entry

__all__ = ["Save", "rewrite"]

_CHUNK = 1_000

Row: TypeAlias = dict[str, Any]


class _StaleError(Exception):
    """A row was not at the version that was expected, or not there."""


@attrs.frozen(kw_only=True)
class Save:
    """What one save writes.

    Attributes:
        changes: The table, the change and the row of each aggregate, in the order given.
        entries: The table, the entry and the row of each entry, in the order given.
        events: The table of events, and their rows.
    """

    changes: Sequence[tuple[Kept, Change[Any], Row]]
    entries: Sequence[tuple[Kept, Entry, Row]]
    events: tuple[Table, Sequence[Row]]

    def write(self, connection: Connection, rows: Rows) -> None:
        """Write everything, or nothing.

        Raises:
            Conflict: For an aggregate at another version, or an entry that is there with another content.
        """
        if not self.changes and not self.entries:
            return
        try:
            with all_or_none(connection):
                self._write(connection, frozenset())
        except (IntegrityError, _StaleError):
            self._look_and_write(connection, rows)

    def _look_and_write(self, connection: Connection, rows: Rows) -> None:
        there: frozenset[tuple[Kept, str]] | None = None
        while True:
            seen = there
            try:
                with all_or_none(connection):
                    self._look_at_states(connection)
                    there = self._look_at_entries(connection, rows)
                    self._write(connection, there)
                    return
            except IntegrityError:
                if there == seen:
                    raise

    def _write(self, connection: Connection, there: frozenset[tuple[Kept, str]]) -> None:
        for kept, own in _by_table(self.changes):
            _insert(connection, kept.table, [row for change, row in own if not change.expected])
            _update(connection, kept.table, [(row, change.expected) for change, row in own if change.expected])
        _insert(connection, *self.events)
        for kept, appended in _by_table(self.entries):
            _insert(connection, kept.table, [row for entry, row in appended if (kept, entry.id) not in there])

    def _look_at_states(self, connection: Connection) -> None:
        actual: dict[tuple[Kept, str], int] = {}
        for kept, own in _by_table(self.changes):
            found = _versions(connection, kept.table, [row["id"] for _, row in own])
            actual |= {(kept, key): version for key, version in found.items()}
        for kept, change, row in self.changes:
            version = actual.get((kept, row["id"]), 0)
            if version != change.expected:
                raise Conflict(row["id"], change.expected, version)

    def _look_at_entries(self, connection: Connection, rows: Rows) -> frozenset[tuple[Kept, str]]:
        """The entries that are there already, with the same content."""
        there: dict[tuple[Kept, str], Any] = {}
        for kept, own in _by_table(self.entries):
            for ids in _chunks(sorted(row["id"] for _, row in own)):
                found = connection.execute(select(*kept.columns).where(kept.table.c.id.in_(ids))).all()
                there |= {(kept, row.id): rows.value(kept, row) for row in found}
        for kept, entry, _ in self.entries:
            known = there.get((kept, entry.id), entry)
            if known != entry:
                raise Conflict(entry.id, entry, known)
        return frozenset(there)


def rewrite(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update rows that are locked, whatever they hold."""
    if rows:
        connection.execute(update(table).where(table.c.id == bindparam("_id")), [_keyed(row) for row in rows])


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _update(connection: Connection, table: Table, rows: Sequence[tuple[Row, int]]) -> None:
    """Update rows that have the version beside them.

    Raises:
        _StaleError: When one of them has not.
    """
    if not rows:
        return
    expected = {row["id"]: version for row, version in rows}
    if len(rows) > 1 and _versions(connection, table, expected) != expected:
        raise _StaleError
    statement = update(table).where(table.c.id == bindparam("_id"), table.c.version == bindparam("_version"))
    done = connection.execute(statement, [{**_keyed(row), "_version": version} for row, version in rows])
    if len(rows) == 1 and done.rowcount == 0:
        raise _StaleError


def _versions(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, int]:
    """The versions of rows, which are locked by this."""
    found: dict[str, int] = {}
    for some in _chunks(sorted(ids)):
        lock = select(table.c.id, table.c.version).where(table.c.id.in_(some)).order_by(table.c.id).with_for_update()
        found |= {row.id: row.version for row in connection.execute(lock)}
    return found


def _by_table(writes: Sequence[tuple[Kept, Any, Row]]) -> Iterator[tuple[Kept, list[tuple[Any, Row]]]]:
    """What is written, by the names of the tables and the ids."""
    for kept in sorted({kept for kept, _, _ in writes}, key=lambda kept: kept.table.name):
        yield kept, sorted([(value, row) for of, value, row in writes if of is kept], key=_id)


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in runs that are short enough for one statement."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _keyed(row: Row) -> Row:
    return {**row, "_id": row["id"]}


def _id(write: tuple[Any, Row]) -> str:
    found: str = write[1]["id"]
    return found
