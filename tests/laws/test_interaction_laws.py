"""Laws of timelines, effort, channel mix and corrections."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import given, settings, strategies as st

from relex.interactions import (
    Cursor,
    Interaction,
    Participant,
    channel_mix,
    client_time,
    corrected,
    effort,
    from_cloudevent,
    iter_timeline,
    reply_times,
    timeline,
    to_cloudevent,
)
from relex.purchases import Line, Purchase
from relex.testing.strategies import customer_events, instants

if TYPE_CHECKING:
    from relex.changes import Event

FEW = settings(max_examples=60)
DAY = datetime(2026, 5, 1, tzinfo=UTC)
SOON = st.integers(0, 6).map(lambda hours: DAY + timedelta(hours=hours))


def unique(items: list[Any]) -> list[Any]:
    """The first of each kind and id: what a log would hold."""
    found: dict[tuple[type, str], Any] = {}
    for item in items:
        found.setdefault((type(item), item.id), item)
    return list(found.values())


NAMES = st.sampled_from("abcdefgh")
MUG = [Line(1, "mug", 1, gross="10.00")]
SALES = st.builds(Purchase, NAMES, at=SOON, currency=st.just("USD"), lines=st.just(MUG))
PARTICIPANTS = st.builds(Participant, NAMES, st.sampled_from(("customer", "own")), st.sampled_from(("from", "to")))
MADE = st.builds(
    Interaction,
    NAMES,
    at=SOON,
    channel=st.sampled_from(("email", "meeting", "phone", "web")),
    direction=st.sampled_from(("inbound", "outbound", "internal")),
    participants=st.lists(PARTICIPANTS, max_size=3),
    duration=st.none() | st.integers(0, 90).map(lambda minutes: timedelta(minutes=minutes)),
)
ITEMS = st.lists(MADE | SALES, max_size=10).map(unique)
CONTACTS = st.lists(MADE, max_size=8).map(unique)


def place(item: Any) -> tuple[timedelta, str, str]:
    return item.at - DAY, type(item).__name__.lower(), item.id


def split(items: list[Any], count: int, draw: st.DataObject) -> list[list[Any]]:
    """The items spread over some sources, a few of them in two."""
    found: list[list[Any]] = [[] for _ in range(count)]
    for item in items:
        for source in draw.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=2)):
            found[source].append(item)
    return found


@FEW
@given(ITEMS, st.integers(1, 4), st.data())
def test_a_timeline_is_everything_once_in_order_however_it_is_split(
    items: list[Any], count: int, data: st.DataObject
) -> None:
    sources = split(items, count, data)

    assert sorted(items, key=place) == list(iter_timeline(*sources, newest_first=False))


@FEW
@given(ITEMS, st.integers(1, 4), st.data())
def test_newest_first_is_the_exact_reverse(items: list[Any], count: int, data: st.DataObject) -> None:
    sources = split(items, count, data)

    assert list(iter_timeline(*sources))[::-1] == list(iter_timeline(*sources, newest_first=False))


@FEW
@given(ITEMS, st.integers(1, 4), st.booleans(), st.data())
def test_ordered_sources_give_the_same(items: list[Any], count: int, newest_first: bool, data: st.DataObject) -> None:
    sources = split(items, count, data)
    ordered = [sorted(source, key=lambda item: item.at, reverse=newest_first) for source in sources]
    plain = list(iter_timeline(*sources, newest_first=newest_first))

    assert plain == list(iter_timeline(*map(iter, ordered), newest_first=newest_first, ordered=True))


@FEW
@given(ITEMS, st.integers(1, 5), st.booleans(), st.booleans(), st.none() | SOON, st.data())
def test_pages_concatenate_to_the_whole(
    items: list[Any], limit: int, newest_first: bool, ordered: bool, as_of: datetime | None, data: st.DataObject
) -> None:
    sources = [sorted(source, key=place, reverse=newest_first) for source in split(items, 2, data)]
    asked: dict[str, Any] = {"newest_first": newest_first, "ordered": ordered, "as_of": as_of}
    found: list[Any] = []
    after: Cursor | None = None
    has_more = True
    while has_more:
        page = timeline(*sources, after=after, limit=limit, **asked)
        found, after, has_more = [*found, *page.items], page.cursor, page.has_more

    assert list(timeline(*sources, newest_first=newest_first, as_of=as_of).items) == found


@FEW
@given(ITEMS, ITEMS, st.integers(1, 5), st.booleans())
def test_a_later_arrival_never_makes_an_item_appear_twice(
    items: list[Any], late: list[Any], limit: int, newest_first: bool
) -> None:
    first = timeline(items, limit=limit, newest_first=newest_first)
    rest = timeline(unique([*items, *late]), after=first.cursor, newest_first=newest_first)

    assert {place(item) for item in first.items}.isdisjoint(map(place, rest.items))


@FEW
@given(ITEMS, SOON)
def test_as_of_hides_what_is_later_and_nothing_else(items: list[Any], as_of: datetime) -> None:
    found = timeline(items, as_of=as_of).items

    assert {place(item) for item in items if item.at <= as_of} == {place(item) for item in found}


@FEW
@given(st.lists(st.lists(st.integers(0, 10_000), max_size=200), min_size=1, max_size=5))
def test_long_sources_merge_as_on_a_heap(dates: list[list[int]]) -> None:
    """Long enough for several blocks."""
    sources = [
        [
            Interaction(f"{place}-{number:04}", at=DAY + timedelta(minutes=at), channel="web", direction="inbound")
            for number, at in enumerate(sorted(source))
        ]
        for place, source in enumerate(dates)
    ]
    peer = list(heapq.merge(*sources, key=lambda item: (item.at, item.id)))

    assert sorted(peer, key=lambda item: (item.at, item.id)) == list(
        iter_timeline(*sources, newest_first=False, ordered=True)
    )


@FEW
@given(CONTACTS, st.data())
def test_effort_is_additive(found: list[Interaction], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(found)))
    whole, one, other = effort(found), effort(found[:cut]), effort(found[cut:])

    for name in ("team", "customer", "internal"):
        parts = [getattr(part, name).value for part in (one, other)]
        assert getattr(whole, name).value == sum(parts)
    assert whole.uncounted == one.uncounted + other.uncounted


@FEW
@given(CONTACTS, st.data())
def test_channel_mix_is_additive_and_its_shares_are_one(found: list[Interaction], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(found)))
    whole, one, other = channel_mix(found), channel_mix(found[:cut]), channel_mix(found[cut:])

    assert {(a, b): count for a, b, count in whole.counts} == {
        (a, b): one.count(a, b) + other.count(a, b) for a, b, _ in whole.counts
    }
    assert whole.total == len(found)
    assert not found or sum(Fraction(whole.share(each).value) for each in whole.channels) == 1  # type: ignore[arg-type]  # a number


@FEW
@given(CONTACTS, st.randoms(use_true_random=False), st.data())
def test_of_each_chain_one_holds_whatever_the_order(found: list[Interaction], random: Any, data: st.DataObject) -> None:
    names = [each.id for each in found]
    linked = [attrs.evolve(each, corrects=data.draw(st.none() | st.sampled_from([*names, "?"]))) for each in found]
    shuffled = random.sample(linked, len(linked))
    one, other = corrected(linked), corrected(shuffled)

    assert {each.id for each in one.interactions} == {each.id for each in other.interactions}
    assert one.anomalies == other.anomalies
    assert len(one.interactions) >= min(1, len(found))
    assert {each.id for each in linked if each.corrects in {None, "?"} and each.id not in _targets(linked)} <= {
        each.id for each in one.interactions
    }


def _targets(found: list[Interaction]) -> set[str | None]:
    return {each.corrects for each in found}


@FEW
@given(CONTACTS)
def test_each_question_is_answered_once_or_waits(found: list[Interaction]) -> None:
    replies = reply_times(found)
    questions = [each.question for each in (*replies.answered, *replies.waiting)]
    answers = [each.answer for each in replies.answered]

    assert len(set(questions)) == len(questions)
    assert len(set(answers)) == len(answers)
    assert all(each.wait is not None and each.wait >= timedelta(0) for each in replies.answered)


@FEW
@given(instants(), instants(), instants())
def test_nothing_of_a_client_happens_after_it_came_in(received: datetime, sent: datetime, original: datetime) -> None:
    found = client_time(received, sent_at=sent, original_at=original)

    assert found.at <= received
    assert found.note is None or found.at == received


@settings(max_examples=30)
@given(customer_events())
def test_every_event_comes_back_from_its_envelope(event: Event) -> None:
    assert from_cloudevent(to_cloudevent(event, "https://crm.example/"), zones=ZoneInfo) == event
