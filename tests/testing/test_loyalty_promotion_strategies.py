"""What the strategies of promotions honour and refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from relex.errors import InvalidValue
from relex.loyalty import Gift, Promotion, PromotionUse
from relex.testing import strategies


@settings(max_examples=25)
@given(strategies.benefits(currency="EUR"))
def test_benefits_are_in_the_currency(benefit: Any) -> None:
    assert Promotion("p", benefit).currencies in {(), ("EUR",)}


@settings(max_examples=25)
@given(strategies.promotions(id="p", currency="EUR"))
def test_promotions_are_of_the_id_and_in_the_currency(promotion: Promotion) -> None:
    assert promotion.id == "p"
    assert promotion.currencies in {(), ("EUR",)}
    assert not (isinstance(promotion.gives, Gift) and any(cap.amount is not None for cap in promotion.caps))


@settings(max_examples=25)
@given(strategies.promotion_uses(promotion="p"))
def test_uses_are_of_the_promotion(use: PromotionUse) -> None:
    assert use.promotion == "p"


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: strategies.benefits(currency="euro"), id="benefits-currency"),
        pytest.param(lambda: strategies.promotions(id=""), id="promotions-id"),
        pytest.param(lambda: strategies.promotions(currency=5), id="promotions-currency"),  # type: ignore[arg-type]
        pytest.param(lambda: strategies.promotion_uses(promotion=""), id="uses-promotion"),
    ],
)
def test_another_argument_is_refused(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()
