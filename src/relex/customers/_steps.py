"""What each event changes in a customer that is already there; the only place that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.customers._events import (
    AttributesCleared,
    AttributesSet,
    CustomerRenamed,
    IdentifierAdded,
    IdentifierRemoved,
    OwnerChanged,
    StageChanged,
    TagsChanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event
    from relex.customers._customer import Customer

__all__ = ["CHANGES"]


def _renamed(_: Customer, event: CustomerRenamed) -> dict[str, Any]:
    return {"name": event.name}


def _with_identifier(state: Customer, event: IdentifierAdded) -> dict[str, Any]:
    return {"identifiers": tuple(sorted({*state.identifiers, event.identifier}))}


def _without_identifier(state: Customer, event: IdentifierRemoved) -> dict[str, Any]:
    return {"identifiers": tuple([found for found in state.identifiers if found != event.identifier])}


def _retagged(state: Customer, event: TagsChanged) -> dict[str, Any]:
    return {"tags": tuple(sorted({*state.tags, *event.added}.difference(event.removed)))}


def _assigned(_: Customer, event: OwnerChanged) -> dict[str, Any]:
    return {"owner": event.owner}


def _staged(state: Customer, event: StageChanged) -> dict[str, Any]:
    stages = (*state.stages, (event.stage, event.at))
    return {"stage": event.stage, "furthest_stage": event.furthest_stage, "stages": stages}


def _attributed(state: Customer, event: AttributesSet) -> dict[str, Any]:
    values = dict(state.attributes) | dict(event.values)
    cleared = tuple([name for name in state.cleared if name not in values])
    return {"attributes": tuple(sorted(values.items(), key=_name)), "cleared": cleared}


def _emptied(state: Customer, event: AttributesCleared) -> dict[str, Any]:
    values = tuple([(name, value) for name, value in state.attributes if name not in event.names])
    return {"attributes": values, "cleared": tuple(sorted({*state.cleared, *event.names}))}


def _name(pair: tuple[str, object]) -> str:
    return pair[0]


CHANGES: dict[type[Event], Callable[[Any, Any], dict[str, Any]]] = {
    CustomerRenamed: _renamed,
    IdentifierAdded: _with_identifier,
    IdentifierRemoved: _without_identifier,
    TagsChanged: _retagged,
    OwnerChanged: _assigned,
    StageChanged: _staged,
    AttributesSet: _attributed,
    AttributesCleared: _emptied,
}
