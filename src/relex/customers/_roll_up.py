"""Sums up a tree: what each party has itself, what is below it, and both together.

Theory of operation. Values are laid on nodes and walked up from the leaves: each node gives what it has, with all that
was given to it, to the node above. Under `as-was` this is done for each stretch of time in which no parent changes, for
the nodes that have entries then and for those above them. No node is visited twice in a stretch, and an entry reaches
each node above it exactly once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks
from relex._instants import moment
from relex.customers._combining import HOWS, Combined, check_values, combined, joined
from relex.errors import Conflict, InvalidValue, NotFound
from relex.figures import Figure, Number
from relex.parties._hierarchy import MOST_ROWS, Hierarchy, find_circle, indent, more

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["DatedValue", "RollUp", "RolledUp", "roll_up"]

_STRUCTURES = ("as-was", "as-of")


@attrs.frozen
class DatedValue:
    """An entry that is counted under a party: a sale, a contact, a deal.

    Attributes:
        id: Of the entry; the same entry given twice counts once.
        of: Id of the party.
        at: When; aware.
        value: An int, Decimal, Fraction or Money.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    of: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    value: Number


@attrs.frozen(kw_only=True)
class RolledUp:
    """What was rolled up to one node.

    Attributes:
        id: Of the party.
        own: Of its own values; None where it has none.
        below: Of the values of all below it.
        total: Of both.
        own_count: How many values made `own`.
        below_count: How many values made `below`.

    .. versionadded:: 0.1.0
    """

    id: str
    own: Number | None
    below: Number | None
    total: Number | None
    own_count: int
    below_count: int

    @property
    def count(self) -> int:
        """How many values made the total."""
        return self.own_count + self.below_count

    def __str__(self) -> str:
        return f"{self.id}: {self.total} (own {self.own}, below {self.below}; {self.count} counted)"


