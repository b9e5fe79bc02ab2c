"""Points of a whole program: what is outstanding and its cost, what became of it, and the report in one pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.calendars import Months, Period
from relex.loyalty import (
    Account,
    EarningRule,
    Flat,
    Occasion,
    Program,
    liability,
    points_cohorts,
    program_report,
    redemption_curve,
)
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2024, 1, 1, tzinfo=UTC)
AT = datetime(2026, 7, 1, tzinfo=UTC)
VISITS = Program("visits", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")], expires=Months(12))
WORTH = Money("0.05", "USD")
ENTRIES = 20
ACCOUNTS = 1_000


def rows() -> Iterator[Row]:
    """Per account of twenty entries."""
    rng = Random(8)  # noqa: S311 - the same accounts every time
    accounts = [_account(number, rng) for number in range(ACCOUNTS)]
    year = Period(date(2025, 7, 1), date(2026, 7, 1))
    cohorts = points_cohorts(accounts, VISITS, as_of=AT)
    yield Row(
        name=f"liability, an account of {ENTRIES} entries",
        ours=lambda: liability(accounts, VISITS, as_of=AT, worth=WORTH, rate="0.8"),
        peers={},
        per=ACCOUNTS,
        note="by month of issue; a lot costs one addition",
    )
    yield Row(
        name=f"points_cohorts, an account of {ENTRIES} entries",
        ours=lambda: points_cohorts(accounts, VISITS, as_of=AT),
        peers={},
        per=ACCOUNTS,
        note="folds the account from its first entry on, to learn which debit took which lot",
    )
    yield Row(
        name=f"redemption_curve, {len(cohorts.cohorts)} cohorts",
        ours=lambda: redemption_curve(cohorts),
        peers={},
        per=1,
        note="exact rates and their intervals, whatever the number of accounts",
    )
    yield Row(
        name=f"program_report, an account of {ENTRIES} entries",
        ours=lambda: program_report(accounts, VISITS, as_of=AT, period=year, worth=WORTH),
        peers={},
        per=ACCOUNTS,
        note="all of the above and the rates, in one pass",
    )


def _account(number: int, rng: Random) -> Account:
    at = START + timedelta(days=rng.randrange(300))
    account, _ = Account.open(f"a{number}", customer="c", program=VISITS, at=at)
    for entry in range(ENTRIES):
        at += timedelta(days=rng.randrange(1, 50))
        available = account.balance(as_of=at).available
        if entry % 2 == 0 or not available:
            account, _ = account.earn(Occasion("visit", f"v{entry}", at), VISITS, at=at)
        else:
            account, _ = account.redeem(min(7, available), VISITS, id=f"r{entry}", at=at)
    return account
