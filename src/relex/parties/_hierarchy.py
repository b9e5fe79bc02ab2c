"""Who belongs to whom: the tree of parties out of their dated parents, or of people out of those they report to.

Theory of operation. A hierarchy keeps all ties of the past, the present and the future, and looks at them from `as_of`:
an entry of last year can be counted under the parent of last year (`roll_up`), and `at` gives the tree of any other day
without loading anything. Every walk is a loop and no recursion, and visits a node once, so a tree may be 100,000 levels
deep.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from relex import _checks
from relex.calendars import Period
from relex.errors import InvalidValue, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["MOST_ROWS", "Hierarchy", "Tie", "current", "find_circle", "indent", "living", "more"]

MOST_ROWS = 1000
"""How many rows a table in a notebook has at most."""

_INDENT = 1.2  # em for each level
_DEEPEST_INDENT = 20
_STRETCH = _checks.Check(
    "a Period of instants, or None",
    lambda value: value is None or (isinstance(value, Period) and isinstance(value.start, datetime)),
)


class _Aliases(Protocol):
    """What tells who somebody is now, such as `relex.customers.Aliases`."""

    def current(self, id: str, /) -> str: ...  # noqa: A002 - the field's name everywhere in relex


def living(path: str, customers: Iterable[Any]) -> list[Any]:
    """The customers that were not merged into another one."""
    return [each for each in _checks.items(path, customers) if getattr(each, "merged_into", None) is None]


def current(id: str, aliases: _Aliases | None) -> str:  # noqa: A002 - the field's name everywhere in relex
    """Who a customer is now."""
    return id if aliases is None else aliases.current(id)


@attrs.frozen
class Tie:
    """One party below another, for a time.

    Attributes:
        child: Id of the lower one.
        parent: Id of the upper one.
        valid: When, in instants; None is always.

    .. versionadded:: 0.1.0
    """

    child: str = attrs.field(validator=_checks.text)
    parent: str = attrs.field(validator=_checks.text)
    valid: Period | None = attrs.field(default=None, validator=_STRETCH)

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant.

        .. versionadded:: 0.1.0
        """
        return self.valid is None or at in self.valid


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("Hierarchy.ids", ids)
    _checks.each(_checks.text).require("Hierarchy.ids", found)
    return tuple(sorted(set(found)))


def _ties(ties: Iterable[Tie]) -> tuple[Tie, ...]:
    found = _checks.items("Hierarchy.ties", ties)
    _checks.each(_checks.a(Tie)).require("Hierarchy.ties", found)
    return tuple(dict.fromkeys(found))


