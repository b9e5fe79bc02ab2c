"""Laws of members and of points that move: nothing is lost, no end moves, each member's part adds up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import attrs
from hypothesis import given, settings, strategies as st
from strategies_loyalty import START, adjusted, program, visit

from relex.calendars import Days, Months
from relex.codec import decode, encode
from relex.loyalty import Account, EarningRule, Flat, Member, absorb, leave, transfer

if TYPE_CHECKING:
    import random

    from relex.changes import Event

CLUB = program(EarningRule("visit", Flat(25), on="visit", pending=Days(10)), expires=Months(2))
MOVES = START + timedelta(days=20)
Lots: TypeAlias = list[tuple[int, int, int | None]]

lots: st.SearchStrategy[Lots] = st.lists(
    st.tuples(st.integers(1, 300), st.integers(0, 19), st.none() | st.integers(20, 90)), min_size=1, max_size=5
)


def opened(name: str, given: Lots, visits: int = 0) -> Account:
    """An account with lots of (points, day, days until the end), and some that are pending still."""
    account = Account.open(name, customer=f"of-{name}", program=CLUB, at=START).state
    for count, day, lasts in given:
        at = START + timedelta(days=day)
        ends = None if lasts is None else START + timedelta(days=lasts, hours=1)
        account = adjusted(account, CLUB, count, at, ends=ends, now=MOVES)
    for number in range(visits):
        at = START + timedelta(days=12 + number)
        account = account.earn(visit(f"{name}:{number}", at), CLUB, at=MOVES).state
    return account.settle(CLUB, at=MOVES).state


def ends(*accounts: Account) -> Counter[datetime | None]:
    """Points by the end of their lots, pending ones too."""
    found: Counter[datetime | None] = Counter()
    for account in accounts:
        for lot in account.lots(as_of=MOVES):
            found[lot.expires_at] += lot.remaining
    return found


def sums(*accounts: Account) -> tuple[int, int, int]:
    """Available, pending and owed points of all."""
    balances = [account.balance(as_of=MOVES) for account in accounts]
    return (
        sum(each.available for each in balances),
        sum(each.pending for each in balances),
        sum(each.debt for each in balances),
    )


def conserved(account: Account) -> bool:
    """Law 1, at the last event."""
    return all(
        book.credited
        == book.usable + book.pending + book.held + book.redeemed + book.expired + book.reversed + book.out - book.owed
        for book in account._ledger.books.values()
    )


@settings(max_examples=50)
@given(mine=lots, theirs=lots, part=st.integers(1, 100))
def test_law_6_a_transfer_keeps_the_sum_and_every_end(mine: Lots, theirs: Lots, part: int) -> None:
    sender, receiver = opened("a1", mine), opened("a2", theirs)
    points = max(1, sender.balance(as_of=MOVES).available * part // 100)
    sent, received = transfer(points, sender, receiver, CLUB, id="t1", at=MOVES)

    assert sums(sender, receiver) == sums(sent.state, received.state)
    assert ends(sender, receiver) == ends(sent.state, received.state)
    assert conserved(sent.state)
    assert conserved(received.state)


@settings(max_examples=50)
@given(mine=lots, theirs=lots, waiting=st.integers(0, 3), owed=st.sampled_from((0, 0, 1000)))
def test_law_6_what_is_absorbed_keeps_the_sum_and_every_end(mine: Lots, theirs: Lots, waiting: int, owed: int) -> None:
    account, other = opened("a1", mine), opened("a2", theirs, waiting)
    if owed:
        other = other.redeem(owed + 1500, CLUB, id="r1", at=MOVES, allow_debt=True).state
    merged, gone = absorb(account, other, CLUB, at=MOVES)
    posted = [available + pending - debt for available, pending, debt in (sums(account, other), sums(merged.state))]

    assert posted[0] == posted[1]
    assert sums(gone.state) == (0, 0, 0)
    assert conserved(merged.state)
    assert conserved(gone.state)
    if not owed:
        assert ends(account, other) == ends(merged.state)


@settings(max_examples=50)
@given(mine=lots, saved=st.sampled_from(("both", "sender", "receiver")))
def test_law_4_a_transfer_given_twice_moves_once(mine: Lots, saved: str) -> None:
    sender, receiver = opened("a1", mine), opened("a2", [])
    points = sender.balance(as_of=MOVES).available
    sent, received = transfer(points, sender, receiver, CLUB, id="t1", at=MOVES)
    first = sender if saved == "receiver" else sent.state
    second = receiver if saved == "sender" else received.state
    again, arrived = transfer(points, first, second, CLUB, id="t1", at=MOVES)

    assert again.state == sent.state
    assert arrived.state == received.state


@settings(max_examples=50)
@given(mine=lots, theirs=lots, saved=st.sampled_from(("both", "account", "other")))
def test_law_4_an_absorption_given_twice_moves_once(mine: Lots, theirs: Lots, saved: str) -> None:
    account, other = opened("a1", mine), opened("a2", theirs, 2)
    merged, gone = absorb(account, other, CLUB, at=MOVES)
    first = account if saved == "other" else merged.state
    second = other if saved == "account" else gone.state
    again, ended = absorb(first, second, CLUB, at=MOVES)

    assert again.state == merged.state
    assert ended.state == gone.state


@settings(max_examples=50)
@given(mine=lots, order=st.randoms(use_true_random=False))
def test_law_3_the_fold_of_moved_points_does_not_depend_on_arrival(mine: Lots, order: random.Random) -> None:
    sender = opened("a1", mine)
    points = max(1, sender.balance(as_of=MOVES).available // 2)
    sent, received = transfer(points, sender, opened("a2", mine), CLUB, id="t1", at=MOVES)
    for account in (sent.state, received.state):
        assert shuffled(account, order) == [(lot.id, lot.remaining) for lot in account.lots(as_of=MOVES)]


def shuffled(account: Account, order: random.Random) -> list[tuple[str, int]]:
    """The lots of the account when its events arrive in another order."""
    first, *rest = account.events
    order.shuffle(rest)
    late: list[Event] = [attrs.evolve(event, version=place) for place, event in enumerate(rest, 2)]
    return [(lot.id, lot.remaining) for lot in Account([first, *late]).lots(as_of=MOVES)]


PEOPLE = ("of-a1", "ben", "kim")
deeds = st.lists(
    st.tuples(st.sampled_from(("visit", "spend", "add", "send")), st.sampled_from(PEOPLE), st.integers(1, 60)),
    max_size=12,
)


def played(given: list[tuple[str, str, int]]) -> Account:
    """A pool whose members did these things, one a day; what is not covered is not done."""
    account = Account.open("a1", customer=PEOPLE[0], program=CLUB, at=START).state
    for other in PEOPLE[1:]:
        account = account.add_member(other, CLUB, at=START).state
    for number, (what, member, count) in enumerate(given, 1):
        at = START + timedelta(days=number)
        account = done(account, what, member, min(count, account.balance(as_of=at).available), at, f"d{number}")
    return account


def done(account: Account, what: str, member: str, count: int, at: datetime, name: str) -> Account:
    if what == "visit":
        return account.earn(visit(name, at), CLUB, at=at, member=member).state
    if what == "add":
        told = {"reason": "goodwill", "actor": "eva"}
        return account.adjust(count + 20, CLUB, id=name, at=at, member=member, **told).state
    if not count:
        return account
    if what == "spend":
        return account.redeem(count, CLUB, id=name, at=at, member=member).state
    other = Account.open("a2", customer="lee", program=CLUB, at=START).state
    return transfer(count, account, other, CLUB, id=name, at=at, member=member).sender.state


@settings(max_examples=50)
@given(deeds)
def test_what_the_members_did_adds_up_to_what_the_account_did(given: list[tuple[str, str, int]]) -> None:
    account = played(given)
    shares = account.by_member(points="points").shares
    book = account._ledger.books.get("points")
    totals = [sum(getattr(each, name) for each in shares) for name in ("earned", "redeemed", "sent")]

    assert totals == ([0, 0, 0] if book is None else [book.earned, book.redeemed, book.out])


@settings(max_examples=50)
@given(deeds)
def test_who_leaves_takes_no_more_than_came_through_them(given: list[tuple[str, str, int]]) -> None:
    account = played(given)
    at = START + timedelta(days=30)
    receiver = Account.open("a2", customer="ben", program=CLUB, at=START).state
    before = account.balance(as_of=at).available
    left, took = leave("ben", account, receiver, CLUB, at=at)
    share = account.by_member(points="points").of("ben")
    moved = took.state.balance(as_of=at).available

    assert before == left.state.balance(as_of=at).available + moved
    assert moved <= share.earned + share.adjusted
    assert [member.customer for member in left.state.members] == ["of-a1", "kim"]


@settings(max_examples=50)
@given(deeds)
def test_members_and_transfers_are_read_back_as_they_were(given: list[tuple[str, str, int]]) -> None:
    account = played(given)
    again = Account([decode(encode(event), type(event)) for event in account.events])

    assert again == account
    assert again.members == account.members
    assert all(isinstance(member, Member) for member in again.members)
