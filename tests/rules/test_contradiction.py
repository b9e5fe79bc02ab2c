"""Rules that can never be true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from relex.rules import FALSE, TRUE, AllOf, AnyOf, AtLeast, any_line, contradiction, field

if TYPE_CHECKING:
    from relex.rules import Rule

a, b = field("a"), field("b")
DAY = date(2026, 1, 1)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FOLD = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (FALSE, "never"),
        ((a > 5) & (a < 5), "a is more than 5, and a is less than 5"),
        ((a == 1) & (a == 2), "a is 1, and a is 2"),
        ((a == 1) & (a == "x"), "a is 1, and a is x"),
        ((a == "x") & (a == "y"), "a is x, and a is y"),
        ((a == "x") & ~a.is_in("x", "y"), "a is x, and not (a is x or y)"),
        ((a > 3) & ~(a > 3), "a is more than 3, and not (a is more than 3)"),
        (a.between(1, 5) & a.between(6, 9), "a is from 1 to 5, and a is from 6 to 9"),
        (a.is_missing() & (a > 3), "a is missing, and a is more than 3"),
        ((a == True) & (a == False), "a is true, and a is false"),  # noqa: E712 - constants
        ((a == ("x",)) & (a == ("y",)), "a is exactly x, and a is exactly y"),
        ((a > DAY) & (a < date(2026, 1, 2)), "a is more than 2026-01-01, and a is less than 2026-01-02"),
        ((a > 10**60) & (a < 10**60), f"a is more than {10**60}, and a is less than {10**60}"),
        ((a > NOON) & (a < NOON), f"a is more than {NOON}, and a is less than {NOON}"),
        (((a > 5) | (b == 1)) & (a < 3) & (b != 1), "a is more than 5, and a is less than 3"),
        (~((a > 3) | (a <= 3)), "not (a is more than 3), and not (a is at most 3)"),
    ],
)
def test_what_excludes_what_is_told(rule: Rule, expected: str) -> None:
    assert expected == contradiction(rule)


@pytest.mark.parametrize(
    "rule",
    [
        TRUE,
        a > 5,
        (a >= 5) & (a <= 5),
        (a > 5) & (a < 6),
        (a > Decimal("0.1")) & (a < Decimal("0.2")),
        (a != "x") & (a != "y"),
        (a != 1) & (a == "x"),
        (a >= "b") & (a <= "a"),
        a.between(0, Decimal("1E-48")) & ~a.is_in(0, *[Decimal(n).scaleb(-49) for n in range(11)]),
        (a > 10**50) & (a < Decimal(f"1{0:050}.{1:060}")),
        (a > FOLD) & (a < FOLD + timedelta(minutes=30)),
        (a >= date.max) & (a <= date.max),
        (a > NOON) & (a < NOON + timedelta(microseconds=2)),
        (a > datetime.min.replace(tzinfo=UTC)) & (a < NOON),
        a.is_missing() & (b > 3),
        ~a.is_missing() & (a > 3),
        (a == True) & (b == 1),  # noqa: E712 - a constant
        a.starts_with("x") & a.starts_with("y"),
        any_line(field("line.category") == "x") & any_line(field("line.category") == "y"),
        AtLeast(2, a > 1, a < 0),
        ((a > 5) & (a < 3)) | (b == 1),
    ],
)
def test_nothing_speaks_against_it(rule: Rule) -> None:
    assert contradiction(rule) is None


def test_a_rule_of_very_many_branches_is_taken_to_be_possible() -> None:
    many = reduce(lambda left, right: left & right, [AnyOf(a == 2 * n, a == 2 * n + 1) for n in range(9)])

    assert contradiction(many) is None
    assert contradiction(AllOf(AnyOf(a == 0, a == 1), AnyOf(a == 2, a == 3))) == "a is 0, and a is 2"


def test_a_rule_of_very_many_constants_is_taken_to_be_possible() -> None:
    differs = [a != n for n in range(110)]

    assert contradiction(AllOf(*differs, a > 1, a < 1)) is None
    assert contradiction(AllOf(*differs[:50], a > 1, a < 1)) is not None
