"""Laws of logs of cases: every row is accounted for, whatever it holds, and what was written is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.service import DEFAULT_FLOW, Case, stream_cases
from relex.service._log_rows import EVENTS, FIELDS

START = datetime(2026, 5, 4, tzinfo=UTC)
STATUSES = [status.id for status in DEFAULT_FLOW.statuses]
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.integers(),
    st.floats(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.lists(st.text(max_size=2), max_size=2),
    st.tuples(st.text(max_size=2), st.none()),
    st.sampled_from([*STATUSES, *EVENTS, *FIELDS, "high", "0001-01-01T00:00+14:00", "2026-05-04T09:00Z"]),
)
INSTANTS = st.integers(0, 40).map(lambda hours: (START + timedelta(hours=hours)).isoformat())
WORDS = st.sampled_from(["", "a", "b", "c, a"])
SENSIBLE: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(FIELDS, WORDS),
    "id": st.sampled_from(["1", "2", "3"]),
    "status": st.sampled_from(STATUSES),
    "event": st.sampled_from([*EVENTS, "owner", "team", "status", "priority", "tags"]),
    "value": st.sampled_from(["", "a", *STATUSES, "high"]),
    "priority": st.sampled_from(["", "low", "high", "P1"]),
    **dict.fromkeys(("at", "opened_at", "first_replied_at", "resolved_at", "closed_at"), INSTANTS),
}
USUAL = st.fixed_dictionaries(
    {field: SENSIBLE[field] for field in ("id", "at")},
    optional={field: cells for field, cells in SENSIBLE.items() if field not in {"id", "at"}},
)
ODD = st.dictionaries(st.sampled_from(list(FIELDS)), JUNK)
LOGS = st.lists(USUAL | st.tuples(USUAL, ODD).map(lambda both: both[0] | both[1]) | ODD | JUNK, max_size=10)


def rows_of(found: Any) -> list[int]:
    return [row.number for row in found.refused]


@settings(max_examples=100)
@given(LOGS, st.booleans())
def test_any_rows_give_cases_that_hold_and_rows_that_say_why_not(log: list[Any], repeats: bool) -> None:
    """Law 10.1: the events of each case fold to it. Nothing else is raised, and no row is lost."""
    found = (Case.from_snapshots if repeats else Case.from_log)(log)

    assert [Case(change.events) for change in found.changes] == list(found.cases)
    assert len(log) == found.rows
    assert len(set(rows_of(found))) == len(found.refused) <= len(log)
    assert all(row.problems and row.row is log[row.number - 1] for row in found.refused)
    assert "rows" in str(found) + found._repr_html_()


@settings(max_examples=50)
@given(st.lists(USUAL, max_size=12), st.sampled_from(["snapshots", "log"]))
def test_a_stream_of_rows_that_stand_together_gives_what_all_of_them_give(log: list[Any], layout: str) -> None:
    """The order of the cases does not matter, only that of the rows of each."""
    sorted_ = sorted(log, key=lambda row: str(row["id"]))
    streamed = list(stream_cases(sorted_, layout=layout))
    found = (Case.from_snapshots if layout == "snapshots" else Case.from_log)(log)

    assert {each.case for each in streamed if each.case is not None} == set(found.cases)
    assert sum(len(each.refused) for each in streamed) == len(found.refused)
    assert sum(len(each.set_aside) for each in streamed) == len(found.set_aside)


@settings(max_examples=50)
@given(st.lists(USUAL, max_size=12))
def test_rows_say_at_each_instant_what_was_known_then(log: list[Any]) -> None:
    """A log that is cut off gives the same past, but for what only the last row tells."""
    dated = [{"id": row["id"], "at": row["at"], "status": row.get("status", "new")} for row in log]
    whole = {case.id: case for case in Case.from_snapshots(dated).cases}
    for known in range(len(dated)):
        part = Case.from_snapshots(dated[:known])

        assert all(case.history == whole[case.id].history[: case.version] for case in part.cases)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(STATUSES), WORDS, WORDS), min_size=1, max_size=8))
def test_the_last_row_that_was_taken_wins(states: list[tuple[int, str, str, str]]) -> None:
    """Each row repeats the whole record: where none was refused or set aside, the case is as the last one says."""
    at, rows = START, []
    for hours, status, owner, team in states:
        at += timedelta(hours=hours)
        rows.append({"id": "7", "at": at, "status": status, "owner": owner, "team": team, "merged_into": "8"})
    found = Case.from_snapshots(rows)
    taken = [row for number, row in enumerate(rows, 1) if number not in rows_of(found)]

    for case in found.cases:
        assert case.status == taken[-1]["status"]
        if not found.set_aside:
            assert (case.owner, case.team) == (taken[-1]["owner"] or None, taken[-1]["team"] or None)
