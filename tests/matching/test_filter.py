"""The quick filter and the rest of pairs, where little happens."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from relex.errors import InvalidValue
from relex.matching import (
    Comparison,
    Key,
    MatchPolicy,
    MatchWeight,
    MatchWeights,
    close_number,
    compare,
    fit,
    pairs,
)
from relex.parties import ContactPoint, PersonName, Record
from relex.rules import field

AT = datetime(2026, 5, 4, tzinfo=UTC)
SAME = MatchWeight("given", m=["0.9", "0.1"], u=["0.01", "0.99"])
TWO = MatchPolicy(
    "two",
    comparisons=[Comparison("given"), Comparison("family")],
    keys=[Key("family")],
    weights=MatchWeights("0.5", [SAME]),
)


def person(key: str, given: str | None = "Anna", family: str | None = "Berg", **more: Any) -> Record:
    return Record("crm", key, AT, name=PersonName(given=given, family=family), **more)


def agree(policy: MatchPolicy, records: list[Record]) -> None:
    every = pairs(records, policy, apart=True)

    assert tuple(pair for pair in every if pair.decision != "apart") == pairs(records, policy).pairs


def test_rare_values_without_a_weight() -> None:
    """The values of a comparison by frequency that nobody weighs, or that a rule judges."""
    rare = [Comparison("given"), Comparison("family", frequency=True)]

    agree(attrs.evolve(TWO, comparisons=rare), [person("a"), person("b"), person("c", "Eve")])
    agree(attrs.evolve(TWO, comparisons=rare, weights=None, rule=field("given") == 1), [person("a"), person("b")])


def test_several_values_on_both_sides() -> None:
    mails = [ContactPoint("email", "a@x.org"), ContactPoint("email", "b@x.org")]
    policy = attrs.evolve(
        TWO, comparisons=[Comparison("given"), Comparison("email")], weights=None, rule=field("email") == 1
    )

    agree(policy, [person("a", points=mails), person("b", points=mails), person("c", points=mails[:1]), person("d")])


def test_all_candidates_of_a_long_list_are_hopeless() -> None:
    records = [person(f"{n:02}", f"Name{n}") for n in range(30)]

    assert pairs(records, attrs.evolve(TWO, review_at=3)).pairs == ()


@pytest.mark.parametrize("blank", ["unknown", "both-match"])
def test_blanks(blank: str) -> None:
    policy = attrs.evolve(TWO, comparisons=[Comparison("given", blank=blank), Comparison("family")], review_at=3)

    agree(policy, [person(f"{n:02}", None if n % 3 else "Anna") for n in range(30)])


def test_two_statements_of_one_party() -> None:
    later = attrs.evolve(person("a"), at=datetime(2026, 6, 1, tzinfo=UTC))

    with pytest.raises(InvalidValue, match=r"compare\.b"):
        compare(person("a"), later, TWO)


def test_a_comparison_that_is_blank_everywhere_is_not_weighed() -> None:
    found = fit([person("a"), person("b"), person("c", "Eve", "Stone")], MatchPolicy.people())
    weights = found.policy.weights

    assert isinstance(weights, MatchWeights)
    assert {part.comparison for part in weights.parts} == {"given", "family"}


def test_a_rule_judges_rare_values_that_weigh_too_little() -> None:
    policy = attrs.evolve(
        TWO,
        comparisons=[Comparison("given"), Comparison("family", frequency=True)],
        weights=MatchWeights("0.000001", [MatchWeight("family", m=["0.9", "0.1"], u=["0.01", "0.99"])]),
        rule=(field("family") == 1) & (field("given") == 1),
        review_at=7,
    )
    records = [person("a"), person("b"), person("c", "Eve")]

    agree(policy, records)
    assert [(pair.a, pair.b) for pair in pairs(records, policy).links] == [("crm/a", "crm/b")]


def test_values_that_cannot_be_compared_tell_nothing_of_chance() -> None:
    """An income that is no number is at no level; the others are as many as they are."""
    comparisons = [Comparison("income", method=close_number(10), levels=("1", "0.5")), *TWO.comparisons]
    incomes = ("100", "104", "many", "few", "250")
    records = [person(str(n), f"Name{n % 2}", values={"income": income}) for n, income in enumerate(incomes)]
    weights = fit(records, attrs.evolve(TWO, comparisons=comparisons, weights=None)).policy.weights

    assert isinstance(weights, MatchWeights)
    assert sum(next(part.u for part in weights.parts if part.comparison == "income")) == pytest.approx(Decimal(1))


def test_a_key_of_one_set_alone_brings_nobody_together() -> None:
    found = pairs([person("a"), person("b")], [person("c", family="Stone")], TWO)

    assert (found.candidates, found.pairs, found.skipped) == (0, (), ())
