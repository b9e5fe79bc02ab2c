"""The columns of a forecast: which categories each of them adds up."""

from __future__ import annotations

from relex import _checks
from relex.pipeline._stages import CATEGORIES

__all__ = ["ADJUSTABLE", "COLUMN", "CUMULATIVE", "METHOD", "SINGLE", "TOTAL", "categories_of", "columns_of"]

TOTAL = "total"
"""All six categories together."""

SINGLE: dict[str, tuple[str, ...]] = {category: (category,) for category in CATEGORIES}
"""Each category for itself; together they are the total."""

# Not one chain: the open pipeline leaves out what is closed, the others run toward it.
CUMULATIVE: dict[str, tuple[str, ...]] = {
    "open_pipeline": ("pipeline", "best_case", "most_likely", "commit"),
    "best_case_forecast": ("best_case", "most_likely", "commit", "closed"),
    "most_likely_forecast": ("most_likely", "commit", "closed"),
    "commit_forecast": ("commit", "closed"),
    "closed": ("closed",),
}
"""Categories added up; what is omitted is in none."""

_METHODS = {"cumulative": CUMULATIVE, "single": SINGLE}
_CATEGORIES = {**SINGLE, **CUMULATIVE, TOTAL: CATEGORIES}

ADJUSTABLE = tuple([name for name in (*SINGLE, *CUMULATIVE) if name not in {"closed", "omitted"}])
"""The columns that people may adjust: what is won is a fact, and what is omitted is no forecast."""

METHOD = _checks.one_of(*_METHODS)
COLUMN = _checks.one_of(*_CATEGORIES)


def columns_of(method: str) -> tuple[str, ...]:
    """The columns that a method shows, in order."""
    return tuple(_METHODS[method])


def categories_of(column: str) -> tuple[str, ...]:
    """The categories that a column adds up."""
    COLUMN.require("forecast.column", column)
    return _CATEGORIES[column]
