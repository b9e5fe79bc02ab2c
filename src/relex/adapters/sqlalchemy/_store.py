"""The store: the ports on a connection of the caller, whose transaction is the unit of work."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, literal, select, tuple_, update

from relex import _checks
from relex.adapters.sqlalchemy._connections import all_or_none
from relex.adapters.sqlalchemy._rows import Rows
from relex.adapters.sqlalchemy._tables import Kept, Tables, standard_tables
from relex.adapters.sqlalchemy._where import expressible, where
from relex.adapters.sqlalchemy._writing import Save, rewrite
from relex.changes import Aggregate, Entry
from relex.errors import InvalidValue, NotFound, NotSupported
from relex.repositories import Message, distinct, merged
from relex.repositories._arguments import (
    BATCH,
    ID,
    LIMIT,
    VERSION,
    check_messages,
    check_page,
    check_window,
    require_aggregates,
    require_entries,
)
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from sqlalchemy import ColumnElement, Select

    from relex.changes import Change, Event
    from relex.repositories import Log, Repository
    from relex.rules import AsOf, Rule

__all__ = ["SqlStore"]

S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)

_UNSUPPORTED = _checks.one_of("refuse", "finish")
_CONNECTION = _checks.a(Connection)
_TABLES = _checks.a(Tables)
_DIALECTS = ("postgresql", "sqlite")


class SqlStore:
    """A store on a SQLAlchemy connection; a `HistoryReader` and an `Outbox` too.

    It opens, commits and closes nothing: what it saves is there when the caller commits, and gone when the caller rolls
    back. Inside that transaction each save is all or none. It serves one thread, as its connection does.

    The answers of one call come from one statement, whose rows are held until they are asked for: where there may be
    many, ask for pages (`limit`, `after`).

    What the driver says (a lost connection, a deadlock, a serialization failure, a locked database) comes as
    SQLAlchemy's own error, and it is the caller who tries the unit of work again. Under REPEATABLE READ and
    SERIALIZABLE a race for one id may be lost with an `IntegrityError` (23505) too, as the unit cannot see the row of
    the winner; then also try the unit again, which tells a `Conflict` from an entry that is there already.

    Args:
        connection: The caller's, to SQLite or PostgreSQL.
        tables: Where to keep what; by default `Tables()`.
        unsupported: What to do with a rule that the database cannot judge: `refuse` it with `NotSupported`, or `finish`
            in Python, which reads all rows that the rest of the rule leaves.
        zones: Turns the key of a time zone into a tzinfo; by default `zoneinfo.ZoneInfo`.

    Raises:
        NotSupported: For another database.
        InvalidValue: For something that is no `Connection`, tables that are no `Tables`, or another word for
            `unsupported`.

    Example:
        >>> from datetime import datetime, timezone
        >>> from sqlalchemy import create_engine
        >>> from relex import Customer, field
        >>> from relex.parties import PersonName
        >>> engine = create_engine("sqlite://")
        >>> tables = Tables(Customer)
        >>> tables.metadata.create_all(engine)
        >>> with engine.begin() as connection:
        ...     customers = SqlStore(connection, tables).repository(Customer)
        ...     opened = datetime(2026, 5, 1, tzinfo=timezone.utc)
        ...     customers.save(Customer.open("c1", PersonName("Ada Lovelace"), at=opened, owner="eve"))
        ...     [customer.id for customer in customers.find(field("customer.owner") == "eve")]
        ['c1']
        >>> engine.dispose()

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        connection: Connection,
        tables: Tables | None = None,
        *,
        unsupported: str = "refuse",
        zones: Callable[[str], tzinfo] | None = ZoneInfo,
    ) -> None:
        _CONNECTION.require("SqlStore.connection", connection)
        if connection.dialect.name not in _DIALECTS:
            raise NotSupported(f"a database of {connection.dialect.name}", "SqlStore")
        self._connection = connection
        self._tables = standard_tables() if tables is None else tables
        _TABLES.require("SqlStore.tables", self._tables)
        _UNSUPPORTED.require("SqlStore.unsupported", unsupported)
        self._finish = unsupported == "finish"
        self._rows = Rows(dialect=connection.dialect.name, zones=zones)

    def repository(self, kind: type[S], /) -> Repository[S]:
        """Where the aggregates of this class are kept.

        Raises:
            InvalidValue: When there is no table for them.
        """
        require_aggregates("repository.kind", kind)
        return _SqlRepository(self, self._tables.states(kind))

    def log(self, kind: type[E], /) -> Log[E]:
        """Where the entries of this class are kept.

        Raises:
            InvalidValue: When there is no table for them.
        """
        require_entries("log.kind", kind)
        return _SqlLog(self, self._tables.entries(kind))

    def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none.

        Raises:
            Conflict: For another version, or the id of an entry with another content.
            InvalidValue: For something that is no change or no entry, has no table, or holds what cannot be kept.
        """
        states = [(self._tables.states(type(change.state)), change) for change in merged(changes)]
        new = [(self._tables.entries(type(entry)), entry) for entry in distinct(entries)]
        rows = self._rows
        save = Save(
            changes=[(kept, change, rows.of(kept, change.state)) for kept, change in states],
            entries=[(kept, entry, rows.of(kept, entry)) for kept, entry in new],
            events=(
                self._tables.events,
                [rows.of_event(kept, event) for kept, change in states for event in change.events],
            ),
        )
        save.write(self._connection, rows)

    def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> Iterator[Event]:  # noqa: A002 - the field's name everywhere in relex
        """The events of one aggregate in the order of their versions; none when there is no such aggregate.

        Raises:
            InvalidValue: When there is no table for the class, the id is no str, or `after` is no int of at least 0.
        """
        require_aggregates("history.kind", kind)
        ID.require("history.id", id)
        VERSION.require("history.after", after)
        kept = self._tables.states(kind)
        events = self._tables.events
        asked = select(events.c.kind, events.c.source, events.c.version, events.c.body).order_by(events.c.version)
        of = (events.c.kind == kept.tag, events.c.source == id, events.c.version > after)
        return map(self._event, self._connection.execute(asked.where(*of)).all())

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        """The messages that wait, those saved first coming first.

        Positions are given out when events are written and not when they are committed, so a later call may bring a
        message of before; each comes until it is delivered, and those of one aggregate come in order.
        """
        LIMIT.require("pending.limit", limit)
        events, kinds = self._tables.events, self._tables.tagged()
        asked = select(events.c.kind, events.c.source, events.c.version, events.c.body).order_by(events.c.position)
        rows = self._connection.execute(asked.where(events.c.pending, events.c.kind.in_(kinds)).limit(limit)).all()
        return (Message(kinds[row.kind], self._event(row)) for row in rows)

    def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait; one that does not wait has no effect.

        Raises:
            InvalidValue: For something that is no message, or a message of a class that has no table.
        """
        check_messages(messages)
        those = {(self._tables.states(kind).tag, event.source, event.version) for kind, event in messages}
        if those:
            events = self._tables.events
            names = ("kind", "source", "version")
            where = [events.c[name] == bindparam(f"_{name}") for name in names]
            # In one order, so that two relays of the same messages wait for each other and do not block each other.
            keys = [{f"_{name}": value for name, value in zip(names, key, strict=True)} for key in sorted(those)]
            self._connection.execute(update(events).where(*where).values(pending=False), keys)

    def refresh(self, kind: type, /, *, after: str | None = None, limit: int = 1_000) -> str | None:
        """Write a batch of rows again as they would be written now, in the order of their ids.

        It brings stored forms up to their newest version and fills the columns of facts that were added later. States
        and versions stay as they are, so no event tells of it.

        Args:
            kind: A class of aggregates or entries.
            after: Only ids after this one: what the call before gave back.
            limit: How many rows at most.

        Returns:
            The last id of the batch; None when there was none left.

        Raises:
            InvalidValue: When there is no table for the class, or a body is damaged.
        """
        kept = self._tables.of(kind)
        BATCH.require("refresh.limit", limit)
        asked = select(*kept.columns).order_by(kept.table.c.id).limit(limit).with_for_update()
        if after is not None:
            asked = asked.where(kept.table.c.id > after)
        with all_or_none(self._connection):  # the rows are read inside it, so that nobody writes one in between
            values = [self._rows.value(kept, row) for row in self._connection.execute(asked).all()]
            rewrite(self._connection, kept.table, [self._rows.of(kept, value) for value in values])
        return values[-1].id if values else None

    def _event(self, row: Any) -> Event:
        return self._rows.event(self._tables.events.name, row)

    def _found(
        self, kept: Kept, asked: Select[Any], rule: Rule | None, as_of: AsOf, limit: int | None
    ) -> Iterator[Any]:
        """The values of the rows that a rule is True of, with no more than a limit."""
        clause, rest = self._clause(kept, rule, as_of)
        asked = asked if clause is None else asked.where(clause)
        rows = self._connection.execute(asked if rest is not None else asked.limit(limit)).all()
        values = map(partial(self._rows.value, kept), rows)
        if rest is None:
            return values
        test = compile_rule(rest)
        return islice((value for value in values if test(value.facts(), as_of)), limit)

    def _clause(self, kept: Kept, rule: Rule | None, as_of: AsOf) -> tuple[ColumnElement[bool] | None, Rule | None]:
        if rule is None:
            return None, None
        if self._finish:
            return expressible(rule, kept.by_fact, as_of, self._rows.dialect)
        return where(rule, kept.by_fact, as_of, self._rows.dialect), None


