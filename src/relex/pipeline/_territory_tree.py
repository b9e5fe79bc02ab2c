"""Whose an account is: a tree of territories, and on each of its branches the lowest that the account belongs to."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.assignment import AssignmentRule, Pool
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.parties._hierarchy import find_circle
from relex.pipeline._placements import Placement, decided
from relex.pipeline._territory import Territory
from relex.rules import AllOf, Rule, compile_rules, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from relex.pipeline._territory import TerritoryMembership
    from relex.rules import RuleSet

__all__ = ["TerritoryTree"]

_MANY = _checks.each(_checks.a(Territory))


def _sorted(given: Iterable[Territory]) -> tuple[Territory, ...]:
    found = _checks.items("TerritoryTree.territories", given)
    _MANY.require("TerritoryTree.territories", found)
    return tuple(sorted(found, key=lambda territory: territory.id))


@tagged("pipeline.TerritoryTree")
@attrs.frozen
class TerritoryTree:
    """Trees of territories, in whatever order they are given.

    An account matches a territory when the territory's own rule is True and so is every rule above it that is
    inherited; the other rules above it do not matter. Of the territories that match, those above another one are
    dropped.

    Attributes:
        territories: Sorted by id.
        version: Of the definition.

    Raises:
        InvalidValue: For two territories of one id, unknown parents and parents that run in a circle, all of them told
            at once.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.rules import field
        >>> world = TerritoryTree([
        ...     Territory("world", when=~field("country").is_missing(), inherited_by_children=True),
        ...     Territory("emea", "world", when=field("region") == "EMEA"),
        ...     Territory("dach", "emea", when=field("country").is_in("AT", "CH", "DE")),
        ... ])
        >>> print(world.territories_of({"id": "a1", "country": "DE"}, as_of=datetime(2026, 5, 4, tzinfo=timezone.utc)))
        a1: dach

    .. versionadded:: 0.1.0
    """

    territories: tuple[Territory, ...] = attrs.field(default=(), converter=_sorted)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        problems = tuple(_problems(self.territories))
        if problems:
            told = "; ".join([f"{problem.path}: {problem.expected}" for problem in problems])
            raise InvalidValue("TerritoryTree", problems, f"territories without mistakes ({told})")

    def territory(self, id: str) -> Territory:  # noqa: A002 - the field's name everywhere in relex
        """One territory.

        Raises:
            NotFound: For an id that is not among them.

        .. versionadded:: 0.1.0
        """
        found = self._by_id.get(id)
        if found is None:
            raise NotFound("Territory", id)
        return found

    def above(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """The territories above one, nearest first.

        Raises:
            NotFound: For an id that is not among them.

        .. versionadded:: 0.1.0
        """
        self.territory(id)
        return self._above[id]

    def rule(self, id: str) -> Rule:  # noqa: A002 - as above
        """All that has to be True of the accounts of a territory: inherited rules from the top down, then its own.

        Raises:
            NotFound: For an id that is not among them.

        .. versionadded:: 0.1.0
        """
        inherited = [self._by_id[other] for other in reversed(self.above(id))]
        rules = [each.when for each in inherited if each.inherited_by_children and each.when is not None]
        own = self.territory(id).when
        parts = [*rules, own] if own is not None else rules
        return parts[0] if len(parts) == 1 else AllOf(*parts)

    def territories_of(
        self,
        account: Any,
        memberships: Iterable[TerritoryMembership] = (),
        *,
        as_of: datetime,
        known_at: datetime | None = None,
    ) -> Placement:
        """Where an account belongs as of an instant: by rank, then by id.

        What somebody decided by hand wins over the rules: a territory that the account is included in stays whatever
        matches below it, and one that it is excluded from counts as if it did not match. Entries about other accounts,
        and about territories that are not here (any more), change nothing.

        Args:
            account: Facts with an `id`, or an object with `facts()`.
            memberships: What was decided by hand, in any order.
            as_of: Only what had been decided by then counts; aware.
            known_at: Only what was recorded by then, inclusive; None is everything.

        Raises:
            Conflict: For one id of an entry with two contents.
            InvalidValue: For a naive instant, an account without facts, entries given for an account without an id, or
                something else than entries.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("TerritoryTree.territories_of.as_of", as_of)
        facts = _facts(account)
        hand = decided(facts.get("id"), memberships, as_of, known_at)
        by_rule = {self.territories[number].id for number in self._rules.matching(facts, as_of)} - {
            territory for territory, entry in hand.items() if entry.status != "by_rule"
        }
        included = {each for each, entry in hand.items() if entry.status == "included" and each in self._by_id}
        covered = {other for each in by_rule | included for other in self._above[each]}
        found = sorted([*(by_rule - covered), *included], key=lambda each: (self._by_id[each].rank, each))
        return Placement(account=facts.get("id"), territories=tuple(found), as_of=as_of, asked=(self, facts, hand))

    def pool(self, id: str) -> Pool:  # noqa: A002 - as above
        """The owners of a territory as a pool, whose turns belong to the territory.

        Raises:
            NotFound: For an id that is not among them.

        .. versionadded:: 0.1.0
        """
        return Pool(f"territory:{id}", self.territory(id).owners)

    def assignment_rules(
        self, strategy: str = "round_robin", *, fact: str = "territory", order: int = 0
    ) -> tuple[AssignmentRule, ...]:
        """One rule for each territory that has owners: items of the territory go to them.

        Args:
            strategy: As of `AssignmentRule`; any that needs a pool and nothing else.
            fact: Which fact of an item holds the id of its territory.
            order: Of the rules among others.

        Raises:
            InvalidValue: For a wrong strategy.

        Example:
            >>> from relex.pipeline import Territory
            >>> rules = TerritoryTree([Territory("dach", owners=["ana", "bo"])]).assignment_rules()
            >>> print(rules[0].name, rules[0].pool.members)
            dach ('ana', 'bo')

        .. versionadded:: 0.1.0
        """
        return tuple(
            [
                AssignmentRule(each.id, field(fact) == each.id, self.pool(each.id), strategy, order=order)
                for each in self.territories
                if each.owners
            ]
        )

    def to_mermaid(self) -> str:
        """The trees as a Mermaid flowchart, each territory with its owners.

        Example:
            >>> print(TerritoryTree([Territory("dach", "emea", owners=["ana"]), Territory("emea")]).to_mermaid())
            flowchart TD
                t0["dach: ana"]
                t1["emea"]
                t1 --> t0

        .. versionadded:: 0.1.0
        """
        places = {each.id: f"t{place}" for place, each in enumerate(self.territories)}
        lines = [f'    {places[each.id]}["{_label(each)}"]' for each in self.territories]
        lines += [
            f"    {places[each.parent]} --> {places[each.id]}" for each in self.territories if each.parent is not None
        ]
        return "\n".join(["flowchart TD", *lines])

    def __str__(self) -> str:
        return f"{len(self.territories)} territories, version {self.version}"

    @cached_property
    def _by_id(self) -> dict[str, Territory]:
        return {each.id: each for each in self.territories}

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return {each.id: tuple(self._climbed(each)) for each in self.territories}

    def _climbed(self, territory: Territory) -> Iterator[str]:
        parent = territory.parent
        while parent is not None:
            yield parent
            parent = self._by_id[parent].parent

    @cached_property
    def _rules(self) -> RuleSet:
        return compile_rules([self.rule(each.id) for each in self.territories])


