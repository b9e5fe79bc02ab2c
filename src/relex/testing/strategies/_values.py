"""The strategy of a value, found by its class."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from relex.errors import InvalidValue
from relex.testing.strategies import (
    _account_events,
    _accounts,
    _assertions,
    _assignment,
    _calendars,
    _commissions,
    _consent,
    _customers,
    _deal_policies,
    _earning,
    _feedback_contact,
    _feedback_loop,
    _feedback_metrics,
    _feedback_surveys,
    _feedback_values,
    _figures,
    _forecasts,
    _insights,
    _interactions,
    _leads,
    _loyalty_extensions,
    _loyalty_liability,
    _loyalty_members,
    _loyalty_promotions,
    _loyalty_referrals,
    _loyalty_rewards,
    _loyalty_vouchers,
    _matching,
    _memberships,
    _money,
    _outcomes,
    _parties,
    _pipelines,
    _prices,
    _programs,
    _purchases,
    _quality,
    _quotes,
    _records,
    _rules,
    _scoring,
    _service_attempts,
    _service_cases,
    _service_clocks,
    _service_flows,
    _service_measures,
    _service_policies,
    _territories,
)
from relex.testing.strategies._basics import named

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["values"]

V = TypeVar("V")

_STORED = {
    **_account_events.STORED,
    **_accounts.STORED,
    **_assertions.STORED,
    **_assignment.STORED,
    **_calendars.STORED,
    **_commissions.STORED,
    **_consent.STORED,
    **_customers.STORED,
    **_deal_policies.STORED,
    **_earning.STORED,
    **_feedback_contact.STORED,
    **_feedback_loop.STORED,
    **_feedback_metrics.STORED,
    **_feedback_surveys.STORED,
    **_feedback_values.STORED,
    **_figures.STORED,
    **_forecasts.STORED,
    **_insights.STORED,
    **_interactions.STORED,
    **_leads.STORED,
    **_loyalty_extensions.STORED,
    **_loyalty_liability.STORED,
    **_loyalty_members.STORED,
    **_loyalty_promotions.STORED,
    **_loyalty_rewards.STORED,
    **_loyalty_referrals.STORED,
    **_loyalty_vouchers.STORED,
    **_matching.STORED,
    **_memberships.STORED,
    **_money.STORED,
    **_outcomes.STORED,
    **_parties.STORED,
    **_pipelines.STORED,
    **_prices.STORED,
    **_programs.STORED,
    **_purchases.STORED,
    **_quality.STORED,
    **_quotes.STORED,
    **_records.STORED,
    **_rules.STORED,
    **_scoring.STORED,
    **_service_attempts.STORED,
    **_service_cases.STORED,
    **_service_clocks.STORED,
    **_service_flows.STORED,
    **_service_measures.STORED,
    **_service_policies.STORED,
    **_territories.STORED,
}


def values(of: type[V] | None = None) -> SearchStrategy[Any]:
    """Values of a class that has a stored form, or of any such class.

    What is drawn is what the strategy of that class draws without arguments: `values(of=Purchase)` is `purchases()`.

    Args:
        of: The class, such as `Purchase` or `TagsChanged`; by default any.

    Raises:
        InvalidValue: For what is no class of relex with a stored form.

    Example:
        >>> from hypothesis import given
        >>> from relex.codec import decode, encode
        >>> from relex.parties import Identifier
        >>> from relex.testing import strategies
        >>> @given(strategies.values(of=Identifier))
        ... def test_round_trip(value):
        ...     assert decode(encode(value), Identifier) == value
        >>> test_round_trip()

    .. versionadded:: 0.1.0
    """
    if of is None:
        return _any()
    try:
        return _STORED[of]()
    except (KeyError, TypeError):
        raise InvalidValue("values.of", of, "a class of relex that has a stored form") from None


@cache
def _any() -> SearchStrategy[Any]:
    return named("values", st.one_of(*[make() for make in _STORED.values()]))
