"""Roll-ups: what is combined, how, under which structure, and what is left out and said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.calendars import Period
from relex.customers import DatedValue, Hierarchy, RolledUp, Tie, roll_up
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound
from relex.money import Money

DAY = datetime(2026, 5, 1, tzinfo=UTC)
MOVE = DAY - timedelta(days=10)
TREE = Hierarchy(["g", "h"], [Tie("a", "g"), Tie("b", "a")], as_of=DAY)
MOVED = Hierarchy(
    ["g", "h"], [Tie("a", "g", Period(MOVE - timedelta(days=99), MOVE)), Tie("a", "h", Period(MOVE))], as_of=DAY
)


def parts(node: RolledUp) -> tuple[object, ...]:
    return node.own, node.below, node.total, node.own_count, node.below_count


def entry(number: int, of: str, days: int, value: int = 1) -> DatedValue:
    return DatedValue(f"e{number}", of, MOVE + timedelta(days=days), value)


class TestValues:
    def test_own_below_and_total(self) -> None:
        found = roll_up({"g": 1, "a": 2, "b": 4}, TREE)

        assert [parts(found[node]) for node in "gab"] == [(1, 6, 7, 1, 2), (2, 4, 6, 1, 1), (4, None, 4, 1, 0)]

    def test_none_is_not_zero(self) -> None:
        found = roll_up({"b": 0}, TREE)

        assert [parts(found[node]) for node in "gbh"] == [
            (None, 0, 0, 0, 1),
            (0, None, 0, 1, 0),
            (None, None, None, 0, 0),
        ]

    @pytest.mark.parametrize(
        ("how", "expected"), [("total", 9), ("largest", 5), ("smallest", 1), ("count", 3)], ids=str
    )
    def test_hows(self, how: str, expected: int) -> None:
        found = roll_up({"g": 1, "a": 5, "b": 3}, TREE, how)

        assert (found["g"].total, found.total, found["g"].count) == (expected, expected, 3)

    def test_a_count_of_nothing_is_zero(self) -> None:
        found = roll_up({}, TREE, "count")

        assert (parts(found["g"]), found.total) == ((0, 0, 0, 0, 0), 0)

    @pytest.mark.parametrize(
        ("one", "other", "total"),
        [
            (Decimal("0.1"), Decimal("0.2"), Decimal("0.3")),
            (1, Decimal("0.5"), Decimal("1.5")),
            (Decimal("0.5"), Fraction(1, 3), Fraction(5, 6)),
            (Decimal("1E+40"), Decimal("1E-15"), Decimal(10) ** 40),
            (Money("1.50", "EUR"), Money("2.50", "EUR"), Money(4, "EUR")),
        ],
        ids=str,
    )
    def test_sums_are_exact(self, one: Decimal, other: Decimal, total: Decimal) -> None:
        found = roll_up({"a": one, "b": other}, TREE)["a"].total

        assert found == (total if total != Decimal(10) ** 40 else Decimal(f"1{'0' * 40}.{'0' * 14}1"))

    @pytest.mark.parametrize(("how", "expected"), [("largest", Decimal("0.5")), ("smallest", Fraction(1, 3))], ids=str)
    def test_decimals_and_fractions_compare(self, how: str, expected: Decimal | Fraction) -> None:
        assert roll_up({"a": Decimal("0.5"), "b": Fraction(1, 3)}, TREE, how)["g"].total == expected

    def test_the_largest_amount(self) -> None:
        assert roll_up({"a": Money(2, "EUR"), "b": Money(3, "EUR")}, TREE, "largest").total == Money(3, "EUR")

    def test_what_is_outside_is_said(self) -> None:
        found = roll_up({"z": 1, "a": 2}, TREE)

        assert (found.outside, found.total, str(found)) == (
            ("z",),
            2,
            "total of 1 values: 2; 1 ids outside the hierarchy",
        )

    def test_two_currencies_are_refused(self) -> None:
        with pytest.raises(CurrencyMismatch, match="USD"):
            roll_up({"g": Money(1, "EUR"), "h": Money(1, "USD")}, TREE)

    @pytest.mark.parametrize("values", [{"a": 1.5}, {"a": True}, {"a": None}, {"a": 1, "b": Money(1, "EUR")}], ids=str)
    def test_other_values_are_refused(self, values: dict[str, int]) -> None:
        with pytest.raises(InvalidValue, match=r"roll_up\.values\['[ab]'\]"):
            roll_up(values, TREE)


class TestEntries:
    ENTRIES = (entry(1, "a", -1, 10), entry(2, "a", 0, 20), entry(3, "h", 0, 5))

    @pytest.mark.parametrize(
        ("structure", "g", "h"), [("as-was", (None, 10, 10), (5, 20, 25)), ("as-of", (None, None, None), (5, 30, 35))]
    )
    def test_structures(self, structure: str, g: tuple[object, ...], h: tuple[object, ...]) -> None:
        found = roll_up(self.ENTRIES, MOVED, structure=structure)

        assert [parts(found[node])[:3] for node in "gh"] == [g, h]

    def test_the_total_counts_each_entry_once(self) -> None:
        found = roll_up([*self.ENTRIES, *self.ENTRIES], MOVED)

        assert (found.total, found.count, found["a"].own_count) == (35, 3, 2)

    @pytest.mark.parametrize(("how", "g", "h"), [("largest", 10, 20), ("smallest", 10, 5), ("count", 1, 2)], ids=str)
    def test_hows(self, how: str, g: int, h: int) -> None:
        found = roll_up(self.ENTRIES, MOVED, how)

        assert (found["g"].total, found["h"].total) == (g, h)

    def test_what_comes_later_does_not_count(self) -> None:
        found = roll_up([entry(1, "a", 10), DatedValue("e2", "a", DAY + timedelta(microseconds=1), 7)], MOVED)

        assert (found.total, found.later, str(found)) == (1, 1, "total of 1 values: 1; 1 after the instant")

    def test_two_contents_of_one_id_conflict(self) -> None:
        with pytest.raises(Conflict, match="e1"):
            roll_up([entry(1, "a", 0), entry(1, "a", 1)], MOVED)

    def test_a_circle_of_the_past_is_refused(self) -> None:
        past = Period(MOVE - timedelta(days=9), MOVE)
        tree = Hierarchy((), [Tie("a", "b", past), Tie("b", "a", past)], as_of=DAY)
        with pytest.raises(InvalidValue, match="circle") as refused:
            roll_up([entry(1, "a", -1)], tree)

        assert refused.value.value == ("a", "b", "a")

    def test_two_parents_of_the_past_are_refused(self) -> None:
        past = Period(MOVE - timedelta(days=9), MOVE)
        tree = Hierarchy((), [Tie("a", "b", past), Tie("a", "c", past)], as_of=DAY)
        with pytest.raises(InvalidValue, match="at most one parent"):
            roll_up([entry(1, "a", -1)], tree)

    def test_a_hundred_thousand_levels(self) -> None:
        ties = [Tie(f"n{number}", f"n{number - 1}") for number in range(1, 100_000)]
        tree = Hierarchy((), ties, as_of=DAY)
        found = roll_up([DatedValue("e", "n99999", DAY, 1)], tree)

        assert (found["n0"].total, found["n99998"].below) == (1, 1)


class TestArguments:
    @pytest.mark.parametrize(
        ("values", "choices"),
        [({}, {"how": "mean"}), ({}, {"structure": "now"}), (7, {}), ("ab", {}), ([1], {})],
        ids=str,
    )
    def test_others_are_refused(self, values: object, choices: dict[str, str]) -> None:
        with pytest.raises(InvalidValue, match="roll_up"):
            roll_up(values, TREE, **choices)  # type: ignore[arg-type]

    def test_another_hierarchy_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"roll_up\.hierarchy"):
            roll_up({}, None)  # type: ignore[arg-type]


class TestShowing:
    def test_a_node(self) -> None:
        assert str(roll_up({"g": 1}, TREE)["g"]) == "g: 1 (own 1, below None; 1 counted)"

    def test_an_unknown_node(self) -> None:
        with pytest.raises(NotFound):
            roll_up({}, TREE)["z"]

    def test_a_figure(self) -> None:
        figure = roll_up({"g": 1, "b": 4}, TREE).figure("g")

        assert (figure.value, figure.part("own"), figure.part("below"), figure.part("count")) == (5, 1, 4, 2)

    def test_a_figure_of_nothing(self) -> None:
        assert roll_up({}, TREE).figure("g").reason == "no_data"

    def test_html(self) -> None:
        page = roll_up({"g": 1}, Hierarchy((), [Tie("<i>", "g")], as_of=DAY))._repr_html_()

        assert "&lt;i&gt;</td><td></td><td></td><td></td><td>0</td>" in page
