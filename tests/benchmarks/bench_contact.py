"""Whether somebody may be contacted, with fifty entries of consent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from benchmarks.harness import Row

from relex.calendars import BusinessCalendar, weekly
from relex.customers import (
    Consent,
    ConsentLedger,
    ConsentPolicy,
    Customer,
    FrequencyCap,
    Link,
    PersonName,
    Purpose,
    Sent,
    SentLog,
    SuppressionList,
    may_contact,
    suppress,
)
from relex.parties import ContactPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
POINT = ContactPoint("email", "anna@example.com")
BAR = 15e-6
QUESTIONS = 100
POLICY = ConsentPolicy(
    [Purpose("marketing", valid_for=24)],
    hours=BusinessCalendar(weekly("mon-sun", "08:00", "18:00"), tz=ZoneInfo("Europe/Stockholm")),
    caps=[
        FrequencyCap("daily", 1, timedelta(days=1), channel="email"),
        FrequencyCap("weekly", 3, timedelta(days=7), scope="customer"),
    ],
)


def rows() -> Iterator[Row]:
    """The same question of a ledger that was made before, of bare entries, and where time stands in the way."""
    anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=DAY - timedelta(days=90))
    anna, _ = anna.add_point(POINT, at=DAY - timedelta(days=90))
    entries = _history()
    ledger = ConsentLedger(entries)
    merged = ConsentLedger(entries, merges=[Link("c1", "c0", DAY - timedelta(days=80))])
    shut = SuppressionList([suppress("email:john@example.com", key="pepper", at=DAY)], key="pepper")
    sent = SentLog([_sent(days) for days in (2, 9, 12, 20)])
    held = SentLog([_sent(0), _sent(9)])

    def asked(told: object, log: SentLog, at: datetime = DAY, times: int = QUESTIONS) -> Callable[[], object]:
        more = {"policy": POLICY, "ledger": told, "sent": log, "suppressed": shut, "topic": "shoes", "at": at}
        return lambda: [may_contact(anna, POINT, "marketing", **more) for _ in range(times)]  # type: ignore[arg-type]

    assert asked(ledger, sent)()[0].is_allowed  # type: ignore[index]
    note = "consent for purpose and topic, suppression, hours, two caps"
    yield Row(name="May I contact: allowed", ours=asked(ledger, sent), per=QUESTIONS, at_most=BAR, note=note)
    yield Row(
        name="May I contact: refused",
        ours=asked(ledger, sent, DAY - timedelta(days=60)),
        per=QUESTIONS,
        at_most=BAR,
        note="an objection stands",
    )
    yield Row(
        name="May I contact: held by a cap", ours=asked(ledger, held), per=QUESTIONS, note="with the next instant"
    )
    yield Row(
        name="May I contact: merged customer", ours=asked(merged, sent), per=QUESTIONS, at_most=BAR, note="two parts"
    )
    yield Row(name="May I contact: bare entries", ours=asked(entries, sent, times=1), note="the ledger is made anew")


def _history() -> list[Consent]:
    found = []
    for number in range(50):
        status = "objected" if number == 15 else "granted" if number % 3 or number > 45 else "withdrawn"
        found.append(
            Consent(
                f"e{number}",
                customer="c1",
                at=DAY - timedelta(days=75 - number),
                status=status,
                purpose="marketing",
                topic=None if number % 2 else "shoes",
                channel="email" if number % 5 else "*",
                point=POINT if number % 7 else None,
            )
        )
    return found


def _sent(days: int) -> Sent:
    at = DAY - timedelta(days=days)
    return Sent(f"s{days}", customer="c1", at=at, channel="email", point=POINT, purpose="marketing")
