"""Figures: numbers that carry how they were made, stay exact until they are shown, and say why when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound
from relex.money import Money, Rounding, minor_digits

__all__ = ["Figure", "Number", "Parameter", "quantile", "ratio", "show_parts"]

Number: TypeAlias = int | Fraction | Decimal | Money
Parameter: TypeAlias = (
    str | int | bool | Decimal | Fraction | Money | date | datetime | timedelta | tuple[str, ...] | None
)

_PLACES_OF_FRACTIONS = 2
_MOST_PLACES = 60

_NUMBER = _checks.Check(
    "an int, Fraction, Decimal or Money (a float is never exact)",
    lambda value: isinstance(value, Money) or _checks.exact.passes(value),
)
_MANY = _checks.a(Iterable)
_NUMBERS = _checks.each(_NUMBER)
_SHARE = _checks.number(least=0, most=1)
_SOME = _checks.Check("at least one exact number, sorted", lambda value: isinstance(value, Sequence) and len(value) > 0)
_PLACES = _checks.optional(_checks.whole(least=0, most=_MOST_PLACES))
_MODE = _checks.a(Rounding)
_DAY = _checks.Check(
    "a date or a datetime with a time zone",
    lambda value: _checks.calendar_day.passes(value) or _checks.instant.passes(value),
)
_PART = _checks.Check(
    "pairs of a name and a number, each name once",
    lambda pairs: _are_named(pairs) and all(_checks.optional(_NUMBER).passes(value) for _, value in pairs),
)
_PARAMETER = _checks.Check(
    "pairs of a name and a plain value (a float is never exact), each name once",
    lambda pairs: _are_named(pairs) and all(_is_parameter(value) for _, value in pairs),
)


def _are_named(pairs: Any) -> bool:
    """Whether these are pairs that start with a name, sorted, no name twice."""
    named = all(isinstance(pair, tuple) and len(pair) == 2 and _checks.text.passes(pair[0]) for pair in pairs)  # noqa: PLR2004 - a pair
    return named and all(one[0] < other[0] for one, other in pairwise(pairs))


def _is_parameter(value: object) -> bool:
    if isinstance(value, (str, bool, timedelta)) or value is None:
        return True
    return _NUMBER.passes(value) or _DAY.passes(value) or _checks.each(_checks.text).passes(value)


def _pairs(given: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[Any, ...]:
    """Pairs sorted by name, out of a mapping or pairs; what is neither is left for the check."""
    if not isinstance(given, Iterable):
        return ((given,),)
    pairs: tuple[Any, ...] = tuple(given.items() if isinstance(given, Mapping) else given)
    try:
        return tuple(sorted(pairs, key=lambda pair: pair[0]))
    except (TypeError, LookupError):
        return pairs


@attrs.frozen
class Figure:
    """A number with its parts, unit, method and parameters, or None with a reason.

    Args:
        value: An int, Fraction, Decimal or Money, exact; None when there is no such number.
        unit: What it counts: `customers`, `days`, `percent`, or a currency; "" for a bare number.
        numerator: What was divided, if the value is a quotient.
        denominator: What it was divided by.
        parts: The counts or sums that make it up, by name; a mapping or pairs, kept sorted by name.
        method: The name of the method and its variant.
        parameters: The method's parameters by name; kept sorted.
        as_of: The day or instant up to which data counted.
        reason: Why there is no value, as a stable code such as `no_data`, `zero_denominator`, `below_minimum`;
            given exactly when `value` is None.

    Raises:
        InvalidValue: For a float anywhere, a value with a reason, or None without one.

    Example:
        >>> won = Figure(Fraction(4, 7), "share", numerator=4, denominator=7, method="win rate by amount")
        >>> won.show(), won.show(4), str(won.as_percent())
        ('0.57', '0.5714', '57.14 percent (4 of 7)')
        >>> print(Figure(None, "share", reason="no_data"))
        none (no_data)

    .. versionadded:: 0.1.0
    """

    value: Number | None = attrs.field(validator=_checks.optional(_NUMBER))
    unit: str = attrs.field(default="", validator=_checks.a(str))
    numerator: Number | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_NUMBER))
    denominator: Number | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_NUMBER))
    parts: tuple[tuple[str, Number | None], ...] = attrs.field(
        default=(), kw_only=True, converter=_pairs, validator=_PART
    )
    method: str = attrs.field(default="", kw_only=True, validator=_checks.a(str))
    parameters: tuple[tuple[str, Parameter], ...] = attrs.field(
        default=(), kw_only=True, converter=_pairs, validator=_PARAMETER
    )
    as_of: date | datetime | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_DAY))
    reason: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))

    def __attrs_post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise InvalidValue("Figure.reason", self.reason, "a reason when the value is None, and else none")

    def part(self, name: str) -> Number | None:
        """One of the parts.

        Raises:
            NotFound: If no part has this name.

        .. versionadded:: 0.1.0
        """
        for label, number in self.parts:
            if label == name:
                return number
        raise NotFound("part", name)

    def as_percent(self) -> Figure:
        """The same share in percent: the value times 100, exact; the rest stays.

        Raises:
            InvalidValue: For an amount of money.

        .. versionadded:: 0.1.0
        """
        if isinstance(self.value, Money):
            raise InvalidValue("Figure.value", self.value, "a number, not money")
        value = None if self.value is None else Fraction(self.value) * 100
        return attrs.evolve(self, value=value, unit="percent")

    def show(self, places: int | None = None, rounding: Rounding = Rounding.HALF_UP) -> str:
        """The number in plain digits, without its unit.

        Args:
            places: Decimals. By default all that an int or a Decimal has, those of the currency for money and for a
                value whose unit is a currency, and 2 for other fractions.
            rounding: By default the nearer number, and on a tie the one away from zero.

        Returns:
            For None the word `none` and the reason.

        Raises:
            InvalidValue: If `places` is no int from 0 to 60.

        Example:
            >>> Figure(Fraction(-100, 17)).show(1), Figure(None, reason="no_scored").show(1)
            ('-5.9', 'none (no_scored)')

        .. versionadded:: 0.1.0
        """
        _PLACES.require("Figure.show.places", places)
        _MODE.require("Figure.show.rounding", rounding)
        if self.value is None:
            return f"none ({self.reason})"
        return _shown(self.value, places, rounding, self.unit)

    def __str__(self) -> str:
        unit = self.value.currency if isinstance(self.value, Money) else self.unit
        text = f"{self.show()} {unit}" if unit and self.value is not None else self.show()
        if self.numerator is None or self.denominator is None:
            return text
        return f"{text} ({_plain(self.numerator)} of {_plain(self.denominator)})"

    def _repr_html_(self) -> str:
        """The figure as a small table: no script, everything escaped."""
        rows = [("method", self.method), ("as of", "" if self.as_of is None else str(self.as_of))]
        rows += [(name, "none" if value is None else _plain(value)) for name, value in self.parts]
        rows += [(name, str(value)) for name, value in self.parameters]
        cells = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows if text)
        return f"<table><caption>{escape(str(self))}</caption>{cells}</table>"


def ratio(
    numerator: Number,
    denominator: Number,
    unit: str = "share",
    *,
    parts: Mapping[str, Number | None] | Iterable[tuple[str, Number | None]] = (),
    method: str = "",
    parameters: Mapping[str, Parameter] | Iterable[tuple[str, Parameter]] = (),
    as_of: date | datetime | None = None,
) -> Figure:
    """A quotient as a figure: exact, with both of its terms; None with `zero_denominator` when it is undefined.

    Money by money of one currency is a number. Money by a number is an exact number whose unit is the currency,
    which is rounded only when it is shown.

    Raises:
        InvalidValue: For a term that is not exact, and for a number by money.
        CurrencyMismatch: For amounts in two currencies.

    Example:
        >>> print(ratio(4, 10).as_percent())
        40.00 percent (4 of 10)
        >>> print(ratio(Money(100, "USD"), 3))
        33.33 USD (100.00 USD of 3)
        >>> print(ratio(4, 0))
        none (zero_denominator) (4 of 0)

    .. versionadded:: 0.1.0
    """
    _NUMBER.require("ratio.numerator", numerator)
    _NUMBER.require("ratio.denominator", denominator)
    value = _quotient(numerator, denominator)
    is_average = isinstance(numerator, Money) and not isinstance(denominator, Money)
    return Figure(
        value,
        numerator.currency if isinstance(numerator, Money) and is_average else unit,
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        method=method,
        parameters=parameters,
        as_of=as_of,
        reason="zero_denominator" if value is None else None,
    )


def show_parts(values: Iterable[Number], places: int = 2) -> tuple[str, ...]:
    """Parts as they are shown beside their total: what is shown adds up to the total as it is shown.

    The total is rounded half away from zero; each part is cut, and the units that are missing go one each to the
    parts with the largest cut-off fractions, ties to the earlier one.

    Args:
        values: Exact numbers, or amounts in one currency.
        places: Decimals to show.

    Raises:
        InvalidValue: For a value that is not exact, money among numbers, or places that are no int from 0 to 60.
        CurrencyMismatch: For amounts in several currencies.

    Example:
        >>> show_parts([Fraction(100, 3)] * 3, places=1)
        ('33.4', '33.3', '33.3')

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=0, most=_MOST_PLACES).require("show_parts.places", places)
    _MANY.require("show_parts.values", values)
    given = tuple(values)
    _NUMBERS.require("show_parts.values", given)
    exact = [value * 10**places for value in _amounts(given)]
    total = sum(exact, Fraction(0))
    sign = -1 if total < 0 else 1
    units = [Rounding.FLOOR.apply(sign * value) for value in exact]
    missing = Rounding.HALF_UP.apply(sign * total) - sum(units)
    rests = [sign * value - unit for value, unit in zip(exact, units, strict=True)]
    for place in sorted(range(len(rests)), key=rests.__getitem__, reverse=True)[:missing]:
        units[place] += 1
    return tuple(_digits(sign * unit, places) for unit in units)


