"""What errors say, and what they carry for machines."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from relex.errors import (
    Conflict,
    CurrencyMismatch,
    InvalidValue,
    NotFound,
    NotSupported,
    Rejected,
    RelexError,
    shown,
)

ERRORS: list[tuple[RelexError, str, type[Exception], dict[str, Any]]] = [
    (
        InvalidValue("Line.quantity", -1, "a number of at least 0"),
        "Line.quantity: expected a number of at least 0, got -1",
        ValueError,
        {"path": "Line.quantity", "value": -1, "expected": "a number of at least 0"},
    ),
    (
        CurrencyMismatch("USD", "EUR"),
        "expected an amount in USD, got one in EUR; convert it with a dated rate table",
        TypeError,
        {"expected": "USD", "actual": "EUR"},
    ),
    (
        Rejected("redeem", "insufficient_points", {"points": 500, "available": 120}),
        "redeem is refused: insufficient_points (points 500, available 120)",
        RelexError,
        {"command": "redeem", "reason": "insufficient_points", "details": {"points": 500, "available": 120}},
    ),
    (
        Rejected("move_to", "gate_unmet", {"stage": "b", "unmet": ("Get it signed", "Fill in the amount")}),
        "move_to is refused: gate_unmet (stage 'b'): Get it signed; Fill in the amount",
        RelexError,
        {"unmet": ("Get it signed", "Fill in the amount"), "allowed": ()},
    ),
    (
        Rejected("reopen", "reopen_window", {"allowed": "never"}),
        "reopen is refused: reopen_window (allowed 'never')",
        RelexError,
        {"unmet": (), "allowed": ("never",)},
    ),
    (
        Rejected("close", "already_closed"),
        "close is refused: already_closed",
        RelexError,
        {"command": "close", "reason": "already_closed", "details": {}},
    ),
    (NotFound("Account", "a1"), "no Account with id 'a1'", LookupError, {"kind": "Account", "id": "a1"}),
    (Conflict("a1", 3, 4), "'a1': expected 3, found 4", RelexError, {"id": "a1", "expected": 3, "actual": 4}),
    (
        NotSupported("a sum over lines", "SqlStore"),
        "SqlStore cannot express a sum over lines",
        RelexError,
        {"what": "a sum over lines", "by": "SqlStore"},
    ),
]
EACH = pytest.mark.parametrize(
    ("error", "message", "base", "parts"),
    ERRORS,
    ids=[f"{type(error).__name__}-{n}" for n, (error, *_) in enumerate(ERRORS)],
)


@EACH
class TestEachError:
    def test_message(self, error: RelexError, message: str, base: type[Exception], parts: dict[str, Any]) -> None:
        assert str(error) == message

    def test_parts(self, error: RelexError, message: str, base: type[Exception], parts: dict[str, Any]) -> None:
        assert {name: getattr(error, name) for name in parts} == parts

    def test_it_is_caught_by_its_base_and_by_the_root(
        self, error: RelexError, message: str, base: type[Exception], parts: dict[str, Any]
    ) -> None:
        assert isinstance(error, RelexError)
        assert isinstance(error, base)

    def test_it_travels_between_processes(
        self, error: RelexError, message: str, base: type[Exception], parts: dict[str, Any]
    ) -> None:
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own
            assert (type(twin), str(twin)) == (type(error), message)


def test_the_details_belong_to_the_error() -> None:
    details: dict[str, object] = {"points": 500}
    error = Rejected("redeem", "insufficient_points", details)
    details["points"] = 1

    assert error.details == {"points": 500}


@pytest.mark.parametrize(
    ("inner", "path"),
    [("points", "rules[2].points"), ("[0]", "rules[2][0]"), ("", "rules[2]")],
)
def test_a_container_adds_where_the_value_stands(inner: str, path: str) -> None:
    error = InvalidValue(inner, -1, "more").inside("rules[2]")

    assert (error.path, error.value, error.expected) == (path, -1, "more")


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError


class Endless(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return "x" * 10_000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        ("a\ud800\n", "'a\\ud800\\n'"),
        (Broken(), "<Broken>"),
        ("x" * 78, f"'{'x' * 78}'"),
        ("x" * 79, f"'{'x' * 78}…"),
        (Endless(), "x" * 79 + "…"),
        (10**5000, "<int>"),
    ],
    ids=["plain", "surrogate", "broken", "80 characters", "81 characters", "endless", "an int that has no text"],
)
def test_any_value_can_be_shown(value: object, text: str) -> None:
    assert shown(value) == text
