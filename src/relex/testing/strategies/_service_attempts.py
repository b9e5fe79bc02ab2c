"""Calls and chats that were offered."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.service import ContactAttempt
from relex.testing.strategies._basics import LAST, either, ids, instants, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "contact_attempts"]

_SPANS = st.none() | st.timedeltas(timedelta(0), timedelta(hours=2))
_WAITS = st.timedeltas(timedelta(0), timedelta(minutes=30))


def contact_attempts(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[ContactAttempt]:
    """A call or a chat; shrinks to one of which nobody knows how it ended.

    Args:
        id: Of the attempt, or what ids are drawn from.
        customer: Id of the customer, or what such ids are drawn from.
        at: When it was offered, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    name = "contact_attempts"
    usual = {
        "id": either(f"{name}.id", id, _checks.text, ids()),
        "at": either(f"{name}.at", at, _checks.instant, instants()),
        "channel": words(),
        "customer": either(f"{name}.customer", customer, _checks.text, st.none() | ids()),
        "queue": st.none() | words(),
        "team": st.none() | ids(),
        "case": st.none() | ids(),
    }
    left = st.fixed_dictionaries({**usual, "abandoned_after": st.none() | _WAITS})
    work = {"by": st.none() | ids(), "talk": _SPANS, "hold": _SPANS, "wrap_up": _SPANS}
    handed_on = {"transferred_to": st.none() | ids()}
    answered = st.fixed_dictionaries({**usual, **work, **handed_on, "answered_after": _WAITS})
    return (left | answered).map(_attempt)


def _attempt(drawn: dict[str, Any]) -> ContactAttempt:
    """The attempt whose waiting was drawn as a length of time."""
    for end in ("answered", "abandoned"):
        waited = drawn.pop(f"{end}_after", None)
        if waited is not None:
            offered = drawn["at"].astimezone(UTC)
            drawn[f"{end}_at"] = offered + min(waited, max(LAST - offered, timedelta(0)))
    return ContactAttempt(drawn.pop("id"), **drawn)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {ContactAttempt: contact_attempts}
