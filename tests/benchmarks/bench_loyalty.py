"""Points: one posting at few and at many open lots, a whole history replayed, one real kind of basket earned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from benchmarks.harness import Row

from relex.calendars import Months
from relex.loyalty import Account, EarningRule, Flat, Multiply, Occasion, PerAmount, Program, Tier, advance
from relex.purchases import Line, Purchase
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relex.changes import Event

START = datetime(2000, 1, 1, tzinfo=UTC)
VISITS = Program("visits", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")], expires=Months(240))
POSTINGS = 200
BASKETS = 50


def rows() -> Iterator[Row]:
    """Postings, replay, baskets."""
    for lots, bar in ((10, 6e-6), (100_000, 18e-6)):
        account = _account(lots)
        yield Row(
            name=f"Account.earn, {lots:,} open lots",
            ours=_earning(account),
            peers={"tuple of frozen lots": _by_hand(lots)} if lots > POSTINGS else {},
            per=POSTINGS,
            at_most=bar,
            note="each from the same state: event, breakdown, lot, new state; the peer adds to its lots only",
        )
        yield Row(
            name=f"Account.redeem, {lots:,} open lots",
            ours=_redeeming(account),
            peers={},
            per=POSTINGS,
            at_most=bar,
            note="each from the same state, soonest to expire first",
        )
        yield Row(
            name=f"Account.hold and capture, {lots:,} open lots",
            ours=_holding(account),
            peers={},
            per=POSTINGS,
            at_most=2 * bar,
            note="two postings: points set aside, a part of them spent, the rest given back",
        )
    events = _history(100_000)
    yield Row(
        name="Account.replay, per entry",
        ours=lambda: Account.replay(events),
        peers={"eventsourcing, in memory": _eventsourcing(20_000, len(events))},
        per=len(events),
        at_most=1.5e-6,
        note="awards and redemptions in turn, lots and all; the peer adds and subtracts a balance",
    )
    yield _basket()
    yield Row(
        name="advance, ten idle years",
        ours=_advancing(timedelta(days=3650)),
        peers={"one day": _advancing(timedelta(days=1))},
        note="from the same account with tiers, whose points end at the end of either",
    )
    yield Row(
        name="Account.earn, a basket of 9 lines, 2,000 rules",
        ours=_earning_by(2_000),
        peers={"20 rules": _earning_by(20)},
        per=BASKETS,
        note="one rule for each category, and one that always matches; growth is at most 10 times",
    )


def _advancing(idle: timedelta) -> Callable[[], object]:
    program = Program(
        "tiered",
        currency="USD",
        rules=[EarningRule("visit", Flat(10), on="visit")],
        tiers=[Tier("silver", at=1_000), Tier("gold", at=5_000)],
        expires=idle,
    )
    account, _ = Account.open("a", customer="c", program=program, at=START)
    for number in range(5):
        account, _ = account.earn(Occasion("visit", f"v{number}", START), program, at=START)
    return lambda: advance(account, program, until=START + idle)


def _earning_by(count: int) -> Callable[[], object]:
    rules = [EarningRule("base", PerAmount(1, per="1.00"))]
    rules += [
        EarningRule(f"c{number}", PerAmount(1, per="2.00"), when=field("line.category") == f"c{number}")
        for number in range(count - 1)
    ]
    program = Program("many", currency="USD", rules=rules)
    baskets = [_sale(number) for number in range(BASKETS)]
    account, _ = Account.open("a", customer="c", program=program, at=START)
    return lambda: [account.earn(basket, program, at=basket.at) for basket in baskets]


def _account(lots: int) -> Account:
    account, _ = Account.open("a", customer="c", program=VISITS, at=START)
    for number in range(lots):
        at = START + timedelta(minutes=number)
        account, _ = account.earn(Occasion("visit", f"v{number}", at), VISITS, at=at)
    return account


def _earning(account: Account) -> Callable[[], object]:
    after = START + timedelta(days=100)
    visits = [Occasion("visit", f"w{number}", after + timedelta(minutes=number)) for number in range(POSTINGS)]
    return lambda: [account.earn(visit, VISITS, at=visit.at) for visit in visits]


def _redeeming(account: Account) -> Callable[[], object]:
    after = START + timedelta(days=100)
    moments = [(f"r{number}", after + timedelta(minutes=number)) for number in range(POSTINGS)]
    return lambda: [account.redeem(15, VISITS, id=name, at=at) for name, at in moments]


@attrs.frozen
class _Lot:
    points: int
    earned_at: datetime


def _holding(account: Account) -> Callable[[], object]:
    after = START + timedelta(days=100)
    moments = [(f"h{number}", after + timedelta(minutes=number)) for number in range(POSTINGS)]
    day = timedelta(days=1)

    def hold_and_capture() -> object:
        found = None
        for name, at in moments:
            held, _ = account.hold(15, VISITS, id=name, until=at + day, at=at)
            found = held.capture(name, VISITS, points=10, at=at)
        return found

    return hold_and_capture


def _by_hand(lots: int) -> Callable[[], object]:
    held = tuple([_Lot(10, START)] * lots)

    def post() -> object:
        return [(*held, _Lot(10, START))[0] for _ in range(POSTINGS)]

    return post


def _history(entries: int) -> Sequence[Event]:
    account, events = Account.open("a", customer="c", program=VISITS, at=START)
    found = list(events)
    for number in range(entries // 2):
        at = START + timedelta(minutes=2 * number)
        account, events = account.earn(Occasion("visit", f"v{number}", at), VISITS, at=at)
        found += events
        account, events = account.redeem(7, VISITS, id=f"r{number}", at=at + timedelta(minutes=1))
        found += events
    return found


def _eventsourcing(entries: int, wanted: int) -> Callable[[], object]:
    """The same number of events folded by the library's in-memory mutation, without its repository."""
    from eventsourcing.domain import Aggregate, event  # noqa: PLC0415 - a peer, imported when its row is asked for

    class Points(Aggregate):
        @event("Opened")
        def __init__(self) -> None:
            self.balance = 0

        @event("Posted")
        def post(self, points: int) -> None:
            self.balance += points

    points = Points()
    for _ in range(entries):
        points.post(1)
    events = points.collect_events()

    def replay() -> object:
        state: Any = None
        for _ in range(wanted // entries):
            state = None
            for happened in events:
                state = happened.mutate(state)
        return state

    return replay


def _basket() -> Row:
    rules = [EarningRule("base", PerAmount(1, per="1.00"))]
    rules += [
        EarningRule(f"category-{number}", PerAmount(1, per="2.00"), when=field("line.category") == f"c{number}")
        for number in range(16)
    ]
    rules += [
        EarningRule("large", Flat(25), when=field("purchase.total") >= 75, group="extra"),
        EarningRule("weekend", Multiply("1.5"), when=field("event.weekday").is_in(6, 7)),
        EarningRule("first", Flat(100), when=field("account.purchases") == 0, group="extra"),
    ]
    program = Program("baskets", currency="USD", rules=rules, expires=Months(12, end_of="month"))
    baskets = [_sale(number) for number in range(BASKETS)]
    account, _ = Account.open("a", customer="c", program=program, at=START)

    def earn() -> object:
        state = account
        for basket in baskets:
            state, _ = state.earn(basket, program, at=basket.at)
        return state

    return Row(
        name="Account.earn, a basket of 9 lines, 20 rules",
        ours=earn,
        peers={},
        per=len(baskets),
        note="with the breakdown of every rule and line",
    )


def _sale(number: int) -> Purchase:
    lines = [
        Line(line, f"p{line}", 1, gross=f"{line + number % 7}.49", category=f"c{(line * number) % 20}", brand="Nord")
        for line in range(1, 10)
    ]
    at = START + timedelta(hours=7 * number)
    return Purchase(f"b{number}", customer="c", at=at, currency="USD", tax_mode="none", lines=lines)
