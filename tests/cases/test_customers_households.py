"""Worked cases of the section on households and hierarchy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.calendars import Period
from relex.customers import Customer, DatedValue, Hierarchy, HouseholdRule, RollUp, households, roll_up
from relex.parties import ContactPoint, OrganizationName, PersonName, PostalAddress, Relationship

DAY = datetime(2024, 1, 1, tzinfo=UTC)
MOVE = datetime(2024, 7, 1, tzinfo=UTC)
BEFORE = datetime(2024, 6, 30, tzinfo=UTC)
A = ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå", country="SE"))
B = ContactPoint("postal", PostalAddress(street="Box 12", city="Umeå", country="SE"))


def person(given: str, family: str, *points: ContactPoint) -> Customer:
    customer, _ = Customer.open(given.lower(), PersonName(given=given, family=family), at=DAY)
    for point in points:
        customer, _ = customer.add_point(point, at=DAY)
    return customer


PERSONS = [
    person("Anna", "Berg", A),
    person("Erik", "Berg", A, B),
    person("Ola", "Berg", B),
    person("Lisa", "Holm", A),
]


class TestHouseholds:
    """Source: derived from the default rule; Erik lives in two places."""

    def test_by_name(self) -> None:
        found = households(PERSONS, as_of=MOVE).households

        assert [each.customers for each in found] == [("anna", "erik"), ("erik", "ola")]

    def test_by_address(self) -> None:
        found = households(PERSONS, HouseholdRule(by="address"), as_of=MOVE).households

        assert [each.customers for each in found] == [("anna", "erik", "lisa"), ("erik", "ola")]


def company(name: str, *parents: Relationship) -> Customer:
    customer, _ = Customer.open(name, OrganizationName(name), at=DAY)
    for parent in parents:
        customer, _ = customer.relate(parent, at=DAY)
    return customer


OWN = {"G": 100, "A": 50, "B": 30, "A1": 20, "H": 10}
COMPANIES = [
    company("G"),
    company("H"),
    company("A", Relationship("parent", "G")),
    company(
        "B",
        Relationship("parent", "G", valid=Period(DAY, MOVE)),
        Relationship("parent", "H", valid=Period(MOVE)),
    ),
    company("A1", Relationship("parent", "A")),
]


def totals(result: RollUp) -> dict[str, object]:
    return {node.id: node.total for node in result.nodes}


class TestHierarchy:
    """Source: derived; B moves from G to H on 2024-07-01."""

    def test_before_the_move(self) -> None:
        tree = Hierarchy.of(COMPANIES, as_of=BEFORE)

        assert totals(roll_up(OWN, tree)) == {"G": 200, "A": 70, "B": 30, "A1": 20, "H": 10}

    def test_after_the_move(self) -> None:
        tree = Hierarchy.of(COMPANIES, as_of=MOVE)

        assert totals(roll_up(OWN, tree)) == {"G": 170, "A": 70, "B": 30, "A1": 20, "H": 40}

    def test_own_below_and_how_many(self) -> None:
        group = roll_up(OWN, Hierarchy.of(COMPANIES, as_of=BEFORE))["G"]

        assert (group.own, group.below, group.count) == (100, 100, 4)

    @pytest.mark.parametrize(
        ("structure", "expected"), [("as-was", {"G": 200, "H": 10}), ("as-of", {"G": 170, "H": 40})], ids=str
    )
    def test_entries_of_before_the_move(self, structure: str, expected: dict[str, int]) -> None:
        entries = [DatedValue(f"e{of}", of, BEFORE, value) for of, value in OWN.items()]
        found = totals(roll_up(entries, Hierarchy.of(COMPANIES, as_of=MOVE), structure=structure))

        assert expected == {name: found[name] for name in expected}
