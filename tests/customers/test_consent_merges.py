"""What a merge makes stricter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.customers import Consent, ConsentLedger, ConsentPolicy, Link, Purpose, stricter_consents
from relex.errors import InvalidValue

AT = datetime(2026, 5, 4, tzinfo=UTC)
DAY = timedelta(days=1)
E = "email:anna@example.com"
POLICY = ConsentPolicy([Purpose("news"), Purpose("offers")])


def said(id_: str, customer: str, status: str, purpose: str = "news", **more: Any) -> Consent:
    fields = {"at": AT - DAY, "channel": "email", **more}
    return Consent(id_, customer=customer, status=status, purpose=purpose, **fields)


def stricter(*entries: Consent, **more: Any) -> list[str]:
    asked = {"policy": POLICY, "at": AT, **more}
    return [str(found) for found in stricter_consents(ConsentLedger(entries), "a", "b", **asked)]


def test_a_yes_meets_a_no() -> None:
    entries = [
        said("e1", "a", "granted", topic="shoes", point=E),
        said("e2", "b", "denied", topic="shoes"),
        said("e3", "b", "granted", "offers"),
        said("e4", "a", "denied", "offers", point=E),
        said("e5", "c", "granted"),
        said("e6", "a", "granted", "gone"),
        said("e7", "b", "denied", "gone"),
    ]

    assert stricter(*entries) == [
        f"news/shoes by email to {E}: granted by a in e1, refused by e2",
    ]


def test_both_ways() -> None:
    entries = [said("e1", "b", "granted", channel="*"), said("e2", "a", "objected", channel="*")]

    assert stricter(*entries) == ["news by *: granted by b in e1, refused by e2"]


def test_where_silence_is_a_yes() -> None:
    policy = ConsentPolicy([Purpose("news", "opt-out")])

    assert stricter(said("e1", "b", "withdrawn"), policy=policy) == ["news by email: allowed by a, refused by e1"]
    assert stricter(said("e1", "b", "withdrawn")) == []


def test_who_agreed_both_loses_nothing() -> None:
    assert stricter(said("e1", "a", "granted"), said("e2", "b", "granted")) == []


def test_what_is_said_later_does_not_count() -> None:
    assert stricter(said("e1", "a", "granted"), said("e2", "b", "denied", at=AT + DAY)) == []


def test_a_ledger_that_knows_the_merge_is_the_same_ledger() -> None:
    link = Link("a", "b", AT)
    ledger = ConsentLedger(merges=[link])

    assert ledger.knowing([link]) is ledger
    assert ledger.knowing([Link("a", "c", AT)]) is ledger.knowing([Link("a", "c", AT)])


@pytest.mark.parametrize("more", [{"at": datetime(2026, 5, 4)}])  # noqa: DTZ001 - naive on purpose
def test_what_cannot_be_asked(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        stricter(**more)
    with pytest.raises(InvalidValue):
        stricter_consents(ConsentLedger(), "a", "a", policy=POLICY, at=AT)
