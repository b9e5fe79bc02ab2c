"""Customers, reached by the commands that a company gives them, and what happens to them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.changes import Change
from relex.customers import (
    Attribute,
    AttributeSchema,
    AttributesCleared,
    AttributesSet,
    BornStated,
    Customer,
    CustomerErased,
    CustomerOpened,
    CustomerRenamed,
    CustomerRestored,
    CustomersMerged,
    CustomersUnmerged,
    IdentifierAdded,
    IdentifierRemoved,
    Lifecycle,
    MergedInto,
    MergedPart,
    OrganizationName,
    OwnerChanged,
    PersonName,
    PointRemoved,
    PointStated,
    PreferencesStated,
    RecordDropped,
    RecordTaken,
    RelationshipEnded,
    RelationshipStated,
    StageChanged,
    SurvivorshipChanged,
    TagsChanged,
    merge,
    unmerge,
)
from relex.rules import Kind
from relex.testing.strategies._basics import days, decimals, either, ids, instants, named, sizes, texts, words
from relex.testing.strategies._parties import identifiers, names, organization_names, person_names
from relex.testing.strategies._records import (
    contact_points,
    preferences,
    records,
    relationships,
    survivorships,
)
from relex.testing.strategies._rules import constants
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Event
    from relex.parties import Record

__all__ = [
    "CUSTOM",
    "STORED",
    "attribute_schemas",
    "attributes",
    "customer_changes",
    "customer_commands",
    "customer_events",
    "customers",
    "merged_parts",
]

CUSTOM = AttributeSchema(
    [
        Attribute("region", str, choices=["north", "south"]),
        Attribute("note", str),
        Attribute("likes", str, many=True),
        Attribute("children", int),
        Attribute("budget", Decimal),
        Attribute("newsletter", bool),
        Attribute("born", date),
        Attribute("called_at", datetime),
    ]
)
"""The attributes that customers are given."""

_VALUES: dict[str, SearchStrategy[Any]] = {
    "region": st.sampled_from(("north", "south", None)),
    "note": texts(),
    "likes": st.lists(words(), max_size=3),
    "children": st.integers(0, 5) | st.integers(-(2**70), 2**70),
    "budget": decimals(),
    "newsletter": st.booleans(),
    "born": days(),
    "called_at": instants(),
}

_STAGES = Lifecycle().stages
_FORMER = Lifecycle().former
_TAGS = st.lists(words(), min_size=1, max_size=3)
_OWNERS = st.none() | ids()


def customer_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    name: PersonName | OrganizationName | SearchStrategy[Any] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 6,
) -> SearchStrategy[tuple[Change[Customer], ...]]:
    """The history of one customer as a store is asked to save it: the opening, then changes that follow each other.

    Shrinks to an opening alone.

    Args:
        id: Of the customer, or what ids are drawn from.
        name: At the opening.
        at: Of the opening.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("customer_changes", min_size, max_size, lowest=1)
    opened = st.builds(
        _open,
        either("customer_changes.id", id, _checks.text, ids()),
        either("customer_changes.name", name, _checks.a(PersonName, OrganizationName), names()),
        either("customer_changes.at", at, _checks.instant, instants()),
        _FIRST,
    )
    return histories(opened, customer_commands(), min_size, max_size)


def _open(id_: str, name: PersonName | OrganizationName, at: datetime, more: dict[str, Any]) -> Change[Customer]:
    return Customer.open(id_, name, at=at, **more)


_FIRST = st.fixed_dictionaries(
    {},
    optional={
        "identifiers": st.lists(identifiers(), max_size=2),
        "tags": _TAGS,
        "owner": _OWNERS,
        "stage": st.sampled_from(_STAGES),
    },
)


def customers(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    name: PersonName | OrganizationName | SearchStrategy[Any] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 6,
) -> SearchStrategy[Customer]:
    """Customers after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the customer, or what ids are drawn from.
        name: At the opening.
        at: Of the opening.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `customer_changes`.

    .. versionadded:: 0.1.0
    """
    return customer_changes(id=id, name=name, at=at, max_size=max_size).map(_state)


