"""Amounts of money."""

from __future__ import annotations

import copy
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Leftover, Money, Rounding, allocate

if TYPE_CHECKING:
    from collections.abc import Callable

BIGGEST = Decimal("9" * 60)


def usd(amount: int | str | Decimal) -> Money:
    return Money(amount, "USD")


class TestMaking:
    @pytest.mark.parametrize("amount", [12, "12", "12.00", Decimal(12), Decimal("1.2E1")])
    def test_takes_int_str_and_decimal(self, amount: Any) -> None:
        assert Decimal(12) == usd(amount).amount

    def test_keeps_more_decimals_than_the_currency_has(self) -> None:
        assert Decimal("0.00125") == Money("0.00125", "JPY").amount

    @pytest.mark.parametrize(
        "amount",
        [1.5, True, None, Fraction(1, 2), "", "12,50", "1/2", " 1", "NaN", "sNaN", "Infinity", Decimal("NaN"),
         Decimal("-Infinity"), "9" * 61, 10**60, 1 << 10_000, "1E60", "1E-61", Decimal("1E+999999"), b"1", [1]],
    )  # fmt: skip
    def test_refuses_what_is_not_exact(self, amount: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            Money(amount, "USD")

        assert error.value.path == "Money.amount"

    @pytest.mark.parametrize("currency", ["usd", "US", "USDX", "", None, 840, ["USD"], "ÜSD"])
    def test_refuses_what_is_no_currency_code(self, currency: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            Money(1, currency)

        assert error.value.path == "Money.currency"

    def test_takes_a_code_that_iso_4217_does_not_know(self) -> None:
        assert Money(1, "QQQ").currency == "QQQ"

    def test_has_no_negative_zero(self) -> None:
        assert str(usd("-0.00")) == "0.00 USD"

    def test_reads_text_even_where_the_caller_does_not_trap_bad_text(self) -> None:
        with decimal.localcontext() as context:
            context.traps[decimal.InvalidOperation] = False
            with pytest.raises(InvalidValue):
                usd("twelve")

    def test_zero(self) -> None:
        assert Money(0, "JPY") == Money.zero("JPY")

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            usd(1).amount = Decimal(2)

    @pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda money: pickle.loads(pickle.dumps(money))])  # noqa: S301
    def test_copies_and_pickles(self, twin: Callable[[Money], Money]) -> None:
        assert usd("1.25") == twin(usd("1.25"))


