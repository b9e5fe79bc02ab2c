"""Whom a case concerns by now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.rules import field
from relex.service import (
    Case,
    DueEscalation,
    EscalationPolicy,
    EscalationRule,
    SlaPolicy,
    breaches,
    due_escalations,
    first_response,
    next_response,
    resolution,
    sla,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ALWAYS = BusinessCalendar.always(UTC)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
DESK = SlaPolicy("desk", [first_response(HOUR), resolution(4 * HOUR)], ALWAYS)
TALK = SlaPolicy("talk", [next_response(HOUR)], ALWAYS)
LEAD = EscalationRule("lead", notify=["eve"])


def case(**parts: Any) -> Case:
    return Case.open("c1", **{"customer": "k7", "at": NOON, **parts}).state


def due(
    found: Case, rules: list[EscalationRule], after: timedelta, *, promised: SlaPolicy = DESK, **more: Any
) -> tuple[DueEscalation, ...]:
    """What is due so long after noon."""
    facts = more.pop("facts", None)
    at = NOON + after
    return due_escalations(
        found, EscalationPolicy(rules, **more), sla(found, promised, as_of=at), as_of=at, facts=facts
    )


def names(found: tuple[DueEscalation, ...]) -> list[tuple[str, str]]:
    return [(each.rule, ", ".join(map(str, each.occurrences))) for each in found]


def told(found: Case, rules: list[EscalationRule], after: timedelta, **more: Any) -> Case:
    """The case, after all that is due so long after noon was recorded."""
    for each in due(found, rules, after, **more):
        found = found.escalate(each, at=NOON + after).state
    return found


class TestOverdue:
    def test_at_the_due_time_itself_nothing_is_late(self) -> None:
        assert due(case(), [LEAD], HOUR) == ()
        assert names(due(case(), [LEAD], HOUR + timedelta(microseconds=1))) == [("lead", "first_response 1")]

    def test_one_event_for_all_milestones_that_are_due(self) -> None:
        assert names(due(case(), [LEAD], 5 * HOUR)) == [("lead", "first_response 1, resolution 1")]

    def test_only_the_milestones_that_are_named(self) -> None:
        rule = EscalationRule("lead", "overdue", ["resolution"])

        assert due(case(), [rule], 3 * HOUR) == ()
        assert names(due(case(), [rule], 5 * HOUR)) == [("lead", "resolution 1")]

    def test_it_says_whom_to_tell_and_since_when(self) -> None:
        rule = EscalationRule("lead", after=HOUR, notify=["eve", "bob"], assign_to="eve")
        (found,) = due(case(), [rule], 5 * HOUR)

        assert (found.case, found.on, found.notify, found.assign_to) == ("c1", "overdue", ("eve", "bob"), "eve")
        assert (found.since, found.repeat) == (NOON + 2 * HOUR, 0)

    def test_it_is_told_in_words(self) -> None:
        rule = EscalationRule("lead", notify=["eve"], assign_to="eve")
        (found,) = due(case(), [rule], 2 * HOUR)

        assert str(found) == "c1: lead: first_response 1 overdue, tell eve, assign to eve"


class TestChains:
    CHAIN = [  # noqa: RUF012 - not changed
        EscalationRule("l1", "overdue", ["first_response"]),
        EscalationRule("l2", "overdue", ["first_response"], after=HOUR),
        EscalationRule("l3", "overdue", ["first_response"], after=4 * HOUR),
    ]

    def test_each_link_when_its_time_has_come(self) -> None:
        found, seen = case(), []
        for hours in (1, 1.5, 2, 3, 5, 6):
            seen.append([rule for rule, _ in names(due(found, self.CHAIN, hours * HOUR))])
            found = told(found, self.CHAIN, hours * HOUR)

        assert seen == [[], ["l1"], ["l2"], [], ["l3"], []]

    def test_a_late_scan_gives_all_that_has_come(self) -> None:
        assert [rule for rule, _ in names(due(case(), self.CHAIN, 9 * HOUR))] == ["l1", "l2", "l3"]

    def test_the_time_after_may_be_business_time(self) -> None:
        clock, work = EscalationRule("clock", after=6 * HOUR), EscalationRule("work", after=6 * HOUR, calendar=OFFICE)

        assert [rule for rule, _ in names(due(case(), [clock, work], 7 * HOUR))] == ["clock"]
        assert [rule for rule, _ in names(due(case(), [clock, work], 23 * HOUR, kinds=["open"]))] == ["clock", "work"]

    def test_an_hour_is_an_hour_also_when_the_clock_changes(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the clock is put back half an hour later
        promised = SlaPolicy("desk", [first_response(timedelta(0, 60))], BusinessCalendar.always(berlin))
        rule, found = EscalationRule("lead", after=HOUR), case(at=night)
        asked = [night + 61 * MINUTE - more for more in (MINUTE, 0 * MINUTE)]
        due_then = [
            due_escalations(found, EscalationPolicy([rule]), sla(found, promised, as_of=at), as_of=at) for at in asked
        ]

        assert [len(each) for each in due_then] == [0, 1]


class TestMissed:
    def test_a_late_answer_is_missed_and_escalates_only_if_a_rule_says_so(self) -> None:
        answered = case().reply("m1", at=NOON + 2 * HOUR).state
        rules = [LEAD, EscalationRule("late", "missed")]

        assert names(due(answered, rules, 3 * HOUR)) == [("late", "first_response 1")]

    def test_an_answer_in_time_is_none(self) -> None:
        answered = case().reply("m1", at=NOON + HOUR).state

        assert due(answered, [EscalationRule("late", "missed")], 3 * HOUR) == ()

    def test_after_counts_from_the_answer(self) -> None:
        answered = case().reply("m1", at=NOON + 2 * HOUR).state
        late = EscalationRule("late", "missed", after=HOUR)

        assert due(answered, [late], 3 * HOUR - MINUTE) == ()
        assert len(due(answered, [late], 3 * HOUR)) == 1

    def test_every_miss_of_a_recurring_milestone(self) -> None:
        found, late = case(), EscalationRule("late", "missed")
        for place, hour in enumerate((1, 4)):
            found = found.receive(f"in{place}", at=NOON + hour * HOUR).state
            found = found.reply(f"out{place}", at=NOON + (hour + 2) * HOUR).state
        first = told(found.as_of(NOON + 4 * HOUR) or found, [late], 4 * HOUR, promised=TALK)

        assert [each.occurrences[0].number for each in first.escalations] == [1]
        assert names(due(found, [late], 7 * HOUR, promised=TALK)) == [("late", "next_response 1, next_response 2")]


class TestWarning:
    WARNED = SlaPolicy("warned", [resolution(4 * HOUR, warnings=[Fraction(1, 2), Fraction(3, 4)])], ALWAYS)
    SOON = EscalationRule("soon", "warning")

    def test_when_the_first_warning_has_come(self) -> None:
        assert due(case(), [self.SOON], 2 * HOUR - MINUTE, promised=self.WARNED) == ()
        assert names(due(case(), [self.SOON], 2 * HOUR, promised=self.WARNED)) == [("soon", "resolution 1")]

    def test_once_for_each_occurrence(self) -> None:
        found = told(case(), [self.SOON], 2 * HOUR, promised=self.WARNED)

        assert due(found, [self.SOON], 3 * HOUR + MINUTE, promised=self.WARNED) == ()

    def test_a_scan_that_comes_late_tells_it_all_the_same(self) -> None:
        assert names(due(case(), [self.SOON], 5 * HOUR, promised=self.WARNED)) == [("soon", "resolution 1")]

    def test_what_is_done_warns_nobody(self) -> None:
        promised = SlaPolicy("warned", [first_response(HOUR, warnings=[Fraction(1, 2)])], ALWAYS)
        answered = case().reply("m1", at=NOON + 45 * MINUTE).state

        assert due(answered, [self.SOON], HOUR, promised=promised) == ()


class TestOnce:
    def test_a_second_scan_gives_nothing(self) -> None:
        found = told(case(), [LEAD], 5 * HOUR)

        assert due(found, [LEAD], 5 * HOUR) == ()
        assert due(found, [LEAD], 99 * HOUR) == ()

    def test_recording_twice_gives_nothing(self) -> None:
        (first,) = due(case(), [LEAD], 5 * HOUR)
        found = case().escalate(first, at=NOON + 5 * HOUR).state

        assert found.escalate(first, at=NOON + 5 * HOUR).events == ()

    def test_what_falls_due_later_is_told_alone(self) -> None:
        found = told(case(), [LEAD], 2 * HOUR)

        assert names(due(found, [LEAD], 5 * HOUR)) == [("lead", "resolution 1")]

    def test_what_was_recorded_later_was_not_known_then(self) -> None:
        found = told(case(), [LEAD], 5 * HOUR)

        assert names(due(found, [LEAD], 2 * HOUR)) == [("lead", "first_response 1")]


class TestRepeating:
    def test_again_when_the_pause_is_over(self) -> None:
        found = told(case(), [LEAD], 5 * HOUR)

        assert due(found, [LEAD], 6 * HOUR - MINUTE, repeat_every=HOUR) == ()
        (again,) = due(found, [LEAD], 6 * HOUR, repeat_every=HOUR)
        assert (again.repeat, again.since, len(again.occurrences)) == (1, NOON + 6 * HOUR, 2)
        assert str(again).endswith("(again)")

    def test_recording_a_repetition_twice_gives_nothing(self) -> None:
        found = told(case(), [LEAD], 5 * HOUR)
        (again,) = due(found, [LEAD], 6 * HOUR, repeat_every=HOUR)
        found = found.escalate(again, at=NOON + 6 * HOUR).state

        assert len(found.escalations) == 2
        assert found.escalate(again, at=NOON + 6 * HOUR).events == ()

    def test_something_new_does_not_wait_for_the_pause(self) -> None:
        found = told(case(), [LEAD], 3 * HOUR + 45 * MINUTE)
        (new,) = due(found, [LEAD], 4 * HOUR + MINUTE, repeat_every=HOUR)

        assert (str(new.occurrences[0]), new.repeat, new.since) == ("resolution 1", 0, NOON + 4 * HOUR)

    def test_with_what_is_told_again_comes_what_is_new(self) -> None:
        found = told(case(), [LEAD], 3 * HOUR)
        (both,) = due(found, [LEAD], 5 * HOUR, repeat_every=HOUR)

        assert ([str(each) for each in both.occurrences], both.repeat) == (["first_response 1", "resolution 1"], 1)

    def test_the_pause_may_be_business_time(self) -> None:
        found = told(case(), [LEAD], 5 * HOUR)

        assert due(found, [LEAD], 7 * HOUR, repeat_every=HOUR, calendar=OFFICE, kinds=["open"]) == ()
        assert len(due(found, [LEAD], 22 * HOUR, repeat_every=HOUR, calendar=OFFICE)) == 1

    def test_what_is_done_is_not_told_again(self) -> None:
        found = told(case(), [LEAD], 2 * HOUR).reply("m1", at=NOON + 2 * HOUR).state

        assert due(found, [LEAD], 3 * HOUR + 30 * MINUTE, repeat_every=HOUR) == ()

    def test_the_limit_counts_all_rules_of_the_policy(self) -> None:
        rules = [LEAD, EscalationRule("two"), EscalationRule("three")]
        found = told(case(), rules, 5 * HOUR, limit=2)

        assert [each.rule for each in found.escalations] == ["lead", "two"]
        assert due(found, rules, 99 * HOUR, limit=2, repeat_every=HOUR) == ()

    def test_what_other_policies_told_is_not_counted(self) -> None:
        found = told(case(), [EscalationRule("other")], 5 * HOUR)

        assert names(due(found, [LEAD], 5 * HOUR, limit=1)) == [("lead", "first_response 1, resolution 1")]


class TestWhich:
    @pytest.mark.parametrize(
        "change",
        [
            lambda it: it.resolve("fixed", at=NOON + 5 * HOUR),
            lambda it: it.close(at=NOON + 5 * HOUR),
            lambda it: it.reject("spam", at=NOON + 5 * HOUR),
            lambda it: it.merge_into(Case.open("c2", at=NOON).state, at=NOON + 5 * HOUR),
        ],
        ids=["resolved", "closed", "rejected", "merged"],
    )
    def test_what_is_done_never_escalates(self, change: Any) -> None:
        assert due(change(case()).state, [LEAD, EscalationRule("late", "missed")], 6 * HOUR) == ()

    def test_what_was_told_before_a_merge_that_was_undone_is_not_told_again(self) -> None:
        merged = told(case(), [LEAD], 2 * HOUR).merge_into(Case.open("c2", at=NOON).state, at=NOON + 2 * HOUR)
        alone = merged.then(lambda it: it.unmerge(at=NOON + 3 * HOUR)).state

        assert due(alone, [LEAD], 3 * HOUR) == ()
        assert names(due(alone, [LEAD], 5 * HOUR)) == [("lead", "resolution 1")]

    def test_only_in_the_kinds_that_are_named(self) -> None:
        held = case().hold("waiting_customer", at=NOON).state

        assert due(held, [LEAD], 2 * HOUR, kinds=["open"]) == ()
        assert len(due(held, [LEAD], 2 * HOUR)) == 1

    def test_only_what_was_due_since_the_rules_are_active(self) -> None:
        found = [due(case(), [LEAD], 5 * HOUR, active_from=NOON + 4 * HOUR + offset) for offset in (0 * MINUTE, MINUTE)]

        assert [names(each) for each in found] == [[("lead", "resolution 1")], []]

    def test_the_date_of_the_rule_comes_before_that_of_its_policy_and_of_the_promise(self) -> None:
        promised = SlaPolicy("desk", [first_response(HOUR), resolution(4 * HOUR)], ALWAYS, active_from=NOON + 9 * HOUR)
        dated = EscalationRule("dated", active_from=NOON)
        found = [
            due(case(), [LEAD, dated], 5 * HOUR, promised=promised),
            due(case(), [LEAD, dated], 5 * HOUR, promised=promised, active_from=NOON + 2 * HOUR),
        ]

        assert [[names((each,)) for each in some] for some in found] == [
            [[("dated", "first_response 1, resolution 1")]],
            [[("lead", "resolution 1")], [("dated", "first_response 1, resolution 1")]],
        ]

    def test_a_rule_over_the_facts(self) -> None:
        rules = [
            EscalationRule("high", when=field("priority") == "high"),
            EscalationRule("vip", when=field("vip") == 1),
        ]

        assert names(due(case(priority="high"), rules, 2 * HOUR)) == [("high", "first_response 1")]
        assert names(due(case(), rules, 2 * HOUR, facts={"vip": 1})) == [("vip", "first_response 1")]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"case": "c1"}, "due_escalations.case"),
        ({"policy": LEAD}, "due_escalations.policy"),
        ({"answer": "overdue"}, "due_escalations.answer"),
        ({"answer": sla(case(), DESK, as_of=NOON)}, "due_escalations.answer"),
        ({"answer": sla(Case.open("c2", at=NOON).state, DESK, as_of=NOON + 2 * HOUR)}, "due_escalations.answer"),
        ({"as_of": datetime(2026, 6, 1)}, "due_escalations.as_of"),  # noqa: DTZ001 - naive on purpose
        ({"as_of": NOON - HOUR}, "due_escalations.as_of"),
        ({"facts": {"priority": "high"}}, "due_escalations.facts"),
    ],
    ids=["case", "policy", "answer", "other instant", "other case", "naive", "too early", "facts"],
)
def test_what_is_refused(wrong: dict[str, Any], path: str) -> None:
    at = NOON + 2 * HOUR
    policy = EscalationPolicy([EscalationRule("high", when=field("priority") == "high")])
    asked = {"case": case(), "policy": policy, "answer": sla(case(), DESK, as_of=at), "as_of": at, **wrong}

    with pytest.raises(InvalidValue) as caught:
        due_escalations(asked.pop("case"), asked.pop("policy"), asked.pop("answer"), **asked)

    assert caught.value.path == path


class TestBreaches:
    def test_they_are_told_without_any_rule(self) -> None:
        found = breaches(sla(case(), DESK, as_of=NOON + 5 * HOUR))

        assert [str(each) for each in found] == [
            "c1: first_response 1 overdue by 4:00:00, due 2026-06-01T13:00:00+00:00",
            "c1: resolution 1 overdue by 1:00:00, due 2026-06-01T16:00:00+00:00",
        ]

    def test_a_case_that_is_done_keeps_them(self) -> None:
        done = case().reply("m1", at=NOON + 2 * HOUR).then(lambda it: it.resolve("fixed", at=NOON + 3 * HOUR)).state
        found = breaches(sla(done, DESK, as_of=NOON + 99 * HOUR))

        assert [(each.milestone, each.state, each.stopped_at) for each in found] == [
            ("first_response", "missed", NOON + 2 * HOUR)
        ]

    def test_each_occurrence_counts_once_also_after_a_reopening(self) -> None:
        done = case().resolve("fixed", at=NOON + 5 * HOUR).state
        back = done.reopen("again", at=NOON + 6 * HOUR).state
        found = breaches(sla(back, SlaPolicy("desk", [resolution(4 * HOUR)], ALWAYS), as_of=NOON + 7 * HOUR))

        assert [(each.number, each.state) for each in found] == [(1, "overdue")]

    def test_a_miss_before_a_reopening_is_kept_though_the_goal_is_longer_now(self) -> None:
        promised = SlaPolicy("desk", [resolution({"high": HOUR, "normal": 9 * HOUR})], ALWAYS)
        done = case(priority="high").resolve("fixed", at=NOON + 2 * HOUR).state
        back = done.reopen("again", at=NOON + 3 * HOUR).then(lambda it: it.set_priority("normal", at=NOON + 3 * HOUR))
        found = breaches(sla(back.state, promised, as_of=NOON + 4 * HOUR))

        assert [(each.state, each.stopped_at) for each in found] == [("missed", NOON + 2 * HOUR)]

    def test_a_promise_that_is_kept_is_none(self) -> None:
        assert breaches(sla(case(), DESK, as_of=NOON + HOUR)) == ()

    def test_only_answers_of_clocks_are_read(self) -> None:
        with pytest.raises(InvalidValue, match=r"breaches\.answer"):
            breaches(case())  # type: ignore[arg-type]  # wrong on purpose
