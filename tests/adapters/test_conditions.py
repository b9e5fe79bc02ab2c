"""Questions about one fact that SQL answers only with care; Python says what the answer is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from databases import with_driver
from sqlalchemy import create_engine, insert, select
from strategies_sql import EAST, FIRST, KINDS, LAST, NOW, WEST, facts_table

from relex.adapters.sqlalchemy._where import where
from relex.rules import Contains, IsIn, Rule, compile_rule, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from relex.rules import AsOf

FACTS = facts_table()
COLUMNS = {name: (kind, FACTS.c[name]) for name, kind in KINDS.items()}
ROWS: tuple[dict[str, Any], ...] = (
    {},
    {"text1": "", "number1": -1, "flag1": False, "day1": date.min, "instant1": FIRST, "texts1": ()},
    {"text1": "a", "number1": 0, "flag1": True, "day1": NOW.date(), "instant1": NOW, "texts1": ("a",)},
    {"text1": "a\x01", "number1": Decimal("0.5"), "flag1": True, "day1": date(2026, 11, 22), "texts1": ("a", "b")},
    {"text1": "a\ud7ff", "number1": 1, "day1": date(2026, 11, 24), "instant1": NOW - timedelta(microseconds=1)},
    {"text1": "a\ue000", "number1": Decimal("1E+900"), "day1": date.max, "instant1": LAST, "texts1": ("b", "a")},
    {"text1": "b\U0010ffff", "number1": Decimal("-1E-900"), "instant1": NOW + timedelta(days=3), "texts1": ('"',)},
    {"text1": "c", "texts1": ("",)},
)
END = "\U0010ffff"
TEXT, NUMBER, FLAG = field("text1"), field("number1"), field("flag1")
DAY, INSTANT, TEXTS = field("day1"), field("instant1"), field("texts1")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection that sees the rows."""
    url = "sqlite://"
    if request.param == "postgres":
        url = with_driver(request.getfixturevalue("postgres_url"), "psycopg")
    engine = create_engine(url)
    with engine.connect() as opened:
        FACTS.create(opened)
        opened.execute(insert(FACTS), [{**dict.fromkeys(KINDS), **facts, "row": row} for row, facts in enumerate(ROWS)])
        yield opened
    engine.dispose()


def agree(connection: Connection, rule: Rule, as_of: AsOf = None) -> None:
    """SQL and Python give the same answers, also when all is denied."""
    for asked in (rule, ~rule):
        condition = where(asked, COLUMNS, as_of, connection.dialect.name)
        said = list(connection.scalars(select(condition).select_from(FACTS).order_by(FACTS.c.row)))

        assert [compile_rule(asked)(facts, as_of) for facts in ROWS] == said


@pytest.mark.parametrize("op", ["==", "!="])
@pytest.mark.parametrize("fact", [TEXT, NUMBER, FLAG, DAY, INSTANT, TEXTS])
def test_equality_with_every_kind(connection: Connection, fact: Any, op: str) -> None:
    for constant in ("a", "", 1, 0, Decimal("1.00"), True, False, NOW.date(), NOW, ("a", "b"), ()):
        agree(connection, fact == constant if op == "==" else fact != constant)


@pytest.mark.parametrize("constant", ["a", 0, NOW.date(), NOW])
@pytest.mark.parametrize("fact", [TEXT, NUMBER, FLAG, DAY, INSTANT, TEXTS])
def test_order_with_every_kind(connection: Connection, fact: Any, constant: Any) -> None:
    for rule in (
        fact < constant,
        fact <= constant,
        fact > constant,
        fact >= constant,
        fact.between(constant, constant),
    ):
        agree(connection, rule)


@pytest.mark.parametrize("text", ["a\0", "a\0b", "\0", "a\ud800", "a\udfff\0", "\udfff", "b\U0010ffff\ud900"])
def test_text_that_cannot_be_kept_has_its_place(connection: Connection, text: str) -> None:
    for rule in (text > TEXT, text >= TEXT, text < TEXT, text <= TEXT, text == TEXT, text != TEXT):
        agree(connection, rule)
    agree(connection, TEXT.between("", text))
    agree(connection, TEXT.between(text, text + "c"))
    agree(connection, TEXT.starts_with(text))
    agree(connection, TEXT.is_in(text))
    agree(connection, TEXT.is_in(text, "a"))
    agree(connection, ("a", text) == TEXTS)
    agree(connection, TEXTS.contains(text))
    agree(connection, Contains("texts1", ("a", text)))
    agree(connection, Contains("texts1", ("a", text), every=False))


@pytest.mark.parametrize("start", ["a", "a\x01", "a\ud7ff", "\ue000", f"b{END}", END, END * 3, "c"])
def test_texts_start_as_others_do(connection: Connection, start: str) -> None:
    for fact in (TEXT, NUMBER, TEXTS):
        agree(connection, fact.starts_with(start))


@pytest.mark.parametrize(
    "choices", [(1, "a", True, NOW), (0, Decimal("0.50")), (True, False), (NOW.date(), NOW), ("nowhere", "never")]
)
def test_choices_of_several_kinds(connection: Connection, choices: tuple[Any, ...]) -> None:
    for fact in ("text1", "number1", "flag1", "day1", "instant1", "texts1"):
        agree(connection, IsIn(fact, choices))


@pytest.mark.parametrize("items", [("a",), ("a", "b"), ("a", "a"), ("",), ('"',), (",",), ("b", "nowhere")])
def test_words_are_found(connection: Connection, items: tuple[str, ...]) -> None:
    for fact in ("texts1", "text1"):
        agree(connection, Contains(fact, items))
        agree(connection, Contains(fact, items, every=False))


@pytest.mark.parametrize("fact", [TEXT, NUMBER, FLAG, DAY, INSTANT, TEXTS])
def test_what_is_missing_is_never_unknown(connection: Connection, fact: Any) -> None:
    agree(connection, fact.is_missing())


@pytest.mark.parametrize("fact", [DAY, INSTANT, TEXT])
@pytest.mark.parametrize(
    "as_of",
    [
        None,
        NOW,
        NOW.astimezone(EAST),
        NOW.astimezone(WEST),
        NOW.date(),
        FIRST,
        LAST,
        date.min,
        date.max,
        datetime(2026, 11, 23),  # noqa: DTZ001 - on purpose
        datetime.min.replace(tzinfo=EAST),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        datetime.min.replace(tzinfo=UTC).astimezone(EAST),
    ],
)
def test_spans_are_measured_from_every_instant_and_day(connection: Connection, fact: Any, as_of: AsOf) -> None:
    for span in (timedelta(0), timedelta(microseconds=1), timedelta(hours=36), timedelta(days=1), timedelta.max):
        for rule in (fact.within(span), fact.within_next(span), fact.before(span), fact.after(span)):
            agree(connection, rule, as_of)
