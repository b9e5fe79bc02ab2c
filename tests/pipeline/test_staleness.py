"""Whether a deal is stale, and the same as a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pipeline_deals import deal, on, sales

from relex.calendars import BusinessCalendar, Days, weekly
from relex.errors import InvalidValue, NotSupported
from relex.pipeline import Opportunity, Stage, StalePolicy, merge_opportunities, stale, stale_rule
from relex.rules import AtLeast, Rule, children, compile_rule, evaluate, field

EAST = timezone(timedelta(hours=7))
WEEK = StalePolicy(stale_after=Days(7))
PLANNED = field("next_step_due").after(days=0)


def stages(**policies: StalePolicy) -> list[Stage]:
    return [
        Stage(stage.id, stage.order, kind=stage.kind, probability=stage.probability, stale=policies.get(stage.id))
        for stage in sales().stages
    ]


class TestStale:
    def test_says_since_when_and_how_far_over(self) -> None:
        found = stale(deal("d", 0, (3, "demo")), sales(stale=WEEK), as_of=on(15.5))

        assert (found.since, found.days, found.days_over, found.policy) == (on(3), 12, 5, WEEK)
        assert found.is_stale
        assert str(found) == "d: stale, 12 days since stage_entry, 5 over the limit"

    def test_a_stage_has_its_own_policy(self) -> None:
        pipeline = sales(stages=stages(demo=StalePolicy(stale_after=Days(30))), stale=WEEK)

        assert stale(deal("d", 0), pipeline, as_of=on(10)).is_stale
        assert not stale(deal("d", 0, (0, "demo")), pipeline, as_of=on(10)).is_stale

    def test_a_stage_may_never_go_stale(self) -> None:
        pipeline = sales(stages=stages(new=StalePolicy()), stale=WEEK)

        assert stale(deal("d", 0), pipeline, as_of=on(900)).state == "fresh"

    def test_a_deal_in_a_stage_that_is_no_more_goes_by_the_pipeline(self) -> None:
        fewer = sales(stages=[stage for stage in stages() if stage.id != "demo"], stale=WEEK)

        assert stale(deal("d", 0, (1, "demo")), fewer, as_of=on(10)).is_stale

    def test_without_a_policy_there_is_no_base(self) -> None:
        found = stale(deal("d", 0), sales(), as_of=on(10))

        assert (found.state, found.reason, found.since, found.days) == ("fresh", "no_policy", None, None)
        assert str(found) == "d: fresh (no_policy)"

    def test_without_activity_the_opening_counts(self) -> None:
        pipeline = sales(stale=StalePolicy("last_activity", stale_after=Days(7)))

        assert stale(deal("d", 0, (9, "demo")), pipeline, as_of=on(10)).since == on(0)

    def test_a_snoozed_deal_is_fresh_until_the_date(self) -> None:
        snoozed = deal("d", 0).snooze(date(2026, 1, 20), at=on(1), reason="holiday").state
        pipeline = sales(stale=WEEK)

        assert stale(snoozed, pipeline, as_of=on(18.9)).reason == "snoozed"
        assert stale(snoozed, pipeline, as_of=on(19)).is_stale

    def test_the_date_is_that_of_a_named_zone_however_the_instant_is_written(self) -> None:
        snoozed = deal("d", 0).snooze(date(2026, 1, 20), at=on(1), reason="holiday").state

        for instant in (on(18.9), on(18.9).astimezone(EAST)):
            assert not stale(snoozed, sales(stale=WEEK), as_of=instant).is_stale
            assert stale(snoozed, sales(stale=WEEK), as_of=instant, tz=EAST).is_stale

    def test_an_exemption_asks_about_dates_of_the_zone(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(7), unless=PLANNED))
        planned = deal("d", 0).set_next_step("call", date(2026, 1, 20), at=on(1)).state

        for instant in (on(18.9), on(18.9).astimezone(EAST)):
            assert stale(planned, pipeline, as_of=instant).reason == "exempt"
            assert stale(planned, pipeline, as_of=instant, tz=EAST).is_stale

    def test_a_planned_next_step_exempts(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(7), unless=PLANNED))
        planned = deal("d", 0).set_next_step("call", date(2026, 2, 1), at=on(1)).state

        found = stale(planned, pipeline, as_of=on(20))

        assert (found.state, found.reason, found.days, found.days_over) == ("fresh", "exempt", 20, None)
        assert found.verdict is not None
        assert found.verdict.answer

    def test_an_unknown_exemption_does_not_exempt(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(7), unless=PLANNED))

        found = stale(deal("d", 0), pipeline, as_of=on(20))

        assert found.is_stale
        assert found.verdict is not None
        assert found.verdict.missing == ("next_step_due",)

    def test_an_exemption_may_ask_about_facts_of_the_application(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(7), unless=field("tender") == "open"))

        assert not stale(deal("d", 0), pipeline, as_of=on(20), facts={"tender": "open"}).is_stale
        with pytest.raises(InvalidValue, match=r"stale\.facts"):
            stale(deal("d", 0), pipeline, as_of=on(20), facts={"owner": "ann"})

    def test_what_happened_later_is_not_seen(self) -> None:
        moved = deal("d", 0, (9, "demo"), (30, "won"))

        assert stale(moved, sales(stale=WEEK), as_of=on(8)).since == on(0)

    def test_a_merged_deal_is_fresh(self) -> None:
        changes = merge_opportunities([deal("a", 0), deal("b", 0)], sales(), by="eve", reason="twice", at=on(1))
        gone = next(change.state for change in changes if change.state.merged_into is not None)

        assert stale(gone, sales(stale=WEEK), as_of=on(100)).reason == "merged"

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param((deal("d", 5), sales(), on(1)), id="before the opening"),
            pytest.param((deal("d", 5), sales(), datetime(2026, 3, 1)), id="naive"),  # noqa: DTZ001
            pytest.param(("d", sales(), on(1)), id="no deal"),
            pytest.param((deal("d"), "sales", on(1)), id="no pipeline"),
            pytest.param((deal("d"), sales(id="other"), on(1)), id="another pipeline"),
        ],
    )
    def test_refuses_what_it_cannot_answer(self, wrong: tuple[Any, Any, Any]) -> None:
        opportunity, pipeline, as_of = wrong
        with pytest.raises(InvalidValue, match="stale"):
            stale(opportunity, pipeline, as_of=as_of)

    def test_refuses_what_is_no_zone(self) -> None:
        with pytest.raises(InvalidValue, match=r"stale\.tz"):
            stale(deal("d"), sales(), as_of=on(1), tz="UTC")  # type: ignore[arg-type]

    def test_shows_itself(self) -> None:
        page = stale(deal("<d>", 0), sales(stale=WEEK), as_of=on(9))._repr_html_()

        assert "&lt;d&gt;" in page
        assert "2026-01-01 00:00" in page
        assert "–" in stale(deal("d"), sales(), as_of=on(9))._repr_html_()


class TestRule:
    def test_selects_from_a_list(self) -> None:
        pipeline = sales(stale=StalePolicy(warn_after=Days(3), stale_after=Days(7)))
        found = [deal("a", 0), deal("b", 5), deal("c", 9), deal("d", 0, (1, "won"))]

        for state, names in (("stale", ["a"]), ("warning", ["b"])):
            test = compile_rule(stale_rule(pipeline, state))
            assert [each.id for each in found if test(each.facts(pipeline), on(10))] == names

    def test_without_a_policy_nothing_is_stale(self) -> None:
        assert evaluate(stale_rule(sales()), deal("d").facts(), as_of=on(99)).answer is False

    def test_without_a_warning_nothing_warns(self) -> None:
        rule = stale_rule(sales(stale=WEEK), "warning")

        assert evaluate(rule, deal("d").facts(), as_of=on(5)).answer is False

    def test_deals_of_other_pipelines_are_not_in_the_state(self) -> None:
        rule = stale_rule(sales(id="other", stale=WEEK))

        assert evaluate(rule, deal("d").facts(), as_of=on(99)).answer is False

    @pytest.mark.parametrize(
        ("unless", "exempt"),
        [
            pytest.param(field("owner") == "ann", True, id="a fact that is there"),
            pytest.param(PLANNED, False, id="one that is not"),
            pytest.param(~PLANNED, False, id="and its opposite"),
            pytest.param(field("next_step_due").is_missing(), True, id="that it is not there"),
            pytest.param(PLANNED | (field("owner") == "ann"), True, id="any of"),
            pytest.param(~(PLANNED & (field("owner") == "bob")), True, id="not all of"),
            pytest.param(~(PLANNED | (field("owner") == "bob")), False, id="none of, one unknown"),
            pytest.param(AtLeast(1, PLANNED, field("owner") == "ann"), True, id="at least one"),
            pytest.param(~AtLeast(2, PLANNED, field("owner") == "bob"), True, id="not at least two"),
            pytest.param(~AtLeast(0, PLANNED), False, id="not at least none"),
        ],
    )
    def test_an_exemption_counts_when_it_is_sure(self, unless: Rule, exempt: bool) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(7), unless=unless))
        resting = deal("d", owner="ann")

        assert stale(resting, pipeline, as_of=on(9)).is_stale is not exempt
        assert evaluate(stale_rule(pipeline), resting.facts(pipeline), as_of=on(9)).answer is not exempt

    def test_without_activity_the_opening_counts(self) -> None:
        pipeline = sales(stale=StalePolicy("last_activity", stale_after=Days(7)))
        called = deal("b").record_activity("call", at=on(5)).state

        test = compile_rule(stale_rule(pipeline))

        assert [test(each.facts(pipeline), on(9)) for each in (deal("a"), called)] == [True, False]

    def test_a_stage_has_its_own_limit(self) -> None:
        pipeline = sales(stages=stages(demo=StalePolicy(stale_after=Days(30))), stale=WEEK)

        test = compile_rule(stale_rule(pipeline))

        assert [test(each.facts(pipeline), on(9)) for each in (deal("a"), deal("b", 0, (0, "demo")))] == [True, False]

    def test_knows_only_facts_of_opportunities(self) -> None:
        policy = StalePolicy("last_activity", Days(3), Days(7), unless=PLANNED | ~(field("owner") == "ann"))

        assert Opportunity.fact_schema.problems(stale_rule(sales(stale=policy), "warning")) == ()

    @pytest.mark.parametrize(
        "policy",
        [
            pytest.param(
                StalePolicy(
                    stale_after=timedelta(hours=8),
                    calendar=BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC),
                ),
                id="business time",
            ),
            pytest.param(
                StalePolicy(stale_after=Days(2), unless=children("lines").any(field("sku") == "x")), id="lines"
            ),
        ],
    )
    def test_says_what_no_rule_can_say(self, policy: StalePolicy) -> None:
        with pytest.raises(NotSupported, match="a rule about facts"):
            stale_rule(sales(stale=policy))

    def test_refuses_other_states(self) -> None:
        with pytest.raises(InvalidValue, match=r"stale_rule\.state"):
            stale_rule(sales(), "fresh")
