"""MatchWeights out of the data itself, without a label: expectation maximization over counts of comparison patterns.

Theory of operation. A pattern says for each comparison which level a pair has reached, 0 being the best, or None where
a side was blank. Pairs are a mixture of matches (a share lambda) and others; given which of the two a pair is, its
comparisons are independent. One round asks how likely each pattern is a match (g), then counts: lambda is the mean of
g, m the share of the sum of g at each level, u the same with 1 - g. A blank is left out of the products, and out of the
denominators of its comparison. Where a share would leave [0.000001, 0.999999] it is held there and the others of its
comparison make up for it, which is the best that the bounds allow; so the likelihood never falls.

Circles are more kinds of pairs: of different persons, such as those of one household or one town, who agree on some
comparisons nine times in ten, and on the others by chance. Without them their pairs, which agree on half of everything,
would be taken for matches, and what tells persons apart would count for nothing.

Everything here is a float: an estimate is of a sample. What becomes a `MatchWeight` is rounded to nine places first.

Source: Dempster, Laird, Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977); Winkler, "Using
the EM algorithm for weight computation in the Fellegi-Sunter model of record linkage" (1988).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import fsum, log, prod
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

__all__ = ["Estimate", "Pattern", "estimate", "u_from_values"]

Pattern: TypeAlias = tuple[int | None, ...]
"""The level of each comparison, 0 the best; None is blank."""

Shares: TypeAlias = tuple[float, ...]

_LEAST = 1e-6
_MOVE = 1e-6
_START, _BEST = 0.1, 0.9
_COUNTS = _checks.Check("counts of patterns", lambda value: isinstance(value, Mapping) and bool(value))
_LEVELS = _checks.each(_checks.optional(_checks.whole(least=0)))
_MANY = _checks.Check("an iterable of texts", lambda value: isinstance(value, Iterable))
_BY_PLACE = _checks.Check(
    "a mapping by the place of a comparison or circle",
    lambda value: value is None or (isinstance(value, Mapping) and all(map(_checks.whole(least=0).passes, value))),
)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Estimate:
    """What expectation maximization has found.

    Attributes:
        share: Of the pairs that are matches (lambda).
        m: For each comparison how often each level is found among matches.
        u: For each comparison how often among the others.
        near: The share of the pairs of each circle.
        v: For each circle, for each comparison how often each level is taken to be found.
        converged: Whether nothing moved any more.
        rounds: How many were made.
        log_likelihood: Of the counts, under the estimate.
        history: The log-likelihood before the first round and after each; it never falls.

    .. versionadded:: 0.1.0
    """

    share: float
    m: tuple[Shares, ...]
    u: tuple[Shares, ...]
    near: tuple[float, ...] = ()
    v: tuple[tuple[Shares, ...], ...] = ()
    converged: bool = False
    rounds: int = 0
    log_likelihood: float = 0.0
    history: tuple[float, ...] = ()

    def __str__(self) -> str:
        """In one line."""
        ended = "converged" if self.converged else "not converged"
        return f"{self.share:.4%} matches, {ended} after {self.rounds} rounds, log-likelihood {self.log_likelihood:.3f}"


def estimate(
    counts: Mapping[Pattern, int],
    start: Estimate | None = None,
    fix_u: Mapping[int, Sequence[Decimal | Fraction | float]] | None = None,
    *,
    others: int = 0,
    margins: Mapping[int, Sequence[float]] | None = None,
    circles: Sequence[Collection[int]] = (),
    fix_near: Mapping[int, float] | None = None,
    rounds: int = 200,
) -> Estimate:
    """The share of matches and the frequencies of levels that explain counts of patterns best.

    Args:
        counts: How many pairs show each pattern.
        start: From where to search; by default lambda 0.1, m 0.9 and u 0.1 at the best level, the rest spread evenly.
        fix_u: For some comparisons, by their place, the u of each level, which then stays: inside a block the u of a
            comparison that is part of the key means nothing.
        others: How many pairs there are besides, of which it is taken for granted that they are no matches, such as
            those that share no key; lambda is then a share of all.
        margins: For some comparisons, by their place, how many of these others are at each level; u is then that of all
            pairs.
        circles: For each circle the comparisons, by their place, that agree within it.
        fix_near: For some circles, by their place, their share of all pairs, where most of them share no key.
        rounds: At most so many; it ends before when no parameter moves by 0.000001.

    Raises:
        InvalidValue: For no counts, patterns of different length, a negative count, or levels that are not known.

    Example:
        >>> found = estimate({(0, 0): 90, (0, 1): 10, (1, 0): 10, (1, 1): 890})
        >>> found.converged, round(found.share, 3)
        (True, 0.092)

    .. versionadded:: 0.1.0
    """
    _check(start, fix_u, margins, fix_near)
    _checks.whole(least=0).require("estimate.others", others)
    _checks.whole(least=1).require("estimate.rounds", rounds)
    sizes = _sizes(counts, start, [fix_u or {}, margins or {}])
    fixed = {place: tuple(float(share) for share in shares) for place, shares in (fix_u or {}).items()}
    found = start or _first(sizes)
    u = tuple(fixed.get(place, shares) for place, shares in enumerate(found.u))
    found = attrs.evolve(found, u=u)
    if circles and not found.near:
        v = [
            tuple(m if at in each else x for at, (m, x) in enumerate(zip(found.m, u, strict=True))) for each in circles
        ]
        found = attrs.evolve(found, near=(found.share / len(circles),) * len(circles), v=tuple(v))
    model = _Model(counts, sizes, frozenset(fixed), [frozenset(each) for each in circles])
    model.near = dict(fix_near or {})
    found = attrs.evolve(found, near=tuple(model.near.get(at, share) for at, share in enumerate(found.near)))
    model.add(others, margins or {})
    return model.climb(found, rounds)


def u_from_values(values: Iterable[str], others: Iterable[str] | None = None) -> Fraction | None:
    """How often two records agree on a value by chance, by the frequencies of the values.

    Within one set it is the sum of c (c - 1) over N (N - 1); between two sets the sum of c d over N M. None when there
    is nothing to compare.

    Example:
        >>> u_from_values("aaabbc")
        Fraction(4, 15)

    .. versionadded:: 0.1.0
    """
    _MANY.require("u_from_values.values", values)
    _checks.optional(_MANY).require("u_from_values.others", others)
    left = _counted(values)
    if others is None:
        size = sum(left.values())
        return Fraction(sum(c * (c - 1) for c in left.values()), size * (size - 1)) if size > 1 else None
    right = _counted(others)
    pairs = sum(left.values()) * sum(right.values())
    return Fraction(sum(c * right.get(value, 0) for value, c in left.items()), pairs) if pairs else None


class _Model:
    """Counts in the form that rounds are fast on: levels of all comparisons in one row, blanks left out."""

    def __init__(
        self, counts: Mapping[Pattern, int], sizes: list[int], fixed: frozenset[int], circles: list[frozenset[int]]
    ) -> None:
        self.starts = list(accumulate(sizes[:-1], initial=0))
        self.sizes, self.fixed, self.circles = sizes, fixed, circles
        self.near: dict[int, float] = {}
        self.rows: list[tuple[int, tuple[int, ...]]] = []
        self.seen = [0] * sum(sizes)
        for pattern, count in counts.items():
            row = tuple(at + level for at, level in zip(self.starts, pattern, strict=True) if level is not None)
            self.rows.append((count, row))
            for place in row:
                self.seen[place] += count
        self.joint = [[place in each for place, size in enumerate(sizes) for _ in range(size)] for each in circles]
        self.total, self.least = sum(counts.values()), _LEAST
        self.beside = [0.0] * len(self.seen)

    def add(self, others: int, margins: Mapping[int, Sequence[float]]) -> None:
        """Pairs that are no matches, and how many of them are at each level."""
        self.total += others
        self.least = min(_LEAST, 1 / (1 + others))
        for place, part in margins.items():
            self.beside[self.starts[place] : self.starts[place] + len(part)] = map(float, part)

    def climb(self, at: Estimate, rounds: int) -> Estimate:
        """Rounds until nothing moves."""
        history: list[float] = []
        moved = _BEST
        while len(history) < rounds and moved >= _MOVE:
            likely, after = self.round(at)
            history.append(likely)
            moved, at = _distance(at, after), after
        last, _ = self.round(at)
        return attrs.evolve(
            at, converged=moved < _MOVE, rounds=len(history), log_likelihood=last, history=(*history, last)
        )

    def round(self, at: Estimate) -> tuple[float, Estimate]:
        """How likely the counts are at an estimate, as a logarithm, and the estimate after one round more."""
        likely, found, near, homes = self.expected(at)
        others = [
            max(seen - part - home, 0.0) + more
            for seen, part, home, more in zip(self.seen, found[1:], homes, self.beside, strict=True)
        ]
        levels = zip(self.seen, self.beside, (u for us in at.u for u in us), strict=True)
        likely += [(seen + more) * log(u) for seen, more, u in levels if seen or more]
        u = tuple(self.shares(others, at.u, self.fixed))
        share, around = self.mixed(found[0], near)
        return fsum([*likely, self.total * log(1 - at.share - sum(at.near))]), Estimate(
            share=share,
            m=tuple(self.shares(found[1:], at.m)),
            u=u,
            near=around,
            v=tuple(
                tuple(v if place in circle else u[place] for place, v in enumerate(vs))
                for circle, vs in zip(self.circles, at.v, strict=True)
            ),
        )

    def expected(self, at: Estimate) -> tuple[list[float], list[float], list[float], list[float]]:
        """Logarithms of the rows; how many matches there are, in all and at each level; how many pairs of each circle.

        The last part is how many of these agree by more than chance at each level; where a circle agrees by chance it
        counts with the others, so that v stays u.
        """
        rest = 1 - at.share - sum(at.near)
        rate, read = at.share / rest, _ratios(at.m, at.u).__getitem__
        around = [(share / rest, _ratios(v, at.u).__getitem__) for share, v in zip(at.near, at.v, strict=True)]
        logs, found, near, homes = [], [0.0] * (len(self.seen) + 1), [0.0] * len(around), [0.0] * len(self.seen)
        for count, row in self.rows:
            odds = rate * prod(map(read, row))
            circles = [own * prod(map(ratio, row)) for own, ratio in around]
            whole = 1 + odds + sum(circles)
            logs.append(count * log(whole))
            share = count * (odds / whole)
            found[0] += share
            for place in row:
                found[place + 1] += share
            for at_circle, circle in enumerate(circles):
                home = count * (circle / whole)
                near[at_circle] += home
                joint = self.joint[at_circle]
                for place in row:
                    if joint[place]:
                        homes[place] += home
        return logs, found, near, homes

    def mixed(self, matches: float, near: list[float]) -> tuple[float, tuple[float, ...]]:
        """The shares of matches and circles out of their numbers, with something left for all other pairs."""
        room = 1 - sum(self.near.values())
        whole = max(self.total - sum(near[at] for at in self.near), _LEAST)
        free = [at for at in range(len(near)) if at not in self.near]
        shares = [max(room * found / whole, self.least) for found in (matches, *(near[at] for at in free))]
        scale = min(1.0, room * (1 - _LEAST) / fsum(shares))
        around = {**self.near, **dict(zip(free, [share * scale for share in shares[1:]], strict=True))}
        return shares[0] * scale, tuple(around[at] for at in range(len(near)))

    def shares(
        self, found: list[float], before: tuple[Shares, ...], fixed: frozenset[int] = frozenset()
    ) -> Iterable[Shares]:
        """What was found of each comparison, as shares; what is fixed or was never seen stays."""
        for place, (at, size) in enumerate(zip(self.starts, self.sizes, strict=True)):
            part = found[at : at + size]
            yield before[place] if place in fixed or fsum(part) <= 0 else _held(part)


def _held(parts: Sequence[float]) -> Shares:
    """Parts as shares of their sum, none below the least, and still adding up to 1."""
    low = 0
    while True:
        room, rest = 1 - low * _LEAST, fsum(sorted(parts)[low:])
        below = sum(part * room < _LEAST * rest for part in parts)
        if below <= low:
            return tuple(max(part * room / rest, _LEAST) for part in parts)
        low = below


def _ratios(above: tuple[Shares, ...], below: tuple[Shares, ...]) -> list[float]:
    """How much more often each level is found among the one kind of pairs than among the other."""
    return [
        one / other for ones, others in zip(above, below, strict=False) for one, other in zip(ones, others, strict=True)
    ]


def _distance(a: Estimate, b: Estimate) -> float:
    pairs = [(a.share, b.share), *zip(a.near, b.near, strict=True)]
    for mine, theirs in ((a.m, b.m), (a.u, b.u)):
        for before, after in zip(mine, theirs, strict=True):
            pairs += zip(before, after, strict=True)
    return max(abs(before - after) for before, after in pairs)


def _first(sizes: list[int]) -> Estimate:
    return Estimate(
        share=_START, m=tuple(_spread(_BEST, size) for size in sizes), u=tuple(_spread(_START, size) for size in sizes)
    )


def _spread(best: float, size: int) -> Shares:
    return (best, *[(1 - best) / (size - 1)] * (size - 1))


def _check(start: object, *by_place: object) -> None:
    _checks.optional(_checks.a(Estimate)).require("estimate.start", start)
    for name, given in zip(("fix_u", "margins", "fix_near"), by_place, strict=True):
        _BY_PLACE.require(f"estimate.{name}", given)


def _sizes(
    counts: Mapping[Pattern, int], start: Estimate | None, known: Sequence[Mapping[int, Sequence[object]]]
) -> list[int]:
    """How many levels each comparison has: at least two."""
    _COUNTS.require("estimate.counts", counts)
    first: object = next(iter(counts))
    width = len(first) if isinstance(first, tuple) else 0
    for pattern, count in counts.items():
        _checks.whole(least=0).require(f"estimate.counts[{pattern}]", count)
        if not _LEVELS.passes(pattern) or len(pattern) != width:
            raise InvalidValue("estimate.counts", pattern, f"{width} levels, each from 0 on or None")
    if not any(counts.values()):
        raise InvalidValue("estimate.counts", counts, "at least one pair")
    seen = [max((p[at] or 0 for p in counts), default=0) + 1 for at in range(width)]
    begun = start.m if start is not None else ((),) * width
    told = [max(len(each.get(at, ())) for each in known) for at in range(width)]
    return [max(2, found, len(begun[at]), told[at]) for at, found in enumerate(seen)]


def _counted(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found
