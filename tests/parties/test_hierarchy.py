"""Hierarchies: shape, time, circles, deep trees, merged customers, pictures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from relex.calendars import Period
from relex.customers import Aliases, Customer, Hierarchy, Tie, merge
from relex.errors import InvalidValue, NotFound
from relex.parties import OrganizationName, Relationship

DAY = datetime(2026, 5, 1, tzinfo=UTC)
LATER = DAY + timedelta(days=1)


@pytest.fixture
def tree() -> Hierarchy:
    """G over A over A1 and A2; B over C; D alone."""
    ties = [Tie("A", "G"), Tie("A2", "A"), Tie("A1", "A"), Tie("C", "B")]
    return Hierarchy(["D", "G", "G"], ties, as_of=DAY)


def company(name: str, *parents: Relationship) -> Customer:
    customer, _ = Customer.open(name, OrganizationName(name), at=DAY)
    for parent in parents:
        customer, _ = customer.relate(parent, at=DAY)
    return customer


class TestShape:
    def test_nodes_stand_above_what_is_below_them(self, tree: Hierarchy) -> None:
        assert tree.nodes == ("B", "C", "D", "G", "A", "A1", "A2")

    def test_roots(self, tree: Hierarchy) -> None:
        assert tree.roots == ("B", "D", "G")

    def test_a_node(self, tree: Hierarchy) -> None:
        found = (tree.parent("A1"), tree.root("A1"), tree.path("A1"), tree.depth("A1"), tree.children("A"))

        assert found == ("A", "G", ("G", "A", "A1"), 2, ("A1", "A2"))

    def test_a_root(self, tree: Hierarchy) -> None:
        found = (tree.parent("D"), tree.root("D"), tree.path("D"), tree.depth("D"), tree.children("D"))

        assert found == (None, "D", ("D",), 0, ())

    def test_all_below(self, tree: Hierarchy) -> None:
        assert (tree.below("G"), tree.below("D")) == (("A", "A1", "A2"), ())

    @pytest.mark.parametrize("ask", ["parent", "children", "root", "path", "depth", "below"])
    def test_an_unknown_id_is_not_found(self, tree: Hierarchy, ask: str) -> None:
        with pytest.raises(NotFound, match="'Z'"):
            getattr(tree, ask)("Z")

    def test_two_equal_parents_are_one(self) -> None:
        tree = Hierarchy((), [Tie("a", "g"), Tie("a", "g", Period(DAY))], as_of=DAY)

        assert tree.parent("a") == "g"

    def test_two_parents_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match="at most one parent") as refused:
            Hierarchy((), [Tie("a", "h"), Tie("a", "g")], as_of=DAY)

        assert refused.value.value == ("g", "h")

    def test_an_empty_one(self) -> None:
        tree = Hierarchy((), as_of=DAY)

        assert (tree.nodes, str(tree)) == ((), "0 in 0 trees as of 2026-05-01T00:00:00+00:00")

    @pytest.mark.parametrize(
        ("ids", "ties"), [("abc", ()), ([""], ()), ([7], ()), ((), [("a", "b")]), (None, ())], ids=str
    )
    def test_other_arguments_are_refused(self, ids: object, ties: object) -> None:
        with pytest.raises(InvalidValue, match="Hierarchy"):
            Hierarchy(ids, ties, as_of=DAY)  # type: ignore[arg-type]

    @pytest.mark.parametrize("valid", [Period(date(2026, 5, 1)), "always"], ids=str)
    def test_a_tie_is_dated_in_instants(self, valid: object) -> None:
        with pytest.raises(InvalidValue, match=r"Tie\.valid"):
            Tie("a", "b", valid)  # type: ignore[arg-type]


class TestCircles:
    def test_the_circle_is_told(self) -> None:
        with pytest.raises(InvalidValue, match="circle") as refused:
            Hierarchy(["x"], [Tie("x", "b"), Tie("b", "c"), Tie("c", "a"), Tie("a", "b")], as_of=DAY)

        assert refused.value.value == ("a", "b", "c", "a")

    def test_of_one(self) -> None:
        with pytest.raises(InvalidValue) as refused:
            Hierarchy((), [Tie("a", "a")], as_of=DAY)

        assert refused.value.value == ("a", "a")

    def test_a_circle_of_another_time_is_none(self) -> None:
        ties = [Tie("a", "b", Period(DAY, LATER)), Tie("b", "a", Period(LATER))]

        assert Hierarchy((), ties, as_of=DAY).at(LATER).path("b") == ("a", "b")


class TestDepth:
    def test_a_hundred_thousand_levels(self) -> None:
        tree = Hierarchy((), [Tie(f"n{number}", f"n{number - 1}") for number in range(1, 100_000)], as_of=DAY)

        assert (tree.depth("n99999"), tree.root("n99999"), len(tree.below("n0"))) == (99_999, "n0", 99_999)
        assert "99000 more" in tree._repr_html_()

    def test_a_circle_of_as_many(self) -> None:
        ties = [Tie(f"n{number}", f"n{(number + 1) % 100_000}") for number in range(100_000)]
        with pytest.raises(InvalidValue) as refused:
            Hierarchy((), ties, as_of=DAY)

        assert len(refused.value.value) == 100_001  # type: ignore[arg-type]
        assert len(str(refused.value)) < 200


class TestOfCustomers:
    def test_who_is_only_pointed_to_is_there(self) -> None:
        tree = Hierarchy.of([company("A", Relationship("parent", "G"))], as_of=DAY)

        assert (tree.ids, tree.nodes) == (("A",), ("G", "A"))

    def test_another_kind(self) -> None:
        tree = Hierarchy.of([company("A", Relationship("franchise", "G"))], as_of=DAY, kind="franchise")

        assert tree.roots == ("G",)

    def test_a_merged_parent_is_its_survivor(self) -> None:
        keeps, goes = company("K"), company("M", Relationship("parent", "K"))
        done = merge(keeps, goes, by="eve", reason="same", at=DAY)
        events = [event for change in done.changes for event in change.events]
        customers = [company("A", Relationship("parent", "M")), *(change.state for change in done.changes)]
        tree = Hierarchy.of(customers, as_of=DAY, aliases=Aliases(events))

        assert (tree.nodes, tree.parent("A")) == (("K", "A"), "K")

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Hierarchy\.of\.as_of"):
            Hierarchy.of([], as_of=datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused


class TestPictures:
    def test_mermaid_escapes_what_it_would_read(self) -> None:
        tree = Hierarchy(['a"]; b', "日本"], as_of=DAY)

        assert tree.to_mermaid().splitlines() == [
            "flowchart TD",
            '    n0["a#34;#93;#59; b"]',
            '    n1["日本"]',
        ]

    def test_html_is_indented_and_escaped(self) -> None:
        page = Hierarchy((), [Tie("<b>", "g")], as_of=DAY)._repr_html_()

        assert '<td style="padding-left:1.2em">&lt;b&gt;</td>' in page
        assert "more" not in page
