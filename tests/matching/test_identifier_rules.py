"""How many identifiers of a kind one party may have, and which values mean nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.errors import InvalidValue
from relex.matching import IdentifierRule, IdentityRules
from relex.matching._identifier_rules import Excess, poured
from relex.parties import Identifier

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


class TestIdentifierRule:
    @pytest.mark.parametrize(("kind", "limit", "priority"), [("user_id", 1, 1), ("email", 5, 2), ("device", 5, None)])
    def test_defaults_by_kind(self, kind: str, limit: int, priority: int | None) -> None:
        rule = IdentifierRule(kind)

        assert (rule.limit, rule.priority) == (limit, priority)

    def test_a_unique_kind_has_one(self) -> None:
        assert IdentifierRule("tax", unique=True).limit == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"limit": 0},
            {"limit": True},
            {"limit": None},
            {"priority": 0},
            {"within": timedelta(0)},
            {"within": 90},
            {"unique": 1},
            {"unique": True, "limit": 2},
            {"unique": True, "within": timedelta(days=1)},
        ],
        ids=str,
    )
    def test_wrong_fields_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(InvalidValue, match=rf"IdentifierRule\.{list(wrong)[-1]}"):
            IdentifierRule("k", **wrong)  # type: ignore[arg-type]


class TestIdentityRules:
    def test_a_rule_replaces_the_default_of_its_kind(self) -> None:
        rules = IdentityRules([IdentifierRule("email", limit=9)])

        assert [rules.limit(kind) for kind in ("email", "user_id", "device")] == [9, 1, 5]

    def test_the_order_of_rules_does_not_matter(self) -> None:
        one, two = IdentifierRule("a"), IdentifierRule("b")

        assert IdentityRules([two, one]) == IdentityRules([one, two])

    @pytest.mark.parametrize(
        ("rules", "blocked"),
        [([IdentifierRule("a"), IdentifierRule("a")], ()), (["a"], ()), ("a", ()), ((), [""]), ((), "test"), ((), [1])],
        ids=["twice", "text", "no-list", "blank", "one-text", "number"],
    )
    def test_wrong_fields_are_refused(self, rules: object, blocked: object) -> None:
        with pytest.raises(InvalidValue, match=r"IdentityRules\."):
            IdentityRules(rules, blocked=blocked)  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", ["", "0", "-", "0000-0000", "-1", "null", "NULL", "Anonymous", "Test"])
    def test_values_that_mean_nothing(self, value: str) -> None:
        assert IdentityRules(blocked=["test"]).blocks(value)

    @pytest.mark.parametrize("value", ["00001", "-2", "nullable", "anonymous2", "0a", " "])
    def test_values_that_mean_something(self, value: str) -> None:
        assert not IdentityRules().blocks(value)

    def test_identifiers_rank_by_the_priority_of_their_kind_and_by_value(self) -> None:
        found = [Identifier(*each) for each in (("b", "2"), ("a", "9"), ("email", "e"), ("b", "1"), ("user_id", "u"))]
        order = [each.kind + each.value for each in sorted(found, key=IdentityRules().rank)]

        assert order == ["user_idu", "emaile", "a9", "b1", "b2"]

    def test_a_priority_of_ones_own_comes_before_names(self) -> None:
        rules = IdentityRules([IdentifierRule("z", priority=3)])

        assert rules.rank(Identifier("z", "1")) < rules.rank(Identifier("a", "1"))

    def test_kinds_can_be_made_unique(self) -> None:
        rules = IdentityRules([IdentifierRule("email", limit=3), IdentifierRule("tax", limit=2, priority=4)])

        assert rules.with_unique(["tax", "vat"]) == IdentityRules(
            [
                IdentifierRule("email", limit=3),
                IdentifierRule("tax", unique=True, priority=4),
                IdentifierRule("vat", unique=True),
            ]
        )

    def test_values_out_of_their_window_do_not_count(self) -> None:
        rules = IdentityRules([IdentifierRule("device", within=timedelta(days=2))])
        seen = [(Identifier("device", f"d{days}"), DAY - timedelta(days=days)) for days in (0, 1, 2, 3)]

        assert rules.counted(seen, DAY) == {"device": {"d0", "d1"}}

    def test_blocked_values_do_not_count(self) -> None:
        assert IdentityRules().counted([(Identifier("device", "null"), DAY)], DAY) == {}

    def test_a_unique_number_counts_without_its_signs(self) -> None:
        rules = IdentityRules([IdentifierRule("tax", unique=True)])
        seen = [(Identifier(kind, value), DAY) for kind in ("tax", "card") for value in ("55-66 A", "5566a", "...")]

        assert rules.counted(seen, DAY) == {"tax": {"5566a", "..."}, "card": {"55-66 A", "5566a", "..."}}


class TestExcess:
    RULES = IdentityRules([IdentifierRule("a", limit=2), IdentifierRule("b", limit=1)])

    def test_the_first_kind_by_name_is_told_with_all_values(self) -> None:
        found = self.RULES.excess({"b": {"1"}, "a": {"1", "2"}}, {"b": {"2"}, "a": {"3"}})

        assert found == Excess(IdentifierRule("a", limit=2), ("1", "2", "3"))

    def test_kinds_of_one_part_do_not_count_together(self) -> None:
        assert self.RULES.excess({"a": {"1", "2"}}, {"b": {"1"}}) is None

    def test_equal_values_count_once(self) -> None:
        assert self.RULES.excess({"b": {"1"}}, {"b": {"1"}}) is None

    def test_what_a_part_has_too_often_by_itself_does_not_count(self) -> None:
        assert self.RULES.excess({"b": {"1", "2"}}, {"b": {"2"}}) is None

    def test_but_it_cannot_have_more(self) -> None:
        assert self.RULES.excess({"b": {"1", "2"}}, {"b": {"3"}}) is not None

    def test_of_many_values_the_first_are_told(self) -> None:
        found = self.RULES.excess({"b": {f"{number:02}" for number in range(50)}}, {"b": {"x"}})

        assert found is not None
        assert found.values == tuple(f"{number:02}" for number in range(20))


class TestPoured:
    @pytest.mark.parametrize("turned", [False, True])
    def test_all_values_of_both(self, turned: bool) -> None:
        sides: list[dict[str, set[str]]] = [{"a": {"1"}, "b": {"1"}}, {"b": {"2", "3"}, "c": {"4"}}]
        one, other = reversed(sides) if turned else sides

        assert poured(one, other) == {"a": {"1"}, "b": {"1", "2", "3"}, "c": {"4"}}
