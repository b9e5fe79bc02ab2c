"""Examples of products, purchases, returns and claims."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from relex.money import Money
from relex.purchases import Charge, Claim, Discount, Line, Payment, Product, Purchase, Retraction, Return

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    line = Line(
        1,
        "p1",
        Decimal("0.750"),
        unit_price="12.00",
        discounts=[Discount(percent=10)],
        category="coffee",
        tastes={"roast": "dark"},
    )
    return [
        Product(
            "p1", name="Café", category="coffee", brand="Own", tastes={"roast": "dark"}, attributes={"size": "1 kg"}
        ),
        Discount(percent="12.5", code="AUTUMN"),
        Discount(per_unit="0.20"),
        line,
        Line(2, "p2", 3, gross="9.99"),
        Charge("shipping", "4.90", tax_rate="0.19"),
        Payment("card", "20.00"),
        Purchase(
            id="s1",
            at=AT.astimezone(ZoneInfo("Europe/Berlin")),
            currency="EUR",
            lines=[line, Line(2, "p2", 1, unit_price="3.50")],
            customer="c1",
            discounts=[Discount(amount="1.00")],
            charges=[Charge("shipping", "4.90")],
            channel="web",
            identifiers={"card": "4711"},
        ),
        Return("r1", purchase="s1", at=AT, lines=[(1, Decimal("0.250")), (2, 1)], refunded=Money("4.20", "EUR")),
        Claim(id="k1", purchase="s1", customer="c1", at=AT, by="ann", evidence="receipt"),
        Retraction(id="k2", claim="k1", at=AT, by="ann", reason="another customer's receipt"),
    ]
