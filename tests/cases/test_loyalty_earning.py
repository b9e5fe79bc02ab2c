"""Worked cases of the specification of earning: E1 to E12."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import START, adjusted, award, day, opened, points, program, sale

from relex.calendars import Days, Period
from relex.errors import Conflict, Rejected
from relex.loyalty import (
    Cap,
    Choose,
    EarningRule,
    Flat,
    Multiply,
    Occasion,
    PerAmount,
    Points,
    Program,
    Stack,
    Tier,
)
from relex.money import Rounding
from relex.purchases import Discount, Line, Payment
from relex.rules import field

if TYPE_CHECKING:
    from relex.purchases import Purchase

ONE = PerAmount(1, per="1.00")


@pytest.mark.parametrize(
    ("rules", "amount", "expected"),
    [
        pytest.param([EarningRule("a", ONE)], "19.99", {"a": 19}, id="E1-one"),
        pytest.param(
            [EarningRule("a", ONE), EarningRule("b", PerAmount(1, per="2.00"))], "19.99", {"a": 19, "b": 9}, id="E1-two"
        ),
        pytest.param([EarningRule("7", ONE), EarningRule("9", Flat(5))], "19.99", {"7": 19, "9": 5}, id="E1-flat"),
        pytest.param([EarningRule("a", PerAmount(3, per="1.00"))], "40.00", {"a": 120}, id="E1-three"),
    ],
)
def test_per_amount_and_flat_add_up(rules: list[EarningRule], amount: str, expected: dict[str, int]) -> None:
    """Source: Setono/SyliusLoyaltyPlugin EarningCalculatorTest."""
    breakdown = award(program(*rules), sale(amount)).breakdown

    assert expected == breakdown.by_rule()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            [EarningRule("big", Flat(100), stacking=Stack.ALONE, priority=10), EarningRule("base", ONE)],
            {"big": 100},
            id="E2-alone",
        ),
        pytest.param(
            [
                EarningRule("small", Flat(50), stacking=Stack.ALONE, priority=5),
                EarningRule("big", Flat(200), stacking=Stack.ALONE, priority=20),
            ],
            {"big": 200},
            id="E2-two-alone",
        ),
    ],
)
def test_a_rule_that_stands_alone(rules: list[EarningRule], expected: dict[str, int]) -> None:
    """Source: Setono/SyliusLoyaltyPlugin EarningCalculatorTest."""
    assert expected == award(program(*rules), sale("19.99")).breakdown.by_rule()


@pytest.mark.parametrize(
    ("amount", "expected"), [pytest.param("70.00", 8, id="E2-best-70"), pytest.param("90.00", 9, id="E2-best-90")]
)
def test_the_best_of_a_group(amount: str, expected: int) -> None:
    """Source: derived after Square loyalty."""
    best = program(
        EarningRule("steps", PerAmount(1, per="10.00")), EarningRule("flat", Flat(8)), groups={"base": Choose.BEST}
    )

    assert expected == points(best, amount)


@pytest.mark.parametrize(
    ("factor", "rounding", "expected"),
    [
        pytest.param(2, Rounding.FLOOR, 38, id="E3-double"),
        pytest.param("1.5", Rounding.FLOOR, 28, id="E3-floor"),
        pytest.param("1.5", Rounding.HALF_UP, 29, id="E3-half-up"),
        pytest.param("1.5", Rounding.CEILING, 29, id="E3-ceiling"),
    ],
)
def test_a_multiplier_works_on_the_award(factor: int | str, rounding: Rounding, expected: int) -> None:
    """Source: Setono/SyliusLoyaltyPlugin EarningCalculatorTest; 19 x 2, not floor of 39.98."""
    double = program(
        EarningRule("base", ONE), EarningRule("x", Multiply(factor)), points=[Points("points", rounding=rounding)]
    )

    assert expected == points(double, "19.99")


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        pytest.param("50.00", {"min": 5}, id="E4-reached"),
        pytest.param("49.99", {"min": 5}, id="E4-above"),
        pytest.param("50.01", {}, id="E4-below"),
    ],
)
def test_a_condition_on_the_total(threshold: str, expected: dict[str, int]) -> None:
    """Source: Setono/SyliusLoyaltyPlugin."""
    when = field("purchase.total") >= Decimal(threshold)

    assert expected == award(program(EarningRule("min", Flat(5), when)), sale("50.00")).breakdown.by_rule()


def test_an_unknown_total_does_not_fire_and_is_named() -> None:
    """E4: no total among the facts."""
    when = field("purchase.total") >= 50
    breakdown = award(program(EarningRule("min", Flat(5), when, on="order")), Occasion("order", "o", START)).breakdown

    assert breakdown.reasons() == {"min": "unknown:purchase.total"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(datetime(2026, 11, 27, 12, tzinfo=UTC), 5, id="E5-in"),
        pytest.param(datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC), 0, id="E5-before"),
        pytest.param(datetime(2026, 11, 28, tzinfo=UTC), 0, id="E5-after"),
    ],
)
def test_validity_is_half_open(at: datetime, expected: int) -> None:
    """Source: after Setono, half-open."""
    valid = Period(datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC))

    assert expected == points(program(EarningRule("friday", Flat(5), valid=valid)), "10.00", at=at)


@pytest.mark.parametrize(
    ("rules", "amount", "expected"),
    [
        pytest.param([EarningRule("a", PerAmount(1, per="10.00"))], "105.00", 10, id="E6-steps"),
        pytest.param([EarningRule("a", Flat(5)), EarningRule("x", Multiply(3))], "1.00", 15, id="E6-triple"),
        pytest.param([EarningRule("a", Flat(4)), EarningRule("x", Multiply("1.5"))], "1.00", 6, id="E6-half"),
        pytest.param([EarningRule("a", PerAmount(5, per="10.00"))], "15.00", 5, id="E6-whole"),
        pytest.param([EarningRule("a", PerAmount(5, per="10.00", whole=False))], "15.00", 7, id="E6-part"),
    ],
)
def test_steps_and_factors(rules: list[EarningRule], amount: str, expected: int) -> None:
    """Source: Square loyalty documentation; the last two derived."""
    assert expected == points(program(*rules), amount)


@pytest.mark.parametrize(
    ("payments", "expected"),
    [pytest.param([], 10, id="E7-cash"), pytest.param([Payment("points", 10)], 9, id="E7-points")],
)
def test_what_was_paid_with_points_earns_nothing(payments: list[Payment], expected: int) -> None:
    """Source: frappe/erpnext test_loyalty_program.py."""
    paid = program(EarningRule("paid", PerAmount(1, per=1000, of="line.paid")))

    assert expected == points(paid, "10000", payments=payments)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({"discounts": [Discount(percent=10)]}, 90, id="E8-discount"),
        pytest.param({"payments": [Payment("gift_card", 50)]}, 100, id="E8-gift-card"),
        pytest.param({"payments": [Payment("stored_value", 10)]}, 100, id="E8-wallet"),
    ],
)
def test_a_payment_is_no_discount(more: dict[str, Any], expected: int) -> None:
    """Source: odoo/odoo test_loyalty.py."""
    assert expected == points(program(EarningRule("base", ONE)), "100.00", **more)


@pytest.mark.parametrize(
    ("cap", "used", "wanted", "expected"),
    [
        pytest.param(Cap(points=500, per="month"), 450, 100, 50, id="E9-cut"),
        pytest.param(Cap(points=500, per="month", then="reject"), 450, 100, 0, id="E9-reject"),
        pytest.param(Cap(points=500, then="reject"), 0, 600, 0, id="E9-event"),
    ],
)
def test_a_cap_cuts_or_rejects(cap: Cap, used: int, wanted: int, expected: int) -> None:
    """Source: Voucherify loyalty documentation."""
    capped = program(EarningRule("base", ONE, caps=[cap]))
    account = opened(capped)
    if used:
        account = account.earn(sale(str(used), name="before"), capped, at=START).state

    assert expected == award(capped, sale(str(wanted)), account=account).points


class TestE11:
    """Source: Setono ActionPointsAwarderTest, and the laws."""

    def test_an_enrollment_counts_once(self) -> None:
        welcome = program(EarningRule("welcome", Flat(250), on="enrollment"))
        account = opened(welcome).earn(Occasion("enrollment", "a1", START), welcome, at=START).state
        again = account.earn(Occasion("enrollment", "a1", START), welcome, at=START)

        assert (account.balance(as_of=START).available, again.events) == (250, ())

    def test_an_order_event_delivered_twice(self) -> None:
        orders = program(EarningRule("order", PerAmount(1, per="1.00", of="event.total"), on="order"))
        order = Occasion("order", "o1", START, {"total": Decimal("500.00")})
        account = opened(orders).earn(order, orders, at=START).state
        account = account.earn(order, orders, at=day("01-02")).state

        assert account.balance(as_of=day("01-02")).available == 500

    def test_the_same_id_with_other_facts(self) -> None:
        orders = program(EarningRule("order", Flat(5), on="order"))
        account = opened(orders).earn(Occasion("order", "o1", START, {"total": 1}), orders, at=START).state
        with pytest.raises(Conflict):
            account.earn(Occasion("order", "o1", START, {"total": 2}), orders, at=START)

    def test_a_suspended_account(self) -> None:
        orders = program(EarningRule("order", Flat(5), on="order"))
        account = opened(orders).suspend(at=START).state
        with pytest.raises(Rejected) as refused:
            account.earn(Occasion("order", "o1", START), orders, at=START)

        assert refused.value.reason == "suspended"


@pytest.mark.parametrize(
    ("multipliers", "total", "by_rule", "by_line"),
    [
        pytest.param("sum", 34, (18, 12, 4), {1: 7, 2: 27, 3: 0}, id="E12-sum"),
        pytest.param("best", 31, (18, 12, 1), {1: 7, 2: 24, 3: 0}, id="E12-best"),
        pytest.param("product", 37, (18, 12, 7), {1: 7, 2: 30, 3: 0}, id="E12-product"),
    ],
)
def test_multipliers_together(multipliers: str, total: int, by_rule: tuple[int, ...], by_line: dict[int, int]) -> None:
    """Source: derived in the specification, section 3.6."""
    breakdown = award(*e12(multipliers)).breakdown

    assert (total, by_rule, by_line) == (
        breakdown.total(),
        tuple(breakdown.by_rule().values()),
        breakdown.by_line(),
    )


def e12(multipliers: str) -> tuple[Program, Purchase]:
    """Bread, coffee and a gift card on a gold account."""
    beans = Program(
        "p",
        currency="USD",
        rules=[
            EarningRule("base", ONE),
            EarningRule("coffee-day", Multiply(2), field("line.category") == "coffee"),
        ],
        multipliers=multipliers,
        tiers=[Tier("gold", at=0, multiplier="1.25")],
    )
    basket = sale(
        Line(1, "bread", 2, unit_price="3.20", category="food"),
        Line(2, "coffee", 1, unit_price="12.50", category="coffee"),
        Line(3, "card", 1, unit_price="20.00", kind="gift_card"),
    )
    return beans, basket


def test_the_cap_of_a_program_is_served_in_priority_order() -> None:
    """Section 3.4: a program cap of 400 per event, A 300 with priority 10, B 200."""
    rules = [EarningRule("A", Flat(300), priority=10), EarningRule("B", Flat(200))]
    cut = award(program(*rules, caps=[Cap(points=400)]), sale("1.00")).breakdown.by_rule()
    reject = award(program(*rules, caps=[Cap(points=400, then="reject")]), sale("1.00")).breakdown.by_rule()

    assert (cut, reject) == ({"A": 300, "B": 100}, {"A": 300, "B": 0})


def test_a_cooldown() -> None:
    """Section 3.4: `Cap(times=1, per=Days(30))` counts awards that gave something."""
    visits = program(EarningRule("visit", Flat(5), on="visit", caps=[Cap(times=1, per=Days(30))]))
    account = opened(visits)
    given = []
    for number, offset in enumerate((0, 29, 30)):
        at = START + timedelta(days=offset)
        account, events = account.earn(Occasion("visit", str(number), at), visits, at=at)
        given.append(events[-1].points)

    assert given == [5, 0, 5]


def test_a_balance_cap_counts_what_is_there() -> None:
    """Section 3.4: `balance=n` limits available, pending and held points."""
    full = program(EarningRule("base", ONE, caps=[Cap(balance=100)]))
    account = adjusted(opened(full), full, 70, START)

    assert award(full, sale("50.00"), account=account).points == 30
