"""The life cycle of a case, beside two libraries of state machines.

The peers change one object in place, with one question on the way: they keep no history, tell neither when nor why,
and have no definition that can be stored. Our rows give the event, the next state and the change, and leave the state
before as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from benchmarks.harness import Row

from relex.rules import Requirement, field
from relex.service import Case, CaseFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIMES = 100
COMMAND = 10e-6
FOLD = 15e-6
OWNED = Requirement("owner", ~field("owner").is_missing(), "Name an owner")
ASKING = CaseFlow("asking", requires={"hold": [OWNED]})


def rows() -> Iterator[Row]:
    """A move with a requirement beside the peers; each kind of command; a history of five events and of a hundred."""
    known: dict[str, Any] = {"customer": "k7", "channel": "mail", "priority": "high"}
    fresh = Case.open("c1", at=AT, **known).state
    asked = Case.open("c2", owner="ann", at=AT, flow=ASKING, **known).state
    waiting = fresh.reply("m1", at=AT + HOUR, then="waiting_customer").state
    again = waiting.receive("m2", at=AT + 2 * HOUR).state
    closed = again.close(at=AT + 3 * HOUR).state
    old = again
    for number in range(95):
        old = old.reply(f"n{number}", at=AT + 2 * HOUR).state
    later = AT + 4 * HOUR
    yield Row(
        name="Case: hold, with a requirement",
        ours=lambda: [asked.hold("waiting_customer", at=later, flow=ASKING) for _ in range(TIMES)],
        peers={"transitions": _transitions(), "python-statemachine": _statemachine()},
        per=TIMES,
        at_most=COMMAND,
        note="event, state and Change; the state before stays",
    )
    yield _row("open", lambda: Case.open("c1", at=AT, **known), "checked")
    yield _row("receive", lambda: waiting.receive("m3", at=later), "kept, and open again: two events")
    yield _row("reply", lambda: fresh.reply("m3", at=later, then="waiting_customer"), "kept, and moved on: two events")
    yield _row("close", lambda: again.close(at=later), "resolved, then closed: two events")
    yield _row("come back", lambda: closed.receive("m3", at=later), "within the window: two events")
    yield _row("assign", lambda: again.assign("bob", at=later), "one event")
    yield Row(
        name="Case: a history of five events",
        ours=lambda: [Case(again.history) for _ in range(TIMES)],
        per=TIMES,
        at_most=FOLD,
        note="checked, and folded",
    )
    yield Row(name="Case: a history of a hundred events", ours=lambda: Case(old.history), note="checked, and folded")


def _row(name: str, command: Callable[[], object], note: str) -> Row:
    return Row(
        name=f"Case: {name}", ours=lambda: [command() for _ in range(TIMES)], per=TIMES, at_most=COMMAND, note=note
    )


@attrs.define
class _Asked:
    """What the peers ask, and where they keep what happened."""

    owner: str | None = "ann"
    history: list[tuple[str, datetime]] = attrs.field(factory=list)

    def has_owner(self) -> bool:
        return self.owner is not None

    def keep(self) -> None:
        self.history[:] = [("waiting", AT)]


def _transitions() -> Callable[[], object]:
    from transitions import Machine  # noqa: PLC0415 - a peer of this row only

    class Ticket(_Asked):
        pass

    ticket: Any = Ticket()
    machine = Machine(ticket, states=["open", "waiting", "closed"], initial="open", auto_transitions=False)
    machine.add_transition("hold", "open", "waiting", conditions=["has_owner"], after="keep")
    machine.add_transition("resume", "waiting", "open")
    assert ticket.hold()
    assert ticket.state == "waiting"
    return lambda: [ticket.hold() if index % 2 else ticket.resume() for index in range(TIMES)]


def _statemachine() -> Callable[[], object]:
    from statemachine import State, StateMachine  # noqa: PLC0415 - a peer of this row only

    asked = _Asked()

    class Ticket(StateMachine):
        begun = State(initial=True)
        waiting = State()
        hold = begun.to(waiting, cond=["has_owner"])
        resume = waiting.to(begun)

        has_owner = staticmethod(asked.has_owner)
        after_hold = staticmethod(asked.keep)

    ticket: Any = Ticket()
    ticket.hold()
    assert asked.history
    return lambda: [ticket.hold() if index % 2 else ticket.resume() for index in range(TIMES)]
