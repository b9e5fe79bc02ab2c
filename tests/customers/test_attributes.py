"""Declared attributes: stable names, exact types, stated choices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from relex.customers import Attribute, AttributeSchema
from relex.errors import InvalidValue

DAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": ""}, "Attribute.name"),
        ({"kind": float}, "Attribute.kind"),
        ({"kind": "text"}, "Attribute.kind"),
        ({"kind": ["str"]}, "Attribute.kind"),
        ({"choices": "SML"}, "Attribute.choices"),
        ({"choices": 3}, "Attribute.choices"),
        ({"choices": ["S", 1]}, "Attribute.choices[1]"),
        ({"many": 1}, "Attribute.many"),
        ({"kind": int, "many": True}, "Attribute.many"),
        ({"label": ""}, "Attribute.label"),
    ],
)
def test_a_bad_declaration_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Attribute(**({"name": "size", "kind": str} | fields))  # type: ignore[arg-type]

    assert path == caught.value.path


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "M"),
        (int, 0),
        (Decimal, Decimal("1.50")),
        (bool, False),
        (date, date(2026, 5, 1)),
        (datetime, DAY),
        (str, None),
    ],
)
def test_a_value_of_the_type_is_kept(kind: type, value: object) -> None:
    assert value == Attribute("a", kind).check(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(str, ""), (int, True), (int, 1.0), (Decimal, 1), (bool, 1), (date, DAY), (datetime, datetime(2026, 5, 1))],  # noqa: DTZ001 - what is refused
)
def test_a_value_of_another_type_is_refused(kind: type, value: object) -> None:
    with pytest.raises(InvalidValue, match=r"custom\.a"):
        Attribute("a", kind).check(value)


def test_a_choice_that_is_not_listed_is_refused() -> None:
    with pytest.raises(InvalidValue, match="one of 1, 2, got 3"):
        Attribute("a", int, choices=[1, 2]).check(3)


def test_many_values_are_a_sorted_tuple_without_repeats() -> None:
    interests = Attribute("interests", str, many=True, choices=["art", "running"])

    assert interests.check(["running", "art", "art"]) == ("art", "running")


@pytest.mark.parametrize("value", ["running", 7, ["flying"]])
def test_many_values_are_checked_one_by_one(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"custom\.interests"):
        Attribute("interests", str, many=True, choices=["art", "running"]).check(value)


@pytest.mark.parametrize("attributes", [7, ["size"], [Attribute("a", str), Attribute("a", int)]])
def test_a_schema_declares_different_names(attributes: object) -> None:
    with pytest.raises(InvalidValue, match=r"AttributeSchema\.attributes"):
        AttributeSchema(attributes)  # type: ignore[arg-type]


def test_a_schema_gives_sorted_pairs() -> None:
    schema = AttributeSchema([Attribute("b", int), Attribute("a", str)])

    assert schema.check({"b": None, "a": "x"}) == (("a", "x"), ("b", None))


@pytest.mark.parametrize(
    ("declared", "known"), [((), "none at all"), ((Attribute("a", str),), "a declared attribute: a")]
)
def test_an_undeclared_name_lists_what_is_declared(declared: tuple[Attribute, ...], known: str) -> None:
    with pytest.raises(InvalidValue, match=known):
        AttributeSchema(declared).check({"z": 1})


def test_values_are_a_mapping() -> None:
    with pytest.raises(InvalidValue, match="a mapping"):
        AttributeSchema([]).check([("a", 1)])  # type: ignore[arg-type]


class Size(StrEnum):
    """A size."""

    M = "M"


def test_a_member_of_an_enumeration_is_kept_as_its_text() -> None:
    """Otherwise setting it again after a reload would be a change."""
    assert type(Attribute("size", str).check(Size.M)) is str
