"""Purchases for the tests of insights: a fixed log, a short way to make a purchase, and random logs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from relex.money import Money
from relex.purchases import Line, Purchase, Return

__all__ = ["F6", "TEN", "UTC", "amounts", "bought", "logs", "plain_rows", "returns_of", "ten_rows"]


F6 = [
    (customer, date.fromisoformat(f"2015-{day}"), amount)
    for customer, day, amount in [
        ("1", "01-01", 1), ("1", "02-06", 2), ("2", "01-01", 2), ("3", "01-01", 3), ("3", "01-02", 1),
        ("3", "01-05", 5), ("4", "01-16", 6), ("4", "02-02", 3), ("4", "02-05", 3), ("4", "02-05", 6),
        ("5", "01-16", 3), ("5", "01-17", 1), ("5", "01-18", 8), ("6", "02-02", 5),
    ]
]  # fmt: skip

TEN = {
    "a": (3, 12, 540), "b": (3, 1, 20), "c": (10, 4, 120), "d": (25, 4, 300), "e": (25, 1, 20),
    "f": (40, 2, 60), "g": (90, 9, 800), "h": (90, 1, 15), "i": (200, 2, 60), "j": (400, 1, 20),
}  # fmt: skip


def ten_rows(as_of: date = date(2024, 1, 31)) -> list[tuple[str, date, Decimal]]:
    """Rows that give the ten customers their recency, frequency and total."""
    return [
        (customer, as_of - timedelta(days=recency + number), Decimal(0 if number else total))
        for customer, (recency, frequency, total) in TEN.items()
        for number in range(frequency)
    ]


def bought(id: str, customer: str | None, day: date, amount: int | str | Decimal, *, hour: int = 12) -> Purchase:  # noqa: A002 - the field's name
    """A purchase of one line."""
    at = datetime.combine(day, time(hour), UTC)
    return Purchase(id, customer=customer, at=at, currency="USD", lines=[Line(1, "thing", 1, gross=amount)])


amounts = st.integers(0, 5_000).map(lambda cents: Decimal(cents).scaleb(-2))
_days = st.integers(0, 400).map(lambda days: date(2023, 6, 1) + timedelta(days=days))
_customers = st.sampled_from(["ann", "bob", "cy", "dee", "eve"])

plain_rows = st.lists(st.tuples(_customers, _days, amounts), max_size=25)


@st.composite
def logs(draw: st.DrawFn) -> list[Purchase]:
    """Purchases with different ids, some of them nobody's."""
    rows = draw(st.lists(st.tuples(st.none() | _customers, _days, amounts, st.integers(0, 23)), max_size=15))
    return [
        bought(f"p{number}", customer, day, amount, hour=hour)
        for number, (customer, day, amount, hour) in enumerate(rows)
    ]


@st.composite
def returns_of(draw: st.DrawFn, sales: list[Purchase]) -> list[Return]:
    """Returns with a stated value: of these purchases, of unknown ones, of none, of customers and of nobody."""
    ids = st.sampled_from([*(sale.id for sale in sales), "p-unknown", None])
    rows = draw(st.lists(st.tuples(ids, st.none() | _customers, _days, amounts), max_size=6))
    return [
        Return(
            f"r{number}",
            purchase=purchase,
            customer=customer,
            at=datetime.combine(day, time(13), UTC),
            value=Money(value, "USD"),
        )
        for number, (purchase, customer, day, value) in enumerate(rows)
    ]
