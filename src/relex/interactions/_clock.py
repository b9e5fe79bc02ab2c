"""When an event of a client happened, without believing the client's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs

from relex import _checks
from relex._instants import moment
from relex.interactions._parts import INSTANT_OR_NONE

__all__ = ["CLIENT_CLOCK", "ClientTime", "client_time"]

CLIENT_CLOCK = "client-clock"
"""The note on an instant for which the client's clock was of no use."""


@attrs.frozen
class ClientTime:
    """When something happened, by our clock.

    Attributes:
        at: The instant, in the zone of the receipt; never after the receipt.
        note: `client-clock` where the client's times contradict themselves and the receipt is taken; else None.

    .. versionadded:: 0.1.0
    """

    at: datetime
    note: str | None = None

    def __str__(self) -> str:
        return self.at.isoformat() if self.note is None else f"{self.at.isoformat()} ({self.note})"


def client_time(
    received_at: datetime, *, sent_at: datetime | None = None, original_at: datetime | None = None
) -> ClientTime:
    """When an event of a client happened: received_at - (sent_at - original_at).

    The difference of two times of one clock is right even where the clock is wrong, as long as sending takes no time.
    Without one of the two, the receipt is all that is known. An event that claims to be made after it was sent has a
    clock that was set in between: it gets the receipt too, with a note.

    Args:
        received_at: By our clock; aware.
        sent_at: By the client's clock; aware.
        original_at: When it happened, by the client's clock; aware.

    Raises:
        InvalidValue: For a naive instant.

    Source: Segment, "Spec: Common Fields", on timestamps.

    Example:
        >>> from datetime import datetime, timezone
        >>> ten = datetime(2026, 5, 1, 10, 0, 5, tzinfo=timezone.utc)
        >>> sent, original = ten.replace(hour=9, minute=57, second=0), ten.replace(hour=9, minute=55, second=30)
        >>> print(client_time(ten, sent_at=sent, original_at=original))
        2026-05-01T09:58:35+00:00
        >>> print(client_time(ten, sent_at=original, original_at=sent))
        2026-05-01T10:00:05+00:00 (client-clock)

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("client_time.received_at", received_at)
    INSTANT_OR_NONE.require("client_time.sent_at", sent_at)
    INSTANT_OR_NONE.require("client_time.original_at", original_at)
    if sent_at is None or original_at is None:
        return ClientTime(received_at)
    waited = moment(sent_at) - moment(original_at)
    if waited < timedelta(0):
        return ClientTime(received_at, CLIENT_CLOCK)
    try:
        return ClientTime((received_at.astimezone(UTC) - waited).astimezone(received_at.tzinfo))
    except OverflowError:  # before the year 1
        return ClientTime(received_at, CLIENT_CLOCK)
