"""Worked cases of calls: speed of answer, handling time, abandonment and service level."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from relex.service import Abandonment, ContactAttempt, HandlingTime, ServiceLevel, SpeedOfAnswer, measure_attempts

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def answered(name: str, after: int, talk: int, hold: int) -> ContactAttempt:
    times: dict[str, Any] = {"talk": seconds(talk), "hold": seconds(hold), "wrap_up": seconds(60)}
    return ContactAttempt(name, at=NINE, channel="phone", answered_at=NINE + seconds(after), **times)


def gave_up(name: str, after: int) -> ContactAttempt:
    return ContactAttempt(name, at=NINE, channel="phone", abandoned_at=NINE + seconds(after))


CALLS = [
    answered("t1", 10, 100, 0),
    answered("t2", 20, 200, 30),
    answered("t3", 90, 300, 0),
    gave_up("t4", 4),
    gave_up("t5", 40),
]


def test_sv_55_five_calls() -> None:
    """ASA 40 s; AHT 270 s; abandonment 2/5, with short 5 s 1/4; level 20 s: 2/5, 2/3, 2/4 (own)."""
    level: dict[str, Any] = {"within": seconds(20)}
    metrics = [
        SpeedOfAnswer(statistics=["mean"]),
        HandlingTime(statistics=["mean"]),
        Abandonment(),
        Abandonment(name="net", short=seconds(5)),
        ServiceLevel(name="offered", **level),
        ServiceLevel(name="answered", of="answered", **level),
        ServiceLevel(name="less_short", of="offered_less_short", short=seconds(5), **level),
    ]
    (row,) = measure_attempts(CALLS, metrics, as_of=NOON).rows

    assert [figure.value for figure in row.figures] == [
        40,
        270,
        Fraction(2, 5),
        Fraction(1, 4),
        Fraction(2, 5),
        Fraction(2, 3),
        Fraction(2, 4),
    ]


def test_sv_55_the_terms_are_those_of_the_page() -> None:
    """Two of five gave up; of those who waited longer than 5 s, one of four (own)."""
    metrics = [Abandonment(), Abandonment(name="net", short=seconds(5)), ServiceLevel(within=seconds(20))]
    (row,) = measure_attempts(CALLS, metrics, as_of=NOON).rows

    assert [(each.numerator, each.denominator) for each in row.figures] == [(2, 5), (1, 4), (2, 5)]
