"""What people say of two records, and which word holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.errors import Conflict, InvalidValue
from relex.matching import NotSameAs, Retracted, SameAs, standing

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def same(id: str = "s1", a: str = "x", b: str = "y", day: int = 0) -> SameAs:  # noqa: A002 - as the field
    return SameAs(id, a, b, by="eve", at=DAY + timedelta(days=day))


def apart(id: str = "n1", a: str = "x", b: str = "y", day: int = 0) -> NotSameAs:  # noqa: A002 - as the field
    return NotSameAs(id, a, b, by="eve", at=DAY + timedelta(days=day))


def retracted(assertion: str, day: int, id: str = "r1") -> Retracted:  # noqa: A002 - as the field
    return Retracted(id, assertion, by="eve", at=DAY + timedelta(days=day))


class TestEntries:
    def test_the_subject_is_the_record_named_first(self) -> None:
        assert same(a="y", b="x").subject == "y"

    def test_the_pair_is_sorted(self) -> None:
        assert same(a="y", b="x").pair == same(a="x", b="y").pair == ("x", "y")

    def test_the_subject_of_a_retraction_is_the_assertion(self) -> None:
        assert retracted("s1", 1).subject == "s1"

    @pytest.mark.parametrize("entry", [same(), apart(), retracted("s1", 1)], ids=["same", "apart", "retracted"])
    def test_facts_are_those_of_the_schema(self, entry: SameAs | NotSameAs | Retracted) -> None:
        assert sorted(entry.facts()) == [name for name, _ in entry.fact_schema.facts]

    def test_kinds_tell_the_entries_apart(self) -> None:
        kinds = [entry.facts()["kind"] for entry in (same(), apart(), retracted("s1", 1))]

        assert kinds == ["same-as", "not-same-as", "retracted"]

    def test_the_two_statements_are_never_equal(self) -> None:
        assert same(id="e") != apart(id="e")

    @pytest.mark.parametrize("cls", [SameAs, NotSameAs])
    def test_a_record_with_itself_is_refused(self, cls: type[SameAs]) -> None:
        with pytest.raises(InvalidValue, match=rf"{cls.__name__}\.b: expected another record than x"):
            cls("e", "x", "x", by="eve", at=DAY)

    @pytest.mark.parametrize(
        "wrong",
        [{"id": ""}, {"a": None}, {"b": ""}, {"by": ""}, {"reason": ""}, {"at": datetime(2026, 5, 1)}],  # noqa: DTZ001 - what is refused
        ids=lambda wrong: next(iter(wrong)),
    )
    def test_wrong_fields_are_refused(self, wrong: dict[str, object]) -> None:
        fields = {"id": "e", "a": "x", "b": "y", "by": "eve", "at": DAY} | wrong

        with pytest.raises(InvalidValue, match=rf"SameAs\.{next(iter(wrong))}"):
            SameAs(**fields)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "wrong", [{"id": ""}, {"assertion": ""}, {"by": None}, {"at": None}], ids=lambda wrong: next(iter(wrong))
    )
    def test_wrong_fields_of_a_retraction_are_refused(self, wrong: dict[str, object]) -> None:
        fields = {"id": "e", "assertion": "s", "by": "eve", "at": DAY} | wrong

        with pytest.raises(InvalidValue, match=rf"Retracted\.{next(iter(wrong))}"):
            Retracted(**fields)  # type: ignore[arg-type]


class TestStanding:
    def test_the_latest_word_on_a_pair_holds(self) -> None:
        assert standing([apart(day=2), same(a="y", b="x", day=1)]) == {("x", "y"): apart(day=2)}

    def test_of_two_at_one_instant_the_greater_id_holds(self) -> None:
        assert standing([same("s2"), apart("n9")]) == {("x", "y"): same("s2")}

    def test_what_was_said_before_holds_again_after_a_retraction(self) -> None:
        assert standing([same(), apart(day=1), retracted("n1", 2)]) == {("x", "y"): same()}

    def test_a_retraction_counts_from_its_instant_on(self) -> None:
        entries = [same(), retracted("s1", 2)]

        assert [bool(standing(entries, DAY + timedelta(days=day))) for day in (1, 2)] == [True, False]

    def test_what_is_said_later_does_not_count(self) -> None:
        assert standing([same(day=2)], DAY) == {}

    def test_the_same_entry_twice_is_one(self) -> None:
        assert standing([same(), same()]) == {("x", "y"): same()}

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            standing([same("e"), apart("e")])

    def test_something_else_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"standing\.entries"):
            standing([same(), "s1"])  # type: ignore[list-item]

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="as_of"):
            standing([], datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused
