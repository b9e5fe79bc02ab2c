"""Examples of rewards, and of referrals with their events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import Days
from relex.loyalty import (
    Cap,
    CashOff,
    Gift,
    PercentOff,
    Referral,
    ReferralTerms,
    Reward,
)
from relex.purchases import Line, Purchase
from relex.rules import field
from relex.scoring import ScoreBand, ScoreCard, ScoreRule

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """Rewards, terms, referrals, and what happens to them."""
    guards = ScoreCard(
        [ScoreRule("at once", field("referral.days") == 0, 20)], bands=[ScoreBand("clear"), ScoreBand("review", 20)]
    )
    terms = ReferralTerms("friends", when=field("purchase.total") >= 50, within=Days(60), guards=guards)
    sale = Purchase("p1", at=AT, currency="USD", customer="bob", lines=[Line(1, "latte", 20, unit_price="3.00")])
    change = (
        Referral.invite("r1", terms, referrer="ann", code="ANN-7", at=AT)
        .then(lambda it: it.join("bob", terms, at=AT))
        .then(lambda it: it.qualify(sale, terms, at=AT))
        .then(lambda it: it.qualify(sale, terms, at=AT, approved_by="eve"))
        .then(lambda it: it.reward(at=AT))
        .then(lambda it: it.reverse(sale, [sale.take_back({1: 5}, id="b1", at=AT)], terms, at=AT + timedelta(days=1)))
    )
    ended = Referral.invite("r2", terms, referrer="ann", at=AT).then(
        lambda it: it.reject(at=AT, reason="asked us to", actor="eve")
    )
    late = Referral.invite("r3", terms, referrer="ann", at=AT).then(lambda it: it.expire(at=AT + timedelta(days=70)))
    return [
        Reward("cash", None, CashOff(points=100, worth="5.00", minimum=100, at_most="50%")),
        Reward("mug", 250, Gift("mug"), field("account.tier") == "gold", caps=[Cap(times=1, per="month")]),
        Reward("tenth", "99.5", PercentOff(10), currency="stars", on=field("line.category") == "coffee"),
        terms,
        change.state,
        *change.events,
        ended.state,
        *ended.events[1:],
        late.state,
        *late.events[1:],
    ]
