"""What figures ask of a case, read from its events once, so that many figures share one reading.

Instants are whole microseconds since 1970, which compare as instants do and take eight bytes each in an array.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from relex.service._case_events import (
    CaseClosed,
    CaseMerged,
    CaseMessageReceived,
    CaseOpened,
    CaseOwnerChanged,
    CaseRejected,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseSplit,
    CaseStatusChanged,
    CaseTeamChanged,
    StatusEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.service._case import Case

__all__ = ["CaseRecord", "in_micros", "read_case"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSIDE = frozenset({"open", "waiting"})


class CaseRecord:
    """One case as figures see it at one instant.

    A person's words count, a machine's do not, and what colleagues write to each other does not either. Messages with
    which a case was opened are no replies to it: those that follow are.

    Attributes:
        case: As it was at that instant.
        opened: When it began.
        replies: When people answered.
        received: (when, id) of the customer's messages.
        waits: (first unanswered message, reply).
        pending: (when, id) of the messages that nobody has answered yet.
        unanswered: When the waits began that ended without an answer, because the case did.
        turns: (our word, the customer's next one): stretches in which it was the customer's turn.
        turn: Since when it is the customer's turn; None while it is ours.
        spells: (when, kind): every kind of status that it came into.
        flows: (when, what): "opened", "left", "reopened", in order.
        resolutions: Every one, also those that did not last.
        resolved: The one that lasts; None while there is none.
        closed: When it was closed for good without ever having been resolved since it last was open.
        ends: How it ended: "closed", "rejected" or "merged"; None where it did not.
        reopenings: When it came back.
        owners: (when, who): everybody who had it, and None for nobody.
        reassigned: When it went to somebody after the first owner.
        teams: How many teams had it so far.
        transferred: When it went to a team after the first one.
    """

    __slots__ = (
        "case",
        "closed",
        "ends",
        "flows",
        "inside",
        "opened",
        "owners",
        "pending",
        "reassigned",
        "received",
        "reopenings",
        "replies",
        "resolutions",
        "resolved",
        "spells",
        "teams",
        "transferred",
        "turn",
        "turns",
        "unanswered",
        "waits",
    )

    def __init__(self, case: Case) -> None:
        self.case = case
        self.opened = 0
        self.replies: list[int] = []
        self.received: list[tuple[int, str]] = []
        self.waits: list[tuple[int, int]] = []
        self.pending: list[tuple[int, str]] = []
        self.unanswered: list[int] = []
        self.turns: list[tuple[int, int]] = []
        self.turn: int | None = None
        self.spells: list[tuple[int, str]] = []
        self.flows: list[tuple[int, str]] = []
        self.inside = True
        self.resolutions: list[int] = []
        self.resolved: int | None = None
        self.closed: int | None = None
        self.ends: str | None = None
        self.reopenings: list[int] = []
        self.owners: list[tuple[int, str | None]] = []
        self.reassigned: list[int] = []
        self.teams = 0
        self.transferred: list[int] = []

    def is_open(self, at: int) -> bool:
        """Whether it is in the backlog at an instant up to that of the record."""
        last = "left"
        for when, what in self.flows:
            if when > at:
                break
            last = what
        return last != "left"

    def owner(self, at: int) -> str | None:
        """Who had it at an instant up to that of the record."""
        owner = None
        for when, who in self.owners:
            if when > at:
                break
            owner = who
        return owner


def in_micros(at: datetime) -> int:
    """An instant as whole microseconds since 1970."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def read_case(case: Case, as_of: datetime, limit: int) -> CaseRecord | None:
    """The record of a case at an instant, given twice; None before it was opened."""
    if in_micros(case.changed_at) > limit:
        before = case.as_of(as_of)
        if before is None:
            return None
        case = before
    record = CaseRecord(case)
    for event in case.live_events:
        read = _READERS.get(type(event))
        if read is not None:
            read(record, event, in_micros(event.at))
    if record.pending and not record.inside:
        _give_up(record)
    return record


def _opened(record: CaseRecord, event: CaseOpened, at: int) -> None:
    record.opened = at
    record.flows.append((at, "opened"))
    record.spells.append((at, event.kind))
    if event.owner is not None:
        record.owners.append((at, event.owner))
    record.teams = int(event.team is not None)
    for message in event.messages:
        if message.counts:
            word = _asked if message.direction == "in" else _answered
            word(record, in_micros(message.at), message.id)
    if event.split_from is not None:
        record.waits.clear()  # what was answered before the split was answered there


def _received(record: CaseRecord, event: CaseMessageReceived, at: int) -> None:
    """What came to a merged case is asked where that went, unless the merge was taken back."""
    message = event.message
    is_elsewhere = event.follow_up or (event.goes_to is not None and record.case.merged_into is not None)
    if not (message.internal or message.automatic or is_elsewhere):
        _asked(record, at, message.id)


def _asked(record: CaseRecord, at: int, message: str) -> None:
    """The customer asks."""
    record.received.append((at, message))
    record.pending.append((at, message))
    if record.turn is not None:
        record.turns.append((record.turn, at))
        record.turn = None


def _split(record: CaseRecord, event: CaseSplit, _: int) -> None:
    """What went to another case is asked there; what had been answered stays answered, as on the clocks."""
    gone, before = frozenset(event.messages), record.pending
    record.received = [each for each in record.received if each[1] not in gone]
    record.pending = [each for each in before if each[1] not in gone]
    if len(record.pending) < len(before) and record.turns and record.turns[-1][1] == before[0][0]:
        turn, _ended = record.turns.pop()
        if record.pending:
            record.turns.append((turn, record.pending[0][0]))
        else:
            record.turn = turn


def _replied(record: CaseRecord, event: CaseReplied, at: int) -> None:
    message = event.message
    if not (message.internal or message.automatic):
        record.replies.append(at)
        _answered(record, at, message.id)


def _answered(record: CaseRecord, at: int, _: str) -> None:
    if record.pending:
        record.waits.append((record.pending[0][0], at))
        record.pending.clear()
    if record.turn is None:
        record.turn = at


def _entered(record: CaseRecord, event: StatusEntry, at: int) -> None:
    """A move decides by kinds: into open or waiting is back, out of them is left."""
    kind = event.kind
    record.spells.append((at, kind))
    if kind in _INSIDE:
        if not record.inside:
            _back(record, at)
        return
    if kind == "resolved":
        record.resolutions.append(at)
        record.resolved = at
    else:
        record.ends = event.ends
        if record.resolved is None:
            record.closed = at
    if record.inside:
        _left(record, at)


def _back(record: CaseRecord, at: int) -> None:
    record.inside = True
    record.flows.append((at, "reopened"))
    record.reopenings.append(at)
    record.resolved = record.closed = record.ends = None


def _left(record: CaseRecord, at: int) -> None:
    record.inside = False
    record.flows.append((at, "left"))
    if record.pending:
        _give_up(record)


def _give_up(record: CaseRecord) -> None:
    record.unanswered.append(record.pending[0][0])
    record.pending.clear()


def _owned(record: CaseRecord, event: CaseOwnerChanged, at: int) -> None:
    if event.to is not None and any(who is not None for _, who in record.owners):
        record.reassigned.append(at)
    record.owners.append((at, event.to))


def _moved(record: CaseRecord, event: CaseTeamChanged, at: int) -> None:
    if event.to is not None:
        if record.teams:
            record.transferred.append(at)
        record.teams += 1


_READERS: dict[type, Callable[[CaseRecord, Any, int], None]] = {
    CaseOpened: _opened,
    CaseMessageReceived: _received,
    CaseReplied: _replied,
    CaseSplit: _split,
    CaseStatusChanged: _entered,
    CaseResolved: _entered,
    CaseClosed: _entered,
    CaseRejected: _entered,
    CaseReopened: _entered,
    CaseMerged: _entered,
    CaseOwnerChanged: _owned,
    CaseTeamChanged: _moved,
}
"""What each event says to figures; the others say nothing."""
