"""Rows of logs become the events of cases: what each row gives, dated as it says, and nothing that it does not say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.service import Case, CaseFlow, ImportedCases, Priorities, PriorityMatrix, Status


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def row(hour: int | None, status: str | None, **more: Any) -> dict[str, Any]:
    stated = {"id": "7", "at": None if hour is None else at(hour), "status": status}
    return {**stated, **more}


def read(*rows: dict[str, Any], **how: Any) -> ImportedCases:
    return Case.from_snapshots(rows, **how)


def one(*rows: dict[str, Any], **how: Any) -> Case:
    found = read(*rows, **how)
    assert found.refused == ()
    return found.cases[0]


def told(case: Case) -> list[tuple[str, datetime]]:
    return [(type(event).__name__.removeprefix("Case"), event.at) for event in case.history]


def refusals(found: ImportedCases) -> list[tuple[int, str, str | None]]:
    return [(each.number, problem.reason, problem.field) for each in found.refused for problem in each.problems]


def asides(found: ImportedCases) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, each.reason) for each in found.set_aside]


class TestStatuses:
    def test_each_new_status_is_a_move_at_the_instant_of_its_row(self) -> None:
        case = one(row(9, "new"), row(10, "open"), row(11, "waiting_customer"), row(12, "resolved"), row(13, "closed"))

        assert told(case) == [
            ("Opened", at(9)),
            ("StatusChanged", at(10)),
            ("StatusChanged", at(11)),
            ("Resolved", at(12)),
            ("Closed", at(13)),
        ]
        assert (case.status, case.resolved_at, case.closed_at) == ("closed", at(12), at(13))

    def test_a_row_that_says_the_same_again_gives_nothing(self) -> None:
        assert told(one(row(9, "new"), row(10, "new"), row(11, None))) == [("Opened", at(9))]

    def test_a_case_comes_back_by_reopening(self) -> None:
        case = one(row(9, "new"), row(10, "closed"), row(11, "waiting_customer"), row(12, "resolved"), row(13, "open"))

        assert [name for name, _ in told(case)] == ["Opened", "Closed", "Reopened", "Resolved", "Reopened"]
        assert case.reopens == 2

    def test_a_status_goes_by_its_name_too(self) -> None:
        flow = CaseFlow("desk", [Status("o", "open", name="Active"), Status("r", "resolved"), Status("c", "closed")])

        assert one(row(9, "Active"), row(10, "c"), flow=flow).status == "c"

    def test_a_first_row_at_the_opening_begins_in_its_status(self) -> None:
        case = one(row(9, "waiting_customer", opened_at=at(9)))

        assert told(case) == [("Opened", at(9))]
        assert case.status == "waiting_customer"

    def test_a_first_row_after_the_opening_moves_from_the_start(self) -> None:
        case = one(row(10, "open", opened_at=at(9)))

        assert told(case) == [("Opened", at(9)), ("StatusChanged", at(10))]

    def test_one_that_is_rejected_and_one_that_is_merged(self) -> None:
        rejected = one(row(9, "new"), row(10, "rejected"))
        merged = one(row(9, "new"), row(10, "duplicate", merged_into="8"))

        assert (rejected.ends, merged.ends, merged.merged_into) == ("rejected", "merged", "8")

    @pytest.mark.parametrize("into", [{}, {"merged_into": "7"}])
    def test_a_merge_names_another_case(self, into: dict[str, str]) -> None:
        found = read(row(9, "new"), row(10, "duplicate", **into))

        assert refusals(found) == [(2, "missing", "merged_into")]
        assert found.cases[0].status == "new"

    def test_what_cannot_follow_is_refused_and_changes_nothing(self) -> None:
        flow = CaseFlow(
            "desk",
            [
                Status("o", "open"),
                Status("done", "resolved"),
                Status("confirmed", "resolved"),
                Status("c", "closed"),
                Status("archived", "closed", reopens=False),
            ],
        )
        found = read(
            row(9, "o"),
            row(10, "done"),
            row(11, "confirmed", owner="ann"),
            row(12, "c"),
            row(13, "done"),
            row(14, "archived"),
            row(15, "o"),
            row(16, "archived"),
            row(17, "o"),
            flow=flow,
        )

        assert refusals(found) == [
            (3, "resolved", "status"),
            (5, "closed", "status"),
            (6, "closed", "status"),
            (9, "never_reopens", "status"),
        ]
        assert (found.cases[0].status, found.cases[0].owner) == ("archived", None)


class TestInstants:
    def test_a_resolution_and_a_closing_are_dated_as_the_row_says(self) -> None:
        case = one(row(9, "new"), row(13, "closed", resolved_at=at(11), closed_at=at(12), owner="ann"))

        assert told(case) == [("Opened", at(9)), ("OwnerChanged", at(11)), ("Resolved", at(11)), ("Closed", at(12))]

    def test_a_log_that_repeats_the_last_instants_in_all_rows_is_read_at_each_of_them(self) -> None:
        last = {"opened_at": at(9), "resolved_at": at(15), "closed_at": at(16)}
        case = one(
            row(9, "new", **last),
            row(10, "resolved", **last),
            row(11, "open", **last),
            row(15, "resolved", **last),
            row(16, "closed", **last),
        )

        assert told(case) == [
            ("Opened", at(9)),
            ("Resolved", at(10)),
            ("Reopened", at(11)),
            ("Resolved", at(15)),
            ("Closed", at(16)),
        ]

    def test_what_is_told_to_have_happened_before_the_last_row_is_set_aside(self) -> None:
        found = read(row(9, "new"), row(12, "open"), row(13, "closed", resolved_at=at(8), closed_at=at(11)))

        assert asides(found) == [(3, "resolved_at", "out_of_order"), (3, "closed_at", "out_of_order")]
        assert told(found.cases[0])[-1] == ("Closed", at(13))

    def test_a_closing_before_the_resolution_hides_the_resolution(self) -> None:
        case = one(row(9, "new"), row(13, "closed", resolved_at=at(12), closed_at=at(11)))

        assert told(case) == [("Opened", at(9)), ("Closed", at(11))]

    def test_a_row_that_is_older_than_the_one_before_is_refused(self) -> None:
        found = read(row(9, "new"), row(12, "open"), row(11, "resolved"), row(12, "closed"))

        assert refusals(found) == [(3, "out_of_order", "at")]
        assert found.incomplete == ("7",)
        assert told(found.cases[0])[-1] == ("Closed", at(12))

    def test_a_row_before_its_own_opening_is_refused(self) -> None:
        found = read(row(9, "new", opened_at=at(10)), row(11, "open", opened_at=at(10)))

        assert refusals(found) == [(1, "out_of_order", "at")]
        assert found.cases[0].opened_at == at(10)

    def test_a_later_row_without_an_instant_is_refused(self) -> None:
        assert refusals(read(row(9, "new"), row(None, "open"))) == [(2, "missing", "at")]

    def test_the_opening_is_as_the_last_row_says(self) -> None:
        case = one(row(10, "new", opened_at=at(9), channel="mail"), row(11, "open", opened_at=at(8), channel="phone"))

        assert (case.opened_at, case.channel) == (at(8), "phone")

    def test_where_it_came_from_is_as_the_last_row_says(self) -> None:
        case = one(row(10, "new", origin="form", source="s1"), row(11, "new", source="s2", product="p1"))

        assert (case.origin, case.source, case.product, case.version) == ("form", "s2", "p1", 1)

    @pytest.mark.parametrize("rows", [(row(10, "new"),), (row(10, "new"), row(11, "open"))], ids=["one", "two"])
    def test_an_opening_after_what_happened_is_set_aside(self, rows: tuple[dict[str, Any], ...]) -> None:
        found = read(*rows, row(14, "resolved", opened_at=at(13)))

        assert asides(found) == [(len(rows) + 1, "opened_at", "out_of_order")]
        assert found.cases[0].opened_at == at(10)


class TestExportsWithOneRow:
    def test_a_closed_case_has_the_instants_that_its_row_states(self) -> None:
        stated = {"opened_at": at(9), "first_replied_at": at(10), "resolved_at": at(11), "closed_at": at(12)}
        case = one(row(None, "closed", **stated))

        assert told(case) == [("Opened", at(9)), ("Replied", at(10)), ("Resolved", at(11)), ("Closed", at(12))]
        assert case.first_replied_at == at(10)

    @pytest.mark.parametrize(
        ("status", "stated", "missing"),
        [
            ("resolved", {}, "resolved_at"),
            ("resolved", {"resolved_at": at(8)}, "resolved_at"),
            ("closed", {}, "closed_at"),
            ("closed", {"closed_at": at(8), "resolved_at": at(8)}, "closed_at"),
            ("rejected", {"resolved_at": at(10)}, "closed_at"),
        ],
    )
    def test_an_end_that_nobody_dated_is_refused(self, status: str, stated: dict[str, datetime], missing: str) -> None:
        found = read(row(None, status, opened_at=at(9), **stated))

        assert refusals(found) == [(1, "missing", missing)]
        assert found.cases == ()

    @pytest.mark.parametrize(("closed", "reason"), [(None, "missing"), (at(8), "out_of_order")])
    def test_a_closing_that_nobody_dated_leaves_the_case_resolved(self, closed: datetime | None, reason: str) -> None:
        found = read(row(None, "closed", opened_at=at(9), resolved_at=at(11), closed_at=closed))

        assert ("closed_at", reason) in [(each.field, each.reason) for each in found.set_aside]
        assert (found.cases[0].kind, found.cases[0].resolved_at) == ("resolved", at(11))

    def test_an_open_case_began_in_its_status(self) -> None:
        case = one(row(None, "waiting_customer", opened_at=at(9), first_replied_at=at(10)))

        assert told(case) == [("Opened", at(9)), ("Replied", at(10))]

    def test_a_row_without_any_instant_is_refused(self) -> None:
        assert refusals(read(row(None, "new"))) == [(1, "missing", "opened_at")]

    def test_a_row_without_a_status_is_refused(self) -> None:
        assert refusals(read(row(9, None))) == [(1, "missing", "status")]

    @pytest.mark.parametrize(
        ("stated", "kind"),
        [
            ({"resolved_at": at(11), "closed_at": at(12)}, "closed"),
            ({"resolved_at": at(11)}, "resolved"),
            ({}, "open"),
        ],
    )
    def test_without_a_column_of_statuses_the_instants_tell(self, stated: dict[str, datetime], kind: str) -> None:
        columns = {name: name for name in ("id", "opened_at", "resolved_at", "closed_at")}

        assert one({"id": "7", "opened_at": at(9), **stated}, columns=columns).kind == kind


class TestAnswers:
    def test_the_first_answer_is_told_once_when_its_time_has_come(self) -> None:
        last = {"first_replied_at": at(11)}
        case = one(row(9, "new", **last), row(12, "open", **last), row(13, "open", **last))

        assert told(case) == [("Opened", at(9)), ("Replied", at(11)), ("StatusChanged", at(12))]
        assert case.replies == 1

    def test_an_answer_before_the_last_row_is_set_aside_once(self) -> None:
        late = {"first_replied_at": at(8)}
        found = read(row(9, "new", **late), row(12, "open", **late))

        assert asides(found) == [(1, "first_replied_at", "out_of_order")]
        assert found.cases[0].first_replied_at is None


class TestEdits:
    def test_everything_that_changes_by_an_event_is_one(self) -> None:
        first = {
            "team": "a",
            "owner": "ann",
            "type": "fault",
            "subject": "it",
            "parent": "1",
            "customer": "k1",
            "contact": "p1",
            "impact": "1",
            "urgency": 2,
            "tags": "x, y",
        }
        then = {
            "team": "b",
            "owner": "bob",
            "type": "question",
            "subject": "that",
            "parent": "2",
            "customer": "k2",
            "impact": "3",
            "tags": "y; z",
            "priority": "high",
        }
        case = one(row(9, "new", **first), row(10, "new", **then))

        assert [name for name, _ in told(case)] == [
            "Opened",
            "TeamChanged",
            "OwnerChanged",
            "TypeChanged",
            "Renamed",
            "ParentChanged",
            "CustomerChanged",
            "ImpactChanged",
            "TagsChanged",
            "PriorityChanged",
        ]
        assert (case.customer, case.contact, case.impact, case.urgency) == ("k2", "p1", "3", "2")
        assert (case.tags, case.owner, case.team, case.type, case.subject) == (
            ("y", "z"),
            "bob",
            "b",
            "question",
            "that",
        )
        assert (case.parent, case.priority, case.priority_source) == ("2", "high", "explicit")

    def test_a_blank_owner_team_or_tag_is_none_and_another_blank_says_nothing(self) -> None:
        first = {"owner": "ann", "team": "a", "tags": "x", "customer": "k1"}
        case = one(row(9, "new", **first), row(10, "new", owner="", team=" ", tags=None, customer=""))

        assert (case.owner, case.team, case.tags, case.customer) == (None, None, (), "k1")

    def test_a_row_without_the_column_clears_nothing(self) -> None:
        assert one(row(9, "new", owner="ann"), row(10, "new")).owner == "ann"

    def test_a_closed_case_keeps_what_it_was_and_the_rest_is_set_aside_once(self) -> None:
        found = read(row(9, "new"), row(10, "closed"), row(11, "closed", owner="ann"), row(12, "closed", owner="ann"))

        assert asides(found) == [(3, "owner", "closed")]
        assert found.cases[0].owner is None

    def test_what_changed_with_a_reopening_follows_it(self) -> None:
        case = one(row(9, "new"), row(10, "closed"), row(11, "open", owner="ann"))

        assert [name for name, _ in told(case)] == ["Opened", "Closed", "Reopened", "OwnerChanged"]

    def test_a_priority_follows_impact_and_type_until_somebody_names_one(self) -> None:
        matrix = PriorityMatrix([("1", "1", "urgent"), ("1", "2", "high"), ("2", "1", "normal"), ("2", "2", "low")])
        flow = CaseFlow(priorities=Priorities(matrix=matrix, by_type={"outage": "high"}))
        case = one(
            row(9, "new", type="outage"),
            row(10, "new", impact=1, urgency=1),
            row(11, "new", priority="low"),
            row(12, "new", impact=2, urgency=1),
            flow=flow,
        )
        changes = [event for event in case.history if type(event).__name__ == "CasePriorityChanged"]

        assert case.history[0].priority == "high"  # type: ignore[attr-defined]  # of the opening
        assert [(each.to, each.priority_source) for each in changes] == [("urgent", "matrix"), ("low", "explicit")]  # type: ignore[attr-defined]  # as above
        assert case.impact == "2"

    def test_what_the_flow_does_not_know_is_set_aside_once_and_the_case_is_kept(self) -> None:
        matrix = PriorityMatrix([("1", "1", "urgent"), ("1", "2", "high")])
        flow = CaseFlow(priorities=Priorities(matrix=matrix), types=["fault"])
        odd = {"priority": "P9", "type": "wish", "impact": 5, "urgency": 1}
        found = read(row(9, "new", **odd), row(10, "open", **odd), flow=flow)

        assert asides(found) == [(1, "type", "unknown"), (1, "impact", "unknown"), (1, "priority", "unknown")]
        assert (found.cases[0].priority, found.cases[0].priority_source) == ("normal", "default")
        assert (found.cases[0].type, found.cases[0].urgency) == (None, "1")
