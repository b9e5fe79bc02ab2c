"""One command on a customer, which gives an event, a state and a Change, against bare transitions of state machines."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.customers import Customer, Lifecycle, PersonName
from relex.purchases import Discount, Line, Purchase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
STAGES = Lifecycle(["lead", "customer", "fan"], former=["lost"])
COMMANDS = 200
PRICE, OFF = Decimal("3.99"), Decimal("0.40")


def rows() -> Iterator[Row]:
    """The commands, and the making of a sale of nine lines."""
    customer = Customer.open("c1", PersonName("Ada Lovelace"), at=DAY, stage="lead", tags=["vip"]).state
    yield Row(
        name="Customer: advance a stage",
        ours=lambda: [customer.advance("customer", at=DAY, lifecycle=STAGES) for _ in range(COMMANDS)],
        peers={"transitions": _transitions(), "python-statemachine": _statemachine()},
        per=COMMANDS,
        at_most=4e-6,
        note="event, state and Change, against a bare transition",
    )
    yield Row(
        name="Customer: rename",
        ours=lambda: [customer.rename(PersonName("Ada King"), at=DAY) for _ in range(COMMANDS)],
        per=COMMANDS,
        note="the name is made anew each time",
    )
    yield Row(name="Purchase: nine lines, nets", ours=_sale, at_most=25e-6, note="checked, without discounts")
    yield Row(name="Purchase: nine lines, nine discounts", ours=_discounted_sale, note="checked and computed")


def _sale() -> object:
    lines = [Line(number, "p1", 1, gross=PRICE, category="a/b", brand="n") for number in range(1, 10)]
    return Purchase("s1", customer="c1", at=DAY, currency="USD", lines=lines).figures.net


def _discounted_sale() -> object:
    lines = [Line(number, "p1", 1, gross=PRICE, discounts=(Discount(amount=OFF),)) for number in range(1, 10)]
    return Purchase("s1", customer="c1", at=DAY, currency="USD", lines=lines).figures.net


def _transitions() -> Callable[[], object]:
    from transitions import Machine  # noqa: PLC0415 - a peer of this row only

    class Deal:
        pass

    deal: Any = Deal()
    moves = [["advance", "lead", "customer"], ["back", "customer", "lead"]]
    Machine(model=deal, states=["lead", "customer", "fan"], transitions=moves, initial="lead")
    return lambda: [deal.back() if index % 2 else deal.advance() for index in range(COMMANDS)]


def _statemachine() -> Callable[[], object]:
    from statemachine import State, StateMachine  # noqa: PLC0415 - a peer of this row only

    class Deal(StateMachine):
        lead = State(initial=True)
        customer = State()
        advance = lead.to(customer)
        back = customer.to(lead)

    deal: Any = Deal()
    return lambda: [deal.back() if index % 2 else deal.advance() for index in range(COMMANDS)]
