"""Classes with a stored form that together have every type of field, for the tests of the codec."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal, NewType, TypeVar

import attrs

from relex import _checks
from relex.codec import tagged, upgrade
from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Money

Key = NewType("Key", str)
C = TypeVar("C", int, str)


PRICE = Money("12.50", "USD")


class Color(Enum):
    """Stored by value."""

    RED = "red"
    GREEN = "green"


class Level(Enum):
    """Stored by name, because the values are no text."""

    LOW = 1
    HIGH = 2


class Node:
    """A base class without a stored form of its own."""


N = TypeVar("N", bound=Node)


@tagged("test.Leaf")
@attrs.frozen
class Leaf(Node):
    """The smallest node."""

    points: int = attrs.field(default=0, validator=_checks.whole(least=0))


@tagged("test.Branch")
@attrs.frozen
class Branch(Node):
    """A node of nodes."""

    kids: tuple[Node, ...] = ()


@tagged("test.Pair")
@attrs.frozen
class Pair(Node):
    """A node of two nodes, without a list between them."""

    left: Node
    right: Node


@tagged("test.Scalars")
@attrs.frozen(kw_only=True)
class Scalars:
    """One field for each scalar."""

    text: str = "é"
    count: int = 3
    flag: bool = True
    number: Decimal = Decimal("1.50")
    ratio: Fraction = Fraction(1, 3)
    day: date = date(2026, 11, 23)
    clock: time = time(9, 30)
    at: datetime | None = None
    span: timedelta = timedelta(hours=36)
    zone: tzinfo | None = None
    color: Color = Color.RED
    level: Level = Level.HIGH
    price: Money = PRICE
    maybe: str | None = None


@tagged("test.Mixed")
@attrs.frozen(kw_only=True)
class Mixed:
    """Fields that several types share."""

    constant: str | int | Decimal | bool | date | datetime | tuple[str, ...] | None = None
    number: Decimal | Fraction | int = 0
    moment: date | datetime | None = None
    price: Money | Decimal | None = None
    node: Leaf | Branch | Money | date | None = None
    kind: Literal["a", "b"] = "a"
    color: Color | str = "blue"
    dated: tuple[date | int, ...] = ()
    entry: tuple[str, int, Decimal] = ("", 0, Decimal(0))
    key: Key | None = None
    constrained: C = 0  # type: ignore[valid-type]
    bound: N | None = None  # type: ignore[valid-type]
    noted: Annotated[int, "a note"] = 0


@tagged("test.Private")
@attrs.frozen
class Private:
    """A private attribute is stored under the name of its argument, a computed one not at all."""

    _secret: str
    _length: int = attrs.field(init=False, eq=False)
    _index: NotThere = attrs.field(init=False, default=None, eq=False)  # type: ignore[name-defined]  # noqa: F821 - tested

    @_length.default
    def _measured(self) -> int:
        return len(self._secret)


@tagged("test.Nothing")
@attrs.frozen
class Nothing:
    """No fields at all."""


@tagged("test.Moody")
@attrs.frozen
class Moody:
    """A constructor that fails in ways of its own."""

    how: str

    def __attrs_post_init__(self) -> None:
        errors: dict[str, Exception] = {
            "currency": CurrencyMismatch("USD", "EUR"),
            "key": KeyError("gone"),
            "foreign": InvalidValue("Other.field", 1, "something else"),
            "whole": InvalidValue("Moody", 1, "another mood"),
        }
        if self.how in errors:
            raise errors[self.how]


@tagged("test.Versioned", version=3)
@attrs.frozen
class Versioned:
    """A class whose fields have changed twice."""

    name: str
    points: int


@upgrade("test.Versioned", from_version=1)
def name_it(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 1 called the name a title."""
    fields["name"] = fields.pop("title")
    return fields


@upgrade("test.Versioned", from_version=2)
def count_points(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 2 had no points."""
    return {**fields, "points": 0}


@tagged("test.Stuck", version=3)
@attrs.frozen
class Stuck:
    """A class without a way up from version 1."""

    name: str


@upgrade("test.Stuck", from_version=2)
def spoil(fields: dict[str, Any]) -> Any:
    """An upgrade that gives something else than fields."""
    return fields["name"]


@attrs.frozen
class Untagged:
    """A class without a stored form."""

    name: str = ""
