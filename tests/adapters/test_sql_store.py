"""What the store on SQLAlchemy does beyond the contract: the caller's transaction, damage, lost connections, plans."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from sqlalchemy import Connection, create_engine, event, func, select, text, update
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from relex import Account, Conflict, Customer, InvalidValue, NotSupported, Program, Purchase, any_line, field
from relex.adapters.sqlalchemy import AsyncSqlStore, SqlStore, Tables
from relex.customers import Attribute, AttributeSchema
from relex.parties import PersonName
from relex.purchases import Claim, Line
from relex.repositories import HistoryReader, Message, Outbox
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

    from relex import Change

DAY = datetime(2026, 5, 1, tzinfo=UTC)
CUSTOM = FactSchema({"custom.size": Decimal, "custom.region": str})
TABLES = Tables(
    Customer, Purchase, Claim, facts={Customer: Customer.fact_schema | CUSTOM, Purchase: FactSchema({"net": Decimal})}
)
CUSTOMERS = TABLES.of(Customer).table
ATTRIBUTES = AttributeSchema([Attribute("size", Decimal), Attribute("region", str)])


def opened(name: str, **more: Any) -> Change[Customer]:
    return Customer.open(name, PersonName("Ada Lovelace"), at=DAY, **more)


def sold(name: str, *, price: str = "3.25", minutes: int = 0) -> Purchase:
    at = DAY + timedelta(minutes=minutes)
    return Purchase(name, customer="c1", at=at, currency="USD", lines=[Line(1, "latte", 1, gross=price)])


def ids(found: Any) -> list[str]:
    return [value.id for value in found]


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    TABLES.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def store(connection: Connection) -> SqlStore:
    return SqlStore(connection, TABLES)


def test_it_has_both_abilities(store: SqlStore) -> None:
    assert isinstance(store, HistoryReader)
    assert isinstance(store, Outbox)


def test_what_the_caller_rolls_back_is_gone(store: SqlStore, connection: Connection) -> None:
    """The first thing in the transaction is a save, so with it the savepoint would be the outermost transaction."""
    store.save(opened("c1"), entries=[sold("p1")])
    connection.rollback()

    assert ids(store.repository(Customer).find()) == []
    assert ids(store.log(Purchase).read()) == []
    assert list(store.pending()) == []


def test_what_the_caller_commits_is_there_for_others(store: SqlStore, connection: Connection, engine: Engine) -> None:
    store.save(opened("c1"))
    connection.commit()

    with engine.connect() as other:
        assert ids(SqlStore(other, TABLES).repository(Customer).find()) == ["c1"]


def test_it_commits_nothing_itself(store: SqlStore, engine: Engine) -> None:
    store.save(opened("c1"))

    with engine.connect() as other:
        assert ids(SqlStore(other, TABLES).repository(Customer).find()) == []


def test_a_failing_save_leaves_what_was_saved_before_it(store: SqlStore) -> None:
    store.save(opened("c1"))

    with pytest.raises(Conflict):
        store.save(*[opened(f"d{number}") for number in range(999)], opened("c1"))

    assert ids(store.repository(Customer).find()) == ["c1"]
    assert len(list(store.pending())) == 1


def test_a_save_of_nothing_asks_the_database_nothing(store: SqlStore, connection: Connection) -> None:
    said: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda _, __, statement, *___: said.append(statement))
    store.save(opened("c1").state.untag("vip", at=DAY))
    store.delivered()

    assert said == []


def test_many_changed_rows_are_locked_and_looked_at(store: SqlStore) -> None:
    customers = store.repository(Customer)
    customers.save(*[opened(f"c{number}") for number in range(5)])
    changes = [state.assign("eve", at=DAY) for state in customers.find()]
    customers.save(customers.get("c3").tag("vip", at=DAY))

    with pytest.raises(Conflict) as caught:
        customers.save(*changes)

    assert (caught.value.id, caught.value.expected, caught.value.actual) == ("c3", 1, 2)
    assert {state.owner for state in customers.find()} == {None}
    customers.save(*[state.assign("eve", at=DAY) for state in customers.find()])
    assert [state.version for state in customers.find()] == [2, 2, 2, 3, 2]


def test_a_thousand_and_more_rows_are_written_in_batches(store: SqlStore) -> None:
    customers = store.repository(Customer)
    customers.save(*[opened(f"c{number:04}") for number in range(2_100)])
    customers.save(*[state.assign("eve", at=DAY) for state in customers.find()])

    assert len(list(customers.find(field("customer.owner") == "eve"))) == 2_100


def test_an_error_of_a_constraint_of_the_callers_is_the_drivers(store: SqlStore, connection: Connection) -> None:
    connection.execute(text(f"CREATE UNIQUE INDEX one_owner ON {CUSTOMERS.name} (fact_customer_owner)"))
    store.save(opened("c1", owner="eve"))

    with pytest.raises(IntegrityError):
        store.save(opened("c2", owner="eve"))

    assert ids(store.repository(Customer).find()) == ["c1"]


# What a row holds.


def test_facts_stand_in_their_columns(store: SqlStore, connection: Connection) -> None:
    change = opened("c1", owner="eve", tags=["new", "vip"]).then(
        lambda state: state.set({"size": Decimal("12.50"), "region": "kanto"}, ATTRIBUTES, at=DAY)
    )
    store.save(change, entries=[sold("p1")])
    row = connection.execute(select(CUSTOMERS)).one()
    sale = connection.execute(select(TABLES.of(Purchase).table)).one()

    assert (row.fact_customer_owner, row.fact_customer_stage) == ("eve", None)
    assert tuple(row.fact_customer_tags) == ("new", "vip")
    assert (row.fact_custom_size, row.fact_custom_region) == (Decimal("12.50"), "kanto")
    assert row.fact_customer_created_on == DAY.date()
    assert (sale.subject, sale.at, sale.fact_net) == ("c1", DAY, Decimal("3.25"))


def test_a_fact_of_another_kind_than_its_column_is_refused(store: SqlStore) -> None:
    schema = AttributeSchema([Attribute("size", str)])
    change = opened("c1").then(lambda state: state.set({"size": "large"}, schema, at=DAY))

    with pytest.raises(InvalidValue) as caught:
        store.save(opened("c0"), change)

    assert caught.value.path == "relex_customer['c1'].custom.size"
    assert caught.value.expected == "a number, as its column is declared"
    assert ids(store.repository(Customer).find()) == []


@pytest.mark.parametrize("more", [{"owner": "é" * 501}, {"tags": ["x" * 1_001]}], ids=["text", "texts"])
def test_what_an_index_of_postgresql_cannot_hold_is_refused(postgres_engine: Engine, more: dict[str, Any]) -> None:
    TABLES.metadata.create_all(postgres_engine)
    with postgres_engine.connect() as connection:
        customers = SqlStore(connection, TABLES).repository(Customer)

        with pytest.raises(InvalidValue, match="at most 1,000 bytes, as PostgreSQL keeps an index of it"):
            customers.save(opened("c0"), opened("c1", **more))

        assert ids(customers.find()) == []
        customers.save(opened("c1", owner="é" * 500, tags=["x" * 1_000]))


def test_a_nul_is_refused_on_postgresql_only(store: SqlStore, connection: Connection) -> None:
    change = Customer.open("c1", PersonName("Ada\0Lovelace"), at=DAY)
    if connection.dialect.name == "sqlite":
        store.save(change)

        assert store.repository(Customer).get("c1") == change.state
    else:
        with pytest.raises(InvalidValue, match=r"relex_customer\['c1'\]: expected text without NUL"):
            store.save(change)


def test_a_backslash_before_u0000_is_no_nul(store: SqlStore) -> None:
    change = Customer.open("c1", PersonName(r"\u0000 \\u0000"), at=DAY)
    store.save(change)

    assert store.repository(Customer).get("c1") == change.state


def test_a_state_that_has_no_stored_form_is_named(store: SqlStore) -> None:
    with pytest.raises(InvalidValue) as caught:
        store.save(Customer.open("c1", PersonName("Ada \ud800"), at=DAY))

    assert caught.value.path.startswith("relex_customer['c1'].Customer.direct.name")


LATE_IN_UTC = datetime.max.replace(tzinfo=UTC)
LATE = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))
EARLY = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))


@pytest.mark.parametrize("at", [EARLY, LATE], ids=str)
def test_an_instant_that_utc_has_no_date_for_is_named(store: SqlStore, at: datetime) -> None:
    with pytest.raises(InvalidValue) as caught:
        store.save(opened("c1"), entries=[attrs.evolve(sold("p1"), at=at)])

    assert caught.value.path == "relex_purchase['p1'].at"
    assert caught.value.expected == "a datetime that is between the years 1 and 9999 in UTC"
    assert ids(store.repository(Customer).find()) == []


def test_the_last_instants_of_utc_are_kept(store: SqlStore) -> None:
    sales = [attrs.evolve(sold("p1"), at=datetime.min.replace(tzinfo=UTC)), attrs.evolve(sold("p2"), at=LATE_IN_UTC)]
    store.save(entries=sales)

    assert list(store.log(Purchase).read()) == sales


def test_an_instant_of_an_event_is_named(store: SqlStore) -> None:
    change = Customer.open("c1", PersonName("Ada Lovelace"), at=LATE)

    with pytest.raises(InvalidValue, match=r"relex_customer\['c1'\].at: expected a datetime that is between"):
        store.save(change)


# Damage.


def damage(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(update(CUSTOMERS).where(CUSTOMERS.c.id == name).values(**values))


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"body": '{"type":"customers.Customer","v":1}'}, "relex_customer['c2'].Customer"),
        ({"body": '{"type":"customers.Customer","v":99}'}, "relex_customer['c2'].Customer.v"),
        ({"body": "[]"}, "relex_customer['c2'].Customer"),
        ({"version": 7}, "relex_customer['c2'].version"),
    ],
    ids=["fields left out", "from the future", "no object", "another version"],
)
def test_damage_names_the_table_and_the_id(
    store: SqlStore, connection: Connection, values: dict[str, Any], path: str
) -> None:
    customers = store.repository(Customer)
    customers.save(opened("c1"), opened("c2"), opened("c3"))
    damage(connection, "c2", **values)

    with pytest.raises(InvalidValue) as caught:
        customers.get("c2")

    assert caught.value.path.startswith(path)


def test_a_body_of_another_row_is_damage(store: SqlStore, connection: Connection) -> None:
    customers = store.repository(Customer)
    customers.save(opened("c1"), opened("c2"))
    other = connection.execute(select(CUSTOMERS.c.body).where(CUSTOMERS.c.id == "c1")).scalar_one()
    damage(connection, "c2", body=other if isinstance(other, str) else json.dumps(other))

    with pytest.raises(InvalidValue, match=r"relex_customer\['c2'\].id: expected 'c2', as the row says, got 'c1'"):
        customers.get("c2")


def test_text_that_is_no_json_is_damage(sqlite_engine: Engine) -> None:
    TABLES.metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        customers = SqlStore(connection, TABLES).repository(Customer)
        customers.save(opened("c1"))
        damage(connection, "c1", body="{")

        with pytest.raises(InvalidValue, match=r"relex_customer\['c1'\]"):
            customers.get("c1")


def test_other_rows_stay_readable(store: SqlStore, connection: Connection) -> None:
    """An iteration that met damage can go on behind it."""
    customers = store.repository(Customer)
    customers.save(opened("c1"), opened("c2"), opened("c3"))
    damage(connection, "c2", body="{}")
    found = customers.find()

    assert next(found).id == "c1"
    with pytest.raises(InvalidValue):
        next(found)
    assert ids(found) == ["c3"]
    assert customers.get("c3").id == "c3"


def test_a_damaged_event_is_named(store: SqlStore, connection: Connection) -> None:
    store.save(opened("c1"))
    connection.execute(update(TABLES.events).values(body="{}"))

    with pytest.raises(InvalidValue, match=r"relex_event\['customers.Customer', 'c1', 1\]"):
        list(store.history(Customer, "c1"))


# Rules.


def test_a_rule_is_judged_by_the_database(store: SqlStore, connection: Connection) -> None:
    """Only the rows that pass are read, and an index finds them."""
    customers = store.repository(Customer)
    customers.save(*[opened(f"c{number}", owner=f"o{number % 500}") for number in range(2_000)])
    connection.execute(text("ANALYZE"))
    said: list[tuple[str, Any]] = []
    event.listen(connection, "before_cursor_execute", lambda _, __, sql, given, *___: said.append((sql, given)))

    assert len(list(customers.find(field("customer.owner") == "o7", limit=10))) == 4
    plan = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    steps = "\n".join(str(row) for row in connection.exec_driver_sql(plan + said[0][0], said[0][1]))
    assert "fact_customer_owner" in steps
    assert "Seq Scan" not in steps
    assert "SCAN" not in steps


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        (field("custom.color") == "red", "field('custom.color') == 'red'"),
        (field("customer.owner").equals_ignoring_case("EVE"), "equals_ignoring_case('EVE')"),
        ((field("customer.owner") == "eve") & ~(field("custom.color") == "red"), "field('custom.color') == 'red'"),
    ],
    ids=["no column", "no function", "inside"],
)
def test_what_cannot_be_expressed_is_refused_by_name(store: SqlStore, rule: Any, named: str) -> None:
    with pytest.raises(NotSupported) as caught:
        store.repository(Customer).find(rule)

    assert named in caught.value.what
    assert caught.value.by == "SqlStore"


def test_what_cannot_be_expressed_is_finished_where_allowed(connection: Connection) -> None:
    store = SqlStore(connection, TABLES, unsupported="finish")
    customers = store.repository(Customer)
    customers.save(
        *[opened(name, owner=owner) for name, owner in [("c1", "Eve"), ("c2", "eve"), ("c3", "EVE"), ("c4", "bob")]]
    )
    rule = field("customer.owner").equals_ignoring_case("eve") & (field("customer.id") != "c1")

    assert ids(customers.find(rule)) == ["c2", "c3"]
    assert ids(customers.find(rule, limit=1)) == ["c2"]
    assert ids(customers.find(rule, after="c2")) == ["c3"]


def test_a_rule_about_lines_is_finished_where_allowed(connection: Connection) -> None:
    log = SqlStore(connection, TABLES, unsupported="finish").log(Purchase)
    log.append(sold("p1"), sold("p2", price="9.00"))

    assert ids(log.read(any_line(field("line.net") > 5) & (field("net") < 100))) == ["p2"]


@pytest.mark.parametrize("rule", ["owner", 1, {"fact": "x"}], ids=repr)
def test_only_rules_are_asked(store: SqlStore, rule: Any) -> None:
    with pytest.raises(InvalidValue, match="a Rule"):
        store.repository(Customer).find(rule)


# Races.


@pytest.mark.parametrize("changes", [[], [opened("c1")]], ids=["alone", "with a change"])
def test_an_entry_that_comes_between_the_look_and_the_write_is_left_out(
    postgres_engine: Engine, changes: list[Change[Customer]]
) -> None:
    """Before each try to write what was not there, somebody else appends one more of the entries."""
    TABLES.metadata.create_all(postgres_engine)
    entries = [sold(f"p{number}") for number in range(4)]
    others = iter(entries)

    def meddle(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "INTO relex_purchase" in statement:
            with postgres_engine.begin() as other:
                SqlStore(other, TABLES).save(entries=[next(others)])

    with postgres_engine.begin() as connection:
        event.listen(connection, "before_cursor_execute", meddle)
        store = SqlStore(connection, TABLES)
        store.save(*changes, entries=entries)

        assert list(store.log(Purchase).read()) == entries
        assert list(store.repository(Customer).find()) == [change.state for change in changes]
        assert list(others) == []


def test_an_aggregate_that_comes_between_the_look_and_the_write_is_a_conflict(postgres_engine: Engine) -> None:
    """The save is tried again for the sake of an entry, and then somebody else opens what it opens."""
    TABLES.metadata.create_all(postgres_engine)
    tries: list[str] = []

    def meddle(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "INTO relex_customer" in statement:
            tries.append(statement)
            if len(tries) == 2:
                with postgres_engine.begin() as other:
                    SqlStore(other, TABLES).save(opened("c1"))

    with postgres_engine.begin() as connection:
        store = SqlStore(connection, TABLES)
        store.save(entries=[sold("p1")])
        event.listen(connection, "before_cursor_execute", meddle)
        with pytest.raises(Conflict) as caught:
            store.save(opened("c1"), entries=[sold("p1")])

    assert (caught.value.id, caught.value.expected, caught.value.actual) == ("c1", 0, 1)


def test_overlapping_relays_mark_messages_in_one_order(store: SqlStore, connection: Connection) -> None:
    """So of two the second waits for the first, and neither holds what the other one waits for."""
    store.save(*[opened(f"c{number}") for number in range(5)])
    messages = list(store.pending())
    marked: list[Any] = []
    event.listen(connection, "before_execute", lambda _, __, many, *___: marked.append(many))
    store.delivered(*messages)
    store.delivered(*reversed(messages))

    assert marked[0] == marked[1]
    assert [keys["_source"] for keys in marked[0]] == ["c0", "c1", "c2", "c3", "c4"]


# History and outbox.


@pytest.mark.parametrize("analyzed", [False, True], ids=["new", "analyzed"])
def test_what_waits_is_found_by_its_index(store: SqlStore, connection: Connection, analyzed: bool) -> None:
    """Among very many messages that were delivered; and a history is found by the key of the events."""
    store.save(*[opened(f"c{number:04}") for number in range(2_000)])
    store.delivered(*store.pending())
    store.save(opened("new"))
    if analyzed:
        connection.execute(text("ANALYZE"))
    said: list[tuple[str, Any]] = []
    event.listen(connection, "before_cursor_execute", lambda _, __, sql, given, *___: said.append((sql, given)))
    assert [message.event.source for message in store.pending(limit=10)] == ["new"]
    assert len(list(store.history(Customer, "c0077"))) == 1
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    waiting, history = (
        "\n".join(str(row) for row in connection.exec_driver_sql(explain + sql, given)) for sql, given in said[:2]
    )

    assert "ix_relex_event_pending" in waiting
    assert "TEMP B-TREE" not in waiting
    assert "Sort" not in waiting
    assert "SCAN" not in history
    assert "Seq Scan" not in history


def test_the_outbox_brings_only_what_has_a_table(store: SqlStore, connection: Connection) -> None:
    """Two services may share a table of events, and each keeps its own aggregates."""
    account = Account.open("a1", customer="c1", program=Program("beans", currency="USD"), at=DAY)
    wider = Tables(Customer, Account)
    wider.metadata.create_all(connection)
    SqlStore(connection, wider).save(opened("c1"), account)

    assert list(store.pending()) == [Message(Customer, opened("c1").events[0])]


def test_a_delivered_message_stays_in_the_history(store: SqlStore) -> None:
    change = opened("c1")
    store.save(change)
    store.delivered(*store.pending())

    assert list(store.pending()) == []
    assert list(store.history(Customer, "c1")) == [*change.events]


# Writing rows again.


def test_refresh_fills_columns_that_were_added_later(connection: Connection) -> None:
    before = Tables(Customer, prefix="later_")
    after = Tables(Customer, facts={Customer: Customer.fact_schema | CUSTOM}, prefix="later_")
    after.metadata.create_all(connection)
    states = [
        opened(name).then(lambda state: state.set({"region": "kanto"}, ATTRIBUTES, at=DAY))
        for name in ("c1", "c2", "c3")
    ]
    SqlStore(connection, before).save(*states)
    store = SqlStore(connection, after)
    kanto = field("custom.region") == "kanto"
    assert ids(store.repository(Customer).find(kanto)) == []

    last: str | None = None
    batches = []
    while (last := store.refresh(Customer, after=last, limit=2)) is not None:
        batches.append(last)

    assert batches == ["c2", "c3"]
    assert ids(store.repository(Customer).find(kanto)) == ["c1", "c2", "c3"]
    assert store.repository(Customer).get("c1") == states[0].state


def test_refresh_meets_no_write_in_between(connection: Connection, engine: Engine) -> None:
    """One who writes between the reading and the writing of a batch is stopped, or stops it: neither is undone."""
    SqlStore(connection, TABLES).save(opened("c1"))
    connection.commit()
    kept: list[int] = []

    def meddle(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("UPDATE relex_customer"):
            with engine.connect() as other:
                wait = "PRAGMA busy_timeout = 10" if engine.dialect.name == "sqlite" else "SET lock_timeout = '10ms'"
                other.exec_driver_sql(wait)
                customers = SqlStore(other, TABLES).repository(Customer)
                try:
                    customers.save(customers.get("c1").assign("eve", at=DAY))
                    other.commit()
                    kept.append(2)
                except OperationalError:
                    other.connection.rollback()
                    kept.append(1)

    event.listen(connection, "before_cursor_execute", meddle)
    try:
        SqlStore(connection, TABLES).refresh(Customer)
        connection.commit()
    except OperationalError:
        connection.rollback()

    assert kept == [SqlStore(connection, TABLES).repository(Customer).get("c1").version]


def test_refresh_serves_entries_too(store: SqlStore, connection: Connection) -> None:
    store.log(Purchase).append(sold("p1"))
    connection.execute(update(TABLES.of(Purchase).table).values(fact_net=None))

    assert store.refresh(Purchase) == "p1"
    assert ids(store.log(Purchase).read(field("net") > 1)) == ["p1"]


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, None, 10**30])
def test_a_batch_has_rows(store: SqlStore, limit: Any) -> None:
    with pytest.raises(InvalidValue, match=r"refresh.limit"):
        store.refresh(Customer, limit=limit)


# Lost connections and other databases.


def test_a_lost_connection_is_the_drivers_error(postgres_engine: Engine) -> None:
    """The backend is terminated between two saves of one transaction; nothing of it stays."""
    TABLES.metadata.create_all(postgres_engine)
    with postgres_engine.connect() as connection, postgres_engine.connect() as other:
        store = SqlStore(connection, TABLES)
        store.save(opened("c1"))
        backend = connection.execute(select(func.pg_backend_pid())).scalar_one()
        other.execute(select(func.pg_terminate_backend(backend)))

        with pytest.raises(OperationalError):
            store.save(opened("c2"))
        connection.invalidate()

    with postgres_engine.connect() as connection:
        assert ids(SqlStore(connection, TABLES).repository(Customer).find()) == []


def test_a_backend_that_dies_inside_a_save_leaves_nothing(postgres_engine: Engine) -> None:
    """It is terminated when the rows are in and the events are not."""
    TABLES.metadata.create_all(postgres_engine)
    with postgres_engine.connect() as connection, postgres_engine.connect() as other:
        backend = connection.execute(select(func.pg_backend_pid())).scalar_one()

        def terminate(_: Any, __: Any, statement: str, *___: Any) -> None:
            if "INTO relex_event" in statement:
                other.execute(select(func.pg_terminate_backend(backend)))

        event.listen(connection, "before_cursor_execute", terminate)
        with pytest.raises(OperationalError):
            SqlStore(connection, TABLES).save(*[opened(f"c{number}") for number in range(1_000)])
        connection.invalidate()

    with postgres_engine.connect() as connection:
        assert ids(SqlStore(connection, TABLES).repository(Customer).find()) == []
        assert list(SqlStore(connection, TABLES).pending()) == []


def test_other_databases_are_not_supported() -> None:
    class Elsewhere(Connection):
        dialect = mysql.dialect()

        def __init__(self) -> None:
            """To nowhere."""

    with pytest.raises(NotSupported, match="a database of mysql"):
        SqlStore(Elsewhere())


@pytest.mark.parametrize("given", [None, 5, create_engine("sqlite://"), Customer], ids=str)
def test_a_store_needs_a_connection(given: Any) -> None:
    with pytest.raises(InvalidValue, match=r"SqlStore.connection: expected a Connection, got"):
        SqlStore(given)


@pytest.mark.parametrize("given", [{"tables": Customer}, {"unsupported": "ignore"}, {"unsupported": []}], ids=str)
def test_what_is_given_is_checked(connection: Connection, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=r"SqlStore\."):
        SqlStore(connection, **given)


def test_without_tables_the_usual_ones_are_meant(sqlite_engine: Engine) -> None:
    Tables().metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        SqlStore(connection).save(opened("c1"), entries=[sold("p1")])

        assert ids(SqlStore(connection).repository(Customer).find()) == ["c1"]


# How SQLite begins.


@pytest.mark.parametrize("level", [None, "IMMEDIATE"], ids=["autocommit", "immediate"])
def test_sqlite_in_other_modes_keeps_saves_whole(tmp_path: Any, level: str | None) -> None:
    """Where the driver commits by itself, each save is still all or none."""
    engine = create_engine(f"sqlite:///{tmp_path / 'modes.db'}")
    TABLES.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.isolation_level = level  # type: ignore[union-attr]
        store = SqlStore(connection, TABLES)
        store.save(opened("c1"))
        with pytest.raises(Conflict):
            store.save(opened("c2"), opened("c1"))
        connection.rollback()

        assert ids(store.repository(Customer).find()) == (["c1"] if level is None else [])
    engine.dispose()


@pytest.mark.parametrize("level", ["", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"])
def test_sqlite_begins_in_the_way_that_the_driver_was_told(tmp_path: Any, level: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'level.db'}", connect_args={"isolation_level": level})
    TABLES.metadata.create_all(engine)
    begun: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, sql, *___: begun.append(sql))
    with engine.begin() as connection:
        SqlStore(connection, TABLES).save(opened("c1"))
    engine.dispose()

    assert [sql.strip() for sql in begun if sql.startswith("BEGIN")] == [f"BEGIN {level}".strip()]


class Committing(sqlite3.Connection):
    """One that commits by itself, as `autocommit=True` makes it from Python 3.12 on; only its own thread may ask."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.thread = threading.get_ident()

    @property
    def autocommit(self) -> bool:
        if self.thread != threading.get_ident():
            raise sqlite3.ProgrammingError
        return True


