"""Cases out of the rows of a log: each row becomes events, or comes back with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import note, table
from relex._rows import RefusedRow, RowProblem, SetAside
from relex.changes import Change
from relex.service._log_rows import log_reader
from relex.service._snapshots import CaseWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow
    from relex.service._log_rows import LogReader, StatedRow

__all__ = ["ROWS", "ImportedCase", "ImportedCases", "all_cases", "streamed"]

ROWS = _checks.Check(
    "an iterable of rows", lambda value: isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
)
_MANY = 20


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImportedCase:
    """What the rows of one case gave.

    Attributes:
        id: Of the case; None for rows that name none.
        change: The case with all of its events, ready to be saved; None where every row was refused.
        refused: The rows that were left out, by number.
        set_aside: What rows say and nobody can use, each once; the case was read without it.
        rows: How many rows there were.

    .. versionadded:: 0.1.0
    """

    id: str | None
    change: Change[Case] | None
    refused: tuple[RefusedRow, ...]
    set_aside: tuple[SetAside, ...]
    rows: int

    @property
    def case(self) -> Case | None:
        """The case; None where every row was refused."""
        return None if self.change is None else self.change.state

    def __str__(self) -> str:
        what = "no case" if self.change is None else f"{len(self.change.events)} events"
        left = f"{len(self.refused)} refused, {len(self.set_aside)} values set aside"
        return f"{self.id or 'no id'}: {self.rows} rows, {what}, {left}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImportedCases:
    """What the rows of a log gave; each row is in one of the cases or among the refused.

    Attributes:
        changes: The cases with all of their events, ready to be saved, in the order of their first rows.
        refused: The rows that were left out, by number.
        set_aside: What rows say and nobody can use, once for each case; the cases were read without it.
        incomplete: Ids of the cases of which a row was left out, so that something of them may be missing.
        rows: How many rows there were.

    .. versionadded:: 0.1.0
    """

    changes: tuple[Change[Case], ...]
    refused: tuple[RefusedRow, ...]
    set_aside: tuple[SetAside, ...]
    incomplete: tuple[str, ...]
    rows: int

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases."""
        return tuple([change.state for change in self.changes])

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """How often each reason refused a row, sorted by reason."""
        return _counted([problem.reason for row in self.refused for problem in row.problems])

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """How often each field was set aside, sorted by field."""
        return _counted([each.field for each in self.set_aside])

    def __str__(self) -> str:
        refused, aside = len(self.refused), len(self.set_aside)
        return f"{self.rows} rows: {len(self.changes)} cases, {refused} rows refused, {aside} values set aside"

    def _repr_html_(self) -> str:
        rows = [(row.number, "; ".join(map(str, row.problems))) for row in self.refused[:_MANY]]
        more = note(f"and {len(self.refused) - _MANY} more") if len(self.refused) > _MANY else ""
        aside = [(each.row, each.field, each.reason, str(each)) for each in self.set_aside[:_MANY]]
        found = table(str(self), ("refused row", "why"), rows) + more
        return found + (table("Set aside", ("row", "field", "reason", "what"), aside) if aside else "")


def streamed(cases: type[Case], rows: Iterable[Any], reader: LogReader, *, repeats: bool) -> Iterator[ImportedCase]:
    """The cases of rows that stand together."""
    known: set[str] = set()
    group: _Group | None = None
    for number, row in enumerate(rows, 1):
        stated = reader.read(number, row)
        id_ = stated.values.get("id")
        if group is None or id_ != group.id or id_ is None:
            if group is not None:
                yield group.found()
            group = _Group(cases, id_, reader.flow, repeats=repeats, is_new=id_ is not None and id_ not in known)
            known.update(() if id_ is None else (id_,))
        group.add(stated)
    if group is not None:
        yield group.found()


def all_cases(
    cases: type[Case],
    name: str,
    rows: Iterable[Mapping[str, Any]],
    flow: CaseFlow,
    columns: Mapping[str, Any] | None,
    aliases: Mapping[str, Mapping[Any, Any]] | None,
    formats: Iterable[str],
    tz: tzinfo | None,
) -> ImportedCases:
    """What `Case.from_snapshots` and `Case.from_log` give: rows in any order of the cases."""
    repeats = name == "from_snapshots"
    ROWS.require(f"{name}.rows", rows)
    reader = log_reader(name, flow, columns, aliases, formats, tz, repeats=repeats)
    groups: dict[str, _Group] = {}
    lost = _Group(cases, None, flow, repeats=repeats, is_new=False)
    for number, row in enumerate(rows, 1):
        stated = reader.read(number, row)
        id_ = stated.values.get("id")
        if id_ is None:
            lost.add(stated)
            continue
        group = groups.get(id_)
        if group is None:
            group = groups[id_] = _Group(cases, id_, flow, repeats=repeats, is_new=True)
        group.add(stated)
    return _together([lost.found(), *[group.found() for group in groups.values()]])


def _together(found: list[ImportedCase]) -> ImportedCases:
    return ImportedCases(
        changes=tuple([each.change for each in found if each.change is not None]),
        refused=tuple(sorted([row for each in found for row in each.refused], key=lambda row: row.number)),
        set_aside=tuple(sorted([one for each in found for one in each.set_aside], key=lambda one: one.row)),
        incomplete=tuple([each.id for each in found if each.id is not None and each.change and each.refused]),
        rows=sum(each.rows for each in found),
    )


class _Group:
    """The rows of one case, as they come."""

    def __init__(self, cases: type[Case], id_: str | None, flow: CaseFlow, *, repeats: bool, is_new: bool) -> None:
        self.id = id_
        self._cases = cases
        self._rows = 0
        self._refused: list[RefusedRow] = []
        self._writer = CaseWriter(id_, flow, repeats=repeats) if id_ is not None and is_new else None

    def add(self, row: StatedRow) -> None:
        self._rows += 1
        problems = self._homeless(row) if self._writer is None else self._writer.add(row)
        if problems:
            self._refused.append(RefusedRow(number=row.number, row=row.row, problems=tuple(problems)))

    def _homeless(self, row: StatedRow) -> list[RowProblem]:
        if self.id is not None:
            return [*row.problems, RowProblem(reason="not_together", field="id", value=self.id)]
        told = any(problem.field in {None, "id"} for problem in row.problems)
        return row.problems if told else [RowProblem(reason="missing", field="id"), *row.problems]

    def found(self) -> ImportedCase:
        events = () if self._writer is None else self._writer.history()
        return ImportedCase(
            id=self.id,
            change=Change(self._cases(events), events) if events else None,
            refused=tuple(self._refused),
            set_aside=() if self._writer is None else tuple(self._writer.aside),
            rows=self._rows,
        )


def _counted(words: list[str]) -> tuple[tuple[str, int], ...]:
    return tuple([(word, words.count(word)) for word in sorted(set(words))])
