"""Calls and chats that were offered: who answered when, who gave up, and how long it took."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import FactSchema

__all__ = ["HANDLING", "ContactAttempt"]

HANDLING = ("talk", "hold", "wrap_up")
"""The parts of the work on one attempt, in order."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_DURATION = _checks.optional(_checks.elapsed)
_MICRO = timedelta(microseconds=1)
_NO_TIME = timedelta(0)


@tagged("service.ContactAttempt")
@attrs.frozen(weakref_slot=False)
class ContactAttempt:
    """One call or chat that was offered: an entry, immutable and idempotent by id.

    It is written down when it is over. Asked as of an instant before its answer, it was still waiting.

    Attributes:
        id: The same id with the same content is the same attempt.
        at: When it was offered: from when on the customer waited; aware.
        channel: Such as `phone` or `chat`.
        customer: Id of who called; None where nobody knows.
        queue: Where it waited.
        team: Whose it was.
        case: Id of the case that it was about.
        answered_at: When somebody answered; None where nobody did.
        by: Id of who answered.
        abandoned_at: When the customer gave up; None while an answer was still awaited, and where there was one.
        talk: How long they talked; None where nobody measured, which is not zero.
        hold: How long the customer was put on hold during it; None as above.
        wrap_up: How long the work went on afterwards; None as above.
        transferred_to: The queue, team or person that it was handed on to; what they do is an attempt of its own.
        fact_schema: The facts of every attempt.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, an answer or an end before the offer, an attempt that was
            both answered and abandoned, work (`by`, `talk`, `hold`, `wrap_up`, `transferred_to`) without an answer,
            and a negative duration.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> nine = datetime(2026, 5, 4, 9, tzinfo=timezone.utc)
        >>> call = ContactAttempt("t1", at=nine, channel="phone", queue="first line", by="ann",
        ...                       answered_at=nine + timedelta(seconds=20), talk=timedelta(minutes=3))
        >>> call.waited, call.handling, call.unmeasured
        (datetime.timedelta(seconds=20), datetime.timedelta(seconds=180), ('hold', 'wrap_up'))
        >>> print(call)
        phone, answered by ann after 0:00:20, handled for 0:03:00

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    channel: str = attrs.field(validator=_checks.text, kw_only=True)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    queue: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    team: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    case: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    answered_at: datetime | None = attrs.field(
        default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none
    )
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    abandoned_at: datetime | None = attrs.field(
        default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none
    )
    talk: timedelta | None = attrs.field(default=None, validator=_DURATION, kw_only=True)
    hold: timedelta | None = attrs.field(default=None, validator=_DURATION, kw_only=True)
    wrap_up: timedelta | None = attrs.field(default=None, validator=_DURATION, kw_only=True)
    transferred_to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "abandoned_at": datetime,
            "answered_at": datetime,
            "at": datetime,
            "by": str,
            "case": str,
            "channel": str,
            "customer": str,
            "hold_seconds": Decimal,
            "id": str,
            "kind": str,
            "outcome": str,
            "queue": str,
            "talk_seconds": Decimal,
            "team": str,
            "transferred_to": str,
            "waited_seconds": Decimal,
            "wrap_up_seconds": Decimal,
        }
    )

    def __attrs_post_init__(self) -> None:
        """Check that it had one end at most, after its beginning, and work only after an answer."""
        for name in ("answered_at", "abandoned_at"):
            ended = getattr(self, name)
            if ended is not None and is_before(ended, self.at):
                raise InvalidValue(f"ContactAttempt.{name}", ended, f"an instant from {self.at.isoformat()} on")
        if self.answered_at is None:
            for name in ("by", *HANDLING, "transferred_to"):
                if getattr(self, name) is not None:
                    raise InvalidValue(f"ContactAttempt.{name}", getattr(self, name), "None where nobody answered")
        elif self.abandoned_at is not None:
            raise InvalidValue("ContactAttempt.abandoned_at", self.abandoned_at, "None where somebody answered")

    @property
    def subject(self) -> str | None:
        """Id of the customer, by which attempts are read; None where nobody knows."""
        return self.customer

    @property
    def outcome(self) -> str | None:
        """`answered` or `abandoned`; None where nobody wrote down how it ended."""
        if self.answered_at is not None:
            return "answered"
        return None if self.abandoned_at is None else "abandoned"

    @property
    def waited(self) -> timedelta | None:
        """From the offer to the answer, or to giving up; None where neither is known."""
        ended = self.abandoned_at if self.answered_at is None else self.answered_at
        return None if ended is None else moment(ended) - moment(self.at)

    @property
    def handling(self) -> timedelta | None:
        """Talk, hold and wrap-up together, as far as they were measured; None where none of them was."""
        measured = [time for time in (self.talk, self.hold, self.wrap_up) if time is not None]
        return sum(measured, _NO_TIME) if measured else None

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """The parts of the handling that nobody measured; () where nobody answered."""
        return () if self.answered_at is None else tuple([name for name in HANDLING if getattr(self, name) is None])

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names; times are in seconds."""
        return {
            "kind": "contact_attempt",
            "id": self.id,
            "at": self.at,
            "channel": self.channel,
            "customer": self.customer,
            "queue": self.queue,
            "team": self.team,
            "case": self.case,
            "by": self.by,
            "outcome": self.outcome,
            "answered_at": self.answered_at,
            "abandoned_at": self.abandoned_at,
            "transferred_to": self.transferred_to,
            "waited_seconds": _seconds(self.waited),
            "talk_seconds": _seconds(self.talk),
            "hold_seconds": _seconds(self.hold),
            "wrap_up_seconds": _seconds(self.wrap_up),
        }

    def __str__(self) -> str:
        if self.outcome is None:
            return f"{self.channel}, waiting since {self.at.isoformat()}"
        if self.outcome == "abandoned":
            return f"{self.channel}, gave up after {self.waited}"
        by = "" if self.by is None else f" by {self.by}"
        handled = "" if self.handling is None else f", handled for {self.handling}"
        return f"{self.channel}, answered{by} after {self.waited}{handled}"


def _seconds(time: timedelta | None) -> Decimal | None:
    """Exactly, to the microsecond; whole seconds without decimals."""
    if time is None:
        return None
    whole, rest = divmod(time // _MICRO, 1_000_000)
    return Decimal(f"{whole}.{rest:06}".rstrip("0")) if rest else Decimal(whole)
