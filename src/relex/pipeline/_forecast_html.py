"""A forecast as people look at it: columns for groups, for pieces of the period, for those who report to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._html import joined, note, table, text
from relex.errors import CurrencyMismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.pipeline._adjustments import ForecastAdjustment
    from relex.pipeline._forecast import Forecast
    from relex.pipeline._forecast_rows import ForecastRow
    from relex.pipeline._forecast_slice import ForecastSlice

__all__ = ["page", "sentence"]

_MOST = 200
"""How many rows a table has at most."""

_LISTS = ("overdue", "without_amount", "without_date", "unknown_stage", "elsewhere")


def sentence(view: Forecast) -> str:
    """The forecast in one line."""
    told = [f"{column} {text(_sum(view.whole, column))}" for column in view.columns]
    period = view.question.period
    return f"{period.start} to {period.end} as of {view.question.as_of.isoformat()}: {', '.join(told)}"


def page(view: Forecast) -> str:
    """Tables of the forecast, and what is worth telling."""
    parts = [_columns_table(view)]
    if view.question.each is not None:
        parts.append(_table(view, view.question.each, [(str(each.start), view.during(each)) for each in view.periods]))
    if view.team is not None or view.adjustments:
        parts += [_roll_up(view, column) for column in _told_columns(view)]
    return "".join([*parts, *_notes(view)])


def _columns_table(view: Forecast) -> str:
    groups = [("–" if key is None else str(key), view.group(key)) for key in view.groups[:_MOST]]
    more = len(view.groups) - len(groups)
    rows = _table(view, view.question.by or "", [*groups, ("all", view.whole)])
    return rows + (note(f"and {more} more") if more else "")


def _table(view: Forecast, title: str, slices: list[tuple[str, ForecastSlice]]) -> str:
    period = view.question.period
    by = title.replace("_", " ")
    caption = f"Forecast {period.start} to {period.end} as of {view.question.as_of:%Y-%m-%d %H:%M}"
    caption += f", by {by}" if by else ""
    titles = (by, "deals", *[name.replace("_", " ") for name in view.columns], "weighted")
    return table(caption, titles, [_row(name, each, view.columns) for name, each in slices])


def _row(name: str, each: ForecastSlice, columns: tuple[str, ...]) -> tuple[object, ...]:
    return (name, each.count().value, *[_sum(each, column) for column in columns], joined(each.weighted_amounts()))


def _sum(each: ForecastSlice, column: str) -> object:
    """One amount where there is one, and else one for each currency."""
    try:
        value = each.amount(column).value
    except CurrencyMismatch:
        value = None
    return joined(each.amounts(column)) if value is None else value


def _told_columns(view: Forecast) -> list[str]:
    """The columns that people adjusted; where nobody did, what they stand for."""
    adjusted = {each.column for each in view.adjustments}
    return [each for each in view.columns if each in adjusted] or [
        each for each in view.columns if each.startswith("commit")
    ]


def _roll_up(view: Forecast, column: str) -> str:
    try:
        rows = view.rows(column)[:_MOST]
    except CurrencyMismatch:
        return note("no roll-up: the amounts are in several currencies, and no rates are stated")
    titles = ("person", "own", "computed", "set by", "effective", "drift")
    apart = [note(f"{said}, from {said.period.start} to {said.period.end}: not in these rows") for said in _apart(rows)]
    return "".join([table(f"Roll-up of {column.replace('_', ' ')}", titles, [_rolled(row) for row in rows]), *apart])


def _apart(rows: tuple[ForecastRow, ...]) -> list[ForecastAdjustment]:
    return [said for row in rows for said in row.other_periods][:_MOST]


def _rolled(row: ForecastRow) -> tuple[object, ...]:
    by = None if row.adjustment is None else row.adjustment.by
    return ("\N{EM SPACE}" * row.depth + row.subject, row.own, row.computed, by, row.effective, row.drift)


def _notes(view: Forecast) -> Iterator[str]:
    for name in _LISTS:
        found = getattr(view, name)
        if found:
            yield note(f"{name.replace('_', ' ')}: {_few(found)}")
    if view.missing_rates:
        yield note(f"no rate for {', '.join(view.missing_rates)}")
    for each in view.not_applied if view.adjustments else ():
        yield note(str(each))


def _few(ids: tuple[str, ...]) -> str:
    told = ", ".join(ids[:10])
    return f"{told} and {len(ids) - 10} more" if len(ids) > 10 else told  # noqa: PLR2004 - as many are told
