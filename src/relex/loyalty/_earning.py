"""What an occasion earns: exact awards, chosen, multiplied, rounded once, cut by caps, explained.

Theory of operation. An exact award is a row of numerators over one denominator, one for each line that it is attributed
to; nothing is rounded before step 6, and no Fraction is made, because ints over a common denominator add in a tenth of
the time. The steps are those of the specification, in its order: eligible lines, matching lines, exact awards, the
choice in each group, multipliers, one rounding for each points currency, caps.

Rules are walked by priority (high first), then by id, so the order in which they were written changes nothing.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm, prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from relex.loyalty._exact import decimal_of, shared_out
from relex.loyalty._occasions import number
from relex.loyalty._rules import Choose, Flat, Multiply
from relex.loyalty._stacking import winners

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.loyalty._breakdown import AwardRow
    from relex.loyalty._plan import KindPlan, Plan, Ready
    from relex.loyalty._rules import Stack

__all__ = ["Given", "Judged", "award_rows", "awards_of", "judged", "sole_award"]


_WHOLE = (0,)
_NOTHING: Mapping[int, int] = MappingProxyType({})


class Row(NamedTuple):
    """What one rule gives: an exact number, in all and by line.

    Attributes:
        ready: The rule.
        places: Of the lines.
        parts: Numerators aligned to `places`.
        bottom: Their denominator.
        numerator: Of the sum.
        denominator: Of the sum; far smaller than `bottom`, so sums over rules stay quick.
    """

    ready: Ready
    places: Sequence[int]
    parts: Sequence[int]
    bottom: int
    numerator: int
    denominator: int


class Given(NamedTuple):
    """A row after rounding: points aligned to places, in one currency."""

    ready: Ready
    currency: str
    places: Sequence[int]
    points: list[int]
    exact: tuple[int, int]
    desired: int


class Judged(NamedTuple):
    """The lines that each rule matches, and why the others do not."""

    matches: list[tuple[Ready, Sequence[int]]]
    refused: list[tuple[str, str]]
    ineligible: list[tuple[int, str]]


def judged(kind: KindPlan, reading: Any, facts: dict[str, Any]) -> Judged:
    """Steps 1 and 2: eligible lines, and the matching lines of each rule in force."""
    if kind.unconditional and reading.whole:
        return Judged([(ready, _WHOLE) for ready in kind.ready], [], [])
    eligible, ineligible = _eligible(kind, reading, facts)
    if kind.wants_eligible:
        facts["purchase.eligible"] = decimal_of(sum([reading.nets[place] for place in eligible]), reading.digits)
    found: dict[int, Any] = {}
    unknown: dict[int, str] = {}
    if eligible:
        found = dict.fromkeys(kind.always, eligible)
        _match(kind, reading, facts, eligible, found, unknown)
    rows: Any = kind.not_matched
    if unknown:
        rows = list(rows)
        for place, name in unknown.items():
            rows[place] = (kind.ready[place].id, f"unknown:{name}")
    refused = [row for place, row in enumerate(rows) if place not in found]
    return Judged([(kind.ready[place], found[place]) for place in sorted(found)], refused, ineligible)


def _eligible(kind: KindPlan, reading: Any, facts: Mapping[str, Any]) -> tuple[Sequence[int], list[tuple[int, str]]]:
    places = range(len(reading.lines))
    if reading.whole:
        return places, []
    reasons = kind.eligibility.answers(reading, facts, places)
    if not any(reasons):
        return places, []
    left = [(reading.numbers[place], reason) for place, reason in enumerate(reasons) if reason]
    return [place for place in places if not reasons[place]], left


def _match(
    kind: KindPlan,
    reading: Any,
    facts: Mapping[str, Any],
    eligible: Sequence[int],
    found: dict[int, Any],
    unknown: dict[int, str],
) -> None:
    """Ask the rules about the whole once, and those about lines of each eligible line."""
    if kind.on_whole.places:
        matching, undecided = kind.on_whole.verdict(facts, reading.at)
        found.update(dict.fromkeys(matching, eligible))
        unknown.update(undecided)
    if kind.on_line.places:
        lined: dict[int, list[int]] = {}
        for line, (matching, undecided) in zip(eligible, kind.lines.answers(reading, facts, eligible), strict=True):
            for place in matching:
                if place in lined:
                    lined[place].append(line)
                else:
                    lined[place] = [line]
            for place, name in undecided:
                unknown.setdefault(place, name)
        found.update(lined)


def awards_of(plan: Plan, reading: Any, facts: Mapping[str, Any], found: Judged) -> list[Given]:
    """Steps 3 to 6: exact awards, the choice, multipliers, rounding; refusals are added to `found`."""
    rows, multipliers = [], []
    for ready, places in found.matches:
        if ready.kind is Multiply:
            multipliers.append((ready, places))
            continue
        row = _exact_award(ready, places, reading, facts, found.refused)
        if row is not None:
            rows.append(row)
    if plan.choosing and len(rows) > 1:
        rows = _chosen(plan, rows, found.refused)
    given: list[Given] = []
    for currency, points in plan.currencies.items():
        mine = [row for row in rows if currency in row.ready.gives]
        if mine:
            bonuses = [pair for pair in multipliers if currency in pair[0].gives]
            given += _rounded(plan, points, mine, bonuses)
    if multipliers:
        gave = {each.ready.id for each in given}
        found.refused.extend([ready.nothing for ready, _ in multipliers if ready.id not in gave])
    return given


def sole_award(
    plan: Plan, ready: Ready, reading: Any, facts: Mapping[str, Any], refused: list[tuple[str, str]]
) -> AwardRow | None:
    """Steps 3 to 6 for the one rule that matches an occasion without lines; the same numbers with less ado."""
    if ready.kind is Flat and ready.minimum is None:
        numerator, denominator = ready.points
    else:
        row = _exact_award(ready, _WHOLE, reading, facts, refused)
        if row is None:
            return None
        numerator, denominator = row.numerator, row.denominator
    currency = ready.gives[0]
    points = plan.currencies[currency]
    total = points.rounding.divide(numerator * 10**points.scale, denominator)
    group = ready.rule.group
    return ready.id, currency, group, numerator, denominator, total, total, None, ((0, total),)


def _exact_award(
    ready: Ready, places: Sequence[int], reading: Any, facts: Mapping[str, Any], refused: list[tuple[str, str]]
) -> Row | None:
    """Step 3, for one rule; None when it does not fire, with the reason added."""
    if reading.typed and ready.on_net:
        weights: Sequence[int] = reading.nets
        if len(places) < len(weights):
            weights = [weights[place] for place in places]
        amount, scale = sum(weights), reading.unit
    else:
        places, weights, amount, scale = _summed(ready, places, reading, facts)
        if not places:
            refused.append((ready.id, f"unknown:{ready.of}"))
            return None
    if ready.minimum is not None and amount * ready.minimum[1] < ready.minimum[0] * scale:
        refused.append((ready.id, "below_minimum"))
        return None
    numerator, denominator = _value(ready, amount, scale)
    if numerator <= 0:
        refused.append(ready.nothing)
        return None
    return _attributed(ready, places, weights, numerator, denominator)


def _summed(
    ready: Ready, places: Sequence[int], reading: Any, facts: Mapping[str, Any]
) -> tuple[Sequence[int], Sequence[int], int, int]:
    """The lines that count, their weights, and the sum of the fact with its scale."""
    if ready.by_line and ready.kind is not Flat:
        values, scale = reading.values(ready.of)
        if None in values:
            places = [place for place in places if values[place] is not None]
        weights = [values[place] for place in places]
        return places, weights, sum(weights), scale
    weights = [reading.nets[place] for place in places]
    if ready.kind is Flat:
        return places, weights, sum(weights), reading.unit
    amount, scale = number(facts.get(ready.of))
    return ((), [], 0, 1) if amount is None else (places, weights, amount, scale)


def _value(ready: Ready, amount: int, scale: int) -> tuple[int, int]:
    points, unit = ready.points
    if ready.kind is Flat:
        return points, unit
    per, part = ready.step
    if ready.whole:
        return amount * part // (scale * per) * points, unit
    return amount * part * points, scale * per * unit


def _attributed(ready: Ready, places: Sequence[int], weights: Sequence[int], numerator: int, denominator: int) -> Row:
    if len(places) == 1:
        return Row(ready, places, (numerator,), denominator, numerator, denominator)
    if min(weights) < 0:
        weights = [max(weight, 0) for weight in weights]
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts = [numerator * weight for weight in weights]
    return Row(ready, places, parts, denominator * whole, numerator, denominator)


def _chosen(plan: Plan, rows: list[Row], refused: list[tuple[str, str]]) -> list[Row]:
    """Step 4: which of the rules that fire count, group by group."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.ready.rule.group, []).append(row)
    changed: dict[str, Row] = {}
    lost: set[str] = set()
    for name, members in groups.items():
        group = plan.groups.get(name)
        choose = Choose.ALL if group is None else group.choose
        if choose is Choose.BEST_PER_LINE:
            won: Sequence[Row] = _best_of_lines(members)
            last = None
            changed |= {row.ready.id: row for row in won}
        else:
            won, last = winners(choose, members, _stacking, _exceeds)
        if len(won) == len(members):
            continue
        kept = {row.ready.id for row in won}
        losers = [row for row in members if row.ready.id not in kept]
        lost.update(row.ready.id for row in losers)
        refused += [(row.ready.id, f"shut_out_by:{(last or _first_on(won, row)).ready.id}") for row in losers]
    return [changed.get(row.ready.id, row) for row in rows if row.ready.id not in lost]


