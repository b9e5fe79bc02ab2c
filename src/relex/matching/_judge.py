"""One pair, exactly: its scores, its weight, and what decides."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from relex._trusted import trusted
from relex.matching._methods import likeness
from relex.matching._pair import Pair
from relex.matching._similarity import FULL, as_decimal
from relex.matching._weights import MatchWeights, taken_off
from relex.rules import Verdict, evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from relex.matching._comparisons import Comparison
    from relex.matching._fields import Value
    from relex.matching._methods import Likeness, Score, Similarity
    from relex.matching._policy import MatchPolicy
    from relex.matching._weights import MatchWeight

    Frequencies: TypeAlias = Mapping[str, Mapping[str, Fraction]]
    Scores: TypeAlias = list[int | None]
    Bits: TypeAlias = tuple[tuple[str, Decimal], ...]

__all__ = ["Judge", "edges_of", "level_of", "score_of"]


_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # a card of rules on facts alone is the same on all
_BIT = Decimal("0.000001")
_pair = trusted(Pair)


def score_of(a: Value, b: Value, score: Score, blank: str) -> int | None:
    """The score of two fields: the best of their keys; what a blank gives is the comparison's to say."""
    if a is None or b is None:
        return None if blank == "unknown" else FULL * (a is b)
    if isinstance(a, str) and isinstance(b, str):
        return score(a, b)
    mine = (a,) if isinstance(a, str) else a
    theirs = (b,) if isinstance(b, str) else b
    return max([each for x in mine for y in theirs if (each := score(x, y)) is not None], default=None)


def edges_of(levels: Sequence[Decimal]) -> tuple[int, ...]:
    """The lower edges of levels in millionths; between two millionths no score can lie."""
    return tuple(ceil(level * FULL) for level in levels)


def level_of(score: int, edges: Sequence[int]) -> int:
    """The place of the level that a score reaches; one more than there are for none."""
    for place, edge in enumerate(edges):
        if score >= edge:
            return place
    return len(edges)


