"""Who is told: rules and policies as definitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue
from relex.rules import field
from relex.service import EscalationPolicy, EscalationRule, SlaPolicies, SlaPolicy, first_response, resolution, team

HOUR = timedelta(hours=1)


def test_a_rule_looks_at_everything_overdue_unless_it_says_otherwise() -> None:
    rule = EscalationRule("lead")

    assert (rule.on, rule.milestones, rule.after, rule.notify) == ("overdue", (), timedelta(0), ())


def test_words_that_are_said_twice_are_kept_once() -> None:
    rule = EscalationRule("lead", "missed", ["resolution", "resolution"], notify=["eve", "bob", "eve"])

    assert (rule.milestones, rule.notify) == (("resolution",), ("eve", "bob"))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": ""}, "EscalationRule.name"),
        ({"on": "late"}, "EscalationRule.on"),
        ({"milestones": "resolution"}, "EscalationRule.milestones"),
        ({"milestones": [""]}, "EscalationRule.milestones"),
        ({"after": timedelta(seconds=-1)}, "EscalationRule.after"),
        ({"after": 5}, "EscalationRule.after"),
        ({"when": "always"}, "EscalationRule.when"),
        ({"notify": "eve"}, "EscalationRule.notify"),
        ({"notify": [["eve"]]}, "EscalationRule.notify"),
        ({"assign_to": ""}, "EscalationRule.assign_to"),
        ({"active_from": datetime(2026, 3, 1)}, "EscalationRule.active_from"),  # noqa: DTZ001 - naive on purpose
        ({"calendar": "office"}, "EscalationRule.calendar"),
    ],
    ids=lambda it: it if isinstance(it, str) else next(iter(it)),
)
def test_what_a_rule_may_not_be(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        EscalationRule(**{"name": "lead", **wrong})

    assert caught.value.path == path


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"rules": [EscalationRule("one"), EscalationRule("one", "missed")]}, "EscalationPolicy.rules"),
        ({"rules": ["one"]}, "EscalationPolicy.rules"),
        ({"repeat_every": timedelta(0)}, "EscalationPolicy.repeat_every"),
        ({"limit": 0}, "EscalationPolicy.limit"),
        ({"limit": True}, "EscalationPolicy.limit"),
        ({"kinds": ["resolved"]}, "EscalationPolicy.kinds"),
        ({"kinds": []}, "EscalationPolicy.kinds"),
        ({"kinds": [["open"]]}, "EscalationPolicy.kinds"),
        ({"id": ""}, "EscalationPolicy.id"),
        ({"version": 0}, "EscalationPolicy.version"),
        ({"active_from": datetime(2026, 3, 1)}, "EscalationPolicy.active_from"),  # noqa: DTZ001 - naive on purpose
        ({"calendar": "office"}, "EscalationPolicy.calendar"),
    ],
    ids=lambda it: it if isinstance(it, str) else next(iter(it)),
)
def test_what_a_policy_may_not_be(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        EscalationPolicy(**{"rules": (), **wrong})

    assert caught.value.path == path


def test_kinds_have_one_order() -> None:
    assert EscalationPolicy([], kinds=["waiting", "open"]) == EscalationPolicy([])


def test_they_are_told_in_words() -> None:
    rule = EscalationRule("head", "missed", ["resolution"], after=HOUR, notify=["eve", "bob"], assign_to="eve")
    policy = EscalationPolicy([rule], repeat_every=HOUR, limit=3)

    assert str(rule) == "head: resolution missed for 1:00:00, tell eve, bob, assign to eve"
    assert str(EscalationRule("lead")) == "lead: any milestone overdue"
    assert str(policy) == "escalation version 1: 1 rules, again every 1:00:00, at most 3 for a case"
    assert str(EscalationPolicy([])) == "escalation version 1: 0 rules"


def test_a_policy_shows_itself_as_a_table() -> None:
    shown = EscalationPolicy([EscalationRule("<lead>", notify=["eve"]), EscalationRule("two")])._repr_html_()

    assert "&lt;lead&gt;" in shown
    assert "<script" not in shown


class TestUnknown:
    gold = SlaPolicy("gold", [first_response(HOUR)], BusinessCalendar.always(UTC))
    vip = SlaPolicy("vip", [resolution(HOUR)], BusinessCalendar.always(UTC), when=field("customer") == "k7")
    old = SlaPolicy("gold", [team(HOUR)], BusinessCalendar.always(UTC), version=2)
    rules = EscalationPolicy(
        [
            EscalationRule("any"),
            EscalationRule("lead", milestones=["team", "solution", "first_response"]),
            EscalationRule("head", milestones=["resolution", "answer"]),
        ]
    )

    def test_a_name_that_no_policy_has_is_found(self) -> None:
        assert self.rules.unknown(SlaPolicies([self.vip], self.gold, earlier=[self.old])) == (
            ("lead", "solution"),
            ("head", "answer"),
        )

    def test_policies_are_taken_one_by_one_too(self) -> None:
        assert self.rules.unknown(self.vip, self.old, self.gold) == (("lead", "solution"), ("head", "answer"))

    def test_only_policies_have_milestones(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            self.rules.unknown([self.gold])  # type: ignore[arg-type]  # on purpose

        assert caught.value.path == "unknown.policies"
