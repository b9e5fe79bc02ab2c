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

    from relex.rules import Predicate
    from relex.scoring._definitions import ScoreAdjustment, ScoreGroup

__all__ = ["Dated", "adjusted", "gathered", "limited"]

_NOTHING = Fraction(0)

Dated = tuple["datetime", "Mapping[str, Any]"]


def gathered(
    rules: Sequence[Any],
    tests: Mapping[str, Predicate],
    facts: Mapping[str, Any],
    events: Sequence[Dated],
    as_of: datetime,
) -> list[Contribution]:
    """What each rule and silence gives before any limit, in the order of the card."""
    found: list[Contribution | None] = []
    last: datetime | None = None
    for rule in rules:
        if isinstance(rule, Silence):
            found.append(None)
        elif rule.on == "facts":
            found.append(_point(rule, rule.name, "rule", 1) if tests[rule.name](facts, as_of) else None)
        else:
            dates = [at for at, event in events if tests[rule.name](event, as_of)]
            last = max([last, *dates] if last else dates, default=None)
            found.append(_of_events(rule, dates, as_of))
    for place, rule in enumerate(rules):
        if isinstance(rule, Silence) and last is not None:
            steps = (elapsed(last, as_of) - span(rule.after)) // span(rule.every)
            found[place] = _point(rule, rule.name, "silence", steps) if steps > 0 else None
    return [each for each in found if each is not None]


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
    contributions: Sequence[Contribution], scopes: Sequence[tuple[Any, frozenset[str | None]]]
) -> tuple[list[Contribution], list[Limited]]:
    """The contributions after all limits, and the limits that bit.

    Args:
        contributions: Before limits.
        scopes: What has limits, the innermost first: a group or the card, and the groups that lie in it.
    """
    parts, bites = list(contributions), []
    for scope, inside in scopes:
        sum_ = sum((part.points for part in parts if part.group in inside), _NOTHING)
        bite = _bite(scope, sum_)
        if bite is not None:
            bites.append(bite)
            parts = _moved(parts, inside, bite)
    return parts, bites


def _bite(scope: ScoreGroup | Any, total: Fraction) -> Limited | None:
    name = getattr(scope, "name", "card")
    if scope.cap is not None and total > scope.cap:
        return Limited(name=name, limit="cap", at=Fraction(scope.cap), before=total)
    if scope.floor is not None and total < scope.floor:
        return Limited(name=name, limit="floor", at=Fraction(scope.floor), before=total)
    return None


def _moved(parts: list[Contribution], inside: frozenset[str | None], bite: Limited) -> list[Contribution]:
    """The parts of a scope after a limit: those that carry it too far give way in proportion.

    What they cannot carry (a floor above 0 with nothing below it) is a contribution of the limit itself.
    """
    excess = bite.before - bite.at
    heavy = {place for place, part in enumerate(parts) if part.group in inside and part.points * excess > 0}
    pool = sum((parts[place].points for place in heavy), _NOTHING)
    share = min(abs(excess), abs(pool))
    kept = 1 - share / abs(pool) if pool else Fraction(1)
    moved = [
        attrs.evolve(part, points=part.points * kept) if place in heavy else part for place, part in enumerate(parts)
    ]
    rest = (share - abs(excess)) * (1 if excess > 0 else -1)
    return [*moved, _rest(bite, inside, rest)] if rest else moved


def _rest(bite: Limited, inside: frozenset[str | None], rest: Fraction) -> Contribution:
    return Contribution(
        name=bite.name,
        kind="limit",
        group=None if None in inside else bite.name,
        raw=rest,
        decayed=rest,
        points=rest,
    )
