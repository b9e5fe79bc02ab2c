"""Indexes of several items, and whether they ask for one thing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import cronbach_alpha, index


@pytest.mark.parametrize(
    ("answers", "need", "value", "reason"),
    [
        ([1, 2, 6], "all", 3, None),
        ([1, None, 6], "all", None, "incomplete"),
        ([1, None, Decimal("2.5")], "any", Decimal("1.75"), None),
        ([None, None], "any", None, "no_scored"),
        ([], "all", None, "no_scored"),
    ],
    ids=["all", "one is missing", "any", "nothing", "no items"],
)
def test_an_index_is_the_mean_of_items(answers: Any, need: str, value: Any, reason: str | None) -> None:
    found = index(answers, need=need)

    assert (found.value, found.reason, found.part("items")) == (value, reason, len(answers))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "one_item"),
        ([(1,), (2,)], "one_item"),
        ([(1, 2)], "one_observation"),
        ([(1, 2), (None, 3)], "one_observation"),
        ([(1, 3), (2, 2)], "no_variance"),
    ],
    ids=["nothing", "one item", "one row", "one complete row", "no variance"],
)
def test_alpha_needs_items_rows_and_variance(rows: Any, reason: str) -> None:
    assert cronbach_alpha(rows).reason == reason


def test_alpha_counts_what_it_left_out() -> None:
    found = cronbach_alpha([(1, 2), (2, 2), (3, 4), (None, 9)])

    assert (found.show(4), found.part("rows"), found.part("dropped")) == ("0.9231", 3, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: index([1.5]),  # type: ignore[list-item]  # what is tested
        lambda: index([True]),
        lambda: index("12"),  # type: ignore[arg-type]  # what is tested
        lambda: index([1], need="some"),
        lambda: cronbach_alpha([(1, 2), (1, 2, 3)]),
        lambda: cronbach_alpha([(1, "2")]),  # type: ignore[list-item]  # what is tested
        lambda: cronbach_alpha([1]),  # type: ignore[list-item]  # what is tested
        lambda: cronbach_alpha(["12"]),  # type: ignore[list-item]  # what is tested
    ],
    ids=["float", "bool", "text", "need", "lengths", "text in a row", "no row", "text as a row"],
)
def test_what_is_refused(call: Any) -> None:
    with pytest.raises(InvalidValue, match=r"index|cronbach_alpha"):
        call()
