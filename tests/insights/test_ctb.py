"""Category, taste and brand: what is read, what a preference needs, bases, cubes, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.insights import PurchaseHistory, SoldLine, ctb, purchase_history, sold_lines
from relex.money import RateTable
from relex.purchases import Claim, Line, Purchase

AT = datetime(2024, 1, 3, tzinfo=UTC)
LINES = [
    SoldLine("A", "p1", 60, brand="Nord", category="apparel/coat", tastes=(("color", "navy"),), quantity=2),
    SoldLine("A", "p2", 30, brand="Casa", category="home", at=AT),
    SoldLine("A", "p3", 30, brand="Casa", category="home/kitchen/pan", at=AT.replace(day=5)),
    SoldLine("B", "p4", 80, brand="Casa", category="home/kitchen/pot"),
    SoldLine("B", "p4", 20, category="home"),
]


def sale(id: str, customer: str | None, *lines: Line, day: int = 3) -> Purchase:  # noqa: A002 - the field's name
    return Purchase(id, customer=customer, at=AT.replace(day=day), currency="USD", lines=lines)


def test_purchases_give_their_lines_with_the_words_of_the_sale() -> None:
    lines = (
        Line(1, "mug", 1, gross="10.00", brand="Casa", category="home/kitchen", tastes={"color": "navy"}),
        Line(2, "cap", 2, gross="5.00", brand="Nord"),
    )
    table = ctb([sale("p1", "c", *lines)], dimension="brand")

    assert [(own.value, own.amount, own.units, own.last) for own in table["c"].values] == [
        ("Casa", Decimal("10.00"), 1, AT),
        ("Nord", Decimal("5.00"), 2, AT),
    ]
    assert ctb([sale("p1", "c", *lines)], dimension="taste.color")["c"].values[0].value == "navy"


def test_a_history_gives_claimed_purchases_to_their_customer() -> None:
    claim = Claim("k", purchase="p1", customer="c", at=AT, by="desk")
    sales = [
        sale("p1", None, Line(1, "mug", 1, gross=10, brand="Casa")),
        sale("p2", "d", Line(1, "x", 1, gross=1), day=9),
    ]
    history = purchase_history(sales, claims=[claim], as_of=date(2024, 1, 8), zone=UTC)
    table = ctb(history, dimension="brand")

    assert [row.customer for row in table] == ["c"]
    assert table.basis == history.basis


def test_nobodys_lines_are_only_counted() -> None:
    table = ctb([*LINES, SoldLine(None, "p9", 5, brand="Nord")], dimension="brand")

    assert (len(table), table.anonymous) == (2, 1)


@pytest.mark.parametrize(
    ("dimension", "level", "values"),
    [
        ("category", 1, {"home", "apparel"}),
        ("category", 2, {"home/kitchen", "apparel/coat"}),
        ("category.3", 1, {"home/kitchen/pan", "home/kitchen/pot"}),
        ("taste.color", 1, {"navy"}),
        ("taste.size", 1, set()),
    ],
)
def test_a_dimension_reads_its_word(dimension: str, level: int, values: set[str]) -> None:
    table = ctb(LINES, dimension=dimension, level=level)

    assert {value for value, _ in table.base} == values


def test_measures() -> None:
    weights = {
        measure: {own.value: own.share for own in ctb(LINES, dimension="brand", measure=measure)["A"].values}
        for measure in ("amount", "orders", "units")
    }

    assert weights["amount"] == {"Nord": Fraction(1, 2), "Casa": Fraction(1, 2)}
    assert weights["orders"] == {"Nord": Fraction(1, 3), "Casa": Fraction(2, 3)}
    assert weights["units"] == {"Nord": Fraction(1, 2), "Casa": Fraction(1, 2)}


def test_coverage_of_orders_counts_purchases() -> None:
    lines = [SoldLine("A", "p1", 1, brand="x"), SoldLine("A", "p1", 1), SoldLine("A", "p2", 1)]
    table = ctb(lines, dimension="brand", measure="orders")

    assert (table["A"].coverage, table.coverage.value) == (Fraction(1, 2), Fraction(1, 2))


def test_a_negative_cell_counts_nothing_and_is_listed() -> None:
    table = ctb([*LINES, SoldLine("A", "p5", -100, brand="Nord")], dimension="brand")

    assert table.negatives == (("A", "Nord", Decimal(-40)),)
    assert [(own.value, own.share) for own in table["A"].values] == [("Casa", 1), ("Nord", 0)]
    assert (table["A"].entropy, table["A"].values[1].lift) == (0, None)


def test_nothing_known_has_no_figures() -> None:
    row = ctb([SoldLine("A", "p1", 5)], dimension="brand")["A"]
    free = ctb([SoldLine("A", "p1", 0)], dimension="brand")["A"]

    assert (row.values, row.coverage, row.entropy, row.evenness, row.concentration) == ((), 0, None, None, None)
    assert (row.preference, row.reason, free.coverage) == (None, "below_minimum", None)
    assert set(row.facts("brand").values()) == {None, 0}
    assert set(free.facts("brand").values()) == {None}


def test_one_value_in_the_base_leaves_no_evenness() -> None:
    assert ctb([SoldLine("A", "p1", 5, brand="x")], dimension="brand")["A"].evenness is None


def test_equal_shares_go_to_the_larger_amount_then_the_later_purchase_then_the_name() -> None:
    def liked(*lines: SoldLine) -> Any:
        return ctb(lines, dimension="brand", measure="orders", min_purchases=1)["A"].preference

    assert liked(SoldLine("A", "p", 5, brand="x"), SoldLine("A", "p", 6, brand="y")) == "y"
    assert liked(SoldLine("A", "p", 5, brand="x"), SoldLine("A", "q", 5, brand="y", at=AT)) == "y"
    assert liked(SoldLine("A", "p", 5, brand="y"), SoldLine("A", "p", 5, brand="x")) == "x"


def test_a_preference_needs_lift() -> None:
    assert ctb(LINES, dimension="brand")["A"].preference is None
    assert ctb(LINES, dimension="brand", min_lift=Fraction(1, 2))["A"].preference == "Casa"


def test_the_base_may_be_some_customers_or_another_table() -> None:
    table = ctb(LINES, dimension="brand", base=["B"])
    again = ctb(LINES[:3], dimension="brand", base=table)

    assert (dict(table.base), table.base_customers) == ({"Casa": 1}, 1)
    assert [own.lift for own in table["A"].values] == [Fraction(1, 2), None]
    assert (again.base, again.base_customers, again.base_share) == (table.base, 1, "pooled")


def test_each_customer_of_the_base_may_count_the_same() -> None:
    table = ctb([*LINES, SoldLine("C", "p7", 9)], dimension="brand", base_share="mean_of_customers")

    assert dict(table.base) == {"Nord": Fraction(1, 4), "Casa": Fraction(3, 4)}
    assert table.share_in_base("Rosso") == 0


def test_a_cross_table_has_cells_of_pairs() -> None:
    table = ctb(LINES, dimension=("category.2", "brand"))

    assert [
        (cell.value, cell.customers, cell.purchases, cell.units, cell.amount, cell.share) for cell in table.cells
    ] == [
        (("home/kitchen", "Casa"), 2, 2, 2, 110, Fraction(110, 170)),
        (("apparel/coat", "Nord"), 1, 1, 2, 60, Fraction(60, 170)),
        ((None, "Casa"), 1, 1, 1, 30, None),
        ((None, None), 1, 1, 1, 20, None),
    ]
    assert (table.name, table.cell(("apparel/coat", "Nord")).units) == ("category.2+brand", 2)
    assert table.facts()["A"]["ctb.category.2+brand"] is None
    with pytest.raises(NotFound, match="home x Nord"):
        table.cell(("home", "Nord"))


def test_customers_are_ranked_by_lift() -> None:
    table = ctb(LINES, dimension="brand")

    assert [customer for customer, _ in table.ranked("Casa")] == ["A"]
    assert [(customer, own.index) for customer, own in table.ranked("Casa", min_purchases=1)] == [
        ("B", Fraction(1000, 7)),
        ("A", Fraction(500, 7)),
    ]


def test_a_value_that_the_base_lacks_has_no_index() -> None:
    nord = ctb(LINES, dimension="brand", base=["B"])["A"].of("Nord")

    assert nord is not None
    assert (nord.index, nord.last) == (None, None)


def test_segments_are_pooled_against_the_base() -> None:
    table = ctb([*LINES, SoldLine("C", "p8", 40, brand="Nord", at=AT)], dimension="brand")
    found = {taste.segment: taste for taste in table.segments({"A": "Loyal", "C": "Loyal", "B": "New", "X": "Lost"})}

    assert sorted(found) == ["Loyal", "New"]
    assert [(own.value, own.purchases, own.share) for own in found["Loyal"].values] == [
        ("Nord", 2, Fraction(5, 8)),
        ("Casa", 2, Fraction(3, 8)),
    ]
    assert (found["Loyal"].customers, found["New"].values[0].lift) == (2, Fraction(12, 7))


def test_facts_are_what_segments_ask() -> None:
    facts = ctb(LINES, dimension="brand", min_lift=0).facts_of("A")

    assert facts["ctb.brand"] == "Casa"
    assert (facts["ctb.brand.share"], facts["ctb.brand.coverage"], facts["ctb.brand.evenness"]) == (
        Decimal("0.5"),
        1,
        1,
    )
    assert (facts["ctb.brand.concentration"], facts["ctb.brand.lift"]) == (
        Decimal("0.5"),
        Decimal("0.7142857142857142857142857143"),
    )
    assert ctb(LINES).facts_of("nobody") == {}


@pytest.mark.parametrize(
    ("choices", "path"),
    [
        ({"dimension": "color"}, "ctb.dimension"),
        ({"dimension": "brand.1"}, "ctb.dimension"),
        ({"dimension": "taste"}, "ctb.dimension"),
        ({"dimension": "category.4"}, "ctb.dimension"),
        ({"dimension": ()}, "ctb.dimension"),
        ({"dimension": ("brand", "brand")}, "ctb.dimension"),
        ({"dimension": (3,)}, "ctb.dimension"),
        ({"level": 4}, "ctb.level"),
        ({"measure": "weight"}, "ctb.measure"),
        ({"base_share": "median"}, "ctb.base_share"),
        ({"min_purchases": 0}, "ctb.min_purchases"),
        ({"min_lift": 1.5}, "ctb.min_lift"),
        ({"base": ctb(LINES, dimension="brand")}, "ctb.base"),
    ],
)
def test_what_does_not_fit_is_refused(choices: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        ctb(LINES, **choices)

    assert error.value.path == path


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (["line"], "ctb.lines[0]"),
        (PurchaseHistory.from_rows([("c", date(2024, 1, 1), 5)], as_of=date(2024, 1, 2)), "ctb.lines"),
    ],
)
def test_what_has_no_lines_is_refused(source: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        ctb(source)

    assert error.value.path == path


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"amount": 1.5}, "SoldLine.amount"),
        ({"amount": Fraction(1, 3)}, "SoldLine.amount"),
        ({"tastes": [("color", "navy")]}, "SoldLine.tastes"),
        ({"tastes": (("color", ""),)}, "SoldLine.tastes"),
        ({"brand": ""}, "SoldLine.brand"),
        ({"at": date(2024, 1, 1)}, "SoldLine.at"),
    ],
)
def test_a_wrong_line_is_refused(fields: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        SoldLine(**({"customer": "c", "purchase": "p", "amount": 5} | fields))

    assert error.value.path == path


def test_an_empty_table_is_a_table() -> None:
    table = ctb([])

    assert (len(table), table.base, table.coverage.reason) == (0, (), "zero_denominator")
    assert "0 customers" in str(table)


def test_a_table_shows_itself() -> None:
    table = ctb(
        [*LINES, SoldLine("<i>", "p9", 500, brand="<script>"), SoldLine("<i>", "p8", 500, brand="<script>")],
        dimension="brand",
    )

    assert "&lt;script&gt;" in table._repr_html_()
    assert "<script" not in table._repr_html_()
    assert "A" in table
    assert str(ctb(LINES, dimension="brand")).splitlines()[1].split() == ["Casa", "70.00", "%"]


def test_lines_out_of_a_generator_are_made_in_the_callers_own_precision() -> None:
    lines = (SoldLine("a", "p", (Decimal(1) / 3).quantize(Decimal("0.01")), brand="Nord") for _ in range(2))

    assert ctb(lines, dimension="brand").cell("Nord").amount == Decimal("0.66")


def test_the_callers_precision_changes_nothing() -> None:
    amounts = {"b": "1000.1", "a": "1000.2", "c": "1000.25"}
    lines = [SoldLine(who, f"p{who}", Decimal(amount), brand="Nord") for who, amount in amounts.items()]
    sale = Purchase("p", at=AT, currency="USD", lines=[Line(1, "mug", 1, gross="12345.67")])
    with localcontext() as context:
        context.prec = 3
        ranked = ctb(lines, dimension="brand").ranked("Nord", min_purchases=1)
        sold = list(sold_lines([sale]))

    assert [customer for customer, _ in ranked] == ["c", "a", "b"]
    assert sold[0].amount == Decimal("12345.67")


def test_two_currencies_are_never_added() -> None:
    def sale(number: int, currency: str) -> Purchase:
        return Purchase(f"p{number}", customer="c", at=AT, currency=currency, lines=[Line(1, "mug", 1, gross=5)])

    converted = purchase_history(
        [sale(1, "EUR")], as_of=AT, rates=RateTable(AT.date(), [("EUR", "USD", 2)]), currency="USD"
    )

    for source in ([sale(1, "USD"), sale(2, "JPY")], converted):
        with pytest.raises(CurrencyMismatch):
            ctb(source, dimension="brand")


def test_evenness_stays_within_one_when_the_base_knows_less() -> None:
    lines = [SoldLine("a", f"p{brand}", 5, brand=brand) for brand in ("x", "y", "z")]
    lines += [SoldLine("b", f"q{brand}", 5, brand=brand) for brand in ("x", "y")]
    row = ctb(lines, dimension="brand", base=["b"])["a"]

    assert (row.evenness, row.base_values) == (1, 3)


def test_values_that_read_alike_stand_in_one_order() -> None:
    one = SoldLine("a", "p", -5, category="a x b", brand="c")
    other = SoldLine("a", "p", -5, category="a", brand="b x c")
    ways = [ctb(lines, dimension=("category", "brand")) for lines in ([one, other], [other, one])]

    assert ways[0] == ways[1]
    assert [value for _, value, _ in ways[0].negatives] == [("a", "b x c"), ("a x b", "c")]


def test_a_base_of_another_level_is_refused() -> None:
    lines = [SoldLine("a", "p", 5, category="apparel/coat", brand="Nord")]
    base = ctb(lines, level=2)

    assert ctb(lines, dimension="brand", base=ctb(lines, dimension="brand", level=2)).base_customers == 1
    with pytest.raises(InvalidValue, match="level 1"):
        ctb(lines, base=base)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"base": "ab"}, "base"),
        ({"base": 5}, "base"),
        ({"base": [5]}, "base"),
        ({"dimension": 5}, "dimension"),
        ({"dimension": ["brand", [1]]}, "dimension"),
        ({"level": "x"}, "level"),
        ({"lines": 5}, "lines"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"ctb\.{path}"):
        ctb(**({"lines": [], "dimension": "category"} | arguments))
