from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import stable_draw


def test_where_a_part_ends_matters() -> None:
    assert stable_draw("ab", "c") != stable_draw("a", "bc")


def test_every_letter_and_half_of_one_gives_a_draw() -> None:
    assert 0 <= stable_draw("größe", "茶", "\ud800") < 1


def test_draws_spread_evenly() -> None:
    """Of 1,000 people a third is asked, give or take 5 standard deviations."""
    assert 258 < sum(stable_draw("nps", f"c{number}") * 3 < 1 for number in range(1000)) < 408


@pytest.mark.parametrize("parts", [(), ("",), ("a", None), (1,)], ids=["none", "empty", "missing", "a number"])
def test_parts_are_texts(parts: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidValue, match=r"stable_draw\.parts"):
        stable_draw(*parts)
