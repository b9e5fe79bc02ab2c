"""Tables of the pipeline."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from relex._html import Bar, note, table, text
from relex.figures import Figure
from relex.money import Money


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "–"),
        ("", ""),
        (1234, "1,234"),
        (Decimal("1234.50"), "1,234.50"),
        (True, "True"),
        (Fraction(2, 3), "0.67"),
        (Money("1234.5", "USD"), "1,234.50 USD"),
        (date(2026, 1, 5), "2026-01-05"),
        (Figure(5, "days"), "5 days"),
        (Figure(5), "5"),
        (Figure(Money(5, "USD")), "5.00 USD"),
        (Figure(None, reason="no_data"), "none (no_data)"),
    ],
    ids=str,
)
def test_values_are_shown_as_people_read_them(value: object, expected: str) -> None:
    assert text(value) == expected


def test_everything_is_escaped() -> None:
    page = table("<a>", ("<b>",), [("<c>",)]) + note("<d>")

    assert all(f"&lt;{letter}&gt;" in page for letter in "abcd")


@pytest.mark.parametrize(("share", "width"), [(Fraction(1, 3), 33), (Fraction(5), 100), (Fraction(-1), 0)])
def test_a_bar_stays_in_its_cell(share: Fraction, width: int) -> None:
    assert f"width:{width}%" in table("", ("",), [(Bar(share),)])


def sides(*cells: object) -> list[str]:
    """Where the cells of one column stand, its heading first."""
    return re.findall(
        r'text-align:(\w+)">', table("", ("heading",), [(cell,) for cell in cells]).partition("<thead>")[2]
    )


@pytest.mark.parametrize(
    "number",
    [5, Decimal(5), Money(5, "USD"), "75.0 %", "none (no_deals) %", "5.00 EUR, 1,200.50 USD", "-3"],
    ids=str,
)
def test_a_column_of_numbers_stands_to_the_right_with_its_heading(number: object) -> None:
    assert sides(number, None, "") == ["right"] * 4


@pytest.mark.parametrize("word", ["five", True, date(2026, 1, 5), "d1", "1 of 2", "2026-01-05"], ids=str)
def test_a_column_with_words_stands_to_the_left(word: object) -> None:
    assert sides(5, word) == ["left"] * 3


def test_a_column_of_nothing_stands_to_the_left() -> None:
    assert sides(None, " ") == ["left"] * 3
    assert sides() == ["left"]


def test_cells_without_a_heading_have_a_side_too() -> None:
    page = table("", (), [(5, "five")])

    assert page.index("right") < page.index(">5<") < page.index(">five<")
