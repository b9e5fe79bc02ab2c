"""What a checker knows about accounts: commands give changes, questions give values."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

import relex
from relex import Account, Change, Customer, Event, Program, Purchase, loads
from relex.loyalty import Balance, PointsQuote, Referral, ReferralTerms


def decides(account: Account, program: Program, purchase: Purchase, now: datetime) -> None:
    """A command unpacks into the account and the events."""
    opened, events = Account.open("a-1", customer="c-1", program=program, at=now)
    assert_type(opened, Account)
    assert_type(events, tuple[Event, ...])
    assert_type(account.earn(purchase, program, at=now), Change[Account])
    assert_type(account.redeem(50, program, id="r-1", at=now), Change[Account])
    assert_type(
        account.earn(purchase, program, at=now).then(lambda it: it.redeem(5, program, id="r", at=now)).expected, int
    )


def answers(account: Account, now: datetime) -> None:
    """A question gives a value."""
    assert_type(account.balance(as_of=now), Balance)
    assert_type(account.balance(as_of=now).available, int)
    assert_type(account.tier_at(now), str | None)


def rewards(account: Account, program: Program, purchase: Purchase, now: datetime) -> None:
    """A quote is a value; a redemption may bring its basket."""
    assert_type(program.quote("cash", account, purchase, as_of=now, wanted=100), PointsQuote)
    assert_type(account.redeem(100, program, id="r", reward="cash", basket=purchase, at=now), Change[Account])


def refers(referral: Referral, terms: ReferralTerms, purchase: Purchase, now: datetime) -> None:
    """A referral changes as every aggregate does."""
    assert_type(referral.join("c-2", terms, at=now, keys={"phone": "1"}), Change[Referral])
    assert_type(referral.qualify(purchase, terms, at=now), Change[Referral])
    assert_type(referral.state_at(now), str)


def needs_a_time(account: Account, program: Program) -> None:
    """Time is an argument that cannot be left out."""
    account.redeem(50, program, id="r-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def travels(text: str) -> None:
    """What is loaded is of the class that was asked for; contexts are attributes of the package."""
    assert_type(loads(text, Program), Program)
    assert_type(loads(text, relex.loyalty.Program), Program)
    assert_type(loads(text, Customer), Customer)
