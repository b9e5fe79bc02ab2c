"""Pipelines: what is wrong with them, what they allow, and how they are replaced and drawn."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue, NotFound, Rejected
from relex.money import Money
from relex.pipeline import LostReason, Opportunity, Pipeline, Stage, StalePolicy
from relex.rules import FactSchema, Requirement, field

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WON, LOST = Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")
THREE = [Stage(id_, order, probability=10 * order) for order, id_ in enumerate(("a", "b", "c"), 1)]


def sales(*stages: Stage, **more: Any) -> Pipeline:
    return Pipeline("sales", [*(stages or THREE), WON, LOST], **more)


def problems(*stages: Stage, **more: Any) -> list[str]:
    with pytest.raises(InvalidValue) as refused:
        Pipeline("sales", stages, **more)
    return [f"{problem.path}: {problem.expected}" for problem in refused.value.value]  # type: ignore[attr-defined]


class TestMistakes:
    def test_all_are_told_at_once(self) -> None:
        found = problems(
            Stage("a", 1, probability=120),
            Stage("a", 1, probability=10, category="closed"),
            Stage("w", 2, kind="won", probability=40, category="commit"),
            Stage("o", 3),
            lost_reasons=["price", "price"],
        )

        assert found == [
            "stages: each id once, a is there twice",
            "stages: each order once among open stages, 1 is there twice",
            "stages: at least one lost stage",
            "stages[a].probability: an int or Decimal from 0 to 100",
            "stages[a].category: one of pipeline, best_case, most_likely, commit",
            "stages[w].probability: 100, of a won stage",
            "stages[w].category: closed, of a won stage",
            "stages[o].probability: an int or Decimal from 0 to 100",
            "lost_reasons: each code once, price is there twice",
        ]

    def test_and_so_are_words_that_nobody_knows(self) -> None:
        found = problems(Stage("a", 1), moves="zz", gates="yy", reopen=5, probability="xx")

        assert [problem.partition(":")[0] for problem in found] == [
            "moves",
            "gates",
            "reopen",
            "probability",
            "stages",
            "stages",
            "stages[a].probability",
        ]

    def test_the_message_tells_them_all(self) -> None:
        with pytest.raises(InvalidValue, match=r"stages: at least one open stage; stages: at least one lost stage"):
            Pipeline("sales", [WON])

    def test_two_stages_of_one_name(self) -> None:
        found = problems(Stage("a", 1, probability=1, name="A"), Stage("b", 2, probability=2, name="A"), WON, LOST)

        assert found == ["stages: each name once, A is there twice"]

    def test_closing_stages_may_share_an_order(self) -> None:
        assert sales(Stage("a", 1, probability=1), Stage("won2", 8, kind="won")).stage("won2").order == 8

    def test_moves_to_nowhere_and_from_nowhere(self) -> None:
        found = problems(*THREE, WON, LOST, moves={"a": ["b", "won", "x"], "b": ["b", "c", "lost"], "y": ["a"]})

        assert found == [
            "moves: one of a, b, c, won, lost, not x",
            "moves: one of a, b, c, won, lost, not y",
            "moves: a way from c to a closing stage",
        ]

    def test_deals_may_begin_where_no_way_leads(self) -> None:
        pipeline = sales(moves={"a": ["b", "lost"], "b": ["a", "won"], "c": ["won"]})

        assert Opportunity.open("o1", pipeline, at=AT, stage="c").state.win(pipeline, at=AT).state.kind == "won"

    def test_no_way_leads_out_of_what_is_over(self) -> None:
        ways = {"a": ["b", "lost"], "b": ["c"], "c": ["won"], "won": ["a", "lost", "won2"], "lost": ["x"]}
        found = problems(*THREE, WON, LOST, Stage("won2", 9, kind="won"), moves=ways)

        assert found == [
            "moves: one of a, b, c, won, lost, won2, not x",
            "moves: won stages from won, not a (what is over is reopened)",
            "moves: won stages from won, not lost (what is over is reopened)",
        ]

    def test_a_circle_without_an_end(self) -> None:
        found = problems(*THREE, WON, LOST, moves={"a": ["b", "won", "lost"], "b": ["c"], "c": ["b"]})

        assert found == ["moves: a way from b to a closing stage", "moves: a way from c to a closing stage"]

    def test_a_lost_stage_asks_only_for_the_reason(self) -> None:
        asked = Requirement("amount", field("amount") > 0, "Fill in the amount")

        assert problems(*THREE, WON, Stage("lost", 9, kind="lost", requires=[asked])) == [
            "stages[lost].requires: nothing (losing asks only for the reason)"
        ]

    def test_a_gate_on_an_unknown_fact(self) -> None:
        asked = [Requirement("pain", field("pian") == "x", "Ask"), Requirement("size", field("size") > 3, "Ask")]
        stage = Stage("d", 4, probability=40, requires=asked)
        facts = FactSchema({"pain": str, "size": Decimal})

        (found,) = problems(*THREE, stage, WON, LOST, facts=facts)
        assert found.startswith("stages[d].requires[pain].fact: one of ")
        assert found.endswith("(did you mean pain?)")
        assert Pipeline("sales", [*THREE, stage, WON, LOST]).facts is None

    def test_an_exemption_on_an_unknown_fact(self) -> None:
        stage = Stage("d", 4, probability=40, stale=StalePolicy(unless=field("paused") == True))  # noqa: E712 - a rule
        stale = StalePolicy(stale_after=Days(9), unless=field("amuont") > 5)
        found = problems(*THREE, stage, WON, LOST, facts=FactSchema(), stale=stale)

        assert [problem.partition(":")[0] for problem in found] == ["stale.unless.fact", "stages[d].stale.unless.fact"]
        assert problems(*THREE, facts=FactSchema(), stale=StalePolicy())[1:] == ["stages: at least one lost stage"]

    def test_facts_that_shadow_those_of_a_deal(self) -> None:
        facts = FactSchema({"stage": Decimal, "pain": str})

        assert problems(*THREE, WON, LOST, facts=facts) == ["facts: names other than stage, which every deal has"]

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"id": ""}, "Pipeline.id"),
            ({"stages": "ab"}, "Pipeline.stages"),
            ({"stages": ["a"]}, "Pipeline.stages"),
            ({"version": 0}, "Pipeline.version"),
            ({"moves": "up"}, r"\(moves: one of any, forward"),
            ({"moves": [("a",)]}, "Pipeline.moves"),
            ({"moves": [("a", ["b"]), ("a", ["won"])]}, r"\(moves: one of any, forward"),
            ({"moves": {"a": "b"}}, "Pipeline.moves"),
            ({"moves": {"a": [""]}}, "Pipeline.moves"),
            ({"gates": "all"}, r"\(gates: one of cumulative, target"),
            ({"lost_reasons": [""]}, "LostReason.code"),
            ({"lost_reasons": "price"}, "Pipeline.lost_reasons"),
            ({"reopen": 30}, r"\(reopen: any, never, or Days"),
            ({"reopen": Days(30, end_of="month")}, r"\(reopen: any, never, or Days"),
            ({"reopen": Days(10**10)}, r"\(reopen: any, never, or Days"),
            ({"probability": "model"}, r"\(probability: one of stage"),
            ({"facts": {"pain": str}}, "Pipeline.facts"),
        ],
    )
    def test_a_wrong_type_is_refused(self, fields: dict[str, Any], path: str) -> None:
        known: dict[str, Any] = {"id": "sales", "stages": [*THREE, WON, LOST]}

        with pytest.raises(InvalidValue, match=path):
            Pipeline(**(known | fields))


class TestDefinition:
    def test_its_places_are_not_to_be_changed(self) -> None:
        with pytest.raises(TypeError):
            sales().places["ghost"] = THREE[0]  # type: ignore[index]

    def test_stages_are_in_their_order(self) -> None:
        pipeline = Pipeline("sales", [LOST, WON, *reversed(THREE)])

        assert [stage.id for stage in pipeline.stages] == ["a", "b", "c", "won", "lost"]
        assert [stage.id for stage in pipeline.open_stages] == ["a", "b", "c"]

    def test_a_stage_is_found_by_its_id(self) -> None:
        assert sales().stage("b") is THREE[1]
        with pytest.raises(NotFound, match="no Stage with id 'x'"):
            sales().stage("x")

    def test_reasons_may_be_written_as_codes(self) -> None:
        assert sales(lost_reasons=["price", LostReason("other", note=True)]).lost_reasons == (
            LostReason("price"),
            LostReason("other", note=True),
        )

    @pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
    def test_it_can_be_copied_and_pickled_after_use(self, twin: Any) -> None:
        pipeline = sales(Stage("a", 1, probability=1), moves={"a": ["won", "lost"]})
        assert pipeline.passage("a", "won").allowed

        assert twin(pipeline) == pipeline
        assert twin(pipeline).passage("a", "won").allowed


class TestMoves:
    @pytest.mark.parametrize(
        ("moves", "from_", "allowed"),
        [
            ("any", "b", ["a", "c", "won", "lost", "won2"]),
            ("any", "won", ["won2"]),
            ("any", "lost", []),
            ("forward", "b", ["c", "won", "lost", "won2"]),
            ("adjacent", "a", ["b", "won", "lost", "won2"]),
            ("adjacent", "b", ["a", "c", "won", "lost", "won2"]),
        ],
    )
    def test_by_a_word(self, moves: str, from_: str, allowed: list[str]) -> None:
        pipeline = sales(*THREE, Stage("won2", 10, kind="won"), moves=moves)
        others = [stage.id for stage in pipeline.stages if stage.id != from_]

        assert [to for to in others if pipeline.passage(from_, to).allowed] == allowed

    @pytest.mark.parametrize("listed", [False, True], ids=["adjacent", "list"])
    def test_many_stages_are_read_once(self, listed: bool) -> None:
        many = [Stage(f"s{place}", -place, probability=1) for place in range(10_000, 0, -1)]
        ways = {f"s{place}": [f"s{place - 1}", "lost"] for place in range(2, 10_001)} | {"s1": ["won", "lost"]}
        pipeline = sales(*many, moves=ways if listed else "adjacent")
        deal = Opportunity.open("o1", pipeline, at=AT, stage="s10000").state

        assert pipeline.check(deal, "s9999", as_of=AT).allowed == (
            ("s9999", "lost") if listed else ("s9999", "won", "lost")
        )

    def test_by_a_list(self) -> None:
        pipeline = sales(moves={"a": ["b", "lost"], "b": ["c"], "c": ["won", "a"]})

        assert pipeline.passage("a", "b").allowed
        assert not pipeline.passage("a", "c").allowed
        assert not pipeline.passage("won", "a").allowed
        assert pipeline.moves == (("a", ("b", "lost")), ("b", ("c",)), ("c", ("a", "won")))

    def test_a_passage_needs_both_ends(self) -> None:
        for way in (("x", "a"), ("a", "x"), (None, "x")):
            with pytest.raises(NotFound):
                sales().passage(*way)


class TestGates:
    def asked(self, gates: str) -> Pipeline:
        stages = [
            Stage(id_, order, probability=order, requires=[Requirement(id_, field(id_) == "yes", f"Say {id_}")])
            for order, id_ in enumerate("abc", 1)
        ]
        won = Stage("won", 3, kind="won", requires=[Requirement("won", field("won") == "yes", "Say won")])
        return Pipeline("sales", [*stages, won, Stage("won2", 9, kind="won", requires=won.requires), LOST], gates=gates)

    @pytest.mark.parametrize(
        ("way", "cumulative", "target"),
        [
            ((None, "a"), "a", "a"),
            ((None, "c"), "a b c", "c"),
            (("a", "b"), "b", "b"),
            (("a", "c"), "b c", "c"),
            (("a", "won"), "b c won", "won"),
            (("c", "a"), "", ""),
            (("a", "lost"), "", ""),
            (("won", "won2"), "won", "won"),
            (("won2", "won"), "", ""),
            (("a", "a"), "", ""),
        ],
    )
    def test_what_a_way_asks_for(self, way: tuple[str | None, str], cumulative: str, target: str) -> None:
        for gates, asked in (("cumulative", cumulative), ("target", target)):
            found = self.asked(gates).passage(*way).requirements

            assert " ".join([each.name for each in found]) == asked

    def test_unknown_is_not_met(self) -> None:
        pipeline = self.asked("target")
        deal, _ = Opportunity.open("o1", pipeline, at=AT, facts={"a": "yes"})
        found = pipeline.check(deal, "b", as_of=AT)

        assert (found.passes, found.reason, found.missing) == (False, "gate_unmet", ("b",))
        assert str(found) == "o1: a to b: gate_unmet\n  Say b (missing: b)"
        assert pipeline.check(deal, "b", as_of=AT, facts={"b": "yes"}).passes
        assert str(pipeline.check(deal, "a", as_of=AT)) == "o1: a to a: may go"

    def test_the_answer_shows_itself(self) -> None:
        pipeline = self.asked("target")
        deal, _ = Opportunity.open("<o>", pipeline, at=AT, facts={"a": "yes"})
        html = pipeline.check(deal, "b", as_of=AT)._repr_html_()

        assert "&lt;o&gt;: a to b: gate_unmet" in html
        assert html.count("<tr>") == 2
        assert "Say b" in html

    def test_what_is_over_stays_over(self) -> None:
        pipeline = self.asked("target")
        deal, _ = Opportunity.open("o1", pipeline, at=AT, stage="won", facts={"won": "yes"})

        assert pipeline.check(deal, "a", as_of=AT).reason == "closed"
        assert pipeline.check(deal, "won2", as_of=AT, facts={"won": "yes"}).passes

    def test_a_deal_that_is_won_where_the_orders_do_not_rise_passes_the_gate(self) -> None:
        signed = Requirement("signed", field("signed") == "yes", "Get it signed")
        pipeline = sales(THREE[0], Stage("b", 5, probability=50), Stage("done", 5, kind="won", requires=[signed]))
        deal, _ = Opportunity.open("o1", pipeline, at=AT, stage="b")

        assert pipeline.check(deal, "done", as_of=AT).unmet[0].name == "signed"
        with pytest.raises(Rejected, match="gate_unmet"):
            deal.win(pipeline, at=AT, stage="done")
        assert deal.win(pipeline, at=AT, stage="done", facts={"signed": "yes"}).state.kind == "won"

    def test_what_several_stages_ask_for_is_told_once(self) -> None:
        asked = Requirement("amount", field("amount") > 0, "Fill in the amount")
        stages = [Stage(each, place, probability=1, requires=[asked, asked]) for place, each in enumerate("bc", 2)]
        pipeline = sales(THREE[0], *stages)

        assert pipeline.passage("a", "c").requirements == (asked,)

    def test_the_past_is_asked_as_it_was(self) -> None:
        asked = Requirement("amount", field("amount") > 0, "Fill in the amount")
        pipeline = sales(THREE[0], Stage("b", 2, probability=20, requires=[asked]))
        deal, _ = Opportunity.open("o1", pipeline, at=AT)
        deal, _ = deal.change_amount(Money(5, "USD"), at=AT + timedelta(hours=2))
        deal, _ = deal.move_to("b", pipeline, at=AT + timedelta(hours=3))

        found = pipeline.check(deal, "b", as_of=AT + timedelta(hours=1))
        assert (found.from_, found.reason) == ("a", "gate_unmet")
        assert pipeline.check(deal, "b", as_of=AT + timedelta(hours=2)).passes
        early = pipeline.check(deal, "b", as_of=AT - timedelta(hours=1))
        assert (early.from_, early.reason, early.unmet) == ("a", "out_of_order", ())

    def test_a_stage_that_is_not_there_is_no_way(self) -> None:
        deal, _ = Opportunity.open("o1", sales(), at=AT)
        new = Pipeline("sales", [THREE[1], WON, LOST], version=2)

        assert sales().check(deal, "x", as_of=AT).reason == "unknown_stage"
        assert sales().check(deal, "x", as_of=AT).allowed == ("b", "c", "won", "lost")
        for stage in ("a", "b"):
            found = new.check(deal, stage, as_of=AT)
            assert (found.from_, found.reason, found.allowed) == ("a", "unknown_stage", ())

    def test_a_deal_that_is_open_is_judged_as_one_whatever_its_stage_is_now(self) -> None:
        deal, _ = Opportunity.open("o1", sales(), at=AT)
        new = Pipeline("sales", [THREE[1], Stage("a", 7, kind="won"), LOST], version=2)

        assert new.check(deal, "a", as_of=AT).passes
        for stage in ("b", "lost"):
            with pytest.raises(Rejected) as refused:
                deal.move_to(stage, new, at=AT, reason="price" if stage == "lost" else None)
            assert new.check(deal, stage, as_of=AT).reason == refused.value.reason == "move_not_allowed"

    def test_both_reasons_are_told(self) -> None:
        pipeline = sales(
            THREE[0],
            Stage("b", 2, probability=2),
            Stage("c", 3, probability=3, requires=[Requirement("x", field("x") == "y", "Say x")]),
            moves="adjacent",
        )
        deal, _ = Opportunity.open("o1", pipeline, at=AT)
        found = pipeline.check(deal, "c", as_of=AT)

        assert (found.reason, [each.name for each in found.unmet]) == ("move_not_allowed", ["x"])
        assert found.allowed == ("b", "won", "lost")

    def test_rules_about_time_see_the_instant(self) -> None:
        asked = Requirement("ripe", field("opened_at").before(days=7), "Wait a week")
        pipeline = sales(THREE[0], Stage("b", 2, probability=20, requires=[asked]))
        deal, _ = Opportunity.open("o1", pipeline, at=AT)

        assert not pipeline.check(deal, "b", as_of=AT).passes
        assert pipeline.check(deal, "b", as_of=AT + timedelta(days=8)).passes

    def test_questions_that_cannot_be_asked(self) -> None:
        pipeline = sales()
        deal, _ = Opportunity.open("o1", pipeline, at=AT)

        with pytest.raises(InvalidValue, match=r"check\.as_of"):
            pipeline.check(deal, "b", as_of=datetime(2026, 3, 2))  # noqa: DTZ001 - what is refused
        with pytest.raises(InvalidValue, match=r"check\.stage"):
            pipeline.check(deal, "", as_of=AT)
        with pytest.raises(InvalidValue, match=r"check\.facts: expected facts of the application's own names"):
            pipeline.check(deal, "b", as_of=AT, facts={"amount": 3})
        with pytest.raises(InvalidValue, match=r"check\.facts: expected a mapping"):
            pipeline.check(deal, "b", as_of=AT, facts=["pain"])  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match=r"check\.opportunity"):
            Pipeline("other", pipeline.stages).check(deal, "b", as_of=AT)


class TestReplacing:
    def test_deals_move_with_their_stage(self) -> None:
        old = sales()
        new = Pipeline("sales", [THREE[0], Stage("d", 4, probability=70), WON, LOST], version=2)
        deals = [Opportunity.open(id_, old, at=AT, stage=id_).state for id_ in "ab"]
        deals.append(Opportunity.open("other", Pipeline("other", old.stages), at=AT).state)

        assert [deal.id for deal in old.stranded(new, deals)] == ["b"]
        with pytest.raises(Rejected) as refused:
            old.replace(new, deals, at=AT)
        assert (refused.value.reason, refused.value.details) == (
            "stage_in_use",
            {"stages": ("b",), "opportunities": ("b",), "allowed": ("a", "d", "won", "lost")},
        )
        (change,) = old.replace(new, deals, {"b": "d", "c": "d"}, at=AT + timedelta(hours=1))
        assert (change.state.id, change.state.stage, change.state.probability()) == ("b", "d", 70)
        assert change.events[0].pipeline_version == 2  # type: ignore[attr-defined]
        assert change.state.stage_entered_at == AT + timedelta(hours=1)

    def test_all_deals_go_to_another_pipeline(self) -> None:
        old, new = sales(), Pipeline("new", [*THREE, WON, LOST])
        deal, _ = Opportunity.open("o1", old, at=AT)
        (change,) = old.replace(new, [deal], at=AT)

        assert (change.state.pipeline, change.state.stage) == ("new", "a")
        assert change.state.move_to("b", new, at=AT).state.stage == "b"

    def test_a_deal_that_is_there_already_is_not_moved_twice(self) -> None:
        old, new = sales(), sales(version=2)
        deal, _ = Opportunity.open("o1", old, at=AT)
        (change,) = old.replace(new, [deal], {"a": "b", "b": "a"}, at=AT)

        assert change.state.stage == "b"
        assert old.replace(new, [change.state], {"a": "b", "b": "a"}, at=AT) == ()

    def test_what_is_over_may_stay_behind(self) -> None:
        old = sales(*THREE, Stage("won2", 10, kind="won"))
        deal, _ = Opportunity.open("o1", old, at=AT, stage="won2")
        new = sales(version=2)

        assert old.replace(new, [deal], at=AT) == ()
        assert deal.probability(new) == 100
        (change,) = old.replace(new, [deal], {"won2": "won"}, at=AT)
        assert (change.state.stage, change.state.closed_at) == ("won", AT)

    def test_a_deal_that_stays_is_asked_for_nothing(self) -> None:
        old, new = sales(), sales(version=2)
        deal, _ = Opportunity.open("o1", old, at=AT + timedelta(days=9))

        assert old.replace(new, [deal], at=AT) == ()
        with pytest.raises(Rejected, match="out_of_order"):
            old.replace(new, [deal], {"a": "b"}, at=AT)

    @pytest.mark.parametrize("mapping", [{"x": "a"}, {"a": "x"}, {"a": "won"}])
    def test_a_wrong_mapping_is_refused(self, mapping: dict[str, str]) -> None:
        with pytest.raises(InvalidValue, match="mapping"):
            sales().replace(sales(version=2), [], mapping, at=AT)

    @pytest.mark.parametrize(
        ("given", "path"),
        [({"new": "sales"}, r"replace\.new"), ({"at": datetime(2026, 3, 2)}, r"replace\.at")],  # noqa: DTZ001 - what is refused
    )
    def test_wrong_values_are_refused(self, given: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"new": sales(version=2), "opportunities": [], "at": AT}

        with pytest.raises(InvalidValue, match=path):
            sales().replace(**(usual | given))

    def test_a_definition_that_is_not_newer_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"replace\.new: expected a version above 1"):
            sales().replace(sales(), [], at=AT)


class TestShowing:
    def test_a_pipeline_shows_its_stages(self) -> None:
        asked = Requirement("x", field("x") == "y", "Say <x>")
        pipeline = sales(Stage("a", 1, probability=Decimal("12.5"), name="A", requires=[asked]))
        html = pipeline._repr_html_()

        assert str(pipeline) == "sales: A, won, lost"
        assert "Pipeline sales</caption>" in html
        assert html.count("<tr>") == 4
        assert "Say &lt;x&gt;" in html

    def test_a_pipeline_draws_itself(self) -> None:
        pipeline = Pipeline(
            "sales",
            [Stage("a", 1, probability=Decimal("12.5"), name='Say "hi" <#1>\n;'), WON, LOST],
            moves={"a": ["won", "lost"]},
        )

        assert pipeline.to_mermaid().splitlines() == [
            "stateDiagram-v2",
            '    state "Say #quot;hi#quot; #lt;#35;1> ; (12.5 %)" as s0',
            '    state "won (100 %)" as s1',
            '    state "lost (0 %)" as s2',
            "    [*] --> s0",
            "    s0 --> s1",
            "    s0 --> s2",
            "    s1 --> [*]",
            "    s2 --> [*]",
        ]


class TestPresets:
    @pytest.mark.parametrize(
        ("name", "probabilities"),
        [
            ("four_steps", [10, 20, 50, 80, 100, 0]),
            ("five_steps", [10, 25, 50, 70, 90, 100, 0]),
            ("eight_steps", [10, 10, 20, 50, 60, 70, 75, 90, 100, 0]),
        ],
    )
    def test_probabilities_are_as_published(self, name: str, probabilities: list[int]) -> None:
        pipeline = Pipeline.preset(name, "sales", version=3)

        assert [stage.probability for stage in pipeline.stages] == probabilities
        assert {stage.category for stage in pipeline.open_stages} == {"pipeline"}
        assert (pipeline.id, pipeline.version) == ("sales", 3)

    def test_another_name_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="four_steps, five_steps, eight_steps"):
            Pipeline.preset("six_steps", "sales")
