"""Price books: which price wins, and why there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Months, Period, Years
from relex.errors import InvalidValue, Rejected
from relex.pipeline import PriceBook, PriceEntry, Schedule, ScheduleTier, find_price, price_line
from relex.purchases import Discount

DAY = date(2026, 5, 4)
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))
RETAIL = PriceBook("retail", "USD", [PriceEntry("seat", 100), PriceEntry("seat", 90, minimum=10)])


def found(*books: PriceBook, product: str = "seat", quantity: Any = 1, on: date = DAY) -> Any:
    return find_price(books, product, quantity, currency="USD", on=on)


class TestFinding:
    @pytest.mark.parametrize(("quantity", "price"), [(0, 100), (1, 100), ("9.9", 100), (10, 90), (500, 90)])
    def test_the_highest_minimum_that_is_met_wins(self, quantity: Any, price: int) -> None:
        assert price == found(RETAIL, quantity=quantity).entry.price

    def test_the_first_book_wins_even_where_a_later_one_is_cheaper(self) -> None:
        cheap = PriceBook("cheap", "USD", [PriceEntry("seat", 1)])

        assert found(RETAIL, cheap).book == "retail"

    def test_every_book_that_is_passed_over_says_why(self) -> None:
        books = [
            PriceBook("euro", "EUR", [PriceEntry("seat", 1)]),
            PriceBook("other", "USD", [PriceEntry("desk", 1)]),
            PriceBook("april", "USD", [PriceEntry("seat", 1, valid=APRIL)]),
            PriceBook("bulk", "USD", [PriceEntry("seat", 1, minimum=100)]),
        ]

        price = found(*books, RETAIL)

        reasons = (("euro", "currency"), ("other", "no_entry"), ("april", "not_valid"), ("bulk", "below_minimum"))
        assert reasons == price.passed
        assert str(price).startswith("100 of retail, after euro (currency), after other (no_entry)")

    def test_without_a_price_the_refusal_lists_the_books(self) -> None:
        with pytest.raises(Rejected, match="no_price") as refused:
            found(RETAIL, product="desk")

        assert refused.value.details["passed"] == (("retail", "no_entry"),)

    def test_a_price_of_0_is_a_price(self) -> None:
        assert found(PriceBook("free", "USD", [PriceEntry("seat", 0)]), RETAIL).entry.price == 0

    @pytest.mark.parametrize(
        ("on", "book"),
        [
            (date(2026, 4, 30), "retail"),
            (date(2026, 5, 1), "may"),
            (date(2026, 5, 31), "may"),
            (date(2026, 6, 1), "retail"),
        ],
    )
    def test_a_price_holds_from_its_first_date_to_the_one_before_its_end(self, on: date, book: str) -> None:
        may = PriceBook("may", "USD", [PriceEntry("seat", 80, valid=MAY)])

        assert book == found(may, RETAIL, on=on).book

    @pytest.mark.parametrize(
        "given",
        [
            {"books": "retail"},
            {"books": [1]},
            {"product": ""},
            {"quantity": -1},
            {"currency": "usd"},
            {"on": datetime(2026, 5, 4, tzinfo=UTC)},
        ],
        ids=lambda given: next(iter(given)),
    )
    def test_a_wrong_argument_is_refused(self, given: dict[str, Any]) -> None:
        usual: dict[str, Any] = {"books": [RETAIL], "product": "seat", "quantity": 1, "currency": "USD", "on": DAY}

        with pytest.raises(InvalidValue):
            find_price(**(usual | given))


class TestBooks:
    @pytest.mark.parametrize(
        "valid",
        [
            (None, None),
            (None, MAY),
            (MAY, Period(date(2026, 5, 31))),
            (Period(DAY), None),
            (Period(date(2026, 1, 1)), MAY),
            (Period(date.max), Period(date.max)),
        ],
        ids=["always", "always-and-a-month", "overlapping", "two-without-an-end", "inside", "on-the-last-of-days"],
    )
    def test_two_prices_for_one_date_are_refused(self, valid: tuple[Period | None, Period | None]) -> None:
        with pytest.raises(InvalidValue, match="one price for a product, minimum and date"):
            PriceBook("b", "USD", [PriceEntry("seat", price, valid=each) for price, each in enumerate(valid)])

    @pytest.mark.parametrize(
        "entries",
        [
            [PriceEntry("seat", 1, valid=APRIL), PriceEntry("seat", 2, valid=MAY)],
            [PriceEntry("seat", 1), PriceEntry("seat", 2, minimum=5)],
            [PriceEntry("seat", 1), PriceEntry("desk", 2)],
            [PriceEntry("seat", 1), PriceEntry("seat", 2, valid=Period(DAY, DAY))],
        ],
        ids=["months", "minimums", "products", "an-empty-period"],
    )
    def test_prices_that_never_meet_are_fine(self, entries: list[PriceEntry]) -> None:
        assert set(entries) == {
            each for product in ("desk", "seat") for each in PriceBook("b", "USD", entries).of(product)
        }

    @pytest.mark.parametrize(
        "given",
        [
            {"price": 1.5},
            {"price": "1/3"},
            {"price": Decimal("1E+30")},
            {"minimum": -1},
            {"cost": -1},
            {"valid": Period(datetime(2026, 5, 4, tzinfo=UTC))},
            {"schedule": "volume"},
        ],
        ids=["float", "fraction", "huge", "minimum", "cost", "instants", "schedule"],
    )
    def test_a_price_that_is_none_is_refused(self, given: dict[str, Any]) -> None:
        usual: dict[str, Any] = {"product": "seat", "price": 1}

        with pytest.raises(InvalidValue, match="PriceEntry"):
            PriceEntry(**(usual | given))


class TestLines:
    volume = Schedule("volume", [ScheduleTier(1, None, 10)])

    def test_a_line_takes_what_the_book_says(self) -> None:
        book = PriceBook("retail", "USD", [PriceEntry("seat", 100, schedule=self.volume, cost=60)])

        line = price_line([book], 3, "seat", 2, currency="USD", on=DAY, discounts=[Discount(percent=5)], tax_rate="0.2")

        assert (line.number, line.product, line.quantity, line.book) == (3, "seat", 2, "retail")
        assert (100, self.volume, 60) == (line.list_price, line.schedule, line.cost)
        assert (line.contract_price, line.contract_book, line.term) == (None, None, None)
        assert line.net == 171

    def test_a_contract_gives_its_price_where_it_has_one(self) -> None:
        acme = PriceBook("acme", "USD", [PriceEntry("seat", 70)])

        line = price_line([RETAIL], 1, "seat", 2, currency="USD", on=DAY, contracts=[acme])

        assert (line.list_price, line.contract_price, line.contract_book) == (100, 70, "acme")
        assert line.net == 140

    def test_a_contract_without_the_product_changes_nothing(self) -> None:
        acme = PriceBook("acme", "USD", [PriceEntry("desk", 70)])

        assert price_line([RETAIL], 1, "seat", 2, currency="USD", on=DAY, contracts=[acme]).contract_price is None

    def test_a_contract_for_another_time_is_refused(self) -> None:
        acme = PriceBook("acme", "USD", [PriceEntry("seat", 70, priced_for=Months(1))])

        with pytest.raises(InvalidValue, match=r"price_line\.contracts"):
            price_line([RETAIL], 1, "seat", 2, currency="USD", on=DAY, contracts=[acme])

    def test_a_contract_with_a_schedule_is_refused(self) -> None:
        acme = PriceBook("acme", "USD", [PriceEntry("seat", 70, schedule=self.volume)])

        with pytest.raises(InvalidValue, match=r"price_line\.contracts"):
            price_line([RETAIL], 1, "seat", 2, currency="USD", on=DAY, contracts=[acme])

    @pytest.mark.parametrize(
        ("sold", "net"),
        [({}, 30), ({"length": Months(24)}, 60), ({"dates": Period(date(2026, 1, 1), date(2026, 2, 2))}, 5)],
        ids=["usual", "length", "dates"],
    )
    def test_a_price_for_a_time_is_sold_for_another(self, sold: dict[str, Any], net: int) -> None:
        book = PriceBook("yearly", "USD", [PriceEntry("seat", 30, priced_for=Years(1))])

        assert net == price_line([book], 1, "seat", 1, currency="USD", on=DAY, **sold).net

    def test_a_price_that_is_paid_once_is_not_sold_for_a_time(self) -> None:
        with pytest.raises(InvalidValue, match="stands for no time"):
            price_line([RETAIL], 1, "seat", 1, currency="USD", on=DAY, length=Months(24))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("books", 5),
        ("contracts", 5),
        ("product", ""),
        ("currency", "dollars"),
        ("on", datetime(2026, 5, 4, tzinfo=UTC)),
    ],
)
def test_a_line_names_what_it_was_given(name: str, value: Any) -> None:
    given = {"books": [], "number": 1, "product": "seat", "quantity": 1, "currency": "USD", "on": date(2026, 5, 4)}
    if name == "contracts":
        given["books"] = [PriceBook("retail", "USD", [PriceEntry("seat", 30)])]

    with pytest.raises(InvalidValue, match=f"price_line.{name}"):
        price_line(**{**given, name: value})


def test_a_line_without_a_price_is_refused_by_its_own_name() -> None:
    with pytest.raises(Rejected, match="price_line"):
        price_line([], 1, "seat", 1, currency="USD", on=date(2026, 5, 4))
