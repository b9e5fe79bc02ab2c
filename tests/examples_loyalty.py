"""Examples of programs, occasions, and accounts with their events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from relex.calendars import Days, Months, Period, Years
from relex.loyalty import (
    Account,
    AccountClosed,
    AccountResumed,
    AccountSuspended,
    Always,
    Anniversary,
    Award,
    Breakdown,
    Calendar,
    Cap,
    Choose,
    Clawback,
    Credit,
    EarningRule,
    FirstOf,
    Flat,
    For,
    Group,
    Inactive,
    Lifetime,
    Multiply,
    Never,
    Occasion,
    OnDates,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsMatured,
    PointsRedeemed,
    PointsReversed,
    Program,
    ProgramVersions,
    RedemptionRestored,
    Restore,
    Rolling,
    SinceChange,
    Tier,
    TierAssigned,
    TierChanged,
    TierPolicy,
    WhileMet,
)
from relex.money import Money
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=400)


def definitions() -> list[object]:
    """A small program, and the parts that it does not use."""
    rules = [
        EarningRule("base", PerAmount(1, per="1.00")),
        EarningRule(
            "coffee", PerUnit("0.5"), when=field("line.category") == "coffee", caps=[Cap(points=40, per="month")]
        ),
        EarningRule(
            "visit",
            Flat(10),
            on="visit",
            minimum=Money("30.00", "USD"),
            valid=Period(date(2026, 1, 1)),
            pending=timedelta(days=14),
        ),
        EarningRule("weekend", Multiply("1.25"), when=field("event.weekday").is_in(6, 7)),
    ]
    program = Program(
        "beans",
        currency="USD",
        rules=rules,
        tiers=[Tier("silver", at=500), Tier("gold", at=2_000, multiplier="1.25", benefits=("lounge",))],
        expires=Months(12, end_of="month"),
        eligible=field("line.quantity") > 0,
        tz=ZoneInfo("America/New_York"),
    )
    return [
        *(rule.award for rule in rules),
        *rules,
        *program.tiers,
        program,
        ProgramVersions([program]),
        *(
            Never(),
            OnDates("01-01", "07-01", least=Months(6)),
            Inactive(Months(18)),
            FirstOf(Inactive(Days(90)), Years(2)),
        ),
        *(Cap(times=3, per=Days(7)), Group(choose=Choose.BEST, caps=[Cap(points=100)])),
        Points("miles", scale=2, worth=Money("0.01", "EUR")),
        *(Clawback(), Restore(), TierPolicy(), TierPolicy(window=Calendar(Months(3)), keeps=Periods(2))),
        *(Calendar(Years(1)), Anniversary(Years(1)), Rolling(Months(12)), Lifetime(), SinceChange()),
        *(Periods(1), For(Months(12)), WhileMet(), Always()),
        Occasion(
            "stay", "s1", AT, facts={"nights": 3, "rate": Decimal("99.50")}, lines=[{"line.net": Decimal("99.50")}]
        ),
    ]


def account() -> list[object]:
    """An account that has earned and spent, with its events."""
    program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")], expires=Months(12))
    change = (
        Account.open("a1", customer="c1", program=program, at=AT)
        .then(lambda it: it.earn(Occasion("visit", "v1", AT), program, at=AT))
        .then(lambda it: it.redeem(4, program, id="d1", at=AT))
    )
    return [change.state, *change.events]


def events() -> list[object]:
    """Events that the small account has not seen."""
    credit = Credit(lot="l1", currency="points", points=5, earned_at=AT, available_at=AT, expires_at=LATER)
    award = Award(
        rule="base", currency="points", group="base", numerator=3, denominator=2, desired=2, granted=1, lines=((1, 1),)
    )
    breakdown = Breakdown(awards=(award,), refused=(("coffee", "not_matched"),), ineligible=((2, "not_eligible"),))
    status = {"source": "a1", "version": 7, "at": AT}
    entry = status | {"effective": AT}
    points = {"currency": "points", "points": 5}
    return [
        credit,
        award,
        breakdown,
        PointsEarned(
            **entry, id="v1", kind="visit", credits=(credit,), breakdown=breakdown, deadlines=(("points", LATER),)
        ),
        PointsRedeemed(**entry, **points, id="d1", reward="mug"),
        PointsAdjusted(**entry, **points, id="j1", reason="goodwill", actor="ann", credit=credit),
        PointsReversed(
            **entry,
            id="r1",
            occasion=("purchase", "s1"),
            awarded_at=AT,
            lots=(("l1", "points", 5),),
            reach="allow_debt",
        ),
        RedemptionRestored(**entry, **points, id="x1", redemption="d1", until=LATER),
        PointsMatured(**entry, **points, lot="l1"),
        PointsExpired(**entry, **points, lot="l1"),
        TierChanged(**entry, before=None, after="silver", earned="silver", reason="earned", valid_until=LATER),
        TierAssigned(**entry, tier="gold", reason="invited", actor="ann"),
        AccountSuspended(**status, reason="fraud check"),
        AccountResumed(**status),
        AccountClosed(**entry, reason="asked"),
    ]


def examples() -> list[object]:
    """At least one of each class."""
    return [*definitions(), *account(), *events()]
