"""Thresholds of earning rules, as the loyalty page works them out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from relex.rules import compile_rule, evaluate, field

if TYPE_CHECKING:
    from relex.rules import Facts


@pytest.mark.parametrize(
    ("threshold", "facts", "expected"),
    [
        pytest.param("50.00", {"purchase.total": Decimal("50.00")}, True, id="E4-on-it"),
        pytest.param("49.99", {"purchase.total": Decimal("50.00")}, True, id="E4-above"),
        pytest.param("50.01", {"purchase.total": Decimal("50.00")}, False, id="E4-below"),
        pytest.param("50.00", {}, None, id="E4-no-total"),
    ],
)
def test_a_threshold_includes_itself_and_a_missing_total_is_unknown(
    threshold: str, facts: Facts, expected: Any
) -> None:
    """Case E4: `purchase.total >= t` on 50.00."""
    rule = field("purchase.total") >= Decimal(threshold)

    assert expected is evaluate(rule, facts).answer
    assert expected is compile_rule(rule)(facts)
