"""Examples of names, identifiers, lifecycles and customers with their events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relex.customers import Attribute, AttributeSchema, Customer
from relex.parties import Identifier, Lifecycle, OrganizationName, PersonName

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CARD = Identifier("shop", "4711")


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
    return [
        CARD,
        PersonName("Ada Lovelace", given="Ada", family="Lovelace", family_phonetic="らぶれす"),
        OrganizationName("アシスト株式会社", core="アシスト", legal_form="株式会社", form_position="end"),
        Lifecycle(["guest", "member"], former=["left"], former_from="member"),
        *schema.attributes,
        schema,
        change.state,
        *change.events,
    ]
