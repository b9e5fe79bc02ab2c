"""What a line accepts, and what it keeps of it."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.errors import InvalidValue
from relex.purchases import Discount, Line, Product


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"number": 0}, "Line.number"),
        ({"number": True}, "Line.number"),
        ({"number": "1"}, "Line.number"),
        ({"product": ""}, "Line.product"),
        ({"product": None}, "Line.product"),
        ({"kind": ""}, "Line.kind"),
        ({"quantity": -1}, "Line.quantity"),
        ({"quantity": Decimal("-0.5")}, "Line.quantity"),
        ({"quantity": 1.5}, "Line.quantity"),
        ({"quantity": True}, "Line.quantity"),
        ({"quantity": 10**60}, "Line.quantity"),
        ({"quantity": Fraction(1, 3)}, "Line.quantity"),
        ({"unit_price": "-1"}, "Line.unit_price"),
        ({"unit_price": 9.99}, "Line.unit_price"),
        ({"unit_price": Decimal("NaN")}, "Line.unit_price"),
        ({"unit_price": "1E+40"}, "Line.unit_price"),
        ({"gross": "ten"}, "Line.gross"),
        ({"gross": Decimal("-1.00")}, "Line.gross"),
        ({"unit_price": None}, "Line.gross"),
        ({"quantity": 0}, "Line.gross"),
        ({"tax_rate": "10"}, "Line.tax_rate"),
        ({"tax_rate": -1}, "Line.tax_rate"),
        ({"category": ""}, "Line.category"),
        ({"brand": 7}, "Line.brand"),
        ({"tags": "vegan"}, "Line.tags"),
        ({"tags": [""]}, "Line.tags"),
        ({"tags": 7}, "Line.tags"),
        ({"tastes": [("color",)]}, "Line.tastes"),
        ({"tastes": {"color": ""}}, "Line.tastes"),
        ({"discounts": ["10 %"]}, "Line.discounts[0]"),
    ],
)
def test_bad_input_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    given: dict[str, object] = {"number": 1, "product": "p", "quantity": 1, "unit_price": "1.00", **fields}

    with pytest.raises(InvalidValue) as caught:
        Line(**given)  # type: ignore[arg-type]

    assert path == caught.value.path


def test_a_negative_quantity_points_to_returns() -> None:
    with pytest.raises(InvalidValue, match="what comes back is a Return"):
        Line(1, "p", -1, unit_price=1)


def test_a_line_keeps_sorted_words_without_repeats() -> None:
    line = Line(1, "p", 1, gross=1, tags=["b", "a", "b"], tastes={"size": "L", "color": "red"})

    assert (line.tags, line.tastes) == (("a", "b"), (("color", "red"), ("size", "L")))


def test_quantity_0_is_a_line_when_it_states_its_gross() -> None:
    assert Decimal("0.25") == Line(1, "p", 0, gross="0.25").gross


def test_numbers_become_decimal_and_an_int_quantity_stays() -> None:
    line = Line(1, "p", "1.5", unit_price=3, tax_rate=0)

    assert (Decimal("1.5"), Decimal(3), Decimal(0)) == (line.quantity, line.unit_price, line.tax_rate)
    assert Line(1, "p", 2, gross=1).quantity.__class__ is int


def test_a_line_is_frozen() -> None:
    line = Line(1, "p", 1, gross=1)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        line.number = 2  # type: ignore[misc]


def test_a_line_can_be_copied_evolved_and_pickled() -> None:
    line = Line(1, "p", 1, unit_price="2.00", discounts=[Discount(percent=5)])

    assert line == copy.deepcopy(line) == pickle.loads(pickle.dumps(line)) == attrs.evolve(line)  # noqa: S301 - our own bytes
    assert attrs.evolve(line, kind="fee").kind == "fee"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "Discount"),
        ({"percent": 1, "amount": 1}, "Discount"),
        ({"percent": 101}, "Discount.percent"),
        ({"percent": -1}, "Discount.percent"),
        ({"amount": -1}, "Discount.amount"),
        ({"per_unit": 0.5}, "Discount.per_unit"),
        ({"percent": 1, "code": ""}, "Discount.code"),
    ],
)
def test_a_discount_states_exactly_one_reduction(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Discount(**fields)  # type: ignore[arg-type]

    assert path == caught.value.path


def test_a_product_copies_its_words_into_a_line() -> None:
    coat = Product("coat", name="Coat", category="apparel/coat", brand="Nord", tastes={"color": "navy"})
    line = coat.line(1, 2, unit_price="60.00", tags=["sale"], tax_rate="0.1", discounts=[Discount(amount=5)])
    expected = Line(
        1,
        "coat",
        2,
        unit_price="60.00",
        discounts=[Discount(amount=5)],
        tax_rate="0.1",
        category="apparel/coat",
        brand="Nord",
        tags=["sale"],
        tastes={"color": "navy"},
    )

    assert expected == line


@pytest.mark.parametrize("fields", [{"id": ""}, {"name": ""}, {"category": 1}, {"tastes": "red"}, {"attributes": [1]}])
def test_a_product_checks_its_fields(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=f"Product.{next(iter(fields))}"):
        Product(**{"id": "p", **fields})  # type: ignore[arg-type]


def test_a_product_keeps_sorted_attributes() -> None:
    product = Product("p", attributes={"weight": "1 kg", "color": "red"})

    assert product.attributes == (("color", "red"), ("weight", "1 kg"))


@pytest.mark.parametrize("values", [0, False, "", None])
@pytest.mark.parametrize("name", ["discounts", "tags", "tastes"])
def test_nothing_is_said_by_an_empty_tuple_and_not_by_what_is_false(name: str, values: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        Line(1, "p", 1, gross=1, **{name: values})

    assert caught.value.path == f"Line.{name}"
