"""Flows of cases: what is wrong with them, what they allow and ask, and how they are drawn."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue, NotFound, Rejected
from relex.rules import FactSchema, Requirement, field
from relex.service import DEFAULT_FLOW, Case, CaseFlow, Priorities, ReopenPolicy, Status

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN, DONE, CLOSED = Status("open", "open"), Status("done", "resolved"), Status("closed", "closed")
VENDOR = Status("vendor", "waiting", waiting_for="vendor")
NEW = Status("new", "open", fresh=True)
SPAM = Status("spam", "closed", ends="rejected")
TWIN = Status("twin", "closed", ends="merged")
ALL = (NEW, OPEN, VENDOR, DONE, CLOSED, SPAM, TWIN)
COMMENT = Requirement("comment", ~field("comment").is_missing(), "Say what was done")
OWNER = Requirement("owner", ~field("owner").is_missing(), "Name an owner")
WAYS: dict[str, list[str]] = {
    "new": ["open", "spam"],
    "open": ["vendor", "done", "spam"],
    "vendor": ["open"],
    "done": ["open", "closed"],
    "closed": ["open"],
}


def flow(*statuses: Status, **more: Any) -> CaseFlow:
    return CaseFlow("desk", statuses or ALL, **more)


def problems(*statuses: Status, **more: Any) -> list[str]:
    with pytest.raises(InvalidValue) as refused:
        flow(*statuses, **more)
    return [f"{problem.path}: {problem.expected}" for problem in refused.value.value]  # type: ignore[attr-defined]


class TestMistakes:
    def test_all_are_told_at_once(self) -> None:
        found = problems(
            Status("new", "open", fresh=True, name="New", waiting_for="us", requires=[COMMENT]),
            Status("new", "open", fresh=True, name="New"),
            Status("wait", "waiting", ends="closed", reopens=True, fresh=True),
            Status("spam", "closed", ends="rejected", reopens=True, waiting_for="x"),
            Status("twin", "closed", ends="merged", requires=[COMMENT]),
            moves="forward",
        )

        assert found == [
            "statuses: each id once, new is there twice",
            "statuses: each name once, New is there twice",
            "statuses: at most one fresh status",
            "statuses: at least one open status that is not fresh",
            "statuses: at least one resolved status",
            "statuses: at least one closed status that ends a case as closed",
            "statuses[new].waiting_for: None, unless the status is waiting",
            "statuses[new].requires: nothing (no move leads here)",
            "statuses[wait].waiting_for: whose move it is, such as customer",
            "statuses[wait].ends: None, unless the status is closed",
            "statuses[wait].reopens: None, unless the status is closed",
            "statuses[wait].fresh: False, unless the status is open",
            "statuses[spam].waiting_for: None, unless the status is waiting",
            "statuses[spam].reopens: False, of what is rejected",
            "statuses[twin].requires: nothing (no move leads here)",
            "moves: any, or the statuses that can be reached by status",
        ]

    def test_the_message_tells_them_all(self) -> None:
        told = "statuses: at least one resolved status; statuses: at least one closed status that ends a case as closed"

        with pytest.raises(InvalidValue, match=f"a flow of cases without mistakes .{told}"):
            flow(OPEN)

    def test_moves_to_nowhere_and_from_nowhere(self) -> None:
        found = problems(OPEN, DONE, CLOSED, moves={"open": ["done", "x"], "done": ["open", "closed"], "y": ["open"]})

        assert found == ["moves: one of open, done, closed, not x", "moves: one of open, done, closed, not y"]

    def test_a_status_that_cannot_be_left(self) -> None:
        found = problems(
            OPEN, Status("stuck", "open"), DONE, CLOSED, moves={"open": ["done"], "done": ["open", "closed"]}
        )

        assert found == ["moves: a way from stuck to a closed status"]

    def test_a_circle_without_an_end(self) -> None:
        found = problems(OPEN, DONE, CLOSED, moves={"open": ["done"], "done": ["open"]})

        assert found == ["moves: a way from open to a closed status", "moves: a way from done to a closed status"]

    def test_ways_that_no_case_may_take(self) -> None:
        ways = WAYS | {"open": ["new", "twin", "done"], "closed": ["open", "done"], "spam": ["open"], "twin": ["open"]}

        assert problems(moves=ways) == [
            "moves: open or waiting statuses from closed, not done",
            "moves: statuses other than new, which is for cases that nobody touched",
            "moves: statuses other than twin (merging asks no table)",
            "moves: nothing from spam, which never reopens",
            "moves: nothing from twin, which never reopens",
        ]

    def test_what_a_message_moves_needs_a_way(self) -> None:
        ways = WAYS | {"new": ["spam"], "vendor": ["done"], "done": ["closed"]}

        assert problems(moves=ways) == [
            "moves: a way from new to an open status, which a message takes",
            "moves: a way from vendor to an open status, which a message takes",
            "moves: a way from done to open, where a message reopens the case",
        ]

    def test_a_closed_status_reopens_where_the_table_says(self) -> None:
        policy = ReopenPolicy(to="vendor", statuses=["closed"])
        ways = WAYS | {"done": ["open", "vendor", "closed"]}

        assert problems(moves=ways, reopening=policy) == [
            "moves: a way from closed to vendor, where a message reopens the case"
        ]

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            (ReopenPolicy(to="x"), "reopening.to: one of open, vendor"),
            (ReopenPolicy(to="new"), "reopening.to: one of open, vendor"),
            (ReopenPolicy(to="done"), "reopening.to: one of open, vendor"),
            (ReopenPolicy(statuses=["x"]), "reopening.statuses: closed statuses that reopen (closed), not x"),
            (ReopenPolicy(statuses=["spam"]), "reopening.statuses: closed statuses that reopen (closed), not spam"),
            (ReopenPolicy(statuses=["done"]), "reopening.statuses: closed statuses that reopen (closed), not done"),
        ],
        ids=["nowhere", "fresh", "resolved", "unknown", "rejected", "not closed"],
    )
    def test_reopening_from_and_to_where_it_cannot(self, policy: ReopenPolicy, expected: str) -> None:
        assert problems(reopening=policy) == [expected]

    def test_commands_that_are_not_there(self) -> None:
        found = problems(requires=[("close", [COMMENT]), ("close", []), ("merge_into", [COMMENT])])

        assert found == [
            "requires: each command once, close is there twice",
            "requires: one of hold, resume, move_to, resolve, close, reject, reopen, assign",
        ]

    def test_a_priority_by_a_type_that_is_not_there(self) -> None:
        priorities = Priorities(by_type={"outage": "high"})

        assert problems(priorities=priorities, types=["fault"]) == ["priorities.by_type: one of fault"]
        assert flow(priorities=priorities).types == ()

    def test_rules_about_unknown_facts(self) -> None:
        asked = [Requirement("region", field("area") == "west", "Only in the west")]
        gate = Status("open", "open", requires=[Requirement("owner", field("owner") > 3, "Name an owner"), COMMENT])
        found = problems(gate, DONE, CLOSED, requires={"close": asked}, facts=FactSchema({"region": str}))

        assert [each.partition(":")[0] for each in found] == [
            "statuses[open].requires[owner]",
            "requires[close][region].fact",
        ]
        assert flow(gate, DONE, CLOSED, requires={"close": asked}).facts is None

    def test_facts_that_shadow_those_of_a_case(self) -> None:
        assert problems(facts=FactSchema({"status": str})) == ["facts: names other than status, which every case has"]

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"id": ""}, "CaseFlow.id"),
            ({"statuses": "ab"}, "CaseFlow.statuses"),
            ({"statuses": ["open"]}, "CaseFlow.statuses"),
            ({"version": 0}, "CaseFlow.version"),
            ({"name": ""}, "CaseFlow.name"),
            ({"moves": [("open",)]}, "CaseFlow.moves"),
            ({"moves": [("open", ["done"]), ("open", ["spam"])]}, r"\(moves: any, or"),
            ({"requires": {"close": "comment"}}, r"CaseFlow.requires\[close\]"),
            ({"requires": {"close": ["comment"]}}, r"CaseFlow.requires\[close\]"),
            ({"requires": ["close"]}, "CaseFlow.requires"),
            ({"priorities": ("high",)}, "CaseFlow.priorities"),
            ({"types": "fault"}, "CaseFlow.types"),
            ({"types": [""]}, "CaseFlow.types"),
            ({"reopening": Days(7)}, "CaseFlow.reopening"),
            ({"max_depth": 0}, "CaseFlow.max_depth"),
            ({"facts": {"region": str}}, "CaseFlow.facts"),
        ],
    )
    def test_a_wrong_type_is_refused(self, fields: dict[str, Any], path: str) -> None:
        known: dict[str, Any] = {"id": "desk", "statuses": ALL}

        with pytest.raises(InvalidValue, match=path):
            CaseFlow(**(known | fields))


class TestDefinition:
    def test_the_usual_statuses(self) -> None:
        found = [(status.id, status.kind, status.waiting_for or status.ends) for status in DEFAULT_FLOW.statuses]

        assert found == [
            ("new", "open", None),
            ("open", "open", None),
            ("waiting_customer", "waiting", "customer"),
            ("waiting_third_party", "waiting", "third_party"),
            ("resolved", "resolved", None),
            ("closed", "closed", "closed"),
            ("rejected", "closed", "rejected"),
            ("duplicate", "closed", "merged"),
        ]

    def test_a_case_begins_in_the_fresh_one_or_in_the_first_open_one(self) -> None:
        assert [flow().start.id, flow().working.id] == ["new", "open"]
        assert flow(OPEN, DONE, CLOSED).start is OPEN

    def test_a_status_is_found_by_its_id(self) -> None:
        assert flow().status("done") is DONE
        with pytest.raises(NotFound, match="no Status with id 'x'"):
            flow().status("x")
        with pytest.raises(InvalidValue, match=r"status.id"):
            flow().status(5)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "question",
        [
            lambda it: it.status([]),
            lambda it: it.allowed_from([]),
            lambda it: it.passage([], "done"),
            lambda it: it.passage("open", []),
            lambda it: it.passage("open", "done", []),
        ],
        ids=["status", "allowed from", "from", "to", "command"],
    )
    def test_what_is_no_text_is_refused(self, question: Callable[[CaseFlow], object]) -> None:
        with pytest.raises(InvalidValue, match="expected a non-empty str"):
            question(flow())

    def test_an_id_may_be_a_member_of_an_enum(self) -> None:
        done = StrEnum("Ids", {"DONE": "done"}).DONE  # type: ignore[attr-defined]  # made of pairs

        assert flow().status(done) is DONE
        assert flow().allowed_from(done) == flow().allowed_from("done")

    def test_and_by_its_kind(self) -> None:
        assert [flow().first("open"), flow().first("closed"), flow().first("closed", ends="merged")] == [
            OPEN,
            CLOSED,
            TWIN,
        ]
        with pytest.raises(NotFound, match="no Status with id 'rejected'"):
            flow(OPEN, DONE, CLOSED).first("closed", ends="rejected")
        with pytest.raises(NotFound, match="no Status with id 'waiting'"):
            flow(OPEN, DONE, CLOSED).first("waiting")

    def test_its_places_are_not_to_be_changed(self) -> None:
        with pytest.raises(TypeError):
            flow().places["ghost"] = OPEN  # type: ignore[index]

    def test_cases_come_back_from_what_reopens(self) -> None:
        archive = Status("archive", "closed", reopens=False)
        first = Status("first", "open")

        assert flow(*ALL, archive).reopening == ReopenPolicy(to="open", statuses=["closed"])
        assert flow(first, DONE, CLOSED).reopening.to == "first"

    def test_and_by_a_list_only_where_it_leads_back(self) -> None:
        archive = Status("archive", "closed")
        ways = WAYS | {"done": ["open", "closed", "archive"]}

        assert flow(*ALL, archive, moves=ways).reopening.statuses == ("closed",)

    @pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
    def test_it_can_be_copied_and_pickled_after_use(self, twin: Any) -> None:
        found = flow(moves=WAYS)
        assert found.passage("open", "done").allowed

        assert twin(found) == found
        assert twin(found).passage("open", "done").allowed

    def test_what_is_listed_is_sorted(self) -> None:
        found = flow(moves=WAYS, types=["b", "a", "b"], requires={"resolve": [COMMENT], "close": []})

        assert found.moves == tuple(sorted((from_, tuple(sorted(to))) for from_, to in WAYS.items()))
        assert (found.types, found.requires) == (("a", "b"), (("close", ()), ("resolve", (COMMENT,))))


class TestMoves:
    @pytest.mark.parametrize(
        ("from_", "allowed"),
        [
            ("new", ("open", "vendor", "done", "closed", "spam")),
            ("open", ("vendor", "done", "closed", "spam")),
            ("done", ("open", "vendor", "closed", "spam")),
            ("closed", ("open", "vendor")),
            ("spam", ()),
            ("twin", ()),
        ],
    )
    def test_by_the_word_any(self, from_: str, allowed: tuple[str, ...]) -> None:
        assert flow().allowed_from(from_) == allowed

    def test_by_a_list(self) -> None:
        found = flow(moves=WAYS)

        assert found.allowed_from("open") == ("vendor", "done", "spam")
        assert (found.passage("done", "closed").allowed, found.passage("open", "closed").allowed) == (True, False)

    def test_to_stay_is_no_move(self) -> None:
        assert not flow().passage("open", "open").allowed

    def test_a_way_needs_both_ends(self) -> None:
        for way in (("x", "open"), ("open", "x")):
            with pytest.raises(NotFound):
                flow().passage(*way)

    @pytest.mark.parametrize(
        ("from_", "kind", "expected"),
        [
            ("late", "open", "turn"),
            ("open", "waiting", "late"),
            ("vendor", "open", "open"),
            ("turn", "waiting", "late"),
        ],
    )
    def test_the_next_of_a_kind_is_one_that_can_be_reached(self, from_: str, kind: str, expected: str) -> None:
        late, turn = Status("late", "waiting", waiting_for="customer"), Status("turn", "open")
        ways = WAYS | {"open": ["late", "done"], "late": ["turn"], "turn": ["late", "done"]}

        assert flow(*ALL, late, turn, moves=ways).next_from(from_, kind).id == expected

    def test_or_the_first_where_there_is_none(self) -> None:
        assert flow(moves=WAYS).next_from("done", "waiting").id == "vendor"
        assert flow(moves=WAYS).next_from("vendor", "closed", ends="closed").id == "closed"
        assert flow(moves=WAYS).next_from("open", "closed", ends="rejected").id == "spam"
        assert flow().next_from("open", "closed", ends="rejected").id == "spam"


class TestRequirements:
    found = flow(
        OPEN,
        Status("busy", "open", requires=[OWNER]),
        Status("done", "resolved", requires=[COMMENT]),
        CLOSED,
        SPAM,
        requires={"reject": [COMMENT], "resolve": [OWNER, COMMENT], "close": [OWNER]},
    )

    @pytest.mark.parametrize(
        ("way", "expected"),
        [
            (("open", "busy", None), "owner"),
            (("open", "busy", "move_to"), "owner"),
            (("open", "done", None), "comment"),
            (("open", "done", "resolve"), "comment owner"),
            (("open", "closed", None), "comment"),
            (("open", "closed", "close"), "comment owner"),
            (("done", "closed", "close"), "owner"),
            (("open", "spam", "reject"), "comment"),
            (("done", "open", "reopen"), ""),
        ],
    )
    def test_the_status_asks_and_the_command_asks(self, way: tuple[str, str, str | None], expected: str) -> None:
        assert " ".join([each.name for each in self.found.passage(*way).requirements]) == expected

    def test_what_a_command_asks_whatever_the_status(self) -> None:
        assert [self.found.asked("resolve"), self.found.asked("hold"), self.found.asked(None)] == [
            (OWNER, COMMENT),
            (),
            (),
        ]


class TestCheck:
    asked = CaseFlow.preset("approval", "desk", facts=FactSchema({"region": str}))

    def case(self, **more: Any) -> Case:
        return Case.open("c1", at=AT, flow=self.asked, **more).state

    def test_everything_that_is_missing_is_told_at_once(self) -> None:
        found = self.asked.check(self.case(), command="close", as_of=AT, facts={"open_children": 2, "region": "west"})

        assert (found.passes, found.reason, found.missing) == (False, "requirement_unmet", ("comment", "approval"))
        assert [unmet.name for unmet in found.unmet] == ["comment", "approval", "children"]
        assert found.allowed == ("open", "waiting_customer", "waiting_third_party", "resolved", "closed", "rejected")

    def test_it_says_what_the_command_says(self) -> None:
        case = self.case()
        found = self.asked.check(case, to="resolved", as_of=AT)
        with pytest.raises(Rejected) as refused:
            case.move_to("resolved", at=AT, flow=self.asked)

        assert (refused.value.reason, refused.value.unmet) == (found.reason, found.unmet)
        assert self.asked.check(case, to="resolved", as_of=AT, facts={"comment": "Sent a new one"}).passes

    def test_an_approval_by_somebody_else(self) -> None:
        case = self.case().resolve(at=AT, note="Paid back", flow=self.asked).state
        case = case.request_approval(by="ann", at=AT).state
        given = {"open_children": 0}
        before = self.asked.check(case, command="close", as_of=AT, facts=given)
        after = self.asked.check(case.approve(by="bob", at=AT).state, command="close", as_of=AT, facts=given)

        assert ([unmet.name for unmet in before.unmet], after.passes, after.to) == (["approval"], True, "closed")

    @pytest.mark.parametrize(
        ("command", "to", "reason"),
        [
            ("resume", None, "not_waiting"),
            ("reopen", None, "not_resolved"),
            ("move_to", "ghost", "unknown_status"),
            ("hold", "resolved", "unknown_status"),
            ("hold", None, None),
            ("reject", None, None),
        ],
    )
    def test_the_command_decides(self, command: str, to: str | None, reason: str | None) -> None:
        assert self.asked.check(self.case(), command=command, to=to, as_of=AT).reason == reason

    def test_a_way_that_is_not_in_the_table(self) -> None:
        claims = CaseFlow.preset("progressive", "claims")
        case = Case.open("c1", at=AT, flow=claims).state
        found = claims.check(case, to="closed", as_of=AT)

        assert (found.reason, found.allowed) == ("move_not_allowed", ("in_progress",))

    def test_what_is_rejected_never_comes_back(self) -> None:
        case = self.case().reject(at=AT, flow=self.asked).state

        assert self.asked.check(case, command="reopen", as_of=AT).reason == "never_reopens"
        assert self.asked.check(case, to="resolved", as_of=AT).reason == "closed"

    def test_the_past_is_asked_as_it_was(self) -> None:
        case = self.case().hold(at=AT + HOUR, flow=self.asked).state
        early = self.asked.check(case, command="hold", as_of=AT - HOUR)

        assert self.asked.check(case, command="resume", as_of=AT).reason == "not_waiting"
        assert self.asked.check(case, command="resume", as_of=AT + HOUR).to == "open"
        assert (early.reason, early.from_, early.to, early.unmet) == ("out_of_order", "new", None, ())

    def test_a_status_that_is_gone_has_no_ways(self) -> None:
        other = CaseFlow("desk", [OPEN, DONE, CLOSED], version=2)
        found = other.check(self.case(), to="open", as_of=AT)

        assert (found.from_, found.reason, found.allowed) == ("new", "unknown_status", ())

    def test_it_shows_itself(self) -> None:
        found = self.asked.check(self.case(), command="resolve", as_of=AT)
        told = "c1: resolve from new: requirement_unmet"

        assert str(found) == f"{told}\n  Say in a comment what was done (missing: comment)"
        assert told in found._repr_html_()
        assert (
            str(self.asked.check(self.case(), command="hold", as_of=AT))
            == "c1: hold from new to waiting_customer: may go"
        )

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            ({"as_of": AT.replace(tzinfo=None)}, "check.as_of"),
            ({"to": None}, "check.to"),
            ({"to": ""}, "check.to"),
            ({"command": "hold", "to": ""}, "check.to"),
            ({"command": "assign"}, "check.command"),
            ({"facts": {"status": "open"}}, "move_to.facts|resume.facts|hold.facts"),
        ],
    )
    def test_a_wrong_question_is_refused(self, more: dict[str, Any], path: str) -> None:
        known: dict[str, Any] = {"to": "open", "as_of": AT}

        with pytest.raises(InvalidValue, match=path):
            self.asked.check(self.case(), **(known | more))

    def test_only_cases_of_this_flow(self) -> None:
        with pytest.raises(InvalidValue, match=r"check.case: expected a case of the flow support"):
            DEFAULT_FLOW.check(self.case(), to="open", as_of=AT)
        with pytest.raises(InvalidValue, match=r"check.case: expected a Case"):
            DEFAULT_FLOW.check("c1", to="open", as_of=AT)  # type: ignore[arg-type]


class TestPresets:
    def test_support_is_the_default(self) -> None:
        assert CaseFlow.preset("support") == DEFAULT_FLOW

    def test_progressive_goes_one_way(self) -> None:
        found = CaseFlow.preset("progressive")

        assert {status.id: found.allowed_from(status.id) for status in found.statuses} == {
            "open": ("in_progress",),
            "in_progress": ("resolved", "closed"),
            "resolved": ("open", "closed"),
            "closed": ("open",),
            "duplicate": (),
        }
        assert found.reopening == ReopenPolicy(to="open", statuses=["closed"])

    def test_what_is_given_comes_first(self) -> None:
        assert CaseFlow.preset("approval", "claims", name="Claims", requires={}).asked("close") == ()

    @pytest.mark.parametrize("name", ["simple", "", None])
    def test_another_name_is_refused(self, name: Any) -> None:
        with pytest.raises(InvalidValue, match=r"CaseFlow.preset.name: expected one of support, progressive, approval"):
            CaseFlow.preset(name)


class TestSeeing:
    def test_in_words(self) -> None:
        assert str(flow(OPEN, DONE, CLOSED, name="Desk")) == "Desk: open, done, closed"
        assert str(flow(OPEN, DONE, CLOSED)).startswith("desk: ")

    def test_as_a_table(self) -> None:
        html = flow(OPEN, Status("done", "resolved", name="<b>", requires=[COMMENT]), CLOSED)._repr_html_()

        assert html.count("<tr>") == 4
        assert "&lt;b&gt;" in html
        assert "Say what was done" in html

    def test_as_a_diagram(self) -> None:
        assert flow(
            NEW, OPEN, VENDOR, DONE, CLOSED, TWIN, moves={**WAYS, "new": ["open"], "open": ["vendor", "done"]}
        ).to_mermaid() == (
            "stateDiagram-v2\n"
            '    state "new (open)" as s0\n'
            '    state "open (open)" as s1\n'
            '    state "vendor (vendor)" as s2\n'
            '    state "done (resolved)" as s3\n'
            '    state "closed (closed)" as s4\n'
            '    state "twin (closed)" as s5\n'
            "    [*] --> s0\n"
            "    s0 --> s1\n"
            "    s1 --> s2\n"
            "    s1 --> s3\n"
            "    s2 --> s1\n"
            "    s3 --> s1\n"
            "    s3 --> s4\n"
            "    s4 --> s1\n"
            "    s4 --> [*]\n"
            "    s5 --> [*]\n"
        )
