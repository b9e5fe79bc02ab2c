"""How many answers it takes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import cochran, krejcie_morgan, net_size


def test_a_share_that_is_sure_needs_none() -> None:
    assert (cochran(Decimal("0.05"), 0).needed, cochran(Decimal("0.05"), 1).needed) == (0, 0)


def test_a_net_score_of_less_variance_needs_fewer() -> None:
    half = net_size(Decimal("0.1"), Fraction(1, 2))

    assert (half.needed, str(half)) == (193, "193 answers")


def test_a_lower_level_needs_fewer() -> None:
    assert cochran(Fraction(1, 20), level=Decimal("0.9")).needed == 271


@pytest.mark.parametrize(
    "call",
    [
        lambda: cochran(0.05),  # type: ignore[arg-type]  # what is tested
        lambda: cochran(Decimal(0)),
        lambda: cochran(Fraction(1, 10**400)),
        lambda: cochran(Decimal("1.1")),
        lambda: cochran(5),  # type: ignore[arg-type]  # what is tested
        lambda: cochran(Decimal("0.05"), Decimal(2)),
        lambda: cochran(Decimal("0.05"), level=Decimal(1)),
        lambda: net_size(Decimal("0.1"), -1),
        lambda: net_size(Decimal("NaN")),
        lambda: krejcie_morgan(0),
        lambda: krejcie_morgan(10.0),  # type: ignore[arg-type]  # what is tested
    ],
    ids=[
        "float",
        "zero",
        "nearly zero",
        "above all",
        "percent",
        "share",
        "level",
        "variance",
        "NaN",
        "nobody",
        "float population",
    ],
)
def test_what_is_refused(call: Any) -> None:
    with pytest.raises(InvalidValue, match=r"cochran|net_size|krejcie"):
        call()


def test_a_population_of_any_size_has_its_number() -> None:
    assert (krejcie_morgan(1), krejcie_morgan(10**30)) == (1, 384)