def _state(changes: tuple[Change[Customer], ...]) -> Customer:
    return changes[-1].state


def customer_commands() -> SearchStrategy[Callable[[Customer], Change[Customer]]]:
    """The next command for any customer: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    Example:
        >>> from hypothesis import given
        >>> @given(customers(), customer_commands())
        ... def test_versions_count_events(customer, command):
        ...     change = command(customer)
        ...     assert change.state.version == customer.version + len(change.events)
        >>> test_versions_count_events()

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def _step(name: str, run: Callable[..., Change[Customer]], *given: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.tuples(pauses(), *given).map(lambda drawn: Step(name, run, drawn))


def _rename(state: Customer, pause: timedelta, person: PersonName, other: OrganizationName) -> Change[Customer]:
    return state.rename(person if state.kind == "person" else other, at=later(state.changed_at, pause))


def _add_identifier(state: Customer, pause: timedelta, identifier: Any) -> Change[Customer]:
    return state.add_identifier(identifier, at=later(state.changed_at, pause))


def _remove_identifier(state: Customer, pause: timedelta, which: int, other: Any) -> Change[Customer]:
    found = state.identifiers[which % len(state.identifiers)] if state.identifiers else other
    return state.remove_identifier(found, at=later(state.changed_at, pause))


def _tag(state: Customer, pause: timedelta, tags: list[str]) -> Change[Customer]:
    return state.tag(*tags, at=later(state.changed_at, pause))


def _untag(state: Customer, pause: timedelta, which: int, other: str) -> Change[Customer]:
    found = state.tags[which % len(state.tags)] if state.tags else other
    return state.untag(found, at=later(state.changed_at, pause))


def _assign(state: Customer, pause: timedelta, owner: str | None) -> Change[Customer]:
    return state.assign(owner, at=later(state.changed_at, pause))


def _advance(state: Customer, pause: timedelta, stage: str) -> Change[Customer]:
    return state.advance(stage, at=later(state.changed_at, pause), back=True, reason="as told")


def _advance_at_least(state: Customer, pause: timedelta, stage: str) -> Change[Customer]:
    return state.advance_at_least(stage, at=later(state.changed_at, pause))


def _set(state: Customer, pause: timedelta, values: dict[str, Any]) -> Change[Customer]:
    return state.set(values, CUSTOM, at=later(state.changed_at, pause))


def _clear(state: Customer, pause: timedelta, cleared: list[str]) -> Change[Customer]:
    return state.clear(*cleared, schema=CUSTOM, at=later(state.changed_at, pause))


def _add_point(state: Customer, pause: timedelta, point: Any) -> Change[Customer]:
    return state.add_point(point, at=later(state.changed_at, pause))


def _change_point(
    state: Customer, pause: timedelta, which: int, changes: dict[str, Any], other: Any
) -> Change[Customer]:
    at = later(state.changed_at, pause)
    if not state.points:
        return state.add_point(other, at=at)
    return state.change_point(state.points[which % len(state.points)], at=at, **changes)


def _remove_point(state: Customer, pause: timedelta, which: int, other: Any) -> Change[Customer]:
    found = state.points[which % len(state.points)] if state.points else other
    return state.remove_point(found, at=later(state.changed_at, pause))


def _relate(state: Customer, pause: timedelta, tie: Any) -> Change[Customer]:
    return Change(state, ()) if tie.to == state.id else state.relate(tie, at=later(state.changed_at, pause))


def _end_relation(state: Customer, pause: timedelta, which: int) -> Change[Customer]:
    at = later(state.changed_at, pause)
    found = [tie for tie in state.relationships if tie.valid is None or (tie.valid.end is None and tie.holds(at))]
    if not found:
        return Change(state, ())
    tie = found[which % len(found)]
    return state.end_relation(tie.kind, tie.to, role=tie.role, at=at)


def _state_born(state: Customer, pause: timedelta, born: Any) -> Change[Customer]:
    return state.state_born(born, at=later(state.changed_at, pause))


def _prefer(state: Customer, pause: timedelta, given: Any) -> Change[Customer]:
    return state.prefer(given, at=later(state.changed_at, pause))


def _take(state: Customer, pause: timedelta, person: Any, organization: Any) -> Change[Customer]:
    record = person if state.kind == "person" else organization
    known = [found for found in state.records if found.id == record.id]
    return Change(state, ()) if known else state.take(record, at=later(state.changed_at, pause))


def _drop(state: Customer, pause: timedelta, which: int) -> Change[Customer]:
    if not state.records:
        return Change(state, ())
    return state.drop(state.records[which % len(state.records)].ref, at=later(state.changed_at, pause))


def _survive(state: Customer, pause: timedelta, survivorship: Any) -> Change[Customer]:
    return state.survive(survivorship, at=later(state.changed_at, pause))


_WHICH = st.integers(0, 3)
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "primary": st.booleans(),
        "shared": st.booleans(),
        "state": st.sampled_from(("ok", "bounced", "invalid")),
        "purposes": st.lists(words(), max_size=2),
    },
)
_NAMES = [attribute.name for attribute in CUSTOM.attributes]
_STEPS: dict[str, SearchStrategy[Any]] = {
    "tag": _step("tag", _tag, _TAGS),
    "set": _step("set", _set, st.fixed_dictionaries({}, optional=_VALUES)),
    "assign": _step("assign", _assign, _OWNERS),
    "advance": _step("advance", _advance, st.sampled_from(_STAGES + _FORMER)),
    "advance_at_least": _step("advance_at_least", _advance_at_least, st.sampled_from(_STAGES)),
    "rename": _step("rename", _rename, person_names(), organization_names()),
    "add_identifier": _step("add_identifier", _add_identifier, identifiers()),
    "remove_identifier": _step("remove_identifier", _remove_identifier, _WHICH, identifiers()),
    "untag": _step("untag", _untag, _WHICH, words()),
    "add_point": _step("add_point", _add_point, contact_points()),
    "change_point": _step("change_point", _change_point, _WHICH, _CHANGES, contact_points()),
    "remove_point": _step("remove_point", _remove_point, _WHICH, contact_points()),
    "relate": _step("relate", _relate, relationships()),
    "end_relation": _step("end_relation", _end_relation, _WHICH),
    "state_born": _step("state_born", _state_born, days() | texts()),
    "prefer": _step("prefer", _prefer, st.none() | preferences()),
    "take": _step("take", _take, records(kind="person"), records(kind="organization")),
    "drop": _step("drop", _drop, _WHICH),
    "survive": _step("survive", _survive, survivorships()),
    "clear": _step("clear", _clear, st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2)),
}
_COMMANDS: SearchStrategy[Any] = named("customer_commands", st.one_of(*_STEPS.values()))


def customer_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of customers, as commands made them.

    Args:
        kind: The only class, such as `TagsChanged`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*[_event(each) for each in _EVENTS])
    _checks.one_of(*_EVENTS).require("customer_events.kind", kind)
    return _event(kind)


_MADE_BY: dict[type[Event], tuple[str, ...]] = {
    CustomerOpened: (),
    CustomerRenamed: ("rename",),
    IdentifierAdded: ("add_identifier",),
    IdentifierRemoved: ("add_identifier", "remove_identifier"),
    TagsChanged: ("tag",),
    OwnerChanged: ("assign",),
    StageChanged: ("advance",),
    AttributesSet: ("set",),
    AttributesCleared: ("clear",),
    PointStated: ("add_point",),
    PointRemoved: ("add_point", "remove_point"),
    RelationshipStated: ("relate",),
    RelationshipEnded: ("relate", "end_relation"),
    BornStated: ("state_born",),
    PreferencesStated: ("prefer",),
    RecordTaken: ("take",),
    RecordDropped: ("take", "drop"),
    SurvivorshipChanged: ("survive",),
}
"""The commands that lead to each event."""


def _event(kind: type[Event]) -> SearchStrategy[Any]:
    if kind in _OF_TWO:
        return _merges().map(lambda events: next(event for event in events if type(event) is kind))
    if kind is CustomerErased:
        parts = {"source": ids(), "version": st.integers(2, 9), "at": instants(), "by": words()}
        return st.builds(CustomerErased, reason=st.none() | words(), **parts)
    path = st.tuples(customer_changes(max_size=1), *[_STEPS[name] for name in _MADE_BY[kind]])
    return path.map(_last_event).filter(lambda event: type(event) is kind)


_OF_TWO: tuple[type[Event], ...] = (CustomersMerged, MergedInto, CustomersUnmerged, CustomerRestored)


_EVENTS: tuple[type[Event], ...] = (*_MADE_BY, *_OF_TWO, CustomerErased)


def _last_event(path: tuple[Any, ...]) -> Event:
    change = path[0][0]
    for step in path[1:]:
        change = change.then(step)
    return change.events[-1] if change.events else change  # type: ignore[no-any-return]


def _merges() -> SearchStrategy[tuple[Event, ...]]:
    """The four events of two customers that are merged and parted again."""
    two = st.tuples(customers(id="one", name=person_names()), customers(id="two", name=person_names()))
    return st.builds(_merged_and_parted, two, records(kind="person"))


def _merged_and_parted(two: tuple[Customer, Customer], record: Record) -> tuple[Event, ...]:
    at = max(two[0].changed_at, two[1].changed_at, key=lambda instant: instant.timestamp())
    one = two[0] if record.source == "direct" else two[0].take(record, at=at).state
    shared = {found.ref for found in one.records}.intersection(found.ref for found in two[1].records)
    one = reduce(lambda state, ref: state.drop(ref, at=at).state, sorted(shared), one)
    done = merge(one, two[1], by="eve", reason="the same", at=at)
    parted = unmerge(done.survivor, done.other, by="eve", reason="not the same", at=at)
    return tuple(event for change in (*done.changes, *parted.changes) for event in change.events)


def merged_parts() -> SearchStrategy[MergedPart]:
    """Who came in with a merge, with which records and stages.

    .. versionadded:: 0.1.0
    """
    return _event(CustomersMerged).map(lambda event: event.parts[0])


def attributes() -> SearchStrategy[Attribute]:
    """Declarations of attributes of every type, some with choices, some of many texts.

    .. versionadded:: 0.1.0
    """
    return st.one_of(*[_attributes(name) for name in _ATTRIBUTES])


_ATTRIBUTES: dict[str, tuple[Kind, type]] = {
    "str": (Kind.TEXT, str),
    "int": (Kind.NUMBER, int),
    "Decimal": (Kind.NUMBER, Decimal),
    "bool": (Kind.FLAG, bool),
    "date": (Kind.DAY, date),
    "datetime": (Kind.INSTANT, datetime),
}


def _attributes(name: str) -> SearchStrategy[Attribute]:
    kind, of = _ATTRIBUTES[name]
    choices = st.lists(constants(kind=kind).filter(lambda value: type(value) is of and value != ""), max_size=3)
    many = st.booleans() if of is str else st.just(value=False)
    return st.builds(Attribute, words(), st.just(name), choices=choices, many=many, label=st.none() | texts())


def attribute_schemas() -> SearchStrategy[AttributeSchema]:
    """Declarations of up to three attributes.

    .. versionadded:: 0.1.0
    """
    some = st.lists(attributes(), max_size=3, unique_by=lambda attribute: attribute.name)
    return st.builds(AttributeSchema, some, version=st.integers(1, 3))


def _events_of(kind: type[Event]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: customer_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Attribute: attributes,
    AttributeSchema: attribute_schemas,
    Customer: customers,
    MergedPart: merged_parts,
    **{kind: _events_of(kind) for kind in _EVENTS},
}
"""The strategy of every stored form of `relex.customers`."""
