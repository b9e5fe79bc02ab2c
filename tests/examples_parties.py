"""Examples of names, identifiers, lifecycles and customers with their events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relex.calendars import Period
from relex.customers import Attribute, AttributeSchema, Customer, CustomerErased, merge, unmerge
from relex.parties import (
    MOST_COMPLETE,
    ContactPoint,
    Identifier,
    Lifecycle,
    OrganizationName,
    PersonName,
    Policy,
    PostalAddress,
    Preferences,
    Record,
    Relationship,
    Survivorship,
)

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CARD = Identifier("shop", "4711")
MAIL = ContactPoint("email", "ada@example.com", purposes=["billing"], verified_at=AT, valid=Period(AT))
HOME = PostalAddress(street="Storgatan 1", city="Umeå", postal_code="903 26", country="SE")
BOSS = Relationship("employment", "acme", role="Buyer", valid=Period(AT))
SAID = Record(
    "crm",
    "7",
    AT,
    name=PersonName("Ada King"),
    points=[ContactPoint("postal", HOME, state="ok")],
    born=date(1990, 2, 28),
    values={"title": "Buyer", "note": None, "visits": 3},
    cleared=["phone"],
    times={"title": AT},
)
SAID_LATER = Record("crm", "7", AT + timedelta(days=1), values={"title": "Head of buying"})
SURVIVORSHIP = Survivorship(
    Policy.sources("crm", "shop"), {"address": MOST_COMPLETE}, {"address": ["street", "city", "postal", "country"]}
)


def examples() -> list[object]:
    """At least one of each class."""
    schema = AttributeSchema(
        [
            Attribute("region", str, choices=["kanto", "kansai"]),
            Attribute("born", date),
            Attribute("likes", str, many=True),
        ],
        version=2,
    )
    hour = timedelta(hours=1)
    change = Customer.open("c1", PersonName(given="Ada", family="Lovelace"), at=AT, stage="lead", owner="ann")
    change = (
        change.then(lambda it: it.tag("vip", at=AT))
        .then(lambda it: it.rename(PersonName("Ada King"), at=AT + hour))
        .then(lambda it: it.add_identifier(CARD, at=AT + hour))
        .then(lambda it: it.assign("bob", at=AT + hour))
        .then(lambda it: it.advance("customer", at=AT + hour))
        .then(lambda it: it.set({"region": "kanto", "born": date(1990, 2, 28), "likes": ["tea"]}, schema, at=AT + hour))
        .then(lambda it: it.clear("likes", schema=schema, at=AT + hour))
        .then(lambda it: it.remove_identifier(CARD, at=AT + hour))
    )
    other = Customer.open("c2", SAID, at=AT, stage="lead")
    done = merge(change.state, other.state, by="eve", reason="same passport", at=AT + hour)
    parted = unmerge(done.survivor, done.other, by="eve", reason="a brother", at=AT + hour)
    told = (
        other.then(lambda it: it.take(SAID_LATER, at=AT))
        .then(lambda it: it.add_point(MAIL, at=AT))
        .then(lambda it: it.remove_point(MAIL, at=AT))
        .then(lambda it: it.relate(BOSS, at=AT))
        .then(lambda it: it.end_relation("employment", "acme", at=AT + hour))
        .then(lambda it: it.prefer(Preferences(languages=["sv", "en"], avoid=["phone"]), at=AT + hour))
        .then(lambda it: it.state_born("spring 1990", at=AT + hour))
        .then(lambda it: it.survive(SURVIVORSHIP, at=AT + hour))
        .then(lambda it: it.drop("crm/7", at=AT + hour))
    )
    return [
        MAIL,
        HOME,
        BOSS,
        SAID,
        SURVIVORSHIP.default,
        SURVIVORSHIP,
        Preferences(languages=["sv", "en"], avoid=["phone"]),
        *told.events,
        told.state,
        *(event for each in (*done.changes, *parted.changes) for event in each.events),
        *done.survivor.parts,
        done.survivor,
        done.other,
        CustomerErased(source="c2", version=2, at=AT, by="eve", reason="asked"),
        CARD,
        PersonName("Ada Lovelace", given="Ada", family="Lovelace", family_phonetic="らぶれす"),
        OrganizationName("アシスト株式会社", core="アシスト", legal_form="株式会社", form_position="end"),
        Lifecycle(["guest", "member"], former=["left"], former_from="member"),
        *schema.attributes,
        schema,
        change.state,
        *change.events,
    ]
