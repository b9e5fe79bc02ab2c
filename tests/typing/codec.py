"""What a checker knows about stored forms: `decode` gives what is asked for, and `tagged` leaves a class what it is."""

from __future__ import annotations

from typing import Any, assert_type

import attrs

from relex.codec import decode, dumps, encode, loads, tagged, upgrade
from relex.money import Money


@tagged("typing.Point", version=2)
@attrs.frozen
class Point:
    """A class with a stored form."""

    x: int


@upgrade("typing.Point", from_version=1)
def rename(fields: dict[str, Any]) -> dict[str, Any]:
    """An older form had another name."""
    return {"x": fields["y"]}


def round_trip(point: Point, text: str) -> None:
    """Each function has the type that its name promises."""
    assert_type(point.x, int)
    assert_type(encode(point), dict[str, Any])
    assert_type(dumps(point), str)
    assert_type(decode(encode(point), Point), Point)
    assert_type(loads(text, Money), Money)
    assert_type(rename({"y": 1}), dict[str, Any])