def _stacking(row: Row) -> Stack:
    return row.ready.rule.stacking


def _exceeds(one: Row, other: Row) -> bool:
    return one.numerator * other.denominator > other.numerator * one.denominator


def _first_on(won: Sequence[Row], lost: Row) -> Row:
    """Who gives more on the first line of a rule that gives most on none."""
    return next(row for row in won if lost.places[0] in row.places)


def _best_of_lines(members: list[Row]) -> list[Row]:
    """What each rule gives on the lines where it gives most."""
    best: dict[int, tuple[int, int, Ready]] = {}
    for row in members:
        for place, part in zip(row.places, row.parts, strict=True):
            known = best.get(place)
            if known is None or part * known[1] > known[0] * row.bottom:
                best[place] = (part, row.bottom, row.ready)
    found = []
    for row in members:
        own = [(place, part) for place, part in zip(row.places, row.parts, strict=True) if best[place][2] is row.ready]
        if own:
            places, parts = [place for place, _ in own], [part for _, part in own]
            exact = Fraction(sum(parts), row.bottom)
            found.append(Row(row.ready, places, parts, row.bottom, exact.numerator, exact.denominator))
    return found


def _rounded(plan: Plan, points: Any, rows: list[Row], multipliers: list[tuple[Ready, Sequence[int]]]) -> list[Given]:
    """Steps 5 and 6 in one points currency."""
    if multipliers:
        rows = sorted(rows + _bonuses(plan, rows, multipliers), key=_order)
    common = rows[0].denominator if len(rows) == 1 else lcm(*[row.denominator for row in rows])
    factor = 10**points.scale
    exact = [row.numerator * (common // row.denominator) * factor for row in rows]
    total = max(0, points.rounding.divide(sum(exact), common))
    given = []
    # By rule first and then by line, so that an award of a whole number of points is never told as another number.
    for row, desired in zip(rows, shared_out(total, exact, common), strict=True):
        spread = [desired] if len(row.places) == 1 else shared_out(desired, _times(row.parts, factor), row.bottom)
        given.append(Given(row.ready, points.id, row.places, spread, (row.numerator, row.denominator), desired))
    return given


def _times(parts: Sequence[int], factor: int) -> Sequence[int]:
    return parts if factor == 1 else [part * factor for part in parts]


def _order(row: Row) -> tuple[int, str]:
    return row.ready.order


def _bonuses(plan: Plan, rows: list[Row], multipliers: list[tuple[Ready, Sequence[int]]]) -> list[Row]:
    """Step 5: what multipliers add to, or take from, what their groups gave on each line."""
    policy = plan.program.multipliers
    common = lcm(*[row.bottom for row in rows]) * prod([ready.points[1] for ready, _ in multipliers])
    gave = _by_group_and_line(rows, common)
    if policy == "sum" and all(ready.points[0] > 0 for ready, _ in multipliers):
        rows = [_bonus(ready, places, _sole_parts(ready, places, gave), common) for ready, places in multipliers]
    else:
        rows = _limited_bonuses(policy, multipliers, gave, common)
    return [row for row in rows if any(row.parts)]


def _sole_parts(ready: Ready, places: Sequence[int], gave: Mapping[str, Mapping[int, int]]) -> list[int]:
    """What a multiplier adds when nothing that another one does matters to it."""
    bonus, unit = ready.points
    rows = []
    for group in ready.rule.award.groups:  # type: ignore[union-attr]  # these are multipliers
        lines = gave.get(group, _NOTHING)
        rows.append([lines.get(place, 0) * bonus // unit for place in places])
    return rows[0] if len(rows) == 1 else list(map(sum, zip(*rows, strict=True)))


def _bonus(ready: Ready, places: Sequence[int], parts: list[int], common: int) -> Row:
    whole = sum(parts)
    shared = gcd(whole, common)
    return Row(ready, places, parts, common, whole // shared, common // shared)


def _limited_bonuses(
    policy: str, multipliers: list[tuple[Ready, Sequence[int]]], gave: Mapping[str, Mapping[int, int]], common: int
) -> list[Row]:
    """What multipliers add or take one after the other; nothing is taken below 0."""
    running = {group: dict(lines) for group, lines in gave.items()} if policy == "product" else gave
    left = {group: dict(lines) for group, lines in gave.items()}
    best = _best_factors(multipliers, gave) if policy == "best" else None
    if policy == "sum":  # what is added first leaves more to take, so that the order of the rules does not matter
        multipliers = sorted(multipliers, key=_takes)
    found = []
    for ready, places in multipliers:
        parts = [0] * len(places)
        for group in ready.rule.award.groups:  # type: ignore[union-attr]  # these are multipliers
            if group in gave:
                mine = places if best is None else [place for place in places if best.get((group, place)) == ready.id]
                added = _multiplied(ready, mine, running[group], left[group])
                if policy == "product":
                    _add(running[group], added)  # type: ignore[arg-type]  # a copy of its own
                _add(left[group], added)
                parts = [part + added.get(place, 0) for part, place in zip(parts, places, strict=True)]
        found.append(_bonus(ready, places, parts, common))
    return found


def _takes(multiplier: tuple[Ready, Sequence[int]]) -> bool:
    return multiplier[0].points[0] < 0


def _multiplied(
    ready: Ready, places: Sequence[int], running: Mapping[int, int], left: Mapping[int, int]
) -> dict[int, int]:
    """What a multiplier makes of what one group gave on each of these lines."""
    bonus, unit = ready.points
    added = {place: running[place] * bonus // unit for place in places if place in running}
    if bonus < 0:
        return {place: max(part, -left[place]) for place, part in added.items()}
    return added


def _add(lines: dict[int, int], added: Mapping[int, int]) -> None:
    for place, part in added.items():
        lines[place] += part


def _by_group_and_line(rows: list[Row], common: int) -> dict[str, dict[int, int]]:
    gave: dict[str, dict[int, int]] = {}
    for row in rows:
        times = common // row.bottom
        group = row.ready.rule.group
        lines = gave.get(group)
        if lines is None:
            gave[group] = dict(zip(row.places, [part * times for part in row.parts], strict=True))
            continue
        for place, part in zip(row.places, row.parts, strict=True):
            lines[place] = lines.get(place, 0) + part * times
    return gave


def _best_factors(multipliers: list[tuple[Ready, Sequence[int]]], gave: Mapping[str, Any]) -> dict[Any, str]:
    best: dict[Any, Ready] = {}
    for ready, places in multipliers:
        for group in ready.rule.award.groups:  # type: ignore[union-attr]  # these are multipliers
            lines = gave.get(group, ())
            for place in places:
                other = best.get((group, place))
                if place in lines and (
                    other is None or ready.points[0] * other.points[1] > other.points[0] * ready.points[1]
                ):
                    best[group, place] = ready
    return {key: ready.id for key, ready in best.items()}


def award_rows(
    given: list[Given], numbers: Sequence[int], cut: Mapping[int, tuple[list[int], str | None]]
) -> tuple[AwardRow, ...]:
    """The rows of the breakdown; `cut` has what caps left, by place in `given`."""
    found: list[AwardRow] = []
    for place, each in enumerate(given):
        points, granted, cap = each.points, each.desired, None
        if place in cut:
            points, cap = cut[place]
            granted = sum(points)
        named = numbers if len(each.places) == len(numbers) else [numbers[at] for at in each.places]
        lines = tuple(zip(named, points, strict=True))
        rule, (top, bottom) = each.ready, each.exact
        found.append((rule.id, each.currency, rule.rule.group, top, bottom, each.desired, granted, cap, lines))
    return tuple(found)
