"""Values as rows and rows as values: stored forms beside the columns that a database looks things up by."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any

import attrs

from relex.changes import Event
from relex.codec import decode, dumps, loads
from relex.errors import InvalidValue
from relex.rules import Kind, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from relex.adapters.sqlalchemy._tables import Kept

__all__ = ["Rows"]

_LONGEST = 1_000
"""Bytes of a text that PostgreSQL looks up: an index takes rows of 2,704, and two texts may share one."""

_SHORT = _LONGEST // len("🙂".encode())

_EDGES = (MINYEAR, MAXYEAR)

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@attrs.frozen(kw_only=True)
class Rows:
    """How values are written into rows of one sort of database, and read from them.

    Attributes:
        dialect: Of the database: `sqlite` or `postgresql`.
        zones: Turns the key of a time zone into a tzinfo.
    """

    dialect: str
    zones: Callable[[str], tzinfo] | None

    def of(self, kept: Kept, value: Any) -> dict[str, Any]:
        """The row of an aggregate or entry.

        Raises:
            InvalidValue: When the value, or a fact that has a column, cannot be kept; it names the table and the id.
        """
        place = f"{kept.table.name}[{value.id!r}]"
        row: dict[str, Any] = {"id": self._key(place, "id", value.id), "body": self._body(place, value)}
        if kept.is_state:
            row["version"] = value.version
        else:
            row |= {"subject": self._key(place, "subject", value.subject), "at": _instant(place, value.at)}
        facts = value.facts() if kept.facts else {}
        for name, kind, column in kept.facts:
            found = facts.get(name)
            if type(found) is str and kind is Kind.TEXT and len(found) <= _SHORT:
                row[column.name] = found
            else:
                row[column.name] = None if found is None else self._fact(place, name, found, kind)
        return row

    def of_event(self, kept: Kept, event: Event) -> dict[str, Any]:
        """The row of an event, which waits to be delivered."""
        place = f"{kept.table.name}[{event.source!r}]"
        return {
            "kind": kept.tag,
            "source": event.source,
            "version": event.version,
            "at": _instant(place, event.at),
            "body": self._body(place, event),
            "pending": True,
        }

    def value(self, kept: Kept, row: Any) -> Any:
        """The aggregate or entry in a row.

        Raises:
            InvalidValue: When the body is damaged or is not that of this row; it names the table and the id.
        """
        place = f"{kept.table.name}[{row.id!r}]"
        value = self._read(place, row.body, kept.kind)
        for name in ("id", "version") if kept.is_state else ("id",):
            own, stated = getattr(value, name), getattr(row, name)
            if own != stated:
                raise InvalidValue(f"{place}.{name}", own, f"{stated!r}, as the row says")
        return value

    def event(self, table: str, row: Any) -> Event:
        """The event in a row.

        Raises:
            InvalidValue: When the body is damaged; it names the table and what identifies the event.
        """
        found: Event = self._read(f"{table}[{row.kind!r}, {row.source!r}, {row.version}]", row.body, Event)
        return found

    def _read(self, place: str, body: object, expected: type) -> Any:
        try:
            if isinstance(body, str | bytes):
                return loads(body, expected, zones=self.zones)
            return decode(body, expected, zones=self.zones)
        except InvalidValue as error:
            raise error.inside(place) from None

    def _body(self, place: str, value: object) -> str:
        try:
            body = dumps(value)
        except InvalidValue as error:
            raise error.inside(place) from None
        if self.dialect == "postgresql" and "\\u0000" in body and _NUL.search(body):
            raise InvalidValue(place, value, "text without NUL, which PostgreSQL cannot keep")
        return body

    def _fact(self, place: str, name: str, value: object, kind: Kind) -> Any:
        """The plain form of a fact that has a column; a fact of another kind than its column cannot be kept."""
        reading = read(value)
        if reading is None or reading[0] is not kind:
            raise InvalidValue(f"{place}.{name}", value, f"a {kind}, as its column is declared")
        for text in (reading[1],) if kind is Kind.TEXT else reading[1] if kind is Kind.TEXTS else ():
            self._key(place, name, text)
        return reading[1]

    def _key(self, place: str, name: str, text: str | None) -> str | None:
        """A text that the database looks up."""
        if text is not None and len(text) > _SHORT and self.dialect == "postgresql" and len(text.encode()) > _LONGEST:
            expected = f"text of at most {_LONGEST:,} bytes, as PostgreSQL keeps an index of it"
            raise InvalidValue(f"{place}.{name}", text, expected)
        return text


def _instant(place: str, at: datetime) -> datetime:
    """An instant that UTC has a date for."""
    if at.year in _EDGES and read(at) is None:
        raise InvalidValue(f"{place}.at", at, "a datetime that is between the years 1 and 9999 in UTC")
    return at
