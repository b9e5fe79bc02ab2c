"""Territories: which accounts, whose, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.assignment import Assignee, AssignmentPolicy, assign, assign_all
from relex.errors import Conflict, InvalidValue, NotFound
from relex.pipeline import Territory, TerritoryMembership, TerritoryTree
from relex.rules import FALSE, AllOf, field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TREE = TerritoryTree(
    [
        Territory("world", when=~field("country").is_missing(), inherited_by_children=True),
        Territory("emea", "world", when=field("region") == "EMEA", owners=["eve"]),
        Territory("dach", "emea", when=field("country").is_in("AT", "CH", "DE"), owners=["ana", "bo"], name="DACH"),
        Territory("banks", when=field("industry") == "bank", rank=-1, owners=["cy"]),
        Territory("strategic", when=FALSE, rank=5),
    ]
)
GERMAN: dict[str, Any] = {"id": "a1", "country": "DE", "region": "EMEA"}


def by_hand(id: str, territory: str, status: str, **more: Any) -> TerritoryMembership:  # noqa: A002 - the field's name everywhere in relex
    usual = {"account": "a1", "at": AT - DAY, "by": "eve"}
    return TerritoryMembership(id, territory=territory, status=status, **{**usual, **more})


def placed(*entries: TerritoryMembership, **more: Any) -> tuple[str, ...]:
    return TREE.territories_of(GERMAN, entries, **{"as_of": AT, **more}).territories


class TestDefinition:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": ""},
            {"parent": ""},
            {"when": "DE"},
            {"inherited_by_children": None},
            {"owners": "ana"},
            {"owners": ["ana", "ana"]},
            {"owners": [""]},
            {"rank": "1"},
            {"name": ""},
        ],
        ids=str,
    )
    def test_what_is_no_territory(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="Territory"):
            Territory(**{"id": "dach", **wrong})

    @pytest.mark.parametrize("wrong", ["dach", ["dach"], None], ids=str)
    def test_what_is_no_tree(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"TerritoryTree\.territories"):
            TerritoryTree(wrong)

    def test_all_mistakes_are_told_at_once(self) -> None:
        with pytest.raises(InvalidValue, match="TerritoryTree: expected territories without mistakes") as caught:
            TerritoryTree(
                [
                    Territory("a"),
                    Territory("a"),
                    Territory("b", "nowhere"),
                    Territory("c", "d"),
                    Territory("d", "c"),
                    Territory("e", "e"),
                ]
            )

        assert [problem.path for problem in caught.value.value] == [  # type: ignore[attr-defined]
            "territories[a].id",
            "territories[b].parent",
            "territories[c].parent",
            "territories[e].parent",
        ]
        assert "no circle, there is c -> d -> c" in str(caught.value)

    def test_parents_may_come_in_any_order(self) -> None:
        assert TerritoryTree(TREE.territories[::-1]) == TREE

    def test_the_effective_rule(self) -> None:
        country, dach = ~field("country").is_missing(), field("country").is_in("AT", "CH", "DE")

        assert TREE.rule("dach") == country & dach
        assert TREE.rule("world") == country
        assert TerritoryTree([Territory("all")]).rule("all") == AllOf()

    def test_a_territory_without_rules_takes_what_is_inherited(self) -> None:
        tree = TerritoryTree([Territory("a", when=field("a") == 1, inherited_by_children=True), Territory("b", "a")])

        assert tree.territories_of({"a": 1}, as_of=AT).territories == ("b",)
        assert tree.territories_of({"a": 2}, as_of=AT).territories == ()

    def test_a_territory_without_any_rule_takes_all(self) -> None:
        assert TerritoryTree([Territory("all")]).territories_of({}, as_of=AT).primary == "all"

    def test_what_is_above(self) -> None:
        assert TREE.above("dach") == ("emea", "world")
        assert TREE.above("world") == ()

    @pytest.mark.parametrize("ask", [TREE.territory, TREE.above, TREE.rule, TREE.pool], ids=lambda ask: ask.__name__)
    def test_what_is_not_there(self, ask: Any) -> None:
        with pytest.raises(NotFound, match="no Territory with id 'apac'"):
            ask("apac")

    def test_it_shows_itself(self) -> None:
        assert str(TREE) == "5 territories, version 1"


class TestPlacement:
    def test_every_branch_has_its_own(self) -> None:
        placement = TREE.territories_of({**GERMAN, "industry": "bank"}, as_of=AT)

        assert placement.territories == ("banks", "dach")
        assert (placement.primary, str(placement)) == ("banks", "a1: banks, dach")

    def test_nowhere(self) -> None:
        placement = TREE.territories_of({}, as_of=AT)

        assert (placement.primary, placement.account, str(placement)) == (None, None, "account: no territory")

    def test_ranks_come_before_ids(self) -> None:
        tree = TerritoryTree([Territory("a", rank=2), Territory("c", rank=1), Territory("b", rank=1)])

        assert tree.territories_of({}, as_of=AT).territories == ("b", "c", "a")

    def test_an_object_with_facts(self) -> None:
        class Company:
            def facts(self) -> dict[str, Any]:
                return GERMAN

        assert TREE.territories_of(Company(), as_of=AT).primary == "dach"

    def test_rules_about_time_are_asked_as_of_the_instant(self) -> None:
        tree = TerritoryTree([Territory("new", when=field("since").within(timedelta(days=30)))])
        account = {"since": AT - 20 * DAY}

        assert tree.territories_of(account, as_of=AT).primary == "new"
        assert tree.territories_of(account, as_of=AT + 20 * DAY).primary is None

    @pytest.mark.parametrize("wrong", ["a1", 7, None], ids=str)
    def test_what_has_no_facts(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"TerritoryTree\.territories_of\.account"):
            TREE.territories_of(wrong, as_of=AT)

    def test_a_naive_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"TerritoryTree\.territories_of\.as_of"):
            TREE.territories_of({}, as_of=AT.replace(tzinfo=None))


class TestByHand:
    def test_included_where_no_rule_matches(self) -> None:
        assert placed(by_hand("m1", "strategic", "included")) == ("dach", "strategic")

    def test_included_stays_above_what_matches(self) -> None:
        assert placed(by_hand("m1", "emea", "included")) == ("dach", "emea")

    def test_included_covers_what_matches_above(self) -> None:
        french = {"id": "a1", "country": "FR", "region": "EMEA"}
        entries = [by_hand("m1", "dach", "included")]

        assert TREE.territories_of(french, entries, as_of=AT).territories == ("dach",)

    def test_excluded_lets_the_next_one_above_in(self) -> None:
        assert placed(by_hand("m1", "dach", "excluded")) == ("emea",)

    def test_the_latest_holds(self) -> None:
        entries = [by_hand("m1", "dach", "excluded"), by_hand("m2", "dach", "by_rule", at=AT)]

        assert placed(*entries) == ("dach",)
        assert placed(*entries[::-1], as_of=AT - timedelta(microseconds=1)) == ("emea",)
        assert placed(*entries, as_of=AT - 2 * DAY) == ("dach",)

    def test_of_one_instant_the_last_id_holds(self) -> None:
        assert placed(by_hand("m2", "dach", "excluded"), by_hand("m1", "dach", "included")) == ("emea",)

    def test_what_was_not_known_yet(self) -> None:
        late = by_hand("m1", "dach", "excluded", recorded_at=AT)

        assert placed(late, known_at=AT - timedelta(microseconds=1)) == ("dach",)
        assert placed(late, known_at=AT) == ("emea",)

    def test_entries_about_others_change_nothing(self) -> None:
        assert placed(by_hand("m1", "dach", "excluded", account="a2"), by_hand("m2", "gone", "included")) == ("dach",)

    def test_one_id_with_two_contents(self) -> None:
        with pytest.raises(Conflict):
            placed(by_hand("m1", "dach", "excluded"), by_hand("m1", "dach", "included"))

    def test_the_same_entry_twice(self) -> None:
        entry = by_hand("m1", "dach", "excluded")

        assert placed(entry, entry) == ("emea",)

    def test_an_account_without_an_id_has_no_entries(self) -> None:
        with pytest.raises(InvalidValue, match="an account with an id"):
            TREE.territories_of({"country": "DE"}, [by_hand("m1", "dach", "excluded")], as_of=AT)

    @pytest.mark.parametrize("wrong", ["m1", [1]], ids=str)
    def test_what_is_no_entry(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"TerritoryTree\.territories_of\.memberships"):
            TREE.territories_of(GERMAN, wrong, as_of=AT)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "maybe"},
            {"account": ""},
            {"by": None},
            {"at": AT.replace(tzinfo=None)},
            {"reason": ""},
            {"recorded_at": "today"},
        ],
        ids=["status", "account", "by", "at", "reason", "recorded_at"],
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="TerritoryMembership"):
            by_hand("m1", "dach", wrong.pop("status", "included"), **wrong)

    def test_its_facts(self) -> None:
        entry = by_hand("m1", "dach", "excluded", reason="a partner's")

        assert entry.subject == "a1"
        assert entry.facts() == {
            "kind": "territory_membership",
            "id": "m1",
            "territory": "dach",
            "account": "a1",
            "status": "excluded",
            "at": AT - DAY,
            "by": "eve",
            "reason": "a partner's",
        }
        assert {name for name, _ in TerritoryMembership.fact_schema.facts} == set(entry.facts())


class TestWhy:
    def test_each_territory_is_told(self) -> None:
        entries = [
            by_hand("m1", "strategic", "included", reason="a key account"),
            by_hand("m2", "banks", "excluded"),
            by_hand("m3", "dach", "by_rule"),
        ]
        placement = TREE.territories_of(GERMAN, entries, as_of=AT)

        assert [str(each) for each in placement.verdicts] == [
            "banks: excluded by eve on 2026-05-03T09:00:00+00:00",
            "dach: matches",
            "emea: covered by dach",
            "strategic: included by eve on 2026-05-03T09:00:00+00:00: a key account",
            "world: covered by dach",
        ]
        assert [each.territory for each in placement.verdicts if each.is_in] == ["dach", "strategic"]
        assert [each.below for each in placement.verdicts if each.outcome == "covered"] == [("dach",), ("dach",)]

    def test_what_a_rule_lacks(self) -> None:
        why = {each.territory: each for each in TREE.territories_of({}, as_of=AT).verdicts}

        assert why["dach"].outcome == "no_match"
        assert why["dach"].verdict.missing == ("country",)

    def test_the_facts_are_those_of_the_question(self) -> None:
        account = dict(GERMAN)
        placement = TREE.territories_of(account, as_of=AT)
        account["country"] = "JP"

        assert [each.territory for each in placement.verdicts if each.is_in] == list(placement.territories)

    def test_its_picture(self) -> None:
        picture = TerritoryTree([Territory("<a>")]).territories_of({"id": "a&b"}, as_of=AT)._repr_html_()

        assert "&lt;a&gt;: matches" in picture
        assert "a&amp;b: &lt;a&gt;" in picture

    def test_the_tree_as_a_picture(self) -> None:
        tree = TerritoryTree([Territory("a", name='The "A" <b> & co', owners=["x"]), Territory("b", "a")])

        assert tree.to_mermaid() == (
            'flowchart TD\n    t0["The #quot;A#quot; #lt;b> #amp; co: x"]\n    t1["b"]\n    t0 --> t1'
        )


class TestOwners:
    def test_owners_take_turns(self) -> None:
        policy = AssignmentPolicy(TREE.assignment_rules(), fallback="desk")
        people = [Assignee(each) for each in ("ana", "bo", "cy", "eve")]
        deals = [{"territory": each} for each in ("dach", "dach", "emea", "dach", "banks", "world")]
        run = assign_all(deals, policy, people, at=AT)

        assert [each.assignee for each in run.assignments] == ["ana", "bo", "eve", "ana", "cy", "desk"]
        assert run.assignments[0].rule == "dach"

    def test_a_fact_and_a_strategy_of_ones_own(self) -> None:
        rules = TREE.assignment_rules("direct", fact="primary_territory", order=7)
        answer = assign({"primary_territory": "emea"}, AssignmentPolicy(rules), [Assignee("eve")], at=AT)

        assert answer.assignee == "eve"
        assert {(rule.strategy, rule.order) for rule in rules} == {("direct", 7)}

    def test_a_pool_belongs_to_its_territory(self) -> None:
        assert (TREE.pool("dach").id, TREE.pool("dach").members) == ("territory:dach", ("ana", "bo"))
