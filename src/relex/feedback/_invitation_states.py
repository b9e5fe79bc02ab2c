"""What became of an invitation: a fold over all that was told of it, in whatever order it was told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex.codec import tagged
from relex.feedback._contact_requests import INVITATION, REMINDER, ContactRequest
from relex.feedback._invitations import Disposition, Invitation
from relex.feedback._responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from relex.feedback._survey import Survey

    Surveys = Mapping[tuple[str, int], Survey]

__all__ = ["BOUNCED", "RANK", "InvitationState", "Thread", "has_answer"]

E = TypeVar("E", Invitation, Disposition, Response)

_SENT = "sent"
_PRECEDENCE = (_SENT, "bounced", "delivered", "opened", "started", "declined", "partial", "complete", "ineligible")
RANK = {state: rank for rank, state in enumerate(_PRECEDENCE)}
"""What an invitation can have reached; a later word outweighs an earlier one."""

_UNSENT = ("deferred", "suppressed")
_OPEN = (_SENT, "delivered", "opened", "started")
_STATES = (*_PRECEDENCE, *_UNSENT, "expired")
_CODES = {
    _SENT: "NC",
    "delivered": "NC",
    "opened": "NC",
    "started": "R",
    "declined": "R",
    "partial": "P",
    "complete": "I",
    "ineligible": "NE",
}
BOUNCED = _checks.one_of("UO", "NE")


@tagged("feedback.InvitationState")
@attrs.frozen(kw_only=True, weakref_slot=False)
class InvitationState:
    """What became of one thing that was asked for, up to an instant.

    Attributes:
        request: Whom was asked what: that of the first message.
        state: `complete`, `partial`, `declined`, `started`, `opened`, `delivered`, `bounced` or `sent`, the first of
            these that was told; before all of them `ineligible`; `expired` in place of `started`, `opened`,
            `delivered` and `sent` once it has ended; `suppressed` or `deferred` where nothing was sent.
        reached: The same, as if nothing ever ended.
        sent_at: When the first message was sent; None where none was.
        last_at: When the last message was.
        reminders: How many reminders were sent.
        expires_at: When it ends, or ended; None where nothing says.
        as_of: Up to when entries counted.

    .. versionadded:: 0.1.0
    """

    request: ContactRequest = attrs.field(validator=_checks.a(ContactRequest))
    state: str = attrs.field(validator=_checks.one_of(*_STATES))
    reached: str = attrs.field(validator=_checks.one_of(*_PRECEDENCE, *_UNSENT))
    sent_at: datetime | None = attrs.field(validator=_checks.optional(_checks.instant), eq=moment_or_none)
    last_at: datetime | None = attrs.field(validator=_checks.optional(_checks.instant), eq=moment_or_none)
    reminders: int = attrs.field(validator=_checks.whole(least=0))
    expires_at: datetime | None = attrs.field(validator=_checks.optional(_checks.instant), eq=moment_or_none)
    as_of: datetime = attrs.field(validator=_checks.instant, eq=moment)

    def outcome_code(self, bounced: str = "UO") -> str | None:
        """The code by which response rates count it; None of what was never sent.

        `complete` is I, `partial` P, `declined` and `started` R, `opened`, `delivered` and `sent` NC, `ineligible` NE;
        what has expired counts as what it had reached.

        Args:
            bounced: What a bounced invitation counts as: `UO`, or `NE`.

        Raises:
            InvalidValue: For another word.

        .. versionadded:: 0.1.0
        """
        BOUNCED.require("InvitationState.outcome_code.bounced", bounced)
        return bounced if self.reached == "bounced" else _CODES.get(self.reached)

    def __str__(self) -> str:
        return f"{self.state}: {self.request}"


class Thread:
    """All that is known of one key."""

    __slots__ = ("dispositions", "invitations", "responses")

    def __init__(self) -> None:
        self.invitations: list[Invitation] = []
        self.dispositions: list[Disposition] = []
        self.responses: dict[tuple[str | None, str], list[Response]] = {}

    def state(self, as_of: datetime, surveys: Surveys) -> InvitationState | None:
        """What had become of it by then; None where nothing was written yet."""
        known = sorted(_by(as_of, self.invitations), key=_order)
        if not known:
            return None
        sent = [each for each in known if each.status == "sent"]
        first = (sent or known)[0].request
        told = _by(as_of, self.dispositions)
        words = [_SENT, *[each.status for each in told if each.status in RANK], *self._answered(first, as_of, surveys)]
        reached = max(words, key=RANK.__getitem__) if sent else known[-1].status
        ends = _end(sent, told)
        has_ended = reached in _OPEN and ends is not None and not is_before(as_of, ends)
        return InvitationState(
            request=first,
            state="expired" if has_ended else reached,
            reached=reached,
            sent_at=sent[0].at if sent else None,
            last_at=sent[-1].at if sent else None,
            reminders=sum(each.request.kind == REMINDER for each in sent),
            expires_at=ends,
            as_of=as_of,
        )

    def _answered(self, request: ContactRequest, as_of: datetime, surveys: Surveys) -> list[str]:
        """What each submission tells by its last revision of that time."""
        answered = [_by(as_of, revisions) for revisions in self.responses.values()]
        return [_completeness(max(known, key=_revision), request, surveys) for known in answered if known]


def _completeness(response: Response, request: ContactRequest, surveys: Surveys) -> str:
    """What a response tells: as its survey says, where that is known."""
    survey = surveys.get((response.survey, response.version))
    if survey is not None:
        return survey.completeness(response, request.facts())
    if response.submitted:
        return "complete"
    return "partial" if has_answer(response) else "started"


def has_answer(response: Response) -> bool:
    """Whether anything was answered."""
    return any(answer.status == "scored" for answer in response.answers)


def _revision(response: Response) -> int:
    return response.revision


def _by(as_of: datetime, entries: Iterable[E]) -> list[E]:
    """Those that were written by an instant."""
    return [each for each in entries if not is_before(as_of, each.at)]


def _order(invitation: Invitation) -> tuple[timedelta, bool, str]:
    return moment(invitation.at), invitation.request.kind != INVITATION, invitation.id


def _end(sent: list[Invitation], told: list[Disposition]) -> datetime | None:
    """When it ends: as the last message that was sent says, or earlier, as somebody told."""
    last = [each.expires_at for each in sent if each.expires_at is not None][-1:]
    return min([*last, *(each.at for each in told if each.status == "expired")], key=moment, default=None)
