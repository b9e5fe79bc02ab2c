"""Laws of holds and of lots in escrow: conservation, one ending, time, order of arrival."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from strategies_loyalty import START, adjusted, day, opened, program

from relex.calendars import Days, Period
from relex.codec import decode, encode
from relex.errors import Conflict, NotFound, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    Escrow,
    EscrowCanceled,
    HoldLapsed,
    Inactive,
    Occasion,
    PerAmount,
    Points,
    PointsEarned,
    PointsExpired,
    PointsMatured,
    Program,
    Restore,
    Tier,
    TierPolicy,
    WhileMet,
    advance,
)
from relex.loyalty._ledger import Book, Ledger, Notes

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import datetime

History: TypeAlias = list[tuple[str, int, int, int]]

FAST = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
END = START + timedelta(days=160)
DAY = 24 * 60

POSTED = ("visit", "stay", "order", "add", "redeem", "take", "hold", "hold", "capture", "void", "activate")
NAMES = (*POSTED, "restore", "undo", "extend")
histories = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, 120), st.integers(0, 90 * DAY), st.integers(0, 5)),
    min_size=1,
    max_size=16,
)
minutes = st.integers(0, 120 * DAY)


def club(**more: Any) -> Program:
    """Visits give at once, stays wait for days, orders wait for their delivery."""
    return program(
        EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit"),
        EarningRule("late", PerAmount(1, per=1, of="event.n"), on="stay", pending=Days(9)),
        EarningRule("order", PerAmount(1, per=1, of="event.n"), on="order", pending=Escrow("delivered", Days(12))),
        **more,
    )


CLUBS = [
    club(expires=Days(30)),
    club(expires=Days(20), restore=Restore("grace", Days(14))),
    club(expires=Days(20), restore=Restore("reissue"), points=[Points("points", clock="earning")]),
    club(expires=Inactive(Days(15)), restore=Restore("grace", Days(6))),
    club(expires=Inactive(Days(25), activities=("visit",))),
]
clubs = st.sampled_from(CLUBS)


def commands(history: History, of: Program) -> list[tuple[datetime, Callable[[Account, datetime], Any]]]:
    """The moves of a history in their order of time, each as a command that takes the account and when it is made."""
    found = []
    for number, (what, count, minute, which) in enumerate(sorted(history, key=lambda move: move[2])):
        at = START + timedelta(minutes=minute)
        found.append((at, _command(of, what, count, which, f"m{number}", at)))
    return found


def _command(of: Program, what: str, count: int, which: int, name: str, at: datetime) -> Any:
    until = at + timedelta(days=count % 40 + 1)
    signed = count if what == "add" else -count
    adjust = {"id": name, "reason": "law", "actor": "law", "effective": at, "allow_debt": True}
    return {
        "hold": lambda it, now: it.hold(count, of, id=name, until=until, at=now, effective=at),
        "capture": lambda it, now: it.capture(_held(it, which), of, points=count, at=now, effective=at),
        "void": lambda it, now: it.void(_held(it, which), of, at=now, effective=at),
        "activate": lambda it, now: it.activate(_ordered(it, which), of, on="delivered", at=now, effective=at),
        "restore": lambda it, now: it.restore(_spent(it, which), of, points=count, id=name, at=now, effective=at),
        "undo": lambda it, now: it.reverse_occasion(
            *_any(it, which), of, at=now, reason="law", effective=max(at, it.opened_at)
        ),
        "extend": lambda it, now: it.extend(of, id=name, at=now, to=now + timedelta(days=count), reason="x", actor="x"),
        "redeem": lambda it, now: it.redeem(count, of, id=name, at=now, effective=at, allow_debt=True),
        "add": lambda it, now: it.adjust(signed, of, at=now, **adjust),
        "take": lambda it, now: it.adjust(signed, of, at=now, **adjust),
    }.get(what, lambda it, now: it.earn(Occasion(what, name, at, {"n": count}), of, at=now))


def _of(account: Account, which: int, *kinds: str) -> Any:
    found = [event for event in account.events if type(event).__name__ in kinds]
    return found[-1 - which % len(found)] if found else None


def _held(account: Account, which: int) -> str:
    found = _of(account, which, "PointsHeld")
    return "none" if found is None else found.id


def _spent(account: Account, which: int) -> str:
    found = _of(account, which, "PointsRedeemed", "PointsHeld")
    return "none" if found is None else found.id


def _ordered(account: Account, which: int) -> tuple[str, str]:
    found = [event.key for event in account.events if type(event) is PointsEarned]
    orders = [key for key in found if key[0] == "order"]
    return orders[-1 - which % len(orders)] if orders else ("order", "none")


def _any(account: Account, which: int) -> tuple[str, str]:
    found = [event.key for event in account.events if type(event) is PointsEarned]
    return found[-1 - which % len(found)] if found else ("visit", "none")


def played(history: History, of: Program) -> Account:
    """The account after a history; what is refused changes nothing."""
    account = opened(of)
    for at, command in commands(history, of):
        account = tried(account, command, at)
    return account


def tried(account: Account, command: Callable[[Account, datetime], Any], now: datetime) -> Account:
    try:
        return command(account, now).state
    except (Conflict, NotFound, Rejected):
        return account


def refolded(account: Account) -> Ledger:
    """The ledger as a fold from the first entry on gives it, with notes of everything."""
    ledger = Ledger(account.opened_at, Notes())
    ledger.apply_all(account.entries())
    return ledger.settled()


def books(account: Account) -> dict[str, dict[str, Any]]:
    """All that the books of an account hold."""
    names = [name for name in Book.__slots__ if name not in {"notes", "trace"}]
    return {currency: {name: getattr(book, name) for name in names} for currency, book in account._ledger.books.items()}


def conserved(ledger: Ledger) -> bool:
    """Laws 1, 2 and 6 for every book."""
    return all(
        book.credited
        == book.usable + book.pending + book.held + book.redeemed + book.expired + book.reversed + book.out - book.owed
        and book.usable == sum(lot[3] for lot in book.open)
        and book.pending == sum(lot[4] for lot in book.waiting)
        and book.held == sum(each.points for each in book.holds)
        and book.owed == sum(owed for _, owed in book.debts)
        and all(each.points == sum(n for _, n in each.taken) + _unpaid(book, each) for each in book.holds)
        and not (book.owed and book.usable)
        and min(book.usable, book.pending, book.held, book.owed, book.redeemed, book.expired, book.reversed) >= 0
        for book in ledger.books.values()
    )


def _unpaid(book: Any, holding: Any) -> int:
    return sum(owed for key, owed in book.debts if key == ("redeem", holding.id))


@FAST
@given(histories, clubs, minutes)
def test_law_1_conservation_at_every_instant(history: History, of: Program, minute: int) -> None:
    account = played(history, of)

    assert conserved(account._ledger)
    assert conserved(account._ledger_at(START + timedelta(minutes=minute)))


@FAST
@given(histories, clubs)
def test_law_3_an_entry_in_its_order_is_posted_as_a_whole_fold_posts_it(history: History, of: Program) -> None:
    account = played(history, of)

    assert account._ledger == refolded(account)


@FAST
@given(histories, clubs, st.integers(0, 16))
def test_replay_gives_the_state(history: History, of: Program, start: int) -> None:
    account = played(history, of)
    part = Account.replay(account.events[: start + 1])

    assert account == Account.replay(account.events)
    assert account == Account.replay(account.events[start + 1 :], part)
    assert account == decode(encode(account), Account)


@FAST
@given(histories, clubs, st.randoms(use_true_random=False))
def test_law_3_the_order_of_arrival_does_not_matter(history: History, of: Program, rng: random.Random) -> None:
    history = [move for move in history if move[0] in POSTED]  # what comes back must have been there
    account = played(history, of)
    entries = [event for event in account.entries() if event.rank >= 0]
    events = [attrs.evolve(event, version=number) for number, event in enumerate(rng.sample(entries, len(entries)), 2)]
    state = opened(of)
    for event in events:
        state = Account.evolve(state, event)
    late = state.settle(of, at=END).state

    assert books(account.settle(of, at=END).state) == books(late)
    assert state == Account.replay(events, opened(of))


@FAST
@given(histories, clubs, minutes)
def test_law_3_as_of_answers_never_see_later_entries(history: History, of: Program, minute: int) -> None:
    at = START + timedelta(minutes=minute)
    before = [move for move in history if move[2] <= minute]
    known = played(before, of).balance(as_of=at)

    assert known == played(history, of).balance(as_of=at, points="points")


@FAST
@given(histories, clubs, st.integers(0, 80), st.integers(0, 80))
def test_law_3_settle_in_steps(history: History, of: Program, first: int, second: int) -> None:
    t1, t2 = sorted([START + timedelta(days=90 + first), START + timedelta(days=90 + second)])
    account = played(history, of)
    steps = advance(advance(account, of, until=t1).state, of, until=t2).state
    once = advance(account, of, until=t2).state

    assert told(once) == told(steps)
    assert books(once) == books(steps)
    assert advance(once, of, until=t2).events == ()
    assert account.balance(as_of=t2) == once.balance(as_of=t2)


def told(account: Account) -> list[tuple[Any, ...]]:
    """What time did, as reported; the dates of recording left aside."""
    kinds = (PointsMatured, EscrowCanceled, HoldLapsed, PointsExpired)
    found = [event for event in account.events if isinstance(event, kinds)]
    return sorted((event.effective, *event.key, event.points) for event in found)


@FAST
@given(histories, clubs, st.tuples(st.sampled_from(NAMES), st.integers(1, 120), st.integers(0, 80 * DAY), st.just(0)))
def test_notices_always_sum_to_the_fold(history: History, of: Program, late: tuple[str, int, int, int]) -> None:
    account = played(history, of).settle(of, at=day("05-20")).state
    moment = START + timedelta(minutes=late[2])
    account = tried(account, _command(of, late[0], late[1], late[3], "late", moment), day("05-21"))
    account = account.settle(of, at=day("05-22")).state
    trace: list[Any] = []
    account._ledger_at(day("05-22"), trace=trace)
    words = {PointsMatured: "matured", EscrowCanceled: "canceled", HoldLapsed: "lapsed", PointsExpired: "expired"}
    reported: dict[tuple[str, str], int] = {}
    for event in account.events:
        if type(event) in words:
            key = (words[type(event)], event.key[1])
            reported[key] = reported.get(key, 0) + event.points
    done: dict[tuple[str, str], int] = {}
    for _, what, _, name, points, *_ in trace:
        if what in words.values():
            done[what, name] = done.get((what, name), 0) + points

    assert done == {key: points for key, points in reported.items() if points}


@FAST
@given(histories, clubs)
def test_law_4_everything_submitted_twice_is_once(history: History, of: Program) -> None:
    account = opened(of)
    for at, command in commands([move for move in history if move[0] in POSTED and move[0] != "activate"], of):
        try:
            account = command(account, at).state
        except (Rejected, NotFound):
            continue

        assert command(account, at).events == ()


@FAST
@given(histories, clubs, st.integers(1, 60), st.integers(1, 60), st.integers(1, 30))
def test_law_6_captured_and_released_are_what_was_held(
    history: History, of: Program, points: int, captured: int, days: int
) -> None:
    account = played(history, of)
    at = START + timedelta(days=91)
    account = adjusted(account.settle(of, at=at).state, of, 500, at, name="more")
    assume(account.balance(as_of=at, points="points").available >= points + captured)
    before = account._ledger_at(at).books["points"]
    account = account.hold(points + captured, of, id="law", until=END, at=at).state
    after = account.capture("law", of, points=captured, at=at + timedelta(minutes=days)).state
    book = after._ledger.books["points"]

    assert captured == book.redeemed - before.redeemed
    assert before.held == account._ledger.books["points"].held - points - captured
    for again in (after.void, lambda *args, **more: after.capture(*args, points=captured + 1, **more)):
        with pytest.raises(Rejected, match="already_captured"):
            again("law", of, at=END)


@FAST
@given(histories, clubs, st.integers(1, 60), st.integers(0, 40))
def test_law_6_a_lapsed_hold_is_a_voided_one(history: History, of: Program, points: int, days: int) -> None:
    account = played(history, of)
    at = START + timedelta(days=91)
    account = adjusted(account, of, 500, at, name="more")
    until = at + timedelta(days=days, minutes=1)
    assume(account.balance(as_of=at, points="points").available >= points)
    lapsed = account.hold(points, of, id="law", until=until, at=at).state.settle(of, at=END).state
    voided = account.hold(points, of, id="law", until=END, at=at).state
    voided = voided.void("law", of, at=until).state.settle(of, at=END).state

    assert books(lapsed) == books(voided)


@FAST
@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.integers(1, 200), st.integers(1, 200))
def test_law_6_a_hold_that_is_captured_is_a_redemption(lots: list[int], first: int, second: int) -> None:
    of = CLUBS[0]
    account = opened(of)
    for number, count in enumerate(lots):
        account = adjusted(account, of, count, START, ends=day("02-01") + timedelta(days=number))
    held, spent = max(first, second), min(first, second)
    assume(held <= sum(lots))
    at = day("01-02")
    captured = account.hold(held, of, id="r", until=END, at=at).state.capture("r", of, points=spent, at=at).state
    redeemed = account.redeem(spent, of, id="r", at=at).state

    assert redeemed.lots(as_of=at) == captured.lots(as_of=at)
    assert books(redeemed) == books(captured)


@FAST
@given(st.integers(1, 200), st.integers(1, 100))
def test_what_was_held_can_be_given_back_like_what_was_redeemed(points: int, back: int) -> None:
    of = CLUBS[1]
    assume(back <= points)
    account = adjusted(opened(of), of, 200, START, ends=day("02-01"))
    at = day("01-02")
    held = account.hold(points, of, id="r", until=END, at=at).state.capture("r", of, at=at).state
    redeemed = account.redeem(points, of, id="r", at=at).state
    later = day("02-10")

    assert redeemed.restore("r", of, points=back, at=later).state.lots(as_of=later) == held.restore(
        "r", of, points=back, at=later
    ).state.lots(as_of=later)


def unrecorded(account: Account) -> list[Any]:
    """The events of an account without their dates of recording."""
    return [attrs.evolve(event, at=END) for event in account.events]


TIERED = attrs.evolve(
    CLUBS[1],
    tiers=(Tier("some", at=20), Tier("many", at=90)),
    tier_policy=TierPolicy(measure="balance", keeps=WhileMet()),
)


@FAST
@given(histories, st.integers(1, 9))
def test_the_days_jobs_daily_or_once(history: History, step: int) -> None:
    account = played(history, TIERED)
    daily = account
    for number in range(0, 60, step):
        daily = advance(daily, TIERED, until=START + timedelta(days=90 + number)).state
    daily = advance(daily, TIERED, until=END).state
    once = advance(account, TIERED, until=END).state

    assert unrecorded(once) == unrecorded(daily)
    assert once.standing == daily.standing
    assert books(once) == books(daily)
    assert told(once) == told(daily)


@FAST
@given(histories, clubs, minutes, minutes)
def test_a_statement_adds_up(history: History, of: Program, first: int, second: int) -> None:
    account = played(history, of)
    start, end = (START + timedelta(minutes=minute) for minute in sorted([first, second + 121 * DAY]))
    found = account.statement(Period(start, end), points="points")
    for name in ("pending", "available", "held", "debt"):
        moved = sum(getattr(row, name) for row in found.rows)

        assert getattr(found.opening, name) + moved == getattr(found.closing, name)
