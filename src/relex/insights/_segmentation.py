"""Segments side by side: an ordered partition in which everyone is in exactly one, and who is in two free segments."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.insights import _html
from relex.insights._given import listed, mapped
from relex.insights._segments import Members, Segment, Snapshot, wanted
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from relex.rules import Facts

__all__ = ["Overlap", "Partition", "Segmentation", "overlaps"]

_MEMBERS = _checks.each(_checks.a(Members, Snapshot))
_SEGMENTS = _checks.each(_checks.a(Segment))


def _segments(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    return listed("Segmentation.segments", segments)


@attrs.frozen
class Overlap:
    """Two segments and how many customers are in both.

    .. versionadded:: 0.1.0
    """

    one: str
    other: str
    customers: int


def overlaps(*members: Members | Snapshot) -> tuple[Overlap, ...]:
    """How many customers each two segments share, in the order given; pairs that share nobody too.

    Raises:
        InvalidValue: For something else than members, or two of one name.

    Example:
        >>> from relex.rules import field
        >>> facts = {"ann": {"n": 5}, "bob": {"n": 2}}
        >>> overlaps(*(Segment(f"from {n}", field("n") >= n).members(facts) for n in (1, 2, 3)))[1]
        Overlap(one='from 1', other='from 3', customers=1)

    .. versionadded:: 0.1.0
    """
    _MEMBERS.require("overlaps.members", members)
    if len({found.segment for found in members}) != len(members):
        raise InvalidValue("overlaps.members", [found.segment for found in members], "each segment once")
    sets = [(found.segment, frozenset(found)) for found in members]
    return tuple(Overlap(one, other, len(ours & theirs)) for (one, ours), (other, theirs) in combinations(sets, 2))


@tagged("insights.Segmentation")
@attrs.frozen
class Segmentation:
    """Segments in order: everyone is in the first whose rule answers True, and else in the default.

    Attributes:
        segments: Each name once; none with a `stay`, since a partition has no memory.
        default: The name for everyone else; no segment has it.
        name: Of the whole, and of the fact that it gives.
        version: Rises with each change.

    Raises:
        InvalidValue: For a name twice, no segment, or one with a `stay`.

    Example:
        >>> from relex.rules import field
        >>> big, some = Segment("big", field("n") >= 5), Segment("some", field("n") >= 1)
        >>> sizes = Segmentation([big, some], "none", name="size")
        >>> sizes.partition({"ann": {"n": 9}, "bob": {"n": 0}}).facts()
        {'ann': {'size': 'big'}, 'bob': {'size': 'none'}}

    .. versionadded:: 0.1.0
    """

    segments: tuple[Segment, ...] = attrs.field(converter=_segments, validator=_SEGMENTS)
    default: str = attrs.field(validator=_checks.text)
    name: str = attrs.field(default="segmentation", kw_only=True, validator=_checks.text)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        names = self.names
        if not self.segments or len(set(names)) != len(names):
            raise InvalidValue("Segmentation.segments", names, "at least one segment, and each name once")
        if staying := [segment.name for segment in self.segments if segment.stay is not None]:
            raise InvalidValue("Segmentation.segments", staying, "segments without a stay: a partition has no memory")

    @property
    def names(self) -> tuple[str, ...]:
        """The names in their order, the default last."""
        return (*(segment.name for segment in self.segments), self.default)

    def partition(self, facts: Mapping[str, Facts], as_of: date | datetime | None = None) -> Partition:
        """Everyone in exactly one segment; one that cannot be judged is passed over, and it is said for whom.

        Args:
            facts: The facts of each customer, by id.
            as_of: What rules about time windows measure from.

        Raises:
            InvalidValue: For facts that are no mappings by id, or a naive `as_of`.
        """
        mapped("Segmentation.partition.facts", facts)
        tests = [(segment, compile_rule(segment.rule)) for segment in self.segments]
        groups: dict[str, list[str]] = {name: [] for name in self.names}
        passed: list[tuple[str, str, tuple[str, ...]]] = []
        for customer in sorted(facts):
            own = facts[customer]
            for segment, test in tests:
                answer = test(own, as_of)
                if answer:
                    groups[segment.name].append(customer)
                    break
                if answer is None:
                    passed.append((customer, segment.name, wanted(segment.verdict(own, as_of))))
            else:
                groups[self.default].append(customer)
        found = tuple((name, tuple(members)) for name, members in groups.items())
        return Partition(
            segmentation=self.name, version=self.version, as_of=as_of, groups=found, undecided=tuple(passed)
        )

    def overlaps(self, facts: Mapping[str, Facts], as_of: date | datetime | None = None) -> tuple[Overlap, ...]:
        """How many customers each two segments would share without the order: what the order decides."""
        return overlaps(*(segment.members(facts, as_of) for segment in self.segments))


@attrs.frozen(kw_only=True)
class Partition:
    """Everyone in exactly one segment, as of an instant.

    Attributes:
        segmentation: The name.
        version: Of the segmentation.
        as_of: What time windows were measured from.
        groups: (segment, ids) in the order of the segmentation, the default last, empty ones too.
        undecided: (id, segment, facts) where a segment was passed over for want of facts.

    .. versionadded:: 0.1.0
    """

    segmentation: str
    version: int
    as_of: date | datetime | None
    groups: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(repr=False)
    undecided: tuple[tuple[str, str, tuple[str, ...]], ...] = attrs.field(repr=False)

    @cached_property
    def _index(self) -> dict[str, str]:
        return {customer: name for name, members in self.groups for customer in members}

    def segment(self, customer: str) -> str | None:
        """The segment of a customer; None for one who was not judged."""
        return self._index.get(customer)

    def members(self, segment: str) -> tuple[str, ...]:
        """Ids of the customers in a segment.

        Raises:
            NotFound: For a segment that the partition does not have.
        """
        for name, members in self.groups:
            if name == segment:
                return members
        raise NotFound("segment", segment)

    def facts(self) -> dict[str, dict[str, Any]]:
        """The segment of every customer, by id, as a fact with the name of the segmentation."""
        return {customer: {self.segmentation: name} for customer, name in sorted(self._index.items())}

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {len(members):,}" for name, members in self.groups)
        return f"Partition by {self.segmentation}: {counts}"

    def _repr_html_(self) -> str:
        rows = [(name, len(members)) for name, members in self.groups]
        table = _html.table(f"Partition by {self.segmentation}", ("Segment", "Customers"), rows)
        passed = f"Passed over for want of facts: {len(self.undecided):,} times." if self.undecided else ""
        return table + (_html.note(passed) if passed else "")
