"""When a case comes back: the window, from where it is counted, and whose message it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Days, Weeks
from relex.errors import InvalidValue
from relex.service import ReopenPolicy

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


class TestWindow:
    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            (timedelta(0), True),
            (timedelta(days=7), True),
            (timedelta(days=7, microseconds=1), False),
            (timedelta(days=30), False),
        ],
        ids=["at once", "last instant", "just after", "month"],
    )
    def test_its_last_instant_is_inside(self, later: timedelta, expected: bool) -> None:
        assert ReopenPolicy().reopens("closed", since=AT, at=AT + later) is expected

    def test_its_days_have_24_hours(self) -> None:
        """The clock goes back on 2026-10-25, so the same hour of the next day is 25 hours later."""
        closed_at = datetime(2026, 10, 24, 12, tzinfo=VIENNA)
        policy = ReopenPolicy(Days(1))

        assert policy.reopens("closed", since=closed_at, at=datetime(2026, 10, 25, 11, tzinfo=VIENNA))
        assert not policy.reopens("closed", since=closed_at, at=datetime(2026, 10, 25, 12, tzinfo=VIENNA))

    @pytest.mark.parametrize("window", [1, 999])
    def test_its_bounds_are_inside(self, window: int) -> None:
        assert ReopenPolicy(Days(window)).window == Days(window)

    @pytest.mark.parametrize(
        "window",
        [Days(0), Days(1_000), Days(7, end_of="month"), Weeks(1), 7, timedelta(days=7), None],
        ids=["none", "thousand", "end of month", "weeks", "number", "timedelta", "None"],
    )
    def test_others_are_refused(self, window: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ReopenPolicy.window: expected Days from 1 to 999"):
            ReopenPolicy(window)

    @pytest.mark.parametrize("name", ["since", "at"])
    def test_naive_instants_are_refused(self, name: str) -> None:
        given: dict[str, Any] = {"since": AT, "at": AT} | {name: AT.replace(tzinfo=None)}

        with pytest.raises(InvalidValue, match=rf"reopens\.{name}"):
            ReopenPolicy().reopens("closed", **given)


class TestPolicy:
    @pytest.mark.parametrize("name", ["statuses", "by"])
    def test_lists_of_texts(self, name: str) -> None:
        given: dict[str, Any] = {name: [[]]}

        with pytest.raises(InvalidValue, match=rf"ReopenPolicy\.{name}"):
            ReopenPolicy(**given)

    def test_whose_message_it_is(self) -> None:
        policy = ReopenPolicy(by=["agent"])

        assert not policy.reopens("closed", since=AT, at=AT)
        assert policy.reopens("closed", since=AT, at=AT, by="agent")

    def test_of_which_status(self) -> None:
        assert not ReopenPolicy(statuses=["done"]).reopens("closed", since=AT, at=AT)

    def test_what_is_named_twice_counts_once(self) -> None:
        policy = ReopenPolicy(statuses=["done", "closed", "done"], by=["agent", "customer", "agent"])

        assert (policy.statuses, policy.by) == (("done", "closed"), ("agent", "customer"))

    def test_it_shows_itself(self) -> None:
        assert str(ReopenPolicy(Days(30), to="new_turn")) == "30 days after closed_at: closed to new_turn"

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"to": ""}, "ReopenPolicy.to"),
            ({"anchors": "opened_at"}, "ReopenPolicy.anchors"),
            ({"statuses": "closed"}, "ReopenPolicy.statuses"),
            ({"statuses": [""]}, "ReopenPolicy.statuses"),
            ({"by": ["nobody"]}, "ReopenPolicy.by"),
        ],
    )
    def test_a_wrong_word_is_refused(self, fields: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            ReopenPolicy(**fields)
