"""Memberships of segments: who enters and leaves, what is remembered, the intervals that events fold into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.calendars import Period
from relex.changes import Aggregate
from relex.errors import Conflict, InvalidValue
from relex.insights import Membership, Segment, SegmentEntered, SegmentLeft, changes, memberships
from relex.rules import field

if TYPE_CHECKING:
    from relex.changes import Event

BIG = Segment("big", field("total") >= 100, version=3)
STICKY = Segment("big", field("total") >= 100, stay=field("total") >= 80)
DAYS = [datetime(2024, 1, number, tzinfo=UTC) for number in range(1, 9)]


def totals(**amounts: int | None) -> dict[str, dict[str, Any]]:
    return {customer: {"total": amount} for customer, amount in amounts.items()}


def told(*steps: dict[str, Any], segment: Segment = BIG) -> tuple[list[Event], tuple[Membership, ...]]:
    """All events of one evaluation a day, and the memberships after them."""
    events: list[Event] = []
    members: tuple[Membership, ...] = ()
    for at, facts in zip(DAYS, steps, strict=False):
        found = changes(segment, members, facts, at)
        members = memberships(found, members)
        events += found
    return events, members


def spans(member: Membership) -> list[tuple[int, int | None]]:
    return [(span.start.day, None if span.end is None else span.end.day) for span in member.spans]


def test_entering_is_told_with_the_verdict() -> None:
    events, _ = told(totals(ann=120, bob=90))

    assert events == [
        SegmentEntered(
            source="big:ann",
            version=1,
            at=DAYS[0],
            segment="big",
            segment_version=3,
            customer="ann",
            verdict="✓ total is at least 100 (found 120)",
        )
    ]


def test_leaving_is_told_with_the_verdict() -> None:
    events, _ = told(totals(ann=120), totals(ann=99))

    assert isinstance(events[1], SegmentLeft)
    assert (events[1].version, events[1].verdict, events[1].undecided) == (2, "✗ total is at least 100 (found 99)", ())


def test_whoever_cannot_be_judged_any_more_leaves() -> None:
    events, _ = told(totals(ann=120), totals(ann=None))

    assert isinstance(events[1], SegmentLeft)
    assert events[1].undecided == ("total",)


def test_events_fold_into_half_open_intervals() -> None:
    _, (ann,) = told(totals(ann=120), totals(ann=1), totals(ann=120), totals(ann=120))

    assert (spans(ann), ann.inside, ann.version, ann.since) == ([(1, 2), (3, None)], True, 3, DAYS[2])
    assert [ann.inside_at(at) for at in DAYS[:4]] == [True, False, True, True]


def test_evaluating_twice_gives_no_event() -> None:
    facts = totals(ann=120, bob=90, cy=None)
    events, members = told(facts, facts)

    assert len(events) == 1
    assert changes(BIG, members, facts, DAYS[0]) == ()


def test_members_without_facts_stay() -> None:
    events, (ann,) = told(totals(ann=120), totals(bob=1), {})

    assert (len(events), ann.inside) == (1, True)


def test_a_second_rule_keeps_a_member_until_it_fails() -> None:
    _, (ann,) = told(totals(ann=90), totals(ann=100), totals(ann=80), totals(ann=79), totals(ann=90), segment=STICKY)

    assert spans(ann) == [(2, 4)]


def test_whoever_meets_the_rule_stays_whatever_the_second_rule_says() -> None:
    odd = Segment("odd", field("total") >= 100, stay=field("total") < 50)
    _, (ann,) = told(totals(ann=100), totals(ann=100), totals(ann=10), totals(ann=60), segment=odd)

    assert spans(ann) == [(1, 4)]


def test_members_look_at_who_was_in() -> None:
    facts = totals(ann=90, bob=90, cy=None)
    found = STICKY.members(facts, before=["ann", "cy", "zoe"])

    assert (found.inside, found.outside, found.undecided) == (("ann",), ("bob",), (("cy", ("total",)),))
    assert STICKY.verdict(facts["ann"], member=True).answer is True
    with pytest.raises(InvalidValue, match="before"):
        STICKY.members(facts, before="ann")


def test_memberships_take_events_in_any_order_and_twice() -> None:
    events, members = told(totals(ann=120, bob=120), totals(ann=1, bob=120), totals(ann=120, bob=1))

    assert memberships([*reversed(events), *events]) == members
    assert memberships(events, members) == members
    assert memberships(events[3:], memberships(events[:3])) == members
    assert [member.customer for member in members] == ["ann", "bob"]


def test_a_membership_is_an_aggregate() -> None:
    _, (ann,) = told(totals(ann=120), totals(ann=1))

    assert isinstance(ann, Aggregate)
    assert ann.facts() == {
        "membership.segment": "big",
        "membership.customer": "ann",
        "membership.inside": False,
        "membership.since": DAYS[1],
        "membership.times": 1,
    }


def test_ids_are_never_mixed_up() -> None:
    names = [("a", "b:c"), ("a:b", "c"), ("a%3Ab", "c"), ("a", ":b:c"), ("a:", "b:c")]
    ids = {Membership(segment=one, customer=other, spans=(Period(DAYS[0]),)).id for one, other in names}

    assert len(ids) == len(names)


def test_one_event_with_two_contents_is_a_conflict() -> None:
    (event,), _ = told(totals(ann=120))

    with pytest.raises(Conflict):
        memberships([event, attrs.evolve(event, at=DAYS[1])])


def test_a_gap_between_events_is_a_conflict() -> None:
    events, _ = told(totals(ann=120), totals(ann=1), totals(ann=120))

    with pytest.raises(Conflict):
        memberships([events[0], attrs.evolve(events[1], version=3)])
    with pytest.raises(Conflict):
        Membership.evolve(memberships(events[:1])[0], attrs.evolve(events[1], source="big:bob"))
    with pytest.raises(Conflict):
        memberships(events[2:])


def test_events_come_in_turn() -> None:
    (entered, left), (ann,) = told(totals(ann=120), totals(ann=1))

    for state, event in ((None, left), (ann, left), (memberships([entered])[0], entered)):
        with pytest.raises(InvalidValue, match=r"Membership\.evolve\.event"):
            Membership.evolve(state, event)
    with pytest.raises(InvalidValue, match="start"):
        Membership.evolve(memberships([entered])[0], attrs.evolve(left, at=DAYS[0] - timedelta(1)))


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        [Period(DAYS[0])],
        (Period(DAYS[0]), Period(DAYS[1])),
        (Period(DAYS[0], DAYS[2]), Period(DAYS[1])),
        (Period(DAYS[0].date()),),
        (5,),
    ],
)
def test_spans_follow_each_other(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Membership\.spans"):
        Membership(segment="big", customer="ann", spans=wrong)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"segment": "big"}, "segment"),
        ({"before": 5}, "before"),
        ({"before": ["ann"]}, "before"),
        ({"before": [Membership(segment="small", customer="ann", spans=(Period(DAYS[0]),))]}, "before"),
        ({"before": [Membership(segment="big", customer="ann", spans=(Period(DAYS[0]),))] * 2}, "before"),
        ({"as_of": DAYS[0].date()}, "as_of"),
        ({"as_of": datetime(2024, 1, 1)}, "as_of"),  # noqa: DTZ001 - what is refused
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"changes\.{path}"):
        changes(**({"segment": BIG, "before": (), "facts": totals(ann=1), "as_of": DAYS[0]} | arguments))


def test_only_its_events_are_folded() -> None:
    with pytest.raises(InvalidValue, match=r"memberships\.events"):
        memberships([BIG])  # type: ignore[list-item]


def test_nothing_is_told_of_a_time_before_the_last_event() -> None:
    london = ZoneInfo("Europe/London")
    late = datetime(2024, 10, 27, 1, 20, tzinfo=london, fold=1)
    early = datetime(2024, 10, 27, 1, 40, tzinfo=london)
    members = memberships(changes(BIG, (), totals(ann=120), late))

    assert changes(BIG, members, totals(ann=1), late)[0].at == late
    with pytest.raises(InvalidValue, match=r"changes\.as_of"):
        changes(BIG, members, totals(ann=1), early)
