"""Scores as weighted means of measures, in groups that nest; exact, and nothing is rounded between the levels."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.scoring._scores import Contribution
from relex.scoring._time import elapsed, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.rules import Predicate
    from relex.scoring._definitions import Measure, ScoreGroup

__all__ = ["Reading", "averaged", "contributions", "read"]

_MOST = 100


@attrs.frozen
class Reading:
    """A measure of one subject: its 0..100, None when it is missing, and what is remarkable about it."""

    value: Fraction | None
    flag: str | None = None


def read(measure: Measure, tests: Mapping[str, Predicate], facts: Mapping[str, Any], as_of: datetime) -> Reading:
    """A measure out of facts; `stale` readings keep their value, for the card to decide."""
    if measure.fact is None:
        points = (Fraction(rule.points) for rule in measure.rules if tests[rule.name](facts, as_of))
        return Reading(_in_range(measure, sum(points, Fraction(0))))
    found = facts.get(measure.fact)
    if found is None or _is_too_few(measure, facts):
        return Reading(None, "missing")
    width = Fraction(measure.best) - Fraction(measure.worst)
    value = _in_range(measure, _MOST * (_number(measure.fact, found) - Fraction(measure.worst)) / width)
    return Reading(value, "stale" if _is_stale(measure, facts, as_of) else None)


def _in_range(measure: Measure, value: Fraction) -> Fraction:
    if not 0 <= value <= _MOST:
        raise InvalidValue(f"ScoreCard.score.{measure.name}", value, "a measure that lies in 0..100")
    return value


def _number(fact: str, found: object) -> Fraction:
    _checks.exact.require(f"ScoreCard.score.{fact}", found)
    return Fraction(found)  # type: ignore[call-overload,no-any-return]


def _is_too_few(measure: Measure, facts: Mapping[str, Any]) -> bool:
    if measure.min_n is None or measure.n is None:
        return False
    found = facts.get(measure.n)
    return found is None or _number(measure.n, found) < measure.min_n


def _is_stale(measure: Measure, facts: Mapping[str, Any], as_of: datetime) -> bool:
    """Whether the observation is older than its limit (the edge is fresh), or nobody knows how old it is."""
    if measure.max_age is None or measure.at is None:
        return False
    seen = facts.get(measure.at)
    return seen is None or _age(measure.at, seen, as_of) > span(measure.max_age)


def _age(fact: str, seen: object, as_of: datetime) -> timedelta:
    if isinstance(seen, datetime):
        if seen.utcoffset() is None:
            raise InvalidValue(f"ScoreCard.score.{fact}", seen, "a datetime with a time zone, or a date")
        return elapsed(seen, as_of)
    if not isinstance(seen, date):
        raise InvalidValue(f"ScoreCard.score.{fact}", seen, "a datetime with a time zone, or a date")
    return as_of.date() - seen


def averaged(
    measures: Sequence[Measure],
    groups: Sequence[ScoreGroup],
    readings: Mapping[str, Reading],
    group: str | None = None,
) -> tuple[Fraction | None, dict[str, Fraction]]:
    """The weighted mean of a group (None: of the card), and the share of each measure in it.

    Returns:
        None without anything to weigh; shares of measures that are left out are not in the dict.
    """
    live: list[tuple[Fraction, Fraction, dict[str, Fraction]]] = []
    for measure in measures:
        value = readings[measure.name].value
        if measure.group == group and value is not None:
            live.append((Fraction(measure.weight), value, {measure.name: Fraction(1)}))
    for inner in groups:
        if inner.group == group:
            value, shares = averaged(measures, groups, readings, inner.name)
            if value is not None:
                live.append((Fraction(inner.weight), value, shares))
    whole = sum((weight for weight, _, _ in live), Fraction(0))
    if not whole:
        return None, {}
    total = sum((weight * value for weight, value, _ in live), Fraction(0)) / whole
    return total, {name: share * weight / whole for weight, _, shares in live for name, share in shares.items()}


def contributions(
    measures: Sequence[Measure], readings: Mapping[str, Reading], shares: Mapping[str, Fraction]
) -> list[Contribution]:
    """What each measure adds to the mean; measures that are left out add 0."""
    found = []
    for measure in measures:
        reading = readings[measure.name]
        value = reading.value or Fraction(0)
        points = value * shares.get(measure.name, Fraction(0))
        found.append(
            Contribution(
                name=measure.name,
                kind="measure",
                group=measure.group,
                count=int(measure.name in shares),
                raw=value,
                decayed=value,
                points=points,
                flag=reading.flag,
            )
        )
    return found
