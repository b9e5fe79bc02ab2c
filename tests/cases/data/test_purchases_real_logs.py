"""Worked case (E) of the purchases section: CDNOW's whole log, of package `lifetimes`, `datasets/CDNOW_master.txt`.

Case (F), a grocery's year, is what the example reads: tests/examples/test_grocery.py.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from importlib.util import find_spec
from pathlib import Path

import pytest

from relex import Money
from relex.purchases import CurrencySpend, Line, Purchase, spend

NOON = time(12, tzinfo=UTC)
AS_OF = datetime(1998, 7, 1, tzinfo=UTC)


def rows() -> list[list[str]]:
    spec = find_spec("lifetimes")
    assert spec is not None
    (place,) = spec.submodule_search_locations or [""]
    text = (Path(place) / "datasets" / "CDNOW_master.txt").read_text(encoding="utf-8")
    return [words for words in map(str.split, text.splitlines()) if words and words[0].isdigit()]


@pytest.fixture(scope="module")
def sales() -> list[Purchase]:
    return [
        Purchase(
            f"row {number}",
            at=datetime.combine(date.fromisoformat(day), NOON),
            currency="USD",
            customer=customer,
            lines=[Line(1, "cd", int(units), gross=amount)],
        )
        for number, (customer, day, units, amount) in enumerate(rows())
    ]


@pytest.fixture(scope="module")
def dollars(sales: list[Purchase]) -> CurrencySpend:
    return spend(sales, as_of=AS_OF).of("USD")


def test_e_the_whole_log_adds_up(sales: list[Purchase], dollars: CurrencySpend) -> None:
    units = sum(sale.quantity for sale in sales)

    assert (dollars.purchases, str(dollars.net), units) == (69_659, "2500315.63 USD", 167_881)
    assert len({sale.customer for sale in sales}) == 23_570


def test_e_first_and_last_day(dollars: CurrencySpend) -> None:
    assert dollars.first_at is not None
    assert dollars.last_at is not None
    assert (dollars.first_at.date(), dollars.last_at.date()) == (date(1997, 1, 1), date(1998, 6, 30))


def test_e_equal_sales_are_several_sales_and_a_sale_may_be_of_nothing(sales: list[Purchase]) -> None:
    repeated = sum(count - 1 for count in Counter(map(tuple, rows())).values())
    free = [sale for sale in sales if sale.net == Money(0, "USD")]

    assert (repeated, len(free)) == (255, 80)


@pytest.mark.parametrize(("customer", "net", "days"), [("00002", "89.00", [2]), ("00003", "156.46", [1] * 6)])
def test_e_what_single_customers_spent(sales: list[Purchase], customer: str, net: str, days: list[int]) -> None:
    own = [sale for sale in sales if sale.customer == customer]

    assert spend(own, as_of=AS_OF).of("USD").net == Money(net, "USD")
    assert list(Counter(sale.at for sale in own).values()) == days
