"""Tables of the pipeline."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.figures import Figure
from relex.money import Money
from relex.pipeline._html import Bar, note, table, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "–"),
        ("", "–"),
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


def test_numbers_stand_to_the_right() -> None:
    page = table("", (), [(5, "five")])

    assert page.index("right") < page.index(">5<") < page.index(">five<")