class TestMinorUnits:
    @pytest.mark.parametrize(
        ("amount", "currency", "units"), [("12.5", "USD", 1250), (-7, "JPY", -7), ("1.234", "KWD", 1234)]
    )
    def test_there_and_back(self, amount: Any, currency: Any, units: Any) -> None:
        assert units == Money(amount, currency).minor
        assert Money(amount, currency) == Money.of_minor(units, currency)

    def test_of_an_amount_that_is_not_whole(self) -> None:
        with pytest.raises(InvalidValue, match="round it first"):
            _ = usd("0.005").minor

    @pytest.mark.parametrize("currency", ["XAU", "QQQ"])
    def test_of_a_currency_without_any(self, currency: Any) -> None:
        with pytest.raises(InvalidValue, match="with a minor unit"):
            _ = Money(1, currency).minor

    def test_of_the_largest_amount(self) -> None:
        assert int(BIGGEST) * 100 == Money(BIGGEST, "USD").minor

    @pytest.mark.parametrize("units", [1.0, True, "1", Decimal(1)])
    def test_must_be_an_int(self, units: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            Money.of_minor(units, "USD")

        assert error.value.path == "Money.of_minor.units"

    def test_too_many(self) -> None:
        with pytest.raises(InvalidValue, match="60 digits"):
            Money.of_minor(10**70, "USD")


class TestEquality:
    def test_is_by_number(self) -> None:
        assert usd("1.0") == usd("1.00")
        assert hash(usd("1.0")) == hash(usd("1.00"))

    @pytest.mark.parametrize("other", [Money(1, "EUR"), 1, Decimal(1), "1.00 USD", None])
    def test_with_anything_else_is_false_and_never_raises(self, other: Any) -> None:
        assert usd(1) != other
        assert usd(1) not in [other, other]


class TestOrder:
    def test_within_a_currency(self) -> None:
        assert usd(1) < usd(2)
        assert usd(1) <= usd("1.00")
        assert usd(2) > usd(1)
        assert usd(2) >= usd(2)

    @pytest.mark.parametrize("name", ["__lt__", "__le__", "__gt__", "__ge__"])
    def test_across_currencies(self, name: str) -> None:
        with pytest.raises(CurrencyMismatch) as error:
            getattr(usd(1), name)(Money(1, "EUR"))

        assert (error.value.expected, error.value.actual) == ("USD", "EUR")

    @pytest.mark.parametrize("name", ["__lt__", "__le__", "__gt__", "__ge__", "__add__", "__sub__", "__truediv__"])
    def test_against_a_number_is_not_ours_to_answer(self, name: str) -> None:
        assert getattr(usd(1), name)(1) is NotImplemented


class TestArithmetic:
    def test_adds_and_subtracts_exactly(self) -> None:
        assert usd("0.30") == usd("0.10") + usd("0.20")
        assert usd("-0.001") == usd("0.2") - usd("0.201")

    @pytest.mark.parametrize("name", ["__add__", "__sub__", "__truediv__"])
    def test_refuses_two_currencies(self, name: str) -> None:
        with pytest.raises(CurrencyMismatch):
            getattr(usd(1), name)(Money(1, "EUR"))

    def test_signs(self) -> None:
        assert usd(-3) == -usd(3)
        assert usd(3) == abs(usd(-3)) == +usd(3)
        assert str(-usd(0)) == "0.00 USD"

    def test_truth(self) -> None:
        assert usd("0.001")
        assert not usd("0.00")

    def test_multiplies_by_ints_and_decimals_exactly(self) -> None:
        assert usd("3.75") == usd("1.25") * 3 == 3 * usd("1.25")
        assert usd("0.123") == usd("1.23") * Decimal("0.1")
        assert str(usd(0) * -1) == "0.00 USD"

    @pytest.mark.parametrize("factor", [1.5, True, Fraction(1, 3), Decimal("NaN"), 10**61])
    def test_refuses_other_factors(self, factor: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            usd(1) * factor

        assert error.value.path == "Money.*"

    @pytest.mark.parametrize("factor", ["2", None, usd(2)])
    def test_is_not_multiplied_by_what_is_no_number(self, factor: Any) -> None:
        with pytest.raises(TypeError):
            usd(1) * factor

    def test_divided_by_money_is_an_exact_ratio(self) -> None:
        assert Fraction(1, 3) == usd("0.10") / usd("0.30")

    def test_divided_by_nothing(self) -> None:
        with pytest.raises(InvalidValue, match="other than zero"):
            usd(1) / usd(0)

    @pytest.mark.parametrize(
        "operation",
        [
            lambda: Money(BIGGEST, "USD") + usd(1),
            lambda: -Money(BIGGEST, "USD") - usd(1),
            lambda: Money(BIGGEST, "USD") * 2,
            lambda: Money(BIGGEST, "USD") + usd("0.1"),
            lambda: usd("1E-40") * Decimal("1E-40"),
            lambda: Money.sum([Money(BIGGEST, "USD"), usd(1)]),
            lambda: Money(BIGGEST, "USD").times(Decimal(10)),
            lambda: Money(BIGGEST, "USD").times(11),
            lambda: Money(BIGGEST, "USD").round(Rounding.UP, to=10),
        ],
    )
    def test_refuses_results_of_more_than_60_digits(self, operation: Callable[[], object]) -> None:
        with pytest.raises(InvalidValue, match="60 digits"):
            operation()

    def test_does_not_depend_on_the_callers_context(self) -> None:
        expected = [usd("1234567890.125"), usd("3703703670.375"), usd("1234567890.13"), "1234567890.125 USD"]

        with decimal.localcontext() as context:
            context.prec = 3
            context.rounding = decimal.ROUND_DOWN
            context.traps[decimal.Inexact] = True
            amount = Money("1234567890", "USD") + Money("0.125", "USD")
            actual = [Money.sum([amount]), amount * 3, amount.round(), str(amount)]

        assert expected == actual

    def test_a_generator_that_is_summed_runs_in_the_callers_context(self) -> None:
        with decimal.localcontext() as context:
            context.prec = 5
            total = Money.sum(usd((Decimal(1) / Decimal(3)).quantize(Decimal("0.01"))) for _ in range(3))

        assert usd("0.99") == total


class TestSum:
    def test_of_many(self) -> None:
        assert usd("6.06") == Money.sum(usd(f"{n}.0{n}") for n in (1, 2, 3))

    @pytest.mark.parametrize("many", [[], (), iter([])])
    def test_of_none_needs_a_currency(self, many: Any) -> None:
        with pytest.raises(InvalidValue, match="currency of the sum"):
            Money.sum(many)

    def test_of_none_in_a_currency(self) -> None:
        assert Money.zero("EUR") == Money.sum([], "EUR")

    def test_of_two_currencies(self) -> None:
        with pytest.raises(CurrencyMismatch):
            Money.sum([usd(1), Money(1, "EUR")])

    def test_in_another_currency_than_asked(self) -> None:
        with pytest.raises(CurrencyMismatch):
            Money.sum([usd(1)], "EUR")

    def test_of_a_currency_unknown_to_iso_4217(self) -> None:
        codes = ["Q" * length for length in (3, 3)]

        assert Money(3, "QQQ") == Money.sum([Money(1, codes[0]), Money(2, codes[1])])

    @pytest.mark.parametrize("many", [[1], [usd(1), Decimal(1)], ["1"]])
    def test_of_what_is_no_money(self, many: Any) -> None:
        with pytest.raises(InvalidValue, match="Money"):
            Money.sum(many)


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "mode", "expected"),
        [
            ("0.005", Rounding.HALF_UP, "0.01"),
            ("-0.005", Rounding.HALF_UP, "-0.01"),
            ("0.005", Rounding.HALF_EVEN, "0.00"),
            ("0.015", Rounding.HALF_EVEN, "0.02"),
            ("-0.001", Rounding.FLOOR, "-0.01"),
            ("0.001", Rounding.CEILING, "0.01"),
            ("-0.009", Rounding.DOWN, "0.00"),
            ("-0.001", Rounding.UP, "-0.01"),
        ],
    )
    def test_to_the_minor_unit(self, amount: Any, mode: Rounding, expected: Any) -> None:
        assert usd(expected) == usd(amount).round(mode)

    @pytest.mark.parametrize(
        ("amount", "step", "expected"), [("12.53", "0.05", "12.55"), (149, 100, 100), ("-1.25", "0.5", "-1.5")]
    )
    def test_to_a_step(self, amount: Any, step: Any, expected: Any) -> None:
        assert usd(expected) == usd(amount).round(to=step)

    def test_to_a_step_where_there_is_no_minor_unit(self) -> None:
        assert Money("1.24", "XAU") == Money("1.235", "XAU").round(to="0.01")

    @pytest.mark.parametrize("step", [0, "-0.05", 0.05, "x"])
    def test_to_no_step(self, step: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Money\.round\.to"):
            usd(1).round(to=step)

    def test_where_there_is_no_minor_unit(self) -> None:
        with pytest.raises(InvalidValue, match="with a minor unit"):
            Money(1, "XAU").round()

    @pytest.mark.parametrize("call", [lambda: usd(1).round("half_up"), lambda: Money.rounded(1, "USD", "half_up")])
    def test_by_no_mode(self, call: Callable[[], object]) -> None:
        with pytest.raises(InvalidValue, match="Rounding"):
            call()

    def test_times_rounds_once(self) -> None:
        assert usd("3.33") == usd(10).times(Fraction(1, 3))
        assert usd("1.06") == usd("9.99").times(Decimal("0.10625"))
        assert usd(20) == usd(10).times(2)
        assert usd("3.35") == usd(10).times(Fraction(1, 3), to="0.05")
        assert usd("3.35") == usd(10).times(Decimal("0.333"), to="0.05")

    @pytest.mark.parametrize("factor", [0.5, True, "2", Decimal("NaN"), None])
    def test_times_what_is_not_exact(self, factor: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Money\.times\.factor"):
            usd(1).times(factor)

    @pytest.mark.parametrize("number", [0.5, "1", Decimal("Infinity")])
    def test_rounded_from_what_is_not_exact(self, number: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Money\.rounded\.number"):
            Money.rounded(number, "USD")

    def test_keeps_the_currency_of_a_code_of_ones_own(self) -> None:
        assert Money(3, "QQQ") == Money.rounded(Fraction(10, 3), "QQQ", to=1)


class TestAllocation:
    def test_by_numbers(self) -> None:
        assert (usd("0.05"), usd("0.03"), usd("0.02")) == usd("0.10").allocate(
            [Fraction(1, 2), Decimal("0.3"), Decimal("0.2")]
        )

    def test_by_amounts(self) -> None:
        assert (usd(2), usd(4)) == usd(6).allocate([Money(5, "EUR"), Money(10, "EUR")])

    def test_by_amounts_in_two_currencies(self) -> None:
        with pytest.raises(CurrencyMismatch):
            usd(6).allocate([Money(5, "EUR"), usd(10)])

    def test_by_amounts_and_numbers(self) -> None:
        with pytest.raises(InvalidValue, match="only numbers or only amounts"):
            usd(6).allocate([Money(5, "EUR"), 10])

    def test_with_a_policy_for_the_leftover(self) -> None:
        assert (usd("0.01"), usd("0.01"), usd("0.03")) == usd("0.05").allocate([1, 1, 1], Leftover.LAST)

    def test_of_an_amount_that_is_not_whole_in_minor_units(self) -> None:
        with pytest.raises(InvalidValue, match="round it first"):
            usd("0.005").allocate([1])


class TestText:
    @pytest.mark.parametrize(
        ("amount", "currency", "expected"),
        [
            ("12.5", "USD", "12.50 USD"),
            ("12.500", "USD", "12.50 USD"),
            ("12.505", "USD", "12.505 USD"),
            ("-1200000", "JPY", "-1200000 JPY"),
            ("1E3", "JPY", "1000 JPY"),
            ("1.0", "JPY", "1 JPY"),
            ("1E-7", "KWD", "0.0000001 KWD"),
            ("12.50", "QQQ", "12.50 QQQ"),
        ],
    )
    def test_is_plain_digits(self, amount: Any, currency: Any, expected: Any) -> None:
        assert expected == str(Money(amount, currency))

    def test_repr_builds_the_same_amount(self) -> None:
        scope: dict[str, Any] = {"Money": Money}

        assert usd("12.5") == eval(repr(usd("12.5")), scope)  # noqa: S307

    def test_is_aligned_like_text(self) -> None:
        assert f"{usd(1):>10}" == "  1.00 USD"
        assert f"{usd(1)}" == "1.00 USD"


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda: Money.sum(5), "Money.sum.amounts"),  # type: ignore[arg-type]
        (lambda: Money(1, "USD").allocate(5), "Money.allocate.weights"),  # type: ignore[arg-type]
        (lambda: allocate(1, 5), "allocate.weights"),  # type: ignore[arg-type]
        (lambda: Money.of_minor(1, []), "currency"),  # type: ignore[arg-type]
        (lambda: Money.rounded(1, [], to=1), "Money.rounded.currency"),  # type: ignore[arg-type]
        (lambda: Money.rounded(1, "yen", to=1), "Money.rounded.currency"),
        (lambda: Money(1, "USD") * (1 << 4_000_000), "Money.*"),
        (lambda: Money.of_minor(1 << 4_000_000, "USD"), "Money.amount"),
    ],
)
def test_what_is_no_amount_currency_or_weight_is_refused_at_once(call: Callable[[], object], path: str) -> None:
    """Making a Decimal of the longest of these numbers would take half a minute."""
    with pytest.raises(InvalidValue) as caught:
        call()

    assert path == caught.value.path