@attrs.frozen(kw_only=True)
class RollUp:
    """What `roll_up` gives: a line for every node, from the top down.

    Attributes:
        nodes: One for each node of the hierarchy, each above what is below it.
        how: How values were combined.
        structure: Of dated entries, under which tree each was counted; None for values without dates.
        hierarchy: What they were rolled up.
        total: Of all values in the hierarchy, each of them once; None for no value.
        count: How many values that is.
        outside: Ids that have values and are not in the hierarchy, sorted.
        later: How many entries lie after `as_of` and do not count.

    .. versionadded:: 0.1.0
    """

    nodes: tuple[RolledUp, ...]
    how: str
    structure: str | None
    hierarchy: Hierarchy
    total: Number | None
    count: int
    outside: tuple[str, ...] = ()
    later: int = 0

    def __getitem__(self, id: str) -> RolledUp:  # noqa: A002 - the field's name everywhere in relex
        if id not in self._by_id:
            raise NotFound("node of the hierarchy", id)
        return self._by_id[id]

    def figure(self, id: str) -> Figure:  # noqa: A002 - as above
        """The total of a node as a figure.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        node = self[id]
        return Figure(
            node.total,
            parts={"own": node.own, "below": node.below, "count": node.count},
            method=f"roll-up: {self.how}",
            parameters={"node": id, "structure": self.structure},
            as_of=self.hierarchy.as_of,
            reason="no_data" if node.total is None else None,
        )

    def __str__(self) -> str:
        notes = [f"{self.how} of {self.count} values: {self.total}"]
        notes += [f"{len(self.outside)} ids outside the hierarchy"] * bool(self.outside)
        notes += [f"{self.later} after the instant"] * bool(self.later)
        return "; ".join(notes)

    def _repr_html_(self) -> str:
        """One row for each node, indented by its depth; at most 1000."""
        rows = "".join(
            f'<tr><td style="padding-left:{indent(self.hierarchy.depth(node.id))}em">{escape(node.id)}</td>'
            f"<td>{_cell(node.own)}</td><td>{_cell(node.below)}</td><td>{_cell(node.total)}</td>"
            f"<td>{node.count}</td></tr>"
            for node in self.nodes[:MOST_ROWS]
        )
        head = "<tr><th></th><th>own</th><th>below</th><th>total</th><th>counted</th></tr>"
        return f"<table><caption>{escape(str(self))}</caption>{head}{rows}{more(len(self.nodes), 5)}</table>"

    @cached_property
    def _by_id(self) -> dict[str, RolledUp]:
        return {node.id: node for node in self.nodes}


def roll_up(
    values: Mapping[str, Number] | Iterable[DatedValue],
    hierarchy: Hierarchy,
    how: str = "total",
    *,
    structure: str = "as-was",
) -> RollUp:
    """Own, below and total of every node.

    Args:
        values: A value for each party, by id; or dated entries.
        hierarchy: Who is above whom; entries after its `as_of` do not count.
        how: `total`, `largest`, `smallest`, or `count` (how many values there are).
        structure: Of dated entries: `as-was` counts each under the tree of its own instant, so history stays with the
            old parent; `as-of` counts all under the tree of `as_of`.

    Raises:
        CurrencyMismatch: For money in two currencies.
        InvalidValue: For another `how` or `structure`, a float, money beside plain numbers, or a circle of parents at
            the instant of an entry.
        Conflict: For two entries of one id with different contents.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.customers import Hierarchy, Tie
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> group = Hierarchy(["group", "shop"], [Tie("shop", "group")], as_of=day)
        >>> print(roll_up({"group": 100, "shop": 50}, group)["group"])
        group: 150 (own 100, below 50; 2 counted)

    .. versionadded:: 0.1.0
    """
    _checks.a(Hierarchy).require("roll_up.hierarchy", hierarchy)
    _checks.one_of(*HOWS).require("roll_up.how", how)
    _checks.one_of(*_STRUCTURES).require("roll_up.structure", structure)
    if isinstance(values, Mapping):
        plain: Mapping[Any, Any] = values
        check_values("roll_up.values", plain.items())
        laid = {id: [value] for id, value in plain.items()}  # noqa: A001 - as everywhere
        return _rolled(hierarchy, how, None, [(laid, hierarchy.as_of)], 0)
    entries = _entries(values)
    check_values("roll_up.values", ((entry.id, entry.value) for entry in entries))
    seen = [entry for entry in entries if moment(entry.at) <= moment(hierarchy.as_of)]
    stretches = _stretches(seen, hierarchy) if structure == "as-was" else [(_laid(seen), hierarchy.as_of)]
    return _rolled(hierarchy, how, structure, stretches, len(entries) - len(seen))


_Laid: TypeAlias = dict[str, list[Number]]


def _entries(values: Iterable[DatedValue]) -> list[DatedValue]:
    """Each entry once."""
    found: dict[str, DatedValue] = {}
    for entry in _checks.items("roll_up.values", values):
        _checks.a(DatedValue).require("roll_up.values", entry)
        other = found.setdefault(entry.id, entry)
        if other != entry:
            raise Conflict(entry.id, other, entry)
    return list(found.values())


def _laid(entries: Iterable[DatedValue]) -> _Laid:
    found: _Laid = {}
    for entry in entries:
        found.setdefault(entry.of, []).append(entry.value)
    return found


def _stretches(entries: list[DatedValue], hierarchy: Hierarchy) -> list[tuple[_Laid, datetime]]:
    """The entries of each stretch of time in which no parent changes, with an instant inside it."""
    ends = {end for tie in hierarchy.ties if tie.valid for end in (tie.valid.start, tie.valid.end) if end is not None}
    changes = sorted({moment(end) for end in ends})  # type: ignore[arg-type]  # the ends of a tie are instants
    found: dict[int, list[DatedValue]] = {}
    for entry in entries:
        found.setdefault(bisect_right(changes, moment(entry.at)), []).append(entry)
    return [(_laid(group), group[0].at) for _, group in sorted(found.items())]


def _rolled(
    hierarchy: Hierarchy, how: str, structure: str | None, stretches: list[tuple[_Laid, datetime]], later: int
) -> RollUp:
    known = set(hierarchy.nodes)
    own: dict[str, Combined] = {}
    below: dict[str, Combined] = {}
    whole = Combined()
    for laid, at in stretches:
        inside = {id: combined(values, how) for id, values in laid.items() if id in known}  # noqa: A001 - as everywhere
        _climb(inside, hierarchy.above_at(at), how, below)
        for node, part in inside.items():
            own[node] = joined(own.get(node, Combined()), part, how)
            whole = joined(whole, part, how)
    nothing = combined((), how)
    return RollUp(
        nodes=tuple([_line(node, own.get(node, nothing), below.get(node, nothing), how) for node in hierarchy.nodes]),
        how=how,
        structure=structure,
        hierarchy=hierarchy,
        total=joined(nothing, whole, how).value,
        count=whole.count,
        outside=tuple(sorted({node for laid, _ in stretches for node in laid if node not in known})),
        later=later,
    )


def _climb(
    own: Mapping[str, Combined], above: Callable[[str], str | None], how: str, below: dict[str, Combined]
) -> None:
    """Give what nodes have to all above them, leaves first."""
    parents = _upward(own, above)
    waiting = dict.fromkeys(parents, 0)
    for parent in parents.values():
        if parent is not None:
            waiting[parent] += 1
    ready = [node for node, count in waiting.items() if not count]
    given: dict[str, Combined] = {}
    while ready:
        node = ready.pop()
        parent = parents[node]
        if parent is None:
            continue
        part = joined(own.get(node, Combined()), given.get(node, Combined()), how)
        given[parent] = joined(given.get(parent, Combined()), part, how)
        waiting[parent] -= 1
        if not waiting[parent]:
            ready.append(parent)
    for node, part in given.items():
        below[node] = joined(below.get(node, Combined()), part, how)


def _upward(nodes: Iterable[str], above: Callable[[str], str | None]) -> dict[str, str | None]:
    """The nodes and all above them, each with its parent."""
    found: dict[str, str | None] = {}
    for start in nodes:
        node: str | None = start
        while node is not None and node not in found:
            parent = above(node)
            found[node] = parent
            node = parent
    circle = find_circle(found)
    if circle is not None:
        raise InvalidValue("Hierarchy", circle, "parents that go round in no circle at the instant of any entry")
    return found


def _line(node: str, own: Combined, below: Combined, how: str) -> RolledUp:
    return RolledUp(
        id=node,
        own=own.value,
        below=below.value,
        total=joined(own, below, how).value,
        own_count=own.count,
        below_count=below.count,
    )


def _cell(value: Number | None) -> str:
    return "" if value is None else escape(str(value))
