"""Laws of liability, cohorts and revenue: nothing is lost, nothing is below 0, parts add up to the whole."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs
import pytest
from hypothesis import given, settings, strategies as st
from strategies_loyalty import START

from relex.calendars import Days, Months, Period
from relex.errors import Rejected
from relex.loyalty import (
    Account,
    Clawback,
    EarningRule,
    Escrow,
    Flat,
    Occasion,
    Program,
    RateByAge,
    Restore,
    allocate_price,
    liability,
    outstanding,
    points_cohorts,
    redemption_curve,
    roll_forward,
)
from relex.money import Money
from relex.purchases import Line, Purchase, Return
from relex.testing.strategies import moneys, rates_by_age, revenue_schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty import Liability, PointsCohort, RevenueSchedule

Steps: TypeAlias = list[tuple[str, int, int]]

PROGRAM = Program(
    "p",
    currency="USD",
    rules=[
        EarningRule("visit", Flat(50), on="visit"),
        EarningRule("order", Flat(30), on="purchase", pending=Days(20)),
        EarningRule("stay", Flat(20), on="stay", pending=Escrow("stayed", within=Days(40))),
    ],
    expires=Months(3),
    clawback=Clawback(reach="allow_debt"),
    restore=Restore("reissue"),
)
WORTH = Money("0.05", "USD")
lean = settings(max_examples=50, deadline=None)


def told(account: Account, kind: str, name: str, points: int, at: datetime) -> Account:
    """The account after one more step; names are those of the steps before it."""
    if kind in LEADING:
        return LEADING[kind](account, name, points, at).state
    for other in reversed(range(int(name))):
        try:
            return FOLLOWING[kind](account, str(other), name, points, at).state
        except (LookupError, Rejected):
            continue
    return account


def sale(name: str, at: datetime) -> Purchase:
    return Purchase(name, at=at, currency="USD", lines=[Line(1, "sku", 1, gross="10.00")])


LEADING: dict[str, Callable[[Account, str, int, datetime], Change[Account]]] = {
    "visit": lambda it, name, _, at: it.earn(Occasion("visit", name, at), PROGRAM, at=at),
    "stay": lambda it, name, _, at: it.earn(Occasion("stay", name, at), PROGRAM, at=at),
    "order": lambda it, name, _, at: it.earn(sale(name, at), PROGRAM, at=at),
    "redeem": lambda it, name, points, at: it.redeem(points, PROGRAM, id=name, at=at),
    "owe": lambda it, name, points, at: it.redeem(points, PROGRAM, id=name, at=at, allow_debt=True),
    "hold": lambda it, name, points, at: it.hold(points, PROGRAM, id=name, until=at + timedelta(days=points), at=at),
    "take": lambda it, name, points, at: it.adjust(-points, PROGRAM, id=name, reason="test", actor="test", at=at),
    "close": lambda it, _, __, at: it.close(PROGRAM, at=at),
}
FOLLOWING: dict[str, Callable[[Account, str, str, int, datetime], Change[Account]]] = {
    "stayed": lambda it, other, _, __, at: it.activate(("stay", other), PROGRAM, on="stayed", at=at),
    "restore": lambda it, other, name, points, at: it.restore(other, PROGRAM, points=points, id=name, at=at),
    "capture": lambda it, other, _, points, at: it.capture(other, PROGRAM, points=points, at=at),
    "void": lambda it, other, _, __, at: it.void(other, PROGRAM, at=at),
    "back": lambda it, other, name, _, at: it.reverse(
        Return(name, purchase=other, at=at, lines={1: 1}), PROGRAM, at=at
    ),
}
KINDS = (*[kind for kind in LEADING if kind != "close"], *FOLLOWING, "close")

steps = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.integers(1, 70)), max_size=14)


def lived(moves: Steps, name: str = "a") -> Account:
    """An account after steps, each so many days after the one before; what is refused is left out."""
    account = Account.open(name, customer=name, program=PROGRAM, at=START).state
    at = START
    for number, (kind, wait, points) in enumerate(moves):
        at += timedelta(days=wait)
        try:
            account = told(account, kind, str(number), points, at)
        except Rejected:
            continue
    return account


accounts = steps.map(lived)
moments = st.integers(0, 400).map(lambda count: START + timedelta(days=count))


def cost(*found: Account, at: datetime, rate: RateByAge) -> Liability:
    return liability(found, PROGRAM, as_of=at, worth=WORTH, rate=rate)


def total(cohorts: tuple[PointsCohort, ...], name: str) -> int:
    return sum(getattr(cohort, name) for cohort in cohorts)


@lean
@given(accounts, moments)
def test_what_became_of_points_is_what_the_buckets_say(account: Account, at: datetime) -> None:
    cohorts = points_cohorts([account], PROGRAM, as_of=at).cohorts
    book = account._ledger_at(at).books.get("points")
    if book is None:
        assert cohorts == ()
        return
    owed = [sum(points for (kind, _), points in book.debts if kind == of) for of in ("redeem", "return", "adjust")]
    spent = (book.redeemed - owed[0], book.expired, book.reversed - owed[1], book.out - owed[2])

    assert (book.credited, book.usable + book.pending + book.held) == (total(cohorts, "issued"), total(cohorts, "open"))
    assert spent == tuple(total(cohorts, name) for name in ("redeemed", "expired", "reversed", "out"))


@lean
@given(accounts, moments)
def test_every_cohort_adds_up(account: Account, at: datetime) -> None:
    for cohort in points_cohorts([account], PROGRAM, as_of=at).cohorts:
        gone = cohort.redeemed + cohort.expired + cohort.reversed + cohort.out + cohort.moved

        assert cohort.issued == gone + cohort.open
        assert cohort.open >= 0
        assert all(month.age >= 0 for month in cohort.months)


@lean
@given(accounts, moments)
def test_outstanding_is_available_and_pending_and_held_less_debt(account: Account, at: datetime) -> None:
    balance = account.balance(as_of=at, points="points")

    assert (
        balance.available + balance.pending + balance.held - balance.debt
        == outstanding([account], PROGRAM, as_of=at).points()
    )


@lean
@given(accounts, moments, st.integers(1, 90), rates_by_age())
def test_a_roll_forward_leads_from_what_is_outstanding_to_what_is(
    account: Account, at: datetime, count: int, rate: RateByAge
) -> None:
    later = at + timedelta(days=count)
    found = roll_forward([account], PROGRAM, Period(at, later), worth=WORTH, rate=rate)
    opening, *flows, closing = found.rows

    assert opening.points + sum(row.points for row in flows) == closing.points
    assert opening.amount + Money.sum([row.amount for row in flows]) == closing.amount
    for row, end in ((opening, at), (closing, later)):
        before = end - timedelta.resolution
        assert row.points == outstanding([account], PROGRAM, as_of=before).points()
        assert row.amount == cost(account, at=before, rate=rate).total


@lean
@given(accounts, moments, rates_by_age())
def test_no_liability_is_below_0(account: Account, at: datetime, rate: RateByAge) -> None:
    found = cost(account, at=at, rate=rate)

    assert found.exact >= 0
    assert all(month.points >= 0 and month.amount.amount >= 0 for month in found.months)


@lean
@given(accounts, steps.map(lambda moves: lived(moves, "b")), moments, rates_by_age())
def test_liability_adds_up_over_accounts_and_months(
    one: Account, other: Account, at: datetime, rate: RateByAge
) -> None:
    both = cost(one, other, at=at, rate=rate)

    assert both.exact == cost(one, at=at, rate=rate).exact + cost(other, at=at, rate=rate).exact
    assert both.total == Money.sum([month.amount for month in both.months], "USD")
    assert both == cost(other, one, at=at, rate=rate)


@lean
@given(st.lists(steps, min_size=1, max_size=4), moments, st.sampled_from([None, 0, "0.5", 1]))
def test_expected_shares_lie_between_0_and_1_and_in_their_intervals(
    moves: list[Steps], at: datetime, tail: str | int | None
) -> None:
    found = redemption_curve(points_cohorts([lived(each) for each in moves], PROGRAM, as_of=at), tail=tail)
    for row in found.ages:
        if row.low is not None and row.rate is not None and row.high is not None:
            assert 0 <= row.low <= row.rate <= row.high <= 1
        else:
            assert row.reason in {"one_cohort", "no_older_points", "none_left"}
            assert row.rate is None or 0 <= row.rate <= 1


@lean
@given(revenue_schedules())
def test_recognized_and_deferred_are_what_was_allocated(schedule: RevenueSchedule) -> None:
    for row in schedule.rows:
        assert row.recognized + row.deferred == schedule.allocated
    assert schedule.recognized == Money.sum([row.revenue for row in schedule.rows], schedule.allocated.currency)


@lean
@given(revenue_schedules())
def test_what_is_recognized_is_at_most_what_was_allocated(schedule: RevenueSchedule) -> None:
    assert all(0 <= row.recognized.amount <= schedule.allocated.amount for row in schedule.rows)


@lean
@given(revenue_schedules(), st.integers(1, 10**6))
def test_all_that_is_expected_redeemed_is_all_recognized(schedule: RevenueSchedule, points: int) -> None:
    estimates = [attrs.evolve(each, redeemed=points, expected=points) for each in schedule.estimates[:1]]
    done = attrs.evolve(schedule, estimates=estimates)

    assert done.recognized == (done.allocated if estimates else Money.zero(done.allocated.currency))


@lean
@given(st.lists(moneys(currency="USD", min_value=0, max_value=10**6, places=2), min_size=1, max_size=5))
def test_a_price_is_shared_out_whole(standalone: list[Money]) -> None:
    price = Money("99.99", "USD")
    parts = allocate_price(price, standalone)

    assert price == Money.sum(parts)
    assert all(
        part.amount >= 0 and (part.amount == 0 or amount.amount > 0 or not any(standalone))
        for part, amount in zip(parts, standalone, strict=True)
    )


@pytest.mark.parametrize("share", [Fraction(1, 3), Fraction(2, 3)])
def test_what_is_shown_is_what_is_used(share: Fraction) -> None:
    """A rate with a long expansion: the liability is that of the rate as given, rounded once."""
    account = lived([("visit", 0, 1)])

    assert Money.rounded(share * 50 * Fraction(5, 100), "USD") == cost(account, at=START, rate=RateByAge([share])).total
