"""Worked cases of the specification of tiers: T1 to T8."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import adjusted, day, opened, program, sale

from relex.calendars import Days, Months
from relex.loyalty import (
    Calendar,
    EarningRule,
    For,
    Occasion,
    PerAmount,
    Periods,
    Rolling,
    SinceChange,
    Tier,
    TierPolicy,
    WhileMet,
)

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty import Account, Program

POINTS = EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit")
BASE = EarningRule("base", PerAmount(1, per="1.00"))


def club(*tiers: Tier, **policy: Any) -> Program:
    return program(POINTS, BASE, tiers=tiers, tier_policy=TierPolicy(**policy))


def visit(account: Account, of: Program, count: int, at: datetime, name: str | None = None) -> Account:
    occasion = Occasion("visit", name or f"v{account.version}", at, {"n": count})
    return account.earn(occasion, of, at=at).state


def tier(account: Account, of: Program, at: datetime) -> str | None:
    return account.settle(of, at=at).state.standing.tier


def lost(account: Account, of: Program, wanted: str | None, at: datetime) -> bool:
    """Whether the tier holds to the last microsecond before an instant and not at it."""
    before = tier(account, of, at - timedelta(microseconds=1))
    return (before, tier(account, of, at) != before) == (wanted, True)


def test_t1_a_tier_on_the_balance() -> None:
    """Source: Voucherify loyalty tiers."""
    levels = (Tier("basic", at=0), Tier("silver", at=100), Tier("gold", at=500), Tier("platinum", at=1000))
    rules = club(*levels, measure="balance", keeps=WhileMet())
    account = opened(rules, day("2023-01-01"))
    found = [account.standing.tier]
    for count, at in ((100, "2023-01-10"), (-50, "2023-02-15"), (500, "2023-02-25")):
        account = adjusted(account, rules, count, day(at))
        found.append(account.standing.tier)

    assert found == ["basic", "silver", "basic", "gold"]


@pytest.mark.parametrize(
    ("upgrade", "starts"),
    [pytest.param("immediate", "03-10", id="T2-immediate"), pytest.param("next_period", "04-01", id="T2-next-period")],
)
def test_t2_when_an_upgrade_starts(upgrade: str, starts: str) -> None:
    """Source: Voucherify loyalty tiers."""
    rules = club(Tier("silver", at=100), window=Calendar(Months(1)), upgrade=upgrade)
    account = visit(opened(rules), rules, 100, day("03-10"))
    account = account.settle(rules, at=day("04-20")).state

    assert day(starts) == account.standing.since


@pytest.mark.parametrize(
    ("keeps", "grace", "gone"),
    [
        pytest.param(Periods(0), None, "04-01", id="T3-this-period"),
        pytest.param(Periods(1), None, "05-01", id="T3-next-period"),
        pytest.param(Periods(0), Days(7), "04-08", id="T3-grace"),
    ],
)
def test_t3_how_long_a_tier_lasts(keeps: Periods, grace: Days | None, gone: str) -> None:
    """Source: Voucherify loyalty tiers."""
    rules = club(Tier("silver", at=100), window=Calendar(Months(1)), keeps=keeps, grace=grace)
    account = visit(opened(rules), rules, 100, day("03-10"))

    assert lost(account, rules, "silver", day(gone))


def test_t4_the_default_policy() -> None:
    """Source: Paul Fredrick terms; derived."""
    rules = club(Tier("silver", at=100))
    account = visit(opened(rules, day("2025-01-01")), rules, 100, day("2025-11-01"))
    again = visit(account, rules, 100, day("2026-05-10"))
    renewed = again.settle(rules, at=day("2027-01-01")).state.standing

    assert lost(account, rules, "silver", day("2027-01-01"))
    assert ("silver", day("2025-11-01"), day("2028-01-01")) == (renewed.tier, renewed.since, renewed.until)


def test_t5_one_level_down_a_year() -> None:
    """Source: derived."""
    rules = club(Tier("silver", at=300), Tier("gold", at=1000), review="one_down")
    account = visit(opened(rules, day("2025-01-01")), rules, 1000, day("2025-11-01"))

    assert lost(account, rules, "gold", day("2027-01-01"))
    assert lost(account, rules, "silver", day("2028-01-01"))
    assert tier(account, rules, day("2028-01-01")) is None


def test_t5_a_tier_that_is_kept() -> None:
    """Source: Open Loyalty, mode none."""
    rules = club(Tier("silver", at=300), Tier("gold", at=1000), review="keep")
    account = visit(opened(rules, day("2025-01-01")), rules, 1000, day("2025-11-01"))

    assert tier(account, rules, day("2040-01-01")) == "gold"


def test_t6_a_tier_for_twelve_months() -> None:
    """Source: Capillary."""
    rules = club(Tier("silver", at=100), Tier("gold", at=200), window=Rolling(Months(12)), keeps=For(Months(12)))
    account = visit(opened(rules, day("2024-01-01")), rules, 100, day("2024-04-15"))
    first = account.standing.until
    account = visit(account, rules, 100, day("2024-10-25"))

    assert (day("2025-04-16"), day("2025-10-26")) == (first, account.standing.until)


@pytest.mark.parametrize(
    ("floor", "spend", "expected"),
    [
        pytest.param("t20", "40", "t30", id="T7-20-20-40"),
        pytest.param("t20", None, "t20", id="T7-30-20-0"),
        pytest.param("t20", "21", "t20", id="T7-20-20-21"),
        pytest.param(None, "21", "t20", id="T7-30-0-21"),
    ],
)
def test_t7_a_floor_under_a_tier_that_follows_the_spend(floor: str | None, spend: str | None, expected: str) -> None:
    """Source: Open Loyalty CalculateCustomerLevelListenerTest."""
    rules = club(
        Tier("t0", at=0), Tier("t20", at=20), Tier("t30", at=30), measure="spend", keeps=WhileMet(), window=Rolling()
    )
    account = opened(rules)
    if floor is not None:
        account = account.assign_tier(floor, rules, at=day("01-02"), reason="match", actor="desk").state
    if spend is not None:
        account = account.earn(sale(spend, at=day("01-03")), rules, at=day("01-03")).state

    assert expected == account.standing.tier


class TestT8:
    """Source: derived; Open Loyalty; Capillary."""

    def test_an_order_leaves_the_rolling_window(self) -> None:
        rules = club(Tier("silver", at=100), window=Rolling(Months(12)), keeps=WhileMet())
        account = visit(opened(rules, day("2024-01-01")), rules, 100, day("2024-03-10", 15))

        assert lost(account, rules, "silver", day("2025-03-10"))

    def test_levels_are_reached_at_once(self) -> None:
        rules = club(*[Tier(f"l{at}", at=at) for at in (0, 10, 30, 100)])
        account = visit(opened(rules), rules, 10, day("01-02"))
        first = account.standing.tier
        account = visit(account, rules, 20, day("01-03"))

        assert (first, account.standing.tier) == ("l10", "l30")

    @pytest.mark.parametrize(
        ("balance", "expected"),
        [pytest.param(5, "l0", id="T8-5"), pytest.param(10, "l10", id="T8-10"), pytest.param(30, "l30", id="T8-30")],
    )
    def test_a_review_on_the_balance(self, balance: int, expected: str) -> None:
        rules = club(
            *[Tier(f"l{at}", at=at) for at in (0, 10, 30, 100)],
            measure="balance",
            keeps=For(Months(1)),
            window=Rolling(),
        )
        account = adjusted(opened(rules, day("2025-01-01")), rules, 100, day("2025-01-02"))
        account = account.redeem(100 - balance, rules, id="r", at=day("2025-01-03")).state

        assert ("l100", expected) == (account.standing.tier, tier(account, rules, day("2025-02-03")))

    def test_progress(self) -> None:
        rules = club(Tier("silver", at=5000))
        progress = visit(opened(rules), rules, 4000, day("01-02")).progress(rules, as_of=day("01-03"))

        assert (progress.next, progress.needed, progress.have, progress.remaining) == ("silver", 5000, 4000, 1000)


def test_what_came_since_the_last_change() -> None:
    """`SinceChange` begins anew with each change of tier."""
    rules = club(Tier("silver", at=100), Tier("gold", at=150), window=SinceChange(), keeps=For(Months(12)))
    account = visit(opened(rules), rules, 100, day("01-02"))
    once = visit(account, rules, 100, day("01-03"))
    twice = visit(once, rules, 50, day("01-04"))

    assert (account.standing.tier, once.standing.tier, twice.standing.tier) == ("silver", "silver", "gold")
