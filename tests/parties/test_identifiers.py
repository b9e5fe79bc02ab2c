"""Identifiers, and what their check digits say."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.parties import CHECKED_KINDS, Identifier, check_number


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("jp-corporate-number", "5835678256246", True),
        ("jp-corporate-number", "583567825624", False),
        ("jp-corporate-number", "583567825624X", False),
        ("lei", "213800kud8lajwsq9d15", True),
        ("lei", "213800KUD8LXJWSQ9D15", False),
        ("lei", "213800KUD8LAJW\u017fQ9D15", False),
        ("lei", "213800KUD8LAJWSQ9DXX", False),
        ("cn-unified-code", "91110000600037341L", True),
        ("cn-unified-code", "91110000600037342L", False),
        ("cn-unified-code", "9111000060003734IL", False),
        ("tw-unified-number", "00501503", True),
        ("tw-unified-number", "00501502", False),
        ("tw-unified-number", "0050150", False),
        ("tw-unified-number", "10458574", True),
        ("tw-unified-number", "10458573", False),
        ("shop", "4711", None),
    ],
)
def test_check_digits(kind: str, value: str, expected: bool | None) -> None:
    """Source of the valid numbers: the examples of python-stdnum; the others differ in one place.

    10458574 has the sum 29 and a 7 in the seventh place.
    """
    assert expected is check_number(kind, value)


def test_the_kinds_with_a_check_are_listed() -> None:
    assert CHECKED_KINDS == ("cn-unified-code", "jp-corporate-number", "lei", "tw-unified-number")


def test_a_wrong_number_is_kept_and_flagged() -> None:
    assert Identifier("lei", "123").is_valid is False


def test_identifiers_are_ordered() -> None:
    assert Identifier("a", "2") < Identifier("b", "1")


@pytest.mark.parametrize("fields", [("", "1"), ("shop", ""), ("shop", 1)])
def test_an_identifier_has_a_kind_and_a_value(fields: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue, match=r"Identifier\."):
        Identifier(*fields)


@pytest.mark.parametrize(("kind", "value", "path"), [("lei", 5, "check_number.value"), ([], "5", "check_number.kind")])
def test_what_is_no_text_is_one_clear_error(kind: Any, value: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_number(kind, value)

    assert path == caught.value.path
