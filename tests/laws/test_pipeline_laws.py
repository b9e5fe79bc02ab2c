"""Laws of deals: replay, silence of what changes nothing, closing by kind, one answer of a gate for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.changes import Change, Event, replay
from relex.codec import decode, encode
from relex.errors import Rejected
from relex.pipeline import Opportunity, Pipeline, Stage, StageEntry
from relex.testing.strategies import opportunity_changes, opportunity_commands, pipelines

History = tuple[Change[Opportunity], ...]

lean = settings(max_examples=60)


def _events(history: History) -> list[Event]:
    return [event for change in history for event in change.events]


@lean
@given(opportunity_changes(min_size=4, max_size=10))
def test_folding_the_events_gives_every_state(history: History) -> None:
    events = _events(history)

    for change in history:
        assert replay(Opportunity.evolve, events[: change.state.version]) == change.state
        assert change.state.history == tuple(events[: change.state.version])
    assert decode(encode(history[-1].state), Opportunity) == history[-1].state
    assert repr(Opportunity(events)) == repr(history[-1].state)


@st.composite
def _with_commands(draw: st.DrawFn) -> tuple[Opportunity, list[Any]]:
    pipeline = draw(pipelines())
    history = draw(opportunity_changes(pipeline=pipeline, max_size=6))
    return history[-1].state, draw(st.lists(opportunity_commands(pipeline), min_size=1, max_size=4))


@lean
@given(_with_commands())
def test_a_command_that_changes_nothing_says_nothing(drawn: tuple[Opportunity, list[Any]]) -> None:
    state, commands = drawn

    for command in commands:
        change = command(state)
        facts, before = change.state.facts(), state.facts()
        assert change.events or change.state is state
        assert change.events or facts == before
        state = change.state


@lean
@given(opportunity_changes(min_size=4, max_size=10))
def test_stays_add_to_the_age_of_the_deal(history: History) -> None:
    deal = history[-1].state
    entries = [event.at for event in deal.history if isinstance(event, StageEntry)]
    ends = [at.astimezone(UTC) for at in (*entries[1:], deal.changed_at)]

    assert sum([end - at for at, end in zip(entries, ends, strict=True)], timedelta(0)) == ends[-1] - deal.opened_at
    assert deal.stage_entered_at == entries[-1]


@lean
@given(opportunity_changes(min_size=4, max_size=10))
def test_what_is_over_is_over_by_its_kind(history: History) -> None:
    events = _events(history)

    for count in range(1, len(events) + 1):
        deal = Opportunity(events[:count])
        is_over = deal.kind != "open"
        assert (deal.closed_at is not None) == is_over
        assert (deal.category() == "closed") == (deal.kind == "won")
        assert (deal.category() == "omitted") == (deal.kind == "lost")
        if is_over:
            assert deal.probability() == {"won": 100, "lost": 0}[deal.kind]
        assert (deal.contact is not None) == bool(deal.contacts)


@st.composite
def _at_a_gate(draw: st.DrawFn) -> tuple[Pipeline, Opportunity, datetime]:
    pipeline = draw(pipelines())
    history = draw(opportunity_changes(pipeline=pipeline, max_size=5))
    deal = history[-1].state
    return pipeline, deal, deal.changed_at


@lean
@given(_at_a_gate())
def test_a_question_and_a_move_give_one_answer(drawn: tuple[Pipeline, Opportunity, datetime]) -> None:
    pipeline, deal, at = drawn

    for stage in pipeline.stages:
        found = pipeline.check(deal, stage.id, as_of=at)

        assert (found.reason, found.unmet) == _refusal(pipeline, deal, stage, at)


def _refusal(pipeline: Pipeline, deal: Opportunity, stage: Stage, at: datetime) -> tuple[str | None, Any]:
    """Why a move is refused, and the requirements that it tells."""
    reason, *_ = [known.code for known in pipeline.lost_reasons] or ["price"]
    said: dict[str, Any] = {"reason": reason, "note": "as they said"} if stage.kind == "lost" else {}
    try:
        change = deal.move_to(stage.id, pipeline, at=at, **said)
    except Rejected as refused:
        return refused.reason, refused.unmet
    return (None if change.state.stage == stage.id else "elsewhere"), ()


@lean
@given(opportunity_changes(min_size=3, max_size=8), st.data())
def test_the_past_does_not_know_what_comes(history: History, data: st.DataObject) -> None:
    deal = history[-1].state
    at = data.draw(st.sampled_from([event.at for event in deal.history]))
    count = sum([event.at.astimezone(UTC) <= at.astimezone(UTC) for event in deal.history])

    assert deal.as_of(at) == Opportunity(deal.history[:count])
    assert deal.as_of(deal.opened_at.astimezone(UTC) - timedelta(microseconds=1)) is None


@lean
@given(pipelines())
def test_a_pipeline_is_the_same_after_a_journey(pipeline: Pipeline) -> None:
    again = decode(encode(pipeline), Pipeline)

    assert again == pipeline
    assert again.to_mermaid() == pipeline.to_mermaid()
    assert all(pipeline.passage(stage.id, stage.id).requirements == () for stage in pipeline.stages)
