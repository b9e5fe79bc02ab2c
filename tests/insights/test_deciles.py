"""Deciles and ABC classes: what they take, what they show, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from strategies_insights import ten_rows

from relex.errors import InvalidValue
from relex.insights import PurchaseHistory, Tally, Total, abc, deciles

AS_OF = date(2024, 1, 31)
FIVE = [("a", 60, None, 3), ("b", 30, None, 2), ("c", 10, None, 0), ("d", 0), ("e", -20)]


def test_a_history_is_ranked_with_its_purchases() -> None:
    table = deciles(PurchaseHistory.from_rows(ten_rows(AS_OF), as_of=AS_OF), groups=5)
    best = table.rows[0]

    assert (best.members, best.amount, best.purchases, best.mean) == (("g", "a"), 1340, 21, 670)
    assert (best.mean_per_purchase, best.most, best.least) == (Fraction(1340, 21), 800, 540)
    assert table.share(1).value == Fraction(1340, 1955)
    assert table.share(1).as_of == AS_OF


def test_an_empty_group_is_there_with_nothing_in_it() -> None:
    last = deciles(FIVE).rows[-1]

    assert (last.customers, last.amount, last.mean, last.most, last.least) == (0, 0, None, None, None)
    assert (last.share, last.cumulative, last.purchases, last.mean_per_purchase) == (0, 1, 0, None)


def test_purchases_are_unknown_unless_known_of_all() -> None:
    assert [row.purchases for row in deciles(FIVE, groups=4)] == [3, 2, 0, None]


def test_negative_totals_stand_apart_or_in_or_out() -> None:
    apart, inside, out = (deciles(FIVE, groups=2, negatives=how) for how in ("apart", "in", "exclude"))

    assert apart.apart is not None
    assert (apart.apart.members, apart.rows[-1].cumulative) == (("e",), 1)
    assert ([row.customers for row in inside], inside.apart, inside.total) == ([3, 2], None, 80)
    assert inside.rows[0].cumulative == Fraction(100, 80)
    assert (out.excluded, out.apart, out.group("e")) == (Tally(1, Decimal(-20)), None, None)


def test_a_total_of_nothing_has_no_shares() -> None:
    table = deciles([("a", 0), ("b", 0)], groups=2, by="revenue")

    assert [row.customers for row in table] == [2, 0]
    assert {row.share for row in table} == {None}
    assert table.share(1).reason == "zero_denominator"
    assert abc([("a", 0)]).group("a") == "A"


def test_a_giant_leaves_the_groups_that_he_covers_empty() -> None:
    table = deciles([("giant", 90), ("a", 5), ("b", 5)], by="revenue")

    assert [row.customers for row in table] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]


def test_equal_amounts_that_are_parted_are_told() -> None:
    table = deciles([("a", 5), ("b", 5), ("c", 5), ("d", 1)], groups=2)

    assert table.parted == (1,)
    assert "parted after 1" in table._repr_html_()
    assert deciles([("a", 5), ("b", 5), ("c", 5)], groups=2, ties="together").parted == ()


def test_classes_have_names_as_many_as_cuts_ask() -> None:
    table = abc([("a", 50), ("b", 30), ("c", 15), ("d", 5)], at=("1/2", Decimal("0.8"), Fraction(19, 20)))

    assert table.facts() == {"a": {"abc": "A"}, "b": {"abc": "B"}, "c": {"abc": "C"}, "d": {"abc": "D"}}


def test_facts_are_what_segments_ask() -> None:
    table = deciles(FIVE)

    assert table.facts()["b"] == {"decile": 2}
    assert table.facts_of("e") == {}


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda: deciles(FIVE, groups=0), "deciles.groups"),
        (lambda: deciles(FIVE, by="age"), "deciles.by"),
        (lambda: deciles(FIVE, ties="random"), "ties"),
        (lambda: deciles(FIVE, negatives="drop"), "negatives"),
        (lambda: deciles([("a", 1.5)]), "Total.amount"),
        (lambda: deciles([("a", Fraction(1, 3))]), "Total.amount"),
        (lambda: deciles([("a", 1), ("a", 2)]), "totals"),
        (lambda: deciles([("a", 1), "b"]), "totals[1]"),
        (lambda: deciles([("a",)]), "totals[0]"),
        (lambda: deciles([("", 1)]), "Total.name"),
        (lambda: Total("a", 1, last="2024"), "Total.last"),
        (lambda: abc(FIVE, at=()), "abc.at"),
        (lambda: abc(FIVE, at=("0.9", "0.7")), "abc.at"),
        (lambda: abc(FIVE, at=("0.9", "1")), "abc.at"),
        (lambda: abc(FIVE, at=[Fraction(n, 40) for n in range(1, 30)]), "abc.at"),
        (lambda: abc(FIVE, at=(0.7,)), "abc.at"),
        (lambda: deciles(FIVE).share(11), "DecileTable.share"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        call()

    assert error.value.path == path


def test_a_table_shows_itself() -> None:
    history = PurchaseHistory.from_rows([("<b>", AS_OF, 10), ("c", AS_OF, -3)], as_of=AS_OF)
    text, html = str(deciles(history, groups=1)), deciles(FIVE, groups=2)._repr_html_()

    assert text.splitlines()[0].startswith("deciles by customers: 1 ranked (as of 2024-01-31")
    assert text.splitlines()[1].split() == ["1", "1", "10", "100.00", "%", "100.00", "%"]
    assert "negative" in html
    assert "<script" not in html
    assert "Excluded: 1" in deciles(FIVE, negatives="exclude")._repr_html_()
    assert "as of" in deciles(history)._repr_html_()
    assert "negative" not in str(deciles(FIVE, negatives="in"))


@pytest.mark.parametrize(
    "call", [lambda: deciles(5), lambda: deciles("ab"), lambda: deciles(["ab"]), lambda: abc([], at=5)]
)
def test_what_is_no_iterable_is_refused(call: Any) -> None:
    with pytest.raises(InvalidValue, match=r"totals|abc\.at"):
        call()
