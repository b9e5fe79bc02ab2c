from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import ContactRule, Reminders, Wait
from relex.rules import field

WEEK = timedelta(days=7)
RELATIONAL = field("survey.program") == "relational"
LATELY = field("value.opened").within(days=7)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"limit": 0}, id="limit"),
        pytest.param({"limit": True}, id="limit, a bool"),
        pytest.param({"within": timedelta(0)}, id="within"),
        pytest.param({"within": 7}, id="within, a number"),
        pytest.param({"counts": "sent"}, id="counts"),
        pytest.param({"scope": ()}, id="scope"),
        pytest.param({"scope": "contact"}, id="scope, a text"),
        pytest.param({"scope": [""]}, id="scope, no name"),
        pytest.param({"surveys": "other"}, id="surveys"),
        pytest.param({"surveys": None}, id="surveys, none"),
        pytest.param({"surveys": RELATIONAL & LATELY}, id="surveys, by time"),
        pytest.param({"when": "always"}, id="when"),
        pytest.param({"when": ~LATELY}, id="when, by time"),
        pytest.param({"when": field("survey") == "nps"}, id="when, no such fact"),
        pytest.param({"surveys": field("survey.version") == "2"}, id="surveys, another kind"),
    ],
)
def test_a_rule_is_checked(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=rf"ContactRule\.{next(iter(more))}"):
        ContactRule("cap", **{"within": WEEK, **more})


def test_the_order_of_a_scope_means_nothing() -> None:
    one = ContactRule("cap", within=WEEK, scope=["survey", "contact", "survey"])

    assert one == ContactRule("cap", within=WEEK, scope=["contact", "survey"])


@pytest.mark.parametrize(
    "given",
    [("wait", "opened", timedelta(0)), ("", "opened", WEEK), ("wait", "", WEEK)],
    ids=["no time", "no name", "no anchor"],
)
def test_a_wait_is_checked(given: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidValue, match="Wait"):
        Wait(*given)


def test_a_wait_asks_only_facts_of_requests() -> None:
    with pytest.raises(InvalidValue, match=r"Wait\.when"):
        Wait("wait", "opened", WEEK, when=field("opened") == "now")


def test_a_wait_blocks_or_allows_what_is_not_known() -> None:
    with pytest.raises(InvalidValue, match=r"Wait\.missing"):
        Wait("wait", "opened", WEEK, missing="guess")


@pytest.mark.parametrize(("after", "limit"), [(timedelta(0), 1), (WEEK, 0)], ids=["no time", "no reminder"])
def test_reminders_are_checked(after: timedelta, limit: int) -> None:
    with pytest.raises(InvalidValue, match="Reminders"):
        Reminders(after, limit=limit)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(
            ContactRule("once", within=None, counts="displayed", surveys="same", when=RELATIONAL),
            "once: at most 1 displayed ever, by contact, same survey, if field('survey.program') == 'relational'",
            id="ever",
        ),
        pytest.param(
            ContactRule("cap", within=WEEK, limit=2, scope=["account", "contact"], surveys=RELATIONAL),
            "cap: at most 2 invited in 7 days, 0:00:00, by account and contact, "
            "where field('survey.program') == 'relational'",
            id="by a rule",
        ),
        pytest.param(
            Wait("wait", "opened", WEEK, when=RELATIONAL),
            "wait: not before 7 days, 0:00:00 after opened, if field('survey.program') == 'relational'",
            id="wait",
        ),
        pytest.param(
            Reminders(WEEK, limit=2), "at most 2, each 7 days, 0:00:00 after the last message", id="reminders"
        ),
    ],
)
def test_it_says_what_it_is(rule: ContactRule | Wait | Reminders, text: str) -> None:
    assert str(rule) == text
