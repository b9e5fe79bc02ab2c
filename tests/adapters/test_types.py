"""What columns take, keep and give back, and what they are called in a database."""

from __future__ import annotations

import asyncio
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, insert, inspect, select, text

from relex.adapters.sqlalchemy import (
    DayType,
    DocumentType,
    FlagType,
    InstantType,
    NumberType,
    SqlStore,
    TextType,
    WordsType,
)
from relex.adapters.sqlalchemy._types import column_type
from relex.codec import dumps
from relex.errors import InvalidValue
from relex.money import Money
from relex.rules import Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

EAST = timezone(timedelta(hours=14))
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
TABLE = Table(
    "kept",
    MetaData(),
    Column("row", Integer, primary_key=True),
    Column("body", DocumentType),
    *[Column(kind.value, column_type(kind), index=kind is not Kind.TEXTS) for kind in Kind],
)


class Tier(StrEnum):
    GOLD = "gold"


class Level(IntEnum):
    TWO = 2


def kept(connection: Connection, column: str, *values: Any) -> list[Any]:
    """What comes back of values that were put into a column."""
    TABLE.create(connection)
    connection.execute(insert(TABLE), [{"row": row, column: value} for row, value in enumerate(values)])
    return list(connection.scalars(select(TABLE.c[column]).order_by(TABLE.c.row)))


def ascending(connection: Connection, column: str) -> list[Any]:
    """The values of a column in the order of the database."""
    return list(connection.scalars(select(TABLE.c[column]).order_by(TABLE.c[column])))


VALUES = {
    "text": ("", "a", "ab", "b", "é", "\ud7ff", "\ue000", "\U0010ffff"),
    "number": (Decimal("-1E+900"), -(10**59), -2, Decimal("-1.5"), 0, Decimal("1E-900"), Decimal("0.5"), 1, 10**999),
    "flag": (False, True),
    "day": (date.min, date(2026, 11, 23), date.max),
    "instant": (FIRST, datetime(2026, 11, 23, 12, 0, 0, 1, UTC), LAST),
    "texts": ((), ("",), ("a", "b"), ("a,b", '"', "\\", "\n", "😀", "NULL", "{}")),
}


@pytest.mark.parametrize("column", VALUES)
def test_a_column_gives_back_its_values(engine: Engine, column: str) -> None:
    with engine.connect() as connection:
        assert [*VALUES[column], None] == kept(connection, column, *VALUES[column], None)


@pytest.mark.parametrize("column", sorted(VALUES.keys() - {"texts"}))
def test_a_column_has_the_order_of_python(engine: Engine, column: str) -> None:
    with engine.connect() as connection:
        kept(connection, column, *reversed(VALUES[column]))

        assert [*VALUES[column]] == ascending(connection, column)


def test_values_pass_through_an_async_driver(async_engine: AsyncEngine) -> None:
    row = {"row": 1, "body": '{"a":[1]}', **{column: values[-1] for column, values in VALUES.items()}}

    async def passed() -> Any:
        async with async_engine.connect() as connection:
            await connection.run_sync(TABLE.create)
            await connection.execute(insert(TABLE), [row])
            return (await connection.execute(select(*[TABLE.c[column] for column in VALUES]))).one()

    assert tuple(values[-1] for values in VALUES.values()) == tuple(asyncio.run(passed()))


def test_an_async_driver_gives_documents_as_text_or_parsed(async_engine: AsyncEngine) -> None:
    async def passed() -> Any:
        async with async_engine.connect() as connection:
            await connection.run_sync(TABLE.create)
            await connection.execute(insert(TABLE), [{"row": 1, "body": '{"a":[1,"é"]}'}])
            return (await connection.execute(select(TABLE.c.body))).scalar()

    assert asyncio.run(passed()) in ('{"a":[1,"é"]}', '{"a": [1, "é"]}', {"a": [1, "é"]})


def test_a_document_is_not_written_as_json_again(engine: Engine) -> None:
    body = dumps(Money("12.50", "USD"))

    with engine.connect() as connection:
        (found,) = kept(connection, "body", body)

    assert found in (body, {"type": "money.Money", "v": 1, "amount": "12.50", "currency": "USD"})


def test_postgresql_keeps_documents_as_objects(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        kept(connection, "body", '{"a":{"b":7}}')

        assert connection.execute(text("SELECT body #> '{a,b}' FROM kept")).scalar() == 7


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("text", Tier.GOLD, "gold"),
        ("number", Level.TWO, 2),
        ("texts", (Tier.GOLD,), ("gold",)),
        ("instant", datetime(2026, 11, 23, 14, tzinfo=EAST), datetime(2026, 11, 23, tzinfo=UTC)),
        ("number", Decimal("0E-99999"), 0),
        pytest.param("number", Decimal(f"1.5{'0' * 17_000}"), Decimal("1.5"), id="zeros"),
    ],
)
def test_a_value_is_kept_by_what_it_stands_for(engine: Engine, column: str, value: object, read: object) -> None:
    with engine.connect() as connection:
        assert [read] == kept(connection, column, value)


def test_an_int_may_be_longer_than_the_interpreter_writes(engine: Engine) -> None:
    with engine.connect() as connection:
        assert [Decimal("1E+5000")] == kept(connection, "number", 10**5000)


def test_an_hour_that_comes_twice_is_two_instants(engine: Engine) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    hours = [first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)]

    with engine.connect() as connection:
        assert hours == kept(connection, "instant", first, first.replace(fold=1))


