"""What is odd about data, and who lives together."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex.customers import HouseholdRule, QualityPolicy
from relex.testing.strategies._basics import texts, words
from relex.testing.strategies._scoring import score_cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "household_rules", "quality_policies"]

_SHARES: SearchStrategy[Any] = st.sampled_from((1, Decimal("0.85"), Fraction(2, 3), 0))
_SOME = st.lists(words(), max_size=3)
_FIELDS = st.sampled_from(("name", "email", "phone", "address", "job_title", "born"))
_WEIGHTS: SearchStrategy[Any] = st.sampled_from((0, 1, 3, Decimal("0.5"), Fraction(1, 3)))
_DAYS = st.integers(1, 3000)


def quality_policies() -> SearchStrategy[QualityPolicy]:
    """Policies of quality: the default one, some with other lists, ages, requirements and cards.

    .. versionadded:: 0.1.0
    """
    return _POLICIES


_POLICIES = st.just(QualityPolicy()) | st.builds(
    QualityPolicy,
    allow=st.lists(texts(), max_size=2),
    fake_names=_SOME,
    placeholders=_SOME,
    keyboard_rows=_SOME,
    disposable_domains=_SOME,
    known_domains=_SOME,
    role_names=_SOME,
    likeness=_SHARES,
    fictional_numbers=st.lists(st.from_regex(r"\A\+[0-9N?]{5,12}\Z"), max_size=2),
    half_lives=st.dictionaries(_FIELDS, _DAYS, max_size=3),
    half_life=_DAYS,
    ageless=st.lists(_FIELDS, max_size=2),
    required=st.dictionaries(_FIELDS, _WEIGHTS, max_size=3),
    card=score_cards(combine="sum"),
)


def household_rules() -> SearchStrategy[HouseholdRule]:
    """Rules of households, by name or by address.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        HouseholdRule,
        by=st.sampled_from(("name", "address")),
        family=_SHARES,
        city=_SHARES,
        least=st.integers(1, 3),
        max_block=st.integers(1, 1000),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    HouseholdRule: household_rules,
    QualityPolicy: quality_policies,
}
"""The strategy of every stored form of quality and households."""
