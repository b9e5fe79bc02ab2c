"""Consent over a ledger of entries: what each of them means, at which instant.

Sources: worked out by hand from Regulation (EU) 2016/679, articles 7 and 21 (a withdrawal is as easy as a grant, an
objection ends direct marketing), and from double opt-in as Salesforce, HubSpot and SuiteCRM document it.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.customers import Consent, ConsentLedger, ConsentPolicy, Customer, Link, PersonName, Purpose, may_contact
from relex.parties import ContactPoint

E = ContactPoint("email", "anna@example.com")
W = ContactPoint("email", "anna@work.example")
P = ContactPoint("phone", "+46701234567")
S = ContactPoint("social", "@anna")
POLICY = ConsentPolicy(
    [
        Purpose("marketing", valid_for=24),
        Purpose("news", double_opt_in=True),
        Purpose("service", "opt-out"),
        Purpose("contract", "none"),
    ]
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(id_: str, at: str, status: str, purpose: str, channel: str = "*", **more: object) -> Consent:
    purpose, _, topic = purpose.partition("/")
    fields = {"customer": "c1", **more}
    return Consent(id_, at=utc(at), status=status, purpose=purpose, topic=topic or None, channel=channel, **fields)  # type: ignore[arg-type]


LEDGER = [
    said("e1", "2024-01-10 09:00", "granted", "marketing", "email", point=E),
    said("e2", "2024-01-10 09:00", "granted", "marketing/shoes", "email", point=E),
    said("e3", "2024-03-01 12:00", "denied", "marketing", "phone"),
    said("e4", "2024-06-01 08:00", "granted", "marketing"),
    said("e5", "2024-09-01 10:00", "withdrawn", "marketing/shoes", "email", point=E),
    said("e8", "2025-01-05 10:00", "requested", "news", "email", point=E),
    said("e9", "2025-01-12 10:00", "confirmed", "news", "email", point=E, confirms="e8"),
    said("e6", "2025-02-01 10:00", "objected", "marketing"),
    said("e7", "2025-03-01 10:00", "granted", "marketing", "email", point=E),
]


def anna(id_: str = "c1", *points: ContactPoint) -> Customer:
    change = Customer.open(id_, PersonName("Anna Berg"), at=utc("2024-01-01 00:00"))
    for point in points or (E, W, P, S):
        change = change.then(lambda state, point=point: state.add_point(point, at=state.changed_at))  # type: ignore[misc]
    return change.state


ANNA = anna()


@pytest.mark.parametrize(
    ("at", "purpose", "channel", "point", "allowed", "why"),
    [
        ("2024-01-10 08:59", "marketing", "email", E, False, ["consent:unknown None None"]),
        ("2024-01-10 09:00", "marketing", "email", E, True, []),
        ("2024-02-01 00:00", "marketing/shoes", "email", E, True, []),
        ("2024-02-01 00:00", "marketing/bags", "email", E, False, ["consent:unknown bags None"]),
        ("2024-07-01 00:00", "marketing", "phone", P, False, ["consent:refused None e3"]),
        ("2024-07-01 00:00", "marketing", "post", S, True, []),
        ("2024-09-02 00:00", "marketing/shoes", "email", E, False, ["consent:refused shoes e5"]),
        ("2024-09-02 00:00", "marketing", "email", E, True, []),
        ("2025-02-02 00:00", "marketing", "email", E, False, ["consent:refused None e6"]),
        ("2025-03-02 00:00", "marketing", "email", E, True, []),
        ("2025-03-02 00:00", "marketing", "email", W, False, ["consent:refused None e6"]),
        ("2025-03-02 00:00", "marketing", "post", S, False, ["consent:refused None e6"]),
        ("2027-02-28 23:59", "marketing", "email", E, True, []),
        ("2027-03-01 10:00", "marketing", "email", E, False, ["consent:refused None e6"]),
        ("2025-01-12 09:59", "news", "email", E, False, ["consent:pending None e8"]),
        ("2025-01-12 10:00", "news", "email", E, True, []),
        ("2025-01-12 00:00", "service", "email", E, True, []),
        ("2025-01-12 00:00", "service", "sms", P, False, ["consent:unknown None None"]),
        ("2025-01-12 00:00", "contract", "email", E, True, []),
    ],
)
def test_the_ledger(at: str, purpose: str, channel: str, point: ContactPoint, *, allowed: bool, why: list[str]) -> None:
    purpose, _, topic = purpose.partition("/")

    decision = may_contact(
        ANNA, point, purpose, topic=topic or None, channel=channel, ledger=LEDGER, policy=POLICY, at=utc(at)
    )

    assert allowed == decision.is_allowed
    assert why == [f"{reason.code} {reason.topic} {reason.by}" for reason in decision.reasons]


@pytest.mark.parametrize(
    ("at", "entry"),
    [("2024-01-10 09:00", "e1"), ("2024-09-02 00:00", "e4"), ("2025-03-02 00:00", "e7"), ("2025-02-02 00:00", "e6")],
)
def test_the_entry_that_decides(at: str, entry: str) -> None:
    state = ConsentLedger(LEDGER).state("c1", "marketing", channel="email", point=E, policy=POLICY, at=utc(at))

    assert state.entry is not None
    assert entry == state.entry.id


def test_the_confirmation_comes_exactly_seven_days_later() -> None:
    from relex.customers import Evidence, token_digest  # noqa: PLC0415 - of this case only

    asked = said("e8", "2025-01-05 10:00", "requested", "news", evidence=Evidence(token_digest=token_digest("7H2K")))

    confirmed = asked.confirm("7H2K", at=utc("2025-01-12 10:00"), policy=POLICY, id="e9")

    assert (confirmed.id, confirmed.status, confirmed.confirms) == ("e9", "confirmed", "e8")


@pytest.mark.parametrize(
    ("at", "status"),
    [("2026-01-10 08:59", "granted"), ("2026-01-10 09:00", "expired"), ("2030-01-01 00:00", "expired")],
)
def test_only_the_first_entry(at: str, status: str) -> None:
    state = ConsentLedger(LEDGER[:1]).state("c1", "marketing", channel="email", point=E, policy=POLICY, at=utc(at))

    assert (status, utc("2026-01-10 09:00")) == (state.status, state.until)


KIM = ContactPoint("email", "kim@example.com")
KIMS = [
    said("a1", "2024-02-01 00:00", "withdrawn", "marketing", "email", customer="A"),
    said("b1", "2024-05-01 00:00", "granted", "marketing", "email", customer="B", point=KIM),
]
AGAIN = said("b2", "2024-09-01 00:00", "granted", "marketing", "email", customer="B", point=KIM)
MERGED = Link("B", "A", utc("2024-07-01 00:00"))


@pytest.mark.parametrize(
    ("at", "entries", "allowed"),
    [
        pytest.param("2024-06-30 00:00", KIMS, True, id="before the merge"),
        pytest.param("2024-07-01 00:00", KIMS, False, id="merged"),
        pytest.param("2024-08-31 00:00", [*KIMS, AGAIN], False, id="before the new grant"),
        pytest.param("2024-09-01 00:00", [*KIMS, AGAIN], True, id="granted anew"),
    ],
)
def test_a_merge_keeps_the_refusal_of_every_part(at: str, entries: list[Consent], *, allowed: bool) -> None:
    ledger = ConsentLedger(entries, merges=[MERGED])

    decision = may_contact(anna("B", KIM), KIM, "marketing", ledger=ledger, policy=POLICY, at=utc(at))

    assert allowed == decision.is_allowed
