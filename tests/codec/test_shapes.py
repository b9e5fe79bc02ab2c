"""How a declared type decides what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import pytest
from stored_values import Branch, Color, Key, Leaf, Level, Mixed, Money, Pair, Private, Untagged

from relex.codec import decode, dumps, encode, loads, tagged
from relex.errors import InvalidValue

AT = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
LEAF = {"type": "test.Leaf", "v": 1, "points": 1}

STORED = [
    ("constant", "2026-01-01", "2026-01-01"),
    ("constant", 1, 1),
    ("constant", True, True),
    ("constant", None, None),
    ("constant", ("a", "b"), ["a", "b"]),
    ("constant", (), []),
    ("constant", Decimal("1.50"), {"decimal": "1.50"}),
    ("constant", DAY, {"date": "2026-01-01"}),
    ("constant", AT, {"datetime": "2026-01-01T00:00:00+00:00"}),
    ("number", 3, 3),
    ("number", Decimal("3.0"), "3.0"),
    ("number", Fraction(3), "3/1"),
    ("moment", DAY, {"date": "2026-01-01"}),
    ("moment", AT, {"datetime": "2026-01-01T00:00:00+00:00"}),
    ("price", Money("12.50", "USD"), {"amount": "12.50", "currency": "USD"}),
    ("price", Decimal("12.50"), "12.50"),
    ("node", Leaf(1), LEAF),
    ("node", Branch((Leaf(1),)), {"type": "test.Branch", "v": 1, "kids": [LEAF]}),
    ("node", Money(1, "EUR"), {"amount": "1", "currency": "EUR"}),
    ("node", DAY, "2026-01-01"),
    ("kind", "b", "b"),
    ("color", "red", "red"),
    ("color", Color.RED, {"enum": "red"}),
    ("dated", (DAY, 7), ["2026-01-01", 7]),
    ("entry", ("a", 1, Decimal("0.10")), ["a", 1, "0.10"]),
    ("key", "k", "k"),
    ("constrained", 1, 1),
    ("constrained", "1", "1"),
    ("bound", Leaf(1), LEAF),
    ("noted", 5, 5),
]


@pytest.mark.parametrize(
    ("field", "value", "stored"), STORED, ids=[f"{field}-{n}" for n, (field, *_) in enumerate(STORED)]
)
class TestStored:
    def test_written(self, field: str, value: Any, stored: Any) -> None:
        assert encode(Mixed(**{field: value}))[field] == stored

    def test_read_back_exactly(self, field: str, value: Any, stored: Any) -> None:
        read = getattr(loads(dumps(Mixed(**{field: value})), Mixed), field)

        assert (type(read), read, repr(read)) == (type(value), value, repr(value))


REFUSED = [
    ("constant", 1.5, "Mixed.constant"),
    ("constant", ["a", 1], "Mixed.constant[1]"),
    ("constant", {}, "Mixed.constant"),
    ("constant", {"decimal": "1", "date": "2026-01-01"}, "Mixed.constant"),
    ("constant", {"fraction": "1/2"}, "Mixed.constant"),
    ("constant", {"decimal": 1}, "Mixed.constant.decimal"),
    ("constant", {"decimal": "1,5"}, "Mixed.constant.decimal"),
    ("constant", {"type": "test.Leaf"}, "Mixed.constant"),
    ("constant", {1: 2}, "Mixed.constant"),
    ("number", "1/0", "Mixed.number"),
    ("number", "x", "Mixed.number"),
    ("moment", "2026-01-01", "Mixed.moment"),
    ("price", {"amount": "1"}, "Mixed.price"),
    ("price", {"amount": "1", "currency": "usd"}, "Mixed.price.currency"),
    ("price", {"amount": 1, "currency": "USD"}, "Mixed.price.amount"),
    ("price", {"amount": "1", "currency": "USD", "v": 1}, "Mixed.price"),
    ("node", {"type": "test.Pair", "v": 1}, "Mixed.node.type"),
    ("node", {"type": "test.Leaf", "v": 1, "points": -1}, "Mixed.node.points"),
    ("node", {"type": "test.Branch", "v": 1, "kids": [LEAF, {**LEAF, "points": "1"}]}, "Mixed.node.kids[1].points"),
    ("kind", "c", "Mixed.kind"),
    ("color", {"enum": "blue"}, "Mixed.color.enum"),
    ("dated", "2026-01-01", "Mixed.dated"),
    ("entry", ["a", 1], "Mixed.entry"),
    ("entry", ["a", 1, "1", "1"], "Mixed.entry"),
    ("entry", ["a", "1", "1"], "Mixed.entry[1]"),
    ("bound", {"type": "test.Mixed", "v": 1}, "Mixed.bound.type"),
]


@pytest.mark.parametrize(
    ("field", "junk", "path"), REFUSED, ids=[f"{field}-{n}" for n, (field, *_) in enumerate(REFUSED)]
)
def test_junk_is_refused_where_it_stands(field: str, junk: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode(encode(Mixed()) | {field: junk}, Mixed)

    assert caught.value.path == path


UNSTORED = [
    ("constant", Fraction(1, 2), "Mixed.constant"),
    ("constant", 1.5, "Mixed.constant"),
    ("constant", ["a"], "Mixed.constant"),
    ("constant", ("a", 1), "Mixed.constant[1]"),
    ("constant", Leaf(), "Mixed.constant"),
    ("kind", "c", "Mixed.kind"),
    ("entry", ("a", 1), "Mixed.entry"),
    ("entry", ("a", 1, 1.5), "Mixed.entry[2]"),
    ("node", Pair(Leaf(), Leaf()), "Mixed.node"),
    ("bound", Untagged(), "Mixed.bound"),
    ("node", Branch((Leaf(), Untagged())), "Mixed.node.kids[1]"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("field", "value", "path"), UNSTORED, ids=[f"{f}-{n}" for n, (f, *_) in enumerate(UNSTORED)])
def test_what_a_field_does_not_say_is_not_written(field: str, value: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        encode(Mixed(**{field: value}))

    assert caught.value.path == path


def test_a_refusal_says_what_the_field_may_hold() -> None:
    with pytest.raises(InvalidValue, match=r"a fraction as a str .* or a number as a str .* or an int, got 1.5"):
        decode(encode(Mixed()) | {"number": 1.5}, Mixed)


def test_a_class_outside_the_union_is_not_written_even_when_it_has_a_stored_form() -> None:
    with pytest.raises(InvalidValue, match="expected an object that stores a Node or null"):
        encode(Mixed(bound=Untagged()))


def test_a_private_attribute_is_stored_under_the_name_of_its_argument() -> None:
    """And a computed one not at all, even when its type cannot be resolved."""
    assert encode(Private("abc")) == {"type": "test.Private", "v": 1, "secret": "abc"}


def test_a_private_attribute_is_read_back() -> None:
    assert decode(encode(Private("abc")), Private) == Private("abc")


def test_a_union_of_classes_may_be_expected() -> None:
    assert decode(LEAF, Leaf | Branch) == Leaf(1)


def test_a_list_may_be_expected() -> None:
    assert decode([LEAF, LEAF], tuple[Leaf, ...]) == (Leaf(1), Leaf(1))


@pytest.mark.parametrize(
    "hint",
    [
        *(
            float,
            Any,
            object,
            dict,
            dict[str, int],
            list[int],
            tuple,
            Mapping[str, int],
            complex,
            bytes,
            frozenset[str],
        ),
        *(tuple[int, ...] | tuple[str, ...], Color | Level, Key | str, int | float),
    ],
    ids=str,
)
def test_a_type_without_a_stored_form_is_the_fault_of_the_class(hint: Any) -> None:
    with pytest.raises(TypeError, match=r"has no stored form|could not be told apart"):
        decode({}, hint)


def test_a_type_that_cannot_be_resolved_is_the_fault_of_the_class() -> None:
    @tagged("test.Unresolved")
    @attrs.frozen
    class Unresolved:
        x: Absent  # type: ignore[name-defined]  # noqa: F821 - tested

    with pytest.raises(
        TypeError, match=r"test.Unresolved: its field types must be importable at run time \(name 'Absent'"
    ):
        encode(Unresolved(1))


def test_an_enumeration_without_members_accepts_nothing() -> None:
    class Empty(Enum):
        pass

    with pytest.raises(InvalidValue):
        decode("x", Empty)
