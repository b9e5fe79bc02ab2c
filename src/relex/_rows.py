"""Rows of exports: how their cells are read, and what is said of those that cannot be."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex.calendars import add_months, local_date, midnight
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.rules import Unmet

__all__ = ["RefusedRow", "RowProblem", "SetAside", "day", "instant", "plain", "time_format"]

_DAY = "a date such as 2026-03-31"
_INSTANT = "an instant such as 2026-03-31T09:00:00+02:00, or with `tz` a date or a local time"
_LONGEST = 80


@attrs.frozen(kw_only=True)
class RowProblem:
    """Why a row was refused, or one of the reasons.

    Attributes:
        reason: A stable code: `missing`, `invalid_value`, `duplicate_id`, `other_row` (the row is fine, and another one
            of the same deal is not), or what the command says: `unknown_stage`, `gate_unmet`, `out_of_order`, ...
        field: Of the deal or the case; None where the reason is of the row as a whole.
        value: What the row states.
        expected: What would have been accepted, in words.
        unmet: Every requirement that is not met, where a gate spoke.

    .. versionadded:: 0.1.0
    """

    reason: str
    field: str | None = None
    value: Any = None
    expected: str = ""
    unmet: tuple[Unmet, ...] = ()

    def __str__(self) -> str:
        head = self.reason if self.field is None else f"{self.field}: {self.reason}"
        got = "" if self.value is None else f", got {_cut(self.value)}"
        told = "; ".join(map(str, self.unmet)) or (f"expected {self.expected}{got}" if self.expected else "")
        return f"{head} ({told})" if told else head


@attrs.frozen(kw_only=True)
class SetAside:
    """What a row says and nobody can use: the deal or the case was read without it.

    Of tags, those that are known stay. A deal is read without any of its shares where the owner of one is unknown,
    since the others do not add to 100; `value` is that owner.

    Attributes:
        row: Number of the row, from 1 on.
        field: Such as `customer` or `product`.
        value: What the row says.
        reason: A stable code: `unknown` where it names what nobody knows; of cases also `invalid_value`,
            `out_of_order` and `closed`.

    .. versionadded:: 0.1.0
    """

    row: int
    field: str
    value: Any
    reason: str = "unknown"

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}: {self.reason} ({_cut(self.value)})"


@attrs.frozen(kw_only=True)
class RefusedRow:
    """A row that gives nothing, and why.

    Attributes:
        number: Of the row, from 1 on.
        row: As it was given.
        problems: At least one.

    .. versionadded:: 0.1.0
    """

    number: int
    row: Any
    problems: tuple[RowProblem, ...]

    def __str__(self) -> str:
        return f"row {self.number}: {'; '.join(map(str, self.problems))}"


def _cut(value: object) -> str:
    """The value as code, cut where it is long: a cell may be a whole file."""
    told = repr(value[: 2 * _LONGEST] if isinstance(value, (str, bytes)) else value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."


def plain(cell: Any) -> Any:
    """A cell without space around it; None for a blank one."""
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


def day(cell: Any, tz: tzinfo | None) -> date:
    """A date out of a date, an instant, or the ISO 8601 text of either; of an instant, the one of the zone.

    Raises:
        InvalidValue: For anything else.
    """
    found = _parsed(cell)
    if not isinstance(found, datetime):
        if found is None:
            raise InvalidValue("cell", cell, _DAY)
        return found
    return found.date() if found.tzinfo is None else local_date(found, tz or found.tzinfo)


def instant(cell: Any, tz: tzinfo | None, formats: Iterable[Callable[[str], datetime | None]] = ()) -> datetime:
    """An instant out of one, or out of text; a date or a time without a zone is one of the zone.

    Args:
        cell: The cell.
        tz: Whose clock a date or a time without a zone is of.
        formats: How text is written, the first that fits; by default as ISO 8601 says.

    Raises:
        InvalidValue: For anything else, and for a date or a time without any zone.
    """
    found: date | datetime | None
    if formats and isinstance(cell, str):
        found = next((read for each in formats if (read := each(cell)) is not None), None)
    else:
        found = _parsed(cell)
    if isinstance(found, datetime) and found.utcoffset() is not None:
        return found
    if found is None or tz is None:
        raise InvalidValue("cell", cell, _INSTANT)
    if isinstance(found, datetime):
        return add_months(found.replace(tzinfo=tz), 0)  # at which the clock jumps over a time that it skips
    return midnight(found, tz)


def _parsed(cell: Any) -> date | datetime | None:
    if isinstance(cell, str):
        for kind in (date, datetime):
            try:
                return kind.fromisoformat(cell)
            except ValueError:
                continue
    return cell if isinstance(cell, date) else None


_PARTS = {
    "Y": r"(?P<year>\d{4})",
    "m": r"(?P<month>\d{1,2})",
    "b": r"(?P<month_name>[A-Za-z]{3})",
    "d": r"(?P<day>\d{1,2})",
    "H": r"(?P<hour>\d{1,2})",
    "I": r"(?P<hour>\d{1,2})",
    "p": r"(?P<half>[AaPp])\.?[Mm]\.?",
    "M": r"(?P<minute>\d{1,2})",
    "S": r"(?P<second>\d{1,2})",
    "f": r"(?P<fraction>\d{1,6})\d{0,6}",
    "z": r"(?P<offset>Z|[+-]\d{2}:?\d{2})",
    "%": "%",
}
"""The parts of a format, as `datetime.strftime` names them; names of months are the English ones."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOON = 12


