"""The stored form of rules: exact on the way out, strict on the way in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from relex import codec
from relex.errors import InvalidValue
from relex.rules import Compare, Rule, any_line, field

LEAF = {"type": "rule.compare", "v": 1, "fact": "a", "op": "==", "constant": 1}


def test_a_rule_is_stored_with_tags_and_versions() -> None:
    assert codec.encode((field("total") >= Decimal("49.90")) & field("tier").is_in("gold", "platinum")) == {
        "type": "rule.all_of",
        "v": 1,
        "rules": [
            {"type": "rule.compare", "v": 1, "fact": "total", "op": ">=", "constant": {"decimal": "49.90"}},
            {"type": "rule.is_in", "v": 1, "fact": "tier", "choices": ["gold", "platinum"]},
        ],
    }


def test_kinds_survive_storage() -> None:
    flag, number = field("a") == True, field("a") == 1  # noqa: E712 - a constant

    assert flag == codec.loads(codec.dumps(flag), Rule) != number


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({**LEAF, "type": "rule.eval"}, "type"),
        ({**LEAF, "op": "=~"}, "op"),
        ({**LEAF, "constant": 1.5}, "constant"),
        ({**LEAF, "constant": None}, "constant"),
        ({**LEAF, "fact": ""}, "fact"),
        ({**LEAF, "extra": 1}, ""),
        ({"type": "rule.any_child", "v": 1, "children": "lines"}, "rule"),
        ({"type": "rule.all_of", "v": 1, "rules": [LEAF, {**LEAF, "op": "?"}]}, "rules[1]"),
        ({"type": "rule.at_least", "v": 1, "n": 3, "rules": [LEAF]}, "n"),
        ({"type": "rule.is_in", "v": 1, "fact": "a", "choices": []}, "choices"),
        ({"type": "rule.not", "v": 1, "rule": "a == 1"}, "rule"),
        ("field('a') == 1", ""),
        ([LEAF], ""),
    ],
)
def test_what_is_no_stored_rule_is_refused_with_its_path(data: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        codec.decode(data, Rule)

    assert path in caught.value.path


@pytest.mark.parametrize("levels", [60, 3_000])
def test_a_stored_rule_of_hostile_depth_is_refused(levels: int) -> None:
    data = LEAF
    for _ in range(levels):
        data = {"type": "rule.not", "v": 1, "rule": data}

    with pytest.raises(InvalidValue):
        codec.decode(data, Rule)


def test_a_stored_rule_of_hostile_size_is_refused() -> None:
    with pytest.raises(InvalidValue, match="10000 nodes"):
        codec.decode({"type": "rule.any_of", "v": 1, "rules": [LEAF] * 10_001}, Rule)


def test_one_kind_of_rule_may_be_asked_for() -> None:
    assert Compare("a", "==", 1) == codec.decode(LEAF, Compare)
    with pytest.raises(InvalidValue):
        codec.decode(codec.encode(any_line()), Compare)
