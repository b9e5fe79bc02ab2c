"""Which meter measures which metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.service._backlog import Backlog, BacklogAge, OwnerLoad
from relex.service._backlog_meters import AgeMeter, BacklogMeter, LoadMeter
from relex.service._metric_rate_meters import PerCaseMeter, ReopenMeter, first_contact_meter
from relex.service._metric_rates import FirstContactResolution, PerCase, ReopenRate
from relex.service._metric_sla import SlaMeter, SlaRate
from relex.service._metric_time_meters import CustomerWaitingMeter, FirstResponseMeter, ResolutionMeter, ResponseMeter
from relex.service._metric_times import CustomerWaiting, FirstResponseTime, ResponseTime, TimeToResolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.service._metric_places import Asked
    from relex.service._metric_tallies import CaseMeter
    from relex.service._metric_times import CaseMetric

__all__ = ["METERS", "meter_of"]

METERS: dict[type[CaseMetric], Callable[[Any, Asked], CaseMeter]] = {
    Backlog: BacklogMeter,
    BacklogAge: AgeMeter,
    CustomerWaiting: CustomerWaitingMeter,
    FirstContactResolution: first_contact_meter,
    FirstResponseTime: FirstResponseMeter,
    OwnerLoad: LoadMeter,
    PerCase: PerCaseMeter,
    ReopenRate: ReopenMeter,
    ResponseTime: ResponseMeter,
    SlaRate: SlaMeter,
    TimeToResolve: ResolutionMeter,
}
"""What sees a stream of cases for each metric."""


def meter_of(metric: CaseMetric, asked: Asked) -> CaseMeter:
    """A new meter for one question."""
    return METERS[type(metric)](metric, asked)
