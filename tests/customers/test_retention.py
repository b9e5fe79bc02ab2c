"""How long customers are kept, and who must be kept longer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Months, Years
from relex.customers import Customer, LegalHold, PersonName, RetentionPolicy, RetentionRule, erase, merge
from relex.errors import InvalidValue
from relex.purchases import Purchase

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)
TWO_YEARS = RetentionPolicy([RetentionRule("customers.Customer", 24)])


def customer(id_: str = "c1", at: datetime = OLD) -> Customer:
    return Customer.open(id_, PersonName("Anna"), at=at).state


def due(*customers: Customer, policy: RetentionPolicy = TWO_YEARS, **more: Any) -> list[str]:
    return [found.customer for found in policy.due(customers, **{"as_of": NOW, **more})]


def test_a_number_means_months() -> None:
    assert RetentionRule("*", 24).keep == Months(24)
    assert RetentionRule("*", Years(2)).keep == Years(2)


@pytest.mark.parametrize(
    "more",
    [
        {"on_request": "retain"},
        {"on_request": "anonymize", "basis": "habit"},
        {"on_request": "burn"},
        {"keep": "2y"},
        {"keep": True},
        {"kind": ""},
    ],
)
def test_rules_that_cannot_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        RetentionRule(**{"kind": "*", **more})


@pytest.mark.parametrize(
    "more", [{"rules": [RetentionRule("*"), RetentionRule("*")]}, {"rules": ["*"]}, {"holds": ["c1"]}, {"version": 0}]
)
def test_policies_that_cannot_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        RetentionPolicy(**more)


def test_the_rule_of_a_kind_else_that_of_every_other() -> None:
    own, other = RetentionRule("purchases.Purchase", 120), RetentionRule("*", 12)

    assert RetentionPolicy([own, other]).rule(Purchase) == own
    assert RetentionPolicy([own, other]).rule(Customer) == other
    assert RetentionPolicy([own]).rule(Customer) is None


def test_who_was_long_inactive_is_due() -> None:
    [found] = TWO_YEARS.due([customer()], as_of=NOW)

    assert str(found) == "c1: last active on 2020-01-01, kept from 2024-05-04 on"


def test_the_due_are_sorted() -> None:
    assert due(customer("b"), customer("a"), customer("c", NOW)) == ["a", "b"]


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (date(2024, 5, 3), ["c1"]),
        (date(2024, 5, 4), []),
        (datetime(2024, 5, 3, 23, 30, tzinfo=UTC), ["c1"]),
        (None, ["c1"]),
    ],
)
def test_the_last_activity_counts(last: date | None, found: list[str]) -> None:
    assert due(customer(), activity={"c1": [date(2021, 1, 1), last], "c2": [date(2026, 1, 1)]}) == found


def test_instants_are_read_in_a_zone() -> None:
    late = {"c1": [datetime(2024, 5, 3, 23, 30, tzinfo=UTC)]}

    assert due(customer(), activity=late, tz=ZoneInfo("Europe/Berlin")) == []


def test_nobody_is_due_without_a_rule() -> None:
    assert due(customer(), policy=RetentionPolicy()) == []
    assert due(customer(), policy=RetentionPolicy([RetentionRule("*")])) == []


@pytest.mark.parametrize(
    ("hold", "found"),
    [
        (LegalHold("c1", "case 7", since=OLD), []),
        (LegalHold("*", "case 7", since=OLD), []),
        (LegalHold("c2", "case 7", since=OLD), ["c1"]),
        (LegalHold("c1", "case 7", since=NOW + timedelta(days=1)), ["c1"]),
        (LegalHold("c1", "case 7", since=OLD, until=NOW), ["c1"]),
        (LegalHold("c1", "case 7", since=OLD, until=NOW + timedelta(days=1)), []),
    ],
)
def test_a_legal_hold_keeps(hold: LegalHold, found: list[str]) -> None:
    assert due(customer(), policy=RetentionPolicy(TWO_YEARS.rules, holds=[hold])) == found


def test_what_holds_for_a_part_holds_for_the_whole() -> None:
    done = merge(customer("c1"), customer("c2"), by="eve", reason="same", at=OLD)
    order = LegalHold("c2", "case 7", since=OLD)

    assert due(done.survivor) == ["c1"]
    assert due(done.survivor, policy=RetentionPolicy(TWO_YEARS.rules, holds=[order])) == []
    assert due(done.survivor, activity={"c2": [NOW]}) == []


def test_who_is_gone_is_not_due() -> None:
    gone = erase(customer(), RetentionPolicy(), at=OLD, by="desk").change.state
    merged = merge(customer("c2"), customer("c3"), by="desk", reason="same", at=OLD).changes[1].state

    assert due(gone, merged) == []


@pytest.mark.parametrize(
    "more",
    [
        {"as_of": date(2026, 5, 4)},
        {"activity": {"c1": ["today"]}},
        {"activity": 5},
        {"activity": {"c1": 5}},
        {"customers": 5},
        {"customers": ["c1"]},
    ],
)
def test_what_cannot_be_asked(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        TWO_YEARS.due(**{"customers": [customer()], "as_of": NOW, **more})


@pytest.mark.parametrize("kind", [[], None, "", int])
def test_a_rule_is_asked_for_by_a_kind(kind: Any) -> None:
    with pytest.raises(InvalidValue):
        TWO_YEARS.rule(kind)


@pytest.mark.parametrize(("customer", "at"), [("c1", None), ("c1", datetime(2026, 5, 4)), (None, NOW)])  # noqa: DTZ001
def test_a_hold_is_asked_for_by_customer_and_instant(customer: Any, at: Any) -> None:
    with pytest.raises(InvalidValue):
        RetentionPolicy(holds=[LegalHold("c1", "case 7", since=OLD)]).hold(customer, at)
