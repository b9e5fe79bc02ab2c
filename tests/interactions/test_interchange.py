"""Calls of trackers and CloudEvents: what is read, what is told, and what is refused by its path."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from relex.codec import dumps
from relex.customers import Customer
from relex.errors import InvalidValue
from relex.interactions import (
    IdentityClaim,
    Interaction,
    client_time,
    from_cloudevent,
    interaction_from_tracking,
    to_cloudevent,
)
from relex.parties import Identifier, PersonName

if TYPE_CHECKING:
    from relex.changes import Event

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NAIVE = datetime(2026, 5, 1)  # noqa: DTZ001 - what is refused
CALL = {"type": "track", "messageId": "m1", "event": "Clicked", "receivedAt": "2026-05-01T12:00:00Z"}
OPENED: Event = Customer.open("c 1/ä", PersonName("Ada"), at=NOON).events[0]
BASE = "https://crm.example"


def tracked(**parts: Any) -> Interaction:
    found = interaction_from_tracking(CALL | parts)

    assert isinstance(found, Interaction)
    return found


def claimed(**parts: Any) -> IdentityClaim:
    found = interaction_from_tracking(CALL | {"type": "identify", "userId": "c1"} | parts)

    assert isinstance(found, IdentityClaim)
    return found


def deep(levels: int = 5_000) -> Any:
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


class TestClientTime:
    @pytest.mark.parametrize("missing", ["sent_at", "original_at"])
    def test_without_one_of_the_two_the_receipt_is_all_that_is_known(self, missing: str) -> None:
        found = client_time(NOON, **{"sent_at": NOON, "original_at": NOON - timedelta(hours=1)} | {missing: None})

        assert (found.at, found.note) == (NOON, None)

    def test_what_was_sent_at_once_came_in_at_once(self) -> None:
        found = client_time(NOON, sent_at=NOON.replace(hour=3), original_at=NOON.replace(hour=3))

        assert (found.at, found.note) == (NOON, None)

    def test_before_all_time_is_the_receipt(self) -> None:
        first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
        found = client_time(NOON, sent_at=last, original_at=first)

        assert (found.at, found.note) == (NOON, "client-clock")

    def test_it_shows_the_note(self) -> None:
        told = [client_time(NOON), client_time(NOON, sent_at=NOON, original_at=NOON + timedelta(hours=1))]

        assert [str(each) for each in told] == [
            "2026-05-01T12:00:00+00:00",
            "2026-05-01T12:00:00+00:00 (client-clock)",
        ]

    @pytest.mark.parametrize("name", ["received_at", "sent_at", "original_at"])
    def test_a_naive_instant_is_named(self, name: str) -> None:
        with pytest.raises(InvalidValue, match=f"client_time.{name}"):
            client_time(**{"received_at": NOON} | {name: NAIVE})


class TestTracking:
    def test_a_track_call(self) -> None:
        found = tracked(userId="c1", anonymousId="x", channel="mobile", context={"campaign": {"name": "may"}})

        assert (found.id, found.at, found.received_at) == ("m1", NOON, NOON)
        assert (found.channel, found.direction, found.kind, found.subject) == ("app", "inbound", "Clicked", "c1")
        assert found.identifiers == (Identifier("anonymous_id", "x"), Identifier("user_id", "c1"))
        assert found.related == (("campaign", "may"),)

    @pytest.mark.parametrize(
        ("parts", "channel"),
        [
            ({"type": "page"}, "web"),
            ({"type": "screen"}, "app"),
            ({}, "web"),
            ({"channel": "browser"}, "web"),
            ({"channel": "server"}, "server"),
            ({"channel": "kiosk"}, "kiosk"),
        ],
    )
    def test_the_channel(self, parts: dict[str, Any], channel: str) -> None:
        assert tracked(**parts).channel == channel

    def test_a_page_is_a_touchpoint(self) -> None:
        found = tracked(type="page", name="Pricing")

        assert (found.kind, found.touchpoint) == ("page", "Pricing")

    def test_somebody_anonymous_is_nobody_known(self) -> None:
        assert tracked(anonymousId="x").subject is None

    def test_the_receipt_may_be_told_by_the_caller(self) -> None:
        found = interaction_from_tracking(CALL | {"receivedAt": "nonsense"}, received_at=NOON)

        assert found.received_at == NOON

    def test_the_instant_is_corrected_and_noted(self) -> None:
        found = tracked(sentAt="2026-05-01T11:00:00Z", timestamp="2026-05-01T11:00:30Z")

        assert (found.at, found.notes) == (NOON, ("client-clock",))

    def test_the_original_instant_comes_before_one_that_was_corrected_already(self) -> None:
        found = tracked(
            sentAt="2026-05-01T13:00:00+02:00",
            originalTimestamp="2026-05-01T12:00:00+02:00",
            timestamp="2026-05-01T11:30:00Z",
        )

        assert found.at == NOON - timedelta(hours=1)

    def test_plain_values_are_kept_and_others_left_out_with_a_note(self) -> None:
        kept = {"text": "a", "blank": "", "yes": True, "count": 3, "day": date(2026, 5, 1), "at": NOON}
        lost = {
            "deep": {"a": 1},
            "mixed": [1, "a"],
            "nan": float("nan"),
            "huge": 10**300,
            "half": "\ud800",
            "naive": NAIVE,
            "long": "a" * 10_001,
            "nested": deep(),
            "object": object(),
        }
        found = tracked(properties={**kept, **lost, "price": 19.9, "tags": ["b", "a"], "nothing": None})

        assert dict(found.values) == {**kept, "price": Decimal("19.9"), "tags": ("b", "a")}
        assert found.notes == ("values-left-out",)
        assert dumps(found)

    def test_identify(self) -> None:
        found = claimed(anonymousId="x", traits={"plan": "pro"})

        assert found.identifiers == (Identifier("anonymous_id", "x"), Identifier("user_id", "c1"))
        assert (found.kind, found.subject, found.traits) == ("identify", "c1", (("plan", "pro"),))
        assert found.facts() == {
            "kind": "identity-claim",
            "id": "m1",
            "at": NOON,
            "customer": "c1",
            "claim.kind": "identify",
            "claim.group": None,
            "trait.plan": "pro",
        }

    def test_alias(self) -> None:
        found = claimed(type="alias", previousId="x")

        assert found.identifiers == (Identifier("anonymous_id", "x"), Identifier("user_id", "c1"))

    def test_group(self) -> None:
        found = claimed(type="group", groupId="g1", userId=None, anonymousId="x")

        assert (found.group, found.subject) == ("g1", None)

    @pytest.mark.parametrize(
        ("parts", "path"),
        [
            ({"type": "buy"}, "call.type"),
            ({"type": None}, "call.type"),
            ({"messageId": None}, "call.messageId"),
            ({"messageId": 3}, "call.messageId"),
            ({"messageId": ""}, "call.messageId"),
            ({"event": ["a"]}, "call.event"),
            ({"event": "a" * 10_001}, "call.event"),
            ({"userId": "\ud800"}, "call.userId"),
            ({"channel": 3}, "call.channel"),
            ({"receivedAt": None}, "call.receivedAt"),
            ({"receivedAt": "2026-05-01T12:00:00"}, "call.receivedAt"),
            ({"sentAt": "yesterday"}, "call.sentAt"),
            ({"sentAt": deep()}, "call.sentAt"),
            ({"timestamp": 3}, "call.timestamp"),
            ({"timestamp": "1" * 20_000}, "call.timestamp"),
            ({"properties": []}, "call.properties"),
            ({"properties": {str(number): 1 for number in range(1_001)}}, "call.properties"),
            ({"properties": {3: 1}}, "call.properties"),
            ({"properties": {"": 1}}, "call.properties"),
            ({"context": deep()}, "call.context"),
            ({"context": {"campaign": "may"}}, "call.context.campaign"),
            ({"context": {"campaign": {"name": 3}}}, "call.context.campaign.name"),
            ({"type": "identify", "traits": 3}, "call.traits"),
            ({"type": "identify"}, "call.userId"),
            ({"type": "alias", "userId": "c1"}, "call.previousId"),
            ({"type": "group", "userId": "c1"}, "call.groupId"),
        ],
    )
    def test_what_is_wrong_is_named(self, parts: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            interaction_from_tracking(CALL | parts)

        assert caught.value.path == path
        assert len(str(caught.value)) < 300

    @pytest.mark.parametrize("call", [None, [], "track"])
    def test_a_call_is_a_mapping(self, call: Any) -> None:
        with pytest.raises(InvalidValue, match=r"call: expected a mapping"):
            interaction_from_tracking(call)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"kind": "merge"}, "IdentityClaim.kind"),
        ({"identifiers": [("user_id", "c1")]}, "IdentityClaim.identifiers"),
        ({"traits": {"x": 1.5}}, "IdentityClaim.traits.x"),
        ({"notes": "a"}, "IdentityClaim.notes"),
    ],
)
def test_a_wrong_claim_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IdentityClaim("m1", **({"at": NOON, "kind": "identify", "identifiers": []} | fields))

    assert caught.value.path == path


class TestCloudEvents:
    def test_what_an_address_cannot_hold_is_encoded(self) -> None:
        told = to_cloudevent(OPENED, f"{BASE}/")

        assert told["source"] == "https://crm.example/customers/c%201/%C3%A4"
        assert told["subject"] == "c 1/ä"
        assert from_cloudevent(told) == OPENED

    def test_a_fraction_of_a_second_is_told(self) -> None:
        event = attrs.evolve(OPENED, at=NOON + timedelta(microseconds=5))

        assert to_cloudevent(event, BASE)["time"] == "2026-05-01T12:00:00.000005Z"

    def test_extensions_and_missing_options_are_fine(self) -> None:
        told = to_cloudevent(OPENED, BASE) | {"traceparent": "00-1", "partitionkey": 3}
        for name in ("subject", "time", "datacontenttype"):
            del told[name]

        assert from_cloudevent(told) == OPENED

    @pytest.mark.parametrize(
        ("parts", "path"),
        [
            ({"specversion": "0.3"}, "cloudevent.specversion"),
            ({"specversion": 1.0}, "cloudevent.specversion"),
            ({"type": "com.example.made"}, "cloudevent.type"),
            ({"type": "relex.customers.CustomerOpened.v99"}, "cloudevent.data"),
            ({"type": "relex.customers.CustomerClosed.v1"}, "cloudevent.data"),
            ({"type": None}, "cloudevent.type"),
            ({"id": "2"}, "cloudevent.id"),
            ({"id": 1}, "cloudevent.id"),
            ({"source": f"{BASE}/customers/c2"}, "cloudevent.source"),
            ({"source": 3}, "cloudevent.source"),
            ({"subject": "c2"}, "cloudevent.subject"),
            ({"time": "2026-05-01T12:00:01Z"}, "cloudevent.time"),
            ({"time": "noon"}, "cloudevent.time"),
            ({"datacontenttype": "text/xml"}, "cloudevent.datacontenttype"),
            ({"data": []}, "cloudevent.data"),
            ({"data": None}, "cloudevent.data"),
            ({"data": deep()}, "cloudevent.data"),
            ({"data_base64": "aGk="}, "cloudevent"),
            ({3: "a"}, "cloudevent"),
        ],
    )
    def test_what_it_does_not_know_is_named(self, parts: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            from_cloudevent(to_cloudevent(OPENED, BASE) | parts)

        assert caught.value.path == path

    def test_an_event_that_is_unknown_is_named(self) -> None:
        told = to_cloudevent(OPENED, BASE) | {"type": "relex.customers.CustomerClosed.v1"}
        told["data"] = told["data"] | {"type": "customers.CustomerClosed", "v": 1}

        with pytest.raises(InvalidValue, match=r"cloudevent\.data\.Event\.type: .*CustomerClosed"):
            from_cloudevent(told)

    @pytest.mark.parametrize(
        ("event", "base", "path"),
        [(3, BASE, "to_cloudevent.event"), (OPENED, "", "to_cloudevent.base")],
    )
    def test_wrong_arguments_are_named(self, event: Any, base: str, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            to_cloudevent(event, base)

        assert caught.value.path == path


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["type", "messageId", "userId", "properties", "traits", "context", "sentAt", "timestamp", "name"]
)
PARTS = st.sampled_from(["type", "id", "source", "subject", "time", "data", "specversion", "x"])


def refused(path: str, read: Any, *arguments: Any) -> bool:
    """Whether it is refused, or read, and nothing else."""
    try:
        return bool(read(*arguments))
    except InvalidValue as error:
        return error.path.startswith(path)


@settings(max_examples=100)
@given(st.dictionaries(KEYS, JUNK, max_size=4), st.sampled_from(["track", "page", "identify", "alias"]))
def test_hostile_calls_are_read_or_refused_by_path(parts: dict[str, Any], kind: str) -> None:
    assert refused("call", interaction_from_tracking, CALL | {"type": kind} | parts)


@settings(max_examples=100)
@given(st.dictionaries(PARTS, JUNK, max_size=3))
def test_hostile_envelopes_are_read_or_refused_by_path(parts: dict[str, Any]) -> None:
    assert refused("cloudevent", from_cloudevent, to_cloudevent(OPENED, BASE) | parts)
