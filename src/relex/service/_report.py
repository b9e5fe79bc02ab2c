"""What was measured: rows of groups and of days, columns of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment
from relex.errors import NotFound
from relex.service._report_shown import group_name, report_html, report_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from relex.figures import Figure

__all__ = ["ReportRow", "ServiceReport"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class ReportRow:
    """The figures of a group, of a whole period or of one bucket of it.

    Attributes:
        group: The values of the facts; None is all cases together.
        bucket: The first date of the day, week or month; None is the whole period.
        figures: In the order of the columns.

    .. versionadded:: 0.1.0
    """

    group: tuple[Any, ...] | None
    bucket: date | None
    figures: tuple[Figure, ...]

    def __str__(self) -> str:
        return f"{group_name(self.group)} {self.bucket or ''}".rstrip()


@attrs.frozen(kw_only=True, weakref_slot=False)
class ServiceReport:
    """Figures of a service desk; made by `measure`.

    Attributes:
        columns: What they are called: the name of the metric and of its column, such as `reopen_rate.share`.
        by: The facts that groups are made of.
        of: What was counted: `cases`, or `attempts`.
        bucket: `day`, `week` or `month`; None without.
        rows: First those of all cases, then those of each group, sorted; of each the whole first, then its buckets.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    columns: tuple[str, ...]
    by: tuple[str, ...]
    bucket: str | None
    rows: tuple[ReportRow, ...]
    as_of: datetime = attrs.field(eq=moment)
    of: str = "cases"

    @property
    def groups(self) -> tuple[tuple[Any, ...], ...]:
        """The values of the facts of every group, in order."""
        return tuple(row.group for row in self.rows if row.group is not None and row.bucket is None)

    def figure(self, column: str, group: Iterable[Any] | None = None, bucket: date | None = None) -> Figure:
        """One figure.

        Args:
            column: Its name.
            group: The values of the facts, one for each of `by`; None is all cases together.
            bucket: The first date of the day, week or month; None is the whole period.

        Raises:
            InvalidValue: For a group that is one text.
            NotFound: When there is no such column or row.

        .. versionadded:: 0.1.0
        """
        place = self._place(column)
        wanted = _wanted(group)
        for row in self.rows:
            if row.group == wanted and row.bucket == bucket:
                return row.figures[place]
        raise NotFound("ReportRow", f"{group_name(wanted)} {bucket or ''}".rstrip())

    def series(self, column: str, group: Iterable[Any] | None = None) -> tuple[tuple[date, Figure], ...]:
        """One figure over time: (first date of the bucket, figure), the earliest first.

        Raises:
            InvalidValue: For a group that is one text.
            NotFound: When there is no such column.

        .. versionadded:: 0.1.0
        """
        place = self._place(column)
        wanted = _wanted(group)
        return tuple(
            (row.bucket, row.figures[place]) for row in self.rows if row.group == wanted and row.bucket is not None
        )

    def _place(self, column: str) -> int:
        if column not in self.columns:
            raise NotFound("column", column)
        return self.columns.index(column)

    def __str__(self) -> str:
        return report_text(self)

    def _repr_html_(self) -> str:
        return report_html(self)


def _wanted(group: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if group is None else _checks.items("ServiceReport.group", group)