@attrs.frozen
class Hierarchy:
    """Parties above and below each other as of an instant.

    Who stands above somebody without having been given is part of it too, so a half-loaded tree keeps its shape.

    Attributes:
        ids: Of the parties given; sorted.
        ties: Who is below whom, and when.
        as_of: The instant at which one looks; aware.

    Raises:
        InvalidValue: For two parents at `as_of`, or parents in a circle, with the circle as the value.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> group = Hierarchy(["group", "shop", "stall"], [Tie("shop", "group"), Tie("stall", "shop")], as_of=day)
        >>> group.path("stall"), group.depth("stall"), group.children("group")
        (('group', 'shop', 'stall'), 2, ('shop',))

    .. versionadded:: 0.1.0
    """

    ids: tuple[str, ...] = attrs.field(converter=_ids)
    ties: tuple[Tie, ...] = attrs.field(default=(), converter=_ties)
    as_of: datetime = attrs.field(kw_only=True, validator=_checks.instant)

    def __attrs_post_init__(self) -> None:
        """Check that it is a tree, or several."""
        circle = find_circle(self._parents)
        if circle is not None:
            raise InvalidValue("Hierarchy", circle, "parents that do not go round in a circle")

    @classmethod
    def of(
        cls, customers: Iterable[Any], *, as_of: datetime, kind: str = "parent", aliases: _Aliases | None = None
    ) -> Hierarchy:
        """The hierarchy that the relationships of customers make.

        Args:
            customers: Each with an `id` and `relationships`; those that were merged into another are left out.
            as_of: The instant at which one looks.
            kind: The kind of relationship that points to the one above.
            aliases: Who was merged into whom; what pointed to the merged one then points to the survivor.

        Raises:
            InvalidValue: For a naive `as_of`, two parents at that instant, or parents in a circle.

        Example:
            >>> from datetime import datetime, timezone
            >>> from types import SimpleNamespace
            >>> from relex.parties import Relationship
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> shop = SimpleNamespace(id="shop", relationships=(Relationship("parent", "group"),))
            >>> Hierarchy.of([shop], as_of=day).root("shop")
            'group'

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Hierarchy.of.as_of", as_of)
        given = living("Hierarchy.of.customers", customers)
        ties = [
            Tie(each.id, above, tie.valid)
            for each in given
            for tie in each.relationships
            if tie.kind == kind and (above := current(tie.to, aliases)) != each.id
        ]
        return cls([each.id for each in given], ties, as_of=as_of)

    def at(self, as_of: datetime) -> Hierarchy:
        """The same ties, seen from another instant.

        Raises:
            InvalidValue: For a naive datetime, or where they are no tree at that instant.

        .. versionadded:: 0.1.0
        """
        return Hierarchy(self.ids, self.ties, as_of=as_of)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids of all that are in it, each above what is below it, else sorted."""
        return self._order

    @property
    def roots(self) -> tuple[str, ...]:
        """Ids of those that have nothing above them, sorted."""
        return tuple([node for node, parent in sorted(self._parents.items()) if parent is None])

    def parent(self, id: str) -> str | None:  # noqa: A002 - the field's name everywhere in relex
        """What stands directly above; None for a root.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        if id not in self._parents:
            raise NotFound("node of the hierarchy", id)
        return self._parents[id]

    def children(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """What stands directly below, sorted.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        self.parent(id)
        return self._children.get(id, ())

    def path(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """From the root down to the id itself.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        found, above = [id], self.parent(id)
        while above is not None:
            found.append(above)
            above = self._parents[above]
        return tuple(reversed(found))

    def root(self, id: str) -> str:  # noqa: A002 - as above
        """What stands at the top; the id itself where nothing stands above it.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        return self.path(id)[0]

    def depth(self, id: str) -> int:  # noqa: A002 - as above
        """How many stand above it: 0 for a root.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        self.parent(id)
        return self._depths[id]

    def below(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """All that stand below it at any depth, each above what is below it.

        Raises:
            NotFound: For an id that is not in the hierarchy.

        .. versionadded:: 0.1.0
        """
        self.parent(id)
        return _downward([id], self._children)[1:]

    def to_mermaid(self) -> str:
        """The tree as a Mermaid flowchart.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> print(Hierarchy(["shop"], [Tie("shop", "group")], as_of=day).to_mermaid())
            flowchart TD
                n0["group"]
                n1["shop"]
                n0 --> n1

        .. versionadded:: 0.1.0
        """
        numbers = {node: number for number, node in enumerate(self._order)}
        lines = [f'    n{number}["{_label(node)}"]' for node, number in numbers.items()]
        lines += [f"    n{numbers[above]} --> n{numbers[node]}" for node, above in self._above()]
        return "\n".join(["flowchart TD", *lines])

    def above_at(self, at: datetime) -> Callable[[str], str | None]:
        """A function that gives the parent of a node at an instant, without looking at the whole tree."""
        if at is self.as_of:
            return self._parents.get
        return lambda node: _parent_of(node, self._ties_of.get(node, ()), at)

    def __str__(self) -> str:
        return f"{len(self._order)} in {len(self.roots)} trees as of {self.as_of.isoformat()}"

    def _repr_html_(self) -> str:
        """One row for each, indented by its depth; at most 1000."""
        rows = "".join(
            f'<tr><td style="padding-left:{indent(self._depths[node])}em">{escape(node)}</td></tr>'
            for node in self._order[:MOST_ROWS]
        )
        return f"<table><caption>{escape(str(self))}</caption>{rows}{more(len(self._order), 1)}</table>"

    def _above(self) -> list[tuple[str, str]]:
        """(node, parent) pairs of all that have a parent, from the top down."""
        return [(node, above) for node in self._order if (above := self._parents[node]) is not None]

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        known = {*self.ids, *(tie.child for tie in self.ties), *(tie.parent for tie in self.ties)}
        return {node: _parent_of(node, self._ties_of.get(node, ()), self.as_of) for node in sorted(known)}

    @cached_property
    def _ties_of(self) -> dict[str, list[Tie]]:
        found: dict[str, list[Tie]] = {}
        for tie in self.ties:
            found.setdefault(tie.child, []).append(tie)
        return found

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for node, parent in sorted(self._parents.items()):
            if parent is not None:
                found.setdefault(parent, []).append(node)
        return {node: tuple(below) for node, below in found.items()}

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return _downward(self.roots, self._children)

    @cached_property
    def _depths(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for node in self._order:
            above = self._parents[node]
            found[node] = 0 if above is None else found[above] + 1
        return found


def _parent_of(node: str, ties: Iterable[Tie], at: datetime) -> str | None:
    found = sorted({tie.parent for tie in ties if tie.holds(at)})
    if len(found) > 1:
        raise InvalidValue(f"Hierarchy.ties[{node!r}]", tuple(found), "at most one parent at an instant")
    return found[0] if found else None


def find_circle(parents: Mapping[str, str | None]) -> tuple[str, ...] | None:
    """The first circle, from its smallest id round to that id again; None in a tree."""
    walks: dict[str, int] = {}
    for walk, start in enumerate(parents):
        node: str | None = start
        while node is not None and node not in walks:
            walks[node] = walk
            node = parents[node]
        if node is not None and walks[node] == walk:
            return _circle(node, parents)
    return None


def _circle(start: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    found, node = [start], parents[start]
    while node is not None and node != start:
        found.append(node)
        node = parents[node]
    first = found.index(min(found))
    return (*found[first:], *found[:first], found[first])


def _downward(starts: Iterable[str], children: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Depth first, what is above before what is below."""
    found, waiting = [], list(starts)[::-1]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += children.get(node, ())[::-1]
    return tuple(found)


def _label(text: str) -> str:
    """Text that Mermaid shows as it is, whatever is in it."""
    return "".join(letter if letter.isalnum() or letter in " -_." else f"#{ord(letter)};" for letter in text)


def indent(depth: int) -> str:
    """Left padding of a row, in em."""
    return f"{_INDENT * min(depth, _DEEPEST_INDENT):.1f}"


def more(count: int, columns: int) -> str:
    """The last row of a table that does not show everything."""
    hidden = count - MOST_ROWS
    return f'<tr><td colspan="{columns}">and {hidden} more</td></tr>' if hidden > 0 else ""