def quantile(ordered: Sequence[int | Decimal | Fraction], p: int | Decimal | Fraction) -> Fraction:
    """A quantile of sorted numbers: linear interpolation at position (n - 1) p, counted from 0; exact.

    Source: type 7 of Hyndman and Fan (1996), Sample quantiles in statistical packages.

    Args:
        ordered: At least one exact number, in ascending order.
        p: From 0, the least, to 1, the greatest; 1/2 is the median.

    Raises:
        InvalidValue: For no number at all, or another share.

    Example:
        >>> quantile([10, 20, 40, 80], Fraction(1, 2)), quantile([10, 20, 40, 80], Fraction(3, 4))
        (Fraction(30, 1), Fraction(50, 1))

    .. versionadded:: 0.1.0
    """
    _SOME.require("quantile.ordered", ordered)
    _SHARE.require("quantile.p", p)
    position = (len(ordered) - 1) * Fraction(p)
    below = int(position)
    low = Fraction(ordered[below])
    rest = position - below
    return low + rest * (Fraction(ordered[below + 1]) - low) if rest else low


def _amounts(values: tuple[Number, ...]) -> list[Fraction]:
    money = [value for value in values if isinstance(value, Money)]
    if money:
        if len(money) != len(values):
            raise InvalidValue("show_parts.values", values, "only numbers or only amounts")
        Money.sum(money)
    return [Fraction(value.amount if isinstance(value, Money) else value) for value in values]


