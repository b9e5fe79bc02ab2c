"""What an occasion earns: exact awards, chosen, multiplied, rounded once, cut by caps, explained.

Theory of operation. An exact award is a row of numerators over one denominator, one for each line that it is attributed
to; nothing is rounded before step 6, and no Fraction is made, because ints over a common denominator add in a tenth of
the time. The steps are those of the specification, in its order: eligible lines, matching lines, exact awards, the
choice in each group, multipliers, one rounding for each points currency, caps.

Rules are walked by priority (high first), then by id, so the order in which they were written changes nothing.
"""

from __future__ import annotations

from math import lcm, prod
from typing import TYPE_CHECKING, Any, NamedTuple

from relex.loyalty._exact import decimal_of, shared_out
from relex.loyalty._occasions import number
from relex.loyalty._rules import Choose, Flat, Multiply, Stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.loyalty._breakdown import AwardRow
    from relex.loyalty._plan import KindPlan, Plan, Ready

__all__ = ["Given", "Judged", "award_rows", "awards_of", "judged", "sole_award"]


_WHOLE = (0,)


class Row(NamedTuple):
    """What one rule gives: numerators over a denominator, aligned to places of lines."""

    ready: Ready
    places: Sequence[int]
    parts: list[int]
    denominator: int

    def exact(self) -> int:
        """The numerator of the sum."""
        return sum(self.parts)


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
    refused = [
        (ready.id, f"unknown:{unknown[place]}") if place in unknown else ready.not_matched
        for place, ready in enumerate(kind.ready)
        if place not in found
    ]
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
        for line, (matching, undecided) in zip(eligible, kind.lines.answers(reading, facts, eligible), strict=True):
            for place in matching:
                found.setdefault(place, []).append(line)
            for place, name in undecided:
                unknown.setdefault(place, name)


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
    if len(rows) > 1:
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
        (numerator,), denominator = row.parts, row.denominator
    currency = ready.gives[0]
    points = plan.currencies[currency]
    total = points.rounding.divide(numerator * 10**points.scale, denominator)
    group = ready.rule.group
    return ready.id, currency, group, numerator, denominator, total, total, None, ((0, total),)


def _exact_award(
    ready: Ready, places: Sequence[int], reading: Any, facts: Mapping[str, Any], refused: list[tuple[str, str]]
) -> Row | None:
    """Step 3, for one rule; None when it does not fire, with the reason added."""
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
) -> tuple[Sequence[int], list[int], int, int]:
    """The lines that count, their weights, and the sum of the fact with its scale."""
    if ready.by_line and ready.kind is not Flat:
        values, scale = reading.values(ready.of)
        if None in values:
            places = [place for place in places if values[place] is not None]
        weights = [values[place] for place in places]
        return places, weights, sum(weights), scale
    weights = [reading.nets[place] for place in places]
    if ready.kind is Flat:
        return places, weights, sum(weights), 10**reading.digits
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


def _attributed(ready: Ready, places: Sequence[int], weights: list[int], numerator: int, denominator: int) -> Row:
    if len(places) == 1:
        return Row(ready, places, [numerator], denominator)
    if min(weights) < 0:
        weights = [max(weight, 0) for weight in weights]
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    return Row(ready, places, [numerator * weight for weight in weights], denominator * whole)