def _facts(account: Any) -> dict[str, Any]:
    found = account.facts() if hasattr(account, "facts") else account
    try:
        return dict(found)  # kept for the verdicts, whatever becomes of the caller's
    except (TypeError, ValueError):
        raise InvalidValue(
            "TerritoryTree.territories_of.account", account, "a mapping of facts, or an object with facts()"
        ) from None


def _problems(territories: tuple[Territory, ...]) -> Iterator[InvalidValue]:
    counts = Counter(each.id for each in territories)
    for id, count in counts.items():  # noqa: A001 - as above
        if count > 1:
            yield InvalidValue(f"territories[{id}].id", id, f"each id once, {id} is there {count} times")
    for each in territories:
        if each.parent is not None and each.parent not in counts:
            yield InvalidValue(f"territories[{each.id}].parent", each.parent, f"a territory, {each.parent} is none")
    parents = {each.id: each.parent if each.parent in counts else None for each in territories}
    while (circle := find_circle(parents)) is not None:
        yield InvalidValue(f"territories[{circle[0]}].parent", circle, f"no circle, there is {' -> '.join(circle)}")
        parents.update(dict.fromkeys(circle))


def _label(territory: Territory) -> str:
    told = territory.name or territory.id
    whose = f"{told}: {', '.join(territory.owners)}" if territory.owners else told
    return " ".join(whose.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").split())
