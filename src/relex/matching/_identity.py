"""Who somebody is, one event at a time: profiles that hold identifiers and grow together through those they share.

Theory of operation. An event shows some identifiers together. Every profile that holds one of them is found. None:
a profile is made. One: it takes the others. Several: they become one, the oldest. Where that would give a profile more
identifiers of a kind than the rules allow, the event gives up its least important identifier and all begins again with
the rest, until it fits or nothing is left. So a shared e-mail address cannot tie two user ids together.

A graph is a value. `identify` gives a new one that shares nearly everything with the one before, so graphs can be kept,
compared and tried on cheaply. It may also be made of just those stored profiles that hold one of the identifiers of an
event, and gives back the profiles to store.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex._persistent import PersistentMap
from relex.errors import InvalidValue
from relex.matching._entries import once
from relex.matching._identifier_rules import IdentityRules
from relex.matching._identity_fit import fitting
from relex.matching._identity_profile import IdentityProfile, age, in_order, listed
from relex.parties import Identifier, Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Identified", "IdentityGraph", "Sighting", "identify"]

_IDENTIFIERS = _checks.each(_checks.a(Identifier))


@runtime_checkable
class Sighting(Protocol):
    """An entry that shows identifiers of one party together: a `Record`, or something of your own.

    .. versionadded:: 0.1.0
    """

    @property
    def id(self) -> str:
        """Of the entry."""
        ...

    @property
    def at(self) -> datetime:
        """When they were seen; aware."""
        ...

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Those that were seen."""
        ...


@attrs.frozen(repr=False)
class IdentityGraph:
    """All profiles, and which of them holds an identifier.

    Attributes:
        rules: Limits, priorities and blocked values.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> seen = identify(IdentityGraph(), [Identifier("cookie", "a1"), Identifier("email", "x@example.org")], day)
        >>> print(seen.graph.holder(Identifier("email", "x@example.org")))
        p1: cookie a1, email x@example.org

    .. versionadded:: 0.1.0
    """

    rules: IdentityRules = attrs.field(factory=IdentityRules, validator=_checks.a(IdentityRules))
    _made: int = attrs.field(default=0)
    _profiles: PersistentMap[str, IdentityProfile | str] = attrs.field(factory=PersistentMap)
    _holders: PersistentMap[Identifier, str] = attrs.field(factory=PersistentMap)

    @classmethod
    def of(cls, profiles: Iterable[IdentityProfile], rules: IdentityRules | None = None) -> IdentityGraph:
        """The graph of stored profiles: of all, or of those that hold an identifier of the next event.

        Raises:
            InvalidValue: For two profiles of one id, or an identifier that two of them hold.

        .. versionadded:: 0.1.0
        """
        given = _checks.items("IdentityGraph.profiles", profiles)
        _checks.each(_checks.a(IdentityProfile)).require("IdentityGraph.profiles", given)
        _checks.unique("id").require("IdentityGraph.profiles", given)
        holders: dict[Identifier, str] = {}
        for profile in given:
            for found in profile.identifiers:
                if holders.setdefault(found, profile.id) != profile.id:
                    raise InvalidValue("IdentityGraph.profiles", found, f"an identifier of {holders[found]} alone")
        kept = PersistentMap.of((profile.id, profile) for profile in given)
        return cls(rules or IdentityRules(), len(given), kept, PersistentMap.of(holders.items()))

    @classmethod
    def replay(cls, entries: Iterable[Record | Sighting], rules: IdentityRules | None = None) -> IdentityGraph:
        """The graph after all entries, told in the order of their instants and ids; the order given does not matter.

        Args:
            entries: Records, or other entries with `id`, `at` and `identifiers`; the same one may come twice.
            rules: Limits, priorities and blocked values.

        Raises:
            Conflict: For one id with two contents.
            InvalidValue: For something that is no such entry.

        .. versionadded:: 0.1.0
        """
        graph = cls(rules or IdentityRules())
        for entry in sorted(
            once("IdentityGraph.replay", entries, Record, Sighting), key=lambda entry: (moment(entry.at), entry.id)
        ):
            graph = identify(graph, entry.identifiers, entry.at).graph
        return graph

    @property
    def profiles(self) -> tuple[IdentityProfile, ...]:
        """Those that were not merged into others, oldest first."""
        live = [found for _, found in self._profiles.items() if isinstance(found, IdentityProfile)]
        return tuple(sorted(live, key=age))

    def holder(self, identifier: Identifier) -> IdentityProfile | None:
        """The profile that holds an identifier."""
        found = self._holders.get(identifier)
        return None if found is None else self.profile(found)

    def profile(self, id: str) -> IdentityProfile | None:  # noqa: A002 - the field's name everywhere in relex
        """The profile of an id, or the one that it was merged into; None for an unknown id."""
        found = self._profiles.get(id)
        while isinstance(found, str):
            found = self._profiles.get(found)
        return found

    def __str__(self) -> str:
        return "\n".join(map(str, self.profiles))

    def __repr__(self) -> str:
        return f"<IdentityGraph: {len(self.profiles):,} profiles>"


