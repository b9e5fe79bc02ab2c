"""Laws of the customer: replaying the events gives the state, whatever the commands were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from relex.changes import Change, Event, replay
from relex.customers import Attribute, AttributeSchema, Customer, Identifier, Lifecycle, PersonName
from relex.errors import Rejected

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
SCHEMA = AttributeSchema([Attribute("a", str), Attribute("b", bool), Attribute("c", str, many=True)])
Command = Callable[[Customer, datetime], Change[Customer]]

words = st.sampled_from(["x", "y", "z"])
values = st.fixed_dictionaries(
    {}, optional={"a": st.none() | words, "b": st.none() | st.booleans(), "c": st.none() | st.lists(words)}
)


def _commands() -> st.SearchStrategy[Command]:
    identifiers = words.map(lambda word: Identifier("card", word))
    stages = st.sampled_from([*Lifecycle().stages, *Lifecycle().former])
    return st.one_of(
        words.map(lambda word: lambda c, at: c.rename(PersonName(word), at=at)),
        identifiers.map(lambda found: lambda c, at: c.add_identifier(found, at=at)),
        identifiers.map(lambda found: lambda c, at: c.remove_identifier(found, at=at)),
        words.map(lambda word: lambda c, at: c.tag(word, at=at)),
        words.map(lambda word: lambda c, at: c.untag(word, at=at)),
        (st.none() | words).map(lambda word: lambda c, at: c.assign(word, at=at)),
        st.tuples(stages, st.booleans()).map(lambda s: lambda c, at: c.advance(s[0], at=at, back=s[1], reason="law")),
        st.sampled_from(Lifecycle().stages).map(lambda stage: lambda c, at: c.advance_at_least(stage, at=at)),
        values.map(lambda found: lambda c, at: c.set(found, SCHEMA, at=at)),
        st.sampled_from(["a", "b", "c"]).map(lambda name: lambda c, at: c.clear(name, schema=SCHEMA, at=at)),
    )


@settings(max_examples=80)
@given(st.lists(st.tuples(_commands(), st.integers(0, 3)), max_size=12))
def test_replaying_all_events_gives_the_customer(commands: list[tuple[Command, int]]) -> None:
    change = Customer.open("c1", PersonName("Ada"), at=DAY)
    at, events, states = DAY, list[Event](change.events), [change.state]
    for command, hours in commands:
        at += timedelta(hours=hours)
        try:
            change = command(states[-1], at)
        except Rejected:
            continue
        events += change.events
        states.append(change.state)

    assert states[-1] == replay(Customer.evolve, events)
    assert list(range(1, len(events) + 1)) == [event.version for event in events]
    assert all(len(set(state.tags)) == len(state.tags) and list(state.tags) == sorted(state.tags) for state in states)


@settings(max_examples=80)
@given(st.lists(_commands(), max_size=8), _commands())
def test_the_same_command_twice_gives_no_second_event(commands: list[Command], command: Command) -> None:
    state = Customer.open("c1", PersonName("Ada"), at=DAY).state
    for before in commands:
        try:
            state = before(state, DAY).state
        except Rejected:
            continue
    try:
        state = command(state, DAY).state
    except Rejected:
        return

    assert command(state, DAY).events == ()
