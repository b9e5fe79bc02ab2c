"""What a verdict tells: every node, what was missing, what failed, and how it looks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.rules import AllOf, AtLeast, any_line, count_lines, evaluate, field

if TYPE_CHECKING:
    from relex.rules import AsOf, Rule

TOTAL = field("total") >= 50
GOLD = field("tier") == "gold"
CALM = field("complaints") == 0


def test_every_node_is_judged_even_when_the_answer_is_plain() -> None:
    verdict = evaluate((TOTAL & GOLD) | ~CALM, {"total": 60, "tier": "silver", "complaints": 1})

    assert [node.answer for node in verdict.walk()] == [True, False, True, False, True, False]


def test_a_leaf_tells_its_fact_and_what_was_found() -> None:
    leaf = evaluate(TOTAL, {"total": 60})

    assert (leaf.answer, leaf.fact, leaf.found, leaf.reason, leaf.children) == (True, "total", 60, None, ())
    assert evaluate(~TOTAL, {}).fact is None


def test_missing_names_every_fact_that_was_not_there_once() -> None:
    rule = (TOTAL & GOLD & (field("tier") != "none")) | ~field("email").is_missing()

    assert evaluate(rule, {"total": 1}).missing == ("tier", "email")
    assert evaluate(field("email").is_missing(), {"email": "a@b"}).missing == ()


def test_reasons_are_those_that_keep_the_answer_open() -> None:
    rule = (TOTAL | GOLD) & (field("age") > 3) & ((field("x") == 1) | AllOf())

    assert evaluate(rule, {"total": 1, "age": "4"}).reasons == ("missing:tier", "type:age")
    assert evaluate(TOTAL | GOLD, {"total": 60}).reasons == ()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TOTAL & GOLD & CALM, [GOLD]),
        (TOTAL | CALM, []),
        (~TOTAL, [TOTAL]),
        (~(TOTAL & CALM), [TOTAL, CALM]),
        (~(GOLD & CALM), []),
        (AtLeast(2, GOLD, TOTAL, field("x") == 1), [GOLD, field("x") == 1]),
        (any_line(field("net") > 5) & TOTAL, [field("net") > 5, field("net") > 5]),
        (count_lines() > 5, [count_lines() > 5]),
        (~any_line(), [any_line().parts[0]] * 2),
    ],
)
def test_failed_gives_the_lowest_nodes_that_are_in_the_way(rule: Rule, expected: Any) -> None:
    facts = {"total": 60, "tier": "silver", "complaints": 0, "lines": ({"net": 1}, {"net": 2})}

    assert expected == [verdict.rule for verdict in evaluate(rule, facts).failed()]


def test_a_join_without_parts_fails_itself() -> None:
    verdict = evaluate(~AllOf(), {})

    assert verdict.children == verdict.failed()


def test_a_verdict_prints_as_a_tree_with_ticks() -> None:
    text = str(evaluate(TOTAL & ~GOLD & AtLeast(1, CALM), {"total": 60, "tier": "gold"}))

    assert text.splitlines() == [
        "✗ all of these",
        "  ✓ total is at least 50 (found 60)",
        "  ✗ not this",
        "    ✓ tier is gold (found 'gold')",
        "  ? at least 1 of these",
        "    ? complaints is 0 [missing:complaints]",
    ]


def test_html_is_a_nested_list_and_escaped() -> None:
    html = evaluate((field("<b>") == "<script>") | GOLD, {"<b>": "&"})._repr_html_()

    assert html.startswith("<ul><li>? any of these<ul><li>✗ &lt;b&gt; is &lt;script&gt; (found &#x27;&amp;&#x27;)</li>")
    assert html.endswith("</ul></li></ul>")
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ((field("a"), {}), "evaluate.rule"),
        ((TOTAL, [("total", 1)]), "evaluate.facts"),
        ((TOTAL, {}, datetime(2026, 1, 1)), "evaluate.as_of"),  # noqa: DTZ001 - a naive one on purpose
        ((TOTAL, {}, "2026-01-01"), "evaluate.as_of"),
    ],
)
def test_what_cannot_be_judged_is_refused(args: tuple[Any, ...], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        evaluate(*args)

    assert path == caught.value.path


@pytest.mark.parametrize("as_of", [None, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)])
def test_as_of_is_an_instant_a_date_or_nothing(as_of: AsOf) -> None:
    assert evaluate(TOTAL, {"total": 50}, as_of).answer is True
