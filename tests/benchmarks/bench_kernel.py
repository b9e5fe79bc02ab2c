"""The kernel under load: a command on an aggregate, and an aggregate to its stored form and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from benchmarks.harness import Row

from relex import _checks
from relex._trusted import trusted
from relex.changes import Change, Event
from relex.codec import decode, dumps, encode, loads, tagged
from relex.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_TIMES = 100


# An aggregate of six stages, with a guard and a required field, as small as one that is honest can be.

_NEXT = {"new": "qualified", "qualified": "proposal", "proposal": "negotiation", "negotiation": "won"}


@tagged("bench.Moved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Moved(Event):
    """A deal went on to the next stage."""

    stage: str


@attrs.frozen(kw_only=True, weakref_slot=False)
class Deal:
    """A deal that goes through stages."""

    id: str
    version: int
    stage: str
    amount: int | None
    moved_at: datetime

    def facts(self) -> dict[str, Any]:
        """What rules may ask about."""
        return {"stage": self.stage, "amount": self.amount}

    @staticmethod
    def evolve(state: Deal, event: Moved) -> Deal:
        """The deal after the event."""
        return _deal(state.id, event.version, event.stage, state.amount, event.at)

    def advance(self, *, at: datetime) -> Change[Deal]:
        """Go on to the next stage; leaving the proposal takes an amount."""
        _checks.instant.require("advance.at", at)
        stage = _NEXT.get(self.stage)
        if stage is None or at < self.moved_at:
            raise Rejected("advance", "not_open", {"stage": self.stage})
        if stage == "negotiation" and self.amount is None:
            raise Rejected("advance", "required", {"field": "amount"})
        event = _moved(self.id, self.version + 1, at, stage)
        return Change(Deal.evolve(self, event), (event,))


_deal, _moved = trusted(Deal), trusted(Moved)


# An aggregate of thirteen objects: a customer, two addresses and ten interactions, with five labels.


@tagged("bench.Address")
@attrs.frozen
class Address:
    """Where a customer lives."""

    kind: str
    street: str
    city: str
    code: str
    country: str


@tagged("bench.Contact")
@attrs.frozen
class Contact:
    """One interaction."""

    id: str
    channel: str
    at: datetime
    subject: str
    minutes: int


@tagged("bench.Person")
@attrs.frozen
class Person:
    """A customer."""

    id: str
    version: int
    name: str
    email: str | None
    since: datetime
    labels: tuple[str, ...]
    addresses: tuple[Address, ...]
    contacts: tuple[Contact, ...]


PERSON = Person(
    "c1",
    12,
    "Anna Lindqvist",
    "anna@example.org",
    _AT,
    ("gold", "newsletter", "b2c", "nordic", "coffee"),
    tuple(Address(kind, "Storgatan 12", "Malmö", "21142", "SE") for kind in ("home", "billing")),
    tuple(Contact(f"i{n}", "email", _AT + timedelta(days=n), f"About order {n}", 10 + n) for n in range(10)),
)


def rows() -> Iterator[Row]:
    """A command against two state machines; the codec against cattrs, as dicts and with JSON."""
    yield _command()
    yield from _codec()


def _command() -> Row:
    import statemachine  # noqa: PLC0415 - a peer may be missing
    import transitions  # noqa: PLC0415

    deal = Deal(id="d1", version=3, stage="proposal", amount=500, moved_at=_AT)

    class Light:
        amount = 500

        def has_amount(self, _event: object = None) -> bool:
            return self.amount is not None

    light = Light()
    states = ["new", "qualified", "proposal", "negotiation"]
    machine = transitions.Machine(light, states=states, initial="proposal", auto_transitions=False, send_event=True)
    machine.add_transition("advance", "proposal", "negotiation", conditions="has_amount")
    machine.add_transition("back", "negotiation", "proposal")

    class Heavy(statemachine.StateMachine):
        proposal = statemachine.State(initial=True)
        negotiation = statemachine.State()
        advance = proposal.to(negotiation, cond="has_amount")
        back = negotiation.to(proposal)
        amount = 500

        def has_amount(self) -> bool:
            return self.amount is not None

    heavy = Heavy()

    def ours() -> None:
        for _ in range(_TIMES):
            deal.advance(at=_AT)

    def to_and_fro(thing: Any) -> None:
        for _ in range(_TIMES // 2):
            thing.advance()
            thing.back()

    return Row(
        name="command: event, state and Change",
        ours=ours,
        peers={"transitions": lambda: to_and_fro(light), "python-statemachine": lambda: to_and_fro(heavy)},
        per=_TIMES,
        at_most=4e-6,
        note="ours checks, refuses, makes an event and a new state; the peers only move between two states",
    )


def _codec() -> Iterator[Row]:
    import cattrs.preconf.json  # noqa: PLC0415 - a peer may be missing
    import cattrs.preconf.orjson  # noqa: PLC0415
    import orjson  # noqa: PLC0415

    dicts, texts = cattrs.preconf.json.make_converter(), cattrs.preconf.orjson.make_converter()
    plain, stored, packed, text = dicts.unstructure(PERSON), encode(PERSON), texts.dumps(PERSON), dumps(PERSON)
    same = decode(stored, Person) == loads(text, Person) == dicts.structure(plain, Person) == PERSON
    assert same
    calls: dict[str, tuple[Callable[[], object], dict[str, Callable[[], object]]]] = {
        "encode": (lambda: encode(PERSON), {"cattrs": lambda: dicts.unstructure(PERSON)}),
        "decode": (lambda: decode(stored, Person), {"cattrs": lambda: dicts.structure(plain, Person)}),
        "encode, text by orjson": (
            lambda: orjson.dumps(encode(PERSON)),
            {"cattrs and orjson": lambda: texts.dumps(PERSON)},
        ),
        "decode, text by orjson": (
            lambda: decode(orjson.loads(text), Person),
            {"cattrs and orjson": lambda: texts.loads(packed, Person)},
        ),
        "dumps": (lambda: dumps(PERSON), {"cattrs and json": lambda: dicts.dumps(PERSON)}),
        "loads": (lambda: loads(text, Person), {"cattrs and json": lambda: dicts.loads(text_of_cattrs, Person)}),
    }
    text_of_cattrs = dicts.dumps(PERSON)
    note = "13 objects; ours writes tag and version, checks every str and int, and names the path of a fault"
    for name, (ours, peers) in calls.items():
        yield Row(name=f"codec: {name}", ours=ours, peers=peers, note=note)