def test_sqlite_that_commits_by_itself_begins_nothing(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'own.db'}", connect_args={"factory": Committing})
    begun: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, sql, *___: begun.append(sql))
    with engine.begin() as connection:
        TABLES.metadata.create_all(connection)
        SqlStore(connection, TABLES).save(opened("c1"))
    engine.dispose()

    assert [sql for sql in begun if sql.startswith("BEGIN")] == []


# Async.


def test_async_sqlite_that_commits_by_itself_begins_nothing(tmp_path: Any) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'own.db'}", connect_args={"factory": Committing})
    begun: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda _, __, sql, *___: begun.append(sql))

    async def work() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(TABLES.metadata.create_all)
            await AsyncSqlStore(connection, TABLES).save(opened("c1"))
        await engine.dispose()

    asyncio.run(work())

    assert [sql for sql in begun if sql.startswith("BEGIN")] == []


def test_an_async_connection_has_to_be_started(async_sqlite_engine: AsyncEngine) -> None:
    """Whatever else is given is none."""
    given: Any
    for given in (async_sqlite_engine.connect(), async_sqlite_engine, None, 5):
        with pytest.raises(InvalidValue, match=r"AsyncSqlStore.connection: expected an AsyncConnection that has been"):
            AsyncSqlStore(given)


def test_async_refresh(async_engine: AsyncEngine) -> None:
    async def work() -> str | None:
        async with async_engine.begin() as connection:
            await connection.run_sync(TABLES.metadata.create_all)
            store = AsyncSqlStore(connection, TABLES)
            await store.save(opened("c1"))
            return await store.refresh(Customer)

    assert asyncio.run(work()) == "c1"


def test_async_classes_without_tables_are_refused_at_once(async_engine: AsyncEngine) -> None:
    async def work() -> None:
        async with async_engine.connect() as connection:
            store = AsyncSqlStore(connection, TABLES)
            with pytest.raises(InvalidValue, match="one of Customer, Purchase, Claim"):
                store.repository(Account)
            with pytest.raises(InvalidValue, match="a class of entries"):
                store.log(Customer)

    asyncio.run(work())
