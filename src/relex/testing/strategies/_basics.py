"""What everything else is made of: texts, ids, numbers, days, instants, zones."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FIRST",
    "LAST",
    "bounded",
    "days",
    "decimals",
    "either",
    "ids",
    "instants",
    "named",
    "numbers",
    "sizes",
    "texts",
    "words",
    "zones",
]

T = TypeVar("T")

FIRST = datetime(1, 1, 2, tzinfo=UTC)
"""The first instant that every zone can show."""

LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""The last instant that every zone can show."""

_NEAR = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC))  # half of all days and instants

_AWKWARD = (
    "'",
    '"',
    "\\",
    "%",
    "_",
    "a%b_c",
    "'; DROP TABLE relex_customer; --",
    "$1 :id ?",
    '{"type": null}',
    " ",
    "\t\n",
    "null",
    "ΑΣ",
    "ας",
    "Straße",
    "İstanbul",
    "ﬁ",
    "e\u0301",
    "שלום",
    "\u202eabc",
    "日本語",
    "😀",
    "👩\u200d👩\u200d👧",
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "ab" * 600,
)
_WITH_NUL = ("\0", "a\0b")
_PLAIN = ("a", "b", "c", "A", "ab", "b-1", "10", "9")
_SHORT = 12

_KEYS = (
    "Europe/Vienna",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
_OFFSETS = (timedelta(hours=9), timedelta(hours=-3, minutes=-30), timedelta(hours=5, minutes=45, seconds=7))

# instants around which a clock goes back or forward, or skips a day
_STRANGE = (
    ("Europe/Vienna", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2024, 4, 25, 22, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
)
_AROUND = timedelta(minutes=90)
_MINUTES = st.integers(-90, 90).map(lambda minutes: timedelta(minutes=minutes))


def either(path: str, given: object, check: _checks.Check, usual: SearchStrategy[T]) -> SearchStrategy[T]:
    """What is drawn for an argument: the usual for None, a strategy as it is, and a value always that value.

    Raises:
        InvalidValue: At the path, for a value that does not pass.
    """
    if given is None:
        return usual
    if isinstance(given, SearchStrategy):
        return given
    if not check.passes(given):
        raise InvalidValue(path, given, f"{check.expected}, or a strategy of such values")
    return st.just(given)  # type: ignore[arg-type]  # the check has passed


def named(name: str, strategy: SearchStrategy[T] | Callable[[], SearchStrategy[T]]) -> SearchStrategy[T]:
    """The same strategy under a short name, since the parts of a large one would fill pages of a failure's report."""

    def drawn(draw: st.DrawFn) -> T:
        return draw(strategy if isinstance(strategy, SearchStrategy) else strategy())

    drawn.__name__ = name
    return st.composite(drawn)()


def sizes(path: str, least: object, most: object, *, lowest: int = 0) -> None:
    """Raise `InvalidValue` unless both are ints from the lowest on, the second not below the first."""
    _checks.whole(least=lowest).require(f"{path}.min_size", least)
    _checks.whole(least=least).require(f"{path}.max_size", most)  # type: ignore[arg-type]  # an int, by now


def texts(*, min_size: int = 1, max_size: int | None = None, nul: bool = False) -> SearchStrategy[str]:
    """Texts that storage and markup like to get wrong: quotes, wildcards, other scripts, emoji, very long ones.

    Shrinks to short plain texts. Lone surrogates, which no encoding can store, are never drawn.

    Args:
        min_size: The fewest characters.
        max_size: The most characters; by default short texts, and one of 1,200 characters once in a while.
        nul: Whether the character U+0000, which PostgreSQL cannot store, may occur.

    Raises:
        InvalidValue: For sizes that are no ints of at least 0, or a greatest below the least.

    .. versionadded:: 0.1.0
    """
    sizes("texts", min_size, min_size if max_size is None else max_size)
    _checks.flag.require("texts.nul", nul)
    return _texts(min_size, max_size, nul)


@cache
def _texts(min_size: int, max_size: int | None, nul: bool) -> SearchStrategy[str]:
    most = max(min_size, _SHORT) if max_size is None else max_size
    fitting = tuple(
        text
        for text in (*_PLAIN, *_AWKWARD, *(_WITH_NUL if nul else ()))
        if min_size <= len(text) <= (max_size or len(text))
    )
    signs = st.characters(exclude_categories=["Cs"], exclude_characters="" if nul else "\0")
    drawn = st.text(signs, min_size=min_size, max_size=most)
    return named("texts", st.sampled_from(fitting) | drawn if fitting else drawn)


def words() -> SearchStrategy[str]:
    """Short texts that are drawn fast and are often equal: names of categories, kinds, reasons.

    Shrinks to `a`.

    .. versionadded:: 0.1.0
    """
    return _WORDS


_WORDS = named(
    "words",
    st.sampled_from(("a", "b", "c", "tea", "Tea", "red wine", "O'Neill", "50%_", "größe", "茶", "🫖", "a;b\\c")),
)


def ids() -> SearchStrategy[str]:
    """Ids: short and plain ones, two of which are often equal, and now and then any text.

    Shrinks to `a`.

    .. versionadded:: 0.1.0
    """
    return _IDS


_PLAIN_IDS = st.sampled_from("abcdefghijkl")
_IDS = named("ids", st.one_of(_PLAIN_IDS, _PLAIN_IDS, st.integers(0, 10**6).map(str), texts()))


def decimals(
    *, min_value: Decimal | int | None = None, max_value: Decimal | int | None = None, places: int | None = None
) -> SearchStrategy[Decimal]:
    """Decimals of up to 60 digits before and after the point, in every way of writing them: 1, 1.00, 1E+3, -0.

    Shrinks to 0, or to the bound next to it.

    Args:
        min_value: The least.
        max_value: The greatest.
        places: How many digits are behind the point; by default any number of them.

    Raises:
        InvalidValue: For bounds that are no int or Decimal, or in the wrong order, or places below 0.

    .. versionadded:: 0.1.0
    """
    for name, bound in (("min_value", min_value), ("max_value", max_value)):
        _checks.optional(_EXACT).require(f"decimals.{name}", bound)
    _checks.optional(_checks.whole(least=0, most=_PLACES)).require("decimals.places", places)
    if min_value is not None and max_value is not None and max_value < min_value:
        raise InvalidValue("decimals.max_value", max_value, f"a number of at least {min_value}")
    if min_value is max_value is places is None:
        return _DECIMALS
    return bounded(min_value, max_value, places)


def bounded(least: Decimal | int | None, most: Decimal | int | None, places: int | None) -> SearchStrategy[Decimal]:
    """Finite decimals from a bound to another, or some way from the only one."""
    low = min(-_WIDE, most or 0) if least is None else least
    high = max(_WIDE, low) if most is None else most
    found = st.decimals(low, high, places=places)
    return found if places is not None else found.map(_cut)


_PLACES = 30
_WIDE = 10**18
_LONG = decimal.Context(prec=200, rounding=decimal.ROUND_DOWN)
_LAST = Decimal("1E-60")
_EXACT = _checks.a(int, Decimal)


def _cut(value: Decimal) -> Decimal:
    """A number that has no more digits behind the point than a number may; toward zero, so that no bound is passed."""
    return value if _checks.exact.passes(value) else value.quantize(_LAST, context=_LONG)


def _scaled(digits: int, exponent: int) -> Decimal:
    return Decimal(f"{digits}E{exponent}")


_WRITTEN = ("-0", "0.00", "1.0", "1E+3", "0.1", "1E-40", "9E+59")
_DECIMALS: SearchStrategy[Decimal] = named(
    "decimals",
    st.one_of(
        st.builds(_scaled, st.integers(-(10**4), 10**4), st.integers(-4, 2)),
        st.builds(_scaled, st.integers(-(10**30), 10**30), st.integers(-30, 20)),
        st.sampled_from([Decimal(text) for text in _WRITTEN]),
    ),
)


def numbers() -> SearchStrategy[int | Decimal]:
    """Exact numbers as facts have them: ints, some of more than 64 bits, and decimals.

    Shrinks to 0.

    .. versionadded:: 0.1.0
    """
    return _NUMBERS


_LARGE = (2**63 - 1, 2**63, -(2**63) - 1, 2**64)
_NUMBERS: SearchStrategy[int | Decimal] = named(
    "numbers", st.one_of(st.integers(-3, 3), st.integers(-(2**70), 2**70), st.sampled_from(_LARGE), _DECIMALS)
)


def days(*, min_value: date | None = None, max_value: date | None = None) -> SearchStrategy[date]:
    """Dates from the year 1 to the year 9999; shrinks to 1 January 2020, or to the bound next to it.

    Args:
        min_value: The first.
        max_value: The last.

    Raises:
        InvalidValue: For a bound that is no date, or a last date before the first.

    .. versionadded:: 0.1.0
    """
    first, last = min_value or date.min, max_value or date.max
    _checks.calendar_day.require("days.min_value", first)
    _checks.calendar_day.require("days.max_value", last)
    if last < first:
        raise InvalidValue("days.max_value", last, f"a date not before {first}")
    return _days(first, last)


@cache
def _days(first: date, last: date) -> SearchStrategy[date]:
    near = (max(first, _NEAR[0].date()), min(last, _NEAR[1].date()))
    every = st.dates(first, last)
    return named("days", st.dates(*near) | every if near[0] <= near[1] else every)


def zones() -> SearchStrategy[tzinfo]:
    """Time zones: UTC, zones of the tz database with clocks that change, and fixed offsets; shrinks to UTC.

    .. versionadded:: 0.1.0
    """
    return _zones()


@cache
def _zones() -> SearchStrategy[tzinfo]:
    listed = [*map(ZoneInfo, _KEYS), *map(timezone, _OFFSETS)]
    return named("zones", st.just(UTC) | st.sampled_from(listed))


def instants(
    *,
    min_value: datetime | None = None,
    max_value: datetime | None = None,
    zones: tzinfo | SearchStrategy[tzinfo] | None = None,
) -> SearchStrategy[datetime]:
    """Aware datetimes, to the microsecond, in any zone, hours that a clock shows twice among them.

    Each is a time that the clock of its zone really shows, with the right `fold`, and can be told in UTC.
    Shrinks to 2020-01-01 in UTC, or to the bound next to it.

    Args:
        min_value: The first; by default early in the year 1.
        max_value: The last; by default late in the year 9999.
        zones: The zone, or what zones are drawn from; by default `zones()`.

    Raises:
        InvalidValue: For a bound that is no aware datetime, or a last instant before the first.

    .. versionadded:: 0.1.0
    """
    first, last = min_value or FIRST, max_value or LAST
    _checks.instant.require("instants.min_value", first)
    _checks.instant.require("instants.max_value", last)
    first, last = max(FIRST, first.astimezone(UTC)), min(LAST, last.astimezone(UTC))
    if last < first:
        raise InvalidValue("instants.max_value", max_value, f"an instant not before {first}")
    if zones is None:
        return _instants(first, last)
    return _shown(_moments(first, last), either("instants.zones", zones, _checks.zone, _zones()))


@cache
def _instants(first: datetime, last: datetime) -> SearchStrategy[datetime]:
    edges = [(ZoneInfo(key), at) for key, at in _STRANGE if first + _AROUND <= at <= last - _AROUND]
    usual = _shown(_moments(first, last), _zones())
    return named("instants", usual | st.builds(_near, st.sampled_from(edges), _MINUTES) if edges else usual)


def _near(edge: tuple[tzinfo, datetime], by: timedelta) -> datetime:
    return (edge[1] + by).astimezone(edge[0])


@cache
def _moments(first: datetime, last: datetime) -> SearchStrategy[datetime]:
    start, end = first.replace(tzinfo=None), last.replace(tzinfo=None)
    near = (max(start, _NEAR[0].replace(tzinfo=None)), min(end, _NEAR[1].replace(tzinfo=None)))
    every = st.datetimes(start, end)
    return st.datetimes(*near) | every if near[0] <= near[1] else every


def _shown(moments: SearchStrategy[datetime], zones: SearchStrategy[Any]) -> SearchStrategy[datetime]:
    return st.builds(_in_zone, moments, zones)


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(zone)
