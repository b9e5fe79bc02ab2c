"""A policy's weights out of the records themselves, without a label.

Theory of operation. How often two records of different parties agree (u) is counted, not estimated: nearly all pairs of
a set are such, so the best level follows from how often each value is found, and the levels below it from all pairs of
a small set, or from pairs taken at even distances through the values of a large one. How often two records of the same
party agree (m), and how many there are (lambda), is found by expectation maximization over the pairs that share a key,
all others being taken as apart. So lambda and u are those of all pairs, and a weight means the same however the pair
was found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from decimal import Decimal
from html import escape
from itertools import accumulate, chain, combinations, count as counting, product
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.matching._blocks import SkippedBlock, blocked
from relex.matching._estimate import Estimate, estimate
from relex.matching._filter import Gauge, crossing
from relex.matching._judge import Judge
from relex.matching._pairs import Pairs, judged, tabled
from relex.matching._policy import MatchPolicy
from relex.matching._reading import several
from relex.matching._weights import Circle, MatchWeight, MatchWeights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relex.matching._estimate import Pattern, Shares
    from relex.matching._fields import Value
    from relex.matching._methods import Similarity
    from relex.matching._reading import Encoders, Table
    from relex.parties import Record

__all__ = ["Fit", "fit", "match"]

_SAMPLE = 5_000
_UNSEEN = 0.5  # pairs of a level that a sample does not show
_PLACES = Decimal("0.000000001")
_NAMED = 5  # skipped blocks, in a message
_TELLING = 2  # comparisons at least that tell the people of a circle apart
_MOST = 0.5  # of all pairs may be of one town
_ENOUGH = 0.05  # of the matches there must be as many pairs of a circle
_TURN = 0.6180339887498949  # of the golden ratio: its multiples are spread evenly


@attrs.frozen(kw_only=True, weakref_slot=False)
class Fit:
    """A policy with the weights that were found, and how.

    Attributes:
        policy: Ready to match with.
        estimate: What expectation maximization has found.
        pairs: How many pairs it looked at.
        skipped: Keys that too many records share, largest first.

    .. versionadded:: 0.1.0
    """

    policy: MatchPolicy
    estimate: Estimate
    pairs: int
    skipped: tuple[SkippedBlock, ...] = ()

    def __str__(self) -> str:
        """The estimate, and the bits of each comparison, best level first."""
        weights = self.policy.weights
        parts = weights.parts if isinstance(weights, MatchWeights) else ()
        lines = [f"  {part.comparison}: {', '.join(f'{bits:+.2f}' for bits in part.bits)}" for part in parts]
        return "\n".join([str(self.estimate), *lines])

    def _repr_html_(self) -> str:
        """The levels with their shares and bits as a table: no script, everything escaped."""
        weights = self.policy.weights
        parts = weights.parts if isinstance(weights, MatchWeights) else ()
        levels = {each.name: [*(f"{level:f}" for level in each.levels), "below"] for each in self.policy.comparisons}
        rows = "".join(
            f"<tr><th>{escape(part.comparison)}</th><td>{level}</td><td>{m:.4f}</td><td>{u:.6f}</td><td>{bits:+.2f}</td></tr>"
            for part in parts
            for level, m, u, bits in zip(levels[part.comparison], part.m, part.u, part.bits, strict=True)
        )
        head = "<tr><th>comparison</th><th>level</th><th>m</th><th>u</th><th>bits</th></tr>"
        return f"<table><caption>{escape(str(self.estimate))}</caption>{head}{rows}</table>"


def fit(
    records: Iterable[Record],
    others: Iterable[Record] | MatchPolicy,
    policy: MatchPolicy | None = None,
    *,
    encoders: Encoders | None = None,
    similarity: Similarity | None = None,
    most_pairs: int = 200_000,
) -> Fit:
    """The policy with weights found in the records: no labels, no training.

    Every comparison with levels is weighed; one of which nothing can be known, since it is blank nearly everywhere,
    is not. The rules of the policy give way to the weights.

    Args:
        records: Read once.
        others: The second set, or the policy, as for `pairs`.
        policy: Whose comparisons and keys to use.
        encoders: As for `pairs`.
        similarity: As for `pairs`.
        most_pairs: Of more than about so many pairs that share a key, the pairs of every so-manieth record are used;
            only then the order of the records makes a difference.

    Raises:
        InvalidValue: When no two records share a key, so that nothing can be learned.

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=1).require("fit.most_pairs", most_pairs)
    table, plain = _read("fit", (records, others, policy), encoders)
    return _Fitting(Judge(plain, similarity), table).fit(most_pairs)


