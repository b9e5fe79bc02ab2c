"""Records and relationships: what sources say, whatever it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from relex import field
from relex.calendars import Period
from relex.codec import dumps, loads
from relex.errors import InvalidValue
from relex.parties import (
    ContactPoint,
    Identifier,
    OrganizationName,
    PersonName,
    PostalAddress,
    Preferences,
    Record,
    Relationship,
    golden,
)
from relex.rules import compile_rule

DAY = datetime(2026, 5, 1, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
HOME = PostalAddress(street="Storgatan 1", region="Västerbotten", postal_code="903 26")
SAID = Record(
    "crm",
    "7",
    DAY,
    name=PersonName("Ada"),
    points=[
        ContactPoint("email", "first@example.com", valid=Period(DAY, NEXT)),
        ContactPoint("email", "main@example.com", primary=True, valid=Period(DAY, NEXT)),
        ContactPoint("email", "last@example.com"),
        ContactPoint("postal", HOME),
    ],
    born="spring 1815",
    tags=["b", "a", "b"],
    values={"title": "Buyer", "region": "north", "note": None, "visits": 0, "blank": " \N{ZERO WIDTH SPACE}"},
    cleared=["phone"],
    times={"title": NEXT, "points": NEXT},
)


def test_a_record_names_its_party_and_its_statement() -> None:
    tokyo = Record("crm", "7", datetime.fromisoformat("2026-05-01T09:00+09:00"))

    assert (tokyo.ref, tokyo.subject, tokyo.id) == ("crm/7", "crm/7", "crm/7@2026-05-01T00:00:00+00:00")
    assert tokyo == Record("crm", "7", DAY)


def test_fields_are_flat_and_without_blanks() -> None:
    expected = {
        "name": PersonName("Ada"),
        "points": SAID.points,
        "tags": ("a", "b"),
        "born": "spring 1815",
        "email": "main@example.com",
        "street": "Storgatan 1",
        "region": "Västerbotten",
        "postal": "903 26",
        "title": "Buyer",
        "custom.region": "north",
        "visits": 0,
    }

    assert expected == SAID.fields()


@pytest.mark.parametrize(("name", "expected"), [("title", "title"), ("region", "custom.region")])
def test_a_free_field_never_hides_a_part(name: str, expected: str) -> None:
    assert expected == Record.field_of(name)
    assert name == Record.name_of(expected)
    assert Record.name_of("email") is None


def test_the_main_point_is_the_primary_one_else_the_first() -> None:
    found = [SAID.main("email"), SAID.main("email", as_of=NEXT), SAID.main("postal"), SAID.main("phone")]

    assert ["main@example.com", "last@example.com", str(HOME), None] == [point and str(point) for point in found]


@pytest.mark.parametrize(("name", "at"), [("title", NEXT), ("name", DAY), ("points.email:x", NEXT)])
def test_a_field_may_have_a_time_of_its_own(name: str, at: datetime) -> None:
    assert at == SAID.time(name)


def test_facts_are_plain_values() -> None:
    facts = SAID.facts()

    assert facts["party"] == "person"
    assert facts["record.name"] == "Ada"
    assert facts["record.visits"] == 0
    assert "record.points" not in facts
    assert compile_rule(field("record.title") == "Buyer")(facts, None)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"source": ""}, "Record.source"),
        ({"at": datetime(2026, 5, 1)}, "Record.at"),  # noqa: DTZ001 - what is refused
        ({"kind": "dog"}, "Record.kind"),
        ({"name": OrganizationName("Casa")}, "Record.name"),
        ({"name": "Ada"}, "Record.name"),
        ({"points": "ada@example.com"}, "Record.points"),
        ({"points": ["ada@example.com"]}, "Record.points"),
        ({"identifiers": 7}, "Record.identifiers"),
        ({"relationships": ["acme"]}, "Record.relationships"),
        ({"tags": "vip"}, "Record.tags"),
        ({"tags": [""]}, "Record.tags"),
        ({"cleared": [7]}, "Record.cleared"),
        ({"born": DAY}, "Record.born"),
        ({"preferences": "email"}, "Record.preferences"),
        ({"values": {"price": 1.5}}, "Record.values['price']"),
        ({"values": {"price": Decimal("NaN")}}, "Record.values['price']"),
        ({"values": {"list": (1,)}}, "Record.values['list']"),
        ({"values": {"at": datetime(2026, 5, 1)}}, "Record.values['at']"),  # noqa: DTZ001 - as above
        ({"values": {7: "x"}}, "Record.values"),
        ({"values": ["title"]}, "Record.values"),
        ({"values": [("a", 1), ("a", 2)]}, "Record.values"),
        ({"times": {"title": date(2026, 5, 1)}}, "Record.times['title']"),
    ],
)
def test_a_wrong_type_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Record(**({"source": "crm", "key": "7", "at": DAY} | fields))  # type: ignore[arg-type]

    assert path == caught.value.path


def test_anything_that_a_source_may_hold_is_kept_as_it_is() -> None:
    odd = Record(
        "crm",
        "\x00",
        DAY,
        name=PersonName("\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 10_000),
        points=[ContactPoint("phone", "ask my mother"), ContactPoint("email", "none")],
        identifiers=[Identifier("lei", "wrong"), Identifier("lei", "wrong")],
        born="0000-00-00",
        values={"list": ("b", "a"), "big": 10**30, "flag": False},
    )

    assert odd == loads(dumps(odd), Record)
    assert odd.fields()["flag"] is False


@pytest.mark.parametrize(("text", "is_kept"), [("\x00\N{BYTE ORDER MARK}\t", False), ("\ue000", True), ("0", True)])
def test_a_blank_is_what_nobody_can_see(text: str, is_kept: bool) -> None:
    assert is_kept is ("title" in Record("crm", "7", DAY, values={"title": text}).fields())


def test_empty_preferences_say_nothing() -> None:
    assert Record("crm", "7", DAY, preferences=Preferences()).fields() == {}


OPEN = Relationship("parent", "acme", valid=Period(DAY))
PAST = Relationship("parent", "acme", valid=Period(DAY - timedelta(days=9), DAY))
ALWAYS = Relationship("parent", "acme")
NEVER = Relationship("parent", "acme", valid=Period(DAY, DAY))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (OPEN, PAST, False),
        (OPEN, ALWAYS, True),
        (ALWAYS, PAST, True),
        (OPEN, NEVER, True),
        (NEVER, PAST, False),
        (NEVER, NEVER, True),
    ],
)
def test_ties_overlap_when_both_hold_at_some_instant(one: Relationship, other: Relationship, expected: bool) -> None:
    assert expected is one.overlaps(other)
    assert expected is other.overlaps(one)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Relationship("parent", "beta"), True),
        (Relationship("employment", "acme"), False),
        (Relationship("parent", "acme", role="seat"), True),
    ],
)
def test_of_parents_there_is_one_at_a_time(other: Relationship, expected: bool) -> None:
    assert expected is OPEN.displaces(other)


def test_of_employments_there_may_be_several() -> None:
    one, other = Relationship("employment", "acme", role="a"), Relationship("employment", "acme", role="b")

    assert not one.displaces(other)
    assert one.field == "relationships.employment:acme"


@pytest.mark.parametrize(("at", "expected"), [(DAY, True), (DAY - timedelta(microseconds=1), False)])
def test_a_tie_holds_from_its_start_on(at: datetime, expected: bool) -> None:
    assert expected is OPEN.holds(at)
    assert ALWAYS.holds(at)


def test_a_tie_lasts_from_an_instant() -> None:
    with pytest.raises(InvalidValue, match="Period of instants"):
        Relationship("parent", "acme", valid=Period(date(2026, 5, 1)))


def test_a_free_field_may_have_any_name_and_none_hides_another() -> None:
    names = ["custom.foo", "custom.name", "foo", "name"]
    record = Record("crm", "7", DAY, values={name: place for place, name in enumerate(names)})

    assert golden([record]).attributes == tuple((name, place) for place, name in enumerate(names))
    assert [Record.name_of(Record.field_of(name)) for name in names] == names
    assert Record.name_of("custom.plain") == "custom.plain"


def test_one_is_not_true() -> None:
    assert Record("crm", "7", DAY, values={"x": 1}) != Record("crm", "7", DAY, values={"x": True})
