"""Laws of simulation: the program in force gives what was recorded; parts add up; order of members does not matter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import given, settings, strategies as st
from strategies_loyalty import START, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.errors import RelexError
from relex.loyalty import (
    Account,
    Cap,
    Clawback,
    EarningRule,
    Flat,
    MemberHistory,
    Multiply,
    PerAmount,
    PointsEarned,
    Tier,
    history_of,
    simulate,
)
from relex.loyalty._playing import Found, Player
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from relex.changes import Change

Steps: TypeAlias = list[tuple[str, int, int]]

IN_FORCE = program(
    EarningRule("base", PerAmount(1, per="1.00")),
    EarningRule("visit", Flat(10), on="visit", pending=Days(5)),
    EarningRule("loyal", Multiply("1.5"), when=field("account.purchases") >= 2),
    caps=[Cap(points=120, per="month")],
    tiers=[Tier("silver", at=100), Tier("gold", at=300, multiplier="1.25")],
    expires=Months(1),
    clawback=Clawback(reach="allow_debt"),
)
PLANNED = program(
    EarningRule("base", PerAmount(1, per="3.00")),
    EarningRule("visit", Flat(15), on="visit"),
    tiers=[Tier("gold", at=50, multiplier=2)],
    expires=Months(2),
    version=2,
)
END = START + timedelta(days=400)
KINDS = ("earn", "visit", "late", "redeem", "return", "restore", "adjust", "take", "hold", "capture", "void")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.integers(1, 90)), max_size=14)


def played(steps: Steps) -> tuple[Account, list[Any]]:
    """An account in the program in force, and the log of what it earned on; what is refused is left out."""
    account, log, at = opened(IN_FORCE), [], START
    for number, (what, days, points) in enumerate(steps):
        at += timedelta(days=days, minutes=1)
        try:
            account, occasion = step(account, what, number, points, at)
        except RelexError:
            continue
        if occasion is not None:
            log.append(occasion)
    return account, log


def step(account: Account, what: str, number: int, points: int, at: datetime) -> tuple[Account, Any]:
    if what in {"earn", "visit", "late"}:
        moment = max(START, at - timedelta(days=points)) if what == "late" else at
        bought = sale(f"{points}.00", name=f"s{number}", at=moment)
        occasion: Any = visit(f"v{number}", at) if what == "visit" else bought
        return account.earn(occasion, IN_FORCE, at=at).state, occasion
    return told(account, what, number, points, at), None


def told(account: Account, what: str, number: int, points: int, at: datetime) -> Account:
    name, before, until = f"x{number}", f"x{number - 1}", at + timedelta(days=20)
    back = Return(name, purchase=f"s{number - 1}", at=at, lines={1: 1})
    signed = points if what == "adjust" else -points
    commands: dict[str, Callable[[], Change[Account]]] = {
        "redeem": lambda: account.redeem(points, IN_FORCE, id=name, at=at),
        "return": lambda: account.reverse(back, IN_FORCE, at=at),
        "restore": lambda: account.restore(before, IN_FORCE, at=at),
        "hold": lambda: account.hold(points, IN_FORCE, id=name, until=until, at=at),
        "capture": lambda: account.capture(before, IN_FORCE, at=at, points=max(1, points // 9)),
        "void": lambda: account.void(before, IN_FORCE, at=at),
    }
    by_hand = lambda: account.adjust(signed, IN_FORCE, id=name, reason="r", actor="a", at=at)  # noqa: E731 - as above
    return commands.get(what, by_hand)().state


def awards(account: Account) -> list[Any]:
    return [
        (event.key, event.credits, event.breakdown, event.qualifying)
        for event in account.events
        if type(event) is PointsEarned
    ]


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_law_12_the_program_in_force_gives_what_was_recorded(steps: Steps) -> None:
    account, log = played(steps)
    events = account.events
    found = Found(IN_FORCE, END, "points", owing=True)
    history = history_of(account, log)
    again = Player(found, history).play(history)

    assert again is not None
    assert awards(account) == awards(again)
    assert not found.refused
    settled = account.settle(IN_FORCE, at=END).state
    assert settled.balance(as_of=END) == again.balance(as_of=END)
    assert settled.standing == again.standing
    assert events == account.events


@settings(max_examples=30, deadline=None)
@given(STEPS, st.sampled_from(("debt", "drop")))
def test_every_point_that_came_in_is_somewhere(steps: Steps, shortfall: str) -> None:
    account, log = played(steps)
    found = simulate(PLANNED, [history_of(account, log)], until=END, shortfall=shortfall)

    for member in found.members:
        assert member.credited == member.kept + member.expired + member.reversed + member.out
        assert member.credited == member.earned + member.added
        assert shortfall == "debt" or not member.debt
    assert found.earned == sum(found.rules().values()) == sum([row.earned for row in found.tiers()])
    assert found.outstanding == found.holdings.points("points")


@settings(max_examples=30, deadline=None)
@given(st.lists(STEPS, max_size=3), st.randoms(use_true_random=False))
def test_the_parts_make_the_difference_in_any_order_of_members(several: list[Steps], random: Any) -> None:
    histories = []
    for number, steps in enumerate(several):
        account, log = played(steps)
        entries = history_of(account, log).entries
        histories.append(MemberHistory(account=f"m{number}", entries=entries, opened_at=START))
    mixed = random.sample(histories, len(histories))
    change = simulate(IN_FORCE, histories, until=END).compare(simulate(PLANNED, mixed, until=END))
    other = simulate(IN_FORCE, mixed, until=END).compare(simulate(PLANNED, histories, until=END))

    assert change.members == other.members
    assert change.totals() == other.totals()
    for member in change.members:
        assert member.difference == sum(member.parts().values())
    assert change.difference == sum([after - before for name, before, after in change.totals() if name == "kept"])
    assert len(change.members) == sum([count for *_, count in change.tiers()])
