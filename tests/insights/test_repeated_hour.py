"""The hour that a clock repeats in autumn: what was earlier, later and equal is told by instants, not by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.calendars import Period
from relex.insights import (
    Basis,
    Customer360,
    PurchaseHistory,
    Section,
    Snapshot,
    SoldLine,
    ctb,
    purchase_history,
    purchases_section,
)
from relex.purchases import Line, Purchase

LONDON = ZoneInfo("Europe/London")
DAY = date(2024, 10, 27)
FIRST = datetime(2024, 10, 27, 1, 40, tzinfo=LONDON)
SECOND = datetime(2024, 10, 27, 1, 20, tzinfo=LONDON, fold=1)


def sale(id: str, at: datetime) -> Purchase:  # noqa: A002 - the field's name
    return Purchase(id, customer="c", at=at, currency="USD", lines=[Line(1, "mug", 1, gross=5, brand="Nord")])


def seen(**choices: object) -> list[str]:
    sales = [sale("second", SECOND), sale("first", FIRST)]
    history = purchase_history(sales, **({"as_of": DAY, "zone": LONDON} | choices))  # type: ignore[arg-type]
    return [name for entry in history for period in entry.periods for name in period.ids]


def test_the_second_hour_is_after_the_first() -> None:
    assert seen(as_of=FIRST) == ["first"]
    assert seen(as_of=SECOND) == ["first", "second"]


def test_an_instant_far_ahead_and_one_at_the_beginning_of_time() -> None:
    assert seen(as_of=SECOND + timedelta(days=9)) == ["first", "second"]
    assert seen(as_of=datetime.min.replace(tzinfo=UTC)) == []


def test_rows_are_seen_by_their_instants() -> None:
    history = PurchaseHistory.from_rows([("c", FIRST, 1), ("c", SECOND, 2)], as_of=FIRST)

    assert (history.total, history.ignored.later.amount) == (1, 2)


@pytest.mark.parametrize(
    ("within", "names"),
    [
        (Period(SECOND), ["second"]),
        (Period(FIRST, SECOND), ["first"]),
        (Period(FIRST), ["first", "second"]),
        (Period(DAY, DAY + timedelta(1)), ["first", "second"]),
    ],
)
def test_a_period_of_instants_bounds_by_instants(within: Period, names: list[str]) -> None:
    assert seen(within=within) == names


def test_what_was_known_is_told_by_instants() -> None:
    assert seen(known_at=FIRST) == ["first"]


def test_orders_of_one_day_stand_as_they_were_made() -> None:
    assert seen(grain="order") == ["first", "second"]


def test_equal_instants_of_two_zones_stand_by_their_ids() -> None:
    there, here = sale("b", SECOND), sale("a", SECOND.astimezone(UTC))
    ways = [purchase_history(log, as_of=DAY, zone=LONDON, grain="order") for log in ([there, here], [here, there])]

    assert [[period.ids for period in history["c"].periods] for history in ways] == [[("a",), ("b",)]] * 2


def test_the_last_purchases_stand_latest_first() -> None:
    history = purchase_history([sale("second", SECOND), sale("first", FIRST)], as_of=DAY, zone=LONDON)
    panel = purchases_section("c", history).panels[1]

    assert [row[0] for row in panel.rows] == ["second", "first"]


def test_the_later_purchase_wins_a_tie_of_tastes() -> None:
    lines = [SoldLine("c", "p1", 5, brand="Casa", at=FIRST), SoldLine("c", "p2", 5, brand="Nord", at=SECOND)]

    assert ctb(lines, dimension="brand", min_purchases=1)["c"].preference == "Nord"


def test_the_last_purchase_of_a_taste_is_the_latest() -> None:
    lines = [SoldLine("c", "p2", 5, brand="Nord", at=SECOND), SoldLine("d", "p1", 5, brand="Nord", at=FIRST)]
    table = ctb(lines, dimension="brand")

    assert [found.values[0].last for found in table.segments({"c": "all", "d": "all"})] == [SECOND]
    assert table.segments({"c": "all", "d": "all"})[0].values[0].last.fold == 1  # type: ignore[union-attr]


def test_a_section_of_the_second_hour_is_later_than_a_view_of_the_first() -> None:
    with pytest.raises(ValueError, match="as_of"):
        Customer360(customer="c", as_of=FIRST, sections=[Section(name="health", as_of=SECOND)])


def test_one_instant_in_two_zones_is_one_and_two_of_one_clock_are_two() -> None:
    other, again = SECOND.astimezone(UTC), SECOND.replace(fold=0)
    values = [
        Basis(as_of=SECOND, zone=UTC, known_at=SECOND),
        Section(name="health", as_of=SECOND),
        Customer360(customer="c", as_of=SECOND),
        SoldLine("c", "p", Decimal(1), at=SECOND),
    ]
    names = ["as_of", "as_of", "as_of", "at"]

    for value, name in zip(values, names, strict=True):
        assert attrs.evolve(value, **{name: other}) == value
        assert attrs.evolve(value, **{name: again}) != value
    assert Snapshot(segment="s", version=1, at=other, ids=()) == Snapshot(segment="s", version=1, at=SECOND, ids=())
