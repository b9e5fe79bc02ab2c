"""Drivers of an outcome: how importance is shared out, and which data cannot tell."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Drivers, Scale, drivers

PAIRS = [(1, 2), (2, 5), (4, 1), (5, 5), (3, 4), (2, 2)]
ROWS = [{"speed": s, "staff": t, "overall": 2 * s + t + (s * t) % 3} for s, t in PAIRS]
NAMES = ("speed", "staff")
STARS = {"speed": Scale(1, 5), "staff": Scale(1, 5)}


def found(rows: Any = ROWS, names: Any = NAMES, outcome: Any = "overall", **more: Any) -> Drivers:
    """The drivers of these rows."""
    return drivers(rows, outcome, names, **more)


def importance(of: Drivers) -> list[float]:
    """The importance of each driver, in the order of the names."""
    return [float(of.driver(name).importance) for name in NAMES]


def wide(count: int) -> tuple[list[dict[str, int]], list[str]]:
    """Rows of many drivers that are no combinations of each other."""
    names = [f"d{place}" for place in range(count)]
    rows = [
        {
            **{name: (row * row * (place + 3) + row * place * place) % 17 for place, name in enumerate(names)},
            "y": row % 7,
        }
        for row in range(3 * count)
    ]
    return rows, names


@pytest.mark.parametrize(
    ("count", "method"), [(1, "lmg"), (12, "lmg"), (13, "johnson")], ids=["one", "twelve", "thirteen"]
)
def test_the_method_follows_from_how_many_there_are(count: int, method: str) -> None:
    rows, names = wide(count)
    result = drivers(rows, "y", names)

    assert result.method == method
    assert float(sum([each.importance for each in result.drivers])) == pytest.approx(float(result.r_squared))


def test_one_driver_has_it_all() -> None:
    result = found(names=["speed"])

    assert result.drivers[0].share == 1
    assert result.drivers[0].importance == result.r_squared


@pytest.mark.parametrize("method", ["lmg", "johnson", "pratt"])
def test_importance_adds_up_to_r_squared(method: str) -> None:
    result = found(method=method)

    assert sum(importance(result)) == pytest.approx(float(result.r_squared))


def test_of_two_drivers_lmg_and_johnson_agree() -> None:
    assert importance(found(method="lmg")) == pytest.approx(importance(found(method="johnson")))


@pytest.mark.parametrize("method", ["lmg", "johnson", "first", "last", "pratt", "betasq"])
def test_of_drivers_that_do_not_go_together_each_has_its_square(method: str) -> None:
    rows = [{"speed": s, "staff": t, "overall": 2 * s + t} for s, t in product((1, 2, 3), repeat=2)]

    assert importance(found(rows, method=method)) == pytest.approx([0.8, 0.2])


@pytest.mark.parametrize("method", ["johnson", "first", "last", "pratt", "betasq"])
def test_only_lmg_has_groups(method: str) -> None:
    with pytest.raises(InvalidValue, match=rf"drivers\.groups: expected no groups with {method} \(they need lmg\)"):
        found(method=method, groups={"g": ("speed",)})


def test_many_drivers_in_few_groups_are_shared_out_by_lmg() -> None:
    rows, names = wide(16)
    result = drivers(rows, "y", names, groups={"all but one": names[1:]})

    assert (result.method, {each.name for each in result.drivers}) == ("lmg", {"d0", "all but one"})
    assert result.driver("all but one").sign is None


def test_an_outcome_that_goes_with_nothing_has_no_shares() -> None:
    rows = [{"a": a, "b": b, "y": a * b} for a in (-1, 1) for b in (-1, 1)] * 2
    result = drivers(rows, "y", ["a", "b"])

    assert (result.r_squared, [each.share for each in result.drivers]) == (0, [None, None])
    assert "none" in str(result)
    assert "–" in result._repr_html_()


def test_weights_are_like_repeated_rows() -> None:
    weighted = found([{**row, "w": 1 + place % 3} for place, row in enumerate(ROWS)], weights="w", scales=STARS)
    repeated = found([row for place, row in enumerate(ROWS) for _ in range(1 + place % 3)], scales=STARS)

    assert importance(weighted) == pytest.approx(importance(repeated))
    assert float(weighted.driver("speed").performance or 0) == pytest.approx(
        float(repeated.driver("speed").performance or 0)
    )


@pytest.mark.parametrize("factor", [1e200, 1e-200, -3.5], ids=["huge", "tiny", "turned"])
def test_the_unit_of_a_column_changes_nothing(factor: float) -> None:
    moved = [{**row, "speed": row["speed"] * factor, "w": 1e200} for row in ROWS]

    assert importance(found(moved, weights="w")) == pytest.approx(importance(found()))


def test_missing_rows_are_counted_or_refused() -> None:
    rows = [*ROWS, {"speed": 1, "overall": 2}, {"speed": None, "staff": 1, "overall": 2}]
    result = found(rows)

    assert (result.n, result.dropped, result.drivers) == (6, 2, found().drivers)
    with pytest.raises(InvalidValue, match=r"drivers\.rows\[6\]\.staff: expected a number, got None"):
        found(rows, missing="raise")


def test_quadrants_part_the_important_and_the_good() -> None:
    every = [dict(zip("abcd", row, strict=True)) for row in product((1, 5), repeat=4)]
    rows = [{**row, "y": 10 * row["a"] + 10 * row["b"] + row["c"] + row["d"]} for row in every]
    scales = {"a": Scale(1, 5), "b": Scale(1, 9), "c": Scale(1, 5), "d": Scale(1, 9)}
    result = drivers(rows, "y", list("abcd"), scales=scales)

    assert {each.name: each.quadrant for each in result.drivers} == {
        "a": "keep up",
        "b": "fix first",
        "c": "maintain",
        "d": "watch",
    }


def test_without_a_scale_there_is_no_quadrant() -> None:
    result = found(scales={"speed": Scale(1, 5)})

    assert (result.driver("staff").performance, result.driver("staff").quadrant) == (None, None)
    assert result.driver("speed").quadrant is not None


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"names": []}, "names: expected at least one driver"),
        ({"names": ["speed", "speed"]}, "names: expected at least one driver, each once"),
        ({"names": "speed"}, "names: expected an iterable"),
        ({"names": [1]}, "names"),
        ({"outcome": "speed"}, "outcome: expected a column that is no driver"),
        ({"outcome": ""}, "outcome"),
        ({"method": "ols"}, "method: expected one of lmg"),
        ({"missing": "zero"}, "missing"),
        ({"weights": 1}, "weights"),
        ({"scales": []}, "scales"),
        ({"scales": {"speed": 5}}, "scales"),
        ({"scales": {"sped": Scale(1, 5)}}, "scales"),
        ({"scales": {"speed": Scale(1, 4)}}, r"scales\[speed\]"),
        ({"scales": {"speed": Scale(2, 5)}}, r"scales\[speed\]"),
        ({"groups": {"": NAMES}}, "groups"),
        ({"groups": [("speed",)]}, "groups"),
        ({"groups": {"g": ()}}, r"groups\[g\]: expected at least one driver"),
        ({"groups": {"g": ("price",)}}, r"groups\[g\]: expected drivers, each in one group only, got 'price'"),
        ({"groups": {"g": ("speed",), "h": ("speed",)}}, r"groups\[h\]"),
        ({"groups": {"speed": ("staff",)}}, "groups: expected names that no driver outside of groups has"),
        ({"rows": ROWS[:3]}, "rows: expected at least 4 complete rows for 2 drivers, got 3"),
        ({"rows": []}, "rows: expected at least 4"),
        ({"rows": [1] * 5}, r"rows\[0\]\.speed: expected a mapping"),
        ({"rows": [{**ROWS[0], "speed": "5"}]}, r"rows\[0\]\.speed: expected a number"),
        ({"rows": [{**ROWS[0], "speed": True}]}, r"rows\[0\]\.speed: expected a number"),
        ({"rows": [{**ROWS[0], "speed": float("nan")}]}, "expected a finite number"),
        ({"rows": [{**ROWS[0], "speed": 10**400}]}, "expected a finite number"),
        ({"rows": [{**ROWS[0], "speed": Decimal("sNaN")}]}, "expected a finite number"),
        ({"rows": [{**row, "speed": 3} for row in ROWS]}, "rows: expected columns that are not constant, got 'speed'"),
        ({"rows": [{**row, "overall": 0} for row in ROWS]}, "not constant, got 'overall'"),
        ({"rows": [{**row, "w": 0} for row in ROWS], "weights": "w"}, "weights: expected weights above 0"),
    ],
    ids=lambda it: None if isinstance(it, str) else next(iter(it)),
)
def test_what_is_refused(wrong: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidValue, match=rf"drivers\.{expected}|{expected}"):
        found(**wrong)


def test_a_column_that_varies_by_rounding_only_is_constant() -> None:
    rows = [{**row, "speed": 0.3 if place % 2 else 0.1 + 0.2} for place, row in enumerate(ROWS)]

    with pytest.raises(InvalidValue, match="not constant, got 'speed'"):
        found(rows)


def test_combinations_are_named() -> None:
    rows = [{**row, "sum": row["speed"] + row["staff"], "free": place**2 % 5} for place, row in enumerate(ROWS)]

    with pytest.raises(InvalidValue, match="expected drivers that are no exact combination of each other") as caught:
        found(rows, names=["free", "speed", "staff", "sum"])
    assert caught.value.value == "speed, staff, sum"


def test_lmg_walks_fifteen_at_most() -> None:
    rows, names = wide(16)

    with pytest.raises(InvalidValue, match=r"drivers\.method: expected johnson, for more than 15 drivers"):
        drivers(rows, "y", names, method="lmg")


def test_numbers_of_all_kinds() -> None:
    kinds = [int, float, Decimal, Fraction]
    mixed = [{name: kinds[place % 4](value) for name, value in row.items()} for place, row in enumerate(ROWS)]

    assert found(mixed) == found()


def test_a_name_that_is_no_driver() -> None:
    with pytest.raises(InvalidValue, match=r"driver\.name: expected one of"):
        found().driver("price")


def test_it_is_told_in_words_and_as_a_table() -> None:
    result = found(scales=STARS, groups={"<all>": NAMES})

    assert str(result).splitlines()[1].endswith("(100.0 %, group)")
    assert ("an association, not a cause" in result._repr_html_(), "&lt;all&gt;" in result._repr_html_()) == (
        True,
        True,
    )
