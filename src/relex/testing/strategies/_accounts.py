"""Accounts of loyalty, reached by commands, and what happens to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.loyalty import (
    Account,
    HoldCaptured,
    HoldVoided,
    Occasion,
    PointsEarned,
    PointsHeld,
    PointsRedeemed,
    Program,
    absorb,
    transfer,
)
from relex.purchases import Purchase, Return
from relex.testing.strategies._basics import either, ids, instants, sizes, words
from relex.testing.strategies._programs import programs
from relex.testing.strategies._purchases import purchases
from relex.testing.strategies._rules import constants
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Change

__all__ = [
    "ARGUMENTS",
    "FACTS",
    "LASTS",
    "OPENED",
    "STORED",
    "Steps",
    "account_changes",
    "account_commands",
    "accounts",
]

# Far enough from the ends of time for every expiry and every period of a tier.
OPENED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_PROGRAM = _checks.a(Program)


def account_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    program: Program | SearchStrategy[Program] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Account], ...]]:
    """The history of one account as a store is asked to save it: the opening, then changes that follow each other.

    Shrinks to an opening alone.

    Args:
        id: Of the account, or what ids are drawn from.
        customer: Of the customer, or what ids are drawn from.
        program: The program, or what programs are drawn from; by default `programs()`.
        at: Of the opening; by default from 1990 to 2090, so that every expiry has a date.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("account_changes", min_size, max_size, lowest=1)
    return _account_changes(
        either("account_changes.id", id, _checks.text, ids()),
        either("account_changes.customer", customer, _checks.text, ids()),
        either("account_changes.program", program, _PROGRAM, programs()),
        either("account_changes.at", at, _checks.instant, OPENED),
        (min_size, max_size),
    )


@st.composite
def _account_changes(
    draw: st.DrawFn,
    id_: SearchStrategy[str],
    customer: SearchStrategy[str],
    program: SearchStrategy[Program],
    at: SearchStrategy[datetime],
    size: tuple[int, int],
) -> tuple[Change[Account], ...]:
    of = draw(program)
    first = Account.open(draw(id_), customer=draw(customer), program=of, at=draw(at))
    return draw(histories(st.just(first), account_commands(of), *size))


def accounts(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    program: Program | SearchStrategy[Program] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Account]:
    """Accounts after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the account, or what ids are drawn from.
        customer: Of the customer, or what ids are drawn from.
        program: The program, or what programs are drawn from; by default `programs()`.
        at: Of the opening; by default from 1990 to 2090.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `account_changes`.

    .. versionadded:: 0.1.0
    """
    found = account_changes(id=id, customer=customer, program=program, at=at, max_size=max_size)
    return found.map(lambda changes: changes[-1].state)


def account_commands(program: Program) -> SearchStrategy[Callable[[Account], Change[Account]]]:
    """The next command for any account of a program: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later; purchases and occasions may be of earlier days. What
    the rules refuse in that state, and what changes nothing, is a change without events.

    Args:
        program: The program that decides.

    Raises:
        InvalidValue: For what is no program.

    .. versionadded:: 0.1.0
    """
    _PROGRAM.require("account_commands.program", program)
    return _COMMANDS.map(Steps(program))


@attrs.frozen
class Steps:
    """Makes a command of what was drawn for it; the program, which is long, is never shown."""

    program: Program = attrs.field(repr=False)

    def __call__(self, drawn: tuple[str, tuple[Any, ...]]) -> Step[Account]:
        """The command of a name with its arguments."""
        name, given = drawn
        return Step(name, partial(_given, _RUN[name], self.program), given)


def _given(run: Callable[..., Change[Account]], program: Program, state: Account, *given: Any) -> Change[Account]:
    return run(state, program, *given)


def _now(state: Account, pause: timedelta) -> datetime:
    return later(max(event.at for event in state.events), pause)


def _back(state: Account, at: datetime, days: int) -> datetime:
    """A business moment so many days earlier, but not before the account was opened."""
    return max(state.opened_at, at - timedelta(days=days))


def _buy(state: Account, program: Program, pause: timedelta, days: int, sale: Purchase) -> Change[Account]:
    at = _now(state, pause)
    sale = attrs.evolve(
        sale,
        id=f"s{state.version}",
        customer=state.customer,
        currency=program.currency,
        at=_back(state, at, days),
        recorded_at=None,
    )
    return state.earn(sale, program, at=at)


def _visit(
    state: Account, program: Program, pause: timedelta, days: int, facts: dict[str, Any], age: int | None
) -> Change[Account]:
    at = _now(state, pause)
    visit = Occasion("visit", f"v{state.version}", _back(state, at, days), facts)
    return state.earn(visit, program, at=at, customer={"age": age}, member=state.members[-1].customer)


