"""How many promises were kept, of each milestone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import NotFound
from relex.service._case_events import CasePolicyChosen
from relex.service._choosing import SlaPolicies
from relex.service._metric_tallies import CaseMeter, share
from relex.service._metric_times import CaseMetric
from relex.service._sla import sla_states
from relex.service._sla_policy import SlaPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.changes import Event
    from relex.figures import Figure, Parameter
    from relex.service._metric_places import Asked
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import Group, Tally

__all__ = ["SlaMeter", "SlaRate"]

_DECIDED = ("met", "missed", "overdue")
_UNDECIDED = ("running", "paused", "not_started", "no_goal", "no_policy", "other_policy")
_STATES = (*_DECIDED, *_UNDECIDED, "canceled")


_SEVERAL = _checks.Check(
    "at least one name of a milestone, each once",
    lambda names: len(names) > 0 and all(map(_checks.text.passes, names)) and len(set(names)) == len(names),
)


def _names(given: object) -> tuple[str, ...] | None:
    return None if given is None else _checks.items("SlaRate.milestones", given)


@tagged("service.SlaRate")
@attrs.frozen(weakref_slot=False)
class SlaRate(CaseMetric):
    """The share of promises that were kept: one column for each milestone; cases belong where they were opened.

    Every occurrence of a clock counts for itself, and a case without any counts once, by the reason why: `not_started`,
    `no_goal`, `no_policy` where it was promised nothing, `other_policy` where it was ever promised another one than
    the one that is given alone. What was canceled counts nowhere; how many those are is told beside.

    Attributes:
        policy: A policy alone, by which cases that were promised nothing are measured too, or the policies of a desk
            with their earlier versions.
        milestones: Which are told; None is all of all policies.
        of: `decided`: met / (met + missed + overdue). `all`: met / everything but what was canceled.
        counts: `met`, or `breached`: missed + overdue in its place.

    Raises:
        InvalidValue: For an unknown way, no milestone, or one that is named twice.
        NotFound: For a milestone that no policy has.

    .. versionadded:: 0.1.0
    """

    _usual = "sla_rate"

    policy: SlaPolicy | SlaPolicies = attrs.field(validator=_checks.a(SlaPolicy, SlaPolicies))
    milestones: tuple[str, ...] | None = attrs.field(
        default=None, kw_only=True, converter=_names, validator=_checks.optional(_SEVERAL)
    )
    of: str = attrs.field(default="decided", kw_only=True, validator=_checks.one_of("decided", "all"))
    counts: str = attrs.field(default="met", kw_only=True, validator=_checks.one_of("met", "breached"))

    def __attrs_post_init__(self) -> None:
        """Check that the milestones are there."""
        known = _milestones(self.policy)
        for name in self.milestones or ():
            if name not in known:
                raise NotFound("Milestone", name)

    @property
    def columns(self) -> tuple[str, ...]:
        """The milestones."""
        return _milestones(self.policy) if self.milestones is None else self.milestones


def _milestones(policy: SlaPolicy | SlaPolicies) -> tuple[str, ...]:
    policies = (policy,) if isinstance(policy, SlaPolicy) else (*policy.policies, policy.default, *policy.earlier)
    return tuple(dict.fromkeys(milestone.name for each in policies for milestone in each.milestones))


class SlaMeter(CaseMeter):
    """It asks the clocks of every case."""

    def __init__(self, metric: SlaRate, asked: Asked) -> None:
        super().__init__(asked)
        self._metric = metric
        self._policy = metric.policy
        self._alone = (metric.policy.id, metric.policy.version) if isinstance(metric.policy, SlaPolicy) else None
        self._columns = frozenset(metric.columns)
        self._parameters: dict[str, Parameter] = {**asked.parameters, "of": metric.of}

    def take(self, record: CaseRecord, group: Group) -> None:
        tally = self.tally(group, record.opened)
        if tally is None:
            return
        reason = self._untold(record)
        if reason is not None:
            for name in self._columns:
                tally.counts[f"{name}.{reason}"] += 1
            return
        counts = tally.counts
        for name, states in sla_states(record.case, self._policy, self.asked.as_of):
            for state in states:
                counts[f"{name}.{state}"] += 1

    def _untold(self, record: CaseRecord) -> str | None:
        promised = record.case.policy
        if promised is None:
            return "no_policy" if self._alone is None else None
        return "other_policy" if self._alone is not None and self._is_other(record.case.live_events) else None

    def _is_other(self, events: Iterable[Event]) -> bool:
        chosen = [each for each in events if isinstance(each, CasePolicyChosen)]
        return any((each.policy, each.policy_version) != self._alone for each in chosen)

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        return tuple(self._figure(tally, name) for name in self._metric.columns)

    def _figure(self, tally: Tally, name: str) -> Figure:
        parts = {state: tally.counts[f"{name}.{state}"] for state in _STATES}
        below = _DECIDED if self._metric.of == "decided" else (*_DECIDED, *_UNDECIDED)
        above = ("met",) if self._metric.counts == "met" else ("missed", "overdue")
        return share(
            sum(parts[state] for state in above),
            sum(parts[state] for state in below),
            parts=parts,
            method=f"{name.replace('_', ' ')} {self._metric.counts}",
            parameters=self._parameters,
            as_of=self.asked.as_of,
        )
