"""What holds for all rules and all facts, well typed or not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st
from strategies_rules import (
    MOST_REACH,
    NAMES,
    as_ofs,
    comparisons,
    conjunctions,
    facts,
    flat_facts,
    names,
    numbers,
    rules,
    values,
)

from relex import codec
from relex.rules import (
    FALSE,
    TRUE,
    AllChildren,
    AllOf,
    AnyChild,
    AnyOf,
    AtLeast,
    Beyond,
    Compare,
    CountOf,
    Not,
    Rule,
    Within,
    compile_rule,
    compile_rules,
    contradiction,
    describe,
    evaluate,
)

if TYPE_CHECKING:
    from relex.rules import AsOf

several = st.lists(rules, max_size=4)


def same(left: Rule, right: Rule, found: object, as_of: object = None) -> bool:
    return evaluate(left, found, as_of).answer is evaluate(right, found, as_of).answer


@settings(max_examples=100)
@given(several, facts(), as_ofs)
def test_de_morgan(parts: list[Rule], found: Any, as_of: AsOf) -> None:
    assert same(~AllOf(*parts), AnyOf(*map(Not, parts)), found, as_of)
    assert same(~AnyOf(*parts), AllOf(*map(Not, parts)), found, as_of)


@settings(max_examples=50)
@given(rules, facts(), as_ofs)
def test_a_double_negation_is_no_negation(rule: Rule, found: Any, as_of: AsOf) -> None:
    assert same(Not(Not(rule)), rule, found, as_of)


@settings(max_examples=50)
@given(several, facts())
def test_at_least_one_is_any_and_at_least_all_is_all(parts: list[Rule], found: Any) -> None:
    assert same(AtLeast(min(1, len(parts)), *parts), AnyOf(*parts) if parts else TRUE, found)
    assert same(AtLeast(len(parts), *parts), AllOf(*parts), found)


@settings(max_examples=50)
@given(rules.filter(lambda rule: rule.reach < MOST_REACH), facts(), as_ofs)
def test_quantifiers_are_dual_and_are_counts(rule: Rule, found: Any, as_of: AsOf) -> None:
    every, some = AllChildren("lines", rule), AnyChild("lines", rule)

    assert same(~every, AnyChild("lines", Not(rule)), found, as_of)
    assert same(~some, AllChildren("lines", Not(rule)), found, as_of)
    assert same(some, CountOf("lines", rule, op=">=", n=1), found, as_of)


@settings(max_examples=50)
@given(rules, rules, rules, facts())
def test_joining_is_associative_and_commutative(a: Rule, b: Rule, c: Rule, found: Any) -> None:
    assert (a & b) & c == a & (b & c)
    assert same((a & b) & c, c & (b & a), found)
    assert same((a | b) | c, c | (b | a), found)


@settings(max_examples=50)
@given(rules, facts())
def test_the_empty_rules_are_neutral(rule: Rule, found: Any) -> None:
    assert same(rule & TRUE, rule, found)
    assert same(rule | FALSE, rule, found)
    assert same(rule & FALSE, FALSE, found)
    assert same(rule | TRUE, TRUE, found)


@settings(max_examples=200)
@given(rules, st.lists(facts(), min_size=1, max_size=4), as_ofs)
def test_a_compiled_rule_answers_as_evaluate_does(rule: Rule, objects: list[Any], as_of: AsOf) -> None:
    predicate = compile_rule(rule)

    for found in objects:
        assert evaluate(rule, found, as_of).answer is predicate(found, as_of)


@settings(max_examples=200)
@given(st.lists(st.one_of(rules, conjunctions), max_size=8), st.lists(facts(), min_size=1, max_size=6), as_ofs)
def test_a_rule_set_finds_the_rules_that_are_true(several_rules: list[Rule], objects: list[Any], as_of: AsOf) -> None:
    compiled = compile_rules(several_rules)

    for found in objects:
        expected = tuple(i for i, rule in enumerate(several_rules) if evaluate(rule, found, as_of).answer is True)
        assert expected == compiled.matching(found, as_of)


@st.composite
def offers(draw: st.DrawFn) -> Rule:
    """A rule as programs have them: two listings and bounds on one number."""
    bounds = draw(st.lists(st.tuples(st.sampled_from((">=", ">", "<", "<=")), numbers), max_size=2))
    listed = [
        Compare(name, "==", draw(st.sampled_from(("x", "y", 1, True)))) for name in ("a", "b") if draw(st.booleans())
    ]
    return AllOf(*listed, *[Compare("total", op, number) for op, number in bounds])


@settings(max_examples=150)
@given(st.lists(offers(), max_size=12), st.lists(st.tuples(values, values, values), min_size=1, max_size=8))
def test_a_rule_set_is_right_on_and_between_bounds(several_rules: list[Rule], objects: list[Any]) -> None:
    compiled = compile_rules(several_rules)

    for a, b, total in objects:
        found = {"a": a, "b": b, "total": total}
        expected = tuple(i for i, rule in enumerate(several_rules) if evaluate(rule, found).answer is True)
        assert expected == compiled.matching(found)


@settings(max_examples=150)
@given(rules.filter(lambda rule: "is_missing" not in repr(rule)), facts(), names, values, as_ofs)
def test_learning_a_missing_fact_changes_no_decided_answer(
    rule: Rule, found: Any, name: str, value: Any, as_of: AsOf
) -> None:
    known = {key: fact for key, fact in found.items() if key != name}
    before = evaluate(rule, known, as_of).answer
    after = evaluate(rule, {**known, name: value}, as_of).answer

    assert before is None or before is after


@settings(max_examples=100)
@given(rules, facts())
def test_only_missing_facts_ill_typed_facts_and_as_of_are_reasons(rule: Rule, found: Any) -> None:
    verdict = evaluate(rule, found)

    assert (verdict.answer is None) == bool(verdict.reasons)
    assert all(reason == "as_of" or reason.startswith(("missing:", "type:")) for reason in verdict.reasons)


@settings(max_examples=100)
@given(rules, facts())
def test_something_failed_unless_the_rule_is_true(rule: Rule, found: Any) -> None:
    verdict = evaluate(rule, found)

    assert (verdict.answer is True) <= (not verdict.failed())
    assert all(node in set(map(id, verdict.walk())) for node in map(id, verdict.failed()))


@settings(max_examples=100)
@given(rules)
def test_the_dict_form_and_the_text_form_round_trip(rule: Rule) -> None:
    assert rule == codec.decode(codec.encode(rule), Rule)
    assert rule == codec.loads(codec.dumps(rule), Rule)


@settings(max_examples=50)
@given(rules)
def test_every_rule_is_hashable_equal_to_itself_described_and_drawn(rule: Rule) -> None:
    assert hash(rule) == hash(codec.decode(codec.encode(rule), Rule))
    assert describe(rule)
    assert evaluate(rule, {})._repr_html_()
    assert str(evaluate(rule, {}))
    assert rule.names <= {*NAMES, "lines"}


@settings(max_examples=50)
@given(comparisons, flat_facts)
def test_the_ambient_decimal_context_decides_nothing(rule: Rule, found: Any) -> None:
    many = CountOf("lines", rule, op=">=", n=1)
    lines = {"lines": (found, {"a": Decimal("1.5")})}
    expected = evaluate(many, lines).answer
    with localcontext() as context:
        context.prec = 1

        assert expected is evaluate(many, lines).answer


@settings(max_examples=100)
@given(values, as_ofs, st.integers(0, 40))
def test_a_time_is_within_a_span_or_beyond_it_or_ahead(value: Any, as_of: AsOf, count: int) -> None:
    span = timedelta(days=count)
    found = {"a": value}
    answers = [
        evaluate(rule, found, as_of).answer
        for rule in (Within("a", span), Beyond("a", span), Beyond("a", timedelta(0), ahead=True))
    ]

    assert answers.count(True) == 1 or answers == [None, None, None]


@given(rules, facts(), as_ofs)
def test_what_is_true_of_something_is_no_contradiction(rule: Rule, found: Any, as_of: AsOf) -> None:
    if evaluate(rule, found, as_of).answer:
        assert contradiction(rule) is None


@settings(max_examples=100)
@given(rules, facts(), as_ofs)
def test_a_contradiction_is_true_of_nothing(rule: Rule, found: Any, as_of: AsOf) -> None:
    assert contradiction(rule & ~rule) is None or evaluate(rule & ~rule, found, as_of).answer is not True
