"""Laws of commissions: nothing is paid twice, nothing is lost, and taking back undoes giving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.calendars import Period
from relex.money import Money
from relex.pipeline import CommissionCredit, CommissionPlan, CommissionTier, Split, statement, statements
from relex.pipeline._credits import shares_of
from relex.testing.strategies import commission_plans, commission_tiers

lean = settings(max_examples=60)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
START = datetime(2026, 1, 1, tzinfo=UTC)
QUOTA = Money(40_000, "USD")

amounts = st.integers(-20_000, 100_000).map(lambda cents: Money.of_minor(cents, "USD"))
sizes = st.integers(0, 10_000_000).map(lambda cents: Money.of_minor(cents, "USD"))
plans = commission_plans(currency="USD").map(
    lambda plan: attrs.evolve(plan, when=None, lines=None, year_starts=1, tz=UTC)
)
slice_plans = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30_000)), min_size=1, max_size=4).map(
    lambda steps: CommissionPlan(
        "p",
        [
            CommissionTier(slice=rate, up_to=sum(step for _, step in steps[: place + 1]))
            for place, (rate, _) in enumerate(steps)
        ],
        currency="USD",
        capped=True,
    )
)


def credited(amount: Money, day: int, number: int) -> CommissionCredit:
    return CommissionCredit(f"d{number}", payee="ann", amount=amount, at=START + timedelta(days=day))


histories = st.lists(st.tuples(amounts, st.integers(0, 364)), max_size=8).map(
    lambda deals: [credited(amount, day, number) for number, (amount, day) in enumerate(deals)]
)


def quota_of(plan: CommissionPlan) -> dict[str, Any]:
    return {"quota": QUOTA} if plan.basis == "attainment" else {}


def year_of(plan: CommissionPlan, deals: list[CommissionCredit]) -> Money:
    found = statements(plan, deals, payee="ann", periods=YEAR, **quota_of(plan))
    return Money.sum([each.earned for each in found], "USD")


@lean
@given(plans, amounts)
def test_the_parts_of_the_tiers_explain_the_commission(plan: CommissionPlan, amount: Money) -> None:
    found = plan.commission(amount, **quota_of(plan))

    assert sum(part.paid for part in found.parts) == found.exact
    assert sum((part.amount for part in found.parts), found.beyond) == Fraction(amount.amount)
    assert plan.rounded(found.exact) == found.earned


@lean
@given(plans, amounts)
def test_taking_back_earns_the_opposite(plan: CommissionPlan, amount: Money) -> None:
    assert plan.commission(-amount, **quota_of(plan)).earned == -plan.commission(amount, **quota_of(plan)).earned


@lean
@given(slice_plans, sizes, sizes)
def test_slices_rise_and_never_jump(plan: CommissionPlan, one: Money, other: Money) -> None:
    """What is added is paid at a rate of 0 to 100 percent, so the commission is continuous and does not fall."""
    less, more = sorted((one, other))
    rise = plan.commission(more).exact - plan.commission(less).exact

    assert 0 <= rise <= Fraction((more - less).amount)


@lean
@given(plans, histories, st.randoms(use_true_random=False))
def test_the_order_in_which_credits_are_given_does_not_matter(
    plan: CommissionPlan, deals: list[CommissionCredit], chance: Any
) -> None:
    shuffled = list(deals)
    chance.shuffle(shuffled)

    assert statements(plan, shuffled, payee="ann", periods=YEAR, **quota_of(plan)) == statements(
        plan, deals, payee="ann", periods=YEAR, **quota_of(plan)
    )


@lean
@given(plans, histories)
def test_a_cumulative_plan_pays_over_the_year_what_its_sum_earns(
    plan: CommissionPlan, deals: list[CommissionCredit]
) -> None:
    cumulative = attrs.evolve(plan, per="cumulative")
    whole = Money.sum([deal.amount for deal in deals], "USD")

    assert year_of(cumulative, deals) == cumulative.commission(whole, **quota_of(plan)).earned


@lean
@given(plans, st.lists(amounts, max_size=6), st.permutations(range(6)))
def test_within_a_period_any_order_of_the_deals_earns_the_same(
    plan: CommissionPlan, sold: list[Money], days: list[int]
) -> None:
    january = Period.of(plan.every, YEAR.start)
    orders = [
        [credited(amount, day, number) for number, (amount, day) in enumerate(zip(sold, on, strict=False))]
        for on in (range(6), days)
    ]
    paid = {statement(plan, deals, payee="ann", period=january, **quota_of(plan)).earned.amount for deals in orders}

    assert len(paid) == 1


@lean
@given(plans, histories)
def test_taking_back_every_deal_takes_back_all_that_was_earned(
    plan: CommissionPlan, deals: list[CommissionCredit]
) -> None:
    last = START + timedelta(days=364, hours=1)
    gone = [attrs.evolve(deal, id=f"back-{deal.id}", amount=-deal.amount, at=last, reverses=deal.id) for deal in deals]

    assert year_of(plan, [*deals, *gone]) == Money.zero("USD")


@lean
@given(plans, histories)
def test_what_is_paid_is_what_was_earned_and_given_and_what_is_still_owed(
    plan: CommissionPlan, deals: list[CommissionCredit]
) -> None:
    found = statements(plan, deals, payee="ann", periods=YEAR, **quota_of(plan))
    paid = Money.sum([each.payable for each in found], "USD")
    given = Money.sum([each.earned + each.settlement.guaranteed for each in found], "USD")

    assert paid == given + found[-1].settlement.closing
    assert all(each.payable >= each.settlement.draw for each in found)
    assert all(each.earned == Money.sum([line.earned for line in each.lines], "USD") for each in found)


@lean
@given(plans, histories, st.integers(0, 364))
def test_what_comes_later_changes_no_earlier_statement(
    plan: CommissionPlan, deals: list[CommissionCredit], day: int
) -> None:
    period = Period.of(plan.every, (START + timedelta(days=day)).date())
    known = [deal for deal in deals if deal.at.date() < period.end]  # type: ignore[operator]  # dates

    assert statement(plan, known, payee="ann", period=period, **quota_of(plan)) == statement(
        plan, deals, payee="ann", period=period, **quota_of(plan)
    )


@lean
@given(amounts, st.lists(st.integers(0, 100), min_size=1, max_size=4))
def test_splits_add_up_to_the_whole(amount: Money, weights: list[int]) -> None:
    cuts = [*sorted(min(weight, 100) for weight in weights), 100]
    shares = [high - low for low, high in zip([0, *cuts], cuts, strict=False)]
    splits = [Split(f"p{place}", share) for place, share in enumerate(shares)]

    assert Money.sum([part for _, part in shares_of(amount, [*splits, Split("x", 30, kind="overlay")])][:-1]) == amount


@given(commission_tiers())
def test_a_tier_pays_in_one_way(tier: CommissionTier) -> None:
    assert [tier.pays] == [way for way in ("slice", "whole", "amount") if getattr(tier, way) is not None]
