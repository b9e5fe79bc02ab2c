"""Logs of cases: events one by one, columns and words of the caller, streams, and what is wrong with rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from relex.errors import InvalidValue
from relex.repositories import MemoryStore
from relex.service import Case, CaseFlow, ImportedCases, Status, stream_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

BERLIN = ZoneInfo("Europe/Berlin")
TWO = CaseFlow("two", [Status("o", "open"), Status("r", "resolved"), Status("c", "closed")])


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def tell(hour: int, event: Any, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": "7", "at": at(hour), "event": event, "value": value, **more}


def log(*rows: dict[str, Any], **how: Any) -> ImportedCases:
    return Case.from_log(rows, **how)


def one(*rows: dict[str, Any], **how: Any) -> Case:
    found = log(*rows, **how)
    assert found.refused == ()
    return found.cases[0]


def names(case: Case) -> list[str]:
    return [type(event).__name__.removeprefix("Case") for event in case.history]


def refusals(found: ImportedCases) -> list[tuple[int, str, str | None]]:
    return [(each.number, problem.reason, problem.field) for each in found.refused for problem in each.problems]


class TestEvents:
    def test_a_life_in_events(self) -> None:
        case = one(
            tell(9, "opened", customer="k1"),
            tell(9, "received", "m1", by="k1"),
            tell(10, "owner", "ann"),
            tell(10, "replied", "m2", by="ann"),
            tell(11, "status", "waiting_customer"),
            tell(12, "noted", "they called", by="ann"),
            tell(13, "resolved", "fixed"),
            tell(14, "reopened"),
            tell(15, "closed"),
        )

        assert names(case) == [
            "Opened",
            "MessageReceived",
            "OwnerChanged",
            "Replied",
            "StatusChanged",
            "Noted",
            "Resolved",
            "Reopened",
            "Closed",
        ]
        assert [(each.id, each.direction, each.by) for each in case.messages] == [
            ("m1", "in", "k1"),
            ("m2", "out", "ann"),
        ]

    def test_rejected_and_merged_cases(self) -> None:
        assert one(tell(9, "opened"), tell(10, "rejected")).ends == "rejected"
        assert one(tell(9, "opened"), tell(10, "merged", "8")).merged_into == "8"

    def test_a_message_to_a_merged_case_goes_to_the_other_one(self) -> None:
        case = one(tell(9, "opened"), tell(10, "merged", "8"), tell(11, "received", "m1"))

        assert case.history[-1].goes_to == "8"  # type: ignore[attr-defined]  # of the message

    @pytest.mark.parametrize(("closed", "goes_to"), [(None, None), (at(10), "8")])
    def test_a_message_that_came_with_the_merge_goes_on_if_it_came_after(
        self, closed: datetime | None, goes_to: str | None
    ) -> None:
        merging = {"status": "duplicate", "merged_into": "8", "closed_at": closed}
        case = one(tell(9, "opened"), tell(11, "received", "m1", **merging))
        (message,) = [event for event in case.history if type(event).__name__ == "CaseMessageReceived"]

        assert message.goes_to == goes_to  # type: ignore[attr-defined]  # of the message

    def test_messages_without_an_id_get_one_that_is_free(self) -> None:
        case = one(tell(9, "opened"), tell(9, "received", "7/2"), tell(10, "replied"), tell(11, "received"))

        assert [each.id for each in case.messages] == ["7/2", "7/3", "7/4"]

    def test_the_same_message_twice_is_one(self) -> None:
        case = one(tell(9, "opened"), tell(9, "received", "m1"), tell(10, "received", "m1"))

        assert [each.id for each in case.messages] == ["m1"]

    def test_an_event_without_a_value_takes_it_away(self) -> None:
        case = one(tell(9, "opened", owner="ann", priority="high"), tell(10, "owner"), tell(11, "priority"))

        assert (case.owner, case.priority, case.priority_source) == (None, "normal", "default")

    def test_a_blank_cell_of_another_column_says_nothing(self) -> None:
        assert one(tell(9, "opened", owner="ann"), tell(10, "team", "a", owner="")).owner == "ann"

    def test_other_columns_count_with_the_event(self) -> None:
        case = one(tell(9, "opened"), tell(10, None, owner="ann"), tell(11, "resolved", owner="bob"))

        assert names(case) == ["Opened", "OwnerChanged", "OwnerChanged", "Resolved"]

    def test_the_first_row_opens_whatever_it_tells(self) -> None:
        assert names(one(tell(9, "resolved"))) == ["Opened", "Resolved"]

    def test_an_event_leads_to_the_status_that_its_row_names(self) -> None:
        statuses = [Status("o", "open"), Status("w", "waiting", waiting_for="customer"), Status("p", "open")]
        flow = CaseFlow("two", [*statuses, Status("r", "resolved"), Status("s", "resolved"), Status("c", "closed")])
        case = one(
            tell(9, "opened"),
            tell(10, "resolved", status="s"),
            tell(11, "reopened", status="w"),
            tell(12, "closed", status="o"),
            tell(13, "reopened", status="p"),
            flow=flow,
        )

        assert [getattr(each, "to", None) for each in case.history] == ["o", "s", "w", "c", "p"]

    def test_words_of_a_log_are_events_and_values(self) -> None:
        aliases = {
            "event": {
                "Take in charge": ("status", "open"),
                "Wait": ("status", "held"),
                "Done": "resolved",
                "Look": None,
            },
            "status": {"held": "waiting_third_party"},
            "owner": {"Value 1": "ann"},
        }
        case = one(
            tell(9, "Look"),
            tell(10, "Take in charge"),
            tell(11, "Wait"),
            tell(12, "owner", "Value 1"),
            tell(13, "Done", "fixed"),
            aliases=aliases,
        )

        assert names(case) == ["Opened", "StatusChanged", "StatusChanged", "OwnerChanged", "Resolved"]
        assert (case.owner, case.resolution) == ("ann", "fixed")

    @pytest.mark.parametrize(
        ("rows", "refused"),
        [
            ([tell(9, "opened"), tell(10, "opened")], (2, "already_opened", "event")),
            ([tell(9, "opened"), tell(10, "reopened")], (2, "not_resolved", "event")),
            ([tell(9, "opened"), tell(10, "exploded")], (2, "unknown_event", "event")),
            ([tell(9, "opened"), tell(10, "at", "2026-05-04T10:00Z")], (2, "unknown_event", "event")),
            ([tell(9, "opened"), tell(10, ["closed"])], (2, "unknown_event", "event")),
            ([tell(9, "opened"), tell(10, ([], 1))], (2, "unknown_event", "event")),
            ([tell(9, "opened"), tell(10, "noted")], (2, "missing", "text")),
            ([tell(9, "opened"), tell(10, "merged")], (2, "missing", "merged_into")),
            ([tell(9, "opened"), tell(10, "status", "gone")], (2, "unknown_status", "status")),
        ],
    )
    def test_what_cannot_have_happened_is_refused(
        self, rows: list[dict[str, Any]], refused: tuple[int, str, str]
    ) -> None:
        found = log(*rows)

        assert refusals(found) == [refused]
        assert names(found.cases[0]) == ["Opened"]

    def test_an_end_that_the_flow_does_not_have_is_refused(self) -> None:
        assert refusals(log(tell(9, "opened"), tell(10, "rejected"), flow=TWO)) == [(2, "unknown_status", "event")]


class TestCells:
    def test_columns_words_and_formats_are_told_by_the_caller(self) -> None:
        rows = [
            {"Nr": 12, "State": "Active", "When": "29/2/2016 01:16", "Who": "?"},
            {"Nr": 12, "State": "Done", "When": "29/2/2016 09:00", "Who": "?"},
        ]
        found = Case.from_snapshots(
            rows,
            columns={"id": "Nr", "status": "State", "at": "When", "owner": "Who"},
            aliases={"status": {"Active": "open", "Done": "resolved"}, "owner": {"?": None}},
            formats=["%d/%m/%Y %H:%M"],
            tz=BERLIN,
        )
        case = found.cases[0]

        assert (case.id, case.owner, case.resolved_at) == ("12", None, datetime(2016, 2, 29, 8, tzinfo=UTC))

    def test_dates_and_values_are_read_too(self) -> None:
        rows = [{"id": "7", "at": date(2026, 5, 4), "status": "new", "tags": ["b", "a", ""], "owner": float("nan")}]
        case = Case.from_snapshots(rows, tz=BERLIN).cases[0]

        assert (case.opened_at, case.tags, case.owner) == (datetime(2026, 5, 3, 22, tzinfo=UTC), ("a", "b"), None)

    def test_no_tags_are_none(self) -> None:
        rows = [{"id": "7", "at": at(9), "status": "new", "tags": tags} for tags in ([], ",", ["x"], [])]

        assert names(Case.from_snapshots(rows).cases[0]) == ["Opened", "TagsChanged", "TagsChanged"]

    def test_each_tag_has_an_alias_of_its_own(self) -> None:
        aliases = {"tags": {"vip!": "vip", "old": None}}
        rows = [{"id": "7", "at": at(9), "status": "new", "tags": "vip!; old, x"}]

        assert Case.from_snapshots(rows, aliases=aliases).cases[0].tags == ("vip", "x")
        assert one(tell(9, "opened"), tell(10, "tags", "vip!, y"), aliases=aliases).tags == ("vip", "y")

    @pytest.mark.parametrize(
        ("cells", "refused"),
        [
            ({"id": ""}, (1, "missing", "id")),
            ({"id": None, "at": "soon"}, (1, "missing", "id")),
            ({"id": True}, (1, "invalid_value", "id")),
            ({"id": "x" * 10_001}, (1, "invalid_value", "id")),
            ({"id": 10**400}, (1, "invalid_value", "id")),
            ({"at": "soon"}, (1, "invalid_value", "at")),
            ({"at": "9" * 10**6}, (1, "invalid_value", "at")),
            ({"at": "2026-05-04"}, (1, "invalid_value", "at")),
            ({"at": "0001-01-01T00:00+14:00"}, (1, "invalid_value", "at")),
            ({"at": datetime(1, 1, 1, tzinfo=BERLIN)}, (1, "invalid_value", "at")),
            ({"at": 5.5}, (1, "invalid_value", "at")),
            ({"opened_at": "31/02/2026"}, (1, "invalid_value", "opened_at")),
            ({"status": "gone"}, (1, "unknown_status", "status")),
            ({"status": ["new"]}, (1, "unknown_status", "status")),
        ],
    )
    def test_a_row_is_refused_for_what_it_cannot_do_without(
        self, cells: dict[str, Any], refused: tuple[int, str, str]
    ) -> None:
        found = Case.from_snapshots([{"id": "7", "at": at(9), "status": "new", **cells}])

        assert refused in refusals(found)
        assert found.cases == ()

    @pytest.mark.parametrize(
        ("cells", "field", "reason"),
        [
            ({"resolved_at": "soon"}, "resolved_at", "invalid_value"),
            ({"priority": "P9"}, "priority", "unknown"),
            ({"priority": ["high"]}, "priority", "unknown"),
            ({"subject": "x" * 10**6}, "subject", "invalid_value"),
            ({"customer": {"id": 1}}, "customer", "invalid_value"),
            ({"tags": 5}, "tags", "invalid_value"),
            ({"tags": [5.5]}, "tags", "invalid_value"),
        ],
    )
    def test_a_row_is_read_without_the_rest(self, cells: dict[str, Any], field: str, reason: str) -> None:
        found = Case.from_snapshots([{"id": "7", "at": at(9), "status": "new", **cells}])

        assert [(each.field, each.reason) for each in found.set_aside] == [(field, reason)]
        assert found.cases[0].priority == "normal"

    def test_thousands_of_columns_that_nobody_named_are_not_looked_at(self) -> None:
        row = {f"c{number}": "x" * 100 for number in range(5000)} | {"id": "7", "at": at(9), "status": "new"}

        assert Case.from_snapshots([row]).cases[0].id == "7"

    def test_what_is_no_row_is_refused(self) -> None:
        found = Case.from_snapshots([5, None, "id"])  # type: ignore[list-item]  # what is tested

        assert refusals(found) == [(number, "invalid_value", None) for number in (1, 2, 3)]

    def test_more_instants_than_are_remembered(self) -> None:
        rows = [{"id": "7", "at": (at(9) + timedelta(minutes=n)).isoformat(), "status": "new"} for n in range(5000)]

        assert Case.from_snapshots([*rows, rows[-1]]).refused == ()


class TestArguments:
    @pytest.mark.parametrize(
        ("how", "path"),
        [
            ({"flow": "support"}, "from_log.flow"),
            ({"tz": "Europe/Berlin"}, "from_log.tz"),
            ({"columns": ["id"]}, "from_log.columns"),
            ({"columns": {"nr": "Nr"}}, "from_log.columns"),
            ({"columns": {"id": ["Nr"]}}, "from_log.columns"),
            ({"aliases": {"state": {}}}, "from_log.aliases"),
            ({"aliases": {"status": "new"}}, "from_log.aliases"),
            ({"formats": "%d/%m/%Y"}, "from_log.formats"),
            ({"formats": ["%d/%m"]}, "from_log.formats"),
        ],
    )
    def test_arguments_of_a_wrong_type_are_refused(self, how: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            log(**how)

    @pytest.mark.parametrize("rows", [5, "rows", b"rows", {"id": "7"}])
    def test_rows_are_an_iterable_of_rows(self, rows: Any) -> None:
        with pytest.raises(InvalidValue, match=r"from_log\.rows"):
            Case.from_log(rows)
        with pytest.raises(InvalidValue, match=r"stream_cases\.rows"):
            stream_cases(rows)

    def test_a_layout_is_one_of_two(self) -> None:
        with pytest.raises(InvalidValue, match=r"stream_cases\.layout"):
            stream_cases([], layout="deltas")


def mixed() -> list[dict[str, Any]]:
    return [
        {"id": "8", "at": at(9), "status": "new"},
        {"id": "7", "at": at(9), "status": "new", "priority": "P9"},
        {"id": "8", "at": at(10), "status": "gone"},
        {"id": "", "at": at(10), "status": "new"},
        {"id": "7", "at": at(10), "status": "resolved", "priority": "P9"},
        {"id": "9", "at": at(9), "status": "gone"},
    ]


class TestWhatComesOut:
    def test_cases_come_in_the_order_of_their_first_rows_with_all_that_was_left_out(self) -> None:
        found = Case.from_snapshots(mixed())

        assert [case.id for case in found.cases] == ["8", "7"]
        assert [each.number for each in found.refused] == [3, 4, 6]
        assert found.incomplete == ("8",)
        assert found.reasons == (("missing", 1), ("unknown_status", 2))
        assert found.missed == (("priority", 1),)
        assert str(found) == "6 rows: 2 cases, 3 rows refused, 1 values set aside"

    def test_changes_are_ready_to_be_saved(self) -> None:
        store = MemoryStore()
        found = Case.from_snapshots(mixed())
        store.save(*found.changes)

        assert store.repository(Case).get("7") == found.cases[1]
        assert [change.expected for change in found.changes] == [0, 0]

    def test_a_notebook_shows_what_was_left_out(self) -> None:
        wrong = [{"id": "<b>", "at": at(9), "status": "<i>"} for _ in range(25)]
        page = Case.from_snapshots([*wrong, *mixed()])._repr_html_()

        assert "and 8 more" in page
        assert "&lt;i&gt;" in page
        assert "<i>" not in page
        assert "priority" in page

    def test_a_notebook_shows_no_table_of_what_is_not_there(self) -> None:
        page = Case.from_snapshots(mixed()[:1])._repr_html_()

        assert page.count("<table") == 1
        assert "more" not in page


class TestStreams:
    def test_rows_that_stand_together_are_cases_one_after_the_other(self) -> None:
        rows = sorted(mixed(), key=lambda row: str(row["id"]))
        streamed = list(stream_cases(rows))

        assert [(each.id, each.rows, None if each.case is None else each.case.version) for each in streamed] == [
            (None, 1, None),
            ("7", 2, 2),
            ("8", 2, 1),
            ("9", 1, None),
        ]
        assert [str(each) for each in streamed][:2] == [
            "no id: 1 rows, no case, 1 refused, 0 values set aside",
            "7: 2 rows, 2 events, 0 refused, 1 values set aside",
        ]

    def test_a_stream_gives_what_is_read_at_once(self) -> None:
        rows = sorted(mixed(), key=lambda row: str(row["id"]))
        streamed = [each.change for each in stream_cases(rows) if each.change is not None]

        assert tuple(streamed) == Case.from_snapshots(rows).changes

    def test_events_are_streamed_too(self) -> None:
        rows = [tell(9, "opened"), tell(10, "resolved")]

        assert [each.case for each in stream_cases(rows, layout="log")] == [one(*rows)]

    def test_rows_that_come_later_are_refused(self) -> None:
        streamed = list(stream_cases(mixed()[:3]))

        assert [(each.id, each.case is None) for each in streamed] == [("8", False), ("7", False), ("8", True)]
        assert [problem.reason for problem in streamed[-1].refused[0].problems] == ["unknown_status", "not_together"]

    def test_no_rows_give_no_case(self) -> None:
        assert list(stream_cases([])) == []

    def test_a_stream_takes_no_row_before_it_is_asked_for_a_case(self) -> None:
        taken: list[int] = []

        def rows() -> Iterable[dict[str, Any]]:
            for number in range(10):
                taken.append(number)
                yield {"id": str(number), "at": at(9), "status": "new"}

        found = stream_cases(rows())
        before = len(taken)
        next(found)

        assert isinstance(found, Iterator)
        assert (before, len(taken)) == (0, 2)
