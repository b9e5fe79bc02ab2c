"""Distances and similarities at their edges."""

from __future__ import annotations

from decimal import Decimal
from time import perf_counter

import pytest

from relex.adapters.matching import RapidFuzz
from relex.matching import (
    LONGEST,
    Method,
    best_of,
    close_date,
    close_number,
    common_length,
    jaro,
    jaro_winkler,
    levenshtein,
    levenshtein_distance,
    nickname,
    osa,
    osa_distance,
    soundex,
    text_ratio,
    token_sort,
)
from relex.matching._methods import likeness

LONG = "a" * (LONGEST + 1)
FAST = ("jaro", "jaro_winkler", "levenshtein", "osa", "ratio", "token_sort")


class TestLongTexts:
    def test_are_only_equal_or_not(self) -> None:
        other = LONG + "b"
        found = [measure(LONG, other) for measure in (jaro, jaro_winkler, levenshtein, osa, text_ratio)]

        assert found == [0, 0, 0, 0, 0]
        assert levenshtein(LONG, LONG) == 1

    def test_distances(self) -> None:
        found = levenshtein_distance(LONG, "a"), osa_distance(LONG, "a"), common_length(LONG, "a")

        assert found == (len(LONG), len(LONG), 0)

    def test_take_no_time(self) -> None:
        start = perf_counter()
        token_sort("ab " * 300_000, "ba " * 300_000)
        jaro_winkler("ab" * 500_000, "ba" * 500_000)

        assert perf_counter() - start < 5

    @pytest.mark.parametrize("name", FAST)
    def test_are_the_same_with_rapidfuzz(self, name: str) -> None:
        assert (getattr(RapidFuzz(), name)(LONG, LONG), getattr(RapidFuzz(), name)(LONG, LONG + "b")) == (1_000_000, 0)


class TestTheSevenTenthsOfWinkler:
    def test_a_prefix_does_not_count_at_exactly_seven_tenths(self) -> None:
        """A library that computes with floats has 0.7000000000000001, and a Jaro-Winkler of 0.76."""
        a, b = "babca", "baaaab"

        assert jaro(a, b) == jaro_winkler(a, b) == Decimal("0.7")

    @pytest.mark.parametrize(
        ("a", "b"), [("babca", "baaaab"), ("ccabaacccb", "cacca"), ("abcde", "abxyz"), ("abc", "abd")]
    )
    def test_rapidfuzz_falls_back_on_the_core(self, a: str, b: str) -> None:
        fast, core = RapidFuzz(), jaro_winkler(a, b)

        assert core == Decimal(fast.jaro_winkler(a, b)).scaleb(-6)
        assert jaro(a, b) == Decimal(fast.jaro(a, b)).scaleb(-6)


def test_blank_gives_nothing() -> None:
    assert [measure("", "") for measure in (jaro, levenshtein, token_sort)] == [None, None, None]


def test_nothing_in_common() -> None:
    assert (jaro("ab", "cd"), levenshtein_distance("", "ab"), osa_distance("ab", "")) == (0, 2, 2)


def test_white_space_alone_is_a_text() -> None:
    assert token_sort(" ", " ") == 1


@pytest.mark.parametrize("text", ["", "山田", "Łoś", "42", "-"])
def test_no_soundex(text: str) -> None:
    assert soundex(text) is None


class TestMethods:
    @pytest.mark.parametrize(
        ("method", "a", "b", "expected"),
        [
            (nickname([("jon", "jonathan")]), "jon", "jonathan", 1_000_000),
            (nickname([("Jón", "Jonathan")]), "jon", "jonathan", 1_000_000),
            (nickname(), "jon", "jonathan", 0),
            (close_number(4), "1.5", "2.5", 750_000),
            (close_number(4), "1", "100", 0),
            (close_number(4), "1", "many", None),
            (close_number(4), "1", "1e999", None),
            (close_number(4), "nan", "1", None),
            (close_date(10), "20240101", "20240106", 500_000),
            (close_date(10), "20240101", "20249999", None),
            (close_date(10), "20240101", "soon", None),
            (Method("soundex"), "robert", "rupert", 1_000_000),
            (Method("soundex"), "robert", "山田", None),
            (best_of("soundex", "exact"), "山田", "山田", 1_000_000),
            (best_of("soundex"), "山田", "山本", None),
            (best_of("initial", "osa"), "j", "jon", 1_000_000),
        ],
    )
    def test_scores(self, method: Method, a: str, b: str, expected: int | None) -> None:
        score, _ = likeness(method)

        assert expected == score(a, b) == score(b, a)

    def test_bound_of_several(self) -> None:
        _, bound = likeness(best_of("soundex", "exact", "osa"))

        assert bound is not None
        assert bound("山田", "木村") < 1_000_000 <= bound("jon", "jno")

    @pytest.mark.parametrize(("a", "b"), [("aaaaaaa", "aaaa"), ("abc", "xyz")])
    def test_bound_of_jaro(self, a: str, b: str) -> None:
        score, bound = likeness(Method("jaro_winkler"))

        assert bound is not None
        assert (score(a, b) or 0) <= bound(a, b)

    def test_an_extra_takes_the_place_of_what_it_knows(self) -> None:
        fast = RapidFuzz()

        assert (likeness(Method("osa"), fast).score, likeness(Method("osa"), fast).bound) == (fast.osa, None)
        assert likeness(Method("exact"), fast).score("a", "a") == 1_000_000
