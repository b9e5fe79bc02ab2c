"""Members at random against the ledger: whatever is done in whatever order, no point comes from nowhere or is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from strategies_loyalty import START, sale

from relex.calendars import Days, Months, Period
from relex.errors import NotFound, Rejected
from relex.loyalty import (
    Account,
    Clawback,
    EarningRule,
    Escrow,
    Extension,
    FirstOf,
    Flat,
    Inactive,
    Occasion,
    PerAmount,
    Points,
    Program,
    Restore,
    Tier,
    advance,
    transfer,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from relex.changes import Change
    from relex.purchases import Purchase

NAMES = ("ann", "ben", "eve")
RULES = (
    EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status")),
    EarningRule("visit", Flat(10), on="visit", pending=Days(5)),
    EarningRule("order", Flat(20), on="order", pending=Escrow(on="delivered", within=Days(9))),
)
COMMON: dict[str, Any] = {
    "currency": "USD",
    "rules": RULES,
    "points": [Points("points"), Points("status", qualifying=True)],
    "tiers": [Tier("silver", at=40), Tier("gold", at=200, multiplier=2)],
    "extensions": [Extension(Days(10))],
}
PROGRAMS = (
    Program("p", expires=Days(20), **COMMON),
    Program("p", expires=Months(1), clawback=Clawback(reach="allow_debt"), restore=Restore("reissue"), **COMMON),
    Program(
        "p",
        expires=FirstOf(Days(45), Inactive(Days(15))),
        clawback=Clawback("proportional", "only_pending"),
        restore=Restore("grace", Days(5)),
        **COMMON,
    ),
)


class Step(NamedTuple):
    """What one step is drawn with; each action uses what it needs."""

    name: str
    other: str
    count: int
    part: int | None
    wait: timedelta
    place: int
    flag: bool


steps = st.builds(
    Step,
    name=st.sampled_from(NAMES),
    other=st.sampled_from(NAMES),
    count=st.integers(1, 60),
    part=st.none() | st.integers(1, 30),
    wait=st.integers(0, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    place=st.integers(0, 3),
    flag=st.booleans(),
)
ACTIONS = (
    "buy", "buy", "come", "come", "deliver", "bring_back", "redeem", "restore", "hold", "hold", "capture", "void",
    "adjust", "send", "extend", "do_the_jobs", "time_goes_on",
)  # fmt: skip


class Members(RuleBasedStateMachine):
    """Three members of one program, and everything that can happen to their points."""

    @initialize(program=st.sampled_from(PROGRAMS))
    def open(self, program: Program) -> None:
        self.program = program
        self.at: datetime = START
        self.names = 0
        self.accounts = {name: Account.open(name, customer=name, program=program, at=START).state for name in NAMES}
        self.sales: dict[str, list[Purchase]] = {name: [] for name in NAMES}
        self.ids: dict[tuple[str, str], list[str]] = {}

    @rule(action=st.sampled_from(ACTIONS), step=steps)
    def act(self, action: str, step: Step) -> None:
        getattr(self, action)(step)

    def new(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def one_of(self, what: str, step: Step) -> str:
        known = self.ids.get((what, step.name), ["nothing"])
        return known[-1 - step.place % len(known)]

    def told(self, step: Step, what: str, id_: str, command: Callable[[Account], Change[Account]]) -> bool:
        """Whether the account took a command; given twice, it changes nothing the second time."""
        try:
            after, _ = command(self.accounts[step.name])
        except (Rejected, NotFound):
            return False
        self.accounts[step.name] = after
        self.ids.setdefault((what, step.name), []).append(id_)

        assert command(after).events == ()
        return True

    def time_goes_on(self, step: Step) -> None:
        self.at += step.wait

    def before(self, step: Step) -> datetime:
        """An instant in the past for every other step."""
        return max(START, self.at - step.wait) if step.flag else self.at

    def buy(self, step: Step) -> None:
        sold = sale(f"{step.count}.00", f"{step.count // 2 + 1}.50", name=self.new(), at=self.before(step))
        if self.told(step, "sale", sold.id, lambda it: it.earn(sold, self.program, at=self.at)):
            self.sales[step.name].append(sold)

    def come(self, step: Step) -> None:
        kind = "visit" if step.count % 2 else "order"
        occasion = Occasion(kind, self.new(), self.before(step))
        self.told(step, kind, occasion.id, lambda it: it.earn(occasion, self.program, at=self.at))

    def deliver(self, step: Step) -> None:
        order, at = self.one_of("order", step), self.at
        self.told(step, "", "", lambda it: it.activate(("order", order), self.program, on="delivered", at=at))

    def bring_back(self, step: Step) -> None:
        if self.sales[step.name]:
            sold = self.sales[step.name][step.place % len(self.sales[step.name])]
            back = sold.take_back({1 + step.count % 2: 1}, id=self.new(), at=self.at)
            self.told(step, "", "", lambda it: (it.refund if step.flag else it.reverse)(back, self.program, at=self.at))

    def redeem(self, step: Step) -> None:
        id_, paid, at = self.new(), self.sales[step.name][-1:], self.at
        more: dict[str, Any] = {"effective": self.before(step), "purchase": paid[0].id if paid else None}
        self.told(step, "redeemed", id_, lambda it: it.redeem(step.count, self.program, id=id_, at=at, **more))

    def restore(self, step: Step) -> None:
        spent, id_ = self.one_of("redeemed", step), self.new()
        self.told(step, "", "", lambda it: it.restore(spent, self.program, at=self.at, points=step.part, id=id_))

    def hold(self, step: Step) -> None:
        id_, at, until = self.new(), self.at, self.at + step.wait + timedelta(minutes=1)
        self.told(step, "held", id_, lambda it: it.hold(step.count, self.program, id=id_, until=until, at=at))

    def capture(self, step: Step) -> None:
        held, at = self.one_of("held", step), self.at
        self.told(step, "redeemed", held, lambda it: it.capture(held, self.program, at=at, points=step.part))

    def void(self, step: Step) -> None:
        held = self.one_of("held", step)
        self.told(step, "", "", lambda it: it.void(held, self.program, at=self.at))

    def adjust(self, step: Step) -> None:
        id_, at, count = self.new(), self.at, step.count if step.place % 2 else -step.count
        more: dict[str, Any] = {"effective": self.before(step), "allow_debt": step.place > 1}
        self.told(step, "", "", lambda it: it.adjust(count, self.program, id=id_, reason="r", actor="a", at=at, **more))

    def send(self, step: Step) -> None:
        sender, receiver = self.accounts[step.name], self.accounts[step.other]
        expiry, id_ = "keep" if step.flag else "reset", self.new()
        self.at += timedelta(minutes=1)  # at one instant credits come first, and a return could take them
        try:
            moved = transfer(step.count, sender, receiver, self.program, id=id_, at=self.at, expiry=expiry)
        except Rejected:
            return
        self.accounts[step.name], self.accounts[step.other] = moved.sender.state, moved.receiver.state

        assert [_live(it, self.at) for it in (sender, receiver)] == [
            _live(it, self.at) + sign * step.count
            for it, sign in zip([each.state for each in moved], (1, -1), strict=True)
        ]

    def extend(self, step: Step) -> None:
        id_ = self.new()
        self.told(step, "", "", lambda it: it.extend(self.program, id=id_, at=self.at, reason="r", actor="a"))

    def do_the_jobs(self, step: Step) -> None:
        self.at += step.wait
        self.told(step, "", "", lambda it: advance(it, self.program, until=self.at))

    @invariant()
    def no_point_comes_from_nowhere(self) -> None:
        for account in getattr(self, "accounts", {}).values():
            for book in account._ledger_at(self.at).books.values():
                live = book.usable + book.pending + book.held
                gone = book.redeemed + book.expired + book.reversed + book.out
                parts = (book.usable, book.pending, book.held, book.owed, book.redeemed, book.expired)

                assert book.credited == live + gone - book.owed
                assert min(parts) >= 0
                assert not (book.usable and book.owed)
                assert book.usable == sum(lot[3] for lot in book.open)

    def teardown(self) -> None:
        for account in getattr(self, "accounts", {}).values():
            year = Period(START, START + timedelta(days=4_000))
            closed = account.statement(year, points="points")
            settled = advance(account, self.program, until=self.at).state

            assert Account(account.events) == account
            assert account.audit() == ()
            assert _moved(closed) == [getattr(closed.closing, name) for name in _BUCKETS]
            assert settled.balance(as_of=self.at, points="points") == account.balance(as_of=self.at, points="points")


def _live(account: Account, at: datetime) -> int:
    balance = account.balance(as_of=at, points="points")
    return balance.posted + balance.pending


_BUCKETS = ("pending", "available", "held", "debt")


def _moved(closed: Any) -> list[int]:
    opening = [getattr(closed.opening, name) for name in _BUCKETS]
    return [
        before + sum(getattr(row, name) for row in closed.rows) for before, name in zip(opening, _BUCKETS, strict=True)
    ]


TestMembers = Members.TestCase
TestMembers.settings = settings(
    max_examples=60,
    stateful_step_count=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
