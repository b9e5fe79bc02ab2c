"""RFM tables: what is asked of them, what they show, what is refused."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from strategies_insights import bought, ten_rows

from relex.errors import InvalidValue, NotFound
from relex.figures import Figure
from relex.insights import (
    NO_PURCHASES,
    MapRow,
    PurchaseHistory,
    QuantileScores,
    RankScores,
    RfmTable,
    SegmentMap,
    Weights,
    rfm,
)

AS_OF = date(2024, 1, 31)
TEN = PurchaseHistory.from_rows(ten_rows(AS_OF), as_of=AS_OF)
EMPTY = PurchaseHistory.from_rows([], as_of=AS_OF)


def test_a_log_is_reduced_by_the_choices_given() -> None:
    sales = [bought("p1", "c", date(2024, 1, 3), 10), bought("p2", "c", date(2024, 1, 4), 5)]
    table = rfm(sales, as_of=AS_OF, zone=UTC, grain="month")

    assert [(row.recency, row.frequency, row.total) for row in table] == [(27, 1, 15)]


@pytest.mark.parametrize(
    ("source", "choices", "path"),
    [
        (TEN, {"as_of": AS_OF}, "as_of"),
        (TEN, {"zone": UTC}, "as_of"),
        ([], {}, "as_of"),
        (TEN, {"monetary": "median"}, "rfm.monetary"),
        (TEN, {"scores": 5}, "rfm.scores"),
        (TEN, {"segments": "RF_11"}, "rfm.segments"),
        (TEN, {"scores": RankScores(4)}, "rfm.segments"),
        (TEN, {"customers": ["a", ""]}, "rfm.customers"),
    ],
)
def test_what_does_not_fit_is_refused(source: Any, choices: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        rfm(source, **choices)

    assert error.value.path == path


def test_another_number_of_scores_needs_its_map() -> None:
    by_money = SegmentMap(
        name="thirds",
        rows=[MapRow("Low", monetary=(1, 2)), MapRow("Top", monetary=(3, 3))],
        dimensions=("monetary",),
        sizes=(3,),
    )
    table = rfm(TEN, scores=RankScores(3), segments=by_money)

    assert table.members("Top") == ("a", "d", "g")
    assert "Top" in table._repr_html_()


def test_the_money_may_be_the_mean() -> None:
    table = rfm(TEN, monetary="mean")

    assert table["d"].m == 5
    assert table["d"].mean == 75
    assert table.of("monetary").bins[4].greatest == Fraction(800, 9)


def test_customers_without_a_purchase_have_a_row_and_no_scores() -> None:
    table = rfm(TEN, customers=["zoe", "a", "b2"])
    row = table["zoe"]

    assert [found.customer for found in table][:3] == ["a", "b", "b2"]
    assert (row.recency, row.frequency, row.total, row.mean, row.code) == (None, 0, 0, None, None)
    assert (row.segment, table.score("zoe")) == (NO_PURCHASES, None)
    assert table.facts_of("zoe")["rfm.score"] is None
    assert table.segments[-1].segment == NO_PURCHASES
    assert (table.segments[-1].mean_recency, table.segments[-1].mean_frequency) == (None, 0)


def test_an_empty_log_gives_an_empty_table() -> None:
    table = rfm(EMPTY, scores=QuantileScores())

    assert (len(table), table.of("recency").sizes) == (0, (0, 0, 0, 0, 0))
    assert {found.share for found in table.segments} == {None}
    assert "0 customers" in table._repr_html_()


def test_facts_are_what_segments_ask() -> None:
    facts = rfm(TEN).facts()["d"]

    assert facts == {
        "rfm.recency": 25, "rfm.frequency": 4, "rfm.total": 300, "rfm.mean": 75, "rfm.r": 3, "rfm.f": 4, "rfm.m": 4,
        "rfm.code": "344", "rfm.segment": "Loyal", "rfm.score": 11,
    }  # fmt: skip
    assert rfm(TEN).facts_of("nobody") == {}


def test_a_mean_that_never_ends_is_a_fact_of_28_digits() -> None:
    table = rfm(
        PurchaseHistory.from_rows([("c", date(2024, 1, day), 0) for day in (1, 2)] + [("c", AS_OF, 10)], as_of=AS_OF)
    )

    assert table["c"].facts()["rfm.mean"] == Decimal("3.333333333333333333333333333")


def test_the_sum_of_the_scores_is_weighted() -> None:
    weights = Weights(recency=Fraction(1, 2), monetary=2)
    table = rfm(TEN, scores=RankScores(weights=weights))

    assert table.score("d") == Fraction(27, 2)
    assert table.score("a") == Fraction(35, 2)
    assert table.facts_of("d")["rfm.score"] == Decimal("13.5")


def test_a_table_is_read_by_customer_segment_and_dimension() -> None:
    table = rfm(TEN)

    assert ("a" in table, "x" in table) == (True, False)
    assert table.members("Loyal") == ("c", "d")
    assert [bins.least for bins in table.of("frequency").bins] == [1, None, 2, 4, 9]
    with pytest.raises(NotFound):
        table.of("height")


def test_the_share_of_a_segment_is_a_figure() -> None:
    share = rfm(TEN).share("Loyal")

    assert isinstance(share, Figure)
    assert (share.value, share.numerator, share.denominator, share.as_of) == (Fraction(1, 5), 2, 10, AS_OF)


def test_segments_are_summed_up() -> None:
    loyal = {found.segment: found for found in rfm(TEN).segments}["Loyal"]

    assert (loyal.customers, loyal.total, loyal.share_of_total) == (2, 420, Fraction(420, 1955))
    assert (loyal.mean_recency, loyal.mean_frequency) == (Fraction(35, 2), 4)


def test_nested_quantiles_have_no_cuts_for_everybody() -> None:
    assert rfm(TEN, scores=QuantileScores(nested=True)).of("frequency").cuts is None


def markup(table: RfmTable) -> str:
    return table._repr_html_()


def test_a_table_shows_itself_escaped_and_without_script() -> None:
    rows = [("<script>x</script>", AS_OF, 10), ("b", AS_OF, 5)]
    html = markup(rfm(PurchaseHistory.from_rows(rows, as_of=AS_OF)))

    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "<script" not in html
    assert "Can&#x27;t Lose" in html


def test_a_table_is_text_too() -> None:
    lines = str(rfm(TEN)).splitlines()

    assert lines[0].startswith("RFM of 10 customers (as of 2024-01-31")
    assert lines[5].split() == ["Loyal", "2", "20.00", "%", "420"]


@pytest.mark.parametrize("customers", [[None, "z"], "xyz", [1], [[1]], 5])
def test_known_ids_are_texts(customers: Any) -> None:
    with pytest.raises(InvalidValue, match=r"rfm\.customers"):
        rfm(PurchaseHistory.from_rows([], as_of=date(2024, 1, 1)), customers=customers)
