"""Anything that can earn points, and how its facts are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._exact import decimal_of, scaled, sum_of
from relex.purchases import Purchase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from relex.loyalty._exact import Number

__all__ = ["Occasion", "Reading", "SupportsEarning", "facts_of", "in_utc", "number", "read_occasion"]

_SCALAR = (str, int, Decimal, bool, date, type(None))


@runtime_checkable
class SupportsEarning(Protocol):
    """What can earn points: `Purchase`, `Interaction`, `Response`, `Occasion` and anything of this shape.

    Lines, if it has any, stand among its facts under `lines`, as a tuple of mappings of `line.*` facts.

    .. versionadded:: 0.1.0
    """

    @property
    def kind(self) -> str:
        """What earning rules name in `on`."""
        ...

    @property
    def id(self) -> str:
        """Unique among the occasions of this kind; the key by which a repeat is recognized."""
        ...

    @property
    def at(self) -> datetime:
        """The business moment."""
        ...

    def facts(self) -> Mapping[str, Any]:
        """What rules may ask about."""
        ...


def _is_fact(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(item, str) for item in value)
    if isinstance(value, datetime):
        return _checks.instant.passes(value)
    return isinstance(value, _SCALAR) and not (isinstance(value, Decimal) and not value.is_finite())


_NAME = _checks.text
_FACT = _checks.Check(
    "a fact: str, int, Decimal, bool, date, datetime with a time zone, tuple of str, or None", _is_fact
)


def _pairs(path: str, value: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    found = dict(value)
    for name, fact in found.items():
        _NAME.require(path, name)
        _FACT.require(f"{path}[{name}]", fact)
    return tuple(sorted(found.items()))


def _facts(value: Any) -> tuple[tuple[str, Any], ...]:
    return _pairs("Occasion.facts", value)


def _lines(value: Any) -> tuple[tuple[tuple[str, Any], ...], ...]:
    return tuple(_pairs(f"Occasion.lines[{place}]", line) for place, line in enumerate(value))


@tagged("loyalty.Occasion")
@attrs.frozen(weakref_slot=False)
class Occasion:
    """Something that can earn and is no entry of its own: a birthday, an enrollment, a visit, a custom event.

    Attributes:
        kind: What earning rules name in `on`.
        id: Unique among the occasions of this kind.
        at: The business moment; aware.
        facts: What rules may ask about, as `event.<name>` and `<kind>.<name>`; given as a mapping, asked as a method.
        lines: Facts of lines, such as `line.net`, `line.quantity`, `line.category`; one mapping for each line.

    Example:
        >>> from datetime import UTC, datetime
        >>> stay = Occasion("stay", "s1", datetime(2026, 5, 1, tzinfo=UTC), facts={"nights": 3})
        >>> stay.facts()
        {'nights': 3}

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    id: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant)
    _facts: tuple[tuple[str, str | int | Decimal | bool | date | datetime | tuple[str, ...] | None], ...] = attrs.field(
        default=(), converter=_facts
    )
    _lines: tuple[
        tuple[tuple[str, str | int | Decimal | bool | date | datetime | tuple[str, ...] | None], ...], ...
    ] = attrs.field(default=(), converter=_lines)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about; lines under `lines`."""
        found: dict[str, Any] = dict(self._facts)
        if self._lines:
            found["lines"] = tuple([dict(line) for line in self._lines])
        return found


def in_utc(path: str, at: datetime) -> datetime:
    """The same instant in UTC.

    Raises:
        InvalidValue: For anything but a datetime with a time zone.
    """
    if type(at) is datetime and at.tzinfo is UTC:
        return at
    _checks.instant.require(path, at)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise InvalidValue(path, at, "an instant within the years 1 to 9999 in UTC") from None


class Reading:
    """An occasion as earning looks at it: its lines, their amounts, and its facts on demand."""

    __slots__ = ("_facts", "at", "digits", "id", "kind", "lines", "nets", "numbers", "occasion", "unit", "whole")

    typed: ClassVar[bool]
    """Whether each fact of a line is of one type, whatever the line."""

    occasion: Any
    kind: str
    id: str
    at: datetime
    digits: int
    unit: int
    numbers: Sequence[int]
    lines: Sequence[Any]
    nets: Sequence[int]
    whole: bool
    _facts: Mapping[str, Any] | None

    def facts(self) -> Mapping[str, Any]:
        """The occasion's own facts, asked for once."""
        found = self._facts
        if found is None:
            found = self._facts = self.occasion.facts()
        return found

    def fact(self, name: str) -> Any:
        """One fact of the occasion, under its plain name or with its kind in front."""
        facts = self.facts()
        found = facts.get(name)
        return facts.get(f"{self.kind}.{name}") if found is None else found

    line_fact: Callable[[int, str], Any]
    """One fact of the line at a place."""

    def line_values(self, names: tuple[str, ...], places: Iterable[int]) -> list[tuple[Any, ...]]:
        """Several facts of each of these lines together."""
        fact = self.line_fact
        return [tuple([fact(place, name) for name in names]) for place in places]

    def content(self) -> str:
        """A digest of the facts, by which a repeat with other content is recognized; short ones stand as they are."""
        facts = self.facts()
        return _digest(repr(sorted(facts.items(), key=_by_name))) if facts else ""

    def children(self) -> tuple[Mapping[str, Any], ...]:
        """The facts of the lines, for rules about them."""
        found: tuple[Mapping[str, Any], ...] = self.facts().get("lines", ())
        return found


