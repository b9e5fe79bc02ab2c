"""Households as recorded, and sums over them in which nobody counts twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.calendars import Period
from relex.customers import Customer, Memberships, roll_up_households
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.money import Money
from relex.parties import PersonName, Relationship

DAY = datetime(2026, 5, 1, tzinfo=UTC)
HOMES = Memberships([("h1", "anna"), ("h1", "erik"), ("h2", "erik"), ("h2", "ola"), ("h1", "erik")], as_of=DAY)
SPEND = {"anna": 10, "erik": 5, "ola": 1, "lisa": 100}


def customer(id_: str, *relationships: Relationship) -> Customer:
    found, _ = Customer.open(id_, PersonName(id_), at=DAY)
    for relationship in relationships:
        found, _ = found.relate(relationship, at=DAY)
    return found


class TestMemberships:
    def test_who_is_where(self) -> None:
        assert (HOMES.ids, HOMES.members("h2"), HOMES.households("erik"), HOMES.households("lisa")) == (
            ("h1", "h2"),
            ("erik", "ola"),
            ("h1", "h2"),
            (),
        )

    def test_who_is_in_several(self) -> None:
        assert HOMES.shared == ("erik",)

    def test_an_unknown_household(self) -> None:
        with pytest.raises(NotFound, match="h9"):
            HOMES.members("h9")

    def test_of_customers(self) -> None:
        past = Period(DAY - timedelta(days=2), DAY)
        people = [
            customer("a", Relationship("household", "h1"), Relationship("household", "h2", valid=past)),
            customer("b", Relationship("partner", "a")),
        ]

        assert Memberships.of(people, as_of=DAY).pairs == (("h1", "a"),)

    def test_two_roles_in_one_household_are_one_membership(self) -> None:
        both = customer(
            "a", Relationship("household", "h1", role="parent"), Relationship("household", "h1", role="payer")
        )

        assert Memberships.of([both], as_of=DAY).pairs == (("h1", "a"),)

    @pytest.mark.parametrize("pairs", ["h1", [("h1",)], [("h1", 7)], ["h1a"]], ids=str)
    def test_others_are_refused(self, pairs: object) -> None:
        with pytest.raises(InvalidValue, match=r"Memberships\.pairs"):
            Memberships(pairs, as_of=DAY)  # type: ignore[arg-type]

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Memberships\.of\.as_of"):
            Memberships.of([], as_of=datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused


class TestRollUp:
    def test_a_member_counts_once_in_each_household_and_once_in_all(self) -> None:
        found = roll_up_households(SPEND, HOMES)

        assert (found["h1"].total, found["h2"].total, found.total, found.count) == (15, 6, 16, 3)

    def test_it_says_who_is_in_several(self) -> None:
        found = roll_up_households(SPEND, HOMES)

        assert (found.shared, found["h2"].shared, found.outside) == (("erik",), ("erik",), ("lisa",))
        assert str(found).endswith(
            "households: 16; 1 in several households, each counted once here and in every one of theirs"
        )

    def test_nobody_in_several(self) -> None:
        assert str(roll_up_households({"anna": 10}, HOMES)) == "total of 1 customers in 2 households: 10"

    @pytest.mark.parametrize(
        ("how", "one", "other", "total"),
        [("largest", 10, 5, 10), ("smallest", 5, 1, 1), ("count", 2, 2, 3)],
        ids=str,
    )
    def test_hows(self, how: str, one: int, other: int, total: int) -> None:
        found = roll_up_households(SPEND, HOMES, how)

        assert (found["h1"].total, found["h2"].total, found.total) == (one, other, total)

    def test_money(self) -> None:
        assert roll_up_households({"anna": Money(1, "EUR"), "erik": Money(2, "EUR")}, HOMES).total == Money(3, "EUR")

    def test_two_currencies_are_refused(self) -> None:
        with pytest.raises(CurrencyMismatch, match="USD"):
            roll_up_households({"anna": Money(1, "EUR"), "ola": Money(2, "USD")}, HOMES)

    def test_no_value_is_none(self) -> None:
        found = roll_up_households({}, HOMES)

        assert (found.total, found["h1"].total, found.figure.reason) == (None, None, "no_data")

    def test_a_figure(self) -> None:
        figure = roll_up_households(SPEND, HOMES).figure

        assert (figure.value, figure.parts) == (16, (("customers", 3), ("households", 2), ("shared", 1)))

    def test_an_unknown_household(self) -> None:
        with pytest.raises(NotFound):
            roll_up_households(SPEND, HOMES)["h9"]

    def test_text_of_a_household(self) -> None:
        assert str(roll_up_households({"anna": 10}, HOMES)["h1"]) == "h1: 10 (1 of 2 members counted)"

    def test_html_is_escaped(self) -> None:
        page = roll_up_households({"<a>": 1}, Memberships([("<h>", "<a>")], as_of=DAY))._repr_html_()

        assert "<td>&lt;h&gt;</td><td>1</td><td>1 of 1</td>" in page

    @pytest.mark.parametrize(
        ("values", "memberships", "how"),
        [({"anna": 1.5}, HOMES, "total"), ({}, None, "total"), ({}, HOMES, "mean")],
        ids=["float", "memberships", "how"],
    )
    def test_others_are_refused(self, values: dict[str, int], memberships: Memberships, how: str) -> None:
        with pytest.raises(InvalidValue, match="roll_up_households"):
            roll_up_households(values, memberships, how)
