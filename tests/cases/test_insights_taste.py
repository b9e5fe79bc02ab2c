"""Worked cases of category, taste and brand analysis."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from relex.insights import CtbTable, SoldLine, ctb


def line(text: str) -> SoldLine:
    customer, purchase, category, color, brand, amount = text.split()
    return SoldLine(
        customer,
        purchase,
        int(amount),
        category=category,
        brand=None if brand == "-" else brand,
        tastes=() if color == "-" else (("color", color),),
    )


LINES = [
    line(text)
    for text in (
        "A p1 apparel/coat navy Nord 120",
        "A p1 apparel/shirt white Nord 40",
        "A p2 apparel/coat navy Nord 60",
        "A p3 home/kitchen - Casa 20",
        "B p4 home/kitchen white Casa 80",
        "B p5 home/bath white - 40",
        "B p6 apparel/shirt navy Nord 40",
        "C p7 apparel/coat red Rosso 100",
    )
]


def shares(table: CtbTable, customer: str) -> dict[object, Fraction]:
    return {own.value: own.share for own in table[customer].values}


def lifts(table: CtbTable, customer: str) -> dict[object, Fraction | None]:
    return {own.value: own.lift for own in table[customer].values}


def rounded(value: Decimal | None) -> Decimal:
    return round(value or Decimal(0), 6)


def test_c19_category() -> None:
    table = ctb(LINES)

    assert dict(table.base) == {"apparel": Fraction(18, 25), "home": Fraction(7, 25)}
    assert shares(table, "A") == {"apparel": Fraction(11, 12), "home": Fraction(1, 12)}
    assert lifts(table, "A") == {"apparel": Fraction(275, 216), "home": Fraction(25, 84)}
    assert shares(table, "B") == {"apparel": Fraction(1, 4), "home": Fraction(3, 4)}
    assert lifts(table, "B") == {"apparel": Fraction(25, 72), "home": Fraction(75, 28)}
    assert lifts(table, "C") == {"apparel": Fraction(25, 18)}
    assert [rounded(row.evenness) for row in table] == [Decimal("0.413817"), Decimal("0.811278"), 0]


def test_c20_color() -> None:
    table = ctb(LINES, dimension="taste.color")

    assert dict(table.base) == {"navy": Fraction(11, 24), "white": Fraction(1, 3), "red": Fraction(5, 24)}
    assert lifts(table, "A") == {"navy": Fraction(216, 121), "white": Fraction(6, 11)}
    assert shares(table, "A") == {"navy": Fraction(9, 11), "white": Fraction(2, 11)}
    assert rounded(table["A"].evenness) == Decimal("0.431580")
    assert table["A"].coverage == Fraction(11, 12)
    assert (shares(table, "B")["white"], lifts(table, "B")["white"]) == (Fraction(3, 4), Fraction(9, 4))
    assert [row.preference for row in table] == ["navy", "white", None]


def test_c21_brand() -> None:
    table = ctb(LINES, dimension="brand")

    assert dict(table.base) == {"Nord": Fraction(13, 23), "Casa": Fraction(5, 23), "Rosso": Fraction(5, 23)}
    assert lifts(table, "A")["Nord"] == Fraction(253, 156)
    assert (shares(table, "B")["Casa"], lifts(table, "B")["Casa"]) == (Fraction(2, 3), Fraction(46, 15))
    assert (table["B"].coverage, table["B"].concentration) == (Fraction(3, 4), Fraction(5, 9))