RESERVED = frozenset({
    "absorb", "activate", "adjust", "assign", "capture", "close", "extend", "receive", "redeem", "restore", "return",
    "reverse", "send", "tier", "void",
})  # fmt: skip
"""Kinds of entries that are no occasions; ids are unique within a kind."""

_NO_LINES: Sequence[Any] = ({},)
_ZERO = (0,)


def _by_name(pair: tuple[str, Any]) -> str:
    return pair[0]


_SHORT = 64


def _digest(text: str) -> str:
    return text if len(text) <= _SHORT else blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


class _Plain(Reading):
    """An occasion that tells everything by its facts."""

    __slots__ = ()
    typed = False

    def __init__(self, occasion: Any, at: datetime, digits: int) -> None:
        self.occasion, self.at, self.digits, self.unit = occasion, at, digits, 10**digits
        self.kind, self.id = occasion.kind, occasion.id
        if self.kind in RESERVED:
            raise InvalidValue(
                "earn.occasion.kind", self.kind, f"a kind of its own, none of {', '.join(sorted(RESERVED))}"
            )
        self._facts = facts = occasion.facts()
        lines = facts.get("lines")
        if not lines:
            self.whole = True
            self.lines, self.numbers, self.nets = _NO_LINES, _ZERO, _ZERO
            return
        self.whole = False
        self.lines = lines
        self.numbers = tuple([line.get("line.number", place + 1) for place, line in enumerate(lines)])
        ints, scale = scaled([line.get("line.net") or 0 for line in lines])
        self.nets = [value * self.unit // scale for value in ints]

    def currency(self) -> Any:
        """The currency, where the facts name one."""
        return self._facts.get("currency")  # type: ignore[union-attr]  # read when this was made

    def line_fact(self, place: int, name: str) -> Any:
        """One fact of one line."""
        found = self.lines[place].get(name)
        return "goods" if found is None and name == "line.kind" else found

    def values(self, name: str) -> tuple[list[int | None], int]:
        """A number of every line as ints over a scale; None where a line has no such number."""
        found = [self.line_fact(place, name) for place in range(len(self.lines))]
        return numbers(found)

    def quantities(self) -> list[Number]:
        """Quantity of each line; 1 where a line tells none."""
        return [1 if (found := line.get("line.quantity")) is None else found for line in self.lines]

    def campaigns(self) -> Any:
        """What the occasion says of campaigns."""
        return self.fact("campaigns")

    def total(self) -> Any:
        """The occasion's `purchase.total`."""
        return self.fact("total") if self.whole else decimal_of(sum(self.nets), self.digits)


def number(found: Any) -> tuple[int | None, int]:
    """A number as an int over a scale; None for what is none."""
    if type(found) is Decimal:
        numerator, denominator = found.as_integer_ratio()
        return numerator, denominator
    return (found, 1) if type(found) is int else (None, 1)


def numbers(found: list[Any]) -> tuple[list[int | None], int]:
    """Numbers as ints over a scale; None for what is none."""
    known = [value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None for value in found]
    ints, scale = scaled([0 if value is None else value for value in known])
    return [None if value is None else each for value, each in zip(known, ints, strict=True)], scale


class _Sale(Reading):
    """A purchase, read without building its facts."""

    __slots__ = ()
    typed = True

    def __init__(self, occasion: Purchase, at: datetime, digits: int) -> None:
        self.occasion, self.at, self.digits, self.unit = occasion, at, digits, 10**digits
        self.kind, self.id = "purchase", occasion.id
        self._facts = None
        self.whole = False
        self.lines = occasion.lines
        self.numbers = tuple([line.number for line in occasion.lines])
        self.nets = list(occasion.figures.net)

    def currency(self) -> Any:
        """The currency of the purchase."""
        return self.occasion.currency

    def fact(self, name: str) -> Any:
        if name.startswith("customer."):
            return None  # a purchase knows its customer by id only, so only the caller has such facts
        return getattr(self.occasion, name) if name in _SALE_FACTS else super().fact(name)

    def content(self) -> str:
        sale = self.occasion
        lines = [
            (line.number, line.product, line.quantity, line.category, line.brand, line.kind, line.tags, line.tastes)
            for line in sale.lines
        ]
        return _digest(f"{sale.currency}{sale.channel}{sale.store}{sale.payments!r}{sale.figures!r}{lines!r}")

    def line_values(self, names: tuple[str, ...], places: Iterable[int]) -> list[tuple[Any, ...]]:
        """Several facts of each of these lines together; straight from the lines where they have them all."""
        if not names or not _LINE_FACTS.issuperset(names):
            return super().line_values(names, places)
        read, lines = _reader(names), self.lines
        found = [read(lines[place]) for place in places]
        return [(value,) for value in found] if len(names) == 1 else found

    def line_fact(self, place: int, name: str) -> Any:
        """One fact of one line."""
        if name in _LINE_FACTS:
            return getattr(self.lines[place], name[5:])
        if name in _AMOUNTS:
            return decimal_of(self._amounts(name)[place], self.digits)
        if name == "line.unit_price":
            return self.lines[place].unit_price
        return dict(self.lines[place].tastes).get(name.removeprefix("taste."))

    def values(self, name: str) -> tuple[list[int | None], int]:
        """A number of every line as ints over a scale; None where a line has no such number."""
        if name in _AMOUNTS:
            return self._amounts(name), 10**self.digits
        return numbers([self.line_fact(place, name) for place in range(len(self.lines))])

    def quantities(self) -> list[Number]:
        """Quantity of each line."""
        return [line.quantity for line in self.lines]

    def campaigns(self) -> tuple[str, ...]:
        """The codes of all discounts, of lines and of the whole, sorted."""
        discounts = [*self.occasion.discounts, *[each for line in self.lines for each in line.discounts]]
        return tuple(sorted({each.code for each in discounts if each.code is not None}))

    def total(self) -> Any:
        """Net of all lines."""
        return decimal_of(sum(self.nets), self.digits)

    def _amounts(self, name: str) -> Any:
        if name == "line.net":
            return self.nets
        if name == "line.list":
            return list(self.occasion.figures.gross)
        if not self.occasion.payments:
            return self.nets
        return [amounts.paid.minor for amounts in self.occasion.line_amounts]


_SALE_FACTS = frozenset({"channel", "store", "currency", "customer", "quantity"})
_LINE_FACTS = frozenset({
    "line.number", "line.product", "line.quantity", "line.category", "line.brand", "line.tags", "line.kind",
})  # fmt: skip
_AMOUNTS = frozenset({"line.net", "line.list", "line.paid"})


@lru_cache(maxsize=256)
def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads several facts of a line of a purchase at once; one alone would come without a tuple."""
    return attrgetter(*[name[5:] for name in names])


def read_occasion(occasion: Any, at: datetime, digits: int) -> Any:
    """The reading of a purchase or of any other occasion; amounts in minor units of so many digits."""
    return (_Sale if isinstance(occasion, Purchase) else _Plain)(occasion, at, digits)


def facts_of(names: Iterable[str], reading: Any, asked: Mapping[str, Callable[[], Any]], tz: tzinfo) -> dict[str, Any]:
    """The facts of an occasion that rules ask about; those of the account and the customer come from `asked`."""
    return {name: _fact(name, reading, asked, tz) for name in names}


def _fact(name: str, reading: Any, asked: Mapping[str, Callable[[], Any]], tz: tzinfo) -> Any:
    if name in asked:
        return asked[name]()
    head, _, tail = name.partition(".")
    if head == "event":
        if tail in {"kind", "id"}:
            return getattr(reading, tail)
        moment = _MOMENTS.get(tail)
        return reading.fact(tail) if moment is None else moment(reading.at.astimezone(tz))
    if head == "purchase":
        part = _WHOLES.get(tail)
        return reading.fact(tail) if part is None else part(reading)
    if name == "lines":
        return reading.children()
    return reading.fact(tail if head == reading.kind else name)


_MOMENTS: dict[str, Callable[[datetime], Any]] = {
    "at": lambda local: local,
    "date": lambda local: local.date(),
    "weekday": lambda local: local.isoweekday(),
    "minute": lambda local: local.hour * 60 + local.minute,
}

_WHOLES: dict[str, Callable[[Any], Any]] = {
    "total": lambda reading: reading.total(),
    "quantity": lambda reading: sum_of(reading.quantities()),
    "campaigns": lambda reading: reading.campaigns(),
}
