"""What a score card is made of: rules with points, silence, measures, groups, bands; and adjustments by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from relex import _checks
from relex.calendars import Days
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule
from relex.scoring._time import HalfLife, PerMonth, span_check

__all__ = ["Measure", "ScoreAdjustment", "ScoreBand", "ScoreGroup", "ScoreRule", "Silence", "as_tuple"]

_NAME = _checks.optional(_checks.text)
_LIMIT = _checks.optional(_checks.exact)
_SPAN = _checks.optional(span_check)
_WEIGHT = _checks.number(least=0)


def as_tuple(given: Any) -> Any:
    """Many things as a tuple; anything else as it is, for the check that follows."""
    return tuple(given) if isinstance(given, Iterable) else given


@tagged("scoring.ScoreRule")
@attrs.frozen
class ScoreRule:
    """Points for a rule that is True of the subject, or of each of its events.

    A rule that is unknown gives nothing.

    Args:
        name: Unique on its card.
        when: The rule.
        points: What it gives; may be negative; exact.
        group: The group that the points belong to.
        on: `facts` gives the points once if the rule is True of the subject; `events` judges each event.
        repeat: On events: `once` counts the latest event that matches, `each` every one.
        expires: On events: an event counts while its age is at most this. `Days` are so many times 24 hours.
        decay: On events: how the points shrink with the age of the event.

    Raises:
        InvalidValue: For a wrong type, an unknown choice, or expiry, decay or `each` on facts.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    when: Rule = attrs.field(validator=_checks.a(Rule))
    points: int | Decimal | Fraction = attrs.field(validator=_checks.exact)
    group: str | None = attrs.field(default=None, kw_only=True, validator=_NAME)
    on: str = attrs.field(default="facts", kw_only=True, validator=_checks.one_of("facts", "events"))
    repeat: str = attrs.field(default="once", kw_only=True, validator=_checks.one_of("once", "each"))
    expires: Days | timedelta | None = attrs.field(default=None, kw_only=True, validator=_SPAN)
    decay: HalfLife | PerMonth | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(HalfLife, PerMonth))
    )

    def __attrs_post_init__(self) -> None:
        if self.on == "facts":
            for name, value, plain in (
                ("repeat", self.repeat, "once"),
                ("expires", self.expires, None),
                ("decay", self.decay, None),
            ):
                if value != plain:
                    raise InvalidValue(f"ScoreRule.{name}", value, f'{plain} for a rule on facts (on="events" has it)')


@tagged("scoring.Silence")
@attrs.frozen(kw_only=True)
class Silence:
    """Points for inactivity: `points` x floor((time since the last event that counted - after) / every), 0 before that.

    The last event that counted is the latest one on which a rule of the card that asks about events is True, whether
    its points have expired or not. Without any there is no silence to measure.

    Args:
        after: How long nothing happens.
        every: How often the points are given from then on; the first time at after + every.
        points: What each step gives, usually negative; exact.
        name: Unique on its card.
        group: The group that the points belong to.

    .. versionadded:: 0.1.0
    """

    after: Days | timedelta = attrs.field(validator=span_check)
    every: Days | timedelta = attrs.field(validator=span_check)
    points: int | Decimal | Fraction = attrs.field(validator=_checks.exact)
    name: str = attrs.field(default="silence", validator=_checks.text)
    group: str | None = attrs.field(default=None, validator=_NAME)


def _score_rules(given: Iterable[ScoreRule]) -> tuple[ScoreRule, ...]:
    return as_tuple(given)  # type: ignore[no-any-return]


