"""The customer: commands, events, states, facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.changes import Change, Event
from relex.codec import dumps, loads
from relex.customers import (
    Attribute,
    AttributeSchema,
    AttributesCleared,
    AttributesSet,
    Customer,
    CustomerOpened,
    CustomerRenamed,
    Identifier,
    IdentifierAdded,
    IdentifierRemoved,
    Lifecycle,
    OrganizationName,
    OwnerChanged,
    PersonName,
    StageChanged,
    TagsChanged,
)
from relex.errors import Conflict, InvalidValue, Rejected
from relex.parties import Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
ADA = PersonName("Ada Lovelace")
KING = PersonName("Ada King")
CARD = Identifier("card", "17")
SCHEMA = AttributeSchema([Attribute("region", str, choices=["kanto", "kansai"]), Attribute("children", int)])


@pytest.fixture
def ada() -> Customer:
    """Ada, a lead with one card and one tag."""
    return Customer.open("c1", ADA, at=DAY, identifiers=[CARD], tags=["vip"], owner="o1", stage="lead").state


def test_opening_gives_one_event_and_the_first_version(ada: Customer) -> None:
    state, events = Customer.open("c1", ADA, at=DAY, identifiers=[CARD, CARD], tags=["vip"], owner="o1", stage="lead")
    opened = CustomerOpened(
        source="c1",
        version=1,
        at=DAY,
        direct=Record("direct", "c1", DAY, name=ADA, identifiers=[CARD], tags=["vip"]),
        owner="o1",
        stage="lead",
    )

    assert ((opened,), ada) == (events, state)
    assert ada.stages == (("lead", DAY),)


@pytest.mark.parametrize(("name", "kind"), [(ADA, "person"), (OrganizationName("Casa Ltd"), "organization")])
def test_the_kind_comes_from_the_name(name: PersonName | OrganizationName, kind: str) -> None:
    assert kind == Customer.open("c1", name, at=DAY).state.kind


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"id": ""}, "open.id"),
        ({"of": "Ada"}, "open.of"),
        ({"of": Record("direct", "c1", DAY)}, "open.of"),
        ({"at": datetime(2026, 5, 1)}, "open.at"),  # noqa: DTZ001 - what is refused
        ({"identifiers": "card"}, "open.identifiers"),
        ({"identifiers": ["card"]}, "open.identifiers"),
        ({"tags": "vip"}, "open.tags"),
        ({"tags": 7}, "open.tags"),
        ({"owner": ""}, "CustomerOpened.owner"),
        ({"stage": "vip"}, "Lifecycle.stage"),
    ],
)
def test_a_bad_opening_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Customer.open(**({"id": "c1", "of": ADA, "at": DAY} | fields))  # type: ignore[arg-type]

    assert path == caught.value.path


Command = Callable[[Customer], Change[Customer]]
CHANGING: list[tuple[Command, Event]] = [
    (
        lambda c: c.rename(KING, at=NEXT),
        CustomerRenamed(source="c1", version=2, at=NEXT, name=KING),
    ),
    (
        lambda c: c.add_identifier(Identifier("app", "3"), at=NEXT),
        IdentifierAdded(source="c1", version=2, at=NEXT, identifier=Identifier("app", "3")),
    ),
    (lambda c: c.remove_identifier(CARD, at=NEXT), IdentifierRemoved(source="c1", version=2, at=NEXT, identifier=CARD)),
    (lambda c: c.tag("b", "a", "vip", at=NEXT), TagsChanged(source="c1", version=2, at=NEXT, added=("a", "b"))),
    (lambda c: c.untag("vip", "x", at=NEXT), TagsChanged(source="c1", version=2, at=NEXT, removed=("vip",))),
    (lambda c: c.assign("o2", at=NEXT), OwnerChanged(source="c1", version=2, at=NEXT, owner="o2")),
    (lambda c: c.assign(None, at=NEXT), OwnerChanged(source="c1", version=2, at=NEXT, owner=None)),
    (
        lambda c: c.advance("customer", at=NEXT),
        StageChanged(source="c1", version=2, at=NEXT, stage="customer", furthest_stage="customer"),
    ),
    (
        lambda c: c.advance("subscriber", at=NEXT, back=True, reason="typo"),
        StageChanged(source="c1", version=2, at=NEXT, stage="subscriber", furthest_stage="lead", reason="typo"),
    ),
    (
        lambda c: c.advance_at_least("sql", at=NEXT),
        StageChanged(source="c1", version=2, at=NEXT, stage="sql", furthest_stage="sql"),
    ),
    (
        lambda c: c.set({"region": "kanto", "children": None}, SCHEMA, at=NEXT),
        AttributesSet(source="c1", version=2, at=NEXT, values=(("children", None), ("region", "kanto"))),
    ),
    (
        lambda c: c.clear("region", schema=SCHEMA, at=NEXT),
        AttributesCleared(source="c1", version=2, at=NEXT, names=("region",)),
    ),
]


@pytest.mark.parametrize(("command", "event"), CHANGING)
def test_a_command_gives_one_event_and_the_state_after_it(ada: Customer, command: Command, event: Event) -> None:
    change = command(ada)

    assert (event,) == change.events
    assert Customer.evolve(ada, event) == change.state
    assert (change.state.version, change.state.changed_at, change.expected) == (2, NEXT, 1)


@pytest.mark.parametrize(("command", "event"), CHANGING)
def test_events_and_states_have_a_stored_form(ada: Customer, command: Command, event: Event) -> None:
    state = command(ada).state

    assert event == loads(dumps(event), type(event))
    assert state == loads(dumps(state), Customer)


@pytest.mark.parametrize(
    "command",
    [
        lambda c: c.rename(ADA, at=NEXT),
        lambda c: c.add_identifier(CARD, at=NEXT),
        lambda c: c.remove_identifier(Identifier("app", "3"), at=NEXT),
        lambda c: c.tag("vip", at=NEXT),
        lambda c: c.untag("x", at=NEXT),
        lambda c: c.assign("o1", at=NEXT),
        lambda c: c.advance("lead", at=NEXT),
        lambda c: c.advance_at_least("subscriber", at=NEXT),
        lambda c: c.set({}, SCHEMA, at=NEXT),
        lambda c: c.clear(schema=SCHEMA, at=NEXT),
    ],
)
def test_a_command_that_changes_nothing_gives_no_event(ada: Customer, command: Command) -> None:
    assert Change(ada, ()) == command(ada)


@pytest.mark.parametrize(("command", "_"), CHANGING)
def test_nothing_happens_before_the_last_event(ada: Customer, command: Command, _: Event) -> None:
    later = ada.tag("late", at=NEXT + timedelta(hours=1)).state

    with pytest.raises(Rejected) as caught:
        command(later)

    assert ("out_of_order", NEXT + timedelta(hours=1)) == (caught.value.reason, caught.value.details["not_before"])


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (lambda c: c.rename("Ada", at=NEXT), "rename.name"),
        (lambda c: c.rename(OrganizationName("Ada"), at=NEXT), "rename.name"),
        (lambda c: c.rename(ADA, at=None), "rename.at"),
        (lambda c: c.add_identifier("17", at=NEXT), "add_identifier.identifier"),
        (lambda c: c.remove_identifier("17", at=NEXT), "remove_identifier.identifier"),
        (lambda c: c.tag("", at=NEXT), "tag.tags"),
        (lambda c: c.untag(7, at=NEXT), "untag.tags"),
        (lambda c: c.assign("", at=NEXT), "assign.owner"),
        (lambda c: c.advance_at_least("vip", at=NEXT), "Lifecycle.stage"),
        (lambda c: c.set({"size": "M"}, SCHEMA, at=NEXT), "custom.size"),
        (lambda c: c.clear("size", schema=SCHEMA, at=NEXT), "custom.size"),
    ],
)
def test_bad_arguments_are_one_clear_error(ada: Customer, command: Command, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        command(ada)

    assert path == caught.value.path


def test_a_backward_stage_is_rejected(ada: Customer) -> None:
    with pytest.raises(Rejected, match="backward"):
        ada.advance("subscriber", at=NEXT)


@pytest.mark.parametrize(("stage", "expected"), [("subscriber", "lead"), ("opportunity", "opportunity")])
def test_a_company_set_to_lead_leaves_who_is_further(stage: str, expected: str) -> None:
    """Contacts at `subscriber` and `opportunity`, their company set to `lead` with synchronization.

    Source: HubSpot, "Manage how lifecycle stages sync".
    """
    contact = Customer.open("c1", ADA, at=DAY, stage=stage).state

    assert expected == contact.advance_at_least("lead", at=NEXT).state.stage


def test_a_customer_who_left_keeps_the_furthest_stage_and_the_history(ada: Customer) -> None:
    left = ada.advance("customer", at=NEXT).then(lambda c: c.advance("churned", at=NEXT)).state

    assert (left.stage, left.furthest_stage) == ("churned", "customer")
    assert left.stages == (("lead", DAY), ("customer", NEXT), ("churned", NEXT))
    assert Change(left, ()) == left.advance_at_least("customer", at=NEXT)
    assert left.advance_at_least("evangelist", at=NEXT).state.stage == "evangelist"


def test_stages_are_those_of_the_lifecycle_given() -> None:
    lifecycle = Lifecycle(["guest", "member"], former=(), former_from="member")
    guest = Customer.open("c1", ADA, at=DAY, stage="guest", lifecycle=lifecycle).state

    assert guest.advance("member", at=DAY, lifecycle=lifecycle).state.stage == "member"


def test_unknown_cleared_and_absent_are_three_things(ada: Customer) -> None:
    unknown = ada.set({"region": None}, SCHEMA, at=NEXT).state
    cleared = unknown.clear("region", schema=SCHEMA, at=NEXT).state

    assert (ada.attributes, ada.cleared) == ((), ())
    assert (unknown.attributes, unknown.cleared) == ((("region", None),), ())
    assert (cleared.attributes, cleared.cleared) == ((), ("region",))


def test_a_value_ends_the_clearing(ada: Customer) -> None:
    cleared = ada.clear("region", "children", schema=SCHEMA, at=NEXT).state
    found = cleared.set({"region": "kansai"}, SCHEMA, at=NEXT).state

    assert found.cleared == ("children",)
    assert found.set({"region": "kansai"}, SCHEMA, at=NEXT).events == ()


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (TagsChanged(source="c1", version=3, at=NEXT, added=("a",)), Conflict),
        (TagsChanged(source="c2", version=2, at=NEXT, added=("a",)), Conflict),
        (CustomerOpened(source="c1", version=2, at=NEXT, direct=Record("direct", "c1", NEXT, name=ADA)), InvalidValue),
        (Event(source="c1", version=2, at=NEXT), InvalidValue),
    ],
)
def test_an_event_that_cannot_follow_is_refused(ada: Customer, event: Event, error: type[Exception]) -> None:
    with pytest.raises(error):
        Customer.evolve(ada, event)


def test_an_opening_holds_the_customers_own_statements() -> None:
    with pytest.raises(InvalidValue) as caught:
        CustomerOpened(source="c1", version=1, at=DAY, direct=Record("direct", "c2", DAY))

    assert caught.value.path == "CustomerOpened.direct"


def test_the_first_event_is_the_opening() -> None:
    with pytest.raises(InvalidValue, match="CustomerOpened"):
        Customer.evolve(None, TagsChanged(source="c1", version=1, at=NEXT, added=("a",)))


def test_a_history_that_begins_later_is_refused() -> None:
    with pytest.raises(Conflict):
        Customer.evolve(
            None, CustomerOpened(source="c1", version=2, at=NEXT, direct=Record("direct", "c1", NEXT, name=ADA))
        )


@pytest.mark.parametrize("values", [[("a", 1)], (("a",),), (("", 1),), ("ab",)])
def test_attribute_values_are_pairs(values: object) -> None:
    with pytest.raises(InvalidValue, match="pair"):
        AttributesSet(source="c1", version=2, at=NEXT, values=values)  # type: ignore[arg-type]


def test_facts_have_stable_names(ada: Customer) -> None:
    state = ada.set({"region": "kanto", "children": None}, SCHEMA, at=NEXT).state
    expected = {
        "customer.city": None,
        "customer.country": None,
        "customer.email_domain": None,
        "customer.language": None,
        "customer.parent": None,
        "customer.status": "live",
        "customer.id": "c1",
        "customer.kind": "person",
        "customer.stage": "lead",
        "customer.furthest_stage": "lead",
        "customer.owner": "o1",
        "customer.tags": ("vip",),
        "customer.created_on": date(2026, 5, 1),
        "custom.children": None,
        "custom.region": "kanto",
    }

    assert expected == state.facts()


def test_a_customer_shows_itself_escaped(ada: Customer) -> None:
    shown = ada.tag("<b>", at=NEXT).state._repr_html_()

    assert "<td>&lt;b&gt;, vip</td>" in shown
    assert "<b>" not in shown


BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)
WINTER = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)  # twenty minutes later, on clocks that were put back


def test_order_is_by_instant_when_clocks_are_put_back() -> None:
    ada = Customer.open("c1", ADA, at=SUMMER).state

    assert ada.tag("vip", at=WINTER).state.tags == ("vip",)


def test_an_earlier_instant_is_refused_although_the_clock_shows_a_later_time() -> None:
    ada = Customer.open("c1", ADA, at=WINTER).state

    with pytest.raises(Rejected, match="out_of_order"):
        ada.tag("vip", at=SUMMER)


def test_a_customer_and_its_events_are_equal_to_what_is_read_without_zones() -> None:
    ada, events = Customer.open("c1", ADA, at=WINTER, stage="lead")

    assert ada == loads(dumps(ada), Customer)
    assert events[0] == loads(dumps(events[0]), CustomerOpened)


@pytest.mark.parametrize("reason", ["", 5])
def test_a_reason_is_a_text_or_none(ada: Customer, reason: Any) -> None:
    """Otherwise the event could be made and never be read again."""
    with pytest.raises(InvalidValue) as caught:
        ada.advance("customer", at=NEXT, reason=reason)

    assert caught.value.path == "advance.reason"


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (lambda ada: Customer.open("c1", ADA, at=DAY, stage="lead", lifecycle="x"), "open.lifecycle"),
        (lambda ada: ada.advance("customer", at=DAY, lifecycle=None), "advance.lifecycle"),
        (lambda ada: ada.advance_at_least("customer", at=DAY, lifecycle=5), "advance_at_least.lifecycle"),
        (lambda ada: ada.set({}, None, at=DAY), "set.schema"),
        (lambda ada: ada.clear("region", schema=5, at=DAY), "clear.schema"),
        (lambda ada: Customer.evolve(ada, 5), "Customer.evolve.event"),
        (lambda ada: attrs.evolve(ada, records=[]), "Customer.records"),
        (lambda ada: attrs.evolve(ada, parts=("c2",)), "Customer.parts"),
        (lambda ada: attrs.evolve(ada, stages=(("lead", 5),)), "Customer.stages"),
        (lambda ada: AttributesSet(source="c1", version=2, at=DAY, values=(("x", [1]),)), "AttributesSet.values"),
        (lambda ada: AttributesSet(source="c1", version=2, at=DAY, values=(("x", (1,)),)), "AttributesSet.values"),
    ],
)
def test_what_is_of_another_type_is_one_clear_error(ada: Customer, command: Callable[[Any], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        command(ada)

    assert path == caught.value.path


def test_a_page_shows_what_is_false_or_zero(ada: Customer) -> None:
    page = ada.set({"children": 0}, SCHEMA, at=NEXT).state._repr_html_()

    assert "<th>children</th><td>0</td>" in page
