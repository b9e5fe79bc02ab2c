"""Who of a pool could get an item, and why the others could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from relex.assignment._answers import candidate_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import timedelta

    from relex.assignment._answers import Candidate
    from relex.assignment._desk import Desk, Stand

__all__ = ["Judged", "judged"]

Judged: TypeAlias = "tuple[tuple[Candidate, ...], list[Stand]]"


def judged(
    desk: Desk,
    members: Sequence[str],
    look_ahead: Sequence[timedelta],
    facts: Mapping[str, Any],
    chosen: Collection[str],
) -> Judged:
    """Each member with what failed, and those of whom nothing did.

    Args:
        desk: Where the assignees stand.
        members: In the order of their pool.
        look_ahead: Steps within which they may become available.
        facts: Of the item.
        chosen: Who has the item already.
    """
    known = [(member, desk.stand(member)) for member in members]
    stands = [stand for _, stand in known if stand is not None]
    failed = {stand.id: _failed(stand, facts, desk, chosen) for stand in stands}
    reach = _reach(look_ahead, [stand.lead for stand in stands if stand.lead is not None and not failed[stand.id]])
    candidates: list[Candidate] = []
    fit: list[Stand] = []
    for member, stand in known:
        if stand is None:
            candidates.append(candidate_of(member, ("unknown",)))
            continue
        found = failed[member]
        if stand.lead is None or stand.lead > reach:
            found = (*found, "unavailable")
        candidates.append(stand.candidate if found == stand.failed else candidate_of(member, found))
        if not found:
            fit.append(stand)
    return tuple(candidates), fit


def _failed(stand: Stand, facts: Mapping[str, Any], desk: Desk, chosen: Collection[str]) -> tuple[str, ...]:
    """What keeps somebody from getting this item, but for the time at which they are available."""
    failed = stand.failed
    refuses = stand.assignee.refuses
    if refuses is not None and refuses(facts, desk.at) is False:
        failed = (*failed, "refuses")
    return (*failed, "chosen") if stand.id in chosen else failed


def _reach(look_ahead: Sequence[timedelta], leads: Sequence[timedelta]) -> timedelta:
    """The first step within which anybody becomes available; the last one where nobody does."""
    soonest = min(leads, default=look_ahead[-1])
    return next((step for step in look_ahead if soonest <= step), look_ahead[-1])
