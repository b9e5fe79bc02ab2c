"""Rules as WHERE clauses: what they ask, what is refused, and what is left to Python."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from strategies_sql import KINDS, facts_table

from relex.adapters.sqlalchemy._where import expressible, where
from relex.errors import NotSupported
from relex.rules import AllOf, AnyOf, AtLeast, Contains, IsIn, Not, Rule, any_line, compile_rule, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

FACTS = facts_table()
COLUMNS = {name: (kind, FACTS.c[name]) for name, kind in KINDS.items()}
ROWS: tuple[dict[str, Any], ...] = (
    {"text1": "a5x", "number1": 5, "flag1": True, "texts1": ("a", "b")},
    {"text1": "b", "number1": 7, "flag1": False, "texts1": ()},
    {},
)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
BLANK = dict.fromkeys(KINDS)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection that sees three rows, of which the last has no facts at all."""
    with engine.connect() as opened:
        FACTS.create(opened)
        opened.execute(insert(FACTS), [{**BLANK, **facts, "row": row} for row, facts in enumerate(ROWS)])
        yield opened


def explained(explain: str, _connection: object, _cursor: object, sql: str, values: object, *_: object) -> Any:
    """A statement that tells the plan of another."""
    return f"{explain} {sql}", values


def answers(connection: Connection, rule: Rule) -> list[bool | None]:
    condition = where(rule, COLUMNS, None, connection.dialect.name)
    return list(connection.scalars(select(condition).select_from(FACTS).order_by(FACTS.c.row)))


def judged(rule: Rule) -> list[bool | None]:
    return [compile_rule(rule)(facts) for facts in ROWS]


def alternating(depth: int, wide: int) -> Rule:
    rule = field("number1") >= 5
    for level in range(depth - 1):
        rule = (AllOf if level % 2 else AnyOf)(*[field("number1") >= each for each in range(wide)], rule)
    return rule


def counting(depth: int) -> Rule:
    rule = field("number1") >= 5
    for _ in range(depth - 1):
        rule = AtLeast(2, field("text1") == "b", field("flag1") == True, rule)  # noqa: E712 - the notation
    return rule


def denying(depth: int) -> Rule:
    rule = field("number1") >= 6
    for _ in range(depth - 1):
        rule = Not(rule)
    return rule


LARGE = {
    "nothing": AllOf(),
    "no choice": AnyOf(),
    "a chain of conditions": AllOf(*[field("number1").between(each, 9) for each in range(-2000, 6)]),
    "a chain of choices": AnyOf(*[field("text1").starts_with(f"a{each}") for each in range(2000)]),
    "fifty levels": alternating(50, 1),
    "forty wide levels": alternating(40, 30),
    "thirty denials": denying(30),
    "seven levels of counting": counting(7),
    "at least none": AtLeast(0, field("number1") >= 6),
    "at least one": AtLeast(1, field("number1") >= 6, field("text1") == "a5x"),
    "at least all": AtLeast(2, field("number1") >= 6, field("text1") == "b"),
    "counting many": AtLeast(60, *[field("number1") >= each for each in range(-100, 100)]),
    "many numbers": IsIn("number1", tuple(range(6, 5000))),
    "many texts": IsIn("text1", ("b", "\0", "b\0", *map(str, range(500)))),
    "many words": Contains("texts1", (*map(str, range(500)), "b"), every=False),
    "all of many words": Contains("texts1", (*map(str, range(500)), "b")),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_rules_are_asked_whole(connection: Connection, name: str) -> None:
    assert judged(LARGE[name]) == answers(connection, LARGE[name])


def test_find_keeps_the_rows_of_which_a_rule_is_true(connection: Connection) -> None:
    rule = ~(field("number1") == 5)
    found = select(FACTS.c.row).where(where(rule, COLUMNS, None, connection.dialect.name))

    assert list(connection.scalars(found)) == [1]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (
            (field("number1") == 1) & ~(field("custom.x") == 1),
            "field('custom.x') == 1 (no column for custom.x; declare it in Tables(facts=...))",
        ),
        (any_line(field("line.net") > 1), "children('lines').any(field('line.net') > 1) (children have no columns)"),
        (
            field("text1").equals_ignoring_case("oslo"),
            "field('text1').equals_ignoring_case('oslo') (no database folds case as Unicode does)",
        ),
        (
            field("text9") == "x" * 300,
            f"field('text9') == '{'x' * 180}… (no column for text9; declare it in Tables(facts=...))",
        ),
        (IsIn("number1", tuple(range(30_001))), "a rule of 30001 constants (at most 30000)"),
        (AtLeast(2, *[field("flag1") == True] * 251), "AtLeast(2, ...) of 251 rules (at most 250)"),  # noqa: E712 - as above
        (counting(9), "so many levels of rules inside each other"),
        (denying(50), "so many levels of rules inside each other"),
    ],
)
def test_what_sql_cannot_say_is_refused_by_name(dialect: str, rule: Rule, what: str) -> None:
    with pytest.raises(NotSupported) as refused:
        where(rule, COLUMNS, None, dialect)

    assert (what, "SqlStore") == (refused.value.what, refused.value.by)


HERE, THERE = field("number1") == 5, field("custom.x") == 1


@pytest.mark.parametrize(
    ("rule", "says", "rest"),
    [
        (HERE, True, None),
        (THERE, False, THERE),
        (HERE & THERE, True, THERE),
        (HERE & THERE & ~THERE, True, AllOf(THERE, ~THERE)),
        (HERE | THERE, False, HERE | THERE),
        (AllOf(), False, None),
        (AllOf(HERE, HERE | THERE), True, HERE | THERE),
    ],
)
def test_what_sql_cannot_say_is_left_over(rule: Rule, says: bool, rest: Rule | None) -> None:
    condition, left = expressible(rule, COLUMNS, None, "sqlite")

    assert (says, rest) == (condition is not None, left)


def test_what_is_too_much_together_is_left_over() -> None:
    many = IsIn("number1", tuple(range(20_000)))
    rule = many & ~many

    assert (None, rule) == expressible(rule, COLUMNS, None, "sqlite")


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])  # type: ignore[no-untyped-call]
def test_nothing_of_a_rule_stands_in_the_statement(dialect: Any) -> None:
    rule = AtLeast(
        2,
        field("text1") == "secret",
        field("text1").starts_with("secret"),
        field("text1").is_in("secret", "secret2"),
        field("texts1").contains_any("secret", "secret2"),
        field("number1") == 424_242,
        field("day1").within(days=424_242),
        field("instant1").before(days=4),
    )
    statement = str(select(where(rule, COLUMNS, NOW, dialect.name)).compile(dialect=dialect))

    assert not [word for word in ("secret", "424242", "2026") if word in statement]


@pytest.mark.parametrize(
    "rule",
    [
        field("text1") == "a5x",
        field("text1").starts_with("a5"),
        field("text1").is_in("a5x", "c"),
        field("text1").is_in(*map(str, range(200))),
        field("number1") < 7,
        field("number1").is_in(2, 3),
        field("instant1").within(days=3),
    ],
)
def test_rules_are_looked_up_in_an_index(connection: Connection, rule: Rule) -> None:
    for name in ("text1", "number1", "instant1"):
        connection.exec_driver_sql(f"CREATE INDEX ix_{name} ON facts ({name})")
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _1, _2, sql, values, _3, _4: (f"{explain} {sql}", values),
        retval=True,
    )
    plan = connection.execute(select(FACTS.c.row).where(where(rule, COLUMNS, NOW, connection.dialect.name))).all()

    assert re.search("Index Cond|USING (COVERING )?INDEX", str(plan))
