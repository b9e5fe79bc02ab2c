"""Rows of typed facts with the values that databases stumble over, and rules whose constants are of any kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table

from relex.adapters.sqlalchemy._types import column_type
from relex.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Beyond,
    Compare,
    Contains,
    IsIn,
    IsMissing,
    Kind,
    Not,
    Rule,
    StartsWith,
    Within,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
OPS = ("==", "!=", "<", "<=", ">", ">=")
KINDS = {f"{kind}{number}": kind for kind in Kind for number in (1, 2)}

_SPAN = timedelta(days=30)
_HOSTILE = (
    "'; DROP TABLE facts; --",
    '"',
    "\\",
    "%",
    "_",
    "/*",
    "\u202eשלום",
    "😀",
    "😀\u200d",
    "é",
    "e\u0301",
    "ß",
    ":a",
    "%(a)s",
    "$1",
    "?",
)
_EDGES = (
    "",
    "a",
    "ab",
    "a\U0010ffff",
    "b",
    "A",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U00010000",
    "\U0010ffff" * 2,
    ",",
    "[]",
)
_NUL = ("\0", "a\0", "a\0b", "b\0")
_LONE = ("\ud800", "a\udfff", "a\udfffb", "\ud83d\ude00")

plain_texts = st.one_of(st.sampled_from(_EDGES + _HOSTILE), st.text("ab", max_size=3), st.text(max_size=3))
texts = st.one_of(plain_texts, plain_texts, st.sampled_from(_NUL + _LONE))
_stored_texts = st.one_of(plain_texts, plain_texts, st.sampled_from(_NUL))
_decimals = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(map(int, str(digits))), exponent)),
    st.integers(0, 1),
    st.one_of(st.integers(0, 120), st.integers(0, 10**25)),
    st.one_of(st.integers(-3, 3), st.integers(-20, 20)),
)
numbers = st.one_of(
    st.integers(-3, 3), _decimals, st.sampled_from((10**59, -(10**59), Decimal("1E-60"), 2**63, 2**53 + 1))
)
_stored_numbers = st.one_of(numbers, st.sampled_from((10**999, Decimal("-1E+900"), Decimal("1E-900"), Decimal("-0.0"))))
days = st.one_of(
    st.sampled_from((date.min, date.max, *[NOW.date() + timedelta(days=n) for n in (-31, -30, -1, 0, 1, 30)]))
)
instants = st.one_of(
    st.sampled_from((FIRST, LAST, NOW, NOW.astimezone(EAST), NOW - _SPAN, NOW + _SPAN)),
    st.sampled_from((NOW - _SPAN - timedelta(microseconds=1), datetime(2026, 11, 23, tzinfo=EAST))),
)
words = st.lists(texts, max_size=3).map(tuple)
POOLS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts,
    Kind.NUMBER: numbers,
    Kind.FLAG: st.booleans(),
    Kind.DAY: days,
    Kind.INSTANT: instants,
    Kind.TEXTS: words,
}
STORED = POOLS | {
    Kind.TEXT: _stored_texts,
    Kind.NUMBER: _stored_numbers,
    Kind.TEXTS: st.lists(_stored_texts, max_size=3).map(tuple),
}
_naive = datetime(2026, 11, 23)  # noqa: DTZ001 - on purpose
_outside = (datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=WEST))
_zoned = (NOW, NOW.astimezone(EAST), NOW.astimezone(WEST), FIRST, LAST)
as_ofs = st.sampled_from((None, NOW.date(), date.min, date.max, _naive, *_zoned, *_outside))
spans = st.sampled_from((timedelta(0), timedelta(hours=3), timedelta(days=1), _SPAN, timedelta.max))
rows = st.lists(
    st.fixed_dictionaries({name: st.none() | STORED[kind] for name, kind in KINDS.items()}), min_size=1, max_size=12
)


def facts_table(*prefixes: str) -> Table:
    """A table with a column for each name, and a number for each row."""
    columns = [Column(name, column_type(kind)) for name, kind in KINDS.items()]
    return Table("facts", MetaData(), Column("row", Integer, primary_key=True), *columns, prefixes=list(prefixes))


def has_nul(value: object) -> bool:
    """Whether text with U+0000 is anywhere in a value."""
    return "\0" in value if isinstance(value, str) else isinstance(value, tuple) and any(map(has_nul, value))


_names = st.sampled_from(tuple(KINDS))
_constants = st.one_of(*POOLS.values())


@st.composite
def _comparisons(draw: st.DrawFn) -> Rule:
    name = draw(_names)
    constant = draw(st.one_of(POOLS[KINDS[name]], POOLS[KINDS[name]], _constants))
    ordered = not isinstance(constant, bool | tuple)
    return Compare(name, draw(st.sampled_from(OPS if ordered else OPS[:2])), constant)


@st.composite
def _listings(draw: st.DrawFn) -> Rule:
    name = draw(_names)
    pool = st.one_of(POOLS[KINDS[name]], POOLS[KINDS[name]], _constants)
    choices = st.lists(pool.filter(lambda value: not isinstance(value, tuple)), min_size=1, max_size=4)
    return IsIn(name, tuple(draw(choices if KINDS[name] is not Kind.TEXTS else st.just([draw(texts)]))))


@st.composite
def _ranges(draw: st.DrawFn) -> Rule:
    name = draw(_names)
    own = KINDS[name] if KINDS[name] not in {Kind.FLAG, Kind.TEXTS} else Kind.NUMBER
    pool = POOLS[draw(st.sampled_from((own, own, own, Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.INSTANT)))]
    return Between(name, *sorted((draw(pool), draw(pool))))


leaves: st.SearchStrategy[Rule] = st.one_of(
    _comparisons(),
    _comparisons(),
    _listings(),
    _ranges(),
    st.builds(Contains, st.sampled_from(("texts1", "texts2", "text1")), words.filter(bool), st.booleans()),
    st.builds(StartsWith, st.sampled_from(("text1", "text2", "number1")), texts.filter(bool)),
    st.builds(IsMissing, _names),
    st.builds(Within, st.sampled_from(("day1", "instant1", "text1")), spans, st.booleans()),
    st.builds(Beyond, st.sampled_from(("day1", "instant1", "flag1")), spans, st.booleans()),
)


def _wider(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(inner, max_size=4)
    return st.one_of(
        several.map(lambda parts: AllOf(*parts)),
        several.map(lambda parts: AnyOf(*parts)),
        st.tuples(several, st.integers(0, 4)).map(lambda drawn: AtLeast(min(drawn[1], len(drawn[0])), *drawn[0])),
        inner.map(Not),
    )


rules: st.SearchStrategy[Rule] = st.recursive(leaves, _wider, max_leaves=8)
