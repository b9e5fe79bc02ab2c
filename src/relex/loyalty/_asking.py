"""What rules may ask about an account and its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan

__all__ = ["asked_facts"]


def asked_facts(
    account: Account, plan: Plan, at: datetime, tier: str | None, customer: Mapping[str, Any] | None
) -> Any:
    """Facts of the account and the customer, each worked out when it is asked for."""
    points = plan.program.points[0].id
    asked: dict[str, Any] = {
        "account.tier": lambda: tier,
        "account.balance": lambda: account.balance(as_of=at, points=points).available,
        "account.purchases": lambda: account.purchases_at(at),
        "account.lifetime": lambda: account.earned_at(at, points),
        "account.age_days": lambda: (plan.day(at) - plan.day(account.opened_at)).days,
        "account.members": lambda: len(account.members_at(at)),
    }
    for name, value in (customer or {}).items():
        asked[name if name.startswith("customer.") else f"customer.{name}"] = lambda value=value: value
    return asked
