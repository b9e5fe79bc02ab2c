"""Laws of what is asked of deals: times add up, nothing sees the future, order does not matter, filters agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
from pipeline_deals import on, sales, usd

from relex._instants import moment
from relex.calendars import BusinessCalendar, Days, Period
from relex.errors import Rejected
from relex.pipeline import (
    Opportunity,
    Stage,
    StalePolicy,
    ageing,
    average_size,
    by_fact,
    cohort_conversion,
    coverage,
    first_contacts,
    funnel,
    furthest,
    health_report,
    losses,
    reached,
    sales_cycle,
    slippage,
    slipped,
    stage_durations,
    stale,
    stale_rule,
    time_in_stage,
    velocity,
    win_rate,
)
from relex.rules import AllOf, AnyOf, AtLeast, Rule, compile_rule, field
from relex.testing import strategies

lean = settings(max_examples=60, deadline=None)
PIPELINE = sales()
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
ZONES = st.sampled_from((UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Ho_Chi_Minh")))

instants = st.integers(0, 24 * 120).map(lambda hours: on(hours / 24))
dates = st.integers(0, 150).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
stages = st.sampled_from(("new", "demo", "offer", "won", "lost"))
steps = st.one_of(
    st.tuples(st.just("move_to"), stages),
    st.tuples(st.just("change_amount"), st.integers(0, 500).map(usd)),
    st.tuples(st.just("change_close_date"), st.none() | dates),
    st.tuples(st.just("reassign"), st.sampled_from(("ann", "bob", None))),
    st.tuples(st.just("record_activity"), st.just("call")),
    st.tuples(st.just("snooze"), st.none() | dates),
    st.tuples(st.just("reopen"), st.none()),
)


@st.composite
def deals(draw: st.DrawFn, name: str = "d") -> Opportunity:
    at = draw(instants)
    known = {"amount": draw(st.none() | st.integers(0, 500).map(usd)), "expected_close": draw(st.none() | dates)}
    state, _ = Opportunity.open(name, PIPELINE, at=at, owner=draw(st.sampled_from(("ann", None))), **known)
    for verb, argument in draw(st.lists(steps, max_size=6)):
        at += timedelta(hours=draw(st.integers(0, 24 * 20)))
        state = given_step(state, verb, argument, at)
    return state


def given_step(state: Opportunity, verb: str, argument: Any, at: datetime) -> Opportunity:
    try:
        if verb == "move_to":
            return state.move_to(argument, PIPELINE, at=at, reason="price").state
        if verb == "reopen":
            return state.reopen(PIPELINE, at=at).state
        if verb == "snooze":
            return state.snooze(argument, at=at, reason="holiday").state
        return getattr(state, verb)(argument, at=at).state
    except Rejected:
        return state


@st.composite
def many(draw: st.DrawFn) -> list[Opportunity]:
    return [draw(deals(name=f"d{number}")) for number in range(draw(st.integers(0, 5)))]


def answers(found: list[Opportunity], as_of: datetime) -> list[object]:
    """Everything that is asked of many deals."""
    told: list[object] = [win_rate(found, as_of=as_of, by=by, of=of) for by in ("count", "amount") for of in OF]
    told += [funnel(found, PIPELINE, as_of=as_of, by=by) for by in ("reached", "entered")]
    told += [
        sales_cycle(found, as_of=as_of, of=of, counted=how) for of in ("won", "lost") for how in ("dates", "exact")
    ]
    told += [losses(found, as_of=as_of, by=by) for by in ("reason", "competitor", "stage")]
    told += [
        average_size(found, as_of=as_of, of="closed"),
        velocity(found, as_of=as_of),
        coverage(found, usd(1_000), as_of=as_of),
        ageing(found, as_of=as_of),
        stage_durations(found, PIPELINE, as_of=as_of),
        stage_durations(found, PIPELINE, as_of=as_of, present="include"),
        cohort_conversion(first_contacts(found, as_of=as_of), as_of=as_of, days=10),
        by_fact(found, "owner", partial(win_rate, as_of=as_of), as_of=as_of),
        health_report(found, PIPELINE, as_of=as_of),
    ]
    return told if as_of < on(1) else [*told, slipped(found, QUARTER, as_of=as_of)]


OF = ("closed", "created", "cohort")


@given(strategies.opportunities(), st.timedeltas(timedelta(0), timedelta(400)))
@lean
def test_times_in_stages_add_up_to_the_age(opportunity: Opportunity, more: timedelta) -> None:
    as_of = opportunity.changed_at.astimezone(UTC) + more
    end = as_of if opportunity.closed_at is None else opportunity.closed_at

    found = time_in_stage(opportunity, as_of=as_of)

    assert found.total == moment(end) - moment(opportunity.opened_at)
    assert sum((time for _, time in found.times), timedelta(0)) == found.total
    always = time_in_stage(opportunity, as_of=as_of, calendar=BusinessCalendar.always(UTC))
    assert always.times == found.times


@given(many(), instants)
@lean
def test_nothing_sees_the_future(found: list[Opportunity], as_of: datetime) -> None:
    histories = [[event for event in deal.history if event.at <= as_of] for deal in found]
    then = [Opportunity(history) for history in histories if history]

    assert answers(found, as_of) == answers(then, as_of)
    for deal, known in zip([each for each in found if each.opened_at <= as_of], then, strict=True):
        assert time_in_stage(deal, as_of=as_of) == time_in_stage(known, as_of=as_of)
        assert slippage(deal, as_of=as_of) == slippage(known, as_of=as_of)


@given(many(), instants, st.randoms(use_true_random=False))
@lean
def test_order_does_not_matter(found: list[Opportunity], as_of: datetime, chance: Any) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert answers(shuffled, as_of) == answers(found, as_of)


@given(many(), instants)
@lean
def test_a_funnel_never_widens(found: list[Opportunity], as_of: datetime) -> None:
    came = funnel(found, PIPELINE, as_of=as_of)
    was = funnel(found, PIPELINE, as_of=as_of, by="entered")

    assert list(came.counts) == sorted(came.counts, reverse=True)
    assert all(entered <= reached for entered, reached in zip(was.counts, came.counts, strict=True))
    assert all(count <= came.deals for count in came.counts)


@given(many(), instants)
@lean
def test_a_funnel_counts_what_was_reached(found: list[Opportunity], as_of: datetime) -> None:
    there = [deal for deal in found if deal.opened_at <= as_of]

    for step in funnel(found, PIPELINE, as_of=as_of).steps[:-1]:
        assert step.count == sum(reached(deal, step.stage, PIPELINE, as_of=as_of) for deal in there)


@given(deals(), instants)
@lean
def test_the_furthest_stage_was_reached_and_none_beyond(deal: Opportunity, as_of: datetime) -> None:
    if deal.opened_at > as_of or deal.as_of(as_of).kind == "won":  # type: ignore[union-attr]
        return
    top = furthest(deal, PIPELINE, as_of=as_of)

    assert top is not None
    assert [stage.id for stage in PIPELINE.open_stages if reached(deal, stage.id, PIPELINE, as_of=as_of)] == [
        stage.id for stage in PIPELINE.open_stages if stage.order <= top.order
    ]


@given(many(), instants)
@lean
def test_groups_are_a_partition(found: list[Opportunity], as_of: datetime) -> None:
    whole = win_rate(found, as_of=as_of, of="created")
    groups = by_fact(found, "owner", partial(win_rate, as_of=as_of, of="created"), as_of=as_of).groups

    for part in ("won", "lost", "open"):
        assert sum(group.figure.part(part) for group in groups) == whole.part(part)  # type: ignore[misc]


@given(many(), instants)
@lean
def test_stage_durations_lose_no_time(found: list[Opportunity], as_of: datetime) -> None:
    durations = stage_durations(found, PIPELINE, as_of=as_of, present="include")
    each = [time_in_stage(deal, as_of=as_of) for deal in found if deal.opened_at <= as_of]

    for stage in durations.stages:
        assert sum(stage.times, timedelta(0)) == sum((times.of(stage.stage) for times in each), timedelta(0))


@given(many(), instants.filter(lambda at: at >= on(0)))
@lean
def test_every_expected_deal_has_one_fate(found: list[Opportunity], as_of: datetime) -> None:
    share = slipped(found, QUARTER, as_of=as_of).share

    assert sum(count for _, count in share.parts) == share.denominator  # type: ignore[misc]


leaves = st.sampled_from(
    (
        field("owner") == "ann",
        field("next_step_due").after(days=0),
        field("amount") > 250,
        field("expected_close").is_missing(),
        ~(field("owner") == "bob"),
    )
)
exemptions: st.SearchStrategy[Rule] = st.recursive(
    leaves,
    lambda rules: st.one_of(
        rules.map(lambda rule: ~rule),
        st.builds(AllOf, rules, rules),
        st.builds(AnyOf, rules, rules),
        st.builds(AtLeast, st.integers(0, 2), rules, rules),
    ),
    max_leaves=5,
)
limits = st.none() | st.integers(1, 30).map(Days)


@st.composite
def policies(draw: st.DrawFn) -> StalePolicy:
    warn, end = draw(limits), draw(limits)
    if warn is not None and end is not None and warn.n > end.n:
        warn, end = end, warn
    since = draw(st.sampled_from(("stage_entry", "last_activity", "opened")))
    return StalePolicy(since, warn, end, unless=draw(st.none() | exemptions))


@given(deals(), st.none() | policies(), st.none() | policies(), st.integers(0, 40), ZONES)
@settings(max_examples=150, deadline=None)
def test_the_object_and_the_filter_agree(
    deal: Opportunity, own: StalePolicy | None, usual: StalePolicy | None, days: int, zone: Any
) -> None:
    stages = [with_policy(stage, own) if stage.id == "demo" else stage for stage in PIPELINE.stages]
    pipeline = sales(stages=stages, stale=usual)
    as_of = (deal.changed_at + timedelta(days=days)).astimezone(zone)

    state = stale(deal, pipeline, as_of=as_of, tz=zone).state

    for asked in ("warning", "stale"):
        test = compile_rule(stale_rule(pipeline, asked))
        assert test(deal.facts(pipeline), as_of) is (state == asked)


def with_policy(stage: Stage, policy: StalePolicy | None) -> Stage:
    return Stage(stage.id, stage.order, probability=stage.probability, stale=policy)
