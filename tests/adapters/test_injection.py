"""Names and values never reach SQL as text: whatever they look like, they come back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, inspect, select

from relex.adapters.sqlalchemy._types import column_type
from relex.adapters.sqlalchemy._where import where
from relex.rules import AtLeast, Contains, IsIn, Kind, Rule, compile_rule, field

if TYPE_CHECKING:
    from sqlalchemy import Engine

NAME = 'custom."x"\'; DROP TABLE facts; --'
FACTS = Table(
    "facts",
    MetaData(),
    Column("row", Integer, primary_key=True),
    Column("one", column_type(Kind.TEXT)),
    Column("several", column_type(Kind.TEXTS)),
)
COLUMNS: dict[str, Any] = {NAME: (Kind.TEXT, FACTS.c.one), f"{NAME}s": (Kind.TEXTS, FACTS.c.several)}

HOSTILE = {
    "a quote": "'",
    "two quotes": "''",
    "a double quote": '"',
    "an end of a statement": "'; DROP TABLE facts; --",
    "a condition": "' OR 1=1 --",
    "a comment": "/* */ -- #",
    "backslashes": "\\' \\\\ \\0 \\x27 \\u0027",
    "placeholders": "%s %(one)s :one ? $1 {one} @one",
    "wildcards": "% _ * ? [a-z]",
    "an array": '{NULL,"a\\"",}',
    "json": '["a","b"]',
    "an escape": "\\u0000 $$ E'\\n'",
    "controls": "\x01\b\t\n\r\x1a\x1b\x7f\x85",
    "right to left": "\u202e\u200fשלום\u2066עולם\u2069",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "fullwidth quotes": "＇ ʼ ’ ＂",
    "a byte order mark": "\ufeff\ufffe\uffff",
    "a million": "ü'" * 500_000,
}


def rules(value: str) -> tuple[Rule, ...]:
    one, several = field(NAME), f"{NAME}s"
    return (
        one == value,
        one != value,
        one < value,
        one.between(value, value + "z"),
        one.starts_with(value),
        IsIn(NAME, (value, "other")),
        IsIn(NAME, (value, *map(str, range(200)))),
        Contains(several, (value, "other"), every=False),
        Contains(several, (value, "b")),
        field(several) == ("b", value),
        AtLeast(2, one == value, Contains(several, (value,)), one.is_missing()),
    )


def rows(value: str) -> list[dict[str, Any]]:
    return [
        {"row": 1, "one": value, "several": ("b", value)},
        {"row": 2, "one": f"{value}more", "several": (f"{value}b",)},
        {"row": 3, "one": "other", "several": ()},
        {"row": 4, "one": None, "several": None},
    ]


def asked_and_judged(engine: Engine, value: str) -> tuple[list[Any], list[Any]]:
    """The answers of SQL and of Python to every rule about the value, and the rows as they came back."""
    with engine.connect() as connection:
        FACTS.create(connection)
        connection.execute(insert(FACTS), rows(value))
        conditions = [where(rule, COLUMNS, None, engine.dialect.name) for rule in rules(value)]
        asked = connection.execute(select(FACTS, *conditions).order_by(FACTS.c.row)).all()

        assert inspect(connection).has_table("facts")

    facts = [{NAME: row["one"], f"{NAME}s": row["several"]} for row in rows(value)]
    judged = [
        (*row.values(), *[compile_rule(rule)(known) for rule in rules(value)])
        for row, known in zip(rows(value), facts, strict=True)
    ]
    return [tuple(row) for row in asked], judged


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_only_a_value(engine: Engine, name: str) -> None:
    asked, judged = asked_and_judged(engine, HOSTILE[name])

    assert judged == asked


@pytest.mark.parametrize("value", ["\0", "a\0b", "\0'; DROP TABLE facts; --"])
def test_nul_is_only_a_value_where_it_can_be_kept(sqlite_engine: Engine, value: str) -> None:
    asked, judged = asked_and_judged(sqlite_engine, value)

    assert judged == asked
