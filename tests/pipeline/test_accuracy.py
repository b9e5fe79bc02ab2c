"""What a forecast said, against what was won."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from pipeline_deals import deal, on, sales, usd

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.pipeline import forecast

SALES = sales()
QUARTER = Period.of("quarter", date(2026, 1, 1))
CLOSE = date(2026, 2, 20)
ASKED, JUDGED = on(10), on(95)
DEALS = (
    deal("a", amount=100, owner="ann", expected_close=CLOSE).win(SALES, at=on(50)).state,
    deal("b", amount=60, owner="bob", expected_close=CLOSE),
    deal("c", 0, (1, "won"), amount=50, owner="ann"),
)


def test_each_column_beside_what_was_won() -> None:
    found = forecast(DEALS, SALES, QUARTER, ASKED).accuracy(JUDGED)
    lines = {line.column: line for line in found.lines}

    assert (usd(160), usd(150), Fraction(1, 15)) == (
        lines["open_pipeline"].expected.value,
        lines["open_pipeline"].won.value,
        lines["open_pipeline"].error.value,
    )
    assert usd(66) == lines["weighted"].expected.value
    assert "omitted" not in lines


def test_each_group() -> None:
    found = forecast(DEALS, SALES, QUARTER, ASKED, by="owner").accuracy(JUDGED)

    assert {("ann", 150), ("bob", 0)} == {
        (line.group, line.won.value.amount)  # type: ignore[union-attr]
        for line in found.lines
        if not line.is_whole
    }


def test_nothing_won_has_no_error() -> None:
    (line, *_) = forecast(DEALS[1:2], SALES, QUARTER, ASKED).accuracy(JUDGED).lines

    assert (line.error.value, line.error.reason) == (None, "zero_denominator")


def test_no_data_has_no_error() -> None:
    (line, *_) = forecast((), SALES, QUARTER, ASKED).accuracy(JUDGED).lines

    assert line.error.reason == "no_data"


def test_it_is_judged_later() -> None:
    with pytest.raises(InvalidValue, match=r"accuracy\.judged"):
        forecast(DEALS, SALES, QUARTER, ASKED).accuracy(ASKED - timedelta(days=1))


def test_shown() -> None:
    found = forecast(DEALS, SALES, QUARTER, ASKED, by="owner").accuracy(JUDGED)
    page = found._repr_html_()

    assert str(found).splitlines()[0] == "all, open_pipeline: 160.00 against 150.00, error 6.67"
    assert str(found.lines[-1]) == "bob, weighted: 6.00 against 0.00, error none (zero_denominator)"
    assert "2026-01-11" in page