_GRAPH = _checks.a(IdentityGraph)


@attrs.frozen(kw_only=True)
class Identified:
    """What an event did.

    Attributes:
        graph: The graph after it.
        outcome: `created`, `added` (to one profile), `merged` (several became one), or `none`.
        profile: The profile that now holds the identifiers; None for `none`.
        merged: Ids of the profiles that went into it, sorted.
        attached: Identifiers that it did not hold before, sorted.
        demoted: Identifiers that were given up, the first first.
        blocked: Identifiers whose values mean nothing, sorted.

    .. versionadded:: 0.1.0
    """

    graph: IdentityGraph
    outcome: str
    profile: IdentityProfile | None = None
    merged: tuple[str, ...] = ()
    attached: tuple[Identifier, ...] = ()
    demoted: tuple[Identifier, ...] = ()
    blocked: tuple[Identifier, ...] = ()

    def __str__(self) -> str:
        said = [self.outcome if self.profile is None else f"{self.outcome} {self.profile.id}"]
        said += [f"from {', '.join(self.merged)}"] if self.merged else []
        named = (("with", self.attached), ("without", self.demoted), ("blocked", self.blocked))
        return ", ".join(said + [f"{word} {listed(found)}" for word, found in named if found])


def identify(
    graph: IdentityGraph,
    identifiers: Iterable[Identifier],
    at: datetime,
    *,
    id: str | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> Identified:
    """Tell a graph that some identifiers were seen together.

    Args:
        graph: Of all profiles, or of those that hold one of the identifiers.
        identifiers: In any order.
        at: When they were seen; aware.
        id: Of the profile that may be made; by default `p` and the number of profiles ever made, the new one included.

    Raises:
        InvalidValue: For something else than identifiers, a naive instant, or the id of another profile.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> jane = Identifier("email", "jane@example.com")
        >>> first = identify(IdentityGraph(), [Identifier("user_id", "abc123"), jane], day)
        >>> print(identify(first.graph, [Identifier("user_id", "abc456"), jane], day))
        created p2, with user_id abc456, without email jane@example.com

    .. versionadded:: 0.1.0
    """
    _GRAPH.require("identify.graph", graph)
    _checks.instant.require("identify.at", at)
    given = _checks.items("identify.identifiers", identifiers)
    _IDENTIFIERS.require("identify.identifiers", given)
    blocked = {found for found in given if graph.rules.blocks(found.value)}
    kept, demoted, holders = fitting(graph.rules, set(given) - blocked, graph.holder, at)
    told = Identified(graph=graph, outcome="none", demoted=tuple(demoted), blocked=in_order(blocked))
    return _attached(told, holders, set(kept), at, id) if kept else told


def _attached(
    told: Identified,
    holders: list[IdentityProfile],
    new: set[Identifier],
    at: datetime,
    id: str | None,  # noqa: A002 - the field's name everywhere in relex
) -> Identified:
    """The event, whose identifiers are now those of the oldest holder, with all that the others hold."""
    into = holders[0] if holders else _fresh(told.graph, id, at)
    held = dict(chain(*(profile.seen for profile in holders)))
    attached = in_order(new - held.keys())
    for identifier in new:
        known = held.get(identifier)
        held[identifier] = at if known is None or is_before(known, at) else known
    profile = into.holding(held)
    gone = holders[1:]
    moved = [*attached, *(identifier for other in gone for identifier in other.identifiers)]
    return Identified(
        graph=_kept(told.graph, profile, gone, moved, is_new=not holders),
        outcome=("created", "added", "merged")[min(len(holders), 2)],
        profile=profile,
        merged=tuple(sorted(other.id for other in gone)),
        attached=attached,
        demoted=told.demoted,
        blocked=told.blocked,
    )


def _fresh(graph: IdentityGraph, id: str | None, at: datetime) -> IdentityProfile:  # noqa: A002 - as above
    made = f"p{graph._made + 1}" if id is None else id  # noqa: SLF001 - the same module
    if graph.profile(made) is not None:
        raise InvalidValue("identify.id", made, "an id that no profile has")
    return IdentityProfile(made, at)


def _kept(
    graph: IdentityGraph,
    profile: IdentityProfile,
    gone: Iterable[IdentityProfile],
    moved: Iterable[Identifier],
    *,
    is_new: bool,
) -> IdentityGraph:
    """The graph with a profile that holds what has moved to it, and in place of others."""
    profiles = graph._profiles.put(profile.id, profile)  # noqa: SLF001 - the same module
    for other in gone:
        profiles = profiles.put(other.id, profile.id)
    holders = graph._holders  # noqa: SLF001 - the same module
    for identifier in moved:
        holders = holders.put(identifier, profile.id)
    return IdentityGraph(graph.rules, graph._made + is_new, profiles, holders)  # noqa: SLF001 - the same module
