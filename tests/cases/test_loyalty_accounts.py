"""Worked cases of the specification of what events move, re-rating, refunds and statements: sections 4.1 to 4.6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.errors import Conflict
from relex.loyalty import Account, EarningRule, Escrow, Extension, Flat, Never, PerAmount, PointsEarned, Tier, transfer
from relex.purchases import Line, Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable

EVER = Period(START, day("2027-01-01"))
FIFTH = program(EarningRule("fifth", PerAmount(1, per="5.00")), expires=Never())
VISITS = program(EarningRule("visit", Flat(10), on="visit"), expires=Never())


def test_v4_a_rerating_is_a_full_reverse_and_an_earn_of_what_is_left() -> None:
    """Source: Zenoti: 1 per 5.00 on 300.00, re-rated to 250.00: 60, 0, 50; both stay to be seen."""
    account = opened(FIFTH).earn(sale("300.00"), FIFTH, at=START).state
    first = account.balance(as_of=day("01-02")).available
    account = account.reverse_occasion("purchase", "s1", FIFTH, at=day("01-03"), reason="re-rated").state
    second = account.balance(as_of=day("01-03")).available
    account = account.earn(sale("250.00", name="s1/2"), FIFTH, at=day("01-03")).state

    assert (first, second, account.balance(as_of=day("01-03")).available) == (60, 0, 50)
    awards = [event for event in account.events if isinstance(event, PointsEarned)]
    assert [(award.id, award.points) for award in awards] == [("s1", 60), ("s1/2", 50)]
    assert (account.purchases, account.earned(EVER)) == (1, 50)


def test_v4_the_rules_of_today_decide_on_what_is_left() -> None:
    """Derived: the first purchase stays the first one when it is rated anew."""
    first = EarningRule("first", Flat(100), when=field("account.purchases") == 0)
    of = attrs.evolve(FIFTH, rules=[*FIFTH.rules, first])
    account = opened(of).earn(sale("300.00"), of, at=START).state
    account = account.reverse_occasion("purchase", "s1", of, at=day("01-03"), reason="re-rated").state
    account = account.earn(sale("250.00", name="s1/2"), of, at=day("01-03")).state

    assert account.balance(as_of=day("01-03")).available == 150


def test_a_mistake_is_not_edited() -> None:
    """Section 4.3: no delete, no edit; the same purchase with other content is a conflict."""
    account = opened(FIFTH).earn(sale("300.00"), FIFTH, at=START).state

    with pytest.raises(Conflict):
        account.earn(sale("250.00"), FIFTH, at=START)


def hold(account: Account) -> Account:
    return account.hold(30, PLAIN, id="h", at=START, until=day("02-01")).state


def spent(account: Account) -> Account:
    return account.redeem(30, PLAIN, id="d", at=START).state


def sent(account: Account) -> Account:
    other = Account.open("a2", customer="c2", program=PLAIN, at=START).state
    return transfer(30, account, other, PLAIN, id="t", at=START)[0].state


def received(account: Account) -> Account:
    other = Account.open("a2", customer="c2", program=PLAIN, at=START).state
    return transfer(30, account, other, PLAIN, id="t", at=START)[1].state


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        pytest.param(lambda it: it, {"issued": -50, "available": 50}, id="adjusted-up"),
        pytest.param(
            lambda it: adjusted(it, PLAIN, -20, START, name="down"), {"available": -20, "out": 20}, id="adjusted-down"
        ),
        pytest.param(received, {"issued": -30, "available": 30}, id="received"),
        pytest.param(hold, {"available": -30, "held": 30}, id="held"),
        pytest.param(
            lambda it: hold(it).capture("h", PLAIN, points=10, at=START).state,
            {"available": 20, "held": -30, "redeemed": 10},
            id="captured",
        ),
        pytest.param(lambda it: hold(it).void("h", PLAIN, at=START).state, {"available": 30, "held": -30}, id="voided"),
        pytest.param(spent, {"available": -30, "redeemed": 30}, id="redeemed"),
        pytest.param(
            lambda it: spent(it).restore("d", PLAIN, points=10, at=START).state,
            {"available": 10, "redeemed": -10},
            id="restored",
        ),
        pytest.param(sent, {"available": -30, "out": 30}, id="sent"),
    ],
)
def test_what_each_event_moves(done: Callable[[Account], Account], expected: dict[str, int]) -> None:
    """Source: the table of section 4.1."""
    account = done(adjusted(opened(PLAIN), PLAIN, 50, START, name="j"))

    assert expected == dict(account.movements(Period(START, day("01-15"))).rows[-1].moved)


def test_what_an_award_and_its_return_move() -> None:
    """Source: the table of section 4.1: pending and available to reversed."""
    of = program(
        EarningRule("base", PerAmount(1, per="1.00")), EarningRule("late", Flat(5), pending=Days(9)), expires=Never()
    )
    account = opened(of).earn(sale("10.00"), of, at=START).state
    back = Return("r", purchase="s1", at=day("01-02"), lines={1: 1})
    rows = account.reverse(back, of, at=day("01-02")).state.movements(EVER).rows

    assert [dict(row.moved) for row in rows] == [
        {"issued": -15, "pending": 5, "available": 10},
        {"pending": -5, "available": -10, "reversed": 15},
    ]


@pytest.mark.parametrize(
    ("quantities", "expected"),
    [pytest.param((1, 1, 1, 1), (8, 15, 23, 30), id="one-by-one"), pytest.param((3, 1), (23, 30), id="in-two")],
)
def test_points_that_paid_come_back_with_the_value(quantities: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Section 4.5, derived: 30 points paid for four units; cumulative 7.5, 15, 22.5, 30, each HALF_UP."""
    account = adjusted(opened(VISITS), VISITS, 30, START).redeem(30, VISITS, id="d", purchase="s1", at=START).state
    account = account.earn(sale(Line(1, "cup", 4, gross="40.00")), VISITS, at=START).state
    found = []
    for number, quantity in enumerate(quantities):
        back = Return(f"r{number}", purchase="s1", at=day("01-02"), lines={1: quantity})
        account = account.refund(back, VISITS, at=day("01-02")).state
        found.append(account.balance(as_of=day("01-02")).available)

    assert expected == tuple(found)