class _SqlRepository(Generic[S]):
    """The aggregates of one class on a connection."""

    __slots__ = ("_kept", "_store")

    def __init__(self, store: SqlStore, kept: Kept) -> None:
        self._store = store
        self._kept = kept

    def get(self, id: str, /) -> S:  # noqa: A002 - as above
        ID.require("get.id", id)
        asked = select(*self._kept.columns).where(self._kept.table.c.id == id)
        row = self._store._connection.execute(asked).one_or_none()  # noqa: SLF001 - a view of the store
        if row is None:
            raise NotFound(self._kept.kind.__name__, id)
        found: S = self._store._rows.value(self._kept, row)  # noqa: SLF001 - as above
        return found

    def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> Iterator[S]:
        check_page("find", rule, after, limit)
        column = self._kept.table.c.id
        asked = select(*self._kept.columns).order_by(column)
        if after is not None:
            asked = asked.where(column > after)
        return self._store._found(self._kept, asked, rule, as_of, limit)  # noqa: SLF001 - as above

    def save(self, *changes: Change[S]) -> None:
        for change in changes:
            if type(getattr(change, "state", None)) is not self._kept.kind:
                raise InvalidValue("save.changes", change, f"changes of {self._kept.kind.__name__}")
        self._store.save(*changes)


