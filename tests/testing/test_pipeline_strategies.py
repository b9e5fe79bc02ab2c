"""What the strategies of pipelines and deals draw."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from relex.changes import Change, Event, replay
from relex.errors import InvalidValue
from relex.pipeline import ContactRole, Opportunity, OpportunityStageChanged, Pipeline, Split, Stage
from relex.testing.strategies import (
    contact_roles,
    opportunities,
    opportunity_changes,
    opportunity_commands,
    opportunity_events,
    pipelines,
    splits,
    stages,
)

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SALES = Pipeline("sales", [Stage("new", 1, probability=5), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")])
lean = settings(max_examples=25)


@lean
@given(opportunity_changes(id="o1", pipeline=SALES, customer="c1", at=AT, min_size=3, max_size=5))
def test_a_history_is_one_deal_in_order(history: tuple[Change[Opportunity], ...]) -> None:
    events = [event for change in history for event in change.events]
    deal = history[-1].state

    assert (deal.id, deal.pipeline, deal.customer, deal.opened_at) == ("o1", "sales", "c1", AT)
    assert [change.expected for change in history] == [0, *[change.state.version for change in history[:-1]]]
    assert all(not later.at < earlier.at for earlier, later in pairwise(events))
    assert replay(Opportunity.evolve, events) == deal


@lean
@given(opportunities(pipeline=SALES, max_size=1), opportunity_commands(SALES))
def test_any_deal_takes_a_command(deal: Opportunity, command: Callable[[Opportunity], Change[Opportunity]]) -> None:
    assert deal.version <= 2
    assert command(deal).state.id == deal.id


@lean
@given(pipelines(id="p"), stages(id="s", kind="won"), contact_roles(contact="ann"), splits(kind="overlay"))
def test_parts_are_as_given(pipeline: Pipeline, stage: Stage, role: ContactRole, split: Split) -> None:
    assert (pipeline.id, stage.id, stage.kind, role.contact, split.kind) == ("p", "s", "won", "ann", "overlay")


@lean
@given(opportunity_events(OpportunityStageChanged), opportunity_events())
def test_events_are_of_the_class_that_is_asked_for(one: Event, other: Event) -> None:
    assert type(one) is OpportunityStageChanged
    assert isinstance(other, Event)


@pytest.mark.parametrize(
    ("make", "arguments", "path"),
    [
        (pipelines, {"id": ""}, "pipelines.id"),
        (stages, {"id": 3}, "stages.id"),
        (stages, {"kind": "closed"}, "stages.kind"),
        (contact_roles, {"contact": ""}, "contact_roles.contact"),
        (splits, {"kind": "other"}, "splits.kind"),
        (opportunities, {"id": 3}, "opportunity_changes.id"),
        (opportunity_changes, {"pipeline": "sales"}, "opportunity_changes.pipeline"),
        (opportunity_changes, {"customer": ""}, "opportunity_changes.customer"),
        (opportunity_changes, {"at": AT.date()}, "opportunity_changes.at"),
        (opportunity_changes, {"max_size": 0}, "opportunity_changes"),
        (opportunity_commands, {"pipeline": "sales"}, "opportunity_commands.pipeline"),
        (opportunity_events, {"kind": Event}, "opportunity_events.kind"),
    ],
)
def test_a_wrong_argument_is_refused_at_once(make: Any, arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        make(**arguments)
