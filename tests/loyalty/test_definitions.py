"""Definitions of loyalty refuse what cannot be meant, and say where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import START, program

from relex.calendars import Days, Months, Period
from relex.errors import InvalidValue
from relex.loyalty import (
    Always,
    Calendar,
    Cap,
    Choose,
    EarningRule,
    FirstOf,
    Flat,
    Group,
    Inactive,
    Multiply,
    Never,
    Occasion,
    OnDates,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    Program,
    Restore,
    Rolling,
    Stack,
    Tier,
    TierPolicy,
)
from relex.loyalty._exact import scaled, shared_out, sum_of
from relex.money import Money
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = EarningRule("base", PerAmount(1, per="1.00"))


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Flat(0), "Flat.points"),
        (lambda: Flat(1.5), "Flat.points"),
        (lambda: PerAmount(1, per="-1"), "PerAmount.per"),
        (lambda: PerUnit("many"), "PerUnit.points"),
        (lambda: Multiply("-0.5"), "Multiply.factor"),
        (lambda: Cap(points=1, times=1), "Cap"),
        (Cap, "Cap"),
        (lambda: Cap(points=1, per="hour"), "Cap.per"),
        (lambda: Cap(points=1, by="purchase.store"), "Cap.by"),
        (lambda: Cap(balance=1, by="line.product"), "Cap.by"),
        (lambda: EarningRule("tier:gold", Flat(1)), "EarningRule.id"),
        (lambda: EarningRule("x", Multiply(2), stacking=Stack.ALONE), "EarningRule.stacking"),
        (lambda: EarningRule("x", Multiply(2), minimum=Money("1", "USD")), "EarningRule.minimum"),
        (OnDates, "OnDates.dates"),
        (lambda: OnDates("13-01"), "OnDates.dates[0]"),
        (lambda: OnDates("01-01", 7), "OnDates.dates[1]"),
        (lambda: FirstOf(Never()), "FirstOf.policies"),
        (lambda: FirstOf(Inactive(Days(1)), Inactive(Days(2))), "FirstOf.policies"),
        (lambda: FirstOf(Never(), "soon"), "FirstOf.policies[1]"),
        (lambda: Restore("grace"), "Restore.grace"),
        (lambda: Restore("original", Days(3)), "Restore.grace"),
        (lambda: Tier("gold"), "Tier.at"),
        (lambda: Tier("gold", at=1, when=field("tier.spend") >= 1), "Tier.at"),
        (lambda: TierPolicy(window=Rolling(), keeps=Periods(1)), "TierPolicy.keeps"),
        (lambda: TierPolicy(window=Rolling(), keeps=None), "TierPolicy.keeps"),
        (lambda: Calendar(starts="02-30"), "Calendar.starts"),
        (lambda: Calendar(Months(0)), "Calendar.length"),
        (lambda: Points("p", scale=-1), "Points.scale"),
        (lambda: Points("p").of("0.5"), "Points.of.amount"),
        (lambda: Points("p").of(0.5), "Points.of.amount"),
        (lambda: Points("p").show("5"), "Points.show.points"),
        (lambda: Occasion("visit", "v", START, {"n": 1.5}), "Occasion.facts[n]"),
        (lambda: Occasion("visit", "v", START, {"n": Decimal("NaN")}), "Occasion.facts[n]"),
        (lambda: Occasion("visit", "v", START, {"at": START.replace(tzinfo=None)}), "Occasion.facts[at]"),
        (lambda: Occasion("visit", "v", START, {"tags": ("a", 1)}), "Occasion.facts[tags]"),
        (lambda: Occasion("visit", "v", START, lines=[{"line.net": 1.5}]), "Occasion.lines[0][line.net]"),
        (lambda: Occasion("visit", "v", START.replace(tzinfo=None)), "Occasion.at"),
    ],
)
def test_a_part_that_cannot_be_meant(make: Callable[[], Any], path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        make()

    assert path == refused.value.path


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"points": []}, "Program.points"),
        ({"points": [Points("a"), Points("a")]}, "Program.points"),
        ({"rules": [BASE, BASE]}, "Program.rules"),
        ({"rules": [EarningRule("r", Flat(1), gives=["stars"])]}, "Program.rules[0].gives"),
        ({"rules": [EarningRule("r", Flat(1), minimum=Money("1", "EUR"))]}, "Program.rules[0].minimum"),
        ({"rules": [BASE, EarningRule("r", Multiply(2, groups=["x"]))]}, "Program.rules[1].award.groups"),
        ({"groups": {"extra": Choose.BEST}}, "Program.groups[extra]"),
        ({"groups": {"base": "best"}}, "Program.groups[base]"),
        ({"tiers": [Tier("a", at=5), Tier("b", at=5)]}, "Program.tiers[1].at"),
        ({"tiers": [Tier("a", at=5), Tier("a", at=6)]}, "Program.tiers"),
        ({"tier_policy": TierPolicy(measure="stars")}, "Program.tier_policy.measure"),
        (
            {"points": [Points("status", qualifying=True)], "tier_policy": TierPolicy(measure="balance")},
            "Program.tier_policy.measure",
        ),
        ({"currency": "dollars"}, "Program.currency"),
        ({"expires": timedelta(0)}, "Program.expires"),
    ],
)
def test_a_program_that_cannot_be_meant(more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Program("p", **({"currency": "USD", "rules": [BASE]} | more))

    assert path == refused.value.path


def test_next_period_needs_periods() -> None:
    with pytest.raises(InvalidValue, match="upgrade"):
        TierPolicy(window=Rolling(), upgrade="next_period", keeps=Always())


def test_names_are_looked_up() -> None:
    beans = program(BASE, points=[Points("beans"), Points("status", qualifying=True)], tiers=[Tier("gold", at=5)])

    assert (
        beans.currency_of().id,
        beans.currency_of("status").id,
        beans.tier("gold").id,
    ) == ("beans", "status", "gold")
    with pytest.raises(InvalidValue, match="one of beans, status"):
        beans.currency_of("stars")
    with pytest.raises(InvalidValue, match="one of gold"):
        beans.tier("silver")
    with pytest.raises(InvalidValue, match="no tiers"):
        program(BASE).tier("silver")


def test_groups_may_have_caps() -> None:
    group = Group(Choose.FIRST, caps=[Cap(points=5)])

    assert (("base", group),) == program(BASE, groups={"base": group}).groups


@pytest.mark.parametrize(
    ("more", "remark"),
    [
        (
            {"rules": [EarningRule("r", Flat(1), field("response.answer.nps") >= 9, on="response")]},
            "Program.rules[0].when: reads response.answer.nps, so it buys opinions; reward the submission",
        ),
        (
            {"points": [Points("p", clock="earning")], "pending": Days(40), "expires": Days(30)},
            "Program.rules[0].pending: its points end before they can be spent",
        ),
        (
            {"points": [Points("p", clock="earning")], "pending": timedelta(days=40), "expires": Days(30)},
            "Program.rules[0].pending: its points end before they can be spent",
        ),
        (
            {
                "rules": [EarningRule("r", Flat(1), valid=Period(date(2025, 12, 1), date(2026, 1, 1)))],
                "valid": Period(datetime(2026, 1, 1, tzinfo=UTC)),
            },
            "Program.rules[0].valid: the program is never in force then, so nobody earns by this rule",
        ),
        *[
            (
                {"points": [Points("p", clock="earning")], "pending": pending, "expires": Months(900)},
                "Program.rules[0].pending: its points would start or end after the year 9999, so nobody can earn by it",
            )
            for pending in (Months(100_000), timedelta(days=3_650_000))
        ],
        (
            {
                "points": [Points("p", clock="earning")],
                "pending": Days(14),
                "expires": Months(0, end_of="month"),
            },
            "Program.rules[0].pending: its points of 01-18, as of other days, end before they can be spent",
        ),
        (
            {
                "points": [Points("p"), Points("q", clock="earning")],
                "rules": [EarningRule("r", Flat(1), gives=("p", "q"), pending=Days(9))],
                "tiers": [Tier("gold", at=5, expires=Days(5)), Tier("high", at=9)],
            },
            "Program.rules[0].pending: its points end before they can be spent",
        ),
        (
            {
                "points": [Points("p", clock="earning")],
                "rules": [EarningRule("r", Flat(1), pending=Days(9), expires=Days(5))],
            },
            "Program.rules[0].pending: its points end before they can be spent",
        ),
        (
            {"tiers": [Tier("a", at=5)], "tier_policy": TierPolicy(measure="balance")},
            "Program.tier_policy.measure: a tier on the balance is lost, or never reached, when points are spent",
        ),
        ({"expires": Inactive(Days(5), ())}, "Program.expires: no activity moves the end"),
    ],
)
def test_problems(more: dict[str, Any], remark: str) -> None:
    beans = Program("p", **({"currency": "USD", "rules": [BASE]} | more))

    assert (remark,) == beans.problems()


def test_a_sound_program_has_no_problems() -> None:
    valid = Period(date(2026, 1, 1))

    assert program(EarningRule("r", Flat(1), valid=valid), valid=Period(date(2025, 1, 1))).problems() == ()
    assert program(EarningRule("r", Flat(1), valid=valid)).problems() == ()
    assert program(BASE, pending=Days(3), points=[Points("p", clock="earning")]).problems() == ()


@pytest.mark.parametrize(
    ("cap", "text"),
    [
        (Cap(points=500, per="month"), "500 points per month"),
        (Cap(times=1, per=Days(30)), "1 times per 30 days"),
        (Cap(units=2, by="line.product"), "2 units per event by line.product"),
        (Cap(balance="10.5"), "10.5 balance"),
    ],
)
def test_a_cap_says_what_it_limits(cap: Cap, text: str) -> None:
    assert text == str(cap)


@pytest.mark.parametrize(
    ("start", "expected"), [(date(2025, 2, 1), date(2025, 2, 28)), (date(2024, 2, 1), date(2024, 2, 29))]
)
def test_the_end_of_february_as_a_day_of_the_year(start: date, expected: date) -> None:
    assert expected == OnDates("02-29").end(start)


def test_exact_numbers_share_a_scale() -> None:
    assert scaled([Decimal("1.5"), 2]) == ([15_000, 20_000], 10_000)
    assert scaled([Fraction(1, 3), Fraction(1, 2)]) == ([2, 3], 6)
    assert scaled([Decimal("0.00001"), 2]) == ([1, 200_000], 100_000)


def test_sums_are_exact() -> None:
    assert sum_of([1, Decimal("0.5"), 2]) == Decimal("3.5")
    assert sum_of([]) == 0


def test_what_is_shared_out_adds_up() -> None:
    assert shared_out(10, [7, 7, 7], 2) == [4, 3, 3]