def _chosen(plan: Plan, rows: list[Row], refused: list[tuple[str, str]]) -> list[Row]:
    """Step 4: which of the rules that fire count, group by group."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.ready.rule.group, []).append(row)
    kept: set[int] = set()
    for name, members in groups.items():
        winners, by = _winners(plan, name, members)
        kept.update(id(row) for row in winners)
        refused.extend((row.ready.id, f"shut_out_by:{by}") for row in members if row not in winners)
    return [row for row in rows if id(row) in kept]


def _winners(plan: Plan, name: str, members: list[Row]) -> tuple[list[Row], str]:
    group = plan.groups.get(name)
    choose = Choose.ALL if group is None else group.choose
    if choose is Choose.FIRST:
        return members[:1], members[0].ready.id
    if choose is Choose.BEST:
        best = members[0]
        for row in members[1:]:
            if row.exact() * best.denominator > best.exact() * row.denominator:
                best = row
        return [best], best.ready.id
    for row in members:
        if row.ready.rule.stacking is Stack.ALONE:
            return [row], row.ready.id
    for place, row in enumerate(members):
        if row.ready.rule.stacking is Stack.STOP:
            return members[: place + 1], row.ready.id
    return members, ""


def _rounded(plan: Plan, points: Any, rows: list[Row], multipliers: list[tuple[Ready, Sequence[int]]]) -> list[Given]:
    """Steps 5 and 6 in one points currency."""
    common = rows[0].denominator if len(rows) == 1 else lcm(*[row.denominator for row in rows])
    if multipliers:
        common *= prod([ready.points[1] for ready, _ in multipliers])
        rows = [Row(row.ready, row.places, _over(row, common, 1), common) for row in rows]
        rows = _in_order(rows + _bonuses(plan, rows, multipliers, common))
    factor = 10**points.scale
    parts = [_over(row, common, factor) for row in rows]
    exact = [sum(mine) for mine in parts]
    total = max(0, points.rounding.divide(sum(exact), common))
    given = []
    # By rule first and then by line, so that an award of a whole number of points is never told as another number.
    for row, mine, desired in zip(rows, parts, shared_out(total, exact, common), strict=True):
        spread = shared_out(desired, mine, common)
        given.append(Given(row.ready, points.id, row.places, spread, (sum(row.parts), row.denominator), desired))
    return given


def _over(row: Row, common: int, factor: int) -> list[int]:
    """The numerators over a common denominator, times a factor."""
    times = common // row.denominator * factor
    return row.parts if times == 1 else [part * times for part in row.parts]


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.ready.rule.priority, row.ready.id))


def _bonuses(plan: Plan, rows: list[Row], multipliers: list[tuple[Ready, Sequence[int]]], common: int) -> list[Row]:
    """Step 5: what multipliers add to, or take from, what their groups gave on each line."""
    policy = plan.program.multipliers
    gave = _by_group_and_line(rows)
    running = dict(gave)
    left = dict(gave)
    best = _best_factors(multipliers, gave) if policy == "best" else {}
    found = []
    for ready, places in multipliers:
        bonus, unit = ready.points
        parts = []
        for place in places:
            part = 0
            for group in ready.rule.award.groups:  # type: ignore[union-attr]  # these are multipliers
                key = (group, place)
                if key not in gave or (best and best[key] != ready.id):
                    continue
                base = running[key] if policy == "product" else gave[key]
                added = max(base * bonus // unit, -left[key])
                running[key] += added
                left[key] += added
                part += added
            parts.append(part)
        if any(parts):
            found.append(Row(ready, places, parts, common))
    return found


def _by_group_and_line(rows: list[Row]) -> dict[tuple[str, int], int]:
    gave: dict[tuple[str, int], int] = {}
    for row in rows:
        group = row.ready.rule.group
        for place, part in zip(row.places, row.parts, strict=True):
            gave[group, place] = gave.get((group, place), 0) + part
    return gave


def _best_factors(multipliers: list[tuple[Ready, Sequence[int]]], gave: Mapping[Any, int]) -> dict[Any, str]:
    best: dict[Any, Ready] = {}
    for ready, places in multipliers:
        for group in ready.rule.award.groups:  # type: ignore[union-attr]  # these are multipliers
            for place in places:
                key = (group, place)
                other = best.get(key)
                if key in gave and (
                    other is None or ready.points[0] * other.points[1] > other.points[0] * ready.points[1]
                ):
                    best[key] = ready
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
        lines = tuple([(numbers[at], part) for at, part in zip(each.places, points, strict=True)])
        rule, (top, bottom) = each.ready, each.exact
        found.append((rule.id, each.currency, rule.rule.group, top, bottom, each.desired, granted, cap, lines))
    return tuple(found)
