"""A map that is never changed: putting a key gives another map, which shares all but one branch with this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

__all__ = ["PersistentMap"]

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")

_BITS = 5
_BRANCHES = 1 << _BITS
_LEAF = 32
_DEEPEST = 60  # as many bits as every hash has


@attrs.frozen(slots=True, repr=False)
class PersistentMap(Generic[K, V]):
    """A trie by the bits of the hash, whose leaves are dicts of up to 32 keys."""

    _root: Any = attrs.field(factory=dict)

    @classmethod
    def of(cls, items: Iterable[tuple[K, V]]) -> PersistentMap[K, V]:
        """The map of some items; later ones win."""
        root: Any = {}
        for key, value in items:
            root = _put(root, key, value, hash(key), 0)
        return cls(root)

    def __reduce__(self) -> tuple[Any, ...]:
        """Build it anew elsewhere, where the hash of a text is another one."""
        return (PersistentMap.of, (tuple(self.items()),))

    def get(self, key: K) -> V | None:
        """The value of a key, if there is one."""
        node, code = self._root, hash(key)
        while type(node) is tuple:
            node = node[code & (_BRANCHES - 1)]
            code >>= _BITS
        found: V | None = node.get(key)
        return found

    def put(self, key: K, value: V) -> PersistentMap[K, V]:
        """The same map with another value of a key."""
        return PersistentMap(_put(self._root, key, value, hash(key), 0))

    def drop(self, key: K) -> PersistentMap[K, V]:
        """The same map without a key that it has."""
        return PersistentMap(_drop(self._root, key, hash(key)))

    def items(self) -> Iterator[tuple[K, V]]:
        """All keys and values, in no order that means anything."""
        return _walk(self._root)


def _put(node: Any, key: Any, value: Any, code: int, depth: int) -> Any:
    if type(node) is tuple:
        branches = list(node)
        spot = code & (_BRANCHES - 1)
        branches[spot] = _put(node[spot], key, value, code >> _BITS, depth + _BITS)
        return tuple(branches)
    grown = {**node, key: value}
    return grown if len(grown) <= _LEAF or depth >= _DEEPEST else _split(grown, depth)


def _drop(node: Any, key: Any, code: int) -> Any:
    if type(node) is tuple:
        branches = list(node)
        spot = code & (_BRANCHES - 1)
        branches[spot] = _drop(node[spot], key, code >> _BITS)
        return tuple(branches)
    return {other: value for other, value in node.items() if other != key}


def _split(leaf: dict[Any, Any], depth: int) -> Any:
    branches: list[dict[Any, Any]] = [{} for _ in range(_BRANCHES)]
    for key, value in leaf.items():
        branches[hash(key) >> depth & (_BRANCHES - 1)][key] = value
    return tuple(
        _split(branch, depth + _BITS) if len(branch) > _LEAF and depth + _BITS < _DEEPEST else branch
        for branch in branches
    )


def _walk(node: Any) -> Iterator[tuple[Any, Any]]:
    if type(node) is tuple:
        for branch in node:
            yield from _walk(branch)
    else:
        yield from node.items()
