"""What stands out in an open deal, each flag with its numbers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.calendars import local_date
from relex.codec import tagged
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import deals_of, is_live, seen_deal
from relex.pipeline._slippage import overdue_days
from relex.pipeline._staleness import Staleness, stale
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from relex.pipeline._opportunity import Opportunity

__all__ = ["HEALTH_FLAGS", "DealHealth", "HealthFlag", "HealthPolicy", "HealthReport", "deal_health", "health_report"]

HEALTH_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "stale": "fault",
        "overdue": "fault",
        "next_step_overdue": "fault",
        "going_stale": "doubt",
        "pushed": "doubt",
        "quiet": "doubt",
        "no_next_step": "doubt",
        "no_contact": "doubt",
        "no_close_date": "doubt",
        "no_amount": "doubt",
        "single_threaded": "note",
        "no_owner": "note",
    }
)
"""How bad each flag is, the worst first."""

_PLACES = {code: place for place, code in enumerate(HEALTH_FLAGS)}
_DAY = timedelta(days=1)
_POLICY_WORDS = _checks.each(_checks.one_of(*HEALTH_FLAGS))


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("HealthPolicy.ignore", values)
    _POLICY_WORDS.require("HealthPolicy.ignore", found)
    return tuple(sorted(set(found)))


@tagged("pipeline.HealthPolicy")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HealthPolicy:
    """What stands out; when a deal is stale is told by its pipeline.

    Attributes:
        pushes: From how many pushes of the expected close on a deal is `pushed`.
        contacts: With fewer contacts than this, but one, a deal is `single_threaded`.
        quiet_after: Whole days without activity after which a deal is `quiet`; None never says so.
        ignore: Sorted codes of `HEALTH_FLAGS` that are left out.

    Raises:
        InvalidValue: For a number below 1 (`quiet_after` may be 0), or an unknown code.

    .. versionadded:: 0.1.0
    """

    pushes: int = attrs.field(default=2, validator=_checks.whole(least=1))
    contacts: int = attrs.field(default=2, validator=_checks.whole(least=1))
    quiet_after: int | None = attrs.field(default=None, validator=_checks.optional(_checks.whole(least=0)))
    ignore: tuple[str, ...] = attrs.field(default=(), converter=_codes)


_PIPELINE = _checks.a(Pipeline)
_POLICY = _checks.a(HealthPolicy)
_USUAL = HealthPolicy()


@attrs.frozen(weakref_slot=False)
class HealthFlag:
    """Something that stands out.

    Attributes:
        code: One of `HEALTH_FLAGS`.
        value: The number behind it: days, pushes, contacts; None where something is not there at all.
        limit: What the number was compared with.

    .. versionadded:: 0.1.0
    """

    code: str
    value: int | None = None
    limit: int | None = None

    @property
    def severity(self) -> str:
        """`fault`, `doubt` or `note`."""
        return HEALTH_FLAGS[self.code]

    def __str__(self) -> str:
        words = self.code.replace("_", " ")
        if self.value is None:
            return words
        return f"{words}: {self.value}" + ("" if self.limit is None else f" (limit {self.limit})")


@attrs.frozen(kw_only=True, weakref_slot=False)
class DealHealth:
    """What stands out in one deal; made by `deal_health`.

    Attributes:
        opportunity: Id of the deal.
        owner: Who works on it.
        flags: The worst first; none of a deal that is closed.
        staleness: How long it has rested.
        as_of: The instant of the question.
        fact_schema: The facts of every health.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    owner: str | None
    flags: tuple[HealthFlag, ...]
    staleness: Staleness
    as_of: datetime

    fact_schema: ClassVar[FactSchema] = FactSchema({"health.flags": tuple, "health.state": str})

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all flags, the worst first."""
        return tuple([flag.code for flag in self.flags])

    @property
    def state(self) -> str:
        """`good`, or how bad the worst flag is: `note`, `doubt` or `fault`."""
        return self.flags[0].severity if self.flags else "good"

    def facts(self) -> dict[str, Any]:
        """What rules may ask about: `health.flags`, sorted, and `health.state`."""
        return {"health.flags": tuple(sorted(self.codes)), "health.state": self.state}

    def __str__(self) -> str:
        return f"{self.opportunity}: {', '.join(map(str, self.flags)) or 'good'}"

    def _repr_html_(self) -> str:
        rows = [(flag.severity, flag.code.replace("_", " "), flag.value, flag.limit) for flag in self.flags]
        return table(f"{self.opportunity}: {self.state}", ("", "flag", "found", "limit"), rows)


@attrs.frozen(kw_only=True, weakref_slot=False)
class HealthReport:
    """What stands out in many open deals; made by `health_report`.

    Attributes:
        deals: The open ones, those with the worst flags first, then by id.
        counts: How many deals have each flag, the worst first.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    deals: tuple[DealHealth, ...]
    counts: tuple[tuple[str, int], ...]
    as_of: datetime

    def __str__(self) -> str:
        return f"{len(self.deals)} open deals; " + (", ".join(f"{code} {n}" for code, n in self.counts) or "all good")

    def _repr_html_(self) -> str:
        rows = [(deal.opportunity, deal.owner, deal.state, ", ".join(map(str, deal.flags))) for deal in self.deals]
        return table(str(self), ("deal", "owner", "state", "flags"), rows)


