"""Deals out of the rows of an export: every row becomes events, or comes back with its reasons.

Theory of operation. A row is a mapping of texts or values. The rows of one deal, in the order given, say how it was
from an instant on: the first opens it, and each later one gives the commands that lead from the state before to what it
states, at its instant. They are the commands that everybody uses, so the same gates speak, and what they refuse is the
reason of the row. A deal of which a row is refused is refused with all of its rows, since a history with a hole in it
would give wrong figures. A deal keeps its customer, so the first row that names it tells it for all.

A row alone tells little of the past. A deal that is over began in the first open stage from which the moves of the
pipeline lead to its closing (or the one that the row names) and was closed then; an open deal came into its stage when
the row says, from the first stage from which it may, and began there if the row does not say.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import note, table
from relex._instants import is_before
from relex._rows import RefusedRow, RowProblem, SetAside
from relex.errors import CurrencyMismatch, InvalidValue, Rejected
from relex.pipeline._cells import FIELDS, Reader, Stated
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._row_commands import followed, opened

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from relex.changes import Change
    from relex.pipeline._opportunity import Opportunity

__all__ = ["Imported", "imported"]

_PIPELINE = _checks.a(Pipeline)
_CURRENCY = _checks.optional(_checks.currency_code)
_COLUMN = _checks.Check("a column, which can be looked up", lambda value: isinstance(value, Hashable))
_MAPPING = _checks.a(Mapping)
_KNOWN = _checks.a(Container)
_ZONE = _checks.optional(_checks.zone)
_MANY = 20


@attrs.frozen(kw_only=True)
class Imported:
    """What the rows of an export gave; each row is in one of the deals or among the refused.

    Attributes:
        changes: The deals with all of their events, ready to be saved, in the order of their first rows.
        refused: The rows that gave none, by number.
        set_aside: What rows name and nobody knows; the deals were read without it.
        rows: How many rows there were.

    .. versionadded:: 0.1.0
    """

    changes: tuple[Change[Opportunity], ...]
    refused: tuple[RefusedRow, ...]
    set_aside: tuple[SetAside, ...]
    rows: int

    @property
    def opportunities(self) -> tuple[Opportunity, ...]:
        """The deals."""
        return tuple([change.state for change in self.changes])

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """How often each reason refused a row, sorted by reason."""
        codes = [problem.reason for row in self.refused for problem in row.problems]
        return tuple([(code, codes.count(code)) for code in sorted(set(codes))])

    def __str__(self) -> str:
        refused, aside = len(self.refused), len(self.set_aside)
        return f"{self.rows} rows: {len(self.changes)} deals, {refused} rows refused, {aside} values set aside"

    def _repr_html_(self) -> str:
        rows = [(row.number, "; ".join(map(str, row.problems))) for row in self.refused[:_MANY]]
        more = note(f"and {len(self.refused) - _MANY} more") if len(self.refused) > _MANY else ""
        aside = [(each.row, each.field, each.value) for each in self.set_aside[:_MANY]]
        found = table(str(self), ("refused row", "why"), rows) + more
        return found + (table("Set aside", ("row", "field", "value"), aside) if aside else "")


def imported(  # noqa: PLR0913 - how an export says what
    deals: type[Opportunity],
    rows: Iterable[Mapping[str, Any]],
    pipeline: Pipeline,
    *,
    columns: Mapping[str, str] | None,
    aliases: Mapping[str, Mapping[str, str | None]] | None,
    known: Mapping[str, Container[str]] | None,
    facts: Mapping[str, str] | None,
    currency: str | None,
    tz: tzinfo | None,
) -> Imported:
    """What `Opportunity.from_rows` gives."""
    _PIPELINE.require("from_rows.pipeline", pipeline)
    _CURRENCY.require("from_rows.currency", currency)
    _ZONE.require("from_rows.tz", tz)
    for name, given, each in (("columns", columns, _COLUMN), ("aliases", aliases, _MAPPING), ("known", known, _KNOWN)):
        _require_fields(name, given, each)
    _MAPPING.require("from_rows.facts", {} if facts is None else facts)
    for fact, column in (facts or {}).items():
        _COLUMN.require(f"from_rows.facts[{fact!r}]", column)
    reader = Reader(
        pipeline=pipeline,
        columns={name: name for name in FIELDS} if columns is None else columns,
        facts=facts or {},
        aliases=aliases or {},
        known=known or {},
        currency=currency,
        tz=tz,
    )
    stated = [reader.read(number, row) for number, row in enumerate(_checks.items("from_rows.rows", rows), 1)]
    return _all(deals, stated, reader)


def _require_fields(name: str, given: Mapping[str, Any] | None, each: _checks.Check) -> None:
    if given is None:
        return
    _MAPPING.require(f"from_rows.{name}", given)
    for field, value in given.items():
        if field not in FIELDS:
            raise InvalidValue(f"from_rows.{name}", field, f"fields out of {', '.join(FIELDS)}")
        each.require(f"from_rows.{name}[{field!r}]", value)


def _all(deals: type[Opportunity], stated: list[Stated], reader: Reader) -> Imported:
    groups: dict[str, list[Stated]] = {}
    refused: list[RefusedRow] = []
    for row in stated:
        if "id" in row.values:
            groups.setdefault(row.values["id"], []).append(row)
        else:
            told = any(problem.field in {None, "id"} for problem in row.problems)
            refused.append(_refused(row, row.problems if told else [_missing("id"), *row.problems]))
    changes = []
    aside: list[SetAside] = []
    for rows in groups.values():
        change, wrong = _deal(deals, rows, reader)
        if change is None:
            refused += wrong
        else:
            changes.append(change)
            aside += [each for row in rows for each in row.aside]
    return Imported(
        changes=tuple(changes),
        refused=tuple(sorted(refused, key=lambda row: row.number)),
        set_aside=tuple(sorted(aside, key=lambda each: each.row)),
        rows=len(stated),
    )


def _deal(
    deals: type[Opportunity], rows: list[Stated], reader: Reader
) -> tuple[Change[Opportunity] | None, list[RefusedRow]]:
    """The deal of these rows, or every one of them with its reasons."""
    if (customer := next((row.values["customer"] for row in rows if "customer" in row.values), None)) is not None:
        rows[0].values.setdefault("customer", customer)
    problems = {row.number: [*row.problems, *_gaps(row, rows[0], reader.pipeline)] for row in rows}
    for before, row in pairwise([each for each in rows if "at" in each.values]):
        if is_before(row.values["at"], before.values["at"]):
            problems[row.number].append(_late("at", row.values["at"], before.values["at"]))
    if not any(problems.values()):
        change = None
        for row in rows:
            try:
                change = (
                    opened(deals, row, reader.pipeline) if change is None else followed(change, row, reader.pipeline)
                )
            except (Rejected, InvalidValue, CurrencyMismatch) as error:
                problems[row.number] = [_told(error)]
                break
        else:
            return change, []
    other = RowProblem(reason="other_row", field="id", value=rows[0].values["id"])
    return None, [_refused(row, problems[row.number] or [other]) for row in rows]


def _gaps(row: Stated, first: Stated, pipeline: Pipeline) -> list[RowProblem]:
    """What a row would have to state and does not."""
    values = row.values
    found = [_missing("unit_price")] if "product" in values and not {"unit_price", "amount"} & set(values) else []
    if row is not first:
        if "at" not in values and values != first.values:
            found.append(RowProblem(reason="duplicate_id", field="at", expected="the instant of each row of a deal"))
        return found
    unread = {problem.field for problem in row.problems}
    if "stage" not in values and "stage" not in unread:
        found.append(_missing("stage"))
    if not ({"at", "opened_at"} & {*values, *unread}):
        found.append(_missing("opened_at"))
    if "opened_at" in values and "stage_entered_at" in values:
        begun, entered = values["opened_at"], values["stage_entered_at"]
        found += [_late("stage_entered_at", entered, begun)] if is_before(entered, begun) else []
    if "stage" in values and pipeline.stage(values["stage"]).kind != "open":
        found += [] if {"at", "closed_at"} & {*values, *unread} else [_missing("closed_at")]
        if "closed_at" in values and "opened_at" in values and is_before(values["closed_at"], values["opened_at"]):
            found.append(_late("closed_at", values["closed_at"], values["opened_at"]))
    return found


def _late(field: str, at: datetime, since: datetime) -> RowProblem:
    return RowProblem(reason="out_of_order", field=field, value=at, expected=f"not before {since}")


def _missing(field: str) -> RowProblem:
    return RowProblem(reason="missing", field=field)


def _refused(row: Stated, problems: Iterable[RowProblem]) -> RefusedRow:
    return RefusedRow(number=row.number, row=row.row, problems=tuple(problems))


def _told(error: Rejected | InvalidValue | CurrencyMismatch) -> RowProblem:
    """The refusal of a command as the reason of a row."""
    if isinstance(error, InvalidValue):
        field = error.path.rpartition(".")[2]
        return RowProblem(reason="invalid_value", field=field, value=error.value, expected=error.expected)
    if isinstance(error, CurrencyMismatch):
        return RowProblem(reason="other_currency", field="currency", value=error.actual, expected=error.expected)
    details = dict(error.details)
    unmet = details.pop("unmet", ())
    allowed = details.pop("allowed", None)
    ways = allowed if isinstance(allowed, tuple) and error.reason != "gate_unmet" else ()
    expected = f"one of {', '.join(map(str, ways))}" if ways else ""
    named = _FIELDS_OF.get(error.reason)
    value = details.get(named) if named else None
    return RowProblem(reason=error.reason, field=named, value=value, expected=expected, unmet=unmet)  # type: ignore[arg-type]  # of `Rejected`


_FIELDS_OF = {
    "move_not_allowed": "stage",
    "note_required": "note",
    "out_of_order": "at",
    "reason_required": "reason",
    "unknown_reason": "reason",
    "unknown_stage": "stage",
}
"""By reason of a command: what the row should state otherwise."""
