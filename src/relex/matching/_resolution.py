"""Which records are of one party, with every link, refusal and open question that led there."""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import NotFound
from relex.matching._assertions import NotSameAs
from relex.matching._groups import connected
from relex.matching._resolution_html import resolution_html

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from relex.matching._assertions import SameAs
    from relex.matching._blocks import SkippedBlock
    from relex.matching._pair import Pair
    from relex.parties import Record

__all__ = ["Refused", "Resolution", "Why", "open_questions", "strongest_first", "told"]


@attrs.frozen(kw_only=True)
class Refused:
    """A link that would have put together what must stay apart.

    Attributes:
        pair: The link.
        reason: `not-same` (an assertion keeps two records of the two groups apart), `unique` (the groups have two
            values of a unique identifier) or `limit` (together they have too many identifiers of a kind).
        assertion: That of `not-same`.
        kind: Of the identifiers, for the other reasons.
        limit: How many of the kind one party may have.
        values: Those that the two groups have together, sorted; of many the first 20.

    .. versionadded:: 0.1.0
    """

    pair: Pair
    reason: str
    assertion: NotSameAs | None = None
    kind: str | None = None
    limit: int | None = None
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{told(self.pair)} is refused, {self.because}"

    @property
    def because(self) -> str:
        """The reason in words."""
        if self.assertion is not None:
            said = self.assertion
            why = f": {said.reason}" if said.reason is not None else ""
            return f"since {said.by} said on {said.at:%Y-%m-%d} that {said.a} and {said.b} are not the same{why}"
        return f"since one party may have {self.limit} {self.kind} and not {', '.join(self.values)}"


@attrs.frozen(kw_only=True)
class Why:
    """Why two records are in one group, or are not.

    Attributes:
        a: The one record.
        b: The other.
        together: Whether they are in one group.
        path: The fewest links that lead from the one to the other; of several ways the one whose weakest link is the
            strongest.
        refused: Where they are apart, the links between their groups that were refused, strongest first.
        review: Where they are apart, the pairs of their groups that people have to decide, strongest first.

    .. versionadded:: 0.1.0
    """

    a: str
    b: str
    together: bool
    path: tuple[Pair, ...] = ()
    refused: tuple[Refused, ...] = ()
    review: tuple[Pair, ...] = ()

    def __str__(self) -> str:
        if self.together:
            return f"{self.a} and {self.b} are together" + "".join(f"\n  {told(pair)}" for pair in self.path)
        open_ = [f"\n  {told(pair)} is still to be decided" for pair in self.review]
        reasons = [f"\n  {refusal}" for refusal in self.refused] + open_
        return f"{self.a} and {self.b} are apart" + ("".join(reasons) or ", and nothing links them")


