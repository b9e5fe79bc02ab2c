"""The bridge: what happened to a forecast between two instants."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pipeline_deals import deal, on, sales, usd

from relex.calendars import Period
from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Money, RateTable
from relex.pipeline import Bridge, Opportunity, forecast, merge_opportunities

SALES = sales()
QUARTER = Period.of("quarter", date(2026, 1, 1))
INSIDE, OUTSIDE = date(2026, 2, 20), date(2026, 5, 1)
BEFORE, BETWEEN, AFTER = on(10), on(20), on(30)


def known(name: str, amount: Any = 100, opened: float = 0, close: date | None = INSIDE) -> Opportunity:
    return deal(name, opened, amount=amount, expected_close=close)


def bridge(*deals: Opportunity, **more: Any) -> Bridge:
    return forecast(deals, SALES, QUARTER, AFTER, **more).explain(before=BEFORE)


def lost(state: Opportunity, day: float = 20) -> Opportunity:
    return state.lose(SALES, at=on(day), reason="price").state


def moved(name: str, start: date | None, to: date | None) -> Opportunity:
    return known(name, close=start).change_close_date(to, at=BETWEEN).state


ONE = merge_opportunities([known("a"), known("b", 100)], SALES, by="eve", reason="twice", at=BETWEEN)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(known("a", opened=15), ("new", 100), id="new"),
        pytest.param(lost(known("a"), 5).reopen(SALES, at=BETWEEN).state, ("reopened", 100), id="reopened"),
        pytest.param(moved("a", OUTSIDE, INSIDE), ("pulled_in", 100), id="pulled in"),
        pytest.param(moved("a", None, INSIDE), ("pulled_in", 100), id="dated"),
        pytest.param(known("a").change_amount(usd(130), at=BETWEEN).state, ("increased", 30), id="increased"),
        pytest.param(known("a", None).change_amount(usd(30), at=BETWEEN).state, ("increased", 30), id="priced"),
        pytest.param(known("a").change_amount(usd(60), at=BETWEEN).state, ("decreased", -40), id="decreased"),
        pytest.param(moved("a", INSIDE, OUTSIDE), ("pushed_out", -100), id="pushed out"),
        pytest.param(lost(known("a")), ("lost", -100), id="lost"),
        pytest.param(ONE[1].state, ("merged", -100), id="merged"),
    ],
)
def test_each_kind_of_line(state: Opportunity, expected: tuple[str, int]) -> None:
    found = bridge(state)

    assert [expected] == [(line.kind, line.difference.amount) for line in found.lines]
    assert found.figure(expected[0]).value == usd(expected[1])


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(known("a"), id="nothing happened"),
        pytest.param(known("a").win(SALES, at=BETWEEN).state, id="won"),
        pytest.param(known("a", 0, opened=15), id="new and worth nothing"),
        pytest.param(known("a", None, opened=15), id="new and without an amount"),
        pytest.param(lost(known("a", opened=15)), id="came and went"),
        pytest.param(known("a", None).change_amount(usd(0), at=BETWEEN).state, id="worth nothing after all"),
    ],
)
def test_no_line(state: Opportunity) -> None:
    assert bridge(state).lines == ()


def test_a_deal_that_changed_its_currency_has_two_lines() -> None:
    state = known("a", 10, 12)
    state = state.change_amount(None, at=BETWEEN).state.change_amount(Money(8, "EUR"), at=BETWEEN).state
    found = forecast([state], SALES, QUARTER, AFTER).explain(before=on(13))

    assert [("increased", Money(8, "EUR")), ("decreased", usd(-10))] == [
        (line.kind, line.difference) for line in found.lines
    ]
    with pytest.raises(CurrencyMismatch):
        found.figure("increased")


def test_with_rates_all_is_in_one_currency() -> None:
    rates = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.5")])
    found = bridge(known("a", Money(10, "EUR"), 15), known("b", Money(4, "CHF"), 15), known("c"), rates=rates)

    assert ((usd(100),), (Money(4, "CHF"), usd(115))) == (found.before, found.after)


def test_the_matrix_of_categories() -> None:
    said = known("b").override_category("commit", at=BETWEEN).state
    found = bridge(known("a"), said, known("c", opened=15), moved("d", INSIDE, OUTSIDE), lost(known("e")))

    assert [(move.before, move.after, move.deals) for move in found.moves] == [
        (None, "pipeline", ("c",)),
        ("pipeline", None, ("d",)),
        ("pipeline", "commit", ("b",)),
        ("pipeline", "omitted", ("e",)),
        ("pipeline", "pipeline", ("a",)),
    ]
    assert all(move.amounts == (usd(100),) for move in found.moves)


def test_overdue_deals_that_move_with_the_day() -> None:
    year = Period.of("month", date(2026, 2, 1))
    found = forecast([known("a", close=date(2026, 1, 5))], SALES, year, on(35), overdue="current").explain(BEFORE)

    assert [(line.kind, line.deal) for line in found.lines] == [("pulled_in", "a")]


def test_figures() -> None:
    found = bridge(known("a"), known("b", opened=15))

    assert [usd(100), usd(100), usd(0), usd(200)] == [
        found.figure(kind).value for kind in ("before", "new", "lost", "after")
    ]
    assert found.figure("new").part("deals") == 1
    assert bridge().figure("new").reason == "no_data"


def test_an_unknown_kind_is_refused() -> None:
    for ask in (bridge().of, bridge().amounts, bridge().figure):
        with pytest.raises(InvalidValue, match=r"Bridge\.kind"):
            ask("stolen")


def test_the_earlier_instant_comes_first() -> None:
    with pytest.raises(InvalidValue, match=r"explain\.before"):
        forecast([], SALES, QUARTER, AFTER).explain(before=AFTER + timedelta(seconds=1))


def test_shown() -> None:
    found = bridge(known("<b>"), lost(known("c", 40)), known("d", opened=15))
    page = found._repr_html_()

    assert str(found) == "before 140.00 USD | new 100.00 USD | lost -40.00 USD | after 200.00 USD"
    assert str(found.lines[0]) == "new d: 100.00 USD"
    assert "outside" in page
    assert "<b>" not in page
    assert str(bridge()) == "before 0 | after 0"
