"""Who gets an item, and what is told of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from relex.assignment import (
    Assignee,
    AssignmentPolicy,
    AssignmentRule,
    AssignmentState,
    Capacity,
    Pool,
    assign,
    assign_all,
)
from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue
from relex.rules import FALSE, Rule, field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
MEMBERS = ("ana", "bo", "cy")
DESK = Pool("desk", MEMBERS)


def hours(days: str) -> BusinessCalendar:
    return BusinessCalendar(weekly(days, "09:00", "17:00"), tz=UTC)


def staff(**more: dict[str, Any]) -> list[Assignee]:
    """Ana, Bo and Cy, each with what is said of them."""
    return [Assignee(member, **more.get(member, {})) for member in MEMBERS]


def rule(name: str = "all", when: Rule | None = None, strategy: str = "round_robin", **more: Any) -> AssignmentRule:
    return AssignmentRule(name, when, more.pop("pool", DESK), strategy, **more)


def whose(rules: list[AssignmentRule], people: list[Assignee], count: int = 1, **more: Any) -> list[str | None]:
    run = assign_all([{}] * count, AssignmentPolicy(rules), people, **{"at": AT, **more})
    return [each.assignee for each in run.assignments]


class TestStrategies:
    def test_direct_takes_the_first_who_can(self) -> None:
        assert whose([rule(strategy="direct")], staff(ana={"active": False}), 2) == ["bo", "bo"]

    def test_round_robin_takes_whose_turn_is_longest_ago(self) -> None:
        state = AssignmentState(turn=5, turns=(("desk", (("ana", 2), ("bo", 5), ("cy", 1))),))

        assert whose([rule()], staff(), 4, state=state) == ["cy", "ana", "bo", "cy"]

    def test_turns_belong_to_a_pool(self) -> None:
        other = rule("vip", field("vip") == True, pool=Pool("vip", ["ana", "bo"]))  # noqa: E712 - notation
        items = [{"vip": True}, {}, {"vip": True}, {}]
        run = assign_all(items, AssignmentPolicy([other, rule()]), staff(), at=AT)

        assert [each.assignee for each in run.assignments] == ["ana", "ana", "bo", "bo"]

    def test_somebody_new_comes_first(self) -> None:
        state = assign_all([{}] * 4, AssignmentPolicy([rule(pool=Pool("desk", ["ana", "bo"]))]), staff(), at=AT).state

        assert whose([rule()], staff(), 2, state=state) == ["cy", "ana"]

    def test_weights_are_mixed_evenly(self) -> None:
        pool = Pool("desk", MEMBERS, weights={"ana": 5})

        assert "".join(str(who)[0] for who in whose([rule(strategy="weighted", pool=pool)], staff(), 7)) == "aaabcaa"

    def test_weights_may_be_large_numbers(self) -> None:
        names = [f"m{number:04}" for number in range(2000)]
        pool = Pool("desk", names, weights={name: 10**1000 + place for place, name in enumerate(names)})

        assert whose([rule(strategy="weighted", pool=pool)], [Assignee(name) for name in names], 3) == [
            "m1999",
            "m1998",
            "m1997",
        ]

    def test_who_pauses_is_owed_nothing_for_it(self) -> None:
        weighted = [rule(strategy="weighted")]
        first = assign_all([{}], AssignmentPolicy(weighted), staff(), at=AT).state
        paused = assign_all([{}] * 2, AssignmentPolicy(weighted), staff(cy={"active": False}), first, at=AT)

        assert paused.counts == (("ana", 1), ("bo", 1))
        assert whose(weighted, staff(), 3, state=paused.state).count("cy") == 1

    def test_least_loaded_by_count(self) -> None:
        state = AssignmentState().with_open({"ana": 2, "bo": 1, "cy": 2})

        assert whose([rule(strategy="least_loaded")], staff(), 4, state=state) == ["bo", "ana", "cy", "bo"]

    def test_least_loaded_by_share(self) -> None:
        people = staff(ana={"capacity": Capacity(10)}, bo={"capacity": Capacity(2)}, cy={"capacity": Capacity(1)})
        state = AssignmentState().with_open({"ana": 4, "bo": 1})

        assert whose([rule(strategy="least_loaded", balance="share")], people, 3, state=state) == ["cy", "ana", "bo"]

    def test_the_fullest_limit_counts_for_the_share(self) -> None:
        limits = [Capacity(10), Capacity(2, "day", tz=UTC)]
        people = staff(ana={"capacity": limits}, bo={"capacity": Capacity(10)}, cy={"active": False})
        state = AssignmentState().with_open({"ana": 1, "bo": 4}).with_given("ana", [AT])

        assert whose([rule(strategy="least_loaded", balance="share")], people, 1, state=state) == ["bo"]

    def test_without_limits_nothing_is_used(self) -> None:
        people = staff(ana={"capacity": Capacity(9)})
        state = AssignmentState().with_open({"ana": 1, "bo": 50, "cy": 60})

        assert whose([rule(strategy="least_loaded", balance="share")], people, 3, state=state) == ["bo", "cy", "bo"]

    def test_the_owner_named_by_a_fact(self) -> None:
        policy = AssignmentPolicy([rule("owner", strategy="owner", pool=None, fact="account_owner"), rule()])
        items = [{"account_owner": "cy"}, {"account_owner": "zoe"}, {}, {"account_owner": 7}]
        run = assign_all(items, policy, staff(), at=AT)

        assert [each.assignee for each in run.assignments] == ["cy", "ana", "bo", "cy"]
        assert [each.trace[0].outcome for each in run.assignments] == [
            "assigned",
            "nobody_eligible",
            "no_owner",
            "nobody_eligible",
        ]

    def test_an_owner_outside_the_pool_does_not_count(self) -> None:
        policy = AssignmentPolicy([rule("owner", strategy="owner", pool=Pool("p", ["ana"]), fact="account_owner")])

        assert assign({"account_owner": "bo"}, policy, staff(), at=AT).reason == "unassigned"


class TestEligibility:
    @pytest.mark.parametrize(
        ("more", "failed"),
        [
            ({"active": False}, ("inactive",)),
            ({"opted_out": True}, ("opted_out",)),
            ({"accepts": field("size") > 3}, ("refuses",)),
            ({"capacity": Capacity(0)}, ("no_capacity",)),
            ({"hours": hours("tue")}, ("unavailable",)),
            ({"active": False, "opted_out": True, "capacity": Capacity(0)}, ("inactive", "opted_out", "no_capacity")),
            ({"accepts": FALSE, "hours": hours("tue")}, ("refuses", "unavailable")),
        ],
        ids=str,
    )
    def test_the_trace_says_all_that_failed(self, more: dict[str, Any], failed: tuple[str, ...]) -> None:
        answer = assign({"size": 3}, AssignmentPolicy([rule()]), staff(ana=more), at=AT)

        assert answer.assignee == "bo"
        assert [each.failed for each in answer.trace[0].candidates] == [failed, (), ()]

    def test_unknown_is_accepted(self) -> None:
        assert whose([rule()], staff(ana={"accepts": field("size") > 3})) == ["ana"]

    def test_a_member_whom_nobody_knows(self) -> None:
        answer = assign({}, AssignmentPolicy([rule()]), staff()[1:], at=AT)

        assert answer.assignee == "bo"
        assert str(answer.trace[0].candidates[0]) == "ana (unknown)"

    def test_nobody_is_left(self) -> None:
        people = [Assignee(member, active=False) for member in MEMBERS]
        answer = assign({}, AssignmentPolicy([rule()]), people, at=AT)

        assert (answer.assignees, answer.reason, answer.rule) == ((), "unassigned", None)
        assert answer.trace[0].outcome == "nobody_eligible"

    def test_items_of_the_run_count_at_once(self) -> None:
        people = staff(ana={"capacity": Capacity(1)}, bo={"capacity": Capacity(2, "day", tz=UTC)}, cy={"active": False})

        assert whose([rule()], people, 5) == ["ana", "bo", "bo", None, None]

    def test_open_items_leave_no_room_until_they_are_released(self) -> None:
        people = staff(ana={"capacity": Capacity(1)})[:1]
        full = assign({}, AssignmentPolicy([rule()]), people, at=AT).state

        assert whose([rule()], people, state=full) == [None]
        assert whose([rule()], people, state=full.released("ana")) == ["ana"]

    @pytest.mark.parametrize(
        ("per", "free"),
        [("day", date(2026, 5, 5)), ("week", date(2026, 5, 11)), ("month", date(2026, 6, 1))],
    )
    def test_calendar_limits_start_anew(self, per: str, free: date) -> None:
        people = [Assignee("ana", capacity=Capacity(1, per, tz=UTC))]
        full = assign({}, AssignmentPolicy([rule()]), people, at=AT).state
        opens = datetime(free.year, free.month, free.day, tzinfo=UTC)

        assert whose([rule()], people, state=full, at=opens - timedelta(microseconds=1)) == [None]
        assert whose([rule()], people, state=full, at=opens) == ["ana"]

    def test_a_rolling_limit_opens_exactly_its_length_later(self) -> None:
        people = [Assignee("ana", capacity=Capacity(1, HOUR))]
        full = assign({}, AssignmentPolicy([rule()]), people, at=AT).state

        assert whose([rule()], people, state=full, at=AT + HOUR - timedelta(microseconds=1)) == [None]
        assert whose([rule()], people, state=full, at=AT + HOUR) == ["ana"]


class TestPreference:
    PREFERS = field("language") == "ja"

    def test_who_prefers_the_item_goes_first(self) -> None:
        policy = AssignmentPolicy([rule()])
        answer = assign({"language": "ja"}, policy, staff(cy={"prefers": self.PREFERS}), at=AT)

        assert answer.assignee == "cy"
        assert answer.trace[0].preferring == ("cy",)

    @pytest.mark.parametrize("item", [{"language": "de"}, {}], ids=["another", "unknown"])
    def test_other_items_go_to_all(self, item: dict[str, str]) -> None:
        answer = assign(item, AssignmentPolicy([rule()]), staff(cy={"prefers": self.PREFERS}), at=AT)

        assert answer.assignee == "ana"
        assert answer.trace[0].preferring == ()

    def test_the_others_follow_when_those_are_full(self) -> None:
        people = staff(cy={"prefers": self.PREFERS, "capacity": Capacity(1)})
        run = assign_all([{"language": "ja"}] * 3, AssignmentPolicy([rule()]), people, at=AT)

        assert [each.assignee for each in run.assignments] == ["cy", "ana", "bo"]


class TestLookAhead:
    STEPS = (timedelta(0), timedelta(hours=24), timedelta(hours=48))

    def test_the_first_step_that_has_anybody(self) -> None:
        people = staff(ana={"hours": hours("wed")}, bo={"hours": hours("tue")}, cy={"hours": hours("tue")})
        answer = assign({}, AssignmentPolicy([rule(look_ahead=self.STEPS)]), people, at=AT)

        assert answer.assignee == "bo"
        assert [each.failed for each in answer.trace[0].candidates] == [("unavailable",), (), ()]

    def test_without_hours_at_once(self) -> None:
        people = staff(ana={"hours": hours("tue")}, bo={"hours": hours("tue")})

        assert whose([rule(look_ahead=self.STEPS)], people) == ["cy"]

    def test_somebody_at_once_who_cannot_take_it_holds_nobody_back(self) -> None:
        people = staff(ana={"capacity": Capacity(0)}, bo={"hours": hours("tue")}, cy={"hours": hours("wed")})

        assert whose([rule(look_ahead=self.STEPS)], people) == ["bo"]

    def test_beyond_the_last_step_there_is_nobody(self) -> None:
        people = [Assignee(member, hours=hours("fri")) for member in MEMBERS]

        assert whose([rule(look_ahead=self.STEPS)], people) == [None]

    def test_by_default_only_those_who_are_there(self) -> None:
        people = staff(ana={"hours": hours("tue")}, bo={"hours": hours("tue")}, cy={"active": False})

        assert whose([rule()], people) == [None]


class TestRules:
    def test_going_on_may_add_a_second_assignee(self) -> None:
        policy = AssignmentPolicy([rule("first", stop=False), rule("second"), rule("third")])
        answer = assign({}, policy, staff(), at=AT)

        assert (answer.assignees, answer.rule) == (("ana", "bo"), "first")
        assert str(answer.trace[1].candidates[0]) == "ana (chosen)"

    def test_going_on_without_anybody_else(self) -> None:
        policy = AssignmentPolicy(
            [rule("first", stop=False), rule("second", pool=Pool("p", ["ana"]))], fallback="queue"
        )
        answer = assign({}, policy, staff(), at=AT)

        assert (answer.assignees, answer.reason) == (("ana",), "assigned")

    @pytest.mark.parametrize("pool", [Pool("p"), Pool("p", ["zoe"])], ids=["empty", "nobody"])
    def test_otherwise_nobody(self, pool: Pool) -> None:
        policy = AssignmentPolicy([rule("vip", pool=pool, otherwise="unassigned"), rule()], fallback="queue")
        answer = assign({}, policy, staff(), at=AT)

        assert (answer.assignees, answer.reason, len(answer.trace)) == ((), "unassigned", 1)

    def test_otherwise_is_not_asked_where_the_rule_does_not_match(self) -> None:
        rules = [rule("vip", FALSE, otherwise="unassigned"), rule("off", active=False, otherwise="unassigned"), rule()]

        assert whose(rules, staff()) == ["ana"]

    def test_the_fallback_gets_the_rest(self) -> None:
        answer = assign({}, AssignmentPolicy([rule(when=FALSE)], fallback="queue"), staff(), at=AT)

        assert (answer.assignees, answer.rule, answer.reason) == (("queue",), None, "fallback")
        assert str(answer.trace[-1]) == "fallback: assigned queue"
        assert answer.state == AssignmentState()

    def test_a_fallback_among_the_assignees_is_judged(self) -> None:
        policy = AssignmentPolicy(fallback="ana")
        run = assign_all([{}] * 2, policy, staff(ana={"capacity": Capacity(1)}), at=AT)

        assert [each.reason for each in run.assignments] == ["fallback", "unassigned"]
        assert str(run.assignments[1].trace[0]) == "fallback: nobody_eligible; not ana (no_capacity)"

    def test_the_verdict_of_a_rule(self) -> None:
        item = {"size": 2}
        policy = AssignmentPolicy(
            [rule("large", field("size") > 3), rule(), rule("off", active=False)], fallback="queue"
        )
        answer = assign(item, policy, staff(ana={"active": False}), at=AT)
        item["size"] = 9
        verdict = answer.trace[0].verdict

        assert verdict is not None
        assert (verdict.answer, verdict.found) == (False, 2)
        assert answer.trace[1].verdict is None

    def test_the_fallback_has_no_verdict(self) -> None:
        assert assign({}, AssignmentPolicy(fallback="queue"), staff(), at=AT).trace[0].verdict is None


class TestItems:
    def test_an_object_with_facts(self) -> None:
        class Ticket:
            def facts(self) -> dict[str, object]:
                return {"id": "t1"}

        assert str(assign(Ticket(), AssignmentPolicy([rule()]), staff(), at=AT)) == "t1: ana (assigned by all)"

    def test_facts_of_ones_own(self) -> None:
        policy = AssignmentPolicy([rule()], owner="agent", closed=field("status") == "done")
        items = [{"owner": "x", "closed_at": AT}, {"agent": "x"}, {"status": "done"}]

        assert [each.reason for each in assign_all(items, policy, staff(), at=AT).assignments] == [
            "assigned",
            "owned",
            "closed",
        ]

    def test_what_was_merged_away_is_closed(self) -> None:
        assert assign({"merged_into": "d1"}, AssignmentPolicy([rule()]), staff(), at=AT).reason == "closed"

    def test_an_owner_without_a_name_is_nobody(self) -> None:
        assert assign({"owner": ""}, AssignmentPolicy([rule()]), staff(), at=AT).assignee == "ana"

    def test_owners_may_be_left_out(self) -> None:
        assert assign({"owner": "x"}, AssignmentPolicy([rule()], owner=None), staff(), at=AT).assignee == "ana"

    def test_the_answers_of_a_run_share_one_state(self) -> None:
        run = assign_all([{}, {"owner": "x"}, {}], AssignmentPolicy([rule()]), staff(), at=AT)

        assert {id(each.state) for each in run.assignments} == {id(run.state)}
        assert run.assignments[0] == assign({}, AssignmentPolicy([rule()]), staff(), at=AT)

    def test_a_run_of_nothing_gives_the_state_back(self) -> None:
        state = AssignmentState(open=(("ana", 1),))

        assert assign_all([], AssignmentPolicy([rule()]), staff(), state, at=AT).state is state

    def test_what_is_skipped_changes_nothing(self) -> None:
        state = AssignmentState(open=(("ana", 1),))

        assert assign({"owner": "x"}, AssignmentPolicy([rule()]), staff(), state, at=AT).state is state

    @pytest.mark.parametrize("wrong", ["t1", 7, None, [("id", "t1")], SimpleNamespace(facts={"id": "t1"})], ids=str)
    def test_what_has_no_facts_is_refused(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"assign_all\.item: expected a mapping of facts"):
            assign_all([wrong], AssignmentPolicy([rule()]), staff(), at=AT)


class TestArguments:
    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"policy": None}, "policy"),
            ({"assignees": "ana"}, "assignees"),
            ({"assignees": ["ana"]}, "assignees"),
            ({"assignees": [Assignee("ana"), Assignee("ana", active=False)]}, "assignees"),
            ({"state": None}, "state"),
            ({"at": datetime(2026, 5, 4)}, "at"),  # noqa: DTZ001 - what is tested
        ],
        ids=["policy", "text", "texts", "twice", "state", "at"],
    )
    def test_what_is_refused(self, wrong: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"policy": AssignmentPolicy([rule()]), "assignees": staff(), "at": AT}

        with pytest.raises(InvalidValue, match=rf"assign\.{path}"):
            assign({}, **{**usual, **wrong})
        with pytest.raises(InvalidValue, match=rf"assign_all\.{path}"):
            assign_all([{}], **{**usual, **wrong})

    @pytest.mark.parametrize(
        "at",
        [
            datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
            datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
        ],
        ids=["before the first year", "after the last one"],
    )
    def test_utc_has_a_year_for_the_instant(self, at: datetime) -> None:
        with pytest.raises(InvalidValue, match=r"assign\.at: expected an instant within the years 1 to 9999"):
            assign({}, AssignmentPolicy(), [], at=at)

    def test_who_comes_back_after_the_last_year_of_utc_is_not_there(self) -> None:
        end = datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59)))

        assert whose([rule()], staff(ana={"away": [Period(AT, end)]})) == ["bo"]

    def test_items_are_many(self) -> None:
        with pytest.raises(InvalidValue, match=r"assign_all\.items"):
            assign_all({"id": "t1"}, AssignmentPolicy([rule()]), staff(), at=AT)

    def test_no_items_at_all(self) -> None:
        run = assign_all([], AssignmentPolicy([rule()]), staff(), at=AT)

        assert (len(run), str(run), run.state) == (0, "no items", AssignmentState())


class TestAnswers:
    def test_a_run_counts(self) -> None:
        run = assign_all([{}, {"owner": "x"}, {}, {}, {}], AssignmentPolicy([rule()]), staff(), at=AT)

        assert run.counts == (("ana", 2), ("bo", 1), ("cy", 1))
        assert run.reasons == (("assigned", 4), ("owned", 1))
        assert str(run) == "5 items: 4 assigned, 1 owned"
        assert len(run) == 5

    def test_the_picture_of_one_item(self) -> None:
        answer = assign({"id": "<t1>"}, AssignmentPolicy([rule("a&b")]), staff(ana={"active": False}), at=AT)

        assert answer._repr_html_() == (
            "<table><caption>&lt;t1&gt;: bo (assigned by a&amp;b)</caption>"
            "<tr><td>a&amp;b: assigned bo; not ana (inactive)</td></tr></table>"
        )

    def test_the_picture_of_a_run(self) -> None:
        policy = AssignmentPolicy([rule()])

        assert assign_all([{}], policy, staff(), at=AT)._repr_html_() == (
            "<table><caption>1 items: 1 assigned</caption><tr><td>item: ana (assigned by all)</td></tr></table>"
        )
        assert "<td>and 2 more</td>" in assign_all([{}] * 1002, policy, staff(), at=AT)._repr_html_()

    def test_nobody(self) -> None:
        answer = assign({"id": 7}, AssignmentPolicy(), staff(), at=AT)

        assert (answer.item, answer.assignee, str(answer)) == (None, None, "item: nobody (unassigned)")
