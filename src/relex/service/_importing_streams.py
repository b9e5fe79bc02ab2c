"""Cases out of a log that does not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.service._case import Case
from relex.service._case_flow import DEFAULT_FLOW
from relex.service._importing import ROWS, streamed
from relex.service._log_rows import log_reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from relex.service._case_flow import CaseFlow
    from relex.service._importing import ImportedCase

__all__ = ["stream_cases"]

_LAYOUT = _checks.one_of("snapshots", "log")


def stream_cases(
    rows: Iterable[Mapping[str, Any]],
    flow: CaseFlow = DEFAULT_FLOW,
    *,
    layout: str = "snapshots",
    columns: Mapping[str, Any] | None = None,
    aliases: Mapping[str, Mapping[Any, Any]] | None = None,
    formats: Iterable[str] = (),
    tz: tzinfo | None = None,
) -> Iterator[ImportedCase]:
    """The cases of a log whose rows stand together, one after the other, in the memory that one of them takes.

    For logs that do not fit into memory. What is remembered of the cases before is their ids.

    Args:
        rows: The rows; those of one case next to each other, in their order in time.
        flow: Whose statuses, priorities and types the rows name.
        layout: `snapshots`, whose rows repeat the whole record (`Case.from_snapshots`), or `log`, each of whose rows
            tells one event (`Case.from_log`).
        columns: The column of each field; by default columns are called as the fields are.
        aliases: By field, what a cell means that says something else; None means that it says nothing.
        formats: How instants are written, such as `%d/%m/%Y %H:%M`; by default as ISO 8601 says.
        tz: Whose clock a date or a time without a zone is of.

    Returns:
        An iterator. The rows of an id that was there before, not next to it, are refused as `not_together`.

    Raises:
        InvalidValue: For an argument of a wrong type, an unknown field, or a format that cannot be read.

    Example:
        >>> rows = [
        ...     {"id": "7", "at": "2026-05-04T09:00Z", "status": "new"},
        ...     {"id": "7", "at": "2026-05-04T11:00Z", "status": "resolved"},
        ...     {"id": "8", "at": "2026-05-04T09:30Z", "status": "gone"},
        ... ]
        >>> for found in stream_cases(rows):
        ...     print(found)
        7: 2 rows, 2 events, 0 refused, 0 values set aside
        8: 1 rows, no case, 1 refused, 0 values set aside

    .. versionadded:: 0.1.0
    """
    _LAYOUT.require("stream_cases.layout", layout)
    ROWS.require("stream_cases.rows", rows)
    repeats = layout == "snapshots"
    reader = log_reader("stream_cases", flow, columns, aliases, formats, tz, repeats=repeats)
    return streamed(Case, rows, reader, repeats=repeats)
