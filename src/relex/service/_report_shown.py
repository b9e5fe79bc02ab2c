"""A report of figures as text and as tables."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from relex._html import note, table
from relex.money import Rounding
from relex.service._metric_tallies import SECONDS

if TYPE_CHECKING:
    from relex.figures import Figure
    from relex.service._report import ReportRow, ServiceReport

__all__ = ["group_name", "report_html", "report_text", "shown"]

_MINUTE = 60
_HOUR = 3600
_NOTHING = "–"


def shown(figure: Figure) -> str:
    """A figure as it stands in a table: times in hours and minutes, shares in percent, a dash for none."""
    value = figure.value
    if value is None:
        return _NOTHING
    if figure.unit == SECONDS:
        return _time(Fraction(value))  # type: ignore[arg-type]  # a time is no money
    if figure.unit == "share":
        return f"{figure.as_percent().show(1)} %"
    return figure.show()


def _time(seconds: Fraction) -> str:
    whole = Rounding.HALF_UP.apply(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}:{whole % _MINUTE:02} min"
    minutes = Rounding.HALF_UP.apply(seconds / _MINUTE)
    return f"{minutes // _MINUTE:,}:{minutes % _MINUTE:02} h"


def group_name(group: tuple[Any, ...] | None) -> str:
    """A group as people read it."""
    return "all" if group is None else ", ".join(map(_word, group))


def _word(value: Any) -> str:
    if value is None or value == ():
        return "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def report_text(report: ServiceReport) -> str:
    """A line for each figure; where there are several rows, a line for each of them."""
    if len(report.rows) == 1:
        return "\n".join(map(_line, report.columns, report.rows[0].figures))
    titles = _titles(report)
    lines = [titles, *(_cells(report, row) for row in report.rows)]
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    lead = len(titles) - len(report.columns)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < lead else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _line(column: str, figure: Figure) -> str:
    value = f"none ({figure.reason})" if figure.value is None else shown(figure)
    parts = _parts(figure)
    return f"{column}: {value} ({parts})" if parts else f"{column}: {value}"


def report_html(report: ServiceReport) -> str:
    """A table of the wholes, and one of the buckets where there are any."""
    at = f"as of {report.as_of:%Y-%m-%d %H:%M %Z}".rstrip()
    wholes = [row for row in report.rows if row.bucket is None]
    found = _columns_down(report, wholes, at) if len(wholes) == 1 else _rows_down(report, wholes, at)
    days = [row for row in report.rows if row.bucket is not None]
    return found + (_rows_down(report, days, f"by {report.bucket}, {at}") if days else "")


def _columns_down(report: ServiceReport, wholes: list[ReportRow], at: str) -> str:
    """One line for each figure, with what it rests on."""
    rows = [
        (column.replace("_", " ").replace(".", ", "), shown(figure), _parts(figure), figure.method)
        for column, figure in zip(report.columns, wholes[0].figures, strict=True)
    ]
    return table(f"service figures {at}", ("figure", "value", "counts", "definition"), rows)


def _parts(figure: Figure) -> str:
    told = [f"{name.replace('_', ' ')} {_part(name, value)}" for name, value in figure.parts]
    return ", ".join(told)


def _part(name: str, value: Any) -> str:
    return _time(Fraction(value)) if name == "longest_open" else str(value)


def _rows_down(report: ServiceReport, rows: list[ReportRow], at: str) -> str:
    titles = [title.replace("_", " ").replace(".", ", ") for title in _titles(report)]
    names = {figure.method: None for row in rows for figure in row.figures}
    return table(f"service figures {at}", titles, [_cells(report, row) for row in rows]) + note("; ".join(names))


def _titles(report: ServiceReport) -> list[str]:
    lead = [" and ".join(report.by) or report.of]
    return [*lead, *([report.bucket] if report.bucket else []), *report.columns]


def _cells(report: ServiceReport, row: ReportRow) -> list[str]:
    bucket = [] if report.bucket is None else ["all" if row.bucket is None else row.bucket.isoformat()]
    return [group_name(row.group), *bucket, *map(shown, row.figures)]
