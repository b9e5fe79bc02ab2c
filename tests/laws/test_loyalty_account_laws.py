"""Laws of extensions, refunds, statements, movements and audits."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from strategies_loyalty import START, adjusted, amounts, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.errors import InvalidValue, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    Extension,
    Flat,
    Inactive,
    Never,
    PerAmount,
    RedemptionRestored,
    Restore,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.money import Rounding
from relex.purchases import Line, Return
from relex.testing.strategies import account_changes, accounts

if TYPE_CHECKING:
    import random
    from datetime import datetime
    from decimal import Decimal

    from relex.changes import Event
    from relex.loyalty import Program

FAST = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

# --- extensions -----------------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from(["add", "visit", "redeem", "hold", "extend", "to"]), st.integers(1, 60), st.integers(1, 240)
    ),
    min_size=1,
    max_size=12,
)
EXTENDING = program(
    EarningRule("visit", Flat(10), on="visit"), expires=Days(20), extensions=[Extension(Days(9)), Extension(Days(4))]
)
IDLE = attrs.evolve(EXTENDING, expires=Inactive(Days(12)))


def played(of: Program, history: list[tuple[str, int, int]]) -> tuple[Account, datetime]:
    """The account after moves, each some hours after the one before; what is refused is left out."""
    account, now = opened(of), START
    for number, (what, count, hours) in enumerate(history):
        now += timedelta(hours=hours)
        try:
            account = made(account, of, what, count, f"m{number}", now)
        except Rejected:
            continue
    return account, now


def made(account: Account, of: Program, what: str, count: int, name: str, at: datetime) -> Account:
    said: dict[str, Any] = {"id": name, "reason": "law", "actor": "law", "at": at}
    if what == "add":
        return account.adjust(count, of, **said).state
    if what == "visit":
        return account.earn(visit(name, at), of, at=at).state
    if what == "redeem":
        return account.redeem(count, of, id=name, at=at).state
    if what == "hold":
        return account.hold(count, of, id=name, at=at, until=at + timedelta(days=count)).state
    return account.extend(of, **said, to=at + timedelta(days=count) if what == "to" else None).state


@FAST
@given(moves, st.sampled_from([EXTENDING, IDLE]), st.integers(1, 40))
def test_an_extension_never_shortens(history: list[tuple[str, int, int]], of: Program, days: int) -> None:
    account, now = played(of, history)
    before = {lot.id: lot for lot in account.lots(as_of=now)}
    said: dict[str, Any] = {"at": now, "reason": "law", "actor": "law"}
    later = account.extend(of, id="by", **said).state.extend(of, id="to", to=now + timedelta(days=days), **said).state
    after = {lot.id: lot for lot in later.lots(as_of=now)}

    assert {name: lot.remaining for name, lot in before.items()} == {name: lot.remaining for name, lot in after.items()}
    assert all(after[name].expires_at >= lot.expires_at for name, lot in before.items())


@FAST
@given(moves, st.sampled_from([EXTENDING, IDLE]))
def test_extensions_fold_the_same_in_any_way(history: list[tuple[str, int, int]], of: Program) -> None:
    account, now = played(of, history)
    folded = None
    for event in account.events:
        folded = Account.evolve(folded, event)

    assert account == Account.replay(account.events) == folded
    assert account.settle(of, at=now + timedelta(days=90)).state.audit() == ()


# --- refunds --------------------------------------------------------------------------------------------------------

half_up = Rounding.HALF_UP.apply


@FAST
@given(
    st.lists(st.tuples(amounts, st.integers(1, 3)), min_size=1, max_size=3),
    st.lists(st.integers(1, 60), min_size=1, max_size=3),
    st.sampled_from(["proportional", "full_only", "never"]),
    st.randoms(use_true_random=False),
)
def test_refunds_in_any_partition_are_one_whole_refund(
    lines: list[tuple[Decimal, int]], spent: list[int], on_return: str, rng: random.Random
) -> None:
    of = program(EarningRule("base", PerAmount(1, per="3.00")), expires=Never(), restore=Restore(on_return=on_return))
    basket = sale(*[Line(n, f"s{n}", count, gross=gross * count) for n, (gross, count) in enumerate(lines, 1)])
    account = adjusted(opened(of), of, 200, START)
    for number, count in enumerate(spent):
        account = account.redeem(count, of, id=f"d{number}", purchase="s1", at=START).state
    account = account.earn(basket, of, at=START).state
    units = [n for n, (_, count) in enumerate(lines, 1) for _ in range(count)]
    rng.shuffle(units)
    steps = account
    for number, line in enumerate(units):
        at = START + timedelta(days=number)
        steps = steps.refund(Return(f"r{number}", purchase="s1", at=at, lines={line: 1}), of, at=at).state
        returned = Fraction(sum(event.spend for event in steps.events if hasattr(event, "awarded_at")))
        share = Fraction(returned, int(basket_net(account))) if basket_net(account) else Fraction(1)
        if on_return == "proportional":
            assert restored(steps) == half_up(sum(spent) * share)
    whole = dict(enumerate([count for _, count in lines], 1))
    at_once = account.refund(Return("r", purchase="s1", at=START, lines=whole), of, at=START).state

    assert restored(steps) == restored(at_once) == (0 if on_return == "never" else sum(spent))
    assert steps.audit() == at_once.audit() == ()


def basket_net(account: Account) -> int:
    return sum(event.spend for event in account.events if hasattr(event, "breakdown"))


def restored(account: Account) -> int:
    return sum(event.points for event in account.events if isinstance(event, RedemptionRestored))


# --- statements and movements ---------------------------------------------------------------------------------------

SUMS = ("pending", "available", "held", "debt")


@SLOW
@given(accounts(max_size=12), st.integers(-10, 60), st.integers(1, 90))
def test_opening_and_rows_are_closing(account: Account, first: int, length: int) -> None:
    start = account.opened_at + timedelta(days=first)
    period = Period(start, start + timedelta(days=length))
    for points in account._ledger.books:
        found = account.statement(period, points=points)
        moved = [sum(getattr(row, name) for row in found.rows) for name in SUMS]

        assert [getattr(found.closing, name) for name in SUMS] == [
            getattr(found.opening, name) + change for name, change in zip(SUMS, moved, strict=True)
        ]


@SLOW
@given(accounts(max_size=12), st.integers(1, 90))
def test_movements_balance_and_agree_with_the_buckets(account: Account, days: int) -> None:
    at = account.opened_at + timedelta(days=days)
    found = account.movements(Period(account.opened_at - timedelta(days=400), at))
    ledger = account._ledger_at(at - timedelta(microseconds=1))

    assert all(sum(points for _, points in row.moved) == 0 for row in found.rows)
    assert all(
        sum(points for *_, points in row.postings) == sum(points for _, points in row.moved if points > 0)
        for row in found.rows
    )
    for currency, sums in found.totals().items():
        book = ledger.books[currency]
        assert sums == {
            "issued": -book.credited,
            "pending": book.pending,
            "available": book.usable,
            "held": book.held,
            "redeemed": book.redeemed,
            "expired": book.expired,
            "reversed": book.reversed,
            "out": book.out,
            "debt": -book.owed,
        }


# --- audits ---------------------------------------------------------------------------------------------------------


@SLOW
@given(accounts(max_size=12))
def test_an_account_made_by_commands_is_well(account: Account) -> None:
    assert account.audit(version=account.version, seal=account.seal()) == ()
    assert Account(account.events).audit(seal=account.seal()) == ()


@SLOW
@given(account_changes(max_size=10), st.randoms(use_true_random=False), st.sampled_from(["drop", "double", "tail"]))
def test_a_row_that_is_missing_or_doubled_is_found(changes: Any, rng: random.Random, how: str) -> None:
    account = changes[-1].state
    events = list(account.events)
    place = rng.randrange(len(events))
    if how == "drop":
        del events[place]
    elif how == "double":
        events.insert(place, events[place])
    else:
        del events[place + 1 :]
        assume(len(events) < account.version)

    assert not sound(events, account)


@SLOW
@given(account_changes(max_size=10), st.randoms(use_true_random=False))
def test_a_row_that_was_edited_is_found(changes: Any, rng: random.Random) -> None:
    account = changes[-1].state
    events = list(account.events)
    place = rng.randrange(len(events))
    events[place] = attrs.evolve(events[place], at=events[place].at + timedelta(microseconds=1))

    assert not sound(events, account)


def sound(events: list[Event], account: Account) -> bool:
    """Whether rows make an account in which nothing is found."""
    try:
        return not Account(events).audit(seal=account.seal())
    except InvalidValue:
        return False


# --- tiers ----------------------------------------------------------------------------------------------------------


@FAST
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 30), st.booleans())
def test_points_that_wait_count_once_they_can_be_used(days: list[int], waits: int, whole: bool) -> None:
    """Counting from the activation is counting the same visits so many days later."""
    of = program(
        EarningRule("visit", Flat(10), on="visit"),
        pending=Days(waits + 1),
        expires=Months(6),
        tiers=[Tier("one", at=20), Tier("two", at=40)],
        tier_policy=TierPolicy(counts="activation", keeps=WhileMet()),
    )
    plain = attrs.evolve(of, pending=None, tier_policy=TierPolicy(keeps=WhileMet()))
    late, now = opened(of), opened(plain)
    for number, day in enumerate(sorted(days)):
        at = START + timedelta(days=day, hours=0 if whole else 5)
        late = late.earn(visit(f"v{number}", at), of, at=at).state
        at = START + timedelta(days=day + waits + 1)
        now = now.earn(visit(f"v{number}", at), plain, at=at).state
    end = START + timedelta(days=100)

    assert late.progress(of, as_of=end).have == now.progress(plain, as_of=end).have
    assert late.settle(of, at=end).state.standing.tier == now.settle(plain, at=end).state.standing.tier
    assert late.settle(of, at=end).state.standing.since == now.settle(plain, at=end).state.standing.since