def time_format(path: str, written: object) -> Callable[[str], datetime | None]:
    """How instants are written, as a reader of such text; what is not written so gives None.

    `datetime.strptime` asks for the language of the machine; this reads the same text alike everywhere.

    Raises:
        InvalidValue: For an unknown part, one that is there twice, and a format without a year, a month and a day.
    """
    known = ", ".join(f"%{part}" for part in _PARTS)
    if not isinstance(written, str):
        raise InvalidValue(path, written, f"a str with a year, a month and a day, out of {known}")
    pieces = re.split("%(.)", written)
    if not set(pieces[1::2]) <= set(_PARTS):
        raise InvalidValue(path, written, f"parts out of {known}")
    source = "".join([_PARTS[each] if place % 2 else re.escape(each) for place, each in enumerate(pieces)])
    try:
        pattern = re.compile(source, re.ASCII)
    except re.error:
        raise InvalidValue(path, written, "each part once") from None
    if not {"year", "day"} <= set(pattern.groupindex) or not {"month", "month_name"} & set(pattern.groupindex):
        raise InvalidValue(path, written, "a year, a month and a day: %Y, %m or %b, and %d")
    return lambda text: _read(pattern.fullmatch(text.strip()))


def _read(found: re.Match[str] | None) -> datetime | None:
    if found is None:
        return None
    parts = {name: text for name, text in found.groupdict().items() if text is not None}
    name = parts.get("month_name", "").lower()
    if name and name not in _MONTHS:
        return None
    month = _MONTHS.index(name) + 1 if name else int(parts["month"])
    try:
        return datetime(
            int(parts["year"]),
            month,
            int(parts["day"]),
            _hour(parts),
            int(parts.get("minute", "0")),
            int(parts.get("second", "0")),
            int(parts.get("fraction", "0").ljust(6, "0")),
            tzinfo=_offset(parts.get("offset")),
        )
    except ValueError:
        return None


def _hour(parts: dict[str, str]) -> int:
    """From 0 to 23; with a half of the day from 1 to 12, of which 12 is the first."""
    hour = int(parts.get("hour", "0"))
    if "half" not in parts:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError(hour)
    return hour % _NOON + _NOON * (parts["half"] in "Pp")


def _offset(text: str | None) -> timezone | None:
    if text is None or text == "Z":
        return None if text is None else UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
