"""Rules and facts of every shape, well typed or not, small enough to meet each other often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction

from hypothesis import strategies as st

from relex.rules import (
    AllChildren,
    AllOf,
    AnyChild,
    AnyOf,
    AtLeast,
    Between,
    Beyond,
    Compare,
    Contains,
    CountOf,
    EqualsIgnoringCase,
    IsIn,
    IsMissing,
    Not,
    Rule,
    StartsWith,
    SumOf,
    Within,
)
from relex.rules._nodes import MOST_REACH

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EAST = timezone(timedelta(hours=9))
OPS = ("==", "!=", "<", "<=", ">", ">=")
NAMES = ("a", "b", "c", "d")


class Tier(StrEnum):
    GOLD = "x"


class Level(IntEnum):
    ONE = 1


class Broken:
    """An object that refuses everything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("broken")


numbers = st.sampled_from((0, 1, 2, 3, -1, Decimal(1), Decimal("1.5"), Decimal("2.00"), Decimal("-0.5")))
texts = st.sampled_from(("x", "X", "y", "xy", "straße", "STRASSE"))
days = st.sampled_from((date(2026, 11, 23), date(2026, 11, 22), date(2026, 10, 24), date(2026, 12, 1)))
instants = st.sampled_from(
    (
        NOW,
        NOW.astimezone(EAST),
        NOW - timedelta(days=30),
        NOW - timedelta(days=30, microseconds=1),
        NOW + timedelta(days=1),
        datetime(2026, 11, 23, tzinfo=EAST),
    )
)
tags = st.sampled_from((("x",), ("x", "y"), ("q",), ()))
constants = st.one_of(numbers, texts, st.booleans(), days, instants, tags)
ill_typed = st.sampled_from(
    (
        1.0,
        float("nan"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Fraction(1, 2),
        datetime(2026, 11, 23),  # noqa: DTZ001 - a naive one on purpose
        datetime.min.replace(tzinfo=EAST),
        (1, 2),
        ["x"],
        {"x": 1},
        b"x",
        Broken(),
    )
)
values = st.one_of(constants, constants, st.none(), ill_typed, st.sampled_from((Tier.GOLD, Level.ONE)))
names = st.sampled_from(NAMES)
flat_facts = st.dictionaries(names, values, max_size=4)
as_ofs = st.sampled_from((None, NOW, NOW.astimezone(EAST), date(2026, 11, 23)))


@st.composite
def facts(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = draw(flat_facts)
    lines = draw(st.one_of(st.none(), st.lists(flat_facts, max_size=3).map(tuple), st.sampled_from((1, ("x",), []))))
    return found if lines is None else {**found, "lines": lines}


@st.composite
def ranges(draw: st.DrawFn) -> Rule:
    low, high = sorted(draw(st.tuples(*[draw(st.sampled_from((numbers, texts, days, instants)))] * 2)))
    return Between(draw(names), low, high)


def _comparable(op: str, constant: object) -> bool:
    return op in {"==", "!="} or not isinstance(constant, bool | tuple)


comparisons = (
    st.tuples(names, st.sampled_from(OPS), constants)
    .filter(lambda parts: _comparable(*parts[1:]))
    .map(lambda parts: Compare(*parts))
)
listings = st.builds(
    lambda name, choices: IsIn(name, tuple(choices)),
    names,
    st.lists(constants.filter(lambda value: not isinstance(value, tuple)), min_size=1, max_size=4),
)
spans = st.sampled_from((timedelta(0), timedelta(hours=3), timedelta(days=1), timedelta(days=30)))
leaves: st.SearchStrategy[Rule] = st.one_of(
    comparisons,
    comparisons,
    listings,
    ranges(),
    st.builds(Contains, names, tags.filter(bool), st.booleans()),
    st.builds(StartsWith, names, texts),
    st.builds(EqualsIgnoringCase, names, texts),
    st.builds(IsMissing, names),
    st.builds(Within, names, spans, st.booleans()),
    st.builds(Beyond, names, spans, st.booleans()),
)


def _wider(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(inner, max_size=3)
    ops = st.sampled_from(OPS)
    near = inner.filter(lambda rule: rule.reach < MOST_REACH)
    return st.one_of(
        several.map(lambda parts: AllOf(*parts)),
        several.map(lambda parts: AnyOf(*parts)),
        st.tuples(several, st.integers(0, 3)).map(lambda drawn: AtLeast(min(drawn[1], len(drawn[0])), *drawn[0])),
        inner.map(Not),
        near.map(lambda rule: AnyChild("lines", rule)),
        near.map(lambda rule: AllChildren("lines", rule)),
        st.builds(lambda rule, op, n: CountOf("lines", rule, op=op, n=n), near, ops, st.integers(0, 3)),
        st.builds(
            lambda rule, name, op, amount: SumOf("lines", rule, fact=name, op=op, amount=amount),
            near,
            names,
            ops,
            numbers,
        ),
    )


rules: st.SearchStrategy[Rule] = st.recursive(leaves, _wider, max_leaves=6)
conjunctions: st.SearchStrategy[Rule] = st.lists(st.one_of(comparisons, listings, ranges(), rules), max_size=4).map(
    lambda parts: AllOf(*parts)
)
