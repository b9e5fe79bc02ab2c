"""The strategies of rewards and referrals draw what can come to be, and what they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from relex.changes import Event
from relex.errors import InvalidValue
from relex.loyalty import ReferralJoined
from relex.testing._samples import AT
from relex.testing.strategies import referral_changes, referral_events, referral_terms, referrals, rewards

if TYPE_CHECKING:
    from relex.loyalty import Referral, ReferralTerms, Reward

JOINED = referral_events(ReferralJoined)
lean = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@lean
@given(
    referrals(id="r1", referrer="ann", at=AT),
    referral_terms(id="t1"),
    rewards(id="w1"),
    referral_events(ReferralJoined),
)
def test_they_are_as_given(referral: Referral, terms: ReferralTerms, reward: Reward, event: Event) -> None:
    assert (referral.id, referral.referrer, referral.opened_at) == ("r1", "ann", AT)
    assert (terms.id, reward.id, type(event)) == ("t1", "w1", ReferralJoined)


def test_every_state_comes() -> None:
    states: set[str] = set()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(referrals(at=AT, max_size=10))
    def draw(referral: Referral) -> None:
        states.add(referral.state)

    draw()

    assert states == {"invited", "joined", "qualified", "rewarded", "rejected", "expired", "reversed"}


@lean
@given(st.data())
def test_any_event_is_drawn_where_none_is_named(data: st.DataObject) -> None:
    assert isinstance(data.draw(referral_events()), Event)


@pytest.mark.parametrize(
    ("make", "arguments", "path"),
    [
        (referrals, {"id": ""}, "referral_changes.id"),
        (referral_changes, {"referrer": 3}, "referral_changes.referrer"),
        (referral_changes, {"at": AT.date()}, "referral_changes.at"),
        (referral_changes, {"max_size": 0}, "referral_changes"),
        (referral_events, {"kind": Event}, "referral_events.kind"),
        (referral_terms, {"id": ""}, "referral_terms.id"),
        (rewards, {"id": ""}, "rewards.id"),
    ],
    ids=["id", "referrer", "at", "size", "kind", "terms", "reward"],
)
def test_a_wrong_argument_is_refused(make: Any, arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path.replace(".", r"\.")):
        make(**arguments)
