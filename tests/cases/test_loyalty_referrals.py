"""Worked cases of the specification of referrals: F1 to F3 (derived; referrer 500, referee 200, from 50.00)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import START, day, opened, program, sale

from relex.calendars import Days
from relex.errors import Rejected
from relex.loyalty import (
    Account,
    Cap,
    EarningRule,
    Flat,
    PointsEarned,
    Referral,
    ReferralQualified,
    ReferralReversed,
    ReferralTerms,
)
from relex.rules import field

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Change, Event
    from relex.loyalty import Occasion, Program

TERMS = ReferralTerms("friends", when=field("purchase.total") >= 50)


def thanks(*caps: Cap) -> Program:
    return program(
        EarningRule("referrer", Flat(500), field("referral.side") == "referrer", on="referral", caps=caps),
        EarningRule("referee", Flat(200), field("referral.side") == "referee", on="referral"),
        pending=Days(30),
    )


def joined(name: str = "r1", friend: str = "bob", at: datetime = START) -> Referral:
    invited = Referral.invite(name, TERMS, referrer="ann", at=at).state
    return invited.join(friend, TERMS, at=at).state


def both(change: Change[Referral]) -> tuple[Occasion, ...]:
    """The occasions of both sides."""
    (event,) = change.events
    assert isinstance(event, ReferralQualified)
    return event.occasions


def points(event: Event) -> int:
    assert isinstance(event, PointsEarned)
    return event.points


def test_f1_a_purchase_that_is_returned() -> None:
    """F1: both are pending until 31 March, and both are reversed; nothing matures."""
    of = thanks()
    bought, back = day("03-01"), day("03-20")
    basket = sale("60.00", at=bought)
    change = joined(at=bought).qualify(basket, TERMS, at=bought)
    sides = both(change)
    accounts = [
        Account.open(name, customer=name, program=of, at=bought).state.earn(occasion, of, at=bought).state
        for name, occasion in zip(("ann", "bob"), sides, strict=True)
    ]
    starts = [account.lots(as_of=bought)[0].available_at for account in accounts]
    gone = change.state.reverse(basket, [basket.take_back(id="b1", at=back)], TERMS, at=back)
    (reversal,) = gone.events
    assert isinstance(reversal, ReferralReversed)
    after = [
        account.reverse_occasion(kind, name, of, at=back, reason="returned").state
        for account, (kind, name) in zip(accounts, reversal.occasions, strict=True)
    ]

    assert [day("03-31"), day("03-31")] == starts
    assert [account.balance(as_of=back).pending for account in accounts] == [500, 200]
    assert [
        (account.balance(as_of=back).pending, account.balance(as_of=day("04-10")).available) for account in after
    ] == [(0, 0), (0, 0)]
    assert gone.state.state == "reversed"


def test_f2_the_fourth_friend_of_a_year() -> None:
    """F2: the referrer's rule is capped at three times a year, the referee's is not."""
    of = thanks(Cap(times=3, per="year"))
    referrer = opened(of)
    given = []
    for number in range(1, 5):
        change = joined(f"r{number}", f"friend{number}").qualify(sale("60.00", name=f"s{number}"), TERMS, at=START)
        mine, theirs = both(change)
        referrer, events = referrer.earn(mine, of, at=START)
        other = opened(of).earn(theirs, of, at=START).events
        given.append(tuple(points(event) for event in (*events, *other)))

    assert given == [(500, 200), (500, 200), (500, 200), (0, 200)]


def test_f3_the_first_purchase_decides() -> None:
    """F3: 49.99, then 80.00: neither qualifies."""
    first = joined().qualify(sale("49.99"), TERMS, at=START)
    with pytest.raises(Rejected) as refused:
        first.state.qualify(sale("80.00", name="s2"), TERMS, at=START)

    assert (first.state.state, first.state.qualified, refused.value.reason) == ("rejected", (), "rejected")


def test_f3_the_same_purchase_given_twice() -> None:
    """F3: 60.00 given twice qualifies once."""
    once = joined().qualify(sale("60.00"), TERMS, at=START).state
    twice = once.qualify(sale("60.00"), TERMS, at=day("01-02"))

    assert (len(twice.state.qualified), twice.events) == (1, ())
