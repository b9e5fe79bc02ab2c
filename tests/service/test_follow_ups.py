"""What might be done next with a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, BusinessDays, weekly
from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Case, FollowUp, FollowUpRule, close_due, follow_ups, usual_follow_ups

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


def case(**parts: Any) -> Case:
    return Case.open("c1", **{"customer": "k7", "owner": "ann", "at": NOON, **parts}).state


def since(name: str, found: Case, at: datetime = NOON + 30 * DAY) -> datetime | None:
    """What a rule counts from."""
    suggested = follow_ups(found, [FollowUpRule("one", name, timedelta(0), "act")], as_of=at)
    return suggested[0].since if suggested else None


def usual(found: Case, after: timedelta, **more: Any) -> list[str]:
    return [each.suggest for each in follow_ups(found, usual_follow_ups(), as_of=NOON + after, **more)]


class TestDefinition:
    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"name": ""}, "FollowUpRule.name"),
            ({"since": "yesterday"}, "FollowUpRule.since"),
            ({"after": -HOUR}, "FollowUpRule.after"),
            ({"after": 3}, "FollowUpRule.after"),
            ({"after": BusinessDays(1)}, "FollowUpRule.after"),
            ({"suggest": ""}, "FollowUpRule.suggest"),
            ({"when": True}, "FollowUpRule.when"),
            ({"calendar": UTC}, "FollowUpRule.calendar"),
        ],
        ids=["name", "since", "negative", "number", "days", "suggest", "when", "calendar"],
    )
    def test_what_it_may_not_be(self, wrong: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            FollowUpRule(**{"name": "one", "since": "opened_at", "after": HOUR, "suggest": "act", **wrong})

        assert caught.value.path == path

    def test_it_is_told_in_words(self) -> None:
        rule = FollowUpRule("late", "opened_at", HOUR, "call")

        assert str(rule) == "late: call when opened_at is more than 1:00:00 ago"
        assert str(usual_follow_ups()[-1]) == "wrote_to_closed: open_follow_up when follow_up_at is known"

    def test_the_usual_rules_can_be_left_out(self) -> None:
        rules = usual_follow_ups(remind=None, close=None, reply=None, assign=None)

        assert [rule.name for rule in rules] == ["wrote_to_closed"]


class TestDates:
    def test_facts_of_the_case(self) -> None:
        talked = case().receive("in", at=NOON + HOUR).then(lambda it: it.reply("out", at=NOON + 2 * HOUR)).state
        names = ("opened_at", "first_replied_at", "last_customer_message_at", "last_agent_message_at", "resolved_at")

        assert [since(name, talked) for name in names] == [NOON, NOON + 2 * HOUR, NOON + HOUR, NOON + 2 * HOUR, None]

    def test_of_what_is_done(self) -> None:
        done = case().resolve("fixed", at=NOON + HOUR).then(lambda it: it.close(at=NOON + 2 * HOUR)).state
        names = ("resolved_at", "closed_at", "status_entered_at")

        assert [since(name, done) for name in names] == [NOON + HOUR, NOON + 2 * HOUR, NOON + 2 * HOUR]

    def test_a_case_is_silent_since_its_status_or_its_last_message(self) -> None:
        held = case().reply("out", at=NOON + HOUR, then="waiting_customer").state
        written = held.reply("out2", at=NOON + 2 * HOUR).state
        machine = written.reply("out3", at=NOON + 3 * HOUR, automatic=True).state

        assert [since("silent_since", each) for each in (case(), held, written, machine)] == [
            NOON,
            NOON + HOUR,
            NOON + 2 * HOUR,
            NOON + 2 * HOUR,
        ]

    def test_a_case_that_is_done_is_silent_since_then(self) -> None:
        done = case().resolve("fixed", at=NOON + HOUR).then(lambda it: it.close(at=NOON + 2 * HOUR)).state

        assert since("silent_since", done) == NOON + HOUR

    def test_it_is_unanswered_since_the_opening_until_somebody_replies(self) -> None:
        written = case().receive("in", at=NOON + HOUR).state
        answered = written.reply("out", at=NOON + 2 * HOUR).state

        assert [since("unanswered_since", each) for each in (case(), written, answered)] == [NOON, NOON, None]

    def test_then_since_the_first_message_that_nobody_answered(self) -> None:
        found = case().reply("out", at=NOON + HOUR).state
        for hour in (2, 3):
            found = found.receive(f"in{hour}", at=NOON + hour * HOUR).state
        internal = found.receive("in4", at=NOON + 4 * HOUR, internal=True).state

        assert since("unanswered_since", internal) == NOON + 2 * HOUR

    def test_what_is_done_is_not_unanswered(self) -> None:
        assert since("unanswered_since", case().resolve("fixed", at=NOON).state) is None
        assert since("unanswered_since", case().reject("spam", at=NOON).state) is None

    def test_it_is_unassigned_since_it_was_opened_or_given_back(self) -> None:
        given_back = case().assign(None, at=NOON + HOUR).state

        assert [since("unassigned_since", each) for each in (case(owner=None), case(), given_back)] == [
            NOON,
            None,
            NOON + HOUR,
        ]

    def test_the_customer_wrote_to_a_case_that_stays_closed(self) -> None:
        closed = case().close(at=NOON + HOUR).state
        written = closed.receive("in", at=NOON + 9 * DAY).then(lambda it: it.receive("in2", at=NOON + 10 * DAY)).state

        assert [since("follow_up_at", each) for each in (case(), closed, written)] == [None, None, NOON + 9 * DAY]


class TestWhen:
    RULE = FollowUpRule("one", "opened_at", DAY, "act")

    def test_more_than_so_much_time_must_have_passed(self) -> None:
        found = [follow_ups(case(), [self.RULE], as_of=NOON + DAY + more) for more in (timedelta(0), MICRO)]

        assert [len(each) for each in found] == [0, 1]

    def test_what_needs_no_time_is_suggested_at_once(self) -> None:
        assert len(follow_ups(case(), [FollowUpRule("one", "opened_at", timedelta(0), "act")], as_of=NOON)) == 1

    def test_what_is_to_come_is_told_if_asked_for(self) -> None:
        found = follow_ups(case(), [self.RULE], as_of=NOON, upcoming=True)

        assert found == (FollowUp(case="c1", rule="one", suggest="act", since=NOON, at=NOON + DAY),)

    def test_the_rule_must_be_true(self) -> None:
        rules = [FollowUpRule(name, "opened_at", DAY, "act", when=field(name) == "x") for name in ("owner", "vip")]

        assert follow_ups(case(), rules, as_of=NOON + 2 * DAY) == ()
        assert len(follow_ups(case(), rules, as_of=NOON + 2 * DAY, facts={"vip": "x"})) == 1

    def test_business_time(self) -> None:
        hours = FollowUpRule("hours", "opened_at", 8 * HOUR, "act", calendar=OFFICE)
        days = FollowUpRule("days", "opened_at", BusinessDays(1), "act", calendar=OFFICE)
        found = follow_ups(case(), [days, hours], as_of=NOON, upcoming=True)

        assert [(each.rule, each.at) for each in found] == [("hours", NOON + DAY), ("days", NOON + DAY + 5 * HOUR)]

    def test_in_closed_hours_no_business_time_passes(self) -> None:
        rule = FollowUpRule("hours", "opened_at", 5 * HOUR, "act", calendar=OFFICE)
        found = [follow_ups(case(), [rule], as_of=NOON + hours * HOUR) for hours in (5, 12, 21, 22)]

        assert [len(each) for each in found] == [0, 0, 0, 1]

    def test_business_days_are_over_at_closing_time(self) -> None:
        rule = FollowUpRule("days", "opened_at", BusinessDays(1), "act", calendar=OFFICE)
        found = [follow_ups(case(), [rule], as_of=NOON + DAY + 5 * HOUR + more) for more in (timedelta(0), MICRO)]

        assert [len(each) for each in found] == [0, 1]

    def test_what_was_seen_is_told_again_only_when_something_new_has_happened(self) -> None:
        rule = FollowUpRule("one", "last_customer_message_at", DAY, "act")
        found = case().receive("in", at=NOON).state
        first = follow_ups(found, [rule], as_of=NOON + 2 * DAY)
        again = found.receive("in2", at=NOON + 2 * DAY).state

        assert follow_ups(found, [rule], as_of=NOON + 9 * DAY, seen=first) == ()
        assert [each.since for each in follow_ups(again, [rule], as_of=NOON + 9 * DAY, seen=first)] == [NOON + 2 * DAY]

    def test_what_happens_later_is_not_seen(self) -> None:
        done = case().resolve("fixed", at=NOON + 5 * DAY).state

        assert usual(done, 3 * DAY) == ["reply"]

    def test_it_is_told_in_words(self) -> None:
        (found,) = follow_ups(case(), [self.RULE], as_of=NOON + 2 * DAY)

        assert str(found) == "c1: act (one, 2026-06-02T12:00:00+00:00)"


class TestUsual:
    def test_remind_a_customer_who_says_nothing(self) -> None:
        held = case().reply("out", at=NOON, then="waiting_customer").state

        assert usual(held, 3 * DAY) == []
        assert usual(held, 3 * DAY + MICRO) == ["remind"]

    def test_nobody_is_reminded_for_others(self) -> None:
        held = case().reply("out", at=NOON, then="waiting_third_party").state

        assert usual(held, 30 * DAY) == []

    @pytest.mark.parametrize("after", [7 * DAY, 7 * DAY + MICRO, 8 * DAY, 8 * DAY + MICRO], ids=str)
    def test_close_exactly_when_the_other_question_says_so(self, after: timedelta) -> None:
        done = case().resolve("fixed", at=NOON).then(lambda it: it.reply("out", at=NOON + DAY)).state
        is_due = close_due(done, 7 * DAY, as_of=NOON + after)

        assert usual(done, after) == (["close"] if is_due else [])

    def test_reply_and_assign_the_longest_due_first(self) -> None:
        assert usual(case(owner=None), 2 * DAY) == ["assign", "reply"]

    def test_open_a_case_that_follows(self) -> None:
        closed = case().close(at=NOON).then(lambda it: it.receive("in", at=NOON + 8 * DAY)).state

        assert usual(closed, 8 * DAY) == ["open_follow_up"]

    def test_nothing_to_do(self) -> None:
        assert usual(case().reply("out", at=NOON).state, 30 * DAY) == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"case": "c1"}, "follow_ups.case"),
        ({"rules": usual_follow_ups() * 2}, "follow_ups.rules"),
        ({"rules": ["remind"]}, "follow_ups.rules"),
        ({"as_of": datetime(2026, 6, 1)}, "follow_ups.as_of"),  # noqa: DTZ001 - naive on purpose
        ({"as_of": NOON - HOUR}, "follow_ups.as_of"),
        ({"seen": ["c1"]}, "follow_ups.seen"),
        ({"upcoming": 1}, "follow_ups.upcoming"),
        ({"facts": {"owner": "bob"}}, "follow_ups.facts"),
    ],
    ids=["case", "twice", "rules", "naive", "too early", "seen", "upcoming", "facts"],
)
def test_what_is_refused(wrong: dict[str, Any], path: str) -> None:
    asked = {"case": case(), "rules": usual_follow_ups(), "as_of": NOON + HOUR, **wrong}

    with pytest.raises(InvalidValue) as caught:
        follow_ups(asked.pop("case"), asked.pop("rules"), **asked)

    assert caught.value.path == path
