"""Occasions that the calendar brings, and the one of joining."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.calendars import midnight
from relex.errors import InvalidValue
from relex.loyalty._occasions import Occasion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from relex.loyalty._account import Account

__all__ = ["birthdays", "enrollment"]

_LEAPS = _checks.one_of("feb28", "mar1")
_LEAP_DAY = (2, 29)
_STAND_INS = {"feb28": (2, 28), "mar1": (3, 1)}
_NAMES = ("id", "born")
_CUSTOMER = "a pair of an id and a date of birth, or a customer with an id and `born`"


def birthdays(customers: Iterable[Any], *, on: date, leap: str = "feb28", tz: tzinfo = UTC) -> Iterator[Occasion]:
    """The birthdays of a date, as occasions that can earn; each once a year, by its id.

    Customers whose birth is unknown, or is no date, have none.

    Args:
        customers: Pairs of an id and a date of birth, or anything with an `id` and `born`.
        on: The local date.
        leap: When those of 29 February have their birthday in a year without one: on `feb28` or on `mar1`.
        tz: The zone of the date; the occasion begins with it.

    Yields:
        Occasions of the kind `birthday`, with the ids `<customer>:<year>` and the fact `age` in years.

    Raises:
        InvalidValue: For what is no customer, or an unknown policy.

    Example:
        >>> born = [("c1", date(2000, 2, 29)), ("c2", date(1990, 2, 28)), ("c3", None)]
        >>> [found.id for found in birthdays(born, on=date(2026, 2, 28))]
        ['c1:2026', 'c2:2026']
        >>> [found.id for found in birthdays(born, on=date(2026, 3, 1), leap="mar1")]
        ['c1:2026']

    .. versionadded:: 0.1.0
    """
    _checks.calendar_day.require("birthdays.on", on)
    _LEAPS.require("birthdays.leap", leap)
    _checks.zone.require("birthdays.tz", tz)
    return _found(_checks.items("birthdays.customers", customers), on, leap, tz)


def _found(customers: tuple[Any, ...], on: date, leap: str, tz: tzinfo) -> Iterator[Occasion]:
    days = _days_of(on, leap)
    at = midnight(on, tz)
    for place, customer in enumerate(customers):
        id_, born = _read(f"birthdays.customers[{place}]", customer)
        if _checks.calendar_day.passes(born) and (born.month, born.day) in days and born < on:
            yield Occasion("birthday", f"{id_}:{on.year}", at, {"age": on.year - born.year, "customer": id_})


def _days_of(on: date, leap: str) -> set[tuple[int, int]]:
    """The (month, day) of birth that are celebrated on a date."""
    day = (on.month, on.day)
    is_leap_year = (date(on.year, 3, 1) - date(on.year, 2, 28)).days > 1
    return {day, _LEAP_DAY} if not is_leap_year and day == _STAND_INS[leap] else {day}


def _read(path: str, customer: Any) -> tuple[str, Any]:
    """Id and date of birth."""
    found: Any = customer
    if not isinstance(customer, (tuple, list)):
        found = [getattr(customer, name, None) for name in _NAMES]
    if len(found) != len(_NAMES) or not _checks.text.passes(found[0]):
        raise InvalidValue(path, customer, _CUSTOMER)
    id_, born = found
    return id_, born


def enrollment(account: Account) -> Occasion:
    """The occasion of having joined: kind `enrollment`, the account's id, at the instant it was opened.

    Example:
        >>> from datetime import datetime
        >>> from relex.loyalty import Account, EarningRule, Flat, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("hello", Flat(250), on="enrollment")])
        >>> day = datetime(2026, 5, 1, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(enrollment(account), program, at=day)
        >>> account.balance(as_of=day).available
        250

    .. versionadded:: 0.1.0
    """
    return Occasion("enrollment", account.id, account.opened_at, {"customer": account.customer})
