"""Tiers by every measure and window, at their boundaries, and how far the next one is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale

from relex.calendars import Days, Months
from relex.loyalty import (
    Always,
    Anniversary,
    Calendar,
    EarningRule,
    For,
    Lifetime,
    Occasion,
    PerAmount,
    Periods,
    Points,
    Rolling,
    Tier,
    TierChanged,
    TierPolicy,
    WhileMet,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from relex.loyalty import Account, Program

BASE = EarningRule("base", PerAmount(1, per="1.00"))
NIGHTS = EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit", gives=("points", "status"))
TWO = (Points("points"), Points("status", qualifying=True))


def club(*tiers: Tier, rules: tuple[EarningRule, ...] = (BASE, NIGHTS), **policy: Any) -> Program:
    return program(
        *rules, points=TWO, tiers=tiers or (Tier("one", at=10), Tier("two", at=20)), tier_policy=TierPolicy(**policy)
    )


def visited(account: Account, of: Program, count: int, text: str, *, now: str | None = None) -> Account:
    occasion = Occasion("visit", f"v{account.version}", day(text), {"n": count})
    return account.earn(occasion, of, at=day(now or text)).state


def tier(account: Account, of: Program, at: datetime) -> str | None:
    return account.settle(of, at=at).state.standing.tier


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("spend", ["two", "two"]),
        ("orders", [None, None]),
        ("visits", [None, None]),
        ("status", [None, "one"]),
        ("earned", ["two", "two"]),
    ],
)
def test_measures(measure: str, expected: list[str | None]) -> None:
    rules = club(Tier("one", at=2 if measure in {"orders", "visits"} else 10), Tier("two", at=20), measure=measure)
    account = opened(rules).earn(sale("25.00"), rules, at=START).state
    found = [account.standing.tier, visited(account, rules, 15, "01-02").standing.tier]

    assert expected == found


def test_a_second_order_and_a_second_visit() -> None:
    orders = club(Tier("one", at=2), measure="orders")
    account = opened(orders)
    for number in range(2):
        account = account.earn(sale("1.00", name=f"s{number}"), orders, at=START).state
    visits = club(Tier("one", at=2), measure="visits")
    guest = visited(visited(opened(visits), visits, 1, "01-02"), visits, 1, "01-03")

    assert (account.standing.tier, guest.standing.tier) == ("one", "one")


def test_a_rule_instead_of_a_threshold() -> None:
    when = (field("tier.earned") >= 50) | (field("tier.visits") >= 2) | (field("tier.spend") >= Decimal("40.50"))
    rules = club(Tier("one", when=when), Tier("two", when=(field("tier.status") >= 90) & (field("tier.balance") >= 90)))
    once = visited(opened(rules), rules, 5, "01-02")
    twice = visited(once, rules, 5, "01-03")
    spender = opened(rules).earn(sale("40.50"), rules, at=START).state
    progress = once.progress(rules, as_of=day("01-03"))

    assert [each.standing.tier for each in (once, twice, spender, visited(once, rules, 90, "01-04"))] == [
        None,
        "one",
        "one",
        "two",
    ]
    assert progress.verdict is not None
    assert (progress.next, progress.needed, progress.remaining, progress.verdict.answer) == ("one", None, None, False)


def test_progress_at_the_top_and_what_keeps_it() -> None:
    rules = club()
    account = visited(opened(rules), rules, 12, "01-02")
    middle = account.progress(rules, as_of=day("2027-01-05"))
    top = visited(account, rules, 20, "01-03").progress(rules, as_of=day("01-05"))

    assert (middle.tier, middle.next, middle.to_keep) == ("one", "two", 10)
    assert str(middle) == "one until 2028-01-01T00:00:00+00:00, 20 earned to two"
    assert (top.next, top.remaining, top.to_keep) == (None, None, 0)
    assert str(top) == "two until 2028-01-01T00:00:00+00:00"
    assert str(opened(rules).progress(rules, as_of=START)) == "no tier, 10 earned to one"
    assert opened(rules).progress(program(BASE), as_of=START).next is None


def test_periods_from_the_day_of_enrollment() -> None:
    rules = club(window=Anniversary(Months(1)), keeps=Periods(0))
    account = visited(opened(rules, day("01-15")), rules, 10, "01-20")

    assert [tier(account, rules, day(text)) for text in ("02-14", "02-15")] == ["one", None]


def test_a_lifetime_of_activity_and_a_tier_for_good() -> None:
    rules = club(window=Lifetime(), keeps=Always())
    account = visited(visited(opened(rules), rules, 10, "01-20"), rules, 10, "2036-01-20")

    assert tier(account, rules, day("2050-01-01")) == "two"


def test_a_lifetime_tier_is_kept_when_the_measure_falls() -> None:
    rules = club(Tier("one", at=10, lifetime=True), Tier("two", at=20), window=Calendar(Months(1)), keeps=Periods(0))
    account = visited(opened(rules), rules, 25, "01-20")

    assert [tier(account, rules, day(text)) for text in ("01-31", "02-01", "2030-01-01")] == ["two", "one", "one"]


def test_while_met_waits_for_the_next_period() -> None:
    rules = club(window=Calendar(Months(1)), keeps=WhileMet(), upgrade="next_period")
    account = visited(opened(rules), rules, 10, "01-20")

    assert [tier(account, rules, day(text)) for text in ("01-31", "02-01", "03-01")] == [None, "one", None]


def test_an_upgrade_of_the_next_period_lasts_through_it() -> None:
    rules = club(window=Calendar(Months(1)), keeps=Periods(0), upgrade="next_period")
    account = visited(opened(rules), rules, 10, "01-20")

    assert [tier(account, rules, day(text)) for text in ("01-31", "02-28", "03-01")] == [None, "one", None]


def test_next_period_with_a_fixed_length() -> None:
    rules = club(window=Calendar(Months(1)), keeps=For(Days(10)), upgrade="next_period")
    account = visited(opened(rules), rules, 10, "01-20")

    assert [tier(account, rules, day(text)) for text in ("01-31", "02-11", "02-12")] == [None, "one", None]


def test_one_level_down_with_a_fixed_length() -> None:
    rules = club(
        Tier("one", at=10), Tier("two", at=20), Tier("three", at=30),
        window=Rolling(Days(5)), keeps=For(Days(9)), review="one_down",
    )  # fmt: skip
    account = visited(opened(rules), rules, 40, "01-01")

    assert [tier(account, rules, day(text)) for text in ("01-10", "01-11", "01-21", "01-31")] == [
        "three",
        "two",
        "one",
        None,
    ]


def test_a_tier_on_the_balance_follows_what_expires() -> None:
    rules = program(tiers=[Tier("one", at=10)], tier_policy=TierPolicy(measure="balance", keeps=WhileMet()))
    account = adjusted(opened(rules), rules, 10, START, ends=day("02-01"))
    settled, events = account.settle(rules, at=day("02-01"))
    changes = [event for event in events if isinstance(event, TierChanged)]

    assert (account.standing.tier, settled.standing.tier) == ("one", None)
    assert [("review", "balance 0", day("02-01"))] == [(each.reason, each.measure, each.effective) for each in changes]


def test_a_return_counts_on_the_date_of_its_award() -> None:
    rules = club(window=Calendar(Months(1)), keeps=WhileMet(), measure="spend")
    account = opened(rules).earn(sale("25.00"), rules, at=START).state
    account = account.reverse(Return("r", purchase="s1", at=day("01-05"), lines={1: 1}), rules, at=day("01-05")).state

    assert account.standing.tier is None


def test_a_late_entry_may_lift_the_tier_of_its_period() -> None:
    rules = club(window=Calendar(Months(1)), keeps=Periods(1))
    account = visited(opened(rules), rules, 5, "02-03")
    account = visited(account, rules, 10, "01-20", now="02-05")

    assert ("one", day("01-20"), day("03-01")) == (
        account.standing.tier,
        account.standing.since,
        account.standing.until,
    )


def test_a_revision_may_lift_at_once() -> None:
    before, after = club(Tier("one", at=100)), club(Tier("one", at=10))
    account = visited(opened(before), before, 15, "01-20")

    assert [account.review(of, at=day("01-21")).state.standing.tier for of in (before, after)] == [None, "one"]
    assert account.review(program(BASE), at=day("01-21")).events == ()


def test_measures_show_halves() -> None:
    half = program(
        EarningRule("n", PerAmount("0.5", per=1, of="event.n"), on="visit"),
        points=[Points("points", scale=1)],
        tiers=[Tier("one", when=field("tier.earned") >= Decimal("2.5")), Tier("two", at=3)],
    )
    account = opened(half)
    account, events = account.earn(Occasion("visit", "v", START, {"n": 5}), half, at=START)
    change = next(event for event in events if isinstance(event, TierChanged))

    assert (change.after, change.measure) == ("one", "earned 2.50")


def test_time_ends_with_the_calendar() -> None:
    of = program(tiers=[Tier("silver", at=5)])
    last = datetime.max.replace(tzinfo=UTC)

    assert opened(of).settle(of, at=last).events == ()


MONTHLY = Calendar(Months(1))


def test_every_period_counts_for_as_long_as_its_tier_would_last() -> None:
    """Two more periods: April alone keeps the tier through June, so it does when there was a visit in March, too."""
    of = club(window=MONTHLY, keeps=Periods(2))
    alone = visited(opened(of), of, 10, "04-21")
    more = visited(visited(opened(of), of, 10, "03-03"), of, 10, "04-21")
    days = [day("06-01"), day("06-30"), day("07-01")]

    assert [tier(alone, of, at) for at in days] == ["one", "one", None]
    assert [tier(more, of, at) for at in days] == ["one", "one", None]


def test_a_review_sees_the_upgrade_of_the_period_just_ended() -> None:
    of = club(window=MONTHLY, keeps=Periods(0), upgrade="next_period")
    account = visited(visited(opened(of), of, 10, "01-23"), of, 10, "02-19")

    assert [tier(account, of, day(text)) for text in ("02-01", "03-01", "04-01")] == ["one", "one", None]


def test_a_tier_that_waits_for_the_next_period_ends_with_it() -> None:
    of = club(window=MONTHLY, keeps=WhileMet(), upgrade="next_period")
    account = visited(visited(opened(of), of, 10, "05-18"), of, 10, "06-03")

    assert [tier(account, of, day(text)) for text in ("06-01", "07-01", "07-31", "08-01")] == [
        "one",
        "one",
        "one",
        None,
    ]
