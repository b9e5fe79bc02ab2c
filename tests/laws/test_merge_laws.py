"""Laws of merging: nothing is lost, nothing is doubled, and whatever was merged can be parted again, exactly."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.changes import Event, replay
from relex.customers import Aliases, Consent, Customer, Lifecycle, PersonName, merge, unmerge
from relex.errors import Rejected
from relex.parties import Record, golden
from relex.testing import strategies

DAY = datetime(2026, 5, 1, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
WHY: dict[str, Any] = {"by": "eve", "reason": "law"}


def _opened(name: str, records: list[Record], stage: str | None, tags: list[str]) -> Customer:
    state = Customer.open(name, PersonName(name), at=DAY, stage=stage, tags=tags).state
    for place, record in enumerate(records):
        state = state.take(attrs.evolve(record, key=f"{name}{place}"), at=DAY).state
    return state


def _customers(name: str) -> st.SearchStrategy[Customer]:
    said = st.lists(strategies.records(source="crm", kind="person"), max_size=1)
    stages = st.none() | st.sampled_from(Lifecycle().stages)
    return st.builds(_opened, st.just(name), said, stages, st.lists(st.sampled_from(["x", "y"]), max_size=1))


pools = st.tuples(*[_customers(name) for name in NAMES])
pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
EVERY_PAIR = [(one, other) for one in NAMES for other in NAMES if one != other]
steps = st.lists(st.tuples(st.sampled_from(["merge", "unmerge", "advance", "tag"]), pairs), max_size=8)


def bare(customer: Customer) -> dict[str, Any]:
    """Everything but how often and when it changed."""
    names = [field.name for field in attrs.fields(Customer) if field.name not in {"version", "changed_at", "_profile"}]
    return {name: getattr(customer, name) for name in names}


class Pool:
    """Customers by id, and what happened to them."""

    def __init__(self, customers: tuple[Customer, ...]) -> None:
        self.now = {customer.id: customer for customer in customers}
        self.start = dict(self.now)
        self.events: list[Event] = []
        self.ticks = count(1)

    def at(self) -> datetime:
        return DAY + timedelta(hours=next(self.ticks))

    def do(self, what: str, one: str, other: str) -> None:
        try:
            if what in {"merge", "unmerge"}:
                command = merge if what == "merge" else unmerge
                self.keep(*command(self.now[one], self.now[other], at=self.at(), **WHY).changes)
            elif what == "advance":
                self.keep(self.now[one].advance("customer", at=self.at(), back=True, reason="law"))
            else:
                self.keep(self.now[one].tag(f"of {one}", at=self.at()))
        except Rejected:
            pass

    def keep(self, *changes: Any) -> None:
        for state, events in changes:
            self.now[state.id] = state
            self.events += events

    def live(self) -> list[Customer]:
        return [customer for customer in self.now.values() if customer.status == "live"]


def ran(customers: tuple[Customer, ...], commands: list[tuple[str, tuple[str, str]]]) -> Pool:
    pool = Pool(customers)
    for what, (one, other) in commands:
        pool.do(what, one, other)
    return pool


@settings(max_examples=30, deadline=None)
@given(pools, steps)
def test_every_record_belongs_to_exactly_one_live_customer(pool: Any, commands: Any) -> None:
    found = ran(pool, commands)
    refs = Counter(record.ref for state in found.live() for record in (state.direct, *state.records))

    assert refs == Counter(record.ref for state in pool for record in (state.direct, *state.records))
    assert not [state for state in found.now.values() if state.status == "merged" and (state.records or state.parts)]


@settings(max_examples=30, deadline=None)
@given(pools, st.lists(st.tuples(st.just("merge"), pairs), max_size=6), st.permutations(EVERY_PAIR))
def test_whatever_was_merged_can_be_parted_exactly_in_any_order(pool: Any, merges: Any, order: Any) -> None:
    found = ran(pool, merges)
    for name, other in order * len(NAMES):
        found.do("unmerge", name, other)

    assert {name: bare(state) for name, state in found.now.items()} == {
        name: bare(state) for name, state in found.start.items()
    }


@settings(max_examples=30, deadline=None)
@given(pools, st.data())
def test_what_is_said_of_a_survivor_is_right_after_it_was_parted(pool: Any, data: st.DataObject) -> None:
    before = Pool(pool)
    before.do("merge", "a", "b")
    state = before.now["a"]
    tag, stage = data.draw(st.sampled_from(["x", "y"])), data.draw(st.sampled_from(Lifecycle().stages))
    before.keep(state.tag(tag, at=before.at()))
    before.keep(before.now["a"].advance(stage, at=before.at(), back=True, reason="law"))
    for point in state.points:
        before.keep(before.now["a"].change_point(point, at=before.at(), state="bounced"))
    before.do("unmerge", "a", "b")
    one, other = before.now["a"], before.now["b"]

    assert (tag in one.tags, one.stage, other.stage) == (True, stage, pool[1].stage)
    for was, now in ((pool[0], one), (pool[1], other)):
        assert {point.field for point in was.points} == {point.field for point in now.points}
    mine = {point.field for point in one.points}
    assert {point.field for point in one.direct.points if point.state == "bounced"} == mine
    assert {point.field for point in other.direct.points} == {point.field for point in other.points} - mine


@settings(max_examples=30, deadline=None)
@given(pools, steps)
def test_replaying_the_events_gives_the_states(pool: Any, commands: Any) -> None:
    found = ran(pool, commands)

    for name, state in found.now.items():
        events = sorted((event for event in found.events if event.source == name), key=lambda event: event.version)
        assert state == replay(Customer.evolve, events, found.start[name])


@settings(max_examples=30, deadline=None)
@given(pools, st.permutations(NAMES[1:]))
def test_the_order_of_merges_does_not_matter(pool: Any, order: list[str]) -> None:
    outcomes = []
    for names in (NAMES[1:], order):
        found = Pool(pool)
        for name in names:
            found.do("merge", "a", name)
        outcomes.append(found.now["a"])
    one, two = outcomes

    assert (one.profile, one.stage, one.furthest_stage) == (two.profile, two.stage, two.furthest_stage)
    assert one.records == two.records


@settings(max_examples=30, deadline=None)
@given(pools)
def test_how_the_parts_were_merged_among_themselves_does_not_matter(pool: Any) -> None:
    row, tree = Pool(pool), Pool(pool)
    for one, other in (("a", "b"), ("a", "c"), ("a", "d")):
        row.do("merge", one, other)
    for one, other in (("c", "d"), ("b", "c"), ("a", "b")):
        tree.do("merge", one, other)

    assert row.now["a"].stage == tree.now["a"].stage
    assert row.now["a"].records == tree.now["a"].records
    assert row.now["a"].profile == tree.now["a"].profile


@settings(max_examples=30, deadline=None)
@given(pools, steps, st.lists(st.sampled_from(NAMES), max_size=6))
def test_the_entries_read_through_aliases_are_the_same_before_and_after(
    pool: Any, commands: Any, subjects: list[str]
) -> None:
    entries = [
        Consent(f"e{place}", customer=subject, at=DAY, status="granted", purpose="news")
        for place, subject in enumerate(subjects)
    ]
    found = ran(pool, commands)
    aliases = Aliases(found.events)
    live = {state.id for state in found.live()}
    read = Counter(entry.id for name in live for entry in entries if entry.subject in aliases.all(name))

    assert read == Counter(entry.id for entry in entries)
    assert {aliases.current(name) for name in NAMES} == live
    assert {aliases.owner(entry) for entry in entries} <= live
    assert aliases == Aliases(found.events[::-1])


@settings(max_examples=30, deadline=None)
@given(strategies.customers(name=strategies.person_names(), max_size=8))
def test_own_statements_alone_read_as_their_picture(customer: Customer) -> None:
    """The short way past the picture gives what the long one would."""
    alone = attrs.evolve(customer, records=(), parts=())
    if not alone.survivorship.is_plain:
        return
    profile = golden([alone.direct])

    assert alone.name == profile.get("name")
    assert alone.points == profile.get("points", ())
    assert set(alone.relationships) == set(profile.get("relationships", ()))
    assert alone.tags == tuple(sorted(profile.get("tags", ())))
    assert alone.identifiers == tuple(sorted(profile.get("identifiers", ())))
    pictured = attrs.evolve(alone, records=(Record("none", "1", DAY),))
    assert alone.facts() == pictured.facts()
