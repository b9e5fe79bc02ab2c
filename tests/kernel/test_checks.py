"""What arguments may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from relex import _checks
from relex.errors import InvalidValue

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAIVE = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - refused
DAY = date(2026, 11, 23)


class Undecided(tzinfo):
    def utcoffset(self, moment: datetime | None) -> None:
        return None


a, b, also_a = SimpleNamespace(name="a"), SimpleNamespace(name="b"), SimpleNamespace(name="a")

PASSING: dict[str, tuple[_checks.Check, list[Any], list[Any]]] = {
    "text": (_checks.text, ["a", " "], ["", None, 1, b"a"]),
    "flag": (_checks.flag, [True, False], [0, 1, None, "True"]),
    "instant": (_checks.instant, [NOON], [NAIVE, NAIVE.replace(tzinfo=Undecided()), DAY, None, "2026-11-23"]),
    "calendar_day": (_checks.calendar_day, [DAY], [NOON, NAIVE, None, "2026-11-23"]),
    "elapsed": (_checks.elapsed, [timedelta(0), timedelta(1)], [timedelta(-1), 0, None]),
    "zone": (_checks.zone, [UTC, Undecided()], ["UTC", None]),
    "currency_code": (_checks.currency_code, ["USD", "XXX"], ["usd", "US", "USDT", "USD\n", "ÜSD", 3, None]),
    "exact": (
        _checks.exact,
        [0, -1, 10**60, Decimal("1.5"), Decimal("1E-60"), Decimal("9E+59"), Decimal(0), Fraction(1, 3)],
        [True, 1.5, "1", None, Decimal("NaN"), Decimal("-Infinity"), Decimal("1E-61"), Decimal("1E+60"), 10**100],
    ),
    "number": (_checks.number(), [0, Decimal("1.5"), Fraction(1, 3)], [True, 1.5, None]),
    "number least most": (
        _checks.number(least=0, most=1),
        [0, 1, Fraction(1, 2), Decimal("0.0")],
        [-1, Decimal("1.01"), Fraction(-1, 9), False],
    ),
    "number above": (_checks.number(above=0), [1, Fraction(1, 9)], [0, Decimal("0.00"), -1]),
    "whole": (_checks.whole(), [0, -5, 10**100], [True, 1.0, Decimal(1), "1", None]),
    "whole least most": (_checks.whole(least=1, most=12), [1, 12], [0, 13, True]),
    "a": (_checks.a(int, str), [1, "a", True], [1.0, None]),
    "one_of": (_checks.one_of("month", "year"), ["month"], ["day", None, ["month"]]),
    "optional": (_checks.optional(_checks.text), [None, "a"], ["", 0]),
    "each": (_checks.each(_checks.text), [(), ("a", "b")], [("a", ""), ["a"], "a", None]),
    "unique": (_checks.unique("name"), [(), (a, b)], [(a, also_a), [a, b], None]),
}
RIGHT = [(name, check, value) for name, (check, right, _) in PASSING.items() for value in right]
WRONG = [(name, check, value) for name, (check, _, wrong) in PASSING.items() for value in wrong]


@pytest.mark.parametrize(("name", "check", "value"), RIGHT, ids=[f"{case[0]}-{n}" for n, case in enumerate(RIGHT)])
def test_right(name: str, check: _checks.Check, value: Any) -> None:
    assert check.passes(value) is True

    check.require("command.argument", value)


@pytest.mark.parametrize(("name", "check", "value"), WRONG, ids=[f"{case[0]}-{n}" for n, case in enumerate(WRONG)])
def test_wrong(name: str, check: _checks.Check, value: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        check.require("command.argument", value)

    assert (caught.value.path, caught.value.value, caught.value.expected) == ("command.argument", value, check.expected)


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (_checks.whole(), "an int"),
        (_checks.whole(least=1), "an int of at least 1"),
        (_checks.whole(most=9), "an int of at most 9"),
        (_checks.whole(least=1, most=9), "an int of at least 1 and at most 9"),
        (_checks.number(above=0), "an int, Decimal or Fraction above 0"),
        (_checks.number(above=0, most=1), "an int, Decimal or Fraction above 0 and at most 1"),
        (_checks.a(int, str), "a int or str"),
        (_checks.one_of("month", 3), "one of month, 3"),
        (_checks.optional(_checks.text), "a non-empty str, or None"),
        (_checks.each(_checks.text), "a tuple, each item a non-empty str"),
        (_checks.unique("name"), "a tuple without two equal names"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_check_says_what_passes(check: _checks.Check, words: str) -> None:
    assert check.expected == words


def test_as_a_validator_a_check_names_class_and_field() -> None:
    @attrs.frozen
    class Line:
        quantity: int = attrs.field(validator=_checks.whole(least=0))

    with pytest.raises(InvalidValue, match=r"^Line.quantity: expected an int of at least 0, got -1$"):
        Line(-1)


def test_as_a_validator_a_check_lets_pass_what_is_right() -> None:
    @attrs.frozen
    class Line:
        quantity: int = attrs.field(validator=_checks.whole(least=0))

    assert Line(0).quantity == 0


def test_a_check_shows_itself_by_its_words() -> None:
    assert repr(_checks.text) == "Check(expected='a non-empty str')"


EXACT = [
    ("12.50", Decimal("12.50")),
    ("-3", Decimal(-3)),
    ("1/3", Fraction(1, 3)),
    ("-2/4", Fraction(-1, 2)),
    (5, 5),
    (Decimal("0.10"), Decimal("0.10")),
    (Fraction(1, 7), Fraction(1, 7)),
]
INEXACT = [
    *(1.5, float("nan"), True, None, [], "", "one", "1/0", "1/x", "NaN", "Infinity", "-Infinity", "sNaN", b"1"),
    *("1E+60", "1E-61", "1E999999999", "9" * 100_000, "1/" + "9" * 121, "9" * 100_000 + "/3", Decimal("Infinity")),
]


def test_items_of_any_iterable_become_a_tuple() -> None:
    assert _checks.items("Program.rules", iter([1, 2])) == (1, 2)


@pytest.mark.parametrize("given", [5, None, "rules", b"rules", {"a": 1}])
def test_what_has_no_items_is_refused(given: object) -> None:
    with pytest.raises(InvalidValue, match=r"Program\.rules: expected an iterable of items"):
        _checks.items("Program.rules", given)


@pytest.mark.parametrize(("written", "number"), EXACT, ids=repr)
def test_what_people_write_becomes_an_exact_number(written: Any, number: Any) -> None:
    found = _checks.exact_number("PerAmount.per", written)

    assert (type(found), found, str(found)) == (type(number), number, str(number))


@pytest.mark.parametrize("written", INEXACT, ids=[f"{n}" for n, _ in enumerate(INEXACT)])
def test_what_is_no_exact_number_is_refused(written: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        _checks.exact_number("PerAmount.per", written)

    assert caught.value.path == "PerAmount.per"
