"""Forgetting and keeping out: digests, due days, opt-outs, retention.

Sources: HMAC-SHA256 (RFC 2104, reproduced with OpenSSL), one month to answer (Regulation (EU) 2016/679, article 12),
ten business days to honor an opt-out (CAN-SPAM, 16 CFR 316.4); retention was worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from relex.calendars import BusinessCalendar, BusinessDays, weekly
from relex.customers import (
    Customer,
    PersonName,
    RetentionPolicy,
    RetentionRule,
    SuppressionList,
    erase,
    point_digest,
    suppress,
)
from relex.parties import ContactPoint

AT = datetime(2025, 1, 31, 9, tzinfo=UTC)
PHONE = "2118a9275f2e1b97cb76a610890dadfdbc61ff6896edd2567d27a6f48d536b82"


@pytest.mark.parametrize(
    ("point", "digest"),
    [
        ("email:john@example.com", "ab69ad344a6a7d15b377c2d38ef945176ce1d00a84ce149e71f27e7f338895d6"),
        ("phone:+819012345678", PHONE),
    ],
)
def test_digests(point: str, digest: str) -> None:
    assert digest == point_digest(point, "pepper")


def test_another_spelling_hits_the_digest() -> None:
    spelled = ContactPoint(
        "phone", "\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT NINE}\N{FULLWIDTH DIGIT ZERO}-1234-5678", region="JP"
    )
    shut = SuppressionList([suppress("phone:+819012345678", key="pepper", at=AT)], key="pepper")

    found = shut.find(spelled, "marketing", AT)

    assert found is not None
    assert found.digest == PHONE


def test_a_request_of_the_last_of_january_is_due_on_the_last_of_february() -> None:
    anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=AT)

    _, plan = erase(anna, RetentionPolicy(), at=AT, by="desk")

    assert date(2025, 2, 28) == plan.due


def test_an_opt_out_is_honored_within_ten_business_days() -> None:
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC, holidays=[date(2025, 7, 4)])
    monday = datetime(2025, 6, 30, 9, tzinfo=UTC)

    due = office.due(monday, BusinessDays(10))

    assert date(2025, 7, 15) == due.date()


@pytest.mark.parametrize(
    ("activity", "due"),
    [
        pytest.param([date(2023, 10, 5), date(2023, 1, 1), None], True, id="before the cut"),
        pytest.param([date(2023, 10, 6), date(2023, 1, 1), None], False, id="one on the cut"),
    ],
)
def test_retention_of_24_months(activity: list[date | None], *, due: bool) -> None:
    anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=datetime(2022, 5, 1, tzinfo=UTC))
    policy = RetentionPolicy([RetentionRule("customers.Customer", 24)])

    found = policy.due([anna], as_of=datetime(2025, 10, 6, 12, tzinfo=UTC), activity={"c1": activity})

    assert due == bool(found)
