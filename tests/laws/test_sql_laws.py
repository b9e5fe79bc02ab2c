"""What SQL answers is what Python answers: true, false and unknown, on both databases."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest
from databases import with_driver
from hypothesis import given, settings, strategies as st
from sqlalchemy import create_engine, insert, select, true
from strategies_sql import KINDS, as_ofs, facts_table, has_nul, leaves, numbers, plain_texts, rows, rules

from relex.adapters.sqlalchemy._numbers import key_of, number_of
from relex.adapters.sqlalchemy._where import expressible, where
from relex.adapters.sqlalchemy._words import quoted, words_of, written
from relex.rules import AllOf, EqualsIgnoringCase, compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from relex.rules import AsOf, Rule

FACTS = facts_table("TEMPORARY")
COLUMNS = {name: (kind, FACTS.c[name]) for name, kind in KINDS.items()}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection that sees an empty table of facts, its own."""
    url = "sqlite://"
    if request.param == "postgresql":
        url = with_driver(request.getfixturevalue("postgres_url"), "psycopg")
    engine = create_engine(url)
    with engine.connect() as opened:
        FACTS.create(opened)
        opened.commit()
        yield opened
    engine.dispose()


def storable(connection: Connection, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, without those values that PostgreSQL cannot keep."""
    if connection.dialect.name == "sqlite":
        return found
    return [{name: None if has_nul(value) else value for name, value in row.items()} for row in found]


def asked(connection: Connection, found: list[dict[str, Any]], *columns: Any) -> list[Any]:
    """What is selected of rows that are there only for the question."""
    try:
        connection.execute(insert(FACTS), [{**row, "row": number} for number, row in enumerate(found)])
        return list(connection.execute(select(*columns).select_from(FACTS).order_by(FACTS.c.row)))
    finally:
        connection.rollback()


def facts_of(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


@settings(max_examples=150)
@given(rule=rules, found=rows, as_of=as_ofs)
def test_sql_answers_as_python_does(connection: Connection, rule: Rule, found: list[Any], as_of: AsOf) -> None:
    found = storable(connection, found)
    judge = compile_rule(rule)

    answers = asked(connection, found, where(rule, COLUMNS, as_of, connection.dialect.name))

    assert [judge(facts_of(row), as_of) for row in found] == [answer for (answer,) in answers]


@settings(max_examples=100)
@given(rule=leaves, found=rows, as_of=as_ofs)
def test_one_question_has_the_same_answer(connection: Connection, rule: Rule, found: list[Any], as_of: AsOf) -> None:
    found = storable(connection, found)
    judge = compile_rule(rule)

    answers = asked(connection, found, where(rule, COLUMNS, as_of, connection.dialect.name))

    assert [judge(facts_of(row), as_of) for row in found] == [answer for (answer,) in answers]


@settings(max_examples=50)
@given(found=rows)
def test_a_column_gives_back_what_it_was_given(connection: Connection, found: list[Any]) -> None:
    found = storable(connection, found)

    kept = asked(connection, found, *[FACTS.c[name] for name in KINDS])

    assert [tuple(row[name] for name in KINDS) for row in found] == [tuple(row) for row in kept]


@settings(max_examples=60)
@given(rule=rules, more=st.lists(leaves, max_size=3), found=rows, as_of=as_ofs)
def test_what_sql_leaves_is_finished_in_python(
    connection: Connection, rule: Rule, more: list[Rule], found: list[Any], as_of: AsOf
) -> None:
    found = storable(connection, found)
    whole = AllOf(EqualsIgnoringCase("text1", "AB"), rule, *more)

    condition, rest = expressible(whole, COLUMNS, as_of, connection.dialect.name)
    said = asked(connection, found, true() if condition is None else condition)
    left = compile_rule(AllOf() if rest is None else rest)
    both = [yes is True and left(facts_of(row), as_of) is True for (yes,), row in zip(said, found, strict=True)]

    assert [compile_rule(whole)(facts_of(row), as_of) is True for row in found] == both


wide_numbers = st.one_of(
    numbers,
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(
        lambda digits, exponent: Decimal(f"{digits}E{exponent}"), st.integers(-999, 999), st.integers(-5000, 5000)
    ),
)


@given(wide_numbers, wide_numbers)
def test_keys_compare_as_their_numbers_do(one: Decimal, other: Decimal) -> None:
    assert (one < other, one == other) == (key_of(one) < key_of(other), key_of(one) == key_of(other))


@given(wide_numbers, st.integers(0, 20))
def test_equal_numbers_have_one_key(number: Decimal, zeros: int) -> None:
    sign, digits, exponent = Decimal(number).as_tuple()

    assert key_of(number) == key_of(Decimal((sign, (*digits, *[0] * zeros), int(exponent) - zeros)))


@given(wide_numbers)
def test_a_key_is_that_of_one_number(number: Decimal) -> None:
    assert number == number_of(key_of(number))


@given(wide_numbers)
def test_keys_know_no_decimal_context(number: Decimal) -> None:
    key = key_of(number)

    with localcontext(prec=1, Emin=0, Emax=0, capitals=0):
        assert (key, number) == (key_of(number), number_of(key))


@given(st.lists(st.one_of(plain_texts, st.text(',"\\[]u\0a'))))
def test_words_come_back_out_of_their_text(words: list[str]) -> None:
    assert tuple(words) == words_of(written(words))
    assert words == json.loads(written(words))


@given(st.lists(st.text(',"\\[]a\0', max_size=3), max_size=4), st.text(',"\\[]a\0', max_size=3))
def test_a_word_is_in_the_text_where_it_is_in_the_tuple(words: list[str], word: str) -> None:
    assert (word in words) is (quoted(word) in written(words))
