"""Tests of occasions that the calendar brings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import START, opened, program

from relex.errors import InvalidValue
from relex.loyalty import EarningRule, Flat, birthdays, enrollment

LEAP = ("leap", date(2000, 2, 29))


def names(*customers: Any, on: date, **more: Any) -> list[str]:
    return [occasion.id for occasion in birthdays(customers, on=on, **more)]


@pytest.mark.parametrize(
    ("on", "leap", "expected"),
    [
        pytest.param(date(2026, 2, 28), "feb28", ["leap:2026"], id="the day before by default"),
        pytest.param(date(2026, 3, 1), "feb28", [], id="and not the day after"),
        pytest.param(date(2026, 3, 1), "mar1", ["leap:2026"], id="the day after where chosen"),
        pytest.param(date(2026, 2, 28), "mar1", [], id="and not the day before"),
        pytest.param(date(2028, 2, 29), "mar1", ["leap:2028"], id="the day itself in a leap year"),
        pytest.param(date(2028, 2, 28), "feb28", [], id="and no other in a leap year"),
        pytest.param(date(2100, 2, 28), "feb28", ["leap:2100"], id="a century without a leap day"),
    ],
)
def test_a_birthday_on_a_leap_day(on: date, leap: str, expected: list[str]) -> None:
    assert names(LEAP, on=on, leap=leap) == expected


def test_who_has_no_date_of_birth_has_no_birthday() -> None:
    assert names(("a", None), ("b", "about 1980"), ("c", date(1990, 5, 4)), on=date(2026, 5, 4)) == ["c:2026"]


def test_nobody_has_a_birthday_on_the_day_of_birth_or_before() -> None:
    assert names(("a", date(2026, 5, 4)), ("b", date(2030, 5, 4)), on=date(2026, 5, 4)) == []


def test_a_customer_with_a_date_of_birth_will_do() -> None:
    assert names(SimpleNamespace(id="c1", born=date(1990, 5, 4)), on=date(2026, 5, 4)) == ["c1:2026"]


def test_it_begins_with_the_local_date_and_tells_the_age() -> None:
    tz = ZoneInfo("Europe/Vienna")
    (found,) = birthdays([("c1", date(1990, 5, 4))], on=date(2026, 5, 4), tz=tz)

    assert (found.kind, found.at) == ("birthday", datetime(2026, 5, 3, 22, tzinfo=UTC))
    assert found.facts() == {"age": 36, "customer": "c1"}


def test_it_earns_once_a_year() -> None:
    of = program(EarningRule("cake", Flat(50), on="birthday"))
    account = opened(of)
    for on in (date(2026, 5, 4), date(2026, 5, 4), date(2027, 5, 4)):
        for occasion in birthdays([("c1", date(1990, 5, 4))], on=on):
            account = account.earn(occasion, of, at=occasion.at).state

    assert account.balance(as_of=datetime(2027, 6, 1, tzinfo=UTC)).available == 100


@pytest.mark.parametrize(
    "customer",
    [
        {"id": "c1", "born": date(1990, 5, 4)},
        "c1",
        ("c1",),
        ("", date(1990, 5, 4)),
        SimpleNamespace(born=date(1990, 5, 4)),
    ],
    ids=["mapping", "text", "single", "empty-id", "no-id"],
)
def test_what_is_no_customer_is_refused(customer: Any) -> None:
    with pytest.raises(InvalidValue, match=r"birthdays\.customers\[0\]"):
        names(customer, on=date(2026, 5, 4))


@pytest.mark.parametrize(
    ("path", "arguments"),
    [("on", {"on": START}), ("leap", {"leap": "feb29"}), ("tz", {"tz": "UTC"}), ("customers", {"customers": 3})],
    ids=["on", "leap", "tz", "customers"],
)
def test_a_wrong_argument_is_refused_at_once(path: str, arguments: dict[str, Any]) -> None:
    given: dict[str, Any] = {"customers": [], "on": date(2026, 5, 4)} | arguments
    with pytest.raises(InvalidValue, match=rf"birthdays\.{path}"):
        birthdays(given.pop("customers"), **given)


def test_an_enrollment_is_of_the_account_at_its_opening() -> None:
    found = enrollment(opened(program()))

    assert (found.kind, found.id, found.at, found.facts()) == ("enrollment", "a1", START, {"customer": "c1"})
