"""Worked cases of segments: age."""

from __future__ import annotations

from datetime import date

import pytest

from relex.insights import age

BORN = date(2004, 2, 29)


@pytest.mark.parametrize(
    ("on", "leap", "expected"),
    [
        (date(2026, 2, 27), "feb28", 21),
        (date(2026, 2, 28), "feb28", 22),
        (date(2026, 2, 28), "mar1", 21),
        (date(2026, 3, 1), "mar1", 22),
    ],
    ids=["C23-day-before", "C23-february", "C23-not-yet-in-march", "C23-march"],
)
def test_c23_age_of_somebody_born_on_a_leap_day(on: date, leap: str, expected: int) -> None:
    assert age(BORN, on, leap=leap) == expected
