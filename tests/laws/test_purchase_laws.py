"""Laws of sales and returns: amounts add up, in every mode, rounding, order and partition."""

from __future__ import annotations

from datetime import timedelta
from decimal import localcontext

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from relex.codec import dumps, loads
from relex.errors import Rejected
from relex.money import Money
from relex.purchases import Claim, Purchase, Return, settle, spend
from relex.testing.strategies import purchases

FEW = settings(max_examples=60)


@FEW
@given(purchases())
def test_parts_add_up_to_the_whole(sale: Purchase) -> None:
    rows = sale.line_amounts

    assert sum(sale.line_nets, Money.zero(sale.currency)) == sale.net
    assert sum((row.discount for row in rows), Money.zero(sale.currency)) == sale.discount
    assert sum((row.tax for row in rows), Money.zero(sale.currency)) == sale.tax
    assert sale.net + sale.tax + sale.charged + sale.charge_tax == sale.total


@FEW
@given(purchases())
def test_gross_is_net_and_discount_and_the_tax_inside(sale: Purchase) -> None:
    inside = sale.tax_mode == "inclusive"

    for row in sale.line_amounts:
        assert row.gross == row.net + row.discount + (row.tax if inside else Money.zero(sale.currency))
        assert min(row.gross, row.net, row.discount, row.tax) >= Money.zero(sale.currency)


@FEW
@given(purchases())
def test_the_callers_decimal_context_does_not_matter(sale: Purchase) -> None:
    with localcontext(prec=2):
        narrow = attrs.evolve(sale)

        assert sale.line_amounts == narrow.line_amounts
        assert sale.facts() == narrow.facts()


@FEW
@given(purchases(), st.data())
def test_full_returns_in_any_steps_add_up_to_the_net(sale: Purchase, data: st.DataObject) -> None:
    back: list[Return] = []
    remains = {line.number: line.quantity for line in sale.lines}
    while remains:
        number = data.draw(st.sampled_from(sorted(remains)))
        left = remains[number]
        quantity = data.draw(st.integers(1, int(left))) if left >= 1 else left
        back.append(sale.take_back({number: quantity}, id=f"r{len(back)}", at=sale.at, earlier=back))
        remains[number] -= quantity
        if not remains[number]:
            del remains[number]

    assert sale.net == Money.sum([entry.value for entry in back if entry.value is not None], sale.currency)
    with pytest.raises(Rejected, match="nothing_remains"):
        sale.take_back(id="more", at=sale.at, earlier=back)


@FEW
@given(purchases(), st.data())
def test_settling_quantities_gives_what_the_command_gave(sale: Purchase, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(sale.lines))
    first = sale.take_back({line.number: min(1, line.quantity)}, id="r1", at=sale.at)
    rest = [sale.take_back(id="r2", at=sale.at, earlier=[first])] if len(sale.lines) > 1 or line.quantity > 1 else []
    bare = [attrs.evolve(entry, value=None) for entry in (first, *rest)]

    assert [entry.value for entry in (first, *rest)] == [found.value for found in settle([sale], bare)]


@FEW
@given(st.lists(purchases(currency="USD"), min_size=1, max_size=4), st.data())
def test_neither_order_nor_repetition_changes_what_was_spent(drawn: list[Purchase], data: st.DataObject) -> None:
    sold = [attrs.evolve(sale, id=f"s{index}") for index, sale in enumerate(drawn)]
    returns = [
        Return(f"r{index}", purchase=f"s{index % 5}", at=sale.at + timedelta(hours=index - 1), lines={1: 1})
        for index, sale in enumerate(sold)
    ]
    expected = spend(sold, returns)
    shuffled = data.draw(st.permutations(sold)), data.draw(st.permutations(returns + returns[:1]))

    assert expected == spend(*shuffled)


@FEW
@given(purchases())
def test_kept_is_net_less_returned_and_a_claim_changes_no_amount(sale: Purchase) -> None:
    claim = Claim("k", purchase=sale.id, customer="c9", at=sale.at, by="desk")
    row = spend([sale], [sale.take_back(id="r", at=sale.at)]).of(sale.currency)
    before, after = spend([sale]).of(sale.currency), spend([sale], claims=[claim]).of(sale.currency)

    assert row.net - row.returned == row.kept == Money.zero(sale.currency)
    assert before == attrs.evolve(after, anonymous=before.anonymous, anonymous_net=before.anonymous_net)


@FEW
@given(purchases())
def test_the_stored_form_gives_the_sale_back(sale: Purchase) -> None:
    assert sale == loads(dumps(sale), Purchase)
