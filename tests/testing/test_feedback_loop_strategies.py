"""What the strategies of the closed loop draw when they are given arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, find, given, settings

from relex.calendars import BusinessDays
from relex.errors import InvalidValue
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.feedback import LoopRule, Signal

lean = settings(max_examples=15)


@lean
@given(strategies.loop_rules(name="detractor"), strategies.feedback_signals(id="detractor:s1"))
def test_names_and_ids_are_as_given(rule: LoopRule, signal: Signal) -> None:
    assert (rule.name, signal.id, signal.source) == ("detractor", "detractor:s1", "detractor:s1")


def test_they_shrink_to_something_plain() -> None:
    rule = find(strategies.loop_rules(), lambda _: True)
    signal = find(strategies.feedback_signals(), lambda _: True)

    assert (rule.target, rule.once_per, rule.active_from) == (None, "response", None)
    assert (signal.score, signal.customer, signal.due) == (None, None, None)


def test_some_targets_are_business_days() -> None:
    rule = find(
        strategies.loop_rules(),
        lambda rule: isinstance(rule.target, BusinessDays),
        settings=settings(phases=[Phase.generate]),
    )

    assert rule.calendar is not None


@pytest.mark.parametrize(
    ("make", "wrong"), [(strategies.loop_rules, {"name": ""}), (strategies.feedback_signals, {"id": ""})]
)
def test_wrong_arguments_are_refused(make: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        make(**wrong)