def _redeem(state: Account, program: Program, pause: timedelta, quarters: int, reward: str | None) -> Change[Account]:
    at = _now(state, pause)
    spent = max(1, state.balance(as_of=at).available * quarters // 4)
    bought = [event.id for event in state.events if isinstance(event, PointsEarned) and event.purchased]
    paid = bought[-1] if bought and reward is None else None
    return state.redeem(spent, program, id=f"r{state.version}", at=at, reward=reward, purchase=paid)


def _hold(state: Account, program: Program, pause: timedelta, quarters: int, lasts: int) -> Change[Account]:
    at = _now(state, pause)
    points = max(1, state.balance(as_of=at).available * quarters // 4)
    return state.hold(points, program, id=f"h{state.version}", until=later(at, timedelta(days=lasts)), at=at)


def _end_hold(state: Account, program: Program, pause: timedelta, which: int, how: str) -> Change[Account]:
    ended = {event.hold for event in state.events if isinstance(event, (HoldCaptured, HoldVoided))}
    held = [event for event in state.events if isinstance(event, PointsHeld) and event.id not in ended]
    at = _now(state, pause)
    if not held:
        return state.settle(program, at=at)
    chosen = held[which % len(held)]
    if how == "void":
        return state.void(chosen.id, program, at=at)
    return state.capture(chosen.id, program, at=at, points=chosen.points if how == "all" else (chosen.points + 1) // 2)


def _activate(state: Account, program: Program, pause: timedelta, which: int) -> Change[Account]:
    awards = [event for event in state.events if isinstance(event, PointsEarned)]
    waits = [(event.key, credit.escrow.on) for event in awards for credit in event.credits if credit.escrow is not None]
    at = _now(state, pause)
    if not waits:
        return state.settle(program, at=at)
    occasion, on = waits[which % len(waits)]
    return state.activate(occasion, program, on=on, at=at)


def _adjust(state: Account, program: Program, pause: timedelta, count: int, lasts: int | None) -> Change[Account]:
    at = _now(state, pause)
    ends = None if lasts is None or count < 0 else at + timedelta(days=lasts)
    return state.adjust(count, program, id=f"a{state.version}", reason="goodwill", actor="ann", at=at, expires_at=ends)


def _reverse(state: Account, program: Program, pause: timedelta, which: int, half: bool) -> Change[Account]:
    sold = [event for event in state.events if isinstance(event, PointsEarned) and event.lines]
    at = _now(state, pause)
    if not sold:
        return state.settle(program, at=at)
    award = sold[which % len(sold)]
    lines = [(number, Decimal(quantity) / (2 if half else 1)) for number, quantity, _ in award.lines]
    return state.reverse(Return(f"b{state.version}", purchase=award.id, at=at, lines=lines), program, at=at)


def _refund(state: Account, program: Program, pause: timedelta, which: int, half: bool) -> Change[Account]:
    sold = [event for event in state.events if isinstance(event, PointsEarned) and event.purchased and event.lines]
    at = _now(state, pause)
    if not sold:
        return state.settle(program, at=at)
    award = sold[which % len(sold)]
    lines = [(number, Decimal(quantity) / (2 if half else 1)) for number, quantity, _ in award.lines]
    return state.refund(Return(f"f{state.version}", purchase=award.id, at=at, lines=lines), program, at=at)


def _uncount(state: Account, program: Program, pause: timedelta, which: int) -> Change[Account]:
    given = [event for event in state.events if isinstance(event, PointsEarned)]
    at = _now(state, pause)
    if not given:
        return state.settle(program, at=at)
    award = given[which % len(given)]
    return state.reverse_occasion(award.kind, award.id, program, at=at, reason="mistake")


def _extend(state: Account, program: Program, pause: timedelta, days: int | None) -> Change[Account]:
    at = _now(state, pause)
    to = None if days is None else at + timedelta(days=days)
    customer = {"age": 20}
    return state.extend(program, id=f"x{state.version}", at=at, to=to, reason="late", actor="ann", customer=customer)


def _restore(state: Account, program: Program, pause: timedelta, which: int) -> Change[Account]:
    spent = [event for event in state.events if isinstance(event, PointsRedeemed)]
    at = _now(state, pause)
    if not spent:
        return state.settle(program, at=at)
    return state.restore(spent[which % len(spent)].id, program, at=at, id=f"u{state.version}")


def _other(state: Account, program: Program, at: datetime, count: int) -> Account:
    """Another account of the program, with points that were given today."""
    other, _ = Account.open(f"{state.id}:{state.version}", customer="bo", program=program, at=at)
    if not count:
        return other
    currency = next((points.id for points in program.points if not points.qualifying), None)
    return other.adjust(count, program, id="gift", reason="welcome", actor="ann", at=at, currency=currency).state


def _send(state: Account, program: Program, pause: timedelta, quarters: int, expiry: str) -> Change[Account]:
    at = _now(state, pause)
    other = _other(state, program, at, 0)
    sent = max(1, state.balance(as_of=at).available * quarters // 4)
    return transfer(sent, state, other, program, id=f"t{state.version}", at=at, expiry=expiry).sender


def _receive(state: Account, program: Program, pause: timedelta, count: int, expiry: str) -> Change[Account]:
    at = _now(state, pause)
    other = _other(state, program, at, count)
    return transfer(count, other, state, program, id=f"t{state.version}", at=at, expiry=expiry).receiver


def _absorb(state: Account, program: Program, pause: timedelta, count: int) -> Change[Account]:
    at = _now(state, pause)
    return absorb(state, _other(state, program, at, count), program, at=at).account


def _join(state: Account, program: Program, pause: timedelta, customer: str, role: str) -> Change[Account]:
    return state.add_member(customer, program, role=role, at=_now(state, pause))


def _part(state: Account, program: Program, pause: timedelta, which: int) -> Change[Account]:
    return state.remove_member(state.members[-1 - which % len(state.members)].customer, program, at=_now(state, pause))


def _settle(state: Account, program: Program, pause: timedelta) -> Change[Account]:
    return state.settle(program, at=_now(state, pause))


def _review(state: Account, program: Program, pause: timedelta) -> Change[Account]:
    return state.review(program, at=_now(state, pause))


def _assign_tier(state: Account, program: Program, pause: timedelta, which: int, lasts: int | None) -> Change[Account]:
    at = _now(state, pause)
    choices = (None, *[tier.id for tier in program.tiers])
    tier = choices[which % len(choices)]
    until = None if tier is None or lasts is None else at + timedelta(days=lasts)
    return state.assign_tier(tier, program, at=at, reason="match", actor="ann", until=until)


def _switch(state: Account, _: Program, pause: timedelta, reason: str) -> Change[Account]:
    command = state.resume if state.status == "suspended" else state.suspend
    return command(at=_now(state, pause), reason=reason)


def _close(state: Account, program: Program, pause: timedelta, reason: str, empty: bool) -> Change[Account]:
    return state.close(program, at=_now(state, pause), reason=reason, empty=empty)


_RUN: dict[str, Callable[..., Change[Account]]] = {
    "buy": _buy,
    "visit": _visit,
    "redeem": _redeem,
    "hold": _hold,
    "end_hold": _end_hold,
    "activate": _activate,
    "adjust": _adjust,
    "reverse": _reverse,
    "restore": _restore,
    "refund": _refund,
    "uncount": _uncount,
    "extend": _extend,
    "send": _send,
    "receive": _receive,
    "absorb": _absorb,
    "join": _join,
    "part": _part,
    "settle": _settle,
    "review": _review,
    "assign_tier": _assign_tier,
    "switch": _switch,
    "close": _close,
}
_WHICH = st.integers(0, 3)
_DAYS = st.sampled_from((0, 0, 1, 40))
LASTS = st.sampled_from((None, 1, 100))
FACTS = st.dictionaries(words(), constants(), max_size=2)
_SALES = purchases(customer="c", currency="USD", at=datetime(2026, 1, 1, tzinfo=UTC), max_lines=2)
_EXPIRY = st.sampled_from(("keep", "reset"))
_COUNTS = st.sampled_from((1, 10, 500, 500, -1))
ARGUMENTS: dict[str, tuple[SearchStrategy[Any], ...]] = {
    "buy": (_DAYS, _SALES),
    "visit": (_DAYS, FACTS, st.none() | st.integers(10, 30)),
    "redeem": (st.integers(1, 4), st.none() | words()),
    "hold": (st.integers(1, 4), st.sampled_from((1, 100))),
    "end_hold": (_WHICH, st.sampled_from(("all", "half", "void"))),
    "activate": (_WHICH,),
    "adjust": (_COUNTS, LASTS),
    "reverse": (_WHICH, st.booleans()),
    "restore": (_WHICH,),
    "refund": (_WHICH, st.booleans()),
    "uncount": (_WHICH,),
    "extend": (st.sampled_from((None, 10, 400)),),
    "send": (st.integers(1, 4), _EXPIRY),
    "receive": (st.sampled_from((1, 500)), _EXPIRY),
    "absorb": (st.sampled_from((1, 500)),),
    "join": (st.sampled_from(("kim", "lee")), st.sampled_from(("member", "contributor"))),
    "part": (st.just(0),),
    "settle": (),
    "review": (),
    "assign_tier": (_WHICH, LASTS),
    "switch": (words(),),
    "close": (words(), st.booleans()),
}


_OFTEN = ("adjust", "buy", "visit", "redeem", "hold")
_NOW_AND_THEN = (
    "end_hold",
    "activate",
    "reverse",
    "restore",
    "refund",
    "extend",
    "settle",
    "switch",
    "review",
    "assign_tier",
)
_SELDOM = ("uncount", "send", "receive", "absorb", "join", "part")
_NAMES = st.sampled_from((*_OFTEN * 5, *_NOW_AND_THEN * 2, *_SELDOM, "close"))


@st.composite
def _commands(draw: st.DrawFn) -> tuple[str, tuple[Any, ...]]:
    name = draw(_NAMES)
    return name, (draw(_PAUSES), *[draw(argument) for argument in ARGUMENTS[name]])


_PAUSES = pauses()
_COMMANDS = _commands()

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Account: accounts}
"""The strategy of accounts."""