@tagged("scoring.Measure")
@attrs.frozen(kw_only=True)
class Measure:
    """One measure of a weighted mean: a fact brought to 0..100, or rules with points.

    Args:
        name: Unique on its card.
        weight: At least 0; only the proportions matter.
        fact: The fact that holds the number. Missing or None is missing.
        worst: The number that makes 0.
        best: The number that makes 100; below `worst` where less is better. NPS is worst=-100, best=100.
        rules: Instead of a fact: rules on facts whose points add up to the measure; never missing.
        at: The fact that holds when the number was observed, a date or an instant; needed for `max_age`.
        max_age: An observation older than this is stale; without a time it is stale too.
        n: The fact that holds how many answers the number rests on; needed for `min_n`.
        min_n: With fewer the measure is missing.
        group: The group that the measure belongs to.

    Raises:
        InvalidValue: Unless there is either a fact or rules, or for a limit without the fact that it limits.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    weight: int | Decimal | Fraction = attrs.field(validator=_WEIGHT)
    fact: str | None = attrs.field(default=None, validator=_NAME)
    worst: int | Decimal | Fraction = attrs.field(default=0, validator=_checks.exact)
    best: int | Decimal | Fraction = attrs.field(default=100, validator=_checks.exact)
    rules: tuple[ScoreRule, ...] = attrs.field(
        default=(), converter=_score_rules, validator=_checks.each(_checks.a(ScoreRule))
    )
    at: str | None = attrs.field(default=None, validator=_NAME)
    max_age: Days | timedelta | None = attrs.field(default=None, validator=_SPAN)
    n: str | None = attrs.field(default=None, validator=_NAME)
    min_n: int | None = attrs.field(default=None, validator=_checks.optional(_checks.whole(least=1)))
    group: str | None = attrs.field(default=None, validator=_NAME)

    def __attrs_post_init__(self) -> None:
        if (self.fact is None) == (not self.rules):
            raise InvalidValue("Measure.fact", self.fact, "either a fact or rules")
        if self.worst == self.best:
            raise InvalidValue("Measure.best", self.best, "another number than worst")
        for limit, value, needed in (("max_age", self.max_age, self.at), ("min_n", self.min_n, self.n)):
            if value is not None and (needed is None or self.fact is None):
                raise InvalidValue(f"Measure.{limit}", value, f"a fact and `{'at' if limit == 'max_age' else 'n'}` too")
        for place, rule in enumerate(self.rules):
            if rule.on != "facts" or rule.group is not None:
                raise InvalidValue(f"Measure.rules[{place}]", rule, "a rule on facts, without a group")


@tagged("scoring.ScoreGroup")
@attrs.frozen
class ScoreGroup:
    """Rules or measures that are limited or weighted together; groups nest.

    Attributes:
        name: Unique on its card.
        floor: The least that its points may add up to; only for sums.
        cap: The most that its points may add up to; only for sums.
        weight: What the group's score weighs in its parent; only for weighted means.
        group: The parent.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    floor: int | Decimal | Fraction | None = attrs.field(default=None, kw_only=True, validator=_LIMIT)
    cap: int | Decimal | Fraction | None = attrs.field(default=None, kw_only=True, validator=_LIMIT)
    weight: int | Decimal | Fraction = attrs.field(default=1, kw_only=True, validator=_WEIGHT)
    group: str | None = attrs.field(default=None, kw_only=True, validator=_NAME)

    def __attrs_post_init__(self) -> None:
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise InvalidValue("ScoreGroup.floor", self.floor, f"at most the cap, {self.cap}")


@tagged("scoring.ScoreBand")
@attrs.frozen
class ScoreBand:
    """A named range of scores, from its lower edge to that of the next band.

    Attributes:
        name: Unique on its card.
        low: The lower edge; None for the first band, where it reaches down without end.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    low: int | Decimal | Fraction | None = attrs.field(default=None, validator=_LIMIT)


@tagged("scoring.ScoreAdjustment")
@attrs.frozen(kw_only=True)
class ScoreAdjustment:
    """Points that somebody gives or takes by hand.

    Attributes:
        points: Exact; may be negative.
        by: Who.
        reason: Why.
        at: From when on; aware.
        expires: It counts while its age is at most this; by default for ever.
        group: The group that the points belong to.

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction = attrs.field(validator=_checks.exact)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant)
    expires: Days | timedelta | None = attrs.field(default=None, validator=_SPAN)
    group: str | None = attrs.field(default=None, validator=_NAME)
