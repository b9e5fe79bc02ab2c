"""Returns: the strict command, the tolerant fold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from relex.errors import Conflict, InvalidValue, Rejected
from relex.money import Money
from relex.purchases import Line, Purchase, Return, owners, settle, spend

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
USD = "USD"


@pytest.fixture
def sale() -> Purchase:
    """Three mugs for 10.00, a line of quantity 0 worth 0.50, and 1.5 kg for 6.00."""
    lines = [Line(1, "mug", 3, gross="10.00"), Line(2, "rest", 0, gross="0.50"), Line(3, "kg", "1.5", gross=6)]
    return Purchase("s1", at=DAY, currency=USD, customer="c1", lines=lines)


def back(id: str = "r1", **fields: object) -> Return:  # noqa: A002 - as the field
    return Return(id, **({"purchase": "s1", "at": DAY, "lines": {1: 1}} | fields))  # type: ignore[arg-type]


def usd(amount: str) -> Money:
    return Money(amount, USD)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"purchase": ""}, "Return.purchase"),
        ({"at": datetime(2026, 5, 1)}, "Return.at"),  # noqa: DTZ001 - a naive datetime is what is refused
        ({"lines": [(0, 1)]}, "Return.lines"),
        ({"lines": [(1, 1), (1, 2)]}, "Return.lines"),
        ({"lines": [(1, -1)]}, "Return.lines"),
        ({"lines": [1]}, "Return.lines"),
        ({"lines": None}, "Return.lines"),
        ({"reason": ""}, "Return.reason"),
        ({"customer": ""}, "Return.customer"),
        ({"value": Decimal(1)}, "Return.value"),
        ({"value": Money(-1, USD)}, "Return.value"),
        ({"refunded": Money(-1, USD)}, "Return.refunded"),
        ({"recorded_at": "today"}, "Return.recorded_at"),
        ({"purchase": None}, "Return.value"),
        ({"lines": ()}, "Return.value"),
    ],
)
def test_bad_input_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        back(**fields)

    assert path == caught.value.path


def test_lines_are_sorted_pairs() -> None:
    assert ((1, 2), (3, Decimal("0.5"))) == back(lines={3: "0.5", 1: 2}).lines


def test_take_back_makes_a_return_with_its_value(sale: Purchase) -> None:
    found = sale.take_back([(1, 1)], id="r1", at=DAY, reason="damaged", refunded=usd("3.00"), recorded_at=DAY)
    expected = Return(
        "r1",
        purchase="s1",
        at=DAY,
        lines=[(1, 1)],
        reason="damaged",
        customer="c1",
        value=usd("3.33"),
        refunded=usd("3.00"),
        recorded_at=DAY,
    )

    assert expected == found


def test_without_lines_everything_that_remains_comes_back(sale: Purchase) -> None:
    first = sale.take_back({1: 2, 3: "0.5"}, id="r1", at=DAY)
    rest = sale.take_back(id="r2", at=DAY, earlier=[first], reason="cancelled")

    assert ((1, 1), (2, 0), (3, Decimal("1.0"))) == rest.lines
    assert sale.net == first.value + rest.value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("lines", "reason", "details"),
    [
        ({9: 1}, "unknown_line", {"line": 9, "known": (1, 2, 3)}),
        ({1: 4}, "more_than_remains", {"line": 1, "asked": 4, "remains": 2}),
        ({2: 1}, "more_than_remains", {"line": 2, "asked": 1, "remains": 0}),
    ],
)
def test_a_return_that_does_not_fit_is_rejected(
    sale: Purchase, lines: dict[int, int], reason: str, details: dict[str, object]
) -> None:
    earlier = [sale.take_back({1: 1, 2: 0}, id="r1", at=DAY)]

    with pytest.raises(Rejected) as caught:
        sale.take_back(lines, id="r2", at=DAY, earlier=earlier)

    assert (reason, details) == (caught.value.reason, caught.value.details)


def test_a_line_of_quantity_0_comes_back_once(sale: Purchase) -> None:
    earlier = [sale.take_back({2: 0}, id="r1", at=DAY)]

    assert usd("0.50") == earlier[0].value
    with pytest.raises(Rejected, match="more_than_remains"):
        sale.take_back({2: 0}, id="r2", at=DAY, earlier=earlier)


def test_nothing_comes_back_before_it_was_sold(sale: Purchase) -> None:
    with pytest.raises(Rejected, match="before_purchase"):
        sale.take_back({1: 1}, id="r1", at=DAY - timedelta(seconds=1))


def test_returning_nothing_is_rejected(sale: Purchase) -> None:
    with pytest.raises(Rejected, match="nothing_remains"):
        sale.take_back({}, id="r1", at=DAY)


def test_earlier_returns_are_of_this_purchase(sale: Purchase) -> None:
    with pytest.raises(InvalidValue, match=r"take_back.earlier"):
        sale.take_back({1: 1}, id="r2", at=DAY, earlier=[back(purchase="s2")])


def test_the_instant_of_the_command_is_aware(sale: Purchase) -> None:
    with pytest.raises(InvalidValue, match=r"take_back.at"):
        sale.take_back({1: 1}, id="r2", at=datetime(2026, 5, 2))  # noqa: DTZ001 - what is refused


def test_the_value_never_passes_what_earlier_stated_values_left(sale: Purchase) -> None:
    stated = back(lines=(), value=usd("16.00"))

    assert usd("0.50") == sale.take_back({1: 3}, id="r2", at=DAY, earlier=[stated]).value


@pytest.mark.parametrize(
    ("entries", "values", "anomalies"),
    [
        ([back()], ["3.33"], [()]),
        ([back(purchase=None, lines=(), value=usd("2.00"))], ["2.00"], [()]),
        ([back(purchase="s9")], [None], [("unknown-purchase",)]),
        ([back(purchase="s9", value=usd("2.00"))], ["2.00"], [("unknown-purchase",)]),
        ([back(at=DAY - timedelta(days=1))], ["3.33"], [("before-purchase",)]),
        ([back(lines={1: 4})], ["10.00"], [("more-than-bought",)]),
        ([back(lines={1: 4}, value=usd("13.00"))], ["13.00"], [("more-than-bought",)]),
        ([back(lines={8: 1})], ["0.00"], [("more-than-bought",)]),
        ([back(lines=(), value=usd("16.51"))], ["16.51"], [("more-than-bought",)]),
        ([back(), back("r2", lines={1: 3})], ["3.33", "6.67"], [(), ("more-than-bought",)]),
        ([back(lines={2: 0}), back("r2", lines={2: 0})], ["0.50", "0.00"], [(), ("more-than-bought",)]),
        ([back(lines=(), value=usd("16.00")), back("r2", lines={1: 1})], ["16.00", "0.50"], [(), ()]),
        ([back(lines=(), value=usd("99")), back("r2", lines={1: 1})], ["99", "0.00"], [("more-than-bought",)] * 2),
    ],
)
def test_settle_counts_everything_and_lists_what_does_not_fit(
    sale: Purchase, entries: list[Return], values: list[str | None], anomalies: list[tuple[str, ...]]
) -> None:
    found = settle([sale], entries)

    assert [None if value is None else usd(value) for value in values] == [row.value for row in found]
    assert anomalies == [row.anomalies for row in found]


def test_a_value_in_another_currency_is_counted_there_and_listed(sale: Purchase) -> None:
    entry = back(value=Money("3.00", "EUR"))
    found = settle([sale], [entry])[0]

    assert (Money("3.00", "EUR"), ("other-currency",)) == (found.value, found.anomalies)


def test_the_same_id_with_other_content_is_a_conflict(sale: Purchase) -> None:
    with pytest.raises(Conflict) as caught:
        settle([sale], [back(), back(lines={1: 2})])

    assert caught.value.id == "r1"


def test_a_return_says_what_it_is() -> None:
    assert back().kind == "return"


@pytest.mark.parametrize(
    ("fields", "value", "refunded", "currency"),
    [
        ({}, None, None, None),
        ({"value": usd("3.33")}, Decimal("3.33"), None, "USD"),
        ({"refunded": usd("3.00")}, None, Decimal("3.00"), "USD"),
    ],
)
def test_facts_have_stable_names(
    fields: dict[str, object], value: Decimal | None, refunded: Decimal | None, currency: str | None
) -> None:
    expected = {
        "kind": "return",
        "id": "r1",
        "purchase": "s1",
        "customer": None,
        "at": DAY,
        "reason": None,
        "value": value,
        "refunded": refunded,
        "currency": currency,
    }

    assert expected == back(**fields).facts()


BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)
WINTER = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)  # twenty minutes later, on clocks that were put back


def test_a_return_may_follow_when_clocks_are_put_back() -> None:
    sale = Purchase("s1", at=SUMMER, currency=USD, lines=[Line(1, "mug", 1, gross=1)])

    assert usd("1.00") == sale.take_back(id="r1", at=WINTER).value


def test_returns_settle_by_instant_when_clocks_are_put_back() -> None:
    sale = Purchase("s1", at=SUMMER, currency=USD, lines=[Line(1, "mug", 3, gross="10.00")])
    settled = settle([sale], [back("a", at=WINTER), back("b", at=SUMMER)])

    assert [(x.entry.id, x.value, x.anomalies) for x in settled] == [("b", usd("3.33"), ()), ("a", usd("3.34"), ())]


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda sale: sale.take_back(id="r1", at=DAY, earlier=5), "take_back.earlier"),
        (lambda sale: sale.take_back(id="r1", at=DAY, earlier=[sale]), "take_back.earlier"),
        (lambda sale: settle([sale], [sale]), "settle.returns"),
        (lambda sale: settle([5], []), "once.entries"),
        (lambda sale: spend([5]), "spend.purchases"),
        (lambda sale: spend(5), "spend.purchases"),
        (lambda sale: spend([sale], [sale]), "spend.returns"),
        (lambda sale: spend([sale], claims=[sale]), "live_claims.entries"),
        (lambda sale: owners([back()]), "owners.purchases"),
        (lambda sale: owners([sale], [back()]), "owners.claims"),
    ],
)
def test_what_is_no_such_entry_is_one_clear_error(sale: Purchase, call: Callable[[Any], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call(sale)

    assert path == caught.value.path
