"""Which identifiers of an event fit: the least important ones are given up one after another until the rest does.

Theory of operation. The values of all profiles that an event touches, and of its identifiers, are counted once, by
kind. Giving up an identifier takes it out of the count, and a profile leaves with the last of its identifiers; only the
kinds that this touches are looked at again. So an event of thousands of identifiers costs little more than to read it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeVar

from relex.matching._identity_profile import age

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from relex.matching._identifier_rules import IdentityRules
    from relex.matching._identity_profile import IdentityProfile
    from relex.parties import Identifier

__all__ = ["fitting"]

T = TypeVar("T")


def fitting(
    rules: IdentityRules,
    identifiers: Iterable[Identifier],
    holder: Callable[[Identifier], IdentityProfile | None],
    at: datetime,
) -> tuple[list[Identifier], list[Identifier], list[IdentityProfile]]:
    """What is kept, what is given up in turn, and the profiles that hold what is kept, oldest first."""
    kept = sorted(identifiers, key=rules.rank)
    demoted: list[Identifier] = []
    held = {each: found for each in kept if (found := holder(each)) is not None}
    holders = {profile.id: profile for profile in held.values()}
    shown = Counter(profile.id for profile in held.values())
    union = _Union(rules)
    for each in kept:
        union.add(rules.counted([(each, at)], at))
    for profile in holders.values():
        union.add(rules.counted(profile.seen, at))
    while union.is_too_large:
        demoted.append(kept.pop())
        union.remove(rules.counted([(demoted[-1], at)], at))
        known = held.get(demoted[-1])
        if known is not None:
            shown[known.id] -= 1
            if not shown[known.id]:
                union.remove(rules.counted(holders.pop(known.id).seen, at))
    return kept, demoted, sorted(holders.values(), key=age)


class _Union:
    """The values of some parts by kind, and the kinds of which there are too many.

    What a part has too often by itself does not count against a union that makes it no worse.
    """

    def __init__(self, rules: IdentityRules) -> None:
        self._rules = rules
        self._values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._sizes: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._too_many: set[str] = set()

    @property
    def is_too_large(self) -> bool:
        return bool(self._too_many)

    def add(self, part: Mapping[str, set[str]], by: int = 1) -> None:
        for kind, values in part.items():
            for value in values:
                _step(self._values[kind], value, by)
            _step(self._sizes[kind], len(values), by)
            self._judge(kind)

    def remove(self, part: Mapping[str, set[str]]) -> None:
        self.add(part, -1)

    def _judge(self, kind: str) -> None:
        most = max(self._rules.limit(kind), *self._sizes[kind], 0)
        if len(self._values[kind]) > most:
            self._too_many.add(kind)
        else:
            self._too_many.discard(kind)


def _step(counts: Counter[T], key: T, by: int) -> None:
    counts[key] += by
    if not counts[key]:
        del counts[key]
