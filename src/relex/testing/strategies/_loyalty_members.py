"""Who shares an account, and what moves from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.loyalty import Member, MovedLot
from relex.testing.strategies._account_events import credits as lots
from relex.testing.strategies._basics import either, ids, instants

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "members", "moved_lots"]

_ROLES = st.sampled_from(("owner", "member", "contributor"))


def members(*, customer: str | SearchStrategy[str] | None = None) -> SearchStrategy[Member]:
    """Members of accounts, in every role.

    Args:
        customer: Id of the customer, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Member,
        customer=either("members.customer", customer, _checks.text, ids()),
        role=_ROLES,
        since=instants(),
    )


def moved_lots() -> SearchStrategy[MovedLot]:
    """Points of one lot that move to another account.

    .. versionadded:: 0.1.0
    """
    return st.builds(MovedLot, lot=ids(), credit=lots())


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Member: members, MovedLot: moved_lots}
"""The strategy of each class of members and transfers that has a stored form."""
