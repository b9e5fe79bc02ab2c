"""Laws of the closed loop: one signal for each submission, and a report that only ever decides once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.calendars import BusinessCalendar, Period, weekly
from relex.feedback import (
    Answer,
    FollowUpCard,
    LoopRecord,
    LoopRule,
    Metric,
    Response,
    follow_up_board,
    loop_report,
    patterns,
    signals,
)
from relex.rules import TRUE, field

START = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
READ: dict[str, Any] = {"metric": Metric.nps(), "question": "q1"}
RULES = (
    LoopRule("detractor", field("score") <= 6, target=48 * HOUR),
    LoopRule("praise", field("score") >= 9),
    LoopRule("person", TRUE, once_per="contact"),
)
HOURS = st.integers(0, 400).map(lambda hours: START + hours * HOUR)
SCORES = st.none() | st.integers(0, 10)
EXCLUDED = st.none() | st.none() | st.just("test")
CONTACTS = st.sampled_from((None, "ann", "bob"))


def revisions(submission: str) -> st.SearchStrategy[list[Response]]:
    """What came of one submission: up to three revisions, each later than the one before."""
    drawn = st.lists(st.tuples(HOURS, SCORES, EXCLUDED), min_size=1, max_size=3, unique_by=lambda each: each[0])
    return st.tuples(drawn.map(lambda found: sorted(found, key=lambda each: each[0])), CONTACTS).map(
        lambda pair: [
            Response(
                submission=submission,
                survey="nps",
                at=at,
                revision=number,
                answers=(Answer("q1", score),),
                contact=pair[1],
                excluded=excluded,
            )
            for number, (at, score, excluded) in enumerate(pair[0], start=1)
        ]
    )


LOTS = st.tuples(*[revisions(f"s{number}") for number in range(4)]).map(
    lambda found: [response for each in found for response in each]
)


@given(LOTS, st.data())
@settings(max_examples=60)
def test_order_and_repeats_change_nothing(responses: list[Response], data: st.DataObject) -> None:
    """The same responses give the same signals."""
    shuffled = data.draw(st.permutations(responses + responses[:2]))

    assert signals(responses, RULES, **READ) == signals(shuffled, RULES, **READ)


@given(LOTS, st.integers(0, 12))
@settings(max_examples=60)
def test_one_signal_however_responses_arrive(responses: list[Response], cut: int) -> None:
    """In two batches or in one: a rule speaks once of a submission, and once of a contact where it says so."""
    first = signals(responses[:cut], RULES, **READ)
    found = first + signals(responses, RULES, first, **READ)
    by_submission = Counter([(each.rule, each.response.rpartition(":")[0]) for each in found])
    by_person = Counter([each.contact for each in found if each.rule == "person" and each.contact])

    assert len({each.id for each in found}) == len(found)
    assert set(by_submission.values()) | set(by_person.values()) <= {1}
    assert signals(responses, RULES, found, **READ) == ()


@given(LOTS)
@settings(max_examples=60)
def test_another_version_opens_nothing_new(responses: list[Response]) -> None:
    """Nor does another priority or target."""
    later = [attrs.evolve(rule, version=2, priority="high", target=HOUR) for rule in RULES]

    assert signals(responses, later, signals(responses, RULES, **READ), **READ) == ()


@given(LOTS)
@settings(max_examples=60)
def test_what_is_excluded_is_silent(responses: list[Response]) -> None:
    """No signal comes of a submission whose latest revision is excluded, or of an older revision."""
    last = {response.submission: response for response in responses}
    found = {each.response for each in signals(responses, RULES, **READ)}

    assert found <= {response.id for response in last.values() if response.excluded is None}


RECORDS = st.lists(
    st.tuples(HOURS, st.none() | st.integers(0, 200)).map(
        lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1] * HOUR)
    ),
    max_size=5,
).map(lambda found: [LoopRecord(f"s{place}", *pair) for place, pair in enumerate(found)])
TARGETS = st.integers(0, 72).map(lambda hours: hours * HOUR)
CALENDARS = st.sampled_from((None, OFFICE))


@given(TARGETS, CALENDARS, HOURS, st.integers(0, 5))
@settings(max_examples=60)
def test_due_is_the_end_of_the_target(
    target: timedelta, calendar: BusinessCalendar | None, at: datetime, hours: int
) -> None:
    """Exactly the target passes until then, in clock time and in business time, and no more before it."""
    due = LoopRule("r", TRUE, target=target, calendar=calendar).due(at)
    assert due is not None
    met = loop_report([LoopRecord("s1", at, due)], target, calendar, as_of=due + hours * HOUR)

    assert [(line.status, line.elapsed) for line in met.lines] == [("met", target)]
    assert loop_report([LoopRecord("s2", at)], target, calendar, as_of=due).count("pending") == 1


@given(RECORDS, TARGETS, CALENDARS, st.lists(HOURS, min_size=2, max_size=4))
@settings(max_examples=60)
def test_pending_is_decided_once(
    records: list[LoopRecord], target: timedelta, calendar: BusinessCalendar | None, instants: list[datetime]
) -> None:
    """As time passes a record is pending, and then met or missed for ever."""
    told: dict[str, list[str]] = {}
    for as_of in sorted(instants):
        for line in loop_report(records, target, calendar, as_of=as_of).lines:
            told.setdefault(line.record.signal, []).append(line.status)

    for statuses in told.values():
        decided = [status for status in statuses if status != "pending"]
        assert statuses == ["pending"] * (len(statuses) - len(decided)) + decided
        assert len(set(decided)) <= 1


@given(RECORDS, TARGETS, CALENDARS, HOURS)
@settings(max_examples=60)
def test_a_report_adds_up(
    records: list[LoopRecord], target: timedelta, calendar: BusinessCalendar | None, as_of: datetime
) -> None:
    """Each record that was open is met, missed or pending, and the rate is of those that are decided."""
    report = loop_report(records, target, calendar, as_of=as_of)
    met, missed, pending = (report.count(status) for status in ("met", "missed", "pending"))

    assert met + missed + pending == len([record for record in records if record.opened_at <= as_of])
    assert report.rate.value == (Fraction(met, met + missed) if met + missed else None)


@given(LOTS, st.integers(1, 3))
@settings(max_examples=60)
def test_patterns_count_what_is_linked(responses: list[Response], least: int) -> None:
    """Each proposal has as many responses as it says, and the period before is the period of another question."""
    period = Period(START + 200 * HOUR, START + 400 * HOUR)
    found = patterns(responses, "contact", least, period)
    earlier = patterns(responses, "contact", 1, found.before)
    before = {each.value: each.count for each in earlier.proposals}

    assert all(each.count == len(set(each.responses)) >= least for each in found.proposals)
    assert all(each.before == before.get(each.value, 0) for each in found.proposals)


CARDS = st.lists(
    st.builds(
        FollowUpCard,
        st.uuids().map(str),
        st.sampled_from(("open", "closed")),
        due=st.none() | HOURS,
        is_done=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda card: card.id,
)


@given(CARDS, HOURS)
@settings(max_examples=60)
def test_a_board_holds_every_card_once(cards: list[FollowUpCard], as_of: datetime) -> None:
    """In the column of its state, and nothing overdue stands below what is not."""
    board = follow_up_board(cards, as_of=as_of)
    clocks = [[board.clock(card) == "overdue" for card in column.cards] for column in board.columns]

    assert sorted(card.id for column in board.columns for card in column.cards) == sorted(card.id for card in cards)
    assert all(flags == sorted(flags, reverse=True) for flags in clocks)
