"""Examples of campaigns, vouchers and budgets with their events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relex.calendars import Days
from relex.loyalty import Budget, Campaign, Cap, PercentOff, Voucher
from relex.money import Money
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def spring() -> Campaign:
    """A discount with every condition that there is."""
    return Campaign(
        "spring",
        PercentOff(10),
        when=field("basket.total") >= 20,
        caps=[Cap(times=3, per="ever", who="everyone"), Cap(times=1, per=Days(30))],
        valid=(date(2026, 5, 1), date(2026, 5, 31)),
        waits=Days(14),
        lasts=Days(60),
        restorable=True,
    )


def used(campaign: Campaign) -> Voucher:
    """A code to which everything happened that can happen to one."""
    facts = {"basket.total": 25}
    voucher, _ = Voucher.issue("SPRING-7", campaign, at=AT)
    voucher, _ = voucher.reserve("o1", campaign, by="ann", at=AT, until=AT + QUARTER, facts=facts)
    voucher, _ = voucher.confirm("o1", at=AT)
    voucher, _ = voucher.reserve("o2", campaign, by="bob", at=AT, until=AT + QUARTER, facts=facts)
    voucher, _ = voucher.release("o2", at=AT)
    voucher, _ = voucher.restore_use("o1", campaign, at=AT, reason="the order was canceled")
    return voucher.void(at=AT, reason="it was posted on a forum").state


def drawn() -> Budget:
    """A budget of an amount, of which some was given back."""
    budget, _ = Budget.open("spring", Money("500.00", "USD"), at=AT)
    budget, _ = budget.draw(Money("120.00", "USD"), "order-1", at=AT)
    return budget.give_back(Money("20.00", "USD"), "return-1", at=AT, effective=AT).state


def examples() -> list[object]:
    """Definitions, aggregates, and all that happened to them."""
    voucher, budget = used(spring()), drawn()
    return [spring(), Campaign("welcome", 250), voucher, budget, *voucher.history, *budget.history]