def match(
    records: Iterable[Record],
    others: Iterable[Record] | MatchPolicy,
    policy: MatchPolicy | None = None,
    *,
    encoders: Encoders | None = None,
    similarity: Similarity | None = None,
    most_pairs: int = 200_000,
) -> tuple[Fit, Pairs]:
    """`fit`, and then `pairs` with the policy that was found, with the records read once.

    Args:
        records: Read once, and not kept.
        others: The second set, or the policy, as for `pairs`.
        policy: Whose comparisons and keys to use.
        encoders: As for `pairs`.
        similarity: As for `pairs`.
        most_pairs: As for `fit`.

    Raises:
        InvalidValue: When no two records share a key, so that nothing can be learned.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.parties import ContactPoint, PersonName, Record
        >>> days = [datetime(2026, 5, day, tzinfo=timezone.utc) for day in range(1, 6)]
        >>> names = [("Anna", "Berg"), ("Ana", "Berg"), ("Li", "Wei"), ("Omar", "Haddad"), ("Eve", "Stone")]
        >>> records = [
        ...     Record("crm", str(at.day), at, name=PersonName(given=given, family=family), born=f"1980-01-{day}")
        ...     for at, (given, family), day in zip(days, names, (10, 10, 11, 11, 12))]
        >>> found, judged = match(records, MatchPolicy.people())
        >>> [(pair.a, pair.b) for pair in judged.links]
        [('crm/1', 'crm/2')]

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=1).require("match.most_pairs", most_pairs)
    table, plain = _read("match", (records, others, policy), encoders)
    fitting = _Fitting(Judge(plain, similarity), table)
    found = fitting.fit(most_pairs)
    return found, judged(table, found.policy, similarity=similarity, blocks=fitting.blocks)


def _read(path: str, given: tuple[Any, Any, Any], encoders: Encoders | None) -> tuple[Table, MatchPolicy]:
    """The records, and the policy without what decides."""
    records, others, policy = given
    base = others if policy is None else policy
    if not isinstance(base, MatchPolicy):
        raise InvalidValue(f"{path}.policy", base, "a MatchPolicy")
    plain = attrs.evolve(base, rule=None, review=None, weights=None)
    return tabled(records, None if policy is None else others, plain, encoders or {}), plain


class _Fitting:
    """The comparisons that are weighed, as gauges over the table."""

    def __init__(self, judge: Judge, table: Table) -> None:
        self.policy, self.table, self.across = judge.policy, table, table.across
        self.blocks = blocked(table, judge.policy)
        weighed = [place for place, each in enumerate(self.policy.comparisons) if each.levels]
        self.gauges = {place: Gauge(judge, place, judge.edges[place]) for place in weighed}
        self.known = {place: u for place in weighed if (u := self._chance(place)) is not None}
        self.steps = self._steps()
        self.order = [place for step in self.steps for place in step]

    def _steps(self) -> list[tuple[int, ...]]:
        cross = tuple(place for place in (self._place(name) for name in self.policy.transposable))
        crossed = cross if all(place in self.known for place in cross) else ()
        single: list[tuple[int, ...]] = [(place,) for place in self.known if place not in crossed]
        return [*single, crossed] if crossed else single

    def _place(self, name: str) -> int:
        return next(place for place, each in enumerate(self.policy.comparisons) if each.name == name)

    def fit(self, most: int) -> Fit:
        """Count, estimate, and put the weights into the policy."""
        blocks, skipped = self.blocks, self.blocks.skipped
        every = max(1, -(-blocks.load // most))
        counts = self._counts(blocks.some(every))
        seen = sum(counts.values())
        if not seen or not self.order:
            passed = f", besides these {len(skipped)}: {'; '.join(map(str, skipped[:_NAMED]))}" if skipped else ""
            expected = f"records of which some share a key{passed}"
            raise InvalidValue("fit.records", len(self.table.refs), expected)
        beside = self._beside(counts, every)
        names, found = self._estimated(counts, beside)
        size = beside["others"] + seen
        weights = MatchWeights(
            _rounded(found.share),
            self._parts(_cautious(found.m, found.share * size), found.u, self.order),
            circles=self._circles(names, found),
        )
        return Fit(policy=attrs.evolve(self.policy, weights=weights), estimate=found, pairs=seen, skipped=skipped)

    def _estimated(self, counts: Mapping[Pattern, int], beside: dict[str, Any]) -> tuple[list[str], Estimate]:
        """The estimate with the circles that the records show, and their names.

        A circle is looked for where at least two comparisons tell its people apart, and kept where it is not much
        smaller than the matches.
        """
        names = [name for name, inside in self.policy.circles if self._is_open(inside)]
        wide = {name: self._joint(name) for name in names if not self._shares_a_key(name)}
        names = [name for name in names if wide.get(name, 1.0)]
        found = self._with(names, wide, counts, beside)
        kept = [
            name
            for name, share in zip(names, found.near, strict=True)
            if name in wide or share >= _ENOUGH * found.share
        ]
        return kept, found if kept == names else self._with(kept, wide, counts, beside)

    def _with(
        self, names: list[str], wide: Mapping[str, float], counts: Mapping[Pattern, int], beside: dict[str, Any]
    ) -> Estimate:
        near = {at: wide[name] for at, name in enumerate(names) if name in wide}
        return estimate(counts, **beside, circles=[self._circle(name) for name in names], fix_near=near)

    def _shares_a_key(self, name: str) -> bool:
        """Whether all pairs of a circle are compared, since a key asks for nothing else."""
        inside = {self.policy.comparisons[self.order[at]].field for at in self._circle(name)}
        return any(inside >= {part.field for part in key.parts} for key in self.policy.keys)

    def _joint(self, name: str) -> float:
        """How many of all pairs agree on all of a circle, less as many as could be matches: one for each record."""
        columns = [self.table.columns[self.order[at]] for at in self._circle(name)]
        rows = list(zip(*columns, strict=True))
        left = self.table.left if self.across else len(rows)
        mine = Counter(row for row in rows[:left] if None not in row)
        theirs = Counter(row for row in rows[left:] if None not in row) if self.across else None
        equal, pairs = _equal(mine, theirs)
        return min(
            _MOST / len(self.policy.circles), max(0.0, equal / max(1, pairs) - len(rows) / max(1, self._all_pairs()))
        )

    def _is_open(self, inside: Sequence[str]) -> bool:
        outside = [place for place in self.order if self._name(place) not in inside]
        return len(outside) >= _TELLING and len(outside) < len(self.order)

    def _circle(self, name: str) -> list[int]:
        inside = dict(self.policy.circles)[name]
        return [at for at, place in enumerate(self.order) if self._name(place) in inside]

    def _parts(self, m: Sequence[Shares], u: Sequence[Shares], order: Sequence[int]) -> list[MatchWeight]:
        """What was found as weights, in the order of the policy."""
        parts = sorted(zip(order, m, u, strict=True), key=lambda part: part[0])
        return [
            MatchWeight(self._name(place), m=map(_rounded, ms), u=map(_rounded, us))
            for place, ms, us in (_falling(*part) for part in parts)
        ]

    def _circles(self, names: list[str], found: Estimate) -> list[Circle]:
        circles = []
        for name, share, v in zip(names, found.near, found.v, strict=True):
            at = self._circle(name)
            parts = self._parts([v[x] for x in at], [found.u[x] for x in at], [self.order[x] for x in at])
            circles.append(Circle(name, _rounded(share / (1 - found.share)), parts))
        return circles

    def _name(self, place: int) -> str:
        return self.policy.comparisons[place].name

    def _beside(self, counts: Mapping[Pattern, int], every: int) -> dict[str, Any]:
        """How many pairs there are beside those that were counted, and how many of them at each level."""
        seen = [[0] * len(self.known[place]) for place in self.order]
        for pattern, count in counts.items():
            for at, level in enumerate(pattern):
                if level is not None:
                    seen[at][level] += count
        margins = {
            at: [
                max(0.0, expected / every - found) for expected, found in zip(self.known[place], seen[at], strict=True)
            ]
            for at, place in enumerate(self.order)
        }
        return {"others": max(0, self._all_pairs() // every - sum(counts.values())), "margins": margins}

    def _all_pairs(self) -> int:
        size, left = len(self.table.refs), self.table.left
        return left * (size - left) if self.across else size * (size - 1) // 2

    def _counts(self, visits: Iterable[tuple[int, set[int]]]) -> dict[Pattern, int]:
        raw: Counter[tuple[Any, ...]] = Counter()
        columns = [
            self.table.columns[step[0]]
            if len(step) == 1
            else list(zip(*(self.table.columns[place] for place in step), strict=True))
            for step in self.steps
        ]
        for one, those in visits:
            raw.update(
                zip(
                    *(self._codes(step, column, one, those) for step, column in zip(self.steps, columns, strict=True)),
                    strict=True,
                )
            )
        counts: Counter[Pattern] = Counter()
        for codes, count in raw.items():
            counts[self._levels(codes)] += count
        return {pattern: counts[pattern] for pattern in sorted(counts, key=str)}

    def _codes(self, step: tuple[int, ...], column: list[Any], one: int, those: set[int]) -> Iterator[Any]:
        row: Any = self.gauges[step[0]].row(column[one]) if len(step) == 1 else crossing(self.gauges, step, column[one])
        return map(row.__getitem__, map(column.__getitem__, those))

    def _levels(self, codes: tuple[Any, ...]) -> Pattern:
        """Codes as levels; of names that may have changed places, those of the way round that gives more."""
        flat: list[int] = []
        for code in codes:
            flat += _better(code) if code.__class__ is tuple else (code,)
        return tuple(self.gauges[place].level(code) for place, code in zip(self.order, flat, strict=True))

    def _chance(self, place: int) -> tuple[float, ...] | None:
        """How many of all pairs are at each level; None where there is nothing to compare.

        Those of equal values are counted, the others are as many as in a sample.
        """
        column, levels = self.table.columns[place], len(self.policy.comparisons[place].levels)
        mine = _counted(column[: self.table.left])
        theirs = _counted(column[self.table.left :]) if self.across else None
        equal, pairs = _equal(mine, theirs)
        if not pairs:
            return None
        gauge = self.gauges[place]
        if gauge.is_exact:
            return (float(equal), *[0.0] * (levels - 1), float(pairs - equal))
        codes = Counter(gauge.code(a, b) for a, b in _spread(mine, theirs) if a != b)
        found = [0.0, *[_UNSEEN * (pairs > _SAMPLE)] * levels]
        for code, times in codes.items():
            level = gauge.level(code)
            if level is not None:
                found[level] += times
        scale = (pairs - equal) / max(1, sum(found))
        return (equal + found[0] * scale, *(count * scale for count in found[1:]))


def _cautious(shares: Sequence[Shares], size: float) -> list[Shares]:
    """Shares out of so many pairs, as if one more had been seen at each level: what never happened yet still may."""
    return [tuple((share * size + 1) / (size + len(each)) for share in each) for each in shares]


def _falling(place: int, m: tuple[float, ...], u: tuple[float, ...]) -> tuple[int, list[float], list[float]]:
    """Shares whose weight does not rise while the score falls: levels that would are taken together."""
    pools: list[tuple[float, float, int]] = []
    for mine, theirs in zip(m, u, strict=True):
        pool = (mine, theirs, 1)
        while pools and pools[-1][0] * pool[1] < pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    parts = [(mm / size, uu / size) for mm, uu, size in pools for _ in range(size)]
    return place, [part[0] for part in parts], [part[1] for part in parts]


def _better(ways: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """The way round that gives more, whichever of the two records came first."""
    return max([*ways[:1], *sorted(ways[1:], reverse=True)], key=lambda way: sum(map(abs, way)))


def _counted(column: Iterable[Value]) -> Counter[str]:
    """How often each value is found."""
    return Counter(chain.from_iterable(map(several, column)))


def _equal(mine: Counter[Any], theirs: Counter[Any] | None) -> tuple[int, int]:
    """How many pairs of values are equal, and how many there are."""
    if theirs is None:
        return sum(c * (c - 1) for c in mine.values()) // 2, mine.total() * (mine.total() - 1) // 2
    return sum(c * theirs[value] for value, c in mine.items()), mine.total() * theirs.total()


def _spread(mine: Counter[str], theirs: Counter[str] | None) -> Iterator[tuple[str, str]]:
    """All pairs of values where they are few, else pairs at even distances through all, whatever their order was."""
    first = _thinned(mine)
    second = first if theirs is None else _thinned(theirs)
    size, other = len(first), len(second)
    if theirs is None and size * (size - 1) // 2 <= _SAMPLE:
        return combinations(first, 2)
    if theirs is not None and size * other <= _SAMPLE:
        return product(first, second)
    step = next(step for step in counting(int(other * _TURN) + 1) if gcd(step, other) == 1)
    again = lcm(size, other)  # from here on the places would repeat, so the second is moved on by one
    return ((first[turn % size], second[(turn * step + turn // again) % other]) for turn in range(_SAMPLE))


def _thinned(counts: Counter[str]) -> list[str]:
    """The values in order, each as often as it is found; of many every so-manieth."""
    size = counts.total()
    if size <= _SAMPLE:
        return sorted(counts.elements())
    values = sorted(counts)
    ends = list(accumulate(map(counts.__getitem__, values)))
    return [values[bisect_right(ends, turn * size // _SAMPLE)] for turn in range(_SAMPLE)]


def _rounded(share: float | Decimal) -> Decimal:
    return max(Decimal(share).quantize(_PLACES), _PLACES)
