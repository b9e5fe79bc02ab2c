"""The revenue of accounts, each under the one at the top of its hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import InvalidValue
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.parties import Hierarchy

__all__ = ["by_root", "revenue_of"]

_REVENUE = _checks.Check("a mapping from accounts to Money", lambda value: isinstance(value, Mapping))
_MONEY = _checks.a(Money)


def by_root(hierarchy: Hierarchy | None) -> Callable[[str], str]:
    """Which account one counts for: the one at the top of its hierarchy, or itself."""
    if hierarchy is None:
        return lambda account: account
    known = frozenset(hierarchy.nodes)
    return lambda account: hierarchy.root(account) if account in known else account


def revenue_of(path: str, revenue: object, root: Callable[[str], str]) -> dict[str, Money]:
    """The revenue of each account at the top, in one currency, none of it below 0."""
    _REVENUE.require(path, revenue)
    found: dict[str, Money] = {}
    for account, amount in revenue.items():  # type: ignore[attr-defined]  # it is a mapping
        _MONEY.require(f"{path}[{account}]", amount)
        if amount.amount < 0:
            raise InvalidValue(f"{path}[{account}]", amount, "an amount of at least 0")
        top = root(account)
        found[top] = found[top] + amount if top in found else amount
    if found:
        Money.sum(list(found.values()))  # refuses two currencies, whatever the amounts
    return found
