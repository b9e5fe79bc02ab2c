"""The events of one case out of the rows of a log.

Theory of operation. A row says how the case was at an instant. What differs from the rows before becomes events: they
tell what is known to have happened, and nothing that would only have had to happen. So they are no commands; moves that
a flow would refuse today did happen, and a message moves nothing by itself.

Every event of a row lies between the instant of the row before and that of the row. Where the row tells when the case
was answered, resolved or closed, and that lies between the two, the event has that instant, and what changed with it
has it too; else it has the instant of the row. A row that says what cannot be (it is older than the one before, a case
that is closed is only resolved) is refused and changes nothing. What never changes by an event (when the case was
opened, its channel, origin, source and product) is as the last row says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from relex._instants import is_before, moment
from relex._rows import RowProblem, SetAside
from relex.service._case_events import (
    CaseClosed,
    CaseCustomerChanged,
    CaseImpactChanged,
    CaseMerged,
    CaseMessageReceived,
    CaseNoted,
    CaseOpened,
    CaseOwnerChanged,
    CaseParentChanged,
    CasePriorityChanged,
    CaseRejected,
    CaseRenamed,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseStatusChanged,
    CaseTagsChanged,
    CaseTeamChanged,
    CaseTypeChanged,
)
from relex.service._parts import CaseMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case_flow import CaseFlow
    from relex.service._log_rows import StatedRow
    from relex.service._priorities import PriorityChoice
    from relex.service._status import Status

__all__ = ["CaseWriter"]

_FIRST = ("channel", "origin", "source", "product")
_INSIDE = frozenset({"open", "waiting"})
_CHANGES: tuple[tuple[str, type[Event]], ...] = (
    ("team", CaseTeamChanged),
    ("owner", CaseOwnerChanged),
    ("type", CaseTypeChanged),
    ("subject", CaseRenamed),
    ("parent", CaseParentChanged),
)
"""The fields whose change is told as what it was and what it is."""

_EDITED = (*[field for field, _ in _CHANGES], "customer", "contact", "impact", "urgency", "priority", "tags")
_BACK, _WORD, _EDIT, _RESOLVE, _END = range(5)

_Dated: TypeAlias = "tuple[datetime, int, type[Event], dict[str, Any]]"


class CaseWriter:
    """The history of one case, row by row.

    Attributes:
        id: Of the case.
        aside: What nobody can use, each once.
    """

    def __init__(self, id: str, flow: CaseFlow, *, repeats: bool) -> None:  # noqa: A002 - the field's name everywhere in relex
        self.id = id
        self.aside: list[SetAside] = []
        self._flow = flow
        self._repeats = repeats
        self._opening: dict[str, Any] = {}
        self._history: list[tuple[type[Event], dict[str, Any]]] = []
        self._values: dict[str, Any] = {}
        self._choice = flow.priorities.of()
        self._status = flow.start
        self._at: datetime | None = None
        self._seen: Any = None
        self._into: str | None = None
        self._replied = False
        self._messages: set[str] = set()
        self._told: set[tuple[str, str, str]] = set()

    def history(self) -> tuple[Event, ...]:
        """The events; none where every row was refused."""
        if not self._opening:
            return ()
        events: list[Event] = [CaseOpened(source=self.id, version=1, **self._opening)]
        for version, (kind, parts) in enumerate(self._history, 2):
            events.append(kind(source=self.id, version=version, **parts))
        return tuple(events)

    def add(self, row: StatedRow) -> list[RowProblem]:
        """Take what a row says, or tell why it cannot be taken; then nothing of it is."""
        problems = row.problems or self._unfit(row)
        if problems:
            return problems
        self._tell(row.aside)
        since, at = self._window(row)
        if not self._opening:
            self._open(row, since, at)
        edits, moves = self._edits(row), self._moves(row, since, at)
        when = at if not moves or moves[0][1] == _BACK else moves[0][0]
        dated = [*self._words(row, since, at), *[(when, _EDIT, kind, parts) for kind, parts in edits], *moves]
        self._append(sorted(dated, key=lambda each: (moment(each[0]), each[1])))
        self._at = at
        self._seen = self._seen or at
        self._correct(row)
        return []

    def _append(self, dated: list[_Dated]) -> None:
        for at, _, kind, parts in dated:
            if kind is CaseMerged:
                self._into = parts["into"]
            elif kind is CaseMessageReceived and self._into is not None:
                parts["goes_to"] = self._into
            self._history.append((kind, {"at": at, **parts}))

    def _window(self, row: StatedRow) -> tuple[datetime, datetime]:
        """From the row before, or the opening, to the instant at which the row was true."""
        values = row.values
        since = self._at or values.get("opened_at") or values["at"]
        return since, values.get("at") or _latest([since, *[values.get(field) for field in self._dating(row)]])

    def _dating(self, row: StatedRow) -> tuple[str, ...]:
        """The instants of a row that date it where it does not tell its own."""
        kind = self._to(row).kind
        ends = ("resolved_at", "closed_at") if kind == "closed" else ("resolved_at",) if kind == "resolved" else ()
        return ("first_replied_at", *ends)

    def _to(self, row: StatedRow) -> Status:
        found: Status = row.values.get("status", self._status)
        return found

    def _tell(self, aside: Iterable[SetAside]) -> None:
        for each in aside:
            key = (each.field, each.reason, str(each.value)[:_LONGEST])
            if key not in self._told:
                self._told.add(key)
                self.aside.append(each)

    def _leave(self, row: StatedRow, field: str, reason: str) -> None:
        """Leave out one thing that a row says."""
        self._tell([SetAside(row=row.number, field=field, value=row.values.get(field), reason=reason)])

    def _unfit(self, row: StatedRow) -> list[RowProblem]:
        """Why a row cannot follow those before; [] where it can."""
        values, to = row.values, self._to(row)
        found = self._undated(row, to) or self._impossible(row, to)
        if found is None and row.event == "noted" and "text" not in values:
            found = RowProblem(reason="missing", field="text")
        return [] if found is None else [found]

    def _undated(self, row: StatedRow, to: Status) -> RowProblem | None:
        """Why a row has no place in time."""
        at = row.values.get("at")
        if self._at is None:
            return self._unopened(row, to, at)
        if at is None:
            return RowProblem(reason="missing", field="at")
        return _late("at", at, self._at) if is_before(at, self._at) else None

    def _unopened(self, row: StatedRow, to: Status, at: datetime | None) -> RowProblem | None:
        values = row.values
        opened: Any = values.get("opened_at")
        if at is None and opened is None:
            return RowProblem(reason="missing", field="opened_at")
        if self._repeats and "status" not in values:
            return RowProblem(reason="missing", field="status")
        if at is not None:
            return _late("at", at, opened) if opened is not None and is_before(at, opened) else None
        needed = ("closed_at", "resolved_at") if to.ends == "closed" else _DATES[to.kind]
        told = [values[field] for field in needed if field in values]
        if not needed or not all(is_before(each, opened) for each in told):
            return None
        return RowProblem(reason="missing", field=needed[0], value=values.get(needed[0]), expected=_SINCE)

    def _impossible(self, row: StatedRow, to: Status) -> RowProblem | None:
        """Why a case that is where it is cannot come where the row says."""
        here, event = self._status, row.event
        if event == "opened" and self._opening:
            return RowProblem(reason="already_opened", field="event", value=event)
        if event == "reopened" and here.kind in _INSIDE:
            return RowProblem(reason="not_resolved", field="event", value=event)
        if to.id == here.id:
            return None
        stays = "closed" if here.kind == "closed" and to.kind not in _INSIDE else None
        if here.kind == "closed" and not here.reopens:
            stays = "never_reopens"
        if here.kind == to.kind == "resolved":
            stays = "resolved"
        if stays is not None:
            return RowProblem(reason=stays, field="status", value=to.id, expected=f"a case that stays {here.id}")
        if to.ends == "merged" and row.values.get("merged_into") in {None, self.id}:
            return RowProblem(reason="missing", field="merged_into", expected="the id of another case")
        return None

    def _open(self, row: StatedRow, since: datetime, at: datetime) -> None:
        """The opening, with all that the first row says; its status too where the row is as of then."""
        values, to = row.values, self._to(row)
        begins_there = to.kind in _INSIDE and ("at" not in values or not is_before(since, at))
        self._status = to if begins_there else self._flow.start
        self._values = {field: values[field] for field in _EDITED if values.get(field)}
        self._choice = self._ranked()
        self._opening = {
            "at": since,
            **_entry(self._flow, None, self._status),
            **{_ALIASES.get(field, field): values[field] for field in _FIRST if field in values},
            **{_ALIASES.get(field, field): value for field, value in self._values.items()},
            "priority": self._choice.priority,
            "priority_source": self._choice.source,
        }

    def _ranked(self) -> PriorityChoice:
        known = self._values
        return self._flow.priorities.of(
            explicit=known.get("priority"),
            type=known.get("type"),
            impact=known.get("impact"),
            urgency=known.get("urgency"),
        )

    def _edits(self, row: StatedRow) -> list[tuple[type[Event], dict[str, Any]]]:
        """What has another value now; a case that is closed has the one that it had."""
        stated = {field: row.values[field] for field in _EDITED if field in row.values}
        stated.update(dict.fromkeys(row.cleared))
        changed = {
            field: value or None for field, value in stated.items() if (value or None) != self._values.get(field)
        }
        if changed and self._status.kind == "closed" and self._to(row).kind == "closed":
            for field in changed:
                self._leave(row, field, "closed")
            return []
        before, self._values = self._values, {**self._values, **changed}
        return _edits_of(before, self._values, changed) + self._rank_change(changed)

    def _rank_change(self, changed: dict[str, Any]) -> list[tuple[type[Event], dict[str, Any]]]:
        if not changed.keys() & {"priority", "type", "impact", "urgency"}:
            return []
        before, self._choice = self._choice, self._ranked()
        if before == self._choice:
            return []
        now = self._choice
        return [
            (
                CasePriorityChanged,
                {"from_": before.priority, "to": now.priority, "priority_source": now.source},
            )
        ]

    def _words(self, row: StatedRow, since: datetime, at: datetime) -> list[_Dated]:
        """What was written: the message or the note that the row is about, and the first answer where it tells when."""
        values, found = row.values, []
        if "first_replied_at" in values and not self._replied:
            replied = values["first_replied_at"]
            if is_before(replied, since):
                self._leave(row, "first_replied_at", "out_of_order")
            elif not is_before(at, replied):
                found.append(self._message(self._new_id(), replied, "out", None))
        if row.event in {"received", "replied"}:
            message = values.get("message") or self._new_id()
            if message not in self._messages:
                direction = "in" if row.event == "received" else "out"
                found.append(self._message(message, at, direction, values.get("by")))
        elif row.event == "noted":
            found.append((at, _WORD, CaseNoted, {"text": values["text"], "by": values.get("by")}))
        return found

    def _new_id(self) -> str:
        """Of a message of which the log does not tell one."""
        number = len(self._messages) + 1
        while f"{self.id}/{number}" in self._messages:
            number += 1
        return f"{self.id}/{number}"

    def _message(self, message: str, at: datetime, direction: str, by: str | None) -> _Dated:
        self._messages.add(message)
        self._replied = self._replied or direction == "out"
        kind = CaseMessageReceived if direction == "in" else CaseReplied
        return at, _WORD, kind, {"message": CaseMessage(message, at, direction=direction, by=by)}

    def _moves(self, row: StatedRow, since: datetime, at: datetime) -> list[_Dated]:
        """How the case came into the status that the row names."""
        to, here, values = self._to(row), self._status, row.values
        if to.id == here.id:
            return []
        if to.kind in _INSIDE:
            if here.kind in _INSIDE:
                return [self._enter(at, _EDIT, CaseStatusChanged, to)]
            by = "customer" if row.event == "received" else "agent"
            return [self._enter(at, _BACK, CaseReopened, to, by=by)]
        resolved = self._dated(row, "resolved_at", since, at)
        if to.kind == "resolved":
            return [self._enter(resolved or at, _RESOLVE, CaseResolved, to, code=values.get("code"))]
        closed = self._dated(row, "closed_at", since, at)
        found = []
        if to.ends == "closed" and here.kind in _INSIDE and resolved and not is_before(closed or at, resolved):
            done = self._flow.first("resolved")
            found.append(self._enter(resolved, _RESOLVE, CaseResolved, done, code=values.get("code")))
        if closed is None and "at" not in values:
            self._leave(row, "closed_at", "missing")
            return found
        more = {"into": values["merged_into"]} if to.ends == "merged" else {}
        return [*found, self._enter(closed or at, _END, _ENDINGS[to.ends], to, **more)]

    def _enter(self, at: datetime, rank: int, kind: type[Event], to: Status, **more: Any) -> _Dated:
        before, self._status = self._status, to
        return at, rank, kind, {**_entry(self._flow, before, to), **more}

    def _dated(self, row: StatedRow, field: str, since: datetime, at: datetime) -> datetime | None:
        """When a row says that it happened, if that was since the row before; logs repeat the last one in all rows."""
        told: datetime | None = row.values.get(field)
        if told is None or is_before(at, told):
            return None
        if is_before(told, since):
            self._leave(row, field, "out_of_order")
            return None
        return told

    def _correct(self, row: StatedRow) -> None:
        """What changes by no event is as the last row says."""
        for field in _FIRST:
            if field in row.values:
                self._opening[_ALIASES.get(field, field)] = row.values[field]
        opened = row.values.get("opened_at", self._opening["at"])
        known = [self._seen, *[parts["at"] for _, parts in self._history[:1]]]
        if any(is_before(each, opened) for each in known):
            self._leave(row, "opened_at", "out_of_order")
        else:
            self._opening["at"] = opened


_ENDINGS: dict[str | None, type[Event]] = {"closed": CaseClosed, "rejected": CaseRejected, "merged": CaseMerged}
_DATES: dict[str, tuple[str, ...]] = {
    "open": (),
    "waiting": (),
    "resolved": ("resolved_at",),
    "closed": ("closed_at",),
}
"""Of which a row that does not say when it was so must tell one."""
_ALIASES = {"source": "came_from", "type": "case_type"}
_SINCE = "an instant that is not before the opening"
_LONGEST = 100


def _edits_of(
    before: dict[str, Any], after: dict[str, Any], changed: dict[str, Any]
) -> list[tuple[type[Event], dict[str, Any]]]:
    """One event for each thing that has another value."""
    found: list[tuple[type[Event], dict[str, Any]]] = [
        (kind, {"from_": before.get(field), "to": after.get(field)}) for field, kind in _CHANGES if field in changed
    ]
    for kind, one, other in ((CaseCustomerChanged, "customer", "contact"), (CaseImpactChanged, "impact", "urgency")):
        if changed.keys() & {one, other}:
            found.append((kind, {one: after.get(one), other: after.get(other)}))
    if "tags" in changed:
        old, new = set(before.get("tags") or ()), set(after.get("tags") or ())
        found.append((CaseTagsChanged, {"added": tuple(sorted(new - old)), "removed": tuple(sorted(old - new))}))
    return found


def _entry(flow: CaseFlow, before: Status | None, to: Status) -> dict[str, Any]:
    """What an event tells of the status that a case comes into."""
    return {
        "flow": flow.id,
        "flow_version": flow.version,
        "from_": None if before is None else before.id,
        "to": to.id,
        "kind": to.kind,
        "waiting_for": to.waiting_for,
        "ends": to.ends,
        "reopens": to.reopens,
    }


def _latest(instants: Iterable[datetime | None]) -> datetime:
    return max([each for each in instants if each is not None], key=moment)


def _late(field: str, at: datetime, since: datetime) -> RowProblem:
    return RowProblem(reason="out_of_order", field=field, value=at, expected=f"not before {since.isoformat()}")
