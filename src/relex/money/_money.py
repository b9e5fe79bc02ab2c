"""Amounts of money: a Decimal and its currency, exact until a method rounds by a named mode.

Every operation runs in a private decimal context of 60 digits, 60 of them behind the point at most, which refuses to
round. So a result is exact or an `InvalidValue`, whatever the caller's own decimal context says, no chain of operations
grows without bound, and every amount that an operation gives is one that the constructor takes.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, final

import attrs

from relex import _checks
from relex._trusted import filling, trusted
from relex.errors import CurrencyMismatch, InvalidValue
from relex.money._allocation import Leftover, allocate, listed
from relex.money._currencies import CODES, QUANTA, minor_digits, quantum
from relex.money._exact import ACCEPTED, EXACT, WIDE, currency_of, exact_amount, exact_factor, exact_step
from relex.money._rounding import Rounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Money"]

_UNITS = _checks.whole()
_MODE = _checks.a(Rounding)
_MOST = 10**120  # minor units of an amount have no more digits, and to convert an int takes the square of its length
_add, _subtract, _multiply, _bounded = EXACT.add, EXACT.subtract, EXACT.multiply, EXACT.plus


@final
@attrs.frozen(init=False, repr=False, weakref_slot=False)
class Money:
    """An amount in one currency.

    Amounts may have more decimals than the currency has (unit prices do); nothing is rounded unless a method says so.
    Equal means the same number in the same currency, so 1.0 USD equals 1.00 USD; comparing with anything else gives
    False and never raises. Ordering, adding and subtracting need one currency: else `CurrencyMismatch`.

    `money * n` takes an int or a Decimal and is exact; `money / money` is an exact ratio. For any other factor,
    such as a rate of 1/3, `times` multiplies and rounds once, and `allocate` splits.

    Args:
        amount: An int, a str such as "12.50", or a Decimal; never a float.
        currency: Three capital letters. A code that ISO 4217 does not know is a currency without a minor unit.

    Raises:
        InvalidValue: For a float, a bool, NaN, an infinity, more than 60 digits, or a malformed currency code.

    Example:
        >>> Money("12.5", "USD") + Money("0.125", "USD")
        Money('12.625', 'USD')
        >>> print((Money("12.5", "USD") * 3).round())
        37.50 USD
        >>> Money(1, "USD") == Money(1, "EUR"), Money("1.0", "USD") == Money("1.00", "USD")
        (False, True)

    .. versionadded:: 0.1.0
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: int | str | Decimal, currency: str) -> None:
        _fill(self, exact_amount("Money.amount", amount), currency_of("Money.currency", currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in a currency.

        .. versionadded:: 0.1.0
        """
        return cls(0, currency)

    @classmethod
    def of_minor(cls, units: int, currency: str) -> Money:
        """An amount out of minor units: 1250 cents are 12.50.

        Raises:
            InvalidValue: If `units` is no int, or the currency has no minor unit.

        Example:
            >>> Money.of_minor(1250, "USD"), Money.of_minor(1250, "JPY")
            (Money('12.50', 'USD'), Money('1250', 'JPY'))

        .. versionadded:: 0.1.0
        """
        _UNITS.require("Money.of_minor.units", units)
        return _of_units(units, quantum(currency), currency)

    @classmethod
    def rounded(
        cls,
        number: int | Decimal | Fraction,
        currency: str,
        mode: Rounding = Rounding.HALF_UP,
        to: int | str | Decimal | None = None,
    ) -> Money:
        """The amount nearest to an exact number, by a named mode: where a chain of exact rationals becomes money.

        Args:
            number: An int, Decimal or Fraction.
            currency: Of the result.
            mode: How to round.
            to: The step whose multiples are allowed, such as "0.05"; by default the currency's minor unit.

        Raises:
            InvalidValue: For a number that is not exact, or no `to` for a currency without a minor unit.

        Example:
            >>> from fractions import Fraction
            >>> Money.rounded(Fraction(100, 3), "USD"), Money.rounded(Fraction(100, 3), "CHF", to="0.05")
            (Money('33.33', 'USD'), Money('33.35', 'CHF'))

        .. versionadded:: 0.1.0
        """
        _checks.exact.require("Money.rounded.number", number)
        _MODE.require("Money.rounded.mode", mode)
        step = quantum(currency) if to is None else exact_step(to)
        currency = currency_of("Money.rounded.currency", currency)
        above, below = number.as_integer_ratio()
        up, down = step.as_integer_ratio()
        return _of_units(mode.divide(above * down, below * up), step, currency)

    @staticmethod
    def sum(amounts: Iterable[Money], currency: str | None = None) -> Money:
        """The sum of amounts in one currency.

        Args:
            amounts: Any number of them.
            currency: The currency that all must have; needed when there may be none, and then the sum is zero.

        Raises:
            CurrencyMismatch: For an amount in another currency.
            InvalidValue: For an item that is no Money, or no items and no currency.

        Example:
            >>> Money.sum([Money("1.10", "USD"), Money("2.20", "USD")])
            Money('3.30', 'USD')
            >>> Money.sum([], "USD")
            Money('0.00', 'USD')

        .. versionadded:: 0.1.0
        """
        items = amounts if isinstance(amounts, (list, tuple)) else listed("Money.sum.amounts", amounts)
        start = _start(items, currency)
        try:
            return _money(_total(items, start), start.currency)
        except decimal.DecimalException:
            _refuse("Money.sum", items)

    def allocate(
        self, weights: Iterable[int | Fraction | Decimal | Money], leftover: Leftover = Leftover.LARGEST
    ) -> tuple[Money, ...]:
        """Split into parts in proportion to weights, without losing or making a minor unit.

        Args:
            weights: Exact numbers of at least 0, or amounts in one currency; see `allocate` of this package.
            leftover: Who gets the minor units that the proportions leave over.

        Raises:
            InvalidValue: If the amount is not whole in minor units (`round` it first), or for bad weights.
            CurrencyMismatch: If the weights are amounts in several currencies.

        Example:
            >>> [str(part) for part in Money("10.00", "USD").allocate([1, 1, 1])]
            ['3.34 USD', '3.33 USD', '3.33 USD']
            >>> [str(part) for part in Money(-100, "JPY").allocate([2, 1])]
            ['-67 JPY', '-33 JPY']

        .. versionadded:: 0.1.0
        """
        parts = allocate(self.minor, _plain(listed("Money.allocate.weights", weights)), leftover)
        step, currency = QUANTA[self.currency], self.currency
        return tuple([_money(_multiply(part, step), currency) for part in parts])

    def round(self, mode: Rounding = Rounding.HALF_UP, to: int | str | Decimal | None = None) -> Money:
        """The nearest multiple of the currency's minor unit, or of the step `to`, by a named mode.

        Raises:
            InvalidValue: If the currency has no minor unit and no `to` is given, or `to` is not above 0.

        Example:
            >>> from relex.money import Rounding
            >>> Money("2.675", "USD").round(), Money("2.665", "USD").round(Rounding.HALF_EVEN)
            (Money('2.68', 'USD'), Money('2.66', 'USD'))
            >>> Money("12.53", "CHF").round(to="0.05")
            Money('12.55', 'CHF')

        .. versionadded:: 0.1.0
        """
        if to is None:
            return _to_minor(self.amount, self.currency, mode)
        return Money.rounded(self.amount, self.currency, mode, to)

    def times(
        self,
        factor: int | Decimal | Fraction,
        mode: Rounding = Rounding.HALF_UP,
        to: int | str | Decimal | None = None,
    ) -> Money:
        """The amount times any exact factor, rounded once: to the minor unit, or to the step `to`.

        Raises:
            InvalidValue: If the factor is not exact, or as `round` does.

        Example:
            >>> from fractions import Fraction
            >>> from relex.money import Rounding
            >>> Money("10.00", "USD").times(Fraction(1, 3)), Money("10.00", "USD").times(Fraction(1, 3), Rounding.UP)
            (Money('3.33', 'USD'), Money('3.34', 'USD'))

        .. versionadded:: 0.1.0
        """
        if to is None and isinstance(factor, Decimal):
            return _to_minor(
                WIDE.multiply(self.amount, exact_amount("Money.times.factor", factor)), self.currency, mode
            )
        _checks.exact.require("Money.times.factor", factor)
        return Money.rounded(Fraction(self.amount) * Fraction(factor), self.currency, mode, to)

    @property
    def minor(self) -> int:
        """The amount as a number of minor units.

        Raises:
            InvalidValue: If it is not whole in them (`round` it first), or the currency has none.

        Example:
            >>> Money("12.50", "USD").minor
            1250
        """
        scaled = self.amount.scaleb(minor_digits(self.currency), WIDE)
        units = int(scaled)
        if units != scaled:
            raise InvalidValue("Money.minor", self, "an amount that is whole in minor units; round it first")
        return units

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        try:
            return _money(_add(self.amount, other.amount), self.currency)
        except decimal.DecimalException:
            _refuse("Money.+", (self, other))

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        try:
            return _money(_subtract(self.amount, other.amount), self.currency)
        except decimal.DecimalException:
            _refuse("Money.-", (self, other))

    def __mul__(self, factor: int | Decimal) -> Money:
        number = factor if type(factor) is int and -_MOST < factor < _MOST else exact_factor(factor)
        if number is None:
            return NotImplemented
        try:
            return _money(_bounded(_multiply(self.amount, number)), self.currency)
        except decimal.DecimalException:
            _refuse("Money.*", (self, factor))

    __rmul__ = __mul__

    def __truediv__(self, other: Money) -> Fraction:
        if not isinstance(other, Money):
            return NotImplemented
        _require_same(self, other)
        if not other.amount:
            raise InvalidValue("Money./", other, "an amount other than zero to divide by")
        return Fraction(self.amount) / Fraction(other.amount)

    def __neg__(self) -> Money:
        return _money(EXACT.minus(self.amount), self.currency)

    def __pos__(self) -> Money:
        return self

    def __abs__(self) -> Money:
        return _money(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        _require_same(self, other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        _require_same(self, other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        _require_same(self, other)
        return self.amount > other.amount

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        _require_same(self, other)
        return self.amount >= other.amount

    def __repr__(self) -> str:
        return f"Money({_digits(self)!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{_digits(self)} {self.currency}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


_money, _fill = trusted(Money), filling(Money)
_MONEY = _checks.a(Money)


def _of_units(units: int, step: Decimal, currency: str) -> Money:
    try:
        if not -_MOST < units < _MOST:
            raise decimal.Overflow
        return _money(_multiply(units, step), CODES.get(currency, currency))
    except decimal.DecimalException:
        raise InvalidValue("Money.amount", units, ACCEPTED) from None


def _to_minor(amount: Decimal, currency: str, mode: Rounding) -> Money:
    step = quantum(currency)
    _MODE.require("Money.round.mode", mode)
    try:
        return _money(_bounded(amount.quantize(step, mode.in_decimal, WIDE)), currency)
    except decimal.DecimalException:
        raise InvalidValue("Money.amount", amount, ACCEPTED) from None


def _start(items: Sequence[Any], currency: str | None) -> Money:
    """Zero in the currency of a sum."""
    if currency is not None:
        return Money.zero(currency)
    if not items:
        raise InvalidValue("Money.sum", items, "at least one amount, or the currency of the sum")
    _MONEY.require("Money.sum", items[0])
    return Money.zero(items[0].currency)


def _total(items: Sequence[Any], start: Money) -> Decimal:
    """The sum of the amounts; under a context of our own, since `+` reads the ambient one."""
    total, currency, money = start.amount, start.currency, Money
    with decimal.localcontext(EXACT):
        for item in items:
            if item.__class__ is not money or item.currency is not currency:
                _require_addable(start, item)
            total += item.amount
    return total


def _require_addable(start: Money, item: Any) -> None:
    _MONEY.require("Money.sum", item)
    _require_same(start, item)


def _require_same(one: Money, other: Money) -> None:
    if one.currency != other.currency:
        raise CurrencyMismatch(one.currency, other.currency)


def _plain(weights: Sequence[Any]) -> Sequence[Any]:
    """Weights as numbers; amounts must share one currency."""
    amounts = [weight for weight in weights if isinstance(weight, Money)]
    if not amounts:
        return weights
    if len(amounts) != len(weights):
        raise InvalidValue("Money.allocate.weights", weights, "only numbers or only amounts")
    for amount in amounts:
        _require_same(amounts[0], amount)
    return [amount.amount for amount in amounts]


def _digits(money: Money) -> str:
    """The amount in plain digits, with at least as many decimals as the currency has."""
    text = format(money.amount, "f")
    if money.currency not in QUANTA:
        return text
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(minor_digits(money.currency), "0")
    return f"{whole}.{decimals}" if decimals else whole


def _refuse(operation: str, operands: object) -> NoReturn:
    raise InvalidValue(operation, operands, "a result of at most 60 digits") from None
