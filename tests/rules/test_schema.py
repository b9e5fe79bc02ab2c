"""Rules are checked against the facts that there are, with a path and a suggestion."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from relex import codec
from relex.errors import InvalidValue
from relex.rules import (
    AtLeast,
    FactSchema,
    Kind,
    all_lines,
    any_line,
    children,
    count_lines,
    field,
    sum_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules import Rule

LINE = FactSchema({"line.net": Decimal, "line.category": str})
SCHEMA = FactSchema(
    {"total": Decimal, "visits": int, "tier": str, "vip": bool, "born": date, "at": datetime, "tags": tuple},
    children={"lines": LINE},
    open=("customer.",),
)


@pytest.mark.parametrize(
    "rule",
    [
        (field("total") >= 50) & (field("visits") == Decimal("1.0")),
        field("tier").is_in("a", "b") | field("tier").starts_with("g") | field("tier").equals_ignoring_case("x"),
        field("vip") == True,  # noqa: E712 - a constant
        field("born").within(days=3) & (field("born") < date(2000, 1, 1)),
        field("at").before(days=3) & (field("at") < datetime(2026, 1, 1, tzinfo=UTC)),
        field("tags").contains("x"),
        field("tags").is_missing() | field("lines").is_missing() | field("vip").is_missing(),
        field("customer.anything") > 3,
        any_line((field("line.category") == "coffee") & (field("tier") == "gold")),
        sum_lines("line.net", where=field("customer.x") == 1) >= 5,
        sum_lines("customer.x") >= 5,
        AtLeast(1, ~(count_lines() > 3)),
        any_line(any_line()),
    ],
)
def test_a_rule_about_facts_that_there_are_passes(rule: Rule) -> None:
    SCHEMA.check(rule)

    assert SCHEMA.problems(rule) == ()


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        (field("totl") > 5, "rule.fact", "did you mean total?"),
        (field("tier") > 5, "rule", "a question about a text, as tier is"),
        (field("tier").between(1, 5), "rule", "a question about a text, as tier is"),
        (field("total") == "5", "rule", "a question about a number"),
        (field("vip") == 1, "rule", "a question about a flag"),
        (field("born") < datetime(2026, 1, 1, tzinfo=UTC), "rule", "a question about a day"),
        (field("at") < date(2026, 1, 1), "rule", "a question about a instant"),
        (field("tier").contains("x"), "rule", "a question about a text"),
        (field("tags").starts_with("x"), "rule", "a question about a texts"),
        (field("total").within(days=1), "rule", "a question about a number"),
        (field("tier").is_in("a", 1), "rule", "a question about a text"),
        (field("lines") == 1, "rule.fact", "one of"),
        (field("lins").is_missing(), "rule.fact", "did you mean lines?"),
        (~(field("tier") == 1), "rule.rule", "text"),
        ((field("total") > 1) & (field("tier") == 1), "rule.rules[1]", "text"),
        (any_line(field("line.nett") > 1), "rule.rule.fact", "did you mean line.net?"),
        (all_lines(field("line.category") > 1), "rule.rule", "text"),
        (children("line").any(), "rule.children", "lines (did you mean lines?)"),
        (sum_lines("line.nett") > 1, "rule.fact", "did you mean line.net?"),
        (sum_lines("line.category") > 1, "rule.fact", "the name of a number"),
    ],
)
def test_a_rule_about_other_facts_is_refused_with_its_path(rule: Rule, path: str, expected: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        SCHEMA.check(rule)

    assert path == caught.value.path
    assert expected in caught.value.expected


def test_all_problems_are_told_at_once() -> None:
    rule = (field("a") == 1) & (field("tier") == "x") & (field("b") == 1)

    assert [problem.path for problem in SCHEMA.problems(rule, "Program.when")] == [
        "Program.when.rules[0].fact",
        "Program.when.rules[2].fact",
    ]


def test_a_long_list_of_names_is_cut() -> None:
    schema = FactSchema({f"fact{number:02}": int for number in range(40)})

    with pytest.raises(InvalidValue, match="fact11, …, got"):
        schema.check(field("x") == 1)
    with pytest.raises(InvalidValue, match="no name at all"):
        FactSchema().check(field("x") == 1)


def test_kinds_are_given_by_type_or_by_name() -> None:
    assert FactSchema({"a": Kind.NUMBER}) == FactSchema({"a": int}) == FactSchema((("a", Decimal),))


def test_schemas_are_joined() -> None:
    joined = FactSchema({"a": int}) | LINE | FactSchema({"a": int}, children={"lines": LINE}, open=("x.",))

    assert tuple(name for name, _ in joined.facts) == ("a", "line.category", "line.net")
    joined.check((field("a") == 1) & (field("x.y") == 1) & any_line(field("line.net") > 1))


@pytest.mark.parametrize(
    "other", [FactSchema({"total": str}), FactSchema(children={"lines": FactSchema({"line.net": str})})]
)
def test_schemas_that_contradict_each_other_are_not_joined(other: FactSchema) -> None:
    with pytest.raises(InvalidValue, match="as in the other schema"):
        SCHEMA | other


def test_a_prefix_makes_longer_names() -> None:
    schema = FactSchema({"tier": str}, open=("x.",)).prefixed("customer.")

    schema.check((field("customer.tier") == "gold") & (field("customer.x.y") == 1))
    assert schema.problems(field("tier") == "gold")


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: FactSchema({"": int}), "FactSchema.facts"),
        (lambda: FactSchema({1: int}), "FactSchema.facts"),
        (lambda: FactSchema({"a": float}), "FactSchema.facts['a']"),
        (lambda: FactSchema({"a": []}), "FactSchema.facts['a']"),
        (lambda: FactSchema([("a", int)]), "FactSchema.facts"),
        (lambda: FactSchema(("a", "b")), "FactSchema.facts"),
        (lambda: FactSchema((("a", int), ("a", str))), "FactSchema.facts"),
        (lambda: FactSchema(children={"lines": {"a": int}}), "FactSchema.children['lines']"),
        (lambda: FactSchema(open=["x"]), "FactSchema.open"),
        (lambda: SCHEMA.check(field("total")), "rule"),
        (lambda: SCHEMA.prefixed(5), "FactSchema.prefixed.prefix"),
    ],
)
def test_a_schema_that_makes_no_sense_is_refused(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert path == caught.value.path


def test_a_schema_is_a_value_with_a_stored_form() -> None:
    assert hash(SCHEMA) == hash(codec.loads(codec.dumps(SCHEMA), FactSchema))
    assert codec.loads(codec.dumps(SCHEMA), FactSchema) == SCHEMA


def test_a_schema_joins_only_with_a_schema() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        SCHEMA | 5  # type: ignore[operator]
