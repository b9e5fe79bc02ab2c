"""The same question as a rule about facts, by which lists and stores filter.

Theory of operation. `stale` judges one deal; the rule of `stale_rule` is True of the facts of exactly those deals of
which `stale` says so. A deal is past a limit when it is open, not snoozed, not exempt, and more time than the limit has
passed. Of an exemption that is unknown the object says "not exempt", as gates do; but a rule that is unknown makes any
other unknown. So each leaf of the exemption is asked together with whether its fact is there: then it is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import NotSupported
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._stale import StalePolicy, span
from relex.rules import FALSE, AllOf, AnyOf, AtLeast, IsMissing, Leaf, Not, Rule, field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from relex.calendars import BusinessDays, Days

__all__ = ["stale_rule"]

_BASES = {"stage_entry": "stage_entered_at", "last_activity": "last_activity_at", "opened": "opened_at"}
_PIPELINE = _checks.a(Pipeline)
_STATE = _checks.one_of("warning", "stale")
_BY = "a rule about facts"


def stale_rule(pipeline: Pipeline, state: str = "stale") -> Rule:
    """A rule that is True of the facts of exactly the deals of which `stale` says that they are in a state.

    It goes wherever rules go: into `compile_rule`, into the `find` of a repository, into a segment. Facts are those of
    the present, so the instant of the question must not lie before the last change of a deal. Its dates are those of
    the zone that the instant is in: `as_of.astimezone(tz)` asks what `stale` answers with that `tz`.

    Args:
        pipeline: Where the policies stand; deals of other pipelines are not in the state.
        state: `warning` or `stale`.

    Raises:
        InvalidValue: For another state.
        NotSupported: For a policy with a calendar, or an exemption that asks about children.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.calendars import Days
        >>> from relex.pipeline import Opportunity
        >>> from relex.rules import compile_rule
        >>> sales = Pipeline.preset("four_steps", "sales", stale=StalePolicy(stale_after=Days(21)))
        >>> deal, _ = Opportunity.open("d1", sales, at=datetime(2026, 3, 1, tzinfo=UTC))
        >>> is_stale = compile_rule(stale_rule(sales))
        >>> [is_stale(deal.facts(sales), datetime(2026, 3, day, tzinfo=UTC)) for day in (22, 23)]
        [False, True]

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("stale_rule.pipeline", pipeline)
    _STATE.require("stale_rule.state", state)
    snoozed = ~field("snoozed_until").is_missing() & field("snoozed_until").after(days=0)
    open_here = (field("pipeline") == pipeline.id) & (field("stage_kind") == "open")
    return open_here & ~snoozed & AnyOf(*_by_stage(pipeline, state))


def _by_stage(pipeline: Pipeline, state: str) -> Iterator[Rule]:
    own = [stage for stage in pipeline.open_stages if stage.stale is not None]
    for stage in own:
        yield (field("stage") == stage.id) & _in_state(stage.stale, state)  # type: ignore[arg-type]  # see above
    if pipeline.stale is not None:
        yield ~AnyOf(*(field("stage") == stage.id for stage in own)) & _in_state(pipeline.stale, state)


def _in_state(policy: StalePolicy, state: str) -> Rule:
    if policy.calendar is not None:
        raise NotSupported("business time", _BY)
    past = _past(policy, policy.stale_after)
    if state == "warning":
        past = _past(policy, policy.warn_after) & ~past
    return past if policy.unless is None else past & ~_certainly(policy.unless, True)


def _past(policy: StalePolicy, limit: Days | BusinessDays | timedelta | None) -> Rule:
    if limit is None:
        return FALSE
    resting = field(_BASES[policy.since]).before(span(limit))
    if policy.since != "last_activity":
        return resting
    never = field(_BASES["last_activity"]).is_missing()
    return (~never & resting) | (never & field(_BASES["opened"]).before(span(limit)))


def _certainly(rule: Rule, answer: bool) -> Rule:
    """A rule that is True where the rule has this answer, and False where it has the other one or none."""
    if isinstance(rule, Not):
        return _certainly(rule.rule, not answer)
    if isinstance(rule, Leaf):
        asked = rule if answer else ~rule
        return asked if isinstance(rule, IsMissing) else ~field(rule.fact).is_missing() & asked
    if isinstance(rule, AtLeast):
        parts = tuple(_each(rule, answer))
        return AtLeast(rule.n, *parts) if answer else _most(len(parts) - rule.n + 1, parts)
    if isinstance(rule, (AllOf, AnyOf)):
        return (AllOf if isinstance(rule, AllOf) is answer else AnyOf)(*_each(rule, answer))
    raise NotSupported(f"the exemption {rule!r}", _BY)


def _most(n: int, parts: tuple[Rule, ...]) -> Rule:
    return AtLeast(n, *parts) if n <= len(parts) else FALSE  # of at least none there is no opposite


def _each(rule: Rule, answer: bool) -> Iterator[Rule]:
    return (_certainly(part, answer) for part in rule.parts)
