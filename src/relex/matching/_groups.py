"""Groups that grow by links, and refuse those that would break a rule.

Theory of operation. This is union-find: each group is a tree of records, found by its root. A root also keeps two small
tables: with which other roots it must never be one, and which identifiers its records hold. A link looks at the two
tables of its two roots only, so a refusal costs no more than a union. When two groups join, the smaller table is poured
into the larger one, so each of its rows moves at most log n times. The table of a record on its own is made when it is
asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from relex.matching._identifier_rules import IdentityRules, poured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relex.matching._assertions import NotSameAs
    from relex.matching._identifier_rules import Excess
    from relex.matching._pair import Pair

__all__ = ["Groups", "connected"]

_Values: TypeAlias = "dict[str, set[str]]"
_NOBODY: dict[int, NotSameAs] = {}


class Groups:
    """Disjoint groups of records, each record by its number.

    Args:
        count: How many records there are.
        rules: How many identifiers of a kind a group may have.
        values: The identifiers of one record that count, by kind.
    """

    def __init__(self, count: int, rules: IdentityRules, values: Callable[[int], _Values]) -> None:
        self._parent = list(range(count))
        self._size = [1] * count
        self._rules = rules
        self._values_of = values
        self._values: dict[int, _Values] = {}
        self._apart: dict[int, dict[int, NotSameAs]] = {}

    def keep_apart(self, one: int, other: int, said: NotSameAs) -> None:
        """Never put two records into one group; to be told before any link."""
        self._apart.setdefault(one, {})[other] = said
        self._apart.setdefault(other, {})[one] = said

    def join(self, one: int, other: int) -> NotSameAs | Excess | None:
        """Put two records into one group; what forbids it, or None."""
        a, b = self._root(one), self._root(other)
        if a == b:
            return None
        said = self._apart.get(a, _NOBODY).get(b)
        if said is not None:
            return said
        left, right = self._held(a), self._held(b)
        excess = self._rules.excess(left, right) if left and right else None
        if excess is None:
            self._unite(a, b, left, right)
        return excess

    def named(self, refs: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The groups by the refs of their records, in the order of the refs given."""
        found: dict[int, list[str]] = {}
        for number, ref in enumerate(refs):
            found.setdefault(self._root(number), []).append(ref)
        return tuple(map(tuple, found.values()))

    def _root(self, number: int) -> int:
        parent = self._parent
        while (above := parent[number]) != number:
            parent[number] = number = parent[above]
        return number

    def _held(self, root: int) -> _Values:
        """The identifiers of a group; those of a record on its own are read when they are first asked for."""
        found = self._values.get(root)
        if found is None:
            found = self._values_of(root)
            if found:
                self._values[root] = found
        return found

    def _unite(self, a: int, b: int, left: _Values, right: _Values) -> None:
        gone, root = (a, b) if self._weight(a) < self._weight(b) else (b, a)
        self._parent[gone] = root
        self._size[root] += self._size[gone]
        self._values.pop(gone, None)
        if left or right:
            self._values[root] = poured(left, right) if len(left) > len(right) else poured(right, left)
        for partner, said in self._apart.pop(gone, _NOBODY).items():
            del self._apart[partner][gone]
            self._apart[partner].setdefault(root, said)
            self._apart.setdefault(root, {}).setdefault(partner, said)

    def _weight(self, root: int) -> tuple[int, int]:
        """The root with more to move stays."""
        return (len(self._apart.get(root, _NOBODY)), self._size[root])


def connected(refs: Sequence[str], pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """The groups that pairs make of records, without any rule."""
    number = {ref: index for index, ref in enumerate(refs)}
    groups = Groups(len(refs), IdentityRules(), lambda _: {})
    for pair in pairs:
        groups.join(number[pair.a], number[pair.b])
    return groups.named(refs)