def deal_health(
    opportunity: Opportunity,
    pipeline: Pipeline,
    *,
    as_of: datetime,
    policy: HealthPolicy = _USUAL,
    tz: tzinfo = UTC,
    facts: Mapping[str, Any] | None = None,
) -> DealHealth:
    """What stands out in a deal: that it is stale or overdue, that something is not there, that it was put off.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        pipeline: Which says when a deal is stale.
        as_of: The instant; aware.
        policy: The other limits.
        tz: Whose calendar tells what is overdue, and until when a deal is snoozed.
        facts: More facts for what the pipeline's policies exempt.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, a deal of another pipeline, or an
            argument of a wrong type.

    Example:
        >>> from datetime import date
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=may, owner="ann", expected_close=date(2026, 5, 20))
        >>> print(deal_health(deal, sales, as_of=datetime(2026, 5, 24, tzinfo=UTC)))
        d1: overdue: 4, no next step, no contact, no amount

    .. versionadded:: 0.1.0
    """
    _require("deal_health", pipeline, policy, tz)
    deal = seen_deal("deal_health", opportunity, as_of)
    staleness = stale(deal, pipeline, as_of=as_of, tz=tz, facts=facts)
    found = _flags(deal, staleness, policy, local_date(as_of, tz), as_of) if is_live(deal) else ()
    kept = [flag for flag in found if flag.code not in policy.ignore]
    return DealHealth(
        opportunity=deal.id,
        owner=deal.owner,
        flags=tuple(sorted(kept, key=lambda flag: _PLACES[flag.code])),
        staleness=staleness,
        as_of=as_of,
    )


def health_report(
    deals: Iterable[Opportunity],
    pipeline: Pipeline,
    *,
    as_of: datetime,
    policy: HealthPolicy = _USUAL,
    tz: tzinfo = UTC,
) -> HealthReport:
    """What stands out in the open deals of a pipeline, the worst first.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen. Those of other pipelines are left out.
        pipeline: Which says when a deal is stale.
        as_of: The instant; aware.
        policy: The other limits.
        tz: Whose calendar tells what is overdue, and until when a deal is snoozed.

    Raises:
        InvalidValue: For a naive datetime, or an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    _require("health_report", pipeline, policy, tz)
    known = [deal for deal in deals_of("health_report", deals, as_of) if deal.pipeline == pipeline.id]
    open_ = [deal for deal in known if deal.kind == "open"]
    found = [deal_health(deal, pipeline, as_of=as_of, policy=policy, tz=tz) for deal in open_]
    counts = Counter([code for health in found for code in health.codes])
    return HealthReport(
        deals=tuple(sorted(found, key=_worst_first)),
        counts=tuple([(code, counts[code]) for code in HEALTH_FLAGS if counts[code]]),
        as_of=as_of,
    )


def _require(name: str, pipeline: Pipeline, policy: HealthPolicy, tz: tzinfo) -> None:
    _PIPELINE.require(f"{name}.pipeline", pipeline)
    _POLICY.require(f"{name}.policy", policy)
    _checks.zone.require(f"{name}.tz", tz)


def _worst_first(health: DealHealth) -> tuple[list[int], str]:
    return [*(_PLACES[code] for code in health.codes), len(_PLACES)], health.opportunity


def _flags(
    deal: Opportunity, staleness: Staleness, policy: HealthPolicy, today: date, as_of: datetime
) -> Iterator[HealthFlag]:
    yield from _of_time(deal, staleness, policy, today, as_of)
    if deal.pushes >= policy.pushes:
        yield HealthFlag("pushed", deal.pushes, policy.pushes)
    if len(deal.contacts) == 0:
        yield HealthFlag("no_contact")
    elif len(deal.contacts) < policy.contacts:
        yield HealthFlag("single_threaded", len(deal.contacts), policy.contacts)
    for code, value in (
        ("no_next_step", deal.next_step),
        ("no_close_date", deal.expected_close),
        ("no_amount", deal.amount),
        ("no_owner", deal.owner),
    ):
        if value is None:
            yield HealthFlag(code)


def _of_time(
    deal: Opportunity, staleness: Staleness, policy: HealthPolicy, today: date, as_of: datetime
) -> Iterator[HealthFlag]:
    if staleness.state != "fresh":
        yield HealthFlag("stale" if staleness.is_stale else "going_stale", staleness.days)
    overdue = overdue_days(deal, today)
    if overdue is not None:
        yield HealthFlag("overdue", overdue)
    if deal.next_step is not None and deal.next_step.overdue(today):
        yield HealthFlag("next_step_overdue", (today - deal.next_step.due).days)
    last = deal.opened_at if deal.last_activity_at is None else deal.last_activity_at
    quiet = (moment(as_of) - moment(last)) // _DAY
    if policy.quiet_after is not None and quiet > policy.quiet_after:
        yield HealthFlag("quiet", quiet, policy.quiet_after)
