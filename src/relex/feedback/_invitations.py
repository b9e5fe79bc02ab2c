"""Requests that were acted on, and what became of them: two kinds of immutable entries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._contact_reasons import ContactReason
from relex.feedback._contact_requests import INVITATION, ContactRequest, key_of
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DISPOSITIONS", "WRITTEN", "Disposition", "Invitation", "written"]

WRITTEN = ("sent", "deferred", "suppressed")
"""What becomes of a request that was decided on."""

DISPOSITIONS = ("bounced", "declined", "delivered", "expired", "ineligible", "opened", "started")
"""What can be told of an invitation that was sent."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)


def _reasons(values: Iterable[ContactReason]) -> tuple[ContactReason, ...]:
    return _checks.items("Invitation.reasons", values)


@tagged("feedback.Invitation")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Invitation:
    """A request that was acted on, sent or not: an entry, immutable and idempotent by id.

    The id of one that was sent is made of survey, wave, contact and what it is about, so asking twice for the same
    thing is the same id. Reminders, and other kinds of messages, add their kind and number; one that was not sent adds
    what became of it and when, since it can be tried again.

    Attributes:
        request: Whom to ask what.
        at: When it was sent, or not sent.
        status: `sent`, `suppressed`, or `deferred` to `until`.
        reasons: Why it was not sent.
        until: When to decide again; only of one that was deferred.
        number: Of messages of one kind about one thing: the first reminder is 1, the second 2.
        expires_at: When the invitation ends, if it is not answered.
        id: The entry's own.
        key: Of what is asked for; shared by the reminders.
        fact_schema: The facts of every invitation.

    Raises:
        InvalidValue: For reasons of one that was sent, or an end before the start.

    Example:
        >>> from datetime import UTC, datetime
        >>> nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> request = ContactRequest(contact="c1", survey="nps", wave="2026-Q2")
        >>> Invitation(request=request, at=nine).id
        'nps:2026-Q2:c1:'
        >>> print(Invitation(request=request, at=nine, status="suppressed", reasons=[ContactReason("not_sampled")]))
        suppressed 2026-05-04 09:00:00+00:00: invitation to nps 2026-Q2 for c1 (not_sampled)

    .. versionadded:: 0.1.0
    """

    request: ContactRequest = attrs.field(validator=_checks.a(ContactRequest))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    status: str = attrs.field(default="sent", validator=_checks.one_of(*WRITTEN))
    reasons: tuple[ContactReason, ...] = attrs.field(
        default=(), converter=_reasons, validator=_checks.each(_checks.a(ContactReason))
    )
    until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, eq=moment_or_none)
    number: int = attrs.field(default=1, validator=_checks.whole(least=1))
    expires_at: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, eq=moment_or_none)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "account": str,
            "at": datetime,
            "contact": str,
            "customer": str,
            "id": str,
            "invitation.about": str,
            "invitation.channel": str,
            "invitation.codes": tuple,
            "invitation.expires_at": datetime,
            "invitation.kind": str,
            "invitation.number": int,
            "invitation.status": str,
            "invitation.until": datetime,
            "invitation.wave": str,
            "kind": str,
            "survey.id": str,
            "survey.program": str,
            "survey.version": int,
        },
        open=("value.",),
    )

    def __attrs_post_init__(self) -> None:
        """Check that what was sent has no reason against it, and that the end is not before the start."""
        if self.status == "sent" and self.reasons:
            raise InvalidValue("Invitation.reasons", self.reasons, "none, of what was sent")
        if (self.until is not None) is not (self.status == "deferred"):
            raise InvalidValue("Invitation.until", self.until, "an instant for deferred, and else None")
        if self.expires_at is not None and moment(self.expires_at) <= moment(self.at):
            raise InvalidValue("Invitation.expires_at", self.expires_at, f"an instant after {self.at}, or None")

    @property
    def id(self) -> str:
        """The key; with kind and number of what is no invitation; with status and instant of what was not sent."""
        request = self.request
        own = "" if request.kind == INVITATION else f":{key_of(request.kind, str(self.number))}"
        if self.status == "sent":
            return f"{request.key}{own}"
        return f"{request.key}{own}:{self.status}:{written(self.at)}"

    @property
    def key(self) -> str:
        """Survey, wave, contact and what it is about."""
        return self.request.key

    @property
    def subject(self) -> str:
        """Id of the contact, by which invitations are read."""
        return self.request.contact

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        .. versionadded:: 0.1.0
        """
        return {
            **self.request.facts(),
            "kind": "invitation",
            "id": self.id,
            "at": self.at,
            "invitation.status": self.status,
            "invitation.codes": tuple([reason.code for reason in self.reasons]),
            "invitation.until": self.until,
            "invitation.number": self.number,
            "invitation.expires_at": self.expires_at,
        }

    def __str__(self) -> str:
        why = ", ".join([reason.code for reason in self.reasons])
        until = "" if self.until is None else f" until {self.until}"
        return f"{self.status} {self.at}{until}: {self.request}{why and f' ({why})'}"


@tagged("feedback.Disposition")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Disposition:
    """What became of an invitation: an entry, immutable and idempotent by id.

    What is told twice is the same id. Answers are told by a `Response`.

    Attributes:
        invitation: Id of the invitation, or of the reminder.
        contact: Id of the contact.
        status: `delivered`, `bounced`, `opened` (each time that it was shown), `started`, `declined` (also where it
            was closed or opted out of), `expired`, or `ineligible` (it turned out that they should not have been
            asked, such as somebody who is no customer).
        at: When.
        reason: Why, such as `mailbox full`.
        id: The entry's own.
        fact_schema: The facts of every disposition.

    Raises:
        InvalidValue: For an unknown status or a naive datetime.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
        >>> Disposition(invitation="nps:2026-Q2:c1:", contact="c1", status="opened", at=at).id
        'nps:2026-Q2:c1::opened:2026-05-04T09:30:00+00:00'

    .. versionadded:: 0.1.0
    """

    invitation: str = attrs.field(validator=_checks.text)
    contact: str = attrs.field(validator=_checks.text)
    status: str = attrs.field(validator=_checks.one_of(*DISPOSITIONS))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "contact": str,
            "customer": str,
            "disposition.invitation": str,
            "disposition.reason": str,
            "disposition.status": str,
            "id": str,
            "kind": str,
        }
    )

    @property
    def id(self) -> str:
        """Invitation, status and instant."""
        return f"{self.invitation}:{self.status}:{written(self.at)}"

    @property
    def subject(self) -> str:
        """Id of the contact, by which dispositions are read."""
        return self.contact

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        .. versionadded:: 0.1.0
        """
        return {
            "kind": "disposition",
            "id": self.id,
            "at": self.at,
            "customer": self.contact,
            "contact": self.contact,
            "disposition.invitation": self.invitation,
            "disposition.status": self.status,
            "disposition.reason": self.reason,
        }

    def __str__(self) -> str:
        return f"{self.status} {self.at}: {self.invitation}{'' if self.reason is None else f' ({self.reason})'}"


def written(at: datetime) -> str:
    """One text for one instant, whatever its zone."""
    try:
        return at.astimezone(UTC).isoformat()
    except OverflowError:  # the hours for which UTC has no year
        return at.isoformat()
