"""Examples of price books, approvals, and quotes with their events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from relex.calendars import Months, Period, Years
from relex.money import Money, Rounding
from relex.pipeline import (
    Approval,
    ApprovalNeed,
    ApprovalPolicy,
    ApprovalRule,
    PriceBook,
    PriceEntry,
    PriceTerm,
    Quote,
    QuoteAccepted,
    QuoteApproved,
    QuoteChanged,
    QuoteDeclined,
    QuoteLine,
    QuoteOpened,
    QuoteRefused,
    QuoteRevised,
    QuoteRounding,
    QuoteSent,
    QuoteSubmitted,
    QuoteSuperseded,
    QuoteWithdrawn,
    Schedule,
    ScheduleTier,
)
from relex.purchases import Discount
from relex.rules import any_line, field

__all__ = ["examples"]

AT = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
VOLUME = Schedule("volume", [ScheduleTier(1, 4, 0), ScheduleTier(5, None, Decimal("2.50"))], mode="slab")
TERM = PriceTerm(Months(12), length=Years(2), dates=Period(date(2026, 1, 1), date(2026, 2, 1)), by="month_day")
LINE = QuoteLine(
    1,
    "seat",
    Decimal("7.0"),
    list_price="12.345",
    schedule=VOLUME,
    contract_price=11,
    discounts=[Discount(percent=10), Discount(per_unit="0.10"), Discount(amount=1, code="spring")],
    term=TERM,
    tax_rate="0.085",
    cost=6,
    book="retail",
    contract_book="acme",
)
ROUNDING = QuoteRounding(point="total", mode=Rounding.HALF_EVEN, floor="zero")
ENTRY = PriceEntry(
    "seat",
    "12.345",
    minimum=Decimal("0.5"),
    valid=Period(date(2026, 1, 1)),
    schedule=VOLUME,
    priced_for=Months(12),
    cost=6,
)
DEEP = ApprovalRule(name="deep", when=field("discount_percent") > 20, role="manager", level=2)
POLICY = ApprovalPolicy(
    [DEEP, ApprovalRule(name="line", when=any_line(field("line.discount_percent") > 40), role="finance")],
    undecided="pass",
    version=3,
)
NEED = ApprovalNeed(rule="deep", role="manager", level=2, why="discount_percent is more than 20")
APPROVAL = Approval(rule="deep", role="manager", by="bob")


def _quote() -> Quote:
    opened = Quote.open(
        "q1",
        currency="USD",
        lines=[LINE],
        discounts=[Discount(percent=5)],
        rounding=ROUNDING,
        valid_until=date(2026, 12, 31),
        opportunity="o1",
        customer="c1",
        owner="eve",
        name="Seats",
        at=AT,
    )
    return (
        opened.then(lambda quote: quote.submit(POLICY, by="eve", at=AT))
        .then(lambda quote: quote.send(at=AT) if quote.status == "approved" else quote.revise(at=AT))
        .state
    )


def examples() -> list[object]:
    """Every stored form of prices and quotes."""
    on = {"source": "q1", "at": AT}
    return [
        ENTRY,
        PriceBook("retail", "USD", [ENTRY, PriceEntry("seat", 11, minimum=10)], version=2),
        VOLUME,
        *VOLUME.tiers,
        TERM,
        LINE,
        ROUNDING,
        DEEP,
        POLICY,
        NEED,
        APPROVAL,
        _quote(),
        QuoteOpened(version=1, currency="USD", lines=(LINE,), name="Seats", **on),
        QuoteChanged(version=2, lines=(LINE,), rounding=ROUNDING, valid_until=date(2026, 12, 31), **on),
        QuoteSubmitted(version=3, by="eve", needed=(NEED,), **on),
        QuoteApproved(version=4, approval=APPROVAL, **on),
        QuoteRefused(version=4, by="bob", role="manager", reason="too deep", **on),
        QuoteWithdrawn(version=4, by="eve", reason="typo", **on),
        QuoteSent(version=5, **on),
        QuoteAccepted(version=6, revision=1, opportunity="o1", amount=Money("71.50", "USD"), **on),
        QuoteDeclined(version=6, revision=1, reason="price", **on),
        QuoteRevised(version=7, revision=2, source="q1", at=AT.astimezone(UTC)),
        QuoteSuperseded(version=7, revision=2, **on),
    ]
