"""Laws of rewards and referrals, for any account, any basket and any order of what is told."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from strategies_loyalty import START, adjusted, day, opened, program, sale

from relex.errors import Conflict, Rejected
from relex.loyalty import Cap, CashOff, Referral, ReferralTerms, Reward
from relex.money import Rounding
from relex.purchases import Line, Return
from relex.rules import field
from relex.testing.strategies import referral_commands, referrals

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change
    from relex.loyalty import Account, PointsQuote, Program
    from relex.purchases import Purchase

lean = settings(max_examples=50, deadline=None)

cash = st.builds(
    CashOff,
    points=st.sampled_from((1, 3, 100)),
    worth=st.sampled_from(("0.01", "0.004", "0.015", "5.00", Fraction(1, 3))),
    minimum=st.sampled_from((0, 50, 500)),
    at_most=st.sampled_from(("100%", "50%", "33.3%")),
    quantum=st.sampled_from((None, "0.05", "1")),
    rounding=st.sampled_from((Rounding.HALF_UP, Rounding.FLOOR, Rounding.CEILING)),
)
caps = st.sampled_from(((), (Cap(points=250, per="month"),), (Cap(amount="7.50", per="month"),)))
counts = st.integers(0, 5_000)
prices = st.decimals(min_value="0.01", max_value=200, places=2).map(str)


def member(benefit: CashOff, limits: tuple[Cap, ...], balance: int) -> tuple[Program, Account]:
    of = program(rewards=[Reward("cash", None, benefit, caps=limits)])
    account = opened(of)
    return of, adjusted(account, of, balance, START) if balance else account


def asked(of: Program, account: Account, basket: Purchase, wanted: int | None) -> PointsQuote:
    return of.quote("cash", account, basket, as_of=START, wanted=wanted)


@lean
@given(cash, caps, counts, counts, prices)
def test_a_quote_is_within_what_is_there_wanted_and_payable(
    benefit: CashOff, limits: tuple[Cap, ...], balance: int, wanted: int, price: str
) -> None:
    of, account = member(benefit, limits, balance)
    found = asked(of, account, sale(price), wanted)

    assert found.points % benefit.points == 0
    assert found.points == 0 or benefit.minimum <= found.points <= min(balance, wanted)
    assert 0 <= Fraction(found.worth.amount) <= Fraction(price) * benefit.share


@lean
@given(cash, caps, counts, counts, counts, prices)
def test_wanting_more_is_never_worth_less_but_for_the_minimum(
    benefit: CashOff, limits: tuple[Cap, ...], balance: int, one: int, other: int, price: str
) -> None:
    of, account = member(benefit, limits, balance)
    less, more = (asked(of, account, sale(price), wanted) for wanted in sorted((one, other)))

    assert less.points <= more.points
    assert less.worth <= more.worth


@lean
@given(cash, caps, counts, counts, prices)
def test_what_is_quoted_can_be_redeemed_and_nothing_beyond(
    benefit: CashOff, limits: tuple[Cap, ...], balance: int, wanted: int, price: str
) -> None:
    of, account = member(benefit, limits, balance)
    basket = sale(price)
    found = asked(of, account, basket, wanted)
    if found.points:
        events = account.redeem(found.points, of, id="d1", reward="cash", basket=basket, at=START).events

        assert (events[-1].points, events[-1].worth) == (found.points, found.worth)
    if found.points < wanted:
        with pytest.raises(Rejected):
            account.redeem(wanted, of, id="d1", reward="cash", basket=basket, at=START)


TERMS = ReferralTerms("friends", on="every_purchase", when=field("purchase.total") >= 50)
FIRST = ReferralTerms("friends", when=field("purchase.total") >= 50)


def told(referral: Referral, terms: ReferralTerms, number: int, price: int) -> Referral:
    """The referral after a purchase, whether or not it is refused."""
    basket = sale(str(price), name=f"s{number}", at=day("01-02", number))
    try:
        return referral.qualify(basket, terms, at=day("01-10")).state
    except (Rejected, Conflict):
        return referral


@lean
@given(st.sampled_from((TERMS, FIRST)), st.lists(st.tuples(st.integers(1, 4), st.sampled_from((20, 60))), max_size=8))
def test_each_entry_gives_each_side_once(terms: ReferralTerms, bought: list[tuple[int, int]]) -> None:
    referral = Referral.invite("r1", terms, referrer="ann", at=START).state.join("bob", terms, at=START).state
    for number, price in bought:
        referral = told(referral, terms, number, price)
    ids = [occasion.id for event in referral.qualified for occasion in event.occasions]

    assert len(ids) == len(set(ids)) == 2 * len(referral.qualified)
    assert terms is TERMS or len(referral.qualified) <= 1
    for number, price in bought:
        assert told(referral, terms, number, price) == referral


@lean
@given(referrals(), referral_commands())
def test_a_referral_is_its_events(referral: Referral, command: Callable[[Referral], Change[Referral]]) -> None:
    after, events = command(referral)
    state = referral
    for event in events:
        state = Referral.evolve(state, event)

    assert state == after == Referral(after.history)
    assert (after.version, after.state) == (len(after.history), Referral(after.history).state)


@lean
@given(referrals())
def test_an_entry_that_counts_was_recorded_once_and_ends_once(referral: Referral) -> None:
    counted = [event.entry for event in referral.qualified]

    assert len(counted) == len(set(counted))
    assert set(referral.rewarded) | set(referral.reversed) <= set(counted)
    assert [event.count for event in referral.qualified] == list(range(1, len(counted) + 1))


@lean
@given(
    st.lists(st.integers(1, 4), max_size=4).filter(lambda steps: sum(steps) <= 8),
    st.sampled_from((TERMS, FIRST)),
)
def test_what_came_back_decides_in_whatever_steps_it_came(steps: list[int], terms: ReferralTerms) -> None:
    basket = sale(Line(1, "latte", 8, gross="99.99"))
    referral = Referral.invite("r1", terms, referrer="ann", at=START).state.join("bob", terms, at=START).state
    referral = referral.qualify(basket, terms, at=START).state
    backs = [Return(f"b{place}", purchase="s1", at=START, lines={1: step}) for place, step in enumerate(steps)]
    together = [Return("all", purchase="s1", at=START, lines={1: sum(steps)})]
    after = referral.reverse(basket, backs, terms, at=START).state

    assert after.history == referral.reverse(basket, together, terms, at=START).state.history
    assert (after.state == "reversed") is (9999 * (8 - sum(steps)) < 8 * 5000)
