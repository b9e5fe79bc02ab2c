"""Caps, and the log of what was sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex._instants import moment
from relex.customers import FrequencyCap, Sent, SentLog
from relex.errors import Conflict, InvalidValue
from relex.parties import ContactPoint

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
E = ContactPoint("email", "anna@example.com")


def sent(id_: str = "s1", **more: Any) -> Sent:
    fields = {"customer": "c1", "at": AT, "channel": "email", "point": E, "purpose": "news", **more}
    return Sent(id_, **fields)


@pytest.mark.parametrize(
    "more", [{"limit": 0}, {"limit": -1}, {"limit": None}, {"within": timedelta(0)}, {"scope": "city"}, {"exempt": "x"}]
)
def test_caps_that_cannot_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        FrequencyCap(**{"name": "c", "limit": 1, "within": DAY, **more})


def test_exempt_purposes_are_sorted() -> None:
    assert FrequencyCap("c", 1, DAY, exempt=["b", "a", "b"]).exempt == ("a", "b")


def test_a_send_is_an_entry_of_the_customer() -> None:
    entry = sent(topic="shoes")

    assert (entry.subject, entry.point) == ("c1", "email:anna@example.com")
    assert entry.facts().keys() == dict(Sent.fact_schema.facts).keys()


def test_a_send_goes_to_a_point_that_can_be_read() -> None:
    with pytest.raises(InvalidValue):
        sent(point=ContactPoint("email", "nobody"))


def test_sends_come_once() -> None:
    assert SentLog([sent(), sent()]).entries == (sent(),)
    with pytest.raises(Conflict):
        SentLog([sent(), sent(purpose="offers")])


def test_the_log_counts_as_the_limit_does() -> None:
    cap = FrequencyCap("c", 1, DAY)
    instants = [AT - timedelta(hours=hours) for hours in (-1, 0, 23, 24, 25)]
    log = SentLog([sent(f"s{number}", at=at) for number, at in enumerate(instants)])
    asked: dict[str, Any] = {"point": "email:anna@example.com", "customers": ("c1",)}

    count = log.count(cap, moment(AT), **asked)

    assert count == cap.rolling.count(AT, instants) == 2
    assert log.instants(cap, moment(AT), **asked) == (AT,)
    assert log.count(cap, moment(AT), point=None, customers=()) == 0
