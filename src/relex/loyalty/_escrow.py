"""Points that wait for an event instead of a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, local_date
from relex.codec import tagged
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates, elapsed, expiry_check

__all__ = ["Escrow", "InEscrow"]


def _is_wait(value: object) -> bool:
    return isinstance(value, CalendarDuration) or (isinstance(value, timedelta) and value > timedelta(0))


_WAIT = _checks.Check("Days, Weeks, Months, Years, or a timedelta above 0", _is_wait)


@tagged("loyalty.Escrow")
@attrs.frozen
class Escrow:
    """Points are pending until `account.activate` says that what they wait for has come; too late, they are canceled.

    Attributes:
        on: What they wait for, such as `delivered`.
        within: How long they wait; of a calendar duration the last date counts.

    Example:
        >>> from relex.calendars import Days
        >>> Escrow(on="delivered", within=Days(60)).on
        'delivered'

    .. versionadded:: 0.1.0
    """

    on: str = attrs.field(validator=_checks.text)
    within: CalendarDuration | timedelta = attrs.field(validator=_WAIT)

    def lapses(self, start: datetime, tz: tzinfo) -> datetime:
        """The instant in UTC at which points given at `start` are canceled."""
        if isinstance(self.within, timedelta):
            return elapsed("Escrow.within", self.within, start)
        return self.within.ends(local_date(start, tz), tz).astimezone(UTC)


@tagged("loyalty.InEscrow")
@attrs.frozen(kw_only=True, weakref_slot=False)
class InEscrow:
    """What a lot in escrow waits for, as decided when it was given.

    Attributes:
        on: What it waits for.
        lasts: The policy of expiry that begins with the activation; None where the end was decided when it was given.

    .. versionadded:: 0.1.0
    """

    on: str = attrs.field(validator=_checks.text)
    lasts: Never | OnDates | Inactive | FirstOf | CalendarDuration | timedelta | None = attrs.field(
        default=None, validator=_checks.optional(expiry_check)
    )