@attrs.frozen(kw_only=True, repr=False)
class Resolution:
    """Which records are of one party.

    Attributes:
        groups: Sorted refs of each party, the groups sorted; every record is in exactly one.
        links: What holds the groups together, in the order in which it was taken: assertions first, then links without
            a weight, then by weight, strongest first.
        refused: Links that were not taken, in the same order.
        review: What people have to decide, strongest first; their answers are assertions. What an assertion has decided
            of two records is decided of their groups.
        skipped_blocks: Keys that too many records share, so that nobody was compared by them alone.
        anomalies: Sorted (assertion id, code) pairs: `unknown-record`, `unknown-assertion` (a retraction of nothing).
        assertions: What held of pairs of records, sorted by pair.
        records: The newest statement of each ref, sorted by ref.
        as_of: The instant that was asked for; None is everything.

    .. versionadded:: 0.1.0
    """

    groups: tuple[tuple[str, ...], ...]
    links: tuple[Pair, ...] = ()
    refused: tuple[Refused, ...] = ()
    review: tuple[Pair, ...] = ()
    skipped_blocks: tuple[SkippedBlock, ...] = ()
    anomalies: tuple[tuple[str, str], ...] = ()
    assertions: tuple[SameAs | NotSameAs, ...] = ()
    records: tuple[Record, ...] = ()
    as_of: datetime | None = None
    _undecided: tuple[Pair, ...] = ()

    def group(self, ref: str) -> tuple[str, ...]:
        """The group of a record.

        Raises:
            NotFound: For a record that was not there.

        .. versionadded:: 0.1.0
        """
        found = self._groups.get(ref)
        if found is None:
            raise NotFound("Record", ref)
        return found

    def why(self, a: str, b: str) -> Why:
        """Why two records are in one group, or are not.

        Raises:
            NotFound: For a record that was not there.

        .. versionadded:: 0.1.0
        """
        left, right = self.group(a), self.group(b)
        if left is right:
            return Why(a=a, b=b, together=True, path=self._path(a, b))
        both = {left, right}
        return Why(
            a=a,
            b=b,
            together=False,
            refused=tuple(each for each in self.refused if self._between(each.pair) == both),
            review=tuple(pair for pair in self.review if self._between(pair) == both),
        )

    def at(self, threshold: int | Decimal) -> Resolution:
        """The same run at a stricter threshold, as if only links of at least this weight had been given.

        Every group is part of one of the groups here. Assertions and links without a weight stay; other links below the
        threshold become pairs for review.

        Args:
            threshold: A weight above that from which on links were taken; another one changes nothing.

        Raises:
            InvalidValue: For a threshold that is no exact number.

        .. versionadded:: 0.1.0
        """
        _checks.exact.require("Resolution.at.threshold", threshold)
        links = tuple(pair for pair in self.links if _holds(pair, threshold))
        groups = connected([record.ref for record in self.records], links)
        said = {entry.pair for entry in self.assertions}
        weighed = [*self.links, *(each.pair for each in self.refused)]
        below = [pair for pair in weighed if not _holds(pair, threshold) and (pair.a, pair.b) not in said]
        undecided = strongest_first([*self._undecided, *below])
        return attrs.evolve(
            self,
            groups=groups,
            links=links,
            refused=tuple(each for each in self.refused if _holds(each.pair, threshold)),
            review=open_questions(groups, undecided, self.assertions),
            undecided=undecided,
        )

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        return {ref: group for group in self.groups for ref in group}

    @cached_property
    def _links_of(self) -> dict[str, list[tuple[int, Pair]]]:
        found: dict[str, list[tuple[int, Pair]]] = {}
        for place, pair in enumerate(self.links):
            found.setdefault(pair.a, []).append((place, pair))
            found.setdefault(pair.b, []).append((place, pair))
        return found

    def _between(self, pair: Pair) -> set[tuple[str, ...]]:
        return {self._groups[pair.a], self._groups[pair.b]}

    def _path(self, a: str, b: str) -> tuple[Pair, ...]:
        """The fewest links from one record to another of its group, by the strongest weakest link.

        Places in the order of links stand for their strength.
        """
        came: dict[str, tuple[int, Pair | None]] = {a: (-1, None)}
        ends = [a]
        while b not in came:
            found: dict[str, tuple[int, Pair | None]] = {}
            for ref in ends:
                for place, pair in self._links_of[ref]:
                    beyond, weakest = _other(pair, ref), max(place, came[ref][0])
                    if beyond not in came and (beyond not in found or weakest < found[beyond][0]):
                        found[beyond] = (weakest, pair)
            came |= found
            ends = list(found)
        path: list[Pair] = []
        while (step := came[b][1]) is not None:
            path.append(step)
            b = _other(step, b)
        return tuple(reversed(path))

    def __str__(self) -> str:
        records = sum(map(len, self.groups))
        return (
            f"{records:,} records in {len(self.groups):,} groups: {len(self.links):,} links, "
            f"{len(self.refused):,} refused, {len(self.review):,} to review, "
            f"{len(self.skipped_blocks):,} blocks skipped"
        )

    def __repr__(self) -> str:
        return f"<Resolution: {self}>"

    def _repr_html_(self) -> str:
        """The pairs that people have to decide, the two records of each side by side: no script, all escaped."""
        return resolution_html(self)


def told(pair: Pair) -> str:
    """A pair in a few words, such as `crm/7 = shop/A9 (weight 9, weights)`."""
    weight = "" if pair.weight is None else f"weight {pair.weight}, "
    return f"{pair.a} = {pair.b} ({weight}{pair.reason})"


def strongest_first(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Pairs without a weight first, since a rule or a person decided them, then by weight; ties by their refs."""
    ordered = sorted(pairs, key=lambda pair: (pair.a, pair.b))
    weighed = [pair for pair in ordered if pair.weight is not None]
    weighed.sort(key=attrgetter("weight"), reverse=True)
    return (*(pair for pair in ordered if pair.weight is None), *weighed)


def open_questions(
    groups: Iterable[tuple[str, ...]], pairs: Iterable[Pair], said: Iterable[SameAs | NotSameAs]
) -> tuple[Pair, ...]:
    """The pairs whose records are in two groups that no assertion keeps apart."""
    number = {ref: index for index, group in enumerate(groups) for ref in group}
    decided = {_ends(entry.a, entry.b, number) for entry in said if isinstance(entry, NotSameAs)}
    return tuple(
        pair for pair in pairs if number[pair.a] != number[pair.b] and _ends(pair.a, pair.b, number) not in decided
    )


def _ends(a: str, b: str, number: dict[str, int]) -> tuple[int, int]:
    one, other = number[a], number[b]
    return (one, other) if one < other else (other, one)


def _holds(pair: Pair, threshold: int | Decimal) -> bool:
    return pair.weight is None or pair.weight >= threshold


def _other(pair: Pair, ref: str) -> str:
    return pair.b if pair.a == ref else pair.a
