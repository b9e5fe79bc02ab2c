"""Builders shared by the tests of loyalty: short programs, sales, accounts, and strategies over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex.calendars import Days, Months
from relex.loyalty import Account, EarningRule, Flat, Never, Occasion, PerAmount, Program
from relex.purchases import Line, Purchase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.loyalty import PointsEarned

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(text: str, hour: int = 0) -> datetime:
    """An instant in UTC from "MM-DD" of 2026 or "YYYY-MM-DD"."""
    full = text if len(text) > 5 else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=UTC) + timedelta(hours=hour)


def program(*rules: EarningRule, **more: Any) -> Program:
    return Program("p", currency="USD", rules=rules, **more)


def opened(of: Program, at: datetime = START) -> Account:
    return Account.open("a1", customer="c1", program=of, at=at).state


def sale(*amounts: str | Line, name: str = "s1", at: datetime = START, currency: str = "USD", **more: Any) -> Purchase:
    lines = [
        amount if isinstance(amount, Line) else Line(number, f"sku{number}", 1, gross=amount)
        for number, amount in enumerate(amounts, 1)
    ]
    return Purchase(name, at=at, currency=currency, lines=lines, **more)


def award(
    of: Program,
    occasion: Purchase | Occasion,
    *,
    account: Account | None = None,
    at: datetime | None = None,
    customer: Mapping[str, Any] | None = None,
) -> PointsEarned:
    """The event of one earning."""
    account = opened(of, min(START, occasion.at)) if account is None else account
    events = account.earn(occasion, of, at=at or occasion.at, customer=customer).events
    return next(event for event in events if type(event).__name__ == "PointsEarned")


def points(of: Program, *amounts: str | Line, **more: Any) -> int:
    """What one sale earns on a new account."""
    return award(of, sale(*amounts, **more)).points


def adjusted(
    account: Account,
    of: Program,
    count: int,
    at: datetime,
    *,
    ends: datetime | None = None,
    name: str | None = None,
    **more: Any,
) -> Account:
    """The account with a lot of so many points, or so many taken."""
    name = name or f"adj{account.version}"
    return account.adjust(
        count, of, id=name, reason="test", actor="test", at=more.pop("now", at), effective=at, expires_at=ends, **more
    ).state


def remaining(account: Account, at: datetime) -> list[tuple[int, datetime | None]]:
    return [(lot.remaining, lot.expires_at) for lot in account.lots(as_of=at)]


PLAIN = program(expires=Never())
VISITS = program(EarningRule("visit", Flat(10), on="visit"), expires=Days(30))
SPENDING = program(
    EarningRule("base", PerAmount(1, per="1.00")),
    EarningRule("visit", Flat(10), on="visit", pending=Days(5)),
    expires=Months(1),
)

amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(500), places=2)
minutes = st.integers(0, 200 * 24 * 60)


def visit(name: str, at: datetime) -> Occasion:
    return Occasion("visit", name, at)
