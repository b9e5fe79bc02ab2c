"""Rules in plain English."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.rules import AllOf, AnyOf, AtLeast, all_lines, any_line, count_lines, describe, field, sum_lines

if TYPE_CHECKING:
    from relex.rules import Rule

A, B = field("a") == 1, field("b") > 2


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (field("a") == 1, "a is 1"),
        (field("a") != "x", "a is not x"),
        (field("a") < 1, "a is less than 1"),
        (field("a") <= 1, "a is at most 1"),
        (field("a") > 1, "a is more than 1"),
        (field("a") >= date(2026, 1, 1), "a is at least 2026-01-01"),
        (field("a") == True, "a is true"),  # noqa: E712 - a constant
        (field("a") == False, "a is false"),  # noqa: E712 - a constant
        (field("a") == "", 'a is ""'),
        (field("a") == ("x", "y"), "a is exactly x and y"),
        (field("a") == (), "a is empty"),
        (field("a").is_in("x"), "a is x"),
        (field("a").is_in("x", "y", "z"), "a is x, y or z"),
        (field("a").is_in(*range(20)), "a is 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or 8 more"),
        (field("a").between(1, 2), "a is from 1 to 2"),
        (field("a").contains("x"), "a contains x"),
        (field("a").contains_any("x", "y"), "a contains x or y"),
        (field("a").contains_all("x", "y"), "a contains x and y"),
        (field("a").starts_with("x"), "a starts with x"),
        (field("a").equals_ignoring_case("x"), "a is x in any case"),
        (field("a").is_missing(), "a is missing"),
        (field("a").within(days=30), "a is within the last 30 days"),
        (field("a").within(days=0), "a is within the last instant"),
        (field("a").within_next(days=1, hours=2, minutes=3), "a is within the next 1 day 2 hours 3 minutes"),
        (field("a").within(timedelta(seconds=1.5)), "a is within the last 1.5 seconds"),
        (field("a").before(days=30), "a is more than 30 days ago"),
        (field("a").after(days=30), "a is more than 30 days ahead"),
        (field("a").before(), "a is past"),
        (field("a").after(), "a is still ahead"),
        (A & B, "a is 1, and b is more than 2"),
        (A | (A & B), "a is 1, or (a is 1, and b is more than 2)"),
        (~A, "not (a is 1)"),
        (AllOf(), "always"),
        (AnyOf(), "never"),
        (AtLeast(1, A, B), "at least 1 of: a is 1; b is more than 2"),
        (any_line(), "there is at least one of lines"),
        (any_line(A), "for at least one of lines, a is 1"),
        (all_lines(A | B), "for each of lines, (a is 1, or b is more than 2)"),
        (count_lines() > 2, "the number of lines is more than 2"),
        (count_lines(A) > 2, "the number of lines where a is 1 is more than 2"),
        (sum_lines("n") >= 5, "the sum of n over lines is at least 5"),
        (sum_lines("n", where=A) >= 5, "the sum of n over lines where a is 1 is at least 5"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: Rule, expected: Any) -> None:
    assert expected == describe(rule)
