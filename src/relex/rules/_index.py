"""Many rules on one object: which of them are True.

Theory of operation
-------------------
Only the answer True is asked for. A rule joined by `&` is True exactly when each of its conjuncts is, so the conjuncts
of each rule (nested `AllOf` opened up) are sorted into three heaps:

1. *Keys*: `==` and `is_in` on one of at most three facts, those that most rules ask about in this way. For each value
   that some rule lists, a bit mask (an int) says which rules the value lets through; any other value, a missing fact or
   one of a wrong type lets through the rules that do not ask. The rules that are still in play for an object are the
   AND of three masks.
2. *Ranges*: `<`, `<=`, `>`, `>=` and `between` with numbers, on the one fact that most rules ask about in this way.
3. *The rest*, compiled to a predicate, for the rules that have any.

A *cell* is what is left to do for three key values: the points at which the answer changes along the range fact, in
order, and for each stretch between two points the rules whose ranges hold there (found when first asked for). So an
object costs three lookups for its key, one for the cell, one bisection, and the predicates of the few rules that are
left, however many rules there are.

Cells are made when their values are first seen, at the price of three ANDs and a step for each rule still in play, and
are kept in two dicts, bounded in cells and in rules. The first is keyed on the raw values, and is asked only when each
value is exactly of the class that the rules list for its fact: True, 1 and 1.0 are one key in a dict but three values
to a rule. The second is keyed on readings, where a value that no rule lists counts as None; it serves all other values,
and it keeps facts of many values (an id that a few rules ask for) from making cells without end. Both are caches: what
one thread loses to another costs time and changes no answer.

Points split the line just below a number (for `>=` and `<`) or just above it (for `>` and `<=`). If the ranges of a
cell are all of one sort, one bisection finds the stretch. If not, the sum of both bisections does: it is even between
two points and odd on one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from math import inf
from operator import and_
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex.errors import InvalidValue
from relex.rules._compile import compile_rule
from relex.rules._facts import USUAL, Kind, read
from relex.rules._leaves import Between, Compare, IsIn, Leaf
from relex.rules._nodes import AllOf, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from relex.rules._compile import Predicate
    from relex.rules._facts import AsOf, Facts, TypedValue

__all__ = ["RuleSet", "compile_rules"]

_KEYS = 3
_MOST_CELLS = 1024
_MOST_KEPT = 500_000  # rules in play that the cells of one dict may hold together
_MOST_ANSWERED = 16_384  # entries that the answers of one cell may hold together
_NOBODY = ""  # no fact can have this name, so it fills the place of a key that is not needed

_LOWER = frozenset({">=", ">"})
_BOUNDS = frozenset({">=", ">", "<=", "<"})


@attrs.frozen(eq=False, repr=False)
class RuleSet:
    """Many rules that are asked of one object together; made by `compile_rules`.

    Attributes:
        rules: The rules, in the order given.
        matching: `matching(facts, as_of=None)` gives the indices of the rules that answer True, in ascending order, as
            a tuple. The answers are those of `evaluate`, for all facts; arguments are not checked.

    .. versionadded:: 0.1.0
    """

    rules: tuple[Rule, ...]
    matching: Callable[..., tuple[int, ...]]

    def __len__(self) -> int:
        return len(self.rules)

    def __repr__(self) -> str:
        return f"compile_rules({list(self.rules)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_rules, (self.rules,)


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """Many rules as one set that finds those that are True, at a cost that hardly grows with their number.

    Rules that compare facts with `==` or `is_in`, and one number with bounds, joined by `&`, gain most.

    Raises:
        InvalidValue: When one of them is no rule.

    Example:
        >>> from relex.rules import field
        >>> offers = compile_rules([
        ...     (field("tier") == "gold") & (field("total") >= 50),
        ...     field("tier").is_in("gold", "silver"),
        ... ])
        >>> offers.matching({"tier": "gold", "total": 49}), offers.matching({"total": 50})
        ((1,), ())

    .. versionadded:: 0.1.0
    """
    if not isinstance(rules, Iterable):
        raise InvalidValue("compile_rules.rules", rules, "an iterable of Rule")
    listed = tuple(rules)
    for index, rule in enumerate(listed):
        if not isinstance(rule, Rule):
            raise InvalidValue(f"compile_rules.rules[{index}]", rule, "a Rule")
    return RuleSet(listed, _matcher(_Index.over(listed)))


class _Cell(NamedTuple):
    """What is left to do once the key values are known."""

    cut: Callable[[Sequence[Any], Any], int] | None
    points: Sequence[Any]
    answers: Mapping[int, tuple[Any, ...]]  # by stretch; -1 when the number is not known
    checked: bool  # whether an answer is made of (index, predicate or None), and not of indices


class _Key(NamedTuple):
    """Which rules each value of one fact lets through, as bit masks."""

    fact: str
    cls: type
    masks: dict[TypedValue, int]
    others: int


class _Candidate(NamedTuple):
    """What is left of one rule once its keys hold."""

    number: int
    ranges: tuple[tuple[str, Any], ...]
    rest: Predicate | None


class _Index(NamedTuple):
    """The rules sorted into keys, ranges and rest."""

    keys: tuple[_Key, _Key, _Key]
    measure: str
    candidates: tuple[_Candidate, ...]

    @classmethod
    def over(cls, rules: tuple[Rule, ...]) -> _Index:
        """Sort the conjuncts of all rules."""
        split = [tuple(_conjuncts(rule)) for rule in rules]
        facts = _most_asked(split, _listing, _KEYS)
        measure = _most_asked(split, _ranges, 1, but=facts)[0]
        keys = tuple(_key(fact, split) for fact in facts)
        return cls(keys, measure, tuple(_candidate(i, parts, facts, measure) for i, parts in enumerate(split)))  # type: ignore[arg-type]


def _conjuncts(rule: Rule) -> Iterator[Rule]:
    if isinstance(rule, AllOf):
        for part in rule.rules:
            yield from _conjuncts(part)
    else:
        yield rule


def _listing(rule: Rule) -> frozenset[TypedValue]:
    """The values that a rule lists, when listing values is all it does."""
    if isinstance(rule, IsIn):
        return rule.readings
    return frozenset({rule.reading}) if isinstance(rule, Compare) and rule.op == "==" else frozenset()


def _ranges(rule: Rule) -> tuple[tuple[str, Any], ...]:
    """The bounds that a rule sets to a number, when that is all it does."""
    if isinstance(rule, Between) and rule.range[0] is Kind.NUMBER:
        return ((">=", rule.range[1]), ("<=", rule.range[2]))
    if isinstance(rule, Compare) and rule.op in _BOUNDS and rule.reading[0] is Kind.NUMBER:
        return ((rule.op, rule.reading[1]),)
    return ()


def _most_asked(
    split: list[tuple[Rule, ...]], asked: Callable[[Rule], object], most: int, but: Sequence[str] = ()
) -> tuple[str, ...]:
    """The facts that most conjuncts ask about in one way, filled up with the name of no fact."""
    counts = Counter(
        part.fact
        for parts in split
        for part in parts
        if isinstance(part, Leaf) and part.fact not in but and asked(part)
    )
    ranked = sorted(counts, key=lambda fact: (-counts[fact], fact))
    return tuple([*ranked[:most], *[_NOBODY] * most][:most])


def _key(fact: str, split: list[tuple[Rule, ...]]) -> _Key:
    masks: dict[TypedValue, int] = {}
    others = 0
    for index, parts in enumerate(split):
        listings = [
            listing for part in parts if isinstance(part, Leaf) and part.fact == fact and (listing := _listing(part))
        ]
        if not listings:
            others |= 1 << index
        for reading in reduce(and_, listings) if listings else ():
            masks[reading] = masks.get(reading, 0) | 1 << index
    kinds = Counter(kind for kind, _ in masks)
    cls = USUAL.get(kinds.most_common(1)[0][0], type(None)) if kinds else type(None)
    return _Key(fact, cls, {reading: mask | others for reading, mask in masks.items()}, others)


def _candidate(index: int, parts: tuple[Rule, ...], keys: tuple[str, ...], measure: str) -> _Candidate:
    left = [part for part in parts if not (isinstance(part, Leaf) and part.fact in keys and _listing(part))]
    ranging = [part for part in left if isinstance(part, Leaf) and part.fact == measure and _ranges(part)]
    rest = [part for part in left if part not in ranging]
    ranges = tuple(bound for part in ranging for bound in _ranges(part))
    return _Candidate(index, ranges, _predicate(rest))


def _predicate(rules: list[Rule]) -> Predicate | None:
    if not rules:
        return None
    return compile_rule(rules[0] if len(rules) == 1 else AllOf(*rules))


def _matcher(index: _Index) -> Callable[..., tuple[int, ...]]:
    """The function that walks the index."""
    (fact1, class1, _, _), (fact2, class2, _, _), (fact3, class3, _, _) = index.keys
    measure = index.measure
    cells = _Cells()
    cell_of = _cell_maker(index)

    def matching(facts: Facts, as_of: AsOf = None) -> tuple[int, ...]:
        get = facts.get
        key = value1, value2, value3 = get(fact1), get(fact2), get(fact3)
        if value1.__class__ is class1 and value2.__class__ is class2 and value3.__class__ is class3:
            cell = cells.get(key)
            if cell is None:
                cell = _kept(cells, key, cell_of(key))
        else:
            cell = cell_of(key)
        cut, points, answers, checked = cell
        if cut is None:
            found = answers[0]
        else:
            number = get(measure)
            if number.__class__ is not int:
                number = _number(number)
            found = answers[-1 if number is None else cut(points, number)]
        if checked:
            return tuple([i for i, rest in found if rest is None or rest(facts, as_of) is True])
        return found

    return matching


def _number(found: object) -> Any:
    """The plain number that was found; None when there is none."""
    if found.__class__ is Decimal:
        return found if found.is_finite() else None  # pyright: ignore[reportAttributeAccessIssue] - a Decimal
    seen = read(found)
    return seen[1] if seen is not None and seen[0] is Kind.NUMBER else None


def _cell_maker(index: _Index) -> Callable[[tuple[Any, ...]], _Cell]:
    cells = _Cells()

    def cell_of(values: tuple[Any, ...]) -> _Cell:
        key = tuple([_listed(key, value) for key, value in zip(index.keys, values, strict=True)])
        cell = cells.get(key)
        return _kept(cells, key, _cell(index, key)) if cell is None else cell

    return cell_of


def _listed(key: _Key, value: object) -> TypedValue | None:
    seen = read(value)
    return seen if seen in key.masks else None


class _Cells(dict[Any, _Cell]):
    """Cells by their key, and how many rules in play they hold together."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        super().__init__()
        self.held = 0


