"""Whether a deal has rested for too long."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex._trusted import trusted
from relex.calendars import local_date
from relex.errors import InvalidValue
from relex.pipeline._passages import judged_facts
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import is_live, seen_deal
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._stale import StalePolicy
    from relex.rules import Verdict

__all__ = ["Staleness", "stale"]

_PIPELINE = _checks.a(Pipeline)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Staleness:
    """How long a deal has rested, and what its policy says to that; made by `stale`.

    Attributes:
        opportunity: Id of the deal.
        stage: Where it is.
        state: `fresh`, `warning` or `stale`.
        since: The instant from which the time is counted; None without a policy.
        days: Whole days since then: of 24 hours, or working dates on the policy's calendar.
        days_over: Whole days beyond `stale_after`; None unless it is stale.
        policy: The stage's own, else the pipeline's; None where neither has one.
        reason: Why a deal is fresh whatever the time: `merged`, `closed`, `no_policy`, `snoozed`, `exempt`; else None.
        verdict: What the policy's exemption answered; None where it was not asked.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    stage: str
    state: str
    since: datetime | None
    days: int | None
    days_over: int | None
    policy: StalePolicy | None
    reason: str | None
    verdict: Verdict | None
    as_of: datetime

    @property
    def is_stale(self) -> bool:
        """Whether more time than the limit has passed."""
        return self.state == "stale"

    def __str__(self) -> str:
        if self.reason is not None:
            return f"{self.opportunity}: fresh ({self.reason})"
        over = f", {self.days_over} over the limit" if self.days_over is not None else ""
        base = self.policy.since if self.policy is not None else ""
        return f"{self.opportunity}: {self.state}, {self.days} days since {base}{over}"

    def _repr_html_(self) -> str:
        titles = ("deal", "stage", "state", "since", "days", "over", "reason")
        since = None if self.since is None else f"{self.since:%Y-%m-%d %H:%M}"
        row = (self.opportunity, self.stage, self.state, since, self.days, self.days_over, self.reason)
        return table(f"{self}", titles, [row])


_staleness = trusted(Staleness)


def stale(
    opportunity: Opportunity,
    pipeline: Pipeline,
    *,
    as_of: datetime,
    tz: tzinfo = UTC,
    facts: Mapping[str, Any] | None = None,
) -> Staleness:
    """Whether a deal has rested for too long, as it was at an instant.

    Closed and merged deals are fresh, and so are snoozed ones until the date, and those that the policy exempts.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        pipeline: Where the policies stand.
        as_of: The instant; aware.
        tz: Whose calendar tells until when a deal is snoozed, and the dates that the policy's exemption asks about.
        facts: More facts for the policy's exemption; they may not shadow those of the deal.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, a deal of another pipeline, or an
            argument of a wrong type.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.calendars import Days
        >>> from relex.pipeline import Opportunity, StalePolicy
        >>> policy = StalePolicy(warn_after=Days(14), stale_after=Days(21))
        >>> sales = Pipeline.preset("four_steps", "sales", stale=policy)
        >>> deal, _ = Opportunity.open("d1", sales, at=datetime(2026, 3, 1, tzinfo=timezone.utc))
        >>> print(stale(deal, sales, as_of=datetime(2026, 3, 22, tzinfo=timezone.utc)))
        d1: warning, 21 days since stage_entry
        >>> print(stale(deal, sales, as_of=datetime(2026, 3, 25, tzinfo=timezone.utc)))
        d1: stale, 24 days since stage_entry, 3 over the limit

    .. versionadded:: 0.1.0
    """
    if not isinstance(pipeline, Pipeline):
        _PIPELINE.require("stale.pipeline", pipeline)
    _checks.zone.require("stale.tz", tz)
    deal = seen_deal("stale", opportunity, as_of)
    if deal.pipeline != pipeline.id:
        raise InvalidValue("stale.opportunity", deal.pipeline, f"a deal of the pipeline {pipeline.id}")
    policy = _policy(pipeline, deal.stage)
    verdict = None
    if policy is not None and policy.unless is not None and is_live(deal):
        verdict = evaluate(policy.unless, judged_facts(deal, pipeline, facts, "stale"), as_of=as_of.astimezone(tz))
    return _judged(deal, policy, _fresh_because(deal, policy, verdict, local_date(as_of, tz)), verdict, as_of)


def _policy(pipeline: Pipeline, stage: str) -> StalePolicy | None:
    """The policy of a stage, else that of its pipeline; a stage that is no more has none of its own."""
    here = pipeline.places.get(stage)
    return pipeline.stale if here is None or here.stale is None else here.stale


def _fresh_because(deal: Opportunity, policy: StalePolicy | None, verdict: Verdict | None, today: date) -> str | None:
    if deal.merged_into is not None:
        return "merged"
    if deal.kind != "open":
        return "closed"
    if policy is None:
        return "no_policy"
    if deal.snoozed_until is not None and today < deal.snoozed_until:
        return "snoozed"
    return "exempt" if verdict is not None and verdict.answer else None


def _judged(
    deal: Opportunity, policy: StalePolicy | None, reason: str | None, verdict: Verdict | None, as_of: datetime
) -> Staleness:
    since = None if policy is None else _base(deal, policy)
    past = policy if reason is None else None
    state = "fresh" if past is None or since is None else past.state(since, as_of)
    days = None if policy is None or since is None else policy.days(since, as_of)
    over = None if past is None or since is None else past.days_over(since, as_of)
    return _staleness(deal.id, deal.stage, state, since, days, over, policy, reason, verdict, as_of)


def _base(deal: Opportunity, policy: StalePolicy) -> datetime:
    if policy.since == "stage_entry":
        return deal.stage_entered_at
    if policy.since == "last_activity" and deal.last_activity_at is not None:
        return deal.last_activity_at
    return deal.opened_at
