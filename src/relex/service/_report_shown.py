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
    titles = [*_lead_titles(report, report.bucket), *report.columns]
    lines = [titles, *([*_lead(report, row), *map(shown, row.figures)] for row in report.rows)]
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
    found = _columns_down(report, wholes[0], at) if len(wholes) == 1 else _rows_down(report, wholes, None, at)
    days = [row for row in report.rows if row.bucket is not None]
    return found + (_rows_down(report, days, report.bucket, f"by {report.bucket}, {at}") if days else "")


def _columns_down(report: ServiceReport, whole: ReportRow, at: str) -> str:
    """One line for each figure, with what it rests on."""
    rows = [
        (_title(column), _cell(figure), _parts(figure), _definition(figure))
        for column, figure in zip(report.columns, whole.figures, strict=True)
    ]
    return table(f"service figures {at}", ("figure", "value", "counts", "definition"), rows)


def _rows_down(report: ServiceReport, rows: list[ReportRow], bucket: str | None, at: str) -> str:
    titles = [*_lead_titles(report, bucket), *map(_title, report.columns)]
    lines = [[*_lead(report, row)[: len(titles) - len(report.columns)], *map(_cell, row.figures)] for row in rows]
    names = dict.fromkeys(map(_definition, rows[0].figures))
    return table(f"service figures {at}", titles, lines) + note("; ".join(names))


def _cell(figure: Figure) -> str | None:
    return None if figure.value is None else shown(figure)


def _definition(figure: Figure) -> str:
    """The method, and the policies that were chosen."""
    told = [f"{name} {value}" for name, value in figure.parameters if value is not None and name != "tz"]
    return f"{figure.method} ({', '.join(told)})" if told else figure.method


def _parts(figure: Figure) -> str:
    told = [f"{name.replace('_', ' ')} {_part(name, value)}" for name, value in figure.parts]
    return ", ".join(told)


def _part(name: str, value: Any) -> str:
    return _time(Fraction(value)) if name == "longest_open" else str(value)


def _title(column: str) -> str:
    return column.replace("_", " ").replace(".", ", ", 1)


def _lead_titles(report: ServiceReport, bucket: str | None) -> list[str]:
    return [" and ".join(report.by) or report.of, *([bucket] if bucket else [])]


def _lead(report: ServiceReport, row: ReportRow) -> list[str]:
    bucket = [] if report.bucket is None else ["all" if row.bucket is None else row.bucket.isoformat()]
    return [group_name(row.group), *bucket]
