"""Histories of purchases: what is seen, what returns and claims do, currencies, what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from strategies_insights import bought

from relex.calendars import Period
from relex.errors import Conflict, CurrencyMismatch, InvalidValue
from relex.insights import Basis, PurchaseHistory, Tally, purchase_history
from relex.money import Money, RateTable
from relex.purchases import Claim, Line, Purchase, Retraction, Return

AS_OF = date(2024, 1, 31)


def day(number: int) -> date:
    return date(2024, 1, number)


def at(number: int, hour: int = 12) -> datetime:
    return datetime(2024, 1, number, hour, tzinfo=UTC)


def back(id: str = "r", number: int = 20, value: int = 50, **fields: Any) -> Return:  # noqa: A002 - the field's name
    return Return(id, at=at(number), value=Money(value, "USD"), **fields)


def history(sales: Any, **choices: Any) -> PurchaseHistory:
    return purchase_history(sales, **({"as_of": AS_OF, "zone": UTC} | choices))


def test_a_period_keeps_its_purchases() -> None:
    late, early = bought("p1", "c", day(3), 10, hour=18), bought("p2", "c", day(3), 5, hour=9)
    period = history([late, early])["c"].periods[0]

    assert (period.ids, period.amount, period.first_at) == (("p2", "p1"), 15, at(3, 9))
    assert [line.product for line in period.lines] == ["thing", "thing"]


def test_each_purchase_by_itself() -> None:
    entry = history([bought("p1", "c", day(3), 10, hour=18), bought("p2", "c", day(3), 5, hour=9)], grain="order")["c"]

    assert (entry.starts, entry.amounts) == ((day(3), day(3)), (5, 10))


def test_the_same_entry_twice_counts_once() -> None:
    sale, other = bought("p1", "c", day(3), 10), bought("p1", "c", day(3), 10)
    returns = [back(purchase="p1", value=4)] * 3
    found = history([sale, other], returns=returns)

    assert (found.total, found.ignored.repeated) == (6, 3)


def test_one_id_with_two_contents_is_a_conflict() -> None:
    with pytest.raises(Conflict):
        history([bought("p1", "c", day(3), 10), bought("p1", "c", day(3), 11)])


def test_a_purchase_that_came_back_entirely_does_not_count() -> None:
    sales = [bought("p1", "c", day(3), 10), bought("p2", "c", day(5), 50), bought("p3", "d", day(5), 50)]
    found = history(sales, returns=[back(purchase="p2"), back("r3", purchase="p3")])

    assert ([entry.customer for entry in found], found["c"].last_day) == (["c"], day(3))
    assert (found.ignored.returned, found.ignored.returns_only) == (Tally(2), ())


def test_more_than_the_net_lowers_the_total() -> None:
    sales = [bought("p1", "c", day(3), 100), bought("p2", "c", day(5), 30)]
    found = history(sales, returns=[back(purchase="p2")])

    assert (found["c"].frequency, found["c"].total, found["c"].unplaced) == (1, 80, -20)


def test_a_free_purchase_is_no_returned_one() -> None:
    found = history([bought("p1", "c", day(3), 0)], returns=[back(purchase="p1", value=0)])

    assert (found["c"].frequency, found.ignored.returned) == (1, Tally())


def test_a_return_in_its_own_period() -> None:
    sales = [bought("p1", "c", day(3), 100), bought("p2", "c", day(20), 30), bought("p3", "d", day(3), 60)]
    returns = [back(purchase="p1"), back("r2", 25, 10, purchase="p1"), back("r3", purchase="p3", value=60)]
    found = history(sales, returns=returns, amount="by_period")

    assert (found["c"].amounts, found["c"].unplaced) == ((100, -20), -10)
    assert (found["d"].frequency, found["d"].total) == (1, 0)


def test_orders_have_no_period_in_which_goods_come_back() -> None:
    sales = [bought("p1", "c", day(20), 100)]
    entry = history(sales, returns=[back(purchase="p1")], amount="by_period", grain="order")["c"]

    assert (entry.amounts, entry.unplaced) == ((100,), -50)


def test_returns_without_a_purchase() -> None:
    returns = [
        back("r1", customer="c", value=7),
        back("r2", customer="d", value=8, purchase="unknown"),
        back("r3", value=9),
        Return("r4", at=at(20), purchase="unknown", lines={1: 1}, customer="c"),
    ]
    found = history([bought("p1", "c", day(3), 10)], returns=returns)

    assert (found["c"].total, found["c"].frequency) == (3, 1)
    assert found.ignored.returns_only == (("d", Decimal(-8)),)
    assert (found.ignored.anonymous, found.ignored.unvalued) == (Tally(1, Decimal(-9)), Tally(1))


def test_the_value_of_returned_lines_is_worked_out() -> None:
    sale = Purchase("p1", at=at(3), currency="USD", customer="c", lines=[Line(1, "mug", 3, gross="10.00")])
    found = history([sale], returns=[Return("r1", purchase="p1", at=at(4), lines={1: 1})])

    assert found.total == Decimal("6.67")


def test_later_returns_are_not_seen() -> None:
    found = history([bought("p1", "c", day(3), 100)], returns=[back(purchase="p1")], as_of=at(19))

    assert (found.total, found.ignored.later) == (100, Tally(1, Decimal(-50)))


def test_what_was_not_known_yet_is_not_seen() -> None:
    late = attrs.evolve(bought("p1", "c", day(3), 100), recorded_at=at(25))
    sales = [late, bought("p2", "c", day(4), 10), bought("p3", "c", day(29), 1)]
    found = history(sales, returns=[back(number=24, purchase="p2", value=4)], known_at=at(20))

    assert found.total == 10
    assert found.ignored.unknown == Tally(3, Decimal(97))


def test_a_period_bounds_what_is_looked_at() -> None:
    sales = [bought("p1", "c", day(3), 100), bought("p2", "c", day(10), 30)]
    returns = [back(purchase="p1"), back("r2", 5, 4, customer="c"), back("r3", 25, 3, purchase="p2")]
    found = history(sales, returns=returns, within=Period(day(8), day(24)))

    assert found.total == 27
    assert found.ignored.outside == Tally(2, Decimal(46))


def test_a_period_of_instants_bounds_purchases() -> None:
    sales = [bought("p1", "c", day(3), 100), bought("p2", "c", day(10), 30)]

    assert history(sales, within=Period(at(3, 13))).total == 30


def test_free_purchases_are_skipped_on_demand() -> None:
    sales = [bought("p1", "c", day(3), 0), bought("p2", "c", day(4), 5)]

    assert history(sales, zero="skip")["c"].frequency == 1
    assert history(sales, zero="skip").ignored.skipped == Tally(1)


def test_a_claim_gives_a_purchase_to_a_customer() -> None:
    sales = [bought("p1", None, day(3), 100), bought("p2", None, day(4), 30), bought("p3", None, day(4), 7)]
    claims = [
        Claim("k1", purchase="p1", customer="c", at=at(5), by="desk"),
        Claim("k2", purchase="p2", customer="c", at=at(5), by="desk"),
        Retraction("k3", claim="k2", at=at(6), by="desk"),
        Claim("k4", purchase="p3", customer="c", at=at(6), by="desk"),
    ]
    found = history(sales, claims=claims, as_of=at(6, 11), returns=[back(purchase="p1", number=5, value=1)])
    later = history(sales, claims=claims)

    assert (found["c"].total, found.ignored.anonymous) == (129, Tally(1, Decimal(7)))
    assert (later["c"].total, later.ignored.anonymous) == (107, Tally(1, Decimal(30)))


def test_two_live_claims_are_a_conflict() -> None:
    claims = [Claim(f"k{n}", purchase="p1", customer=f"c{n}", at=at(5), by="desk") for n in (1, 2)]

    with pytest.raises(Conflict):
        history([bought("p1", None, day(3), 100)], claims=claims)


def test_a_return_of_nobodys_purchase_is_nobodys() -> None:
    sales, returns = [bought("p1", None, day(3), 100)], [back(purchase="p1")]

    assert history(sales, returns=returns).ignored.anonymous == Tally(1, Decimal(50))
    assert history(sales, returns=returns, amount="by_period").ignored.anonymous == Tally(2, Decimal(50))


def euros(id: str, amount: int) -> Purchase:  # noqa: A002 - the field's name
    return Purchase(id, customer="c", at=at(3), currency="EUR", lines=[Line(1, "thing", 1, gross=amount)])


def test_a_second_currency_needs_rates() -> None:
    sales = [bought("p1", "c", day(3), 100), euros("p2", 10)]

    with pytest.raises(CurrencyMismatch):
        history(sales)
    with pytest.raises(CurrencyMismatch):
        history(sales[:1], currency="EUR")
    with pytest.raises(CurrencyMismatch):
        history(sales[:1], returns=[Return("r", purchase="p1", at=at(4), value=Money(1, "EUR"))])


def test_rates_convert_exactly_to_a_named_currency() -> None:
    rates = RateTable(day(1), [("EUR", "USD", "1.0825"), ("USD", "EUR", "0.92")])
    sales = [bought("p1", "c", day(3), 100), euros("p2", 10)]
    found = history(sales, rates=rates, currency="USD", returns=[back(purchase="p1", value=1)])

    assert (found.total, found.basis.currency) == (Decimal("109.8250"), "USD")
    with pytest.raises(InvalidValue, match="currency"):
        history(sales, rates=rates)


def test_only_purchases_and_returns_are_taken() -> None:
    with pytest.raises(InvalidValue, match=r"purchases\[1\]"):
        history([bought("p1", "c", day(3), 100), "p2"])
    with pytest.raises(InvalidValue, match=r"returns\[0\]"):
        history([], returns=["r"])


def test_a_plain_date_needs_a_zone() -> None:
    with pytest.raises(InvalidValue, match="give zone="):
        purchase_history([], as_of=AS_OF)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InvalidValue):
        purchase_history([], as_of=datetime(2024, 1, 31))  # noqa: DTZ001 - what is refused


def test_a_subclass_of_purchase_is_a_purchase() -> None:
    @attrs.frozen
    class Receipt(Purchase):
        """A purchase by another name."""

    sale = Receipt("p1", customer="c", at=at(3), currency="USD", lines=[Line(1, "thing", 1, gross=5)])

    assert history([sale]).total == 5


def test_an_empty_log_gives_an_empty_history() -> None:
    assert (len(history([])), history([]).basis.currency) == (0, None)


def test_a_basis_tells_every_choice_that_moves_numbers() -> None:
    basis = Basis(
        as_of=at(31),
        zone=UTC,
        day_starts=time(5),
        within=Period(day(1)),
        zero="skip",
        known_at=at(31) + timedelta(days=1),
    )

    assert str(basis) == (
        "as of 2024-01-31 12:00:00+00:00, zone UTC, by day, day starts 05:00:00, within 2024-01-01 to None, "
        "amount kept, free purchases skipped, known at 2024-02-01 12:00:00+00:00"
    )


def test_a_basis_without_a_zone_knows_no_business_day() -> None:
    with pytest.raises(InvalidValue, match="give zone="):
        Basis(as_of=AS_OF).day_of(at(3))


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"claims": ["k"]}, r"claims\[0\]"),
        ({"claims": 5}, "claims"),
        ({"returns": 5}, "returns"),
        ({"rates": "1.08", "currency": "USD"}, "rates"),
        ({"sales": 5}, "purchases"),
        ({"sales": "p1"}, "purchases"),
    ],
)
def test_what_is_no_entry_is_refused(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        history(arguments.pop("sales", ()), **arguments)
