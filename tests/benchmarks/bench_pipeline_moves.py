"""Moving a deal through a stage that asks for three things, beside two libraries of state machines.

The peers change one object in place and ask three questions on the way forward and none on the way back; neither keeps
the state before, tells what is missing, or has a definition that can be stored.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from benchmarks.harness import Row

from relex.money import Money
from relex.pipeline import Opportunity, Pipeline, Stage
from relex.rules import Requirement, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
BAR = 8e-6
TIMES = 100
NAMES = ("new", "demo", "proposal", "contract")
GATE = [
    Requirement("amount", field("amount") > 0, "Fill in the amount"),
    Requirement("owner", ~field("owner").is_missing(), "Name an owner"),
    Requirement("date", field("expected_close") >= FIRST_DAY, "Fill in the expected date"),
]
SALES = Pipeline(
    "sales",
    [
        *[
            Stage(name, place, probability=20 * place, requires=GATE if place else ())
            for place, name in enumerate(NAMES)
        ],
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ],
)


def rows() -> Iterator[Row]:
    """One move forward with its gate, alone and after a hundred events; what is missing; opening; closing."""
    known: dict[str, Any] = {"amount": Money(1_000, "USD"), "owner": "u1", "expected_close": date(2026, 6, 30)}
    deal, _ = Opportunity.open("o1", SALES, at=AT, **known)
    bare, _ = Opportunity.open("o2", SALES, at=AT)
    old = deal
    for amount in range(100):
        old, _ = old.change_amount(Money(amount + 1, "USD"), at=AT)
    yield Row(
        name="Deal: move through a stage with three requirements",
        ours=lambda: [deal.move_to("demo", SALES, at=AT) for _ in range(TIMES)],
        peers={"transitions": _transitions(), "python-statemachine": _statemachine()},
        per=TIMES,
        at_most=BAR,
        note="event, state and Change; the state before stays",
    )
    yield Row(
        name="Deal: move after a hundred events",
        ours=lambda: [old.move_to("demo", SALES, at=AT) for _ in range(TIMES)],
        per=TIMES,
        note="one more of them",
    )
    yield Row(
        name="Deal: what is missing", ours=lambda: SALES.check(bare, "proposal", as_of=AT), note="six unmet, explained"
    )
    yield Row(name="Deal: open", ours=lambda: Opportunity.open("o1", SALES, at=AT, **known), note="checked")
    yield Row(name="Deal: win", ours=lambda: deal.win(SALES, at=AT), note="through every gate")


@attrs.define
class _Asked:
    """What the peers ask, and where they keep what happened."""

    amount: Decimal = Decimal(1_000)
    owner: str | None = "u1"
    expected_close: date | None = date(2026, 6, 30)
    history: list[tuple[str, datetime]] = attrs.field(factory=list)

    def has_amount(self) -> bool:
        return self.amount > 0

    def has_owner(self) -> bool:
        return self.owner is not None

    def has_date(self) -> bool:
        return self.expected_close is not None and self.expected_close >= FIRST_DAY

    def keep(self) -> None:
        self.history[:] = [("demo", AT)]


QUESTIONS = ["has_amount", "has_owner", "has_date"]


def _transitions() -> Callable[[], object]:
    from transitions import Machine  # noqa: PLC0415 - a peer of this row only

    class Deal(_Asked):
        pass

    deal: Any = Deal()
    machine = Machine(deal, states=[*NAMES, "won", "lost"], initial="new", auto_transitions=False)
    machine.add_transition("go", "new", "demo", conditions=QUESTIONS, after="keep")
    machine.add_transition("back", "demo", "new")
    assert deal.go()
    assert deal.state == "demo"
    return lambda: [deal.go() if index % 2 else deal.back() for index in range(TIMES)]


def _statemachine() -> Callable[[], object]:
    from statemachine import State, StateMachine  # noqa: PLC0415 - a peer of this row only

    asked = _Asked()

    class Deal(StateMachine):
        new = State(initial=True)
        demo = State()
        go = new.to(demo, cond=QUESTIONS)
        back = demo.to(new)

        has_amount = staticmethod(asked.has_amount)
        has_owner = staticmethod(asked.has_owner)
        has_date = staticmethod(asked.has_date)
        after_go = staticmethod(asked.keep)

    deal: Any = Deal()
    deal.go()
    assert asked.history
    return lambda: [deal.go() if index % 2 else deal.back() for index in range(TIMES)]
