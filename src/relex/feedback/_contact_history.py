"""Who was asked what, and what they answered, kept so that a rule counts in no time.

Theory of operation
===================

A rule counts instants: of one of the five sorts of events, of those that share some facts with the request. So the
events are kept once, and for each *shape* (sort, shared facts, which surveys, which kinds are exempt) that a rule has
asked for there is a table: the instants by the shared facts, each row sorted. A rule costs one look into the table and
two searches in a row, whatever the number of contacts.

A table is made when a shape is first asked for, and from then on every entry that is added finds its place in it. What
is told of an invitation counts with the facts of the invitation; told before the invitation is known, it counts with
its own, and moves to its place when the invitation comes. A later revision of a submission takes the place of the
earlier one. So the order of arrival changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import attrs

from relex import _checks
from relex.errors import Conflict, InvalidValue
from relex.feedback._contact_requests import sharing
from relex.feedback._invitation_states import Thread, has_answer
from relex.feedback._invitations import Disposition, Invitation
from relex.feedback._responses import Response
from relex.feedback._survey import Survey
from relex.rules import Rule, compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.feedback._contact_requests import Carrier
    from relex.feedback._invitation_states import InvitationState
    from relex.rules import Predicate

__all__ = ["ContactHistory", "Shape", "micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_SORTS = {"delivered": "delivered", "opened": "displayed", "declined": "declined"}
_NONE: list[int] = []
_SURVEYS = _checks.each(_checks.a(Survey))


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICRO


class Event(NamedTuple):
    """Something that a rule can count."""

    sort: str
    at: int
    carrier: Carrier
    kind: str | None


@attrs.frozen(cache_hash=True, unsafe_hash=True, weakref_slot=False)
class Shape:
    """What a rule counts together."""

    sort: str
    names: tuple[str, ...]
    surveys: Rule | None
    exempt: tuple[str, ...]
    _judge: Predicate | None = attrs.field(init=False, eq=False, repr=False)
    shared: Callable[[Carrier], Any] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_judge", None if self.surveys is None else compile_rule(self.surveys))
        object.__setattr__(self, "shared", sharing(self.names))

    def key(self, event: Event) -> Any:
        """Under what an event counts; None where it does not."""
        if event.kind in self.exempt:
            return None
        if self._judge is not None and self._judge(event.carrier.facts()) is not True:
            return None
        try:
            return self.shared(event.carrier)
        except AttributeError:  # a response or a disposition of which no invitation is known says less
            return None


class ContactHistory:
    """Invitations, dispositions and responses of any number of contacts, in any order, ready to be counted.

    A response is complete where it was submitted, and where its survey is given, only with an answer to every required
    question that was shown. Survey and version tell which one it is.

    It is a working index and no value: it grows by `add`, and it is what makes a stream of decisions fast. One that is
    built anew from the same entries gives the same answers.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.feedback import ContactRequest, Invitation
        >>> at = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> invitation = Invitation(request=ContactRequest(contact="c1", survey="nps"), at=at)
        >>> history = ContactHistory([invitation])
        >>> history.state(invitation.key, as_of=at).state
        'sent'

    .. versionadded:: 0.1.0
    """

    __slots__ = ("_entries", "_events", "_messages", "_revisions", "_surveys", "_tables", "_threads", "_waiting")

    def __init__(
        self, entries: Iterable[Invitation | Disposition | Response] = (), surveys: Iterable[Survey] = ()
    ) -> None:
        """Take in entries.

        Raises:
            Conflict: For one id with two contents.
            InvalidValue: For something else than these entries, or than surveys.
        """
        asked = _checks.items("ContactHistory.surveys", surveys)
        _SURVEYS.require("ContactHistory.surveys", asked)
        self._surveys: dict[tuple[str, int], Survey] = {(survey.id, survey.version): survey for survey in asked}
        self._entries: dict[tuple[type, str], Any] = {}
        self._events: dict[tuple[Any, ...], Event] = {}
        self._messages: dict[str, Invitation] = {}
        self._revisions: dict[tuple[str | None, str], int] = {}
        self._tables: dict[Shape, dict[Any, list[int]]] = {}
        self._threads: dict[str, Thread] = {}
        self._waiting: dict[str, list[Disposition | Response]] = {}
        self.add(*_checks.items("ContactHistory.entries", entries))

    def add(self, *entries: Invitation | Disposition | Response) -> None:
        """Take in more entries; one that is known changes nothing.

        Raises:
            Conflict: For one id with two contents.
            InvalidValue: For something else than these entries.

        .. versionadded:: 0.1.0
        """
        for place, entry in enumerate(entries):
            take = self._takers.get(type(entry))
            if take is None:
                raise InvalidValue(f"ContactHistory.entries[{place}]", entry, "an Invitation, Disposition or Response")
            known = self._entries.setdefault((type(entry), entry.id), entry)
            if known is not entry and known != entry:
                raise Conflict(entry.id, known, entry)
            if known is entry:
                take(self, entry)

    def state(self, key: str, *, as_of: datetime) -> InvitationState | None:
        """What had become of one thing that was asked for; None where nothing was written of it yet.

        Args:
            key: Of an invitation or a request.
            as_of: Entries after it do not count.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("ContactHistory.state.as_of", as_of)
        thread = self._threads.get(key)
        return None if thread is None else thread.state(as_of, self._surveys)

    def states(self, *, as_of: datetime) -> tuple[InvitationState, ...]:
        """What had become of each thing that was asked for, in the order of the keys.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("ContactHistory.states.as_of", as_of)
        found = [self._threads[key].state(as_of, self._surveys) for key in sorted(self._threads)]
        return tuple([state for state in found if state is not None])

    def counted(self, shape: Shape, key: Any) -> list[int]:
        """The sorted instants that a rule of this shape counts for what is shared."""
        table = self._tables.get(shape)
        if table is None:
            table = self._tables[shape] = self._table(shape)
        return table.get(key, _NONE)

    def messages(self, key: str, kind: str) -> int:
        """How many messages of a kind were sent about one thing."""
        thread = self._threads.get(key)
        sent = () if thread is None else thread.invitations
        return sum(each.status == "sent" and each.request.kind == kind for each in sent)

    def _table(self, shape: Shape) -> dict[Any, list[int]]:
        table: dict[Any, list[int]] = {}
        for event in self._events.values():
            key = shape.key(event) if event.sort == shape.sort else None
            if key is not None:
                table.setdefault(key, []).append(event.at)
        for instants in table.values():
            instants.sort()
        return table

    def _invitation(self, entry: Invitation) -> None:
        self._threads.setdefault(entry.key, Thread()).invitations.append(entry)
        if entry.status != "sent":
            return
        self._messages[entry.id] = entry
        self._place((Invitation, entry.id), Event("invited", micros(entry.at), entry.request, entry.request.kind))
        for waiting in self._waiting.pop(entry.id, ()):
            self._takers[type(waiting)](self, waiting)

    def _disposition(self, entry: Disposition) -> None:
        message = self._message(entry.invitation, entry)
        if message is not None:
            self._threads[message.key].dispositions.append(entry)
        sort = _SORTS.get(entry.status)
        if sort is not None:
            carrier, kind = (entry, None) if message is None else (message.request, message.request.kind)
            told = Event(sort, micros(entry.at), carrier, None if sort == "declined" else kind)
            self._place((Disposition, entry.id), told)

    def _response(self, entry: Response) -> None:
        message = None if entry.invitation is None else self._message(entry.invitation, entry)
        submission = (entry.source, entry.submission)
        if message is not None:
            self._threads[message.key].responses.setdefault(submission, []).append(entry)
        if has_answer(entry) and entry.revision >= self._revisions.get(submission, 0):
            self._revisions[submission] = entry.revision
            carrier = entry if message is None else message.request
            self._place((Response, *submission), Event("responded", micros(entry.at), carrier, None))

    def _message(self, id: str, entry: Disposition | Response) -> Invitation | None:  # noqa: A002 - the field's name everywhere in relex
        """The message that an entry tells of; an entry that comes before it waits for it."""
        message = self._messages.get(id)
        if message is None:
            self._waiting.setdefault(id, []).append(entry)
        return message

    def _place(self, name: tuple[Any, ...], event: Event) -> None:
        """Count an event, in the place of what was counted under the same name."""
        old = self._events.get(name)
        self._events[name] = event
        for shape, table in self._tables.items():
            if shape.sort == event.sort:
                if old is not None:
                    _drop(table, shape.key(old), old.at)
                _put(table, shape.key(event), event.at)

    _takers: ClassVar[dict[type, Callable[[ContactHistory, Any], None]]] = {
        Invitation: _invitation,
        Disposition: _disposition,
        Response: _response,
    }


def _put(table: dict[Any, list[int]], key: Any, at: int) -> None:
    if key is not None:
        insort(table.setdefault(key, []), at)


def _drop(table: dict[Any, list[int]], key: Any, at: int) -> None:
    if key is not None:
        row = table[key]
        del row[bisect_left(row, at)]
