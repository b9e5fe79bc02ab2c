"""What the figures of purchases are computed from: a history that exists, or a log and the choices to reduce it by."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from relex.errors import InvalidValue
from relex.insights._history import PurchaseHistory
from relex.insights._reduction import purchase_history

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, time, tzinfo

    from relex.calendars import Period
    from relex.money import RateTable
    from relex.purchases import Claim, Purchase, Retraction, Return

__all__ = ["Choices", "history_of"]


class Choices(TypedDict, total=False):
    """The arguments of `purchase_history` besides the log and `as_of`."""

    returns: Iterable[Return]
    claims: Iterable[Claim | Retraction]
    zone: tzinfo | None
    grain: str
    day_starts: time
    within: Period | None
    amount: str
    zero: str
    rates: RateTable | None
    currency: str | None
    known_at: datetime | None


def history_of(source: PurchaseHistory | Iterable[Purchase], as_of: date | None, choices: Choices) -> PurchaseHistory:
    """The history itself, or the one that a log gives.

    Raises:
        InvalidValue: For a history with choices that it already holds, or a log without `as_of`.
    """
    if isinstance(source, PurchaseHistory):
        if as_of is not None or choices:
            raise InvalidValue(
                "as_of", as_of or tuple(choices), "nothing beside a PurchaseHistory, which holds its choices"
            )
        return source
    if as_of is None:
        raise InvalidValue("as_of", None, "a date or an aware datetime, since purchases are given")
    return purchase_history(source, as_of=as_of, **choices)
