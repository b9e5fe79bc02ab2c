"""Longer lives for points, and digests of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months
from relex.loyalty import Extension, Seal
from relex.rules import field
from relex.testing.strategies._basics import either, ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "extensions", "seals"]

_LENGTHS = st.sampled_from((Days(1), Days(30), Months(6), Months(1, end_of="month")))
_RULES = st.sampled_from(
    (field("account.tier") == "gold", field("lot.remaining").between(1, 50), field("customer.age").between(18, 30))
)


def extensions() -> SearchStrategy[Extension]:
    """How much later points end that an extension applies to.

    .. versionadded:: 0.1.0
    """
    return st.builds(Extension, by=_LENGTHS, when=st.none() | _RULES)


def seals(*, account: str | SearchStrategy[str] | None = None) -> SearchStrategy[Seal]:
    """Digests of what happened to accounts.

    Args:
        account: Id of the account, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Seal,
        account=either("seals.account", account, _checks.text, ids()),
        version=st.integers(1, 10**4),
        digest=st.text("0123456789abcdef", min_size=64, max_size=64),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Extension: extensions, Seal: seals}
"""The strategy of each class of extensions and audits that has a stored form."""
