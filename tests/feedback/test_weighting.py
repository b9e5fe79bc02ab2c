"""Weights that make a sample look like what it was drawn from."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import post_stratify, rake

ROWS = [{"sex": sex, "age": age} for sex, age in ("fy", "fo", "my", "mo", "fy")]
MARGINS = {"sex": {"f": 60, "m": 40}, "age": {"y": 45, "o": 55}}
APART = [{"sex": "f", "age": "y"}, {"sex": "m", "age": "o"}]


def margin(weights: Any, name: str, category: str) -> float:
    """What a category weighs."""
    return sum([weight for row, weight in zip(ROWS, weights, strict=True) if row[name] == category])


def test_targets_are_numbers_or_shares() -> None:
    shares = post_stratify(["a", "a", "b"], {"a": Decimal("0.5"), "b": Decimal("0.5")})

    assert (
        shares == post_stratify(["a", "a", "b"], {"a": 7, "b": 7}) == (Fraction(3, 4), Fraction(3, 4), Fraction(3, 2))
    )


def test_of_nobody_nothing() -> None:
    assert post_stratify([], {"a": 0}) == ()


@pytest.mark.parametrize(
    ("sample", "targets", "path"),
    [
        (["a"], {"b": 1, "a": 1}, r"targets\[b\]: expected 0, since nobody of the sample is in it"),
        (["a", "b"], {"a": 1}, r"targets\[b\]: expected a target above 0"),
        (["a"], {"a": 0}, r"targets\[a\]: expected a target above 0"),
        (["a"], {"a": -1}, r"targets\[a\]"),
        (["a"], {"a": 0.5}, r"targets\[a\]"),
        (["a"], [("a", 1)], r"targets: expected a mapping"),
        ([None], {"a": 1}, r"sample\[0\]: expected a group"),
        ([["a"]], {"a": 1}, r"sample\[0\]: expected a group"),
        ([("a", [])], {"a": 1}, r"sample\[0\]: expected a group"),
        (["a"], {"a": Fraction(10**400)}, r"targets\[a\]"),
        ("ab", {"a": 1}, "sample: expected an iterable"),
    ],
    ids=[
        "empty",
        "no target",
        "zero",
        "negative",
        "float",
        "no mapping",
        "none",
        "a list",
        "a list inside",
        "huge",
        "text",
    ],
)
def test_what_is_not_stratified(sample: Any, targets: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"post_stratify\.{path}"):
        post_stratify(sample, targets)


def test_totals_are_kept_and_shares_give_the_size_of_the_sample() -> None:
    totals = rake(ROWS, MARGINS)
    shares = rake(
        ROWS, {"sex": {"f": Decimal("0.6"), "m": Decimal("0.4")}, "age": {"y": Decimal("0.45"), "o": Decimal("0.55")}}
    )

    assert (sum(totals), sum(shares)) == (pytest.approx(100), pytest.approx(5))
    assert [margin(totals, "sex", "f"), margin(totals, "age", "y")] == pytest.approx([60, 45])


def test_a_target_of_zero_may_be_named() -> None:
    assert rake([{"sex": "f"}], {"sex": {"f": 10, "x": 0}}) == (10,)


@pytest.mark.parametrize(
    ("sample", "margins", "more", "path"),
    [
        ([], MARGINS, {}, "sample: expected at least one answer"),
        (["fy"], MARGINS, {}, r"sample\[0\]: expected a mapping"),
        ([{"sex": "f"}], MARGINS, {}, r"sample\[0\]\.age: expected a category"),
        ([{"sex": "f", "age": ["y"]}], MARGINS, {}, r"sample\[0\]\.age: expected a category"),
        (ROWS, {}, {}, "margins: expected at least one margin"),
        (ROWS, [MARGINS], {}, "margins: expected a mapping"),
        (ROWS, {"sex": 1}, {}, r"margins\[sex\]: expected a mapping"),
        (ROWS, {**MARGINS, "age": {"y": 45, "o": 56}}, {}, r"margins\[age\]: expected the total .*, 100"),
        (ROWS, {"sex": {"f": 60, "m": 40, "x": 1}}, {}, r"margins\[sex\]\[x\]: expected 0"),
        (ROWS, {"sex": {"f": 60}}, {}, r"margins\[sex\]\[m\]: expected a target above 0"),
        (ROWS, {"sex": {"f": 60, "m": -1}}, {}, r"margins\[sex\]\[m\]"),
        (APART, MARGINS, {}, r"max_rounds: expected margins that agree \(the largest error is"),
        (ROWS, MARGINS, {"max_rounds": 0}, "max_rounds"),
        (ROWS, MARGINS, {"tolerance": 0.0}, "tolerance"),
        (ROWS, MARGINS, {"tolerance": float("nan")}, "tolerance"),
        (ROWS, MARGINS, {"tolerance": Decimal("sNaN")}, "tolerance"),
        (ROWS, MARGINS, {"tolerance": "1e-9"}, "tolerance"),
        (ROWS, MARGINS, {"bounds": (1, 2)}, "bounds"),
        (ROWS, MARGINS, {"bounds": ("0", "2")}, "bounds"),
        (ROWS, MARGINS, {"bounds": (Decimal("NaN"), 2)}, "bounds"),
        (ROWS, MARGINS, {"bounds": (0,)}, "bounds"),
        (ROWS, MARGINS, {"bounds": (0, Decimal("1.01")), "max_rounds": 20}, "max_rounds: expected margins that agree"),
    ],
    ids=[
        "nobody",
        "text",
        "no category",
        "a list",
        "no margin",
        "a list of margins",
        "no targets",
        "totals",
        "nobody there",
        "no target",
        "negative",
        "apart",
        "no rounds",
        "no tolerance",
        "NaN",
        "signaling NaN",
        "text as tolerance",
        "bounds around nothing",
        "text as bounds",
        "NaN as a bound",
        "one bound",
        "bounds too narrow",
    ],
)
def test_what_is_not_raked(sample: Any, margins: Any, more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"rake\.{path}"):
        rake(sample, margins, **more)


def test_weights_that_vanish_do_not_converge() -> None:
    """The weight of the one woman has to be 0, and is after some thousand rounds: an error, and no division by it."""
    rows = [{"sex": "f", "age": "y"}, {"sex": "m", "age": "y"}, {"sex": "m", "age": "o"}]
    margins = {"sex": {"f": 60, "m": 40}, "age": {"y": 30, "o": 70}}

    with pytest.raises(InvalidValue, match=r"rake\.max_rounds"):
        rake(rows, margins, max_rounds=5000)


def test_bounds_trim_weights() -> None:
    rows = [*ROWS, *[{"sex": "m", "age": "y"}] * 5]
    free = rake(rows, MARGINS)
    bound = rake(rows, MARGINS, bounds=(Fraction(1, 5), Decimal("3.6")), max_rounds=5000)

    assert (max(free) > 36, max(bound)) == (True, pytest.approx(36))
    assert sum([weight for row, weight in zip(rows, bound, strict=True) if row["age"] == "o"]) == pytest.approx(55)
