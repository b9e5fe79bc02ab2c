"""The life of a case line by line, with its clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.service import (
    Case,
    CaseLink,
    CaseMessage,
    CaseTimeline,
    DueEscalation,
    EscalatedOccurrence,
    PolicyChoice,
    Sla,
    SlaPolicy,
    case_timeline,
    first_response,
    next_response,
    resolution,
    sla,
)
from relex.service._timeline_html import span

if TYPE_CHECKING:
    from relex.changes import Change

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
GOLD = SlaPolicy("gold", [first_response(2 * HOUR), resolution(4 * HOUR), next_response(HOUR)], OFFICE)


def on(hour: float) -> datetime:
    """So many hours after the midnight before Monday."""
    return MONDAY + hour * HOUR


def opened(**more: Any) -> Change[Case]:
    """A case of Monday at 9."""
    return Case.open("c1", **{"customer": "k7", "channel": "mail", "at": on(9)} | more)


def answered() -> Case:
    """Answered at 10 and waiting since, until the customer wrote at 12."""
    return opened().then(lambda it: it.reply("m1", by="ann", at=on(10), then="waiting_customer")).then(
        lambda it: it.receive("m2", at=on(12))
    ).state  # fmt: skip


def clocks(case: Case, hour: float) -> Sla:
    """What gold would promise."""
    return sla(case, GOLD, as_of=on(hour), what_if=True)


def told(change: Change[Case]) -> list[str]:
    """What each line says."""
    return [row.what for row in case_timeline(change.state).rows]


class TestRows:
    def test_each_event_has_a_line_with_the_status_after_it(self) -> None:
        rows = case_timeline(answered(), as_of=on(15)).rows

        assert [(row.at, row.event, row.status, row.kind) for row in rows] == [
            (on(9), "CaseOpened", "new", "open"),
            (on(10), "CaseReplied", "new", "open"),
            (on(10), "CaseStatusChanged", "waiting_customer", "waiting"),
            (on(12), "CaseMessageReceived", "waiting_customer", "waiting"),
            (on(12), "CaseStatusChanged", "open", "open"),
        ]

    def test_the_line_that_begins_a_status_tells_how_long_it_lasted(self) -> None:
        rows = case_timeline(answered(), as_of=on(15)).rows

        assert [row.lasted for row in rows] == [HOUR, None, 2 * HOUR, None, 3 * HOUR]

    def test_who_did_it_is_told_where_the_event_says_so(self) -> None:
        change = opened().then(lambda it: it.note("fuse", by="bob", at=on(10)))
        change = change.then(lambda it: it.resolve(at=on(11))).then(lambda it: it.reopen(at=on(12)))

        assert [row.by for row in case_timeline(answered()).rows] == [None, "ann", None, None, None]
        assert [row.by for row in case_timeline(change.state).rows] == [None, "bob", None, None]

    def test_what_happened_later_is_not_seen(self) -> None:
        assert len(case_timeline(answered(), as_of=on(9)).rows) == 1

    def test_a_merge_that_was_undone_stands_there(self) -> None:
        other = Case.open("c2", customer="k7", at=on(9)).state
        change = opened().then(lambda it: it.merge_into(other, at=on(10))).then(lambda it: it.unmerge(at=on(11)))

        assert told(change) == ["opened by mail as normal", "merged into c2", "merge undone"]
        assert [row.status for row in case_timeline(change.state).rows] == ["new", "duplicate", "new"]


class TestWords:
    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            ({}, "opened by mail as normal"),
            ({"channel": None, "priority": "high", "type": "fault"}, "opened as high, fault"),
            ({"follow_up_of": "c0"}, "opened by mail as normal, follows c0"),
            ({"split_from": "c0"}, "opened by mail as normal, split from c0"),
            ({"parent": "c0", "owner": "ann"}, "opened by mail as normal, part of c0, for ann"),
        ],
        ids=["plain", "type", "follow-up", "split", "parent"],
    )
    def test_of_an_opening(self, parts: dict[str, Any], words: str) -> None:
        assert told(opened(**parts)) == [words]

    @pytest.mark.parametrize(
        ("command", "words"),
        [
            (lambda it: it.hold("waiting_third_party", at=on(10), reason="vendor"), ["waits for third party (vendor)"]),
            (lambda it: it.move_to("open", at=on(10), reason="mine", note="now"), ["goes on as open (mine, now)"]),
            (lambda it: it.receive("m1", at=on(10)), ["customer wrote"]),
            (lambda it: it.receive("m1", at=on(10), automatic=True), ["automatic message came in"]),
            (lambda it: it.receive("m1", at=on(10), internal=True), ["internal message came in"]),
            (lambda it: it.reply("m1", at=on(10), automatic=True), ["automatic message went out"]),
            (lambda it: it.note("fuse", at=on(10)), ["note: fuse"]),
            (lambda it: it.resolve("fixed", at=on(10), note="fuse"), ["resolved (fixed, fuse)"]),
            (lambda it: it.close(at=on(10), reason="done"), ["resolved", "closed (done)"]),
            (lambda it: it.close(at=on(10), automatic=True), ["resolved", "closed after silence"]),
            (lambda it: it.reject("spam", at=on(10)), ["rejected (spam)"]),
            (lambda it: it.assign("ann", at=on(10)), ["owner ann", "goes on as open"]),
            (lambda it: it.transfer("second line", at=on(10)), ["team second line"]),
            (lambda it: it.set_priority("high", at=on(10)), ["priority high, was normal"]),
            (lambda it: it.set_impact("high", None, at=on(10)), ["impact high, urgency unknown"]),
            (lambda it: it.set_impact(0, 1, at=on(10)), ["impact 0, urgency 1"]),
            (lambda it: it.set_type("fault", at=on(10)), ["type fault"]),
            (lambda it: it.set_customer("k8", "p1", at=on(10)), ["customer k8, contact p1"]),
            (lambda it: it.set_customer(None, at=on(10)), ["customer unknown"]),
            (lambda it: it.rename("No light", at=on(10)), ["subject No light"]),
            (lambda it: it.tag("a", "b", at=on(10)), ["tags +a +b"]),
            (lambda it: it.link("purchase", "p1", at=on(10)), ["linked to purchase p1"]),
            (lambda it: it.request_approval("ann", at=on(10), subject="refund"), ["approval asked (refund)"]),
        ],
        ids=[
            *("hold", "move", "message", "automatic message", "internal message", "automatic reply", "note", "resolve"),
            *("close", "silence", "reject", "assign", "transfer", "priority", "impact", "zero", "type", "customer"),
            *("no customer", "rename", "tag", "link", "approval"),
        ],
    )
    def test_of_a_command(self, command: Any, words: list[str]) -> None:
        assert told(opened().then(command))[1:] == words

    @pytest.mark.parametrize(
        ("first", "second", "words"),
        [
            (
                lambda it: it.resolve(at=on(10)),
                lambda it: it.reopen("not done", at=on(11)),
                ["reopened by us (not done)"],
            ),
            (
                lambda it: it.resolve(at=on(10)),
                lambda it: it.receive("m1", at=on(11)),
                ["customer wrote", "reopened by the customer"],
            ),
            (
                lambda it: it.close(at=on(10)),
                lambda it: it.receive("m1", at=on(10) + timedelta(days=8)),
                ["customer wrote, a new case should follow"],
            ),
            (lambda it: it.assign("ann", at=on(10)), lambda it: it.assign(None, at=on(11)), ["owner none, was ann"]),
            (lambda it: it.tag("a", at=on(10)), lambda it: it.untag("a", at=on(11)), ["tags -a"]),
            (
                lambda it: it.link("purchase", "p1", at=on(10)),
                lambda it: it.unlink("purchase", "p1", at=on(11)),
                ["no longer linked to purchase p1"],
            ),
            (
                lambda it: it.request_approval("ann", at=on(10)),
                lambda it: it.approve("bob", at=on(11), note="fine"),
                ["approved (fine)"],
            ),
            (
                lambda it: it.request_approval("ann", at=on(10)),
                lambda it: it.refuse_approval("bob", at=on(11)),
                ["approval refused"],
            ),
            (
                lambda it: it.set_priority("low", at=on(10)),
                lambda it: it.set_priority(None, at=on(11)),
                ["priority normal by default, was low"],
            ),
        ],
        ids=["by us", "by the customer", "follow-up", "no owner", "untag", "unlink", "given", "refused", "by default"],
    )
    def test_of_what_follows_another_command(self, first: Any, second: Any, words: list[str]) -> None:
        change = opened().then(first)

        assert told(change.then(second))[len(change.events) :] == words

    def test_of_a_message_to_a_merged_case(self) -> None:
        other = Case.open("c2", customer="k7", at=on(9)).state
        change = opened().then(lambda it: it.merge_into(other, at=on(10))).then(lambda it: it.receive("m1", at=on(11)))

        assert told(change)[-1] == "customer wrote, for c2"

    def test_of_a_split(self) -> None:
        messages = [CaseMessage(f"m{number}", on(8), direction="in") for number in (1, 2)]
        found = opened(messages=messages).state.split(["m2"], "c2", at=on(10))

        assert told(found[0])[-1] == "split: m2 to c2"

    def test_of_a_parent(self) -> None:
        parent = Case.open("c2", customer="k7", at=on(9)).state

        assert told(opened().then(lambda it: it.set_parent(parent, at=on(10))))[-1] == "parent c2"

    @pytest.mark.parametrize(
        ("choice", "words"),
        [
            (PolicyChoice(policy="gold", version=2, why="rule"), "promised gold version 2 (rule)"),
            (
                PolicyChoice(policy="gold", version=2, why="entitlement", entitlement="e1"),
                "promised gold version 2 (entitlement e1)",
            ),
        ],
        ids=["rule", "entitlement"],
    )
    def test_of_a_promise(self, choice: PolicyChoice, words: str) -> None:
        assert told(opened().then(lambda it: it.choose_policy(choice, at=on(10))))[-1] == words

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({}, "escalated by lead: resolution 1 overdue"),
            (
                {"notify": ("ann", "bob"), "assign_to": "eve"},
                "escalated by lead: resolution 1 overdue, tells ann, bob, for eve",
            ),
        ],
        ids=["alone", "with all"],
    )
    def test_of_an_escalation(self, more: dict[str, Any], words: str) -> None:
        late = EscalatedOccurrence("resolution", 1)
        due = DueEscalation(case="c1", rule="lead", occurrences=(late,), since=on(10), **more)

        assert told(opened().then(lambda it: it.escalate(due, at=on(10))))[-1] == words


class TestArguments:
    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"sla": "gold"}, "case_timeline.sla"),
            ({"as_of": datetime(2026, 6, 2)}, "case_timeline.as_of"),  # noqa: DTZ001 - refused
            ({"as_of": on(8)}, "case_timeline.as_of"),
            ({"sla": clocks(answered(), 15), "as_of": on(16)}, "case_timeline.as_of"),
            ({"sla": sla(Case.open("c2", at=on(9)).state, GOLD, as_of=on(15), what_if=True)}, "case_timeline.sla"),
        ],
        ids=["no clocks", "naive", "before the opening", "another instant", "another case"],
    )
    def test_a_wrong_one_is_refused(self, given: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            case_timeline(answered(), **given)

        assert path == caught.value.path

    def test_only_a_case_has_a_timeline(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            case_timeline("c1", as_of=on(9))  # type: ignore[arg-type]  # refused

        assert caught.value.path == "case_timeline.case"

    def test_the_instant_is_that_of_the_clocks_or_of_the_last_event(self) -> None:
        assert case_timeline(answered(), clocks(answered(), 15), as_of=on(15)).as_of == on(15)
        assert case_timeline(answered()).as_of == on(12)


class TestSeeing:
    def test_as_lines_in_the_zone_of_the_question(self) -> None:
        case = opened(subject="No light").state
        found = case_timeline(case, as_of=on(10).astimezone(ZoneInfo("Asia/Tokyo")))

        assert str(found) == "c1 (No light), as of 2026-06-01 19:00\n  2026-06-01 18:00 opened by mail as normal"
        assert str(found.rows[0]) == "2026-06-01 09:00 opened by mail as normal"

    def test_lines_tell_who_did_it_and_the_clocks(self) -> None:
        lines = str(case_timeline(answered(), clocks(answered(), 12))).splitlines()

        assert lines[2] == "  2026-06-01 10:00 replied, by ann"
        assert lines[-2].startswith("  resolution 1: running, due 2026-06-01 15:00")

    def test_an_instant_that_is_none_in_the_zone_of_the_question_is_shown_in_its_own(self) -> None:
        first = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))

        assert "0001-01-01 00:00 opened" in str(case_timeline(opened(at=first).state, as_of=on(9)))

    def test_every_text_is_escaped(self) -> None:
        change = opened(subject="<b>").then(lambda it: it.note("<script>", by="<i>", at=on(10)))
        shown = case_timeline(change.state)._repr_html_()

        assert not re.search("<(b|script|i)>", shown)
        assert "note: &lt;script&gt;" in shown

    def test_without_clocks_there_are_no_bars(self) -> None:
        assert "position:absolute" not in case_timeline(answered())._repr_html_()

    def test_a_bar_shows_what_counted_what_was_held_and_what_is_late(self) -> None:
        shown = bars(case_timeline(answered(), clocks(answered(), 19)))

        assert shown["resolution 1"] == [
            ("counts", "0.00", "100.00"),
            ("late", "60.00", "40.00"),
            ("held", "10.00", "20.00"),
            ("due", "60.00", ""),
        ]
        assert shown["statuses"] == [
            ("new 1 h 00 min", "0.00", "10.00"),
            ("waiting customer 2 h 00 min", "10.00", "20.00"),
            ("open 7 h 00 min", "30.00", "70.00"),
        ]

    def test_what_was_missed_by_no_working_time_is_late_by_zero(self) -> None:
        """Due at closing time, answered at night."""
        case = opened(at=on(15)).then(lambda it: it.reply("m1", at=on(18))).state
        shown = case_timeline(case, clocks(case, 19))._repr_html_()

        assert re.search(r"first response 1</td><td[^>]*>missed</td>.*?>2 h 00 min</td><td[^>]*>0 s</td>", shown)

    def test_a_clock_that_is_held_has_no_mark(self) -> None:
        case = answered().hold(at=on(13)).state

        assert [part for part, *_ in bars(case_timeline(case, clocks(case, 14)))["resolution 1"]] == [
            "counts",
            "held",
            "held",
        ]

    def test_bars_reach_to_what_is_due_later(self) -> None:
        shown = bars(case_timeline(answered(), clocks(answered(), 12)))

        assert shown["resolution 1"][-1] == ("due", "100.00", "")

    def test_bars_of_a_closed_case_end_with_it(self) -> None:
        case = answered().close(at=on(15)).state

        assert bars(case_timeline(case, clocks(case, 500)))["statuses"][-1] == ("open 3 h 00 min", "50.00", "50.00")

    def test_a_clock_that_has_not_begun_or_is_none_says_so(self) -> None:
        policy = SlaPolicy("odd", [next_response(HOUR), resolution({"urgent": HOUR})], OFFICE)
        case = opened().state
        shown = case_timeline(case, sla(case, policy, as_of=on(9), what_if=True))._repr_html_()

        assert re.search("next response</td><td[^>]*>not started", shown)
        assert re.search("resolution</td><td[^>]*>no goal", shown)

    def test_a_case_without_any_clock_says_so(self) -> None:
        policy = SlaPolicy("odd", [resolution({"urgent": HOUR})], OFFICE)
        case = opened().state

        assert "odd: no clock" in case_timeline(case, sla(case, policy, as_of=on(9), what_if=True))._repr_html_()

    @pytest.mark.parametrize(
        ("length", "words"),
        [
            (timedelta(0), "0 s"),
            (timedelta(seconds=59), "59 s"),
            (timedelta(minutes=59, seconds=59), "59 min"),
            (timedelta(hours=1, minutes=5), "1 h 05 min"),
            (timedelta(days=2, hours=3, minutes=59), "2 d 3 h"),
        ],
        ids=["nothing", "seconds", "minutes", "hours", "days"],
    )
    def test_lengths_of_time_are_told_in_two_units(self, length: timedelta, words: str) -> None:
        assert words == span(length)


def bars(timeline: CaseTimeline) -> dict[str, list[tuple[str, str, str]]]:
    """The parts of each bar: what it says, where it begins and how wide it is, in percent."""
    rows = re.findall(r"<tr><td[^>]*>([^<]*)</td>(.*?)</tr>", timeline._repr_html_())
    part = re.compile(r'<div title="([^"]*)" style="[^"]*left:([\d.]+)%;(?:width:([\d.]+)%)?')
    return {name: part.findall(row) for name, row in rows if part.search(row)}


def test_links_are_what_they_say() -> None:
    """The words of a link are those of `CaseLink`."""
    assert str(CaseLink("purchase", "p1")) == "purchase p1"
