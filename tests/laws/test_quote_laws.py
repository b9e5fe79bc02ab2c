"""Laws of prices, quotes and their orders."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given, settings, strategies as st

from relex.changes import replay
from relex.errors import Rejected
from relex.money import Money, minor_digits
from relex.pipeline import Quote, QuoteLine
from relex.purchases import Discount
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.changes import Change
    from relex.pipeline import QuoteRounding

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
law = settings(max_examples=60)
PERCENTS = st.lists(st.builds(Discount, percent=st.integers(0, 100)), max_size=2)


def numbered(lines: list[QuoteLine]) -> list[QuoteLine]:
    return [attrs.evolve(line, number=number) for number, line in enumerate(lines, 1)]


def lines(*, credit: bool | None = None, min_size: int = 1) -> st.SearchStrategy[list[QuoteLine]]:
    return st.lists(strategies.quote_lines(credit=credit), min_size=min_size, max_size=4).map(numbered)


@st.composite
def quotes(draw: st.DrawFn, credit: bool | None = None) -> Quote:
    """Drafts with lines and discounts of every kind, in any currency and rounding."""
    found = draw(lines(credit=credit))
    currency, rounding = draw(strategies.currencies()), draw(strategies.quote_roundings())
    quote = Quote.open("q", currency=currency, lines=found, discounts=draw(PERCENTS), rounding=rounding, at=AT).state
    left = int(quote.price.step("document_discount").amount * 10 ** minor_digits(currency))
    if left > 0:
        off = Money.of_minor(draw(st.integers(0, left)), currency).amount
        quote = quote.set_discounts([*quote.discounts, Discount(amount=off)], at=AT).state
    return quote


def accepted(quote: Quote) -> Quote:
    return quote.send(at=AT).then(lambda it: it.accept(at=AT)).state


def left_by_rate(quote: Quote) -> dict[Decimal, Money]:
    """What is to be paid at each tax rate."""
    found: dict[Decimal, Money] = {}
    for line, price in zip(quote.lines, quote.price.lines, strict=True):
        rate = line.tax_rate or Decimal(0)
        found[rate] = found.get(rate, Money.zero(quote.currency)) + price.total
    return found


@law
@given(quotes())
def test_the_lines_add_to_the_totals(quote: Quote) -> None:
    price = quote.price

    assert price.net == Money.sum([line.net for line in price.lines])
    assert price.tax == Money.sum([line.tax for line in price.lines])
    assert price.tax == Money.sum([tax for _, tax in price.taxes], quote.currency)
    assert price.total == price.net + price.tax or quote.rounding.floor == "zero"


@law
@given(quotes())
def test_the_steps_add_to_the_total(quote: Quote) -> None:
    price = quote.price

    for steps in (price.steps, *[line.steps for line in price.lines]):
        assert sum(step.change for step in steps) == steps[-1].amount
        assert all(step.amount == before.amount + step.change for before, step in pairwise(steps))
    assert price.steps[-1].amount == Fraction(price.total.amount)
    for place in range(5):
        assert price.steps[place].change == sum(line.steps[place].change for line in price.lines)


@law
@given(quotes())
def test_rounding_each_line_and_the_total_differ_by_half_a_unit_for_each_rounding(quote: Quote) -> None:
    by_line = quote.set_rounding(attrs.evolve(quote.rounding, point="line"), at=AT).state.price
    by_total = quote.set_rounding(attrs.evolve(quote.rounding, point="total"), at=AT).state.price
    half = Fraction(1, 2 * 10 ** minor_digits(quote.currency))
    rates = [Fraction(line.tax_rate or 0) for line in quote.lines]

    assert abs(Fraction((by_line.net - by_total.net).amount)) <= (len(quote.lines) + 1) * half
    off = sum(1 + rate for rate in rates) + len(set(rates))
    assert abs(Fraction((by_line.tax - by_total.tax).amount)) <= off * half


@law
@given(lines(credit=False), strategies.currencies(), strategies.quote_roundings(), st.data())
def test_an_amount_off_the_whole_comes_back_exactly(
    found: list[QuoteLine], currency: str, rounding: QuoteRounding, data: st.DataObject
) -> None:
    quote = Quote.open("q", currency=currency, lines=found, rounding=rounding, at=AT).state
    left = int(quote.price.step("document_discount").amount * 10 ** minor_digits(currency))
    off = Money.of_minor(data.draw(st.integers(0, left)), currency)

    price = quote.set_discounts([Discount(amount=off.amount)], at=AT).state.price

    assert -Fraction(off.amount) == price.step("document_discount").change
    assert -Fraction(off.amount) == sum(line.steps[4].change for line in price.lines)


@law
@given(strategies.quote_lines(credit=False), st.integers(0, 100))
def test_an_amount_off_a_line_comes_back_exactly(line: QuoteLine, share: int) -> None:
    off = Decimal(int(line.net * share)).scaleb(-2)
    quote = Quote.open("q", currency="USD", lines=[line], at=AT).state

    lowered = quote.set_lines([attrs.evolve(line, discounts=(*line.discounts, Discount(amount=off)))], at=AT).state

    change = lowered.price.step("line_discount").change - quote.price.step("line_discount").change
    assert -Fraction(off) == change


@law
@given(quotes())
def test_an_order_has_the_total_of_the_quote(quote: Quote) -> None:
    if any(left.minor < 0 for left in left_by_rate(quote).values()):
        with pytest.raises(Rejected, match="credit_too_large"):
            accepted(quote).to_purchase("p", at=AT)
    else:
        assert quote.price.total == accepted(quote).to_purchase("p", at=AT).total


@law
@given(quotes(credit=False))
def test_an_order_of_a_quote_rounded_by_line_has_its_net_and_tax_line_by_line(quote: Quote) -> None:
    quote = quote.set_rounding(attrs.evolve(quote.rounding, point="line"), at=AT).state
    assume(all(line.net.minor >= 0 for line in quote.price.lines))

    purchase = accepted(quote).to_purchase("p", at=AT)

    found = [(line.number, line.net, line.tax) for line in purchase.line_amounts]
    assert [(line.number, line.net, line.tax) for line in quote.price.lines] == found


@law
@given(lines(credit=False), strategies.currencies())
def test_an_order_rounded_half_up_by_line_states_the_list_price(found: list[QuoteLine], currency: str) -> None:
    plain = [attrs.evolve(line, contract_price=None, discounts=()) for line in found]
    quote = Quote.open("q", currency=currency, lines=plain, at=AT).state

    purchase = accepted(quote).to_purchase("p", at=AT)

    listed = [Money.rounded(line.steps[0].amount, currency) for line in quote.price.lines]
    assert listed == [line.gross for line in purchase.line_amounts]


@law
@given(strategies.schedules(), st.integers(0, 60), st.integers(1, 5))
def test_a_slab_never_takes_less_off_for_more_and_holds_every_unit(schedule: Any, units: int, more: int) -> None:
    slab = attrs.evolve(schedule, mode="slab")

    assert units == sum(part for _, part in slab.parts(units))
    assert slab.off(units) <= slab.off(units + more) <= slab.off(units) + more


@law
@given(strategies.quote_changes(max_size=8))
def test_the_history_is_the_quote(changes: tuple[Change[Quote], ...]) -> None:
    quote = changes[-1].state
    events = [event for change in changes for event in change.events]

    assert events == list(quote.history)
    assert quote == replay(Quote.evolve, events)
    assert quote == quote.as_of(quote.changed_at)


@law
@given(strategies.quote_changes(max_size=8))
def test_approvals_belong_to_what_was_approved(changes: tuple[Change[Quote], ...]) -> None:
    for before, after in pairwise([change.state for change in changes]):
        content = [
            (each.revision, each.lines, each.discounts, each.rounding, each.valid_until) for each in (before, after)
        ]

        if content[0] != content[1]:
            assert (after.status, after.needed, after.approvals) == ("draft", (), ())
        if after.status == "approved":
            assert after.outstanding == ()
            assert all(approval.by != after.submitted_by for approval in after.approvals)


@law
@given(quotes(), st.lists(strategies.quote_commands(), max_size=5))
def test_what_was_sent_stays_as_it_was(quote: Quote, commands: list[Any]) -> None:
    sent = after = quote.send(at=AT).state

    for command in commands:
        after = command(after).state

    kept = after.at_revision(1)
    assert (sent.lines, sent.discounts, sent.price) == (kept.lines, kept.discounts, kept.price)
    assert kept.status in {"sent", "accepted", "declined", "superseded"}
