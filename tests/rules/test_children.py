"""Quantifiers, counts and sums over child facts."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.rules import (
    AllChildren,
    AnyChild,
    CountOf,
    SumOf,
    all_lines,
    any_line,
    children,
    compile_rule,
    count_lines,
    evaluate,
    field,
    sum_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules import Facts, Rule

COFFEE = field("line.category") == "coffee"
LINES = {
    "lines": (
        {"line.category": "coffee", "line.net": Decimal("12.50")},
        {"line.category": "tea", "line.net": 4},
        {"line.category": "coffee", "line.net": Decimal("-2.50")},
    )
}
DOUBTFUL = {"lines": ({"line.category": "coffee", "line.net": 5}, {"line.net": 5}, {"line.category": "tea"})}


def answer(rule: Rule, facts: Facts) -> bool | None:
    found = evaluate(rule, facts).answer

    assert found is compile_rule(rule)(facts)
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (any_line(COFFEE), True),
        (all_lines(COFFEE), False),
        (all_lines(COFFEE | (field("line.category") == "tea")), True),
        (any_line(field("line.category") == "milk"), False),
        (any_line(), True),
        (count_lines(COFFEE) == 2, True),
        (count_lines() > 3, False),
        (sum_lines("line.net") == 14, True),
        (sum_lines("line.net", where=COFFEE) >= 10, True),
        (sum_lines("line.net", where=COFFEE) > 10, False),
        (sum_lines("line.net", where=field("line.category") == "milk") == 0, True),
    ],
)
def test_lines_are_quantified_counted_and_summed(rule: Rule, expected: Any) -> None:
    assert expected is answer(rule, LINES)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (any_line(COFFEE), True),
        (any_line(field("line.category") == "milk"), None),
        (all_lines(COFFEE), False),
        (all_lines(COFFEE | (field("line.category") == "tea")), None),
        (count_lines(COFFEE) >= 1, True),
        (count_lines(COFFEE) >= 2, None),
        (count_lines(COFFEE) >= 3, False),
        (count_lines(COFFEE) == 1, None),
        (count_lines(COFFEE) != 3, True),
        (count_lines(COFFEE) < 3, True),
        (sum_lines("line.net") > 0, None),
        (sum_lines("line.net", where=COFFEE) > 0, None),
    ],
)
def test_doubtful_lines_leave_open_only_what_depends_on_them(rule: Rule, expected: Any) -> None:
    assert expected is answer(rule, DOUBTFUL)


def test_a_count_between_its_bounds_is_open_for_equality() -> None:
    lines = {"lines": ({}, {})}

    assert answer(count_lines(COFFEE) == 1, lines) is None
    assert answer(count_lines(COFFEE) != 1, lines) is None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (any_line(COFFEE), False),
        (all_lines(COFFEE), True),
        (count_lines(COFFEE) == 0, True),
        (sum_lines("x") == 0, True),
    ],
)
def test_without_lines_there_is_nothing_to_find(rule: Rule, expected: Any) -> None:
    assert expected is answer(rule, {"lines": ()})


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "missing:lines"),
        ({"lines": None}, "missing:lines"),
        ({"lines": 3}, "type:lines"),
        ({"lines": [{}]}, "type:lines"),
        ({"lines": ({}, 3)}, "type:lines"),
    ],
)
@pytest.mark.parametrize("rule", [any_line(COFFEE), all_lines(COFFEE), count_lines() >= 0, sum_lines("line.net") > 0])
def test_lines_that_are_not_there_are_unknown(rule: Rule, facts: Facts, reason: str) -> None:
    assert answer(rule, facts) is None
    assert (reason,) == evaluate(rule, facts).reasons


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, "missing:line.net"),
        ("5", "type:line.net"),
        (True, "type:line.net"),
        (1.5, "type:line.net"),
        (Decimal("NaN"), "type:line.net"),
        (Decimal("1E+5000"), "type:line.net"),
    ],
)
def test_a_sum_needs_exact_numbers(found: Any, reason: str) -> None:
    facts = {"lines": ({"line.net": 1}, {"line.net": found})}
    rule = sum_lines("line.net") > 0

    assert answer(rule, facts) is None
    assert (reason,) == evaluate(rule, facts).reasons


def test_a_sum_is_exact_whatever_the_ambient_precision() -> None:
    facts = {"lines": ({"n": Decimal("0.1")}, {"n": 10**30})}
    with localcontext() as context:
        context.prec = 3

        assert answer(sum_lines("n") > 10**30, facts) is True


def test_a_name_means_the_childs_fact_first_and_then_the_parents() -> None:
    same = any_line(field("kind") == "goods")
    facts = {"kind": "goods", "lines": ({"kind": "fee"}, {"kind": None})}

    assert answer(same, facts) is None
    assert answer(same, {"kind": "goods", "lines": ({},)}) is True


def test_children_have_children() -> None:
    small = children("households").any(children("members").all(field("age") < 18))
    facts = {"households": ({"members": ({"age": 3}, {"age": 40})}, {"members": ({"age": 4},)})}

    assert answer(small, facts) is True


def test_the_verdict_of_a_count_or_sum_shows_what_was_found() -> None:
    assert evaluate(count_lines(COFFEE) >= 1, LINES).found == 2
    assert evaluate(count_lines(COFFEE) >= 1, DOUBTFUL).found == (1, 2)
    assert Decimal("10.00") == evaluate(sum_lines("line.net", where=COFFEE) >= 1, LINES).found


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: children(""), "children.name"),
        (lambda: AnyChild(3), "AnyChild.children"),
        (lambda: AllChildren("lines", True), "AllChildren.rule"),
        (lambda: count_lines() > 1.5, "CountOf.n"),
        (lambda: count_lines() > -1, "CountOf.n"),
        (lambda: CountOf("lines", op="~", n=1), "CountOf.op"),
        (lambda: sum_lines("") > 1, "SumOf.fact"),
        (lambda: sum_lines("net") > 1.5, "SumOf.amount"),
        (lambda: sum_lines("net") > "1", "SumOf.amount"),
        (lambda: SumOf("lines", fact="net", op=">", amount=True), "SumOf.amount"),
    ],
)
def test_a_question_about_children_that_makes_no_sense_is_refused(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert path == caught.value.path


def test_a_count_has_no_truth() -> None:
    with pytest.raises(TypeError):
        bool(count_lines())


@pytest.mark.parametrize(
    "rule",
    [
        any_line(COFFEE),
        all_lines(COFFEE),
        count_lines(COFFEE) >= 2,
        sum_lines("n") < 2,
        sum_lines("n", where=COFFEE) != 2,
    ],
)
def test_it_shows_the_notation_that_makes_it(rule: Rule) -> None:
    assert rule == eval(repr(rule), {"field": field, "children": children})  # noqa: S307 - our own repr


def test_rules_about_children_stand_three_deep_at_most() -> None:
    """Each level multiplies the work by the number of children: fifty levels over two lines would never end."""
    three = any_line(all_lines(any_line(COFFEE)) & COFFEE)

    with pytest.raises(InvalidValue, match="3 of them about children"):
        children("members").any(three & COFFEE)
    assert (three & COFFEE).reach == 3
