"""Short lives of cases, for the tests of figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from relex.service import Case, measure

if TYPE_CHECKING:
    from relex.figures import Figure
    from relex.service import CaseMetric

__all__ = ["END", "HOUR", "figure", "on", "opened", "resolved"]

HOUR = timedelta(hours=1)


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of June 2026, which begins on a Monday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


END = on(30)


def opened(name: str = "c1", at: datetime | None = None, **more: Any) -> Case:
    """A new case, of the first morning unless another one is said."""
    return Case.open(name, at=on(1) if at is None else at, **{"customer": "k1", "channel": "mail"} | more).state


def resolved(name: str = "c1", hours: int = 4, **more: Any) -> Case:
    """One that was resolved so many hours after its opening."""
    case = opened(name, **more)
    return case.resolve("done", at=case.opened_at + hours * HOUR).state


def figure(metric: CaseMetric, *cases: Case, column: str = "", as_of: datetime = END, **more: Any) -> Figure:
    """One figure of some cases: that of the first column unless another one is said."""
    found = measure(cases, [metric], as_of=as_of, **more)
    return found.figure(f"{metric.called}.{column or metric.columns[0]}")
