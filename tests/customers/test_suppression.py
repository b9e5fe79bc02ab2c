"""Keeping somebody out without keeping the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from relex.codec import dumps
from relex.customers import Suppression, SuppressionList, address, point_digest, suppress
from relex.customers._addresses import required_address
from relex.errors import InvalidValue
from relex.parties import ContactPoint, PostalAddress

AT = datetime(2026, 5, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
E = ContactPoint("email", "john@example.com")
DIGEST = point_digest(E, "pepper")


def test_an_address_is_kind_and_key() -> None:
    assert address(ContactPoint("email", "John@Example.com")) == "email:john@example.com"
    assert address(ContactPoint("email", "nobody")) is None
    assert address(ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå", country="SE"))) is not None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("email:Anna <Anna@Example.com>", "email:anna@example.com"),
        ("phone:+1 (650) 253-0000", "phone:+16502530000"),
        ("phone:+49110", "phone:+49110"),
        ("social:@Ada ", "social:@ada"),
    ],
)
def test_an_address_in_text_is_read(typed: str, stored: str) -> None:
    assert point_digest(typed, "pepper") == point_digest(stored, "pepper")
    assert required_address("point", typed) == stored == required_address("point", stored)


@pytest.mark.parametrize("typed", ["phone:090-1234-5678", "email:nobody", "fax:+16502530000", "email:", "push: "])
def test_text_that_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidValue):
        suppress(typed, key="pepper", at=AT)


def test_bytes_and_text_are_the_same_secret() -> None:
    assert point_digest(E, b"pepper") == DIGEST != point_digest(E, "salt")


@pytest.mark.parametrize("key", ["", b"", None, 7])
def test_the_secret_is_needed_and_never_shown(key: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        point_digest(E, key)

    assert "kept secret" in str(caught.value)


def test_an_entry_holds_the_digest_only() -> None:
    entry = suppress(E, key="pepper", at=AT, purpose="news")

    assert entry == Suppression(DIGEST, "news", at=AT)
    assert (entry.subject, entry.id) == (DIGEST, f"{DIGEST}/news@2026-05-04T00:00:00+00:00")
    assert entry.facts().keys() == dict(Suppression.fact_schema.facts).keys()
    assert "john" not in dumps(entry)


@pytest.mark.parametrize("digest", ["", "ab", "g" * 64, "A" * 64, None])
def test_a_digest_is_64_digits(digest: Any) -> None:
    with pytest.raises(InvalidValue):
        Suppression(digest, at=AT)


def test_an_instant_has_a_year_in_utc() -> None:
    with pytest.raises(InvalidValue):
        Suppression(DIGEST, at=datetime.min.replace(tzinfo=timezone(5 * HOUR)))


def test_the_oldest_that_fits_is_found() -> None:
    entries = [
        suppress(E, key="pepper", at=AT + HOUR),
        suppress(E, key="pepper", at=AT),
        suppress(E, key="pepper", at=AT, purpose="cats"),
    ]
    shut = SuppressionList(entries, key="pepper")

    assert shut.find(E, "news", AT + HOUR) == entries[1]
    assert shut.find(E, "cats", AT) == entries[1]
    assert shut.find(E, "news", AT - HOUR) is None
    assert shut.find("email:kim@example.com", "news", AT) is None


def test_a_suppression_of_one_purpose() -> None:
    shut = SuppressionList([suppress(E, key="pepper", at=AT, purpose="cats")], key="pepper")

    assert shut.find(E, "news", AT) is None
    assert shut.find(E, "*", AT) is None
    assert shut.find(E, "cats", AT) is not None


def test_another_secret_finds_nothing() -> None:
    assert SuppressionList([suppress(E, key="pepper", at=AT)], key="salt").find(E, "news", AT) is None


@pytest.mark.parametrize(
    ("point", "at"),
    [("nowhere", AT), (ContactPoint("email", "nobody"), AT), (E, datetime(2026, 5, 4))],  # noqa: DTZ001
)
def test_what_cannot_be_found(point: Any, at: datetime) -> None:
    with pytest.raises(InvalidValue):
        SuppressionList(key="pepper").find(point, "news", at)


@pytest.mark.parametrize(("entries", "key"), [([], ""), (["x"], "k"), ("x", "k")])
def test_what_it_cannot_be_made_of(entries: Any, key: str) -> None:
    with pytest.raises(InvalidValue):
        SuppressionList(entries, key=key)