def test_an_extension_moves_the_last_usable_date() -> None:
    """Section 4.4, derived: 100 good through 1 February, extended by Months(6) through 1 August; the rest expires."""
    of = program(expires=Months(1), extensions=[Extension(Months(6)), Extension(Days(10))])
    account = adjusted(opened(of), of, 100, START)
    account = account.extend(of, id="x", at=day("01-20"), reason="closed in winter", actor="ann").state
    account = account.redeem(30, of, id="d", at=day("08-01", 23)).state

    last, gone = (account.balance(as_of=at).available for at in (day("08-01", 23), day("08-02")))
    assert (last, gone) == (70, 0)


def test_reinstating_expired_points_is_an_adjustment_that_names_the_lot() -> None:
    """Section 4.4, derived: the lot itself is not revived; what comes back is a new lot."""
    of = program(expires=Months(1))
    account = adjusted(opened(of), of, 100, START, name="old")
    said: dict[str, Any] = {"id": "back", "reason": "in hospital", "actor": "ann", "at": day("02-10")}
    account = account.adjust(100, of, lot="adjust:old", **said).state

    assert [("adjust:back", 100, day("03-11"))] == [
        (lot.id, lot.remaining, lot.expires_at) for lot in account.lots(as_of=day("02-10"))
    ]
    totals = account.movements(Period(START, day("03-01"))).totals()["points"]
    assert (totals["issued"], totals["available"], totals["expired"]) == (-200, 100, 100)


def test_l14_next_expiries_and_tier_progress_are_attached() -> None:
    """L14 with a tier: 150 earned of 200."""
    monthly = program(
        EarningRule("now", Flat(120), on="visit"), EarningRule("later", Flat(30), on="stay", pending=Days(14)),
        expires=Months(1), tiers=[Tier("silver", at=200)],
    )  # fmt: skip
    account = opened(monthly).earn(visit("v", day("01-05")), monthly, at=day("01-05")).state
    account = account.redeem(50, monthly, id="r", at=day("01-20")).state
    stay = attrs.evolve(visit("s", day("02-03")), kind="stay")
    account = account.earn(stay, monthly, at=day("02-03")).state
    found = account.statement(Period(day("02-01"), day("03-01")), program=monthly)

    assert (70, 30, ((day("03-18"), 30),)) == (found.opening.available, found.closing.available, found.expiring)
    assert found.progress is not None
    assert (found.progress.next, found.progress.have, found.progress.remaining) == ("silver", 150, 50)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [pytest.param("earning", "01-02", id="earning"), pytest.param("activation", "01-16", id="activation")],
)
def test_pending_points_count_for_earned(counts: str, expected: str) -> None:
    """Rule 6 of tiers, derived: pending Days(14) from 2 January."""
    of = attrs.evolve(VISITS, pending=Days(14), tiers=[Tier("silver", at=10)])
    of = attrs.evolve(of, tier_policy=attrs.evolve(of.tier_policy, counts=counts))
    account = opened(of).earn(visit("v", day("01-02")), of, at=day("01-02")).state

    assert day(expected) == account.settle(of, at=day("03-01")).state.standing.since


def test_points_in_escrow_that_lapse_do_not_count() -> None:
    """Rule 6 of tiers with section 3.5, derived: canceled points are reversed, so they were not earned."""
    of = attrs.evolve(VISITS, pending=Escrow(on="delivered", within=Days(14)), tiers=[Tier("silver", at=20)])
    account = opened(of)
    for name, text in (("v1", "01-02"), ("v2", "02-02")):
        account = account.earn(visit(name, day(text)), of, at=day(text)).state

    assert (account.standing.tier, account.progress(of, as_of=day("02-03")).have) == (None, 10)
