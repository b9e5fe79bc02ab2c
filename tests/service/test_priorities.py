"""Priorities: which there are, by impact and urgency, and which one a case gets."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.service import Priorities, PriorityChoice, PriorityMatrix

TWO = {(1, 1): "urgent", (1, 2): "high", (2, 1): "high", (2, 2): "low"}


class TestMatrix:
    def test_it_is_sorted_numbers_first(self) -> None:
        matrix = PriorityMatrix({(10, "b"): "low", (9, "b"): "high", ("all", "b"): "urgent"})

        assert matrix.values == (("9", "b", "high"), ("10", "b", "low"), ("all", "b", "urgent"))

    def test_pairs_may_be_triples(self) -> None:
        assert PriorityMatrix([(2, 1, "high"), (1, 1, "low")]) == PriorityMatrix({(1, 1): "low", (2, 1): "high"})

    def test_a_number_is_asked_as_number_and_as_text(self) -> None:
        assert [PriorityMatrix(TWO).of(1, 2), PriorityMatrix(TWO).of("2", "2")] == ["high", "low"]

    @pytest.mark.parametrize(
        ("pair", "path"),
        [
            ((3, 1), "impact: expected one of 1, 2, got 3"),
            ((1, "x"), "urgency"),
            ((True, 1), "impact"),
            ((1, 1.0), "u"),
            ((10**5_000, 1), "impact"),
        ],
        ids=["impact", "urgency", "flag", "float", "huge"],
    )
    def test_what_it_does_not_have_is_refused(self, pair: tuple[Any, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=f"PriorityMatrix.of.{path}"):
            PriorityMatrix(TWO).of(*pair)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({}, "at least one pair"),
            ([(1, 1, "high"), (1, 1, "low")], "each once"),
            ([(1, 1, "high"), ("1", 1, "low")], "each once"),
            ({(1, 1): "high", (2, 2): "low"}, r"also for \('1', '2'\), \('2', '1'\)"),
            ({(1, 1): ""}, "impact, urgency, priority"),
            ({1: "high"}, "impact, urgency, priority"),
            ({(1, 1, 1): "high"}, "impact, urgency, priority"),
            ({(True, 1): "high"}, "impact, urgency, priority"),
            ([(1, 1)], "impact, urgency, priority"),
            ({(10**5_000, 1): "high"}, "impact, urgency, priority"),
            ("high", "an iterable of items"),
        ],
        ids=["empty", "twice", "as text", "missing", "blank", "one", "three", "flag", "pair", "huge", "text"],
    )
    def test_a_wrong_one_is_refused(self, values: Any, expected: str) -> None:
        with pytest.raises(InvalidValue, match=expected):
            PriorityMatrix(values)

    def test_it_shows_itself(self) -> None:
        matrix = PriorityMatrix({("<all>", "now"): "urgent", ("one", "now"): "low"})

        assert str(matrix) == "<all> x now: urgent, one x now: low"
        assert matrix._repr_html_().count("<tr>") == 3
        assert "&lt;all&gt;" in matrix._repr_html_()


class TestChoice:
    priorities = Priorities(by_type={"outage": "urgent", "idea": "low"}, matrix=PriorityMatrix(TWO))

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            ({"explicit": "normal", "type": "outage", "impact": 1, "urgency": 1}, ("normal", "explicit")),
            ({"type": "outage", "impact": 2, "urgency": 2}, ("low", "matrix")),
            ({"type": "outage", "impact": 1}, ("urgent", "type")),
            ({"type": "idea", "urgency": 1}, ("low", "type")),
            ({"type": "question"}, ("normal", "default")),
            ({}, ("normal", "default")),
        ],
        ids=["explicit", "matrix", "impact alone", "urgency alone", "other type", "nothing"],
    )
    def test_the_first_that_is_known(self, known: dict[str, Any], expected: tuple[str, str]) -> None:
        assert self.priorities.of(**known) == PriorityChoice(*expected)

    def test_without_a_matrix_impact_and_urgency_are_not_asked(self) -> None:
        assert Priorities().of(impact="any", urgency=9) == PriorityChoice("normal", "default")

    def test_an_unknown_priority_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Priorities.of.explicit: expected one of urgent, high, normal, low"):
            Priorities().of(explicit="huge")

    def test_it_shows_itself(self) -> None:
        assert str(Priorities().of()) == "normal (default)"
        assert str(Priorities(("a", "b"), default="b")) == "a > b, b by default"


class TestPriorities:
    def test_they_are_ranked_from_the_highest(self) -> None:
        assert [Priorities().rank(level) for level in ("urgent", "low")] == [0, 3]

    def test_an_unknown_one_has_no_rank(self) -> None:
        with pytest.raises(InvalidValue, match=r"Priorities.rank"):
            Priorities().rank("huge")

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"levels": ()}, "Priorities.levels"),
            ({"levels": ("a", "a"), "default": "a"}, "Priorities.levels"),
            ({"levels": "high"}, "Priorities.levels"),
            ({"levels": ("",)}, "Priorities.levels"),
            ({"levels": ([], "a")}, "Priorities.levels"),
            ({"levels": ("a", "b")}, "Priorities.default: expected one of a, b, got 'normal'"),
            ({"by_type": {"outage": "huge"}}, r"Priorities.by_type\[outage\]"),
            ({"by_type": [("a", "high"), ("a", "low")]}, "each type once"),
            ({"by_type": [("a", "high", "low")]}, "Priorities.by_type"),
            ({"by_type": ["ab"]}, "Priorities.by_type"),
            ({"by_type": {"": "high"}}, "Priorities.by_type"),
            ({"matrix": TWO}, "Priorities.matrix"),
            ({"matrix": PriorityMatrix({(1, 2): "huge"})}, r"Priorities.matrix\[1, 2\]"),
        ],
    )
    def test_wrong_ones_are_refused(self, fields: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            Priorities(**fields)
