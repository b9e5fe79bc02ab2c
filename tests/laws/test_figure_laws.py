"""Laws of figures: what is shown adds up, and turning the sign turns what is shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings, strategies as st

from relex.figures import Figure, ratio, show_parts

lean = settings(max_examples=80)
fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
places = st.integers(0, 6)


@lean
@given(st.lists(fractions, max_size=8), places)
def test_parts_shown_add_up_to_the_total_shown(values: list[Fraction], digits: int) -> None:
    shown = show_parts(values, digits)

    assert sum(map(Decimal, shown)) == Decimal(Figure(sum(values, Fraction(0))).show(digits))
    assert all(abs(Fraction(text) - value) < Fraction(1, 10**digits) for text, value in zip(shown, values, strict=True))


@lean
@given(fractions, places)
def test_turning_the_sign_turns_what_is_shown(value: Fraction, digits: int) -> None:
    assert Decimal(Figure(-value).show(digits)) == -Decimal(Figure(value).show(digits))


@lean
@given(fractions, places)
def test_what_is_shown_is_the_nearest_number(value: Fraction, digits: int) -> None:
    assert abs(Fraction(Figure(value).show(digits)) - value) * 2 <= Fraction(1, 10**digits)


@lean
@given(fractions, fractions)
def test_a_ratio_is_exact_or_has_a_reason(numerator: Fraction, denominator: Fraction) -> None:
    figure = ratio(numerator, denominator)

    assert (figure.value is None) == (denominator == 0) == (figure.reason == "zero_denominator")
    assert figure.value is None or figure.value * denominator == numerator
