"""Methods: how a score becomes the number x."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Mean, Net, PercentOfRange, Scale, Share, ShareOfMax

STARS = Scale(1, 5)
NET = Net({5, 4}, [1, 2, 2])


@pytest.mark.parametrize(
    ("method", "xs", "bounds", "unit"),
    [
        (NET, [-100, -100, 0, 100, 100], (-100, 100), "points"),
        (Share({5}), [0, 0, 0, 0, 100], (0, 100), "percent"),
        (Mean(), [1, 2, 3, 4, 5], (1, 5), "scale points"),
        (ShareOfMax(), [20, 40, 60, 80, 100], (20, 100), "percent"),
        (PercentOfRange(), [0, 25, 50, 75, 100], (0, 100), "percent"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_the_x_of_each_score(method: Any, xs: list[int], bounds: tuple[int, int], unit: str) -> None:
    assert [method.x(score, STARS) for score in STARS.scores] == xs
    assert (method.bounds(STARS), method.unit) == (bounds, unit)


def test_a_share_of_the_highest_is_exact() -> None:
    assert ShareOfMax().x(1, Scale(0, 3)) == Fraction(100, 3)


def test_scores_are_sorted_and_there_once() -> None:
    assert ((NET.top, NET.bottom), NET.named) == (((4, 5), (1, 2)), (4, 5, 1, 2))


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Net((), (1,)), r"Net\.top: expected at least one score"),
        (lambda: Net((1,), (True,)), r"Net\.bottom"),
        (lambda: Net((1, 2), (2,)), r"Net\.bottom: expected scores that are not in top, got 2"),
        (lambda: Net(("5",), (2,)), r"Net\.top"),  # type: ignore[arg-type]  # what is tested
        (lambda: Share([]), r"Share\.of"),
        (lambda: Share([1.0]), r"Share\.of"),  # type: ignore[list-item]  # what is tested
        (lambda: Share(5), "scores: expected an iterable"),  # type: ignore[arg-type]  # what is tested
    ],
    ids=["no top", "bool", "both", "text", "none", "float", "a number"],
)
def test_what_is_no_method(make: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        make()