def _kept(cells: _Cells, key: object, cell: _Cell) -> _Cell:
    answers = cell.answers
    size = len(answers.spans) if isinstance(answers, _Stretches) else len(answers[0])
    if len(cells) >= _MOST_CELLS or cells.held + size > _MOST_KEPT:
        cells.clear()
        cells.held = 0
    cells.held += size
    cells[key] = cell
    return cell


def _cell(index: _Index, readings: tuple[TypedValue | None, ...]) -> _Cell:
    masks = [key.others if seen is None else key.masks[seen] for key, seen in zip(index.keys, readings, strict=True)]
    candidates = [index.candidates[bit] for bit in _bits(reduce(and_, masks))]
    checked = any(candidate.rest is not None for candidate in candidates)
    items = [(each.number, each.rest) if checked else each.number for each in candidates]
    bounds = [bound for candidate in candidates for bound in candidate.ranges]
    if not bounds:
        return _Cell(None, (), {0: tuple(items)}, checked)
    points = sorted({value for _, value in bounds})
    cut, step = _cut({op for op, _ in bounds})
    spans = [(*_span(each.ranges, points, step), item) for each, item in zip(candidates, items, strict=True)]
    return _Cell(cut, points, _Stretches(spans), checked)


class _Stretches(dict[int, tuple[Any, ...]]):
    """The answers along the range fact, each made when its stretch is first asked for."""

    __slots__ = ("most", "spans")

    def __init__(self, spans: list[tuple[int, float, Any]]) -> None:
        super().__init__()
        self.spans = spans
        self.most = _MOST_ANSWERED // len(spans)

    def __missing__(self, stretch: int) -> tuple[Any, ...]:
        answer = tuple([item for first, last, item in self.spans if first <= stretch <= last])
        if len(self) < self.most:
            self[stretch] = answer
        return answer


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _cut(ops: set[str]) -> tuple[Callable[[Sequence[Any], Any], int], int]:
    """How the stretch of a number is found, and how many stretches one point adds."""
    if ops <= {">=", "<"}:
        return bisect_right, 1
    return (bisect_left, 1) if ops <= {">", "<="} else (_both, 2)


def _both(points: Sequence[Any], number: Any) -> int:
    return bisect_left(points, number) + bisect_right(points, number)


def _span(ranges: tuple[tuple[str, Any], ...], points: list[Any], step: int) -> tuple[int, float]:
    """The first and the last stretch where all ranges hold; without ranges the unknown number is one of them."""
    first, last = (0, inf) if ranges else (-1, inf)
    for op, value in ranges:
        at = step * bisect_left(points, value)
        if op in _LOWER:
            first = max(first, at + step if op == ">" else at + 1)
        else:
            last = min(last, at + step - 1 if op == "<=" else at)
    return first, last
