"""Sums of sales and returns, at any instant, and whose the sales are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from relex.codec import dumps, loads
from relex.errors import Conflict, InvalidValue, NotFound
from relex.money import Money, RateTable, Rounding
from relex.purchases import Claim, Line, Purchase, Retraction, Return, live_claims, once, owners, spend

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sale(id: str, gross: str = "10.00", **fields: object) -> Purchase:  # noqa: A002 - as the field
    given: dict[str, object] = {"at": DAY, "currency": "USD", "lines": [Line(1, "p", 2, gross=gross)]}
    return Purchase(id, **(given | fields))  # type: ignore[arg-type]


def claim(id: str = "k1", **fields: object) -> Claim:  # noqa: A002 - as the field
    return Claim(id, **({"purchase": "s1", "customer": "c1", "at": DAY + HOUR, "by": "desk"} | fields))  # type: ignore[arg-type]


def test_two_equal_sales_with_two_ids_are_two_sales() -> None:
    assert spend([sale("s1"), sale("s2")]).of("USD").purchases == 2


def test_the_same_sale_twice_counts_once() -> None:
    assert (sale("s1"),) == once([sale("s1"), sale("s1")])
    assert spend([sale("s1"), sale("s1")]).of("USD").purchases == 1


def test_the_same_id_with_other_content_is_a_conflict() -> None:
    with pytest.raises(Conflict):
        spend([sale("s1"), sale("s1", "11.00")])


def test_a_row_has_counts_sums_and_the_first_and_last_instant() -> None:
    sales = [sale("s1", at=DAY + HOUR), sale("s2", "5.00", customer="c1")]
    row = spend(sales, [sales[0].take_back({1: 1}, id="r1", at=DAY + HOUR)]).of("USD")
    amounts = [row.gross, row.discount, row.net, row.returned, row.kept, row.anonymous_net]

    assert (row.purchases, row.returns, row.anonymous, row.first_at, row.last_at) == (2, 1, 1, DAY, DAY + HOUR)
    assert [str(m).removesuffix(" USD") for m in amounts] == ["15.00", "0.00", "15.00", "5.00", "10.00", "10.00"]


def test_anomalies_are_listed_and_counted() -> None:
    lost = Return("r1", purchase="s9", at=DAY, lines=(), value=Money("2.00", "USD"))
    vague = Return("r2", purchase="s9", at=DAY, lines={1: 1})
    found = spend([sale("s1")], [lost, vague])

    assert [lost, vague] == [row.entry for row in found.anomalies]
    assert (1, Money("8.00", "USD")) == (found.of("USD").returns, found.of("USD").kept)


def test_as_of_and_known_at_are_inclusive_and_repeat_a_past_report() -> None:
    late = sale("s2", at=DAY, recorded_at=DAY + 2 * HOUR)
    entries = [sale("s1"), late, sale("s3", at=DAY + HOUR)]

    assert spend(entries, as_of=DAY + HOUR).of("USD").purchases == 3
    assert spend(entries, as_of=DAY).of("USD").purchases == 2
    assert spend(entries, as_of=DAY, known_at=DAY + HOUR).of("USD").purchases == 1
    assert spend(entries, as_of=DAY, known_at=DAY + 2 * HOUR).of("USD").purchases == 2


@pytest.mark.parametrize("name", ["as_of", "known_at"])
def test_a_naive_instant_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match=name):
        spend([], **{name: datetime(2026, 5, 1)})  # type: ignore[arg-type]  # noqa: DTZ001 - what is refused


def test_currencies_stay_apart() -> None:
    found = spend([sale("s1"), sale("s2", "300", currency="JPY")], [back_in_euro()])

    assert [row.currency for row in found.currencies] == ["EUR", "JPY", "USD"]
    assert (0, None, Decimal(-1)) == (found.of("EUR").purchases, found.of("EUR").first_at, found.of("EUR").kept.amount)


def back_in_euro() -> Return:
    return Return("r1", at=DAY, value=Money("1.00", "EUR"))


def test_an_unknown_currency_is_not_found() -> None:
    with pytest.raises(NotFound):
        spend([sale("s1")]).of("EUR")


@pytest.mark.parametrize(("mode", "expected"), [(None, "11.9867"), (Rounding.HALF_UP, "11.99")])
def test_a_total_needs_a_table_of_rates(mode: Rounding | None, expected: str) -> None:
    rates = RateTable(date(2026, 5, 1), [("JPY", "USD", "0.006622333"), ("EUR", "USD", "1.10")])
    found = spend([sale("s1"), sale("s2", "300", currency="JPY")], [back_in_euro()]).total("USD", rates, mode)

    assert (found.purchases, found.returns, found.anonymous, found.first_at) == (2, 1, 2, DAY)
    assert expected == f"{found.net.amount:.4f}".rstrip("0")


@pytest.mark.parametrize(
    ("cls", "fields"),
    [
        (Claim, {"purchase": ""}),
        (Claim, {"customer": ""}),
        (Claim, {"at": None}),
        (Claim, {"by": ""}),
        (Claim, {"evidence": ""}),
        (Claim, {"recorded_at": 1}),
        (Retraction, {"claim": ""}),
        (Retraction, {"reason": ""}),
    ],
)
def test_a_claim_and_a_retraction_check_their_fields(cls: type, fields: dict[str, object]) -> None:
    given: dict[str, object] = {"at": DAY, "by": "desk"}
    given |= {"purchase": "s1", "customer": "c1"} if cls is Claim else {"claim": "k1"}

    with pytest.raises(InvalidValue, match=f"{cls.__name__}.{next(iter(fields))}"):
        cls("k1", **(given | fields))


def test_a_claim_gives_an_anonymous_sale_to_a_customer_from_then_on() -> None:
    assert owners([sale("s1")], [claim()]).owners == (("s1", "c1"),)
    assert owners([sale("s1")], [claim()], as_of=DAY).anonymous == ("s1",)
    assert spend([sale("s1")], claims=[claim()]).of("USD").anonymous == 0


def test_a_retracted_claim_holds_until_the_retraction() -> None:
    entries = [Retraction("k2", claim="k1", at=DAY + 2 * HOUR, by="desk"), claim()]

    assert owners([sale("s1")], entries).anonymous == ("s1",)
    assert {"s1": claim()} == live_claims(entries, as_of=DAY + HOUR)


def test_two_live_claims_of_one_sale_are_a_conflict() -> None:
    with pytest.raises(Conflict) as caught:
        live_claims([claim(), claim("k2", customer="c2")])

    assert caught.value.id == "s1"


def test_what_points_to_nothing_is_listed() -> None:
    entries = [claim("k1", purchase="s9"), claim("k2", purchase="s2"), Retraction("k3", claim="k9", at=DAY, by="desk")]
    found = owners([sale("s1"), sale("s2", customer="c7")], entries)

    assert found.anomalies == (("k1", "unknown-purchase"), ("k2", "not-anonymous"), ("k3", "unknown-claim"))
    assert found.owners == (("s1", None), ("s2", "c7"))


BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)
WINTER = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)  # twenty minutes later, on clocks that were put back


def test_filters_go_by_instant_when_clocks_are_put_back() -> None:
    sales = [sale("s1", at=SUMMER), sale("s2", at=WINTER)]
    known = [sale("s1", recorded_at=SUMMER), sale("s2", recorded_at=WINTER)]

    assert spend(sales, as_of=SUMMER).of("USD").purchases == 1
    assert spend(sales, as_of=WINTER).of("USD").purchases == 2
    assert spend(known, known_at=SUMMER).of("USD").purchases == 1


def test_the_first_and_the_last_sale_are_found_by_instant() -> None:
    row = spend([sale("s1", at=WINTER), sale("s2", at=SUMMER)]).of("USD")

    assert (row.first_at, row.last_at) == (SUMMER, WINTER)


def test_one_sale_in_two_notations_of_its_instant_is_one() -> None:
    """An instant within the hour that a clock repeats is not `==` to the same one with a plain offset."""
    assert len(once([sale("s1", at=WINTER), loads(dumps(sale("s1", at=WINTER)), Purchase)])) == 1


def test_two_instants_that_show_one_time_are_two() -> None:
    with pytest.raises(Conflict):
        once([sale("s1", at=SUMMER), sale("s1", at=SUMMER.replace(fold=1))])