def _quotient(numerator: Number, denominator: Number) -> Fraction | None:
    if isinstance(denominator, Money):
        if not isinstance(numerator, Money):
            raise InvalidValue("ratio.numerator", numerator, "Money, since the denominator is")
        Money.sum((numerator, denominator))  # refuses two currencies, whatever the amounts
        return numerator / denominator if denominator else None
    if not denominator:
        return None
    return Fraction(numerator.amount if isinstance(numerator, Money) else numerator) / Fraction(denominator)


def _shown(value: Number, places: int | None, rounding: Rounding, unit: str) -> str:
    number = value.amount if isinstance(value, Money) else value
    if places is None:
        places = _places(number, value.currency if isinstance(value, Money) else unit)
    above, below = number.as_integer_ratio()
    return _digits(rounding.divide(above * 10**places, below), places)


def _places(value: int | Fraction | Decimal, unit: str) -> int:
    """How many decimals are shown when nobody says how many."""
    try:
        return minor_digits(unit)
    except InvalidValue:
        if isinstance(value, Decimal):
            return max(0, -int(value.as_tuple().exponent))
        return 0 if isinstance(value, int) else _PLACES_OF_FRACTIONS


def _digits(units: int, places: int) -> str:
    """A number of units of the last place in plain digits; never a negative zero."""
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _plain(value: Number) -> str:
    return str(value) if isinstance(value, Money) else _shown(value, None, Rounding.HALF_UP, "")
