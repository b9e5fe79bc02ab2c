"""Points currencies: smallest units, and how they are written."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.loyalty import Points

STARS = Points("stars", scale=2)


@pytest.mark.parametrize(("written", "units"), [("16.45", 1645), ("-0.05", -5), (3, 300), ("1/4", 25), ("0", 0)])
def test_an_amount_as_units(written: str | int, units: int) -> None:
    assert STARS.of(written) == units


@pytest.mark.parametrize(
    ("units", "written"), [(1645, "16.45"), (-5, "-0.05"), (0, "0.00"), (10**30, "1" + "0" * 28 + ".00")]
)
def test_units_as_an_amount(units: int, written: str) -> None:
    assert STARS.show(units) == written


@pytest.mark.parametrize("written", ["16.455", "1/3", 0.5, "many", None])
def test_an_amount_between_two_units_is_refused(written: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        STARS.of(written)

    assert caught.value.path == "Points.of.amount"


@pytest.mark.parametrize("units", [1.0, "1", True])
def test_units_are_ints(units: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        STARS.show(units)

    assert caught.value.path == "Points.show.points"
