"""Which candidates are worth a judgment: a quick answer that never leaves out a pair that is no apart.

Theory of operation. What a policy decides depends on each score only through where it lies among a few numbers: the
edges of levels and the constants of the rules. So a score becomes a code: how many of these numbers are below it, and
whether it is one of them. Comparisons stand in a row, the cheap ones first, and the codes that were found lead down a
tree. A node that no codes still to come could bring to review is no node but None, and a candidate that gets there is
dropped; most are after two or three comparisons. The tree grows where it is walked.

All of it runs over lists at a time: for one record the codes of all its candidates come from a dict of its value, in
which what was compared once is remembered.

Names that may have changed places are one step whose code is every way round, so a node holds several paths, and it
lives as long as one of them does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from fractions import Fraction
from itertools import compress, repeat
from operator import getitem
from typing import TYPE_CHECKING, Any

from relex.matching._judge import level_of, score_of
from relex.matching._similarity import FULL, as_decimal
from relex.matching._weights import MatchWeights, log2, taken_off
from relex.rules import AllOf, AnyOf, AtLeast, Leaf, Not, Rule, compile_rule
from relex.scoring import ScoreCard, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.matching._fields import Value
    from relex.matching._judge import Judge
    from relex.matching._policy import MatchPolicy

__all__ = ["Filter", "Gauge", "crossing"]

_BLANK = -1
_RARE = 1000  # codes from here on: the same value, and how rare it is
_REMEMBERED = 1_000_000
_ROWS = 100_000
_FEW = 16


class _Row(dict[Any, int]):
    """The codes of one value against others."""

    __slots__ = ("gauge", "value")

    def __init__(self, gauge: Gauge, value: Value) -> None:
        super().__init__(gauge.usual(value))
        self.gauge, self.value = gauge, value

    def __missing__(self, other: Value) -> int:
        found = self[other] = self.gauge.code(self.value, other)
        return found


class _Same:
    """The codes of one text where only the same text is like it."""

    __slots__ = ("gauge", "value")

    def __init__(self, gauge: Gauge, value: str) -> None:
        self.gauge, self.value = gauge, value

    def __getitem__(self, other: Value) -> int:
        if other is None:
            return self.gauge.one_blank
        if isinstance(other, str):
            return (self.gauge.rare.get(other) or self.gauge.equal) if other == self.value else self.gauge.never
        return self.gauge.code(self.value, other)


class Gauge:
    """One comparison as codes."""

    def __init__(self, judge: Judge, place: int, cuts: Iterable[int]) -> None:
        self.comparison = judge.policy.comparisons[place]
        self.judge, self.place = judge, place
        self.score, self.bound = judge.likeness[place]
        self.edges = judge.edges[place]
        self.cuts = sorted(set(cuts))
        self.lowest = self.cuts[0] if self.cuts else FULL + 1
        self.rows: dict[Value, _Row] = {}
        self.size = 0
        self.never, self.equal = self.code_of(0), self.code_of(FULL)
        self.is_exact = self.comparison.method.name == "exact"
        self.one_blank = _BLANK if self.comparison.blank == "unknown" else self.never
        self.rare = self._rare() if self.comparison.frequency else {}

    def _rare(self) -> dict[str, int]:
        weights = self.judge.policy.weights
        if not isinstance(weights, MatchWeights):
            return {}
        part = next((each for each in weights.parts if each.comparison == self.comparison.name), None)
        known = self.judge.frequencies.get(self.comparison.name, {})
        if part is None:
            return {}
        return {value: _RARE + max(0, int(part.rare(share)) + 1) for value, share in known.items()}

    def row(self, value: Value) -> _Row | _Same:
        """The codes of a value."""
        if self.is_exact and isinstance(value, str):
            return _Same(self, value)
        found = self.rows.get(value)
        if found is None:
            found = self.rows[value] = _Row(self, value)
        return found

    def usual(self, value: Value) -> dict[Value, int]:
        """The codes of a value that are known at once: against nothing, and against itself."""
        if not isinstance(value, str):
            return {}
        return {None: self.one_blank, value: self.rare.get(value) or self.equal}

    def code(self, a: Value, b: Value) -> int:
        """The code of two values that are not the same text."""
        self.size += 1
        if self.bound is not None and isinstance(a, str) and isinstance(b, str) and self.bound(a, b) < self.lowest:
            return 0
        score = score_of(a, b, self.score, self.comparison.blank)
        return _BLANK if score is None else self.code_of(score)

    def code_of(self, score: int) -> int:
        """Where a score lies among the cuts."""
        return bisect_left(self.cuts, score) + bisect_right(self.cuts, score)

    def level(self, code: int) -> int | None:
        """The level of a code, among the cuts as levels."""
        if code == _BLANK:
            return None
        return len(self.cuts) - min(len(self.cuts), (code + 1) // 2)

    def typical(self, code: int) -> int | None:
        """A score of a code."""
        if code == _BLANK:
            return None
        if code >= _RARE:
            return FULL
        below, on = divmod(code, 2)
        if on:
            return self.cuts[below]
        edges = [-1, *self.cuts, FULL + 1]
        return max(0, min(FULL, (edges[below] + edges[below + 1]) // 2))

    def forget(self) -> None:
        """Make room."""
        self.rows.clear()
        self.size = 0


class _Node(dict[Any, Any]):
    """Where the codes so far have led."""

    __slots__ = ("filter", "paths")

    def __init__(self, owner: Filter, paths: tuple[tuple[int, ...], ...]) -> None:
        super().__init__({None: None})  # so that it is never empty, which would be as false as none
        self.filter, self.paths = owner, paths

    def __missing__(self, code: Any) -> _Node | bool | None:
        found = self[code] = self.filter.after(self.paths, code)
        return found


class Filter:
    """The tree of a policy."""

    def __init__(self, judge: Judge, columns: Sequence[Sequence[Value]]) -> None:
        self.policy: MatchPolicy = judge.policy
        rules = [rule for rule in (self.policy.rule, self.policy.review) if rule is not None]
        card = self.policy.weights
        self.points = (
            []
            if card is None or isinstance(card, MatchWeights)
            else [each for each in card.rules if isinstance(each, ScoreRule)]
        )
        cuts = _cuts([*rules, *(each.when for each in self.points)])
        self.gauges = [
            Gauge(judge, place, {*judge.edges[place], *cuts.get(each.name, ())})
            for place, each in enumerate(self.policy.comparisons)
        ]
        self.rules = rules
        self.steps = [step for step in _steps(self.policy) if not self._is_silent(step, columns)]
        self.order = [place for step in self.steps for place in step]
        self.bits = _Bits(self) if isinstance(card, MatchWeights) else None
        self.columns: list[Sequence[Any]] = [
            columns[step[0]] if len(step) == 1 else list(zip(*(columns[place] for place in step), strict=True))
            for step in self.steps
        ]
        self.never = [self.gauges[step[0]].never for step in self.steps]
        self.plain = [
            self.gauges[step[0]].is_exact and len(step) == 1 and not any(value.__class__ is tuple for value in column)
            for step, column in zip(self.steps, self.columns, strict=True)
        ]
        self.root = _Node(self, ((),))

    def _is_silent(self, step: tuple[int, ...], columns: Sequence[Sequence[Value]]) -> bool:
        """Whether nothing is known of a comparison in any record, so that it says nothing."""
        return len(step) == 1 and self.gauges[step[0]].one_blank == _BLANK and not any(columns[step[0]])

    def worthy(self, one: int, others: set[int]) -> list[int]:
        """Those of the candidates that may be more than apart."""
        if len(others) < _FEW:
            return self._few(one, others)
        places, nodes = list(others), None
        for at, column in enumerate(self.columns):
            values = map(column.__getitem__, places)
            if self.plain[at] and column[one] is not None:
                codes = map(self.gauges[self.steps[at][0]].usual(column[one]).get, values, repeat(self.never[at]))
            else:
                codes = map(self._row(at, one).__getitem__, values)
            found = list(map(self.root.__getitem__, codes) if nodes is None else map(getitem, nodes, codes))
            places, nodes = list(compress(places, found)), list(filter(None, found))
            if not places:
                break
        return places

    def _few(self, one: int, others: set[int]) -> list[int]:
        """The same, one by one: for few candidates lists are not worth it."""
        rows: list[Any] = []
        found = []
        for other in others:
            node: Any = self.root
            for at, column in enumerate(self.columns):
                if at == len(rows):
                    rows.append(self._row(at, one))
                node = node[rows[at][column[other]]]
                if node is None:
                    break
            else:
                found.append(other)
        return found

    def _row(self, at: int, one: int) -> Any:
        """The codes of one record at a step."""
        step, value = self.steps[at], self.columns[at][one]
        return self.gauges[step[0]].row(value) if len(step) == 1 else crossing(self.gauges, step, value)

    def tidy(self) -> None:
        """Forget what was compared where that has become too much."""
        for gauge in self.gauges:
            if gauge.size > _REMEMBERED or len(gauge.rows) > _ROWS:
                gauge.forget()

    def after(self, paths: tuple[tuple[int, ...], ...], code: Any) -> _Node | bool | None:
        """Where a code leads: None where nothing can come of it."""
        ways = code if code.__class__ is tuple else ((code,),)
        found = tuple(path for path in dict.fromkeys(p + way for p in paths for way in ways) if self.hopeful(path))
        if not found:
            return None
        return True if len(found[0]) == len(self.order) else _Node(self, found)

    def hopeful(self, path: tuple[int, ...]) -> bool:
        """Whether a pair with these codes may be more than apart."""
        if self.bits is not None and self.bits.most(path) >= self.policy.review_at:
            return True
        if not self.rules and not self.points:
            return False
        known = dict(zip(self.order, path, strict=False))
        facts: dict[str, Decimal | None] = {}
        for place, code in known.items():
            score = self.gauges[place].typical(code)
            facts[self.policy.comparisons[place].name] = None if score is None else as_decimal(score)
        if any(_can(rule, facts, True) for rule in self.rules):
            return True
        return bool(self.points) and self._most_points(facts) >= Fraction(self.policy.review_at)

    def _most_points(self, facts: dict[str, Decimal | None]) -> Fraction:
        """The most that a card may come to; a card with limits is not looked through."""
        card = self.policy.weights
        assert isinstance(card, ScoreCard)  # noqa: S101 - points are a card's
        if card.groups or card.floor is not None or card.cap is not None:
            return Fraction(self.policy.review_at)
        total = Fraction(card.start)
        for each in self.points:
            if each.points > 0:
                total += Fraction(each.points) * _can(each.when, facts, True)
            elif each.when.names <= facts.keys() and compile_rule(each.when)(facts):
                total += Fraction(each.points)
        return total


def crossing(
    gauges: Sequence[Gauge] | Mapping[int, Gauge], step: tuple[int, ...], values: tuple[Value, Value]
) -> _Crossing:
    """The row of two values that may have changed places."""
    return _Crossing(gauges[step[0]], gauges[step[1]], values)


class _Crossing:
    """The codes of two values that may have changed places, every way round."""

    __slots__ = ("one", "other", "rows")

    def __init__(self, first: Gauge, second: Gauge, values: tuple[Value, Value]) -> None:
        one, other = values
        self.rows = first.row(one), second.row(other), second.row(one), first.row(other)

    def __getitem__(self, values: tuple[Value, Value]) -> tuple[tuple[int, int], ...]:
        straight_one, straight_other, crossed_other, crossed_one = self.rows
        one, other = values
        return (
            (straight_one[one], straight_other[other]),
            (straight_one[other], straight_other[one]),
            (crossed_one[one], crossed_other[other]),
        )


class _Bits:
    """The weights of a policy as bounds, in millionths of a bit."""

    def __init__(self, owner: Filter) -> None:
        weights = owner.policy.weights
        assert isinstance(weights, MatchWeights)  # noqa: S101
        self.gauges, self.order = owner.gauges, owner.order
        self.prior = weights.prior_bits
        self.parts = {
            owner.policy.comparisons.index(c): part.bits
            for part in weights.parts
            for c in owner.policy.comparisons
            if c.name == part.comparison
        }
        names = {each.name: place for place, each in enumerate(owner.policy.comparisons)}
        self.shares = tuple(circle.share for circle in weights.circles)
        self.circles = [{names[part.comparison]: part.bits for part in circle.parts} for circle in weights.circles]
        self.slack = -log2(1 - sum(map(Fraction, self.shares), Fraction(0)))
        rare = {place: max(gauge.rare.values(), default=_RARE) - _RARE for place, gauge in enumerate(owner.gauges)}
        best = [max(Decimal(rare[place]), *self.parts.get(place, (Decimal(0),)), Decimal(0)) for place in self.order]
        self.rest = [sum(best[at:], Decimal(0)) for at in range(len(best) + 1)]

    def most(self, path: tuple[int, ...]) -> Decimal:
        """The most that a pair with these codes may come to."""
        total = self.prior + self.rest[len(path)]
        for place, code in zip(self.order, path, strict=False):
            total += self.of(place, code)
        if len(path) < len(self.order):
            return total + self.slack
        return total + taken_off(self.shares, tuple(self._alike(circle, path) for circle in self.circles))

    def _alike(self, circle: dict[int, tuple[Decimal, ...]], path: tuple[int, ...]) -> Decimal:
        total = Decimal(0)
        for place, code in zip(self.order, path, strict=True):
            if code != _BLANK and place in circle:
                gauge = self.gauges[place]
                total += circle[place][level_of(gauge.typical(code) or 0, gauge.edges)]
        return total

    def of(self, place: int, code: int) -> Decimal | int:
        """What a code gives."""
        if code == _BLANK or place not in self.parts:
            return 0
        if code >= _RARE:
            return max(Decimal(code - _RARE), Decimal(0))
        gauge = self.gauges[place]
        score = gauge.typical(code)
        return self.parts[place][level_of(score or 0, gauge.edges)]


def _steps(policy: MatchPolicy) -> list[tuple[int, ...]]:
    """The comparisons in the order in which they are made: cheap ones first, names that may cross together and last."""
    places = {each.name: place for place, each in enumerate(policy.comparisons)}
    crossing = tuple(places[name] for name in policy.transposable)
    steps = [crossing if place in crossing else (place,) for place in range(len(policy.comparisons))]
    return sorted(
        dict.fromkeys(steps), key=lambda step: (len(step), policy.comparisons[step[0]].method.name != "exact")
    )


def _cuts(rules: Iterable[Rule]) -> dict[str, set[int]]:
    """The numbers that rules compare facts with, in millionths; between two millionths no score can lie."""
    found: dict[str, set[int]] = {}
    for rule in rules:
        for part in _walk(rule):
            if isinstance(part, Leaf):
                cuts = found.setdefault(part.fact, set())
                for number in _numbers(part):
                    scaled = number * FULL
                    cuts |= {int(scaled // 1), int(-(-scaled // 1))}
    return found


def _walk(rule: Rule) -> Iterable[Rule]:
    yield rule
    for part in rule.parts:
        yield from _walk(part)


def _numbers(leaf: Leaf) -> list[Fraction]:
    """The constants of a leaf that are numbers."""
    given = [getattr(leaf, name, None) for name in ("constant", "low", "high")]
    return [
        Fraction(each)
        for each in (*given, *getattr(leaf, "choices", ()))
        if isinstance(each, (int, Decimal)) and not isinstance(each, bool) and -1 <= each <= 1
    ]


def _can(rule: Rule, facts: dict[str, Decimal | None], wanted: bool) -> bool:
    """Whether a rule may come out as wanted, whatever the facts are that are not known yet."""
    if isinstance(rule, Not):
        return _can(rule.rule, facts, not wanted)
    if isinstance(rule, (AllOf, AnyOf, AtLeast)):
        likely = sum(_can(part, facts, wanted) for part in rule.rules)
        return likely >= _needed(rule, wanted)
    if rule.names <= facts.keys():
        return compile_rule(rule)(facts) is wanted
    return True


def _needed(rule: AllOf | AnyOf | AtLeast, wanted: bool) -> int:
    """How many parts must come out as wanted for the whole to."""
    size = len(rule.rules)
    needed = size if isinstance(rule, AllOf) else 1 if isinstance(rule, AnyOf) else rule.n
    return needed if wanted else size - needed + 1