class _SqlLog(Generic[E]):
    """The entries of one class on a connection."""

    __slots__ = ("_kept", "_store")

    def __init__(self, store: SqlStore, kept: Kept) -> None:
        self._store = store
        self._kept = kept

    def append(self, *entries: E) -> None:
        for entry in entries:
            if type(entry) is not self._kept.kind:
                raise InvalidValue("append.entries", entry, f"entries of {self._kept.kind.__name__}")
        self._store.save(entries=entries)

    def read(
        self,
        rule: Rule | None = None,
        /,
        *,
        of: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        as_of: AsOf = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[E]:
        check_page("read", rule, after, limit)
        check_window(of, since, until)
        columns = self._kept.table.c
        asked = select(*self._kept.columns).order_by(columns.at, columns.id)
        if of is not None:
            asked = asked.where(columns.subject == of)
        if since is not None:
            asked = asked.where(columns.at >= since)
        if until is not None:
            asked = asked.where(columns.at < until)
        if after is not None:
            last = tuple_(literal(self._at(after), columns.at.type), literal(after, columns.id.type))
            asked = asked.where(tuple_(columns.at, columns.id) > last)
        return self._store._found(self._kept, asked, rule, as_of, limit)  # noqa: SLF001 - a view of the store

    def _at(self, id: str) -> datetime:  # noqa: A002 - as above
        columns = self._kept.table.c
        found: datetime | None = self._store._connection.execute(select(columns.at).where(columns.id == id)).scalar()  # noqa: SLF001 - as above
        if found is None:
            raise NotFound(self._kept.kind.__name__, id)
        return found
