"""Scores as sums: points, decay, then the limits of groups from the innermost out, then those of the card."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex.scoring._definitions import ScoreRule, Silence
from relex.scoring._scores import Contribution, Limited
from relex.scoring._time import elapsed, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from relex.rules import Predicate
    from relex.scoring._definitions import ScoreAdjustment

__all__ = ["Dated", "Scope", "adjusted", "gathered", "limited"]

_NOTHING = Fraction(0)


@attrs.frozen
class Scope:
    """What limits hold in: a group, or the card, which has no name."""

    name: str | None
    floor: int | Decimal | Fraction | None
    cap: int | Decimal | Fraction | None


Dated = tuple["datetime", "Mapping[str, Any]"]


def gathered(
    rules: Sequence[Any],
    tests: Mapping[str, Predicate],
    facts: Mapping[str, Any],
    events: Sequence[Dated],
    as_of: datetime,
) -> list[Contribution]:
    """What each rule and silence gives before any limit, in the order of the card."""
    dates = {
        rule.name: [at for at, event in events if tests[rule.name](event, as_of)]
        for rule in rules
        if isinstance(rule, ScoreRule) and rule.on == "events"
    }
    last = max((at for each in dates.values() for at in each), default=None)
    found: list[Contribution | None] = []
    for rule in rules:
        if isinstance(rule, Silence):
            found.append(_of_silence(rule, last, as_of))
        elif rule.name in dates:
            found.append(_of_events(rule, dates[rule.name], as_of))
        elif tests[rule.name](facts, as_of):
            found.append(_point(rule, rule.name, "rule", 1))
    return [each for each in found if each is not None]


def _of_silence(silence: Silence, last: datetime | None, as_of: datetime) -> Contribution | None:
    if last is None:
        return None
    steps = (elapsed(last, as_of) - span(silence.after)) // span(silence.every)
    return _point(silence, silence.name, "silence", steps) if steps > 0 else None


def _of_events(rule: ScoreRule, dates: Sequence[datetime], as_of: datetime) -> Contribution | None:
    """What the events on which a rule is True give together."""
    counted = [max(dates)] if dates and rule.repeat == "once" else dates
    live = [at for at in counted if _is_live(rule.expires, at, as_of)]
    if not live:
        return None
    plain = _point(rule, rule.name, "rule", len(live))
    if rule.decay is None:
        return plain
    decay = rule.decay
    left = Fraction(rule.points) * sum((decay.factor(at, as_of) for at in live), _NOTHING)
    return attrs.evolve(plain, decayed=left, points=left)


def _is_live(expires: Any, at: datetime, as_of: datetime) -> bool:
    """Whether something dated `at` counts: not in the future, and no older than its expiry (the edge is inside)."""
    age = elapsed(at, as_of)
    return age >= timedelta(0) and (expires is None or age <= span(expires))


def _point(rule: Any, name: str, kind: str, count: int) -> Contribution:
    points = Fraction(rule.points) * count
    return Contribution(name=name, kind=kind, group=rule.group, count=count, raw=points, decayed=points, points=points)


def adjusted(adjustments: Sequence[ScoreAdjustment], as_of: datetime) -> list[Contribution]:
    """The adjustments that count, each a contribution of its own."""
    return [
        attrs.evolve(_point(each, each.by, "adjustment", 1), reason=each.reason)
        for each in adjustments
        if _is_live(each.expires, each.at, as_of)
    ]


def limited(
    contributions: Sequence[Contribution], scopes: Sequence[Scope], lines: Mapping[str, Sequence[str]]
) -> tuple[list[Contribution], list[Limited]]:
    """The contributions after all limits, and the limits that bit.

    Args:
        contributions: Before limits.
        scopes: The groups, innermost first, then the card.
        lines: Each group with its parents, from itself to the top.
    """
    parts, bites = list(contributions), []
    for scope in scopes:
        units = [_unit(place, lines.get(part.group or "", ()), scope.name) for place, part in enumerate(parts)]
        bite = _bite(scope, sum((part.points for part, unit in zip(parts, units, strict=True) if unit != ""), _NOTHING))
        if bite is not None:
            bites.append(bite)
            parts = _moved(parts, units, scope, bite)
    return parts, bites


def _unit(place: int, line: Sequence[str], scope: str | None) -> int | str:
    """What a contribution is part of, seen from a scope: itself, a group just below the scope, or "" if outside."""
    if scope is None:
        return line[-1] if line else place
    if scope not in line:
        return ""
    depth = line.index(scope)
    return line[depth - 1] if depth else place


def _bite(scope: Scope, total: Fraction) -> Limited | None:
    name = scope.name or "card"
    if scope.cap is not None and total > scope.cap:
        return Limited(name=name, limit="cap", at=Fraction(scope.cap), before=total)
    if scope.floor is not None and total < scope.floor:
        return Limited(name=name, limit="floor", at=Fraction(scope.floor), before=total)
    return None


def _moved(
    parts: Sequence[Contribution], units: Sequence[int | str], scope: Scope, bite: Limited
) -> list[Contribution]:
    """The parts of a scope after a limit: the units that carry it too far shrink in proportion.

    A group shrinks as a whole, so that limits around 0 further in still hold. What cannot be carried (a floor above 0
    with nothing to raise) is a contribution of the limit itself.
    """
    excess = bite.before - bite.at
    sums: dict[int | str, Fraction] = {}
    for part, unit in zip(parts, units, strict=True):
        if unit != "":
            sums[unit] = sums.get(unit, _NOTHING) + part.points
    heavy = {unit: points for unit, points in sums.items() if points * excess > 0}
    pool = sum(heavy.values(), _NOTHING)
    kept = max(_NOTHING, 1 - excess / pool) if pool else _NOTHING
    moved = [
        attrs.evolve(part, points=part.points * kept) if unit in heavy else part
        for part, unit in zip(parts, units, strict=True)
    ]
    rest = pool * (1 - kept) - excess
    return [*moved, _of_limit(bite, scope, rest)] if rest else moved


def _of_limit(bite: Limited, scope: Scope, rest: Fraction) -> Contribution:
    return Contribution(name=bite.name, kind="limit", group=scope.name, raw=rest, decayed=rest, points=rest)
