"""Codes: how they are drawn, what a pattern may be, and what is told about a typed one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.loyalty import check_code, codes


class Zeros:
    """A source of chance without any."""

    def __init__(self) -> None:
        self.asked = 0

    def randrange(self, stop: int, /) -> int:
        """Always the first."""
        self.asked += 1
        return 0 % stop


def rng() -> Random:
    return Random(7)  # noqa: S311 - no secret


def test_codes_of_the_usual_pattern() -> None:
    (code,) = codes(1, random=rng())

    assert code == check_code(code)
    assert code.startswith("SUMMER-")


def test_none_is_asked_for() -> None:
    assert codes(0, random=Zeros()) == ()


def test_taken_codes_are_not_drawn_again() -> None:
    """Typed as people do; a taken code of another pattern takes no room."""
    assert codes(1, pattern="X#", alphabet="AB", random=rng(), taken=[" xa ", "OTHER"]) == ("XB",)


def test_taken_codes_take_room() -> None:
    with pytest.raises(InvalidValue, match="at most 1, as many as the pattern has left"):
        codes(2, pattern="X#", alphabet="AB", random=rng(), taken=["XA", "xa"])


def test_a_hundred_draws_without_anything_new_are_enough() -> None:
    source = Zeros()
    with pytest.raises(InvalidValue, match="100 draws in a row gave nothing new"):
        codes(2, pattern="##", alphabet="AB", random=source)

    assert source.asked == 2 + 100 * 2


def test_a_code_without_a_check_character_is_drawn_again() -> None:
    """Of two letters, modulo 3: (1 - 2 x 1) is 2, for which there is no letter; (1 - 2 x 0) is 1, the B."""

    class OneThenZero(Zeros):
        def randrange(self, stop: int, /) -> int:
            self.asked += 1
            return (self.asked == 1) % stop

    assert codes(1, pattern="#*", alphabet="AB", random=OneThenZero()) == ("AB",)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"n": -1}, "codes.n"),
        ({"n": True}, "codes.n"),
        ({"random": 7}, "codes.random"),
        ({"pattern": "SUMMER"}, "codes.pattern"),
        ({"pattern": "summer-##"}, "codes.pattern"),
        ({"pattern": "A ##"}, "codes.pattern"),
        ({"pattern": "#**"}, "codes.pattern"),
        ({"pattern": "*#"}, "codes.pattern"),
        ({"pattern": ""}, "codes.pattern"),
        ({"alphabet": "AA"}, "codes.alphabet"),
        ({"alphabet": "Aa"}, "codes.alphabet"),
        ({"alphabet": "A#"}, "codes.alphabet"),
        ({"alphabet": "9\u0130"}, "codes.alphabet"),
        ({"alphabet": "A", "pattern": "#*"}, "codes.alphabet"),
        ({"taken": "XA"}, "codes.taken"),
        ({"taken": [7]}, "codes.taken"),
    ],
    ids=str,
)
def test_what_makes_no_codes_is_refused(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        codes(**{"n": 1, "random": rng(), **given})

    assert refused.value.path == path


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (7, "a str"),
        ("TEA-NBT5", "9 characters, as in TEA-####*"),
        ("TEB-NBT5Z", "'A' as character 3, as in TEA-####*"),
        ("TEA-N0T5Z", "one of 23456789ABCDEFGHJKLMNPQRSTUVWXYZ as character 6"),
        ("TEA-NBT5Y", "a code without a typing mistake: one character is wrong, or two are in the wrong order"),
        ("TEA-BNT5Z", "a code without a typing mistake: one character is wrong, or two are in the wrong order"),
    ],
    ids=str,
)
def test_the_refusal_of_a_typed_code_says_what_is_wrong(typed: Any, expected: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_code(typed, pattern="TEA-####*")

    assert refused.value.expected == expected
