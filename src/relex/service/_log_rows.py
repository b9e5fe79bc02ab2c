"""One row of a log of cases, read field by field: what it states, and everything in it that nobody can use.

What a row cannot do without (the id, its instant, the status, the event) refuses it. Anything else that cannot be read,
or that the flow does not know, is set aside, and the case is read without it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import in_utc
from relex._rows import RowProblem, SetAside, instant, plain, time_format
from relex.errors import InvalidValue
from relex.service._case_flow import CaseFlow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from relex.service._status import Status

__all__ = ["EVENTS", "FIELDS", "LogReader", "StatedRow", "log_reader"]

EVENTS = ("opened", "received", "replied", "noted", "resolved", "closed", "rejected", "merged", "reopened")
"""What a row of a log may tell as having happened, besides naming a field that has another value now."""

_LONGEST = 10_000
_LONGEST_INSTANT = 100
_REMEMBERED = 4096
_TEXT = f"a text of 1 to {_LONGEST} characters"
_FLOW = _checks.a(CaseFlow)
_ZONE = _checks.optional(_checks.zone)
_MAPPING = _checks.a(Mapping)
_COLUMN = _checks.Check("a column, which can be looked up", lambda value: isinstance(value, Hashable))


@attrs.define(eq=False)
class StatedRow:
    """What one row says.

    Attributes:
        number: Of the row, from 1 on.
        row: As it was given.
        values: By field; a blank cell states nothing.
        cleared: Fields that have no value any more.
        event: What happened, of a log whose rows are events.
        problems: What refuses the row.
        aside: What nobody can use.
    """

    number: int
    row: Any
    values: dict[str, Any] = attrs.field(factory=dict)
    cleared: list[str] = attrs.field(factory=list)
    event: str | None = None
    problems: list[RowProblem] = attrs.field(factory=list)
    aside: list[SetAside] = attrs.field(factory=list)

    def set_aside(self, field: str, value: Any, reason: str) -> None:
        """The case is read without this."""
        self.aside.append(SetAside(row=self.number, field=field, value=value, reason=reason))


class LogReader:
    """How the cells of a row are read; made by `log_reader`.

    Attributes:
        flow: Whose statuses, priorities and types the cells name.
        statuses: By id and by name.
    """

    def __init__(
        self,
        flow: CaseFlow,
        columns: Mapping[str, Any],
        aliases: Mapping[str, Mapping[Any, Any]],
        formats: tuple[Callable[[str], datetime | None], ...],
        tz: tzinfo | None,
        *,
        repeats: bool,
    ) -> None:
        self.flow = flow
        self._infers = repeats and "status" not in columns
        self._clearing = _CLEARED if repeats else frozenset()
        self._plan = [
            (field, columns[field], FIELDS[field], dict(aliases.get(field, {}))) for field in FIELDS if field in columns
        ]
        self._aliases = aliases
        self._formats = formats
        self._tz = tz
        self._instants: dict[str, datetime] = {}
        self.statuses = {status.name: status for status in flow.statuses if status.name is not None} | dict(flow.places)

    def read(self, number: int, row: Any) -> StatedRow:
        """Everything that a row states, and everything that is wrong with it."""
        found = StatedRow(number, row)
        if not isinstance(row, Mapping):
            found.problems.append(RowProblem(reason="invalid_value", value=row, expected="a mapping"))
            return found
        for field, column, read, aliases in self._plan:
            cell: Any = row.get(column)
            if isinstance(cell, str):
                cell = cell.strip() or None
            elif cell.__class__ is float and cell != cell:  # noqa: PLR0124 - how tables write a blank cell
                cell = None
            if aliases and field not in _OWN_ALIASES:
                cell = _meant(aliases, cell)
            if cell is None:
                if field in self._clearing and column in row:
                    found.cleared.append(field)
            else:
                self._keep(found, field, read, cell)
        if self._infers:
            self._infer(found)
        self._tell(found)
        return found

    def _infer(self, found: StatedRow) -> None:
        """The status of a row that names none, in a log that has no column for it."""
        values = found.values
        kind = "closed" if "closed_at" in values else "resolved" if "resolved_at" in values else None
        values["status"] = self.flow.start if kind is None else self.flow.first(kind, ends=_ENDS.get(kind))

    def _keep(self, found: StatedRow, field: str, read: Callable[[LogReader, Any], Any], cell: Any) -> None:
        try:
            value = read(self, cell)
        except InvalidValue as error:
            reason = error.path if error.path in _UNKNOWN else "invalid_value"
            if field in _NEEDED:
                problem = RowProblem(reason=reason, field=field, value=cell, expected=error.expected)
                found.problems.append(problem)
            else:
                found.set_aside(field, cell, "unknown" if reason in _UNKNOWN else reason)
            return
        found.values[field] = value

    def _tell(self, found: StatedRow) -> None:
        """Turn the event of a row, and what it says about it, into fields."""
        values = found.values
        happened, about = values.pop("event", None), values.pop("value", None)
        if happened is None:
            return
        if isinstance(happened, tuple):
            happened, about = happened
        if happened in FIELDS and happened not in _NO_CHANGE:
            self._changed(found, happened, about)
            return
        found.event = happened
        kind = _KINDS.get(happened)
        if kind is not None:
            self._moved(found, happened, kind)
        if about is not None and happened in _ABOUT:
            self._keep(found, _ABOUT[happened], FIELDS[_ABOUT[happened]], about)

    def _changed(self, found: StatedRow, field: str, about: Any) -> None:
        cell = plain(about) if field in _OWN_ALIASES else _meant(self._aliases.get(field, {}), plain(about))
        if cell is None:
            found.values.pop(field, None)
            found.cleared.append(field)
        else:
            self._keep(found, field, FIELDS[field], cell)

    def _moved(self, found: StatedRow, happened: str, kind: tuple[str, str | None]) -> None:
        """The status that an event leads to is the one that the row names, or the first of its kind."""
        named = found.values.get("status")
        fits = [each for each in self.flow.statuses if (each.kind, each.ends) == kind and not each.fresh]
        if not fits:
            problem = RowProblem(reason="unknown_status", field="event", value=happened, expected=f"no {happened} case")
            found.problems.append(problem)
        elif named not in fits and not (happened == "reopened" and named is not None and named.kind == "waiting"):
            found.values["status"] = fits[0]

    def instant(self, cell: Any) -> datetime:
        """An instant out of a cell, in UTC where text said it; the last ones are remembered, since logs repeat them."""
        if cell.__class__ is not str:
            found = instant(cell, self._tz, self._formats)
            in_utc("cell", found)
            return found
        known = self._instants.get(cell)
        if known is None:
            if len(cell) > _LONGEST_INSTANT:
                raise InvalidValue("cell", cell, f"an instant of at most {_LONGEST_INSTANT} characters")
            known = in_utc("cell", instant(cell, self._tz, self._formats))
            if len(self._instants) >= _REMEMBERED:
                self._instants.clear()
            self._instants[cell] = known
        return known

    def meant(self, field: str, word: str) -> Any:
        """What one word of a cell means."""
        return _meant(self._aliases.get(field, {}), word)


def _meant(aliases: Mapping[Any, Any], cell: Any) -> Any:
    return aliases.get(cell, cell) if cell.__class__ is str else cell


def _text(_: LogReader, cell: Any) -> str:
    if cell.__class__ is int and cell.bit_length() <= _LONGEST_INSTANT:
        return str(cell)
    if cell.__class__ is not str or not 0 < len(cell) <= _LONGEST:
        raise InvalidValue("cell", cell, _TEXT)
    return cell


def _instant(reader: LogReader, cell: Any) -> datetime:
    return reader.instant(cell)


def _status(reader: LogReader, cell: Any) -> Status:
    """By its id, or by its name where there is no such id."""
    found = reader.statuses.get(cell) if cell.__class__ is str else None
    if found is None:
        raise InvalidValue("unknown_status", cell, f"one of {', '.join(reader.flow.places)}")
    return found


def _event(_: LogReader, cell: Any) -> str | tuple[str, Any]:
    word = cell[0] if isinstance(cell, tuple) and len(cell) == len(("event", "value")) else cell
    if not isinstance(word, str) or not (word in EVENTS or (word in FIELDS and word not in _NO_CHANGE)):
        known = [*EVENTS, *[field for field in FIELDS if field not in _NO_CHANGE]]
        raise InvalidValue("unknown_event", cell, f"one of {', '.join(known)}")
    return cell  # type: ignore[no-any-return]  # a word, or a pair that begins with one


def _priority(reader: LogReader, cell: Any) -> str:
    if cell not in reader.flow.priorities.levels:
        raise InvalidValue("unknown", cell, f"one of {', '.join(reader.flow.priorities.levels)}")
    return str(cell)


def _type(reader: LogReader, cell: Any) -> str:
    found, types = _text(reader, cell), reader.flow.types
    if types and found not in types:
        raise InvalidValue("unknown", cell, f"one of {', '.join(types)}")
    return found


def _grade(place: int) -> Callable[[LogReader, Any], str]:
    """An impact or an urgency, which the matrix knows where there is one."""

    def read(reader: LogReader, cell: Any) -> str:
        found, matrix = _text(reader, cell), reader.flow.priorities.matrix
        known = None if matrix is None else dict.fromkeys([each[place] for each in matrix.values])
        if known is not None and found not in known:
            raise InvalidValue("unknown", cell, f"one of {', '.join(known)}")
        return found

    return read


def _words(reader: LogReader, cell: Any) -> tuple[str, ...]:
    """Words out of text, parted by commas or semicolons, or out of an iterable of them; sorted, each once."""
    given = _text(reader, cell).replace(";", ",").split(",") if isinstance(cell, str) else _checks.items("cell", cell)
    found = [reader.meant("tags", _text(reader, word).strip()) for word in given if word]
    return tuple(sorted({word for word in found if word}))


def _anything(_: LogReader, cell: Any) -> Any:
    return cell


FIELDS: dict[str, Callable[[LogReader, Any], Any]] = {
    "id": _text,
    "at": _instant,
    "event": _event,
    "value": _anything,
    "status": _status,
    "opened_at": _instant,
    "first_replied_at": _instant,
    "resolved_at": _instant,
    "closed_at": _instant,
    "merged_into": _text,
    "code": _text,
    "customer": _text,
    "contact": _text,
    "channel": _text,
    "origin": _text,
    "source": _text,
    "subject": _text,
    "type": _type,
    "product": _text,
    "team": _text,
    "owner": _text,
    "impact": _grade(0),
    "urgency": _grade(1),
    "priority": _priority,
    "parent": _text,
    "tags": _words,
    "message": _text,
    "text": _text,
    "by": _text,
}
"""What a row may state of a case, and how each cell is read."""

_NEEDED = frozenset({"id", "at", "event", "status", "opened_at"})
_UNKNOWN = frozenset({"unknown", "unknown_status", "unknown_event"})
_OWN_ALIASES = frozenset({"tags"})
_NO_CHANGE = frozenset({"id", "at", "event", "value", "message", "text", "by", "code", "merged_into"})
_KINDS: dict[str, tuple[str, str | None]] = {
    "resolved": ("resolved", None),
    "closed": ("closed", "closed"),
    "rejected": ("closed", "rejected"),
    "merged": ("closed", "merged"),
    "reopened": ("open", None),
}
_ENDS = {"closed": "closed"}
_CLEARED = frozenset({"owner", "tags", "team"})
_OF_EVENTS = frozenset({"event", "value", "message", "text", "by"})
_ABOUT = {"received": "message", "replied": "message", "noted": "text", "resolved": "code", "merged": "merged_into"}


def log_reader(
    name: str,
    flow: CaseFlow,
    columns: Mapping[str, Any] | None,
    aliases: Mapping[str, Mapping[Any, Any]] | None,
    formats: Iterable[str],
    tz: tzinfo | None,
    *,
    repeats: bool,
) -> LogReader:
    """The reader of rows in these columns, each of which repeats the whole record or tells one event.

    Raises:
        InvalidValue: For an argument of a wrong type, an unknown field, or a format that cannot be read.
    """
    _FLOW.require(f"{name}.flow", flow)
    _ZONE.require(f"{name}.tz", tz)
    for argument, given, each in (("columns", columns, _COLUMN), ("aliases", aliases, _MAPPING)):
        _require_fields(f"{name}.{argument}", {} if given is None else given, each)
    patterns = tuple([time_format(f"{name}.formats", each) for each in _checks.items(f"{name}.formats", formats)])
    named = {field: field for field in FIELDS} if columns is None else columns
    used = {field: column for field, column in named.items() if not (repeats and field in _OF_EVENTS)}
    return LogReader(flow, used, {} if aliases is None else aliases, patterns, tz, repeats=repeats)


def _require_fields(path: str, given: Mapping[str, Any], each: _checks.Check) -> None:
    _MAPPING.require(path, given)
    for field, value in given.items():
        if field not in FIELDS:
            raise InvalidValue(path, field, f"fields out of {', '.join(FIELDS)}")
        each.require(f"{path}[{field!r}]", value)
