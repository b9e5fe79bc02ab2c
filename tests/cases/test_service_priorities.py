"""Priorities of cases: SV-32 of our own, and SV-33 as Frappe Helpdesk orders its sources of a priority."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.errors import InvalidValue
from relex.service import Case, CaseFlow, Priorities, PriorityMatrix

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_sv_32_a_pair_without_a_priority() -> None:
    """SV-32: impact x urgency 1..3 with (3, 3) missing is refused at construction, and named."""
    values = {(impact, urgency): "normal" for impact in (1, 2, 3) for urgency in (1, 2, 3)}
    del values[3, 3]

    with pytest.raises(InvalidValue, match=r"also for \('3', '3'\)") as refused:
        PriorityMatrix(values)
    assert refused.value.value == (("3", "3"),)


def test_sv_33_where_a_priority_comes_from() -> None:
    """SV-33: what somebody said comes before the type, and the type before the default."""
    flow = CaseFlow(priorities=Priorities(default="low", by_type={"outage": "urgent"}))
    explicit = Case.open("c1", type="outage", priority="high", flow=flow, at=AT).state
    by_type = Case.open("c2", type="outage", flow=flow, at=AT).state
    default = Case.open("c3", type="question", flow=flow, at=AT).state

    assert [(case.priority, case.priority_source) for case in (explicit, by_type, default)] == [
        ("high", "explicit"),
        ("urgent", "type"),
        ("low", "default"),
    ]
