"""Comparisons, methods, keys: what they refuse, and how they show."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.matching import Comparison, Key, Method, Part, best_of, close_date, nickname

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Method("cosine"), "Method.name"),
        (lambda: Method("best_of"), "Method.parts"),
        (lambda: Method("exact", parts=(Method("osa"),)), "Method.parts"),
        (lambda: Method("close_date"), "Method.within"),
        (lambda: Method("exact", within=2), "Method.within"),
        (lambda: Method("exact", sets=[("a", "b")]), "Method.sets"),
        (lambda: nickname([("jon", 1)]), "Method.sets"),  # type: ignore[list-item]  # the mistake
        (lambda: Comparison("given", levels=("0.8", "0.9")), "Comparison.levels"),
        (lambda: Comparison("given", levels=("1.5",)), "Comparison.levels"),
        (lambda: Comparison("given", levels=(), frequency=True), "Comparison.frequency"),
        (lambda: Comparison("given", blank="maybe"), "Comparison.blank"),
        (lambda: Key("empty", ()), "Key.parts"),
        (lambda: Part("given", first=0), "Part.first"),
    ],
)
def test_mistakes(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        make()

    assert path == error.value.path


@pytest.mark.parametrize(
    ("method", "text"),
    [
        (best_of("initial", "osa"), "best_of(initial, osa)"),
        (close_date(30), "close_date(30)"),
        (nickname([("a", "b")]), "nickname"),
    ],
)
def test_methods_show_as_they_are_written(method: Method, text: str) -> None:
    assert text == str(method)


def test_comparisons_show_their_levels() -> None:
    levels: Any = ("1", Fraction(4, 5))
    found = [str(Comparison("given", levels=levels)), str(Comparison("given", levels=()))]

    assert found == ["given: exact at 1, 0.8", "given: exact"]


def test_a_name_stands_for_its_field() -> None:
    assert Key("email") == Key("email", ["email"]) == Key("email", Part("email"))
    assert Comparison("email") == Comparison("email", "email", Method("exact"), levels=(Decimal(1),))
