"""Who of a pool could get an item, and why the others could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex.assignment._answers import candidate_of
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from relex.assignment._answers import Candidate
    from relex.assignment._desk import Desk, Stand
    from relex.rules import Predicate, Rule

__all__ = ["Judged", "Wishes", "judged"]


class Judged(NamedTuple):
    """What was found of the members of a pool.

    Attributes:
        candidates: Each member with what failed.
        among: Those between whom the strategy chooses.
        preferring: The ids of these, where they are the ones that prefer the item.
    """

    candidates: tuple[Candidate, ...]
    among: tuple[Stand, ...]
    preferring: tuple[str, ...]


class Wishes:
    """What the members of a pool accept and prefer: each rule once, however many share it."""

    __slots__ = ("_accepted", "_preferred")

    def __init__(self, stands: Iterable[Stand]) -> None:
        self._accepted: dict[Rule, Predicate] = {}
        self._preferred: dict[Rule, Predicate] = {}
        for person in [stand.assignee for stand in stands]:
            if person.accepts is not None and person.accepts not in self._accepted:
                self._accepted[person.accepts] = compile_rule(person.accepts)
            if person.prefers is not None and person.prefers not in self._preferred:
                self._preferred[person.prefers] = compile_rule(person.prefers)

    def of(self, facts: Mapping[str, Any], at: datetime) -> tuple[frozenset[Rule], frozenset[Rule]]:
        """Of an item: which rules about what is accepted are False, and which about what is preferred are True."""
        refused = [rule for rule, test in self._accepted.items() if test(facts, at) is False]
        wanted = [rule for rule, test in self._preferred.items() if test(facts, at) is True]
        return frozenset(refused), frozenset(wanted)


def judged(
    desk: Desk,
    members: Sequence[str],
    look_ahead: Sequence[timedelta],
    wishes: tuple[Collection[Rule], Collection[Rule]],
    chosen: Collection[str],
) -> Judged:
    """Each member with what failed, and those between whom the strategy chooses.

    Args:
        desk: Where the assignees stand.
        members: In the order of their pool.
        look_ahead: Steps within which they may become available.
        wishes: What `Wishes` tells of the item.
        chosen: Who has the item already.
    """
    refused, wanted = wishes
    known = [(member, desk.stand(member)) for member in members]
    stands = [stand for _, stand in known if stand is not None]
    failed = {stand.id: _failed(stand, refused, chosen) for stand in stands}
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
    preferring = [stand for stand in fit if wanted and stand.assignee.prefers in wanted]
    return Judged(tuple(candidates), tuple(preferring or fit), tuple([stand.id for stand in preferring]))


def _failed(stand: Stand, refused: Collection[Rule], chosen: Collection[str]) -> tuple[str, ...]:
    """What keeps somebody from getting this item, but for the time at which they are available."""
    failed = stand.failed
    if refused and stand.assignee.accepts in refused:
        failed = (*failed, "refuses")
    return (*failed, "chosen") if stand.id in chosen else failed


def _reach(look_ahead: Sequence[timedelta], leads: Sequence[timedelta]) -> timedelta:
    """The first step within which anybody becomes available; the last one where nobody does."""
    soonest = min(leads, default=look_ahead[-1])
    return next((step for step in look_ahead if soonest <= step), look_ahead[-1])
