"""Entries of consent: what they hold, how they are confirmed, the receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from relex.customers import Consent, ConsentPolicy, Evidence, token_digest
from relex.errors import InvalidValue, Rejected
from relex.parties import ContactPoint

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
EMAIL = ContactPoint("email", "Anna@Example.com")
POLICY = ConsentPolicy([])
ASKED = Evidence(source="form", token_digest=token_digest("7H2K"))
FOREIGN = Evidence(token_digest="é")  # noqa: S106 - no secret


def consent(**more: Any) -> Consent:
    return Consent("e1", **{"customer": "c1", "at": AT, "status": "granted", "purpose": "news", **more})


def test_a_point_is_kept_by_its_address() -> None:
    assert consent(point=EMAIL) == consent(point="email:anna@example.com")


@pytest.mark.parametrize("status", ["denied", "withdrawn", "objected"])
def test_refusals_say_no(status: str) -> None:
    assert consent(status=status).is_refusal


def test_the_subject_is_the_customer() -> None:
    assert consent().subject == "c1"


def test_facts() -> None:
    facts = consent(topic="shoes", channel="email", point=EMAIL, evidence=ASKED).facts()

    assert facts == {
        "kind": "consent",
        "id": "e1",
        "customer": "c1",
        "at": AT,
        "status": "granted",
        "purpose": "news",
        "topic": "shoes",
        "channel": "email",
        "point": "email:anna@example.com",
        "basis": "consent",
        "source": "form",
    }
    assert facts.keys() == dict(Consent.fact_schema.facts).keys()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", datetime(2026, 5, 4)),  # noqa: DTZ001 - naive on purpose
        ("status", "yes"),
        ("basis", "because"),
        ("purpose", ""),
        ("channel", ""),
        ("point", "anna@example.com"),
        ("point", ContactPoint("email", "nobody")),
        ("point", 7),
        ("confirms", "e0"),
        ("expires_at", AT),
        ("evidence", None),
    ],
)
def test_what_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        consent(**{field: value})

    assert caught.value.path == f"Consent.{field}"


def test_a_confirmation_names_what_it_confirms() -> None:
    with pytest.raises(InvalidValue):
        consent(status="confirmed")


class TestConfirming:
    REQUEST = consent(status="requested", evidence=ASKED, point=EMAIL, channel="email")

    def test_the_token_confirms(self) -> None:
        later = AT + timedelta(days=7)

        found = self.REQUEST.confirm("7H2K", at=later, policy=POLICY, evidence=Evidence(source="link"))

        assert (found.id, found.at, found.status, found.confirms) == ("e1/confirmed", later, "confirmed", "e1")
        assert (found.point, found.channel, found.evidence.source) == (self.REQUEST.point, "email", "link")

    @pytest.mark.parametrize(
        ("entry", "token", "after", "reason"),
        [
            (REQUEST, "7H2L", timedelta(0), "token"),
            (consent(status="requested"), "7H2K", timedelta(0), "token"),
            (REQUEST, "7H2K", timedelta(days=7, microseconds=1), "expired"),
            (REQUEST, "7H2K", timedelta(seconds=-1), "out_of_order"),
            (attrs.evolve(REQUEST, expires_at=AT + timedelta(days=1)), "7H2K", timedelta(days=1), "expired"),
            (consent(status="requested", evidence=FOREIGN), "7H2K", timedelta(0), "token"),
            (consent(status="denied", evidence=ASKED), "7H2K", timedelta(0), "not-requested"),
        ],
    )
    def test_it_is_refused(self, entry: Consent, token: str, after: timedelta, reason: str) -> None:
        with pytest.raises(Rejected) as caught:
            entry.confirm(token, at=AT + after, policy=POLICY)

        assert caught.value.reason == reason

    def test_it_needs_a_policy(self) -> None:
        with pytest.raises(InvalidValue):
            self.REQUEST.confirm("7H2K", at=AT, policy=None)  # type: ignore[arg-type]

    def test_a_token_is_text(self) -> None:
        with pytest.raises(InvalidValue):
            self.REQUEST.confirm("", at=AT, policy=POLICY)

    def test_the_digest_does_not_confirm(self) -> None:
        with pytest.raises(Rejected):
            self.REQUEST.confirm(token_digest("7H2K"), at=AT, policy=POLICY)


class TestReceipt:
    @pytest.mark.parametrize(
        "more",
        [
            {"at": datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))},
            {"expires_at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))},
        ],
        ids=["at", "expires_at"],
    )
    def test_an_instant_has_a_year_in_utc(self, more: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue):
            consent(**more).to_receipt()

    def test_a_grant(self) -> None:
        evidence = Evidence(source="form", notice="https://x.example/n", notice_version="3", document="d1")
        entry = consent(
            topic="shoes", channel="email", point=EMAIL, evidence=evidence, expires_at=AT + timedelta(days=1)
        )

        assert entry.to_receipt() == {
            "schema_version": "ISO/IEC TS 27560:2023",
            "record_id": "e1",
            "pii_principal_id": "c1",
            "privacy_notice": "https://x.example/n",
            "privacy_notice_version": "3",
            "purposes": [
                {
                    "purpose": "news",
                    "purpose_type": "shoes",
                    "lawful_basis": "dpv:Consent",
                    "services": "email",
                    "pii_information": "email:anna@example.com",
                    "collection_method": "form",
                }
            ],
            "events": [
                {
                    "event_id": "e1",
                    "event_time": "2026-05-04T09:00:00Z",
                    "event_type": "granted",
                    "event_state": "dpv:ConsentGiven",
                    "entity_id": "c1",
                    "validity_duration": "2026-05-04T09:00:00Z/2026-05-05T09:00:00Z",
                    "event_evidence": "d1",
                }
            ],
        }

    def test_a_confirmation_that_somebody_else_made(self) -> None:
        entry = consent(status="confirmed", confirms="e0", evidence=Evidence(actor="desk"))

        [event] = entry.to_receipt()["events"]

        assert (event["event_id"], event["entity_id"]) == ("e0", "desk")
