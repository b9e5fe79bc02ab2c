"""Figures, ratios, and parts shown together."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.figures import Figure, quantile, ratio, show_parts
from relex.money import Money, Rounding

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def usd(amount: str | int) -> Money:
    return Money(amount, "USD")


class TestMaking:
    def test_parts_and_parameters_are_sorted_by_name_whatever_they_come_in(self) -> None:
        pairs = [("passive", 4), ("detractor", 7), ("promoter", None)]

        assert Figure(1, parts=pairs).parts == (("detractor", 7), ("passive", 4), ("promoter", None))
        assert Figure(1, parts=pairs) == Figure(1, parts=dict(pairs))
        assert Figure(1, parameters={"b": 2, "a": 1}).parameters == (("a", 1), ("b", 2))

    @pytest.mark.parametrize(
        "value", ["text", True, None, 3, Decimal("0.5"), Fraction(1, 3), usd(1), DAY, NOON, timedelta(1), ("a", "b")]
    )
    def test_a_parameter_may_be_any_plain_value(self, value: Any) -> None:
        assert Figure(1, parameters={"p": value}).parameters == (("p", value),)

    def test_is_a_value(self) -> None:
        one, other = (ratio(1, 3, parts={"a": 1}, as_of=DAY) for _ in range(2))

        assert one == other
        assert hash(one) == hash(other)

    @pytest.mark.parametrize("value", [0.5, True, "1", Decimal("NaN"), object()])
    @pytest.mark.parametrize("name", ["value", "numerator", "denominator"])
    def test_refuses_numbers_that_are_not_exact(self, name: str, value: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            Figure(**{"value": 1, name: value})

        assert error.value.path == f"Figure.{name}"

    @pytest.mark.parametrize("name", ["parts", "parameters"])
    @pytest.mark.parametrize(
        "given", [5, ["ab"], [("a",)], [("", 1)], [(1, 2)], [("a", 1.5)], [("a", 1), ("a", 2)], [5], {"a": object()}]
    )
    def test_refuses_bad_pairs(self, name: str, given: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            Figure(1, **{name: given})

        assert error.value.path == f"Figure.{name}"

    @pytest.mark.parametrize(("value", "reason"), [(None, None), (1, "no_data"), (None, "")])
    def test_has_a_reason_exactly_when_there_is_no_value(self, value: Any, reason: str | None) -> None:
        with pytest.raises(InvalidValue, match=r"Figure\.reason"):
            Figure(value, reason=reason)

    @pytest.mark.parametrize("as_of", [datetime(2026, 11, 23), "2026-11-23", 5])  # noqa: DTZ001 - a naive one on purpose
    def test_needs_a_date_or_an_instant(self, as_of: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Figure\.as_of"):
            Figure(1, as_of=as_of)

    def test_gives_a_part_by_name(self) -> None:
        figure = Figure(1, parts={"won": 4})

        assert figure.part("won") == 4
        with pytest.raises(NotFound):
            figure.part("lost")


class TestShowing:
    @pytest.mark.parametrize(
        ("value", "unit", "places", "expected"),
        [
            (12285, "", None, "12285"),
            (12285, "", 1, "12285.0"),
            (Decimal("1.500"), "", None, "1.500"),
            (Decimal("1E+3"), "", None, "1000"),
            (Fraction(2, 3), "", None, "0.67"),
            (Fraction(-100, 17), "points", 1, "-5.9"),
            (Fraction(1, 200), "", 2, "0.01"),
            (Fraction(-1, 200), "", 2, "-0.01"),
            (Fraction(-1, 300), "", 2, "0.00"),
            (Fraction(5, 2), "", 0, "3"),
            (Money("12.5", "USD"), "", None, "12.50"),
            (Money("12.505", "USD"), "", None, "12.51"),
            (Money("12.5", "USD"), "", 0, "13"),
            (Money("12.5", "QQQ"), "", None, "12.5"),
            (Fraction(100, 3), "KWD", None, "33.333"),
            (100, "USD", None, "100.00"),
            (Fraction(100, 3), "JPY", None, "33"),
        ],
    )
    def test_rounds_only_then_and_half_away_from_zero(self, value: Any, unit: str, places: Any, expected: str) -> None:
        assert Figure(value, unit).show(places) == expected

    def test_rounds_by_another_mode_when_asked(self) -> None:
        assert Figure(Fraction(5, 2)).show(0, Rounding.HALF_EVEN) == "2"

    @pytest.mark.parametrize("places", [-1, 61, 1.0, "2", True])
    def test_refuses_bad_places(self, places: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Figure\.show\.places"):
            Figure(1).show(places)

    def test_refuses_an_unknown_mode(self) -> None:
        mode: Any = "half_up"

        with pytest.raises(InvalidValue, match=r"Figure\.show\.rounding"):
            Figure(1).show(1, mode)

    def test_does_not_depend_on_the_callers_decimal_context(self) -> None:
        figure = Figure(Decimal("1234567.895"))
        with decimal.localcontext() as context:
            context.prec = 2
            shown = figure.show(2), str(figure)

        assert shown == ("1234567.90", "1234567.895")

    @pytest.mark.parametrize(
        ("figure", "expected"),
        [
            (Figure(3), "3"),
            (Figure(3, "customers"), "3 customers"),
            (Figure(usd("2.5"), "ignored"), "2.50 USD"),
            (ratio(Decimal("0.50"), 2), "0.25 share (0.50 of 2)"),
            (Figure(None, "customers", reason="no_data"), "none (no_data)"),
            (Figure(3, numerator=3), "3"),
        ],
    )
    def test_text_has_the_unit_and_both_terms(self, figure: Figure, expected: str) -> None:
        assert str(figure) == expected

    def test_html_is_escaped_and_has_no_empty_rows(self) -> None:
        figure = Figure(
            1, "<b>", parts={"<i>": 2, "none": None}, parameters={"k": "a & b"}, method="<script>", as_of=DAY
        )
        html = figure._repr_html_()

        assert "<b>" not in html
        assert "<script>" not in html
        assert "<tr><th>&lt;i&gt;</th><td>2</td></tr><tr><th>none</th><td>none</td></tr>" in html
        assert "<tr><th>k</th><td>a &amp; b</td></tr>" in html
        assert "<tr><th>as of</th><td>2026-11-23</td></tr>" in html
        assert "method" not in Figure(1)._repr_html_()


class TestPercent:
    def test_is_the_exact_value_times_100(self) -> None:
        percent = ratio(4, 7).as_percent()

        assert percent.value == Fraction(400, 7)
        assert percent.unit == "percent"
        assert (percent.numerator, percent.denominator) == (4, 7)

    def test_of_nothing_is_nothing(self) -> None:
        assert ratio(4, 0).as_percent().reason == "zero_denominator"

    def test_of_money(self) -> None:
        with pytest.raises(InvalidValue):
            Figure(usd(1)).as_percent()


class TestRatio:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "value", "unit"),
        [
            (4, 10, Fraction(2, 5), "share"),
            (Decimal("0.3"), Fraction(1, 3), Fraction(9, 10), "share"),
            (usd("1.00"), usd("3.00"), Fraction(1, 3), "share"),
            (usd(100), 3, Fraction(100, 3), "USD"),
            (0, 5, 0, "share"),
        ],
    )
    def test_is_exact(self, numerator: Any, denominator: Any, value: Any, unit: str) -> None:
        figure = ratio(numerator, denominator)

        assert (figure.value, figure.unit) == (value, unit)
        assert (figure.numerator, figure.denominator) == (numerator, denominator)

    @pytest.mark.parametrize("denominator", [0, Decimal("0.0"), Fraction(0), usd(0)])
    def test_by_nothing_is_none_with_a_reason(self, denominator: Any) -> None:
        figure = ratio(usd(5), denominator, method="m")

        assert (figure.value, figure.reason, figure.method) == (None, "zero_denominator", "m")

    def test_keeps_what_it_is_told(self) -> None:
        figure = ratio(1, 2, "rate", parts={"a": 1}, method="m", parameters={"p": "q"}, as_of=NOON)

        assert figure == Figure(
            Fraction(1, 2), "rate", numerator=1, denominator=2, parts={"a": 1}, method="m", parameters={"p": "q"},
            as_of=NOON,
        )  # fmt: skip

    @pytest.mark.parametrize(("numerator", "denominator"), [(0.5, 1), (1, 0.5), (True, 1), ("1", 1), (1, None)])
    def test_refuses_terms_that_are_not_exact(self, numerator: Any, denominator: Any) -> None:
        with pytest.raises(InvalidValue, match="ratio"):
            ratio(numerator, denominator)

    def test_refuses_a_number_by_money(self) -> None:
        with pytest.raises(InvalidValue, match=r"ratio\.numerator"):
            ratio(1, usd(1))

    def test_refuses_two_currencies(self) -> None:
        with pytest.raises(CurrencyMismatch):
            ratio(usd(1), Money(1, "EUR"))


class TestParts:
    @pytest.mark.parametrize(
        ("values", "places", "expected"),
        [
            ([Fraction(100, 3)] * 3, 0, ("34", "33", "33")),
            ([Fraction(100, 6)] * 6, 1, ("16.7", "16.7", "16.7", "16.7", "16.6", "16.6")),
            ([Fraction(-100, 3)] * 3, 0, ("-34", "-33", "-33")),
            ([Fraction(1, 2)], 0, ("1",)),
            ([Decimal("0.125"), Decimal("0.125")], 2, ("0.13", "0.12")),
            ([2, 3], 0, ("2", "3")),
            ([usd("0.005"), usd("0.005")], 2, ("0.01", "0.00")),
            ([], 1, ()),
        ],
    )
    def test_add_up_to_the_total_shown(self, values: list[Any], places: int, expected: tuple[str, ...]) -> None:
        assert show_parts(values, places) == expected

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            (lambda: show_parts([0.5]), InvalidValue),
            (lambda: show_parts([1, usd(1)]), InvalidValue),
            (lambda: show_parts([usd(1), Money(1, "EUR")]), CurrencyMismatch),
            (lambda: show_parts([1], -1), InvalidValue),
        ],
    )
    def test_refuses_what_cannot_be_added(self, call: Callable[[], object], error: type[Exception]) -> None:
        with pytest.raises(error):
            call()


class TestBadInput:
    def test_a_denominator_of_no_money_hides_no_wrong_numerator(self) -> None:
        with pytest.raises(InvalidValue):
            ratio(2, usd(0))
        with pytest.raises(CurrencyMismatch):
            ratio(usd(1), Money(0, "EUR"))

    @pytest.mark.parametrize("values", [None, 5, NOON])
    def test_parts_are_several(self, values: Any) -> None:
        with pytest.raises(InvalidValue, match=r"show_parts\.values"):
            show_parts(values)


class TestQuantile:
    @pytest.mark.parametrize(("p", "expected"), [(0, 10), (Fraction(1, 2), 30), (Decimal("0.9"), 68), (1, 80)], ids=str)
    def test_lies_between_neighbors(self, p: Any, expected: int) -> None:
        assert expected == quantile([10, 20, 40, 80], p)

    def test_one_number_is_every_quantile_of_itself(self) -> None:
        assert quantile((7,), Fraction(1, 3)) == 7

    @pytest.mark.parametrize(("ordered", "p"), [([], 0), ([1], 2), ([1], 0.5), (None, 1)])
    def test_refuses_what_has_none(self, ordered: Any, p: Any) -> None:
        with pytest.raises(InvalidValue, match="quantile"):
            quantile(ordered, p)


def test_long_fractions_are_shown_short_on_a_page() -> None:
    third = Fraction(10**40 // 3, 10**40)

    html = Figure(third, parts={"third": third}, numerator=third, denominator=1)._repr_html_()

    assert "<th>third</th><td>0.33</td>" in html
    assert "(0.33 of 1)" in html
