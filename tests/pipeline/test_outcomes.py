"""Outcomes: what is frozen of a deal or a lead when it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, Pool, assign
from relex.errors import InvalidValue, NotFound
from relex.money import Money
from relex.pipeline import Lead, Opportunity, Outcome, OutcomeTable, Pipeline, Stage, Variable, merge_opportunities

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = DAY + timedelta(days=5)
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=40),
        Stage("signed", 3, kind="won"),
        Stage("talks", 4, probability=60),
        Stage("paid", 5, kind="won"),
        Stage("lost", 6, kind="lost"),
    ],
)


def opened(**more: Any) -> Opportunity:
    return Opportunity.open("d1", SALES, at=DAY, **{"owner": "kim", "amount": Money(100, "EUR"), **more}).state


def outcome(deal: Opportunity | Lead, **more: Any) -> Outcome:
    return Outcome.of(deal, SALES if isinstance(deal, Opportunity) else None, **more)


class TestOfADeal:
    def test_a_won_deal_counts_for_every_open_and_won_stage(self) -> None:
        found = outcome(opened().win(SALES, at=LATER).state)

        assert (found.id, found.source, found.at, found.result) == ("d1:2", "d1", LATER, "won")
        assert (found.stage, found.stages) == ("new", ("new", "demo", "signed", "talks", "paid"))

    @pytest.mark.parametrize(
        ("stage", "stages"),
        [("new", ("new",)), ("demo", ("new", "demo")), ("talks", ("new", "demo", "signed", "talks"))],
    )
    def test_a_lost_deal_counts_for_the_stages_up_to_the_one_it_was_lost_from(
        self, stage: str, stages: tuple[str, ...]
    ) -> None:
        found = outcome(opened(stage=stage).lose(SALES, reason="price", at=LATER).state)

        assert (found.stage, found.stages, found.result) == (stage, stages, "lost")

    def test_a_deal_that_never_was_open_counts_for_no_stage_when_it_is_lost(self) -> None:
        found = outcome(opened(stage="lost", reason="price"))

        assert (found.stage, found.stages) == (None, ())
        assert outcome(opened(stage="paid")).stages == ("new", "demo", "signed", "talks", "paid")

    def test_only_what_is_named_is_taken_as_it_was_before_the_closing(self) -> None:
        deal = opened(tags=["vip"]).win(SALES, at=LATER).state
        found = outcome(
            deal, variables=["owner", "category", Variable("tags", many=True)], values={"country": "AT"}, group="north"
        )

        assert dict(found.values) == {"category": "pipeline", "country": "AT", "owner": "kim", "tags": ("vip",)}
        assert found.group == "north"

    def test_what_happens_after_the_closing_changes_nothing(self) -> None:
        won = opened().win(SALES, at=LATER).state
        moved = won.move_to("paid", SALES, at=LATER + timedelta(days=1)).state

        assert outcome(won, variables=["owner"]) == outcome(moved, variables=["owner"])

    def test_reopening_takes_away_exactly_what_the_closing_added(self) -> None:
        won = opened().win(SALES, at=LATER).state
        again = won.reopen(SALES, at=LATER).state
        lost = again.lose(SALES, reason="price", at=LATER).state
        table = OutcomeTable(["owner"]).add(outcome(won, variables=["owner"]))

        with pytest.raises(InvalidValue, match="closed"):
            outcome(again)
        assert table.remove(outcome(won, variables=["owner"])).counts == ()
        assert (outcome(lost).id, outcome(lost).result) == ("d1:4", "lost")

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"record": opened()}, "Outcome.of.record"),
            ({"record": 5}, "Outcome.of.record"),
            ({"pipeline": None}, "Outcome.of.pipeline"),
            ({"pipeline": Pipeline("other", SALES.stages)}, "Outcome.of.pipeline"),
            ({"values": {"owner": "sam"}}, "Outcome.of.values"),
            ({"variables": ["amount"]}, "Outcome.values.amount"),
            ({"variables": 5}, "Outcome.of.variables"),
            ({"variables": "owner"}, "Outcome.of.variables"),
            ({"variables": [5]}, "Outcome.of.variables"),
        ],
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"record": opened().win(SALES, at=LATER).state, "pipeline": SALES}

        with pytest.raises(InvalidValue, match=path):
            Outcome.of(**{**usual, **given})

    def test_a_stage_that_the_pipeline_does_not_have_is_not_found(self) -> None:
        lost = opened(stage="demo").lose(SALES, reason="price", at=LATER).state
        smaller = Pipeline("sales", [stage for stage in SALES.stages if stage.id != "demo"], version=2)

        with pytest.raises(NotFound, match="demo"):
            Outcome.of(lost, smaller)

    def test_a_table_scores_open_deals_and_knows_closed_ones(self) -> None:
        won = opened().win(SALES, at=LATER).state
        table = OutcomeTable(["owner"]).add(outcome(won, variables=["owner"]))
        prediction = table.score(opened())

        assert [each.variable for each in prediction.factors] == ["owner", "stage"]
        assert table.score(won).value == Decimal(100)

    def test_a_deal_that_was_merged_away_has_no_score_and_is_given_to_nobody(self) -> None:
        other = Opportunity.open("d2", SALES, at=DAY, owner="kim").state
        _, gone = merge_opportunities([opened(), other], SALES, by="eve", reason="twice", at=LATER)
        table = OutcomeTable(["owner"]).add(outcome(opened().win(SALES, at=LATER).state, variables=["owner"]))
        policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana"]))])

        assert str(table.score(gone.state)) == "none (merged)"
        assert assign(gone.state, policy, [Assignee("ana")], at=LATER).reason == "closed"


class TestOfALead:
    def test_a_converted_lead_is_won_and_a_disqualified_one_lost(self) -> None:
        lead = Lead.open("l1", "web", company="Acme", at=DAY).state
        gone = lead.disqualify("too small", at=LATER).state
        back = gone.reopen(at=LATER).state
        found = outcome(gone, variables=["source"])

        assert (found.id, found.result, found.stages, found.values) == ("l1:2", "lost", (), (("source", "web"),))
        assert OutcomeTable().score(gone).value == Decimal(0)
        assert OutcomeTable().score(back).reason == "no_history"
        with pytest.raises(InvalidValue, match="closed"):
            outcome(back)


class TestOutcome:
    def test_values_are_texts_sorted_by_name_and_missing_ones_are_left_out(self) -> None:
        found = Outcome(
            "o1", source="d1", at=DAY, result="won", values=[("z", 3), ("b", None), ("c", ()), ("a", ("y", True, "y"))]
        )

        assert found.values == (("a", ("true", "y")), ("z", "3"))

    def test_it_tells_its_facts(self) -> None:
        found = outcome(opened().win(SALES, at=LATER).state, group="north")

        assert found.facts().keys() == {name for name, _ in Outcome.fact_schema.facts}
        assert (found.facts()["kind"], found.subject) == ("outcome", "d1")

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"result": "open"}, "Outcome.result"),
            ({"at": DAY.replace(tzinfo=None)}, "Outcome.at"),
            ({"values": 5}, "Outcome.values"),
            ({"values": [5]}, "Outcome.values"),
            ({"values": [("a", "x"), ("a", "y")]}, "Outcome.values"),
            ({"values": {"": "x"}}, "Outcome.values"),
            ({"values": {"a": 1.5}}, "Outcome.values.a"),
            ({"values": {"a": (1.5,)}}, "Outcome.values.a"),
            ({"stages": [""]}, "Outcome.stages"),
            ({"stages": "new"}, "Outcome.stages"),
            ({"stages": [[]]}, "Outcome.stages"),
            ({"group": ""}, "Outcome.group"),
        ],
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"id": "o1", "source": "d1", "at": DAY, "result": "won"}

        with pytest.raises(InvalidValue, match=path):
            Outcome(**{**usual, **given})
