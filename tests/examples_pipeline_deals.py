"""Examples of pipelines, of deals and of what happens to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from relex.calendars import Days
from relex.money import Money
from relex.pipeline import (
    ContactRole,
    LostReason,
    NextStep,
    Opportunity,
    Pipeline,
    Split,
    Stage,
    StalePolicy,
)
from relex.purchases import Line
from relex.rules import FactSchema, Requirement, field

__all__ = ["examples"]

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, 30, tzinfo=timezone(timedelta(hours=7)))


def examples() -> list[object]:
    """At least one of each class, and every kind of event."""
    asked = Requirement("pain", field("pain") == "slow", "Ask where it hurts")
    stages = [
        Stage("new", 1, probability=10, name="New"),
        Stage("demo", 2, probability=Decimal("37.5"), category="best_case", requires=[asked], stale=StalePolicy()),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ]
    sales = Pipeline(
        "sales",
        stages,
        version=2,
        name="Sales",
        moves={"new": ["demo", "lost"], "demo": ["new", "won", "lost"]},
        gates="target",
        lost_reasons=["price", LostReason("other", note=True)],
        reopen=Days(30),
        stale=StalePolicy(stale_after=Days(21)),
        probability="predicted",
        facts=FactSchema({"pain": str}),
    )
    deal = _deal(sales)
    return [
        *stages,
        LostReason("other", note=True),
        Pipeline("plain", [Stage("new", 1, probability=0), *stages[2:]]),
        sales,
        ContactRole("p1", "buyer", primary=True),
        NextStep("Call", date(2026, 3, 9)),
        Split("ann", Decimal("62.5")),
        Split("bob", 100, kind="overlay"),
        *deal.history,
        deal,
    ]


def _deal(sales: Pipeline) -> Opportunity:
    known: dict[str, Any] = {"amount": Money("1000.50", "USD"), "expected_close": date(2026, 6, 30), "customer": "c1"}
    known |= {"owner": "ann", "contacts": [ContactRole("p1")], "tags": ["hot"], "campaign": "fair"}
    change = Opportunity.open("o1", sales, at=AT, name="Casa", territory="west", **known)
    lines = [Line(1, "seat", Decimal("7.0"), unit_price="12.345")]
    for command in (
        lambda it: it.rename("Casa Ltd", at=AT),
        lambda it: it.change_amount(Money(900, "USD"), at=AT),
        lambda it: it.change_amount(None, at=AT),
        lambda it: it.set_lines(lines, currency="USD", at=AT),
        lambda it: it.change_close_date(date(2026, 7, 31), reason="budget", at=AT),
        lambda it: it.reassign("bob", at=LATER),
        lambda it: it.set_territory(None, at=LATER),
        lambda it: it.set_campaign("mail", at=LATER),
        lambda it: it.set_customer("c2", at=LATER),
        lambda it: it.override_probability(Decimal("12.50"), at=LATER),
        lambda it: it.override_category("commit", at=LATER),
        lambda it: it.add_contact("p2", "buyer", primary=True, at=LATER),
        lambda it: it.set_next_step("Call", date(2026, 3, 9), at=LATER),
        lambda it: it.complete_next_step(at=LATER),
        lambda it: it.snooze(date(2026, 4, 1), reason="holidays", at=LATER),
        lambda it: it.set_splits([Split("ann", 60), Split("bob", 40)], at=LATER),
        lambda it: it.tag("big", at=LATER),
        lambda it: it.record_activity("call", at=LATER),
        lambda it: it.move_to("demo", sales, at=LATER, note="They asked", facts={"pain": "slow"}),
        lambda it: it.win(sales, at=LATER, reason="speed"),
        lambda it: it.reopen(sales, at=LATER, reason="not signed"),
        lambda it: it.lose(sales, at=LATER, reason="other", note="They moved away", competitor="Ipsum"),
    ):
        change = change.then(command)
    return change.state
