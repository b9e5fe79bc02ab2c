"""Proposals of households: what agrees, what never does, why, and what is skipped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from relex.calendars import Period
from relex.customers import Customer, HouseholdRule, Memberships, households, merge
from relex.errors import InvalidValue
from relex.parties import ContactPoint, OrganizationName, PersonName, PostalAddress

DAY = datetime(2026, 5, 1, tzinfo=UTC)
NAME = HouseholdRule()
PLACE = HouseholdRule(by="address")


def at(street: str | None = "Storgatan 1", city: str | None = "Umeå", country: str | None = "SE") -> ContactPoint:
    return ContactPoint("postal", PostalAddress(street=street, city=city, region="AC", country=country))


def person(id_: str, name: PersonName | OrganizationName | str, *points: ContactPoint) -> Customer:
    name = PersonName(given=id_, family=name) if isinstance(name, str) else name
    customer, _ = Customer.open(id_, name, at=DAY)
    for point in points:
        customer, _ = customer.add_point(point, at=DAY)
    return customer


def groups(*customers: Customer, rule: HouseholdRule = NAME) -> list[tuple[str, ...]]:
    return [each.customers for each in households(customers, rule, as_of=DAY).households]


class TestAgreement:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (at("Storgatan 1"), at("STORGATAN  1")),
            (at("Ｓtorgatan 1"), at("storgatan 1")),
            (at(city="Umeå"), at(city="Umea")),
            (at(city="Stockholm"), at(city="Stokholm")),
        ],
        ids=["case", "width", "accent", "typo"],
    )
    def test_spellings(self, one: ContactPoint, other: ContactPoint) -> None:
        assert groups(person("a", "Berg", one), person("b", "Berg", other)) == [("a", "b")]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (at("Storgatan 1"), at("Storgatan 2")),
            (at(city="Umeå"), at(city="Luleå")),
            (at(country="SE"), at(country="NO")),
            (at(street=None), at(street=None)),
            (at(city=None), at(city=None)),
            (at(country=None), at(country=None)),
            (at(), ContactPoint("email", "a@x.org")),
        ],
        ids=["street", "city", "country", "no-street", "no-city", "no-country", "no-address"],
    )
    def test_what_does_not_agree(self, one: ContactPoint, other: ContactPoint) -> None:
        assert groups(person("a", "Berg", one), person("b", "Berg", other), rule=PLACE) == []

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("Bergström", "Bergstrom", [("a", "b")]),
            ("Bergström", "Bergstrøm", [("a", "b")]),
            ("Bergman", "Bergmann", [("a", "b")]),
            ("Berg", "Holm", []),
            (PersonName("Anna Berg"), PersonName("Erik Berg"), []),
            (PersonName(given="Anna"), PersonName(given="Erik"), []),
            (PersonName(given="Anna", family="-"), PersonName(given="Erik", family="-"), []),
        ],
        ids=str,
    )
    def test_family_names(self, one: str | PersonName, other: str | PersonName, expected: list[object]) -> None:
        assert groups(person("a", one, at()), person("b", other, at())) == expected

    def test_members_hang_together_through_others(self) -> None:
        names = ["Bergstrom", "Bergstrem", "Bergslrem"]
        found = households(
            [person(name, name, at()) for name in names], HouseholdRule(family="0.95"), as_of=DAY
        ).households

        assert [(pair.one, pair.other) for pair in found[0].pairs] == [
            ("Bergslrem", "Bergstrem"),
            ("Bergstrem", "Bergstrom"),
        ]

    def test_one_person_is_no_household(self) -> None:
        assert groups(person("a", "Berg", at(), at(city="Umea"))) == []

    def test_unless_the_rule_says_so(self) -> None:
        assert groups(person("a", "Berg", at()), rule=HouseholdRule(least=1)) == [("a",)]

    def test_a_person_who_writes_the_city_in_two_ways_counts_once(self) -> None:
        both = person("a", "Berg", at(city="Stockholm"), at(city="Stokholm"))
        found = households([both, person("b", "Berg", at(city="Stockholm"))], as_of=DAY).households[0]

        assert (found.customers, len(found.members), len(found.pairs)) == (("a", "b"), 3, 2)

    def test_organizations_have_no_household(self) -> None:
        assert (
            groups(person("a", OrganizationName("A"), at()), person("b", OrganizationName("B"), at()), rule=PLACE) == []
        )

    def test_addresses_of_another_time_do_not_count(self) -> None:
        old = ContactPoint("postal", at().value, valid=Period(DAY - timedelta(days=9), DAY))

        assert groups(person("a", "Berg", at()), person("b", "Berg", old)) == []

    def test_merged_customers_are_left_out(self) -> None:
        one, other = person("a", "Berg", at()), person("b", "Berg", at())
        done = merge(one, other, by="eve", reason="same", at=DAY)

        assert groups(*(change.state for change in done.changes)) == []


class TestReasons:
    def test_a_pair_tells_what_agreed(self) -> None:
        found = households([person("a", "Berg", at()), person("b", "Bergh", at(city="Umea"))], as_of=DAY)

        assert str(found.households[0].pairs[0]) == "a and b: family name 0.960000, same street, city 1.000000"

    def test_by_address_the_name_does_not_matter(self) -> None:
        found = households([person("a", "Berg", at()), person("b", "Holm", at())], PLACE, as_of=DAY)

        assert str(found.households[0].pairs[0]) == "a and b: same street, city 1.000000"

    def test_streets_with_too_many_are_skipped_and_named(self) -> None:
        people = [person(name, name, at()) for name in ("Berg", "Holm", "Lund")]
        found = households(people, HouseholdRule(max_block=2), as_of=DAY)

        assert (found.households, found.skipped) == ((), (("SE", "storgatan 1", 3),))
        assert str(found).endswith("0 households proposed as of 2026-05-01T00:00:00+00:00; 1 streets skipped")


class TestProposal:
    def test_the_households_of_a_customer(self) -> None:
        people = [person("a", "Berg", at(), at("Box 12")), person("b", "Berg", at()), person("c", "Berg", at("Box 12"))]
        found = households(people, as_of=DAY)

        assert [[each.customers for each in found.of(id_)] for id_ in "abz"] == [
            [("a", "b"), ("a", "c")],
            [("a", "b")],
            [],
        ]

    def test_membership_becomes_a_dated_relationship(self) -> None:
        people = [person("a", "Berg", at()), person("b", "Berg", at())]
        by_id = {each.id: each for each in people}
        for id_, relation in households(people, as_of=DAY).households[0].relations("h1", at=DAY):
            by_id[id_], _ = by_id[id_].relate(relation, at=DAY)
        found = [Memberships.of(by_id.values(), as_of=DAY + timedelta(days=days)).pairs for days in (0, -1)]

        assert found == [(("h1", "a"), ("h1", "b")), ()]

    @pytest.mark.parametrize(("id_", "when"), [("", DAY), ("h1", datetime(2026, 5, 1))], ids=["id", "naive"])  # noqa: DTZ001 - what is refused
    def test_it_needs_an_id_and_an_instant(self, id_: str, when: datetime) -> None:
        home = households([person("a", "Berg", at()), person("b", "Berg", at())], as_of=DAY).households[0]
        with pytest.raises(InvalidValue, match="elation"):
            home.relations(id_, at=when)

    def test_html_is_escaped(self) -> None:
        page = households([person("<a>", "Berg", at()), person("b", "Berg", at())], as_of=DAY)._repr_html_()

        assert "&lt;a&gt;, b</td>" in page
        assert "<a>" not in page

    def test_text(self) -> None:
        home = households([person("a", "Berg", at()), person("b", "Berg", at())], as_of=DAY).households[0]

        assert str(home) == "a, b at Storgatan 1, Umeå, AC, SE"


class TestArguments:
    def test_thresholds_may_be_texts(self) -> None:
        assert HouseholdRule(family="0.95").family == Decimal("0.95")  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "arguments", [{"by": "phone"}, {"family": 0.9}, {"city": 2}, {"least": 0}, {"max_block": True}], ids=str
    )
    def test_other_rules_are_refused(self, arguments: dict[str, object]) -> None:
        with pytest.raises(InvalidValue, match="HouseholdRule"):
            HouseholdRule(**arguments)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("rule", "when"),
        [(None, DAY), (NAME, datetime(2026, 5, 1))],  # noqa: DTZ001 - what is refused
        ids=["rule", "naive"],
    )
    def test_other_arguments_are_refused(self, rule: HouseholdRule, when: datetime) -> None:
        with pytest.raises(InvalidValue, match="households"):
            households([], rule, as_of=when)