def test_the_zone_of_the_session_means_nothing(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        connection.execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))

        assert [*VALUES["instant"]] == kept(connection, "instant", *VALUES["instant"])


def test_instants_of_raw_sql_are_in_utc(postgres_engine: Engine) -> None:
    asked = text("SELECT timestamptz '2026-11-23 12:00+09' AS at").columns(at=InstantType())
    with postgres_engine.connect() as connection:
        assert datetime(2026, 11, 23, 3, tzinfo=UTC) == connection.execute(asked).scalar()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("text", 1, "text without lone surrogates"),
        ("text", "a\ud800", "text without lone surrogates"),
        ("body", {"a": 1}, "JSON text"),
        ("number", True, "an int or a finite Decimal"),
        ("number", 1.5, "an int or a finite Decimal"),
        ("number", Decimal("NaN"), "an int or a finite Decimal"),
        ("flag", 1, "True or False"),
        ("day", datetime(2026, 11, 23, tzinfo=UTC), "a date"),
        ("day", "2026-11-23", "a date"),
        ("instant", date(2026, 11, 23), "a datetime with a time zone"),
        ("instant", datetime(2026, 11, 23), "a datetime with a time zone"),  # noqa: DTZ001 - on purpose
        ("instant", datetime.min.replace(tzinfo=EAST), "a datetime that is between the years 1 and 9999 in UTC"),
        ("texts", "ab", "a tuple of str"),
        ("texts", ("a", 1), "a tuple of str"),
        ("texts", ("\udfff",), "text without lone surrogates"),
    ],
)
def test_a_value_of_another_kind_is_refused(engine: Engine, column: str, value: object, expected: str) -> None:
    with engine.connect() as connection, pytest.raises(InvalidValue) as refused:
        kept(connection, column, value)

    assert expected == refused.value.expected


@pytest.mark.parametrize(
    ("column", "value"),
    [("text", "a\0"), ("texts", ("a", "\0")), ("body", '{"a":"\\u0000"}'), ("body", '["\\\\\\u0000"]')],
)
def test_nul_is_refused_where_it_cannot_be_kept(postgres_engine: Engine, column: str, value: Any) -> None:
    with postgres_engine.connect() as connection, pytest.raises(InvalidValue) as refused:
        kept(connection, column, value)

    assert refused.value.expected == "text without U+0000, which PostgreSQL cannot keep"


def test_an_escaped_backslash_is_no_nul(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        assert kept(connection, "body", '["\\\\u0000"]') == [["\\u0000"]]


def test_nul_is_kept_where_it_can_be(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        assert kept(connection, "text", "a\0b", "a") == ["a\0b", "a"]
        assert ascending(connection, "text") == ["a", "a\0b"]


@pytest.mark.parametrize(
    "value",
    [Decimal("-1E+131072"), Decimal("1E-16384"), pytest.param(Decimal(f"0.{'1' * 16_384}"), id="digits")],
)
def test_numbers_beyond_postgresql_are_refused(postgres_engine: Engine, value: Any) -> None:
    with postgres_engine.connect() as connection, pytest.raises(InvalidValue) as refused:
        kept(connection, "number", value)

    assert refused.value.expected.startswith("a number of at most 131072 digits before the point and 16383 after it")


@pytest.mark.parametrize("value", [Decimal("1E+131071"), Decimal("-1E-16383")])
def test_numbers_at_the_ends_of_postgresql_are_kept(postgres_engine: Engine, value: Any) -> None:
    with postgres_engine.connect() as connection:
        assert [value] == kept(connection, "number", value)


def test_a_migration_of_what_was_created_does_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, TABLE.metadata) == []


def test_a_migration_names_public_types(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        upgrade = produce_migrations(context, TABLE.metadata).upgrade_ops

    assert upgrade is not None
    assert "sa.Column('instant', relex.adapters.sqlalchemy.InstantType(), nullable=True)" in render_python_code(upgrade)


@pytest.mark.parametrize(
    ("dialect", "types"),
    [
        ("sqlite", "TEXT, TEXT, TEXT, BOOLEAN, TEXT, TEXT, TEXT"),
        ("postgres", "JSONB, TEXT, NUMERIC, BOOLEAN, DATE, TIMESTAMP, ARRAY"),
    ],
)
def test_columns_are_typed(request: pytest.FixtureRequest, dialect: str, types: str) -> None:
    engine = request.getfixturevalue(f"{dialect}_engine")
    TABLE.create(engine)
    columns = inspect(engine).get_columns("kept")[1:]

    assert types.split(", ") == [str(column["type"]).partition(" ")[0] for column in columns]


def test_postgresql_orders_text_by_code_points(postgres_engine: Engine) -> None:
    TABLE.create(postgres_engine)
    asked = text("SELECT collation_name FROM information_schema.columns WHERE column_name = 'text'")
    with postgres_engine.connect() as connection:
        assert connection.scalar(asked) == "C"


@pytest.mark.parametrize("kind", [DayType, DocumentType, FlagType, InstantType, NumberType, TextType, WordsType])
def test_a_type_shows_itself_and_can_be_pickled(kind: type) -> None:
    assert f"{kind.__name__}()" == repr(pickle.loads(pickle.dumps(kind())))  # noqa: S301 - our own
    assert SqlStore.__module__.startswith(kind.__module__)
