"""Longer lives for points that are there: the definition, and what is recorded when it was applied."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import ClassVar

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, local_date
from relex.codec import tagged
from relex.loyalty._events import DEBIT, Entry
from relex.rules import Rule

__all__ = ["ExpiryExtended", "Extension", "later_end"]

_LENGTH = _checks.Check(
    "Days, Weeks, Months or Years of at least 1", lambda value: isinstance(value, CalendarDuration) and value.n > 0
)
_MOMENT = timedelta(microseconds=1)


@tagged("loyalty.Extension")
@attrs.frozen
class Extension:
    """How much later points end that an extension applies to; of several that match a lot, the longest counts.

    Attributes:
        by: How far the last date on which the points can be used moves.
        when: Which lots, by facts of the account, of the customer and of the lot (`lot.points`, `lot.remaining`,
            `lot.earned_at`, `lot.available_at`, `lot.expires_at`, `lot.currency`); None for all.

    Example:
        >>> from relex.calendars import Months
        >>> from relex.rules import field
        >>> Extension(Months(6), when=field("account.tier") == "gold").by
        Months(n=6, end_of=None, year_ends=12)

    .. versionadded:: 0.1.0
    """

    by: CalendarDuration = attrs.field(validator=_LENGTH)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))


def later_end(end: datetime, by: CalendarDuration, tz: tzinfo) -> datetime:
    """The end of a lot whose last usable date moves by a duration: the midnight after the new last date."""
    return by.ends(local_date(end - _MOMENT, tz), tz)


@tagged("loyalty.ExpiryExtended")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ExpiryExtended(Entry):
    """Lots got a later end.

    Attributes:
        id: Of the extension.
        ends: (lot id, currency, the new end) for every lot that moved, by lot id.
        reason: Why.
        actor: Who.
        asked: (lot ids, the end) as they were named by hand; no ids for all open lots, None where the extensions of the
            program decided.
        program_version: Of the program that decided.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = DEBIT

    id: str = attrs.field(validator=_checks.text)
    ends: tuple[tuple[str, str, datetime], ...] = attrs.field(validator=_checks.a(tuple))
    reason: str = attrs.field(validator=_checks.text)
    actor: str = attrs.field(validator=_checks.text)
    asked: tuple[tuple[str, ...], datetime | None] = attrs.field(default=((), None), validator=_checks.a(tuple))
    program_version: int = attrs.field(default=1, validator=_checks.whole(least=1))

    @property
    def key(self) -> tuple[str, str]:
        """`extend` and the id."""
        return ("extend", self.id)