class Judge:
    """A policy ready to judge pairs, with all parts of the answer."""

    def __init__(
        self, policy: MatchPolicy, faster: Similarity | None = None, frequencies: Frequencies | None = None
    ) -> None:
        self.policy = policy
        self.frequencies: Frequencies = frequencies or {}
        self.likeness: list[Likeness] = [likeness(each.method, faster) for each in policy.comparisons]
        self.names = [each.name for each in policy.comparisons]
        self.blanks = [each.blank for each in policy.comparisons]
        self.edges = [edges_of(each.levels) for each in policy.comparisons]
        self.places = {each.name: place for place, each in enumerate(policy.comparisons)}
        parts = policy.weights.parts if isinstance(policy.weights, MatchWeights) else ()
        self.parts = [(part, self.places[part.comparison], part.bits) for part in parts]
        self.prior = policy.weights.prior_bits if isinstance(policy.weights, MatchWeights) else Decimal(0)
        circles = policy.weights.circles if isinstance(policy.weights, MatchWeights) else ()
        self.shares = tuple(circle.share for circle in circles)
        self.circles = [[(self.places[part.comparison], part.bits) for part in circle.parts] for circle in circles]
        self.crossing = [self.places[name] for name in policy.transposable]

    def scores(self, a: Sequence[Value], b: Sequence[Value]) -> Scores:
        """The score of each comparison, of two rows of values; the way round of names that gives more."""
        found = [
            score_of(x, y, like.score, blank)
            for x, y, like, blank in zip(a, b, self.likeness, self.blanks, strict=True)
        ]
        if self.crossing:
            one, other = self.crossing
            ways = [(found[one], found[other]), self._crossed(a, b), self._crossed(b, a)]
            found[one], found[other] = max(ways[:1] + sorted(ways[1:], key=_order, reverse=True), key=_sum)
        return found

    def _crossed(self, a: Sequence[Value], b: Sequence[Value]) -> tuple[int | None, int | None]:
        one, other = self.crossing
        return self._at(one, a[one], b[other]), self._at(other, a[other], b[one])

    def _at(self, place: int, x: Value, y: Value) -> int | None:
        return score_of(x, y, self.likeness[place].score, self.blanks[place])

    def pair(
        self,
        refs: tuple[str, str],
        rows: tuple[Sequence[Value], Sequence[Value]],
        vetoes: Sequence[str] = (),
        keys: tuple[str, ...] = (),
    ) -> Pair:
        """What is decided of two records, the lesser ref first, and why."""
        scores = self.scores(*rows)
        facts = {
            name: None if score is None else as_decimal(score) for name, score in zip(self.names, scores, strict=True)
        }
        weight, bits = self._weighed(scores, facts, rows)
        decision, reason, verdict = self._decided(facts, weight, vetoes)
        return _pair(*refs, decision, weight, reason, keys, tuple(facts.items()), bits, verdict)

    def _decided(
        self, facts: Mapping[str, Decimal | None], weight: Decimal | None, vetoes: Sequence[str]
    ) -> tuple[str, str, Verdict | None]:
        policy, verdict = self.policy, None
        if policy.rule is not None:
            verdict = evaluate(policy.rule, facts)
        if vetoes:
            return "apart", f"veto:{vetoes[0]}", verdict
        if verdict is not None and verdict.answer:
            return "link", "rule", verdict
        if policy.review is not None:
            second = evaluate(policy.review, facts)
            if second.answer:
                return "review", "review", second
            verdict = verdict or second
        if weight is None:
            return "apart", "nothing" if verdict is None else "rule", verdict
        return self._by_weight(weight), "weights", verdict

    def _by_weight(self, weight: Decimal) -> str:
        if weight >= self.policy.link_at:
            return "link"
        return "review" if weight >= self.policy.review_at else "apart"

    def _weighed(
        self, scores: Scores, facts: Mapping[str, Decimal | None], rows: tuple[Sequence[Value], Sequence[Value]]
    ) -> tuple[Decimal | None, Bits]:
        weights = self.policy.weights
        if weights is None:
            return None, ()
        if isinstance(weights, MatchWeights):
            bits = [("prior", self.prior)]
            for part, place, levels in self.parts:
                bits.append((part.comparison, self._bits(part, levels, place, scores[place], rows)))
            if self.circles:
                alike = tuple(self._alike(circle, scores) for circle in self.circles)
                bits.append(("circles", taken_off(self.shares, alike)))
        else:
            score = weights.score(facts, as_of=_ANY_DAY)
            bits = [(each.name, _decimal(each.points)) for each in score.contributions]
        return sum((points for _, points in bits), Decimal(0)), tuple(bits)

    def _alike(self, circle: list[tuple[int, tuple[Decimal, ...]]], scores: Scores) -> Decimal:
        """The weight with which a pair looks like one of a circle."""
        total = Decimal(0)
        for place, bits in circle:
            score = scores[place]
            if score is not None:
                total += bits[level_of(score, self.edges[place])]
        return total

    def _bits(
        self,
        part: MatchWeight,
        levels: Sequence[Decimal],
        place: int,
        score: int | None,
        rows: tuple[Sequence[Value], Sequence[Value]],
    ) -> Decimal:
        if score is None:
            return Decimal(0)
        comparison = self.policy.comparisons[place]
        level = level_of(score, self.edges[place])
        if level == 0 and comparison.frequency:
            rarest = self.rarest(comparison, rows[0][place], rows[1][place])
            if rarest is not None:
                return part.rare(rarest)
        return levels[level]

    def rarest(self, comparison: Comparison, a: Value, b: Value) -> Fraction | None:
        """How often the rarest value that two fields share is found; None when they share none."""
        known = self.frequencies.get(comparison.name, {})
        shared = {a} & {b} if isinstance(a, str) and isinstance(b, str) else _several(a) & _several(b)
        return min([known[value] for value in shared if value in known], default=None)


def _several(value: Value) -> set[str]:
    return set() if value is None else {value} if isinstance(value, str) else set(value)


def _sum(way: tuple[int | None, int | None]) -> int:
    return (way[0] or 0) + (way[1] or 0)


def _order(way: tuple[int | None, int | None]) -> tuple[int, int, int]:
    return _sum(way), way[0] or 0, way[0] is not None


def _decimal(points: Fraction) -> Decimal:
    return (Decimal(points.numerator) / points.denominator).quantize(_BIT).normalize() + 0
