"""What points buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.loyalty import Cap, CashOff, Gift, PercentOff, Reward
from relex.rules import field
from relex.testing.strategies._basics import either, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "rewards"]


def rewards(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> SearchStrategy[Reward]:
    """Rewards: points that pay, discounts and gifts.

    Args:
        id: Of the reward, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _reward,
        either("rewards.id", id, _checks.text, words()),
        st.integers(1, 500),
        st.sampled_from(_BENEFITS),
        st.sampled_from((None, field("account.tier") == "gold", field("basket.quantity").between(2, 9))),
        st.sampled_from(((), (Cap(times=2, per="month"),), (Cap(points=300, per="year", then="reject"),))),
    )


_BENEFITS = (
    CashOff(points=1, worth="0.01"),
    CashOff(points=100, worth="5.00", minimum=100, at_most="50%"),
    Gift("mug"),
    PercentOff(10),
)


def _reward(id_: str, cost: int, benefit: Any, when: Any, caps: tuple[Cap, ...]) -> Reward:
    return Reward(id_, None if isinstance(benefit, CashOff) else cost, benefit, when, caps=caps)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Reward: rewards}
"""The strategy of each class of rewards that has a stored form."""
